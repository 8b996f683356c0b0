# SPDX-License-Identifier: Apache-2.0
"""Lenders reckon with a scenario from the year on in which it is known, and with nothing of it before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from greenrisk.issuer.statement_pass import value_change
from greenrisk.pathways.pathway_spec import PathwaysSpec
from tests.studied_issuers import prepared_issuers

KNOWN = 2035


@pytest.fixture(scope="module")
def outcomes():
    """The shipped scenario, net zero known from the first year on and from a later one."""
    job = prepared_issuers()
    model = job.model
    setting = model.setting(slice(0, len(model.issuers)), job.plan.values[:1])
    at = model.scenarios.index("net-zero-2050")
    early = tuple(int(model.years[0]) for _ in model.scenarios)
    late = tuple(KNOWN if k == at else year for k, year in enumerate(early))
    found = [model.outcome(replace(setting, known_from=known)) for known in (early, late)]
    return setting, at, found


def test_before_that_year_only_the_books_move_the_assets(outcomes) -> None:
    setting, at, (_, late) = outcomes
    before = setting.years < KNOWN
    base = setting.baseline
    books = late.rolled.lines["assets"]
    expected = late.credit.asset_value[0, base] + books[0, at] - books[0, base]
    found = late.credit.asset_value[0, at]
    np.testing.assert_allclose(found[:, before], expected[:, before], rtol=1e-12)


def test_from_that_year_on_all_that_follows_is_known(outcomes) -> None:
    setting, at, (early, late) = outcomes
    after = setting.years >= KNOWN
    found, whole = late.credit.asset_value[0, at], early.credit.asset_value[0, at]
    np.testing.assert_array_equal(found[:, after], whole[:, after])
    # What is learnt in that year is the present value of all that follows, by a plain sum over the years.
    change = late.rolled.change[0, at] - late.rolled.change[0, setting.baseline]
    issuer, first = 0, int(np.flatnonzero(setting.years == KNOWN)[0])
    values = setting.values[0]["statement_pass"]
    rate, growth = float(values["discount_rate"]), float(values["terminal_growth"])
    tax = setting.issuers.line("tax") / (setting.issuers.line("ebit") - setting.issuers.line("interest"))
    flows = change[issuer] * (1.0 - tax[issuer])
    years = np.arange(first + 1, flows.size)
    plain = sum(flows[k] / (1 + rate) ** (k - first) for k in years)
    plain += flows[-1] * (1 + growth) / (rate - growth) / (1 + rate) ** (years[-1] - first)
    own = value_change(late.rolled.change - late.rolled.change[:, setting.baseline][:, None], setting)
    assert own[0, at, issuer, first] == pytest.approx(plain, rel=1e-10)


def test_it_is_a_year_of_the_study_and_not_of_the_baseline() -> None:
    base = {"name": "base", "model": "REMIND", "scenario": "CurrentPolicies"}
    shock = {"name": "shock", "model": "REMIND", "scenario": "NetZero2050"}
    for scenarios, words in (
        ([base, {**shock, "known_from": 2019}], "2025 to 2050"),
        ([{**base, "known_from": 2030}, shock], "baseline"),
    ):
        with pytest.raises(ValidationError, match=words):
            PathwaysSpec.model_validate({"baseline": "base", "scenarios": scenarios})


def test_a_scenario_without_it_is_told() -> None:
    ledger = prepared_issuers().ledger.to_frame()
    (told,) = ledger[ledger["subject"] == "scenarios known from the first year"]["detail"]
    assert "net-zero-2050" in told
    assert "delayed" not in told
