# SPDX-License-Identifier: Apache-2.0
"""Variants whose tail is heavier than their simulated years reach into: told, counted as the largest."""

from __future__ import annotations

import numpy as np
import pytest

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.knowledge import tell_unknown, variance_shares
from greenrisk.core.ledger import Ledger
from greenrisk.core.variants import interval_of
from greenrisk.resource.job import ForestJob
from greenrisk.resource.quantities import UNITS, AnnualLosses, BookTotals, quantities
from greenrisk.resource.reinsurance import CoverSpec, ReinsuranceSpec, StopLossSpec
from greenrisk.resource.sensitivity import Knowledge
from greenrisk.resource.simulation import resolve
from greenrisk.resource.structure import EventCessions

PREMIUM = list(UNITS).index("gross_premium")


def test_unknown_draws_count_as_the_largest() -> None:
    values = np.arange(101.0)
    values[100] = np.nan
    assert interval_of(values) == (5.0, 95.0)
    values[10:16] = np.nan  # seven of 101: the 95 % quantile is the sixth from above
    low, high = interval_of(values)
    assert low == 5.0
    assert np.isnan(high)


def test_without_unknown_draws_the_interval_is_the_plain_one() -> None:
    values = np.random.default_rng(1).lognormal(size=200)
    assert interval_of(values) == tuple(np.quantile(values, [0.05, 0.95]))


def figures_of(job: ForestJob, weight_of_worst: float, covers: tuple[CoverSpec, ...]) -> dict[str, float]:
    """Figures of a thousand years of which one costs a million, and weighs so much."""
    gross, weight = np.zeros(1000), np.ones(1000)
    gross[0], weight[0] = 1e6, weight_of_worst
    layers = np.stack([gross, gross], axis=1)
    events = EventCessions(np.zeros((1000, 0)), np.zeros((1000, 0)))
    found = quantities(
        AnnualLosses(layers, layers, {"wildfire": gross}, weight, events),
        resolve(job.exposure, job.plan.variants[0]).wildfire,
        Loadings.from_values(job.facts.cards["loadings"].values()),
        BookTotals(1e6, 8e8),
        ReinsuranceSpec(covers=covers),
        job.exposure.book,
    )
    return dict(zip(UNITS, found, strict=True))


def test_a_year_that_weighs_more_than_the_tail_has_a_mean_and_no_premium(job: ForestJob) -> None:
    light, heavy = (figures_of(job, weight, ()) for weight in (4.0, 9.0))
    assert light["gross_premium"] > light["pure_premium"] == pytest.approx(1e6 * 4 / 1003)
    assert np.isnan(heavy["gross_premium"])
    assert np.isnan(heavy["tail_value_at_risk"])
    assert heavy["pure_premium"] == heavy["average_annual_loss_net"] == pytest.approx(1e6 * 9 / 1008)


def test_a_stop_loss_that_attaches_at_a_premium_nobody_knows_cedes_nobody_knows_what(job: ForestJob) -> None:
    """It would refuse to be settled without a premium: that must not end a run half-way."""
    stop = StopLossSpec(kind="stop_loss", attachment=1.5, limit=2.0)
    light, heavy = (figures_of(job, weight, (stop,)) for weight in (4.0, 9.0))
    ceded, net = (light[f"average_annual_loss_{layer}"] for layer in ("ceded", "net"))
    assert ceded > 0
    assert ceded + net == pytest.approx(light["pure_premium"], rel=1e-12)
    assert np.isnan([heavy[f"average_annual_loss_{layer}"] for layer in ("ceded", "net")]).all()
    assert heavy["pure_premium"] > 0


@pytest.fixture
def spoilt(job: ForestJob) -> Knowledge:
    """Premiums of 1 for all variants, and 10 % more for each draw than for the last; three variants unknown."""
    values = np.ones((len(job.plan.variants), len(UNITS)))
    values[1 : job.plan.first_end, PREMIUM] = 1.1 ** np.arange(job.plan.draws)
    values[[1, job.plan.first_end, job.plan.first_end + 3], PREMIUM] = np.nan
    return Knowledge(tuple(UNITS), values, job.plan, job.facts.cards)


def test_the_ledger_says_how_many_variants_are_unknown(spoilt: Knowledge) -> None:
    ledger = Ledger()
    tell_unknown(spoilt, ledger)
    draws, ends = ledger
    assert draws.subject == "knowledge interval of the gross premium"
    assert draws.detail.startswith(
        "1 of 20 variants have a heavier tail than their simulated years reach into"
    )
    assert "Raise knowledge.years." in draws.detail
    assert (ends.subject, ends.count) == ("tornado", 2)


def test_nothing_unknown_is_not_told(job: ForestJob) -> None:
    ledger = Ledger()
    values = np.ones((len(job.plan.variants), len(UNITS)))
    tell_unknown(Knowledge(tuple(UNITS), values, job.plan, job.facts.cards), ledger)
    assert not list(ledger)


def test_an_unknown_end_has_no_swing_and_leaves_the_others_theirs(spoilt: Knowledge) -> None:
    spoilt.values[-1 + spoilt.plan.first_alternative, PREMIUM] = 2.0
    tornado = spoilt.tornado(10.0)
    assert np.isfinite(tornado["variance"].values).all()
    widths = np.abs(tornado["gross_at_high"] - tornado["gross_at_low"]).values
    assert widths[0] == 10.0
    assert variance_shares(tornado, spoilt)["share"].sum() == pytest.approx(1.0)


def test_the_open_end_of_an_interval_is_left_open(spoilt: Knowledge) -> None:
    low, high = spoilt.interval("gross_premium", 5.0)
    # The unknown one of 20 draws is taken for the largest: the 95 % quantile, 19.05th from below, lies beside it.
    assert low > 5.0
    assert np.isnan(high)
    assert spoilt.interval("pure_premium", 7.0) == (7.0, 7.0)
