# SPDX-License-Identifier: Apache-2.0
"""What the zone page says of limits by plant, of grades that cannot differ, and of measures that lose money."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from greenrisk.pollution.mandate.plant_limits import plant_limits
from greenrisk.pollution.mandate.spain_rule import Catalogue, guarantee
from greenrisk.report.pages.zone_check_section import _ratio_note
from greenrisk.report.pages.zone_limit_section import _by_grade
from greenrisk.report.pages.zone_plant_limits import plants_note, plants_table
from greenrisk.report.pages.zone_prevention_section import _prevention_sentence

COST = np.array([[1e6, 1e7, 1e8]] * 3)


def limits(rate: list[list[float]]) -> xr.Dataset:
    catalogue = Catalogue(np.array(rate), COST)
    spain = guarantee(COST, catalogue.probability, share=0.95, prevention_share=0.1)
    return plant_limits(catalogue, spain, [5e6, 0.0, 2e6], [2e6] * 3, list("ABC"), level=0.95, period=250.0)


def test_a_plant_that_is_rarer_than_the_period_has_words_in_place_of_a_limit() -> None:
    found = limits([[0.08, 0.015, 0.005], [0.0008, 0.00015, 0.00005], [0.0, 0.0, 0.0]])
    rows = {row[0].text: row for row in plants_table(found).rows}
    column = [c.label for c in plants_table(found).columns].index("Probable maximum loss")
    # Once in 250 years A has an accident of more than ten million: 0.005 > 0.004.
    assert rows["A"][column].text == "100"
    assert rows["B"][column].text == rows["C"][column].text == "rarer than 1 in 250 years"
    assert all("Highest" not in c.label for c in plants_table(found).columns)


def test_limits_that_cannot_differ_are_said_to() -> None:
    alike = limits([[0.08, 0.015, 0.005], [0.0008, 0.00015, 0.00005], [0.008, 0.0015, 0.0005]])
    assert "All plants share one law of a loss" in plants_note(alike)
    apart = limits([[0.08, 0.015, 0.005], [0.08, 0.0, 0.0], [0.08, 0.01, 0.0]])
    assert "share one law" not in plants_note(apart)
    assert "the luck of the simulation, no finding" in _by_grade(xr.Dataset(attrs={"one_law": 1}))
    assert _by_grade(xr.Dataset(attrs={"one_law": 0})) == ""


def measures(*per: float) -> xr.Dataset:
    names = ["basins", "detectors"][: len(per)]
    return xr.Dataset({"loss_saved_per_yuan": ("measure", list(per))}, coords={"measure": names})


@pytest.mark.parametrize(
    ("per", "end"),
    [
        ((0.4, 0.01), "on the heads of loss counted here each loses money."),
        ((1.5, 0.2), "detectors cost more than they save: that loses money."),
        ((1.5, 2.0), "whoever bears it."),
    ],
)
def test_a_measure_that_saves_less_than_it_costs_is_said_to_lose_money(
    per: tuple[float, ...], end: str
) -> None:
    assert _prevention_sentence(measures(*per)).endswith(end)


def test_a_ratio_too_near_to_its_bound_is_said_to_be() -> None:
    def note(*words: str) -> str:
        outside = [word == "outside" for word in words]
        return _ratio_note(
            xr.Dataset({"verdict": ("rate_on_line", list(words)), "outside": ("rate_on_line", outside)})
        )

    assert "Cannot tell" in note("within", "cannot tell")
    assert "possible" not in note("within", "cannot tell")
    assert "A ratio outside the bounds is a warning" in note("within", "outside")
    assert note("within", "within").endswith("the order of size is possible.")
