# SPDX-License-Identifier: Apache-2.0
"""Cells of stands, the lottery of stands, and the numbers of a peril's card."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from shipped_exposure import exposure_of, shipped_exposure

from greenrisk.core.errors import ArgumentError
from greenrisk.resource.perils.card_numbers import card_numbers
from greenrisk.resource.perils.stand_cells import CELL_KM, from_logit, lottery, ranks, stand_cells, wider


def test_every_stand_is_in_one_cell_and_inside_its_circle():
    exposure = shipped_exposure()
    stands = len(exposure.book)
    cells = stand_cells(exposure.landscape, stands)
    assert sorted(cells.stand.tolist()) == list(range(stands))
    cell = np.repeat(np.arange(cells.cell_x_km.size), np.diff(cells.first))
    away = np.hypot(cells.x_km - cells.cell_x_km[cell], cells.y_km - cells.cell_y_km[cell])
    assert (away <= cells.cell_radius_km[cell] + 1e-12).all()
    assert cells.cell_radius_km.max() <= CELL_KM * np.sqrt(2) / 2 + 1e-9
    assert (cells.cell_west_km[cell] <= cells.x_km).all()
    assert (cells.x_km <= cells.cell_west_km[cell] + CELL_KM).all()
    assert (np.diff(cells.cell_west_km) >= 0).all()


def test_cells_keep_the_distances_of_the_map_and_their_middle_is_the_origin():
    exposure = shipped_exposure()
    cells = stand_cells(exposure.landscape, len(exposure.book))
    shift_x = exposure.landscape.x_km[cells.stand] - cells.x_km
    shift_y = exposure.landscape.y_km[cells.stand] - cells.y_km
    assert np.ptp(shift_x) < 1e-9
    assert np.ptp(shift_y) < 1e-9
    assert -cells.x_km.min() == pytest.approx(cells.half_width_km)
    assert -cells.y_km.min() == pytest.approx(cells.half_height_km)
    assert np.hypot(cells.x_km, cells.y_km).max() == cells.radius_km


def test_a_single_stand_is_a_cell_of_no_size():
    exposure = shipped_exposure()
    cells = stand_cells(exposure.landscape, 1)
    assert (cells.first.tolist(), cells.radius_km, cells.cell_radius_km.tolist()) == ([0, 1], 0.0, [0.0])


def test_the_lottery_is_uniform_and_two_lotteries_are_unrelated():
    book = shipped_exposure().book
    one, two = lottery(book, "one"), lottery(book, "two")
    assert stats.kstest(one, "uniform").pvalue > 1e-3
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / np.sqrt(len(book))
    assert one.min() > 0.0
    assert one.max() < 1.0


def test_the_ticket_of_a_stand_does_not_depend_on_the_rest_of_the_book():
    book = shipped_exposure(300).book
    keep = slice(1, None, 2)
    names = [name for name, value in vars(book).items() if isinstance(value, np.ndarray)]
    half = replace(book, **{name: getattr(book, name)[keep] for name in names})
    assert exposure_of(half).book is half
    assert lottery(half, "one").tolist() == lottery(book, "one")[keep].tolist()


def test_ranks_count_the_events_of_a_year():
    year, rank = ranks(np.array([0, 2, 0, 3]))
    assert year.tolist() == [1, 1, 3, 3, 3]
    assert rank.tolist() == [0, 1, 0, 1, 2]


def test_wider_keeps_what_is_there():
    assert wider(np.array([1, 2, 3]))[:3].tolist() == [1, 2, 3]
    assert wider(np.array([1.5])).shape == (2,)


def test_the_logit_logistic_law_has_its_median_and_its_quantiles():
    # logit(degree) = m + s ln(u / (1 - u)): with m = ln 3 the median is 3 / 4; u = 0.9, s = 0.5 gives odds 3 * 3.
    assert from_logit(np.log(3), 0.5, 0.7) == pytest.approx(0.75, rel=1e-12)
    assert from_logit(np.log(3), 0.9, 0.5) == pytest.approx(0.9, rel=1e-12)
    assert from_logit(np.log(3), 0.0, 0.5) == 0.0


def test_card_numbers_names_all_that_is_wrong():
    domains = {"a": (0.0, 1.0), "b": (0.0, np.inf), "c": (-np.inf, np.inf), "d": (0.0, 1.0), "e": (0.0, 1.0)}
    with pytest.raises(ArgumentError) as error:
        card_numbers("storm.peril", {"a": 2.0, "b": -1.0, "c": np.nan, "d": "gamma"}, domains)
    assert str(error.value) == (
        "storm.peril  a = 2.0\n  It must be a number from 0 to 1.\n"
        "storm.peril  b = -1.0\n  It must be a finite number >= 0.\n"
        "storm.peril  c = nan\n  It must be a finite number.\n"
        "storm.peril  d = gamma\n  It must be a number from 0 to 1.\n"
        "storm.peril  no e\n  A card for storm.peril needs `e`.\n"
        "5 faults."
    )


def test_card_numbers_leaves_other_names_alone():
    assert card_numbers("storm.peril", {"a": 1, "other": "x"}, {"a": (0.0, 1.0)}) == {"a": 1.0}
