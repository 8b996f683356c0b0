# SPDX-License-Identifier: Apache-2.0
"""Times of a series, as numbers or dates, and lengths of time that can be compared with them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.actuarial.reading import quoted
from greenrisk.core.errors import ArgumentError, Fault

Floats = NDArray[np.float64]

Duration: TypeAlias = timedelta | np.timedelta64
"""A length of time with its unit."""


def times_and_run(times: ArrayLike, run: float | Duration) -> tuple[Floats, float]:
    """Return times and a length of time in one unit; that of dates is the second, whatever they are stored in.

    Parameters
    ----------
    times : array, shape (n,)
        Numbers or dates.
    run : float or timedelta
        >= 0: in the unit of the numbers, or beside dates a duration.

    Raises
    ------
    ArgumentError
        If a bare number stands beside dates, a duration beside numbers, or a date is missing or in a zone.
    """
    given = np.asarray(times)
    if (
        given.dtype.kind == "O"
        and given.size
        and all(isinstance(time, date) for time in given.ravel().tolist())
    ):
        mend = "Dates are read as datetime64: give times in UTC without a zone, e.g. by .dt.tz_convert(None)."
        if any(getattr(time, "tzinfo", None) is not None for time in given.ravel().tolist()):
            raise ArgumentError(Fault("times", f"times = {quoted(times)}", mend))
        given = given.astype("datetime64[us]")
    length = run if isinstance(run, Duration) else None
    gap = number("run", run, least=0.0) if not isinstance(run, Duration) else 0.0
    if given.dtype.kind != "M":
        if length is not None:
            mend = "A duration needs dates: give `times` as datetime64, or the run in steps or the unit of the times."
            raise ArgumentError(Fault("run", f"run = {quoted(run)}", mend))
        return numbers("times", times, dimensions=1), gap
    if np.isnat(given).any():
        raise ArgumentError(
            Fault("times", f"times[{int(np.isnat(given).argmax())}] = NaT", "Each has a date.")
        )
    if gap > 0.0:
        mend = f"With dates a duration was expected: np.timedelta64({gap:g}, 'D') for days, or a timedelta."
        raise ArgumentError(Fault("run", f"run = {gap:g} beside dates", mend))
    second = np.timedelta64(1, "s")
    if length is not None:
        gap = number("run", float(np.timedelta64(length) / second), least=0.0, unit="s")
    return np.asarray((given - given.min()) / second, dtype=np.float64), gap
