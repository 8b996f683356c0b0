# SPDX-License-Identifier: Apache-2.0
"""Spain's rule for a financial guarantee: the dearest of the cheapest scenarios that make up 95 % of the risk.

What lives here: the rule on any finite catalogue of scenarios, whole portfolios at once, and a catalogue made of
simulated accidents. What does not: its numbers, which are rows of ``mandate_numbers`` with their articles, and Spain's
index of damage (:mod:`greenrisk.pollution.damage.idm_index`), which may order the scenarios in place of their cost.

References
----------
Real Decreto 2090/2008 (reglamento de desarrollo parcial de la Ley 26/2007 de Responsabilidad Medioambiental), article
33.2 and 33.3; Real Decreto 183/2015.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import every, number, numbers
from greenrisk.core.errors import ArgumentError, Fault, Faults
from greenrisk.pollution.liability.events import Accidents

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_ROUNDING: Final = 1e-12


@dataclass(frozen=True, eq=False)
class Guarantee:
    """What the rule makes of catalogues.

    Parameters
    ----------
    order : array of int, shape (catalogues, scenarios)
        Scenarios by ascending damage; equal ones in the order of the catalogue.
    cumulative : array, shape (catalogues, scenarios)
        Share of the total risk that the scenarios up to each make up, in that order [unitless]; NaN without risk.
    chosen : array of bool, shape (catalogues, scenarios)
        Whether the scenario is in the set, in the order of the catalogue.
    reference : array of int, shape (catalogues,)
        The scenario that fixes the guarantee; -1 where there is no risk.
    guarantee : array, shape (catalogues,)
        Its cost [CNY]; 0 where there is no risk.
    prevention : array, shape (catalogues,)
        Least sum for prevention and avoidance beside it [CNY].
    risk : array, shape (catalogues,)
        Sum of probability times damage [CNY/year, or what the damage is measured in].
    """

    order: Integers
    cumulative: Floats
    chosen: Flags
    reference: Integers
    guarantee: Floats
    prevention: Floats
    risk: Floats


def guarantee(
    damage: ArrayLike,
    probability: ArrayLike,
    cost: ArrayLike | None = None,
    *,
    share: float,
    prevention_share: float,
) -> Guarantee:
    """Apply the rule to catalogues of scenarios.

    Parameters
    ----------
    damage : array, shape (scenarios,) or (catalogues, scenarios)
        Damage of each scenario, >= 0: its cost [CNY], or an index without a unit.
    probability : array, as ``damage``
        Yearly probability or rate, >= 0 [1/year]; 0: the scenario is not in this catalogue.
    cost : array, as ``damage``, optional
        Cost of each scenario, needed where the damage is an index [CNY]; empty: the damage.
    share : float
        Share of the total risk to reach, in (0, 1] [unitless].
    prevention_share : float
        Least sum for prevention, as a share of the guarantee, >= 0 [unitless].

    Raises
    ------
    ArgumentError
        If an argument is out of its domain or the shapes differ.

    Notes
    -----
    Risk of a scenario: probability times damage. Scenarios are taken in the order of ascending damage until their risk
    makes up the share; the scenario that crosses it is in the set. The guarantee is the cost of the one with the
    highest damage in the set, which is the crossing one.

    Sums in another order differ in the last bits: a sum that misses the share by less than a part in 1e12 reaches it.
    """
    faults = Faults()
    try:
        every(
            lambda: numbers("damage", damage, least=0.0, fewest=1),
            lambda: numbers("probability", probability, least=0.0, unit="1/year"),
            lambda: number("share", share, above=0.0, most=1.0, unit="unitless"),
            lambda: number("prevention_share", prevention_share, least=0.0, unit="unitless"),
        )
        if cost is not None:
            numbers("cost", cost, least=0.0, unit="CNY")
    except ArgumentError as error:
        faults.extend(error.faults)
    faults.raise_if_any(ArgumentError)
    harm = np.atleast_2d(np.asarray(damage, dtype=np.float64))
    likely = np.atleast_2d(np.asarray(probability, dtype=np.float64))
    money = harm if cost is None else np.atleast_2d(np.asarray(cost, dtype=np.float64))
    for name, given in (("probability", likely), ("cost", money)):
        if given.shape != harm.shape:
            mend = "One number for each scenario was expected."
            faults.add(name, f"{name} of shape {given.shape} beside damage of shape {harm.shape}", mend)
    faults.raise_if_any(ArgumentError)
    order = np.argsort(harm, axis=1, kind="stable")
    rows = np.arange(harm.shape[0])[:, np.newaxis]
    part = (likely * harm)[rows, order]
    running = np.cumsum(part, axis=1)
    total = running[:, -1]
    some = total > 0.0
    with np.errstate(invalid="ignore", divide="ignore"):
        cumulative = np.where(some[:, np.newaxis], running / total[:, np.newaxis], np.nan)
    reached = running >= share * (1.0 - _ROUNDING) * total[:, np.newaxis]
    place = np.argmax(reached, axis=1)
    inside = np.arange(harm.shape[1])[np.newaxis, :] <= place[:, np.newaxis]
    present = likely[rows, order] > 0.0
    chosen = np.zeros(harm.shape, dtype=np.bool_)
    chosen[rows, order] = inside & present & some[:, np.newaxis]
    reference = np.where(some, order[rows[:, 0], place], -1)
    amount = np.where(some, money[rows[:, 0], reference], 0.0)
    return Guarantee(order, cumulative, chosen, reference, amount, prevention_share * amount, total)


def exempt(
    damage: ArrayLike,
    certified: ArrayLike,
    *,
    below: float,
    below_certified: float,
) -> Flags:
    """Return whether operators need no guarantee.

    Parameters
    ----------
    damage : array, shape (operators,)
        Cost of the reference scenario, >= 0 [EUR].
    certified : array of bool, shape (operators,)
        Whether the operator has EMAS or ISO 14001.
    below, below_certified : float
        Damage below which none is needed, without and with a certificate, > 0 [EUR].
    """
    given = numbers("damage", damage, least=0.0, unit="EUR")
    return np.asarray(given < np.where(np.asarray(certified, np.bool_), below_certified, below))


CLASS_EDGES: Final = np.concatenate([[0.0], np.logspace(3, 10, 281)])
"""Lower edges of the classes of cost that make a catalogue: forty a decade from 1,000 to 10 billion CNY [CNY]."""


def catalogue_part(accidents: Accidents, money: Floats, plants: int) -> Floats:
    """Return the accidents of a block by plant and class of cost, shape (plants, classes, 2): number and money.

    Parameters
    ----------
    accidents : Accidents
        Of whole years.
    money : array, shape (accidents, heads) or (accidents,)
        What each costs [CNY].
    plants : int
        How many plants.
    """
    cost = money.sum(axis=1) if money.ndim == 2 else money
    some = np.flatnonzero(cost > 0.0)
    classes = CLASS_EDGES.size
    cell = accidents.plant[some] * classes + np.searchsorted(CLASS_EDGES, cost[some], side="right") - 1
    columns = [np.bincount(cell, weights=weight, minlength=plants * classes) for weight in (None, cost[some])]
    return np.stack([column.astype(np.float64).reshape(plants, classes) for column in columns], axis=2)


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Scenarios of every plant: its accidents by class of cost.

    Parameters
    ----------
    probability : array, shape (plants, scenarios)
        Accidents of the class [1/year].
    cost : array, shape (plants, scenarios)
        Their mean cost; the lower edge of the class where there are none [CNY].
    """

    probability: Floats
    cost: Floats

    @classmethod
    def of(cls, parts: Iterable[Floats], years: int) -> Catalogue:
        """Return the catalogue of simulated accidents.

        Parameters
        ----------
        parts : iterable of array
            From :func:`catalogue_part`, at least one.
        years : int
            Years of all parts [year].
        """
        total: Floats | None = None
        for part in parts:
            total = part.copy() if total is None else total + part
        if total is None:
            raise ArgumentError(
                Fault("parts", "no part", "The accidents of at least one block were expected.")
            )
        count, money = total[:, :, 0], total[:, :, 1]
        edges = np.broadcast_to(CLASS_EDGES, count.shape)
        return cls(count / years, np.divide(money, count, out=edges.copy(), where=count > 0.0))


