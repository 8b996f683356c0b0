# SPDX-License-Identifier: Apache-2.0
"""Knowledge intervals of bounded quantities and of curves, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from greenrisk.resource.index_cover.index_knowledge import Knowledge
from greenrisk.resource.index_cover.index_variants import Variant, VariantPlan

LIMIT = 100.0
NAMES = ("once_in_10", "once_in_100", "once_in_1000")


def knowledge(values: list[list[float]], named: int = 0) -> Knowledge:
    """Return a base and draws, with a bound on each; the last rows are named alternatives."""
    table = np.array(values)
    variants = tuple(Variant({}) for _ in values)
    plan = VariantPlan(variants, len(values) - 1 - named, (), tuple(("law", str(i)) for i in range(named)))
    bounds = dict.fromkeys(NAMES, LIMIT)
    return Knowledge(NAMES, table, plan, {}, np.ones(named, dtype=np.bool_), bounds)


def test_where_the_draws_reach_the_limit_the_end_is_the_limit() -> None:
    # the base was luckier in its few years than the run: scaled by 80 / 90 the draws would end at 88.9
    found = knowledge([[50.0, 90.0, LIMIT], *[[60.0, LIMIT, LIMIT]] * 19])
    assert found.interval("once_in_100", 80.0) == (LIMIT, LIMIT)
    # of a base at the limit nothing is known to lie below it
    assert found.interval("once_in_1000", 97.0) == (LIMIT, LIMIT)


def test_below_the_limit_the_ends_are_quantiles_of_draw_over_base() -> None:
    draws = np.linspace(20.0, 60.0, 21)
    found = knowledge([[40.0, 90.0, LIMIT], *[[float(d), 90.0, LIMIT] for d in draws]])
    # 5 % and 95 % of 21 even steps are the second and the last but one
    assert found.interval("once_in_10", 50.0) == pytest.approx((22.0 * 1.25, 58.0 * 1.25))


def test_an_alternative_at_the_limit_holds_the_interval_open_to_it() -> None:
    found = knowledge([[40.0, 90.0, LIMIT], *[[40.0, 90.0, LIMIT]] * 4, [40.0, LIMIT, LIMIT]], named=1)
    low, high = found.interval("once_in_100", 72.0)
    assert (low, high) == (pytest.approx(72.0), LIMIT)


def test_ends_do_not_fall_with_the_return_period() -> None:
    found = knowledge([[40.0, 60.0, 95.0], *[[60.0, 66.0, 95.0]] * 9])
    ends = [found.interval(name, value)[1] for name, value in zip(NAMES, (40.0, 50.0, 52.0), strict=True)]
    assert ends == pytest.approx([60.0, 55.0, 52.0])
    low, high = found.curve_ends(NAMES, np.array([40.0, 50.0, 52.0]))
    assert high == pytest.approx([60.0, 60.0, 60.0])
    assert low == pytest.approx([60.0, 60.0, 60.0])


def test_an_end_left_open_stays_open() -> None:
    nan = float("nan")
    found = knowledge([[40.0, 60.0, 90.0], *[[48.0, nan, 99.0]] * 9])
    _, high = found.curve_ends(NAMES, np.array([40.0, 60.0, 90.0]))
    assert high == pytest.approx([48.0, nan, 99.0], nan_ok=True)
