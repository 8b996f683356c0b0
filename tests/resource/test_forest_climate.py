# SPDX-License-Identifier: Apache-2.0
"""The forest takes its climate from a pathway: warming moves how often there is fire or drought."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from typing import cast

import pytest

from greenrisk.core.cards import read_card
from greenrisk.core.errors import GreenRiskError
from greenrisk.core.library import find
from greenrisk.resource.job import ForestJob
from greenrisk.resource.perils.drought import DroughtLaw
from greenrisk.resource.simulation import resolve
from greenrisk.scenario.load import load
from tests.small_forest import small_forest

WARM = "{tables: [warm.csv], model: Own, scenario: Warm}"
TABLE = """\
model,scenario,region,variable,unit,2020,2030
Own,Warm,World,gsat_median,K,1.0,3.0
Own,Still,World,gsat_median,K,1.0,1.0
"""
"""A fifth of a degree a year: 1.0 K from 2021, the last year of the fires, to 2026, the year that is insured."""


def prepared(folder: Path, climate: str = "") -> ForestJob:
    (folder / "warm.csv").write_text(TABLE, encoding="utf-8")
    path = small_forest(folder)
    return cast(ForestJob, load(path, {"climate": climate} if climate else {}).prepare())


def faults_of(folder: Path, climate: str) -> list[str]:
    with pytest.raises(GreenRiskError) as caught:
        prepared(folder, climate)
    return [str(fault) for fault in caught.value.faults]


def sensitivity(name: str) -> float:
    path = find("models", "forest-climate-judged")
    assert path is not None
    return float(read_card(path).parameters[name].value)


def test_a_degree_multiplies_fires_and_droughts_and_leaves_the_rest(tmp_path: Path) -> None:
    today, warm = prepared(tmp_path), prepared(tmp_path, WARM)
    assert warm.exposure.warming == pytest.approx(1.0, abs=1e-12)
    assert today.exposure.warming == 0.0
    assert "climate" not in today.plan.variants[0].values
    before, after = (resolve(job.exposure, job.plan.variants[0]) for job in (today, warm))
    fires = math.exp(sensitivity("fire_per_kelvin"))
    assert after.wildfire.expected_events() == pytest.approx(
        fires * before.wildfire.expected_events(), rel=1e-12
    )
    assert after.wildfire.province_fires == pytest.approx(fires * before.wildfire.province_fires, rel=1e-12)
    dry, drier = (cast(DroughtLaw, laws.laws["drought"]) for laws in (before, after))
    assert drier.probability == pytest.approx(
        math.exp(sensitivity("drought_per_kelvin")) * dry.probability, rel=1e-12
    )
    assert drier.threshold == dry.threshold  # how deep a drought is does not change
    for kind in ("storm", "snow_ice", "flood", "pest"):
        assert after.laws[kind].expected_events() == before.laws[kind].expected_events()


def test_without_warming_nothing_moves(tmp_path: Path) -> None:
    today, still = prepared(tmp_path), prepared(tmp_path, WARM.replace("Warm", "Still"))
    before, after = (resolve(job.exposure, job.plan.variants[0]) for job in (today, still))
    for kind, law in before.laws.items():
        assert after.laws[kind].expected_events() == law.expected_events()


def test_both_sensitivities_are_drawn_and_moved_alone_and_each_moves_its_own_peril(tmp_path: Path) -> None:
    plan = prepared(tmp_path, WARM).plan
    base = plan.variants[0]
    ends = {
        end.name: plan.variants[plan.first_end + k]
        for k, end in enumerate(plan.ends)
        if end.role == "climate"
    }
    assert set(ends) == {"fire_per_kelvin", "drought_per_kelvin"}
    for variant in ends.values():
        assert not variant.same_peril(base, "wildfire")
        assert not variant.same_peril(base, "drought")
        assert variant.same_peril(base, "storm")
    drawn = {variant.values["climate"]["fire_per_kelvin"] for variant in plan.variants[1 : plan.first_end]}
    assert len(drawn) == plan.draws


def test_the_warming_is_told_and_the_table_hashed(tmp_path: Path) -> None:
    job = prepared(tmp_path, WARM)
    (line,) = [entry for entry in job.ledger if entry.subject == "climate of the underwriting year"]
    assert line.status == "illustrative"
    assert line.detail.startswith(
        "Warm of Own: +1.00 K of global warming from 2021 to 2026; it multiplies the occurrence: wildfire "
        f"{math.exp(sensitivity('fire_per_kelvin')):.3f}, drought {math.exp(sensitivity('drought_per_kelvin')):.3f}."
    )
    assert job.inputs["table warm.csv"] == hashlib.sha256(TABLE.encode()).hexdigest()
    assert "card forest-climate-judged" in job.inputs


def test_the_shipped_cut_gives_the_warming_between_its_years(tmp_path: Path) -> None:
    path = find("data", "ngfs5_cut")
    assert path is not None
    lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    row = next(cells for cells in lines if cells[:4] == ["REMIND", "CurrentPolicies", "World", "gsat_median"])
    at = {year: float(row[lines[0].index(year)]) for year in ("2020", "2025", "2030")}
    first = at["2020"] + (at["2025"] - at["2020"]) / 5  # 2021
    last = at["2025"] + (at["2030"] - at["2025"]) / 5  # 2026
    job = prepared(tmp_path, "{model: REMIND, scenario: CurrentPolicies}")
    assert job.exposure.warming == pytest.approx(last - first, abs=1e-9)


def test_what_does_not_fit_is_told_at_its_key(tmp_path: Path) -> None:
    (told,) = faults_of(tmp_path, WARM.replace("Warm", "Warn"))
    assert "scenario = Warn\n  `Own` has no such scenario. Did you mean `Warm`?" in told
    (told,) = faults_of(tmp_path, WARM.replace("}", ", reference_year: 2015}"))
    assert (
        "climate.reference_year = 2015\n  The trend of card wildfire-jiangxi holds what warming did until 2021"
        in told
    )
    (told,) = faults_of(tmp_path, WARM.replace("}", ", card: drought-judged}"))
    assert "This card is for drought.peril; a card for forest.climate is needed." in told
    (told,) = faults_of(tmp_path, WARM.replace("warm.csv", "wram.csv"))
    assert "climate.tables[0] = wram.csv" in told
