# SPDX-License-Identifier: Apache-2.0
"""How far the index cover misses what the sites lose: in the simulated years alone, through the declared link.

No record of losses stands behind it, so that every figure is told at both ends of the range of the link, and of the
mean loss, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.actuarial.premium.gross import PremiumBuildUp
from greenrisk.core.ledger import Ledger
from greenrisk.resource.basis_risk.buyer import Buyer, buyer_of
from greenrisk.resource.basis_risk.groups import basis_groups
from greenrisk.resource.basis_risk.intervals import Intervals
from greenrisk.resource.basis_risk.measures import FEWEST_SIMULATED, BasisRisk, basis_risk, basis_values
from greenrisk.resource.index_cover.certainty import certainty_equivalent
from greenrisk.resource.wetland.inputs import Inputs
from greenrisk.resource.wetland.knowledge import Knowledge
from greenrisk.resource.wetland.model import WetlandModel
from greenrisk.resource.wetland.perils.base import BLOCK_LENGTH, Floats
from greenrisk.resource.wetland.quantities import INDEX_PART, SITES_PART
from greenrisk.resource.wetland.roles import LINK
from greenrisk.resource.wetland.variants import VariantPlan
from greenrisk.resource.wetland.year_part import YearTable

BASIS_YEARS: Final = 20000
"""Simulated years, the first of a run, that basis risk is measured on [year]."""

OVER_THE_LINK: Final = (
    "spearman",
    "tail_dependence",
    "false_negatives",
    "expected_shortfall",
    "variance_reduction",
    "index_gain",
    "share_of_indemnity",
)
"""Measures that are told over the range of the link."""


@dataclass(frozen=True, eq=False)
class JointYears:
    """Losses of the sites and payments of the index in the same simulated years.

    Parameters
    ----------
    central : BasisRisk
        At the link's central value.
    ends : dict of float to BasisRisk
        By rank correlation: the ends of its range.
    buyer : Buyer
        Who buys.
    groups : dict of str to xarray.Dataset
        Groups of the result by name.
    """

    central: BasisRisk
    ends: dict[float, BasisRisk]
    buyer: Buyer
    groups: dict[str, xr.Dataset]

    def told(self, name: str) -> tuple[float, float, float, float]:
        """Return a measure with its simulation error and the ends of its interval."""
        one = next(measure for measure in self.central.measures if measure.name == name)
        return one.value, one.standard_error, one.low, one.high


def joint_years(
    facts: Inputs,
    model: WetlandModel,
    plan: VariantPlan,
    table: YearTable,
    premium: PremiumBuildUp,
    knowledge: Knowledge,
    ledger: Ledger,
) -> JointYears | None:
    """Return basis risk of the simulated years; None without an index, or where too few years were simulated.

    Parameters
    ----------
    facts : Inputs
        The scenario and its cards.
    model : WetlandModel
        The model.
    plan : VariantPlan
        All variants.
    table : YearTable
        The simulated years.
    premium : PremiumBuildUp
        Of all parts.
    knowledge : Knowledge
        All variants: how far the cards may move the mean loss.
    ledger : Ledger
        Takes what is assumed of the buyer, and why there is nothing to tell.
    """
    if model.index is None or facts.spec.index is None:
        return None
    if table.years < FEWEST_SIMULATED:
        told = f"{table.years:,} simulated years are too few for it: {FEWEST_SIMULATED:,} or more are needed."
        ledger.add("unreliable", "basis risk", told)
        return None
    kept = slice(min(BASIS_YEARS, table.years))
    loss, payout = table.loss[kept, 0], table.payment[kept].sum(axis=1)
    place = premium.segments.index(INDEX_PART)
    pure, gross = (float(premium.row(name)[place]) for name in ("pure_premium", "gross_premium"))
    buyer = buyer_of(facts.spec.index.buyer, loss, gross, pure, ledger)
    found = basis_risk(loss, payout, gross, buyer, severity=table.index[kept], simulated=True)
    ends, cases = {}, [(payout, table.index[kept])]
    for rank in facts.cards[LINK].parameters["rank_correlation"].ends():
        paid, index = _relinked(model, plan, float(rank), loss.size // BLOCK_LENGTH)
        ends[float(rank)] = basis_risk(loss, paid, gross, buyer, severity=index, simulated=True)
        cases.append((paid, index))
    factors = knowledge.interval("average_annual_loss_ground_up", 1.0)
    found = _held_open(
        found,
        [
            basis_values(loss * factor, paid, gross, buyer, index)
            for paid, index in cases
            for factor in (1.0, *factors)
        ],
    )
    if loss.max() * factors[1] + gross >= buyer.wealth:
        ledger.add(
            "unreliable",
            "basis risk",
            f"With every loss times {factors[1]:.2g} the worst year would take more than the buyer's wealth, CNY "
            f"{buyer.wealth:,.0f}: what the covers are worth has no interval then. State a larger "
            "`index.buyer.wealth_cny`.",
        )
    groups = basis_groups(found, np.arange(loss.size), buyer, treatment="declared link")
    link = " and ".join(f"{rank:g}" for rank in sorted(ends))
    groups["basis"].attrs["interval"] = (
        f"From the least to the largest value with the rank correlation of the link at {link} and at its centre, and "
        f"every loss times {factors[0]:.2g}, 1 and {factors[1]:.2g}: the 90 % knowledge interval of the mean loss over "
        "its value. All combinations. The law of the index is held, and the loading; the simulation error stands apart."
    )
    sites = float(premium.row("gross_premium")[premium.segments.index(SITES_PART)])
    more = _arrangements(loss, table.loss[kept, 1], payout, {"sites": sites, "index": gross}, buyer)
    groups["buyer"] = xr.concat([groups["buyer"], more], dim="arrangement", combine_attrs="override")
    central = float(plan.variants[0].values[LINK]["rank_correlation"])
    groups["link_range"] = _range_group({central: found, **ends})
    return JointYears(found, ends, buyer, {f"/{name}": group for name, group in groups.items()})


def _held_open(found: BasisRisk, cases: list[dict[str, float]]) -> BasisRisk:
    """Return the measures with an interval from their least to their largest value over some cases.

    Parameters
    ----------
    found : BasisRisk
        The measures.
    cases : list of dict
        Values by name; of a measure that one of them cannot tell, as a gain where a year would ruin the buyer, no
        interval is told.
    """
    measures = []
    for one in found.measures:
        values = np.array([case[one.name] for case in cases])
        # what the index pays moves with its law, which is held here: the headline tells its interval
        told = np.isfinite(values).all() and one.name != "mean_payout"
        ends = (float(values.min()), float(values.max())) if told else (np.nan, np.nan)
        measures.append(replace(one, low=ends[0], high=ends[1]))
    return replace(found, measures=tuple(measures))


def _relinked(model: WetlandModel, plan: VariantPlan, rank: float, blocks: int) -> tuple[Floats, Floats]:
    """Return payments and severity of the index in the first blocks under another link, each shape (years,)."""
    assert model.index is not None
    fitted = model.index.fitted(plan.variants[0])
    years = [model.index_years(fitted, rank, "main", block) for block in range(blocks)]
    return (
        np.concatenate([one.payment.sum(axis=1) for one in years]),
        np.concatenate([one.index for one in years]),
    )


def _range_group(found: dict[float, BasisRisk]) -> xr.Dataset:
    """Return the group ``/link_range``: measures of basis risk over the range of the rank correlation."""
    ranks = sorted(found)
    units = {one.name: one.unit for one in found[ranks[0]].measures}
    labels = {one.name: one.label for one in found[ranks[0]].measures}
    return xr.Dataset(
        {
            name: (
                "rank_correlation",
                np.array([found[rank].value(name) for rank in ranks]),
                {"units": units[name], "long_name": labels[name]},
            )
            for name in OVER_THE_LINK
        },
        coords={"rank_correlation": ("rank_correlation", np.array(ranks), {"units": "unitless"})},
        attrs={
            "note": "The card's central value and the ends of its range: a judgement, which no record here can test."
        },
    )


def _arrangements(
    loss: Floats, paid: Floats, payout: Floats, premium: dict[str, float], buyer: Buyer
) -> xr.Dataset:
    """Return the rows of ``/buyer`` for the cover of the sites, alone and with the index.

    Parameters
    ----------
    loss, paid, payout : array, shape (years,)
        What the sites lose, what their cover pays of it, what the index pays [CNY].
    premium : dict of str to float
        Gross premium of the two [CNY/year].
    buyer : Buyer
        Who buys.
    """
    rows = {
        "sites": (premium["sites"], paid),
        "sites and index": (premium["sites"] + premium["index"], paid + payout),
    }
    found = []
    for charged, received in rows.values():

        def worth(x: Floats, y: Floats, charged: float = charged) -> Floats:
            return certainty_equivalent(y - x - charged, buyer.wealth, buyer.risk_aversion)

        cost = loss - received + charged
        worth_of = Intervals(loss, received, None).of(worth)
        found.append((charged, *worth_of, float(cost.mean()), float(cost.max())))
    names = ("premium", "certainty_equivalent", "standard_error", "low", "high", "mean_cost", "worst_year")
    units = {"premium": "CNY/year", "mean_cost": "CNY/year"}
    return xr.Dataset(
        {
            name: ("arrangement", list(column), {"units": units.get(name, "CNY")})
            for name, column in zip(names, zip(*found, strict=True), strict=True)
        },
        coords={"arrangement": list(rows)},
    )
