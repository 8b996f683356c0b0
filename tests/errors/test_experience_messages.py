# SPDX-License-Identifier: Apache-2.0
"""What a user reads when own experience is at fault, or when a peril that is not insured is priced somewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Refusal = Callable[..., str]
Edit = Callable[..., None]
Write = Callable[[str], None]

YEARS = """\
year,insured_mu,sum_insured_cny,premium_cny,paid_cny,outstanding_cny
2024,480,310000,900,300,0
2025,490,315000,910,0,0
2026,495,319500,920,100,50
"""

BY_PERIL = """\
year,peril,insured_mu,sum_insured_cny,premium_cny,paid_cny,outstanding_cny
2026,wildfire,495,319500,920,100,50
2026,snow_ice,495,319500,920,0,0
"""


@pytest.fixture
def insert(edit: Edit) -> Write:
    """Return a function that puts lines before `subsidy` of the small scenario, from line 15 on."""
    return lambda lines: edit("subsidy:\n", f"{lines}\nsubsidy:\n")


@pytest.fixture
def own(folder: Path, insert: Write) -> Write:
    """Return a function that gives the small scenario a table of own years."""

    def give(table: str) -> None:
        (folder / "own.csv").write_text(table, encoding="utf-8")
        insert("experience: {table: own.csv}")

    return give


def test_more_paid_than_incurred(refusal: Refusal, own: Write) -> None:
    own(YEARS.replace("outstanding", "incurred"))
    assert refusal() == (
        "own.csv:2  2024, all: paid_cny = 300, incurred_cny = 0\n"
        "  Incurred is paid and outstanding, so that no more can be paid. Are the columns swapped?  [CNY]\n"
        "own.csv:4  2026, all: paid_cny = 100, incurred_cny = 50\n"
        "  Incurred is paid and outstanding, so that no more can be paid. Are the columns swapped?  [CNY]\n"
        "2 faults.\n"
    )


def test_a_year_that_is_missing(refusal: Refusal, own: Write) -> None:
    own(YEARS.replace("2025,490,315000,910,0,0\n", ""))
    assert refusal() == (
        "own.csv  no row of 2025\n"
        "  Years must follow each other: one that is left out is mostly not one like the others. Add it, with 0 where"
        " nothing was paid.  [year]\n"
        "1 fault.\n"
    )


def test_more_insured_than_the_book_holds(refusal: Refusal, own: Write) -> None:
    own(YEARS.replace("2024,480,310000", "2024,900,590000"))
    assert refusal() == (
        "own.csv:2  2024: insured_mu = 900\n"
        "  More than 1.5 times the 495 mu of the book. Is it the experience of another portfolio, or the area not in"
        " mu?  [mu]\n"
        "1 fault.\n"
    )


def test_a_negative_payment_is_told_with_its_row(refusal: Refusal, own: Write) -> None:
    own(YEARS.replace("300,0", "-300,0"))
    assert refusal() == (
        "own.csv:2  paid_cny = -300\n"
        "  Must be >= 0.  [CNY]\n"
        "1 fault. `greenrisk show table experience` lists its columns.\n"
    )


def test_a_table_of_experience_that_is_not_there(refusal: Refusal, insert: Write) -> None:
    insert("experience: {table: bok.csv}")
    assert refusal() == (
        "scenario.yaml:15:14  experience.table = bok.csv\n"
        "  No such table, neither beside the scenario nor in the data package. Did you mean `book.csv`?\n"
        "1 fault.\n"
    )


def test_a_triangle_that_stands_at_another_day(refusal: Refusal, folder: Path, insert: Write) -> None:
    (folder / "own.csv").write_text(YEARS, encoding="utf-8")
    triangle = "year,age,paid_cny,outstanding_cny\n2025,1,0,0\n2026,1,100,40\n"
    (folder / "triangle.csv").write_text(triangle, encoding="utf-8")
    insert("experience: {table: own.csv, triangle: triangle.csv}")
    assert refusal() == (
        "triangle.csv:3  2026: 140 incurred at the latest age, 150 in own.csv\n"
        "  Both tables must stand at the same day and hold the same perils.  [CNY]\n"
        "1 fault.\n"
    )


def test_a_review_without_years(refusal: Refusal, insert: Write) -> None:
    insert("rate_review: {period: 3}")
    assert refusal() == (
        "scenario.yaml:15:1  rate_review\n"
        "  A review needs the years that it reviews: give `experience` with its `table`.\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


def test_a_cover_of_a_peril_that_is_not_insured(refusal: Refusal, insert: Write) -> None:
    insert(
        "reinsurance:\n"
        "  covers:\n"
        "  - {kind: excess_of_loss, name: ice, perils: [snow_ice], attachment_cny: 1000, limit_cny: 2000}"
    )
    assert refusal() == (
        "scenario.yaml:15:1  reinsurance\n"
        "  The cover 1 ice is for snow_ice, which is not insured. Take it out of its `perils`, or insure the peril.\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


def test_a_named_event_of_a_peril_that_is_not_insured(refusal: Refusal, insert: Write) -> None:
    insert(
        "named_events:\n  - {kind: storm, name: gale, date: 07-15, gust: 30, heading: 90, source: a judgement}"
    )
    assert refusal() == (
        "scenario.yaml:16:6  named_events[0].kind = storm\n"
        "  This peril is not insured. Add it to `perils`, or leave the event out.\n"
        "1 fault.\n"
    )


def test_two_named_events_of_one_name(refusal: Refusal, insert: Write) -> None:
    fire = "{kind: wildfire, name: spring, date: 03-20, size_ha: 20, stand: S1, source: a judgement}"
    insert(f"named_events:\n  - {fire}\n  - {fire}")
    message = refusal()
    assert message.startswith("scenario.yaml:15:1  named_events = [")
    assert message.endswith(
        "\n  2 named events are called spring. Give each its own name.\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


def test_a_rate_in_force_that_was_charged_for_a_peril_which_is_not_insured(
    refusal: Refusal, own: Write, insert: Write
) -> None:
    """Its losses can be left out, which the ledger says; the premium cannot be taken apart."""
    own(BY_PERIL)
    insert("rate_review: {period: 1}")
    assert refusal() == (
        "scenario.yaml:15:14  own.csv: rows of snow_ice, which is not insured\n"
        "  Its premium was charged for this peril too, so that premium over sum insured is not the rate in force of"
        " the insured perils. Give that as rate_review.current_rate_per_mille, or insure the peril.  [per mille]\n"
        "1 fault.\n"
    )


def test_the_same_with_the_rate_of_the_insured_perils_is_accepted(
    folder: Path, own: Write, insert: Write
) -> None:
    from click.testing import CliRunner

    from greenrisk.cli.main import cli

    own(BY_PERIL)
    insert("rate_review: {period: 1, current_rate_per_mille: 2.0}")
    result = CliRunner().invoke(cli, ["validate", "scenario.yaml"])
    assert result.exit_code == 0, result.output


def test_a_year_that_stands_there_twice(refusal: Refusal, own: Write) -> None:
    own(YEARS + "2025,490,315000,910,10,0\n")
    assert refusal() == (
        "own.csv:5  2025, all: also in row 3\n"
        "  One row a year and peril. Add them up, or keep one.\n"
        "1 fault.\n"
    )


def test_rows_are_those_of_the_file_where_some_are_blank(refusal: Refusal, own: Write) -> None:
    own(YEARS.replace("2026,495", "\n2026,900"))
    assert refusal().startswith("own.csv:5  2026: insured_mu = 900\n")


def test_a_year_that_is_not_over(refusal: Refusal, own: Write) -> None:
    own(YEARS + "2027,495,319500,920,0,0\n")
    assert refusal() == (
        "own.csv:5  year = 2027\n"
        "  Experience ends before the underwriting year, 2027. Leave the year out.  [year]\n"
        "1 fault.\n"
    )


def test_what_is_wrong_in_many_rows_is_counted_after_the_tenth(refusal: Refusal, own: Write) -> None:
    rows = "".join(f"{year},480,310000,900,300,0\n" for year in range(2014, 2027))
    own(YEARS.splitlines()[0].replace("outstanding", "incurred") + "\n" + rows)
    message = refusal()
    assert message.count("so that no more can be paid") == 10
    assert message.startswith("own.csv:2  2014, all: paid_cny = 300, incurred_cny = 0\n")
    assert message.endswith("own.csv  ... and 3 more\n  Of the same kind.  [CNY]\n11 faults.\n")


TRIANGLE = "year,age,paid_cny,outstanding_cny\n"


@pytest.fixture
def triangle(folder: Path, insert: Write) -> Write:
    """Return a function that gives the small scenario own years with a triangle."""
    (folder / "own.csv").write_text(YEARS, encoding="utf-8")
    insert("experience: {table: own.csv, triangle: triangle.csv}")
    return lambda rows: (folder / "triangle.csv").write_text(TRIANGLE + rows, encoding="utf-8") and None


def test_a_triangle_of_single_years_that_were_not_summed_up(refusal: Refusal, triangle: Write) -> None:
    triangle("2024,1,200,50\n2024,2,90,10\n2024,3,300,0\n2025,1,0,0\n2025,2,0,0\n2026,1,100,50\n")
    assert refusal() == (
        "triangle.csv:3  2024, age 2: paid_cny = 90, at age 1 200\n"
        "  What was paid up to an age cannot fall. Are these the payments of single years? Sum them up; what was"
        " recovered stays in the payments.  [CNY]\n"
        "1 fault.\n"
    )


def test_a_triangle_whose_years_end_at_different_days(refusal: Refusal, triangle: Write) -> None:
    triangle(
        "2024,1,200,50\n2024,2,300,0\n2025,1,0,0\n2025,2,0,0\n2025,3,0,0\n2026,1,100,50\n2026,2,100,50\n"
    )
    assert refusal() == (
        "triangle.csv:3  2024: known up to age 2\n"
        "  All years stand at the same day: give this one up to age 3, or take the later ages of the others out."
        "  [year]\n"
        "1 fault.\n"
    )


def test_a_triangle_that_is_cut_at_its_last_age_is_accepted(folder: Path, triangle: Write) -> None:
    from click.testing import CliRunner

    from greenrisk.cli.main import cli

    triangle("2024,1,200,50\n2024,2,300,0\n2025,1,0,0\n2025,2,0,0\n2026,1,100,50\n")
    result = CliRunner().invoke(cli, ["validate", "scenario.yaml"])
    assert result.exit_code == 0, result.output


def test_a_triangle_of_one_year(refusal: Refusal, triangle: Write) -> None:
    triangle("2026,1,100,50\n")
    assert refusal() == (
        "triangle.csv  1 year and 1 age\n"
        "  Development needs two years and two ages at least. Leave the triangle out.  [year]\n"
        "1 fault.\n"
    )


def test_a_review_of_more_years_than_there_are_is_refused_before_the_run(
    refusal: Refusal, own: Write, insert: Write
) -> None:
    own(YEARS)
    insert("rate_review: {period: 4}")
    assert refusal("run", "scenario.yaml") == (
        "scenario.yaml:16:15  rate_review.period = 4, 3 years of experience\n"
        "  Give more years, or review a shorter period.  [year]\n"
        "1 fault.\n"
    )


def test_a_factor_of_a_year_that_was_not(refusal: Refusal, own: Write, insert: Write) -> None:
    own(YEARS)
    insert("rate_review:\n  terms_factors: {2025: 1.1, 2019: 0.9}")
    assert refusal() == (
        "scenario.yaml:17:30  rate_review.terms_factors.2019 = 0.9\n"
        "  The experience runs from 2024 to 2026: leave this factor out.  [unitless]\n"
        "1 fault.\n"
    )


def test_a_review_of_an_unknown_rate(refusal: Refusal, own: Write, insert: Write) -> None:
    own("\n".join(",".join(row.split(",")[:3] + row.split(",")[4:]) for row in YEARS.splitlines()) + "\n")
    insert("rate_review: {period: 3}")
    assert refusal() == (
        "scenario.yaml:16:1  rate_review.no current_rate_per_mille\n"
        "  The premium of 2026 is not known: write the gross rate in force here, or the premium in the table."
        "  [per mille]\n"
        "1 fault.\n"
    )


def test_a_rate_in_force_in_another_unit(refusal: Refusal, own: Write, insert: Write) -> None:
    own(YEARS)
    insert("rate_review: {current_rate_per_mille: 0.288}")
    assert refusal() == (
        "scenario.yaml:16:15  rate_review.current_rate_per_mille = 0.288\n"
        "  In 2026 the premium was 2.879 per mille of the sum insured. Is the rate in per mille, not in per cent, and"
        " the premium in CNY?  [per mille]\n"
        "1 fault.\n"
    )
