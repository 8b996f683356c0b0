# SPDX-License-Identifier: Apache-2.0
"""The keys of a policy: what contradicts what, and that all of it is told at once."""

import pytest
from pydantic import ValidationError

from greenrisk.core.errors import ScenarioError
from greenrisk.core.explain import validate
from greenrisk.core.marked_yaml import read_yaml
from greenrisk.pollution.liability.policy_spec import Head, PartSpec, PolicySpec, SublimitSpec
from greenrisk.pollution.severity.heads import HEADS


def test_a_policy_without_a_word_has_the_plants_limit_as_limit_of_accident_and_year():
    policy = PolicySpec()
    assert policy.accident_limit_cny is None
    assert policy.annual_limit(2e6) == 2e6
    assert policy.contradictions(2e6) == []


def test_the_heads_of_a_sublimit_are_those_of_the_losses():
    assert Head.__args__ == HEADS


def test_a_share_is_taken_of_the_limit_and_an_amount_as_it_stands():
    assert PartSpec(share=0.3).of(2e6) == pytest.approx(6e5)
    assert PartSpec(amount_cny=1e5).of(2e6) == 1e5


@pytest.mark.parametrize("given", [{}, {"amount_cny": 1.0, "share": 0.5}])
def test_a_part_is_an_amount_or_a_share(given):
    with pytest.raises(ValidationError, match="one of both"):
        PartSpec(**given)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"accident_limit_cny": 3e6, "annual_limit_cny": 2e6},
            "The limit of the accident, 3,000,000 CNY, exceeds that of the year, 2,000,000 CNY",
        ),
        ({"annual_limit_cny": 2e6, "annual_multiple": 2.0}, "not both"),
        (
            {"accident_limit_cny": 1e6, "sublimits": [{"heads": ["clean_up"], "amount_cny": 2e6}]},
            "The sublimit of clean_up, 2,000,000 CNY, exceeds the limit of the accident, 1,000,000 CNY",
        ),
        (
            {
                "accident_limit_cny": 1e6,
                "sublimits": [{"heads": ["bodily_injury"], "amount_cny": 2e5}],
                "person_limit": {"amount_cny": 3e5},
            },
            "The limit of one person, 300,000 CNY, exceeds the sublimit of bodily_injury, 200,000 CNY",
        ),
        (
            {"accident_limit_cny": 1e6, "deductible": {"amount_cny": 1e6}},
            "The deductible, 1,000,000 CNY, leaves nothing of the limit of the accident",
        ),
        (
            {"sublimits": [{"heads": ["clean_up"], "share": 0.1}, {"heads": ["clean_up"], "share": 0.2}]},
            "clean_up stands in 2 sublimits",
        ),
        ({"sublimits": [{"heads": ["clean_up", "clean_up"], "share": 0.1}]}, "clean_up stands there 2 times"),
        (
            {
                "defence_inside_limits": False,
                "sublimits": [{"heads": ["clean_up", "legal_cost"], "share": 0.1}],
            },
            "give legal_cost one of its own",
        ),
    ],
)
def test_terms_that_contradict_each_other_are_refused(given, sentence):
    with pytest.raises(ValidationError) as caught:
        PolicySpec.model_validate(given)
    assert sentence in str(caught.value)


def test_all_contradictions_of_a_policy_are_told_with_their_place(tmp_path):
    file = tmp_path / "policy.yaml"
    file.write_text(
        "accident_limit_cny: 1000000\n"
        "annual_limit_cny: 500000\n"
        "sublimits:\n"
        "  - heads: [clean_up]\n"
        "    amount_cny: 2000000\n"
        "deductible:\n"
        "  amount_cny: 3000000\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        validate(PolicySpec, read_yaml(file, ScenarioError), ScenarioError)
    text = str(caught.value)
    assert "policy.yaml:1:1" in text
    for sentence in ("exceeds that of the year", "The sublimit of clean_up", "The deductible"):
        assert sentence in text


def test_an_unknown_head_is_told_with_the_known_ones(tmp_path):
    file = tmp_path / "policy.yaml"
    file.write_text("sublimits:\n  - heads: [cleanup]\n    share: 0.3\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"policy.yaml:2:13  sublimits\[0\].heads\[0\] = cleanup"):
        validate(PolicySpec, read_yaml(file, ScenarioError), ScenarioError)


def test_a_sublimit_needs_a_head():
    with pytest.raises(ValidationError):
        SublimitSpec(heads=(), share=0.5)
