# SPDX-License-Identifier: Apache-2.0
"""Who pays what the policy does not: the operator as far as its assets go, then the public purse.

What lives here: the split of each year of each operator, conserving every yuan, and its sums over blocks. What does
not: what the policy pays (:mod:`greenrisk.pollution.liability.terms`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.liability.events import Accidents
from greenrisk.pollution.mandate.plant_groups import PlantGroups
from greenrisk.pollution.severity.heads import BODILY_INJURY, LEGAL_COST, THIRD_PARTY_PROPERTY

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PAYERS: Final = ("insurer", "operator", "public_purse")
"""Who pays; they add up to the loss."""

PAYER_WORDS: Final = ("Insurer", "Operator", "Public purse, or nobody")
"""The payers' words in a table or chart, in the order of :data:`PAYERS`."""

_SUMS: Final = ("insurer", "operator", "public_purse", "public_to_persons", "insolvencies", "loss")
_PERSONS: Final = (THIRD_PARTY_PROPERTY, BODILY_INJURY, LEGAL_COST)


@dataclass(frozen=True, eq=False)
class Debtors:
    """Operators and what they can pay in a year beyond their policies.

    Parameters
    ----------
    owner : array of int, shape (plants,)
        Operator that answers for each plant.
    means : array, shape (owners,)
        What the operator can pay in a year, >= 0 [CNY/year].
    """

    owner: Integers
    means: Floats

    @classmethod
    def of(
        cls,
        owners: ArrayLike,
        assets: ArrayLike,
        recovery: float,
        answers: Literal["plant", "owner"] = "owner",
    ) -> Debtors:
        """Return the operators of a zone.

        Parameters
        ----------
        owners : array of str, shape (plants,)
            Enterprise of each plant.
        assets : array, shape (plants,)
            Net assets of each plant, >= 0 [CNY].
        recovery : float
            Share of net assets that a loss can be paid from, in [0, 1] [unitless].
        answers : {"owner", "plant"}
            Whether the assets of all plants of the enterprise answer for each, or every plant for itself.

        Raises
        ------
        ArgumentError
            If the assets or the share are out of their domains.
        """
        net = numbers("assets", assets, least=0.0, dimensions=1, unit="CNY")
        share = number("recovery", recovery, least=0.0, most=1.0, unit="unitless")
        if answers == "plant":
            return cls(np.arange(net.size), share * net)
        names, owner = np.unique(np.asarray(owners), return_inverse=True)
        together = np.bincount(owner.ravel(), weights=net, minlength=names.size).astype(np.float64)
        return cls(owner.ravel(), share * together)


