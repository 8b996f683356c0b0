# SPDX-License-Identifier: Apache-2.0
"""Laying fires out in the landscape: the kernel against a slow plain twin, and what it must conserve."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from scipy.spatial.distance import squareform

from greenrisk.core.errors import ArgumentError
from greenrisk.resource.book import Book, book_from_frame
from greenrisk.resource.landscape import Landscape, build_landscape
from greenrisk.resource.perils.spread import Hits, spread

DATA = Path(__file__).parents[3] / "data"
KM = 1 / 111.195  # a km on the equator [degree]


def slow_spread(
    ignition: list[int], size_ha: list[float], year: list[int], landscape: Landscape
) -> tuple[list[tuple[int, int, float]], list[float]]:
    """The rule as one would say it: no heap, no stamps, a look at the whole frontier for each node."""
    hits, unburnt = [], []
    left = dict(enumerate(landscape.area_ha.tolist()))
    for event, (origin, want) in enumerate(zip(ignition, size_ha, strict=True)):
        if event == 0 or year[event] != year[event - 1]:
            left = dict(enumerate(landscape.area_ha.tolist()))
        reached, frontier = {origin}, {origin}
        while want > 0 and frontier:

            def key(node: int, origin: int = origin) -> tuple[float, int]:
                east = landscape.x_km[node] - landscape.x_km[origin]
                north = landscape.y_km[node] - landscape.y_km[origin]
                radius = math.sqrt(landscape.area_ha[node] / (100.0 * math.pi))
                return math.sqrt(east * east + north * north) + radius, node

            here = min(frontier, key=key)
            frontier.remove(here)
            burnt = min(want, left[here])
            if burnt > 0:
                hits.append((event, here, burnt))
                left[here] -= burnt
                want -= burnt
            around = landscape.neighbours[landscape.offsets[here] : landscape.offsets[here + 1]].tolist()
            frontier |= set(around) - reached
            reached |= set(around)
        unburnt.append(want)
    return hits, unburnt


def frame_at(east_km: NDArray[np.float64], north_km: NDArray[np.float64], area_ha: float) -> pd.DataFrame:
    n = len(east_km)
    return pd.DataFrame(
        {
            "stand_id": [f"s{i:05d}" for i in range(n)],
            "owner": "o",
            "county": "A",
            "township": "t",
            "forest_type": "commercial",
            "species_group": "conifer",
            "age": 20.0,
            "area_ha": area_ha,
            "sum_insured_cny_per_mu": 800.0,
            "insured_share": 1.0,
            "lon": east_km * KM,
            "lat": north_km * KM,
        }
    )


def row_of_stands(areas: list[float]) -> Landscape:
    """Stands on a line, 1 km apart, each bordering the next: numbers to check by eye."""
    n = len(areas)
    pairs = [[j for j in (i - 1, i + 1) if 0 <= j < n] for i in range(n)]
    return Landscape(
        x_km=np.arange(n, dtype=float),
        y_km=np.zeros(n),
        area_ha=np.array(areas),
        county=np.zeros(n, dtype=np.int64),
        counties=("A",),
        stand=np.arange(n),
        offsets=np.cumsum([0, *map(len, pairs)]),
        neighbours=np.concatenate([*pairs, []]).astype(np.int32),
    )


def lay(landscape: Landscape, *fires: tuple[int, int, float]) -> Hits:
    """Spread fires given as (year, ignition, size)."""
    year, ignition, size = (np.array(column) for column in zip(*fires, strict=True))
    return spread(ignition, size.astype(float), year, landscape)


def rows(hits: Hits) -> list[tuple[int, int, float]]:
    return list(zip(hits.event.tolist(), hits.node.tolist(), hits.burnt_ha.tolist(), strict=True))


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pd.read_csv(DATA / "jingdezhen_stands_synthetic.csv")


@pytest.fixture(scope="module")
def forest() -> dict[str, float]:
    table = pd.read_csv(DATA / "jingdezhen_forest_by_county.csv")
    return dict(zip(table["county"], table["forest_area_ha"], strict=True))


@pytest.fixture(scope="module")
def book(frame: pd.DataFrame) -> Book:
    return book_from_frame(frame)


@pytest.fixture(scope="module")
def shipped(book: Book, forest: dict[str, float]) -> Landscape:
    return build_landscape(book, forest)


def drawn(landscape: Landscape, years: int, per_year: int) -> tuple[NDArray, NDArray, NDArray]:
    """Fires of a heavy-tailed size, ``per_year`` in each year, anywhere in the forest."""
    rng = np.random.default_rng(7)
    n = years * per_year
    node = np.searchsorted(np.cumsum(landscape.area_ha) / landscape.area_ha.sum(), rng.random(n))
    return node, np.minimum(rng.pareto(1.1, n) * 8.0, 4000.0), np.repeat(np.arange(years), per_year)


def test_fire_burns_the_nearest_first_and_the_lower_number_at_equal_distance():
    hits = lay(row_of_stands([10.0] * 5), (0, 2, 25.0))
    assert rows(hits) == [(0, 2, 10.0), (0, 1, 10.0), (0, 3, 5.0)]
    assert hits.unburnt_ha.tolist() == [0.0]


def test_small_stand_is_engulfed_before_a_large_one_at_the_same_distance():
    # Radii: 10 ha 0.18 km, 40 ha 0.36 km.
    hits = lay(row_of_stands([40.0, 5.0, 10.0]), (0, 1, 16.0))
    assert rows(hits) == [(0, 1, 5.0), (0, 2, 10.0), (0, 0, 1.0)]


def test_second_fire_of_a_year_burns_what_is_left_of_the_stand_and_passes_on():
    hits = lay(row_of_stands([10.0] * 4), (5, 0, 6.0), (5, 0, 6.0), (5, 0, 10.0))
    assert rows(hits) == [(0, 0, 6.0), (1, 0, 4.0), (1, 1, 2.0), (2, 1, 8.0), (2, 2, 2.0)]


def test_forest_is_whole_again_in_the_next_year():
    hits = lay(row_of_stands([10.0] * 2), (5, 0, 10.0), (6, 0, 10.0))
    assert rows(hits) == [(0, 0, 10.0), (1, 0, 10.0)]


def test_what_the_connected_forest_cannot_burn_is_reported():
    hits = lay(row_of_stands([10.0, 20.0]), (0, 1, 50.0), (0, 0, 3.0), (1, 0, 7.0))
    assert rows(hits) == [(0, 1, 20.0), (0, 0, 10.0), (2, 0, 7.0)]
    assert hits.unburnt_ha.tolist() == [20.0, 3.0, 0.0]


def test_fire_without_area_burns_nothing():
    hits = lay(row_of_stands([10.0]), (0, 0, 0.0))
    assert rows(hits) == []
    assert hits.unburnt_ha.tolist() == [0.0]


def test_no_fire_at_all_gives_no_hits():
    none = np.empty(0, dtype=np.int64)
    hits = spread(none, none.astype(float), none, row_of_stands([10.0]))
    assert rows(hits) == []
    assert hits.unburnt_ha.size == 0


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_fast_kernel_equals_the_slow_plain_one(data: st.DataObject):
    # Whole coordinates make many equal distances, whole areas many exactly exhausted stands.
    n = data.draw(st.integers(1, 40))
    place = st.integers(0, 6)
    east = np.array(data.draw(st.lists(place, min_size=n, max_size=n)), dtype=float)
    north = np.array(data.draw(st.lists(place, min_size=n, max_size=n)), dtype=float)
    landscape = build_landscape(book_from_frame(frame_at(east, north, 10.0)), {"A": 10.0 * n})
    fire = st.tuples(
        st.integers(0, 3), st.integers(0, n - 1), st.one_of(st.integers(0, 150), st.floats(0, 500))
    )
    fires = sorted(data.draw(st.lists(fire, min_size=1, max_size=12)), key=lambda item: item[0])
    year, ignition, size = ([*column] for column in zip(*fires, strict=True))
    hits = lay(landscape, *fires)
    slow, unburnt = slow_spread(ignition, [float(s) for s in size], year, landscape)
    assert rows(hits) == slow
    assert hits.unburnt_ha.tolist() == unburnt


def test_fast_kernel_equals_the_slow_plain_one_on_the_shipped_book(shipped: Landscape):
    ignition, size, year = drawn(shipped, years=40, per_year=3)
    size[5] = 6000.0  # far more hits than the kernel's first arrays hold
    hits = spread(ignition, size, year, shipped)
    slow, unburnt = slow_spread(ignition.tolist(), size.tolist(), year.tolist(), shipped)
    assert rows(hits) == slow
    assert hits.unburnt_ha.tolist() == unburnt


def test_area_of_each_fire_is_conserved(shipped: Landscape):
    ignition, size, year = drawn(shipped, years=5000, per_year=4)
    hits = spread(ignition, size, year, shipped)
    burnt = np.bincount(hits.event, weights=hits.burnt_ha, minlength=size.size)
    assert_allclose(burnt + hits.unburnt_ha, size, rtol=1e-12)
    assert hits.unburnt_ha.max() == 0.0
    assert hits.burnt_ha.min() > 0.0


def test_no_forest_burns_twice_in_a_year(shipped: Landscape):
    ignition, size, year = drawn(shipped, years=20, per_year=200)
    hits = spread(ignition, size, year, shipped)
    cell = year[hits.event] * len(shipped) + hits.node
    burnt = np.bincount(cell, weights=hits.burnt_ha, minlength=20 * len(shipped)).reshape(20, -1)
    assert (burnt <= shipped.area_ha * (1 + 1e-12)).all()
    assert np.bincount(cell).max() > 1  # several fires on one stand in a year do happen here


def test_every_burnt_stand_is_joined_to_the_ignition_by_burnt_stands(shipped: Landscape):
    ignition, size, year = drawn(shipped, years=3000, per_year=1)
    hits = spread(ignition, size, year, shipped)
    for event in np.flatnonzero(np.bincount(hits.event) > 1):
        burnt = set(hits.node[hits.event == event].tolist())
        joined, edge = {int(ignition[event])}, [int(ignition[event])]
        while edge:
            node = edge.pop()
            around = shipped.neighbours[shipped.offsets[node] : shipped.offsets[node + 1]].tolist()
            fresh = (set(around) & burnt) - joined
            joined |= fresh
            edge += fresh
        assert joined == burnt


def test_any_part_of_the_years_gives_the_same_hits_for_these_years(shipped: Landscape):
    ignition, size, year = drawn(shipped, years=200, per_year=30)
    whole = spread(ignition, size, year, shipped)
    part = np.isin(year, [3, 17, 18, 199])
    few = spread(ignition[part], size[part], year[part], shipped)
    chosen = part[whole.event]
    assert np.flatnonzero(part)[few.event].tolist() == whole.event[chosen].tolist()
    assert few.node.tolist() == whole.node[chosen].tolist()
    assert few.burnt_ha.tolist() == whole.burnt_ha[chosen].tolist()


def test_order_of_the_book_is_irrelevant_to_what_each_stand_loses(
    frame: pd.DataFrame, forest: dict[str, float]
):
    def lost(rows_in: pd.DataFrame) -> dict[str, float]:
        book = book_from_frame(rows_in)
        landscape = build_landscape(book, forest)
        hits = spread(*drawn(landscape, years=500, per_year=5), landscape)
        stand = landscape.stand[hits.node]
        total = np.bincount(stand[stand >= 0], weights=hits.burnt_ha[stand >= 0], minlength=len(book))
        return dict(zip(book.ids.tolist(), total.tolist(), strict=True))

    assert lost(frame) == lost(frame.sample(frac=1.0, random_state=11))


def test_correlation_of_two_stands_falls_with_their_distance():
    # 400 stands of 10 ha on a grid of 1 km, one fire of 200 ha (a disc of radius 2.5 km) a year.
    east, north = (axis.ravel().astype(float) for axis in np.meshgrid(np.arange(20), np.arange(20)))
    landscape = build_landscape(book_from_frame(frame_at(east, north, 10.0)), {"A": 4000.0})
    years = 20_000
    ignition = np.random.default_rng(1).integers(0, 400, years)
    hits = spread(ignition, np.full(years, 200.0), np.arange(years), landscape)
    burnt = np.zeros((years, 400))
    burnt[hits.event, hits.node] = hits.burnt_ha
    inner = (np.abs(landscape.x_km) < 6) & (np.abs(landscape.y_km) < 6)
    correlation = np.corrcoef(burnt[:, inner].T)
    apart = np.hypot(
        *(np.subtract.outer(axis[inner], axis[inner]) for axis in (landscape.x_km, landscape.y_km))
    )
    flat_apart, flat = squareform(apart, checks=False), squareform(correlation, checks=False)
    bands = [(0.5, 1.2), (1.2, 2.2), (2.2, 3.2), (3.2, 4.2), (4.2, 5.2)]
    mean = [flat[(flat_apart > low) & (flat_apart <= high)].mean() for low, high in bands]
    assert (np.diff(mean) < -0.05).all()
    assert mean[0] > 0.6
    # Two stands farther apart than a fire is wide never burn in one year here: with p the yearly chance,
    # the correlation is -p / (1 - p).
    p = 20 / 400
    beyond = flat[flat_apart > 7.0]
    assert abs(beyond.mean() + p / (1 - p)) < 4 / np.sqrt(years)


def test_half_a_book_burns_half_as_much_and_does_not_swallow_the_fires(
    frame: pd.DataFrame, forest: dict[str, float]
):
    burnt_insured, burnt_all, fair = [], [], []
    for rows_in in (frame, frame.iloc[::2]):
        book = book_from_frame(rows_in)
        landscape = build_landscape(book, forest)
        hits = spread(*drawn(landscape, years=100_000, per_year=2), landscape)
        inside = landscape.stand[hits.node] >= 0
        burnt_insured.append(hits.burnt_ha[inside].sum())
        burnt_all.append(hits.burnt_ha.sum())
        fair.append(book.area_ha.sum() / landscape.area_ha.sum())
    assert_allclose(burnt_all[0], burnt_all[1], rtol=1e-9)
    assert 0.45 < burnt_insured[1] / burnt_insured[0] < 0.55
    # The book burns about its share of the forest: fires neither seek it nor shun it.
    assert_allclose(np.divide(burnt_insured, burnt_all), fair, rtol=0.05)


def test_small_and_large_stands_burn_alike_by_hectare(shipped: Landscape, book: Book):
    # Sizes as in the province: gamma with a mean of 8 ha, one in 800 of 500 ha; the same hazard everywhere.
    rng = np.random.default_rng(4)
    size = rng.gamma(0.45, 8.0 / 0.45, 400_000)
    size[::800] = 500.0
    node = np.searchsorted(
        np.cumsum(shipped.area_ha) / shipped.area_ha.sum(), rng.random(size.size), side="right"
    )
    hits = spread(node, size, np.arange(size.size), shipped)
    burnt = np.bincount(hits.node, weights=hits.burnt_ha, minlength=len(shipped))[: len(book)]
    group = np.digitize(book.area_ha, np.quantile(book.area_ha, [0.2, 0.4, 0.6, 0.8]))
    by_hectare = np.bincount(group, weights=burnt) / np.bincount(group, weights=book.area_ha)
    assert_allclose(by_hectare / (size.sum() / shipped.area_ha.sum()), 1.0, atol=0.1)


@pytest.mark.parametrize(
    ("ignition", "size", "year", "told"),
    [
        ([0, 0], [1.0], [0, 0], "One entry for each fire"),
        ([0, 0], [1.0, 1.0], [1, 0], "Sort the fires by year"),
        ([2], [1.0], [0], "outside 0 to 1"),
        ([-1], [1.0], [0], "outside 0 to 1"),
        ([0], [-1.0], [0], "must be >= 0"),
        ([0], [np.nan], [0], "must be >= 0"),
        ([0], [np.inf], [0], "must be >= 0"),
    ],
)
def test_what_the_kernel_cannot_handle_is_refused(
    ignition: list[int], size: list[float], year: list[int], told: str
):
    with pytest.raises(ArgumentError, match=told):
        spread(np.array(ignition), np.array(size), np.array(year), row_of_stands([10.0, 10.0]))
