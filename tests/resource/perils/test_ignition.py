# SPDX-License-Identifier: Apache-2.0
"""Where fires start."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from greenrisk.resource.book import Book, book_from_frame
from greenrisk.resource.landscape import Landscape, build_landscape
from greenrisk.resource.perils.ignition import Ignition, ignition

VALUES = {"hazard_conifer": 3.0, "hazard_broadleaf": 9.0, "hazard_mixed": 9.0, "hazard_bamboo": 1.0}


@pytest.fixture(scope="module")
def book() -> Book:
    frame = pd.DataFrame(
        {
            "stand_id": ["a", "b", "c"],
            "owner": "o",
            "county": "A",
            "township": "t",
            "forest_type": "commercial",
            "species_group": ["conifer", "bamboo", "bamboo"],
            "age": 20.0,
            "area_ha": [10.0, 20.0, 10.0],
            "sum_insured_cny_per_mu": 800.0,
            "insured_share": 1.0,
            "lon": [0.0, 0.01, 0.02],
            "lat": [0.0, 0.01, 0.0],
        }
    )
    return book_from_frame(frame)


@pytest.fixture(scope="module")
def landscape(book: Book) -> Landscape:
    return build_landscape(book, {"A": 53.0})  # one patch of 13 ha


def law_of(found: Ignition) -> NDArray[np.float64]:
    """Chance of each node: to be drawn by area and kept, or to be drawn again by those that were not kept."""
    by_area, again = (np.diff(cumulative, prepend=0.0) for cumulative in (found.by_area, found.again))
    return by_area * found.keep + (1.0 - by_area @ found.keep) * again


def test_chance_follows_area_times_hazard_and_a_patch_has_the_mean_of_its_county(
    landscape: Landscape, book: Book
):
    # Stands 10 * 3, 20 * 1, 10 * 1; a hectare of the county's stands has 60 / 40 = 1.5, so the patch 13 * 1.5.
    weights = np.array([30.0, 20.0, 10.0, 19.5])
    assert_allclose(law_of(ignition(landscape, book, VALUES)), weights / weights.sum(), rtol=1e-12)


def test_drawn_fires_follow_that_law(landscape: Landscape, book: Book):
    rng = np.random.default_rng(5)
    n = 200_000
    nodes = ignition(landscape, book, VALUES).nodes(rng.random(n), rng.random(n), rng.random(n))
    share = np.array([30.0, 20.0, 10.0, 19.5]) / 79.5
    seen = np.bincount(nodes, minlength=4) / n
    assert (np.abs(seen - share) < 4 * np.sqrt(share * (1 - share) / n)).all()


def test_only_the_ratios_of_the_hazards_count(landscape: Landscape, book: Book):
    doubled = {name: 2 * value for name, value in VALUES.items()}
    one, other = ignition(landscape, book, VALUES), ignition(landscape, book, doubled)
    assert np.array_equal(one.by_area, other.by_area)
    assert_allclose(one.keep, other.keep, rtol=1e-14)
    assert_allclose(one.again, other.again, rtol=1e-14)


def test_equal_hazards_leave_every_fire_where_the_area_says(landscape: Landscape, book: Book):
    equal = dict.fromkeys(VALUES, 2.5)
    rng = np.random.default_rng(6)
    place = rng.random(10_000)
    found = ignition(landscape, book, equal)
    nodes = found.nodes(place, rng.random(10_000), rng.random(10_000))
    assert nodes.tolist() == np.searchsorted(np.cumsum([10, 20, 10, 13]) / 53, place, side="right").tolist()


def test_a_slightly_other_hazard_moves_few_fires(landscape: Landscape, book: Book):
    rng = np.random.default_rng(7)
    uniforms = [rng.random(100_000) for _ in range(3)]
    base = ignition(landscape, book, VALUES)
    near = ignition(landscape, book, {**VALUES, "hazard_conifer": 3.03})
    moved = (base.nodes(*uniforms) != near.nodes(*uniforms)).mean()
    # The two laws differ by |q - q'| / 2 = 0.19 % of the fires at least; a plain inversion would move whole
    # runs of nodes.
    apart = np.abs(law_of(base) - law_of(near)).sum() / 2
    assert apart < moved < 3 * apart


@pytest.mark.parametrize("uniform", [0.0, np.nextafter(1.0, 0.0)])
def test_extreme_uniforms_give_a_node_of_the_landscape(landscape: Landscape, book: Book, uniform: float):
    u = np.array([uniform])
    assert ignition(landscape, book, VALUES).nodes(u, u, u)[0] in range(4)