def payers_part(
    accidents: Accidents, insured: Floats, debtors: Debtors, groups: PlantGroups
) -> tuple[xr.Dataset, Floats]:
    """Split the losses of a block between those who pay them.

    Parameters
    ----------
    accidents : Accidents
        What happened.
    insured : array, shape (accidents, heads)
        What the policies pay [CNY].
    debtors : Debtors
        What the operators can pay.
    groups : PlantGroups
        By which it is summed.

    Returns
    -------
    tuple of Dataset and array, shape (years, payers)
        Sums by cell of groups, and what each of :data:`PAYERS` pays in each year [CNY].

    Raises
    ------
    ArgumentError
        If a policy pays more than the loss, or arrays do not match.

    Notes
    -----
    What the policies leave of an operator's year, deductibles and exclusions included, is paid by the operator up to
    its means, all accidents and heads of the year pro rata; an operator that cannot pay all is insolvent in that year,
    and is back with the same means in the next: the means of a going concern, not a history of one. The rest is for the
    public purse: ``public_to_persons`` of it is owed to third persons (their property, injury, legal cost), who may in
    truth be left without.
    """
    if insured.shape != accidents.loss.shape:
        mend = "A row for each accident and a column for each head was expected."
        raise ArgumentError(Fault("insured", f"insured of shape {insured.shape}", mend))
    left = accidents.loss - insured
    if left.size and float((left + 1e-9 * accidents.loss).min()) < 0.0:
        worst = int(np.argmin(left.min(axis=1)))
        what = f"insured[{worst}] = {float(insured[worst].max()):g} of {float(accidents.loss[worst].max()):g}"
        raise ArgumentError(Fault("insured", what, "A policy pays no more than the loss.", "CNY"))
    left = np.maximum(left, 0.0)
    open_ = left.sum(axis=1)
    owner = debtors.owner[accidents.plant]
    key, cell = np.unique(accidents.year * debtors.means.size + owner, return_inverse=True)
    cell = cell.ravel()
    owed = np.bincount(cell, weights=open_, minlength=key.size).astype(np.float64)
    means = debtors.means[key % debtors.means.size] if key.size else np.zeros(0)
    share = np.divide(np.minimum(owed, means), owed, out=np.ones_like(owed), where=owed > 0.0)
    insolvent = owed > means
    paid = accidents.total - open_
    operator = share[cell] * open_
    public = open_ - operator
    to_persons = (1.0 - share[cell]) * left[:, _PERSONS].sum(axis=1)
    of_plant = groups.cell[accidents.plant]
    # An insolvency is booked where the largest debt of the year comes from.
    largest = np.lexsort((-open_, cell))
    first = largest[np.r_[True, cell[largest][1:] != cell[largest][:-1]]] if cell.size else largest
    broken = np.zeros(open_.size)
    broken[first] = insolvent[cell[first]]
    amounts = (paid, operator, public, to_persons, broken, accidents.total)
    sums = np.stack(
        [np.bincount(of_plant, weights=one, minlength=groups.cells) for one in amounts], axis=1
    ).astype(np.float64)
    by_year = np.stack(
        [np.bincount(accidents.year, weights=one, minlength=accidents.years) for one in amounts[:3]], axis=1
    ).astype(np.float64)
    part = xr.Dataset(
        {
            "payer_sum": (("group", "payer_moment"), groups.member @ sums),
            "payer_square": (("payer",), (by_year**2).sum(axis=0)),
            "years": accidents.years,
        }
    )
    return part, by_year


def who_pays(parts: Iterable[xr.Dataset], groups: PlantGroups) -> xr.Dataset:
    """Return the group ``who_pays``.

    Parameters
    ----------
    parts : iterable of Dataset
        From :func:`payers_part`, at least one.
    groups : PlantGroups
        With which they were made.

    Returns
    -------
    xarray.Dataset
        By ``group`` and ``payer``: ``amount`` [CNY/year] and ``share`` of the loss [1]; by ``group``: ``loss``
        [CNY/year], ``public_to_persons``: part of the public purse's that is owed to third persons [CNY/year],
        ``insolvencies`` [1/year]; by ``payer``: ``standard_error`` of the amount of all plants [CNY/year].
    """
    total, square, years = np.zeros((len(groups.names), len(_SUMS))), np.zeros(len(PAYERS)), 0
    for part in parts:
        total = total + part["payer_sum"].values
        square = square + part["payer_square"].values
        years += int(part["years"])
    if years == 0:
        raise ArgumentError(Fault("parts", "no part", "The sums of at least one block were expected."))
    mean = total / years
    column = {name: mean[:, place] for place, name in enumerate(_SUMS)}
    amount, loss = mean[:, : len(PAYERS)], column["loss"]
    share = np.divide(
        amount,
        loss[:, np.newaxis],
        out=np.full_like(amount, np.nan),
        where=loss[:, np.newaxis] > 0.0,
    )
    spread = np.maximum(square / years - amount[0] ** 2, 0.0)
    return xr.Dataset(
        {
            "amount": (
                ("group", "payer"),
                amount,
                {"units": "CNY/year", "long_name": "What each payer bears in a mean year"},
            ),
            "share": (("group", "payer"), share, {"units": "1", "long_name": "Share of the loss"}),
            "loss": (("group",), loss, {"units": "CNY/year", "long_name": "Loss of a mean year"}),
            "public_to_persons": (
                ("group",),
                column["public_to_persons"],
                {"units": "CNY/year", "long_name": "Part of the public purse's owed to third persons"},
            ),
            "insolvencies": (
                ("group",),
                column["insolvencies"],
                {"units": "1/year", "long_name": "Operators that cannot pay their year's debt"},
            ),
            "standard_error": (
                ("payer",),
                np.sqrt(spread / max(years - 1, 1)),
                {"units": "CNY/year", "long_name": "Standard error of the amount of all plants"},
            ),
        },
        coords={"group": list(groups.names), "payer": list(PAYERS)},
    )
