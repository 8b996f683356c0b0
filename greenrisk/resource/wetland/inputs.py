# SPDX-License-Identifier: Apache-2.0
"""What the result of a wetland study tells of its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from greenrisk.core.cards import Card
from greenrisk.environment.service_values import ServiceValues
from greenrisk.resource.index_cover.calibration_terms import Calibration
from greenrisk.resource.index_cover.guards import GuardRow
from greenrisk.resource.wetland.wetland_spec import WetlandScenario


@dataclass(frozen=True, eq=False)
class Inputs:
    """What the result tells of its inputs.

    Parameters
    ----------
    spec : WetlandScenario
        The scenario.
    cards : mapping of str to Card
        Cards that variants move, by role.
    prevention : mapping of str to Card
        Cards of prevention by role.
    insured_sites : int
        Sites with a limit, by which fixed expenses are counted.
    guards : tuple of GuardRow
        What the guards found in the series of the index.
    services : tuple of ServiceValues and mapping, or None
        Values of services and the ecosystem of each class; None: the scenario names none.
    products : tuple of DataFrame, or None
        Published products as printed, and figures out of their notes; None: the scenario names none.
    calibration : Calibration or None
        Trigger and exit of the index as they would be found; None: not asked.
    synthetic : mapping of str to bool
        Whether the sites, and the series, are made up.
    """

    spec: WetlandScenario
    cards: Mapping[str, Card]
    prevention: Mapping[str, Card]
    insured_sites: int
    guards: tuple[GuardRow, ...]
    services: tuple[ServiceValues, Mapping[str, str]] | None
    products: tuple[pd.DataFrame, pd.DataFrame] | None
    calibration: Calibration | None
    synthetic: Mapping[str, bool]
