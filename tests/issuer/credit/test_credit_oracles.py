# SPDX-License-Identifier: Apache-2.0
"""Credit functions against QuantLib, creditriskengine and R, whose answers stand in tests/reference/issuer."""

import json
from pathlib import Path

import numpy as np
import pytest

from greenrisk.issuer.credit.altman import altman_score, score_ratios, score_rules
from greenrisk.issuer.credit.basel import capital
from greenrisk.issuer.credit.credit_cycle import conditional_matrix
from greenrisk.issuer.credit.generator import generator_of
from greenrisk.issuer.credit.term_structure import cumulative_from_annual, hazard_rate
from greenrisk.issuer.credit.transitions import shipped_matrix
from greenrisk.issuer.credit.vasicek import conditional_probability, limit_tail_mean

FOLDER = Path(__file__).parents[2] / "reference/issuer"
PEERS = json.loads((FOLDER / "credit_peers.json").read_text())
R = json.loads((FOLDER / "credit_r.json").read_text())


@pytest.mark.parametrize("name", ["Z", "Z_private", "Z_nonmanufacturing"])
def test_scores_are_those_of_creditriskengine(name):
    rule = score_rules()[name]
    for one in PEERS["scores"]:
        ca, cl, re, ebit, market, book, tl, sales, ta = one["firm"]
        ratios = score_ratios(
            current_assets=ca,
            current_liabilities=cl,
            retained_earnings=re,
            ebit=ebit,
            equity=market if rule.equity == "market" else book,
            liabilities=tl,
            sales=sales,
            assets=ta,
        )
        assert altman_score(rule, ratios) == pytest.approx(one[name], rel=1e-12)


def test_capital_is_that_of_creditriskengine_and_of_r():
    for one in PEERS["capital"]:
        pd, lgd, maturity, sales = one["exposure"]
        found = capital(pd, lgd, maturity, np.nan if sales is None else sales, floor=0.0)
        assert found.correlation == pytest.approx(one["correlation"], rel=1e-12)
        assert found.requirement == pytest.approx(one["requirement"], rel=1e-10)
    for one in R["capital"]:
        pd, lgd, maturity, sales = one["exposure"]
        assert capital(pd, lgd, maturity, sales, floor=0.0).requirement == pytest.approx(one["k"], rel=1e-10)


def test_conditional_rates_are_those_of_creditriskengine_with_the_sign_of_the_paper():
    for one in PEERS["conditional"]:
        assert conditional_probability(*one["case"]) == pytest.approx(one["probability"], rel=1e-10)


def test_tail_means_are_quantlibs_bivariate_normal():
    for one in PEERS["tails"]:
        # QuantLib's inverse normal law is good to about 1e-9.
        assert limit_tail_mean(*one["case"]) == pytest.approx(one["mean"], rel=2e-7)


def test_hazards_are_quantlibs_curve():
    for one in PEERS["hazards"]:
        assert hazard_rate(one["cumulative"], one["term"]) == pytest.approx(one["rate"], rel=1e-8)
        annual = 1.0 - np.exp(-one["rate"])
        assert cumulative_from_annual(annual, one["term"]) == pytest.approx(one["cumulative"], rel=1e-8)


def test_matrix_logarithm_clip_and_exponentials_are_rs():
    matrix = shipped_matrix()
    assert matrix.shares == pytest.approx(np.array(R["matrix"]), abs=1e-14)
    found = generator_of(matrix)
    assert found.rates == pytest.approx(np.array(R["clipped"]), abs=1e-12)
    negative = (np.array(R["logarithm"]) < -1e-12) & ~np.eye(8, dtype=bool)
    assert found.clipped == negative.sum()
    for term, after in zip(R["terms"], R["after"], strict=True):
        assert found.after(term) == pytest.approx(np.array(after), abs=1e-11)


def test_moves_of_a_bad_year_are_rs():
    assert conditional_matrix(shipped_matrix(), 0.1, -1.7) == pytest.approx(
        np.array(R["conditional"]), abs=1e-12
    )
