# SPDX-License-Identifier: Apache-2.0
"""A recorded loss: read, brought to years and money, and treated as the index is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from greenrisk.core.card_roles import Role, Wanted
from greenrisk.core.ledger import Ledger
from greenrisk.core.sources import Sources
from greenrisk.resource.basis_risk.loss_spec import RecordedLoss
from greenrisk.resource.index_cover.changes import Changes, on_scale
from greenrisk.resource.index_cover.history_spec import Treatment
from greenrisk.resource.index_cover.index_spec import TrendScale
from greenrisk.resource.index_cover.series import Floats, Integers, Origin, Series
from greenrisk.resource.index_cover.series_reading import read_series
from greenrisk.resource.index_cover.treatments import treat

UNIT_COST: Final = Role("cost", "index.unit_cost", ("cost_per_ha",), units={"cost_per_ha": "CNY/ha"})
"""What the card of a hectare's cost must hold."""

AREA, MONEY = "ha", "CNY"
"""Units of a recorded loss."""

STEPS_OF_YEAR: Final = {"year": "Y", "month": "M", "day": "D"}
"""numpy's letter of the steps that a year is made of."""

KEY: Final = ("loss", "series")
"""Where a scenario says what the record is."""


@dataclass(frozen=True, eq=False)
class YearLoss:
    """The buyer's loss by year, as recorded.

    Parameters
    ----------
    year : array of int, shape (years,)
        Increasing by one.
    amount : array, shape (years,)
        As recorded, summed over the year; NaN where the record lacks a part of it [unit].
    unit : str
        ``ha`` or ``CNY``.
    origin : Origin
        Cells that it was read from.
    file : str
        The file, as the scenario names it.
    note : str
        What the scenario says of the series.
    """

    year: Integers
    amount: Floats
    unit: str
    origin: Origin
    file: str
    note: str

    def money(self, values: Mapping[str, float | str] | None) -> Floats:
        """Return the loss in money, before treatment and limit.

        Parameters
        ----------
        values : mapping or None
            Values of the card of a hectare's cost; None for a record in CNY.

        Returns
        -------
        array, shape (years,)
            [CNY]
        """
        return self.amount if values is None else self.amount * float(values["cost_per_ha"])


def wanted_cost(spec: RecordedLoss | None) -> dict[str, Wanted]:
    """Return the card that a recorded loss needs, by its role ``unit_cost``; empty for a record in CNY."""
    if spec is None or spec.cost is None:
        return {}
    return {"unit_cost": Wanted(spec.cost, ("loss", "cost"), UNIT_COST)}


def read_loss(spec: RecordedLoss, sources: Sources) -> YearLoss | None:
    """Read a recorded loss; None where faults were recorded.

    Parameters
    ----------
    spec : RecordedLoss
        What the scenario says.
    sources : Sources
        Reads the table and takes the faults: those of a series, a unit that is neither ha nor CNY, hectares without a
        card, money with one, negative losses. Its ledger is told the years that lack a part.
    """
    sound = _unit_is_sound(spec, sources)
    series = read_series("loss", spec.series, KEY, sources)
    if series is None:
        return None
    negative = np.flatnonzero(series.value < 0)
    for place in negative[:1]:
        sources.fault(
            (*KEY, "value"),
            f"{spec.series.value} = {series.value[place]:g} on {series.time[place]}"
            + (f", and {negative.size - 1} more" if negative.size > 1 else ""),
            f"A loss must be 0 or more. Mend the table {spec.series.file}.",
            spec.series.unit,
        )
    if not sound or negative.size:
        return None
    year, amount = _by_year(series)
    missing = int(np.isnan(amount).sum())
    if missing:
        sources.ledger.add(
            "dropped",
            spec.series.file,
            f"Loss by year: {missing} of {year.size} years are not complete and count as not known.",
            missing,
        )
    return YearLoss(year, amount, spec.series.unit, series.origin, spec.series.file, series.note)


