# SPDX-License-Identifier: Apache-2.0
"""How many tonnes of a holding count: values by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_zone import held, shipped_substances, substance_frames

from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.inventory import Holdings
from greenrisk.pollution.mixtures import counted_tonnes
from greenrisk.pollution.substance_search import resolve
from greenrisk.pollution.substances import Substances, read_substances


def counted(holdings: Holdings, substances: Substances | None = None) -> tuple[list[float], list[str]]:
    substances = substances or shipped_substances()
    tonnes, rule = counted_tonnes(holdings, resolve(holdings, substances), substances)
    return tonnes.tolist(), [str(substances.mixtures.words[code]) for code in rule]


def ratio(holdings: Holdings, substances: Substances | None = None) -> float:
    """Return quantity over critical quantity of the first holding."""
    substances = substances or shipped_substances()
    resolved = resolve(holdings, substances)
    tonnes, _ = counted_tonnes(holdings, resolved, substances)
    return float(tonnes[0] / substances.critical[resolved.index[0]])


def solution(cas: str, tonnes: float, percent: float) -> Holdings:
    return held({"cas": cas, "max_t": tonnes, "concentration_percent": percent, "is_solution": "yes"})


def test_a_pure_substance_counts_whole_and_a_solution_by_its_mass_share():
    assert counted(held({"cas": "67-56-1", "max_t": 40.0})) == ([40.0], ["share"])
    assert counted(solution("50-00-0", 60.0, 37.0)) == ([pytest.approx(22.2)], ["share"])
    assert ratio(solution("50-00-0", 60.0, 37.0)) == pytest.approx(44.4)  # formaldehyde: 0.5 t


def test_hydrochloric_acid_below_37_percent_is_converted_to_37_percent_acid_not_to_pure_gas():
    assert counted(solution("7647-01-0", 100.0, 31.0)) == (
        [pytest.approx(100 * 31 / 37)],
        ["hydrochloric_acid_weak"],
    )
    assert ratio(solution("7647-01-0", 37.0, 30.0)) == pytest.approx(30 / 7.5)  # not 37 * 0.30 / 2.5 = 4.44


def test_acid_of_37_percent_and_more_counts_as_it_stands_without_a_jump():
    assert counted(solution("7647-01-0", 15.0, 38.0)) == ([15.0], ["hydrochloric_acid_strong"])
    assert counted(solution("7647-01-0", 15.0, 37.0))[0] == [15.0]
    assert counted(solution("7647-01-0", 15.0, 37.0 - 1e-9))[0] == [pytest.approx(15.0)]


def test_ammonia_solution_is_read_like_hydrochloric_acid():
    assert counted(solution("1336-21-6", 30.0, 25.0)) == ([30.0], ["ammonia_solution_strong"])
    assert counted(solution("1336-21-6", 30.0, 10.0)) == ([pytest.approx(15.0)], ["ammonia_solution_weak"])
    assert ratio(held({"cas": "7664-41-7", "state": "liquefied_gas", "max_t": 30.0})) == 6.0
    rules = shipped_substances().mixtures
    assert rules.status[rules.code("ammonia_solution_weak")] == "unconfirmed"


def test_a_user_may_read_weak_ammonia_as_pure_ammonia():
    tables = {name: frame.copy() for name, frame in substance_frames().items()}
    rules = tables["mixture-rules"]
    weak = rules["rule"] == "ammonia_solution_weak"
    rules.loc[weak, ["method", "against_name_zh", "status"]] = ["share", "氨气", "user"]
    assert ratio(solution("1336-21-6", 30.0, 10.0), read_substances(tables)) == pytest.approx(3.0 / 5.0)


def test_compounds_of_starred_metals_count_as_the_metal():
    # copper: 63.546 of 159.609 in copper sulfate; critical quantity 0.25 t of copper
    assert counted(held({"cas": "7758-98-7", "max_t": 2.0, "state": "solid"})) == (
        [pytest.approx(2.0 * 63.546 / 159.609, rel=1e-4)],
        ["element"],
    )
    half = counted(solution("7758-98-7", 2.0, 20.0))[0][0]
    assert half == pytest.approx(0.4 * 63.546 / 159.609, rel=1e-4)
    assert counted(held({"name_zh": "铜及其化合物（以铜离子计）", "max_t": 0.3, "state": "solid"}))[0] == [
        0.3
    ]


def test_a_salt_with_a_row_of_its_own_counts_as_the_salt():
    assert counted(held({"cas": "7786-81-4", "max_t": 1.6, "state": "solid"})) == ([1.6], ["share"])


def test_natural_gas_counts_as_methane_and_petrol_as_oil():
    assert ratio(held({"name_zh": "天然气", "state": "gas", "max_t": 25.0})) == 2.5
    assert ratio(held({"cas": "86290-81-5", "max_t": 5000.0})) == 2.0


def test_waste_liquid_counts_as_it_stands_and_needs_no_strength():
    row = {"name_zh": "CODCr浓度≥10000mg/L的有机废液", "max_t": 120.0, "is_solution": "yes"}
    assert counted(held(row)) == ([120.0], ["whole"])


def test_an_unknown_substance_counts_nothing():
    holdings = held({"cas": "7732-18-5", "max_t": 1000.0}, {"cas": "67-56-1", "max_t": 1.0})
    tonnes, rule = counted_tonnes(holdings, resolve(holdings, shipped_substances()), shipped_substances())
    assert tonnes.tolist() == [0.0, 1.0]
    assert rule[0] == -1


def test_a_solution_without_a_strength_is_refused():
    holdings = held({"cas": "67-56-1", "is_solution": "yes"})
    with pytest.raises(ArgumentError) as refused:
        counted_tonnes(holdings, resolve(holdings, shipped_substances()), shipped_substances())
    assert str(refused.value) == (
        "holdings.row 2  concentration = nan\n"
        "  A solution counts by its substance: give the mass share.  [unitless, > 0 and <= 1]\n"
        "1 fault."
    )


CAS = st.sampled_from(["7647-01-0", "1336-21-6", "7664-41-7", "67-56-1", "7758-98-7", "7664-93-9"])
PERCENT = st.floats(0.01, 100.0)


@given(CAS, st.floats(0.0, 1e5), PERCENT, PERCENT)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_a_stronger_solution_never_counts_less(cas: str, tonnes: float, one: float, other: float):
    weak, strong = sorted((one, other))
    assert ratio(solution(cas, tonnes, weak)) <= ratio(solution(cas, tonnes, strong)) * (1 + 1e-12)


@given(CAS, st.floats(1e-3, 1e5), PERCENT, st.floats(1.0, 50.0))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_what_counts_grows_in_proportion_to_the_quantity(
    cas: str, tonnes: float, percent: float, times: float
):
    one, many = counted(solution(cas, tonnes, percent))[0], counted(solution(cas, times * tonnes, percent))[0]
    np.testing.assert_allclose(many, times * np.asarray(one), rtol=1e-12)


@given(CAS, st.floats(0.0, 1e5), PERCENT)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_no_more_counts_than_is_there(cas: str, tonnes: float, percent: float):
    assert counted(solution(cas, tonnes, percent))[0][0] <= tonnes
