# SPDX-License-Identifier: Apache-2.0
"""Groups of an index cover made by hand, for the charts: 13 years with a loss, 90 years without, simulated years."""

from __future__ import annotations

import numpy as np
import xarray as xr

LOSS = (33.0, 7.3, 14.4, 4.1, 7.5, 15.8, 3.3, 1.9, 7.1, 4.8, 4.9, 4.1, 3.0)
"""Losses of 2009 to 2021 [CNY million]."""

PAID = (20.0, 6.0, 0.0, 6.0) + (0.0,) * 9
"""Payments of the same years: 2010 and 2012 were paid and are none of the worst, 2011 and 2014 not [CNY million]."""


def pairs() -> xr.Dataset:
    """Return ``/basis_pairs``: of the 3 worst years (2009, 2014, 2011) the first alone is paid, two are missed."""
    loss, paid = np.array(LOSS) * 1e6, np.array(PAID) * 1e6
    quadrant = np.full(loss.size, "neither", dtype="<U16")
    quadrant[[0, 1, 2, 3, 5]] = (
        "loss and payment",
        "payment, no loss",
        "loss, no payment",
        "payment, no loss",
        "loss, no payment",
    )
    return xr.Dataset(
        {
            "loss": ("year", loss),
            "payout": ("year", paid),
            "gap": ("year", loss - paid),
            "quadrant": ("year", quadrant),
        },
        coords={"year": np.arange(2009, 2022)},
        attrs={"loss_edge": 14.4e6, "matched_years": 3, "years": 13, "simulated": 0},
    )


def basis(simulated: bool = False) -> xr.Dataset:
    """Return ``/basis`` of :func:`pairs`: 2 of 3 missed, exact 90 % interval 0.135 to 0.983."""
    return xr.Dataset(
        {
            "value": ("measure", [2 / 3, 2 / 3]),
            "low": ("measure", [0.135, 0.135]),
            "high": ("measure", [0.983, 0.983]),
            "years": ("measure", [3, 3]),
        },
        coords={"measure": ["false_negatives", "false_positives"]},
        attrs={"years": 13, "matched_years": 3, "simulated": int(simulated), "note": "13 years are few."},
    )


def simulated_pairs() -> xr.Dataset:
    """Return ``/basis_pairs`` of 2,000 simulated years, lognormal losses."""
    rng = np.random.default_rng(7)
    z = rng.standard_normal((2, 2000))
    loss = 2e6 * np.exp(1.2 * z[0])
    paid = np.clip((0.6 * z[0] + 0.8 * z[1] - 1.0) / 1.5, 0, 1) * 2e7
    edge = np.sort(loss)[-int((paid > 0).sum())]
    worst = loss >= edge
    words = ("loss and payment", "loss, no payment", "payment, no loss")
    quadrant = np.select([worst & (paid > 0), worst, paid > 0], words, "neither")
    return xr.Dataset(
        {
            "loss": ("year", loss),
            "payout": ("year", paid),
            "gap": ("year", loss - paid),
            "quadrant": ("year", quadrant),
        },
        coords={"year": np.arange(2000)},
        attrs={"loss_edge": edge, "matched_years": int(worst.sum()), "years": 100000, "simulated": 1},
    )


def history() -> xr.Dataset:
    """Return ``/history`` of the 13 years."""
    return pairs()[["loss", "payout", "gap"]]


def long_history() -> xr.Dataset:
    """Return ``/history`` of 90 years without a loss; 8 of them were paid, none from 1927 to 1962."""
    year = np.arange(1903, 1993)
    paid = np.zeros(year.size)
    paid[np.isin(year, (1906, 1907, 1909, 1916, 1926, 1963, 1982, 1991))] = (
        1.1,
        0.4,
        2.6,
        0.9,
        5.0,
        3.1,
        0.2,
        1.4,
    )
    nothing = np.full(year.size, np.nan)
    return xr.Dataset(
        {"payout": ("year", paid * 1e6), "loss": ("year", nothing), "gap": ("year", nothing)},
        coords={"year": year},
    )


def with_edges(values: np.ndarray, edges: tuple[float, ...]) -> np.ndarray:
    """Return values with both sides of every edge, as the results have them."""
    sides = [
        side for edge in edges for side in (np.nextafter(edge, -np.inf), edge, np.nextafter(edge, np.inf))
    ]
    return np.sort(np.concatenate([values, sides]))


