# SPDX-License-Identifier: Apache-2.0
"""Result groups of credit beside the headline: bad years, rating moves, own figures of the user, checks of sense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from greenrisk.core.cards import Card
from greenrisk.core.ledger import Ledger
from greenrisk.issuer.checks_of_sense import carbon_check, default_check, lens_check
from greenrisk.issuer.conditional import conditional_group, overlay_group
from greenrisk.issuer.credit.logit import FittedLogit
from greenrisk.issuer.credit_inputs import CreditInputs, FirmYears
from greenrisk.issuer.issuers import IssuersScenario
from greenrisk.issuer.model import IssuerModel
from greenrisk.issuer.moves import Cycle, grade_moves_group, move_groups, output_deviation, with_model
from greenrisk.issuer.roles import CYCLE


def credit_groups(
    spec: IssuersScenario,
    model: IssuerModel,
    held: CreditInputs,
    cards: Mapping[str, Card],
    base: xr.Dataset,
    lenses: Sequence[str],
    ledger: Ledger,
) -> dict[str, xr.Dataset]:
    """Return the groups of credit that rest on the years of the report and on the headline's.

    Parameters
    ----------
    spec : IssuersScenario
        The scenario.
    model : IssuerModel
        Issuers, pathways, scale.
    held : CreditInputs
        What the scenario brought for its lenses.
    cards : mapping of str to Card
        By role: the credit cycle, where there is one, and the bounds.
    base : Dataset
        All blocks of the base variant (:func:`greenrisk.issuer.block_credit.credit_part`).
    lenses : sequence of str
        Their names, in the order of ``lens``.
    ledger : Ledger
        Of the run.
    """
    issuers, baseline, scenarios = model.issuers, model.baseline, list(model.scenarios)
    ids, years = list(issuers.ids), list(spec.report_years)
    at = np.array(years) - int(model.years[0])
    log_annual = base["report_log_probability"].values
    annual, by_issuer = np.exp(log_annual), {"scenario": scenarios, "issuer": ids, "year": years}
    by_year = {"scenario": scenarios, "year": years}
    loss = base["report_loss_rate"].values
    sales = issuers.line("revenue") * held.eur_per_unit
    found = {"/conditional": conditional_group(log_annual, loss, sales, spec.credit, ledger)}
    found["/conditional"] = found["/conditional"].assign_coords(by_issuer)
    if held.own is not None:
        moved = overlay_group(held.own, issuers.ids, annual, baseline, spec.credit.overlay_clip, ledger)
        if moved is not None:
            found["/overlay"] = moved.assign_coords(by_year)
    deviation = output_deviation(model.pathways, issuers, spec, ledger)
    cycle = Cycle(deviation, cards.get(CYCLE), spec.knowledge.draws, spec.seed)
    matrices, multi = move_groups(held.matrix, held.matrix_name, cycle, at, ledger)
    cumulative = np.exp(base["report_log_cumulative"].values)
    multi = with_model(multi, cumulative, base["start_grade"].values)
    moves = grade_moves_group(annual, issuers.debt, baseline, model.scale, spec.currency)
    for name, group in (("transitions", matrices), ("default_by_grade", multi), ("grade_moves", moves)):
        found[f"/{name}"] = group.assign_coords(by_year)
    bounds = cards["lens_bounds"].values()
    found["/checks_carbon"] = carbon_check(
        issuers, held.per_usd, float(bounds["carbon_ratio_factor"]), ledger
    )
    probability = base["headline_lens_probability"].values
    check = default_check(
        lenses,
        probability,
        base["headline_lens_grade"].values,
        model.scale,
        float(bounds["default_rate_factor"]),
        ledger,
        model.baseline,
    )
    found["/checks_default"] = check.assign_coords(scenario=scenarios)
    apart = lens_check(
        lenses,
        scenarios,
        probability,
        base["headline_disagreement"].values,
        base["headline_apart"].values,
        spec.headline_year,
        ledger,
    )
    found["/checks_lenses"] = apart.assign_coords(scenario=scenarios, issuer=ids)
    if held.firm_years is not None:
        found |= firm_year_groups(held.firm_years)
    return found


def firm_year_groups(given: FirmYears) -> dict[str, xr.Dataset]:
    """Return ``/firm_years``, the scores of every firm-year, and ``/logit`` where a fit stands."""
    scores = xr.Dataset()
    for name in given.scores.columns:
        column = given.scores[name]
        unit = "year" if name == "year" else "1" if pd.api.types.is_numeric_dtype(column) else "text"
        values = column.to_numpy() if unit != "text" else column.to_numpy(dtype=str)
        scores[str(name)] = ("firm_year", values, {"units": unit})
    scores.attrs = {"refused": given.refusal, "firms": given.firms, "failures": given.failures}
    found = {"/firm_years": scores}
    if given.fitted is not None:
        found["/logit"] = logit_group(given.fitted)
    return found


def logit_group(fitted: FittedLogit) -> xr.Dataset:
    """Return ``/logit``: coefficients with their standard errors, and the range that each ratio has in the data."""
    nan = np.array([np.nan])
    data = {
        "coefficient": fitted.coefficients,
        "standard_error": np.sqrt(np.diag(fitted.covariance)),
        "low": np.concatenate([nan, fitted.low]),
        "high": np.concatenate([nan, fitted.high]),
    }
    return xr.Dataset(
        {name: ("term", values, {"units": "1"}) for name, values in data.items()},
        coords={"term": ["constant", *fitted.ratios]},
        attrs={
            "firms": fitted.firms,
            "failures": fitted.failures,
            "firm_years": fitted.firm_years,
            "log_likelihood": fitted.log_likelihood,
            "null_log_likelihood": fitted.null_log_likelihood,
        },
    )
