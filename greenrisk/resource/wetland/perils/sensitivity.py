# SPDX-License-Identifier: Apache-2.0
"""How hard a class of site is hit: a factor on the degree by class, from the card of the peril."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from greenrisk.resource.wetland.perils.base import Floats
from greenrisk.resource.wetland.sites import SITE_CLASSES, Sites


def sensitivity_name(site_class: str) -> str:
    """Return the parameter of a class: ``sensitivity_marsh``."""
    return f"sensitivity_{site_class}"


def sensitivity_domains() -> dict[str, tuple[float, float]]:
    """Return the domains of the sensitivities of all classes by parameter [unitless]."""
    return {sensitivity_name(one): (0.0, 10.0) for one in SITE_CLASSES}


def sensitivity_of(numbers: Mapping[str, float], sites: Sites) -> Floats:
    """Return the factor on the degree of each site, shape (sites,) [unitless].

    Parameters
    ----------
    numbers : mapping of str to float
        Numbers of the card, those of :func:`sensitivity_domains` among them.
    sites : Sites
        The sites; ``site_class`` indexes the classes.
    """
    return np.array([numbers[sensitivity_name(one)] for one in SITE_CLASSES])[sites.site_class]
