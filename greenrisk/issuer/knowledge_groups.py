# SPDX-License-Identifier: Apache-2.0
"""What we do not know of the issuers: tornado of the portfolio, of every issuer, and how stable the ranking is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from greenrisk.core.knowledge import Knowledge
from greenrisk.core.ledger import Ledger
from greenrisk.issuer.credit.ranking import rank_issuers
from greenrisk.issuer.headline import Whole
from greenrisk.issuer.model import IssuerModel
from greenrisk.issuer.variants import VariantPlan

TORNADO_OF = "expected_loss_rate"
"""Quantity of the portfolio's tornado."""


def worst_scenario(knowledge: Knowledge, model: IssuerModel) -> str:
    """Return the scenario with the largest expected loss; the first one where none is known."""
    values = [knowledge.base(f"{TORNADO_OF}:{name}") for name in model.scenarios]
    known = np.nan_to_num(np.array(values), nan=-np.inf)
    return model.scenarios[int(known.argmax())]


def tornado_groups(
    knowledge: Knowledge, model: IssuerModel, units: Mapping[str, str], ledger: Ledger
) -> dict[str, xr.Dataset]:
    """Return ``/tornado``: the expected loss rate of the worst scenario at both ends of every parameter's range.

    Every parameter that is not confirmed is told in the ledger with what it does to that figure.
    """
    name = f"{TORNADO_OF}:{worst_scenario(knowledge, model)}"
    found = knowledge.swings(name, knowledge.base(name))
    for key in ("at_low", "at_high"):
        found[key].attrs["units"] = units[name]
    for k, parameter in enumerate(found["parameter"].values.astype(str)):
        row = {key: found[key].values[k] for key in found.data_vars}
        if row["status"] == "confirmed":
            continue
        ledger.add(
            "parameter",
            f"{row['card']}:{parameter}",
            f"{row['label']} {row['value']} {row['unit']}, range {row['low']} to {row['high']} ({row['basis']})",
            status=str(row["status"]),
            source=str(row["source"]),
            quantity=name,
            base=float(found.attrs["base"]),
            at_low=float(row["at_low"]),
            at_high=float(row["at_high"]),
            unit=units[name],
        )
    return {"/tornado": found}


def issuer_swings(model: IssuerModel, whole: Whole, plan: VariantPlan) -> xr.Dataset:
    """Return ``/issuer_tornado``: default probability of every issuer at every end of every range, one at a time.

    Returns
    -------
    xarray.Dataset
        By ``end``: role, parameter, side, value; ``annual_probability`` and ``log_annual_probability`` by end,
        scenario and issuer, in the year of the headline [1]; the same of the base without ``end``.
    """
    ends = slice(plan.first_end, plan.first_alternative)
    dims = ("scenario", "issuer")
    data: dict[str, tuple[tuple[str, ...], np.ndarray, dict[str, str]]] = {}
    for name in ("annual_probability", "log_annual_probability"):
        found = whole.of(name)
        data[name] = (("end", *dims), found[ends], {"units": "1"})
        data[f"base_{name}"] = (dims, found[0], {"units": "1"})
    group = xr.Dataset(data, coords={"scenario": list(model.scenarios), "issuer": list(model.issuers.ids)})
    for key in ("role", "name", "side"):
        group[f"end_{key}"] = ("end", np.array([getattr(end, key) for end in plan.ends], dtype=str))
    group["end_value"] = ("end", np.array([str(end.value) for end in plan.ends], dtype=str))
    return group


def ranking_group(model: IssuerModel, whole: Whole, draws: int, ledger: Ledger) -> xr.Dataset:
    """Return ``/ranking``: order of the issuers by default probability in each scenario, and how it holds over draws.

    Returns
    -------
    xarray.Dataset
        By scenario and issuer ``rank`` (1 is worst), ``rank_low``, ``rank_high`` over the draws; by scenario the mean
        of ``kendall``, ``spearman`` and of the share of the top that is kept [1].
    """
    # By logarithms: probabilities that underflow would all tie.
    found = whole.of("log_annual_probability")
    data: dict[str, list[np.ndarray | float]] = {}
    row: dict[str, np.ndarray]
    row_of: dict[str, float]
    for place in range(len(model.scenarios)):
        base, moved = found[0, place].copy(), found[1 : 1 + draws, place]
        base[np.isnan(moved).any(axis=0)] = np.nan
        base[np.isneginf(base) | np.isneginf(moved).any(axis=0)] = np.nan
        if (~np.isnan(base)).sum() < 2:
            nan = np.full(base.size, np.nan)
            row = {"rank": nan, "rank_low": nan, "rank_high": nan}
            row_of = {"kendall": np.nan, "spearman": np.nan, "top_kept": np.nan}
            ledger.add("dropped", "ranking", f"Fewer than two issuers in {model.scenarios[place]}.")
        else:
            held = rank_issuers(base, moved)
            row = {
                "rank": held.rank,
                "rank_low": held.rank_low,
                "rank_high": held.rank_high,
            }
            row_of = {
                name: float(np.nanmean(getattr(held, name))) for name in ("kendall", "spearman", "top_kept")
            }
        for name, values_of in row.items():
            data.setdefault(name, []).append(values_of)
        for name, value in row_of.items():
            data.setdefault(name, []).append(value)
    group = xr.Dataset(coords={"scenario": list(model.scenarios), "issuer": list(model.issuers.ids)})
    for name, values in data.items():
        by_issuer = name.startswith("rank")
        dims = ("scenario", "issuer") if by_issuer else ("scenario",)
        group[name] = (dims, np.array(values), {"units": "1"})
    return group
