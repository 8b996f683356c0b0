# SPDX-License-Identifier: Apache-2.0
"""What a zone scenario says of the tables that its losses are set beside."""

from __future__ import annotations

from greenrisk.core.spec import Spec


class RealitySpec(Spec):
    """What the report sets beside the model's losses."""

    event_levels: str = "event_levels"
    """Table of the levels of an environmental emergency (see `greenrisk show table event-levels`)."""

    accidents: str = "china_accidents_direct_loss"
    """Table of accidents with a published loss (see `show table china-accidents-direct-loss`)."""

    anchors: str = "zone_plausibility_anchors"
    """Table of national means and market rates (see `show table zone-plausibility-anchors`)."""

    offsite_damage: str = "epa_rmp_offsite_damage"
    """Table of off-site damage of reported accidents (see `show table rmp-offsite-damage`)."""
