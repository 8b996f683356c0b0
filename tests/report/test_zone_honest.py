# SPDX-License-Identifier: Apache-2.0
"""What the zone page says of its own errors: heavy tails, limits by tail and cap, shares, written amounts."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from zone_pages import zone_html, zone_tree

from greenrisk.report.charts.loss_heads import loss_heads_chart
from greenrisk.report.pages.zone_doubt_sections import grouped
from greenrisk.report.pages.zone_grade_sections import grades_table
from greenrisk.report.pages.zone_limit_section import left_table, sensitivity_note
from greenrisk.report.pages.zone_loss_sections import frequency_section
from greenrisk.report.pages.zone_own_history import own_history_part
from greenrisk.report.pages.zone_premium_sections import premium_section
from greenrisk.report.pages.zone_release_sources import release_sources_part
from greenrisk.report.pages.zone_tail import head_errors, tail_sentence
from greenrisk.report.pages.zone_words import given, share_with_error
from greenrisk.report.table import Table
from greenrisk.report.wording import percent


def group(path: str) -> xr.Dataset:
    return zone_tree()[path].to_dataset()


def years(loss: np.ndarray) -> xr.DataTree:
    data = xr.Dataset({"loss": (("year", "layer"), loss[:, np.newaxis])}, coords={"layer": ["ground_up"]})
    return xr.DataTree.from_dict({"/losses": data})


def table_of(section: object, heading: str) -> Table:
    found = [part.table for part in section.parts if part.heading.startswith(heading)]  # type: ignore[attr-defined]
    assert len(found) == 1
    assert found[0] is not None
    return found[0]


def test_a_loss_that_ten_years_carry_is_told_to_have_an_error_that_misleads() -> None:
    # 10 years of 90 and 990 of 0.1: 900 of 999
    told = tail_sentence(years(np.concatenate([np.full(10, 90.0), np.full(990, 0.1)])))
    assert "10 dearest of 1,000 simulated years carry 90\u00a0% of it" in told


def test_a_loss_that_every_year_carries_alike_needs_no_warning() -> None:
    assert tail_sentence(years(np.ones(1000))) == ""
    assert tail_sentence(years(np.zeros(1000))) == ""


def test_the_warning_stands_on_the_first_screen_and_beside_the_losses() -> None:
    told = tail_sentence(zone_tree()).replace("\u00a0", " ")
    assert told.startswith("What accidents cost is told in closed form")
    assert "payments alone" in told
    html = zone_html().replace("\u00a0", " ").replace("&nbsp;", " ")
    assert html.count(told) == 2


def test_the_bars_of_heads_carry_the_error_of_the_second_method() -> None:
    errors = head_errors(zone_tree())
    methods = group("checks/second_method")
    assert set(errors) == set(group("heads")["head"].values.astype(str))
    for name, error in errors.items():
        assert error == float(methods["standard_error"].sel(quantity=name))
    assert loss_heads_chart(group("heads"), errors).wide.count(" ± ") == len(errors)
    assert " ± " not in loss_heads_chart(group("heads")).wide


def test_the_money_that_a_limit_leaves_stands_with_its_error_and_with_other_tails() -> None:
    adequacy, sensitivity = group("limit_adequacy"), group("limit_sensitivity")
    table = left_table(adequacy, sensitivity)
    money = [c.label for c in table.columns].index("Money not paid ± simulation")
    first, *rows = table.rows
    assert [row[0].text for row in rows][:4] == ["1", "2", "5", "10"]
    # The limits in force come first, with the headline's figure and what is not known of it.
    assert first[0].text == "in force"
    assert first[money].value == float(adequacy["in_force"].sel(measure="money_uncovered"))
    ends = [
        percent(float(adequacy[f"in_force_{end}"].sel(measure="money_uncovered"))) for end in ("low", "high")
    ]
    assert first[money].note == f"90 %: {ends[0]} to {ends[1]}"
    for row in rows:
        at = {"group": "all", "side": "after_sublimits"}
        assert row[0].value is not None
        one = adequacy.sel(at).sel(limit=row[0].value, method="nearest")
        assert row[money].value == float(one["money_uncovered"])
        assert row[money].error.startswith("± ") or row[money].value == 0.0
        others = sensitivity["money_uncovered"].sel(at).sel(limit=row[0].value, method="nearest").values
        assert row[-1].text == f"{percent(others.min())} to {percent(others.max())}"
    assert len(left_table(adequacy, None).columns) == len(table.columns) - 1


def test_the_note_on_tails_and_caps_says_only_what_was_computed() -> None:
    def note(accidents: list[float], money: list[float]) -> str:
        limits = np.array([accidents, money]).T[:, np.newaxis, np.newaxis, :, np.newaxis]
        dims = ("alternative", "group", "side", "measure", "leave")
        names = ["accidents_exceeding", "money_uncovered"]
        coords = {"group": ["all"], "side": ["after_sublimits"], "measure": names, "leave": [0.1]}
        return sensitivity_note(xr.Dataset({"smallest_limit": (dims, limits)}, coords=coords))

    assert "2.0-fold apart for accidents and 50-fold for money: how often" in note([4.0, 2.0], [100.0, 2.0])
    assert note([4.0, 2.0], [4.0, 2.0]).endswith("2.0-fold apart for accidents and 2.0-fold for money.")
    assert "fold" not in note([4.0, 2.0], [4.0, np.nan])


def test_a_share_has_the_decimals_of_its_error() -> None:
    assert (share_with_error(0.98491, 0.00027).text, share_with_error(0.98491, 0.00027).error) == (
        "98.49\u00a0%",
        "± 0.03\u00a0%",
    )
    assert share_with_error(0.8123, 0.043).text == "81\u00a0%"
    assert share_with_error(0.25, float("nan")).error == ""


@pytest.mark.parametrize(
    ("amount", "text"), [(1e7, "10"), (2.5e6, "2.5"), (0.0, "none"), (1.15e8, "115"), (1e9, "1,000")]
)
def test_an_amount_that_somebody_wrote_has_no_digits_that_nobody_wrote(amount: float, text: str) -> None:
    assert given(amount).text == text


def test_whole_numbers_of_a_rule_have_separators() -> None:
    assert grouped("10000 people; else 0.12345") == "10,000 people; else 0.12345"


def test_rates_in_a_thousand_years_say_so_in_their_heads() -> None:
    frequency = group("frequency")
    section = frequency_section(zone_tree())
    table = table_of(section, "How each plant's rate came about")
    at = [c.label for c in table.columns].index("On site")
    assert table.columns[at].unit == "in 1,000 years"
    assert sum(row[at].value or 0 for row in table.rows) == pytest.approx(
        1000 * float(frequency["expected_accidents"].sum())
    )


def test_parts_of_a_plants_difference_from_the_tariff_add_up_as_printed() -> None:
    table = table_of(premium_section(zone_tree()), "Where single plants differ most")
    for place in range(1, len(table.columns)):
        *parts, total = (float(row[place].value or 0) for row in table.rows)
        assert sum(parts) == pytest.approx(total)


def test_all_policies_together_have_both_errors() -> None:
    table = table_of(premium_section(zone_tree()), "Premium of every insured plant")
    assert table.rows[-1][2].error.startswith("± ")
    assert " to " in table.rows[-1][3].text


def test_a_level_of_gb_18218_that_is_not_determined_has_no_status_that_reads_like_a_confirmation() -> None:
    grading = group("grading")
    level = dict(zip(grading["plant"].values.astype(str), grading["hazard_level"].values, strict=True))
    assert min(level.values()) < 0 <= max(level.values())
    for row in grades_table(grading).rows:
        assert bool(row[-1].status) == (level[row[0].text] >= 0)
        assert not row[-1].text.endswith("at least 0")


def test_the_own_history_is_told_with_what_it_moves() -> None:
    history = xr.Dataset(
        {
            name: ("place", np.array(values))
            for name, values in {
                "plants": [34.0, 7.0],
                "plant_years": [396.0, 83.0],
                "observed": [11.0, 1.0],
                "expected": [3.15, 3.02],
                "probability": [0.0013, 0.28],
                "common_before": [1.0, 2.5e-7],
                "common_before_low": [0.3, 5e-8],
                "common_before_high": [3.3, 1.25e-6],
                "common_after": [2.75, 1.32e-7],
                "common_after_low": [1.53, 4.1e-8],
                "common_after_high": [4.75, 3.9e-7],
            }.items()
        },
        coords={"place": np.array(["site", "road"])},
    )
    part = own_history_part(history)
    assert part.table is not None
    site, road = ([cell.text for cell in row] for row in part.table.rows)
    assert site[:4] == ["On site", "11", "3.15", "0.13 %".replace(" ", "\u00a0")]
    assert (site[4], site[5]) == ("1.0", "2.8")
    # a rate of a kilometre is told of a million
    assert (road[4], road[5], road[6]) == ("0.25", "0.13", "accidents in a million loaded kilometres")
    assert part.table.rows[1][4].note == "0.0500 to 1.25"


def test_sources_of_release_without_equipment_are_told_as_such() -> None:
    shares = xr.Dataset(
        {
            "modelled": ("release_source", [0.6, 0.4, np.nan]),
            "reported": (("release_source", "slice"), [[0.25, 0.27], [0.05, 0.04], [0.2, 0.2]]),
            "reported_of_matched": (("release_source", "slice"), [[0.8, 0.9], [0.2, 0.1], [np.nan, np.nan]]),
        },
        coords={"release_source": ["piping", "pump", "valve"], "slice": ["all, all", "325, 2014-2023"]},
    )
    part = release_sources_part(shares)
    assert part.table is not None
    assert [column.label for column in part.table.columns][2:4] == [
        "Reports, of matched sources (all industries, all years)",
        "Reports, of matched sources (NAICS 325, 2014-2023)",
    ]
    assert part.table.rows[2][1].text == "with its pipe or vessel"
    assert "no validation" in part.note
