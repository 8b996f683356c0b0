# SPDX-License-Identifier: Apache-2.0
"""data/substances.csv: facts of the list, thresholds and properties against their sources."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_zone import DATA, shipped_substances, substance_frames

import greenrisk
from greenrisk.core.errors import TableError
from greenrisk.pollution.substance_search import cas_is_valid
from greenrisk.pollution.substances import plain, read_substances

ROOT = Path(greenrisk.__file__).parents[1]
LISTED = 391  # rows of the fact table

# IUPAC standard atomic weights, abridged (2021) [g/mol]
WEIGHTS = {
    "H": 1.008, "C": 12.011, "N": 14.007, "O": 15.999, "F": 18.998, "Na": 22.990, "S": 32.06, "Cl": 35.45,
    "K": 39.098, "V": 50.942, "Cr": 51.996, "Mn": 54.938, "Co": 58.933, "Ni": 58.693, "Cu": 63.546,
    "As": 74.922, "Mo": 95.95, "Ag": 107.868, "Sb": 121.760, "Tl": 204.38,
}  # fmt: skip


def mass(**atoms: int) -> float:
    return sum(WEIGHTS[symbol] * count for symbol, count in atoms.items())


def row(name_zh: str) -> pd.Series:
    frame = substance_frames()["substances"]
    return frame[frame["name_zh"] == name_zh].iloc[0]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return substance_frames()["substances"]


def reference() -> pd.DataFrame:
    source = ROOT / "../shared/reference/hj941_critical_quantities.csv"
    if not source.is_file():
        pytest.skip("../shared/reference/hj941_critical_quantities.csv is not here")
    return pd.read_csv(source, dtype=str)


def test_every_row_of_the_fact_table_is_there_with_its_quantity_and_status(frame: pd.DataFrame):
    theirs = reference()
    ours = frame.iloc[: len(theirs)]
    assert len(theirs) == LISTED
    assert ours["name_zh"].tolist() == theirs["name_zh"].tolist()
    assert ours["cas"].fillna("").tolist() == theirs["cas"].fillna("").tolist()
    assert ours["critical_quantity_t"].tolist() == theirs["critical_quantity_t"].astype(float).tolist()
    assert ours["quantity_status"].tolist() == theirs["status"].tolist()
    assert ours["hj941_part"].fillna("").tolist() == theirs["hj941_part"].fillna("").tolist()
    assert ((ours["part_status"] == "unknown") == (theirs["part_status"] == "unknown")).all()
    for number in (1, 2):
        ends = theirs[f"endpoint_{number}_mg_per_m3"].astype(float)
        np.testing.assert_array_equal(ours[f"endpoint_{number}_mg_per_m3"], ends)


def test_the_generator_gives_the_committed_bytes_again(tmp_path: Path):
    reference()
    if importlib.util.find_spec("chemicals") is None:
        pytest.skip("the package chemicals is not installed")
    output = tmp_path / "substances.csv"
    script = DATA / "generators" / "make_substances.py"
    source = ROOT / "../shared/reference/hj941_critical_quantities.csv"
    subprocess.run([sys.executable, str(script), str(source), str(output)], check=True)
    assert output.read_bytes() == (DATA / "substances.csv").read_bytes()


def test_the_traps_of_the_list_are_kept_apart():
    quantities = {
        "氯化氢": 2.5,
        "盐酸（≥37%）": 7.5,
        "氨气": 5.0,
        "氨水（浓度≥20%）": 10.0,
        "天然气": 10.0,
        "异氰酸甲酯": 1.0,
        "一氧化二氯": 5.0,
        "健康危险急性毒性物质（类别1）": 5.0,
        "健康危险急性毒性物质（类别2，类别3）": 50.0,
        "危害水环境物质（急性毒性类别1）": 100.0,
    }
    assert {name: float(row(name)["critical_quantity_t"]) for name in quantities} == quantities
    for metal in ("钒", "铬", "钴", "锰", "钼", "镍", "铊", "锑", "银"):
        starred = row(f"{metal}及其化合物（以{metal}计）")
        assert (starred["critical_quantity_t"], starred["counting"]) == (0.25, "element")


def test_every_cas_number_has_its_check_digit_and_every_name_leads_to_its_own_row(frame: pd.DataFrame):
    substances = shipped_substances()
    assert all(cas_is_valid(cas) for cas in substances.cas if cas)
    twice = frame["cas"].dropna()[frame["cas"].dropna().duplicated(keep=False)]
    assert set(twice) == {"7647-01-0"}  # hydrogen chloride and its acid
    for number in range(len(substances)):
        names = (substances.name_zh[number], substances.name_en[number], *substances.aliases[number])
        for name in names:
            assert substances.by_name[plain(str(name))] == number, name


def test_only_rows_that_were_read_are_confirmed(frame: pd.DataFrame):
    confirmed = frame[frame["quantity_status"] == "confirmed"]
    assert set(confirmed["source"]) == {"HJ 169-2018 table B.1", "HJ 169-2018 table B.2"}
    memory = frame[(frame["quantity_status"] != "confirmed") & frame["listed_as"].isna()]
    assert set(memory["name_zh"]) == {"危害水环境物质（慢性毒性类别2）", "乙醇", "砷及其化合物（以砷计）"}
    assert set(frame["part_status"]) == {"unconfirmed", "unknown"}  # nobody read App. A row by row


def test_gases_in_the_water_list_are_those_that_clause_7_1_names(frame: pd.DataFrame):
    named = [
        "硒化氢", "甲醛", "乙二腈", "二氧化氯", "氯化氢", "氨气", "环氧乙烷", "甲胺", "丁烷",
        "二甲胺", "一氧化二氯", "砷化氢", "二氧化氮", "三甲胺", "二氧化硫", "三氟化硼", "硅烷", "溴化氢",
        "氯化氰", "乙胺", "二甲醚", "乙烯酮", "氟", "四氟化硫", "三氟溴乙烯",
    ]  # fmt: skip
    gases = frame[frame["hj941_part"].isin(["1", "2", "1 or 2"]) & frame["listed_as"].isna()]
    assert set(gases.loc[gases["medium"] == "both", "name_zh"]) == set(named)
    assert set(gases["medium"]) == {"air", "both"}
    assert {row(name)["medium"] for name in ("氯气", "硫化氢", "一氧化碳")} == {"air"}
    assert set(frame.loc[frame["name_zh"].isin(named), "medium_status"]) == {"confirmed"}


def test_thresholds_of_gb_18218_stand_in_their_own_column(frame: pd.DataFrame):
    thresholds = {
        "7664-41-7": 10, "7782-50-5": 5, "75-44-5": 0.3, "74-90-8": 1, "7664-39-3": 1, "7783-06-4": 5,
        "7647-01-0": 20, "7446-09-5": 20, "75-21-8": 10, "71-43-2": 50, "108-88-3": 500, "67-56-1": 500,
        "86290-81-5": 200, "68476-85-7": 50, "107-13-1": 50, "75-15-0": 50,
    }  # fmt: skip
    found = frame.dropna(subset=["gb18218_threshold_t"])
    assert dict(zip(found["cas"], found["gb18218_threshold_t"], strict=True)) == thresholds
    assert set(found["gb18218_status"]) == {"confirmed"}
    betas = {
        "氯气": 4, "氨气": 2, "二氧化硫": 2, "环氧乙烷": 2, "氯化氢": 3, "溴甲烷": 3, "硫化氢": 5, "氢氟酸": 5,
        "二氧化氮": 10, "光气": 20, "砷化氢": 20, "异氰酸甲酯": 20,
    }  # fmt: skip
    confirmed = frame[frame["gb18218_beta_status"] == "confirmed"]
    assert dict(zip(confirmed["name_zh"], confirmed["gb18218_beta"], strict=True)) == betas
    assert (row("氰化氢")["gb18218_beta"], row("氰化氢")["gb18218_beta_status"]) == (10, "unconfirmed")
    assert np.isnan(row("盐酸（≥37%）")["gb18218_threshold_t"])  # the threshold is that of the anhydrous gas


def test_shares_of_elements_follow_from_atomic_weights():
    shares = {
        "硫酸铜": WEIGHTS["Cu"] / mass(Cu=1, S=1, O=4),
        "五水硫酸铜": WEIGHTS["Cu"] / mass(Cu=1, S=1, O=9, H=10),
        "氯化铜": WEIGHTS["Cu"] / mass(Cu=1, Cl=2),
        "硝酸镍": WEIGHTS["Ni"] / mass(Ni=1, N=2, O=6),
        "三氧化铬": WEIGHTS["Cr"] / mass(Cr=1, O=3),
        "重铬酸钾": 2 * WEIGHTS["Cr"] / mass(K=2, Cr=2, O=7),
        "重铬酸钠": 2 * WEIGHTS["Cr"] / mass(Na=2, Cr=2, O=7),
        "高锰酸钾": WEIGHTS["Mn"] / mass(K=1, Mn=1, O=4),
        "硫酸锰": WEIGHTS["Mn"] / mass(Mn=1, S=1, O=4),
        "硫酸钴": WEIGHTS["Co"] / mass(Co=1, S=1, O=4),
        "五氧化二钒": 2 * WEIGHTS["V"] / mass(V=2, O=5),
        "偏钒酸铵": WEIGHTS["V"] / mass(N=1, H=4, V=1, O=3),
        "三氧化钼": WEIGHTS["Mo"] / mass(Mo=1, O=3),
        "硫酸铊": 2 * WEIGHTS["Tl"] / mass(Tl=2, S=1, O=4),
        "三氧化二锑": 2 * WEIGHTS["Sb"] / mass(Sb=2, O=3),
        "硝酸银": WEIGHTS["Ag"] / mass(Ag=1, N=1, O=3),
        "亚砷酸钠": WEIGHTS["As"] / mass(Na=1, As=1, O=2),
        "镍": 1.0,
    }
    for name, share in shares.items():
        assert row(name)["element_share"] == pytest.approx(share, rel=2e-4), name
        assert row(name)["listed_as"].endswith("计）")


def test_properties_agree_with_the_handbooks_that_chemists_use():
    # CRC Handbook of Chemistry and Physics: boiling point [C], vapour pressure at 25 C [kPa], density at 25 C [kg/m3]
    known = {
        "苯": (mass(C=6, H=6), 80.09, 12.7, 873.6),
        "甲苯": (mass(C=7, H=8), 110.63, 3.79, 862.3),
        "甲醇": (mass(C=1, H=4, O=1), 64.6, 16.9, 786.4),
        "丙酮": (mass(C=3, H=6, O=1), 56.05, 30.8, 784.5),
        "氯气": (mass(Cl=2), -34.04, 778.0, 1398.0),
        "氨气": (mass(N=1, H=3), -33.33, 1003.0, 602.8),
        "丙烯腈": (mass(C=3, H=3, N=1), 77.3, 14.1, 800.0),
    }
    for name, (molar_mass, boiling, pressure, density) in known.items():
        found = row(name)
        assert found["molar_mass_g_per_mol"] == pytest.approx(molar_mass, rel=2e-4), name
        assert found["boiling_point_c"] == pytest.approx(boiling, abs=0.5), name
        assert found["vapour_pressure_pa"] == pytest.approx(1000.0 * pressure, rel=0.03), name
        assert found["liquid_density_kg_per_m3"] == pytest.approx(density, rel=0.02), name
    assert (row("苯")["state_25c"], row("氯气")["state_25c"], row("苯酚")["state_25c"]) == (
        "liquid",
        "gas",
        "solid",
    )


def test_solutions_bear_no_boiling_point_of_the_gas_they_hold():
    for name in ("盐酸（≥37%）", "氨水（浓度≥20%）"):
        assert np.isnan(row(name)["boiling_point_c"])
        assert np.isnan(row(name)["vapour_pressure_pa"])


def test_a_users_tables_replace_ours():
    tables = {name: frame.copy() for name, frame in substance_frames().items()}
    tables["substances"] = tables["substances"].iloc[[206]].assign(critical_quantity_t=2.0)
    tables["mixture-rules"] = tables["mixture-rules"].iloc[:3]
    substances = read_substances(tables)
    assert (len(substances), substances.label(0)) == (1, "7782-50-5 氯气 (chlorine)")
    assert substances.critical.tolist() == [2.0]


def test_rules_that_lead_nowhere_are_refused_all_at_once():
    tables = {name: frame.copy() for name, frame in substance_frames().items()}
    rules, media, rows = (tables[name] for name in ("mixture-rules", "media-rules", "substances"))
    rules.loc[rules["rule"] == "ammonia_gas", "against_name_zh"] = "氨汽"
    rules.loc[rules["rule"] == "ammonia_solution_weak", "reference_percent"] = np.nan
    tables["mixture-rules"] = rules[rules["rule"] != "whole"]
    tables["media-rules"] = media[media["medium"] != "water"]
    rows.loc[rows["name_zh"] == "硫酸铜", "element_share"] = np.nan
    with pytest.raises(TableError) as refused:
        read_substances(tables, {"mixture-rules": "mine.csv"})
    assert str(refused.value) == (
        "mine.csv:8  reference_percent =\n"
        "  The method `reference` needs the strength that a solution is converted to.  [percent]\n"
        "mine.csv:9  against_name_zh = 氨汽\n"
        "  There is no substance of this name.\n"
        "mine.csv  rule = whole\n"
        "  This rule is missing: it is what a substance's counting names.\n"
        "media-rules  medium = water\n"
        "  This medium has no rule.\n"
        "substances:399  element_share =\n"
        "  Counts as the named element: give its share of the molar mass.  [unitless]\n"
        "5 faults."
    )
