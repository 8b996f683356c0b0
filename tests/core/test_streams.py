# SPDX-License-Identifier: Apache-2.0
"""Random numbers are a function of seed, names and block alone, and of a cell's place - not of other cells."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenrisk.core.streams import TIER_WIDTH, cell_uniforms, stream

WORD = 2**64 - 1


def small_fast_counter(state: list[int]) -> Iterator[float]:
    """Yield uniforms of SFC64 as its author, Chris Doty-Humphrey, defines it (PractRand): 12 rounds first."""
    a, b, c = state
    for counter in range(1, 2**32):
        drawn = (a + b + counter) & WORD
        a = b ^ (b >> 11)
        b = (c + (c << 3)) & WORD
        c = (((c << 24) | (c >> 40)) + drawn) & WORD
        if counter > 12:
            yield (drawn >> 11) / 2**53


@pytest.mark.parametrize(
    ("seed", "names", "block"), [(7, ("wildfire", "size"), 0), (7, ("wildfire", 3), 2), (2**63, (), 5)]
)
def test_a_stream_is_sfc64_keyed_by_the_hash_of_its_names(
    seed: int, names: tuple[str | int, ...], block: int
) -> None:
    digest = hashlib.sha256("\x1f".join(str(name) for name in names).encode()).digest()
    words = [int.from_bytes(digest[i : i + 4], "little") for i in range(0, 16, 4)]
    state = np.random.SeedSequence([seed, block, *words]).generate_state(3, np.uint64)
    expected = small_fast_counter([int(word) for word in state])
    assert stream(seed, *names, block=block).random(50).tolist() == [next(expected) for _ in range(50)]


def test_the_first_numbers_of_a_stream_do_not_change_between_versions() -> None:
    # Frozen: every run that was ever published stands on them.
    first = [0.90768344, 0.17415345, 0.72645736, 0.9287625]
    assert stream(7, "wildfire", "size").random(4) == pytest.approx(first, abs=5e-9)
    assert stream(7, "wildfire", "size", block=1).random(2) == pytest.approx(
        [0.81837179, 0.92269449], abs=5e-9
    )


def test_seed_names_their_order_their_borders_and_the_block_each_give_other_numbers() -> None:
    streams = [
        stream(1, "a", "b"),
        stream(2, "a", "b"),
        stream(1, "b", "a"),
        stream(1, "ab"),
        stream(1, "a"),
        stream(1, "a", "b", "c"),
        stream(1, "a", "b", block=1),
    ]
    drawn = np.array([generator.random(1000) for generator in streams])
    assert np.unique(drawn).size == drawn.size
    # The correlation of 1,000 independent pairs has the standard error 0.03.
    assert np.abs(np.corrcoef(drawn) - np.eye(len(streams))).max() < 0.15


def cells(
    counts: list[int], variables: tuple[str, ...] = ("u",), block: int = 3
) -> dict[str, list[list[float]]]:
    """Return the drawn numbers of each row."""
    drawn = cell_uniforms(
        11, "test", block=block, counts=np.array(counts, dtype=np.int64), variables=variables
    )
    cuts = np.cumsum(counts)[:-1]
    return {name: [row.tolist() for row in np.split(values, cuts)] for name, values in drawn.items()}


def test_a_cell_keeps_its_number_whatever_the_counts_of_its_own_row_and_of_the_others() -> None:
    few = cells([2, 0, TIER_WIDTH, 5])["u"]
    many = cells([40, 3, TIER_WIDTH + 1, 5 + 3 * TIER_WIDTH])["u"]
    assert [len(row) for row in many] == [40, 3, TIER_WIDTH + 1, 5 + 3 * TIER_WIDTH]
    for short, long in zip(few, many, strict=True):
        assert short == long[: len(short)]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6))
def test_two_tables_of_any_counts_share_the_cells_they_both_have(pairs: list[tuple[int, int]]) -> None:
    one, two = (cells([pair[side] for pair in pairs])["u"] for side in (0, 1))
    for left, right in zip(one, two, strict=True):
        both = min(len(left), len(right))
        assert left[:both] == right[:both]


def test_a_variable_does_not_depend_on_the_others_drawn_with_it() -> None:
    together = cells([5, 20], ("size", "place"))
    assert together["size"] == cells([5, 20], ("size",))["size"]
    assert together["size"] != together["place"]
    assert cells([5, 20], block=4)["u"] != cells([5, 20])["u"]


def test_no_cells_are_no_numbers() -> None:
    assert cells([0, 0])["u"] == [[], []]
    assert cell_uniforms(1, block=0, counts=np.array([], dtype=np.int64), variables=("u",))["u"].size == 0


def test_cells_are_uniform_on_the_unit_interval_and_all_different() -> None:
    drawn = cell_uniforms(5, "flat", block=0, counts=np.full(1000, 20, dtype=np.int64), variables=("u",))["u"]
    assert drawn.size == np.unique(drawn).size == 20_000
    assert drawn.min() >= 0
    assert drawn.max() < 1
    # Kolmogorov-Smirnov at a level of one in ten thousand: 2.23 / sqrt(n).
    apart = np.abs(np.sort(drawn) - (np.arange(drawn.size) + 0.5) / drawn.size).max()
    assert apart < 2.23 / np.sqrt(drawn.size)
