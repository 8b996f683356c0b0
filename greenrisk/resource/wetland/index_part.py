# SPDX-License-Identifier: Apache-2.0
"""The index cover of a wetland study: what its record says of it, made by :mod:`greenrisk.resource.index_cover`.

Where losses and index meet is in :mod:`greenrisk.resource.wetland.basis_part`.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.core.ledger import Ledger
from greenrisk.resource.basis_risk.declared import joint_chance, link_group
from greenrisk.resource.index_cover.burn import burn
from greenrisk.resource.index_cover.event_law import EventLaw
from greenrisk.resource.index_cover.index_backtest import backtest_groups
from greenrisk.resource.index_cover.index_choices import calibration_group, cover_of
from greenrisk.resource.index_cover.index_doubts import tell_budget, tell_laws
from greenrisk.resource.index_cover.index_groups import (
    changes_group,
    guards_group,
    history_group,
    payout_function_group,
    record_group,
    series_group,
)
from greenrisk.resource.index_cover.index_knowledge import Flags, speaking
from greenrisk.resource.index_cover.index_results import FIT_DRAWS
from greenrisk.resource.index_cover.index_study_spec import indices_of
from greenrisk.resource.index_cover.index_told import tell_record
from greenrisk.resource.index_cover.index_views import families_group, law_fits, laws_group, treatments_group
from greenrisk.resource.index_cover.index_views import second_method as index_second_method
from greenrisk.resource.index_cover.law_goodness import goodness
from greenrisk.resource.index_cover.law_premium import paid_side
from greenrisk.resource.index_cover.laws import IndexLaw
from greenrisk.resource.index_cover.payout_spec import LinearPayout
from greenrisk.resource.index_cover.premium_views import premium_views
from greenrisk.resource.wetland.inputs import Inputs
from greenrisk.resource.wetland.model import WetlandModel
from greenrisk.resource.wetland.perils.stress import LEADING
from greenrisk.resource.wetland.roles import LINK
from greenrisk.resource.wetland.variants import VariantPlan
from greenrisk.resource.wetland.year_part import YearTable

Fits = dict[str, list[tuple[IndexLaw, float]]]
"""Laws by index, each with the chance of its fit."""


def index_groups(
    facts: Inputs,
    model: WetlandModel,
    plan: VariantPlan,
    table: YearTable,
    fits: Fits,
    ledger: Ledger,
) -> dict[str, xr.Dataset]:
    """Return the groups of the index cover by their name.

    Parameters
    ----------
    facts : Inputs
        The scenario and its cards.
    model : WetlandModel
        The model; it has an index.
    plan : VariantPlan
        All variants.
    table : YearTable
        The simulated years.
    fits : dict
        From :func:`index_fits`.
    ledger : Ledger
        Takes what was chosen for the record, and on how little it rests.
    """
    index, base = model.index, plan.variants[0]
    assert index is not None
    fitted, record = index.fitted(base), index.record
    chosen = {name: record.treatment[name] for name in index.family}
    burned = burn(fitted.total, block_years=record.block_years, seed=index.seed)
    tell_record(index, fitted, burned.paying_years, ledger)
    tell_laws(index, fitted, fits, burned, ledger)
    views = premium_views(
        index.part,
        record.indices,
        record.changes,
        record.scale,
        block_years=record.block_years,
        seed=index.seed,
    )
    groups = {
        "/series": series_group(record.series),
        "/guards": guards_group(facts.guards),
        "/record": record_group(record, fitted),
        "/history": history_group(index, fitted, np.full(record.year.size, np.nan)),
        "/payout_function": payout_function_group(index, fitted),
        "/treatments": treatments_group(views, chosen),
        "/families": families_group(index, fitted, _chances(fits)),
        "/index_laws": laws_group(index, fitted, fits),
        **backtest_groups(index, ledger),
    }
    if record.changes:
        units = {name: record.indices[name].unit for name in record.changes}
        groups["/changes"] = changes_group(record.changes, units)
    asked = index.part.calibration
    if facts.calibration is not None and asked is not None:
        cover = cover_of(index.part, asked)
        unit = record.indices[indices_of(cover.payout)[0]].unit
        tell_budget(facts.calibration, None, ledger)
        groups["/calibration"] = calibration_group(facts.calibration, asked, cover, unit)
    rank = facts.cards[LINK].parameters["rank_correlation"]
    groups["/link"] = link_group(table.stress, table.index, float(rank.value), rank.status)
    groups["/link"].attrs["declared"] = "" if facts.spec.link is None else facts.spec.link.declared
    return groups


def index_checks(model: WetlandModel, plan: VariantPlan, table: YearTable) -> xr.Dataset:
    """Return rows of ``/checks/second_method`` for the index, and for the years in which it pays for low water.

    Parameters
    ----------
    model : WetlandModel
        The model; it has an index.
    plan : VariantPlan
        All variants.
    table : YearTable
        The simulated years.

    Notes
    -----
    The chance that a linear cover pays in a year of low water beyond its onset is one of the bivariate normal law that
    the link declares.
    """
    index, base = model.index, plan.variants[0]
    assert index is not None
    fitted = index.fitted(base)
    burned = burn(fitted.total, block_years=index.record.block_years, seed=index.seed)
    rows = index_second_method(index, fitted, table.payment, burned)
    rows = rows.assign_coords(quantity=[f"index: {name}" for name in rows["quantity"].values])
    payout, law = index.part.covers[0].payout, fitted.laws[model.linked]
    if len(index.part.covers) > 1 or not isinstance(payout, LinearPayout) or isinstance(law, EventLaw):
        return rows
    values = base.values[LEADING]
    onset, rank = float(values["onset_period"]), float(base.values[LINK]["rank_correlation"])
    paid = float(law.chance(payout.pays, payout.trigger))
    both = (table.stress > 1.0 - 1.0 / onset) & (table.payment[:, 0] > 0)
    exact = float(joint_chance(1.0 / onset, paid, rank)) if 0.0 < paid < 1.0 else 0.0
    error = float(np.sqrt(exact * (1.0 - exact) / both.size))
    joint = {
        "simulated": float(both.mean()),
        "standard_error": error,
        "closed_form": exact,
        "difference": (float(both.mean()) - exact) / error if error > 0 else 0.0,
        "unit": "1/year",
        "note": "bivariate normal law of the declared link",
    }
    more = xr.Dataset(
        {name: ("quantity", [value]) for name, value in joint.items()},
        coords={"quantity": ["index pays in a year of low water beyond its onset"]},
    )
    return xr.concat([rows, more], dim="quantity", combine_attrs="override")


def index_fits(model: WetlandModel, plan: VariantPlan) -> Fits:
    """Return by index the laws that could be fitted, and the chance of their fit; none without an index.

    Parameters
    ----------
    model : WetlandModel
        The model.
    plan : VariantPlan
        All variants, the base first.
    """
    index = model.index
    if index is None:
        return {}
    fitted = index.fitted(plan.variants[0])
    return {
        name: [
            (law, goodness(law, index.seed, FIT_DRAWS).p)
            for law in law_fits(fitted.indices[name], paid_side(index.part, name))
        ]
        for name in index.family
    }


def _chances(fits: Fits) -> dict[str, float]:
    """Return the chance of the fit by family, the smallest of the indices."""
    chances: dict[str, float] = {}
    for law, chance in (one for laws in fits.values() for one in laws):
        chances[law.family] = min(chance, chances.get(law.family, 1.0))
    return chances


def speaks_of(model: WetlandModel, plan: VariantPlan, fits: Fits) -> Flags:
    """Return which named alternatives hold the knowledge intervals open, shape (alternatives,).

    Parameters
    ----------
    model : WetlandModel
        The model.
    plan : VariantPlan
        All variants, the base first.
    fits : dict
        From :func:`index_fits`.

    Notes
    -----
    Those of the index that its record does not contradict, as in an index study; the card of spills where there is a
    zone's run.
    """
    index = model.index
    if index is None:
        return np.ones(len(plan.alternatives), dtype=np.bool_)
    verdicts = [one.verdict for one in index.record.changes.values()]
    return speaking(plan, verdicts, _chances(fits), index.part.history.level)
