# SPDX-License-Identifier: Apache-2.0
"""The table of own experience: what it becomes, what is refused and with which words, and the shipped example."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.tables import read_table
from greenrisk.resource.experience import Experience, experience_of
from greenrisk.resource.experience_table import EXPERIENCE

BOOK_MU, VALUE = 1000.0, 800.0
KINDS = ("wildfire", "storm")


def table(*rows: tuple[object, ...]) -> pd.DataFrame:
    """Rows of year, peril, insured mu, paid, outstanding; 800 CNY/mu insured, 2 CNY/mu premium."""
    return pd.DataFrame(
        [
            (year, peril, area, VALUE * area, 2.0 * area, paid, outstanding)  # type: ignore[operator]
            for year, peril, area, paid, outstanding in rows
        ],
        columns=[
            "year", "peril", "insured_mu", "sum_insured_cny", "premium_cny", "paid_cny", "outstanding_cny",
        ],
    )  # fmt: skip


def checked(frame: pd.DataFrame, ledger: Ledger | None = None, kinds: tuple[str, ...] = KINDS) -> Experience:
    ledger = Ledger() if ledger is None else ledger
    read = read_table("own.csv", EXPERIENCE, ledger, frame=frame)
    return experience_of(
        read,
        "own.csv",
        kinds=kinds,
        underwriting_year=2026,
        book_mu=BOOK_MU,
        book_value_per_mu=VALUE,
        ledger=ledger,
    )


GOOD = (
    (2023, "all", 900.0, 100.0, 0.0),
    (2025, "storm", 1000.0, 30.0, 20.0),
    (2025, "wildfire", 1000.0, 0.0, 5.0),
    (2024, None, 950.0, 70.0, 10.0),
)


def test_totals_and_years_by_peril_stand_side_by_side() -> None:
    found = checked(table(*GOOD))
    assert found.years.tolist() == [2023, 2024, 2025]
    assert found.by_peril.tolist() == [False, False, True]
    np.testing.assert_array_equal(
        found.incurred, [[np.nan, np.nan, 100.0], [np.nan, np.nan, 80.0], [5.0, 50.0, 55.0]]
    )
    np.testing.assert_array_equal(found.paid[2], [0.0, 30.0, 30.0])
    assert found.insured_mu.tolist() == [900.0, 950.0, 1000.0]
    assert found.premium.tolist() == [1800.0, 1900.0, 2000.0]
    np.testing.assert_array_equal(found.ultimate, found.incurred)


def test_incurred_may_stand_in_place_of_outstanding_and_premium_may_be_left_out() -> None:
    frame = table(*GOOD).assign(incurred_cny=lambda f: f["paid_cny"] + f["outstanding_cny"])
    found = checked(frame.drop(columns=["outstanding_cny", "premium_cny"]))
    np.testing.assert_array_equal(found.incurred, checked(table(*GOOD)).incurred)
    assert np.isnan(found.premium).all()


def test_a_total_beside_its_perils_is_used_once() -> None:
    found = checked(table(*GOOD, (2025, "all", 1000.0, 30.0, 25.0)))
    assert found.incurred[2].tolist() == [5.0, 50.0, 55.0]


def test_one_insured_peril_takes_a_total_for_its_own() -> None:
    found = checked(table((2025, "all", 1000.0, 30.0, 0.0)), kinds=("wildfire",))
    assert found.by_peril.all()
    assert found.incurred.tolist() == [[30.0, 30.0]]


def test_a_peril_that_is_not_insured_is_left_out_and_the_ledger_says_so() -> None:
    ledger = Ledger()
    found = checked(table(*GOOD, (2025, "flood", 1000.0, 400.0, 0.0)), ledger)
    assert found.incurred[2, -1] == 55.0
    (entry,) = (entry for entry in ledger if entry.kind == "dropped" and entry.subject == "own.csv")
    assert "flood" in entry.detail


def test_a_year_somewhat_larger_than_the_book_is_taken_and_told() -> None:
    ledger = Ledger()
    rows = ((2024, "all", 1250.0, 100.0, 0.0), (2025, "all", 1000.0, 30.0, 0.0))
    assert checked(table(*rows), ledger).insured_mu.tolist() == [1250.0, 1000.0]
    (entry,) = (entry for entry in ledger if "More was insured" in entry.detail)
    assert "holds in 2024, up to 1.25 times" in entry.detail


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            (*GOOD, (2025, "storm", 1000.0, 1.0, 0.0)),
            "own.csv:6  2025, storm: also in row 3\n  One row a year and peril. Add them up, or keep one.\n1 fault.",
        ),
        (
            (GOOD[0], *GOOD[1:3]),
            "own.csv  no row of 2024\n  Years must follow each other: one that is left out is mostly not one like the "
            "others. Add it, with 0 where nothing was paid.  [year]\n1 fault.",
        ),
        (
            ((2025, "all", 1600.0, 1.0, 0.0),),
            "own.csv:2  2025: insured_mu = 1,600\n  More than 1.5 times the 1,000 mu of the book. Is it the experience "
            "of another portfolio, or the area not in mu?  [mu]\n1 fault.",
        ),
        (
            (*GOOD[:2], GOOD[3]),
            "own.csv:3  2025: no row for wildfire\n  A year that is given by peril needs every insured peril: add the "
            "rows, with 0 where nothing was paid, or give the year as one row of `all`.\n1 fault.",
        ),
        (
            (*GOOD, (2025, "all", 1000.0, 30.0, 40.0)),
            "own.csv:6  2025: incurred_cny of all = 70, of the perils 55 in sum\n  The rows of a year must add up to "
            "its total. Mend them, or drop the total.  [CNY]\n1 fault.",
        ),
        (
            (*GOOD, (2026, "all", 1000.0, 30.0, 40.0)),
            "own.csv:6  year = 2026\n  Experience ends before the underwriting year, 2026. Leave the year out.  [year]"
            "\n1 fault.",
        ),
        (
            (*GOOD[:2], (2025, "wildfire", 990.0, 0.0, 0.0), GOOD[3]),
            "own.csv:4  2025: insured_mu = 990 and 1,000\n  It is that of the whole portfolio and the same in every "
            "row of a year.  [mu]\nown.csv:4  2025: sum_insured_cny = 792,000 and 800,000\n  It is that of the whole "
            "portfolio and the same in every row of a year.  [CNY]\nown.csv:4  2025: premium_cny = 1,980 and 2,000\n  "
            "It is that of the whole portfolio and the same in every row of a year.  [CNY]\n3 faults.",
        ),
        (
            ((2025, "all", 10.0, 9000.0, 0.0),),
            "own.csv:2  2025, all: losses of 9,000, sum_insured_cny = 8,000\n  No year costs more than is insured. Are "
            "both in CNY, and the sum insured that of the portfolio?  [CNY]\n1 fault.",
        ),
    ],
)
def test_what_is_wrong_is_said_with_place_and_mend(
    rows: tuple[tuple[object, ...], ...], message: str
) -> None:
    with pytest.raises(TableError) as error:
        checked(table(*rows))
    assert str(error.value) == message


def test_more_paid_than_incurred_is_refused() -> None:
    frame = table(*GOOD).rename(columns={"outstanding_cny": "incurred_cny"})
    frame["incurred_cny"] = [100.0, 50.0, 5.0, 40.0]
    with pytest.raises(TableError) as error:
        checked(frame)
    assert str(error.value) == (
        "own.csv:5  2024, all: paid_cny = 70, incurred_cny = 40\n  Incurred is paid and outstanding, so that no more "
        "can be paid. Are the columns swapped?  [CNY]\n1 fault."
    )


def test_a_sum_insured_in_ten_thousand_and_a_premium_above_it_are_refused() -> None:
    frame = table((2025, "all", 1000.0, 30.0, 0.0))
    frame["sum_insured_cny"] /= 10_000
    with pytest.raises(TableError, match=r"(?s)premium lies above.*not in 10,000 CNY, 万元"):
        checked(frame)


def test_an_unknown_peril_is_refused_by_row() -> None:
    with pytest.raises(TableError, match=r"own.csv:3.*peril = hail"):
        checked(table(GOOD[0], (2024, "hail", 950.0, 1.0, 0.0)))


def test_the_shipped_example_is_made_by_its_generator(tmp_path: Path) -> None:
    data = library_root() / "data"
    subprocess.run(
        [sys.executable, str(data / "generators" / "make_jingdezhen_experience.py"), str(tmp_path)],
        check=True,
    )
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == ["jingdezhen_experience_synthetic.csv", "jingdezhen_triangle_synthetic.csv"]
    for name in made:
        assert (tmp_path / name).read_bytes() == (data / name).read_bytes()
