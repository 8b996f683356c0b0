# SPDX-License-Identifier: Apache-2.0
"""Several covers together: double trigger, tiers on events, deductibles and limits, each counted by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from numpy.typing import NDArray
from scipy.stats import multivariate_normal, norm, spearmanr
from studied_index import prepared, run, tracks, water, write_several

from greenrisk.core.errors import GreenRiskError
from greenrisk.resource.index_cover.index_job import IndexJob
from greenrisk.resource.index_cover.index_model import IndexModel
from greenrisk.resource.index_cover.index_variants import BURN, Variant

Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_several(tmp_path_factory.mktemp("several"))


@pytest.fixture(scope="module")
def job(scenario: Path) -> IndexJob:
    return prepared(str(scenario), years="20000")


@pytest.fixture(scope="module")
def tree(job: IndexJob) -> xr.DataTree:
    return run(job)


def by_hand() -> Floats:
    """Return what each cover would have paid in each year before the terms of the year, shape (cover, year)."""
    table = water()
    stage, rain = table["stage"].to_numpy(), table["rain"].to_numpy()
    low = np.maximum(1e6 * np.clip((9.5 - stage) / 2.0, 0, 1) - 50_000, 0)
    double = 2e6 * np.minimum(np.clip((10 - stage) / 2.0, 0, 1), np.clip((950 - rain) / 250.0, 0, 1))
    storms = np.zeros(table.shape[0])
    winds = tracks().groupby("storm")["wind_kt"].max()
    for storm, wind in winds.items():
        year = int(str(storm).split("-")[0]) - 1980
        storms[year] += 1.5e6 * (1.0 if wind > 120 else 0.4 if wind >= 90 else 0.0)
    return np.array([low, double, np.minimum(storms, 2e6)])


def test_the_years_of_the_record_are_paid_as_by_hand(tree: xr.DataTree) -> None:
    before = by_hand()
    total = np.clip(before.sum(axis=0) - 100_000, 0, 3e6)
    history = tree["history"].to_dataset()
    np.testing.assert_allclose(history["payout"].values, total, atol=1e-6)
    share = np.divide(total, before.sum(axis=0), out=np.zeros(total.size), where=before.sum(axis=0) > 0)
    np.testing.assert_allclose(history["cover_payout"].values, before * share, atol=1e-6)


def test_whole_years_drawn_have_the_mean_of_the_record(job: IndexJob) -> None:
    fitted = job.model.fitted(Variant(job.plan.variants[0].values, law=BURN))
    drawn = np.concatenate([job.model.years(fitted, "test", block, 1000) for block in range(40)]).sum(axis=1)
    error = drawn.std() / np.sqrt(drawn.size)
    assert abs(drawn.mean() - fitted.total.mean()) < 4 * error


def single(model: IndexModel, cover: int) -> IndexModel:
    """Return the model with one of its covers, without terms over all of them."""
    covers = (model.part.covers[cover],)
    names = dict.fromkeys(
        name
        for one in covers
        for name in (
            (one.payout.first.index, one.payout.second.index)
            if one.payout.kind == "double"
            else (one.payout.index,)
        )
    )
    terms = model.part.aggregate.model_copy(update={"deductible_cny": 0.0, "limit_cny": None})
    part = model.part.model_copy(update={"covers": covers, "aggregate": terms})
    return replace(model, part=part, family={name: model.family[name] for name in names})


def simulated(model: IndexModel, job: IndexJob) -> tuple[float, float]:
    fitted = model.fitted(job.plan.variants[0])
    paid = np.concatenate([model.years(fitted, "test", block, 1000) for block in range(60)])[:, 0]
    return float(paid.mean()), float(paid.std() / np.sqrt(paid.size))


def test_two_triggers_pay_together_as_often_as_the_normal_copula_says(job: IndexJob) -> None:
    """P(both below their triggers) of two normal laws with r = 2 sin(pi rho / 6), rho being Spearman's."""
    table = water()
    stage, rain = table["stage"].to_numpy(), table["rain"].to_numpy()
    r = 2.0 * np.sin(np.pi / 6.0 * spearmanr(stage, rain).statistic)
    points = [(10 - stage.mean()) / stage.std(), (950 - rain.mean()) / rain.std()]
    expected = multivariate_normal([0, 0], [[1, r], [r, 1]]).cdf(points)
    model = single(job.model, 1)
    fitted = model.fitted(job.plan.variants[0])
    paid = np.concatenate([model.years(fitted, "test", block, 1000) for block in range(60)])[:, 0] > 0
    assert abs(paid.mean() - expected) < 4 * np.sqrt(expected * (1 - expected) / paid.size)


