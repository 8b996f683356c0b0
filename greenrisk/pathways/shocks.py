# SPDX-License-Identifier: Apache-2.0
"""A user's own shocks over the years: step, ramp, sudden-late; several compose in the order in which they are told.

What lives here: arithmetic. What does not: what the user writes (:mod:`greenrisk.pathways.shocks_spec`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.core.errors import Faults
from greenrisk.pathways.drivers import DRIVERS
from greenrisk.pathways.errors import ShockError
from greenrisk.pathways.shocks_spec import RampShock, ShockSpec, StepShock, SuddenLateShock
from greenrisk.pathways.units import Floats


def share_of(shock: ShockSpec, years: ArrayLike) -> Floats:
    """Return how much of a shock is felt in each year.

    Parameters
    ----------
    shock : ShockSpec
        The shock.
    years : array_like of int, shape (n,)
        Calendar years.

    Returns
    -------
    array, shape (n,)
        In [0, 1] [unitless].

    Notes
    -----
    With s the start and y the year of the whole shock: step 1 from s on; ramp ``(t - s) / (y - s)``; sudden-late
    ``(t - s + 1) / (y - s + 1)``, so that its first year feels it.
    """
    year = np.asarray(years, dtype=float)
    if isinstance(shock, StepShock):
        last = np.inf if shock.until is None else shock.until
        return np.asarray(((year >= shock.start) & (year <= last)).astype(float))
    if isinstance(shock, RampShock):
        share = np.clip((year - shock.start) / (shock.year - shock.start), 0.0, 1.0)
    else:
        share = np.clip((year - shock.start + 1) / (shock.year - shock.start + 1), 0.0, 1.0)
    return np.asarray(share if shock.hold else np.where(year > shock.year, 0.0, share))


def shocked(base: ArrayLike, years: ArrayLike, shock: ShockSpec) -> Floats:
    """Return a path with one shock.

    Parameters
    ----------
    base : array_like, shape (..., n)
        What would be without it.
    years : array_like of int, shape (n,)
        Calendar years, rising.
    shock : ShockSpec
        The shock.

    Notes
    -----
    With w the share of :func:`share_of` and z the size: absolute ``b + w (z - b)``, factor ``b (1 + w (z - 1))``,
    change ``b + w z``. Sudden-late with ``freeze`` replaces b by its value in the first year until the start.
    """
    path = np.array(base, dtype=float)
    year = np.asarray(years)
    if isinstance(shock, SuddenLateShock) and shock.freeze:
        path[..., year < shock.start] = path[..., :1]
    share = share_of(shock, year)
    if shock.value == "absolute":
        return np.asarray(path + share * (shock.size - path))
    if shock.value == "factor":
        return np.asarray(path * (1.0 + share * (shock.size - 1.0)))
    return np.asarray(path + share * shock.size)


def apply_shocks(
    quantity: str,
    base: ArrayLike,
    years: ArrayLike,
    shocks: Sequence[ShockSpec],
    countries: Sequence[str] = (),
    sectors: Sequence[str] = (),
) -> Floats:
    """Return a driver with all shocks of its name, in the order told.

    Parameters
    ----------
    quantity : str
        Name of the driver; shocks of others are passed over.
    base : array_like, shape (countries, sectors, years)
        What would be without them; the first two axes may be of size 1.
    years : array_like of int, shape (n,)
        Calendar years, rising.
    shocks : sequence of ShockSpec
        All shocks of a scenario.
    countries, sectors : sequence of str
        Names along the first two axes, needed where a shock hits only some.

    Returns
    -------
    array, shape (countries, sectors, years)
        Axes of size 1 stay so unless a shock tells their members apart.

    Raises
    ------
    ShockError
        Every fault at once: a country or sector that no issuer is in, values out of the driver's domain, with the year.
    """
    path = np.array(base, dtype=float)
    year = np.asarray(years)
    driver = DRIVERS[quantity]
    faults = Faults()
    for number, shock in enumerate(shocks):
        if shock.quantity != quantity:
            continue
        where = f"shocks[{number}]"
        hit = []
        for axis, (chosen, there, word) in enumerate(
            ((shock.countries, countries, "country"), (shock.sectors, sectors, "sector"))
        ):
            for name in chosen:
                if name not in there:
                    listed = ", ".join(f"`{one}`" for one in there) or "none"
                    faults.add(
                        where, f"{word} = {name}", f"No issuer is in this {word}. There are: {listed}."
                    )
            if chosen and path.shape[axis] == 1:
                path = np.repeat(path, max(1, len(there)), axis=axis)
            hit.append(_hit(chosen, there, path.shape[axis]))
        mask = hit[0][:, None] & hit[1][None, :]
        path = np.where(mask[..., None], shocked(path, year, shock), path)
        outside = _outside(path, driver.low, driver.high)
        if outside.any():
            at = int(np.flatnonzero(outside.any(axis=(0, 1)))[0])
            value = path[..., at][outside[..., at]][0]
            domain = f">= {driver.low:g}" if driver.high is None else f"in {driver.low:g} to {driver.high:g}"
            mend = f"{driver.sentence} It must be {domain}; mind the shocks told before this one."
            faults.add(where, f"{quantity} = {value:g} in {int(year[at])}", mend, driver.unit)
    faults.raise_if_any(ShockError)
    return path


def _hit(
    chosen: Sequence[str], there: Sequence[str], size: int
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    if not chosen:
        return np.ones(size, dtype=bool)
    return np.asarray([name in chosen for name in there] or [False], dtype=bool)


def _outside(
    path: Floats, low: float | None, high: float | None
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    outside = np.zeros(path.shape, dtype=bool)
    if low is not None:
        outside |= path < low
    if high is not None:
        outside |= path > high
    return outside
