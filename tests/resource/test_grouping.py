# SPDX-License-Identifier: Apache-2.0
"""Groups of the premium file: every stand and peril in one of them, sums against a plain loop."""

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from greenrisk.resource.grouping import PremiumFileSpec, group_sums, grouping, row_payments
from greenrisk.resource.perils.damage import AGE_CLASSES, age_class
from greenrisk.resource.settlement import Payments
from greenrisk.resource.simulation import resolve, simulate
from greenrisk.resource.study import ForestJob

CHOICES = [
    ("county", "forest_type", "peril"),
    ("species_group", "age_class"),
    ("peril",),
    ("forest_type",),
    ("age_class", "county", "peril"),
]


@pytest.fixture(scope="module")
def payments(job: ForestJob) -> Payments:
    return simulate(job.exposure, resolve(job.exposure, job.plan.variants[0]), 3, 0)


@pytest.mark.parametrize("columns", CHOICES)
def test_every_stand_and_peril_is_in_the_group_and_row_that_its_columns_say(
    job: ForestJob, payments: Payments, columns: tuple[str, ...]
) -> None:
    book, kinds = job.exposure.book, payments.perils
    made = grouping(book, job.exposure.segment, columns, kinds)
    labels = made.row_labels()
    assert len(labels) == made.rows == len(set(made.row_names()))
    truth = {
        "county": np.array(book.counties)[book.county],
        "forest_type": book.forest_type,
        "species_group": book.species_group,
        "age_class": np.array(AGE_CLASSES)[age_class(book.species, book.age)],
    }
    for peril in range(len(kinds)):
        group = made.group_of(np.arange(len(book)), np.full(len(book), peril))
        row = made.row_of_group[group]
        for column in columns:
            told = np.array([labels[r][column] for r in row])
            assert (told == (truth[column] if column != "peril" else kinds[peril])).all()
    assert (made.segment_of_stands[made.stands] == job.exposure.segment).all()
    for column in set(truth) - set(columns):
        assert {label[column] for label in labels} == {"all"}


@pytest.mark.parametrize("columns", CHOICES)
def test_sums_of_a_block_are_those_of_a_plain_loop(
    job: ForestJob, payments: Payments, columns: tuple[str, ...]
) -> None:
    made = grouping(job.exposure.book, job.exposure.segment, columns, payments.perils)
    found = {name: values for name, (_, values) in group_sums(made, payments).items()}
    claims, paid = np.zeros(made.groups), np.zeros(made.groups)
    of_year: dict[tuple[int, int], float] = {}
    first = np.flatnonzero(payments.year < 40)  # forty years are enough for a loop
    some = replace(
        payments, event=payments.event[first], stand=payments.stand[first], gross=payments.gross[first]
    )
    for year, stand, peril, amount in zip(some.year, some.stand, some.peril, some.gross, strict=True):
        group = int(made.stands[stand]) * len(payments.perils) + int(peril)
        claims[group] += amount > 0
        paid[group] += amount
        key = (int(year), int(made.row_of_group[group]))
        of_year[key] = of_year.get(key, 0.0) + amount
    square = np.zeros(made.rows)
    for (_, row), amount in of_year.items():
        square[row] += amount**2
    looped = {name: values for name, (_, values) in group_sums(made, some).items()}
    np.testing.assert_allclose(looped["group_sum"], np.stack([claims, paid], axis=1), rtol=1e-12)
    np.testing.assert_allclose(looped["row_square"], square, rtol=1e-12)
    assert found["group_sum"][:, 1].sum() == pytest.approx(payments.gross.sum(), rel=1e-12)


def test_payments_by_row_carry_the_weights_of_the_years(job: ForestJob, payments: Payments) -> None:
    made = grouping(job.exposure.book, job.exposure.segment, ("county", "peril"), payments.perils)
    weighted = replace(payments, weight=np.linspace(0.0, 2.0, payments.years))
    by_row = row_payments(made, weighted)
    assert by_row.shape == (made.rows,)
    assert by_row.sum() == pytest.approx((payments.gross * weighted.weight[payments.year]).sum(), rel=1e-12)
    plain = group_sums(made, payments)["group_sum"][1][:, 1]
    np.testing.assert_allclose(
        row_payments(made, payments), np.bincount(made.row_of_group, weights=plain), rtol=1e-12
    )


def test_a_column_that_does_not_exist_is_refused() -> None:
    with pytest.raises(
        ValidationError, match=r"'county', 'forest_type', 'species_group', 'age_class' or 'peril'"
    ):
        PremiumFileSpec(group_by=("county", "town"))


def test_a_column_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValidationError, match="county stands there more than once; a column groups once"):
        PremiumFileSpec(group_by=("county", "peril", "county"))


def test_a_file_without_any_column_is_refused() -> None:
    with pytest.raises(ValidationError, match="at least 1"):
        PremiumFileSpec(group_by=())
