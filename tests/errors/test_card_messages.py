# SPDX-License-Identifier: Apache-2.0
"""What a user reads when a model card is at fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Refusal = Callable[..., str]
Edit = Callable[..., None]

CARD = """\
name: my-size
title: My size card
use: wildfire.size
region: nowhere
period: 2009-2021
validity: a test
fitted_by: judgement
parameters:
  body:
    value: 1.5
    unit: ln(ha)
    range: {distribution: normal, low: 1, high: 2, basis: a test}
    source: a test
    status: user
    meaning: Mean of the body.
"""


@pytest.fixture
def card(folder: Path, edit: Edit) -> Callable[[str, str], None]:
    """Return a function that lets the scenario name the user's own card, with one text replaced."""

    def spoil(old: str, new: str) -> None:
        assert CARD.count(old) == 1
        (folder / "my-size.yaml").write_text(CARD.replace(old, new), encoding="utf-8")
        edit("size: fire-size-jiangxi", "size: ./my-size.yaml")

    return spoil


Card = Callable[[str, str], None]


def test_unknown_card(refusal: Refusal, edit: Edit) -> None:
    edit("size: fire-size-jiangxi", "size: fire-size-jiangsu")
    assert refusal() == (
        "scenario.yaml:12:5  perils[0].size = fire-size-jiangsu\n"
        "  Unknown card. Did you mean `fire-size-jiangxi`? Cards for wildfire.size: `fire-size-jiangxi`.\n"
        "1 fault.\n"
    )


def test_card_of_another_use(refusal: Refusal, edit: Edit) -> None:
    edit("size: fire-size-jiangxi", "size: wildfire-jiangxi")
    assert refusal() == (
        "scenario.yaml:12:5  perils[0].size = wildfire-jiangxi\n"
        "  This card is for wildfire.occurrence; a card for wildfire.size is needed."
        " Cards for wildfire.size: `fire-size-jiangxi`.\n"
        "1 fault.\n"
    )


def test_card_of_another_peril(refusal: Refusal, card: Card) -> None:
    card("use: wildfire.size", "use: windstorm.size")
    assert refusal() == (
        "scenario.yaml:12:5  perils[0].size = ./my-size.yaml\n"
        "  This card is for windstorm.size; a card for wildfire.size is needed."
        " Cards for wildfire.size: `fire-size-jiangxi`.\n"
        "1 fault.\n"
    )


def test_own_card_that_is_not_there(refusal: Refusal, edit: Edit) -> None:
    edit("size: fire-size-jiangxi", "size: cards/my-size.yaml")
    assert refusal() == (
        "scenario.yaml:12:5  perils[0].size = cards/my-size.yaml\n"
        "  There is no such card file beside the scenario.\n"
        "1 fault.\n"
    )


def test_card_without_a_range(refusal: Refusal, card: Card) -> None:
    card("    range: {distribution: normal, low: 1, high: 2, basis: a test}\n", "")
    assert refusal() == (
        "my-size.yaml:9:3  parameters.body.range\n"
        "  This key is missing. Its uncertainty. There is no parameter without one.\n"
        "1 fault.\n"
    )


def test_card_whose_value_lies_outside_its_range(refusal: Refusal, card: Card) -> None:
    card("value: 1.5", "value: 2.5")
    assert refusal() == (
        "my-size.yaml:9:3  parameters.body\n  The value must lie within its range.\n1 fault.\n"
    )


def test_card_with_an_unknown_status(refusal: Refusal, card: Card) -> None:
    card("status: user", "status: confirmd")
    assert refusal() == (
        "my-size.yaml:14:5  parameters.body.status = confirmd\n"
        "  Unknown choice. Did you mean `confirmed`?"
        " Known choices: `confirmed`, `unconfirmed`, `illustrative`, `user`.\n"
        "1 fault.\n"
    )


def test_card_with_a_misspelt_key(refusal: Refusal, card: Card) -> None:
    card("    meaning: Mean", "    meening: Mean")
    assert refusal() == (
        "my-size.yaml:15:5  parameters.body.meening = Mean of the body.\n"
        "  Unknown key in `parameters.body`. Did you mean `meaning`?\n"
        "1 fault.\n"
    )


def test_card_that_bears_another_name_than_its_file(refusal: Refusal, card: Card) -> None:
    card("name: my-size", "name: fire-size-jiangxi")
    assert refusal() == (
        "my-size.yaml:1:1  name = fire-size-jiangxi\n  Must be `my-size`, as the file is called.\n1 fault.\n"
    )


def test_card_without_the_parameters_that_the_study_reads(refusal: Refusal, card: Card) -> None:
    card("region: nowhere", "region: anywhere")
    assert refusal() == (
        "scenario.yaml:12:5  card my-size: no parameter family\n"
        "  A card for wildfire.size needs the parameter `family`.\n"
        "scenario.yaml:12:5  card my-size: no parameter mean_body\n"
        "  A card for wildfire.size needs the parameter `mean_body`.\n"
        "scenario.yaml:12:5  card my-size: no parameter share_over_100ha\n"
        "  A card for wildfire.size needs the parameter `share_over_100ha`.\n"
        "scenario.yaml:12:5  card my-size: no parameter share_under_1ha\n"
        "  A card for wildfire.size needs the parameter `share_under_1ha`.\n"
        "scenario.yaml:12:5  card my-size: parameter body\n"
        "  A card for wildfire.size has no such parameter."
        " Known: share_under_1ha, mean_body, share_over_100ha, family.\n"
        "5 faults.\n"
    )
