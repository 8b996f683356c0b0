# SPDX-License-Identifier: Apache-2.0
"""All lenses side by side on one scale: what each says, where they disagree, and which probability is carried on.

No lens is blended with another. Where Merton's model sees no default at all the logarithm of its probability is carried
on and the cell is flagged; where the issuer earns nothing before depreciation, the worse of Merton's model and the
ratings is. Neither rule makes an issuer safer because it is hurt (ADR 008).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.ledger import Ledger
from greenrisk.issuer.credit.altman import DISTRESS, SAFE, em_bands, score_rules
from greenrisk.issuer.credit.domains import MISSING, Floats, Ranks, refuse
from greenrisk.issuer.credit.interest_cover import CoverTable
from greenrisk.issuer.credit.logit import FittedLogit
from greenrisk.issuer.credit.merton import UNDERFLOW
from greenrisk.issuer.credit.model_lenses import LogitLens, MertonLens
from greenrisk.issuer.credit.scale import RatingScale
from greenrisk.issuer.credit.state import Reading, State
from greenrisk.issuer.credit.statement_lenses import AltmanLens, CoverLens, DebtServiceLens, RunwayLens

APART: Final = 2
"""Grades between the best and the worst lens from which they are said to disagree."""

ORDER: Final = ("merton", "logit", "interest_cover", "altman_em")
"""Lenses with a probability, in the order in which one is carried on."""


class Lens(Protocol):
    """One way of looking at an issuer."""

    @property
    def name(self) -> str:
        """Name, unique among the lenses."""
        ...

    @property
    def needs(self) -> tuple[str, ...]:
        """Lines or ratios without which it says nothing."""
        ...

    def read(self, state: State) -> Reading:
        """Return what it says of every cell, or why it says nothing."""
        ...


def standard_lenses(
    scale: RatingScale,
    table: CoverTable,
    *,
    debt_service_safe: float,
    runway_distress: float,
    runway_safe: float,
    logit: FittedLogit | None = None,
    logit_refusal: str = "",
    kmv: bool = False,
    ledger: Ledger | None = None,
) -> tuple[Lens, ...]:
    """Return the lenses of the house.

    Parameters
    ----------
    scale : RatingScale
        The common scale.
    table : CoverTable
        Bounds of the interest cover.
    debt_service_safe, runway_distress, runway_safe : float
        From the card of :data:`greenrisk.issuer.credit.statement_lenses.LENS_BOUNDS_ROLE`.
    logit : FittedLogit, optional
        Fitted on the user's firm-years.
    logit_refusal : str
        Why there is none.
    kmv : bool
        Whether Merton's model takes KMV's default point instead of all debt.
    ledger : Ledger, optional
        Told which rows of the scores' tables are not confirmed.
    """
    rules, bands = score_rules(ledger=ledger), em_bands(ledger=ledger)
    fitted = LogitLens(scale, logit, logit_refusal) if logit_refusal else LogitLens(scale, logit)
    return (
        MertonLens(scale, "default_point" if kmv else "all"),
        *(AltmanLens(rule, scale, bands if rule.name == "EM" else None) for rule in rules.values()),
        CoverLens(table, scale),
        DebtServiceLens(debt_service_safe),
        RunwayLens(runway_distress, runway_safe),
        fitted,
    )


@dataclass(frozen=True)
class Lenses:
    """What all lenses say, side by side.

    Parameters
    ----------
    readings : dict of str to Reading
        By the name of the lens.
    scale : RatingScale
        The common scale.
    lowest, highest : ndarray of int8
        Best and worst grade of the lenses that give one; -1 where none does.
    disagreement : ndarray of int8
        Grades between them; -1 where fewer than two lenses give one.
    contradiction : ndarray of bool
        Whether one lens says distress and another safe.
    """

    readings: dict[str, Reading]
    scale: RatingScale
    lowest: Ranks
    highest: Ranks
    disagreement: Ranks
    contradiction: NDArray[np.bool_]

    @property
    def apart(self) -> NDArray[np.bool_]:
        """Whether the lenses disagree: grades :data:`APART` or more, or distress against safe."""
        out: NDArray[np.bool_] = (self.disagreement >= APART) | self.contradiction
        return out

    def tell(self, ledger: Ledger) -> None:
        """Enter what is missing, by lens and reason, and where the lenses disagree."""
        for name, reading in self.readings.items():
            for reason, count in reading.missing().items():
                ledger.add("dropped", f"lens {name}", f"No answer: {reason}", count)
        count = int(self.apart.sum())
        if count:
            detail = f"The lenses lie {APART} or more grades apart, or one says distress and another safe."
            ledger.add("unreliable", "lenses", detail, count)


def all_lenses(state: State, lenses: Sequence[Lens], scale: RatingScale) -> Lenses:
    """Return what all lenses say of a state.

    Parameters
    ----------
    state : State
        Lines of the issuers.
    lenses : sequence of Lens
        As of :func:`standard_lenses`, or the user's own.
    scale : RatingScale
        The common scale.

    Raises
    ------
    ArgumentError
        If two lenses have one name.
    """
    names = [lens.name for lens in lenses]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise refuse("lenses", ", ".join(twice), "Two lenses have this name.")
    readings = {lens.name: lens.read(state) for lens in lenses}
    last = len(scale.grades)
    low = np.full(state.shape, last, dtype=np.int8)
    high, given = np.full(state.shape, MISSING, dtype=np.int8), np.zeros(state.shape, dtype=np.int8)
    safe, bad = (np.zeros(state.shape, dtype=bool) for _ in range(2))
    for reading in readings.values():
        has = reading.grade != MISSING
        low = np.where(has, np.minimum(low, reading.grade), low)
        high = np.maximum(high, reading.grade)
        given = given + has.astype(np.int8)
        safe, bad = safe | (reading.zone == SAFE), bad | (reading.zone == DISTRESS)
    apart = np.where(given >= 2, high - low, MISSING).astype(np.int8)
    low = np.where(given > 0, low, MISSING).astype(np.int8)
    return Lenses(readings, scale, low, high, apart, safe & bad)


@dataclass(frozen=True)
class Carried:
    """The probability that is carried on to losses, and whose it is.

    Parameters
    ----------
    annual_probability : ndarray
        Twelve-month default probability [1]; NaN where no lens has one.
    log_annual_probability : ndarray
        Its logarithm; finite where the probability underflows.
    lens : ndarray of int8
        Place in ``lenses``; -1 where no lens has one.
    lenses : tuple of str
        Lenses in their order.
    underflow, unearned : ndarray of bool
        Cells in which Merton's model saw no default (below 1e-12: the logarithm goes on), or EBITDA is at or below zero
        (the worse of Merton's model and the ratings is taken).
    """

    annual_probability: Floats
    log_annual_probability: Floats
    lens: Ranks
    lenses: tuple[str, ...]
    underflow: NDArray[np.bool_]
    unearned: NDArray[np.bool_]

    def tell(self, ledger: Ledger) -> None:
        """Enter how many cells rest on which lens, and how many are flagged."""
        for number, name in enumerate(self.lenses):
            count = int((self.lens == number).sum())
            if count:
                ledger.add("read", "probability carried on", f"Taken from the lens {name}.", count)
        for where, detail in (
            (
                self.underflow,
                "Merton's model saw no default (below 1e-12): its logarithm goes on; read the ratings beside it.",
            ),
            (self.unearned, "EBITDA at or below zero: the worse of Merton's model and the ratings is taken."),
            (self.lens == MISSING, "No lens has a probability."),
        ):
            if where.any():
                ledger.add("unreliable", "probability carried on", detail, int(where.sum()))


def carried(state: State, lenses: Lenses, order: Sequence[str] = ORDER) -> Carried:
    """Return the probability that is carried on to losses.

    Parameters
    ----------
    state : State
        For EBITDA; where depreciation is not known, EBIT stands for it.
    lenses : Lenses
        What the lenses say.
    order : sequence of str
        Lenses in the order in which one is taken.

    Notes
    -----
    The first lens of the order that has a probability, Merton's first. Where Merton's is below 1e-12 it stays, as its
    logarithm, and the cell is flagged: a rating that stood in from there on would jump by orders of magnitude, and an
    issuer that a scenario hurts would look safer than its own baseline. Where EBITDA is at or below zero, the worst of
    all: a distressed issuer must not look safe, and a scenario that lowers EBITDA never lowers the probability by it.
    """
    present = tuple(name for name in order if name in lenses.readings)
    shape = state.shape
    log_p = np.full(shape, np.nan)
    lens = np.full(shape, MISSING, dtype=np.int8)
    under = np.zeros(shape, dtype=bool)
    ebit, spent = state.get("ebit"), state.get("depreciation")
    unearned = (ebit + np.where(np.isnan(spent), 0.0, spent)) <= 0.0
    for number, name in enumerate(present):
        found = lenses.readings[name].log_annual_probability
        there = ~np.isnan(found)
        if name == "merton":
            under |= found < np.log(UNDERFLOW)
        use = there & ((lens < 0) | (unearned & (found > log_p)))
        log_p, lens = np.where(use, found, log_p), np.where(use, number, lens).astype(np.int8)
    return Carried(np.exp(log_p), log_p, lens, present, under, unearned & (lens != MISSING))
