# SPDX-License-Identifier: Apache-2.0
"""What a scenario says of the page on data quality; what is found is in :mod:`.data_quality`."""

from __future__ import annotations

from pydantic import Field

from greenrisk.core.spec import Spec


class DataQualitySpec(Spec):
    """Bounds of the page on data quality; they move no figure of the study."""

    smallest_ha: float = Field(default=0.1, gt=0)
    """A stand below is too small for a stand (小班) [ha]."""

    largest_ha: float = Field(default=100.0, gt=0)
    """A stand above is too large for one: are mu taken for hectares? [ha]"""

    smallest_insured_share: float = Field(default=0.01, gt=0, le=1)
    """A smaller insured share looks like percent taken twice [unitless]."""

    cells_km: tuple[float, ...] = Field(default=(5.0, 10.0), min_length=1)
    """Edges of the cells by which the book is added up [km]."""

    neighbours: int = Field(default=5, ge=1, le=100)
    """How many stands of a county stand for the bulk of it near a place."""

    reach_km: float = Field(default=5.0, gt=0)
    """A stand with so many of its own county within this distance is never called misplaced [km]."""

    ratio: float = Field(default=3.0, gt=1)
    """How many times nearer another county must lie than the stand's own [unitless]."""

    centres: str | None = None
    """Table of county centres (see `greenrisk show table county-centres`), which replaces the test by neighbours."""
