# SPDX-License-Identifier: Apache-2.0
"""What a scenario may say of named events, and what is refused."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from greenrisk.resource.named_event_specs import AnyNamedEvent, refuse_twins

ICE: dict[str, Any] = {"kind": "snow_ice", "name": "ice-2008", "date": "2008-01-28", "load": 4.0}
FIRE: dict[str, Any] = {"kind": "wildfire", "name": "fire", "date": "03-20", "size_ha": 100, "stand": "A"}
EVENT: TypeAdapter[AnyNamedEvent] = TypeAdapter(AnyNamedEvent)


def test_a_date_with_or_without_its_year_is_the_same_day() -> None:
    assert EVENT.validate_python(ICE).day == EVENT.validate_python(ICE | {"date": "01-28"}).day == 27
    assert EVENT.validate_python(ICE | {"date": "12-31"}).day == 364
    assert EVENT.validate_python(ICE | {"date": "2008-03-01"}).day == 59


def test_without_a_title_an_event_is_called_by_its_name() -> None:
    assert EVENT.validate_python(ICE).label == "ice-2008"
    assert EVENT.validate_python(ICE | {"title": "Ice storm"}).label == "Ice storm"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (ICE | {"date": "2008-02-29"}, "29 February is none"),
        (ICE | {"date": "13-01"}, "is no day that every year has"),
        (ICE | {"date": "January"}, "should match pattern"),
        (ICE | {"load": 0}, "greater than 0"),
        (ICE | {"gust": 40}, "Extra inputs"),
        (FIRE | {"county": "Leping"}, "Give one of the two"),
        ({key: value for key, value in FIRE.items() if key != "stand"}, "Give one of the two"),
        (FIRE | {"intensity": 1}, "less than 1"),
        (ICE | {"kind": "hail"}, "does not match any of the expected tags"),
    ],
)
def test_events_that_make_no_sense_are_refused(event: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        EVENT.validate_python(event)


def test_two_events_of_one_name_are_refused() -> None:
    one, other = EVENT.validate_python(ICE), EVENT.validate_python(FIRE)
    refuse_twins((one, other))
    with pytest.raises(ValueError, match="2 named events are called ice-2008"):
        refuse_twins((one, other, one))
