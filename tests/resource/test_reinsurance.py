# SPDX-License-Identifier: Apache-2.0
"""What a scenario may say of reinsurance, and what is refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from greenrisk.resource.reinsurance import ReinsuranceSpec

QUOTA: dict[str, Any] = {"kind": "quota_share", "share": 0.3}
LAYER: dict[str, Any] = {"kind": "excess_of_loss", "attachment_cny": 10.0, "limit_cny": 20.0}
SURPLUS: dict[str, Any] = {"kind": "surplus", "retention_cny": 100.0, "lines": 4}
STOP: dict[str, Any] = {"kind": "stop_loss", "attachment": 1.5, "limit": 2.0}


def spec(*covers: dict[str, Any]) -> ReinsuranceSpec:
    return ReinsuranceSpec.model_validate({"covers": covers})


def test_without_covers_nothing_is_of_events() -> None:
    assert spec().of_events == ()
    assert spec(QUOTA, STOP).of_events == ()


def test_covers_of_events_reach_to_the_last_one_that_looks_at_events() -> None:
    found = spec(QUOTA, LAYER, QUOTA, STOP).of_events
    assert [cover.kind for cover in found] == ["quota_share", "excess_of_loss"]


def test_covers_are_called_by_place_and_name() -> None:
    assert spec(QUOTA, LAYER | {"name": "ice"}).labels == ("1 quota share", "2 ice")


@pytest.mark.parametrize(
    ("covers", "words"),
    [
        ((STOP, LAYER), "`excess_of_loss` stands after a `stop_loss`"),
        ((STOP, SURPLUS), "`surplus` stands after a `stop_loss`"),
        ((SURPLUS, SURPLUS), "Add up their lines in one"),
        ((LAYER | {"perils": ["storm", "storm"]},), "names storm 2 times"),
        ((LAYER | {"perils": ["hail"]},), "hail|wildfire"),
        ((LAYER | {"limit_cny": 0},), "greater than 0"),
        ((QUOTA | {"share": 1},), "less than 1"),
        ((LAYER | {"reinstatements": {"count": 0}},), "greater than or equal to 1"),
    ],
)
def test_covers_that_make_no_sense_are_refused(covers: tuple[dict[str, Any], ...], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        spec(*covers)


def test_a_cover_of_a_peril_that_is_not_insured_is_refused() -> None:
    found = spec(LAYER | {"name": "ice", "perils": ["snow_ice", "storm"]})
    found.refuse_uninsured(["wildfire", "storm", "snow_ice"])
    with pytest.raises(ValueError, match="The cover 1 ice is for snow_ice, which is not insured"):
        found.refuse_uninsured(["wildfire", "storm"])


def test_the_layer_holds_every_term() -> None:
    (cover,) = spec(
        LAYER
        | {
            "share": 0.5,
            "annual_attachment_cny": 3.0,
            "annual_limit_cny": 40.0,
            "reinstatements": {"count": 1, "rate": 0.5, "pro_rata_time": True},
        }
    ).covers
    assert cover.kind == "excess_of_loss"
    layer = cover.layer()
    assert (layer.limit, layer.attachment, layer.share) == (20.0, 10.0, 0.5)
    assert (layer.annual_attachment, layer.annual_limit) == (3.0, 40.0)
    assert layer.reinstatements is not None
    assert (layer.reinstatements.count, layer.reinstatements.rate) == (1, 0.5)
    assert layer.reinstatements.pro_rata_time
