# SPDX-License-Identifier: Apache-2.0
"""Own losses developed to their end: by hand, and what does not fit is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from greenrisk.actuarial.reserving import chain_ladder
from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.tables import read_table
from greenrisk.resource.development import TRIANGLE, developed
from greenrisk.resource.experience import Experience

# Incurred 100 -> 110 and 50 -> 60 between ages 1 and 2: factor 170 / 150; 110 -> 121 between 2 and 3: 1.1.
ROWS = (
    (2023, 1, 60.0, 40.0), (2023, 2, 100.0, 10.0), (2023, 3, 121.0, 0.0),
    (2024, 1, 20.0, 30.0), (2024, 2, 50.0, 10.0),
    (2025, 1, 30.0, 60.0),
)  # fmt: skip


def own(*incurred: float, first: int = 2023) -> Experience:
    whole = np.array(incurred)
    n = whole.size
    return Experience(
        name="own.csv",
        status="user",
        kinds=("wildfire", "storm"),
        years=np.arange(first, first + n),
        insured_mu=np.full(n, 1000.0),
        sum_insured=np.full(n, 800_000.0),
        premium=np.full(n, 2000.0),
        paid=np.column_stack([0.25 * whole, 0.25 * whole, 0.5 * whole]),
        incurred=np.column_stack([0.5 * whole, 0.5 * whole, whole]),
        to_ultimate=np.ones(n),
        development_error=np.zeros(n),
    )


def develop(
    experience: Experience, rows: tuple[tuple[float, ...], ...], ledger: Ledger | None = None
) -> Experience:
    frame = pd.DataFrame(rows, columns=["year", "age", "paid_cny", "outstanding_cny"])
    read = read_table("triangle.csv", TRIANGLE, Ledger(), frame=frame)
    return developed(experience, read, "triangle.csv", ledger=Ledger() if ledger is None else ledger)


def test_incurred_losses_of_all_perils_are_developed_alike() -> None:
    ledger = Ledger()
    found = develop(own(121.0, 60.0, 90.0), ROWS, ledger)
    factors = [1.0, 1.1, 1.1 * 170 / 150]
    assert found.to_ultimate == pytest.approx(factors)
    assert found.ultimate[:, -1] == pytest.approx([121.0, 66.0, 90 * factors[2]])
    assert found.ultimate[:, 0] == pytest.approx(found.ultimate[:, -1] / 2)
    (entry,) = ledger
    assert "the youngest year by 1.247" in entry.detail


def test_errors_of_the_years_add_up_to_that_of_all() -> None:
    triangle = np.array([[100.0, 110.0, 121.0], [50.0, 60.0, np.nan], [90.0, np.nan, np.nan]])
    ladder = chain_ladder(triangle)
    found = develop(own(121.0, 60.0, 90.0), ROWS)
    whole = np.sqrt(np.square(found.development_error).sum())
    assert whole == pytest.approx(ladder.total_standard_error)
    assert found.development_error[0] == 0.0


def test_years_before_the_triangle_are_settled() -> None:
    found = develop(own(77.0, 121.0, 60.0, 90.0, first=2022), ROWS)
    assert found.to_ultimate[0] == 1.0
    assert found.years[0] == 2022


def test_without_a_triangle_the_ledger_names_what_is_outstanding() -> None:
    ledger = Ledger()
    found = developed(own(100.0, 60.0), None, ledger=ledger)
    assert found.to_ultimate.tolist() == [1.0, 1.0]
    (entry,) = ledger
    assert "80 CNY or 50 %" in entry.detail


def test_the_shipped_triangle_belongs_to_the_shipped_experience() -> None:
    data = library_root() / "data"
    triangle = pd.read_csv(data / "jingdezhen_triangle_synthetic.csv")
    experience = pd.read_csv(data / "jingdezhen_experience_synthetic.csv").groupby("year").sum()
    latest = triangle.sort_values("age").groupby("year").last()
    for column in ("paid_cny", "outstanding_cny"):
        assert (latest[column] == experience[column]).all()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            (*ROWS, ROWS[-1]),
            "triangle.csv:8  2025, age 1: also in row 7\n  One row a year and age. Drop one.\n1 fault.",
        ),
        (
            (*ROWS[:1], *ROWS[2:]),
            "triangle.csv:3  2023: no row of age 2\n  A year needs every age up to its latest.  [year]\n1 fault.",
        ),
        (
            ROWS[:5],
            "triangle.csv  no row of 2025\n  The triangle needs every year of the experience from its first one on.  "
            "[year]\n1 fault.",
        ),
        (
            (*ROWS[:5], (2025, 1, 30.0, 70.0)),
            "triangle.csv:7  2025: 100 incurred at the latest age, 90 in own.csv\n  Both tables must stand at the same "
            "day and hold the same perils.  [CNY]\n1 fault.",
        ),
    ],
)
def test_a_triangle_that_does_not_fit_is_refused(rows: tuple[tuple[float, ...], ...], message: str) -> None:
    with pytest.raises(TableError) as error:
        develop(own(121.0, 60.0, 90.0), rows)
    assert str(error.value) == message


def test_a_triangle_that_cannot_be_developed_is_refused_by_its_name() -> None:
    with pytest.raises(TableError, match=r"triangle\.csv  one origin is known at two ages"):
        develop(own(110.0, 50.0), ((2023, 1, 60.0, 40.0), (2023, 2, 100.0, 10.0), (2024, 1, 20.0, 30.0)))
