# SPDX-License-Identifier: Apache-2.0
"""Pool benefit and dependence of counties on years made such that the answer is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from greenrisk.core.errors import ArgumentError
from greenrisk.core.ledger import Ledger
from greenrisk.resource.county_dependence import CountyYears, correlation, county_years
from greenrisk.resource.fire_tables import read_panel
from greenrisk.resource.perils.fire_correlation import log_correlation
from greenrisk.resource.pooling import benefit, curve, pool
from greenrisk.resource.simulation import part, resolve, simulate
from greenrisk.resource.study import ForestJob

PANEL = Path(__file__).parents[2] / "data" / "fires_jiangxi_neighbours_2009_2021.csv"


def made(
    loss: np.ndarray, area: list[float] | None = None, perils: tuple[str, ...] | None = None
) -> CountyYears:
    counties = tuple("abcdefghijkl"[: loss.shape[1]])
    return CountyYears(
        loss.astype(float),
        counties,
        perils or ("wildfire", "storm", "flood")[: loss.shape[2]],
        np.array(area or [1.0] * len(counties)),
    )


def hundred(**losses: tuple[int, int, float]) -> CountyYears:
    """A hundred years of two counties and two perils; each loss is (county, peril, amount) of the year named."""
    loss = np.zeros((100, 2, 2))
    for year, (county, peril, amount) in losses.items():
        loss[int(year[1:]), county, peril] += amount
    return made(loss)


@pytest.fixture(scope="module")
def shipped(job: ForestJob) -> CountyYears:
    perils = resolve(job.exposure, job.plan.variants[0])
    cell = np.concatenate(
        [part(job.exposure, simulate(job.exposure, perils, 1, b))["cell_loss"].values for b in range(2)]
    )
    book = job.exposure.book
    area = dict(zip(book.counties, np.bincount(book.county, weights=book.insured_area_mu), strict=True))
    return county_years(cell, job.exposure.segments, tuple(perils.laws), area)


def test_cells_are_added_up_by_county() -> None:
    cell = np.arange(24, dtype=float).reshape(2, 4, 3)
    segments = (("b", "commercial"), ("a", "commercial"), ("b", "public_benefit"), ("a", "public_benefit"))
    years = county_years(cell, segments, ("wildfire", "storm", "flood"), {"a": 2.0, "b": 5.0})
    assert years.counties == ("a", "b")
    np.testing.assert_array_equal(years.loss[:, 1], cell[:, 0] + cell[:, 2])
    assert years.insured_area.tolist() == [2.0, 5.0]
    np.testing.assert_array_equal(years.county.sum(axis=1), years.peril.sum(axis=1))


def test_the_benefit_of_a_hundred_years_is_a_matter_of_largest_years() -> None:
    # The worst 1 % of a hundred years is the worst year. County a: 100 of fire in year 3; b: 60 of storm in 7.
    found = benefit(hundred(y3=(0, 0, 100.0), y7=(1, 1, 60.0)), 1)
    whole = found["/pool/benefit"].sel(dependence="simulated")
    assert float(whole["pooled"]) == pytest.approx(100.0)
    np.testing.assert_allclose(whole["alone"].values, [160.0, 160.0])
    np.testing.assert_allclose(whole["benefit"].values, [60.0, 60.0])
    np.testing.assert_allclose(whole["benefit_share"].values, [60 / 160, 60 / 160])
    # Perils with their bad years together: 100 of fire and 60 of storm in one year, and nothing saved.
    worst = found["/pool/benefit"].sel(dependence="perils_comonotone")
    assert float(worst["pooled"]) == pytest.approx(160.0)
    np.testing.assert_allclose(worst["benefit"].values, 0.0, atol=1e-9)
    lines = found["/pool/lines"]
    np.testing.assert_allclose(lines["alone"].sel(dependence="simulated").values, [100.0, 60.0, 100.0, 60.0])
    assert lines["split"].values.tolist() == ["county", "county", "peril", "peril"]


def test_one_event_over_both_counties_saves_nothing_between_them() -> None:
    years = np.zeros((100, 2, 1))
    years[4] = [[70.0], [30.0]]
    found = benefit(made(years), 1)["/pool/benefit"]
    assert float(found["benefit"].sel(split="county", dependence="simulated")) == pytest.approx(0.0, abs=1e-9)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), counties=st.integers(1, 4), perils=st.integers(1, 3))
def test_no_dependence_is_worse_than_comonotone_perils_and_pooling_never_costs(
    seed: int, counties: int, perils: int
) -> None:
    rng = np.random.default_rng(seed)
    loss = rng.pareto(1.5, (300, counties, perils)) * (rng.random((300, counties, perils)) < 0.3)
    years = made(loss)
    found = benefit(years, seed)
    table, lines = found["/pool/benefit"], found["/pool/lines"]
    assert (table["benefit"].values >= -1e-9).all()
    worst = float(table["pooled"].sel(dependence="perils_comonotone"))
    assert worst >= float(table["pooled"].sel(dependence="simulated")) - 1e-9
    by_peril = lines["alone"].values[lines["split"].values == "peril", 0]
    assert worst == pytest.approx(by_peril.sum(), rel=1e-12)  # comonotone additive
    # Shuffling keeps the law of each county, sorting that of each peril.
    alone = lines["alone"].values
    county = lines["split"].values == "county"
    np.testing.assert_allclose(alone[county, 1], alone[county, 0], rtol=1e-12)
    np.testing.assert_allclose(alone[~county, 2], alone[~county, 0], rtol=1e-12)


def test_risk_of_a_mu_falls_with_the_root_of_the_number_of_independent_counties() -> None:
    rng = np.random.default_rng(3)
    loss = rng.gamma(2.0, 1.0, (40_000, 4, 1))
    found = curve(made(loss), 1, Ledger())
    np.testing.assert_allclose(
        found["standard_deviation"].values, np.sqrt(2.0) / np.sqrt([1, 2, 3, 4]), rtol=0.02
    )
    np.testing.assert_allclose(found["independent"].values, found["standard_deviation"].values, rtol=0.02)
    assert found["subsets"].values.tolist() == [4.0, 6.0, 4.0, 1.0]


def test_risk_of_a_mu_does_not_fall_where_counties_move_as_one() -> None:
    one = np.random.default_rng(3).gamma(2.0, 1.0, 2000)
    loss = np.stack([one, 3.0 * one], axis=1)[:, :, None]
    found = curve(made(loss, [1.0, 3.0]), 1, Ledger())
    sd = one.std(ddof=1)
    np.testing.assert_allclose(found["standard_deviation"].values, [sd, sd])
    np.testing.assert_allclose(found["independent"].values, [sd, np.sqrt(1 + 9) / 4 * sd])
    tail = found["tail_excess"].values
    assert tail[0] == pytest.approx(tail[1])
    # The worst 20 of 2,000 years.
    assert tail[0] == pytest.approx(np.sort(one)[-20:].mean() - one.mean())


def test_of_many_counties_some_subsets_are_looked_at_and_that_is_told() -> None:
    ledger = Ledger()
    found = curve(made(np.random.default_rng(1).random((200, 12, 1))), 1, ledger)
    assert found["subsets"].values.tolist() == [12.0, *[20.0] * 9, 12.0, 1.0]
    assert [entry.subject for entry in ledger] == ["pool: number of counties"]
    again = curve(made(np.random.default_rng(1).random((200, 12, 1))), 1, Ledger())
    xr.testing.assert_identical(found, again)


def test_correlations_are_those_of_the_statistics_library(shipped: CountyYears) -> None:
    found = correlation(shipped, None, Ledger())
    np.testing.assert_allclose(found["spearman"].values, spearmanr(shipped.county).statistic, atol=1e-12)
    np.testing.assert_allclose(found["pearson"].values, np.corrcoef(shipped.county, rowvar=False), atol=1e-12)
    storm = spearmanr(shipped.loss[:, :, shipped.perils.index("storm")]).statistic
    upper = storm[np.triu_indices(len(shipped.counties), 1)]
    assert float(found["mean_spearman"].sel(peril="storm")) == pytest.approx(upper.mean())
    assert "observed" not in found


def test_observed_dependence_is_that_of_provinces_without_their_trends(shipped: CountyYears) -> None:
    panel = read_panel(PANEL)
    found = correlation(shipped, panel, Ledger())
    matrix = log_correlation(panel.area, detrended=True)
    np.testing.assert_allclose(found["observed"].values, matrix)
    pair = found.sel(province="Jiangxi", neighbour="Hunan")
    assert float(pair["observed_spearman"]) == pytest.approx(
        6 / np.pi * np.arcsin(float(pair["observed"]) / 2)
    )
    assert found.attrs["observed_mean"] < found.attrs["observed_mean_raw"]


def test_a_normal_law_has_the_rank_correlation_that_the_observed_is_turned_into() -> None:
    rng = np.random.default_rng(5)
    z = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], 100_000)
    assert spearmanr(z).statistic == pytest.approx(6 / np.pi * np.arcsin(0.3), abs=4 / np.sqrt(100_000))


def test_a_county_that_never_loses_has_no_correlation_and_that_is_told() -> None:
    loss = np.random.default_rng(2).random((100, 3, 1))
    loss[:, 1] = 0.0
    ledger = Ledger()
    found = correlation(made(loss), None, ledger)
    assert np.isnan(found["spearman"].values[1]).all()
    assert float(found["mean_spearman"].sel(peril="all")) == pytest.approx(float(found["spearman"][0, 2]))
    assert [(entry.kind, entry.subject) for entry in ledger] == [("unreliable", "dependence of counties: b")]


def test_the_shipped_study_tells_both_dependences_with_their_worth(shipped: CountyYears) -> None:
    ledger = Ledger()
    groups = pool(shipped, read_panel(PANEL), 1, ledger)
    assert list(groups) == ["/pool/correlation", "/pool/curve", "/pool/benefit", "/pool/lines"]
    assert [entry.subject for entry in ledger] == ["dependence of counties", "dependence of perils"]
    table = groups["/pool/benefit"]
    pooled = {
        str(name): float(value)
        for name, value in zip(table["dependence"].values, table["pooled"].values, strict=True)
    }
    assert pooled["counties_independent"] < pooled["simulated"] < pooled["perils_comonotone"]
    for line, name in zip(ledger, ("counties_independent", "perils_comonotone"), strict=True):
        assert f"CNY {pooled[name]:,.0f} instead of {pooled['simulated']:,.0f}" in line.detail
    for name, group in groups.items():
        for key, values in group.data_vars.items():
            assert values.dtype.kind == "U" or "units" in values.attrs, (name, key)


def test_fire_that_is_never_paid_has_no_correlation_to_tell(shipped: CountyYears) -> None:
    loss = shipped.loss.copy()
    loss[:, :, shipped.perils.index("wildfire")] = 0.0
    ledger = Ledger()
    pool(replace(shipped, loss=loss), read_panel(PANEL), 1, ledger)
    (told,) = [entry.detail for entry in ledger if entry.subject == "dependence of counties"]
    assert "nan" not in told
    assert "; of fire alone too little is paid to say. Were they" in told


def test_one_county_and_one_peril_have_nothing_to_tell() -> None:
    ledger = Ledger()
    groups = pool(made(np.random.default_rng(1).random((200, 1, 1))), None, 1, ledger)
    assert len(ledger) == 0
    assert groups["/pool/benefit"]["benefit"].values.tolist() == [[0.0] * 3] * 2


def test_too_few_years_for_the_tail_are_refused() -> None:
    with pytest.raises(ArgumentError, match="99 years\n  At least 100 are needed"):
        pool(made(np.ones((99, 2, 1))), None, 1, Ledger())
