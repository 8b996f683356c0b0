# SPDX-License-Identifier: Apache-2.0
"""Headline figures of an issuer run, by scenario, each with its simulation error and its knowledge interval."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.core.cards import Card
from greenrisk.core.knowledge import Knowledge
from greenrisk.core.ledger import Ledger
from greenrisk.core.metrics import Metrics
from greenrisk.issuer.credit.basel import asset_correlation
from greenrisk.issuer.credit.portfolio import (
    Portfolio,
    concentration,
    conditional_loss,
    portfolio_of,
    risk_figures,
    simulate_losses,
)
from greenrisk.issuer.credit.vasicek import limit_quantile
from greenrisk.issuer.issuers import IssuersScenario
from greenrisk.issuer.model import KEPT, IssuerModel
from greenrisk.issuer.variants import VariantPlan
from greenrisk.issuer.vocabulary import TERMS

Floats = NDArray[np.float64]

BY_SCENARIO: Final = {
    "carbon_cost_to_revenue": "unitless",
    "expected_loss_rate": "unitless",
    "cumulative_default_rate": "unitless",
    "default_rate": "1/year",
    "median_spread": "1/year",
    "downgraded_issuers": "1",
    "portfolio_limit": "unitless",
}
"""Quantities of every variant by scenario, in the year of the headline; the limit law stands in for the value at
risk, whose simulation is not repeated for every variant."""

CLOSED: Final = "closed form: nothing of it is simulated"

Z_90: Final = 1.6448536269514722
"""Half width of a 90 % interval of a normal law, in standard errors."""


@dataclass(frozen=True, eq=False)
class Whole:
    """What is kept of some variants, all issuers together.

    Parameters
    ----------
    kept : array, shape (variant, quantity, scenario, issuer)
        In the year of the headline, in the order of :data:`greenrisk.issuer.model.KEPT`.
    """

    kept: Floats

    def of(self, name: str) -> Floats:
        """Return a quantity, shape (variant, scenario, issuer)."""
        return self.kept[:, list(KEPT).index(name)]


@dataclass(frozen=True, eq=False)
class Book:
    """The portfolio of all debt that some lens sees.

    Parameters
    ----------
    portfolio : Portfolio
        Issuers with debt and, under the central cards, a probability under every scenario; what of their debt is owed
        in the year of the headline.
    debt : array, shape (row,)
        Their debt of the statements [million].
    rows : array of int
        Their places among all issuers.
    correlation : array, shape (row,)
        Asset correlation of the Basel rule at the probability of the baseline.
    """

    portfolio: Portfolio
    debt: Floats
    rows: NDArray[np.int64]
    correlation: Floats


def book_of(model: IssuerModel, base: Whole, year: int, ledger: Ledger) -> Book:
    """Return the portfolio of the base variant; issuers without a probability or debt are left out and told."""
    issuers = model.issuers
    debt = issuers.debt
    seen = ~np.isnan(base.of("annual_probability")).any(axis=(0, 1))
    rows = np.flatnonzero(seen & (debt > 0.0))
    if rows.size < len(issuers):
        detail = "Without debt, or without a default probability in some scenario: in no sum of losses."
        ledger.add("dropped", "portfolio: issuers left out", detail, len(issuers) - rows.size)
    names = [issuers.ids[k] for k in rows]
    sectors = [issuers.sector_of(int(k)) for k in rows]
    owed = issuers.owed(np.array([year]))[rows, 0]
    held = portfolio_of(names, sectors, debt[rows] * owed)
    calm = base.of("annual_probability")[0, model.baseline, rows]
    return Book(held, debt[rows], rows, asset_correlation(calm))


def quantities(model: IssuerModel, whole: Whole, book: Book, level: float) -> Floats:
    """Return the quantities of :data:`BY_SCENARIO` for some variants, shape (variant, scenario, quantity)."""
    debt, rows = book.debt, book.rows
    annual = whole.of("annual_probability")[:, :, rows]
    loss = whole.of("loss_rate")[:, :, rows]
    revenue = model.issuers.line("revenue")
    carbon = whole.of("carbon_cost")
    known = ~np.isnan(carbon) & ~np.isnan(revenue)
    total = float(debt.sum())
    paid = np.where(known, carbon, 0.0).sum(axis=-1)
    earned = np.where(known, revenue, 0.0).sum(axis=-1)
    grade = model.scale.grade_of(annual)
    limit = (book.portfolio.exposure * loss * limit_quantile(level, annual, book.correlation)).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (
            np.where(earned > 0.0, paid / earned, np.nan),
            whole.of("expected_loss")[:, :, rows].sum(axis=-1) / total,
            (whole.of("cumulative_probability")[:, :, rows] * debt).sum(axis=-1) / total,
            (annual * debt).sum(axis=-1) / total,
            np.median(whole.of("spread")[:, :, rows], axis=-1) if rows.size else np.full(paid.shape, np.nan),
            (grade > grade[:, model.baseline : model.baseline + 1]).sum(axis=-1).astype(np.float64),
            limit / total,
        )
    return np.stack(found, axis=-1)


def knowledge_of(
    model: IssuerModel, values: Floats, plan: VariantPlan, cards: Mapping[str, Card]
) -> Knowledge:
    """Return the quantities of all variants, named ``quantity:scenario``."""
    names = tuple(f"{name}:{scenario}" for scenario in model.scenarios for name in BY_SCENARIO)
    return Knowledge(names, values.reshape(len(values), -1), plan, cards)


def headline(
    spec: IssuersScenario, model: IssuerModel, refused: int, base: Whole, book: Book, knowledge: Knowledge
) -> tuple[xr.Dataset, xr.Dataset]:
    """Return the groups ``/metrics`` and ``/portfolio``."""
    metrics, credit, year = Metrics(TERMS), spec.credit, spec.headline_year
    run = len(model.issuers)
    nothing = (float("nan"), float("nan"))
    metrics.add("issuers", run, math.nan, (run, run), "count of the intake")
    metrics.add("refused_issuers", refused, math.nan, (refused, refused), "count of the intake")
    unseen = run - book.rows.size
    metrics.add(
        "issuers_without_probability", unseen, math.nan, (unseen, unseen), "count under the central cards"
    )
    annual = base.of("annual_probability")[0][:, book.rows]
    loss = base.of("loss_rate")[0][:, book.rows]
    total = float(book.debt.sum())
    rows = []
    if book.rows.size:
        lost = simulate_losses(
            book.portfolio, annual, loss, book.correlation, years=credit.portfolio_years, seed=spec.seed
        )
        bad = conditional_loss(book.portfolio, annual, loss, book.correlation, credit.level)
    for place, scenario in enumerate(model.scenarios):
        dims = {"scenario": scenario, "year": year}
        for name in BY_SCENARIO:
            key = f"{name}:{scenario}"
            value = knowledge.base(key)
            if name == "portfolio_limit":
                continue
            ends = knowledge.interval(key, value) if knowledge.plan.draws else nothing
            metrics.add(name, value, math.nan, ends, CLOSED, **dims)
        if not book.rows.size:
            continue
        found = risk_figures(lost[place], credit.level)
        value, ends = found.value_at_risk / total, found.value_at_risk_interval
        error = (ends[1] - ends[0]) / (2.0 * Z_90 * total)
        key = f"portfolio_limit:{scenario}"
        around = knowledge.interval(key, value) if knowledge.plan.draws else nothing
        # Its width is that of the limit law, which knows no largest loss: no more than all can be lost.
        around = (min(around[0], 1.0), min(around[1], 1.0))
        method = f"one-factor simulation of {lost.shape[-1]:,} years; knowledge by the limit law"
        metrics.add("portfolio_value_at_risk", value, error, around, method, level=credit.level, **dims)
        rows.append(
            (
                found.expected.value / total,
                found.expected.standard_error / total,
                float((annual[place] * loss[place] * book.portfolio.exposure).sum()) / total,
                value,
                error,
                knowledge.base(key),
                found.tail_value_at_risk.value / total,
                found.tail_value_at_risk.standard_error / total,
            )
        )
    names = (
        "expected_simulated",
        "expected_error",
        "expected_closed_form",
        "value_at_risk",
        "value_at_risk_error",
        "value_at_risk_limit_law",
        "tail_value_at_risk",
        "tail_value_at_risk_error",
    )
    table = (
        np.array(rows).reshape(-1, len(names))
        if rows
        else np.full((len(model.scenarios), len(names)), np.nan)
    )
    group = xr.Dataset(
        {name: ("scenario", table[:, k], {"units": "unitless"}) for k, name in enumerate(names)},
        coords={"scenario": list(model.scenarios)},
        attrs={"level": credit.level, "year": year, "debt": total},
    )
    if book.rows.size:
        held = concentration(book.portfolio)
        group = group.assign_attrs(
            concentration_by_sector=held.by_sector, concentration_by_issuer=held.by_issuer
        )
    if book.rows.size:
        group["loss_in_the_year_of_the_level"] = (
            ("scenario", "issuer"),
            bad,
            {"units": f"million {spec.currency}/year"},
        )
        group = group.assign_coords(issuer=list(book.portfolio.issuers))
    return metrics.dataset(), group
