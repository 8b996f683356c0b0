# SPDX-License-Identifier: Apache-2.0
"""What an alternative changes of the policy, and alternatives that change nothing."""

import pytest
from pydantic import ValidationError

from greenrisk.resource.alternative_terms import AlternativeSpec, AlternativesSpec, idle_alternatives
from greenrisk.resource.forest import TermsSpec

BASE = TermsSpec.model_validate(
    {
        "deductible": {"preset": "policy_forest", "combine": "min"},
        "event_limit_cny": 5e7,
        "annual_limit_cny": 1e8,
    }
)


def alternatives(*options: dict[str, object], **more: object) -> AlternativesSpec:
    return AlternativesSpec.model_validate({"options": list(options), **more})


def test_what_is_left_out_stays_as_it_is() -> None:
    option = AlternativeSpec.model_validate(
        {"name": "larger", "deductible": {"preset": "policy_forest", "combine": "max"}}
    )
    terms = option.terms(BASE)
    assert terms.deductible.combine == "max"
    assert (terms.event_limit_cny, terms.annual_limit_cny) == (5e7, 1e8)
    assert terms.model_copy(update={"deductible": BASE.deductible}) == BASE


def test_a_limit_is_changed_or_taken_away() -> None:
    option = AlternativeSpec.model_validate(
        {"name": "limits", "event_limit_cny": 1e6, "annual_limit_cny": "none"}
    )
    assert (option.terms(BASE).event_limit_cny, option.terms(BASE).annual_limit_cny) == (1e6, None)


def test_an_alternative_that_gives_nothing_is_refused() -> None:
    with pytest.raises(
        ValidationError, match=r"The alternative `same` changes nothing\. Give it a deductible"
    ):
        alternatives({"name": "same", "sum_insured_factor": 1.0})


def test_an_alternative_that_writes_the_policy_in_other_words_is_found() -> None:
    parts = {
        "kind": "area",
        "trigger": 0.1,
        "full_loss": 0.9,
        "share": 0.15,
        "branch_share": 0.1,
        "absolute_mu": 10,
    }
    spec = alternatives(
        {"name": "larger", "deductible": {"preset": "policy_forest", "combine": "max"}},
        {"name": "other words", "deductible": parts | {"combine": "min"}, "event_limit_cny": 5e7},
        {"name": "larger again", "deductible": {"preset": "policy_forest", "combine": "max"}},
        {
            "name": "larger, 1.1",
            "deductible": {"preset": "policy_forest", "combine": "max"},
            "sum_insured_factor": 1.1,
        },
    )
    assert [(one.place, one.mend) for one in idle_alternatives(spec, BASE)] == [
        (1, "Its terms are those of the policy (base): it changes nothing. Change it or leave it out."),
        (
            2,
            "Its terms are those of the alternative `larger`: it changes nothing. Change it or leave it out.",
        ),
    ]


def test_taking_away_a_limit_that_is_not_there_changes_nothing() -> None:
    free = BASE.model_copy(update={"event_limit_cny": None})
    (idle,) = idle_alternatives(alternatives({"name": "free", "event_limit_cny": "none"}), free)
    assert idle.place == 0


@pytest.mark.parametrize("name", ["base", "Base"])
def test_the_name_of_the_policy_itself_is_taken(name: str) -> None:
    with pytest.raises(ValidationError, match="`base` is the policy as it stands"):
        alternatives({"name": name, "sum_insured_factor": 1.2})


def test_a_name_stands_once() -> None:
    with pytest.raises(ValidationError, match="more stands there more than once"):
        alternatives({"name": "more", "sum_insured_factor": 1.2}, {"name": "more", "sum_insured_factor": 1.3})


def test_a_limit_is_a_positive_number_or_none() -> None:
    with pytest.raises(ValidationError, match="event_limit_cny"):
        alternatives({"name": "odd", "event_limit_cny": "no"})
    with pytest.raises(ValidationError, match="event_limit_cny"):
        alternatives({"name": "odd", "event_limit_cny": 0})


def test_a_stand_is_worth_the_largest_sum_insured_unless_the_user_knows_better() -> None:
    lower = {"name": "lower", "sum_insured_factor": 0.5}
    assert alternatives(lower).worth == 1.0
    assert alternatives(lower, {"name": "more", "sum_insured_factor": 1.25}).worth == 1.25
    assert alternatives(lower, value_factor=2.0).worth == 2.0
