# SPDX-License-Identifier: Apache-2.0
"""The model of a zone set beside what is known from elsewhere: compared, never validated.

What lives here: the tables that a scenario may name, and the groups below ``/checks``. What does not: the comparisons
themselves (:mod:`greenrisk.pollution.severity.plausibility`, :mod:`greenrisk.pollution.severity.beside_rmp`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.sources import Sources
from greenrisk.pollution.inventory import Floats
from greenrisk.pollution.liability.laws import ZoneLaws
from greenrisk.pollution.model import ZoneModel
from greenrisk.pollution.reality_spec import RealitySpec
from greenrisk.pollution.severity.alternatives import severity_alternatives
from greenrisk.pollution.severity.beside_rmp import doubts_of_rmp, third_party_beside_rmp
from greenrisk.pollution.severity.caps import Cap
from greenrisk.pollution.severity.draws import simulated_accidents
from greenrisk.pollution.severity.event_levels import (
    EVENT_LEVEL_RULES,
    EventLevels,
    level_shares,
    read_event_levels,
)
from greenrisk.pollution.severity.laws import (
    currency_factor,
    dependence_of,
    physical_cap,
    severity_laws,
)
from greenrisk.pollution.severity.plausibility import (
    Doubt,
    accidents_beside,
    doubts_of_accidents,
    implied_loss_ratio,
    loss_quantiles,
    mean_beside_nation,
    ratio_doubt,
    verdict,
)
from greenrisk.pollution.severity.plausibility_tables import (
    CHINA_ACCIDENTS,
    PLAUSIBILITY_ANCHORS,
    RMP_OFFSITE_DAMAGE,
    Anchors,
)
from greenrisk.pollution.variants import Variant

ACCIDENTS_DRAWN: Final = 200_000
"""Accidents drawn for quantiles that have no closed form."""


@dataclass(frozen=True, eq=False)
class Reality:
    """The tables, read."""

    event_levels: EventLevels
    accidents: pd.DataFrame
    anchors: Anchors
    offsite_damage: pd.DataFrame


def read_reality(spec: RealitySpec, sources: Sources) -> Reality | None:
    """Read the tables; None where faults were recorded."""
    tables = {
        key: sources.table(getattr(spec, key), ("reality", key), table)
        for key, table in (
            ("event_levels", EVENT_LEVEL_RULES),
            ("accidents", CHINA_ACCIDENTS),
            ("anchors", PLAUSIBILITY_ANCHORS),
            ("offsite_damage", RMP_OFFSITE_DAMAGE),
        )
    }
    found = {key: frame for key, frame in tables.items() if frame is not None}
    if len(found) < len(tables):
        return None
    try:
        return Reality(
            read_event_levels(found["event_levels"], spec.event_levels),
            found["accidents"],
            Anchors.from_frame(found["anchors"], spec.anchors),
            found["offsite_damage"],
        )
    except TableError as error:
        sources.faults.extend(error.faults)
    return None


def reality_groups(
    reality: Reality,
    model: ZoneModel,
    variant: Variant,
    laws: ZoneLaws,
    insured: Floats,
    insured_error: float,
    seed: int,
    ledger: Ledger,
) -> dict[str, xr.Dataset]:
    """Return ``/severity_alternatives`` and the comparisons below ``/checks``.

    Parameters
    ----------
    reality : Reality
        What the model is set beside.
    model : ZoneModel
        Plants and terms.
    variant : Variant
        The central one.
    laws : ZoneLaws
        Its laws.
    insured : array, shape (plants,)
        Expected payments of each plant [CNY/year].
    insured_error : float
        Standard error of their sum [CNY/year].
    seed : int
        The scenario's seed.
    ledger : Ledger
        Told every comparison that does not come out.
    """
    values, constants = variant.values, model.constants
    one = severity_laws(values, constants, Cap("physical", physical_cap(values).amount))
    losses = simulated_accidents(one, dependence_of(values), ACCIDENTS_DRAWN, seed)
    covered = model.terms.insured
    loadings = Loadings.from_values(values["loadings"])
    caps = {
        "physical": physical_cap(values).amount,
        "asset": float(np.median(model.plants.assets)),
        "policy": float(np.median(model.limit)),
    }
    beside = accidents_beside(losses, reality.accidents)
    ratio, ratio_doubts = _implied(insured[covered], model.limit[covered], reality.anchors, insured_error)
    rmp = third_party_beside_rmp(one, currency_factor(values), reality.offsite_damage)
    mean, mean_doubts = mean_beside_nation(one, reality.anchors, dependence_of(values))
    _tell(
        [*doubts_of_accidents(beside), *ratio_doubts, *mean_doubts, *doubts_of_rmp(rmp, reality.anchors)],
        ledger,
    )
    ledger.add(
        "assumption",
        "mean direct loss of an accident",
        f"Of accidents with one, the model's is {mean:.1f} times the mean of the nation's assessed cases (press, "
        "coarse).",
        status="unconfirmed",
    )
    groups = {
        "/severity_alternatives": severity_alternatives(
            values,
            constants,
            caps,
            float((laws.own + laws.transport)[covered].sum()),
            loadings,
            loadings.fixed_expenses * float(covered.sum()),
        ),
        "/checks/accident_losses": loss_quantiles(losses),
        "/checks/event_levels": level_shares(losses, reality.event_levels),
        "/checks/china_accidents": beside,
        "/checks/third_party_beside_rmp": rmp,
    }
    return groups | ratio


def _implied(
    insured: Floats, limit: Floats, anchors: Anchors, error: float
) -> tuple[dict[str, xr.Dataset], tuple[Doubt, ...]]:
    """Return the implied loss ratio; nothing where no plant is insured."""
    if not insured.size:
        return {}, ()
    group, doubts = implied_loss_ratio(insured, limit, anchors, error)
    return {"/checks/implied_loss_ratio": group}, doubts


def judged_tariff(
    tariff: xr.Dataset, insured: Floats, insured_error: float, anchors: Anchors, ledger: Ledger
) -> xr.Dataset:
    """Return the group ``/tariff`` with the loss ratio of the whole tariff judged by the bounds of belief.

    Parameters
    ----------
    tariff : xarray.Dataset
        From :func:`~greenrisk.pollution.liability.market_premium.tariff_group`.
    insured : array, shape (plants,)
        Expected payments of each plant [CNY/year].
    insured_error : float
        Standard error of their sum [CNY/year].
    anchors : Anchors
        The bounds.
    ledger : Ledger
        Told where the ratio is not surely within them.
    """
    charged = tariff["premium"].values
    premium = float(charged.sum())
    if not premium > 0.0:
        return tariff
    ratio, error = float(insured[charged > 0.0].sum()) / premium, insured_error / premium
    _tell(ratio_doubt("tariff", "The tariff implies", ratio, error, anchors), ledger)
    told = {"units": "1", "long_name": "Expected payments of the zone over the tariff's premium"}
    return tariff.assign(
        zone_loss_ratio=((), ratio, told),
        zone_loss_ratio_standard_error=((), error, {"units": "1", "long_name": "Its standard error"}),
        zone_verdict=((), verdict(ratio, error, anchors), {"long_name": "Whether it lies within belief"}),
    )


def _tell(doubts: Iterable[Doubt], ledger: Ledger) -> None:
    for doubt in doubts:
        ledger.add("unreliable", doubt.subject.replace("_", " "), doubt.detail)
