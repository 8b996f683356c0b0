# SPDX-License-Identifier: Apache-2.0
"""What reinsurance takes of the events of a block; what is left to the year's end is the forest's.

See :mod:`greenrisk.resource.structure`, whose covers of the year and prices are used as they are.
"""

from __future__ import annotations

import numpy as np

from greenrisk.actuarial.layers.cession import Step
from greenrisk.actuarial.layers.events import EventTable
from greenrisk.actuarial.layers.programme import Programme, QuotaShare
from greenrisk.resource.reinsurance import CoverSpec, ExcessOfLossSpec, QuotaShareSpec, ReinsuranceSpec
from greenrisk.resource.structure import EventCessions, OfPerils
from greenrisk.resource.wetland.perils.base import BLOCK_LENGTH, Integers
from greenrisk.resource.wetland.settlement import Settled


def cede_block(settled: Settled, spec: ReinsuranceSpec) -> EventCessions:
    """Return what the covers of events take of a block of years.

    Parameters
    ----------
    settled : Settled
        What the block costs, after the terms of the cover.
    spec : ReinsuranceSpec
        The covers, no surplus treaty among them.

    Notes
    -----
    One simulated event is one loss occurrence: of low water, flood and heat it is the year. Events of a year count in
    the order of the perils, since they have no dates.
    """
    covers = spec.of_events
    if not covers:
        none = np.zeros((BLOCK_LENGTH, 0))
        return EventCessions(none, none)
    loss = settled.by_event("gross")
    paid = np.flatnonzero(loss > 0.0)
    table = EventTable.of(loss[paid], settled.event_year[paid], BLOCK_LENGTH)
    found = Programme(tuple(_step(cover, settled, paid) for cover in covers)).cede(table)
    reinstated = [step.annual_reinstatement_premium(1.0) for step in found.steps]
    return EventCessions(found.annual_ceded_by_step(), np.stack(reinstated, axis=1))


def _step(cover: CoverSpec, settled: Settled, paid: Integers) -> Step:
    if isinstance(cover, QuotaShareSpec):
        return QuotaShare(cover.share)
    assert isinstance(cover, ExcessOfLossSpec)
    if not cover.perils:
        return cover.layer()
    codes = [code for code, kind in enumerate(settled.perils) if kind in cover.perils]
    return OfPerils(cover.layer(), np.isin(settled.event_peril[paid], codes))
