# SPDX-License-Identifier: Apache-2.0
"""No card of the zone study is there for show: every number moves a result, and a card left out is refused."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr
from studied_zone import prepared, settled

from greenrisk.core.errors import GreenRiskError
from greenrisk.core.variants import End
from greenrisk.pollution.job import ZoneJob
from greenrisk.pollution.liability.expected import expected_losses
from greenrisk.pollution.liability.policy_terms import terms_of
from greenrisk.pollution.roles import wanted_cards
from greenrisk.pollution.variants import Variant


def silent(job: ZoneJob, parts: list[xr.Dataset]) -> list[End]:
    """Return the range ends under which no quantity of the knowledge runs differs from the base variant's."""
    found = [part for part in parts if "quantity" in part]
    zone = np.concatenate([part["quantity"].values for part in found])
    plants = np.concatenate([part["plant_quantity"].values for part in found])

    def moves(row: int) -> bool:
        same = np.array_equal(zone[row], zone[0], equal_nan=True)
        return not (same and np.array_equal(plants[row], plants[0], equal_nan=True))

    return [end for i, end in enumerate(job.plan.ends) if not moves(job.plan.first_end + i)]


def test_every_number_of_every_card_moves_a_quantity_except_those_that_the_wording_or_threshold_rules_out(
    job: ZoneJob, parts: list[xr.Dataset]
) -> None:
    central = job.plan.variants[0].values
    assert central["severity"]["tail_threshold"] == "p80"
    unused = {(end.role, end.name, end.side) for end in silent(job, parts)}
    other_threshold = {
        ("severity", name, side)
        for name in job.facts.cards["severity"].parameters
        if name.endswith("_90")
        for side in ("low", "high")
    }
    base = {("severity", "tail_threshold", "option")}
    # Claims come in time and nobody reaches the limit of a person in a thousand years: see the wordings below.
    of_claims = {
        ("claims", name, side)
        for name in ("lag_sudden", "lag_gradual", "person_cost", "person_spread")
        for side in ("low", "high")
    }
    assert other_threshold <= unused
    assert unused <= other_threshold | base | of_claims
    # Only the option that is the card's own moves nothing.
    options = [end.value for end in silent(job, parts) if end.name == "tail_threshold"]
    assert options == ["p80"]


def test_the_numbers_of_the_other_threshold_move_the_loss_where_the_tail_begins_there(job: ZoneJob) -> None:
    other = job.plan.variants[0].with_value("severity", "tail_threshold", "p90")
    loss = expected_losses(job.model.laws(other)).sum()
    for end in job.plan.ends:
        if end.role == "severity" and end.name.endswith("_90"):
            moved = expected_losses(job.model.laws(other.with_value(end.role, end.name, end.value))).sum()
            assert np.sign(moved - loss) == {"low": -1, "high": +1}[end.side], end


CLAIM_WORDINGS: dict[str, Callable[[Variant], Variant]] = {
    "lag_sudden": lambda v: v.with_value("claims", "lag_sudden", 5.0),
    "lag_gradual": lambda v: v.with_value("claims", "lag_gradual", 50.0),
    "person_cost": lambda v: v.with_value("claims", "person_cost", 1_000_000.0),
    "person_spread": lambda v: v.with_value("claims", "person_spread", 6.0),
}


@pytest.mark.parametrize("name", CLAIM_WORDINGS)
def test_the_numbers_of_claims_move_what_a_claims_made_policy_with_a_limit_by_person_pays(
    job: ZoneJob, name: str
) -> None:
    spec = job.facts.spec.policy.model_copy(update={"excludes_gradual": False, "sublimits": ()})
    assert spec.claims_made is not None
    assert spec.person_limit is not None
    terms = terms_of(spec, job.model.plants.limit)
    central = job.plan.variants[0]
    moved = CLAIM_WORDINGS[name](central)
    paid = [
        sum(float(one.total.sum()) for _, one in settled(job, variant, terms, blocks=range(10)))
        for variant in (central, moved)
    ]
    # Later claims and fewer persons behind the same injury are paid less.
    assert paid[1] < paid[0]


def test_every_constant_of_a_card_is_needed(job: ZoneJob) -> None:
    wanted = wanted_cards(job.facts.spec)
    for role, card in job.facts.cards.items():
        assert set(card.constants) == set(wanted[role].role.constants), role
        assert set(card.parameters) <= {*wanted[role].role.parameters, *wanted[role].role.optional}, role


def keys() -> list[str]:
    from greenrisk.scenario.load import load

    cards = wanted_cards(load("zone-leping").spec).values()
    return [".".join(map(str, one.key_path)) for one in cards] + ["mandate.card"]


@pytest.mark.parametrize("key", keys())
def test_a_card_that_is_not_there_or_is_for_another_use_is_refused_with_its_key(key: str) -> None:
    for name in ("no-such-card", "storm-judged"):
        with pytest.raises(GreenRiskError) as caught:
            prepared(**{key: name})
        (fault,) = caught.value.faults
        assert fault.what == f"{key} = {name}"


def test_the_expected_loss_rests_on_every_card_of_frequency_and_severity(job: ZoneJob) -> None:
    central = job.plan.variants[0]
    loss = expected_losses(job.model.laws(central)).sum()
    moved = {
        end.role
        for end in job.plan.ends
        if expected_losses(job.model.laws(central.with_value(end.role, end.name, end.value))).sum() != loss
    }
    assert moved == {"accidents", "rating_factors", "severity", "bodily", "legal", "transfer"}
