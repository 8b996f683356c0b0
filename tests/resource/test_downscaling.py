# SPDX-License-Identifier: Apache-2.0
"""The spread of provinces by its definition, and factors of counties that move rates but no total."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, kstest

from greenrisk.core.cards import read_card
from greenrisk.core.errors import ArgumentError, FitError
from greenrisk.core.ledger import Ledger
from greenrisk.resource.downscaling import (
    FOREST_AREA_HA,
    PARAMETERS,
    USE,
    county_factors,
    county_rates,
    county_scores,
    draw_ratios,
    heterogeneity,
    province_spread,
)
from greenrisk.resource.fire_tables import FirePanel, read_panel
from greenrisk.resource.sensitivity import Knowledge
from greenrisk.resource.variants import Variant, VariantPlan

ROOT = Path(__file__).parents[2]
PANEL = ROOT / "data" / "fires_jiangxi_neighbours_2009_2021.csv"


@pytest.fixture(scope="module")
def panel() -> FirePanel:
    return read_panel(PANEL)


def card_values() -> tuple[float, float, float, float]:
    dispersion = float(read_card(ROOT / "models" / "wildfire-jiangxi.yaml").values()["dispersion"])
    parameter = read_card(ROOT / "models" / "county-rates-judged.yaml").parameters["county_spread"]
    return dispersion, float(parameter.value), float(parameter.ends()[0]), float(parameter.ends()[1])


def test_the_card_holds_the_spread_of_the_provinces_of_its_table(panel: FirePanel) -> None:
    dispersion, value, low, high = card_values()
    found = province_spread(panel, FOREST_AREA_HA, dispersion)
    assert (round(found.value, 2), round(found.low, 2), round(found.high, 2)) == (value, low, high)


def test_the_card_is_complete() -> None:
    card = read_card(ROOT / "models" / "county-rates-judged.yaml")
    assert (card.use, tuple(card.parameters)) == (USE, PARAMETERS)
    assert {parameter.status for parameter in card.parameters.values()} == {"illustrative"}


def test_each_end_solves_its_quantile_of_the_chi_square_law(panel: FirePanel) -> None:
    found = province_spread(panel, FOREST_AREA_HA, 0.2645)
    for spread, level in ((found.value, 0.5), (found.low, 0.95), (found.high, 0.05)):
        assert heterogeneity(found.log_rate, found.chance, spread) == pytest.approx(
            chi2.ppf(level, 6), rel=1e-9
        )


def test_without_chance_the_spread_is_the_sample_variance_over_its_chi_square_quantile() -> None:
    # All v equal and small: Q = (n - 1) s^2 / (v + tau^2), so that tau^2 = (n - 1) s^2 / q - v.
    fires = np.tile(np.array([2e9, 4e9, 12e9]), (4, 1))
    classes = np.zeros((4, 3, 4))
    classes[:, :, 0] = fires
    names = ("a", "b", "c")
    made = FirePanel(np.arange(2010, 2014), names, classes, fires)
    found = province_spread(made, dict.fromkeys(names, 1.0), 0.04)
    chance = 0.04 / 4
    square = np.log(fires[0]).var(ddof=1) * 2
    assert found.value**2 == pytest.approx(square / chi2.ppf(0.5, 2) - chance, rel=1e-6)
    assert found.low == 0.0 or found.low**2 == pytest.approx(square / chi2.ppf(0.95, 2) - chance, rel=1e-6)


def test_the_interval_covers_the_true_spread_nine_times_in_ten() -> None:
    rng, names, true = np.random.default_rng(7), tuple("abcdefg"), 0.5
    area = dict.fromkeys(names, 1e6)
    covered, above = 0, 0
    for _ in range(300):
        mean = 80.0 * np.exp(true * rng.standard_normal(7))
        own = rng.gamma(1 / 0.25, 0.25, (13, 7))
        classes = np.zeros((13, 7, 4))
        classes[:, :, 0] = rng.poisson(mean * own)
        found = province_spread(
            FirePanel(np.arange(2009, 2022), names, classes, classes[:, :, 0]), area, 0.25
        )
        covered += found.low <= true <= found.high
        above += found.value > true
    assert abs(covered / 300 - 0.9) < 4 * np.sqrt(0.09 / 300)
    assert abs(above / 300 - 0.5) < 4 * np.sqrt(0.25 / 300)


def test_equal_provinces_leave_no_spread() -> None:
    classes = np.zeros((5, 2, 4))
    classes[:, :, 0] = 10.0
    found = province_spread(
        FirePanel(np.arange(2009, 2014), ("a", "b"), classes, classes[:, :, 0]), {"a": 1.0, "b": 1.0}, 0.1
    )
    assert (found.value, found.low, found.high) == (0.0, 0.0, 0.0)


def test_a_province_without_forest_or_fire_is_refused(panel: FirePanel) -> None:
    with pytest.raises(ArgumentError, match="Zhejiang\n  Give the forest area"):
        province_spread(
            panel, {name: area for name, area in FOREST_AREA_HA.items() if name != "Zhejiang"}, 0.1
        )
    nothing = FirePanel(panel.years, panel.provinces, np.zeros_like(panel.classes), panel.area)
    with pytest.raises(FitError, match="least number of fires 0"):
        province_spread(nothing, FOREST_AREA_HA, 0.1)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(
    shares=st.lists(st.floats(0.001, 10), min_size=1, max_size=6),
    spread=st.floats(0, 1.5),
    seed=st.integers(0, 1000),
    rest=st.floats(0, 0.99),
)
def test_factors_keep_the_total(shares: list[float], spread: float, seed: int, rest: float) -> None:
    scores = np.random.default_rng(seed).standard_normal((20, len(shares)))
    weight = np.array(shares) / sum(shares)
    factors = county_factors(np.full(20, spread), scores, shares)
    np.testing.assert_allclose(factors @ weight, 1.0, rtol=1e-12)
    assert (factors > 0).all()
    # With a rest its own factor is exp(s^2 / 2) over the same denominator.
    told = county_factors(np.full(20, spread), scores, shares, rest)
    of_rest = told[:, 0] / np.exp(spread * scores[:, 0]) * np.exp(spread**2 / 2)
    np.testing.assert_allclose((1 - rest) * (told @ weight) + rest * of_rest, 1.0, rtol=1e-9)


def test_ratios_of_counties_are_lognormal_whatever_their_shares() -> None:
    scores = county_scores(1, ("a", "b", "c"), 4000)
    factors = county_factors(np.full(4000, 0.6), scores, [0.9, 0.09, 0.01])
    for i, j in ((0, 1), (0, 2), (1, 2)):
        log_ratio = np.log(factors[:, i] / factors[:, j]) / (0.6 * np.sqrt(2))
        assert kstest(log_ratio, "norm").pvalue > 0.001


def test_a_small_county_in_a_large_province_has_a_mean_factor_of_one() -> None:
    scores = county_scores(3, ("a",), 20000)
    factors = county_factors(np.full(20000, 0.5), scores, [1.0], rest=0.999)
    assert abs(factors.mean() - 1.0) < 4 * factors.std() / np.sqrt(20000)


def test_a_county_alone_has_factor_one_and_keeps_its_scores_in_company() -> None:
    np.testing.assert_allclose(county_factors([0.7, 0.2], [[1.0], [-2.0]], [3.0]), 1.0)
    assert (county_scores(1, ("b",), 50)[:, 0] == county_scores(1, ("a", "b"), 50)[:, 1]).all()


@pytest.mark.parametrize(
    ("spread", "scores", "shares"),
    [([0.1], [[0.0, 1.0]], [1.0]), ([0.1], [[0.0]], [0.0]), ([-0.1], [[0.0]], [1.0])],
)
def test_factors_refuse_what_does_not_fit(
    spread: list[float], scores: list[list[float]], shares: list[float]
) -> None:
    with pytest.raises(ArgumentError):
        county_factors(spread, scores, shares)


def rates(spread: float, seed: int = 5) -> tuple[Ledger, dict[str, np.ndarray]]:
    rng, ledger = np.random.default_rng(0), Ledger()
    ratio = np.exp(0.3 * rng.standard_normal((4000, 2)))
    pure = np.array([[1.0, 9.0], [2.0, 30.0], [0.0, 5.0]]) * 1000
    found = county_rates(
        ("a", "b", "c"), pure, np.array([1e4, 4e4, 5e3]), ratio, np.full((4000, 2), spread), seed, ledger
    )
    return ledger, {name: found[name].values for name in found.data_vars}


def test_rates_are_pure_premium_over_insured_area_and_the_spread_widens_their_interval() -> None:
    ledger, found = rates(0.5)
    np.testing.assert_allclose(found["rate"], [1.0, 0.8, 1.0])
    assert (found["low"] < found["low_alone"]).all()
    assert (found["high"] > found["high_alone"]).all()
    assert ((found["downscaling_share"] > 0.0) & (found["downscaling_share"] < 1.0)).all()
    # The largest county is most of the total, which is kept: it can move least.
    assert found["downscaling_share"].argmin() == 1
    assert [entry.kind for entry in ledger] == ["assumption"]


def test_without_a_spread_downscaling_adds_nothing() -> None:
    _, found = rates(0.0)
    np.testing.assert_allclose(found["low"], found["low_alone"])
    np.testing.assert_allclose(found["downscaling_share"], 0.0, atol=1e-12)


def test_the_interval_of_the_smallest_county_is_that_of_the_two_lognormal_laws() -> None:
    # Nearly all of the total elsewhere, and nothing but nonfire: log rate has variance 0.3^2 + s^2 of the county, plus
    # s^2 of the county that is most of the total.
    rng = np.random.default_rng(1)
    draws = 40000
    ratio = np.exp(0.3 * rng.standard_normal((draws, 2)))
    found = county_rates(
        ("a", "b"),
        np.array([[0.0, 1e9], [0.0, 1.0]]),
        np.array([1e9, 1.0]),
        ratio,
        np.full((draws, 2), 0.5),
        2,
        Ledger(),
    )
    width = np.log(found["high"].values[1] / found["low"].values[1]) / (2 * 1.6448536)
    assert width == pytest.approx(np.sqrt(0.3**2 + 2 * 0.5**2), rel=0.02)
    assert found["downscaling_share"].values[1] == pytest.approx(0.5 / 0.59, rel=0.03)


def test_ratios_are_of_the_sum_of_all_perils_but_fire_and_one_without_a_base() -> None:
    names = ("pure_premium_wildfire", "pure_premium_storm", "pure_premium_flood")
    values = np.array([[2.0, 30.0, 10.0], [3.0, 60.0, 10.0], [1.0, 0.0, 20.0], [9.0, 9.0, 9.0]])
    plan = VariantPlan((Variant({}, None),) * 4, 2, (), ())
    knowledge = Knowledge(names, values, plan, {})
    np.testing.assert_allclose(
        draw_ratios(knowledge, ("wildfire", "storm", "flood")), [[1.5, 1.75], [0.5, 0.5]]
    )
    np.testing.assert_allclose(draw_ratios(knowledge, ("wildfire",)), [[1.5, 1.0], [0.5, 1.0]])
