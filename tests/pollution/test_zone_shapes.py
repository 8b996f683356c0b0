# SPDX-License-Identifier: Apache-2.0
"""Zones of all shapes run: five hundred random plants, plants and substances alone, refused plants, own claims."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from small_zone import small_zone
from studied_zone import SCENARIO, run, small_job, write_zone

from greenrisk.core.ledger import Ledger
from greenrisk.pollution.job import ZoneJob
from greenrisk.pollution.liability.expected import expected_losses
from greenrisk.pollution.tables import (
    ACTIVITIES,
    DISCHARGE_ROUTES,
    EQUIPMENT,
    KINDS_OF_SITE,
    PREVENTION_LEVELS,
)

PLANTS = 500


def random_zone(seed: int, plants: int) -> dict[str, pd.DataFrame]:
    """Return the tables of a zone whose plants are drawn at random."""
    rng = np.random.default_rng(seed)
    few = small_zone()

    def pick(words: tuple[str, ...], size: int = plants) -> np.ndarray:
        return rng.choice(np.array(words), size)

    ids = np.array([f"P{i:03d}" for i in range(plants)])
    plant = pd.concat([few["zone-plants"].iloc[[0]]] * plants, ignore_index=True)
    plant["plant_id"], plant["name"] = ids, ids
    plant["owner"] = [f"owner {i % 200}" for i in range(plants)]
    plant["lon"], plant["lat"] = 117.0 + 0.1 * rng.random(plants), 29.0 + 0.1 * rng.random(plants)
    plant["industry_code"] = pick(("2614", "2631", "2619", "5941", "9999"))
    plant["kind_of_site"] = np.where(rng.random(plants) < 0.8, "ordinary", pick(KINDS_OF_SITE))
    plant["activity"], plant["prevention"] = pick(ACTIVITIES), pick(PREVENTION_LEVELS)
    plant["credit_colour"] = [
        None if colour == "none" else colour for colour in pick(("green", "blue", "yellow", "red", "none"))
    ]
    plant["discharge_route"] = pick(DISCHARGE_ROUTES)
    for name in few["zone-plants"].columns:
        if set(few["zone-plants"][name]) <= {"yes", "no"}:
            plant[name] = pick(("yes", "no"))
    plant["limit_cny"] = np.where(rng.random(plants) < 0.7, 1e6 * rng.integers(1, 50, plants), np.nan)
    plant["years_observed"] = rng.integers(0, 25, plants).astype(float)
    plant["assets_cny"] = np.round(np.exp(rng.normal(17.0, 2.0, plants)))
    near = rng.integers(0, 2000, plants).astype(float)
    plant["people_500m"], plant["people_1km"], plant["people_5km"] = near, near + 500.0, near + 60000.0
    substance = few["zone-substances"].iloc[rng.integers(0, 4, 3 * plants)].reset_index(drop=True)
    # Some plants hold several substances and some none at all.
    substance["plant_id"] = rng.choice(ids, 3 * plants)
    substance["max_t"] = np.round(np.exp(rng.normal(2.0, 1.5, 3 * plants)), 2)
    substance["where"] = [f"tank {i}" for i in range(3 * plants)]
    carriers = ids[(plant["activity"] == "transport").to_numpy()]
    vehicle = pd.concat([few["zone-vehicles"]] * carriers.size, ignore_index=True).assign(plant_id=carriers)
    direct = ids[(plant["discharge_route"] == "direct").to_numpy()]
    outlet = pd.concat([few["zone-outlets"].iloc[[0]]] * direct.size, ignore_index=True)
    outlet = outlet.assign(plant_id=direct, outlet_id=[f"{name}-1" for name in direct])
    history = pd.concat([few["zone-history"]] * 80, ignore_index=True)
    history["plant_id"] = rng.choice(ids[(plant["years_observed"] >= 10).to_numpy()], 80)
    history["year"] = rng.integers(2018, 2027, 80)
    equipment = pd.DataFrame(
        {
            "plant_id": rng.choice(ids, 600),
            "equipment": pick(EQUIPMENT, 600),
            "amount": rng.integers(1, 30, 600).astype(float),
        }
    )
    makers = ids[(plant["activity"] == "production").to_numpy()]
    process = pd.DataFrame(
        {
            "plant_id": makers,
            "line": "1",
            "process": "chlorination",
            "lines": rng.integers(1, 4, makers.size),
        }
    )
    return {
        "zone-plants": plant,
        "zone-outlets": outlet,
        "zone-substances": substance,
        "zone-processes": process,
        "zone-equipment": equipment.drop_duplicates(["plant_id", "equipment"]),
        "zone-vehicles": vehicle,
        "zone-history": history,
    }


def test_a_zone_of_five_hundred_random_plants_runs_and_its_books_close(tmp_path: Path) -> None:
    job = small_job(write_zone(tmp_path, random_zone(7, PLANTS)))
    tree = run(job)
    plants = tree["plants"].to_dataset()
    assert plants.sizes["plant"] == PLANTS
    held = job.facts.inventory.holdings.plant
    assert np.unique(held).size < PLANTS, "some plant holds nothing"
    assert (plants["grade"] == "refused").any()
    assert np.isfinite(plants["premium"].values).all()
    assert (plants["premium"].values[plants["limit"].values > 0] > 0.0).all()
    losses = tree["losses"].to_dataset()
    np.testing.assert_allclose(
        losses["loss"].sel(layer="insured") + losses["loss"].sel(layer="uninsured"),
        losses["loss"].sel(layer="ground_up"),
        rtol=1e-9,
        atol=1e-6,
    )
    heads = tree["heads"].to_dataset()
    np.testing.assert_allclose(
        heads["insured"] + heads["uninsured"].sum("reason"), heads["ground_up"], rtol=1e-11
    )
    metrics = tree["metrics"].to_dataset()
    assert np.isfinite(metrics["value"].values).all()
    assert (np.abs(tree["checks/second_method"]["difference"]) < 4.5).all()


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> tuple[ZoneJob, xr.DataTree]:
    """A zone of plants and substances alone: one plant holds nothing, one is a filling station."""
    frames = small_zone()
    plants = frames["zone-plants"].assign(
        kind_of_site=["ordinary", "ordinary", "filling_station"], activity=["production", "storage", "trade"]
    )
    substances = frames["zone-substances"]
    kept = {
        "zone-plants": plants,
        "zone-substances": substances[substances["plant_id"] != "B"],
    }
    folder = tmp_path_factory.mktemp("bare")
    job = small_job(write_zone(folder, kept, SCENARIO.replace("years: 1000\nseed", "years: 3000\nseed")))
    return job, run(job)


def test_a_zone_without_outlets_processes_equipment_vehicles_and_history_runs(
    bare: tuple[ZoneJob, xr.DataTree],
) -> None:
    job, tree = bare
    rates = tree["frequency"].to_dataset()
    assert (rates["transport_accidents"] == 0.0).all()
    equipment = rates["source_weight"].sel(source="equipment")
    assert (equipment == 0.0).all(), "without equipment that source says nothing"
    assert tree["outlets"].sizes.get("outlet", 0) == 0
    assert set(tree["metrics"]["name"].values) >= {"gross_premium", "expected_accidents"}
    # Years without a recorded accident are years without one: the plant's own rate counts.
    np.testing.assert_allclose(rates["own_rate"].values, 0.0)
    assert (
        job.model.rates(job.plan.variants[0]).posterior < job.model.rates(job.plan.variants[0]).prior
    ).all()


def test_a_plant_without_substances_is_graded_as_holding_nothing_and_priced(
    bare: tuple[ZoneJob, xr.DataTree],
) -> None:
    plants = bare[1]["plants"].to_dataset().sel(plant="B")
    assert plants["grade"].item() == "general"
    assert plants["premium"].item() > 0.0
    assert (bare[0].facts.grade.headline.q_band[:, 1] == 0).all()


def test_a_plant_whose_grade_is_refused_is_priced_and_told_with_the_method_that_applies(
    bare: tuple[ZoneJob, xr.DataTree],
) -> None:
    job, tree = bare
    plant = tree["plants"].to_dataset().sel(plant="C")
    assert plant["grade"].item() == "refused"
    assert plant["premium"].item() > 0.0
    assert plant["accidents"].item() > 0.0
    factor = job.model.rates(job.plan.variants[0]).factor[0]
    assert factor[2] == 1.0
    details = [entry.detail for entry in job.ledger if entry.subject == "grading: scope"]
    assert len(details) == 1
    assert details[0].startswith("Not graded by HJ 941-2018, kept in the zone: C. What applies: ")


def claims(rng: np.random.Generator, factor: float, number: int) -> pd.DataFrame:
    """Return own claims: amounts of clean-up around those of the card, times a factor."""
    return pd.DataFrame(
        {
            "accident_id": [f"K{i}" for i in range(number)],
            "year": rng.integers(2015, 2026, number),
            "head": "clean_up",
            "amount_cny": np.round(factor * np.exp(rng.normal(12.0, 1.0, number)), 2),
        }
    )


def test_own_claims_replace_the_transfer_by_credibility_and_narrow_the_interval(tmp_path: Path) -> None:
    from greenrisk.pollution.severity.own_claims import ZONE_CLAIMS

    frames = small_zone()
    before = small_job(write_zone(tmp_path, frames))
    frame = claims(np.random.default_rng(3), 1.0, 80)
    wanted = {column.name for column in ZONE_CLAIMS.columns if column.required}
    assert wanted <= set(frame.columns), wanted
    frame.to_csv(tmp_path / "claims.csv", index=False)
    text = (tmp_path / "zone.yaml").read_text(encoding="utf-8")
    own = "severity: {own_claims: claims.csv, claims_plant_years_outside: 4000}\n"
    (tmp_path / "own.yaml").write_text(text + own, encoding="utf-8")
    after = small_job(tmp_path / "own.yaml")
    for name in ("frequency_factor", "severity_factor"):
        old = before.facts.cards["transfer"].parameters[name]
        new = after.facts.cards["transfer"].parameters[name]
        width = [float(one.ends()[1]) / float(one.ends()[0]) for one in (old, new)]
        assert width[1] < width[0] / 2.0, name
        assert new.status == "user"
    spread = []
    for job in (before, after):
        loss = [
            expected_losses(job.model.laws(variant)).sum()
            for variant in job.plan.variants[1 : job.plan.first_end]
        ]
        spread.append(float(np.log(loss).std()))
    assert spread[1] < spread[0]
    group = after.finish((after.run_block(b) for b in range(after.n_blocks)), Ledger(after.ledger))[
        "own_claims"
    ]
    credibility = group["credibility"].values
    assert ((credibility > 0.5) & (credibility < 1.0)).all()
    told = [entry.detail for entry in after.ledger if entry.subject == "own claims"]
    assert any("80 own accidents in 4000 plant-years" in sentence for sentence in told)
