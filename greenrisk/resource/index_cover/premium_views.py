# SPDX-License-Identifier: Apache-2.0
"""The two views of the premium side by side: burn analysis and every fitted law, for every treatment of the record.

What is done to the record before it is priced moves the premium more than the choice of the law; so all four are shown,
those too that the tests refuse, with the reason beside them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from greenrisk.core.errors import GreenRiskError
from greenrisk.resource.index_cover.burn import Burn, burn
from greenrisk.resource.index_cover.changes import Changes
from greenrisk.resource.index_cover.dependence import joint
from greenrisk.resource.index_cover.history_spec import Family, Treatment
from greenrisk.resource.index_cover.index_spec import TrendScale
from greenrisk.resource.index_cover.index_study_spec import IndexPart, indices_of
from greenrisk.resource.index_cover.law_premium import Law, fit_laws, law_premium
from greenrisk.resource.index_cover.laws import FAMILIES, IndexLaw
from greenrisk.resource.index_cover.payouts import annual_payments
from greenrisk.resource.index_cover.series import YearIndex
from greenrisk.resource.index_cover.treatments import TREATMENTS, side_by_side


class FamilyPremium(NamedTuple):
    """The premium by one family of laws."""

    family: Family | Literal["best"]
    """The family of every index; ``best``: of each the smallest AIC."""

    aic: float
    """Sum over the indices; NaN where there is none [unitless]."""

    pure_premium: float
    """NaN where the family is refused [CNY/year]."""

    standard_error: float
    """Simulation error; 0 where it is computed without [CNY/year]."""

    refused: str
    """Why there is none; empty where there is."""


@dataclass(frozen=True, eq=False)
class TreatmentView:
    """Premiums under one treatment of the record.

    Parameters
    ----------
    treatment : str
        What was done to the record of every yearly index.
    sentence : str
        The same in words.
    refused : str
        Why it may not be chosen; empty: it may. The numbers stand beside the reason.
    burn : Burn or None
        Burn analysis of all covers together; None where no year is known.
    law : FamilyPremium
        By the family that was asked for.
    families : tuple of FamilyPremium
        By every family.
    """

    treatment: Treatment
    sentence: str
    refused: str
    burn: Burn | None
    law: FamilyPremium
    families: tuple[FamilyPremium, ...]


def premium_views(
    part: IndexPart,
    indices: Mapping[str, YearIndex],
    changes: Mapping[str, Changes],
    scale: Mapping[str, TrendScale],
    *,
    block_years: int,
    seed: int = 1,
) -> tuple[TreatmentView, ...]:
    """Return the premiums by burn analysis and by every law, for each treatment of the record.

    Parameters
    ----------
    part : IndexPart
        Covers, terms of the year, years of the record and the law asked for.
    indices : mapping of str to YearIndex
        As recorded.
    changes : mapping of str to Changes
        What the tests say of each yearly index.
    scale : mapping of str to str
        Whether a change adds to the index or multiplies it, of each yearly index.
    block_years : int
        Length of the blocks of the bootstrap [year].
    seed : int
        Seed.

    Returns
    -------
    tuple of TreatmentView
        In the order of :data:`~greenrisk.resource.index_cover.treatments.TREATMENTS`.

    Raises
    ------
    ArgumentError
        If the indices have no year in common.
    """
    named = dict.fromkeys(name for cover in part.covers for name in indices_of(cover.payout))
    treated = {
        name: side_by_side(
            indices[name].year, indices[name].value, changes[name], scale[name], indices[name].bounds
        )
        for name in named
        if not indices[name].of_events
    }
    views = []
    for place, treatment in enumerate(TREATMENTS):
        done = {name: found[place] for name, found in treated.items()}
        under = {
            name: replace(indices[name], value=done[name].value) if name in done else indices[name]
            for name in named
        }
        views.append(
            TreatmentView(
                treatment,
                _first(one.sentence for one in done.values()) or "An index of events is used as it is.",
                _first(one.refused for one in done.values()),
                _burn(part, under, block_years, seed),
                by_law(part, under, part.history.law, seed),
                tuple(by_law(part, under, family, seed) for family in FAMILIES),
            )
        )
    return tuple(views)


def by_law(
    part: IndexPart, indices: Mapping[str, YearIndex], family: Family | Literal["best"], seed: int = 1
) -> FamilyPremium:
    """Return the pure premium of all covers by one family, or why there is none.

    Parameters
    ----------
    part : IndexPart
        Covers and terms of the year.
    indices : mapping of str to YearIndex
        Treated.
    family : str
        Family of every index, or ``best``.
    seed : int
        Seed, where years are simulated.
    """
    try:
        laws = fit_laws(part, indices, family)
        found = law_premium(part, laws, joint({name: indices[name] for name in laws}), seed)
    except GreenRiskError as error:
        fault = error.faults[0]
        return FamilyPremium(family, math.nan, math.nan, math.nan, f"{fault.what}: {fault.expected}")
    return FamilyPremium(family, _aic(laws), found.total, found.standard_error, "")


def _aic(laws: Mapping[str, Law]) -> float:
    return sum(law.aic if isinstance(law, IndexLaw) else law.intensity.aic for law in laws.values())


def _burn(part: IndexPart, indices: Mapping[str, YearIndex], block_years: int, seed: int) -> Burn | None:
    total = annual_payments(part, indices).total
    if np.isnan(total).all():
        return None
    return burn(total, block_years=block_years, seed=seed)


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")
