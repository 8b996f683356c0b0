# SPDX-License-Identifier: Apache-2.0
"""The terms of every plant: from one wording and the plants' own limits."""

import math

import numpy as np
import pytest

from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.liability.policy_spec import (
    ClaimsMadeSpec,
    DeductibleSpec,
    PartSpec,
    PolicySpec,
    SublimitSpec,
)
from greenrisk.pollution.liability.policy_terms import choose, terms_of

WORDING = PolicySpec(
    annual_multiple=2.0,
    sublimits=(
        SublimitSpec(heads=("third_party_property", "bodily_injury"), share=0.7),
        SublimitSpec(heads=("legal_cost",), amount_cny=1e5),
    ),
    person_limit=PartSpec(share=0.05),
    deductible=DeductibleSpec(amount_cny=2e4, share=0.1),
    claims_made=ClaimsMadeSpec(retroactive_years=3, reporting_years=0.5),
)


def test_shares_follow_each_plants_own_limit():
    terms = terms_of(WORDING, [1e6, 0.0, 4e6])
    assert terms.insured.tolist() == [True, False, True]
    assert terms.accident_limit[[0, 2]].tolist() == [1e6, 4e6]
    assert terms.annual_limit[[0, 2]].tolist() == [2e6, 8e6]
    assert terms.person_limit[[0, 2]].tolist() == [5e4, 2e5]
    # Property and bodily injury share a column; legal cost has its own, the rest has none.
    assert terms.group[0].tolist() == [0, 0, 2, 3, 4]
    assert terms.group_limit[2].tolist() == [pytest.approx(2.8e6), math.inf, math.inf, math.inf, 1e5]
    assert terms.retroactive_years.tolist() == [3.0] * 3


def test_a_limit_in_the_wording_holds_for_every_insured_plant():
    terms = terms_of(PolicySpec(accident_limit_cny=5e6), [1e6, 0.0])
    assert terms.insured.tolist() == [True, False]
    assert terms.accident_limit[0] == 5e6


def test_plants_whose_limit_contradicts_the_wording_are_told_at_once_by_name():
    wording = PolicySpec(annual_limit_cny=3e6, sublimits=(SublimitSpec(heads=("clean_up",), amount_cny=1e6),))
    with pytest.raises(ArgumentError) as caught:
        terms_of(wording, [5e5, 2e6, 4e6, 0.0], ["P01", "P02", "P03", "P04"])
    first, second = caught.value.faults
    assert first.what == "plant P01, limit 500,000"
    assert "The sublimit of clean_up, 1,000,000 CNY, exceeds the limit of the accident, 500,000 CNY" in str(
        first
    )
    assert second.what == "plant P03, limit 4,000,000"
    assert "exceeds that of the year, 3,000,000 CNY" in str(second)


def test_of_many_contradictions_the_first_are_told_and_the_rest_counted():
    wording = PolicySpec(deductible=DeductibleSpec(amount_cny=1e6))
    with pytest.raises(ArgumentError, match=r"\.\.\. and 7 more"):
        terms_of(wording, np.full(12, 1e6))


def test_a_negative_limit_is_refused():
    with pytest.raises(ArgumentError, match=r"limit\[1\] = -1"):
        terms_of(PolicySpec(), [1.0, -1.0])


def test_without_sublimits_only_limits_and_deductible_are_left():
    terms = terms_of(WORDING, [1e6, 2e6])
    bare = terms.without_sublimits()
    assert np.isinf(bare.group_limit).all()
    assert np.isinf(bare.person_limit).all()
    assert bare.accident_limit.tolist() == terms.accident_limit.tolist()
    open_ended = terms.without_limits()
    assert np.isinf(open_ended.accident_limit).all()
    assert np.isinf(open_ended.annual_limit).all()
    assert open_ended.deductible_amount.tolist() == [2e4, 2e4]


def test_terms_of_one_wording_or_another_are_chosen_plant_by_plant():
    one, two = terms_of(WORDING, [1e6] * 3), terms_of(PolicySpec(), [9e6] * 3)
    mixed = choose((one, two), [0, 1, 0])
    assert mixed.accident_limit.tolist() == [1e6, 9e6, 1e6]
    assert mixed.claims_made.tolist() == [True, False, True]
    insured = terms_of(WORDING, [1e6, 0.0, 1e6]).with_everyone_insured(two)
    assert insured.insured.all()
    assert insured.accident_limit.tolist() == [1e6, 9e6, 1e6]
