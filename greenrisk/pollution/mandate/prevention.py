# SPDX-License-Identifier: Apache-2.0
"""What prevention saves per yuan, plant by plant, and what the insurer's own spending on it is worth.

What lives here: an inventory with a measure taken, its cost, the saving on the same simulated accidents. What does not:
how grade and rates follow from an inventory (:mod:`greenrisk.pollution.grading`,
:mod:`greenrisk.pollution.accidents.rates`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.core.errors import ArgumentError, Fault, Faults
from greenrisk.core.variants import Values
from greenrisk.pollution.inventory import CONTROLS, Inventory
from greenrisk.pollution.liability.arrivals import Base
from greenrisk.pollution.liability.events import BLOCK_LENGTH, simulate_block
from greenrisk.pollution.liability.expected import expected_losses
from greenrisk.pollution.liability.laws import ZoneLaws
from greenrisk.pollution.liability.policy_terms import PolicyTerms
from greenrisk.pollution.liability.terms import apply_terms
from greenrisk.pollution.mandate.mandate_spec import MeasureSpec
from greenrisk.pollution.tables import PREVENTION_LEVELS

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

AMOUNTS: Final = ("loss", "payments")
"""What is saved: loss before any policy, and what policies pay."""


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
    mean : array, shape (2, plants)
        Saved by plant: loss and payments, as in :data:`AMOUNTS` [CNY/year].
    standard_error : array, shape (2,)
        Simulation error of the zone's savings [CNY/year].
    apart_error : array, shape (2,)
        What it would be without common random numbers [CNY/year].
    closed_form : array, shape (plants,)
        Loss saved by plant in closed form [CNY/year].
    """

    mean: Floats
    standard_error: Floats
    apart_error: Floats
    closed_form: Floats

    @property
    def zone(self) -> Floats:
        """Saved by the zone: loss and payments, shape (2,) [CNY/year]."""
        return np.asarray(self.mean.sum(axis=1))


def saving(
    before: ZoneLaws,
    after: ZoneLaws,
    terms: PolicyTerms,
    *,
    seed: int,
    blocks: int,
    base: Base | None = None,
    years: int = BLOCK_LENGTH,
) -> Saving:
    """Return what a measure saves, on the same accidents before and after it.

    Parameters
    ----------
    before, after : ZoneLaws
        Rates and laws without and with the measure.
    terms : PolicyTerms
        Policies of the plants.
    seed, blocks, years : int
        Seed, how many blocks, years of each [year].
    base : Base, optional
        Base rates; empty: those of ``before``.

    Raises
    ------
    ArgumentError
        If there are fewer than two years.

    Notes
    -----
    The measure takes some accidents away and leaves the others as they were, so that the error is that of the accidents
    that differ. ``apart_error`` is what two independent simulations of the same length would have.
    """
    if blocks * years < 2:
        raise ArgumentError(Fault("blocks", f"{blocks * years} years", "At least two are needed.", "year"))
    common = Base.of(before) if base is None else base
    plants, count = before.plants, blocks * years
    by_plant = np.zeros((2, plants))
    first, second = np.zeros((2, 3)), np.zeros((2, 3))
    for block in range(blocks):
        sums = []
        for laws in (before, after):
            accidents = simulate_block(laws, seed, "main", block, common, years)
            paid = apply_terms(accidents, terms).total
            amounts = np.stack([accidents.total, paid])
            sums.append(
                [
                    np.stack([np.bincount(key, weights=row, minlength=size) for row in amounts])
                    for key, size in ((accidents.plant, plants), (accidents.year, years))
                ]
            )
        by_plant += sums[0][0] - sums[1][0]
        columns = np.stack([sums[0][1] - sums[1][1], sums[0][1], sums[1][1]], axis=1)
        first += columns.sum(axis=2)
        second += (columns**2).sum(axis=2)
    variance = np.maximum(second / count - (first / count) ** 2, 0.0) / (count - 1)
    return Saving(
        by_plant / count,
        np.sqrt(variance[:, 0]),
        np.sqrt(variance[:, 1] + variance[:, 2]),
        np.asarray((expected_losses(before) - expected_losses(after)).sum(axis=1)),
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
        By ``measure``: ``plants_changed`` [1], ``cost``, ``loss_saved`` and ``payments_saved`` with their
        ``_standard_error``, ``loss_saved_closed_form`` [CNY/year], ``loss_saved_per_yuan``, ``payments_saved_per_yuan``
        [1], ``variance_ratio``: variance of the saving without common random numbers over that with [1]; by ``measure``
        and ``plant``: ``plant_cost``, ``plant_loss_saved`` [CNY/year] (closed form), ``plant_saved_per_yuan`` [1].
    """
    rows, by_plant = [], []
    for taken, found, given in measures.values():
        cost = numbers("cost", given, least=0.0, dimensions=1, unit="CNY/year")
        whole, (loss, paid) = float(cost.sum()), found.zone.tolist()
        per = [value / whole if whole > 0.0 else np.nan for value in (loss, paid)]
        error = found.standard_error
        ratio = (found.apart_error[0] / error[0]) ** 2 if error[0] > 0.0 else np.nan
        rows.append(
            (
                float(taken.changed.sum()),
                whole,
                loss,
                error[0],
                paid,
                error[1],
                found.closed_form.sum(),
                *per,
                ratio,
            )
        )
        each = np.divide(found.closed_form, cost, out=np.full(cost.shape, np.nan), where=cost > 0.0)
        by_plant.append((cost, found.closed_form, each))
    table, wide = np.array(rows), np.array(by_plant)
    told = (
        ("plants_changed", "1", "Plants at which it changes anything"),
        ("cost", "CNY/year", "Cost, single sums spread over the life of the measure"),
        ("loss_saved", "CNY/year", "Loss saved before any policy"),
        ("loss_saved_standard_error", "CNY/year", "Its standard error"),
        ("payments_saved", "CNY/year", "Payments of policies saved"),
        ("payments_saved_standard_error", "CNY/year", "Its standard error"),
        ("loss_saved_closed_form", "CNY/year", "Loss saved, in closed form"),
        ("loss_saved_per_yuan", "1", "Loss saved by a yuan spent"),
        ("payments_saved_per_yuan", "1", "Payments saved by a yuan spent"),
        ("variance_ratio", "1", "How many times more years independent runs would need"),
    )
    plant_told = (
        ("plant_cost", "CNY/year", "Cost for the plant"),
        ("plant_loss_saved", "CNY/year", "Loss that the plant saves, in closed form"),
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
