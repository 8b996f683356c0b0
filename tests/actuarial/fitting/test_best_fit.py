# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest

from greenrisk.actuarial.fitting.best_fit import fit_best
from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.severity.families import Exponential, Gamma, Lognormal
from greenrisk.actuarial.severity.pareto_families import ParetoII
from greenrisk.actuarial.severity.registry import FAMILIES
from greenrisk.core.errors import ArgumentError, FitError


def losses():
    return Lognormal(1.0, 1.2).rvs(800, np.random.default_rng(6))


def test_the_family_that_made_the_losses_comes_first_and_none_is_dropped():
    table = fit_best(losses(), FAMILIES.values())
    assert table.best.family == "Lognormal"
    aic = [fit.aic for fit in table.fits]
    assert aic == sorted(aic)
    assert {fit.family for fit in table.fits} | {failure.family for failure in table.failures} == {
        family.__name__ for family in FAMILIES.values()
    }


def test_a_family_that_fails_is_kept_with_its_reason():
    table = fit_best(np.linspace(1.0, 2.0, 50), [ParetoII, Gamma])
    assert [fit.family for fit in table.fits] == ["Gamma"]
    (failure,) = table.failures
    assert failure.family == "ParetoII"
    assert "do not identify" in failure.reason
    assert "failed  ParetoII" in str(table)


def test_the_bic_asks_more_of_a_parameter_than_the_aic():
    # Nearly exponential: the second parameter of a gamma gains less than ln(n) / 2 but more than 1.
    p = (np.arange(400) + 0.5) / 400
    data = Gamma(1.11, 3.0).ppf(p)
    by_aic, by_bic = (fit_best(data, [Exponential, Gamma], criterion) for criterion in ("aic", "bic"))
    assert (by_aic.best.family, by_bic.best.family) == ("Gamma", "Exponential")
    gain = by_aic.best.log_likelihood - by_bic.best.log_likelihood
    assert 1 < gain < math.log(400) / 2


def test_rows_bear_the_distance_to_the_best():
    rows = fit_best(losses(), [Exponential, Lognormal]).rows()
    assert [row["family"] for row in rows] == ["Lognormal", "Exponential"]
    assert rows[0]["distance"] == 0.0
    assert rows[1]["distance"] == pytest.approx(rows[1]["aic"] - rows[0]["aic"])
    assert (rows[0]["parameters"], rows[1]["parameters"]) == (2, 1)


def test_parameters_are_held_by_family():
    table = fit_best(losses(), [Gamma, Lognormal], fixed={"Gamma": {"shape": 1.0}})
    held = next(fit for fit in table.fits if fit.family == "Gamma")
    assert held.free == ("scale",)


def test_if_no_family_fits_every_reason_is_told():
    data = LossData.exact([5.0, 6.0, 9.0], limit=4.0)
    with pytest.raises(FitError) as caught:
        fit_best(data, [Gamma, Lognormal])
    assert [fault.where for fault in caught.value.faults] == ["Gamma", "Lognormal"]


def test_unknown_criteria_and_families_are_refused():
    with pytest.raises(ArgumentError, match="criterion = 'hqc'"):
        fit_best([1.0, 2.0, 3.0], [Gamma], "hqc")
    with pytest.raises(ArgumentError, match="at least one family"):
        fit_best([1.0, 2.0, 3.0], [])
    with pytest.raises(ArgumentError, match="not among the families"):
        fit_best([1.0, 2.0, 3.0], [Gamma], fixed={"Weibull": {"shape": 1.0}})


def test_a_table_of_fits_is_a_sequence_and_a_frame():
    table = fit_best(losses(), [Exponential, Lognormal, Gamma])
    assert len(table) == 3
    assert table[0] is table.best
    assert list(table) == list(table.fits)
    assert table[:2] == table.fits[:2]
    assert table[-1] in table
    frame = table.to_frame()
    assert list(frame.index) == [fit.family for fit in table]
    assert frame.loc["Lognormal", "aic"] == table.best.aic
    assert repr(table) == str(table)
    assert repr(table).count("\n") == 2
