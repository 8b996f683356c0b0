# SPDX-License-Identifier: Apache-2.0
"""Terms side by side: price, loss ratio, claims and the owner's outcome of each alternative, and what differs.

The years are those of :mod:`greenrisk.resource.terms_alternatives`: the same hits under all terms, so that differences
are known far better than either side.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.actuarial.allocation.ordered_years import OrderedYears
from greenrisk.actuarial.allocation.segments import ratio
from greenrisk.actuarial.measures import tail_value_at_risk
from greenrisk.actuarial.premium.gross import build_up
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.actuarial.premium.risk_load import TAIL_LEVEL, CapitalLoad
from greenrisk.core.ledger import Ledger
from greenrisk.resource.alternative_terms import AlternativesSpec
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.subsidies_in_force import Subsidies
from greenrisk.resource.subsidy_rules import PAYERS
from greenrisk.resource.terms_alternatives import AlternativeYears, forest_types, names_of

Floats = NDArray[np.float64]

WORST: Final = 0.01
"""Share of the years, of all owners together and of single owners, whose mean is called the worst [unitless]."""

COMPARED: Final = ("pure_premium", "gross_premium", "claims", "paid_area", "uncovered", "owner_cost")
"""Figures whose difference to the base is given with its simulation error."""

UNITS: Final = {
    "pure_premium": "CNY/year",
    "gross_premium": "CNY/year",
    "claims": "1/year",
    "paid_area": "mu/year",
    "uncovered": "CNY/year",
    "owner_cost": "CNY/year",
}
"""Units of the figures that a part holds by year."""


def alternatives_results(
    years: AlternativeYears,
    exposure: Exposure,
    spec: AlternativesSpec,
    loadings: Loadings,
    subsidies: Subsidies,
) -> xr.Dataset:
    """Return the group ``/terms_alternatives``: one row for each alternative, first the policy as it stands.

    Parameters
    ----------
    years : AlternativeYears
        The settled years.
    exposure : Exposure
        Book and terms as they stand.
    spec : AlternativesSpec
        The alternatives.
    loadings : Loadings
        Expenses, commission, tax, profit, cost of capital: the same for all.
    subsidies : Subsidies
        The rules in force: shares of the premium, whatever the terms.

    Notes
    -----
    Each alternative has a premium of its own (risk load on its own total). ``owner_cost`` is what the owners bear in a
    mean year: their share of the premium and the loss that is not covered. ``<figure>_difference`` is the figure less
    that of the base, its standard error that of the yearly differences (common random numbers); the gross premium is
    linearised, what each year moves of pure premium and risk load is subtracted year by year.
    """
    book = exposure.book
    types = forest_types(exposure)
    kind_of = np.array(exposure.segments)[:, 1][exposure.segment]
    held = {kind: float(book.insured_area_mu[kind_of == kind].sum()) for kind in types}
    area, sum_insured = float(book.insured_area_mu.sum()), float(book.sum_insured.sum())
    gross, uncovered = years.joined("alternative_gross"), years.joined("alternative_uncovered")
    factors = np.array([1.0, *(option.sum_insured_factor for option in spec.options)])
    owner = subsidies.shares(types)[PAYERS.index("owner")]
    moved: list[dict[str, Floats]] = []  # what each year moves of a figure, up to a constant
    rows: list[dict[str, float]] = []
    for i in range(factors.size):
        losses = np.ascontiguousarray(gross[:, i])
        total = losses.sum(axis=1)
        premium = build_up(losses, loadings, types, {"insured_area": [held[kind] for kind in types]})
        by_type = premium.row("gross_premium")[1:]
        influence = premium_influence(losses, loadings)
        left = np.ascontiguousarray(uncovered[:, i])
        claims, paid_area = (
            years.joined(f"alternative_{name}")[:, i].copy() for name in ("claims", "paid_area")
        )
        moved.append(
            {
                "pure_premium": total,
                "gross_premium": premium_influence(total[:, None], loadings)[:, 0],
                "claims": claims,
                "paid_area": paid_area,
                "uncovered": left,
                "owner_cost": left + influence @ owner,
            }
        )
        asked, pure = float(premium.row("gross_premium")[0]), float(premium.row("pure_premium")[0])
        owner_premium = float(by_type @ owner)
        rows.append(
            {
                "pure_premium": pure,
                "gross_premium": asked,
                "claims": float(claims.mean()),
                "paid_area": float(paid_area.mean()),
                "uncovered": float(left.mean()),
                "owner_cost": float(left.mean()) + owner_premium,
                "owner_premium": owner_premium,
                "uncovered_worst_years": tail_value_at_risk(left, 1.0 - WORST).value,
                "years_above_premium": float((total > asked).mean()),
            }
        )
    return _dataset(rows, moved, years, spec, exposure, area, sum_insured * factors)


def premium_influence(losses: Floats, loadings: Loadings) -> Floats:
    """Return by how much each year moves the gross premium of each column, up to a constant, shape (year, column).

    Parameters
    ----------
    losses : array, shape (year, column)
        Annual losses [CNY/year].
    loadings : Loadings
        Those of the premium.

    Notes
    -----
    Mean and allocated capital are what a year moves; fixed expenses are not. The deviation of a column is the standard
    error of its gross premium times the root of the number of years. The columns sum to what the years move of the
    total but for what each column is thought to lose in a year right at the tail's edge.
    """
    years = OrderedYears(losses)
    order = np.argsort(-losses.sum(axis=1), kind="stable")
    capital = CapitalLoad(1.0, TAIL_LEVEL, "co_tail").parts(years)
    moved = np.empty_like(losses)
    for column in range(losses.shape[1]):
        load = loadings.capital_charge * capital.influence(column)
        moved[order, column] = (years.column(column) + load) / (1.0 - loadings.ratio)
    return moved


def _dataset(
    rows: Sequence[dict[str, float]],
    moved: Sequence[dict[str, Floats]],
    years: AlternativeYears,
    spec: AlternativesSpec,
    exposure: Exposure,
    area: float,
    sum_insured: Floats,
) -> xr.Dataset:
    count = years.years
    value = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    figures: dict[str, tuple[Floats, str]] = {}
    for name in COMPARED:
        base = moved[0][name]
        own = [_standard_error(one[name]) for one in moved]
        apart = [_standard_error(one[name] - base) for one in moved]
        figures[name] = (value[name], UNITS[name])
        figures[f"{name}_standard_error"] = (np.array(own), UNITS[name])
        figures[f"{name}_difference"] = (value[name] - value[name][0], UNITS[name])
        figures[f"{name}_difference_standard_error"] = (np.array(apart), UNITS[name])
    hits, paid, lost, payment = years.joined("alternative_total_loss").T
    gross = value["gross_premium"]
    worth = float(exposure.book.sum_insured.sum()) * spec.worth
    figures |= {
        "sum_insured": (sum_insured, "CNY"),
        "gross_per_mu": (gross / area, "CNY/mu"),
        "gross_per_mille": (1000.0 * gross / sum_insured, "per mille"),
        "loss_ratio": (ratio(value["pure_premium"], gross), "unitless"),
        "years_above_premium": (value["years_above_premium"], "unitless"),
        "owner_premium": (value["owner_premium"], "CNY/year"),
        "owner_premium_per_mu": (value["owner_premium"] / area, "CNY/mu"),
        "owner_cost_per_mu": (value["owner_cost"] / area, "CNY/mu"),
        "uncovered_worst_years": (value["uncovered_worst_years"], "CNY"),
        "owner_worst_uncovered": (_worst_owner_years(years, exposure), "unitless"),
        "total_losses": (hits / count, "1/year"),
        "total_losses_paid": (ratio(paid, hits), "unitless"),
        "total_losses_recovered": (ratio(payment, lost), "unitless"),
    }
    dataset = xr.Dataset(
        {name: ("alternative", values, {"units": unit}) for name, (values, unit) in figures.items()},
        coords={"alternative": np.array(names_of(spec))},
    )
    dataset.attrs = {
        "years": count,
        "insured_area": area,
        "value": worth,
        "value_factor": spec.worth,
        "worst": WORST,
        "tail_level": TAIL_LEVEL,
    }
    return dataset


def _worst_owner_years(years: AlternativeYears, exposure: Exposure) -> Floats:
    """Return the mean uncovered share of an owner's value in the worst 1 % of all owners' years, shape (alternative,).

    Notes
    -----
    Years are counted in bins of the share, with the sum of the shares in each: the mean is exact but for the years of
    one bin that straddles the limit, which are taken at their mean. Years without damage count with nothing.
    """
    owners = np.unique(exposure.book.owner).size
    wanted = WORST * owners * years.years
    counts, sums = (
        years.joined(f"alternative_{name}")[:, ::-1] for name in ("owner_years", "owner_uncovered")
    )
    found = np.zeros(counts.shape[0])
    for i, (count, amount) in enumerate(zip(counts, sums, strict=True)):
        before = np.concatenate([[0.0], np.cumsum(count)[:-1]])
        taken = np.clip(wanted - before, 0.0, count)
        found[i] = float((amount * taken / np.where(count > 0, count, 1.0)).sum() / wanted)
    return found


def _standard_error(moved: Floats) -> float:
    return float(np.std(moved, ddof=1) / math.sqrt(moved.size))


def tell_alternatives(results: xr.Dataset, run_years: int, ledger: Ledger) -> None:
    """Write to the ledger what the comparison assumes, and alternatives that made no difference.

    Parameters
    ----------
    results : xarray.Dataset
        The group ``/terms_alternatives``.
    run_years : int
        Simulated years of the run [year].
    ledger : Ledger
        Takes the lines.
    """
    years, worth = int(results.attrs["years"]), float(results.attrs["value_factor"])
    ledger.add(
        "assumption",
        "terms side by side: worth of a stand",
        f"To its owner a stand is worth {worth:.4g} times its sum insured in the book, whatever the terms. Loadings, "
        "premium shares and what owners do are the same under all terms.",
    )
    if years < run_years:
        ledger.add(
            "assumption",
            "terms side by side: years",
            f"Settled on the first {years:,} of {run_years:,} simulated years, the base too: its figures there differ "
            "from the headline by simulation error.",
        )
    names = results["alternative"].values.astype(str)
    same = (
        (results["pure_premium_difference"].values == 0)
        & (results["pure_premium_difference_standard_error"].values == 0)
        & (results["uncovered_difference_standard_error"].values == 0)
    )
    idle = [str(name) for name in names[1:][same[1:]]]
    if idle:
        ledger.add(
            "unreliable",
            f"terms side by side: {', '.join(idle)}",
            f"In none of {years:,} simulated years it pays anything else than the base.",
            count=len(idle),
        )
