# SPDX-License-Identifier: Apache-2.0
"""Named events that cannot be are refused with place and mend, all at once."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from greenrisk.core.ledger import Ledger
from greenrisk.resource.forest import TermsSpec
from greenrisk.resource.named_event_checks import named_event_faults, tell_uncovered
from greenrisk.resource.named_event_specs import AnyNamedEvent
from greenrisk.resource.simulation import Perils, resolve
from greenrisk.resource.study import ForestJob

EVENTS: TypeAdapter[tuple[AnyNamedEvent, ...]] = TypeAdapter(tuple[AnyNamedEvent, ...])


@pytest.fixture(scope="module")
def perils(job: ForestJob) -> Perils:
    return resolve(job.exposure, job.plan.variants[0])


def faults(job: ForestJob, perils: Perils, *events: dict[str, Any]) -> list[tuple[Any, str, str, str]]:
    named = EVENTS.validate_python([{"name": f"event-{i}"} | event for i, event in enumerate(events)])
    return named_event_faults(named, job.exposure, perils.laws)


ICE: dict[str, Any] = {"kind": "snow_ice", "date": "2008-01-28", "load": 4.0}
STORM: dict[str, Any] = {"kind": "storm", "date": "07-15", "gust": 40, "heading": 60}
FIRE: dict[str, Any] = {"kind": "wildfire", "date": "03-20", "size_ha": 50, "county": "Leping"}
FLOOD: dict[str, Any] = {"kind": "flood", "date": "06-20", "lon": 117.2, "lat": 29.3, "rain_mm": 400}
DROUGHT: dict[str, Any] = {"kind": "drought", "date": "08-20", "severity": 0.8, "counties": ["Leping"]}
PEST: dict[str, Any] = {
    "kind": "pest", "date": "10-20", "pest": "pine_wilt", "lon": 117.2, "lat": 29.3, "radius_km": 5
}  # fmt: skip


def test_events_that_can_be_have_no_fault(job: ForestJob, perils: Perils) -> None:
    assert faults(job, perils, ICE, STORM, FIRE, FLOOD, DROUGHT, PEST) == []


@pytest.mark.parametrize(
    ("event", "key", "what", "mend"),
    [
        (
            ICE | {"date": "07-01"},
            "date",
            "07-01",
            "Outside the season of its card, day 305 to day 90 of the year.",
        ),
        (ICE | {"load": 7}, "load", "7", "The card knows loads up to 6."),
        (STORM | {"gust": 5}, "gust", "5", "The card knows storms above"),
        (STORM | {"gust": 140}, "gust", "140", "The card knows storms above"),
        (FIRE | {"county": "Lepin"}, "county", "Lepin", "It has: Changjiang, Fuliang, Leping, Zhushan."),
        (FIRE | {"size_ha": 1e7}, "size_ha", "1e+07", "ha of forest."),
        (FLOOD | {"rain_mm": 20}, "rain_mm", "20", "The card knows no damage up to"),
        (
            DROUGHT | {"counties": ["Leping", "Nanchang"]},
            "counties",
            "Nanchang",
            "No such county in the book.",
        ),
        (PEST | {"date": "06-20"}, "date", "06-20", "Outside the season"),
    ],
)
def test_what_cannot_be_is_named_with_its_mend(
    job: ForestJob, perils: Perils, event: dict[str, Any], key: str, what: str, mend: str
) -> None:
    ((path, offender, expected, _),) = faults(job, perils, ICE, event)
    assert path == ("named_events", 1, key)
    assert offender == f"named_events[1].{key} = {what}"
    assert mend in expected


def test_an_unknown_stand_is_refused_with_the_nearest_one(job: ForestJob, perils: Perils) -> None:
    stand = str(job.exposure.book.ids[0])
    fire = {key: value for key, value in FIRE.items() if key != "county"}
    assert faults(job, perils, fire | {"stand": stand}) == []
    ((_, offender, expected, _),) = faults(job, perils, fire | {"stand": f"{stand}x"})
    assert offender == f"named_events[0].stand = {stand}x"
    assert expected.startswith("No such stand. Did you mean `")


def test_an_event_of_a_peril_that_is_not_insured_is_refused(job: ForestJob, perils: Perils) -> None:
    fire_alone = Perils({"wildfire": perils.wildfire})
    ((path, offender, expected, _),) = faults(job, fire_alone, ICE)
    assert (path, offender) == (("named_events", 0, "kind"), "named_events[0].kind = snow_ice")
    assert expected == "This peril is not insured. Add it to `perils`, or leave the event out."


def test_all_faults_are_told_at_once(job: ForestJob, perils: Perils) -> None:
    found = faults(job, perils, ICE | {"date": "07-01", "load": 7}, STORM | {"gust": 5})
    assert [path for path, *_ in found] == [
        ("named_events", 0, "date"),
        ("named_events", 0, "load"),
        ("named_events", 1, "gust"),
    ]


def test_a_season_over_new_year_holds_its_ends(job: ForestJob, perils: Perils) -> None:
    """Day 305 is 1 November; day 455 is 31 March of the next year."""
    for date, wrong in (("11-01", 0), ("10-31", 1), ("12-31", 0), ("01-01", 0), ("03-31", 0), ("04-01", 1)):
        assert len(faults(job, perils, ICE | {"date": date})) == wrong, date


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("04-15", "in the waiting period of 15 days that begins on 04-01"),
        ("04-16", ""),
        ("09-27", ""),  # 30 + 31 + 30 + 31 + 31 days to 31 August, and 27: day 180 of the policy year
        ("09-28", "after the term of 180 days that begins on 04-01"),
        ("03-31", "after the term of 180 days that begins on 04-01"),
    ],
)
def test_a_day_that_the_policy_does_not_cover_is_told(date: str, told: str) -> None:
    terms = TermsSpec.model_validate(
        {"deductible": {"preset": "none"}, "inception": "04-01", "waiting_days": 15, "term_days": 180}
    )
    events = EVENTS.validate_python([FIRE | {"name": "spring", "date": date}])
    ledger = Ledger()
    tell_uncovered(events, terms, ledger)
    assert [told in entry.detail for entry in ledger] == ([True] if told else [])
