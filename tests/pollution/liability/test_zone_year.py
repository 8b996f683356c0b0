# SPDX-License-Identifier: Apache-2.0
"""Zone years: sums, worst events, moments and owners, from accidents written down and from simulated ones."""

import numpy as np
import pytest
from zone_by_hand import CLEAN_UP, LEGAL, PROPERTY, accidents, head_laws, zone_laws

from greenrisk.actuarial.layers.events import EventTable
from greenrisk.pollution.liability.events import simulate_block
from greenrisk.pollution.liability.expected import (
    count_covariance,
    expected_cost,
    expected_losses,
    second_method,
    shock_variance,
)
from greenrisk.pollution.liability.policy_spec import DeductibleSpec, PolicySpec
from greenrisk.pollution.liability.policy_terms import terms_of
from greenrisk.pollution.liability.terms import apply_terms
from greenrisk.pollution.liability.zone_year import LAYERS, gather, owners_part, part

LIMIT = np.array([1e6, 2e6, 0.0, 5e5])
TERMS = terms_of(PolicySpec(annual_multiple=1.5, deductible=DeductibleSpec(share=0.1)), LIMIT)


def _run(blocks=10, laws=None, terms=TERMS):
    laws = laws or zone_laws()
    found = [simulate_block(laws, 17, "main", k) for k in range(blocks)]
    paid = [apply_terms(one, terms) for one in found]
    parts = (part(a, p, laws.plants, laws.heads.cap) for a, p in zip(found, paid, strict=True))
    return gather(parts, blocks, 1000), found, paid


def test_a_year_is_the_sum_of_its_accidents_and_its_worst_event_all_plants_of_one_shock():
    found = accidents(
        {"year": 0, "time": 0.2, "loss": {PROPERTY: 100.0}},
        {"year": 0, "time": 0.4, "plant": 0, "cause": 1, "event": 1, "loss": {PROPERTY: 60.0}},
        {"year": 0, "time": 0.4, "plant": 1, "cause": 1, "event": 1, "loss": {CLEAN_UP: 70.0}},
        {"year": 3, "time": 0.1, "plant": 1, "loss": {PROPERTY: 30.0, LEGAL: 5.0}, "event": 2},
        years=4,
    )
    # The second plant has no policy: of 130 in the shock, 60 are insured.
    paid = apply_terms(found, terms_of(PolicySpec(), [1000.0, 0.0]))
    dataset = part(found, paid, 2)
    assert dataset["loss"].values[[0, 3]].tolist() == [[230.0, 160.0, 70.0], [35.0, 0.0, 35.0]]
    assert dataset["worst_event"].values[[0, 3]].tolist() == [[130.0, 100.0, 70.0], [35.0, 0.0, 35.0]]
    assert dataset["accident_count"].values.sum(axis=0).tolist() == [2, 2, 0]
    accident_number, losses, claims, ground_up, insured, square, paid_square, product = dataset[
        "plant_sum"
    ].values.T
    assert accident_number.tolist() == losses.tolist() == [2.0, 2.0]
    assert claims.tolist() == [2.0, 0.0]
    assert ground_up.tolist() == [160.0, 105.0]
    assert insured.tolist() == [160.0, 0.0]
    assert square.tolist() == [160.0**2, 70.0**2 + 35.0**2]
    assert paid_square.tolist() == product.tolist() == [160.0**2, 0.0]
    assert dataset["head_sum"].values[[PROPERTY, CLEAN_UP, LEGAL]].tolist() == [
        [3.0, 190.0, 160.0, 0.0],
        [1.0, 70.0, 0.0, 0.0],
        [1.0, 5.0, 0.0, 0.0],
    ]


def test_losses_at_their_cap_are_counted():
    found = accidents({"loss": {PROPERTY: 100.0}}, {"loss": {PROPERTY: 99.0}, "plant": 1})
    paid = apply_terms(found, terms_of(PolicySpec(), [1e3, 1e3]))
    assert part(found, paid, 2, np.full((2, 5), 100.0))["head_sum"].values[PROPERTY, 3] == 1.0


def test_layers_of_every_year_and_plant_close():
    years, found, _ = _run()
    assert years.years == 10_000
    ground_up, insured, uninsured = (years.layer(name) for name in LAYERS)
    assert insured + uninsured == pytest.approx(ground_up, rel=1e-12)
    total = sum(float(block.loss.sum()) for block in found)
    assert years.by_head("ground_up").sum() * 10_000 == pytest.approx(total, rel=1e-12)
    assert years.by_plant("ground_up").sum() == pytest.approx(ground_up.mean(), rel=1e-12)
    assert years.by_plant("insured").sum() == pytest.approx(insured.mean(), rel=1e-12)
    assert years.uninsured_by_reason().sum() == pytest.approx(uninsured.mean(), rel=1e-12)
    by_head = years.by_head("insured") + years.uninsured_by_reason().sum(axis=1)
    assert by_head == pytest.approx(years.by_head("ground_up"), rel=1e-12)
    assert years.by_plant("insured")[2] == 0.0