def payout_function(covers: int = 1) -> xr.Dataset:
    """Return ``/payout_function``: below -4 m, in full at -5.5 m; a second cover pays tiers above 100 m3/s."""
    low = with_edges(np.linspace(-6.0, 3.0, 31), (-5.5, -4.0))
    flow = with_edges(np.linspace(0.0, 400.0, 31), (100.0, 300.0))
    line, tiers = np.clip((-4.0 - low) / 1.5, 0, 1), np.select([flow >= 300, flow >= 100], [1.0, 0.4], 0.0)
    return xr.Dataset(
        {
            "value": (("cover", "point"), np.array([low, flow])[:covers]),
            "share": (("cover", "point"), np.array([line, tiers])[:covers]),
            "index": ("cover", ["low-water", "flow"][:covers]),
            "unit": ("cover", ["m", "m3/s"][:covers]),
        },
        coords={"cover": ["low-water", "flood"][:covers]},
    )


def record(treated: bool = True) -> xr.Dataset:
    """Return ``/record``: 90 years of two indices; 5 of ``low-water`` lie below -4 m as priced."""
    rng = np.random.default_rng(3)
    low = np.clip(rng.normal(-1.5, 1.1, 90), -3.9, 2.9)
    low[[3, 6, 23, 60, 79]] = (-4.2, -4.6, -5.8, -5.1, -4.3)
    flow = rng.gamma(2.0, 50.0, 90).clip(0, 390)
    year = np.arange(1903, 1993)
    return xr.Dataset(
        {
            "index": ("record", ["low-water"] * 90 + ["flow"] * 90),
            "year": ("record", np.concatenate([year, year])),
            "value": ("record", np.concatenate([low + (0.3 if treated else 0.0), flow])),
            "treated": ("record", np.concatenate([low, flow])),
            "kept": ("record", np.ones(180, dtype=int)),
        }
    )


def treatments() -> xr.Dataset:
    """Return ``/treatments``: fourfold from 1.0 to 4.0 million, a line refused."""
    return xr.Dataset(
        {
            "pure_premium_burn": ("treatment", [1.0e6, 1.6e6, 4.0e6, 3.6e6]),
            "burn_low": ("treatment", [0.4e6, 0.8e6, 2.4e6, 1.9e6]),
            "burn_high": ("treatment", [1.9e6, 2.6e6, 5.7e6, 5.4e6]),
            "pure_premium_law": ("treatment", [1.2e6, 1.5e6, 3.8e6, 3.7e6]),
            "paying_years": ("treatment", [5, 7, 21, 15]),
            "years": ("treatment", [100, 100, 100, 72]),
            "chosen": ("treatment", [0, 0, 1, 0]),
            "refused": (
                "treatment",
                ["", "The record has a step after 1898: a line laid across it makes a trend of it.", "", ""],
            ),
        },
        coords={"treatment": ["none", "linear", "step", "post_break"]},
    )


def backtest() -> xr.Dataset:
    """Return ``/backtest``: 45 years from 1948 on, 3 of them paid 9 million in all, premiums of 0.3 million a year."""
    year = np.arange(1948, 1993)
    payout = np.zeros(45)
    payout[[15, 34, 43]] = (5.0e6, 1.0e6, 3.0e6)
    return xr.Dataset(
        {
            "year": ("origin", year),
            "trigger": ("origin", np.full(45, -4.0)),
            "premium_burn": ("origin", np.full(45, 0.3e6)),
            "premium_law": ("origin", np.linspace(0.25e6, 0.35e6, 45)),
            "payout": ("origin", payout),
            "paid": ("origin", (payout > 0).astype(int)),
        }
    )


def backtest_summary() -> xr.Dataset:
    """Return ``/backtest_summary``: three figures."""
    return xr.Dataset(
        {
            "value": ("figure", [3.0, 4.5, -4.5e6]),
            "low": ("figure", [0.8, np.nan, -9.0e6]),
            "high": ("figure", [7.8, np.nan, 1.0e6]),
            "unit": ("figure", ["year", "year", "CNY"]),
            "note": ("figure", ["exact", "as the triggers promise", "blocks of years drawn again"]),
        },
        coords={"figure": ["paying_years_seen", "paying_years_expected", "payouts_less_premiums"]},
    )


def backtest_power() -> xr.Dataset:
    """Return ``/backtest_power`` of three factors."""
    return xr.Dataset(
        {"power_frequency": ("factor", [0.12, 0.36, 0.82]), "years": ("factor", [45, 45, 45])},
        coords={"factor": [1.5, 2.0, 3.0]},
    )
