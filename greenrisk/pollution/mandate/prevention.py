# SPDX-License-Identifier: Apache-2.0
"""What prevention saves per yuan, plant by plant, and what the insurer's own spending on it is worth.

What lives here: an inventory with a measure taken, its cost, what a change of the rates saves. What does not:
how grade and rates follow from an inventory (:mod:`greenrisk.pollution.grading`,
:mod:`greenrisk.pollution.accidents.rates`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.core.errors import ArgumentError, Fault, Faults
from greenrisk.core.variants import Values
from greenrisk.pollution.inventory import CONTROLS, Inventory
from greenrisk.pollution.liability.expected import expected_losses
from greenrisk.pollution.liability.laws import ZoneLaws
from greenrisk.pollution.liability.per_accident import PerAccident, sort_rates
from greenrisk.pollution.mandate.mandate_spec import MeasureSpec
from greenrisk.pollution.tables import PREVENTION_LEVELS

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Taken:
    """An inventory with a measure taken.

    Parameters
    ----------
    inventory : Inventory
        With the measure.
    changed : array of bool, shape (plants,)
        Plants at which it changes anything.
    new_controls : mapping of str to array of bool, shape (plants,)
        By control, the plants that get it.
    rises : array of bool, shape (plants,)
        Plants whose level of prevention rises.
    """

    inventory: Inventory
    changed: Flags
    new_controls: Mapping[str, Flags]
    rises: Flags


def take(inventory: Inventory, measure: MeasureSpec) -> Taken:
    """Return the inventory with a measure taken.

    Parameters
    ----------
    inventory : Inventory
        The zone.
    measure : MeasureSpec
        Which plants do what.

    Raises
    ------
    ArgumentError
        With every unknown plant and control.
    """
    plants, faults = inventory.plants, Faults()
    known = set(plants.ids.tolist())
    for name in measure.plants:
        if name not in known:
            faults.add("measures", f"{measure.name}: plant {name}", "It is not in the table of plants.")
    for control in measure.controls:
        if control not in CONTROLS:
            faults.add("measures", f"{measure.name}: control {control}", f"Known: {', '.join(CONTROLS)}.")
    faults.raise_if_any(ArgumentError)
    where = np.isin(plants.ids, measure.plants) if measure.plants else np.ones(len(plants), dtype=np.bool_)
    controls = plants.controls.copy()
    new = {}
    for control in measure.controls:
        column = CONTROLS.index(control)
        new[control] = where & ~controls[:, column]
        controls[:, column] |= where
    level = plants.prevention
    if measure.prevention is not None:
        level = np.where(where, np.maximum(level, PREVENTION_LEVELS.index(measure.prevention)), level)
    rises = level > plants.prevention
    changed = rises | np.any(list(new.values()), axis=0) if new else rises
    after = replace(inventory, plants=replace(plants, prevention=level, controls=controls))
    return Taken(after, np.asarray(changed), new, np.asarray(rises))


def annuity(rate: float, years: float) -> float:
    """Return the yearly sum that pays one yuan of today over a number of years [1/year].

    Parameters
    ----------
    rate : float
        Discount rate, >= 0 [1/year].
    years : float
        > 0 [year].
    """
    number("rate", rate, least=0.0, unit="1/year")
    number("years", years, above=0.0, unit="year")
    return 1.0 / years if rate == 0.0 else rate / (1.0 - (1.0 + rate) ** -years)


def yearly_cost(
    taken: Taken, measure: MeasureSpec, control_cost: Mapping[str, ArrayLike], values: Values
) -> Floats:
    """Return what a measure costs each plant, shape (plants,) [CNY/year].

    Parameters
    ----------
    taken : Taken
        From :func:`take`.
    measure : MeasureSpec
        Its own costs.
    control_cost : mapping of str to float or array, shape (plants,)
        Present value of each control of the measure, from the table of measures, >= 0 [CNY].
    values : mapping
        Of a card of use ``zone.mandate``: ``measure_life`` [year], ``discount_rate`` [1/year], ``service_cost``
        [CNY/year].

    Raises
    ------
    ArgumentError
        If a control of the measure has no cost.
    """
    missing = [control for control in measure.controls if control not in control_cost]
    if missing:
        raise ArgumentError(
            Fault("control_cost", ", ".join(missing), "Give its cost in the table of measures.", "CNY")
        )
    once = np.where(taken.changed, measure.fixed_cny, 0.0)
    for control, gets in taken.new_controls.items():
        once = once + gets * numbers("control_cost", control_cost[control], least=0.0, unit="CNY")
    spread = annuity(float(values["discount_rate"]), float(values["measure_life"]))
    if measure.yearly_cny is not None:
        running = np.where(taken.changed, measure.yearly_cny, 0.0)
    else:
        running = np.where(taken.rises, float(values["service_cost"]), 0.0)
    return np.asarray(once * spread + running)


@dataclass(frozen=True, eq=False)
class Saving:
    """What a measure saves.

    Parameters
    ----------
    loss : array, shape (plants,)
        Loss saved by plant, in closed form [CNY/year].
    payments : array, shape (plants,)
        Payments of policies saved by plant: change of the rates, a closed form, times what a drawn accident is paid
        [CNY/year].
    payments_error : float
        Standard error of the payments saved in all [CNY/year].
    drawn_loss, drawn_error : float
        Loss saved in all by the drawn accidents, and its standard error: the check of both methods [CNY/year].
    """

    loss: Floats
    payments: Floats
    payments_error: float
    drawn_loss: float
    drawn_error: float

    @property
    def apart(self) -> float:
        """Standard errors between closed form and drawn accidents [unitless]; 0 without an error."""
        off = self.drawn_loss - float(self.loss.sum())
        return off / self.drawn_error if self.drawn_error > 0.0 else 0.0


def saving(before: ZoneLaws, after: ZoneLaws, drawn: PerAccident) -> Saving:
    """Return what a measure saves that changes rates and no law of a loss.

    Parameters
    ----------
    before, after : ZoneLaws
        Rates and laws without and with the measure.
    drawn : PerAccident
        Loss and payment of a mean accident, from
        :func:`~greenrisk.pollution.liability.per_accident.payments_per_accident`.

    Raises
    ------
    ArgumentError
        If the measure changes what an accident costs.

    Notes
    -----
    Before and after share their drawn accidents: the error is that of their mean payment times the change of the rates,
    however few accidents the measure takes away. Each accident has the limit of the year to itself, so that what a
    second one of the same year is not paid is left in: a share of the saving of the order of half the rate.
    """
    for name in ("share_positive", "scale", "cap"):
        if not np.array_equal(getattr(before.heads, name), getattr(after.heads, name)):
            mend = "A measure acts on how often accidents happen; give laws that differ in rates alone."
            raise ArgumentError(Fault("after", f"{name} differs", mend))
    rates, changed = sort_rates(before), sort_rates(after)
    # Rates that are made anew differ in their last bits where the measure changes nothing.
    change = np.where(np.isclose(rates, changed, rtol=1e-12, atol=0.0), 0.0, rates - changed)
    return Saving(
        np.asarray((expected_losses(before) - expected_losses(after)).sum(axis=1)),
        drawn.expected(change, 1),
        drawn.error(change, 1),
        float(drawn.expected(change, 0).sum()),
        drawn.error(change, 0),
    )


def prevention_group(
    measures: Mapping[str, tuple[Taken, Saving, ArrayLike]], plants: ArrayLike
) -> xr.Dataset:
    """Return the group ``prevention``.

    Parameters
    ----------
    measures : mapping of str to tuple of Taken, Saving and array, shape (plants,)
        By name: the inventory with the measure, what it saves and what it costs each plant [CNY/year].
    plants : array of str, shape (plants,)
        Identifiers.

    Returns
    -------
    xarray.Dataset
        By ``measure``: ``plants_changed`` [1], ``cost``, ``loss_saved`` in closed form, ``payments_saved`` with its
        ``_standard_error``, ``loss_saved_drawn`` with its ``_standard_error`` [CNY/year], ``loss_saved_per_yuan``,
        ``payments_saved_per_yuan`` [1]; by ``measure`` and ``plant``: ``plant_cost``, ``plant_loss_saved``,
        ``plant_payments_saved`` [CNY/year], ``plant_saved_per_yuan`` [1]. What plants cost and save adds up to what the
        measure does.
    """
    rows, by_plant = [], []
    for taken, found, given in measures.values():
        cost = numbers("cost", given, least=0.0, dimensions=1, unit="CNY/year")
        whole, loss, paid = (float(column.sum()) for column in (cost, found.loss, found.payments))
        per = [value / whole if whole > 0.0 else np.nan for value in (loss, paid)]
        drawn = (found.drawn_loss, found.drawn_error)
        rows.append((float(taken.changed.sum()), whole, loss, paid, found.payments_error, *drawn, *per))
        each = np.divide(found.loss, cost, out=np.full(cost.shape, np.nan), where=cost > 0.0)
        by_plant.append((cost, found.loss, found.payments, each))
    table, wide = np.array(rows), np.array(by_plant)
    told = (
        ("plants_changed", "1", "Plants at which it changes anything"),
        ("cost", "CNY/year", "Cost, single sums spread over the life of the measure"),
        ("loss_saved", "CNY/year", "Loss saved before any policy, in closed form"),
        ("payments_saved", "CNY/year", "Payments of policies saved"),
        ("payments_saved_standard_error", "CNY/year", "Its standard error"),
        ("loss_saved_drawn", "CNY/year", "Loss saved, by drawn accidents"),
        ("loss_saved_drawn_standard_error", "CNY/year", "Its standard error"),
        ("loss_saved_per_yuan", "1", "Loss saved by a yuan spent"),
        ("payments_saved_per_yuan", "1", "Payments saved by a yuan spent"),
    )
    plant_told = (
        ("plant_cost", "CNY/year", "Cost for the plant"),
        ("plant_loss_saved", "CNY/year", "Loss that the plant saves"),
        ("plant_payments_saved", "CNY/year", "Payments that its policy saves"),
        ("plant_saved_per_yuan", "1", "Loss saved by a yuan spent at the plant"),
    )
    data: dict[str, tuple[tuple[str, ...], Floats, dict[str, str]]] = {
        name: (("measure",), table[:, at], {"units": unit, "long_name": words})
        for at, (name, unit, words) in enumerate(told)
    }
    data |= {
        name: (("measure", "plant"), wide[:, at], {"units": unit, "long_name": words})
        for at, (name, unit, words) in enumerate(plant_told)
    }
    return xr.Dataset(data, coords={"measure": list(measures), "plant": np.asarray(plants)})
