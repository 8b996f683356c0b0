# SPDX-License-Identifier: Apache-2.0
"""The policy in words: what the scenario says, and nothing that it does not."""

from typing import Any

import pytest

from greenrisk.resource.indemnity import DeductibleRule
from greenrisk.resource.policy_terms import deducted_words, policy_group
from greenrisk.resource.study import ForestJob


def told(job: ForestJob, **terms: Any) -> dict[str, str]:
    spec = job.facts.spec
    changed = spec.model_copy(update={"terms": spec.terms.model_copy(update=terms)})
    group = policy_group(changed, job.exposure.book)
    return dict(zip(group["item"].values.tolist(), group["words"].values.tolist(), strict=True))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            {"preset": "policy_forest", "combine": "max"},
            "15 % of the damaged area or 10 mu, whichever is larger (以高者为准)",
        ),
        (
            {"preset": "policy_forest", "combine": "min"},
            "15 % of the damaged area or 10 mu, whichever is smaller, found with 10 % of the area",
        ),
        ({"kind": "area", "share": 0.125}, "12.5 % of the damaged area"),
        ({"kind": "area", "absolute_mu": 5}, "5 mu of each damaged area"),
        ({"kind": "relative", "share": 0.2}, "a loss degree of 20 %"),
        ({"preset": "old_trees"}, "nothing, once that degree is reached"),
    ],
)
def test_what_is_deducted(rule: dict[str, Any], expected: str) -> None:
    assert deducted_words(DeductibleRule.model_validate(rule)) == expected


def test_every_term_of_the_policy_is_told(job: ForestJob) -> None:
    rule = DeductibleRule.model_validate({"preset": "policy_forest", "combine": "max"})
    found = told(
        job,
        deductible=rule,
        event_limit_cny=3e6,
        annual_limit_cny=None,
        inception="04-01",
        waiting_days=15,
        term_days=360,
    )
    assert found["trigger"] == "below a loss degree of 10 %"
    assert found["full_loss"] == "the sum insured of the damaged area from a loss degree of 90 % on"
    assert found["event_limit"] == "3,000,000 CNY"
    assert found["annual_limit"] == "none"
    assert found["term"] == "360 days from 04-01 (month-day)"
    assert found["waiting"] == "15 days"
    assert "cap" not in found
    assert "rescue_cost" not in found


def test_a_cap_and_rescue_cost_are_told_where_the_rule_has_them(job: ForestJob) -> None:
    found = told(job, deductible=DeductibleRule.model_validate({"preset": "old_trees", "cap": 0.5}))
    assert found["cap"] == "50 % of the sum insured of the damaged area"
    assert found["rescue_cost"] == "on top of the sum insured (none is simulated)"
    assert "trigger" not in told(job, deductible=DeductibleRule.model_validate({"kind": "none"}))


def test_perils_are_insured_or_excluded(job: ForestJob) -> None:
    spec, book = job.facts.spec, job.exposure.book
    fewer = spec.model_copy(
        update={"perils": tuple(p for p in spec.perils if p.kind in ("wildfire", "storm"))}
    )
    group = policy_group(fewer, book)
    assert group["words"].sel(item="perils").item() == "fire, storm"
    assert group["words"].sel(item="excluded").item() == "snow and ice, drought, flood and landslide, pests"
    assert told(job)["excluded"] == "none"


def test_sums_insured_are_a_range_with_the_mean_by_area(job: ForestJob) -> None:
    book = job.exposure.book
    mean = (book.sum_insured_per_mu * book.insured_area_mu).sum() / book.insured_area_mu.sum()
    low, high = book.sum_insured_per_mu.min(), book.sum_insured_per_mu.max()
    expected = f"{low:,.6g} CNY" if low == high else f"{low:,.6g} to {high:,.6g} CNY, {mean:,.4g} on average"
    assert told(job)["sum_insured"] == expected
