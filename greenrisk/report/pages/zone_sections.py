# SPDX-License-Identifier: Apache-2.0
"""Which sections a zone's page has and in which order; one whose groups the result lacks is left out."""

from __future__ import annotations

from collections.abc import Callable

import xarray as xr

from greenrisk.report.pages.section import Section
from greenrisk.report.pages.zone_grade_sections import grades_section, map_section
from greenrisk.report.pages.zone_limit_section import limit_section
from greenrisk.report.pages.zone_loss_sections import frequency_section, loss_section, severity_section
from greenrisk.report.pages.zone_mandate_sections import claims_section, obligation_section, payers_section
from greenrisk.report.pages.zone_premium_sections import premium_section, sharing_section
from greenrisk.report.pages.zone_preset_section import preset_section
from greenrisk.report.pages.zone_prevention_section import prevention_section

Maker = Callable[[xr.DataTree], Section | None]

SECTIONS: tuple[Maker, ...] = (
    grades_section,
    map_section,
    loss_section,
    limit_section,
    obligation_section,
    payers_section,
    premium_section,
    preset_section,
    sharing_section,
    claims_section,
    prevention_section,
    frequency_section,
    severity_section,
)
"""Makers of the sections between the chain of the calculation and what would change it."""


def sections(tree: xr.DataTree) -> list[Section]:
    """Return the sections of the groups that a result has.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of the zone study.
    """
    return [section for maker in SECTIONS if (section := maker(tree)) is not None]
