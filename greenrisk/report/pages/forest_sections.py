# SPDX-License-Identifier: Apache-2.0
"""Which groups of a forest result have a section of their own, and in which order; a group that is absent has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import xarray as xr

from greenrisk.report.pages.forest_price_sections import (
    county_section,
    experience_section,
    policy_section,
    premium_file_section,
    subsidy_section,
    terms_section,
)
from greenrisk.report.pages.forest_risk_sections import (
    named_events_section,
    pool_section,
    reinsurance_section,
    reserve_section,
)
from greenrisk.report.pages.forest_service_sections import claims_section, quality_section
from greenrisk.report.pages.section import Section

Maker = Callable[[Mapping[str, xr.Dataset]], Section]

SECTIONS: dict[str, Maker] = {
    "policy": policy_section,
    "experience": experience_section,
    "premium_file": premium_file_section,
    "subsidy_rules": subsidy_section,
    "terms_alternatives": terms_section,
    "county_rates": county_section,
    "pool": pool_section,
    "named_events": named_events_section,
    "reinsurance": reinsurance_section,
    "catastrophe_reserve": reserve_section,
    "claims_service": claims_section,
    "data_quality": quality_section,
}
"""Group below the root -> what makes its section; it is given the group's own dataset as "" and those below by name."""


def sections(tree: xr.DataTree) -> list[Section]:
    """Return the sections of the groups that a result has.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of the forest study.
    """
    return [maker(datasets(tree, name)) for name, maker in SECTIONS.items() if name in tree.children]


def datasets(tree: xr.DataTree, name: str) -> dict[str, xr.Dataset]:
    """Return a group's own dataset as "" and the datasets of the groups below it by their names."""
    node = tree.children[name]
    below = {key: child.to_dataset(inherit=False) for key, child in node.children.items()}
    return {"": node.to_dataset(inherit=False), **below}
