# SPDX-License-Identifier: Apache-2.0
"""A finished run of the zone of Leping, small, and the issuers that own its plants: through the run folder alone."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from greenrisk.core.errors import GreenRiskError
from greenrisk.issuer.attribution import attribute
from greenrisk.issuer.channels.base import effects_of
from greenrisk.issuer.job import IssuersJob
from greenrisk.scenario.load import load
from tests.issuer_sets import jingdezhen
from tests.studied_zone import small_zone_run

DRAWS = 300


def prepared(folder: Path, **overrides: str) -> IssuersJob:
    given = {key.replace("__", "."): value for key, value in overrides.items()}
    given |= {"upstream.zone": str(folder), "knowledge.draws": "2", "knowledge.tornado": "false"}
    job = load("issuers-upstream", given).prepare()
    assert isinstance(job, IssuersJob)
    return job


@pytest.fixture
def zone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small run of the zone."""
    return small_zone_run(tmp_path_factory)


def table(folder: Path) -> pd.DataFrame:
    """What each owner bears, by simulated year and owner [million CNY]."""
    losses = pd.read_csv(folder / "tables" / "owner_losses.csv")
    return losses.pivot(index="year", columns="owner", values="uninsured_cny") / 1e6


@cache
def owners() -> dict[str, str]:
    """Owner of plants by issuer, as the table of issuers says."""
    who = jingdezhen()["issuers"].dropna(subset="zone_owner")
    return dict(zip(who["issuer"], who["zone_owner"], strict=True))


def test_each_owner_bears_the_mean_of_its_losses_and_nobody_else_anything(zone: Path) -> None:
    job = prepared(zone)
    setting = job.model.setting(slice(0, len(job.model.issuers)), job.plan.values[:1])
    charged = np.broadcast_to(job.model.outcome(setting).effects.get("liability_loss"), setting.shape)[0]
    mean = table(zone).mean()
    assert set(owners().values()) <= set(mean.index)
    wanted = np.array([mean.get(owners().get(one, ""), 0.0) for one in setting.issuers.ids])
    assert (wanted > 0).sum() >= 3
    np.testing.assert_allclose(charged, wanted[None, :, None] * np.ones_like(charged), rtol=1e-12)
    # Nothing is lost on the way: what the issuers bear and what owners without an issuer bear is all of it.
    others = mean[[name for name in mean.index if name not in owners().values()]].sum()
    assert charged[0, :, 0].sum() + others == pytest.approx(
        table(zone).to_numpy().sum(axis=1).mean(), rel=1e-12
    )


def test_a_draw_takes_whole_years_of_the_zone_so_that_owners_keep_their_dependence(zone: Path) -> None:
    job = prepared(zone)
    values = [job.plan.values[0]] * DRAWS
    setting = job.model.setting(slice(0, len(job.model.issuers)), values, np.arange(DRAWS))
    liability = [channel for channel in job.model.channels if channel.name == "liability_loss"]
    drawn = np.broadcast_to(effects_of(setting, liability).get("liability_loss"), setting.shape)
    np.testing.assert_array_equal(drawn[:, 0], drawn[:, 1])  # the same accidents in every scenario
    place = [setting.issuers.ids.index(one) for one in owners()]
    years = np.round(drawn[:, 0][:, place].transpose(0, 2, 1).reshape(-1, len(place)), 9)
    known = np.round(table(zone)[list(owners().values())].to_numpy(), 9)
    assert {tuple(year) for year in years} <= {tuple(year) for year in known}
    # Rank correlation of the whole zone's largest two owners, within four standard errors of that of its years.
    busy = np.argsort((known > 0).sum(axis=0))[-2:]
    want, have = (spearmanr(rows[:, busy[0]], rows[:, busy[1]]).statistic for rows in (known, years))
    assert abs(have - want) < 4 / np.sqrt(len(years))
    # A draw's mean over many years is the mean of the base case, within four standard errors.
    error = known.std(axis=0) / np.sqrt(len(years))
    assert (np.abs(years.mean(axis=0) - known.mean(axis=0)) < 4 * error).all()