def spain_group(
    catalogue: Catalogue,
    found: Guarantee,
    plants: ArrayLike,
    limit: ArrayLike,
    cny_per_eur: float,
    *,
    below: float,
    below_certified: float,
    interval: tuple[ArrayLike, ArrayLike] | None = None,
) -> xr.Dataset:
    """Return the group ``spain_rule``.

    Parameters
    ----------
    catalogue : Catalogue
        Of the zone's plants.
    found : Guarantee
        Of it.
    plants : array of str, shape (plants,)
        Identifiers.
    limit : array, shape (plants,)
        Limit of the cover in force; 0: uninsured [CNY].
    cny_per_eur : float
        Exchange rate, > 0 [CNY/EUR].
    below, below_certified : float
        As for :func:`exempt` [EUR].
    interval : tuple of array, shape (plants,), optional
        Ends of the 90 % interval of the guarantee; empty: the catalogue is no sample [CNY].

    Returns
    -------
    xarray.Dataset
        By ``plant``: ``guarantee`` with ``guarantee_low`` and ``guarantee_high``, ``prevention`` [CNY],
        ``guarantee_eur`` [EUR], ``risk`` [CNY/year], ``limit`` in force [CNY],
        ``limit_over_guarantee`` [1], ``exempt`` and ``exempt_if_certified``: whether Spain would ask for no guarantee,
        without and with EMAS or ISO 14001; by ``plant`` and ``scenario``: ``probability`` [1/year], ``cost`` [CNY],
        ``chosen``.
    """
    has = numbers("limit", limit, least=0.0, dimensions=1, unit="CNY")
    euros = found.guarantee / number("cny_per_eur", cny_per_eur, above=0.0, unit="CNY/EUR")
    free, freed = (
        exempt(euros, np.full(has.shape, certified), below=below, below_certified=below_certified)
        for certified in (False, True)
    )
    ratio = np.divide(has, found.guarantee, out=np.full(has.shape, np.nan), where=found.guarantee > 0.0)
    ends = (found.guarantee, found.guarantee) if interval is None else interval
    by_plant = {
        "guarantee": (found.guarantee, "CNY", "Dearest of the cheapest scenarios that reach the share"),
        "guarantee_low": (ends[0], "CNY", "Lower end of the drawn catalogue's 90 % interval"),
        "guarantee_high": (ends[1], "CNY", "Upper end of the drawn catalogue's 90 % interval"),
        "guarantee_eur": (euros, "EUR", "The guarantee in euros, in which the law exempts"),
        "prevention": (found.prevention, "CNY", "Least sum for prevention beside the guarantee"),
        "risk": (found.risk, "CNY/year", "Probability times cost over all scenarios"),
        "limit": (has, "CNY", "Limit of the cover in force"),
        "limit_over_guarantee": (ratio, "1", "Limit in force over the guarantee"),
        "exempt": (free, "1", "Whether Spain would ask for no guarantee"),
        "exempt_if_certified": (freed, "1", "The same with EMAS or ISO 14001"),
    }
    of_scenario = {
        "probability": (catalogue.probability, "1/year", "Accidents of the class of cost"),
        "cost": (catalogue.cost, "CNY", "Their mean cost"),
        "chosen": (found.chosen, "1", "Whether the scenario is in the set"),
    }
    data = {
        name: (("plant",), values, {"units": unit, "long_name": told})
        for name, (values, unit, told) in by_plant.items()
    } | {
        name: (("plant", "scenario"), values, {"units": unit, "long_name": told})
        for name, (values, unit, told) in of_scenario.items()
    }
    return xr.Dataset(
        data, coords={"plant": np.asarray(plants), "scenario": np.arange(catalogue.cost.shape[1])}
    )
