# SPDX-License-Identifier: Apache-2.0
"""What is no law, no cover or no source of random numbers is refused by its name and place, with the mend."""

from __future__ import annotations

import numpy as np
import pytest

from greenrisk.actuarial.aggregate.simulation import simulate
from greenrisk.actuarial.dependence.archimedean import Clayton
from greenrisk.actuarial.dependence.common_shock import CommonShock
from greenrisk.actuarial.dependence.copula import SurvivalCopula
from greenrisk.actuarial.dependence.sums import dependent_losses, simulate_sum
from greenrisk.actuarial.distortion.functions import Wang
from greenrisk.actuarial.distortion.mixture import MixtureDistortion
from greenrisk.actuarial.frequency.counts import Poisson
from greenrisk.actuarial.frequency.mixed import MixedPoisson
from greenrisk.actuarial.frequency.modified import ZeroModified, ZeroTruncated
from greenrisk.actuarial.frequency.thinned import Thinned
from greenrisk.actuarial.kinds import instances
from greenrisk.actuarial.layers.layer import Layer
from greenrisk.actuarial.layers.pricing import (
    expected_layer_loss,
    layer_price,
    reinstatement_premium,
    tower_prices,
)
from greenrisk.actuarial.layers.programme import Programme, QuotaShare
from greenrisk.actuarial.layers.terms import LossTerms
from greenrisk.actuarial.layers.tower import Tower
from greenrisk.actuarial.premium.risk_load import DistortionLoad
from greenrisk.actuarial.severity.families import Exponential, Lognormal
from greenrisk.actuarial.severity.layered import Layered
from greenrisk.actuarial.severity.mixture import Mixture
from greenrisk.actuarial.severity.modified import Capped, Scaled, Truncated
from greenrisk.actuarial.severity.registry import FAMILIES
from greenrisk.actuarial.severity.spliced import Spliced
from greenrisk.core.errors import ArgumentError

LAW, RNG = Exponential(1.0), np.random.default_rng(1)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Mixture((0.5, 0.5), (LAW, 3)), r"parts\[1\] = 3\n  One Severity was expected"),
        (lambda: Mixture((1.0,), LAW), "A sequence of Severity was expected"),
        (lambda: Layered(3, 1, 1), "base = 3\n  One Severity"),
        (lambda: Capped(3, 1), "base = 3"),
        (lambda: Scaled(3, 1), "base = 3"),
        (lambda: Truncated(3, 1, 2), "base = 3"),
        (lambda: Spliced(3, LAW, 1.0, 0.5), "body = 3"),
        (lambda: Spliced(LAW, 3, 1.0, 0.5), "tail = 3"),
        (lambda: ZeroTruncated(3), "base = 3\n  One Frequency was expected"),
        (lambda: ZeroModified(3, 0.5), "base = 3"),
        (lambda: Thinned(3, 0.5), "base = 3"),
        (lambda: MixedPoisson(1.0, 3), "mixing = 3"),
        (lambda: Tower((3,)), r"layers\[0\] = 3\n  One Layer was expected"),
        (lambda: Programme((Layer(5.0), 5)), r"steps\[1\] = 5"),
        (lambda: Layer(5.0, reinstatements=2.5), "reinstatements = 2.5"),
        (lambda: LossTerms(100.0), "deductible = 100.0"),
        (lambda: MixtureDistortion((0.5, 0.5), (Wang(0.1), 3)), r"parts\[1\] = 3\n  One Distortion"),
        (lambda: DistortionLoad(3), "distortion = 3"),
        (lambda: SurvivalCopula(3), "base = 3"),
        (lambda: simulate(3, 10, 1), r"loss = 3\n  A CompoundDistribution or a Portfolio was expected"),
        (lambda: simulate(LAW, 10, 1), "a severity needs a frequency beside it"),
        (lambda: layer_price(3, Layer(5.0)), "loss = 3"),
        (lambda: layer_price(3, 5), "loss = 3(.|\n)*layer = 5"),
        (lambda: expected_layer_loss(LAW, Layer(5.0)), "loss = "),
        (lambda: reinstatement_premium(3, 5), "payments = 3(.|\n)*layer = 5"),
        (lambda: tower_prices(3, Layer(5.0)), "tower = "),
        (
            lambda: dependent_losses([3, LAW], Clayton(2.0), 10, RNG),
            r"marginals\[0\] = 3\n  The law of a year",
        ),
        (lambda: dependent_losses(LAW, Clayton(2.0), 10, RNG), "A sequence of Severity or AggregateLoss"),
        (lambda: simulate_sum([LAW, LAW], 5, 10, 1), "copula = 5\n  One Copula was expected"),
        (lambda: Layer(5.0, reinstatements=True), r"reinstatements = True\n  Reinstatements\(count, rate"),
        (lambda: LAW.rvs(3, 5), r"rng = 5\n  A random generator was expected: numpy.random.default_rng"),
    ],
)
def test_what_is_of_another_kind_is_refused_where_it_is_given(make, told):
    with pytest.raises(ArgumentError, match=told):
        make()


def test_a_programme_of_covers_in_a_list_keeps_a_tuple():
    assert Programme([QuotaShare(0.5), Layer(5.0)]).steps == (QuotaShare(0.5), Layer(5.0))


def test_a_sequence_that_is_too_short_or_a_text_is_refused():
    with pytest.raises(ArgumentError, match="laws holds 1\n  At least 2 Exponential"):
        instances("laws", [LAW], Exponential, fewest=2)
    with pytest.raises(ArgumentError, match="A sequence of Exponential was expected"):
        instances("laws", "ab", Exponential)


EVERY_LAW = [
    *(family(**{name: 2.0 for name in family.names}) for family in FAMILIES.values()),
    Mixture((0.5, 0.5), (LAW, Lognormal(0.0, 1.0))),
    LAW.layer(1.0, 1.0),
    Scaled(LAW, 2.0),
    Truncated(LAW, 0.0, 1.0),
    Spliced(LAW, LAW, 1.0, continuity="density"),
    Poisson(2.0),
    ZeroTruncated(Poisson(2.0)),
    Clayton(2.0),
    CommonShock([1.0], [[1.0, 0.5]]),
]


@pytest.mark.parametrize("law", EVERY_LAW, ids=lambda law: type(law).__name__)
def test_random_numbers_of_no_size_or_from_no_source_are_refused_both_at_once(law):
    with pytest.raises(ArgumentError) as caught:
        law.rvs(-1, 5)
    assert [fault.where for fault in caught.value.faults] == ["size", "rng"]
    with pytest.raises(ArgumentError, match=r"size = 2\.5"):
        law.rvs(2.5, np.random.default_rng(1))
    assert law.rvs(size=3, rng=np.random.default_rng(1)).shape[0] == 3
