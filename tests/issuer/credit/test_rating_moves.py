# SPDX-License-Identifier: Apache-2.0
"""Rating moves: those not rated taken out, rows that do not sum, ratings outside; against an independent adjustment."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from greenrisk.core.errors import ArgumentError, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.issuer.credit.transitions import own_matrix, shipped_matrix, transition_matrix

SHARED = Path(__file__).parents[4] / "shared/reference/sp_one_year_nr_adjusted.csv"
HEAD = "years,from_rating,to_rating,share,status,source\n"


def table(tmp_path, rows):
    path = tmp_path / "moves.csv"
    path.write_text(HEAD + "".join(f"{row},user,me\n" for row in rows))
    return path


def test_the_shipped_year_is_the_published_adjustment():
    if not SHARED.exists():
        pytest.skip("../shared/reference is not here")
    published = pd.read_csv(SHARED, index_col=0)
    ours = shipped_matrix()
    assert list(published.index) == list(ours.ratings)
    raw = ours.shares * published.to_numpy().sum(axis=1, keepdims=True)
    # Both are S&P's figures divided by 1 - NR, printed there to five digits; ours is scaled to one besides.
    assert raw == pytest.approx(published.to_numpy(), abs=1.2e-5)


@pytest.mark.parametrize("years", [1, 2, 3, 5, 7, 10, 15, 20])
def test_every_horizon_is_a_matrix_and_default_rises_from_best_to_worst(years):
    found = shipped_matrix(years)
    assert found.shares.sum(axis=1) == pytest.approx(np.ones(8), abs=1e-14)
    assert (np.diff(found.default_probability) > 0).all()
    assert found.shares[-1].tolist() == [0.0] * 7 + [1.0]


def test_those_not_rated_any_more_are_taken_out_of_their_row():
    found = transition_matrix(["A", "D"], [[0.72, 0.18]], not_rated=[0.10])
    assert found.shares[0] == pytest.approx([0.8, 0.2], rel=1e-14)
    assert found.not_rated.tolist() == [0.1, 0.0]


def test_rounded_rows_are_scaled_and_told():
    # Two rows of Jarrow, Lando and Turnbull's kind that sum to 0.9998 and 1.0001.
    ledger = Ledger()
    found = transition_matrix(["A", "B", "D"], [[0.90, 0.0898, 0.01], [0.05, 0.85, 0.1001]], ledger=ledger)
    assert found.shares.sum(axis=1) == pytest.approx([1.0, 1.0, 1.0], abs=1e-15)
    assert found.row_error == pytest.approx(2e-4, rel=1e-9)
    assert [entry.kind for entry in ledger] == ["rounded"]


def test_whole_years_are_powers_and_the_path_of_default_rises():
    p = np.array([[0.9, 0.08, 0.02], [0.1, 0.7, 0.2], [0, 0, 1]])
    found = transition_matrix(["A", "B", "D"], p)
    assert found.after(3) == pytest.approx(p @ p @ p, abs=1e-15)
    path = found.cumulative_default(3)
    assert path[:, 2] == pytest.approx((p @ p @ p)[:, 2], abs=1e-15)
    assert found.after(0).tolist() == np.eye(3).tolist()


def test_every_row_that_does_not_sum_to_one_is_refused_and_percent_is_guessed():
    with pytest.raises(ArgumentError) as error:
        transition_matrix(["A", "B", "D"], [[0.9, 0.02, 0.01], [0.5, 0.9, 0.1], [0.1, 0.0, 0.9]])
    assert [fault.what for fault in error.value.faults] == [
        "row A sums to 0.9300",
        "row B sums to 1.5000",
        "row D: stays with probability 0.9",
    ]


def test_a_rating_outside_the_matrix_is_refused_with_those_inside():
    with pytest.raises(ArgumentError) as error:
        shipped_matrix().place(["AAA", "Baa2", "AAB"])
    assert [fault.what for fault in error.value.faults] == ["rating = Baa2", "rating = AAB"]
    assert "It has AAA, AA, A, BBB, BB, B, CCC, D." in error.value.faults[0].expected
    assert shipped_matrix().place(["AAA", "D"]).tolist() == [0, 7]


def test_a_users_table_with_every_fault_of_its_ratings_names_the_rows(tmp_path):
    path = table(tmp_path, ["1,A,A,0.9", "1,A,A,0.05", "1,A,C,0.05", "1,NR,A,1.0"])
    with pytest.raises(TableError) as error:
        own_matrix(path)
    places = [(fault.where, fault.what) for fault in error.value.faults]
    assert places == [
        ("moves.csv:3", "A to A"),
        ("moves.csv:4", "to_rating = C"),
        ("moves.csv:5", "from_rating = NR"),
    ]


def test_a_users_rows_that_do_not_sum_are_named_by_their_first_row(tmp_path):
    path = table(tmp_path, ["1,A,A,0.9", "1,A,D,0.1", "1,B,A,0.3", "1,B,D,0.3"])
    with pytest.raises(TableError) as error:
        own_matrix(path)
    assert [(fault.where, fault.what) for fault in error.value.faults] == [
        ("moves.csv:4", "B sums to 0.6000")
    ]


def test_a_horizon_that_is_not_there_is_refused():
    with pytest.raises(TableError, match="1, 2, 3, 5, 7, 10, 15, 20"):
        shipped_matrix(4)


def test_a_users_matrix_of_other_ratings_is_read(tmp_path):
    path = table(
        tmp_path, ["1,good,good,0.9", "1,good,bad,0.1", "1,bad,bad,0.8", "1,bad,D,0.1", "1,bad,NR,0.1"]
    )
    found = own_matrix(path)
    assert found.ratings == ("good", "bad", "D")
    assert found.shares[1] == pytest.approx([0.0, 8 / 9, 1 / 9], rel=1e-12)
