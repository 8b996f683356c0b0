# SPDX-License-Identifier: Apache-2.0
"""Compiled loops give the numbers of the plain ones, also where nothing can be kept on disk."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from greenrisk.core.compiled import compiled

DOUBLED = (
    "def doubled(x):\n    total = 0.0\n    for value in x:\n        total += 2.0 * value\n    return total\n"
)


def summed(x: np.ndarray) -> float:
    total = 0.0
    for value in x:
        total += value * value
    return total


def test_a_compiled_loop_gives_the_bits_of_the_plain_one() -> None:
    x = np.linspace(0.1, 2.0, 1000)
    assert compiled(summed)(x) == summed(x)


def test_a_loop_that_numba_cannot_keep_on_disk_is_compiled_all_the_same() -> None:
    """Its file does not exist, so that numba has no place for what it would keep and says so by a RuntimeError."""
    names: dict[str, Callable[[np.ndarray], float]] = {}
    exec(compile(DOUBLED, "nowhere-on-disk.py", "exec"), names)
    x = np.linspace(0.1, 2.0, 1000)
    assert compiled(names["doubled"])(x) == names["doubled"](x)
