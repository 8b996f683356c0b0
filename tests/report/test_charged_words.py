# SPDX-License-Identifier: Apache-2.0
"""What is charged is named as charged: law or mean, a failed test, mean over the ranges, rates in print, no width."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from index_groups_by_hand import backtest, backtest_summary, basis, payout_function, record, treatments

from greenrisk.report.charts.index_payout import index_payout_chart
from greenrisk.report.pages import index_test_section
from greenrisk.report.pages.basis_section import HELD, measures_table
from greenrisk.report.pages.index_answer import over_ranges_sentence
from greenrisk.report.pages.index_price_sections import paid_in_a_row
from greenrisk.report.pages.index_test_section import failed_note, power_at, verdict
from greenrisk.report.pages.index_treatment_section import (
    treatments_note,
    treatments_sentence,
    treatments_table,
)
from greenrisk.report.pages.index_words import rounded
from greenrisk.report.pages.wetland_small_sections import rates_part
from greenrisk.report.pages.wetland_words import version_words
from greenrisk.report.reading import Metrics


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def ratio(value: float, low: float, high: float) -> xr.Dataset:
    """Return a summary with payouts over premiums by law; by the mean they fit."""
    return xr.Dataset(
        {
            "value": ("figure", [1.0, value]),
            "low": ("figure", [0.5, low]),
            "high": ("figure", [2.0, high]),
            "unit": ("figure", ["unitless", "unitless"]),
            "note": ("figure", ["", ""]),
        },
        coords={"figure": ["loss_ratio_burn", "loss_ratio_law"]},
    )


def test_the_law_is_named_as_charged_with_the_mean_beside_it() -> None:
    note = plain(treatments_note(treatments()))
    assert "Charged is the fitted law, CNY 3.80 million a year; the mean of the years alone would be" in note
    assert plain(treatments_sentence(treatments())).endswith("3.2-fold: CNY 1.20 to 3.80 million a year")
    for brief in (True, False):
        heads = [column.label for column in treatments_table(treatments(), brief).columns]
        assert "Fitted law: charged" in heads
        assert not [head for head in heads if head.startswith(("Mean", "Burn")) and "charged" in head]


def test_where_the_law_is_the_mean_of_the_years_the_mean_is_charged() -> None:
    empirical = treatments()
    empirical["pure_premium_law"] = empirical["pure_premium_burn"]
    assert "Charged is the mean of the years, CNY 4.00 million a year." in plain(treatments_note(empirical))
    assert [c.label for c in treatments_table(empirical, brief=True).columns][
        1
    ] == "Mean of the years: charged"


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [(0.06, 0.65, "too high"), (1.2, 3.0, "too low"), (0.4, 1.0, ""), (1.0, 2.0, "")],
)
def test_a_test_fails_where_the_interval_of_the_charged_premium_excludes_1(
    low: float, high: float, found: str
) -> None:
    summary = ratio((low + high) / 2, low, high)
    assert verdict(summary) == found
    assert bool(failed_note(summary)) == bool(found)
    head = f"Out of sample the premiums were {found}: " if found else "Out of sample the index paid"
    assert index_test_section.tested_sentence(backtest(), summary).startswith(head)


def test_premiums_of_the_test_are_those_of_the_law_and_the_mean_stands_beside() -> None:
    priced = backtest()
    priced["premium_law"][:] = 1.0e6
    told = plain(index_test_section.tested_sentence(priced, backtest_summary()))
    assert "pure premiums of CNY 45.0 million by the law, as charged, or CNY 13.5 million by the mean" in told


def test_a_failed_test_is_not_called_one_that_passes() -> None:
    power = xr.Dataset({"power_frequency": ("factor", [0.36])}, coords={"factor": [2.0]})
    assert "passes proves little" in power_at(power, 2.0)
    assert "passes" not in power_at(power, 2.0, failed=True)


def test_paid_years_that_follow_each_other_are_told() -> None:
    assert paid_in_a_row(np.array([1926, 1963, 1964])).startswith("1963 and 1964 follow each other")
    assert paid_in_a_row(np.array([1926, 1963, 1965])) == ""
    assert paid_in_a_row(np.arange(1950, 1956)).startswith("5 of them follow a paid year")


def test_amounts_of_notes_have_the_figures_of_a_page() -> None:
    assert plain(rounded("a wealth of CNY 17,037,935. Charged CNY 4,238,072 a year, CNY 4,250.")) == (
        "a wealth of CNY 17.0 million. Charged CNY 4.24 million a year, CNY 4,250."
    )
    assert rounded("CNY 17.04 million") == "CNY 17.04 million"


def test_an_interval_without_a_width_is_a_dash_and_a_word() -> None:
    held = basis()
    held["high"] = held["low"]
    held = held.assign(
        label=("measure", ["one", "two"]), unit=("measure", ["unitless"] * 2), note=("measure", ["", ""])
    )
    rows = measures_table(held).rows
    assert [row[2].text for row in rows] == ["\u2013", "\u2013"]
    assert [row[0].note for row in rows] == [HELD, HELD]


def test_the_mean_over_the_ranges_stands_beside_what_the_charge_holds() -> None:
    names = ["pure_premium", "pure_premium_over_ranges"]
    metrics = Metrics(
        xr.Dataset(
            {
                "name": ("metric", names),
                "value": ("metric", [10e6, 30e6]),
                **{key: ("metric", [np.nan, np.nan]) for key in ("standard_error", "low", "high")},
                **{key: ("metric", ["", ""]) for key in ("label", "unit", "method", "dims")},
            }
        )
    )
    premium = xr.Dataset(
        {"amount": (("row", "segment"), [[10e6], [4e6], [25e6]])},
        coords={"row": ["pure_premium", "risk_load", "gross_premium"], "segment": ["all"]},
    )
    tree = xr.DataTree.from_dict({"/premium": premium})
    told = plain(over_ranges_sentence(tree, metrics))
    assert "CNY 30.0 million a year, 3.0 times the pure premium above: more than the CNY 14.0 million" in told


def test_rates_in_print_stand_beside_the_rate_of_the_sites() -> None:
    rows = [
        ("premium rate; ours: gross premium of the sites over their limits", "per mille", 4.0, 50.0),
        ("premium of a mu; ours: gross premium of the sites over their area", "CNY/mu", 2.0, 37.0),
    ]
    texts = {name: ("check", ["x"] * 2) for name in ("region", "object", "year", "source")}
    what, unit, printed, computed = zip(*rows, strict=True)
    products = xr.Dataset(
        {
            **texts,
            "what": ("check", list(what)),
            "unit": ("check", list(unit)),
            "printed": ("check", list(printed)),
            "computed": ("check", list(computed)),
        }
    )
    part = rates_part(products)
    assert part is not None
    assert part.table is not None
    assert "50.0 per mille is 12 times" in part.heading
    assert "the level of the peril cards is judged" in part.heading
    assert [cell.value for cell in part.table.rows[0][1:]] == [4.0, 2.0, 12.5]
    assert rates_part(products.isel(check=slice(1, 2))) is None


def test_years_beyond_the_frame_are_counted_at_its_edge() -> None:
    far = record(treated=True)
    far["value"][:3] = 1e4
    assert ">3 more \u203a<" in index_payout_chart(payout_function(1), far).wide


def test_a_table_of_services_is_called_by_its_authors() -> None:
    assert version_words(xr.Dataset(attrs={"version": "xie2015"})) == "Xie and others 2015"
