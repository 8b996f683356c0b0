# SPDX-License-Identifier: Apache-2.0
"""What insuring counties and perils together saves, and how much of that rests on which dependence.

Nothing is taken to be independent in silence: the simulated years are set beside two rearrangements of themselves, one
with counties independent of each other (what a portfolio of unrelated regions would be) and one with perils that have
their bad years together (the worst for the pool, whatever their dependence).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from math import comb
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.actuarial.measures import Estimate, tail_value_at_risk
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.ledger import Ledger
from greenrisk.core.streams import stream
from greenrisk.resource.county_dependence import ALL, CountyYears, correlation
from greenrisk.resource.fire_tables import FirePanel

Floats = NDArray[np.float64]

TAIL_LEVEL: Final = 0.99
"""Level of the tail value at risk of the pool [unitless]."""

MOST_SUBSETS: Final = 20
"""Subsets of counties of one size that are looked at: all of them up to six counties."""

MOST_SIZES: Final = 30
"""Numbers of counties for which subsets are looked at."""

DEPENDENCES: Final = ("simulated", "counties_independent", "perils_comonotone")
"""How the simulated years of counties and perils are put side by side."""

PERILS_INDEPENDENT: Final = (
    "Perils are simulated independent of each other, given their cards; no record of several perils was at "
    "hand."
)
"""What the ledger says of every study of several perils."""


def pool(years: CountyYears, panel: FirePanel | None, seed: int, ledger: Ledger) -> dict[str, xr.Dataset]:
    """Return the groups below ``/pool``.

    Parameters
    ----------
    years : CountyYears
        The simulated years, at least 100.
    panel : FirePanel or None
        Fires of several provinces, whose detrended dependence is set beside; None: nothing is.
    seed : int
        Seed of the rearrangement with counties independent, and of the subsets where there are too many.
    ledger : Ledger
        Told how counties and perils depend on each other, and what that is worth.

    Returns
    -------
    dict of str to xarray.Dataset
        ``/pool/correlation``, ``/pool/curve``, ``/pool/benefit``, ``/pool/lines``: see :func:`correlation`,
        :func:`curve`, :func:`benefit`.

    Raises
    ------
    ArgumentError
        With fewer than 100 years: the tail would hold less than one.
    """
    least = round(1.0 / (1.0 - TAIL_LEVEL))
    if years.loss.shape[0] < least:
        mend = f"At least {least} are needed for the worst 1 %."
        raise ArgumentError(Fault("pool", f"{years.loss.shape[0]} years", mend, "year"))
    groups = {
        "/pool/correlation": correlation(years, panel, ledger),
        "/pool/curve": curve(years, seed, ledger),
        **benefit(years, seed),
    }
    _tell(groups, ledger)
    return groups


def curve(years: CountyYears, seed: int, ledger: Ledger) -> xr.Dataset:
    """Return the group ``/pool/curve``: the risk of a mu against the number of counties pooled.

    Returns
    -------
    xarray.Dataset
        By ``counties`` pooled, over subsets of so many: ``standard_deviation`` of a year's loss per insured mu, its
        ``_low`` and ``_high`` over the subsets, ``independent``: the same if counties were independent,
        ``tail_excess``:
        tail value at risk less the mean, with ``_low`` and ``_high`` [CNY/mu]; ``subsets`` looked at [1].
    """
    loss, area = years.county, years.insured_area
    covariance = np.atleast_2d(np.cov(loss, rowvar=False))
    count = len(years.counties)
    sizes = np.unique(np.linspace(1, count, min(count, MOST_SIZES)).round().astype(int))
    names = ("standard_deviation", "independent", "tail_excess")
    rows = np.zeros((sizes.size, len(names), 3))
    looked = np.zeros(sizes.size)
    for place, size in enumerate(sizes):
        subsets = _subsets(count, int(size), seed)
        looked[place] = len(subsets)
        values = np.zeros((len(subsets), len(names)))
        for row, subset in enumerate(subsets):
            pooled, mu = loss[:, subset].sum(axis=1), area[subset].sum()
            values[row] = (
                np.sqrt(covariance[np.ix_(subset, subset)].sum()) / mu,
                np.sqrt(np.diagonal(covariance)[subset].sum()) / mu,
                (tail_value_at_risk(pooled, TAIL_LEVEL).value - pooled.mean()) / mu,
            )
        rows[place] = np.column_stack([values.mean(axis=0), values.min(axis=0), values.max(axis=0)])
    if any(looked[place] < comb(count, int(size)) for place, size in enumerate(sizes)):
        ledger.add(
            "assumption",
            "pool: number of counties",
            f"Of the subsets of {count} counties at most {MOST_SUBSETS} of each size are looked at, drawn by the seed.",
        )
    data = {
        f"{name}{end}": ("counties", rows[:, column, part], {"units": "CNY/mu"})
        for column, name in enumerate(names)
        for part, end in enumerate(("", "_low", "_high"))
        if not (end and name == "independent")
    }
    dataset = xr.Dataset(data, coords={"counties": sizes})
    dataset["subsets"] = ("counties", looked, {"units": "1"})
    dataset.attrs["tail_level"] = TAIL_LEVEL
    return dataset


def benefit(years: CountyYears, seed: int) -> dict[str, xr.Dataset]:
    """Return the groups ``/pool/benefit`` and ``/pool/lines``: what is saved by pooling, and by whom.

    Returns
    -------
    dict of str to xarray.Dataset
        ``/pool/benefit`` by ``dependence`` (:data:`DEPENDENCES`): ``pooled``, the tail value at risk of the whole, with
        its ``standard_error``; by ``split`` (county, peril): ``alone``, the sum of those of the lines, and ``benefit``
        = alone - pooled [CNY], ``benefit_share`` of alone [1]. ``/pool/lines`` by ``line``: ``split`` it belongs to,
        ``alone`` by ``dependence`` [CNY].

    Notes
    -----
    With perils comonotone each peril's years are sorted by its total and put side by side: no dependence of perils with
    these laws gives the whole a higher tail value at risk, which is then the sum of the perils' own. Counties keep
    their dependence within a peril. With counties independent each county's years are shuffled, its perils together.
    """
    arrangements = (years.loss, _independent(years, seed), _comonotone(years.loss))
    split = np.array(["county"] * len(years.counties) + ["peril"] * len(years.perils))
    pooled: list[Estimate] = []
    alone = np.zeros((split.size, len(DEPENDENCES)))
    for column, loss in enumerate(arrangements):
        pooled.append(tail_value_at_risk(loss.sum(axis=(1, 2)), TAIL_LEVEL))
        lines = [*loss.sum(axis=2).T, *loss.sum(axis=1).T]
        alone[:, column] = [
            tail_value_at_risk(np.ascontiguousarray(line), TAIL_LEVEL).value for line in lines
        ]
    total = np.array([one.value for one in pooled])
    sums = np.array([alone[split == name].sum(axis=0) for name in ("county", "peril")])
    # Tail value at risk is subadditive: what falls below zero is rounding.
    saved = np.maximum(sums - total, 0.0)
    share = np.divide(saved, sums, out=np.zeros_like(saved), where=sums > 0)
    dims = ("split", "dependence")
    found = xr.Dataset(
        {
            "pooled": ("dependence", total, {"units": "CNY"}),
            "standard_error": (
                "dependence",
                np.array([one.standard_error for one in pooled]),
                {"units": "CNY"},
            ),
            "alone": (dims, sums, {"units": "CNY"}),
            "benefit": (dims, saved, {"units": "CNY"}),
            "benefit_share": (dims, share, {"units": "1"}),
        },
        coords={"dependence": np.array(DEPENDENCES), "split": np.array(["county", "peril"])},
        attrs={"tail_level": TAIL_LEVEL},
    )
    lines_of = xr.Dataset(
        {"split": ("line", split), "alone": (("line", "dependence"), alone, {"units": "CNY"})},
        coords={"line": np.array([*years.counties, *years.perils]), "dependence": np.array(DEPENDENCES)},
    )
    return {"/pool/benefit": found, "/pool/lines": lines_of}


def _tell(groups: Mapping[str, xr.Dataset], ledger: Ledger) -> None:
    shared, found = groups["/pool/correlation"], groups["/pool/benefit"]
    pooled = dict(zip(DEPENDENCES, found["pooled"].values, strict=True))
    beside = ""
    if "observed_mean_spearman" in shared.attrs:
        fire = float(shared["mean_spearman"].sel(peril="wildfire"))
        beside = (
            f"; fire alone {fire:.2f} - a county has so few fires that "
            "chance hides how their expected number moves as one -, beside "
            f"{shared.attrs['observed_mean_spearman']:.2f} between provinces in {shared.attrs['observed_years']} "
            "years, trends taken out"
            if np.isfinite(fire)
            else "; of fire alone too little is paid to say"
        )
    if len(shared["county"]) > 1:
        ledger.add(
            "assumption",
            "dependence of counties",
            "Counties share events and the good and bad years of the perils: mean rank correlation of their yearly "
            f"losses {float(shared['mean_spearman'].sel(peril=ALL)):.2f}{beside}. Were they independent, the mean of "
            f"the worst 1 % of years would be {_relative(pooled, 'counties_independent')}.",
        )
    if len(groups["/pool/lines"]["split"].values[groups["/pool/lines"]["split"].values == "peril"]) > 1:
        ledger.add(
            "assumption",
            "dependence of perils",
            f"{PERILS_INDEPENDENT} Had they their bad years together, the mean of the worst 1 % of years would be "
            f"{_relative(pooled, 'perils_comonotone')}.",
            status="illustrative",
            source="judgement",
        )


def _relative(pooled: Mapping[str, float], name: str) -> str:
    base, other = pooled["simulated"], pooled[name]
    return f"CNY {other:,.0f} instead of {base:,.0f}" + (f" ({other / base - 1:+.0%})" if base > 0 else "")


def _independent(years: CountyYears, seed: int) -> Floats:
    loss = np.empty_like(years.loss)
    for position, name in enumerate(years.counties):
        order = stream(seed, "pool", "county", name).permutation(loss.shape[0])
        loss[:, position] = years.loss[order, position]
    return loss


def _comonotone(loss: Floats) -> Floats:
    order = np.argsort(loss.sum(axis=1), axis=0, kind="stable")
    return np.take_along_axis(loss, order[:, None, :], axis=0)


def _subsets(count: int, size: int, seed: int) -> list[NDArray[np.int64]]:
    if comb(count, size) <= MOST_SUBSETS:
        return [np.array(subset) for subset in combinations(range(count), size)]
    rng = stream(seed, "pool", "subsets", size)
    return [np.sort(rng.permutation(count)[:size]) for _ in range(MOST_SUBSETS)]
