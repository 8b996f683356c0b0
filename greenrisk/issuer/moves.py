# SPDX-License-Identifier: Apache-2.0
"""Moves between ratings in the scenarios: conditional matrices, default by grade over many years, the issuers' grades.

What lives here: result groups. What does not: the matrices (:mod:`greenrisk.issuer.credit.transitions`,
:mod:`greenrisk.issuer.credit.generator`, :mod:`greenrisk.issuer.credit.credit_cycle`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.core.cards import Card
from greenrisk.core.errors import ArgumentError
from greenrisk.core.ledger import Ledger
from greenrisk.core.variants import joint_draws
from greenrisk.issuer.credit.credit_cycle import conditional_matrix, conditional_path, factor_from_output
from greenrisk.issuer.credit.generator import Generator, generator_of
from greenrisk.issuer.credit.scale import RatingScale
from greenrisk.issuer.credit.transitions import TransitionMatrix
from greenrisk.issuer.issuers import IssuersScenario
from greenrisk.issuer.roles import CYCLE
from greenrisk.issuer.statements import Issuers
from greenrisk.pathways.pathway import Pathway

Floats = NDArray[np.float64]
DRIVER = "gdp_deviation"


@dataclass(frozen=True, eq=False)
class Cycle:
    """Output of the scenarios and the card that turns it into good and bad years.

    Parameters
    ----------
    deviation : array, shape (scenario, year)
        Output against the baseline scenario, all years [percent].
    card : Card or None
        Of :data:`greenrisk.issuer.credit.credit_cycle.CREDIT_CYCLE_ROLE`; None: average moves in every scenario.
    draws : int
        Draws of the card for the interval.
    seed : int
        Seed of the study.
    """

    deviation: Floats
    card: Card | None
    draws: int
    seed: int

    def numbers(self) -> list[tuple[float, float]]:
        """Return elasticity and correlation at the card's values, then in each draw; none without a card."""
        if self.card is None:
            return [(0.0, 0.0)]
        held = {CYCLE: self.card}
        every = [self.card.values(), *(one[CYCLE] for one in joint_draws(held, self.seed, self.draws))]
        return [(float(one["factor_on_output"]), float(one["cycle_correlation"])) for one in every]


def moves_drivers(spec: IssuersScenario) -> tuple[str, ...]:
    """Return the drivers that rating moves ask of the pathways: output, where a macro model and a card are given."""
    told = any(one.macro_model is not None for one in spec.pathways.scenarios)
    return (DRIVER,) if told and spec.credit.credit_cycle is not None else ()


def output_deviation(
    pathways: Sequence[Pathway], issuers: Issuers, spec: IssuersScenario, ledger: Ledger
) -> Floats:
    """Return the output of the issuers' countries against the baseline scenario, shape (scenario, year) [percent].

    Parameters
    ----------
    pathways : sequence of Pathway
        One a scenario.
    issuers : Issuers
        Countries of their main business, weighted by debt; by number where no debt is known.
    spec : IssuersScenario
        Says which scenarios have a macro model.
    ledger : Ledger
        Told scenarios whose output cannot be held against the baseline's: they do not move it.

    Notes
    -----
    Both are deviations from the macro model's own path without any shock, so that the scenario against our baseline is
    (1 + x/100) / (1 + x_baseline/100) - 1.
    """
    debt = np.nan_to_num(issuers.debt, nan=0.0)
    weight = debt if debt.sum() > 0.0 else np.ones(len(issuers))
    by_country = np.bincount(issuers.country, weights=weight, minlength=len(issuers.countries))
    paths = []
    for pathway in pathways:
        values = pathway.values.get(DRIVER, np.zeros((1, 1, pathway.years.size)))[:, 0, :]
        order = [pathway.countries.index(name) for name in issuers.countries] if len(values) > 1 else [0]
        shares = by_country / by_country.sum() if len(values) > 1 else np.ones(1)
        paths.append(shares @ values[order])
    level = 1.0 + np.stack(paths) / 100.0
    base = next(k for k, pathway in enumerate(pathways) if pathway.baseline)
    out: Floats = (level / level[base] - 1.0) * 100.0
    macro = {one.name: one.macro_model is not None for one in spec.pathways.scenarios}
    told = [macro[pathway.name] and macro[pathways[base].name] for pathway in pathways]
    silent = [pathway.name for pathway, on in zip(pathways, told, strict=True) if not on]
    if any(macro.values()) and silent:
        names = ", ".join(silent)
        detail = f"No macro model stands behind both {names} and the baseline: output moves no rating there."
        ledger.add("assumption", "rating moves", detail, len(silent))
    return out * np.array(told, dtype=np.float64)[:, None]


