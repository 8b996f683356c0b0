# SPDX-License-Identifier: Apache-2.0
"""What a scenario says of the claims service; what follows from it is in :mod:`.claims_service`."""

from __future__ import annotations

from pydantic import Field

from greenrisk.core.spec import Spec


class ClaimsServiceSpec(Spec):
    """How fast claims are inspected and paid; it moves no premium."""

    advance_share: float = Field(default=0.6, ge=0, le=1)
    """Share of the estimate that is paid in advance while the loss degree is unclear: 60 % in Guangxi (State Forestry
    news 2013-06-13, confirmed); Jiangxi's own wording decides [unitless]."""

    days_to_advance: int = Field(default=15, ge=0, le=365)
    """Days from the event to the advance: a judgement [day]."""

    inspections_a_day: float = Field(default=20.0, gt=0)
    """Stands that all inspectors together visit in a day, weekends included: a judgement, ten teams of two stands
    [1/day]."""

    days_to_settlement: int = Field(default=40, ge=0, le=365)
    """Days from the inspection of a stand to the balance; 30 to decide and 10 to pay, after article 23 of the Insurance
    Law (from memory: unconfirmed) [day]."""

    inspect_within_days: int = Field(default=10, ge=1, le=365)
    """Days in which the largest event of a year shall be inspected: sets the inspectors needed; a judgement [day]."""
