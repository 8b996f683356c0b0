# SPDX-License-Identifier: Apache-2.0
"""What a scenario may say of the mandate, the pool and reinsurance, and what contradicts itself."""

import math

import pytest
from leping_mandate import mandate_values
from pydantic import ValidationError

from greenrisk.actuarial.layers.layer import Layer, Reinstatements
from greenrisk.actuarial.layers.programme import QuotaShare
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.cards import read_card
from greenrisk.core.library import find
from greenrisk.pollution.mandate.mandate_spec import (
    EnrolmentSpec,
    LimitAdequacySpec,
    MandateSpec,
    MeasureSpec,
    MinimumLimitSpec,
    RulesSpec,
)
from greenrisk.pollution.mandate.pool_spec import PoolSpec, ZoneReinsuranceSpec
from greenrisk.pollution.mandate.roles import MANDATE_ROLES

A = {"name": "A", "share": 0.6, "leads": True}
B = {"name": "B", "share": 0.4}


def _refused(kind, text, **given):
    with pytest.raises(ValidationError, match=text):
        kind(**given)


def test_a_mandate_without_keys_is_whole_and_survives_a_round_trip():
    spec = MandateSpec()
    assert MandateSpec(**spec.model_dump()) == spec
    assert [scenario.name for scenario in spec.enrolment] == [
        "as_is",
        "voluntary",
        "by_grade",
        "mandatory",
        "extended",
    ]


def test_what_contradicts_itself_is_refused_with_the_mend():
    _refused(LimitAdequacySpec, "leave", leave=(1.0,))
    _refused(LimitAdequacySpec, "limits_cny", limits_cny=(0.0,))
    _refused(MinimumLimitSpec, "must not fall", general_cny=2e6, larger_cny=1e6)
    _refused(RulesSpec, "filling.*Known: ", kinds_of_site=("filling",))
    _refused(EnrolmentSpec, "beyond_zone", name="x", beyond_zone=True)
    _refused(MeasureSpec, "prevention", name="x")
    _refused(MandateSpec, "enrolment.* names 'a' more than once", enrolment=[{"name": "a"}, {"name": "a"}])
    _refused(MandateSpec, "measures", measures=[{"name": "m", "prevention": "standard"}] * 2)


def test_the_shares_of_a_pool_add_up_and_one_member_leads():
    assert PoolSpec(members=(A, B)).lead_fee is None
    _refused(PoolSpec, "add up to 0.9", members=(A, B | {"share": 0.3}))
    _refused(PoolSpec, "0 members lead", members=(A | {"leads": False}, B))
    _refused(PoolSpec, "2 members lead", members=(A, B | {"leads": True}))
    _refused(PoolSpec, "'A' stands there twice", members=(A, B | {"name": "A"}))


def test_covers_become_the_steps_of_the_library():
    spec = ZoneReinsuranceSpec(
        covers=(
            {"kind": "quota_share", "share": 0.3, "commission": 0.2},
            {"kind": "excess_of_loss", "attachment_cny": 1e6, "limit_cny": 4e6, "reinstatements": 2},
            {"kind": "annual_excess", "attachment_cny": 5e6, "limit_cny": 1e7, "share": 0.9},
        )
    )
    assert spec.programme().steps == (
        QuotaShare(0.3),
        Layer(4e6, 1e6, reinstatements=Reinstatements(2)),
        Layer(math.inf, share=0.9, annual_limit=1e7, annual_attachment=5e6),
    )
    assert spec.labels == ("1 quota share", "2 excess of loss", "3 annual excess")
    assert ZoneReinsuranceSpec().programme().steps == ()


def test_the_shipped_cards_have_what_their_roles_ask_for():
    role = MANDATE_ROLES["mandate"]
    card = read_card(find("models", "zone-mandate-judged"))
    assert card.use == role.use
    assert set(card.parameters) == set(role.parameters)
    for name, parameter in card.parameters.items():
        assert parameter.unit == role.units.get(name, "unitless")
        assert parameter.status == "illustrative"
    loadings = read_card(find("models", "zone-loadings-judged"))
    assert loadings.use == MANDATE_ROLES["loadings"].use
    assert Loadings.from_values(loadings.values()).ratio == pytest.approx(0.365)
    assert set(mandate_values()) == set(role.parameters)
