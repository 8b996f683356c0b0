# SPDX-License-Identifier: Apache-2.0
"""Ranking: R's correlations, order and ties by hand, draws that turn it round."""

import json
from pathlib import Path

import numpy as np
import pytest

from greenrisk.core.errors import ArgumentError
from greenrisk.issuer.credit.ranking import rank_issuers

R = json.loads((Path(__file__).parents[2] / "reference/issuer/credit_r.json").read_text())["ranks"]


def test_correlations_are_rs_with_ties_too():
    found = rank_issuers(R["base"], R["draws"])
    assert found.kendall == pytest.approx([row["kendall"] for row in R["found"]], rel=1e-12)
    assert found.spearman == pytest.approx([row["spearman"] for row in R["found"]], rel=1e-12)


def test_the_largest_is_first_and_those_without_an_amount_are_last():
    found = rank_issuers([1.0, np.nan, 5.0, 3.0, 3.0], np.tile([1.0, np.nan, 5.0, 3.0, 3.0], (2, 1)))
    assert found.order.tolist() == [2, 3, 4, 0, 1]
    assert found.rank[[0, 2, 3, 4]].tolist() == [4.0, 1.0, 2.5, 2.5]
    assert np.isnan(found.rank[1])
    assert found.kendall.tolist() == [1.0, 1.0]


def test_an_order_that_is_turned_round_has_minus_one_and_loses_its_top():
    base = np.arange(10.0)
    found = rank_issuers(base, [base, -base], top=3)
    assert found.kendall == pytest.approx([1.0, -1.0])
    assert found.spearman == pytest.approx([1.0, -1.0])
    assert found.top_kept.tolist() == [1.0, 0.0]
    assert (found.rank_low <= found.rank_high).all()


def test_a_draw_in_which_all_are_equal_has_no_correlation():
    found = rank_issuers([1.0, 2.0], [[3.0, 3.0]])
    assert np.isnan(found.kendall[0])
    assert np.isnan(found.spearman[0])


@pytest.mark.parametrize(
    ("base", "draws", "said"),
    [
        ([1.0, 2.0], [[1.0]], "Expected"),
        ([1.0, np.nan], [[1.0, 2.0]], "two or more"),
        ([1.0, 2.0], [[1.0, np.nan]], "all draws or in none"),
    ],
)
def test_what_gives_no_order_is_refused(base, draws, said):
    with pytest.raises(ArgumentError, match=said):
        rank_issuers(base, draws)
