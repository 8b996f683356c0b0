# SPDX-License-Identifier: Apache-2.0
"""What policies pay: each term by hand, their order, the books, and the actuarial library as second method."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zone_by_hand import BODILY, CLEAN_UP, LEGAL, PROPERTY, RESPONSE, accidents, head_laws, zone_laws

from greenrisk.actuarial.layers.events import EventTable
from greenrisk.actuarial.layers.layer import Layer
from greenrisk.actuarial.layers.terms import Deductible, LossTerms
from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.liability.events import simulate_block
from greenrisk.pollution.liability.expected import head_law
from greenrisk.pollution.liability.policy_spec import (
    ClaimsMadeSpec,
    DeductibleSpec,
    PartSpec,
    PolicySpec,
    SublimitSpec,
)
from greenrisk.pollution.liability.policy_terms import terms_of
from greenrisk.pollution.liability.terms import (
    REASON_WORDS,
    REASON_WORDS_ZH,
    REASONS,
    apply_terms,
    not_insured,
    reasons_of,
)

ONE = {PROPERTY: 100.0, BODILY: 50.0, RESPONSE: 30.0, CLEAN_UP: 15.0, LEGAL: 5.0}


def _paid(found, limit=1000.0, plants=2, **wording):
    terms = terms_of(PolicySpec(**wording), np.full(plants, limit))
    paid = apply_terms(found, terms)
    reasons = reasons_of(found, terms)
    assert paid.insured.sum(axis=1) + reasons.sum(axis=1) == pytest.approx(found.total, rel=1e-12)
    assert paid.head_reason.sum(axis=0) == pytest.approx(reasons.sum(axis=0), rel=1e-12)
    return paid.insured, dict(zip(REASONS, reasons.T, strict=True))


def test_within_its_limits_a_policy_pays_the_whole_accident():
    insured, reasons = _paid(accidents({"loss": ONE}))
    assert insured[0].tolist() == [100.0, 50.0, 30.0, 15.0, 5.0]
    assert not any(amount.any() for amount in reasons.values())


def test_a_plant_without_a_policy_is_paid_nothing():
    insured, reasons = _paid(accidents({"loss": ONE}), limit=0.0)
    assert not insured.any()
    assert reasons["no_policy"].tolist() == [200.0]


def test_the_deductible_is_the_higher_of_amount_and_share_and_taken_pro_rata():
    # max(20, 25 % of 200) = 50: a quarter of every head.
    insured, reasons = _paid(accidents({"loss": ONE}), deductible={"amount_cny": 20.0, "share": 0.25})
    assert insured[0] == pytest.approx([75.0, 37.5, 22.5, 11.25, 3.75])
    assert reasons["deductible"] == pytest.approx([50.0])
    insured, _ = _paid(accidents({"loss": ONE}), deductible={"amount_cny": 80.0, "share": 0.25})
    assert insured.sum() == pytest.approx(120.0)
    insured, reasons = _paid(accidents({"loss": ONE}), deductible={"amount_cny": 300.0})
    assert insured.sum() == 0.0
    assert reasons["deductible"] == pytest.approx([200.0])


def test_the_limit_of_one_person_holds_for_bodily_injury_alone():
    found = accidents({"loss": ONE, "persons": 2.0})
    insured, reasons = _paid(found, person_limit={"amount_cny": 20.0})
    assert insured[0].tolist() == [100.0, 40.0, 30.0, 15.0, 5.0]
    assert reasons["person_limit"].tolist() == [10.0]


def test_a_sublimit_holds_for_its_heads_together_pro_rata():
    insured, reasons = _paid(
        accidents({"loss": ONE}),
        sublimits=[
            {"heads": ["third_party_property", "bodily_injury"], "amount_cny": 75.0},
            {"heads": ["clean_up"], "amount_cny": 10.0},
        ],
    )
    assert insured[0] == pytest.approx([50.0, 25.0, 30.0, 10.0, 5.0])
    assert reasons["sublimit"] == pytest.approx([80.0])


def test_the_limit_of_the_accident_is_shared_pro_rata():
    insured, reasons = _paid(accidents({"loss": ONE}), limit=50.0)
    assert insured[0] == pytest.approx([25.0, 12.5, 7.5, 3.75, 1.25])
    assert reasons["accident_limit"] == pytest.approx([150.0])


def test_the_limit_of_the_year_is_used_up_in_the_order_of_the_accidents():
    found = accidents(
        {"year": 1, "time": 0.9, "loss": {PROPERTY: 60.0}},
        {"year": 1, "time": 0.1, "loss": {PROPERTY: 80.0}},
        {"year": 1, "time": 0.5, "loss": {PROPERTY: 40.0}},
        {"year": 1, "time": 0.6, "plant": 1, "loss": {PROPERTY: 70.0}},
        {"year": 2, "time": 0.2, "loss": {PROPERTY: 90.0}},
    )
    insured, reasons = _paid(found, limit=100.0)
    # 80, then 20 of 40, then nothing of 60; the other plant and the next year have limits of their own.
    assert insured.sum(axis=1).tolist() == [80.0, 20.0, 70.0, 0.0, 90.0]
    assert reasons["annual_limit"].tolist() == [0.0, 20.0, 0.0, 60.0, 0.0]
    more, _ = _paid(found, limit=100.0, annual_multiple=1.5)
    assert more.sum(axis=1).tolist() == [80.0, 40.0, 70.0, 30.0, 90.0]


def test_terms_bite_in_their_order():
    # 200 less 20 % = 160; persons 40 -> 20; third parties 100 -> 70, clean-up 12 <= 30; 118 -> limit 100.
    found = accidents({"loss": ONE, "persons": 1.0})
    insured, reasons = _paid(
        found,
        limit=100.0,
        deductible={"share": 0.2},
        person_limit={"amount_cny": 20.0},
        sublimits=[
            {"heads": ["third_party_property", "bodily_injury"], "share": 0.7},
            {"heads": ["clean_up"], "share": 0.3},
        ],
    )
    each = {name: float(amount[0]) for name, amount in reasons.items() if amount.any()}
    assert each == pytest.approx(
        {"deductible": 40.0, "person_limit": 20.0, "sublimit": 30.0, "accident_limit": 10.0}
    )
    assert insured.sum() == pytest.approx(100.0)


def test_defence_outside_the_limits_is_paid_beside_them():
    found = accidents(
        {"loss": {PROPERTY: 200.0, LEGAL: 60.0}}, {"time": 0.7, "loss": {PROPERTY: 10.0, LEGAL: 8.0}}
    )
    inside, _ = _paid(found, limit=100.0, deductible={"amount_cny": 20.0})
    outside, _ = _paid(found, limit=100.0, deductible={"amount_cny": 20.0}, defence_inside_limits=False)
    assert inside.sum() == pytest.approx(100.0)
    # 180 -> 100, which uses the year up; the second accident falls under its deductible.
    assert outside[:, PROPERTY].tolist() == pytest.approx([100.0, 0.0])
    assert outside[:, LEGAL].tolist() == [60.0, 8.0]
    capped, _ = _paid(
        found,
        limit=100.0,
        defence_inside_limits=False,
        sublimits=[{"heads": ["legal_cost"], "amount_cny": 40.0}],
    )
    assert capped[:, LEGAL].tolist() == [40.0, 8.0]


@pytest.mark.parametrize("kind", ["gradual", "deliberate"])
def test_exclusions_take_the_whole_accident_and_can_be_bought_back(kind):
    found = accidents({"loss": ONE, kind: True}, {"time": 0.9, "loss": ONE})
    insured, reasons = _paid(found)
    assert insured.sum(axis=1).tolist() == [0.0, 200.0]
    assert reasons[kind].tolist() == [200.0, 0.0]
    insured, _ = _paid(found, **{f"excludes_{kind}": False})
    assert insured.sum(axis=1).tolist() == [200.0, 200.0]


@pytest.mark.parametrize(
    ("lag", "made", "covered"),
    [
        (0.3, ClaimsMadeSpec(retroactive_years=0, renewed=False), True),  # made in the same year, t = 0.5
        (0.6, ClaimsMadeSpec(retroactive_years=0, renewed=False), False),  # made in the next one
        (0.6, ClaimsMadeSpec(retroactive_years=0), False),  # that policy reaches back to its inception only
        (0.6, ClaimsMadeSpec(retroactive_years=1), True),
        (0.6, ClaimsMadeSpec(retroactive_years=1, renewed=False), False),  # there is no next policy
        (0.6, ClaimsMadeSpec(retroactive_years=0, reporting_years=0.2, renewed=False), True),
        (0.8, ClaimsMadeSpec(retroactive_years=0, reporting_years=0.2, renewed=False), False),
        (3.4, ClaimsMadeSpec(retroactive_years=3), True),
        (3.6, ClaimsMadeSpec(retroactive_years=3), False),
        (3.6, ClaimsMadeSpec(retroactive_years=3, reporting_years=4.0), True),
    ],
)
def test_a_claims_made_policy_asks_when_the_claim_is_made(lag, made, covered):
    insured, reasons = _paid(accidents({"loss": ONE, "lag": lag}), claims_made=made)
    assert (insured.sum() > 0) == covered
    assert (reasons["late_claim"].sum() > 0) == (not covered)
    always, _ = _paid(accidents({"loss": ONE, "lag": lag}))
    assert always.sum() == 200.0


def test_reasons_come_in_the_order_of_the_terms():
    found = accidents({"loss": ONE, "deliberate": True, "lag": 50.0})
    made = ClaimsMadeSpec(retroactive_years=0)
    _, reasons = _paid(found, claims_made=made)
    assert reasons["deliberate"].tolist() == [200.0]
    _, reasons = _paid(found, claims_made=made, excludes_deliberate=False)
    assert reasons["late_claim"].tolist() == [200.0]
    _, reasons = _paid(found, claims_made=made, limit=0.0)
    assert reasons["no_policy"].tolist() == [200.0]
    assert len(REASONS) == len(REASON_WORDS) == len(REASON_WORDS_ZH) == len(set(REASON_WORDS_ZH))


WORDINGS = st.builds(
    PolicySpec,
    annual_multiple=st.floats(1.0, 4.0),
    sublimits=st.sampled_from(
        [
            (),
            (SublimitSpec(heads=("clean_up", "emergency_response"), share=0.3),),
            (
                SublimitSpec(heads=("third_party_property", "bodily_injury"), share=0.6),
                SublimitSpec(heads=("legal_cost",), share=0.1),
            ),
        ]
    ),
    person_limit=st.sampled_from([None, PartSpec(share=0.05)]),
    deductible=st.builds(
        DeductibleSpec, amount_cny=st.floats(0.0, 5e4, allow_subnormal=False), share=st.floats(0.0, 0.5)
    ),
    defence_inside_limits=st.booleans(),
    claims_made=st.sampled_from([None, ClaimsMadeSpec(retroactive_years=1, reporting_years=0.5)]),
    excludes_gradual=st.booleans(),
    excludes_deliberate=st.booleans(),
)


@given(WORDINGS, st.floats(1e5, 1e8))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_heads_insured_and_reasons_add_up_to_the_loss_and_no_term_pays_more_than_its_limit(wording, limit):
    found = simulate_block(zone_laws(own=[0.9, 0.5]), 11, "main", 0)
    terms = terms_of(wording, [limit, 0.0])
    paid, reasons = apply_terms(found, terms), reasons_of(found, terms)
    assert paid.total + reasons.sum(axis=1) == pytest.approx(found.total, rel=1e-12)
    by_head = paid.insured.sum(axis=0) + paid.head_reason.sum(axis=1)
    assert by_head == pytest.approx(found.loss.sum(axis=0), rel=1e-12)
    assert (not_insured(found, paid) >= -1e-9 * found.loss.max()).all()
    assert (paid.insured >= 0).all()
    assert (reasons >= 0).all()
    inside = paid.total if wording.defence_inside_limits else paid.insured[:, :LEGAL].sum(axis=1)
    assert inside.max() <= limit * (1 + 1e-12)
    annual = np.bincount(found.year * 2 + found.plant, weights=inside)
    assert annual.max() <= wording.annual_limit(limit) * (1 + 1e-12)
    for sublimit in wording.sublimits:
        columns = [PROPERTY, BODILY] if "bodily_injury" in sublimit.heads else [LEGAL]
        if "clean_up" in sublimit.heads:
            columns = [RESPONSE, CLEAN_UP]
        assert paid.insured[:, columns].sum(axis=1).max() <= sublimit.of(limit) * (1 + 1e-12)
    assert not paid.insured[found.plant == 1].any()


# What each change of a term does to what is paid: it takes away, or it adds.
BASE = {"annual_multiple": 1.0}
TOGGLES = [
    ({"deductible": DeductibleSpec(amount_cny=2e4)}, -1),
    ({"deductible": DeductibleSpec(share=0.1)}, -1),
    ({"sublimits": (SublimitSpec(heads=("clean_up",), share=0.1),)}, -1),
    ({"person_limit": PartSpec(amount_cny=2e4)}, -1),
    ({"claims_made": ClaimsMadeSpec(retroactive_years=0)}, -1),
    ({"annual_multiple": 3.0}, +1),
    ({"defence_inside_limits": False}, +1),
    ({"excludes_gradual": False}, +1),
    ({"excludes_deliberate": False}, +1),
]


@pytest.mark.parametrize(("change", "sign"), TOGGLES)
def test_every_term_moves_the_payment_in_its_direction_and_the_loss_not_at_all(change, sign):
    found = simulate_block(zone_laws(own=[2.0, 1.0]), 11, "main", 0)
    before, after = (
        apply_terms(found, terms_of(PolicySpec(**{**BASE, **extra}), [1e6, 1e6])) for extra in ({}, change)
    )
    moved = after.total.sum() - before.total.sum()
    assert np.sign(moved) == sign
    booked = after.head_reason.sum() - before.head_reason.sum()
    assert moved + booked == pytest.approx(0.0, abs=1e-9 * found.total.sum())


@pytest.mark.parametrize("head", range(5))
def test_a_head_left_out_takes_its_loss_out_of_the_books(head):
    found = simulate_block(zone_laws(own=[2.0, 1.0]), 11, "main", 0)
    loss = found.loss.copy()
    loss[:, head] = 0.0
    terms = terms_of(PolicySpec(), [1e6, 1e6])
    whole, less = apply_terms(found, terms), apply_terms(replace(found, loss=loss), terms)
    assert not less.insured[:, head].any()
    assert not less.head_reason[head].any()
    assert less.total.sum() < whole.total.sum()
    others = [h for h in range(5) if h != head]
    # Without this head the others have at least as much room under the limits.
    assert less.insured[:, others].sum() >= whole.insured[:, others].sum() * (1 - 1e-12)


def _single(head=PROPERTY, blocks=30):
    """Accidents of one plant with one head, and the library's law of a positive loss."""
    share = np.zeros((1, 5))
    share[0, head] = 1.0
    heads = head_laws(share_positive=share, scale=np.ones((1, 5)))
    laws = zone_laws(own=[2.0], transport=np.zeros(1), shock_share=0.0, heads=heads)
    return [simulate_block(laws, 13, "main", k) for k in range(blocks)], head_law(heads, head)


