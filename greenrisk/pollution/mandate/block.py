# SPDX-License-Identifier: Apache-2.0
"""What the regulator's questions need of every block of zone years, and the blocks put together.

What lives here: the reduction of a block, its sums over the run. What does not: the answers
(:mod:`greenrisk.pollution.mandate.answers`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.pollution.liability.events import Accidents
from greenrisk.pollution.liability.policy_terms import PolicyTerms
from greenrisk.pollution.liability.terms import Paid, apply_terms
from greenrisk.pollution.mandate.above_limit import Debtors, payers_part
from greenrisk.pollution.mandate.limit_sums import LimitGrid, liability, limit_part
from greenrisk.pollution.mandate.plant_groups import PlantGroups
from greenrisk.pollution.mandate.pool_spec import ZoneReinsuranceSpec
from greenrisk.pollution.mandate.reinsured_years import reinsured_part
from greenrisk.pollution.mandate.spain_rule import catalogue_part

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

COVERS: Final = ("own", "raised")
"""Covers of every plant, insured or not: its own limit, the least limit of its grade where it has none; and at least
the least limit."""

_PARTS: Final = ("limit", "payer", "reinsured")
"""Prefixes of the variables of a block that come from a module of their own."""


@dataclass(frozen=True, eq=False)
class Questions:
    """What the blocks are reduced by.

    Parameters
    ----------
    grid : LimitGrid
        Limits that are tried.
    groups : PlantGroups
        By which limits and payers are told.
    own, raised : PolicyTerms
        Terms of every plant under each of :data:`COVERS`.
    debtors : Debtors
        What operators can pay beyond their policies.
    reinsurance : ZoneReinsuranceSpec
        Covers of the insurer or pool.
    insured : array of bool, shape (plants,)
        Plants with cover.
    """

    grid: LimitGrid
    groups: PlantGroups
    own: PolicyTerms
    raised: PolicyTerms
    debtors: Debtors
    reinsurance: ZoneReinsuranceSpec
    insured: Flags


def mandate_part(accidents: Accidents, paid: Paid, questions: Questions) -> xr.Dataset:
    """Reduce a block.

    Parameters
    ----------
    accidents : Accidents
        Of whole years.
    paid : Paid
        What the policies in force pay.
    questions : Questions
        What it is reduced by.

    Returns
    -------
    xarray.Dataset
        Variables with the prefixes ``limit_``, ``payer_`` and ``reinsured_`` as their modules make them; ``catalogue``
        (plant, cost_class, moment); ``cover_payment`` (cover, plant) and ``cover_year`` (year, cover) [CNY];
        ``claim`` (claim_sum): from :func:`claim_sums`.
    """
    plants = questions.own.plants
    money = liability(accidents, questions.own)
    payers, _ = payers_part(accidents, paid.insured, questions.debtors, questions.groups)
    parts = {
        "limit": limit_part(accidents, money, questions.grid, questions.groups),
        "payer": payers,
        "reinsured": reinsured_part(accidents, paid, questions.reinsurance),
    }
    found = xr.merge(
        [
            part.rename(
                {name: f"{prefix}_{name}" for name in {*map(str, part.data_vars), *map(str, part.dims)}}
            )
            for prefix, part in parts.items()
        ]
    )
    found["catalogue"] = (("plant", "cost_class", "moment"), catalogue_part(accidents, money, plants))
    found["claim"] = (("claim_sum",), claim_sums(accidents, paid, money, questions.insured))
    by_plant, by_year = [], []
    for terms in (questions.own, questions.raised):
        amount = apply_terms(accidents, terms).total
        by_plant.append(np.bincount(accidents.plant, weights=amount, minlength=plants))
        by_year.append(np.bincount(accidents.year, weights=amount, minlength=accidents.years))
    found["cover_payment"] = (("cover", "plant"), np.array(by_plant, dtype=np.float64))
    found["cover_year"] = (("cover_year_step", "cover"), np.stack(by_year, axis=1).astype(np.float64))
    return found


def claim_sums(accidents: Accidents, paid: Paid, money: Floats, insured: Flags) -> Floats:
    """Return sums over the accidents with a liability at insured plants: their number, loss by head, payments.

    Parameters
    ----------
    accidents : Accidents
        Of whole years.
    paid : Paid
        What the policies in force pay.
    money : array, shape (accidents, heads)
        What a policy without any limit would pay, from :func:`~greenrisk.pollution.mandate.limit_sums.liability` [CNY].
    insured : array of bool, shape (plants,)
        Plants with cover.

    Returns
    -------
    array, shape (heads + 2,)
        [1], [CNY] for each head, [CNY].
    """
    claim = insured[accidents.plant] & ((money.sum(axis=1) > 0.0) | (paid.total > 0.0))
    return np.array(
        [claim.sum(), *accidents.loss[claim].sum(axis=0), paid.total[claim].sum()], dtype=np.float64
    )


class MandateSums:
    """The blocks of a run, taken from its parts as they go by."""

    def __init__(self) -> None:
        self.limit: xr.Dataset | None = None
        self.payer: xr.Dataset | None = None
        self.reinsured: list[xr.Dataset] = []
        self.catalogue: Floats | None = None
        self.cover_payment: Floats | None = None
        self.claim: Floats | None = None
        self.cover_years: list[Floats] = []

    def take(self, dataset: xr.Dataset) -> None:
        """Add a block; parts that hold no answers are passed over."""
        if "catalogue" not in dataset:
            return
        for prefix in _PARTS:
            names = [str(name) for name in dataset.data_vars if str(name).startswith(f"{prefix}_")]
            one = dataset[names]
            plain = {str(name): str(name).removeprefix(f"{prefix}_") for name in (*one.data_vars, *one.dims)}
            one = one.rename(plain)
            if prefix == "reinsured":
                self.reinsured.append(one)
            else:
                so_far = getattr(self, prefix)
                setattr(self, prefix, one if so_far is None else so_far + one)
        catalogue, cover = dataset["catalogue"].values, dataset["cover_payment"].values
        self.catalogue = catalogue.copy() if self.catalogue is None else self.catalogue + catalogue
        self.cover_payment = cover.copy() if self.cover_payment is None else self.cover_payment + cover
        claim = dataset["claim"].values
        self.claim = claim.copy() if self.claim is None else self.claim + claim
        self.cover_years.append(dataset["cover_year"].values)

    def watch(self, parts: Iterator[xr.Dataset]) -> Iterator[xr.Dataset]:
        """Pass the parts of a run on, in order, and take in what they hold."""
        for part in parts:
            self.take(part)
            yield part
