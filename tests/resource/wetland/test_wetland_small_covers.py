# SPDX-License-Identifier: Apache-2.0
"""Small covers: law, closed form, quadrature and simulation agree; terms; prevention; faults."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy.integrate import quad
from scipy.stats import beta, lognorm

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.cards import Card, read_card
from greenrisk.core.errors import ArgumentError
from greenrisk.core.library import find
from greenrisk.core.variants import Values
from greenrisk.resource.wetland.small_cover_results import (
    price_small_cover,
    small_cover_group,
    wanted_small_covers,
)
from greenrisk.resource.wetland.small_cover_spec import (
    LiabilityCover,
    OldTreesCover,
    PreventionSpec,
    SmallCover,
    WildlifeCover,
)
from greenrisk.resource.wetland.small_covers import (
    SMALL_COVER_ROLES,
    expected_payment,
    simulate_small_cover,
    small_cover_law,
)
from greenrisk.resource.wetland.small_prevention import (
    PREVENTION_ROLE,
    PreventionNumbers,
    avoided_share,
    best_spend,
    prevented,
    prevention_numbers,
)

TREES = OldTreesCover(kind="old_trees", name="trees", trees=600)
WILDLIFE = WildlifeCover(
    kind="wildlife_damage", name="wildlife", households=2000, deductible_cny=300.0, claim_limit_cny=20000.0
)
LIABILITY = LiabilityCover(
    kind="managers_liability", name="liability", thousand_visits=500.0, claim_limit_cny=1e6
)
COVERS: tuple[SmallCover, ...] = (TREES, WILDLIFE, LIABILITY)
VALUES: dict[str, Values] = {
    "old_trees": {
        "rate": 0.01,
        "year_variation": 0.5,
        "degree_mean": 0.5,
        "degree_concentration": 2.0,
        "rescue_share": 0.1,
    },
    "wildlife_damage": {"rate": 0.05, "year_variation": 0.5, "median": 1000.0, "spread": 1.0},
    "managers_liability": {"rate": 0.01, "year_variation": 0.3, "median": 10000.0, "spread": 2.0},
}
LOADINGS = Loadings(expenses=0.2, profit=0.05)


def card(name: str) -> Card:
    path = find("models", name)
    assert path is not None
    return read_card(path)


def test_trees_of_even_degrees_by_hand() -> None:
    # Beta(1, 1) is uniform: the integral of d over [0.2, 1] is 0.48. 600 x 0.01 x 50,000 x 1.1 x 0.48.
    assert expected_payment(TREES, VALUES["old_trees"]) == pytest.approx(158400.0, rel=1e-12)


def test_one_claim_below_a_fifth_is_not_paid() -> None:
    law = small_cover_law(TREES, VALUES["old_trees"])
    # Of 6 damages a year, those from 0.2 on: 80 %. The least is paid 0.2 x 50,000 x 1.1.
    assert law.frequency.cumulants()[0] == pytest.approx(4.8)
    assert float(law.severity.cdf(11000.0 * (1 - 1e-9))) == 0.0
    assert float(law.severity.ppf(0.0)) == pytest.approx(11000.0)
    assert float(law.severity.ppf(1.0)) == pytest.approx(55000.0)


@pytest.mark.parametrize("cover", COVERS, ids=lambda cover: cover.kind)
def test_law_and_closed_form_and_quadrature_agree(cover: SmallCover) -> None:
    n = {key: float(value) for key, value in VALUES[cover.kind].items()}
    if isinstance(cover, OldTreesCover):
        a, b = (
            n["degree_mean"] * n["degree_concentration"],
            (1 - n["degree_mean"]) * n["degree_concentration"],
        )
        mean = quad(lambda d: d * beta.pdf(d, a, b), 0.2, 1.0)[0] * cover.sum_insured_cny * 1.1
    else:
        claim = lognorm(n["spread"], scale=n["median"])
        top = cover.deductible_cny + cover.claim_limit_cny
        mean = quad(claim.sf, cover.deductible_cny, top, limit=500, points=[1e3, 1e4, 1e5])[0]
    expected = cover.units * n["rate"] * mean
    assert expected_payment(cover, n) == pytest.approx(expected, rel=1e-7)
    assert small_cover_law(cover, n).mean() == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("cover", COVERS, ids=lambda cover: cover.kind)
def test_simulation_agrees_with_the_law_before_and_after_an_annual_limit(cover: SmallCover) -> None:
    values, years = VALUES[cover.kind], 40_000
    law = small_cover_law(cover, values)
    limit = 1.2 * law.mean()
    for limited, expected in (
        (cover, expected_payment(cover, values)),
        (cover.model_copy(update={"annual_limit_cny": limit}), law.aggregate(annual_limit=limit).mean()),
    ):
        paid = simulate_small_cover(limited, values, years, seed=7)
        error = paid.std(ddof=1) / math.sqrt(years)
        assert abs(paid.mean() - expected) < 4 * error
        assert error < 0.02 * expected


@pytest.mark.parametrize("cover", COVERS, ids=lambda cover: cover.kind)
def test_simulated_years_vary_as_the_law_does(cover: SmallCover) -> None:
    values, years = VALUES[cover.kind], 40_000
    paid = simulate_small_cover(cover, values, years, seed=11)
    law = small_cover_law(cover, values)
    # Standard error of a variance from fourth moments of the sample.
    centred = (paid - paid.mean()) ** 2
    error = centred.std(ddof=1) / math.sqrt(years)
    assert abs(centred.mean() - law.var()) < 4 * error


def test_a_price_states_pure_and_gross_premium_and_both_errors() -> None:
    held = card(TREES.card)
    found = price_small_cover(TREES, held, LOADINGS, seed=1, draws=200)
    assert found.pure == pytest.approx(expected_payment(TREES, held.values()), rel=1e-6)
    # No cost of capital: gross = pure / (1 - 0.25).
    assert found.gross == pytest.approx(found.pure / 0.75, rel=1e-9)
    assert found.low < found.pure < found.high
    assert found.prevention is None


def test_an_annual_limit_bounds_the_knowledge_interval() -> None:
    cover = WILDLIFE.model_copy(update={"annual_limit_cny": 100_000.0})
    found = price_small_cover(cover, card(WILDLIFE.card), LOADINGS, seed=1, draws=60)
    assert found.pure < found.high <= 100_000.0 * 1.01


def test_prevention_avoids_half_of_its_most_at_its_half_spend() -> None:
    numbers = PreventionNumbers(most=0.4, half=30.0)
    assert avoided_share(0.0, numbers) == 0.0
    assert avoided_share(30.0, numbers) == pytest.approx(0.2, rel=1e-14)
    assert avoided_share(60.0, numbers) == pytest.approx(0.3, rel=1e-14)


def test_best_spend_is_where_the_last_yuan_saves_a_yuan() -> None:
    numbers = PreventionNumbers(most=0.5, half=10.0)
    # First yuan saves 0.5 x E ln 2 / 10: with E = 160 / ln 2 it saves 8, and 8 = 2^3 halvings make it 1: 30 CNY.
    loss = 160.0 / math.log(2.0)
    best = best_spend(loss, numbers)
    assert best == pytest.approx(30.0, rel=1e-12)

    def cost(spend: float) -> float:
        return loss * (1.0 - avoided_share(spend, numbers)) + spend

    assert cost(best) < min(cost(best - 0.5), cost(best + 0.5))
    assert best_spend(10.0 / (0.5 * math.log(2.0)), numbers) == 0.0  # the first yuan saves just a yuan


def test_prevention_of_a_cover_beside_its_cost() -> None:
    found = prevented(100.0, 30.0, 5000.0, 4000.0, PreventionNumbers(0.4, 30.0))
    assert (found.spend, found.saved) == (3000.0, 1000.0)
    assert found.per_yuan == pytest.approx(1 / 3)


def test_prevention_lowers_payments_by_the_share_avoided() -> None:
    cover = WILDLIFE.model_copy(update={"prevention": PreventionSpec(spend_cny_per_unit=12.0)})
    means = card("wetland-prevention-judged").values()
    found = price_small_cover(cover, card(cover.card), LOADINGS, seed=1, draws=20, prevention=means)
    assert found.prevention is not None
    # Half of the largest share (0.5) at a spending of half_wildlife_damage = 12: a quarter.
    assert found.prevention.saved == pytest.approx(0.25 * found.pure, rel=1e-6)
    assert found.prevention.spend == 24_000.0


def test_the_group_holds_the_three_methods_side_by_side() -> None:
    covers = (TREES, WILDLIFE.model_copy(update={"prevention": PreventionSpec(spend_cny_per_unit=12.0)}))
    wanted = wanted_small_covers(covers, ("small_covers",))
    assert list(wanted) == ["small_cover.trees", "small_cover.wildlife", "prevention.wildlife"]
    assert wanted["prevention.wildlife"].key_path == ("small_covers", 1, "prevention", "card")
    cards = {role: card(one.name) for role, one in wanted.items()}
    group = small_cover_group(covers, cards, LOADINGS, years=20_000, seed=3, draws=20)
    gap = np.abs(group["simulated"] - group["closed_form"])
    assert (gap < 4 * group["simulated_error"]).all()
    assert np.isnan(group["prevention_spend"].values).tolist() == [True, False]
    assert group["gross_per_unit"].values[0] == pytest.approx(group["gross_premium"].values[0] / 600)


@pytest.mark.parametrize("kind", list(SMALL_COVER_ROLES))
def test_shipped_cards_fill_their_roles_and_every_draw_makes_a_law(kind: str) -> None:
    cover = next(one for one in COVERS if one.kind == kind)
    held, role = card(cover.card), SMALL_COVER_ROLES[kind]
    assert held.use == role.use
    assert tuple(held.parameters) == role.parameters
    for name, parameter in held.parameters.items():
        assert parameter.unit == role.units.get(name, "unitless")
    for probability in (1e-6, 0.05, 0.95, 1 - 1e-6):
        drawn = held.draw(np.full(len(held.parameters), probability))
        assert small_cover_law(cover, drawn).mean() == pytest.approx(expected_payment(cover, drawn), rel=1e-6)


def test_the_shipped_card_of_prevention_fills_its_role() -> None:
    held = card("wetland-prevention-judged")
    assert set(held.parameters) == set(PREVENTION_ROLE.parameters)
    for kind in SMALL_COVER_ROLES:
        assert 0 < prevention_numbers(kind, held.values()).most < 1


def test_a_cover_of_another_preset_refuses_foreign_keys() -> None:
    adapter: TypeAdapter[SmallCover] = TypeAdapter(SmallCover)
    given = {"kind": "old_trees", "name": "t", "trees": 3, "claim_limit_cny": 5.0}
    with pytest.raises(ValidationError, match="claim_limit_cny"):
        adapter.validate_python(given)
    with pytest.raises(ValidationError, match="claim_limit_cny"):
        adapter.validate_python({"kind": "wildlife_damage", "name": "w", "households": 3})


def test_numbers_outside_their_domain_are_all_told() -> None:
    wrong = dict(VALUES["old_trees"]) | {"rate": -0.1, "degree_mean": 1.2}
    with pytest.raises(ArgumentError) as error:
        small_cover_law(TREES, wrong)
    assert [fault.what for fault in error.value.faults] == ["rate = -0.1", "degree_mean = 1.2"]
    with pytest.raises(ArgumentError, match="kind = floods"):
        prevention_numbers("floods", {})


def test_streams_bear_the_name_of_the_cover() -> None:
    other = TREES.model_copy(update={"name": "others"})
    one, two = (simulate_small_cover(cover, VALUES["old_trees"], 50, 1) for cover in (TREES, other))
    again = simulate_small_cover(TREES, VALUES["old_trees"], 50, 1)
    assert one.tolist() == again.tolist()
    assert one.tolist() != two.tolist()
