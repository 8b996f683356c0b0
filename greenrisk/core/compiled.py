# SPDX-License-Identifier: Apache-2.0
"""Loops over arrays, compiled: the one way in which they are compiled here. No arithmetic lives here."""

from __future__ import annotations

from typing import Any

from numba import njit


def compiled(kernel: Any) -> Any:
    """Return a plain loop, compiled by numba at its first call and kept on disk where numba may write.

    Parameters
    ----------
    kernel : callable
        Works on arrays and numbers; it may call other compiled ones.

    Notes
    -----
    It releases the lock of the interpreter. Where numba finds no folder to write to (a read-only installation without
    a home folder), every process compiles anew: slower at the start, the same numbers. numba is slow to import, so
    that modules with such loops are imported where they are first needed.
    """
    try:
        return njit(cache=True, nogil=True)(kernel)
    except RuntimeError:  # numba finds no folder that it may write
        return njit(nogil=True)(kernel)
