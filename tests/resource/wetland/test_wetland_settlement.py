# SPDX-License-Identifier: Apache-2.0
"""Terms of the cover of the sites on hits computed by hand; what reinsurance takes of the same events."""

from __future__ import annotations

import numpy as np
import pytest

from greenrisk.resource.reinsurance import ReinsuranceSpec
from greenrisk.resource.structure import cede_years
from greenrisk.resource.wetland.ceded import cede_block
from greenrisk.resource.wetland.perils.base import BLOCK_LENGTH, PerilHits
from greenrisk.resource.wetland.settlement import Settled, settle
from greenrisk.resource.wetland.site_loss import HEADS, SiteNumbers, site_loss, site_numbers
from greenrisk.resource.wetland.wetland_spec import WetlandTermsSpec
from tests.small_wetland import shipped_card, small_sites

LAND = [HEADS.index(name) for name in ("restoration", "interim")]
WATER = [HEADS.index(name) for name in ("water_supply", "treatment", "closure")]
SITES = small_sites()


def costs() -> SiteNumbers:
    return site_numbers(
        {
            role: shipped_card(f"wetland-{role.replace('_', '-')}-judged").values()
            for role in ("restoration", "interim", "water_source")
        }
    )


NUMBERS = costs()
FULL = np.sum(list(site_loss(SITES, NUMBERS, np.arange(4), np.ones(4)).values()), axis=0)


def hits(*rows: tuple[int, int, float]) -> PerilHits:
    """Return hits, each an event of its own: year, site, degree."""
    year, site, degree = zip(*rows, strict=True)
    return PerilHits(np.array(year), np.arange(len(rows)), np.array(site), np.array(degree, dtype=np.float64))


def settled(found: dict[str, PerilHits], **terms: float) -> Settled:
    return settle(SITES, NUMBERS, FULL, WetlandTermsSpec(**terms), found)


def cost(site: int, degree: float) -> np.ndarray:
    found = site_loss(SITES, NUMBERS, np.array([site]), np.array([degree]))
    return np.array([found[name][0] for name in HEADS])


def test_without_terms_a_hit_costs_what_the_cards_say_up_to_the_limits_of_its_site() -> None:
    one = settled({"storm": hits((0, 0, 0.1), (3, 3, 0.9))})
    assert one.ground_up[:, 0] == pytest.approx(cost(0, 0.1), rel=1e-12)
    assert one.ground_up[:, 1] == pytest.approx(cost(3, 0.9), rel=1e-12)
    land, water = one.gross[LAND].sum(axis=0), one.gross[WATER].sum(axis=0)
    assert land[0] == pytest.approx(min(cost(0, 0.1)[LAND].sum(), 4e6), rel=1e-12)
    assert land[1] == pytest.approx(min(cost(3, 0.9)[LAND].sum(), 2e6), rel=1e-12)
    assert water[1] == pytest.approx(min(cost(3, 0.9)[WATER].sum(), 1.5e6), rel=1e-12)
    assert one.gross.sum() < one.ground_up.sum()


def test_the_larger_deductible_holds_and_falls_on_all_heads_alike() -> None:
    whole = cost(3, 0.05)
    money = settled({"storm": hits((0, 3, 0.05))}, deductible_cny=float(whole.sum()) / 4)
    share = settled(
        {"storm": hits((0, 3, 0.05))}, deductible_cny=float(whole.sum()) / 4, deductible_share=0.4
    )
    assert money.gross[:, 0] == pytest.approx(whole * 0.75, rel=1e-12)
    assert share.gross[:, 0] == pytest.approx(whole * 0.6, rel=1e-12)
    none = settled({"storm": hits((0, 3, 0.05))}, deductible_cny=float(whole.sum()) * 1.01)
    assert none.gross.sum() == 0.0


def test_limits_of_a_site_hold_for_its_year_as_often_as_the_terms_say() -> None:
    rows = hits((0, 1, 0.6), (0, 1, 0.3), (1, 1, 0.6))
    once, twice = (settled({"storm": rows}, site_annual_multiple=times) for times in (1.0, 1.5))
    assert cost(1, 0.6).sum() > 9e6
    assert cost(1, 0.3).sum() > 4.5e6
    assert once.annual("gross")[:2] == pytest.approx([9e6, 9e6], rel=1e-12)
    assert twice.annual("gross")[:2] == pytest.approx([13.5e6, 9e6], rel=1e-12)


