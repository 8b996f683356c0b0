# SPDX-License-Identifier: Apache-2.0
"""Random numbers that do not depend on workers, order or chunking.

``stream(seed, *names, block)`` is a pure function of its arguments. :func:`cell_uniforms` goes one step
further: the number of cell (row, column) is the same whatever the number of columns that a row needs, so
that two variants of a model which differ in the count of events still share the draws of the events they
have in common (common random numbers).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

TIER_WIDTH = 16
"""Columns drawn at a time by :func:`cell_uniforms`; part of the contract, since it fixes the numbers."""


def stream(seed: int, *names: str | int, block: int = 0) -> np.random.Generator:
    """Return the generator of a named stream in one block.

    Parameters
    ----------
    seed : int
        The scenario's seed, >= 0.
    *names : str or int
        What the numbers are for, e.g. ``"wildfire", "size"``.
    block : int
        Index of the block, >= 0.

    Returns
    -------
    numpy.random.Generator
        SFC64, keyed by a SHA-256 of the names: equal arguments give equal numbers on every machine.
    """
    digest = hashlib.sha256("\x1f".join(map(str, names)).encode()).digest()
    words = np.frombuffer(digest[:16], dtype="<u4").tolist()
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, block, *words])))


def cell_uniforms(
    seed: int, *names: str | int, block: int, counts: NDArray[np.int64], variables: Sequence[str]
) -> dict[str, NDArray[np.float64]]:
    """Draw uniforms for a ragged table: ``counts[r]`` cells in row r, flattened row by row.

    Parameters
    ----------
    seed, *names, block
        As in :func:`stream`.
    counts : array of int, shape (rows,)
        How many cells each row needs, >= 0.
    variables : sequence of str
        One independent uniform per cell for each name.

    Returns
    -------
    dict of str to array, shape (sum of counts,)
        Uniforms on [0, 1). Cell j of row r does not depend on ``counts``.
    """
    rows = counts.size
    tiers = max(1, -(-int(counts.max(initial=0)) // TIER_WIDTH))
    columns = np.arange(tiers * TIER_WIDTH)
    used = columns[None, :] < counts[:, None]
    drawn: dict[str, NDArray[np.float64]] = {}
    for variable in variables:
        table = np.concatenate(
            [
                stream(seed, *names, variable, tier, block=block).random((rows, TIER_WIDTH))
                for tier in range(tiers)
            ],
            axis=1,
        )
        drawn[variable] = table[used]
    return drawn
