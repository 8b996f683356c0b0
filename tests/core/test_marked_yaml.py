# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenrisk.core.errors import CardError, ScenarioError
from greenrisk.core.marked_yaml import (
    MarkedYaml,
    did_you_mean,
    key_text,
    one_line,
    parse_value,
    parse_yaml,
    read_yaml,
)

FILE = Path("file.yaml")


def parsed(text: str) -> MarkedYaml:
    return parse_yaml(text, FILE, ScenarioError)


def test_every_key_and_list_item_has_its_line_and_column() -> None:
    marked = parsed("a: 1\nb:\n  - c: 2\n    d: {e: 3}\n  - 4\n")
    assert marked.data == {"a": 1, "b": [{"c": 2, "d": {"e": 3}}, 4]}
    assert marked.where(("a",)) == "file.yaml:1:1"
    assert marked.where(("b", 0)) == "file.yaml:3:5"
    assert marked.where(("b", 0, "d", "e")) == "file.yaml:4:9"
    assert marked.where(("b", 1)) == "file.yaml:5:5"


def test_a_key_that_is_not_there_is_placed_at_its_nearest_ancestor() -> None:
    marked = parsed("a:\n  b: 1\n")
    assert marked.where(("a", "x", "y")) == "file.yaml:1:1"
    assert marked.where(("x",)) == "file.yaml:1:1"
    assert MarkedYaml({}, FILE).where(("x",)) == "file.yaml"


def test_an_overridden_place_is_named_by_what_the_user_wrote() -> None:
    marked = MarkedYaml({"a": {"b": 1}}, FILE, {("a", "b"): (2, 3)}, overridden={("a",): "--set a={b: 1}"})
    assert marked.where(("a",)) == "--set a={b: 1}"
    assert marked.where(("a", "c")) == "--set a={b: 1}"
    assert marked.where(("a", "b")) == "file.yaml:2:3"


def test_plain_values_are_read_as_yaml_1_2() -> None:
    marked = parsed("a: yes\nb: 1e3\nc: 0o17\nd: ~\ne: .inf\nf: true\ng: '1'\nh: 50_000\ni: 012\n")
    assert marked.data == {
        "a": "yes",
        "b": 1000.0,
        "c": 15,
        "d": None,
        "e": float("inf"),
        "f": True,
        "g": "1",
        "h": 50000,
        "i": 12,
    }


def test_dates_stay_the_text_that_was_written() -> None:
    assert parsed("period: 2009-01-01\n").data == {"period": "2009-01-01"}


def test_anchors_and_aliases_are_expanded() -> None:
    marked = parsed("a: &x {b: 1}\nc: *x\n")
    assert marked.data == {"a": {"b": 1}, "c": {"b": 1}}
    assert marked.data["a"] is not marked.data["c"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: !!python/object/apply:os.system [x]", "!!python/object/apply:os.system"),
        ("a: !mine 1", "!mine"),
        ("a: !!binary aGk=", "!!binary"),
        ("a: !!set {b}", "!!set"),
        ("a: {<<: {b: 1}}", "<<"),
        ("? [a]\n: 1", "a list or mapping as a key"),
    ],
)
def test_what_is_not_plain_data_is_refused(text: str, what: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parsed(text)
    assert [fault.what for fault in caught.value.faults] == [what]


def test_all_duplicate_keys_are_told_with_their_first_place() -> None:
    with pytest.raises(ScenarioError) as caught:
        parsed("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")
    assert [(fault.where, fault.what) for fault in caught.value.faults] == [
        ("file.yaml:4:3", "b.c"),
        ("file.yaml:5:1", "a"),
    ]


def test_endless_nesting_is_refused() -> None:
    with pytest.raises(ScenarioError, match="nested too deeply"):
        parsed("a: " + "[" * 20_000)


def test_a_second_document_is_refused() -> None:
    with pytest.raises(ScenarioError, match="another document"):
        parsed("a: 1\n---\nb: 2\n")


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfkind: forest\n")
    assert read_yaml(tmp_path / "a.yaml").data == {"kind": "forest"}


def test_the_hash_is_that_of_the_files_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"a: 1\n")
    # printf 'a: 1\n' | sha256sum
    expected = "37b128c59f1f5097f73f82691cb519f1f568667faab5ced1b4ab979d36837eae"
    assert read_yaml(tmp_path / "a.yaml").sha256 == expected


def test_the_error_class_is_the_callers() -> None:
    with pytest.raises(CardError):
        parse_yaml("[", FILE, CardError)


@given(st.text())
def test_any_text_is_data_or_a_typed_error_never_a_crash(text: str) -> None:
    with contextlib.suppress(ScenarioError):
        assert isinstance(parsed(text).data, dict)


def test_a_value_is_read_like_a_line_of_yaml() -> None:
    assert parse_value("0.2") == 0.2
    assert parse_value("[1, null]") == [1, None]
    assert parse_value("") is None
    assert parse_value("{a: b}") == {"a": "b"}


def test_key_paths_read_as_a_user_writes_them() -> None:
    assert key_text(("perils", 0, "cap_ha")) == "perils[0].cap_ha"
    assert key_text(()) == ""


def test_proposals_are_made_for_close_words_only() -> None:
    assert did_you_mean("anual_rate", ["annual_rate", "seed"]) == " Did you mean `annual_rate`?"
    assert did_you_mean("county", ["unit", "share"]) == ""


def test_values_are_shown_on_one_line() -> None:
    assert one_line({"a": [1, None, True], "b": "x\ny"}) == "{a: [1, null, true], b: x y}"
    assert one_line("") == "''"
    assert one_line("x" * 100, 10) == "xxxxxxx..."
