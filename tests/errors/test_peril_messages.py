# SPDX-License-Identifier: Apache-2.0
"""What a user reads when perils, their cards or the policy period are at fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from greenrisk.core.library import find

Refusal = Callable[..., str]
Edit = Callable[..., None]

LAST_LINE = "    size: fire-size-jiangxi\n"
"""Perils are added below line 12; their cards stand on line 14."""


@pytest.fixture
def add(edit: Edit) -> Callable[[str], None]:
    """Return a function that adds lines to the perils of the small scenario."""
    return lambda lines: edit(LAST_LINE, LAST_LINE + lines)


@pytest.fixture
def own_card(folder: Path, add: Callable[[str], None]) -> Callable[[str, str, str], None]:
    """Return a function that insures a peril by a copy of its shipped card in which a pattern is replaced."""

    def spoil(name: str, pattern: str, new: str) -> None:
        shipped = find("models", name)
        assert shipped is not None
        text, times = re.subn(pattern, new, shipped.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert times == 1, f"{pattern} stands {times} times in {name}"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        kind = name.removesuffix("-judged").replace("-", "_")
        add(f"  - kind: {kind}\n    card: ./{name}.yaml\n")

    return spoil


Add = Callable[[str], None]
OwnCard = Callable[[str, str, str], None]


@pytest.mark.parametrize(("kind", "start"), [("wildfire", 1), ("storm", 2)])
def test_a_peril_that_stands_there_twice(refusal: Refusal, add: Add, kind: str, start: int) -> None:
    add(f"  - kind: {kind}\n" * start)
    message = refusal()
    assert message.startswith("scenario.yaml:10:1  perils = [{kind: wildfire, size: fire-size-jiangxi}, ")
    assert message.endswith(
        f"\n  {kind} stands there 2 times; each peril is insured once.\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


def test_no_wildfire(refusal: Refusal, edit: Edit) -> None:
    edit("  - kind: wildfire\n" + LAST_LINE, "  - kind: storm\n")
    assert refusal() == (
        "scenario.yaml:10:1  perils = [{kind: storm}]\n"
        "  wildfire is missing: it is the peril that the study is built around.\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


def test_a_peril_whose_card_is_not_there(refusal: Refusal, add: Add) -> None:
    add("  - kind: storm\n    card: storm-jugded\n")
    assert refusal() == (
        "scenario.yaml:14:5  perils[1].card = storm-jugded\n"
        "  Unknown card. Did you mean `storm-judged`? Cards for storm.peril: `storm-judged`.\n"
        "1 fault.\n"
    )


def test_a_peril_with_the_card_of_another(refusal: Refusal, add: Add) -> None:
    add("  - kind: storm\n    card: flood-judged\n")
    assert refusal() == (
        "scenario.yaml:14:5  perils[1].card = flood-judged\n"
        "  This card is for flood.peril; a card for storm.peril is needed."
        " Cards for storm.peril: `storm-judged`.\n"
        "1 fault.\n"
    )


def test_a_peril_left_without_a_card(refusal: Refusal, add: Add) -> None:
    add("  - kind: storm\n    card:\n")
    assert refusal() == (
        "scenario.yaml:14:5  perils[1].card =\n"
        "  No value is given. Must be text.\n"
        "1 fault. `greenrisk show kind storm` lists its keys.\n"
    )


def test_an_unknown_card_of_the_common_scale(refusal: Refusal, add: Add, edit: Edit) -> None:
    add("  - kind: storm\n")
    edit("terms:\n", "nonfire_cost: one-year\nterms:\n")
    assert refusal() == (
        "scenario.yaml:14:1  nonfire_cost = one-year\n"
        "  Unknown card. Cards for forest.nonfire_scale: `nonfire-cost-jiangxi`.\n"
        "1 fault.\n"
    )


SEASON = (
    "  A season starts on a day from 1 to 365 and ends on that day or later; one over New Year ends on a day above 365"
    " (31 March of the next year is 455).  [day]\n"
    "1 fault.\n"
)


@pytest.mark.parametrize("kind", ["storm", "snow-ice", "drought", "flood", "pest"])
def test_a_season_that_ends_before_it_starts_is_told_with_the_card(
    refusal: Refusal, own_card: OwnCard, kind: str
) -> None:
    own_card(f"{kind}-judged", r"^  season_last_day: \d+", "  season_last_day: 20")
    first = re.search(r"season_first_day: (\d+)", Path(f"{kind}-judged.yaml").read_text(encoding="utf-8"))
    assert first is not None
    assert refusal() == (
        f"scenario.yaml:14:5  card ./{kind}-judged.yaml: season_first_day = {first[1]}, season_last_day = 20\n"
        f"{SEASON}"
    )


def test_a_season_of_fires_that_ends_before_it_starts(refusal: Refusal, folder: Path, edit: Edit) -> None:
    shipped = find("models", "jingdezhen-local")
    assert shipped is not None
    text, times = re.subn(r"(?m)^  season_last_day: \d+", "  season_last_day: 20", shipped.read_text("utf-8"))
    assert times == 1
    (folder / "jingdezhen-local.yaml").write_text(text, encoding="utf-8")
    edit(LAST_LINE, "    local: ./jingdezhen-local.yaml\n")
    first = re.search(r"season_first_day: (\d+)", text)
    assert first is not None
    assert refusal() == (
        f"scenario.yaml:12:5  card ./jingdezhen-local.yaml: season_first_day = {first[1]}, season_last_day = 20\n"
        f"{SEASON}"
    )


def test_a_card_of_a_peril_without_one_of_its_parameters(refusal: Refusal, own_card: OwnCard) -> None:
    own_card("storm-judged", r"^  width:\n(?:    .*\n)+", "")
    assert refusal() == (
        "scenario.yaml:14:5  card storm-judged: no parameter width\n"
        "  A card for storm.peril needs the parameter `width`.\n"
        "1 fault.\n"
    )


def test_a_card_of_a_peril_without_its_season(refusal: Refusal, own_card: OwnCard) -> None:
    own_card("drought-judged", r"^  season_first_day: .*\n", "")
    assert refusal() == (
        "scenario.yaml:14:5  card drought-judged: no constant season_first_day\n"
        "  A card for drought.peril needs the constant `season_first_day`.\n"
        "1 fault.\n"
    )


def test_a_card_of_a_peril_in_another_unit(refusal: Refusal, own_card: OwnCard) -> None:
    own_card("flood-judged", r"^(  rain_excess:\n    value: .*\n)    unit: mm", r"\1    unit: inch")
    assert refusal() == (
        "scenario.yaml:14:5  card flood-judged: rain_excess.unit = inch\n"
        "  The unit must be `mm`; nothing converts it. Convert value and range.\n"
        "1 fault.\n"
    )


def test_a_range_whose_draws_make_no_law_names_card_and_parameter(
    refusal: Refusal, own_card: OwnCard
) -> None:
    """The value itself is good; draws of a normal law as wide as this reach below nothing."""
    own_card(
        "pest-judged",
        r"^(  wilt_growth:\n    value: .*\n(?:    .*\n)*?    range:\n)      distribution: .*\n      low: .*\n",
        r"\1      distribution: normal\n      low: -9\n",
    )
    assert re.fullmatch(
        r"scenario.yaml:14:5  card \./pest-judged\.yaml: wilt_growth = -\d+\.\d+\n"
        r"  It must be a number from 0 to 1000\. This happens within its ranges; narrow them\.\n"
        r"1 fault\.\n",
        refusal(),
    )


@pytest.mark.parametrize("day", ["02-30", "02-29", "04-31"])
def test_an_inception_on_a_day_that_not_every_year_has(refusal: Refusal, edit: Edit, day: str) -> None:
    edit("terms:\n", f"terms:\n  inception: {day}\n")
    month, number = map(int, day.split("-"))
    assert refusal() == (
        f"scenario.yaml:14:3  terms.inception = {day}\n"
        f"  Month {month} has no day {number}; a policy begins on a day that every year has.\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


@pytest.mark.parametrize("day", ["30 Feb", "13-01", "1-1", "2026-04-01x"])
def test_an_inception_that_is_no_month_and_day(refusal: Refusal, edit: Edit, day: str) -> None:
    edit("terms:\n", f"terms:\n  inception: {day}\n")
    assert refusal() == (
        f"scenario.yaml:14:3  terms.inception = {day}\n"
        "  Must be month and day with two figures each, such as `04-01` for 1 April.\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


@pytest.mark.parametrize("waiting", [180, 200])
def test_a_waiting_period_that_leaves_nothing_of_the_term(refusal: Refusal, edit: Edit, waiting: int) -> None:
    edit("terms:\n", f"terms:\n  waiting_days: {waiting}\n  term_days: 180\n")
    assert refusal() == (
        "scenario.yaml:13:1  terms\n"
        f"  The waiting period of {waiting} days leaves nothing of a term of 180 days.\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


def test_a_term_of_more_than_a_year(refusal: Refusal, edit: Edit) -> None:
    edit("terms:\n", "terms:\n  term_days: 366\n")
    assert refusal() == (
        "scenario.yaml:14:3  terms.term_days = 366\n"
        "  Must be >= 1 and <= 365.  [day]\n"
        "1 fault. `greenrisk show kind forest` lists its keys.\n"
    )


def test_a_season_that_ends_before_it_starts_is_told_with_its_card_where_years_are_given_too(
    refusal: Refusal, folder: Path, own_card: OwnCard, edit: Edit
) -> None:
    """Own years are compared with a pilot of the model, which needs the laws of all perils."""
    own_card("storm-judged", r"^  season_last_day: \d+", "  season_last_day: 20")
    years = "year,insured_mu,sum_insured_cny,paid_cny,outstanding_cny\n2026,495,319500,100,0\n"
    (folder / "own.csv").write_text(years, encoding="utf-8")
    edit("terms:\n", "experience: {table: own.csv}\nterms:\n")
    assert refusal() == (
        f"scenario.yaml:14:5  card ./storm-judged.yaml: season_first_day = 91, season_last_day = 20\n{SEASON}"
    )