def _unit_is_sound(spec: RecordedLoss, sources: Sources) -> bool:
    unit = spec.series.unit
    if unit not in (AREA, MONEY):
        hint = " 1 ha is 15 mu." if unit == "mu" else ""
        sources.fault(
            (*KEY, "unit"), f"unit = {unit}", f"A loss is in `{AREA}` or `{MONEY}`. Convert it.{hint}"
        )
        return False
    if unit == AREA and spec.cost is None:
        sources.fault(
            ("loss",),
            "cost is missing",
            "A loss in ha needs a card of what a hectare costs, e.g. `cost: fire-restoration-cost-judged`.",
        )
        return False
    if unit == MONEY and spec.cost is not None:
        sources.fault(
            ("loss", "cost"), f"cost = {spec.cost}", "A loss in CNY needs no cost of a hectare. Leave it out."
        )
        return False
    return True


def _by_year(series: Series) -> tuple[Integers, Floats]:
    """Return years and their sums; NaN where a step of the year is missing, at the ends too."""
    years = series.time.astype("datetime64[Y]")
    first, last = years[0], years[-1]
    year = np.arange(first, last + 1).astype(np.int64) + 1970
    position = (years - first).astype(np.int64)
    amount = np.bincount(position, weights=series.value, minlength=year.size)
    seen = np.bincount(position, minlength=year.size)
    letter = STEPS_OF_YEAR[series.step]
    edges = np.arange(first, last + 2).astype(f"datetime64[{letter}]")
    return year, np.where(seen == np.diff(edges).astype(np.int64), amount, np.nan)


def treat_loss(
    year: Integers,
    loss: Floats,
    treatment: Treatment,
    changes: Changes,
    scale: TrendScale,
    ledger: Ledger,
) -> tuple[Integers, Floats]:
    """Treat a loss as its index is treated: at the index's break, by the loss's own line or step.

    Parameters
    ----------
    year : array of int, shape (years,)
        Years that index and loss have in common, so that a line ends in the same year for both.
    loss : array, shape (years,)
        NaN where not known [CNY].
    treatment : str
        What is done to the index.
    changes : Changes
        What the tests found in the index; of these only the verdict and the break are used.
    scale : str
        Whether a trend or a step adds to the loss or multiplies it.
    ledger : Ledger
        Told losses below 0 that a treatment made.

    Returns
    -------
    tuple of array, shape (years,)
        The years as given, and their losses: NaN where not known or not kept [CNY].

    Raises
    ------
    ArgumentError
        If a line would be laid across the index's step, or logarithms are wanted of a loss of 0.
    """
    own = changes
    if treatment == "step" and changes.break_year >= 0:
        x = on_scale(loss, scale)
        before = year <= changes.break_year
        own = replace(changes, shift=float(np.nanmean(x[~before]) - np.nanmean(x[before])))
    value = treat(year, loss, treatment, own, scale).value
    below = int((value < 0).sum())
    if below:
        ledger.add(
            "floored",
            "loss",
            f"The treatment `{treatment}` made the losses of {below} years negative; they count as 0. Write "
            "`trend_scale: log` where a trend multiplies the loss.",
            below,
        )
        value = np.where(value < 0, 0.0, value)
    return year, value


def limited(loss: Floats, limit: float | None, ledger: Ledger) -> Floats:
    """Return losses up to the most that the buyer can lose in a year.

    Parameters
    ----------
    loss : array, shape (years,)
        After the treatment, in money of today; NaN where not known [CNY].
    limit : float or None
        [CNY]; None: no limit.
    ledger : Ledger
        Told how many years lose more.
    """
    if limit is None:
        return loss
    above = int((loss > limit).sum())
    if above:
        ledger.add("clipped", "loss.limit_cny", f"{above} years lose more than CNY {limit:,.0f}.", above)
    return np.asarray(np.minimum(loss, limit))
