# SPDX-License-Identifier: Apache-2.0
"""Rates and laws of a zone: what is refused, and what shocks leave of a plant's own accidents."""

import numpy as np
import pytest
from zone_by_hand import CLAIMS, head_laws, zone_laws

from greenrisk.core.cards import read_card
from greenrisk.core.errors import ArgumentError
from greenrisk.core.library import find
from greenrisk.pollution.liability.laws import ClaimLaws


def test_own_accidents_and_shocks_add_up_to_the_plants_rate():
    laws = zone_laws()
    # q = 0.2 * 0.3 / 0.3 = 0.2 for the first plant; 0.3 shocks a year then cause 0.06 of its 0.3 accidents.
    assert laws.hit == pytest.approx([0.2, 0.2 / 3, 0.1 / 3, 0.04 / 3])
    assert laws.alone == pytest.approx([0.24, 0.08, 0.04, 0.016])
    assert laws.share_achieved == pytest.approx(0.2)


def test_a_shock_hits_no_plant_with_certainty_and_the_rest_stays_its_own():
    laws = zone_laws(shock_rate=0.05, shock_share=0.5)
    # 0.5 * 0.3 / 0.05 = 3 would be no probability: 0.95 * 0.05 = 0.0475 of 0.3 a year come from shocks.
    assert laws.hit[0] == 0.95
    assert laws.alone[0] == pytest.approx(0.3 - 0.0475)
    by_shocks = 0.05 * (0.95 + 0.95 + 0.5 + 0.2)
    assert laws.share_achieved == pytest.approx(by_shocks / 0.47)


def test_how_far_a_shock_is_held_is_the_cards_to_say():
    held = zone_laws(shock_rate=0.05, shock_share=0.5, most_hit=0.5).hit
    assert held == pytest.approx([0.5, 0.5, 0.5, 0.2])
    assert read_card(find("models", "zone-common-shock-judged")).constants == {"most_hit": 0.95}
    with pytest.raises(ArgumentError, match="most_hit"):
        zone_laws(most_hit=1.0)


def test_a_zone_without_shocks_has_own_accidents_only():
    laws = zone_laws(shock_rate=0.0, shock_share=0.0)
    assert laws.hit.tolist() == [0.0] * 4
    assert laws.alone.tolist() == laws.own.tolist()
    assert laws.share_achieved == 0.0


def test_laws_of_heads_are_given_a_row_for_every_plant():
    laws = zone_laws()
    assert laws.heads.share_positive.shape == laws.heads.cap.shape == laws.heads.scale.shape == (4, 5)


@pytest.mark.parametrize(
    ("changed", "what", "mend"),
    [
        ({"own": [-0.1, 0.1]}, "own[0] = -0.1", "It must be >= 0"),
        ({"own": [np.nan, 0.1]}, "own[0] = nan", "It must be >= 0"),
        ({"transport": np.zeros(3)}, "transport of shape (3,)", "One rate for each of the 4 plants"),
        ({"shock_share": 1.5}, "shock_share = 1.5", "It must be >= 0 and <= 1"),
        ({"shock_rate": 0.0}, "shock_rate = 0", "set their rate > 0"),
    ],
)
def test_rates_that_make_no_zone_are_refused(changed, what, mend):
    with pytest.raises(ArgumentError) as caught:
        zone_laws(**changed)
    assert what in str(caught.value)
    assert mend in str(caught.value)


def test_all_faults_of_the_rates_are_told_at_once():
    with pytest.raises(ArgumentError) as caught:
        zone_laws(own=[-1.0, 0.1], shock_share=2.0, shock_rate=-1.0)
    assert [fault.where for fault in caught.value.faults] == ["own", "shock_rate", "shock_share"]


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"cap": np.array([[np.inf, 1, 1, 1, 1]])}, "cap[0][0] = inf"),
        ({"dependence": 1.0}, "dependence = 1"),
        ({"share_positive": np.full((1, 5), 1.2)}, "share_positive[0][0] = 1.2"),
        ({"mu": np.zeros(3)}, "mu of shape (3,)"),
        ({"tail_weight": np.zeros(5)}, "threshold[0] = 28000, tail_weight[0] = 0"),
        ({"threshold": np.full(5, np.inf)}, "threshold[0] = inf, tail_weight[0] = 0.2"),
    ],
)
def test_laws_that_make_no_head_are_refused(changed, what):
    with pytest.raises(ArgumentError) as caught:
        head_laws(**changed)
    assert what in str(caught.value)


def test_a_table_of_heads_for_other_plants_is_refused():
    with pytest.raises(ArgumentError, match=r"One row for each of the 4 plants"):
        zone_laws(heads=head_laws(cap=np.full((3, 5), 1e6)))


def test_shares_of_claims_above_one_are_refused():
    with pytest.raises(ArgumentError, match=r"share_gradual \+ share_deliberate = 1.1"):
        ClaimLaws(**{**CLAIMS, "share_gradual": 0.7, "share_deliberate": 0.4})


def test_the_shipped_card_makes_claim_laws_at_its_centre_and_at_both_ends():
    card = read_card(find("models", "zone-claims-judged"))
    assert card.use == "zone.claims"
    assert {parameter.status for parameter in card.parameters.values()} == {"illustrative"}
    for end in (card.values(), *({n: p.ends()[i] for n, p in card.parameters.items()} for i in (0, 1))):
        laws = ClaimLaws.from_values(end)
        assert laws.lag_gradual == end["lag_gradual"]


def test_the_shipped_card_of_common_shocks_brings_the_two_numbers_of_a_zone():
    card = read_card(find("models", "zone-common-shock-judged"))
    laws = zone_laws(**card.values())
    assert laws.shock_rate == card.values()["shock_rate"]
    assert laws.share_achieved == pytest.approx(card.values()["shock_share"])
