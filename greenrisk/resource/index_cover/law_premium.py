# SPDX-License-Identifier: Apache-2.0
"""Pure premium of all covers by laws of their indices: without simulation where that can be, else with its error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from greenrisk.core.streams import stream
from greenrisk.resource.index_cover.dependence import IndexCopula, expected_double
from greenrisk.resource.index_cover.event_law import EventLaw, fit_events
from greenrisk.resource.index_cover.history_spec import Family
from greenrisk.resource.index_cover.index_study_spec import IndexPart, indices_of
from greenrisk.resource.index_cover.law_choice import fit_or_best
from greenrisk.resource.index_cover.laws import IndexLaw
from greenrisk.resource.index_cover.payout_spec import AggregateSpec, DoublePayout, IndexCover, Side
from greenrisk.resource.index_cover.payouts import cover_payment, event_payments, year_terms
from greenrisk.resource.index_cover.series import Floats, YearIndex

YEARS: Final = 200_000
"""Simulated years where no closed form serves."""

Law: TypeAlias = IndexLaw | EventLaw


class LawPremium(NamedTuple):
    """Pure premium of all covers by laws."""

    by_cover: Floats
    """Before the terms of the year over all covers, shape (cover,) [CNY/year]."""

    total: float
    """After them [CNY/year]."""

    standard_error: float
    """Simulation error of the total; 0 without simulation [CNY/year]."""


def paid_side(part: IndexPart, name: str) -> Side:
    """Return on which side the first cover that names an index pays for it; above where none does.

    Parameters
    ----------
    part : IndexPart
        Covers.
    name : str
        Name of the index.
    """
    for cover in part.covers:
        payout = cover.payout
        for single in (payout.first, payout.second) if isinstance(payout, DoublePayout) else (payout,):
            if single.index == name:
                return single.pays
    return "above"


def fit_laws(
    part: IndexPart, indices: Mapping[str, YearIndex], family: Family | Literal["best"]
) -> dict[str, Law]:
    """Return the law of each index that a cover names.

    Parameters
    ----------
    part : IndexPart
        Covers.
    indices : mapping of str to YearIndex
        By name, treated.
    family : str
        Family of every law; ``best``: of each the smallest AIC of those that its years do not reject.

    Raises
    ------
    FitError
        If a record forbids the family.
    """
    named = dict.fromkeys(name for cover in part.covers for name in indices_of(cover.payout))
    found: dict[str, Law] = {}
    for name in named:
        index, pays = indices[name], paid_side(part, name)
        fitted = fit_events(index, family, pays) if index.of_events else None
        found[name] = fitted or fit_or_best(index.value, family, pays, index.bounds)
    return found


def law_premium(
    part: IndexPart, laws: Mapping[str, Law], copula: IndexCopula, seed: int = 1, years: int = YEARS
) -> LawPremium:
    """Return the pure premium of all covers.

    Parameters
    ----------
    part : IndexPart
        Covers and terms of the year.
    laws : mapping of str to IndexLaw or EventLaw
        By the name of the index.
    copula : IndexCopula
        Of the same indices.
    seed : int
        Seed of the stream ``index.law``.
    years : int
        Years that are simulated where no closed form serves.

    Notes
    -----
    Expected payments of covers add up. Terms of the year over all covers, and a layer of multiplied shares, are
    simulated.
    """
    exact = [_expected(cover, laws, copula) for cover in part.covers]
    whole = sum(cover.most_a_year for cover in part.covers)
    if None not in exact and not _binding(part.aggregate, whole):
        known = np.array(exact, dtype=np.float64)
        return LawPremium(known, float(known.sum()), 0.0)
    rng = stream(seed, "index", "law")
    paid = simulated_payments(part, laws, copula, rng.random((years, len(copula.names))), rng)
    total = year_terms(part.aggregate, paid)
    by_cover = np.array(
        [mean if one is None else one for one, mean in zip(exact, paid.mean(axis=1), strict=True)]
    )
    return LawPremium(by_cover, float(total.mean()), float(total.std() / np.sqrt(years)))


def simulated_payments(
    part: IndexPart,
    laws: Mapping[str, Law],
    copula: IndexCopula,
    uniforms: Floats,
    rng: np.random.Generator,
) -> Floats:
    """Return what each cover pays in simulated years, before the terms of the year over all covers.

    Parameters
    ----------
    part : IndexPart
        Covers.
    laws : mapping of str to IndexLaw or EventLaw
        By the name of the index.
    copula : IndexCopula
        Of the same indices.
    uniforms : array, shape (years, index)
        Independent, in the order of the copula's names [unitless].
    rng : numpy.random.Generator
        Draws numbers and intensities of events.

    Returns
    -------
    array, shape (cover, years)
        [CNY]

    Notes
    -----
    A cover of a single trigger on events draws them apart from the other indices: what a year of many storms has in
    common with low water is not in so short a record. A double trigger takes the year's largest event at its level.
    """
    levels = copula.levels(uniforms)
    value = {name: laws[name].quantile(levels[:, place]) for place, name in enumerate(copula.names)}
    paid = np.empty((len(part.covers), uniforms.shape[0]))
    for place, cover in enumerate(part.covers):
        payout = cover.payout
        law = None if isinstance(payout, DoublePayout) else laws[payout.index]
        if isinstance(law, EventLaw):
            number = law.number_quantile(rng.random(uniforms.shape[0]))
            position = np.repeat(np.arange(number.size), number)
            strength = law.intensity.quantile(np.maximum(rng.random(position.size), 1e-12))
            paid[place] = event_payments(cover, position, strength, number.size)
        else:
            paid[place] = cover_payment(cover, value)
    return paid


def _expected(cover: IndexCover, laws: Mapping[str, Law], copula: IndexCopula) -> float | None:
    payout = cover.payout
    if not isinstance(payout, DoublePayout):
        return laws[payout.index].expected_payment(cover)
    insured = cover.sum_insured_cny
    low = min(cover.deductible_cny / insured, 1.0)
    high = min(low + cover.most_a_year / insured, 1.0)
    if high <= low:
        return 0.0
    if payout.combine == "product" and (low, high) != (0.0, 1.0):
        return None
    names = indices_of(payout)
    return insured * expected_double(
        payout, laws[names[0]], laws[names[1]], copula.between(*names), low, high
    )


def _binding(terms: AggregateSpec, whole: float) -> bool:
    return terms.deductible_cny > 0.0 or (terms.limit_cny is not None and terms.limit_cny < whole)
