# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from greenrisk.core.cards import Card, read_card
from greenrisk.resource.fire_tables import read_panel
from greenrisk.resource.perils.fire_checks import (
    classes_check,
    counts_check,
    draw_card,
    predictive_counts,
    size_curve,
)
from greenrisk.resource.perils.fire_counts import CountLaw

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def panel():
    return read_panel(ROOT / "data/fires_jiangxi_neighbours_2009_2021.csv")


@pytest.fixture(scope="module")
def cards():
    names = ("wildfire-jiangxi", "fire-size-jiangxi", "fire-tail-portugal")
    return tuple(read_card(ROOT / "models" / f"{name}.yaml") for name in names)


def certain(card: Card, **values: float) -> Card:
    """The card with parameters as good as known."""
    parameters = dict(card.parameters)
    for name, parameter in card.parameters.items():
        if isinstance(parameter.value, str):
            continue
        value = values.get(name, parameter.value)
        width = 1e-9 * max(abs(value), 1e-3)
        limits = parameter.range.model_copy(update={"low": value - width, "high": value + width})
        parameters[name] = parameter.model_copy(update={"value": value, "range": limits})
    return card.model_copy(update={"parameters": parameters, "correlations": ()})


def test_with_known_parameters_the_interval_is_that_of_the_negative_binomial(panel, cards):
    known = certain(cards[0], year_effect_sd=1e-6, dispersion=0.25)
    check = counts_check(known, panel, "Jiangxi", 2026)
    mean = check["expected"].sel(year=2026).item()
    low, high = stats.nbinom.ppf([0.05, 0.95], 4, 4 / (4 + mean))
    # 2,000 draws: a 5 % quantile lies between the exact 4 % and 6 % ones, a 95 % one between 94 % and 96 %.
    ends = stats.nbinom.ppf([0.035, 0.065, 0.935, 0.965], 4, 4 / (4 + mean))
    assert ends[0] <= check["low"].sel(year=2026).item() <= ends[1]
    assert ends[2] <= check["high"].sel(year=2026).item() <= ends[3]
    assert low < mean < high


def test_unsure_parameters_widen_the_interval(panel, cards):
    unsure = counts_check(cards[0], panel, "Jiangxi", 2026)
    known = counts_check(certain(cards[0]), panel, "Jiangxi", 2026)
    for year in (2021, 2026):
        wide, narrow = ((c["high"] - c["low"]).sel(year=year).item() for c in (unsure, known))
        assert wide > narrow


def test_the_interval_holds_all_thirteen_years_or_nearly(panel, cards):
    check = counts_check(cards[0], panel, "Jiangxi", 2026).sel(year=slice(2009, 2021))
    inside = (check["observed"] >= check["low"]) & (check["observed"] <= check["high"])
    # 13 years at 90 %: fewer than 9 inside has a chance below 1 %.
    assert int(inside.sum()) >= 9


def test_years_after_the_data_have_no_observation(panel, cards):
    check = counts_check(cards[0], panel, "Jiangxi", 2024)
    assert check["year"].values.tolist() == list(range(2009, 2025))
    assert np.isnan(check["observed"].sel(year=slice(2022, 2024))).all()
    assert check["observed"].sel(year=2009).item() == 394


def test_predictive_counts_follow_the_law_of_the_simulation():
    values = {"log_count": 3.0, "trend": -0.1, "damping": 0.9, "year_effect_sd": 0.4, "dispersion": 0.3}
    n = 200_000
    draws = {name: np.full(n, value) for name, value in values.items()}
    constants = {"first_year": 2009.0, "base_year": 2021.0}
    seen = predictive_counts(draws, constants, [2021], np.random.default_rng(5))[:, 0]
    law = CountLaw(np.exp(3.0 + 0.08), 0.4, 0.3)
    assert abs(seen.mean() - law.mean) < 4 * np.sqrt(law.variance() / n)
    assert seen.var() == pytest.approx(law.variance(), rel=0.05)


def test_the_size_law_predicts_the_observed_classes(panel, cards):
    check = classes_check(cards[1], cards[2], panel, "Jiangxi", 350_000.0)
    assert check["observed"].values.tolist() == [351, 934, 0, 0]
    assert check["expected"].sum().item() == pytest.approx(1285)
    # 24 of 18,802 fires pooled: 1285 x 24 / 18802 = 1.64 above 100 ha expected where none was seen
    assert check["expected"].values[2:].sum() == pytest.approx(1285 * 0.001276, rel=1e-6)
    assert np.all((check["observed"] >= check["low"]) & (check["observed"] <= check["high"]))


def test_with_a_cap_of_100_ha_no_larger_fire_is_expected(panel, cards):
    check = classes_check(cards[1], cards[2], panel, "Jiangxi", 100.0)
    assert check["expected"].values[2:].tolist() == [0.0, 0.0]
    assert check["high"].values[2:].tolist() == [0.0, 0.0]


def test_the_size_curve_falls_to_nothing_at_the_cap(cards):
    curve = size_curve(cards[1], cards[2], 5_000.0, points=40)
    assert np.all(np.diff(curve["exceedance"]) < 0)
    assert curve["exceedance"].values[-1] == pytest.approx(0.0, abs=1e-15)
    assert np.all(curve["low"] <= curve["high"])
    assert curve["size"].attrs["units"] == "ha"


def test_draws_of_a_card_are_the_same_every_time_and_differ_by_name(cards):
    one, again, other = (draw_card(cards[1], 5, 0, name) for name in ("a", "a", "b"))
    assert np.array_equal(one["mean_body"], again["mean_body"])
    assert not np.array_equal(one["mean_body"], other["mean_body"])
    assert set(draw_card(cards[1], 60, 0, "a")["family"]) == {"gamma", "weibull", "lognormal"}


def test_every_variable_has_its_unit(panel, cards):
    for check in (
        counts_check(cards[0], panel, "Jiangxi", 2022),
        classes_check(cards[1], cards[2], panel, "Jiangxi", 1000.0),
        size_curve(cards[1], cards[2], 1000.0, points=5),
    ):
        assert all(check[name].attrs["units"] for name in check.data_vars)
