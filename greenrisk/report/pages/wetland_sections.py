# SPDX-License-Identifier: Apache-2.0
"""Which sections a wetland's page has and in which order; one whose groups the result lacks is left out."""

from __future__ import annotations

import xarray as xr

from greenrisk.report.charts.exceedance import Wording, exceedance_chart
from greenrisk.report.pages.forest_risk_sections import reinsurance_section
from greenrisk.report.pages.index_sections import INDEX_SECTIONS, Maker
from greenrisk.report.pages.index_words import paid_layer, quiet_share
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.wetland_cover_sections import (
    link_section,
    parts_section,
)
from greenrisk.report.pages.wetland_site_sections import perils_section, sites_section
from greenrisk.report.pages.wetland_small_sections import products_section, small_section
from greenrisk.report.pages.wetland_value_section import insurable_section
from greenrisk.report.pages.zone_words import group
from greenrisk.report.wording import percent

LAYERS = {"gross": "paid by the cover of the sites", "ground_up": "damage to the sites"}

PAID = Wording(
    "exceedance",
    "A bad year costs the cover of the sites ",
    "Less than {} does the cover of the sites pay anything",
    LAYERS,
)
DAMAGE = Wording(
    "exceedance-damage",
    "Damage to the sites in a bad year comes to ",
    "Less than {} is there any damage to the sites",
    {"ground_up": LAYERS["ground_up"]},
)


def losses_section(tree: xr.DataTree) -> Section | None:
    """Return what bad years cost: damage to the sites and what the cover pays of it."""
    curves, losses = group(tree, "curves"), group(tree, "losses")
    if curves is None or losses is None:
        return None
    layer = paid_layer(curves)
    if layer is None:
        return None
    parts = [Part("", chart=exceedance_chart(curves, layer, PAID))]
    if "ground_up" in curves["layer"].values:
        parts.append(Part("", chart=exceedance_chart(curves, "ground_up", DAMAGE)))
    sentence = (
        f"In {percent(quiet_share(losses))} of the simulated years the cover of the sites pays nothing."
    )
    return Section("losses", "What bad years cost", sentence, tuple(parts))


def reinsured_section(tree: xr.DataTree) -> Section | None:
    """Return what reinsurers take of the cover of the sites and cost; None where there are none."""
    data = group(tree, "reinsurance")
    if data is None or not data.sizes.get("cover", 0):
        return None
    return reinsurance_section({"": data})


SECTIONS: tuple[Maker, ...] = (
    sites_section,
    perils_section,
    insurable_section,
    losses_section,
    parts_section,
    reinsured_section,
    *INDEX_SECTIONS[:-1],
    link_section,
    INDEX_SECTIONS[-1],
    small_section,
    products_section,
)
"""Makers of the sections between the chain of the calculation and what would change it."""
