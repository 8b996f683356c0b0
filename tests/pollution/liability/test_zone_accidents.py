# SPDX-License-Identifier: Apache-2.0
"""What accidents cost and how they become claims, against closed forms."""

from dataclasses import replace

import numpy as np
import pytest
from zone_by_hand import BODILY, CLAIMS, head_laws, zone_laws

from greenrisk.actuarial.severity.modified import Capped
from greenrisk.core.cards import read_card
from greenrisk.core.library import find
from greenrisk.pollution.liability.arrivals import OWN
from greenrisk.pollution.liability.events import simulate_block
from greenrisk.pollution.liability.expected import expected_cost, head_law
from greenrisk.pollution.liability.laws import ClaimLaws, HeadLaws
from greenrisk.pollution.severity.draws import head_arrays, probability_of_any
from greenrisk.pollution.severity.heads import HEADS
from greenrisk.pollution.severity.laws import HeadLaw, dependence_of, physical_cap, severity_laws

BLOCKS = 40


def _joined(laws, name, blocks=BLOCKS):
    return np.concatenate([getattr(simulate_block(laws, 5, "main", k), name) for k in range(blocks)])


def _numbers(laws, blocks=BLOCKS):
    return sum(int(simulate_block(laws, 5, "main", k).by_year.sum()) for k in range(blocks))


def test_the_mean_cost_under_each_head_is_the_limited_expected_value():
    laws = zone_laws(own=[2.0])
    loss, number = _joined(laws, "loss"), _numbers(laws)
    mean, square = expected_cost(laws.heads)[0], expected_cost(laws.heads, 2)[0]
    error = np.sqrt((square - mean**2) / number)
    assert (np.abs(loss.sum(axis=0) / number - mean) < 4 * error).all()


def test_a_cap_by_plant_and_a_share_by_plant_hold_for_that_plant():
    share = np.tile(head_laws().share_positive, (2, 1))
    share[1] = 1.0
    cap = np.array([[1e5] * 5, [2e5] * 5])
    laws = zone_laws(own=[1.0, 1.0], heads=head_laws(share_positive=share, cap=cap))
    loss, plant = _joined(laws, "loss", 2), _joined(laws, "plant", 2)
    assert loss[plant == 0].max() == 1e5
    assert loss[plant == 1].max() == 2e5
    assert (loss[plant == 1] > 0).all()


def test_as_many_accidents_cost_anything_as_the_integral_over_the_factor_says():
    laws = zone_laws(own=[2.0])
    heads = laws.heads
    by_head = [
        HeadLaw(name, float(heads.share_positive[0, h]), Capped(head_law(heads, h), 1e12))
        for h, name in enumerate(HEADS)
    ]
    expected = probability_of_any(by_head, heads.dependence)
    number = _numbers(laws)
    found = _joined(laws, "plant").size / number
    assert abs(found - expected) < 4 * np.sqrt(expected * (1 - expected) / number)


def test_dependence_makes_heads_costly_together_and_leaves_each_share():
    together, apart = (
        _joined(zone_laws(own=[2.0], heads=head_laws(dependence=r)), "loss", 10) for r in (0.8, 0.0)
    )
    number = _numbers(zone_laws(own=[2.0]), 10)
    for loss in (together, apart):
        share = (loss > 0).sum(axis=0) / number
        assert (np.abs(share - head_laws().share_positive[0]) < 4 * np.sqrt(0.25 / number)).all()

    def both(loss):
        return ((loss[:, 2] > 0) & (loss[:, 3] > 0)).sum() / number

    assert abs(both(apart) - 0.35 * 0.3) < 4 * np.sqrt(0.1 / number)
    assert both(together) > 1.5 * both(apart)


def test_gradual_and_deliberate_are_shares_of_own_accidents_and_never_both():
    laws = zone_laws(own=[2.0, 1.0])
    gradual, deliberate, cause = (_joined(laws, name) for name in ("gradual", "deliberate", "cause"))
    own = cause == OWN
    n = own.sum()
    assert not (gradual & deliberate).any()
    assert not (gradual | deliberate)[~own].any()
    assert abs(gradual[own].mean() - 0.08) < 4 * np.sqrt(0.08 / n)
    assert abs(deliberate[own].mean() - 0.03) < 4 * np.sqrt(0.03 / n)


def test_claims_of_gradual_pollution_come_late():
    laws = zone_laws(own=[2.0, 1.0])
    lag, gradual = _joined(laws, "lag"), _joined(laws, "gradual")
    for late, mean in ((gradual, 3.0), (~gradual, 0.15)):
        n = late.sum()
        assert abs(lag[late].mean() - mean) < 4 * mean / np.sqrt(n)  # exponential: the mean is the deviation
        beyond = np.exp(-2.0)
        assert abs((lag[late] > 2 * mean).mean() - beyond) < 4 * np.sqrt(beyond / n)


def test_persons_are_the_cost_of_injury_over_that_of_a_person_rounded_up():
    sure = ClaimLaws(**{**CLAIMS, "person_spread": 0.0})
    laws = zone_laws(own=[2.0], claims=sure)
    injury, persons = _joined(laws, "loss", 5)[:, BODILY], _joined(laws, "persons", 5)
    assert persons.tolist() == np.ceil(injury / 50_000.0).tolist()
    assert (persons > 0).tolist() == (injury > 0).tolist()


def test_a_year_has_days():
    block = simulate_block(zone_laws(), 5, "main", 0)
    assert block.day.min() >= 0
    assert block.day.max() <= 364
    assert len(block) == block.year.size == block.total.size


def test_the_shipped_severity_cards_make_laws_of_a_zone():
    cards = {
        role: read_card(find("models", name))
        for role, name in {
            "severity": "zone-severity-phmsa",
            "bodily": "zone-severity-bodily-judged",
            "legal": "zone-severity-legal-judged",
            "transfer": "zone-transfer-china-judged",
        }.items()
    }
    values = {role: card.values() for role, card in cards.items()}
    constants = {role: card.constants for role, card in cards.items()}
    by_head = severity_laws(values, constants, physical_cap(values))
    heads = HeadLaws(dependence=dependence_of(values), **head_arrays(by_head))
    assert expected_cost(heads)[0] == pytest.approx([law.expected() for law in by_head], rel=1e-9)
    block = simulate_block(zone_laws(heads=heads), 5, "main", 0)
    assert (block.loss <= heads.cap[0]).all()


def test_a_factor_on_the_scale_multiplies_uncapped_losses():
    laws = zone_laws(heads=head_laws(cap=np.full((1, 5), 1e15)))
    double = replace(laws, heads=replace(laws.heads, scale=2.0 * laws.heads.scale))
    one, two = (simulate_block(each, 5, "main", 1) for each in (laws, double))
    assert two.loss == pytest.approx(2.0 * one.loss)
