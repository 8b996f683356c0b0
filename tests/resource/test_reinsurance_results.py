# SPDX-License-Identifier: Apache-2.0
"""What covers cost, what a year leaves, and the group of the report."""

from typing import Any

import numpy as np
import pytest

from greenrisk.core.ledger import Ledger
from greenrisk.resource.book import Book
from greenrisk.resource.reinsurance import ReinsuranceSpec
from greenrisk.resource.reinsurance_results import (
    price,
    reinsurance_results,
    tell_reinsurance,
    underwriting_result,
)
from greenrisk.resource.structure import YearCessions
from greenrisk.resource.study import ForestJob

LAYER: dict[str, Any] = {
    "kind": "excess_of_loss",
    "name": "ice",
    "attachment_cny": 20,
    "limit_cny": 40,
    "reinstatements": {"count": 1, "rate": 1.0},
}


def spec(*covers: dict[str, Any]) -> ReinsuranceSpec:
    return ReinsuranceSpec.model_validate({"covers": covers})


def two_years(times: int = 1) -> YearCessions:
    """Gross 10 and 100; 20 % quota; the layer of 40 pays 40 once, the whole limit reinstated; premium 60."""
    return YearCessions(
        gross=np.tile([10.0, 100.0], times),
        ceded=np.tile([2.0, 60.0], times),
        net=np.tile([8.0, 40.0], times),
        by_cover=np.tile([[2.0, 0.0], [20.0, 40.0]], (times, 1)),
        reinstated=np.tile([[0.0, 0.0], [0.0, 1.0]], (times, 1)),
        premium_before=np.array([60.0, 48.0, 48.0]),
    )


COVERS = spec({"kind": "quota_share", "share": 0.2, "commission": 0.25}, LAYER)


@pytest.fixture(scope="module")
def book(job: ForestJob) -> Book:
    return job.exposure.book


def test_a_price_from_the_years_pays_back_recoveries_with_its_reinstatements(book: Book) -> None:
    """Mean recoveries 20, half a limit reinstated at 100 %: 20 / 1.5; with reinstatements 13.33 * 1.5 = 20."""
    prices = price(two_years(), COVERS, book)
    np.testing.assert_allclose(prices.premium, [12.0, 20.0 / 1.5])
    np.testing.assert_allclose(prices.commission, [3.0, 0.0])
    assert prices.basis == ("share", "simulated")


def test_a_price_of_the_scenario_is_taken_as_it_is(book: Book) -> None:
    covers = spec(
        {"kind": "quota_share", "share": 0.2},
        LAYER | {"premium_cny": 7.0},
        {"kind": "stop_loss", "attachment": 1.0, "limit": 1.0, "premium_share": 0.05},
    )
    years = two_years()
    longer = YearCessions(
        gross=years.gross,
        ceded=years.ceded,
        net=years.net,
        by_cover=np.column_stack([years.by_cover, np.zeros(2)]),
        reinstated=np.column_stack([years.reinstated, np.zeros(2)]),
        premium_before=np.array([60.0, 48.0, 48.0, 48.0]),
    )
    prices = price(longer, covers, book)
    np.testing.assert_allclose(prices.premium, [12.0, 7.0, 0.05 * 48.0])
    assert prices.basis == ("share", "scenario", "scenario")


def test_the_result_of_a_year_is_premium_less_all_costs(book: Book) -> None:
    """60 (1 - 0.25) - 1 - 12 + 3 - 13.33 = 21.67; less net 8, or less net 40 and the reinstatement premium 13.33."""
    years = two_years()
    result = underwriting_result(years, price(years, COVERS, book), 0.25, 1.0)
    certain = 45.0 - 1.0 - 12.0 + 3.0 - 40.0 / 3
    np.testing.assert_allclose(result, [certain - 8.0, certain - 40.0 - 40.0 / 3])


def test_fair_covers_do_not_move_the_mean_result(book: Book) -> None:
    covers = spec(LAYER)
    years = two_years()
    only = YearCessions(
        gross=years.gross,
        ceded=years.by_cover[:, 1],
        net=years.gross - years.by_cover[:, 1],
        by_cover=years.by_cover[:, 1:],
        reinstated=years.reinstated[:, 1:],
        premium_before=np.array([60.0, 60.0]),
    )
    result = underwriting_result(only, price(only, covers, book), 0.2)
    assert result.mean() == pytest.approx(60 * 0.8 - years.gross.mean())


def test_the_group_has_units_and_says_what_is_left_after_each_cover(book: Book) -> None:
    years = two_years(times=500)
    group = reinsurance_results(years, price(years, COVERS, book), COVERS)
    assert list(group["cover"].values) == ["1 quota share", "2 ice"]
    assert list(group["after"].values) == ["gross", "1 quota share", "2 ice"]
    np.testing.assert_allclose(group["mean"], [55.0, 44.0, 24.0])
    np.testing.assert_allclose(group["recoveries"], [11.0, 20.0])
    np.testing.assert_allclose(group["chance_to_pay"], [1.0, 0.5])
    np.testing.assert_allclose(group["reinstatement_premium"], [0.0, 20.0 / 3])
    assert np.isnan(group["rate_on_line"][0])
    assert float(group["rate_on_line"][1]) == pytest.approx(20.0 / 1.5 / 40.0)
    assert all(group[name].attrs["units"] for name in group.data_vars)


def test_without_covers_the_group_still_says_what_is_left(book: Book) -> None:
    gross = np.tile([1.0, 3.0], 500)
    none = np.zeros((gross.size, 0))
    years = YearCessions(gross, np.zeros(gross.size), gross, none, none, np.array([5.0]))
    prices = price(years, ReinsuranceSpec(), book)
    group = reinsurance_results(years, prices, ReinsuranceSpec())
    assert group.sizes["cover"] == 0
    np.testing.assert_allclose(group["mean"], [2.0])
    np.testing.assert_allclose(underwriting_result(years, prices, 0.2)[:2], [4.0 - 1.0, 4.0 - 3.0])


def test_what_is_assumed_stands_in_the_ledger(book: Book) -> None:
    ledger = Ledger()
    years = two_years()
    tell_reinsurance(price(years, COVERS, book), COVERS, ledger)
    details = [entry.detail for entry in ledger]
    assert any("no hours clause" in detail for detail in details)
    assert any("gives no price; 13.33 CNY a year" in detail for detail in details)
    assert all(entry.subject == "reinsurance: 2 ice" for entry in ledger)