def move_groups(
    matrix: TransitionMatrix, name: str, cycle: Cycle, at: NDArray[np.int64], ledger: Ledger
) -> tuple[xr.Dataset, xr.Dataset]:
    """Return the groups ``/transitions`` and, without the model's side, ``/default_by_grade``.

    Parameters
    ----------
    matrix : TransitionMatrix
        Average moves over one year.
    name : str
        Table that they come from.
    cycle : Cycle
        Output of the scenarios and its card.
    at : array of int, shape (year,)
        Places of the years of the report among all years.
    ledger : Ledger
        Told the clip of the generator and what the card rests on.

    Notes
    -----
    A scenario gives each year the factor elasticity times deviation of output; the baseline has the factor 0, a
    middling year, whose defaults are a little fewer than the mean over good and bad years. The interval holds the draws
    of the card alone.
    """
    numbers = cycle.numbers()
    paths = []
    for elasticity, correlation in numbers:
        factor = factor_from_output(cycle.deviation, elasticity)
        whole = conditional_path(matrix, correlation, factor)
        paths.append(np.moveaxis(whole[..., at], -1, 1))
    elasticity, correlation = numbers[0]
    factor = factor_from_output(cycle.deviation, elasticity)
    moved = ("scenario", "year", "from", "to")
    grades = list(matrix.ratings)
    one = {"units": "1"}
    group = xr.Dataset(
        {
            "probability": (moved, conditional_matrix(matrix, correlation, factor[:, at]), one),
            "average": (("from", "to"), matrix.shares, one),
            "not_rated": ("from", matrix.not_rated, one),
            "factor": (("scenario", "year"), factor[:, at], {"units": "standard normal"}),
            "gdp_deviation": (("scenario", "year"), cycle.deviation[:, at], {"units": "percent"}),
        },
        coords={"from": grades, "to": grades},
        attrs={"matrix": name, "factor_on_output": elasticity, "cycle_correlation": correlation},
    )
    terms = at + 1
    after = np.stack([matrix.cumulative_default(int(term))[:, -1] for term in terms])
    by_grade = ("scenario", "year", "from")
    multi = xr.Dataset(
        {
            "cumulative_default": (by_grade, paths[0], one),
            "average_default": (("year", "from"), after, one),
            "terms": ("year", terms, {"units": "year"}),
        },
        coords={"from": grades},
    )
    if len(paths) > 1:
        low, high = np.quantile(np.stack(paths[1:]), [0.05, 0.95], axis=0)
        multi["low"], multi["high"] = (by_grade, low, one), (by_grade, high, one)
    generator = _generator(matrix, ledger)
    if generator is not None:
        group["generator_rate"] = (("from", "to"), generator.rates, {"units": "1/year"})
        group.attrs |= {
            "generator_clipped": generator.clipped,
            "generator_clipped_most": generator.clipped_most,
            "generator_moved_most": generator.moved_most,
        }
        found = generator.cumulative_default(terms.astype(np.float64))
        multi["generator_default"] = (("year", "from"), found, one)
    _tell(cycle, ledger)
    return group, multi


def _generator(matrix: TransitionMatrix, ledger: Ledger) -> Generator | None:
    try:
        return generator_of(matrix, ledger)
    except ArgumentError as error:
        fault = error.faults[0]
        ledger.add("dropped", "rating generator", f"The matrix has {fault.what}: {fault.expected}")
        return None


