# SPDX-License-Identifier: Apache-2.0
"""The year that is known beside the model's law of it: the other perils simulated, fire at that year's own value."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.resource.exposure import Exposure
from greenrisk.resource.nonfire import experience_check
from greenrisk.resource.perils.wildfire import Wildfire
from greenrisk.resource.roles import Inputs, Reference
from greenrisk.resource.year_table import YearTable


def known_year_check(
    facts: Inputs, reference: Reference, exposure: Exposure, wildfire: Wildfire, table: YearTable
) -> xr.Dataset | None:
    """Return the group ``/checks/known_year``; None where the scenario names no such year.

    Notes
    -----
    Fire is not simulated here: its statistics of that year are known. The book bears the province's burnt forest in the
    proportion of insured to all forest, paid as the mean simulated burnt mu is.
    """
    known, spec = reference.known_year, facts.spec.reference
    if known is None or spec is None:
        return None
    area = exposure.book.insured_area_mu.sum()
    panel = reference.panel
    year = np.flatnonzero(panel.years == known.year)
    burnt = 0.0
    if year.size:
        burnt_ha = float(panel.area[year[0], panel.provinces.index(reference.province)])
        forest = float(facts.cards["occurrence"].values()["province_forest_area"])
        burnt = burnt_ha / forest * float(area)
    insured = float(table.damaged_insured[:, 0].mean())

    def of_fire(amount: np.ndarray) -> float:
        """What goes with a burnt insured mu, times the mu burnt in that year."""
        return float(amount[:, 0].mean()) / insured * burnt if insured > 0 else 0.0

    years = {
        name: values[:, 1:].sum(axis=1) + of_fire(values)
        for name, values in (
            ("payments", table.peril),
            ("paid_area", table.paid_area),
            ("claims", table.claims),
        )
    }
    check = experience_check(
        years["payments"],
        years["paid_area"],
        years["claims"],
        insured_area=float(area),
        known=known,
        loss_ratio=spec.loss_ratio,
    )
    check.attrs["year"] = known.year
    check.attrs["fire"] = (
        f"Fire at its value of {known.year}: {burnt:,.1f} burnt insured mu, {of_fire(table.peril):,.0f} CNY paid."
        if year.size
        else f"The statistics of fires do not hold {known.year}: fire is left out."
    )
    return check
