# SPDX-License-Identifier: Apache-2.0
"""Which sections an issuer page has and in which order; one whose groups the result lacks is left out."""

from __future__ import annotations

from collections.abc import Callable

from greenrisk.report.pages.issuers_channel_section import channels_section
from greenrisk.report.pages.issuers_check_section import checks_section
from greenrisk.report.pages.issuers_credit_sections import fan_section, heat_section
from greenrisk.report.pages.issuers_figures import figures_section
from greenrisk.report.pages.issuers_input_sections import coverage_section, screen_section
from greenrisk.report.pages.issuers_lens_section import lens_section
from greenrisk.report.pages.issuers_one import one_section
from greenrisk.report.pages.issuers_own_section import own_section
from greenrisk.report.pages.issuers_path_sections import carbon_section, pathways_section
from greenrisk.report.pages.issuers_portfolio_sections import changes_section, portfolio_section
from greenrisk.report.pages.issuers_production_section import production_section
from greenrisk.report.pages.issuers_stress_sections import stress_section, transition_section
from greenrisk.report.pages.issuers_view import View
from greenrisk.report.pages.section import Section

Maker = Callable[[View], Section | None]

SECTIONS: tuple[Maker, ...] = (
    figures_section,
    heat_section,
    fan_section,
    coverage_section,
    screen_section,
    pathways_section,
    carbon_section,
    channels_section,
    production_section,
    lens_section,
    own_section,
    portfolio_section,
    stress_section,
    transition_section,
    changes_section,
    checks_section,
    one_section,
)
"""Makers of the sections between the first screen and the inputs."""


def sections(view: View) -> list[Section]:
    """Return the sections of the groups that a result has.

    Parameters
    ----------
    view : View
        The result.
    """
    return [section for maker in SECTIONS if (section := maker(view)) is not None]