def test_a_deductible_is_taken_from_every_payment(job: IndexJob) -> None:
    """E(1e6 S - 50,000)+ of a linear share is E(1e6 S') between the triggers 9.4 and 7.5, S' losing 5 % of the way."""
    stage = water()["stage"].to_numpy()
    mean, spread = stage.mean(), stage.std()

    def put(strike: float) -> float:
        k = (strike - mean) / spread
        return float((strike - mean) * norm.cdf(k) + spread * norm.pdf(k))

    expected = 1e6 * (put(9.4) - put(7.5)) / 2.0
    found, error = simulated(single(job.model, 0), job)
    assert abs(found - expected) < 4 * error


def test_storms_pay_by_number_and_tier_up_to_the_limit_of_the_year(job: IndexJob) -> None:
    """Poisson (or negative binomial) numbers of the fitted law, tiers by its intensity: summed over 200,000 years."""
    model = single(job.model, 2)
    law = model.fitted(job.plan.variants[0]).laws["wind"]
    found, error = simulated(model, job)
    winds = tracks().groupby("storm")["wind_kt"].max().to_numpy()
    mean, spread = winds.mean(), winds.std()
    rng = np.random.default_rng(11)
    years = 200_000
    if np.isinf(law.dispersion):
        number = rng.poisson(winds.size / 40, years)
    else:
        number = rng.negative_binomial(
            law.dispersion, law.dispersion / (law.dispersion + winds.size / 40), years
        )
    wind = rng.normal(mean, spread, number.sum())
    each = 1.5e6 * np.where(wind > 120, 1.0, np.where(wind >= 90, 0.4, 0.0))
    paid = np.minimum(np.bincount(np.repeat(np.arange(years), number), weights=each, minlength=years), 2e6)
    both = np.hypot(error, paid.std() / np.sqrt(years))
    assert abs(found - paid.mean()) < 4 * both


def test_payments_of_covers_add_up_within_the_limit_of_the_year(tree: xr.DataTree) -> None:
    losses = tree["losses"].to_dataset()
    np.testing.assert_allclose(
        losses["cover_payment"].sum("cover").values, losses["loss"].values[:, 0], rtol=1e-12
    )
    assert losses["loss"].values.max() <= 3e6 * (1 + 1e-12)
    premium = tree["premium"]["amount"]
    np.testing.assert_allclose(
        premium.sel(segment="all"), premium.isel(segment=slice(1, None)).sum("segment"), rtol=1e-9
    )


def test_no_interval_goes_beyond_what_the_covers_can_pay(tree: xr.DataTree) -> None:
    found = tree["metrics"].to_dataset()
    money = np.isin(found["name"].values, ["pure_premium", "aggregate_exceedance", "tail_value_at_risk"])
    assert money.sum() == 5
    assert np.nanmax(found["high"].values[money]) <= 3e6
    often = found["high"].values[found["name"].values == "payment_frequency"]
    assert often.max() <= 1.0


