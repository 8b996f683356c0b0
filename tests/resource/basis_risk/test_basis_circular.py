# SPDX-License-Identifier: Apache-2.0
"""A loss made from its index is refused, however it was made; an honest one is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from greenrisk.core.library import find
from greenrisk.resource.basis_risk.circular import circular_faults
from greenrisk.resource.index_cover.series import Origin

HERE = Origin("aa", "damaged_ha", frozenset(range(2, 15)))
ELSEWHERE = Origin("aa", "damaged_ha", frozenset(range(20, 60)))
RNG = np.random.default_rng(6)
INDEX = RNG.normal(0.0, 1.0, 90)


def refused(loss: np.ndarray, **drivers: np.ndarray) -> list[str]:
    faults = circular_faults("my.yaml:9:3", HERE, {"index": ELSEWHERE}, loss, drivers)
    assert all(fault.where == "my.yaml:9:3" for fault in faults)
    assert all("Give losses that were recorded by others" in fault.expected for fault in faults)
    return [fault.what for fault in faults]


def test_rows_that_both_read_are_named() -> None:
    other = Origin("aa", "damaged_ha", frozenset({5, 6, 90}))
    (fault,) = circular_faults("w", HERE, {"rain": ELSEWHERE, "fires": other}, INDEX, {"x": INDEX})
    assert fault.what == "2 of 13 values, rows 5, 6 of column `damaged_ha`"
    assert fault.expected.startswith(
        "The series `fires` of an index reads them too. A loss that is made from its index"
    )


def test_many_rows_are_counted() -> None:
    (fault,) = circular_faults("w", HERE, {"fires": HERE}, INDEX, {})
    assert fault.what.endswith("rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 3 more of column `damaged_ha`")


@pytest.mark.parametrize("other", [Origin("bb", "damaged_ha", HERE.rows), Origin("aa", "fires", HERE.rows)])
def test_another_file_or_column_is_not_the_same_cell(other: Origin) -> None:
    assert not circular_faults("w", HERE, {"fires": other}, RNG.random(90), {"x": INDEX})


def test_an_index_in_other_units_and_any_curve_of_it_is_found() -> None:
    for loss in (INDEX * 9 / 5 + 32, np.exp(-INDEX), INDEX**3):
        (told,) = refused(loss, stage=INDEX)
        assert told.startswith("rank correlation of the loss and stage is")
        assert told.endswith("1.0000 in 90 years")


def test_a_payment_taken_for_a_loss_is_found_though_most_years_are_zero() -> None:
    paid = np.maximum(-1.0 - INDEX, 0.0)
    assert 5 <= (paid > 0).sum() <= 20
    # far from a rank correlation of 0.999: most years are 0
    assert refused(paid * 1e6, stage=INDEX) == [
        "the loss follows the order of stage without exception in 90 years"
    ]


def test_a_multiple_of_the_payment_is_found_even_where_three_years_were_paid() -> None:
    paid = np.zeros(13)
    paid[[2, 5, 9]] = (3.0, 1.0, 2.0)
    stage = RNG.normal(0, 1, 13)
    (told,) = refused(paid * 1.3 + 7.0, stage=stage, payment=paid)
    assert told in (
        "rank correlation of the loss and payment is 1.0000 in 13 years",
        "the loss is a multiple of payment in all 13 years",
    )


def test_a_sum_of_multiples_of_two_indices_is_found() -> None:
    rain = RNG.gamma(2.0, 1.0, 90)
    assert refused(3 * INDEX - 2 * rain + 1, stage=INDEX, rain=rain) == [
        "the loss is a sum of multiples of stage, rain in all 90 years"
    ]


def test_unknown_years_do_not_hide_it() -> None:
    loss = INDEX.copy()
    loss[::3] = np.nan
    (told,) = refused(loss, stage=INDEX)
    assert told.endswith("in 60 years")


def test_losses_that_were_recorded_by_others_pass() -> None:
    path = find("data", "fires_jiangxi_neighbours_2009_2021")
    assert path is not None
    area = pd.read_csv(path).pivot(index="year", columns="province", values="damaged_forest_ha")
    neighbours = {name: area[name].to_numpy() for name in area.columns if name != "Jiangxi"}
    assert refused(area["Jiangxi"].to_numpy(), **neighbours) == []
    assert refused(area["Jiangxi"].to_numpy(), all=sum(neighbours.values())) == []


def test_a_strong_link_with_one_exception_passes_and_so_do_few_years_in_order() -> None:
    # 13 years, one pair of neighbours exchanged: 1 - 12 / (13 * 168) = 0.9945
    loss = np.arange(13.0)
    loss[[4, 5]] = loss[[5, 4]]
    assert refused(loss, stage=np.arange(13.0)) == []
    # 3 years with a loss, in order by luck in 2 of 13 * 12 * 11 orders
    few = np.zeros(13)
    few[[10, 11, 12]] = (1.0, 2.0, 5.0)
    assert refused(few, stage=np.arange(13.0)) == []
    # equal values of the index with unequal losses: no function
    steps = np.repeat(np.arange(9.0), 10)
    assert refused(steps + np.tile([0.0, 0.5], 45), stage=steps) == []


def test_fewer_than_five_years_tell_nothing() -> None:
    assert refused(np.arange(4.0), stage=np.arange(4.0)) == []
    assert len(refused(np.arange(5.0), stage=np.arange(5.0))) == 1