def test_what_is_lost_is_not_lost_again() -> None:
    found = {"storm": hits((0, 0, 0.9)), "heat": hits((0, 0, 0.9), (1, 0, 0.9))}
    one = settled(found)
    single = cost(0, 0.9).sum()
    assert 2 * single > FULL[0]
    assert one.annual("ground_up")[:2] == pytest.approx([FULL[0], single], rel=1e-12)
    assert one.repeated == pytest.approx([single - FULL[0] / 2] * 2, rel=1e-12)


def test_event_and_annual_limits_scale_every_site_of_the_event() -> None:
    event = PerilHits(np.array([0]), np.array([0, 0]), np.array([0, 1]), np.array([0.05, 0.05]))
    second = hits((0, 2, 0.02))
    free = settled({"flood": event, "storm": second})
    paid = free.by_event("gross")
    limited = settled({"flood": event, "storm": second}, event_limit_cny=float(paid[0]) / 2)
    assert limited.by_event("gross") == pytest.approx([paid[0] / 2, min(paid[1], paid[0] / 2)], rel=1e-12)
    assert limited.gross[:, :2] == pytest.approx(free.gross[:, :2] / 2, rel=1e-12)
    year = settled({"flood": event, "storm": second}, annual_limit_cny=float(paid.sum()) / 4)
    assert year.by_event("gross") == pytest.approx(paid / 4, rel=1e-12)


def random_hits(seed: int) -> dict[str, PerilHits]:
    rng = np.random.default_rng(seed)
    found = {}
    for kind in ("low_water", "spill", "storm"):
        events = 300
        year = np.sort(rng.integers(0, BLOCK_LENGTH, events))
        event = np.repeat(np.arange(events), 2)
        site = np.concatenate([rng.choice(4, 2, replace=False) for _ in range(events)])
        found[kind] = PerilHits(year, event, site, rng.uniform(0.01, 1.0, event.size))
    return found


TERMS = {
    "deductible_cny": 30000.0,
    "deductible_share": 0.1,
    "event_limit_cny": 8e6,
    "annual_limit_cny": 12e6,
}


def test_heads_sites_perils_and_events_add_up_to_the_same_money() -> None:
    one = settled(random_hits(5), **TERMS)
    for layer in ("ground_up", "gross"):
        total = one.annual(layer)
        assert one.by_site(layer, 4).sum(axis=1) == pytest.approx(total, rel=1e-12)
        assert one.by_peril(layer).sum(axis=1) == pytest.approx(total, rel=1e-12)
        assert (one.largest(layer) <= total * (1 + 1e-12)).all()
    assert (one.gross <= one.ground_up * (1 + 1e-12)).all()
    assert one.annual("gross").max() == pytest.approx(12e6, rel=1e-12)
    assert one.by_event("gross").max() <= 8e6 * (1 + 1e-12)
    assert (one.annual("ground_up") <= FULL.sum() * (1 + 1e-12)).all()


@pytest.mark.parametrize(
    "covers",
    [
        [],
        [{"kind": "quota_share", "share": 0.3}],
        [
            {"kind": "excess_of_loss", "attachment_cny": 1e6, "limit_cny": 3e6, "perils": ["spill"]},
            {"kind": "quota_share", "share": 0.2},
            {
                "kind": "excess_of_loss",
                "attachment_cny": 2e6,
                "limit_cny": 4e6,
                "reinstatements": {"count": 1},
            },
            {"kind": "stop_loss", "attachment": 0.8, "limit": 1.0},
        ],
    ],
)
def test_gross_is_net_and_ceded(covers: list[dict[str, object]]) -> None:
    one = settled(random_hits(6), **TERMS)
    spec = ReinsuranceSpec.model_validate({"covers": covers})
    gross = one.annual("gross")
    years = cede_years(gross, cede_block(one, spec), spec, None, 5e6)
    assert years.net + years.ceded == pytest.approx(gross, rel=1e-12, abs=1e-6)
    assert years.by_cover.sum(axis=1) == pytest.approx(years.ceded, rel=1e-12, abs=1e-6)
    assert (years.net >= 0).all()
    assert bool(years.ceded.any()) == bool(covers)


def test_a_cover_of_one_peril_takes_of_its_events_alone() -> None:
    found = {"spill": hits((0, 1, 0.5)), "storm": hits((0, 2, 0.5), (1, 1, 0.5))}
    spec = ReinsuranceSpec.model_validate(
        {"covers": [{"kind": "excess_of_loss", "attachment_cny": 1e6, "limit_cny": 1e6, "perils": ["spill"]}]}
    )
    one = settled(found)
    ceded = cede_block(one, spec).ceded
    assert one.by_event("gross").min() > 2e6
    assert ceded[:2, 0] == pytest.approx([1e6, 0.0], rel=1e-12)
