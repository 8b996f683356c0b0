# SPDX-License-Identifier: Apache-2.0
"""Result groups of an index cover's price two ways: treatments and laws side by side, and the second method."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import xarray as xr

from greenrisk.actuarial.measures import mean_and_standard_error
from greenrisk.core.ledger import Ledger
from greenrisk.resource.index_cover.burn import Burn
from greenrisk.resource.index_cover.event_law import EventLaw
from greenrisk.resource.index_cover.index_groups import table
from greenrisk.resource.index_cover.index_model import Fitted, IndexModel
from greenrisk.resource.index_cover.index_quantities import Floats
from greenrisk.resource.index_cover.law_premium import law_premium
from greenrisk.resource.index_cover.laws import FAMILIES, IndexLaw, fit_all
from greenrisk.resource.index_cover.payout_spec import Side
from greenrisk.resource.index_cover.premium_views import TreatmentView, by_law
from greenrisk.resource.index_cover.series import YearIndex

MONEY: Final = "CNY/year"

TOO_FAR: Final = 4.0
"""Standard errors between two methods beyond which the ledger speaks."""


def treatments_group(views: Sequence[TreatmentView], chosen: Mapping[str, str]) -> xr.Dataset:
    """Return the group ``/treatments``: the pure premium two ways under every treatment of the record.

    Parameters
    ----------
    views : sequence of TreatmentView
        Of all covers.
    chosen : mapping of str to str
        What is done to each index.

    Returns
    -------
    xarray.Dataset
        By ``treatment``: burn analysis with its interval, the law, paying years, ``chosen``, ``refused``: why the
        tests do not allow it; its numbers stand all the same.
    """
    rows = []
    for view in views:
        burned = view.burn
        rows.append(
            {
                "treatment": view.treatment,
                "pure_premium_burn": math.nan if burned is None else burned.mean,
                "burn_low": math.nan if burned is None else burned.low,
                "burn_high": math.nan if burned is None else burned.high,
                "burn_standard_error": math.nan if burned is None else burned.standard_error,
                "pure_premium_law": view.law.pure_premium,
                "law_standard_error": view.law.standard_error,
                "paying_years": 0 if burned is None else burned.paying_years,
                "years": 0 if burned is None else burned.years,
                "chosen": int(set(chosen.values()) == {view.treatment}),
                "refused": view.refused,
                "law_refused": view.law.refused,
                "sentence": view.sentence,
            }
        )
    units = dict.fromkeys(
        ("pure_premium_burn", "burn_low", "burn_high", "burn_standard_error", "pure_premium_law"), MONEY
    )
    units |= {"law_standard_error": MONEY, "paying_years": "year", "years": "year", "chosen": "1"}
    return table("treatment", rows, units)


def families_group(model: IndexModel, fitted: Fitted, fit: Mapping[str, float]) -> xr.Dataset:
    """Return the group ``/families``: the pure premium by every family of laws, the record treated as chosen.

    Parameters
    ----------
    model : IndexModel
        Covers on the record.
    fitted : Fitted
        The treated record.
    fit : mapping of str to float
        Chance of the fit by family, the smallest of the indices.
    """
    rows = []
    for family in FAMILIES:
        one = by_law(model.part, fitted.indices, family, model.seed)
        rows.append(
            {
                "family": one.family,
                "aic": one.aic,
                "ks_p": fit.get(one.family, math.nan),
                "pure_premium": one.pure_premium,
                "standard_error": one.standard_error,
                "chosen": int(set(model.family.values()) == {one.family}),
                "refused": one.refused,
            }
        )
    units = {
        "aic": "unitless",
        "ks_p": "unitless",
        "pure_premium": MONEY,
        "standard_error": MONEY,
        "chosen": "1",
    }
    return table("family", rows, units)


def laws_group(
    model: IndexModel, fitted: Fitted, fits: Mapping[str, Sequence[tuple[IndexLaw, float]]]
) -> xr.Dataset:
    """Return the group ``/index_laws``: every law of every index, with its parameters, and how well it fits.

    Parameters
    ----------
    model : IndexModel
        Covers on the record.
    fitted : Fitted
        The treated record; of an index of events the laws of their intensity, and of their number in words.
    fits : mapping of str to sequence of (IndexLaw, float)
        By index the laws that could be fitted, and the chance of their fit.
    """
    rows = []
    for name, laws in fits.items():
        chosen = fitted.laws[name]
        number = ""
        if isinstance(chosen, EventLaw):
            kind = "Poisson" if math.isinf(chosen.dispersion) else "negative binomial"
            number = f"{chosen.mean_number:.4g} events a year, {kind}"
        for law, chance in laws:
            rows.append(
                {
                    "index": name,
                    "family": law.family,
                    "parameters": ", ".join(f"{value:.6g}" for value in law.parameters),
                    "number": number,
                    "years": int(law.values.size),
                    "aic": law.aic,
                    "ks_p": chance,
                    "chosen": int(model.family[name] == law.family),
                }
            )
    names = ("index", "family", "parameters", "number", "years", "aic", "ks_p", "chosen")
    return table("law", rows, {"years": "1", "aic": "unitless", "ks_p": "unitless", "chosen": "1"}, names)


def second_method(model: IndexModel, fitted: Fitted, payments: Floats, burned: Burn) -> xr.Dataset:
    """Return the group ``/checks/second_method``: simulated figures beside the integral of the same laws.

    Parameters
    ----------
    model : IndexModel
        Covers on the record.
    fitted : Fitted
        Laws of the central model.
    payments : array, shape (years, covers)
        Simulated under them [CNY].
    burned : Burn
        Burn analysis of the treated record, which is another estimate and no check: no difference is given.
    """
    exact = law_premium(model.part, fitted.laws, fitted.copula, model.seed)
    total = payments.sum(axis=1)
    rows: list[dict[str, Any]] = []

    def add(quantity: str, unit: str, values: Floats, closed: float, error: float, note: str) -> None:
        found = mean_and_standard_error(values)
        both = math.hypot(found.standard_error, error)
        rows.append(
            {
                "quantity": quantity,
                "simulated": found.value,
                "standard_error": found.standard_error,
                "closed_form": closed,
                "difference": (found.value - closed) / both if both > 0 else math.nan,
                "unit": unit,
                "note": note,
            }
        )

    by_hand = "integral of the law over the payout function"
    if exact.standard_error > 0:
        by_hand = "the same laws on a stream of its own, terms of the year by simulation"
    add("pure premium", MONEY, total, exact.total, exact.standard_error, by_hand)
    for place, cover in enumerate(model.covers if exact.standard_error == 0 else ()):
        if len(model.covers) > 1:
            add(
                f"pure premium of {cover}",
                MONEY,
                payments[:, place],
                float(exact.by_cover[place]),
                0.0,
                by_hand,
            )
    chance = _chance_of_payment(model, fitted)
    if chance is not None:
        add(
            "years with a payment",
            "1/year",
            (total > 0).astype(np.float64),
            chance,
            0.0,
            "the law at the trigger",
        )
    add(
        "pure premium, mean of the years",
        MONEY,
        total,
        burned.mean,
        math.nan,
        "burn analysis: another estimate",
    )
    units = {"simulated": "see unit", "standard_error": "see unit", "closed_form": "see unit"}
    return table("quantity", rows, units | {"difference": "1"})


def _chance_of_payment(model: IndexModel, fitted: Fitted) -> float | None:
    """Return the chance of a payment of a single plain cover in closed form; None for any other."""
    if len(model.part.covers) > 1 or model.part.aggregate.deductible_cny > 0:
        return None
    (cover,) = model.part.covers
    if cover.payout.kind == "double" or cover.deductible_cny > 0:
        return None
    law = fitted.laws[cover.payout.index]
    if isinstance(law, EventLaw):
        return None
    return float(law.chance_above(cover.payout, 0.0))


def tell_second_method(checked: xr.Dataset, ledger: Ledger) -> None:
    """Write to the ledger where two methods do not agree."""
    for row in range(checked.sizes["quantity"]):
        one = checked.isel(quantity=row)
        if abs(float(one["difference"])) > TOO_FAR:
            ledger.add(
                "unreliable",
                f"simulated {one['quantity'].item()}",
                f"{float(one['simulated']):,.4g} lies {abs(float(one['difference'])):.1f} standard errors from "
                f"{float(one['closed_form']):,.4g}, {one['note'].item()}.",
            )


def law_fits(index: YearIndex, pays: Side) -> list[IndexLaw]:
    """Return every family that could be fitted to an index: to its years, or to the intensity of its events.

    Parameters
    ----------
    index : YearIndex
        Treated.
    pays : str
        The tail that is paid for.
    """
    value = index.event_value if index.of_events else index.value
    return [
        one.law
        for one in fit_all(value, pays, index.bounds)
        if one.law is not None and one.family != "empirical"
    ]
