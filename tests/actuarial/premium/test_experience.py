# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.credibility.models import full_credibility_standard, limited_fluctuation
from greenrisk.actuarial.premium.experience import experience_rate
from greenrisk.actuarial.severity.families import Exponential
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto
from greenrisk.core.errors import ArgumentError


def test_a_rate_from_yearly_losses_by_hand():
    # Trended and developed: 100 * 1.21 * 1.0, 90 * 1.1 * 1.2, 50 * 1.0 * 2.0 = 121, 118.8, 100; exposure 10 a year.
    rate = experience_rate(
        8.0, [100, 90, 50], [10, 10, 10], 0.25, trend=[1.21, 1.1, 1.0], development=[1.0, 1.2, 2.0]
    )
    assert rate.losses == pytest.approx([121, 118.8, 100])
    assert rate.experience == pytest.approx(339.8 / 30)
    assert rate.loss_cost == pytest.approx(0.25 * 339.8 / 30 + 0.75 * 8)
    assert rate.modification == pytest.approx(rate.loss_cost / 8)
    assert rate.premium(1000.0) == pytest.approx(1000 * rate.modification)
    assert rate.capped == 0


def test_single_losses_are_trended_then_capped_then_developed():
    # Year 0: 40 and 100 at trend 1.2: 48 and 120, capped 48 and 80; year 1: 90 capped at 80, developed by 1.5.
    # Exponential with mean 100: the part below 80 is 1 - exp(-0.8) of it.
    rate = experience_rate(
        5.0,
        [40, 100, 90],
        [20, 20, 20],
        0.5,
        year=[0, 0, 1],
        trend=[1.2, 1.0, 1.0],
        development=[1.0, 1.5, 3.0],
        cap=80.0,
        severity=Exponential(100.0),
    )
    assert rate.losses == pytest.approx([128, 120, 0])
    assert rate.experience == pytest.approx(248 / 60 / (1 - np.exp(-0.8)))
    assert rate.capped == 2


def test_the_cap_leaves_the_expected_rate_where_it_is():
    # 400 draws of 5 years with Poisson(20) exponential losses in 10 units each: 2 losses of 100 a unit.
    rng = np.random.default_rng(20_250_251)
    rates = []
    for _ in range(400):
        year = np.repeat(np.arange(5), rng.poisson(20, 5))
        losses = rng.exponential(100.0, year.size)
        rates.append(
            experience_rate(1.0, losses, [10] * 5, 1.0, year=year, cap=150.0, severity=Exponential(100.0))
        )
    loss_costs = np.array([rate.loss_cost for rate in rates])
    assert abs(loss_costs.mean() - 200) < 4 * loss_costs.std(ddof=1) / 20


def test_limited_fluctuation_gives_the_credibility():
    z = float(limited_fluctuation(120, full_credibility_standard(severity_cv=1.0)))
    rate = experience_rate(10.0, [300.0], [25.0], z)
    assert rate.loss_cost == pytest.approx(z * 12 + (1 - z) * 10)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=8), st.floats(0, 1), st.floats(0.1, 1e4))
def test_the_loss_cost_lies_between_manual_and_experience(losses, credibility, manual):
    rate = experience_rate(manual, losses, np.ones(len(losses)), credibility)
    low, high = sorted((manual, rate.experience))
    assert low * (1 - 1e-12) <= rate.loss_cost <= high * (1 + 1e-12)
    assert experience_rate(manual, losses, np.ones(len(losses)), 0.0).modification == pytest.approx(1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"manual": 0.0}, "manual = 0"),
        ({"losses": [1.0, -1.0]}, r"losses\[1\] = -1"),
        ({"losses": [1.0, np.nan]}, r"losses\[1\] = nan"),
        ({"exposure": [1.0, 0.0]}, r"exposure\[1\] = 0"),
        ({"credibility": 1.5}, "credibility = 1.5"),
        ({"trend": [1.0, 1.0, 1.0]}, "trend of shape"),
        ({"development": -1.0}, "development = -1"),
        ({"losses": [1.0]}, "1 losses, 2 years of exposure"),
        ({"year": [0, 2]}, r"year\[1\] = 2"),
        ({"year": [0]}, "1 years for 2 losses"),
        ({"year": [0, 0.5]}, "A whole number"),
        ({"cap": 5.0}, "A cap needs single losses"),
        ({"cap": 5.0, "year": [0, 1]}, "A cap needs the law of one loss"),
        ({"cap": 5.0, "year": [0, 1], "severity": GeneralisedPareto(1.0, 1.0)}, "finite mean"),
        ({"cap": 0.0}, "cap = 0"),
    ],
)
def test_bad_input_is_refused_by_name(change, message):
    arguments = {"manual": 1.0, "losses": [1.0, 2.0], "exposure": [1.0, 1.0], "credibility": 0.5, **change}
    with pytest.raises(ArgumentError, match=message):
        experience_rate(**arguments)


def test_a_negative_manual_premium_is_refused():
    with pytest.raises(ArgumentError, match="manual_premium = -1"):
        experience_rate(1.0, [1.0], [1.0], 0.5).premium(-1.0)
