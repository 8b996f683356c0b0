# SPDX-License-Identifier: Apache-2.0
"""The uniform of an event and a stand."""

import numpy as np
import pytest
from scipy import stats

from greenrisk.resource.perils.local_noise import event_keys, mixed, noise, uniforms

NAMES = (7, "main", "storm", 3)


def splitmix64(state: int, n: int) -> list[int]:
    """The generator step by step, in whole numbers of any length."""
    drawn = []
    for _ in range(n):
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        z = state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        drawn.append(z ^ (z >> 31))
    return drawn


def test_the_counter_gives_the_published_sequence_of_splitmix64():
    # The first numbers from state 1234567, as printed for the reference code of S. Vigna.
    published = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert splitmix64(1234567, 5) == published
    assert [int(mixed(np.uint64(1234567), k)) for k in range(5)] == published


def test_noise_is_the_upper_53_bits_of_the_hash_of_year_then_rank_then_stand():
    key = int(event_keys(*NAMES, [4], [2])[0])
    drawn = splitmix64(key, 9)
    expected = [(z >> 11) / 2**53 for z in drawn]
    assert [noise(np.uint64(key), k) for k in range(9)] == expected
    assert uniforms(*NAMES, 4, 2, np.arange(9)).tolist() == expected


def test_the_number_of_a_stand_does_not_depend_on_who_else_is_hit():
    few = uniforms(*NAMES, [1, 1, 5], [0, 1, 0], [10, 20, 30])
    many = uniforms(*NAMES, np.repeat([1, 1, 5], 40), np.repeat([0, 1, 0], 40), np.tile(np.arange(40), 3))
    assert few.tolist() == many[[10, 60, 110]].tolist()


@pytest.mark.parametrize("other", [(8, "main", "storm", 3), (7, "knowledge", "storm", 3), (7, "main", "flood", 3),
                                   (7, "main", "storm", 4)])  # fmt: skip
def test_every_name_gives_other_numbers(other):
    stands = np.arange(20_000)
    one, two = uniforms(*NAMES, 0, 0, stands), uniforms(*other, 0, 0, stands)
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / np.sqrt(stands.size)
    assert not np.isin(one, two).any()


def test_variables_of_one_event_are_not_each_other():
    stands = np.arange(20_000)
    one, two = (uniforms(*NAMES, 0, 0, stands, variable=v) for v in ("area", "degree"))
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / np.sqrt(stands.size)


@pytest.mark.parametrize("axis", ["year", "rank", "stand"])
def test_numbers_are_uniform_along_every_axis_and_neighbours_are_unrelated(axis):
    n = 200_000
    place = {"year": 0, "rank": 0, "stand": 0} | {axis: np.arange(n)}
    drawn = uniforms(*NAMES, place["year"], place["rank"], place["stand"])
    assert drawn.min() >= 0.0
    assert drawn.max() < 1.0
    assert stats.kstest(drawn, "uniform").pvalue > 1e-3
    for lag in (1, 2, 64):
        assert abs(np.corrcoef(drawn[:-lag], drawn[lag:])[0, 1]) < 4 / np.sqrt(n)
    # Pairs of neighbours fill the square: 20 x 20 cells, chi-square with 399 degrees.
    cells = np.histogram2d(drawn[0::2], drawn[1::2], bins=20, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(cells.ravel()).pvalue > 1e-3


def test_no_event_gives_no_number():
    none = np.empty(0, dtype=np.int64)
    assert uniforms(*NAMES, none, none, none).size == 0
    assert event_keys(*NAMES, none, none).size == 0
