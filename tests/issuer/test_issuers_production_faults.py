# SPDX-License-Identifier: Apache-2.0
"""Faults of the production path, each at its place, and the user's own table of paths by technology."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from greenrisk.core.library import library_root
from tests.studied_production import DATA, SHIPPED, faults_of, own, run

TAX = "target: net-zero-2050, carbon_tax: {level: 50}}"
LEFT = "  first_year: 2025\n  missing_technologies: leave_out"


def test_two_consumers_are_faults_at_their_place_with_all_others(tmp_path: Path) -> None:
    found = faults_of(
        own(
            tmp_path,
            ("target: net-zero-2050}", TAX),
            ("demand_response: false", "demand_response: true"),
            ("technology: RenewablesCap, price: 420", "technology: RenewableCap, price: 420"),
            ("scenario: DelayedTransition", "scenario: DelayedTransitions"),
        )
    )
    text = "\n".join(found)
    assert "sales_volume is consumed by production_path and carbon" in text
    assert "carbon_price is consumed by production_path and carbon" in text
    assert "Power RenewableCap Nobody plans this technology. Did you mean `Power RenewablesCap`?" in text
    assert "DelayedTransitions" in text
    assert all("own.yaml:" in one for one in found)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (
            "  plans: jingdezhen_issuers_plans_synthetic\n",
            "",
            ("no production plans", "give `statements.plans`"),
        ),
        (
            ", target: delayed}",
            ", target: net-zero-2050}",
            ("target = net-zero-2050", "speaks for this scenario already"),
        ),
        (
            "path:\n      shock",
            "scenarios: {delayed: late}\n    path:\n      shock",
            ("late", "no such pair"),
        ),
        (
            "path:\n      shock",
            "scenarios: {current-policies: delayed}\n    path:\n      shock",
            ("the baseline", "Leave it out"),
        ),
        ("shock_year: 2030", "shock_year: 2060", ("shock_year = 2060", "before the last year 2050")),
        (
            "      - {sector: Power, technology: RenewablesCap, price: 420, unit: CNY/MWh}\n",
            "",
            ("no price of Power RenewablesCap", "{sector, technology, price, unit}"),
        ),
        ("420, unit: CNY/MWh}\n  #", "420, unit: USD/MWh}\n  #", ("CNY, USD", "Convert the prices to one")),
        (
            "path:\n      shock",
            "card: issuer-carbon-price-judged\n    path:\n      shock",
            ("issuer-carbon-price-judged", "issuer.late_sudden"),
        ),
    ],
)
def test_faults_of_the_path_stand_at_their_place(
    tmp_path: Path, old: str, new: str, wanted: tuple[str, str]
) -> None:
    found = faults_of(own(tmp_path, (old, new)))
    assert any(all(part in one for part in wanted) for one in found), found


def plans_with(folder: Path, **change: str) -> tuple[str, str]:
    """Write plans with the last row changed; return the change of the scenario that names them."""
    frame = pd.read_csv(DATA / "jingdezhen_issuers_plans_synthetic.csv", dtype=str)
    for column, value in change.items():
        frame.loc[len(frame) - 1, column] = value
    frame.to_csv(folder / "plans.csv", index=False)
    return ("plans: jingdezhen_issuers_plans_synthetic", "plans: plans.csv")


def test_an_uncovered_technology_is_a_fault_at_its_place_unless_it_is_left_out(tmp_path: Path) -> None:
    change = plans_with(tmp_path, technology="WaveCap")
    found = faults_of(own(tmp_path, change))
    assert len(found) == 3  # once a scenario
    assert all("production_pathway Power WaveCap for CN" in one and "own.yaml:" in one for one in found)
    tree = run(own(tmp_path, change, ("  first_year: 2025", LEFT)))
    refused = tree["production_refused"].to_dataset()
    assert set(refused["issuer"].values) == {"JDZ-CPW-4"}
    assert "do not cover" in str(refused["reason"].values[0])
    reads = tree["channels"].to_dataset()["reads"].sel(channel="production_path", issuer="JDZ-CPW-4")
    assert reads.item() == 0


def test_a_region_that_is_no_country_is_a_fault_of_its_row(tmp_path: Path) -> None:
    found = faults_of(own(tmp_path, plans_with(tmp_path, region="Chinna")))
    assert len(found) == 1
    assert "plans.csv:26 region = Chinna" in found[0]
    assert "`channels.production_path.regions`" in found[0]


SHARED = library_root().parent / "shared"
TRISK = SHARED if (SHARED / "data/issuer/trisk").is_dir() else None
OWN = """technologies: issuer/trisk/scenarios_testdata.csv
    regions: {China: Global}
    scenarios: {net-zero-2050: net-zero}
    path:"""
PAIRS = (
    ("    path:", f"    {OWN}"),
    (
        "baseline: current-policies, target: net-zero-2050",
        "baseline: NGFS2023GCAM_CP, target: NGFS2023GCAM_NZ2050",
    ),
    ("        - {name: delayed, baseline: current-policies, target: delayed}\n", ""),
)


def without_prices() -> tuple[str, str]:
    text = SHIPPED.read_text(encoding="utf-8")
    return text[text.index("    # What the synthetic") : text.index("  # The path says how much")], ""


@pytest.mark.skipif(TRISK is None, reason="../shared/data/issuer/trisk is not here")
def test_the_users_own_table_of_technologies_is_found_through_the_data_folder(tmp_path: Path) -> None:
    data = TRISK / "data"
    tree = run(own(tmp_path, *PAIRS, without_prices()), data=data)
    paths = pd.read_csv(data / "issuer/trisk/scenarios_testdata.csv", keep_default_na=False)
    paths = paths[(paths["sector"] == "Power") & (paths["scenario"] == "NGFS2023GCAM_NZ2050")]
    coal = paths[paths["technology"] == "CoalCap"].set_index("scenario_year").loc[2024:2050]
    share = coal["scenario_pathway"] / coal["scenario_pathway"].loc[2024]
    asked = 1320 * 0.5 * share * coal["scenario_capacity_factor"] * 8760
    production = tree["production"].to_dataset().isel(plan=0)
    assert production["year"].values[0] == 2024  # the table tells the year of the statements too
    assert production["asked"].sel(pair="net-zero").values.tolist() == pytest.approx(asked.tolist())
    assert str(production["price_unit"].item()) == "$/MWh"
    assert tree["production_npv"]["change"].attrs["units"] == "million $"
    told = tree["ledger"].to_dataset().to_dataframe()["detail"]
    assert told.str.contains("NGFS2023_GCAM_CP, of another model family").any()


@pytest.mark.skipif(TRISK is None, reason="../shared/data/issuer/trisk is not here")
def test_faults_of_the_users_own_table_stand_at_their_place(tmp_path: Path) -> None:
    data = TRISK / "data"
    path = own(tmp_path, *PAIRS, without_prices(), ("NGFS2023GCAM_NZ2050}", "NGFS2023GCAM-NZ2050}"))
    found = faults_of(path, data)
    assert len(found) == 1
    assert "own.yaml:" in found[0]
    assert "Did you mean `NGFS2023GCAM_NZ2050`?" in found[0]
    path = own(tmp_path, *PAIRS, without_prices(), ("    regions: {China: Global}\n", ""))
    found = faults_of(path, data)
    assert "Power CoalCap in China" in found[0]
    assert "No path covers it" in found[0]
    path = own(tmp_path, *PAIRS, without_prices(), ("NGFS2023GCAM_NZ2050}", "NGFS2023_GCAM_NZ2050}"))
    assert any("must be of one model family" in one for one in faults_of(path, data))
