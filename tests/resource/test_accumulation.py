# SPDX-License-Identifier: Apache-2.0
"""A book added up by cells and counties, against sums made by hand."""

import math

import numpy as np
import pytest

from greenrisk.core.errors import ArgumentError
from greenrisk.resource.accumulation import accumulation_county, accumulation_grid, within
from greenrisk.resource.study import ForestJob


def test_every_grid_holds_the_whole_book(job: ForestJob) -> None:
    book, landscape = job.exposure.book, job.exposure.landscape
    grid = accumulation_grid(book, landscape, (5.0, 10.0))
    for edge in (5.0, 10.0):
        cells = grid.isel(cell=np.flatnonzero(grid["cell_km"].values == edge))
        assert float(cells["sum_insured"].sum()) == pytest.approx(float(book.sum_insured.sum()), rel=1e-12)
        assert float(cells["insured_area"].sum()) == pytest.approx(
            float(book.insured_area_mu.sum()), rel=1e-12
        )
        assert float(cells["stands"].sum()) == len(book)
        assert (np.diff(cells["sum_insured"].values) <= 0).all()


def test_the_fullest_cell_is_what_lies_between_its_lines(job: ForestJob) -> None:
    book, landscape = job.exposure.book, job.exposure.landscape
    top = accumulation_grid(book, landscape, (10.0,)).isel(cell=0)
    x, y = landscape.x_km[: len(book)], landscape.y_km[: len(book)]
    here = (np.abs(x - float(top["x"])) < 5.0) & (np.abs(y - float(top["y"])) < 5.0)
    assert int(top["stands"]) == int(here.sum())
    assert float(top["sum_insured"]) == pytest.approx(float(book.sum_insured[here].sum()), rel=1e-12)
    held = {
        name: float(book.sum_insured[here & (book.owner == name)].sum())
        for name in np.unique(book.owner[here])
    }
    assert str(top["largest_owner"].item()) == max(held, key=lambda name: held[name])
    assert float(top["largest_owner_share"]) == pytest.approx(
        max(held.values()) / sum(held.values()), rel=1e-12
    )
    assert math.hypot(
        (float(top["longitude"]) - float(book.lon[here].mean())) * 97,
        (float(top["latitude"]) - float(book.lat[here].mean())) * 111,
    ) < math.hypot(5.0, 5.0)


def test_counties_hold_their_stands_and_a_share_of_their_forest(job: ForestJob) -> None:
    book, landscape = job.exposure.book, job.exposure.landscape
    table = accumulation_county(book, landscape)
    leping = book.county == book.counties.index("Leping")
    row = table.sel(county="Leping")
    assert float(row["sum_insured"]) == pytest.approx(float(book.sum_insured[leping].sum()), rel=1e-12)
    assert float(row["forest_share"]) == pytest.approx(float(book.area_ha[leping].sum()) / 98000, rel=1e-9)
    assert float(table["share"].sum()) == pytest.approx(1.0, rel=1e-12)


def test_within_a_radius_counts_the_place_itself_and_its_edge() -> None:
    x, y = np.array([0.0, 1.0, 3.0]), np.zeros(3)
    assert within(x, y, np.array([1.0, 10.0, 100.0]), 2.0).tolist() == [11.0, 111.0, 110.0]
    assert within(x, y, np.array([1.0, 10.0, 100.0]), 0.0).tolist() == [1.0, 10.0, 100.0]


def test_a_cell_without_breadth_is_refused(job: ForestJob) -> None:
    with pytest.raises(ArgumentError, match=r"cells_km = 0\.0"):
        accumulation_grid(job.exposure.book, job.exposure.landscape, (5.0, 0.0))
