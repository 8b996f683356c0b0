# SPDX-License-Identifier: Apache-2.0
"""The range of deflator and rate of exchange: drawn with the cards, for prices that were converted and for no other."""

from __future__ import annotations

import math

import numpy as np
import pytest

from greenrisk.core.cards import Z_90
from greenrisk.issuer.conversion_card import CONVERSION, MULTIPLE, conversion_cards, converted_scenarios
from greenrisk.issuer.issuers import IssuersScenario
from greenrisk.pathways.currency import Conversion
from greenrisk.scenario.load import load
from tests.studied_issuers import prepared_issuers

FACTORS = Conversion(2024, 1.4, 7.0, (1.26, 1.54), (6.65, 7.35), "unconfirmed", "confirmed", "somewhere")


def scenario(overrides: dict[str, str] | None = None) -> IssuersScenario:
    spec = load("issuers-jingdezhen", overrides or {}).spec
    assert isinstance(spec, IssuersScenario)
    return spec


def spread(low: float, high: float) -> float:
    return (math.log(high) - math.log(low)) / (2.0 * Z_90)


def test_the_card_has_both_ranges_as_independent_lognormals():
    card = conversion_cards(scenario(), FACTORS, ("carbon_price",))[CONVERSION]
    parameter = card.parameters[MULTIPLE]
    both = math.hypot(spread(1.26, 1.54), spread(6.65, 7.35))
    assert parameter.ends() == pytest.approx((math.exp(-Z_90 * both), math.exp(Z_90 * both)), rel=1e-12)
    assert (parameter.value, parameter.status) == (1.0, "unconfirmed")


def test_dollars_take_the_rate_back_and_keep_the_deflator():
    spec = scenario({"currency": "USD"})
    parameter = conversion_cards(spec, FACTORS, ("carbon_price",))[CONVERSION].parameters[MULTIPLE]
    one = spread(1.26, 1.54)
    assert parameter.ends() == pytest.approx((math.exp(-Z_90 * one), math.exp(Z_90 * one)), rel=1e-12)


def test_factors_that_the_user_gives_have_no_range_and_no_card():
    sure = Conversion(2024, 1.4, 7.0, (1.4, 1.4), (7.0, 7.0), "user", "user", "given by the user")
    assert conversion_cards(scenario(), sure, ("carbon_price",)) == {}
    assert conversion_cards(scenario(), FACTORS, ("energy_price",)) == {}


def test_a_price_of_the_users_own_is_in_yuan_already():
    shocks = "[{kind: step, quantity: carbon_price, value: absolute, size: 500, start: 2030}]"
    spec = scenario({"pathways.scenarios[1].shocks": shocks})
    assert converted_scenarios(spec)[:3] == (True, False, True)


def test_a_draw_multiplies_the_carbon_price_of_its_variant_alone():
    job = prepared_issuers()
    values = [job.plan.values[0], job.plan.values[1]]
    multiple = float(values[1][CONVERSION][MULTIPLE])
    assert multiple != 1.0
    price = job.model.setting(slice(0, 3), values).driver("carbon_price")
    plain = job.model.setting(slice(0, 3), values[:1]).driver("carbon_price")
    np.testing.assert_array_equal(price[0], plain[0])
    np.testing.assert_allclose(price[1], plain[0] * multiple, rtol=1e-12)


def test_losses_given_default_and_their_answer_to_the_shock_are_drawn():
    job = prepared_issuers()
    drawn = [one["recovery"] for one in job.plan.values[1 : 1 + job.plan.draws]]
    assert len({float(one["senior_unsecured"]) for one in drawn}) == job.plan.draws
    assert len({float(one["shock_sensitivity"]) for one in drawn}) == job.plan.draws
    ends = [end for end in job.plan.ends if end.role == "recovery" and end.name == "shock_sensitivity"]
    assert [end.side for end in ends] == ["low", "high"]
    first = job.plan.first_end + job.plan.ends.index(ends[0])
    setting = job.model.setting(slice(0, len(job.model.issuers)), job.plan.values[first : first + 2])
    low, high = job.model.outcome(setting).credit.loss_rate
    base = job.model.baseline
    # No sensitivity: the card's share in every scenario. With it more is lost where assets lost against the baseline.
    share = float(job.plan.values[0]["recovery"]["senior_unsecured"])
    np.testing.assert_allclose(low, share, rtol=1e-12)
    np.testing.assert_allclose(high[base], share, rtol=1e-12)
    assert float(high.max()) > share
