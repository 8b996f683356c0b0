# SPDX-License-Identifier: Apache-2.0
"""What reinsurance costs and what is left of a year after it: prices, underwriting result, the group ``/reinsurance``.

What the covers pay is computed in :mod:`greenrisk.resource.structure`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import xarray as xr

from greenrisk.actuarial.arguments import number
from greenrisk.actuarial.measures import mean_and_standard_error, tail_value_at_risk, value_at_risk
from greenrisk.core.ledger import Ledger
from greenrisk.resource.book import Book
from greenrisk.resource.peril_results import TAIL_LEVEL, VAR_LEVEL
from greenrisk.resource.perils.base import Floats
from greenrisk.resource.reinsurance import (
    CoverSpec,
    ExcessOfLossSpec,
    QuotaShareSpec,
    ReinsuranceSpec,
    SurplusSpec,
)
from greenrisk.resource.structure import YearCessions, proportion


@dataclass(frozen=True, eq=False)
class Prices:
    """What the covers cost.

    Parameters
    ----------
    premium : array, shape (covers,)
        Premium at inception [CNY/year].
    commission : array, shape (covers,)
        What the reinsurer gives back of it [CNY/year].
    basis : tuple of {"share", "scenario", "simulated"}
        Whether the premium is ceded in proportion, is given by the scenario, or is the mean cost of the simulated
        years without any loading.
    """

    premium: Floats
    commission: Floats
    basis: tuple[Literal["share", "scenario", "simulated"], ...]


def price(years: YearCessions, spec: ReinsuranceSpec, book: Book | None) -> Prices:
    """Return what the covers cost.

    Parameters
    ----------
    years : YearCessions
        The simulated years; the gross premium is known.
    spec : ReinsuranceSpec
        The covers.
    book : Book or None
        The insured stands; a surplus treaty asks for them.

    Notes
    -----
    A layer whose price the scenario does not give costs E[recoveries] / (1 + E[reinstated share]): with its
    reinstatement premiums it then pays back what it takes on average.
    """
    rows: list[tuple[float, float, Literal["share", "scenario", "simulated"]]] = []
    for place, cover in enumerate(spec.covers):
        before = float(years.premium_before[place])
        fair = float(years.by_cover[:, place].mean()) / (1.0 + float(years.reinstated[:, place].mean()))
        if isinstance(cover, QuotaShareSpec | SurplusSpec):
            ceded = before * proportion(cover, book)
            rows.append((ceded, cover.commission * ceded, "share"))
            continue
        if isinstance(cover, ExcessOfLossSpec):
            given = cover.premium_cny
        else:
            given = None if cover.premium_share is None else cover.premium_share * before
        rows.append((fair, 0.0, "simulated") if given is None else (given, 0.0, "scenario"))
    premiums, commissions, basis = zip(*rows, strict=True) if rows else ((), (), ())
    return Prices(np.array(premiums), np.array(commissions), tuple(basis))


def underwriting_result(
    years: YearCessions, prices: Prices, expense_share: float, fixed_expenses: float = 0.0
) -> Floats:
    """Return what each simulated year leaves after losses, expenses and reinsurance, before tax and interest.

    Parameters
    ----------
    years : YearCessions
        The simulated years; the gross premium is known.
    prices : Prices
        What the covers cost.
    expense_share : float
        Expenses, commission and levies as a share of the gross premium [unitless].
    fixed_expenses : float
        Expenses that do not depend on the premium [CNY/year].

    Returns
    -------
    array, shape (years,)
        [CNY/year]
    """
    share = number("expense_share", expense_share, least=0.0, below=1.0, unit="unitless")
    certain = (
        float(years.premium_before[0]) * (1.0 - share)
        - fixed_expenses
        - float(prices.premium.sum())
        + float(prices.commission.sum())
    )
    again = (years.reinstated * prices.premium).sum(axis=1)
    return np.asarray(certain - again - years.net)


def reinsurance_results(years: YearCessions, prices: Prices, spec: ReinsuranceSpec) -> xr.Dataset:
    """Return the group ``/reinsurance``: what each cover takes and costs, and what is left after it.

    Parameters
    ----------
    years : YearCessions
        The simulated years.
    prices : Prices
        What the covers cost.
    spec : ReinsuranceSpec
        The covers.
    """
    count = len(spec.covers)
    means = [mean_and_standard_error(np.ascontiguousarray(years.by_cover[:, i])) for i in range(count)]
    left = [years.gross, *(years.gross - taken for taken in np.cumsum(years.by_cover, axis=1).T)]
    left = [np.maximum(one, 0.0) for one in left]
    limits = np.array([_capacity(cover) for cover in spec.covers], dtype=np.float64)
    by_cover = {
        "recoveries": (np.array([mean.value for mean in means]), "CNY/year"),
        "recoveries_standard_error": (np.array([mean.standard_error for mean in means]), "CNY/year"),
        "premium": (prices.premium, "CNY/year"),
        "commission": (prices.commission, "CNY/year"),
        "reinstatement_premium": (years.reinstated.mean(axis=0) * prices.premium, "CNY/year"),
        "rate_on_line": (prices.premium / limits, "unitless"),
        "chance_to_pay": ((years.by_cover > 0).mean(axis=0), "unitless"),
        "largest": (years.by_cover.max(axis=0, initial=0.0), "CNY"),
    }
    after = {
        "mean": (np.array([one.mean() for one in left]), "CNY/year"),
        "value_at_risk": (np.array([float(value_at_risk(one, VAR_LEVEL)) for one in left]), "CNY"),
        "tail_value_at_risk": (np.array([tail_value_at_risk(one, TAIL_LEVEL).value for one in left]), "CNY"),
    }
    return xr.Dataset(
        {
            **{name: ("cover", values, {"units": unit}) for name, (values, unit) in by_cover.items()},
            **{name: ("after", values, {"units": unit}) for name, (values, unit) in after.items()},
        },
        coords={
            "cover": np.array(spec.labels, dtype=str),
            "kind": ("cover", np.array([cover.kind for cover in spec.covers], dtype=str)),
            "basis": ("cover", np.array(prices.basis, dtype=str)),
            "after": np.array(["gross", *spec.labels]),
        },
        attrs={"value_at_risk_level": VAR_LEVEL, "tail_level": TAIL_LEVEL},
    )


def _capacity(cover: CoverSpec) -> float:
    """Return the placed limit of an event; NaN where a cover has none in money."""
    return cover.share * cover.limit_cny if isinstance(cover, ExcessOfLossSpec) else float("nan")


def tell_reinsurance(prices: Prices, spec: ReinsuranceSpec, ledger: Ledger) -> None:
    """Write what is assumed of reinsurance to the ledger.

    Parameters
    ----------
    prices : Prices
        What the covers cost.
    spec : ReinsuranceSpec
        The covers.
    ledger : Ledger
        Of the run.
    """
    for label, cover, basis, premium in zip(
        spec.labels, spec.covers, prices.basis, prices.premium, strict=True
    ):
        if isinstance(cover, ExcessOfLossSpec):
            ledger.add(
                "assumption",
                f"reinsurance: {label}",
                "One simulated event is one loss occurrence; there is no hours clause.",
            )
        if isinstance(cover, SurplusSpec):
            ledger.add(
                "assumption",
                f"reinsurance: {label}",
                "The premium is ceded in the share of the sum insured: one rate for the whole book.",
            )
        if basis == "simulated":
            ledger.add(
                "assumption",
                f"reinsurance: {label}",
                f"The scenario gives no price; {premium:,.4g} CNY a year is its mean cost in the simulated years, "
                "without any loading of the reinsurer.",
            )
