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
from greenrisk.pollution.liability.terms import Paid
from greenrisk.pollution.mandate.above_limit import Debtors, payers_part
from greenrisk.pollution.mandate.enrolment import Enrolled
from greenrisk.pollution.mandate.in_force import (
    in_force_errors,
    in_force_part,
    in_force_shares,
    in_force_years,
)
from greenrisk.pollution.mandate.limit_sums import LimitGrid, liability, limit_part
from greenrisk.pollution.mandate.plant_groups import PlantGroups
from greenrisk.pollution.mandate.pool_spec import ZoneReinsuranceSpec
from greenrisk.pollution.mandate.reinsured_years import reinsured_part
from greenrisk.pollution.mandate.scenario_years import ScenarioSums, scenario_sums

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_PARTS: Final = ("limit", "payer", "in_force", "reinsured")
"""Prefixes of the variables of a block that come from a module of their own."""

_SCENARIO: Final = ("payment", "drawn", "with_zone", "year")


@dataclass(frozen=True, eq=False)
class Questions:
    """What the blocks are reduced by.

    Parameters
    ----------
    grid : LimitGrid
        Limits that are tried.
    groups : PlantGroups
        By which limits and payers are told.
    in_force, own, raised : PolicyTerms
        Terms of the policies in force; of every plant, with the limit of a new policy where it has none; and with no
        less than the least limit.
    debtors : Debtors
        What operators can pay beyond their policies.
    reinsurance : ZoneReinsuranceSpec
        Covers of the insurer or pool.
    scenarios : tuple of Enrolled
        Who has cover under each scenario of the mandate.
    seed : int
        The scenario's seed.
    insured : array of bool, shape (plants,)
        Plants with cover.
    """

    grid: LimitGrid
    groups: PlantGroups
    in_force: PolicyTerms
    own: PolicyTerms
    raised: PolicyTerms
    debtors: Debtors
    reinsurance: ZoneReinsuranceSpec
    scenarios: tuple[Enrolled, ...]
    seed: int
    insured: Flags


def mandate_part(accidents: Accidents, paid: Paid, questions: Questions, block: int) -> xr.Dataset:
    """Reduce a block.

    Parameters
    ----------
    accidents : Accidents
        Of whole years.
    paid : Paid
        What the policies in force pay.
    questions : Questions
        What it is reduced by.
    block : int
        Index of the block.

    Returns
    -------
    xarray.Dataset
        Variables with the prefixes ``limit_``, ``payer_``, ``in_force_`` and ``reinsured_`` as their modules make them;
        ``scenario_`` and the names of :class:`~greenrisk.pollution.mandate.scenario_years.ScenarioSums`; ``claim``
        (claim_sum): from :func:`claim_sums`.
    """
    money = liability(accidents, questions.own)
    payers, _ = payers_part(accidents, paid.insured, questions.debtors, questions.groups)
    parts = {
        "limit": limit_part(accidents, money, questions.grid, questions.groups),
        "payer": payers,
        "in_force": in_force_part(in_force_years(accidents, questions.in_force)),
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
    found["claim"] = (("claim_sum",), claim_sums(accidents, paid, money, questions.insured))
    sums = scenario_sums(
        accidents, questions.own, questions.raised, questions.scenarios, questions.seed, block
    )
    for name in _SCENARIO:
        dims = ("scenario_year_step", "scenario") if name == "year" else ("scenario", "plant")
        found[f"scenario_{name}"] = (dims, getattr(sums, name))
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
        self.in_force: xr.Dataset | None = None
        self.claim: Floats | None = None
        self._scenarios: list[ScenarioSums] = []

    def take(self, dataset: xr.Dataset) -> None:
        """Add a block; parts that hold no answers are passed over."""
        if "scenario_year" not in dataset:
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
        claim = dataset["claim"].values
        self.claim = claim.copy() if self.claim is None else self.claim + claim
        self._scenarios.append(ScenarioSums(*(dataset[f"scenario_{name}"].values for name in _SCENARIO)))

    @property
    def shares(self) -> Floats:
        """What the limits in force leave by each named measure, shape (measures,) [unitless]."""
        assert self.in_force is not None
        return in_force_shares(self.in_force["sum"].values)

    @property
    def share_errors(self) -> Floats:
        """Standard errors of the shares, shape (measures,) [unitless]."""
        assert self.in_force is not None
        found = self.in_force
        return in_force_errors(found["sum"].values, found["product"].values, int(found["years"]))

    @property
    def scenarios(self) -> ScenarioSums:
        """Sums by scenario of the mandate."""
        return ScenarioSums.together(self._scenarios)

    def watch(self, parts: Iterator[xr.Dataset]) -> Iterator[xr.Dataset]:
        """Pass the parts of a run on, in order, and take in what they hold."""
        for part in parts:
            self.take(part)
            yield part