def test_alone_it_lowers_ebit_by_the_loss_and_the_parts_and_their_interaction_are_all(zone: Path) -> None:
    job = prepared(zone)
    setting = job.model.setting(slice(0, len(job.model.issuers)), job.plan.values[:1])
    parts = attribute(setting, job.model.channels, job.model.measure)
    ebit = parts["ebit"]
    mean = table(zone).mean()
    at = ebit.channels.index("liability_loss")
    for number, issuer in enumerate(setting.issuers.ids):
        loss = mean.get(owners().get(issuer, ""), 0.0)
        np.testing.assert_allclose(ebit.alone[at, 0, :, number], -loss, rtol=1e-9, atol=1e-9)
    for name, part in parts.items():
        whole = part.alone.sum(axis=0) + part.interaction
        np.testing.assert_allclose(whole, part.joint, rtol=1e-9, atol=1e-9, err_msg=name)
    default = parts["annual_probability"].alone[at, 0]
    assert (default[:, [setting.issuers.ids.index(one) for one in owners()]] >= 0).all()


def test_prices_of_another_year_are_brought_over_by_the_users_index_and_told(zone: Path) -> None:
    plain, dearer = prepared(zone), prepared(zone, upstream__price_index="1.1")
    held = [next(c for c in job.model.channels if c.name == "liability_loss") for job in (plain, dearer)]
    np.testing.assert_allclose(held[1].losses.uninsured, 1.1 * held[0].losses.uninsured)  # type: ignore[attr-defined]
    said = [
        " ".join(e.detail for e in job.ledger if e.subject == "upstream: zone") for job in (plain, dearer)
    ]
    assert "Losses are in prices of 2022 and stand for 2024 as they are" in said[0]
    assert "Losses were brought to prices of 2024 by the factor 1.1" in said[1]
    assert "4,000 simulated years and 26 owners of the run zone-leping" in said[0]
    synthetic = [e for e in plain.ledger if e.subject == "upstream: zone" and e.status == "synthetic"]
    assert "leping_plants_synthetic" in synthetic[0].detail
    manifest = hashlib.sha256((zone / "manifest.json").read_bytes()).hexdigest()
    assert plain.inputs[f"file {zone}/manifest.json"] == manifest


@pytest.mark.parametrize(
    ("manifest", "wanted"),
    [
        (None, "No finished run is there. Make it by `greenrisk run zone-leping`"),
        ("{", "Its manifest.json is not that of a run. Run the zone again."),
        ("[]", "Its manifest.json is not that of a run. Run the zone again."),
        (
            json.dumps({"settings": {"kind": "forest"}}),
            "This is a run of kind `forest`. A run of kind `zone`",
        ),
        (
            json.dumps({"settings": {"kind": "zone"}}),
            "The run has no tables/owner_losses.csv. Run the zone again.",
        ),
    ],
)
def test_a_folder_that_is_no_run_of_a_zone_is_refused_at_its_key(
    tmp_path: Path, manifest: str | None, wanted: str
) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    if manifest is not None:
        (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(GreenRiskError) as caught:
        prepared(folder)
    (fault,) = caught.value.faults
    assert fault.what.startswith("upstream.zone = ")
    assert wanted in fault.expected


def test_a_run_that_lost_a_row_is_refused_with_owner_and_year(tmp_path: Path, zone: Path) -> None:
    lines = (zone / "tables" / "owner_losses.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "losses.csv").write_text("\n".join([*lines[:5], *lines[6:]]), encoding="utf-8")
    with pytest.raises(GreenRiskError) as caught:
        prepared(tmp_path / "losses.csv")
    (fault,) = caught.value.faults
    assert fault.what.startswith("year 0, Synthetic Owner E: missing")
