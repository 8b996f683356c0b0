# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.core.errors import ArgumentError, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import read_table
from greenrisk.pollution.damage.idm import LAYOUT_STATUS, IdmDamage, idm, idm_terms, split_by_groundwater
from greenrisk.pollution.damage.idm_index import IdmIndex, risk_shares
from greenrisk.pollution.damage.idm_tables import (
    IDM_CONSTANTS,
    IDM_GROUPS,
    IDM_MODIFIERS,
    IDM_POPULATIONS,
    read_idm_tables,
)

ROOT = Path(__file__).resolve().parents[3]
SPECS = {
    "groups": IDM_GROUPS,
    "modifiers": IDM_MODIFIERS,
    "populations": IDM_POPULATIONS,
    "constants": IDM_CONSTANTS,
}


def frames():
    return {name: read_table(ROOT / f"data/idm_{name}.csv", spec, Ledger()) for name, spec in SPECS.items()}


TABLES = read_idm_tables(**frames())

SOIL = IdmDamage(
    9,
    "Inorganicos",
    quantity=40.0,
    modifiers={
        "MB1": "media",
        "MB8": "alta",
        "MB14": "instantanea",
        "MB17": "media",
        "MB18": "<100C",
        "MC3": ">2 a",
    },
)


def test_a_spill_on_soil_by_hand():
    # Ecf 0, Ecu 105, alpha 40 m3, Ec 1, Ecr 887, Ecc .03; B = .9 * 2 * 1 * 1.1 * .8, C = 1.25; 300 m to the road
    restored = 105 * (0.9 * 2 * 1.1 * 0.8) * 40
    review = 1.25 * 887
    index = idm([SOIL], 300.0, TABLES)
    assert index.index == pytest.approx((restored + review) * 1.03 + 300 * 6.14)
    terms = idm_terms(SOIL, TABLES)
    assert (terms.fixed, terms.access) == (0.0, 0.0)
    assert terms.restored == pytest.approx(restored)
    assert terms.consulting == pytest.approx(0.03 * (restored + review))


def test_a_bed_pays_for_access_by_a_power_of_the_mass():
    bed = IdmDamage(
        7, "Lecho", 20.0, {"MB1": "baja", "MB12": "insoluble <0.1 mg/l", "MC1": "<6 m"}, spilled=20.0
    )
    # 74 a tonne, p 628, q .635, review 2426
    assert idm([bed], 0.0, TABLES).index == pytest.approx((74 * 20 + 628 * 20**0.635 + 2426) * 1.03)


def test_animals_grow_with_the_volume_up_to_the_limit_and_are_capped_beyond():
    def birds(volume):
        damage = IdmDamage(
            16,
            "aves amenazadas",
            volume,
            {"MA2": "sin afeccion", "MB1": "baja", "MB2": "poco densa", "MB15": "baja", "MC5": "resto"},
        )
        return idm_terms(damage, TABLES).restored

    # R = 2 a m3 up to 75 m3, 150 beyond; Ecu 11866, Ec .5
    assert [birds(v) for v in (10.0, 75.0, 76.0, 1e5)] == pytest.approx(
        [11866 * 0.5 * r for r in (20, 150, 150, 150)]
    )


def test_animals_that_are_not_threatened_share_one_rule():
    damage = IdmDamage(
        18, "peces no amenazados", 300.0, {"MA2": "sin afeccion", "MB2": "media", "MC5": "resto"}
    )
    # R18: 1 a m3 up to 250, 250 beyond; Ecu 5, Ec 100, MB2 1.5
    assert idm_terms(damage, TABLES).restored == pytest.approx(5 * 1.5 * 250 * 100)


def test_fire_on_plants_takes_the_number_that_stands_for_alpha():
    levels = {"MA1": "media", "MA2": "sin afeccion", "MA3": "no pedregoso", "MA4": "<30%", "MB3": "media"}
    levels |= {"MB7": "5-10%", "MB10": "400-700 mm", "MB13": "10-17.5C", "MB16": "1-5 m/s", "MC4": "herbazal"}
    damage = IdmDamage(14, "no amenazada: herbazal", modifiers=levels)
    assert idm([damage], 0.0, TABLES).index == pytest.approx((289 * 6.2 + 11226) * 1.02)
    with pytest.raises(ArgumentError, match="alpha is the number 1: leave the quantity out"):
        idm_terms(IdmDamage(14, "no amenazada: herbazal", 5.0, levels), TABLES)


def test_damages_of_a_scenario_add_up_and_the_way_to_the_road_counts_once():
    one, two = idm([SOIL], 0.0, TABLES).index, idm([SOIL, SOIL], 100.0, TABLES).index
    assert two == pytest.approx(2 * one + 614.0)


def test_soil_and_groundwater_share_a_spill():
    assert split_by_groundwater(100.0, "under_10_m", TABLES) == pytest.approx((33.0, 67.0))
    assert split_by_groundwater(100.0, "over_50_m", TABLES) == pytest.approx((67.0, 33.0))
    assert split_by_groundwater(100.0, "no_groundwater", TABLES) == (100.0, 0.0)
    with pytest.raises(ArgumentError, match="Known: under_10_m"):
        split_by_groundwater(1.0, "deep", TABLES)