def test_years_and_worst_events_are_those_of_the_librarys_event_table():
    years, found, _ = _run(blocks=1)
    block = found[0]
    by_event = np.bincount(block.event, weights=block.total)
    year_of_event = np.zeros(by_event.size, dtype=int)
    year_of_event[block.event] = block.year
    events = EventTable.of(by_event, year_of_event, 1000)
    assert years.layer("ground_up") == pytest.approx(events.annual_sum(), rel=1e-12)
    assert years.worst("ground_up") == pytest.approx(events.annual_largest(), rel=1e-12)
    assert (years.worst("insured") <= years.layer("insured") * (1 + 1e-12)).all()


def test_covariances_with_the_zone_add_up_to_its_variance():
    years, _, _ = _run()
    insured = years.layer("insured")
    assert years.covariance_with_zone().sum() == pytest.approx(insured.var(), rel=1e-9)


def test_standard_errors_by_plant_are_those_of_the_yearly_sums():
    years, found, paid = _run(blocks=2)
    yearly = np.zeros((2000, 4))
    for k, (block, amount) in enumerate(zip(found, paid, strict=True)):
        np.add.at(yearly, (block.year + 1000 * k, block.plant), amount.total)
    expected = yearly.std(axis=0, ddof=1) / np.sqrt(2000)
    assert years.plant_standard_error() == pytest.approx(expected, rel=1e-9)


def test_owners_of_several_plants_bear_their_sum():
    years, found, paid = _run(blocks=1)
    owner = np.array([0, 1, 1, 0])
    table = owners_part(found[0], paid[0], owner, 2)
    assert table.shape == (1000, 2, 2)
    assert table[:, :, 0].sum(axis=1) == pytest.approx(years.layer("insured"), rel=1e-12)
    assert table.sum(axis=(1, 2)) == pytest.approx(years.layer("ground_up"), rel=1e-12)
    one = found[0].plant == 1
    two = found[0].plant == 2
    assert table[:, 1].sum() == pytest.approx(found[0].total[one | two].sum(), rel=1e-12)


def test_blocks_are_put_together_in_their_order():
    years, _, _ = _run(blocks=3)
    last, _, _ = _run(blocks=1)
    assert years.loss[:1000].tolist() == last.loss.tolist()
    assert years.loss.shape == (3000, 3)
    assert years.accident_count.sum() == pytest.approx(years.by_plant("accidents").sum() * 3000)


def test_simulated_means_agree_with_their_closed_forms():
    laws = zone_laws(shock_share=0.5)
    years, _, _ = _run(blocks=60, laws=laws)
    table = second_method(laws, years)
    assert table["quantity"].values.tolist()[:3] == [
        "accidents",
        "variance of accidents",
        "third_party_property",
    ]
    assert np.abs(table["difference"].values).max() < 4
    assert table["closed_form"].values[0] == pytest.approx((laws.own + laws.transport).sum())


def test_expected_losses_are_rate_times_expected_cost():
    laws = zone_laws()
    assert expected_losses(laws)[1] == pytest.approx(0.3 * expected_cost(laws.heads)[1])


def test_shocks_inflate_the_variance_by_the_covariances_they_make():
    laws = zone_laws(shock_share=0.5)
    covariance = count_covariance(laws)
    assert np.diag(covariance) == pytest.approx(laws.own + laws.transport)
    off = covariance.sum() - np.trace(covariance)
    assert shock_variance(laws) == pytest.approx(off)
    cost = np.array([3.0, 1.0, 2.0, 5.0])
    weighted = cost @ covariance @ cost - cost**2 @ np.diag(covariance)
    assert shock_variance(laws, cost) == pytest.approx(weighted)
    assert shock_variance(zone_laws(shock_share=0.0)) == 0.0


def test_shocks_move_the_worst_years_and_not_the_mean():
    heads_of_one = np.array([[1.0, 0.0, 0.0, 0.0, 0.0]])
    heads = head_laws(share_positive=heads_of_one, cap=np.full((1, 5), 1e5))
    rates = np.full(40, 0.05)
    calm = zone_laws(own=rates, heads=heads, shock_share=0.0)
    shaken = zone_laws(own=rates, heads=heads, shock_share=0.5, shock_rate=0.1)
    terms = terms_of(PolicySpec(), np.full(40, 1e6))
    (one, _, _), (two, _, _) = (_run(blocks=20, laws=laws, terms=terms) for laws in (calm, shaken))
    for zone in (one, two):
        loss = zone.layer("ground_up")
        expected = expected_losses(calm).sum()
        assert abs(loss.mean() - expected) < 4 * loss.std() / np.sqrt(loss.size)
    assert np.quantile(two.layer("ground_up"), 0.99) > 1.5 * np.quantile(one.layer("ground_up"), 0.99)
    # Without shocks no event is more than one accident; with them 0.5 * 0.05 * 40 / 0.1 = 10 plants at once.
    assert one.worst("ground_up").max() <= 1e5
    assert two.worst("ground_up").max() > 5e5
