# SPDX-License-Identifier: Apache-2.0
"""The common scale: default rates by S&P's history, bounds between them, spellings of both agencies."""

import numpy as np
import pytest

from greenrisk.core.errors import ArgumentError, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.issuer.credit.scale import rating_scale
from greenrisk.issuer.credit.transitions import transition_matrix

SCALE = rating_scale()


def test_default_rates_are_those_of_the_history_and_bounds_lie_between():
    # S&P 1981-2016, BBB 0.18 % of 93.77 % still rated, BB 0.72 % of 90.37 %.
    bbb, bb = 0.0018 / 0.9377, 0.0072 / 0.9037
    assert SCALE.default_rate[3:5] == pytest.approx([bbb, bb], rel=2e-4)
    assert SCALE.bounds[3] == pytest.approx((bbb * bb) ** 0.5, rel=2e-4)


def test_a_grade_without_default_carries_the_step_of_the_next_two_on_and_is_told():
    ledger = Ledger()
    scale = rating_scale(ledger=ledger)
    assert scale.default_rate[0] == pytest.approx(
        scale.default_rate[1] ** 2 / scale.default_rate[2], rel=1e-12
    )
    assert [entry.kind for entry in ledger] == ["imputed", "assumption"]


def test_every_grade_has_its_own_default_rate():
    assert SCALE.grade_of(SCALE.default_rate).tolist() == list(range(8))
    assert SCALE.probability_of(np.arange(8)).tolist() == SCALE.default_rate.tolist()


def test_the_ends_and_what_is_missing():
    assert SCALE.grade_of([0.0, 1e-30, 1.0, np.nan]).tolist() == [0, 0, 7, -1]
    assert np.isnan(SCALE.probability_of([-1])[0])


def test_spellings_of_both_agencies_are_one_grade():
    names = ("Aa2", "AA-", "Baa3", "BBB", "Caa1", "C", "D")
    assert [SCALE.grades[k] for k in SCALE.places(names)] == ["AA", "AA", "BBB", "BBB", "CCC", "CCC", "D"]


def test_an_unknown_spelling_is_refused():
    with pytest.raises(ArgumentError, match="Did you mean"):
        SCALE.places(["BBB--"])


def test_default_rates_that_do_not_rise_make_no_scale():
    with pytest.raises(ArgumentError, match="must rise"):
        rating_scale(transition_matrix(["A", "B", "D"], [[0.9, 0.0, 0.1], [0.1, 0.8, 0.1]]))


def test_a_spelling_of_a_grade_that_is_not_there_is_refused(tmp_path):
    path = tmp_path / "scale.csv"
    path.write_text("rating,grade,rank,status,source\nprime,AAAA,1,user,me\n")
    with pytest.raises(TableError, match="Did you mean `AAA`"):
        rating_scale(own=path)