@pytest.mark.parametrize(
    "other", [1, 2.5, np.float64(3.0), np.array([1.0, 2.0]), pd.Series([1.0]), IdmIndex(4.0)]
)
def test_the_index_cannot_be_reckoned_with_money_or_anything_else(other):
    index = IdmIndex(9.0)
    for operation in (
        lambda: index + other,
        lambda: other + index,
        lambda: index - other,
        lambda: other - index,
        lambda: index * other,
        lambda: other * index,
        lambda: index / other,
    ):
        with pytest.raises(TypeError):
            operation()


def test_the_index_is_no_number():
    index = IdmIndex(9.0)
    for operation in (
        lambda: float(index),
        lambda: int(index),
        lambda: sum([index]),
        lambda: round(index),
        lambda: -index,
    ):
        with pytest.raises(TypeError, match="has no unit and only ranks scenarios"):
            operation()
    with pytest.raises(TypeError):
        np.sum(np.array([1.0]) + index)
    with pytest.raises(TypeError, match="has no unit"):
        np.zeros(2)[0] = index
    assert index != 9.0


def test_indexes_rank():
    small, large = IdmIndex(2.0), IdmIndex(5.0)
    assert small < large
    assert max(small, large) is large
    assert sorted([large, small]) == [small, large]
    assert {IdmIndex(2.0)} == {small}
    assert repr(large) == "IDM 5 (index, no unit)"
    with pytest.raises(TypeError):
        assert small < 5.0


def test_shares_of_risk_have_no_unit():
    shares = risk_shares([0.1, 0.01, 0.0], [IdmIndex(10.0), IdmIndex(300.0), IdmIndex(1e9)])
    # 1, 3 and 0
    assert shares == pytest.approx([0.25, 0.75, 0.0])
    with pytest.raises(ArgumentError, match="One index for each of the 2 scenarios"):
        risk_shares([0.1, 0.2], [IdmIndex(1.0)])
    with pytest.raises(ArgumentError, match="One IdmIndex was expected"):
        risk_shares([0.1], [5.0])
    with pytest.raises(ArgumentError, match="no scenario with a risk"):
        risk_shares([0.0], [IdmIndex(1.0)])


def test_unknown_resources_missing_levels_and_quantities_are_told_together():
    wrong = IdmDamage(9, "Inorganicos", None, {"MB1": "mediaa", "MB99": "x"}, spilled=3.0)
    with pytest.raises(ArgumentError) as caught:
        idm([SOIL, wrong, IdmDamage(9, "Inorganico")], -1.0, TABLES)
    text = str(caught.value)
    assert "damages[1]  MB1 = mediaa\n  Levels: baja, media, alta. Did you mean `media`?" in text
    assert "damages[1]  no level of MB8" in text
    assert "The row needs VvertS_m3." in text
    assert "Only beds have it" in text
    assert "MB99 = x" in text
    assert "damages[2]  group = 9, resource = Inorganico" in text
    assert "Did you mean `Inorganicos`?" in text
    assert "metres_to_road = -1" in text
    with pytest.raises(ArgumentError, match="A scenario damages at least one resource"):
        idm([], 0.0, TABLES)


def test_tables_that_do_not_fit_together_are_refused():
    given = frames()
    given["modifiers"] = given["modifiers"][given["modifiers"]["code"] != "MC5"]
    given["constants"] = given["constants"][given["constants"]["constant"] != "eca"]
    with pytest.raises(TableError, match="modifiers MC5") as caught:
        read_idm_tables(**given)
    assert "no row `eca`" in str(caught.value)


def test_coefficients_are_confirmed_and_the_layout_is_not():
    assert TABLES.status == "confirmed"
    assert LAYOUT_STATUS == "unconfirmed"
    assert (len(TABLES.rows), len(TABLES.modifiers)) == (84, 27)
    assert {group for group, _ in TABLES.rows} == set(range(1, 21))


def test_the_tables_repeat_the_reference():
    source = ROOT / "../shared/reference/idm_annex3.json"
    if not source.exists():
        pytest.skip("../shared/reference/idm_annex3.json is not here")
    law = json.loads(source.read_text(encoding="utf-8"))
    assert TABLES.access_cost == law["Eca"]
    for code, modifier in law["modifiers"].items():
        assert TABLES.modifiers[code] == modifier["values"]
    for rule in ("R16", "R18"):
        assert {one: list(v) for (r, one), v in TABLES.populations.items() if r == rule} == law[rule]
    assert list(TABLES.soil_shares.values()) == [split[0] for split in law["groundwater_split"].values()]
    for number, group in law["groups"].items():
        for row in group["rows"]:
            ours = TABLES.rows[int(number), row["resource"]]
            assert (ours.fixed, ours.unit_cost, ours.damaged) == (row["Ecf"], row["Ecu"], row["Ec"])
            assert (ours.review, ours.consulting) == (row["Ecr"], row["Ecc"])
            assert ours.alpha == str(row["alpha"])
            assert (ours.access, ours.exponent) == (row.get("p", 0.0), row.get("q", 1.0))
            assert (ours.modifiers_a, ours.modifiers_b) == (tuple(group["MA"]), tuple(group["MB"]))
            assert ours.modifier_c == group["MC"]


@settings(deadline=None, max_examples=30, derandomize=True)
@given(st.floats(0, 1e5), st.floats(0, 1e5), st.floats(0, 1e4))
def test_a_larger_spill_or_a_longer_way_never_ranks_lower(volume, more, metres):
    def index(v, m):
        return idm([IdmDamage(9, "Inorganicos", v, SOIL.modifiers)], m, TABLES)

    assert index(volume + more, metres) >= index(volume, metres)
    assert index(volume, metres + more) >= index(volume, metres)
