# SPDX-License-Identifier: Apache-2.0
"""Laying out the forest around a book."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from greenrisk.core.errors import ArgumentError
from greenrisk.resource.book import Book, book_from_frame
from greenrisk.resource.landscape import MAX_GAP_KM, MAX_PATCHES, Landscape, build_landscape, landscape_faults

DATA = Path(__file__).parents[2] / "data"
KM = 1 / 111.195  # a km north [degree]


def book_at(east_km: list[float], north_km: list[float], area_ha: float = 10.0, county: str = "A") -> Book:
    """Stands on the equator, where a degree of longitude is as long as one of latitude."""
    n = len(east_km)
    frame = pd.DataFrame(
        {
            "stand_id": [f"s{i:04d}" for i in range(n)],
            "owner": "o",
            "county": county,
            "township": "t",
            "forest_type": "commercial",
            "species_group": "conifer",
            "age": 20.0,
            "area_ha": area_ha,
            "sum_insured_cny_per_mu": 800.0,
            "insured_share": 1.0,
            "lon": np.array(east_km) * KM,
            "lat": np.array(north_km) * KM,
        }
    )
    return book_from_frame(frame)


def components(landscape: Landscape) -> int:
    ones = np.ones(landscape.neighbours.size)
    graph = csr_matrix((ones, landscape.neighbours, landscape.offsets), shape=(len(landscape),) * 2)
    return int(connected_components(graph, directed=False)[0])


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pd.read_csv(DATA / "jingdezhen_stands_synthetic.csv")


@pytest.fixture(scope="module")
def forest() -> dict[str, float]:
    table = pd.read_csv(DATA / "jingdezhen_forest_by_county.csv")
    return dict(zip(table["county"], table["forest_area_ha"], strict=True))


@pytest.fixture(scope="module")
def shipped(frame: pd.DataFrame, forest: dict[str, float]) -> Landscape:
    return build_landscape(book_from_frame(frame), forest)


def test_area_of_the_landscape_is_the_forest_of_each_county(shipped: Landscape, forest: dict[str, float]):
    area = np.bincount(shipped.county, weights=shipped.area_ha)
    assert_allclose(area, [forest[name] for name in shipped.counties], rtol=1e-9)


def test_stands_come_first_with_their_own_area(shipped: Landscape, frame: pd.DataFrame):
    book = book_from_frame(frame)
    assert shipped.stand[: len(book)].tolist() == list(range(len(book)))
    assert (shipped.stand[len(book) :] == -1).all()
    assert shipped.area_ha[: len(book)].tolist() == book.area_ha.tolist()
    assert shipped.county[: len(book)].tolist() == book.county.tolist()


def test_patches_are_as_large_as_the_county_s_stands(shipped: Landscape, frame: pd.DataFrame):
    for code, name in enumerate(shipped.counties):
        stands = frame.loc[frame["county"] == name, "area_ha"]
        patches = shipped.area_ha[(shipped.county == code) & (shipped.stand < 0)]
        # The count is rounded to a whole number, so the mean is off by at most half a patch over all of them.
        assert_allclose(patches.mean(), stands.mean(), rtol=0.6 / patches.size)
        assert_allclose(np.quantile(patches, 0.5), stands.quantile(0.5), rtol=0.25)


def test_neighbours_are_mutual_ascending_and_never_the_node_itself(shipped: Landscape):
    own = np.repeat(np.arange(len(shipped)), np.diff(shipped.offsets))
    there = set(zip(own.tolist(), shipped.neighbours.tolist(), strict=True))
    assert there == {(j, i) for i, j in there}
    assert (own != shipped.neighbours).all()
    assert (np.diff(own * len(shipped) + shipped.neighbours) > 0).all()


def test_no_neighbour_is_beyond_the_largest_gap_and_the_shipped_forest_is_one_piece(shipped: Landscape):
    own = np.repeat(np.arange(len(shipped)), np.diff(shipped.offsets))
    east, north = (axis[own] - axis[shipped.neighbours] for axis in (shipped.x_km, shipped.y_km))
    assert np.hypot(east, north).max() <= MAX_GAP_KM
    assert components(shipped) == 1


def test_order_of_the_rows_changes_nothing(shipped: Landscape, frame: pd.DataFrame, forest: dict[str, float]):
    shuffled = frame.sample(frac=1.0, random_state=3)
    backwards = dict(reversed(forest.items()))
    other = build_landscape(book_from_frame(shuffled), backwards)
    for name, value in vars(shipped).items():
        assert np.array_equal(value, getattr(other, name)), name


def test_a_county_with_less_forest_than_its_stands_is_refused_with_the_numbers():
    book = book_at([0, 1, 2], [0, 1, 0], area_ha=100.0)
    with pytest.raises(ArgumentError) as caught:
        build_landscape(book, {"A": 200.0})
    assert str(caught.value) == (
        "county_forest  A: forest_area_ha = 200\n"
        "  The book holds 300 ha of stands there, more than the forest of the county. "
        "Are areas in mu given as ha?  [ha]\n"
        "1 fault."
    )


def test_a_county_of_the_book_without_forest_area_is_a_fault_of_the_named_file():
    faults = list(landscape_faults(book_at([0, 1], [0, 1]), {"B": 1.0}, "forest.csv"))
    assert [str(fault) for fault in faults] == [
        "forest.csv  county = A\n"
        "  The book has 2 stands in this county, but its forest area is not given. Counties there without a stand: B."
        " Add a row for it, or spell it alike in both tables.  [ha]"
    ]


def test_a_county_without_a_stand_is_left_out_and_named():
    landscape = build_landscape(book_at([0, 1, 2], [0, 1, 0]), {"Z": 500.0, "A": 100.0, "B": 50.0})
    assert landscape.left_out == ("B", "Z")
    assert_allclose(landscape.area_ha.sum(), 100.0)


def test_a_book_that_holds_all_forest_has_no_patches():
    landscape = build_landscape(book_at([0, 1, 2], [0, 1, 0]), {"A": 30.0})
    assert len(landscape) == 3
    assert landscape.offsets.tolist() == [0, 2, 4, 6]


def test_small_hull_is_enlarged_until_it_can_hold_the_forest():
    # Three stands within 1 km, but 10,000 ha = 100 km2 of forest: it cannot lie on half a km2.
    landscape = build_landscape(book_at([0, 1, 0], [0, 0, 1]), {"A": 10_000.0})
    assert np.ptp(landscape.x_km) > 10.0
    assert np.ptp(landscape.y_km) > 10.0


def test_patches_lie_in_the_hull_of_the_stands_where_that_is_large_enough():
    # A square of 20 km with 1,000 ha: every patch lies inside the square.
    book = book_at([0, 20, 0, 20], [0, 0, 20, 20])
    landscape = build_landscape(book, {"A": 1_000.0})
    for axis in (landscape.x_km, landscape.y_km):
        assert axis[4:].min() >= axis[:4].min() - 1e-9
        assert axis[4:].max() <= axis[:4].max() + 1e-9


def test_patches_are_spread_over_the_whole_hull():
    # 4,000 patches on a square: each of 16 equal cells gets 250, within four standard errors.
    book = book_at([0, 40, 0, 40], [0, 0, 40, 40])
    landscape = build_landscape(book, {"A": 40.0 + 40_000.0})
    x, y = landscape.x_km[4:], landscape.y_km[4:]
    cells, *_ = np.histogram2d(x, y, bins=4, range=[[-20, 20], [-20, 20]])
    assert np.abs(cells - 250).max() <= 4 * np.sqrt(4000 * (1 / 16) * (15 / 16))


@pytest.mark.parametrize(
    ("east", "north"),
    [
        pytest.param([0.0], [0.0], id="one stand"),
        pytest.param([0.0, 1.0], [0.0, 0.0], id="two stands"),
        pytest.param([0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0, 3.0], id="on a line"),
        pytest.param([0.0] * 4, [0.0] * 4, id="at one point"),
        pytest.param([0.0, 0.0, 1.0, 1.0, 0.5, 0.5], [0.0, 0.0, 0.0, 0.0, 1.0, 1.0], id="in pairs"),
        pytest.param([0.0, 1e-13, 1.0, 0.5, 0.5], [0.0, 0.0, 0.0, 1.0, 1.0 + 1e-13], id="nearly in pairs"),
    ],
)
@pytest.mark.parametrize("outside", [0.0, 500.0])
def test_stands_at_awkward_places_are_still_one_connected_forest(
    east: list[float], north: list[float], outside: float
):
    book = book_at(east, north)
    landscape = build_landscape(book, {"A": 10.0 * len(east) + outside})
    assert components(landscape) == 1
    assert_allclose(landscape.area_ha.sum(), 10.0 * len(east) + outside, rtol=1e-12)


def test_fire_cannot_cross_a_gap_wider_than_the_largest_gap():
    grid = [(float(i), float(j)) for i in range(4) for j in range(4)]
    east = [i for i, _ in grid] + [i + 30.0 for i, _ in grid]
    north = [j for _, j in grid] * 2
    landscape = build_landscape(book_at(east, north), {"A": 320.0})
    assert components(landscape) == 2


def test_very_large_forests_get_larger_patches_instead_of_ever_more():
    # 12 million ha in 60,000 patches: 200 ha each, beyond the usual 100 ha.
    landscape = build_landscape(book_at([0, 9, 0, 9], [0, 0, 9, 9]), {"A": 40.0 + 12e6})
    assert len(landscape) == 4 + MAX_PATCHES
    assert_allclose(landscape.area_ha[4:], 200.0)
