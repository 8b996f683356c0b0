# SPDX-License-Identifier: Apache-2.0
"""Default in a bad year, Basel's capital, and the user's own probabilities moved by the scenarios.

What lives here: result groups. What does not: the formulas (:mod:`greenrisk.issuer.credit.vasicek`,
:mod:`greenrisk.issuer.credit.basel`).
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import ndtri_exp

from greenrisk.core.ledger import Ledger
from greenrisk.issuer.credit.basel import CONFIDENCE, PROBABILITY_FLOOR, asset_correlation, capital
from greenrisk.issuer.credit.vasicek import (
    frye_jacobs_loss_rate,
    log_conditional_probability,
    overlay,
    stress_factor,
)
from greenrisk.issuer.credit_inputs import OwnRatings
from greenrisk.issuer.issuers import CreditSpec

Floats = NDArray[np.float64]
DIMS = ("scenario", "issuer", "year")


def conditional_group(
    log_probability: Floats, loss_rate: Floats, sales: Floats, spec: CreditSpec, ledger: Ledger
) -> xr.Dataset:
    """Return the group ``/conditional``: default probability of a bad year and Basel's capital.

    Parameters
    ----------
    log_probability : array, shape (scenario, issuer, year)
        Logarithm of the twelve-month default probability; NaN where no lens has one.
    loss_rate : array, same shape
        Loss given default [1].
    sales : array, shape (issuer,)
        Annual sales [EUR million]; NaN: no size adjustment.
    spec : CreditSpec
        Level of the bad year, maturity.
    ledger : Ledger
        Told what Basel's formula was fed with, and what it was not.

    Returns
    -------
    xarray.Dataset
        By scenario, issuer and year ``annual_probability``, ``stressed_probability`` and its logarithm,
        ``correlation``, ``loss_rate``, ``stressed_loss_rate``, ``capital``, ``risk_weight`` [1], ``floored``; without
        coordinates.

    Notes
    -----
    PD(Z) = Phi((Phi^-1(PD) - sqrt(rho) Z) / sqrt(1 - rho)) with Z = -Phi^-1(level) and Basel's rho at the same PD. The
    capital is always that of Basel's level, whatever the level asked; an issuer in default has none, since its loss is
    expected. ``stressed_loss_rate`` is the loss given default that goes with so bad a year by Frye and Jacobs, which
    needs no parameter of its own; NaN where a probability is 0 or 1. The capital does not take it.
    """
    annual = np.exp(log_probability)
    by_issuer = sales[None, :, None]
    rho = asset_correlation(annual, by_issuer)
    known = np.isfinite(log_probability)
    score = np.where(known, ndtri_exp(np.where(known, np.minimum(log_probability, 0.0), -1.0)), np.nan)
    certain = np.isposinf(score)
    bad = log_conditional_probability(np.where(certain, np.nan, score), rho, stress_factor(spec.stress_level))
    bad = np.where(certain, 0.0, np.where(np.isneginf(log_probability), -np.inf, bad))
    asked = capital(annual, loss_rate, spec.maturity, by_issuer)
    units = {"units": "1"}
    data = {
        "annual_probability": annual,
        "stressed_probability": np.exp(bad),
        "log_stressed_probability": bad,
        "correlation": rho,
        "loss_rate": loss_rate,
        "stressed_loss_rate": _bad_loss(np.exp(bad), annual, loss_rate, rho),
        "capital": asked.requirement,
        "risk_weight": asked.risk_weight,
    }
    group = xr.Dataset({name: (DIMS, np.broadcast_to(x, annual.shape), units) for name, x in data.items()})
    group["floored"] = (DIMS, asked.floored.astype(np.int8), {"units": "yes or no"})
    group["sales_eur_million"] = ("issuer", sales, {"units": "EUR million/year"})
    adjusted = bool((~np.isnan(sales)).any())
    group.attrs = {
        "level": spec.stress_level,
        "capital_level": CONFIDENCE,
        "maturity": spec.maturity,
        "size_adjustment": int(adjusted),
        "floor": PROBABILITY_FLOOR,
    }
    _tell(group, spec, ledger)
    return group


def _bad_loss(bad: Floats, annual: Floats, loss_rate: Floats, rho: Floats) -> Floats:
    """Loss given default of the bad year; NaN where a probability or the loss is 0 or 1."""
    inner = [(x > 0.0) & (x < 1.0) for x in (bad, annual, loss_rate, annual * loss_rate)]
    there = np.logical_and.reduce(inner)
    d, p, g = (np.where(there, x, 0.5) for x in (bad, annual, loss_rate))
    return np.where(there, frye_jacobs_loss_rate(d, p, g, np.where(there, rho, 0.0)), np.nan)


def _tell(group: xr.Dataset, spec: CreditSpec, ledger: Ledger) -> None:
    size = (
        "sales of the statement in euros, which may be less than the group's, lower the correlation"
        if group.attrs["size_adjustment"]
        else "no size adjustment"
    )
    detail = (
        f"Basel's formula for corporates at {CONFIDENCE:.1%}, maturity {spec.maturity:g} years for every issuer, "
        f"{size}; the loss given default is the scenario's, not the 40 % or 45 % of the foundation approach. A "
        "supervisor's rule, not a forecast."
    )
    source = "Basel Committee (2017), CRE31; Regulation (EU) 2024/1623, article 160"
    ledger.add("assumption", "Basel capital", detail, source=source)
    floored = int(group["floored"].values.sum())
    if floored:
        detail = f"Default probabilities below {PROBABILITY_FLOOR:.2%} count as that in the capital."
        ledger.add("floored", "Basel capital", detail, floored)
    certain = int((group["annual_probability"].values >= 1.0).sum())
    if certain:
        detail = "Default is certain: no capital, since the loss is expected. It stands in the expected loss."
        ledger.add("assumption", "Basel capital: issuers in default", detail, certain)


def overlay_group(
    own: OwnRatings,
    issuers: tuple[str, ...],
    annual: Floats,
    baseline: int,
    clip: float,
    ledger: Ledger,
) -> xr.Dataset | None:
    """Return the group ``/overlay``: the user's own probabilities moved by what each scenario does to the model's.

    Parameters
    ----------
    own : OwnRatings
        The user's own figures.
    issuers : tuple of str, (issuer,)
        Those that are run.
    annual : array, shape (scenario, issuer, year)
        The model's twelve-month default probability.
    baseline : int
        Place of the baseline scenario.
    clip : float
        See :func:`greenrisk.issuer.credit.vasicek.overlay`.
    ledger : Ledger
        Told the share of cells that hit the clip, and figures of issuers that are not run.

    Returns
    -------
    xarray.Dataset or None
        By scenario, issuer (those with an own figure) and year; None where nobody that is run has one.
    """
    place = {name: at for at, name in enumerate(issuers)}
    rows = [k for k, name in enumerate(own.issuers) if name in place]
    gone = len(own.issuers) - len(rows)
    if gone:
        ledger.add("dropped", "own ratings", "Of issuers that are refused: they are not run.", gone)
    if not rows:
        return None
    held = annual[:, [place[own.issuers[k]] for k in rows], :]
    mine = own.probability[rows]
    moved = overlay(mine[None, :, None], held, held[baseline : baseline + 1], clip)
    group = xr.Dataset(
        {
            "own_probability_moved": (DIMS, moved.probability, {"units": "1"}),
            "clipped": (DIMS, moved.clipped.astype(np.int8), {"units": "yes or no"}),
            "own_probability": ("issuer", mine, {"units": "1"}),
            "own_rating": ("issuer", np.array([own.ratings[k] for k in rows], dtype=str), {"units": "text"}),
        },
        coords={"issuer": [own.issuers[k] for k in rows]},
        attrs={"clip": clip, "clipped_share": moved.clipped_share},
    )
    if moved.clipped.any():
        detail = (
            f"One of the three probabilities was held to {clip:g} or one less it, in {moved.clipped_share:.0%} of the "
            "cells: what is told there is a bound that rests on the clip."
        )
        ledger.add("clipped", "own ratings moved", detail, int(moved.clipped.sum()))
    return group
