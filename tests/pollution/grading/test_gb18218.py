# SPDX-License-Identifier: Apache-2.0
"""GB 18218-2018: R and level by hand, and what an incomplete list may not say."""

from __future__ import annotations

import numpy as np
import pytest
from graded_zone import rules

from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.grading.gb18218 import (
    NO_LEVEL,
    NOT_DETERMINED,
    MajorHazard,
    hazard_texts,
    major_hazard,
)


def hazard(
    tonnes: list[float], threshold: list[float], beta: list[float], people: float = 0.0, status: int = 0
) -> MajorHazard:
    """Return one plant that holds the substances."""
    none = np.zeros(len(tonnes), dtype=np.int64)
    return major_hazard(
        none,
        np.array(tonnes),
        np.array(threshold),
        np.array(beta),
        none + status,
        np.array([people]),
        rules(),
    )


def test_r_is_alpha_times_the_sum_of_beta_q_over_threshold() -> None:
    # Chlorine 20 t / 5 t with beta 4, ammonia 30 t / 10 t with beta 2, 60 people: 1.5 (4 x 4 + 2 x 3) = 33.
    found = hazard([20.0, 30.0], [5.0, 10.0], [4.0, 2.0], 60.0)
    assert found.r.tolist() == [pytest.approx(33.0, rel=1e-15)]
    assert found.ratio_sum.tolist() == [7.0]
    assert found.level.tolist() == [3]
    assert hazard_texts(found, rules()).tolist() == ["三级 (level 3), R = 33"]


@pytest.mark.parametrize(
    ("people", "alpha"),
    [(0, 0.5), (1, 1.0), (29, 1.0), (30, 1.2), (49, 1.2), (50, 1.5), (99, 1.5), (100, 2.0), (1e6, 2.0)],
)
def test_alpha_follows_the_people_exposed(people: float, alpha: float) -> None:
    assert hazard([1.0], [1.0], [1.0], people).alpha.tolist() == [alpha]


@pytest.mark.parametrize(
    ("r", "level"), [(1.0, 4), (9.99, 4), (10.0, 3), (49.9, 3), (50.0, 2), (99.9, 2), (100.0, 1), (5e3, 1)]
)
def test_a_level_holds_its_lower_end(r: float, level: int) -> None:
    assert hazard([r], [1.0], [1.0], 1.0).level.tolist() == [level]


def test_a_missing_threshold_leaves_the_level_not_determined_and_r_a_lower_bound() -> None:
    found = hazard([1.0, 1.0], [5.0, np.nan], [4.0, np.nan], 1.0)
    assert found.level.tolist() == [NOT_DETERMINED]
    assert (found.missing.tolist(), found.at_least.tolist()) == ([1], [NO_LEVEL])
    assert hazard_texts(found, rules()).tolist() == [
        "not determined (list incomplete): 1 of its substances; R at least 0.8"
    ]


@pytest.mark.parametrize(
    ("r", "word"), [(1.0, "四级 (level 4)"), (10.0, "三级 (level 3)"), (99.9, "二级 (level 2)")]
)
def test_what_the_known_substances_reach_is_told_as_the_least_level(r: float, word: str) -> None:
    """R only grows as substances are added."""
    found = hazard([r, 1.0, 1.0], [1.0, np.nan, 1.0], [1.0, np.nan, np.nan], 1.0)
    assert found.level.tolist() == [NOT_DETERMINED]
    assert f"level {found.at_least[0]}" in word
    assert hazard_texts(found, rules()).tolist() == [
        f"at least {word} (list incomplete): 2 of its substances; R at least {r:.3g}"
    ]


def test_a_high_r_of_a_sum_below_1_settles_nothing() -> None:
    found = hazard([0.9, 0.01], [1.0, np.nan], [20.0, np.nan], 200.0)  # R at least 36
    assert (found.level.tolist(), found.at_least.tolist()) == ([NOT_DETERMINED], [NO_LEVEL])


def test_from_100_the_first_level_is_settled_whatever_is_not_known() -> None:
    found = hazard([500.0, 1.0], [5.0, np.nan], [4.0, np.nan], 1.0)
    assert (found.level.tolist(), found.missing.tolist()) == ([1], [1])
    assert hazard_texts(found, rules()).tolist() == [
        "一级 (level 1), R at least 400 (list incomplete: 1 of its substances)"
    ]


def test_a_missing_factor_leaves_the_level_not_determined_too() -> None:
    found = hazard([1.0, 20.0], [5.0, 10.0], [4.0, np.nan], 1.0)
    assert (found.level.tolist(), found.r.tolist(), found.ratio_sum.tolist()) == (
        [NOT_DETERMINED],
        [0.8],
        [2.2],
    )


def test_an_incomplete_list_never_says_that_the_plant_is_below() -> None:
    texts = hazard_texts(hazard([0.1, 0.1], [5.0, np.nan], [4.0, np.nan]), rules()).tolist()
    assert texts[0].startswith("not determined (list incomplete)")
    assert "below" not in texts[0]


def test_a_complete_list_whose_sum_does_not_reach_1_has_no_level() -> None:
    found = hazard([4.0], [5.0], [4.0], 200.0)  # R would be 6.4
    assert found.level.tolist() == [NO_LEVEL]
    assert hazard_texts(found, rules()).tolist() == ["no level: the sum of quantity over threshold is 0.8"]
    assert found.status.tolist() == [2]  # that the sum must reach 1 is from memory


def test_a_sum_of_tenths_reaches_1() -> None:
    assert hazard([1.0] * 10, [10.0] * 10, [1.0] * 10, 1.0).level.tolist() == [4]


def test_a_substance_of_which_nothing_is_held_is_not_missing() -> None:
    found = hazard([10.0, 0.0], [5.0, np.nan], [4.0, np.nan], 1.0)
    assert (found.missing.tolist(), found.level.tolist()) == ([0], [4])


def test_the_status_is_the_weakest_of_what_counts() -> None:
    assert hazard([10.0], [5.0], [4.0], 1.0).status.tolist() == [0]
    assert hazard([10.0], [5.0], [4.0], 1.0, status=2).status.tolist() == [2]


def test_a_plant_without_holdings_has_a_sum_of_0() -> None:
    empty = np.empty(0)
    found = major_hazard(
        np.empty(0, dtype=np.int64),
        empty,
        empty,
        empty,
        np.empty(0, dtype=np.int64),
        np.array([5.0]),
        rules(),
    )
    assert found.ratio_sum.tolist() == [0.0]
    assert found.level.tolist() == [NO_LEVEL]


def test_a_quantity_that_is_no_number_is_refused() -> None:
    with pytest.raises(ArgumentError, match="It must be a number >= 0"):
        hazard([np.nan], [5.0], [4.0])
