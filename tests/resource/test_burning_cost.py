# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from greenrisk.core.cards import read_card
from greenrisk.core.errors import ArgumentError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import read_table
from greenrisk.resource.burning_cost import (
    PRODUCTS,
    burning_cost,
    burning_cost_check,
    compare,
    predictive_of_mean,
    products_check,
    trended_burning_cost,
)
from greenrisk.resource.fire_tables import read_panel, read_totals

DATA = Path(__file__).resolve().parents[2] / "data"
MODELS = DATA.parent / "models"


@pytest.fixture(scope="module")
def panel():
    return read_panel(DATA / "fires_jiangxi_neighbours_2009_2021.csv")


@pytest.fixture(scope="module")
def check(panel):
    earlier = read_totals(DATA / "fires_jiangxi_2004_2008.csv")
    card = read_card(MODELS / "wildfire-jiangxi.yaml")
    return burning_cost_check(panel, earlier, "Jiangxi", card, 2026, 10.21e6, 800.0)


def test_a_plain_average_by_hand():
    cost = burning_cost(np.array([2001, 2002]), np.array([30.0, 10.0]), np.array([4.0, 1.0]))
    assert (cost.area, cost.fires, cost.mean_size) == (20.0, 2.5, 8.0)
    assert (cost.largest_year, cost.largest_share) == (2001, 0.75)
    assert (cost.low, cost.high) == (10.0, 30.0)


def test_one_year_is_no_experience():
    with pytest.raises(ArgumentError, match="At least two"):
        burning_cost(np.array([2001]), np.array([30.0]), np.array([4.0]))


def test_the_two_windows_are_two_and_a_half_fold_apart(check):
    # 11,119.28 ha in 13 years; 27,398.43 ha in the 5 years before.
    recent, whole = 11_119.28 / 13, (11_119.28 + 27_398.43) / 18
    assert check["burnt_area"].values[:2] == pytest.approx([whole, recent])
    assert check.attrs["ratio_of_plain_averages"] == pytest.approx(whole / recent)
    assert check.attrs["ratio_of_plain_averages"] == pytest.approx(2.5, abs=0.05)


def test_fires_and_sizes_multiply_to_the_ratio_of_two_burning_costs():
    years = np.arange(2004, 2022)
    rng = np.random.default_rng(1)
    area, fires = rng.gamma(2, 100, 18), rng.poisson(50, 18).astype(float)
    longer, shorter = burning_cost(years, area, fires), burning_cost(years[5:], area[5:], fires[5:])
    why = compare(longer, shorter)
    assert why.by_fires * why.by_size == pytest.approx(why.ratio)
    assert why.earlier_share == pytest.approx(area[:5].sum() / area.sum())
    assert (why.earlier_years, why.all_years) == (5, 18)


def test_the_fire_only_premium_at_800_yuan_is_the_one_told_in_the_handbook(check):
    # ../shared/methods/resource.md 1.1: 0.067 CNY/mu for 2009-2021 at 800 CNY/mu, every burnt mu a full loss.
    assert check["pure_premium_per_mu"].values[1] == pytest.approx(0.067, abs=0.0005)


def test_the_trended_average_lies_below_the_plain_one(check, panel):
    card = read_card(MODELS / "wildfire-jiangxi.yaml")
    trended = trended_burning_cost(panel, "Jiangxi", card, 2026)
    assert check["burnt_area"].values[2] == pytest.approx(trended)
    assert trended < check["burnt_area"].values[1]


def test_without_a_trend_the_trended_average_is_the_plain_one(panel):
    card = read_card(MODELS / "wildfire-jiangxi.yaml")
    flat = card.parameters["trend"].model_copy(update={"value": 0.0})
    card = card.model_copy(update={"parameters": {**card.parameters, "trend": flat}})
    assert trended_burning_cost(panel, "Jiangxi", card, 2026) == pytest.approx(11_119.28 / 13)


def test_every_variable_of_the_check_has_its_unit(check):
    units = {
        name: check[name].attrs.get("units") for name in check.data_vars if check[name].dtype.kind == "f"
    }
    assert set(units.values()) == {"ha/year", "CNY/mu"}


def test_the_products_are_the_forest_covers_with_a_printed_rate():
    check = products_check(read_table(DATA / "forest_products_seen.csv", PRODUCTS, Ledger()))
    assert check.sizes["product"] == 10
    # premium = sum insured x rate, rounded to the fen in print
    computed = check["sum_insured"].values * check["rate_per_mille"].values / 1000
    assert check["premium_per_mu"].values == pytest.approx(computed, abs=0.006)
    assert not {"Jiangxi", "Mexico Quintana Roo"} & set(check["region"].values)


def test_the_law_of_a_burning_cost_has_the_mean_and_the_variance_of_a_new_year():
    values = np.array([10.0, 40.0, 25.0, 60.0])
    n = 40_000
    levels = (np.arange(n) + 0.5) / n
    variance = values.var(ddof=1) * 1.25
    for whole in (False, True):
        law = predictive_of_mean(values, whole, levels)
        assert law.mean() == pytest.approx(values.mean(), rel=2e-3)
        assert law.var() == pytest.approx(variance, rel=0.02)


def test_equal_counts_still_scatter_like_poisson_counts():
    law = predictive_of_mean(np.full(5, 20.0), True, np.array([0.05, 0.5, 0.95]))
    assert law.tolist() == stats.nbinom.ppf([0.05, 0.5, 0.95], 20**2 / 0.2, 1 / 1.01).tolist()


def test_no_experience_of_fire_forecasts_none():
    assert predictive_of_mean(np.zeros(4), True, np.array([0.5, 0.99])).tolist() == [0.0, 0.0]


def test_a_product_table_of_the_user_is_checked():
    frame = pd.DataFrame(
        {"region": ["x"], "year": ["2020"], "object": ["forest"], "unit": ["CNY/mu"], "source": ["s"]}
    )
    from greenrisk.core.errors import TableError

    with pytest.raises(TableError, match="sum_insured"):
        read_table("own.csv", PRODUCTS, Ledger(), frame=frame)