def test_deductible_and_limit_of_an_accident_pay_what_the_library_expects():
    blocks, law = _single()
    wording = PolicySpec(
        accident_limit_cny=5e5,
        annual_multiple=1e6,
        deductible=DeductibleSpec(amount_cny=2e4),
        excludes_gradual=False,
        excludes_deliberate=False,
    )
    paid = np.concatenate([apply_terms(found, terms_of(wording, [5e5])).total for found in blocks])
    expected = LossTerms(Deductible(2e4), limit=5e5).expected_payment(law)
    assert abs(paid.mean() - expected) < 4 * paid.std() / math.sqrt(paid.size)


def test_the_higher_of_amount_and_share_pays_the_limited_expected_values():
    blocks, law = _single()
    amount, share, limit = 1e4, 0.2, 3e5
    wording = PolicySpec(
        accident_limit_cny=limit,
        annual_multiple=1e6,
        deductible=DeductibleSpec(amount_cny=amount, share=share),
        excludes_gradual=False,
        excludes_deliberate=False,
    )
    paid = np.concatenate([apply_terms(found, terms_of(wording, [limit])).total for found in blocks])
    # X - d up to d / share, (1 - share) X above it, up to the limit.
    below, turn, top = law.limited_expected_value(np.array([amount, amount / share, limit / (1 - share)]))
    expected = (turn - below) + (1 - share) * (top - turn)
    assert abs(paid.mean() - expected) < 4 * paid.std() / math.sqrt(paid.size)


def test_the_limit_of_the_year_pays_event_by_event_what_the_librarys_layer_pays():
    blocks, _ = _single(blocks=3)
    for found in blocks:
        wording = PolicySpec(
            accident_limit_cny=2e5, annual_multiple=1.5, excludes_gradual=False, excludes_deliberate=False
        )
        ours = apply_terms(found, terms_of(wording, [2e5])).total
        events = EventTable.of(found.total, found.year, found.years, found.time)
        layer = Layer(limit=2e5, annual_limit=3e5).cede(events)
        assert ours == pytest.approx(layer.ceded, rel=1e-12)


def test_terms_of_fewer_plants_than_accidents_are_refused():
    with pytest.raises(ArgumentError, match="plant 1 with terms of 1 plants"):
        apply_terms(accidents({"plant": 1, "loss": ONE}), terms_of(PolicySpec(), [1e6]))


def test_no_accidents_are_paid_nothing():
    found = accidents()
    paid = apply_terms(found, terms_of(PolicySpec(), [1e6, 1e6]))
    assert paid.insured.shape == (0, 5)
    assert not paid.head_reason.any()
