# SPDX-License-Identifier: Apache-2.0
"""The shipped cut of NGFS phase 5, against the handbook, the compact copy and the extracts it comes from."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from greenrisk.core.library import library_root
from greenrisk.pathways.deviations import transition_from
from greenrisk.pathways.files import merged, read_pathway_file
from greenrisk.pathways.series import series
from greenrisk.pathways.variables import canonical

ROOT = library_root()
CUT = ROOT / "data" / "ngfs5_cut.csv"
SHARED = Path(__file__).parents[3] / "shared"
TABLE = canonical(read_pathway_file(CUT))


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"../shared/{name} is not here")
    return path


def test_the_carbon_prices_are_those_of_the_handbook() -> None:
    """Handbook, section 2: REMIND, China, US$2010/t CO2, to the digits printed there."""
    printed = {
        "NetZero2050": ([152.4, 249.9, 708.8], 0.05),
        "DelayedTransition": ([5.95, 66.2, 279.0], 0.05),
        "CurrentPolicies": ([5.95, 6.4, 8.75], 0.06),
    }
    for scenario, (prices, digits) in printed.items():
        found = series(TABLE, "REMIND", scenario, "China", "carbon_price", [2030, 2035, 2050])
        assert found.tolist() == pytest.approx(prices, abs=digits)


def test_it_is_a_small_cut_of_two_regions_that_cites_its_source() -> None:
    frame = pd.read_csv(CUT)
    assert set(frame["region"]) == {"China", "World"}
    assert set(frame["status"]) == {"confirmed"}
    assert frame["source"].str.contains("NGFS Climate Scenarios, phase 5").all()
    assert CUT.stat().st_size < 200_000


def test_the_generator_makes_it_again_byte_by_byte(tmp_path: Path) -> None:
    compact = shared("reference/ngfs5_compact.csv")
    made = runpy.run_path(str(ROOT / "data" / "generators" / "make_ngfs5_cut.py"))["cut"](compact, tmp_path)
    assert made.read_bytes() == CUT.read_bytes()


def test_every_value_is_that_of_the_compact_copy() -> None:
    frame = pd.read_csv(shared("reference/ngfs5_compact.csv"))
    frame = frame[frame["region"].isin(["China", "World"])]
    theirs = canonical(read_pathway_file(shared("reference/ngfs5_compact.csv")))
    assert sum(len(years) for years, _ in TABLE.index.values()) == len(frame)
    for key, (years, values) in TABLE.index.items():
        assert years.tolist() == theirs.index[key][0].tolist()
        assert values.tolist() == theirs.index[key][1].tolist()


def test_it_agrees_with_the_extract_of_the_scenario_explorer() -> None:
    paths = ["data/issuer/ngfs5_IAM_working_set.csv", "data/issuer/ngfs5_NiGEM_working_set.csv"]
    full = canonical(merged([read_pathway_file(shared(path)) for path in paths]))
    spelt = {"NetZero2050": "Net Zero 2050", "DelayedTransition": "Delayed transition"}
    remind, nigem = "REMIND-MAgPIE 3.3-4.8", "NiGEM NGFS v1.24.2[REMIND-MAgPIE 3.3-4.8]"
    years = np.arange(2025, 2051)
    for mine, theirs in spelt.items():
        for variable, region in (
            ("carbon_price", "China"),
            ("primary_energy", "World"),
            ("temperature", "World"),
        ):
            one = series(TABLE, "REMIND", mine, region, variable, years)
            assert one == pytest.approx(series(full, remind, theirs, region, variable, years), rel=2e-7)
        for variable in ("gdp_deviation", "long_rate_deviation", "policy_rate_deviation"):
            ends = {"years": years, "member": "combined", "deviation": True}
            one = series(TABLE, "NiGEM", mine, "China", variable, **ends)  # type: ignore[arg-type]
            other = series(full, nigem, theirs, "China", variable, **ends)  # type: ignore[arg-type]
            assert one == pytest.approx(other, rel=1e-7, abs=1e-7)  # the cut has eight digits


@pytest.mark.parametrize(
    ("variable", "kind", "most"),
    [
        ("gdp_deviation", "deviation_percent", 0.4),
        ("long_rate_deviation", "deviation_points", 0.2),
        ("policy_rate_deviation", "deviation_points", 0.6),
        ("inflation_deviation", "deviation_points", 0.42),
        ("equity_price_deviation", "deviation_percent", 3.11),
    ],
)
def test_a_transition_member_made_of_the_others_is_as_near_as_the_ledger_says(
    variable: str, kind: str, most: float
) -> None:
    full = canonical(read_pathway_file(shared("data/issuer/ngfs5_NiGEM_working_set.csv")))
    years = np.arange(2022, 2051)
    nigem = "NiGEM NGFS v1.24.2[REMIND-MAgPIE 3.3-4.8]"
    for scenario in ("Net Zero 2050", "Delayed transition", "Fragmented World"):

        def member(name: str, scenario: str = scenario) -> np.ndarray:  # type: ignore[type-arg]
            return series(full, nigem, scenario, "China", variable, years, member=name, deviation=True)

        made = transition_from(member("combined"), member("physical"), kind)
        assert np.abs(made - member("transition")).max() < most


def test_technology_tables_of_other_programs_are_read_and_rows_without_a_unit_are_told() -> None:
    table = canonical(read_pathway_file(shared("data/issuer/trisk/scenarios_testdata.csv")))
    raw = pd.read_csv(shared("data/issuer/trisk/scenarios_testdata.csv"))
    row = raw[(raw["scenario"] == "NGFS2023GCAM_NZ2050") & (raw["technology"] == "CoalCap")]
    row = row[row["scenario_year"] == 2030].iloc[0]
    arguments = ("NGFS2023GCAM", "NGFS2023GCAM_NZ2050", "Global")
    where = {"sector": "Power", "technology": "coalcap"}
    production = series(table, *arguments, "production_pathway", [2030], **where)  # type: ignore[arg-type]
    price = series(table, *arguments, "technology_price", [2030], **where)  # type: ignore[arg-type]
    assert production.tolist() == [row["scenario_pathway"]]  # GW
    assert price.tolist() == pytest.approx([row["scenario_price"] / 3.6])  # $/MWh to $/GJ
    assert not any(key[1] == "NGFS2023_GCAM_CP" and key[3] == "production_pathway" for key in table.index)
    paths = canonical(read_pathway_file(shared("data/issuer/trisk/ngfs_carbon_price_testdata.csv")))
    model = "increasing_carbon_tax_50"
    assert (model, model, "Global", "carbon_price", "", "", "") in paths.index
