# SPDX-License-Identifier: Apache-2.0
"""Insurer, operator and public purse bear every loss between them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zone_by_hand import BODILY, CLEAN_UP, PROPERTY, accidents, zone_laws

from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.liability.events import simulate_block
from greenrisk.pollution.liability.policy_spec import DeductibleSpec, PolicySpec
from greenrisk.pollution.liability.policy_terms import terms_of
from greenrisk.pollution.liability.terms import apply_terms
from greenrisk.pollution.mandate.above_limit import PAYERS, Debtors, payers_part, who_pays
from greenrisk.pollution.mandate.plant_groups import PlantGroups

TWO = PlantGroups.of([1, 2])
SAME = ["works", "works"]


def _borne(found, limit, owners=SAME, assets=(100.0, 50.0), recovery=0.5, answers="owner"):
    paid = apply_terms(found, terms_of(PolicySpec(), np.asarray(limit)))
    debtors = Debtors.of(owners, assets, recovery, answers)
    part, by_year = payers_part(found, paid.insured, debtors, TWO)
    return who_pays([part], TWO), by_year


ROWS = [
    {"year": 0, "time": 0.1, "plant": 0, "loss": {PROPERTY: 60.0, CLEAN_UP: 40.0}},
    {"year": 0, "time": 0.6, "plant": 1, "loss": {BODILY: 100.0}},
    {"year": 1, "time": 0.5, "plant": 1, "loss": {CLEAN_UP: 50.0}},
]


def test_the_operator_pays_up_to_its_means_and_the_public_purse_the_rest():
    # The first plant is insured for 30. In year 0 the owner of both owes 70 + 100 and can pay 0.5 * 150 = 75.
    found, by_year = _borne(accidents(*ROWS, years=2), [30.0, 0.0])
    assert by_year.tolist() == [pytest.approx([30.0, 75.0, 95.0]), pytest.approx([0.0, 50.0, 0.0])]
    assert found["amount"].sel(group="all").values.tolist() == pytest.approx([15.0, 62.5, 47.5])
    assert float(found["insolvencies"].sel(group="all")) == 0.5
    # Owed to persons: what is left of property 42 and of injury 100, of which 95/170 stay unpaid.
    assert float(found["public_to_persons"].sel(group="all")) == pytest.approx(142 * 95 / 170 / 2)


def test_an_insolvency_is_booked_where_the_largest_debt_comes_from():
    found, _ = _borne(accidents(*ROWS, years=2), [30.0, 0.0])
    assert found["insolvencies"].sel(group=["larger", "major"]).values.tolist() == [0.0, 0.5]


def test_each_plant_for_itself_leaves_more_to_the_public_purse():
    found, by_year = _borne(accidents(*ROWS, years=2), [30.0, 0.0], answers="plant")
    # Year 0: 70 owed with 50, 100 owed with 25; year 1: 50 owed with 25.
    assert by_year.tolist() == [pytest.approx([30.0, 75.0, 95.0]), pytest.approx([0.0, 25.0, 25.0])]
    assert float(found["insolvencies"].sel(group="all")) == 1.5


def test_without_recovery_the_operator_pays_nothing_and_with_means_the_public_purse():
    bare, _ = _borne(accidents(*ROWS, years=2), [30.0, 0.0], recovery=0.0)
    assert bare["amount"].sel(group="all", payer="operator") == 0.0
    rich, _ = _borne(accidents(*ROWS, years=2), [30.0, 0.0], assets=(1e6, 1e6))
    assert rich["amount"].sel(group="all", payer="public_purse") == 0.0
    assert float(rich["insolvencies"].sel(group="all")) == 0.0


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.floats(0.0, 1.0),
    st.floats(1e4, 1e8),
    st.floats(0.0, 0.5),
    st.sampled_from(["plant", "owner"]),
    st.integers(0, 3),
)
def test_every_yuan_is_borne_by_somebody(recovery, assets, deductible, answers, block):
    laws = zone_laws()
    found = simulate_block(laws, 9, "main", block)
    policy = PolicySpec(deductible=DeductibleSpec(share=deductible), annual_multiple=2.0)
    paid = apply_terms(found, terms_of(policy, [1e6, 5e5, 0.0, 2e6]))
    debtors = Debtors.of(["a", "b", "a", "c"], np.full(4, assets), recovery, answers)
    groups = PlantGroups.of([0, 1, 2, -1])
    part, by_year = payers_part(found, paid.insured, debtors, groups)
    told = who_pays([part], groups)
    loss = np.bincount(found.year, weights=found.total, minlength=1000)
    assert by_year.sum(axis=1) == pytest.approx(loss, rel=1e-12)
    assert (by_year >= 0.0).all()
    assert told["amount"].sum("payer").values == pytest.approx(told["loss"].values, rel=1e-12)
    assert told["share"].sum("payer").values == pytest.approx(np.ones(len(groups.names)))
    assert (told["public_to_persons"] <= told["amount"].sel(payer="public_purse") * (1 + 1e-12)).all()
    assert by_year[:, PAYERS.index("insurer")].sum() == pytest.approx(paid.insured.sum(), rel=1e-9)


def test_the_standard_error_is_that_of_a_mean_of_years():
    laws = zone_laws()
    groups, parts, years = PlantGroups.of([0, 1, 2, -1]), [], []
    debtors = Debtors.of(["a", "b", "a", "c"], np.full(4, 1e6), 0.3)
    for block in range(3):
        found = simulate_block(laws, 9, "main", block)
        paid = apply_terms(found, terms_of(PolicySpec(), np.full(4, 1e6)))
        part, by_year = payers_part(found, paid.insured, debtors, groups)
        parts.append(part)
        years.append(by_year)
    columns = np.concatenate(years)
    expected = columns.std(axis=0, ddof=1) / np.sqrt(columns.shape[0])
    assert who_pays(parts, groups)["standard_error"].values == pytest.approx(expected, rel=1e-9)


def test_a_block_without_accidents_costs_nobody_anything():
    found, by_year = _borne(accidents(years=2), [30.0, 0.0])
    assert not by_year.any()
    assert found["loss"].values.tolist() == [0.0] * len(TWO.names)


def test_bad_arguments_of_payers_are_refused():
    found = accidents(*ROWS, years=2)
    debtors = Debtors.of(SAME, [1.0, 1.0], 0.5)
    with pytest.raises(ArgumentError, match="no more than the loss"):
        payers_part(found, 2.0 * found.loss, debtors, TWO)
    with pytest.raises(ArgumentError, match="insured of shape"):
        payers_part(found, found.loss[:1], debtors, TWO)
    with pytest.raises(ArgumentError, match="recovery"):
        Debtors.of(SAME, [1.0, 1.0], 1.5)
    with pytest.raises(ArgumentError, match="assets"):
        Debtors.of(SAME, [1.0, -1.0], 0.5)
