# SPDX-License-Identifier: Apache-2.0
"""What the range of a parameter means: its quantiles, its ends, and joint draws of a card."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from greenrisk.core.cards import Card, Correlation, Parameter, Range


def parameter(
    value: float | str, distribution: Any, low: float | None = None, high: float | None = None
) -> Parameter:
    """Return a parameter of a numeric law, or a choice of three."""
    options = ("a", "b", "c") if distribution == "choice" else ()
    law = Range(distribution=distribution, low=low, high=high, options=options, basis="a test")
    return Parameter(value=value, unit="1", range=law, source="a test", status="user", meaning="A test.")


def card(correlations: tuple[Correlation, ...] = ()) -> Card:
    return Card(
        name="test",
        title="Test",
        use="test",
        region="nowhere",
        period="never",
        validity="a test",
        fitted_by="judgement",
        parameters={
            "one": parameter(1.0, "normal", 0.0, 2.0),
            "two": parameter(2.0, "lognormal", 1.0, 3.0),
            "three": parameter(0.5, "uniform", 0.0, 1.0),
        },
        correlations=correlations,
    )


LOPSIDED = [
    parameter(1.0, "normal", -0.5, 9.0),
    parameter(-1.0, "normal", -9.0, -0.9),
    parameter(2.0, "lognormal", 1.9, 50.0),
    parameter(0.3, "logit_normal", 0.01, 0.35),
]


@pytest.mark.parametrize("lopsided", LOPSIDED, ids=lambda p: f"{p.range.distribution} {p.value}")
def test_low_value_and_high_are_the_5_50_and_95_percent_quantiles_even_where_lopsided(
    lopsided: Parameter,
) -> None:
    at = [lopsided.quantile(probability) for probability in (0.05, 0.5, 0.95)]
    assert at == pytest.approx([lopsided.range.low, lopsided.value, lopsided.range.high], rel=1e-12)
    grid = [float(lopsided.quantile(p)) for p in np.linspace(0.001, 0.999, 999)]
    assert np.all(np.diff(grid) > 0)


@pytest.mark.parametrize(
    ("law", "scale", "back"),
    [
        (parameter(1.0, "normal", -0.5, 9.0), lambda x: x, lambda y: y),
        (parameter(2.0, "lognormal", 1.9, 50.0), math.log, math.exp),
        (
            parameter(0.3, "logit_normal", 0.01, 0.35),
            lambda x: math.log(x / (1 - x)),
            lambda y: 1 / (1 + math.exp(-y)),
        ),
    ],
    ids=["normal", "lognormal", "logit_normal"],
)
def test_beyond_the_ends_each_side_is_half_a_normal_on_the_scale_of_its_law(
    law: Parameter, scale: Any, back: Any
) -> None:
    standard = NormalDist()
    middle = scale(law.value)
    for probability, end in (
        (0.01, law.range.low),
        (0.25, law.range.low),
        (0.8, law.range.high),
        (0.99, law.range.high),
    ):
        steps = abs(standard.inv_cdf(probability)) / standard.inv_cdf(0.95)
        expected = back(middle + steps * (scale(end) - middle))
        assert law.quantile(probability) == pytest.approx(expected, rel=1e-9)


def test_a_uniform_has_hard_ends_and_ignores_where_its_value_lies() -> None:
    law = parameter(2.0, "uniform", 1.0, 5.0)
    assert [law.quantile(p) for p in (0.0, 0.25, 0.5, 1.0)] == [1.0, 2.0, 3.0, 5.0]


def test_the_options_of_a_choice_share_the_probabilities_equally() -> None:
    law = parameter("b", "choice")
    assert [law.quantile(p) for p in (0.0, 0.33, 0.34, 0.66, 0.67, 1.0)] == ["a", "a", "b", "b", "c", "c"]


def test_ends_are_low_and_high_or_the_first_and_the_last_option() -> None:
    assert LOPSIDED[0].ends() == (-0.5, 9.0)
    assert parameter("b", "choice").ends() == ("a", "c")


def test_the_draw_at_the_middle_is_the_cards_own_values() -> None:
    assert card().draw(np.full(3, 0.5)) == pytest.approx(card().values())


def test_uncorrelated_parameters_take_the_quantile_of_their_own_uniform() -> None:
    drawn = card().draw(np.array([0.05, 0.95, 0.25]))
    assert drawn == pytest.approx({"one": 0.0, "two": 3.0, "three": 0.25})


def test_a_uniform_at_the_very_ends_gives_finite_draws() -> None:
    for end in (0.0, 1.0):
        assert all(math.isfinite(float(value)) for value in card().draw(np.full(3, end)).values())


@pytest.mark.parametrize("stated", [-0.8, 0.6])
def test_joint_draws_have_the_stated_correlation_and_leave_the_laws_as_they_are(stated: float) -> None:
    correlated = card((Correlation(between=("three", "one"), value=stated),))
    uniforms = np.random.default_rng(3).random((4000, 3))
    draws = [correlated.draw(row) for row in uniforms]
    one, two, three = (np.array([float(draw[name]) for draw in draws]) for name in ("one", "two", "three"))
    # A normal copula has the rank correlation 6/pi arcsin(rho/2) (Pearson 1907).
    ranks = [np.argsort(np.argsort(values)) for values in (one, two, three)]
    assert np.corrcoef(ranks[0], ranks[2])[0, 1] == pytest.approx(
        6 / math.pi * math.asin(stated / 2), abs=0.03
    )
    assert np.corrcoef(ranks[0], ranks[1])[0, 1] == pytest.approx(0, abs=0.06)
    assert np.quantile(three, [0.05, 0.5, 0.95]) == pytest.approx([0.05, 0.5, 0.95], abs=0.03)
    assert np.quantile(one, [0.05, 0.5, 0.95]) == pytest.approx([0.0, 1.0, 2.0], abs=0.08)
