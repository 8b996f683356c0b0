# SPDX-License-Identifier: Apache-2.0
"""Charts of a zone: cells hold the right plants, bars add up, titles follow the numbers, odd results still draw."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import numpy as np
import pytest
import xarray as xr
from zone_pages import zone_tree

from greenrisk.report.charts.china_accidents import china_accidents_chart
from greenrisk.report.charts.claims_timeline import claims_cash_chart, claims_timeline_chart
from greenrisk.report.charts.exceedance import exceedance_chart
from greenrisk.report.charts.frequency_sources import frequency_sources_chart
from greenrisk.report.charts.grade_matrix import grade_matrix_chart
from greenrisk.report.charts.grades import CHINESE, GRADE_COLOURS, LETTERS, ON_GRADE
from greenrisk.report.charts.limit_curves import limit_curves_chart
from greenrisk.report.charts.loss_heads import PARTS, loss_heads_chart
from greenrisk.report.charts.payers import payers_chart
from greenrisk.report.charts.plate import Chart
from greenrisk.report.charts.severity_alternatives import severity_alternatives_chart
from greenrisk.report.charts.tariff_difference import tariff_difference_chart
from greenrisk.report.charts.zone_alternatives import zone_alternatives_chart
from greenrisk.report.charts.zone_map import Ground, zone_map_chart
from greenrisk.report.pages.zone_loss_sections import COST, PAID


def group(path: str) -> xr.Dataset:
    return zone_tree()[path].to_dataset()


CHARTS: dict[str, Callable[[], Chart]] = {
    "air": lambda: grade_matrix_chart(group("grading"), "air"),
    "water": lambda: grade_matrix_chart(group("grading"), "water"),
    "map": lambda: zone_map_chart(group("plants"), group("receptors"), group("outlets")),
    "heads": lambda: loss_heads_chart(group("heads")),
    "cost": lambda: exceedance_chart(group("curves"), "ground_up", COST),
    "paid": lambda: exceedance_chart(group("curves"), "insured", PAID),
    "limit": lambda: limit_curves_chart(group("limit_adequacy"), group("plants")["limit"].values),
    "payers": lambda: payers_chart(group("who_pays")),
    "tariff": lambda: tariff_difference_chart(group("tariff_difference"), group("tariff")),
    "claims": lambda: claims_timeline_chart(group("claims_timeline")),
    "cash": lambda: claims_cash_chart(group("claims_cash")),
    "sources": lambda: frequency_sources_chart(group("frequency_alternatives")),
    "severity": lambda: severity_alternatives_chart(group("severity_alternatives")),
    "alternatives": lambda: zone_alternatives_chart(group("alternatives"), {"gross_premium": 1e5}),
    "china": lambda: china_accidents_chart(group("checks/china_accidents"), group("checks/accident_losses")),
}


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_of_a_zone_is_well_formed_small_and_tells_values(name: str) -> None:
    chart = CHARTS[name]()
    for svg in (chart.wide, chart.narrow):
        root = ElementTree.fromstring(svg)
        assert root.get("aria-label") == chart.alt
        spots = [e for e in root.iter() if e.get("class") == "hit"]
        assert spots
        assert all(spot.find("title") is not None for spot in spots)
        assert "nan" not in svg.lower().replace("manan", "")
        assert len(svg) < 300_000
    assert chart.title
    assert chart.table.rows
    assert all(len(row) == len(chart.table.columns) for row in chart.table.rows)


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours by WCAG 2.2."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((light(first), light(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("grade", GRADE_COLOURS)
def test_text_upon_a_grade_can_be_read_in_light_and_dark(grade: str) -> None:
    assert contrast(GRADE_COLOURS[grade], ON_GRADE[grade]) >= 3.5


def test_every_grade_has_a_letter_of_its_own_and_its_chinese_word() -> None:
    assert len(set(LETTERS.values())) == len(GRADE_COLOURS) == len(set(GRADE_COLOURS.values()))
    assert CHINESE["general"] + CHINESE["larger"] + CHINESE["major"] == "一般较大重大"


@pytest.mark.parametrize("medium", ["air", "water"])
def test_the_cells_hold_as_many_plants_as_the_result_counts(medium: str) -> None:
    grading = group("grading")
    counted = grading["plants_in_cell"].sel(medium=medium).values
    chart = grade_matrix_chart(grading, medium)
    told = [e.text or "" for e in ElementTree.fromstring(chart.wide).iter("title")]
    for q in range(1, 4):
        for m in range(4):
            for e in range(3):
                cell = f"Q{q}-M{m + 1}-E{e + 1}: "
                text = next(t for t in told if t.startswith(cell))
                assert (f"{counted[q, m, e]} plants" in text) == (counted[q, m, e] > 0)
    assert sum(counted[1:].ravel()) == sum(int(t.split("; ")[1].split()[0]) for t in told if "plants: " in t)


def test_more_plants_than_a_cell_can_name_are_counted_in_it() -> None:
    grading = group("grading").isel(plant=[0] * 9)
    grading = grading.assign_coords(plant=[f"P{i}" for i in range(9)])
    texts = [
        "".join(e.itertext())
        for e in ElementTree.fromstring(grade_matrix_chart(grading, "air").wide).iter("text")
    ]
    assert "9" in texts
    assert "P0" not in texts


def test_every_cell_bears_its_word_beside_its_colour() -> None:
    root = ElementTree.fromstring(grade_matrix_chart(group("grading"), "water").wide)
    texts = ["".join(e.itertext()) for e in root.iter("text")]
    matrix = group("grading")["matrix"].values[1:]
    for code, word in enumerate(("一般", "较大", "重大")):
        assert texts.count(word) == int((matrix == code).sum())


def test_the_map_is_in_kilometres_about_the_middle_of_the_zone() -> None:
    # a tenth of a degree of latitude is 11.1 km; of longitude at 29 degrees north 11.1 km times cos 29 = 9.73 km
    receptors = xr.Dataset(
        {
            "lon": ("plant", [117.0, 117.1, 117.0]),
            "lat": ("plant", [29.0, 29.0, 29.1]),
            "in_zone": ("plant", [True, False, False]),
        },
        coords={"plant": ["A", "B", "C"]},
    )
    outlets = xr.Dataset(
        {
            "plant": ("outlet", ["A", "B"]),
            "drinking_water_10km": ("outlet", [False, False]),
            "sensitive_water_10km": ("outlet", [True, False]),
        }
    )
    ground = Ground.of(receptors, outlets)
    assert ground.x == pytest.approx([0, 9.73, 0], abs=0.02)
    assert ground.y == pytest.approx([0, 0, 11.12], abs=0.02)
    assert ground.near.tolist() == [True, False, False]
    assert ground.outlet.tolist() == [2, 1, 0]


def heads() -> xr.Dataset:
    reasons = ["no_policy", "deductible", "sublimit", "accident_limit", "gradual"]
    return xr.Dataset(
        {
            "accidents": ("head", [0.1, 0.2]),
            "ground_up": ("head", [100e3, 300e3]),
            "insured": ("head", [40e3, 40e3]),
            "uninsured": (
                ("head", "reason"),
                [[10e3, 20e3, 10e3, 20e3, 0.0], [60e3, 20e3, 80e3, 90e3, 10e3]],
            ),
        },
        coords={"head": ["clean_up", "emergency_response"], "reason": reasons},
    )


def test_the_title_of_the_heads_says_what_is_paid_and_why_most_of_the_rest_is_not() -> None:
    # paid 80 of 400: 20 %; above a limit 10 + 20 + 80 + 90 = 200 of the other 320: 62.5 %, even as Python rounds
    chart = loss_heads_chart(heads())
    assert chart.title.replace("\u00a0", " ") == (
        "Of an expected loss of CNY 400,000 a year the policies pay 20 %; of the rest, 62 % is lost above a limit"
    )


def test_the_parts_of_a_head_gather_every_reason_once() -> None:
    from greenrisk.pollution.liability.terms import REASONS

    gathered = [reason for _, reasons in PARTS.values() for reason in reasons]
    assert sorted(gathered) == sorted(REASONS)


def test_insured_and_uninsured_add_up_in_the_numbers_behind_the_heads() -> None:
    table = loss_heads_chart(heads()).table
    for row in table.rows:
        loss, paid, *rest = (float(cell.value or 0) for cell in (row[2], row[3], *row[5:]))
        assert paid + sum(rest) == pytest.approx(loss)
    assert table.rows[-1][0].text == "All heads"


def test_the_cap_and_the_threshold_are_told_by_their_factors() -> None:
    # caps: 300 / 100 = 3.0 under p80, 200 / 100 = 2.0 under p90; thresholds: 300 / 200 = 1.5
    dims = ("threshold", "cap", "head")
    data = xr.Dataset(
        {
            "pure_premium": (dims, np.array([[[300e3], [200e3], [100e3]], [[200e3], [150e3], [100e3]]])),
            "tail_shape": (("threshold", "head"), [[1.34], [0.45]]),
            "mean_is_infinite": (("threshold", "head"), [[True], [False]]),
            "cap_amount": ("cap", [1e9, 5e7, 5e6]),
        },
        coords={
            "threshold": ["p80", "p90"],
            "cap": ["physical", "asset", "policy"],
            "head": ["third_party_property"],
        },
    )
    chart = severity_alternatives_chart(data)
    assert chart.title == (
        "The cap moves the expected loss by a factor of 3.0, the threshold of the tail by 1.5; the shape of "
        "third-party property moves from 1.34 to 0.45"
    )
    assert "no finite mean" in chart.note


def test_the_sources_of_frequency_are_told_by_their_spread() -> None:
    # 0.6 / 0.05 = 12
    data = xr.Dataset(
        {"accidents": ("alternative", [0.3, 0.6, 0.05]), "plants": ("alternative", [3, 3, 2])},
        coords={"alternative": ["pooled", "activity", "equipment"]},
    )
    assert frequency_sources_chart(data).title == (
        "The sources of frequency disagree by a factor of 12: from 0.0500 (leaks of equipment) to 0.600 (judged by "
        "activity) accidents a year"
    )


def test_the_question_that_moves_the_loss_most_gives_the_title() -> None:
    data = xr.Dataset(
        {
            "value": (("alternative", "quantity"), [[90e3], [200e3], [99e3], [101e3]]),
            "question": ("alternative", ["tail and cap"] * 2 + ["reading of the grading"] * 2),
            "answer": ("alternative", ["p80, policy", "p80, physical", "M4 from 60", "M4 from 65"]),
        },
        coords={"quantity": ["average_annual_loss_ground_up"]},
    )
    chart = zone_alternatives_chart(data, {"average_annual_loss_ground_up": 100e3})
    assert chart.title.replace("\u00a0", " ") == (
        "The choice that moves the expected loss most is where the tail begins and what caps a loss: CNY 90,000 to "
        "200,000 a year"
    )
    assert chart.table.rows[0][1].text == "tail from the 80 % quantile, capped by the limit of the cover"


def china() -> tuple[xr.Dataset, xr.Dataset]:
    accidents = xr.Dataset(
        {
            "direct_loss": ("accident", [1e6, 1e8, 1e10]),
            "exceeded": ("accident", [0.05, 0.001, 0.0]),
            "standard_error": ("accident", [0.001, 0.0001, 0.0]),
            **{
                name: ("accident", [f"{name} {i}" for i in range(3)])
                for name in ("date", "place", "company", "mechanism", "sort", "source")
            },
            "compared": ("accident", ["yes", "bound", "no"]),
            "status": ("accident", ["confirmed", "unconfirmed", "confirmed"]),
        }
    )
    losses = xr.Dataset(
        {"quantile": (("part", "probability"), [[0.0, 5e5, 2e7]])},
        coords={"part": ["direct_loss"], "probability": [0.5, 0.9, 0.99]},
    )
    return accidents, losses


def test_only_sudden_releases_are_compared_with_the_model() -> None:
    chart = china_accidents_chart(*china())
    assert chart.title.replace("\u00a0", " ") == (
        "Compared with 2 sudden releases in China: 0.10 % to 5.0 % of the model's accidents cost more than they did"
    )
    assert [row[3].text for row in chart.table.rows] == ["no", "yes, as a bound", "yes"]


def test_who_pays_is_told_with_how_often_an_operator_cannot() -> None:
    data = xr.Dataset(
        {
            "amount": (("group", "payer"), [[20e3, 30e3, 50e3]]),
            "share": (("group", "payer"), [[0.2, 0.3, 0.5]]),
            "loss": ("group", [100e3]),
            "public_to_persons": ("group", [10e3]),
            "insolvencies": ("group", [0.004]),
            "standard_error": ("payer", [1e3, 1e3, 1e3]),
        },
        coords={"group": ["all"], "payer": ["insurer", "operator", "public_purse"]},
    )
    assert payers_chart(data).title.replace("\u00a0", " ") == (
        "Insurers bear 20 % of the loss, operators 30 %, the public purse or nobody 50 %; an operator cannot pay once "
        "in 250 years"
    )


def test_the_difference_from_the_tariff_is_shared_out_without_a_rest() -> None:
    chart = tariff_difference_chart(group("tariff_difference"), group("tariff"))
    *parts, total = (float(row[1].value or 0) for row in chart.table.rows)
    assert sum(parts) == pytest.approx(total, rel=1e-9)


def test_days_between_which_lines_are_straight_are_not_drawn() -> None:
    cash = group("claims_cash")
    assert len(claims_cash_chart(cash).wide) < 100_000
    first = {p: float(cash["first_payment"].sel(path=p)) for p in cash["path"].values}
    table = claims_cash_chart(cash).table
    at = [c.label for c in table.columns].index("First payment of the insurer")
    assert [row[at].value for row in table.rows] == list(first.values())


def test_the_usual_limit_is_told_with_what_it_leaves() -> None:
    grid = np.array([1e6, 5e6, 1e7])
    share = np.array([0.5, 0.125, 0.05])
    sides = ["before_sublimits", "after_sublimits"]
    measures = ("accidents_exceeding", "money_uncovered", "plant_years_exceeding")
    found = xr.Dataset(
        {
            name: (("group", "side", "limit"), np.broadcast_to(value, (1, 2, 3)).copy())
            for measure in measures
            for name, value in ((measure, share), (f"{measure}_standard_error", 0.01 * share))
        },
        coords={"group": ["all"], "side": sides, "limit": grid},
    )
    title = limit_curves_chart(found, np.array([0.0, 4e6, 5e6, 6e6])).title.replace("\u00a0", " ")
    assert title == (
        "A limit of CNY 5.00 million, the middle one in force, does not pay 13 % of accidents in full and leaves 13 % "
        "of the money unpaid"
    ) or title == (
        "A limit of CNY 5.00 million, the middle one in force, does not pay 12 % of accidents in full and leaves 12 % "
        "of the money unpaid"
    )


def test_a_limit_that_is_not_the_middle_one_in_force_says_which_that_is() -> None:
    adequacy = group("limit_adequacy")
    title = limit_curves_chart(adequacy, np.array([0.0, 3e6, 4e6])).title.replace("\u00a0", " ")
    assert "(next on the grid to the middle one in force, CNY 3.50 million)" in title
