# SPDX-License-Identifier: Apache-2.0
"""The second shipped scenario prices with an insurer's own years, and reviews the rate by them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import greenrisk
from greenrisk.actuarial.premium.gross import gross_premium
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.cards import Card
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.engine.result import RunResult
from greenrisk.resource.job import ForestJob
from greenrisk.resource.perils.listing import PERILS
from greenrisk.resource.quantities import UNITS, peril_premium
from greenrisk.resource.sections import experience_sections
from greenrisk.scenario.load import load

SHORT = {
    "years": "1000",
    "knowledge.draws": "20",
    "knowledge.years": "1000",
    "terms_alternatives": "null",
    "named_events": "[]",
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunResult, Path]:
    """A short run of it, and its folder."""
    folder = tmp_path_factory.mktemp("experience") / "run"
    return greenrisk.run(greenrisk.load("forest-jingdezhen-experience", SHORT), out=folder), folder


@pytest.fixture(scope="module")
def jobs() -> tuple[ForestJob, ForestJob]:
    """The study with the cards' judgement, and with own years."""
    return load("forest-jingdezhen", SHORT).prepare(), load("forest-jingdezhen-experience", SHORT).prepare()


def test_the_two_scenarios_differ_by_the_experience_and_its_review_alone() -> None:
    judged, own = (
        greenrisk.load(name).spec.model_dump()
        for name in ("forest-jingdezhen", "forest-jingdezhen-experience")
    )
    assert {key for key in own if own[key] != judged[key]} == {"name", "title", "experience", "rate_review"}


def test_own_years_move_each_level_towards_what_was_paid_and_narrow_it(
    jobs: tuple[ForestJob, ForestJob],
) -> None:
    group = jobs[1].facts.own.group
    assert tuple(group["peril"].values) == (*PERILS, "all")
    ratio, before, after = (group[name].values for name in ("ratio", "prior_median", "posterior_median"))
    # Credibility weighs means; a ratio near the median says little of its direction.
    far = np.abs(np.log(ratio / before)) > 0.5
    assert far.sum() >= 3
    assert (np.sign(after - before) == np.sign(ratio - before))[far].all()
    assert (np.abs(np.log(after / before)) < np.abs(np.log(ratio / before)))[far].all()

    def width(stage: str) -> np.ndarray:
        return np.log(group[f"{stage}_high"].values / group[f"{stage}_low"].values)

    assert (width("posterior") < width("prior")).all()
    assert ((group["credibility"] > 0) & (group["credibility"] < 1)).all()


def test_the_price_rests_on_the_cards_that_own_years_have_moved(jobs: tuple[ForestJob, ForestJob]) -> None:
    """Levels alone: footprints, damage and loadings are those of the first scenario."""
    judged, own = (job.facts.cards for job in jobs)

    def moved(one: Card, other: Card) -> set[str]:
        return {name for name in one.parameters if one.parameters[name].value != other.parameters[name].value}

    found = {role: moved(judged[role], own[role]) for role in judged}
    assert {role: names for role, names in found.items() if names} == {
        "local": {"relative_hazard"},
        "storm": {"storms_per_100_km"},
        "snow_ice": {"spells_a_year"},
        "drought": {"probability"},
        "flood": {"rainstorms_per_10000_km2"},
        "pest": {"wilt_rate", "leaf_rate"},
        "nonfire": {"scale"},
    }


def test_the_review_loads_the_years_that_it_expects(jobs: tuple[ForestJob, ForestJob]) -> None:
    """Pure premium and risk load of the same law: that of the cards before the years moved them."""
    facts = jobs[1].facts
    assert facts.own is not None
    loadings = Loadings.from_values(facts.cards["loadings"].values())
    groups = experience_sections(facts, loadings, Ledger())
    pilot, row = facts.own.pilot, groups["/rate_review/indication"].isel(review=0)
    whole, multiple = pilot.totals.sum(axis=1), 1 + float(groups["/rate_review/perils"]["change"].values[0])
    pure = float(whole.mean())
    worst = np.sort(whole)[-whole.size // 200 :].mean()
    load = loadings.cost_of_capital * loadings.capital_share * (worst - pure)
    premium = gross_premium(
        multiple * pure, multiple * load, loadings, loadings.fixed_expenses * pilot.insured_mu
    )
    rate = 1000 * premium / (pilot.insured_mu * pilot.value_per_mu)
    assert float(row["indicated_rate"]) == pytest.approx(rate, rel=1e-9)


def test_own_years_are_held_against_means_that_are_not_luck(jobs: tuple[ForestJob, ForestJob]) -> None:
    own = jobs[1].facts.own
    assert own is not None
    assert (own.pilot.mean_error < 0.05 * own.pilot.mean).all()
    assert own.pilot.mean_error[-1] < 0.015 * own.pilot.mean[-1]


def test_each_peril_costs_more_or_less_as_its_own_years_say(jobs: tuple[ForestJob, ForestJob]) -> None:
    """On common random numbers, so that a thousand years tell the direction."""
    judged, own = (
        dict(zip(UNITS, job.run_block(job.simulation_blocks)["quantity"].values[0], strict=True))
        for job in jobs
    )
    level = jobs[1].facts.own.group["posterior_median"]
    for kind in ("wildfire", "drought", "flood", "pest"):
        ratio = own[peril_premium(kind)] / judged[peril_premium(kind)]
        assert (ratio > 1) == (float(level.sel(peril=kind)) > 1), kind
    assert own["gross_premium"] != judged["gross_premium"]


def test_the_folder_has_the_review_in_chinese_and_says_that_the_years_are_synthetic(
    run: tuple[RunResult, Path],
) -> None:
    result, folder = run
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "费率回溯表" in page
    assert "jingdezhen_experience_synthetic.csv" in page
    assert result.tree["/experience"].attrs["status"] == "synthetic"
    years = result.tree["/rate_review/years"].to_dataset()
    assert isinstance(years, xr.Dataset)
    assert set(years["year"].values.tolist()) == set(range(2016, 2026))
    for name in ("experience", "rate_review_indication", "rate_review_years"):
        assert list((folder / "tables").glob(f"{name}*.csv")), name


def test_the_folder_has_the_table_of_a_filing_in_both_languages(run: tuple[RunResult, Path]) -> None:
    filing = pd.read_csv(run[1] / "tables" / "rate_review_filing.csv", encoding="utf-8-sig")
    years = [str(year) for year in range(2016, 2026)]
    assert filing["年份 Year"].unique().tolist() == [*years, "2023-2025"]
    assert filing["灾因 Peril"].nunique() == len(PERILS) + 1
    whole = filing[(filing["年份 Year"] == "2023-2025") & (filing["灾因 Peril"] == "合计 all perils")].iloc[0]
    indication = run[0].tree["/rate_review/indication"].to_dataset()
    for heading, name in (
        ("现行费率（‰） Current rate (per mille)", "current_rate"),
        ("指示费率（‰） Indicated rate (per mille)", "indicated_rate"),
        ("建议费率（‰） Proposed rate (per mille)", "proposed_rate"),
    ):
        assert whole[heading] == pytest.approx(float(indication[name].values[0]), rel=1e-12), heading


def test_the_shipped_years_are_marked_in_name_and_record() -> None:
    """The generator is committed and gives the same bytes (see the table of experience)."""
    names = sorted(path.name for path in (library_root() / "data").glob("jingdezhen_*_synthetic.csv"))
    assert [name for name in names if "experience" in name or "triangle" in name] == [
        "jingdezhen_experience_synthetic.csv",
        "jingdezhen_triangle_synthetic.csv",
    ]
