# SPDX-License-Identifier: Apache-2.0
"""A user's own claims, which replace the factors of transfer by credibility.

What lives here: the table of claims, both updates, and the card that comes of them. What does not: the accidents at
plants of the zone, which its history counts (:mod:`greenrisk.pollution.accidents`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenrisk.actuarial.arguments import every, number
from greenrisk.actuarial.credibility.level import LevelUpdate, LognormalLevel
from greenrisk.actuarial.severity.law import Severity
from greenrisk.core.cards import Z_90, Card, Parameter, Range
from greenrisk.core.errors import ArgumentError, Fault, Faults, TableError
from greenrisk.core.tables import Column, TableSpec
from greenrisk.pollution.row_faults import rows_in_file
from greenrisk.pollution.severity.heads import HEADS
from greenrisk.pollution.severity.laws import HeadLaw
from greenrisk.pollution.severity.roles import RECORDED_HEADS

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

ZONE_CLAIMS: Final = TableSpec(
    name="zone-claims",
    title="Own claims of pollution liability, one row an accident and head",
    columns=(
        Column("accident_id", "text", description="Accident; its heads are rows of the same identifier."),
        Column(
            "plant_id",
            "text",
            required=False,
            description="Plant, where it is one of the zone: the claim then speaks of the severity alone, since the "
            "history counts it. Empty: a plant outside the zone.",
        ),
        Column("year", "integer", unit="year", low=1980, high=2100, description="Year of the accident."),
        Column("head", "choice", choices=HEADS, description="Head of loss."),
        Column(
            "amount_cny",
            "number",
            unit="CNY",
            low=0,
            low_open=True,
            description="Loss from ground up, before terms.",
        ),
    ),
)
"""Own claims, from ground up."""

_NODES: Final = 1001
_REACH: Final = 8.0
_AT_ONCE: Final = 500


@dataclass(frozen=True, eq=False)
class Claims:
    """Own claims as arrays.

    Parameters
    ----------
    accident : array of int, shape (rows,)
        Index of the accident, 0 to accidents - 1.
    head : array of int, shape (rows,)
        Index into ``HEADS``.
    amount : array, shape (rows,)
        From ground up, > 0 [CNY].
    year : array of int, shape (accidents,)
        Year of each accident.
    plant : array of int, shape (accidents,)
        Index of the plant of the zone where it happened; -1: outside the zone.
    """

    accident: Integers
    head: Integers
    amount: Floats
    year: Integers
    plant: Integers

    @property
    def accidents(self) -> int:
        """How many accidents."""
        return int(self.year.size)

    @property
    def outside(self) -> int:
        """How many of them outside the zone."""
        return int(np.count_nonzero(self.plant < 0))


def claims_of(frame: pd.DataFrame, plant_ids: NDArray[np.str_], name: str = "claims.csv") -> Claims:
    """Return the claims of a validated table.

    Parameters
    ----------
    frame : DataFrame
        Of :data:`ZONE_CLAIMS`; its first row is row 2 of the file.
    plant_ids : array of str
        Plants of the zone.
    name : str
        File, for messages.

    Raises
    ------
    TableError
        If a head of an accident stands twice, an accident has two years or two plants, or a plant is not one of the
        zone; all of them at once.
    """
    faults = Faults()
    plants = (
        frame["plant_id"].fillna("").astype(str) if "plant_id" in frame else pd.Series("", index=frame.index)
    )
    known = {str(one): place for place, one in enumerate(plant_ids)}
    first: dict[str, int] = {}
    seen: dict[tuple[str, str], int] = {}
    rows = rows_in_file(frame)
    for place, (one, head, year) in enumerate(
        zip(frame["accident_id"], frame["head"], frame["year"], strict=True)
    ):
        row, where = rows[place], f"{name}:{rows[place]}"
        if (earlier := seen.setdefault((one, head), row)) != row:
            mend = f"This head of the accident stands also in row {earlier}. Add both amounts into one row."
            faults.add(where, f"accident_id = {one}, head = {head}", mend)
        if plants.iloc[place] and plants.iloc[place] not in known:
            mend = (
                "No plant of the zone has this identifier. Correct it, or leave it empty for a plant outside."
            )
            faults.add(where, f"plant_id = {plants.iloc[place]}", mend)
        start = first.setdefault(one, place)
        if year != frame["year"].iloc[start]:
            faults.add(
                where, f"accident_id = {one}, year = {year}", f"Row {rows[start]} has another year.", "year"
            )
        if plants.iloc[place] != plants.iloc[start]:
            what = f"accident_id = {one}, plant_id = {plants.iloc[place]}"
            faults.add(where, what, f"Row {rows[start]} has another plant.")
    faults.raise_if_any(TableError, "`greenrisk show table zone-claims` lists its columns.")
    order = {one: place for place, one in enumerate(first)}
    starts = list(first.values())
    return Claims(
        np.array([order[one] for one in frame["accident_id"]], dtype=np.int64),
        np.array([HEADS.index(head) for head in frame["head"]], dtype=np.int64),
        frame["amount_cny"].to_numpy(dtype=np.float64),
        frame["year"].iloc[starts].to_numpy(dtype=np.int64),
        np.array([known.get(one, -1) for one in plants.iloc[starts]], dtype=np.int64),
    )


def prior_of(parameter: Parameter) -> LognormalLevel:
    """Return what the card believes of a factor: its median, and the log-sd of its 90 % interval.

    Parameters
    ----------
    parameter : Parameter
        With a lognormal range.
    """
    low, high = (float(end) for end in parameter.ends())
    return LognormalLevel(float(parameter.value), math.log(high / low) / (2.0 * Z_90))


def credible_frequency(prior: LognormalLevel, accidents: int, expected: float) -> LevelUpdate:
    """Return the belief of the frequency factor after own accidents were counted.

    Parameters
    ----------
    prior : LognormalLevel
        Of the card.
    accidents : int
        Own accidents with a claim that was large enough to be in the file, >= 0.
    expected : float
        What the model expects of them in the same plant-years at factor 1, > 0.

    Notes
    -----
    Counts are Poisson: their variance is their mean.
    """
    return prior.update(float(accidents), expected, expected)


@dataclass(frozen=True)
class SeverityUpdate:
    """The severity factor before and after own claims.

    Parameters
    ----------
    prior, posterior : LognormalLevel
        The belief before and after.
    credibility : float
        Share of the variance of the logarithm that the claims took away, in [0, 1) [unitless].
    amounts : int
        Amounts under the heads that the factor moves.
    worth : float
        Independent amounts that they are worth.
    """

    prior: LognormalLevel
    posterior: LognormalLevel
    credibility: float
    amounts: int
    worth: float


def credible_severity(
    prior: LognormalLevel,
    claims: Claims,
    laws_at_one: Mapping[str, HeadLaw],
    dependence: float,
    reported_from: float = 0.0,
) -> SeverityUpdate:
    """Return the belief of the severity factor after own amounts were seen.

    Parameters
    ----------
    prior : LognormalLevel
        Of the card.
    claims : Claims
        Own claims; judged heads, which the factor does not move, are left out.
    laws_at_one : mapping of str to HeadLaw
        Laws at severity factor 1, by head; their caps are not used.
    dependence : float
        Correlation between the heads of one accident, in [0, 1) [unitless].
    reported_from : float
        Amounts below it are not in the file, >= 0 [CNY].

    Raises
    ------
    ArgumentError
        If an amount lies below ``reported_from``, or no factor lets the laws bring the amounts.

    Notes
    -----
    With t the factor, an amount x under head h has density f_h(x / t) / (t S_h(r / t)), r the least reported amount.
    The posterior of ln t is found by the trapezium rule on 1,001 nodes over eight standard deviations of the belief on
    both sides, once more over those of what came out, and told as the lognormal law of its mean and variance.
    k amounts of one accident count as k / (1 + (k - 1) dependence) independent ones; the likelihood is weighed down to
    their number as a whole, alike for all amounts, since those of accidents with many heads are the larger ones. For
    a lognormal law without other heads and without a least amount this is the normal credibility formula,
    Z = n s^2 / (n s^2 + sigma^2).

    References
    ----------
    Buhlmann, H. and Gisler, A. (2005), A Course in Credibility Theory and its Applications, Springer (chapter 2).
    """
    every(
        lambda: number("dependence", dependence, least=0.0, below=1.0, unit="unitless"),
        lambda: number("reported_from", reported_from, least=0.0, unit="CNY"),
    )
    moved = np.isin(claims.head, [HEADS.index(head) for head in RECORDED_HEADS])
    amount, head = claims.amount[moved], claims.head[moved]
    if amount.size and float(amount.min()) < reported_from:
        what = f"amount_cny = {amount.min():,.0f}, reported_from = {reported_from:,.0f}"
        mend = (
            "No amount of the file may lie below the least reported one: lower it, or leave the amount out."
        )
        raise ArgumentError(Fault("reported_from", what, mend, "CNY"))
    if not amount.size or prior.log_sd == 0.0:
        return SeverityUpdate(prior, prior, 0.0, int(amount.size), 0.0)
    of_accident = np.bincount(claims.accident[moved], minlength=claims.accidents)[claims.accident[moved]]
    worth = float((1.0 / (1.0 + (of_accident - 1.0) * dependence)).sum())
    by_head = [(laws_at_one[HEADS[code]].law.base, amount[head == code]) for code in np.unique(head)]
    mean, sd = math.log(prior.median), prior.log_sd
    for _ in range(2):
        log_t = mean + sd * np.linspace(-_REACH, _REACH, _NODES)
        fit = -(((log_t - math.log(prior.median)) / prior.log_sd) ** 2) / 2.0
        for law, x in by_head:
            fit += worth / amount.size * _log_likelihood(law, x, log_t, reported_from)
        if not np.isfinite(fit).any():
            mend = "No factor lets the laws bring these amounts: check their unit (CNY) and heads."
            raise ArgumentError(Fault("claims", f"largest amount = {amount.max():,.0f}", mend, "CNY"))
        chance = np.exp(fit - fit.max())
        chance /= chance.sum()
        mean = float(chance @ log_t)
        sd = math.sqrt(float(chance @ (log_t - mean) ** 2))
    posterior = LognormalLevel(math.exp(mean), sd)
    taken = max(0.0, 1.0 - (sd / prior.log_sd) ** 2)
    return SeverityUpdate(prior, posterior, taken, int(amount.size), worth)


def _log_likelihood(law: Severity, x: Floats, log_t: Floats, least: float) -> Floats:
    """Return the summed logarithms of density of the amounts at each ln t."""
    total = np.zeros_like(log_t)
    shrink = np.exp(-log_t)
    with np.errstate(divide="ignore"):
        seen = np.log(law.sf(least * shrink)) if least > 0.0 else np.zeros_like(log_t)
        for start in range(0, x.size, _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            density = np.log(law.pdf(x[some, np.newaxis] * shrink))
            # Beyond the end of a bounded tail both may be -inf: such a factor is impossible, not undefined.
            one = np.where(
                np.isneginf(density), -np.inf, density - log_t - np.where(np.isneginf(seen), 0.0, seen)
            )
            total += one.sum(axis=0)
    return total


def updated_card(card: Card, frequency: LevelUpdate | None, severity: SeverityUpdate | None) -> Card:
    """Return the card of transfer with the factors that own claims have replaced.

    Parameters
    ----------
    card : Card
        Of use ``zone.transfer``.
    frequency, severity : LevelUpdate, SeverityUpdate or None
        None: the factor stays as the card has it.

    Returns
    -------
    Card
        With the posterior median and 90 % interval; the credibility stands in the basis. The status is ``user`` where
        the own claims weigh at least half, else that of the card: then it is still what the factor rests on.
    """
    parameters = dict(card.parameters)
    for name, update in (("frequency_factor", frequency), ("severity_factor", severity)):
        if update is None:
            continue
        after, before = update.posterior, parameters[name]
        basis = (
            f"Own claims with credibility {update.credibility:.2f} against the card's belief, median "
            f"{update.prior.median:.3g} in {update.prior.quantile(0.05):.3g} to {update.prior.quantile(0.95):.3g}."
        )
        own = Range(
            distribution="lognormal", low=after.quantile(0.05), high=after.quantile(0.95), basis=basis
        )
        parameters[name] = before.model_copy(
            update={
                "value": after.median,
                "range": own,
                "source": f"own claims with credibility {update.credibility:.2f}; the rest: {before.source}",
                "status": "user" if update.credibility >= 0.5 else before.status,
            }
        )
    return card.model_copy(update={"parameters": parameters})
