# SPDX-License-Identifier: Apache-2.0
"""Faults from pydantic errors, on specs made for the purpose: unions, lists, mappings, defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field

from greenrisk.core.errors import ScenarioError
from greenrisk.core.explain import validate
from greenrisk.core.marked_yaml import parse_yaml
from greenrisk.core.spec import Spec


class Storm(Spec):
    """A storm."""

    kind: Literal["storm"]
    """Which peril."""

    annual_rate: float = Field(gt=0)
    """Storms a year [1/year]."""

    gust: float | str = 30.0
    """Gust or the name of a class [m/s]."""


class Flood(Spec):
    """A flood."""

    kind: Literal["flood"]
    """Which peril."""

    depth: float = Field(default=1.0, ge=0, le=20)
    """Depth [m]."""


class Layer(Spec):
    """A layer."""

    limit: float | None = Field(default=None, gt=0)
    """Limit [CNY]."""

    shares: dict[str, float] = Field(default={})
    """Share by name [unitless]."""


class Study(Spec):
    """A study."""

    kind: Literal["study"]
    """Which study."""

    perils: tuple[Annotated[Storm | Flood, Field(discriminator="kind")], ...] = Field(min_length=1)
    """Perils."""

    either: Storm | Layer | None = None
    """A union without a discriminator."""

    years: int = Field(default=10, ge=1)
    """Years [year]."""


def faults(text: str) -> list[tuple[str, str, str, str]]:
    with pytest.raises(ScenarioError) as caught:
        validate(Study, parse_yaml(text, Path("f.yaml"), ScenarioError), ScenarioError)
    return [(fault.where, fault.what, fault.expected, fault.unit) for fault in caught.value.faults]


def hint(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        validate(Study, parse_yaml(text, Path("f.yaml"), ScenarioError), ScenarioError)
    return caught.value.hint


def test_the_example_of_the_style_guide() -> None:
    assert faults("kind: study\nperils:\n  - kind: storm\n    anual_rate: 0.4\n") == [
        (
            "f.yaml:4:5",
            "perils[0].anual_rate = 0.4",
            "Unknown key for a storm. Did you mean `annual_rate`?",
            "1/year, > 0",
        )
    ]


def test_the_tag_of_a_union_is_no_part_of_the_key_path() -> None:
    assert faults("kind: study\nperils:\n  - {kind: flood, depth: 30}\n") == [
        ("f.yaml:3:19", "perils[0].depth = 30", "Must be >= 0 and <= 20.", "m")
    ]


def test_an_unknown_kind_lists_the_known_ones() -> None:
    assert faults("kind: study\nperils:\n  - {kind: flod}\n") == [
        (
            "f.yaml:3:5",
            "perils[0] = {kind: flod}",
            "Unknown kind. Did you mean `flood`? Known kinds: `storm`, `flood`.",
            "",
        )
    ]


def test_a_missing_kind_lists_the_known_ones() -> None:
    assert faults("kind: study\nperils:\n  - {depth: 1}\n") == [
        (
            "f.yaml:3:5",
            "perils[0] = {depth: 1}",
            "This key is missing: `kind`. Known kinds: `storm`, `flood`.",
            "",
        )
    ]


def test_an_unknown_key_far_from_all_lists_the_known_keys() -> None:
    assert faults("kind: study\nperils: [{kind: flood, zzz: 1}]\n") == [
        ("f.yaml:2:24", "perils[0].zzz = 1", "Unknown key for a flood. Known keys: `kind`, `depth`.", "")
    ]


def test_a_union_of_plain_types_gives_one_fault() -> None:
    text = "kind: study\nperils:\n  - {kind: storm, annual_rate: 1, gust: [1]}\n"
    assert faults(text) == [("f.yaml:3:35", "perils[0].gust = [1]", "Must be a number or text.", "m/s")]


def test_a_union_without_discriminator_tells_the_member_that_was_meant() -> None:
    text = "kind: study\nperils: [{kind: flood}]\neither: {kind: storm, annual_rate: -1}\n"
    assert faults(text) == [("f.yaml:3:23", "either.annual_rate = -1", "Must be > 0.", "1/year")]


def test_values_of_free_mappings_are_placed() -> None:
    text = "kind: study\nperils: [{kind: flood}]\neither:\n  shares: {a: 0.5, b: x}\n"
    assert faults(text) == [("f.yaml:4:20", "either.shares.b = x", "Must be a number.", "unitless")]


def test_an_invalid_item_is_not_also_told_as_a_list_that_is_too_short() -> None:
    assert len(faults("kind: study\nperils: [{kind: flood, depth: -1}]\n")) == 1


def test_a_list_that_is_too_short_says_so() -> None:
    assert faults("kind: study\nperils: []\n") == [
        ("f.yaml:2:1", "perils = []", "Needs at least one item.", "")
    ]


def test_the_wrong_shape_is_told_in_plain_words() -> None:
    assert faults("kind: study\nperils: storm\nyears: [1]\neither: 3\n") == [
        ("f.yaml:2:1", "perils = storm", "Must be a list (a mapping each).", ""),
        ("f.yaml:3:1", "years = [1]", "Must be a whole number.", "year"),
        ("f.yaml:4:1", "either = 3", "Must be a mapping.", ""),
    ]


def test_true_is_no_number() -> None:
    assert faults("kind: study\nperils: [{kind: flood}]\nyears: true\n") == [
        ("f.yaml:3:1", "years = true", "Must be a number.", "")
    ]


def test_two_slips_in_one_mapping_are_two_faults() -> None:
    text = "knd: study\nperilz: [{kind: flood}]\n"
    assert [fault[1:3] for fault in faults(text)] == [
        ("knd = study", "Unknown key for a study. Did you mean `kind`?"),
        ("perilz = [{kind: flood}]", "Unknown key for a study. Did you mean `perils`?"),
    ]


def test_the_hint_names_the_innermost_kind_that_all_faults_share() -> None:
    one = "kind: study\nperils: [{kind: flood, depth: -1}]\n"
    two = "kind: study\nperils: [{kind: flood, depth: -1}, {kind: storm}]\n"
    assert hint(one) == "`greenrisk show kind flood` lists its keys."
    assert hint(two) == "`greenrisk show kind study` lists its keys."