def _tell(cycle: Cycle, ledger: Ledger) -> None:
    if cycle.card is None:
        detail = "No card of the credit cycle: rating moves are the average in every scenario and year."
        ledger.add("assumption", "rating moves", detail)
        return
    detail = (
        "A scenario's year has the factor elasticity times deviation of output; the baseline has 0, a middling year, "
        "with somewhat fewer defaults than the mean of good and bad years, which stands beside it."
    )
    ledger.add("assumption", "rating moves", detail)
    if not np.any(cycle.deviation):
        detail = "Output moves in no scenario: rating moves are those of a middling year in all of them."
        ledger.add("assumption", "rating moves", detail)
    for name, parameter in cycle.card.parameters.items():
        if parameter.status != "confirmed":
            low, high = parameter.ends()
            detail = (
                f"{parameter.meaning.strip()} {parameter.value} {parameter.unit}, range {low} to {high}: a card, since "
                "there is no yearly history of rating moves to fit it on. It moves the rating moves alone."
            )
            subject = f"{cycle.card.name}:{name}"
            ledger.add("parameter", subject, detail, status=parameter.status, source=parameter.source)


def with_model(multi: xr.Dataset, cumulative: Floats, start: NDArray[np.int8]) -> xr.Dataset:
    """Return ``/default_by_grade`` with the model's side: the mean over issuers of each starting grade.

    Parameters
    ----------
    multi : Dataset
        As of :func:`move_groups`.
    cumulative : array, shape (scenario, issuer, year)
        The model's probability of default by the end of the year, from the first on [1].
    start : array of int8, shape (issuer,)
        Grade in the baseline's first year; -1 where there is none.
    """
    count = multi.sizes["from"]
    sums = np.zeros((cumulative.shape[0], cumulative.shape[2], count))
    numbers = np.zeros(count)
    for grade in range(count):
        there = (start == grade) & ~np.isnan(cumulative).any(axis=(0, 2))
        numbers[grade] = there.sum()
        sums[..., grade] = cumulative[:, there].sum(axis=1)
    mean = np.where(numbers > 0, sums / np.maximum(numbers, 1), np.nan)
    return multi.assign(
        model_default=(("scenario", "year", "from"), mean, {"units": "1"}),
        issuers=("from", numbers, {"units": "1"}),
    )


def grade_moves_group(
    annual: Floats, debt: Floats, baseline: int, scale: RatingScale, currency: str
) -> xr.Dataset:
    """Return the group ``/grade_moves``: issuers by grade in the baseline and in each scenario, in the same year.

    Parameters
    ----------
    annual : array, shape (scenario, issuer, year)
        Twelve-month default probability.
    debt : array, shape (issuer,)
        Of the statements; NaN counts as none [million].
    baseline : int
        Place of the baseline scenario.
    scale : RatingScale
        The common scale.
    currency : str
        Of the debt.
    """
    grade = scale.grade_of(annual).astype(np.int64)
    count = len(scale.grades)
    scenarios, _, years = annual.shape
    held = np.nan_to_num(debt, nan=0.0)
    numbers = np.zeros((scenarios, years, count, count))
    money = np.zeros_like(numbers)
    for scenario in range(scenarios):
        for year in range(years):
            before, after = grade[baseline, :, year], grade[scenario, :, year]
            both = (before >= 0) & (after >= 0)
            cell = before[both] * count + after[both]
            numbers[scenario, year] = np.bincount(cell, minlength=count**2).reshape(count, count)
            money[scenario, year] = np.bincount(cell, held[both], count**2).reshape(count, count)
    dims, grades = ("scenario", "year", "from", "to"), list(scale.grades)
    return xr.Dataset(
        {
            "issuers": (dims, numbers, {"units": "1"}),
            "debt": (dims, money, {"units": f"million {currency}"}),
        },
        coords={"from": grades, "to": grades},
    )
