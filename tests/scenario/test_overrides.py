# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from greenrisk.core.errors import ScenarioError
from greenrisk.core.marked_yaml import MarkedYaml, parse_yaml
from greenrisk.scenario.load import load
from greenrisk.scenario.overrides import apply, read_overrides

TEXT = "a: 1\nb:\n  c: [1, {d: 2}]\ne:\n"


def base() -> MarkedYaml:
    return parse_yaml(TEXT, Path("f.yaml"), ScenarioError)


def after(*texts: str) -> Any:
    return apply(base(), read_overrides(texts)).data


def test_values_are_set_by_key_path_and_read_as_yaml() -> None:
    assert after("a=2.5")["a"] == 2.5
    assert after("b.c[1].d=[x, null]")["b"]["c"] == [1, {"d": ["x", None]}]
    assert after("b.c[0]='1'")["b"]["c"][0] == "1"
    assert after("a=x=y")["a"] == "x=y"


def test_a_new_key_is_set_and_mappings_are_made_on_the_way() -> None:
    assert after("e.f.g=1")["e"] == {"f": {"g": 1}}
    assert after("z.y=1")["z"] == {"y": 1}


def test_the_last_of_two_settings_counts() -> None:
    assert after("a=1", "a=2")["a"] == 2


def test_the_file_itself_is_not_changed() -> None:
    marked = base()
    apply(marked, read_overrides(["b.c[1].d=9"]))
    assert marked.data["b"]["c"] == [1, {"d": 2}]


def test_the_place_of_a_set_value_is_the_setting() -> None:
    marked = apply(base(), read_overrides(["b.c[1].d=9"]))
    assert marked.where(("b", "c", 1, "d")) == "--set b.c[1].d=9"
    assert marked.where(("b", "c", 0)) == "f.yaml:3:7"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("b.c[2]=1", "`b.c` has 2 items; the first is [0]."),
        ("b[0]=1", "`b` is no list."),
        ("a.x=1", "`a` is no mapping, it has no key `x`."),
        ("b.c[0].x=1", "`b.c[0]` is no mapping, it has no key `x`."),
        ("[0]=1", "Not a key path: write `a.b[0].c`."),
        ("b..c=1", "Not a key path: write `a.b[0].c`."),
        ("b.c[x]=1", "Not a key path: write `a.b[0].c`."),
        ("b.c[-1]=1", "Not a key path: write `a.b[0].c`."),
    ],
)
def test_a_path_that_leads_nowhere_is_told(text: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        after(text)
    (fault,) = caught.value.faults
    assert (fault.where, fault.expected) == (f"--set {text}", said)


@pytest.mark.parametrize("text", ["a", "=1", "a=[1"])
def test_what_is_no_setting_is_told(text: str) -> None:
    with pytest.raises(ScenarioError):
        read_overrides([text])


def test_python_values_are_set_as_they_are_and_texts_are_read_as_yaml() -> None:
    scenario = load(
        "forest-jingdezhen",
        {"years": 3000, "seed": "5", "perils[0].cap_ha": None, "knowledge.caps_ha": (500.0, None)},
    )
    assert (scenario.spec.years, scenario.spec.seed) == (3000, 5)
    assert scenario.spec.perils[0].cap_ha is None
    assert scenario.spec.knowledge.caps_ha == (500.0, None)
