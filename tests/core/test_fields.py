# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from greenrisk.core.fields import (
    domain_of,
    first_sentence,
    kind_of,
    models_below,
    step,
    type_words,
    unit_of,
)
from greenrisk.core.spec import Spec


class Inner(Spec):
    """Inner."""

    depth: float = Field(default=1, ge=0, lt=5)
    """Depth [1] below the ground [m]."""


class Outer(Spec):
    """Outer."""

    kind: Literal["outer", "other"]
    """Kind."""

    inner: Inner | None = None
    """Inner."""

    many: tuple[Inner, ...] = ()
    """Many."""


def test_the_unit_is_the_last_bracket_of_the_description() -> None:
    field = Inner.model_fields["depth"]
    assert unit_of(field) == "m"
    assert domain_of(field) == ">= 0, < 5"
    assert first_sentence(field) == "Depth below the ground."
    assert unit_of(Outer.model_fields["kind"]) == ""


def test_kinds_are_read_from_the_literal() -> None:
    assert kind_of(Outer) == ("outer", "other")
    assert kind_of(Inner) == ()


def test_models_below_are_found_once_each() -> None:
    assert list(models_below(Outer)) == [Outer, Inner]


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (float, "a number"),
        (int | None, "a whole number"),
        (Annotated[str, Field(min_length=1)], "text"),
        (Literal["a", "b"], "one of `a`, `b`"),
        (tuple[float, ...], "a list (a number each)"),
        (tuple[float | None, ...], "a list (a number each)"),
        (float | str, "a number or text"),
        (dict[str, float], "a mapping"),
        (Inner, "a mapping"),
        (bool, "true or false"),
        (Any, "a value"),
    ],
)
def test_types_are_told_in_a_users_words(annotation: Any, words: str) -> None:
    assert type_words(annotation) == words


def test_a_step_into_a_union_consumes_the_tag_and_no_key() -> None:
    assert step(Outer | Inner, "other", {}).consumes is False
    assert step(Outer | Inner, "other", {}).annotation is Outer
    assert step(Outer, "inner", {}).consumes is True
    assert step(dict[str, float], "a", {}).annotation is float
    assert step(dict[str, float], "[key]", {}).consumes is False
    assert step(tuple[float, str], 1, []).annotation is str
