# SPDX-License-Identifier: Apache-2.0
"""The logit: R's answer, and every reason for which firm-years are refused."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from greenrisk.core.ledger import Ledger
from greenrisk.issuer.credit.logit import LogitRefused, fit_logit

R = json.loads((Path(__file__).parents[2] / "reference/issuer/credit_r.json").read_text())["logit"]
TWO = ["ebit_to_assets", "working_capital_to_assets"]


def r_years():
    return pd.DataFrame(
        {
            "firm": [f"f{k}" for k in R["firm"]],
            "year": R["year"],
            "failed": R["y"],
            "working_capital_to_assets": R["x1"],
            "ebit_to_assets": R["x2"],
        }
    )


def years(firms, failures, seed=3):
    rng = np.random.default_rng(seed)
    failed = np.zeros(firms, dtype=int)
    failed[:failures] = 1
    return pd.DataFrame(
        {
            "firm": [f"f{k}" for k in range(firms)],
            "year": 2020,
            "failed": failed,
            "working_capital_to_assets": rng.normal(size=firms),
            "ebit_to_assets": rng.normal(size=firms),
        }
    )


def test_coefficients_errors_by_firm_and_likelihood_are_rs():
    fit = fit_logit(r_years(), ["working_capital_to_assets", "ebit_to_assets"])
    assert fit.coefficients == pytest.approx(R["coefficients"], rel=1e-7)
    assert fit.covariance.ravel() == pytest.approx(np.ravel(R["covariance"]), rel=1e-5)
    assert fit.log_likelihood == pytest.approx(R["log_likelihood"], rel=1e-10)
    assert fit.null_log_likelihood == pytest.approx(R["null"], rel=1e-10)
    assert (fit.firms, fit.failures, fit.firm_years) == (400, sum(R["y"]), 1200)


def test_the_probability_is_the_logistic_of_the_index_and_has_a_logarithm():
    fit = fit_logit(r_years(), ["working_capital_to_assets", "ebit_to_assets"])
    a, b, c = R["coefficients"]
    x = {"working_capital_to_assets": [0.1, 900.0], "ebit_to_assets": [0.02, 900.0]}
    index = a + b * 0.1 + c * 0.02
    assert fit.probability(x)[0] == pytest.approx(1 / (1 + np.exp(-index)), rel=1e-6)
    assert fit.probability(x)[1] == 0.0
    assert fit.log_probability(x)[1] == pytest.approx(a + 900 * (b + c), rel=1e-6)
    assert fit.outside(x).tolist() == [False, True]
    assert np.isnan(fit.probability({"ebit_to_assets": 0.1}))


def test_at_its_maximum_the_expected_failures_are_those_seen():
    frame = r_years()
    fit = fit_logit(frame, TWO)
    assert fit.probability({name: frame[name] for name in TWO}).sum() == pytest.approx(sum(R["y"]), rel=1e-8)


def test_draws_have_the_covariance_of_the_fit():
    fit = fit_logit(r_years(), TWO)
    drawn = fit.drawn(np.random.default_rng(1).standard_normal((40_000, 3)))
    spread = np.sqrt(np.diag(fit.covariance))
    assert np.abs(drawn.mean(axis=0) - fit.coefficients) == pytest.approx(0.0, abs=4 * spread.max() / 200)
    assert drawn.std(axis=0) == pytest.approx(spread, rel=0.02)


def test_few_firms_and_few_failures_are_told_together():
    with pytest.raises(LogitRefused) as error:
        fit_logit(years(20, 1), TWO)
    assert [fault.what for fault in error.value.faults] == ["20 firms", "1 failed firm"]
    assert "20 failed firms" in error.value.faults[1].expected
    assert error.value.hint.endswith("Nothing was fitted.")


def test_a_label_of_the_firm_in_all_its_years_is_refused():
    frame = pd.concat([years(200, 40), years(200, 40, seed=4).assign(year=2021)])
    with pytest.raises(LogitRefused, match="A firm fails once"):
        fit_logit(frame, TWO)


def test_ratios_that_part_the_failed_without_overlap_are_refused():
    frame = years(100, 30)
    frame["ebit_to_assets"] = frame["failed"] + np.linspace(0.0, 0.5, 100)
    with pytest.raises(LogitRefused, match="without overlap"):
        fit_logit(frame, TWO)


def test_ratios_that_do_not_vary_or_repeat_others_are_refused():
    frame = years(100, 30)
    with pytest.raises(LogitRefused, match="same in all firm-years"):
        fit_logit(frame.assign(ebit_to_assets=0.1), TWO)
    copied = frame.assign(ebit_to_assets=2 * frame["working_capital_to_assets"])
    with pytest.raises(LogitRefused, match="sums of others"):
        fit_logit(copied, TWO)


def test_missing_columns_and_rows_told_twice_are_named():
    with pytest.raises(LogitRefused, match="cash_to_assets"):
        fit_logit(years(100, 30), ["cash_to_assets"])
    twice = pd.concat([years(100, 30), years(100, 30).iloc[[4]]], ignore_index=True)
    with pytest.raises(LogitRefused, match=r"firm_years:102  f4, 2020"):
        fit_logit(twice, TWO)


def test_firm_years_without_a_ratio_are_left_out_and_counted():
    frame = r_years()
    frame.loc[:4, "ebit_to_assets"] = np.nan
    ledger = Ledger()
    assert fit_logit(frame, TWO, ledger=ledger).firm_years == 1195
    assert [(entry.kind, entry.count) for entry in ledger] == [("dropped", 5)]
