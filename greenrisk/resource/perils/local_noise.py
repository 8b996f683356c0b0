# SPDX-License-Identifier: Apache-2.0
"""One uniform for each event and stand, by a counter instead of a stream: what is local luck of a hit.

An event may hit any of thousands of stands, and which ones depends on the numbers of its card. A stream would hand
the number of one stand to another as soon as a hit drops out; here the number of an event and stand is a hash of who
they are, so that it is the same in all variants of a model (common random numbers) and no hit that does not happen
costs a draw. The hash is one step of splitmix64 from a state that is itself hashed: fast and well mixed, not
cryptographic.

References
----------
Steele, G. L., Lea, D. and Flood, C. H. (2014). Fast splittable pseudorandom number generators. ACM SIGPLAN Notices
49(10), 453-472. https://doi.org/10.1145/2714064.2660195
"""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.core.compiled import compiled

Keys = NDArray[np.uint64]
"""Keys of events: 64 bits each."""

_GAMMA: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_ONE: Final = np.uint64(1)
_TO_UNIT: Final = 2.0**-53


def _mixed_kernel(key: np.uint64, counter: int) -> np.uint64:
    z = key + (np.uint64(counter) + _ONE) * _GAMMA
    z = (z ^ (z >> _30)) * _FIRST
    z = (z ^ (z >> _27)) * _SECOND
    return z ^ (z >> _31)


mixed = compiled(_mixed_kernel)
"""``mixed(key, counter)``: number ``counter`` (0, 1, ...) of splitmix64 from state ``key``; for compiled loops."""


def _noise_kernel(key: np.uint64, stand: int) -> float:
    return float(mixed(key, stand) >> _11) * _TO_UNIT


noise = compiled(_noise_kernel)
"""``noise(key, stand)``: the uniform on [0, 1) of an event (its key) and a stand; for compiled loops."""


def _keys_kernel(root: np.uint64, year: NDArray[np.int64], rank: NDArray[np.int64]) -> Keys:
    keys = np.empty(year.size, dtype=np.uint64)
    for event in range(year.size):
        keys[event] = mixed(mixed(root, year[event]), rank[event])
    return keys


def _uniforms_kernel(keys: Keys, stand: NDArray[np.int64]) -> NDArray[np.float64]:
    drawn = np.empty(stand.size)
    for hit in range(stand.size):
        drawn[hit] = noise(keys[hit], stand[hit])
    return drawn


_keys, _uniforms = compiled(_keys_kernel), compiled(_uniforms_kernel)


def event_keys(
    seed: int, purpose: str, kind: str, block: int, year: ArrayLike, rank: ArrayLike, *, variable: str = ""
) -> Keys:
    """Return the key of each event, for :func:`noise` in a compiled loop.

    Parameters
    ----------
    seed, block : int
        Seed and block of the run, >= 0.
    purpose : str
        Name of the family of streams.
    kind : str
        Name of the peril.
    year : array of int, shape (events,)
        Year of each event in the block, >= 0.
    rank : array of int, shape (events,)
        Place of each event among those of its year, from 0: its cell in
        :func:`~greenrisk.core.streams.cell_uniforms`.
    variable : str
        What the numbers are for, where a peril needs several of an event and stand.

    Returns
    -------
    array of uint64, shape (events,)
    """
    named = "\x1f".join(map(str, (seed, purpose, kind, variable, block)))
    root = np.uint64(int.from_bytes(hashlib.sha256(named.encode()).digest()[:8], "little"))
    years, ranks = np.broadcast_arrays(np.asarray(year, dtype=np.int64), np.asarray(rank, dtype=np.int64))
    keys: Keys = _keys(root, np.ascontiguousarray(years).ravel(), np.ascontiguousarray(ranks).ravel())
    return keys


def uniforms(
    seed: int,
    purpose: str,
    kind: str,
    block: int,
    year: ArrayLike,
    rank: ArrayLike,
    stand: ArrayLike,
    *,
    variable: str = "",
) -> NDArray[np.float64]:
    """Return one uniform for each event and stand.

    Parameters
    ----------
    seed, purpose, kind, block, variable
        As in :func:`event_keys`.
    year, rank, stand : array of int, shape (hits,)
        Year and place in the year of the event, and stand, all >= 0; they broadcast.

    Returns
    -------
    array, shape (hits,)
        Uniforms on [0, 1), each a function of nothing but its own names and numbers.
    """
    years, ranks, stands = np.broadcast_arrays(
        np.asarray(year, dtype=np.int64), np.asarray(rank, dtype=np.int64), np.asarray(stand, dtype=np.int64)
    )
    keys = event_keys(seed, purpose, kind, block, years, ranks, variable=variable)
    drawn: NDArray[np.float64] = _uniforms(keys, np.ascontiguousarray(stands).ravel())
    return drawn
