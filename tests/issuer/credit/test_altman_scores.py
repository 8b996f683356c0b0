# SPDX-License-Identifier: Apache-2.0
"""Altman's scores: the group means of his paper, zones at their bounds, bad statements, another coefficient."""

import numpy as np
import pytest

from greenrisk.core.errors import ArgumentError, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.issuer.credit.altman import (
    DISTRESS,
    GREY,
    RATIOS,
    SAFE,
    altman_score,
    altman_zone,
    em_bands,
    score_ratios,
    score_rules,
)

# Altman (1968), table 1: means of the five ratios of the bankrupt and of the other group.
FAILED = dict(zip(RATIOS, (-0.061, -0.626, -0.318, 0.401, 1.500), strict=True))
OTHERS = dict(zip(RATIOS, (0.414, 0.355, 0.153, 2.477, 1.900), strict=True))


def test_the_group_means_of_altmans_paper_have_the_scores_of_his_equation():
    # Z = .012 X1 + .014 X2 + .033 X3 + .006 X4 + .999 X5 with X1 to X4 in percent, written out.
    z = score_rules(sales_coefficient=0.999)["Z"]
    failed = 0.012 * -6.1 + 0.014 * -62.6 + 0.033 * -31.8 + 0.006 * 40.1 + 0.999 * 1.5
    others = 0.012 * 41.4 + 0.014 * 35.5 + 0.033 * 15.3 + 0.006 * 247.7 + 0.999 * 1.9
    assert altman_score(z, FAILED) == pytest.approx(failed, abs=1e-12)
    assert altman_score(z, OTHERS) == pytest.approx(others, abs=1e-12)
    assert altman_zone(z, [failed, others]).tolist() == [DISTRESS, SAFE]


def test_the_emerging_market_score_is_three_and_a_quarter_above_the_nonmanufacturing_one():
    rules = score_rules()
    gap = altman_score(rules["EM"], OTHERS) - altman_score(rules["Z_nonmanufacturing"], OTHERS)
    assert gap == pytest.approx(3.25, abs=1e-12)
    assert rules["EM"].distress_below == pytest.approx(rules["Z_nonmanufacturing"].distress_below + 3.25)


def test_each_score_is_its_printed_sum():
    x = dict(zip(RATIOS, (0.2, 0.1, 0.05, 0.8, 1.1), strict=True))
    rules = score_rules()
    private = 0.717 * 0.2 + 0.847 * 0.1 + 3.107 * 0.05 + 0.420 * 0.8 + 0.998 * 1.1
    other = 6.56 * 0.2 + 3.26 * 0.1 + 6.72 * 0.05 + 1.05 * 0.8
    assert altman_score(rules["Z_private"], x) == pytest.approx(private, rel=1e-14)
    assert altman_score(rules["Z_nonmanufacturing"], x) == pytest.approx(other, rel=1e-14)


def test_a_score_on_a_bound_is_grey_and_a_missing_one_has_no_zone():
    z = score_rules()["Z"]
    assert altman_zone(z, [1.8099, 1.81, 2.99, 2.9901, np.nan]).tolist() == [DISTRESS, GREY, GREY, SAFE, -1]


def test_a_ratio_that_the_score_does_not_take_is_not_asked():
    rules = score_rules()
    without_sales = {name: x for name, x in OTHERS.items() if name != "sales_to_assets"}
    assert np.isfinite(altman_score(rules["Z_nonmanufacturing"], without_sales))
    assert np.isnan(altman_score(rules["Z"], without_sales))
    assert rules["EM"].needs() == RATIOS[:4]


def test_negative_equity_lowers_the_score_and_no_liabilities_make_it_endless():
    ratios = score_ratios(equity=[-20.0, 20.0, -20.0], liabilities=[120.0, 0.0, 0.0], assets=100.0)
    assert ratios["equity_to_liabilities"].tolist() == [-20.0 / 120.0, np.inf, -np.inf]
    assert np.isnan(ratios["ebit_to_assets"])


def test_assets_and_liabilities_outside_their_domain_are_told_together():
    with pytest.raises(ArgumentError) as error:
        score_ratios(liabilities=-1.0, assets=[100.0, 0.0])
    assert [fault.where for fault in error.value.faults] == ["liabilities", "assets"]
    assert error.value.faults[1].what == "assets[1] = 0"


def test_em_scores_fall_into_the_grades_of_the_table():
    bands = em_bands()
    found = [bands.ratings[k] for k in bands.of([9.0, 8.15, 5.85, 5.86, 1.75, -4.0])]
    assert found == ["AAA", "AA+", "BBB-", "BBB", "D", "D"]
    assert bands.of(np.nan) == -1


def test_what_is_from_memory_is_told():
    ledger = Ledger()
    score_rules(ledger=ledger)
    em_bands(ledger=ledger)
    assert [(e.subject, e.status, e.count) for e in ledger] == [
        ("altman_scores.csv", "unconfirmed", 2),
        ("altman_em_ratings.csv", "unconfirmed", 20),
    ]


def test_a_users_score_with_every_fault_is_refused_at_once(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "score,equity,term,value,status,source\n"
        "M,book,ebit_to_assets,3,user,me\nM,book,ebit_to_assets,4,user,me\nM,book,safe_above,2,user,me\n"
    )
    with pytest.raises(TableError) as error:
        score_rules(path)
    assert [fault.where for fault in error.value.faults] == ["mine.csv:3", "mine.csv"]
    assert "no distress_below" in error.value.faults[1].what


def test_bounds_that_do_not_fall_are_refused(tmp_path):
    path = tmp_path / "em.csv"
    path.write_text("rating,score_above,status,source\nAAA,3,user,me\nAA,4,user,me\nD,,user,me\n")
    with pytest.raises(TableError, match="AA after AAA"):
        em_bands(path)