def test_every_index_has_its_laws_and_the_events_their_number(tree: xr.DataTree) -> None:
    laws = tree["index_laws"].to_dataset()
    chosen = laws.isel(law=np.flatnonzero(laws["chosen"].values > 0))
    assert dict(zip(chosen["index"].values.tolist(), chosen["family"].values.tolist(), strict=True)) == {
        "stage": "normal",
        "rain": "normal",
        "wind": "normal",
    }
    number = dict(zip(laws["index"].values.tolist(), laws["number"].values.tolist(), strict=True))
    storms = tracks()["storm"].nunique()
    assert number["wind"].startswith(f"{storms / 40:.4g} events a year")
    assert number["stage"] == ""


def test_a_record_without_a_step_is_drawn_as_a_whole_and_one_with_a_step_on_either_side(
    job: IndexJob,
) -> None:
    nile = prepared("wetland-nile").model
    place = int(np.searchsorted(nile.record.year, 1898, side="right"))
    for draw in range(20):
        position = nile.fitted(Variant({}, draw=draw)).position
        assert (position[:place] < place).all()
        assert (position[place:] >= place).all()
    flat = np.concatenate([job.model.fitted(Variant({}, draw=draw)).position for draw in range(20)])
    assert set(flat.tolist()) == set(range(40))


def test_a_resample_that_draws_every_year_at_its_place_is_the_record_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("wetland-nile", "fire-index-jiangxi"):
        model = prepared(name).model
        monkeypatch.setattr(
            IndexModel, "_positions", lambda self, *_: np.arange(self.record.year.size, dtype=np.int64)
        )
        drawn, base = model.fitted(Variant({}, draw=0)), model.fitted(Variant({}))
        np.testing.assert_allclose(drawn.total, base.total, rtol=1e-9, atol=1e-6)
        for index, law in base.laws.items():
            np.testing.assert_allclose(drawn.laws[index].parameters, law.parameters, rtol=1e-6)  # type: ignore[union-attr]


def test_a_trigger_that_was_found_is_used_only_where_the_scenario_says_so() -> None:
    kept = prepared("wetland-nile")
    used = prepared("wetland-nile", calibration__apply="true")
    assert kept.model.part.covers[0].payout.trigger == 740.0
    assert used.facts.calibration is not None
    assert used.model.part.covers[0].payout.trigger == used.facts.calibration.trigger != 740.0
    assert any("740" in entry.detail and entry.kind == "assumption" for entry in used.ledger)


def test_the_second_method_of_several_covers_agrees(tree: xr.DataTree) -> None:
    checked = tree["checks/second_method"].to_dataset().set_index(quantity="quantity")
    assert abs(float(checked.sel(quantity="pure premium")["difference"])) < 4.0


def test_a_resample_whose_years_forbid_the_law_takes_the_best_one_and_the_ledger_counts_it() -> None:
    """Six years of the record are set to 0, which a gamma law forbids: a resample that draws one is refused it."""
    job = prepared("wetland-nile", history__law="gamma", history__treatment="none")
    index = job.model.record.indices["flow"]
    low = np.where(index.value < 700, 0.0, index.value)
    indices = {"flow": replace(index, value=low)}
    model = replace(job.model, record=replace(job.model.record, indices=indices))
    with pytest.raises(GreenRiskError):
        model.fitted(Variant({}))
    drawn = [model.fitted(Variant({}, draw=draw)) for draw in range(10)]
    for one in drawn:
        zeros = int((one.indices["flow"].value <= 0).sum())
        assert one.replaced == int(zeros > 0)
        assert (one.laws["flow"].family == "gamma") == (zeros == 0)
    assert sum(one.replaced for one in drawn) > 0


def test_a_record_without_a_finding_is_an_alternative_like_the_others(tree: xr.DataTree) -> None:
    assert set(tree["changes"]["verdict"].values.tolist()) == {"none"}
    found = tree["alternatives"].to_dataset()
    treatments = found["question"].values == "treatment of the record"
    assert found["answer"].values[treatments].tolist() == ["none", "linear", "step", "post_break"]
    assert found["holds_open"].values[treatments].all()
