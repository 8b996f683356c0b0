# SPDX-License-Identifier: Apache-2.0
"""Published products computed again from print; Quintana Roo's tiers; our figures beside, never fitted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.tables import read_table
from greenrisk.resource.index_cover.payouts import payout_share
from greenrisk.resource.wetland.product_tables import PRODUCT_FIGURES, PRODUCTS_SEEN
from greenrisk.resource.wetland.products import (
    ProductCheck,
    beside_market,
    product_checks,
    product_group,
    reef_payout,
)

SHARED = Path(__file__).parents[4] / "shared" / "reference" / "forest_products_seen.csv"
DATA = library_root() / "data"


@pytest.fixture(scope="module")
def seen() -> pd.DataFrame:
    return read_table(DATA / "forest_products_seen.csv", PRODUCTS_SEEN, Ledger())


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    return read_table(DATA / "wetland_product_figures.csv", PRODUCT_FIGURES, Ledger())


@pytest.fixture(scope="module")
def checks(seen: pd.DataFrame, figures: pd.DataFrame) -> list[ProductCheck]:
    return product_checks(seen, figures)


def one(checks: list[ProductCheck], region: str, what: str) -> ProductCheck:
    (found,) = [check for check in checks if region in check.region and what in check.what]
    return found


def test_every_printed_sum_insured_a_mu_is_reproduced(checks: list[ProductCheck]) -> None:
    # 380,000 / 9,174; 13.7 M / 7,215; 457 M / 380,000, as printed: 41.4, 1,899, 1,203.
    for region, expected in (("Weishan", 41.4214), ("Gaoyou", 1898.82), ("Zhongshan", 1202.63)):
        found = one(checks, region, "sum insured = total / area")
        assert found.computed == pytest.approx(expected, rel=1e-5)
        assert found.verdict == "reproduced"
    assert one(checks, "Jizhou", "sum insured = total / trees").computed == 15000.0


def test_the_premium_of_an_old_tree_is_half_a_per_cent(checks: list[ProductCheck]) -> None:
    (found,) = [check for check in checks if check.object == "ancient tree"]
    assert (found.printed, found.computed) == (250.0, 250.0)  # 50,000 x 0.005


def test_every_premium_with_a_printed_rate_is_reproduced(checks: list[ProductCheck]) -> None:
    rates = [check for check in checks if check.what == "premium = sum insured x rate"]
    assert len(rates) == 11
    assert {check.verdict for check in rates} == {"reproduced"}


def test_the_claim_of_xianyou_was_paid_at_73_per_cent(checks: list[ProductCheck]) -> None:
    # 831,462.4 CNY on 94.86 ha = 1,422.9 mu: 584.34 CNY/mu of 800.
    found = one(checks, "Xianyou", "loss degree")
    assert found.computed == pytest.approx(0.73043, abs=1e-5)
    assert found.verdict == ""  # no degree is printed
    # 107.8 ha x 15 x 1.5 CNY x 0.1 = 242.55; the page prints 241.41.
    assert one(checks, "Xianyou", "owner").computed == pytest.approx(242.55)


def test_tiers_of_quintana_roo_with_and_without_their_edges(figures: pd.DataFrame) -> None:
    wind = np.array([99.0, 100.0, 115.0, 130.0, 159.0, 160.0, 185.0])
    closed = payout_share(reef_payout(figures, inclusive=True), wind)
    opened = payout_share(reef_payout(figures, inclusive=False), wind)
    assert closed.tolist() == [0.0, 0.4, 0.4, 0.8, 0.8, 1.0, 1.0]
    assert opened.tolist() == [0.0, 0.0, 0.4, 0.4, 0.8, 0.8, 1.0]


def test_delta_of_2020_was_paid_nearest_to_the_first_tier_of_half_the_limit(
    checks: list[ProductCheck],
) -> None:
    delta = {check.what: check for check in checks if check.what.startswith("Delta 2020")}
    near = [what for what, check in delta.items() if "The nearest" in check.note]
    assert near == ["Delta 2020 = tier from 100 kt x half of the limit"]
    found = delta[near[0]]
    # 0.4 x 1.9 M = 760,000 of 800,000 printed: 5 % short, told and not explained away.
    assert (found.computed, found.printed) == (760_000.0, 800_000.0)
    assert found.verdict == "not reproduced"
    assert found.status == "unconfirmed"  # one article puts the first edge at 110 kt
    assert one(checks, "Quintana", "rate on line").computed == pytest.approx(0.060526, abs=1e-6)


def test_our_figures_stand_beside_print_and_bear_no_verdict_of_agreement(seen: pd.DataFrame) -> None:
    beside = beside_market(seen, insurable_per_mu=700.0, old_tree_rate=0.0025)
    group = product_group([], beside)
    assert set(group["verdict"].values.tolist()) == {"beside"}
    mu = group["printed"].values[group["unit"].values == "CNY/mu"]
    assert mu.tolist() == [41.4, 1899.0, 5000.0, 1000.0, 2000.0]
    trees = [check for check in beside if check.unit == "1"]
    assert [(check.printed, check.ratio) for check in trees] == [(0.005, 0.5)]
    assert not [
        check for check in beside_market(seen, insurable_per_mu=1.0, old_tree_rate=None) if check.unit == "1"
    ]


def test_a_wrong_total_would_be_noticed(seen: pd.DataFrame, figures: pd.DataFrame) -> None:
    spoilt = figures.copy()
    spoilt.loc[(spoilt["region"].str.contains("Gaoyou")) & (spoilt["item"] == "area"), "value"] = (
        481.0  # ha for mu
    )
    found = one(product_checks(seen, spoilt), "Gaoyou", "sum insured = total / area")
    assert found.verdict == "not reproduced"
    assert found.ratio == pytest.approx(15.0, rel=0.001)


def test_every_figure_belongs_to_a_product_that_was_seen(seen: pd.DataFrame, figures: pd.DataFrame) -> None:
    products = set(zip(seen["region"], seen["object"], seen["source"], strict=True))
    assert set(zip(figures["region"], figures["object"], figures["source"], strict=True)) <= products


def test_every_figure_stands_in_the_printed_notes_or_columns(
    seen: pd.DataFrame, figures: pd.DataFrame
) -> None:
    # Numbers as the notes write them: 9,174; 380,000; 13.7M; 457M; 3,750; 18.75M; ...
    for row in figures[figures["status"] == "confirmed"].itertuples():
        (product,) = seen[(seen["region"] == row.region) & (seen["object"] == row.object)].to_dict("records")
        text = " ".join(str(value) for value in product.values())
        written = {f"{row.value:,.10g}", f"{row.value:.10g}", f"{row.value:,.1f}", f"{row.value / 1e6:.10g}M"}
        written |= {f"{row.value / 1e3:.10g}k", f"{row.value * 100:.10g}%", f"{row.value / 1e6:.10g}e6"}
        if row.item == "reef_share":
            continue  # "half reef, half beach" stands in the source, not in the table of products
        assert any(word in text for word in written), (row.item, row.value, text)


def test_the_shipped_products_are_those_of_the_fact_table() -> None:
    if not SHARED.is_file():
        pytest.skip("../shared/reference/forest_products_seen.csv is not here.")
    assert (DATA / "forest_products_seen.csv").read_bytes() == SHARED.read_bytes()


def test_rates_in_print_stand_beside_the_rate_of_the_sites_where_one_is_printed(seen: pd.DataFrame) -> None:
    beside = beside_market(seen, insurable_per_mu=1.0, old_tree_rate=None, sites_rates=(50.0, 30.0))
    rates = {f"{check.region} {check.object}": check for check in beside if check.unit == "per mille"}
    printed = seen[seen["premium_rate"].notna()]
    assert len(rates) == len(printed)
    gansu = rates["Gansu public-benefit forest"]
    assert (gansu.printed, gansu.computed, gansu.ratio) == pytest.approx((2.0, 50.0, 25.0))
    of_mu = [check for check in beside if check.what.startswith("premium of a mu")]
    assert {check.computed for check in of_mu} == {30.0}
    assert 2.41 in {check.printed for check in of_mu}
