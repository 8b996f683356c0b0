# SPDX-License-Identifier: Apache-2.0
"""Interest cover: the table's own bounds, strictly above; what earns nothing is the worst rating."""

import numpy as np
import pytest

from greenrisk.core.errors import ArgumentError, TableError
from greenrisk.issuer.credit.interest_cover import cover_table, interest_cover, synthetic_rating


def rated(table, ebit, interest):
    place, spread = synthetic_rating(table, ebit, interest)
    return [table.bands.ratings[k] if k >= 0 else "" for k in np.atleast_1d(place)], np.atleast_1d(spread)


def test_a_cover_must_lie_above_the_bound():
    table = cover_table("2026-01", "large")
    names, spread = rated(table, [8.51, 8.5, 2.5, 2.51, 0.2, 0.21], 1.0)
    assert names == ["AAA", "AA", "BB+", "BBB", "D", "C"]
    assert spread.tolist() == [0.0040, 0.0055, 0.0138, 0.0111, 0.19, 0.16]


@pytest.mark.parametrize(
    ("firms", "rating"), [("large", "A-"), ("small", "BB"), ("utility", "A"), ("financial", "AAA")]
)
def test_one_cover_is_another_rating_for_another_kind_of_firm(firms, rating):
    assert rated(cover_table("2026-01", firms), 3.2, 1.0)[0] == [rating]


def test_the_older_table_for_small_firms_has_its_own_spreads():
    names, spread = rated(cover_table("2006", "small"), [13.0, 3.2, 0.1], 1.0)
    assert names == ["AAA", "BB", "D"]
    assert spread.tolist() == [0.0035, 0.025, 0.20]


def test_what_earns_nothing_is_the_worst_rating_whatever_it_pays():
    names, spread = rated(cover_table(), [-5.0, 0.0, 0.0, -5.0], [1.0, 1.0, 0.0, 0.0])
    assert names == ["D"] * 4
    assert (spread == 0.19).all()


def test_without_interest_the_cover_is_endless_with_the_sign_of_what_is_earned():
    assert interest_cover([5.0, -5.0, 0.0, np.nan], 0.0).tolist()[:3] == [np.inf, -np.inf, -np.inf]
    assert rated(cover_table(), 5.0, 0.0)[0] == ["AAA"]


def test_what_is_missing_has_no_rating():
    names, spread = rated(cover_table(), [np.nan, 5.0], [1.0, np.nan])
    assert names == ["", ""]
    assert np.isnan(spread).all()


def test_negative_interest_is_refused():
    with pytest.raises(ArgumentError, match="interest"):
        interest_cover(5.0, -1.0)


def test_an_edition_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(ArgumentError, match="2026-01 small"):
        cover_table("2026-02", "small")


def test_a_users_table_whose_spreads_fall_is_refused(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "edition,firms,rating,interest_cover_above,spread,status,source\n"
        "me,small,A,2,0.02,user,me\nme,small,D,,0.01,user,me\n"
    )
    with pytest.raises(TableError, match="smaller spread"):
        cover_table("me", "small", path)
