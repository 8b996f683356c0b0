# SPDX-License-Identifier: Apache-2.0
"""Families are named by their classes or by words, wherever one is fitted."""

from __future__ import annotations

import numpy as np
import pytest

from greenrisk.actuarial.fitting.best_fit import fit_best
from greenrisk.actuarial.fitting.severity_fit import fit_severity
from greenrisk.actuarial.severity.families import Exponential, Lognormal
from greenrisk.actuarial.severity.registry import FAMILIES, family_of
from greenrisk.core.errors import ArgumentError

LOSSES = np.random.default_rng(20_250_301).lognormal(2.0, 1.0, 200)


@pytest.mark.parametrize(("name", "family"), FAMILIES.items())
def test_a_family_is_found_by_its_name_its_class_and_the_name_of_its_class(name, family):
    for given in (name, family, family.__name__, name.upper().replace("_", " ")):
        assert family_of("family", given) is family


@pytest.mark.parametrize("given", ["lognorm", 3, int, None])
def test_what_names_no_family_is_refused_with_those_there_are(given):
    with pytest.raises(ArgumentError, match=r"family = (.|\n)*lognormal, exponential, gamma"):
        fit_severity(LOSSES, given)


def test_a_fit_by_name_is_the_fit_by_class():
    assert fit_severity(LOSSES, "lognormal").law == fit_severity(LOSSES, Lognormal).law
    table = fit_best(LOSSES, ["lognormal", Exponential])
    assert {fit.family for fit in table} == {"Lognormal", "Exponential"}
    with pytest.raises(ArgumentError, match="families = 'lognorm'"):
        fit_best(LOSSES, ["lognorm"])
