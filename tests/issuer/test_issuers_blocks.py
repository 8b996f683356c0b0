# SPDX-License-Identifier: Apache-2.0
"""Many issuers: blocks, workers and the limit of detail move no figure, and what is held does not grow with them."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy.stats import rankdata

from greenrisk.engine.parts import decode, encode
from greenrisk.engine.run import run
from greenrisk.issuer.block_parts import hurt_by, hurt_most
from greenrisk.issuer.gathered import Gathered
from greenrisk.issuer.job import IssuersJob
from greenrisk.issuer.knowledge_stream import RankStream
from greenrisk.issuer.outermost import Outermost
from greenrisk.scenario.load import load
from tests.studied_issuers import SMALL, issuers_tree, prepared_issuers, run_issuers

BEYOND = {"detail__issuers": "10", "detail__hurt_most": "5"}
"""A limit that the shipped set of issuers is beyond."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> xr.DataTree:
    return issuers_tree(tmp_path_factory)


@pytest.fixture(scope="module")
def beyond() -> xr.DataTree:
    return run_issuers(prepared_issuers(**BEYOND))


def same(left: xr.DataTree, right: xr.DataTree, name: str, rtol: float = 1e-12) -> None:
    """Assert that a group holds the same in two trees."""
    one, two = left[name].to_dataset(), right[name].to_dataset()
    assert set(one.variables) == set(two.variables), name
    for key in one.variables:
        a, b = one[key].values, two[key].values
        if a.dtype.kind in "iuf":
            # Sums of cancelling figures are as exact as the figures, of the order of a million millions.
            np.testing.assert_allclose(a, b, rtol=rtol, atol=1e-9, err_msg=f"{name} {key}")
        else:
            np.testing.assert_array_equal(a, b, err_msg=f"{name} {key}")


def test_figures_do_not_depend_on_the_size_of_a_block(
    tree: xr.DataTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenrisk.issuer.job.BLOCK", 7)
    job = prepared_issuers()
    assert job.issuer_blocks == 5
    small = run_issuers(job)
    assert set(small.children) == set(tree.children)
    for name in set(tree.children) - {"ledger"}:
        same(tree, small, name)
    # What blocks tell adds up; which line comes first is theirs.
    assert told(tree) == told(small)


def told(tree: xr.DataTree) -> list[tuple[str, ...]]:
    """Return kind, subject, sentence and count of every line of the ledger, sorted."""
    ledger = tree["ledger"].to_dataset()
    keys = ("kind", "subject", "detail", "count")
    return sorted(zip(*(map(str, ledger[key].values) for key in keys), strict=True))


def test_figures_do_not_depend_on_workers() -> None:
    scenario = load("issuers-jingdezhen", SMALL | {"knowledge.tornado": "false"})
    one, two = (run(scenario.prepare(), scenario=scenario, workers=workers).tree for workers in (1, 2))
    for name in one.children:
        same(one, two, name, rtol=0.0)


def test_the_limit_of_detail_moves_no_headline(tree: xr.DataTree, beyond: xr.DataTree) -> None:
    for name in ("metrics", "portfolio", "knowledge", "ranking", "tornado", "issuers", "conditional"):
        same(tree, beyond, name)
    for name in ("sector_years", "sector_channels", "sector_lenses"):
        same(tree, beyond, name)


def test_beyond_the_limit_all_is_kept_of_those_hurt_most(tree: xr.DataTree, beyond: xr.DataTree) -> None:
    whole = tree["spread"].to_dataset()["expected_loss"].sel(year=tree.attrs["headline_year"])
    rise = (whole - whole.sel(scenario=tree.attrs["baseline"])).max("scenario").fillna(-np.inf)
    worst = {str(rise["issuer"].values[k]) for k in np.argsort(-rise.values, kind="stable")[:5]}
    for name in ("statements", "charges", "channels", "lenses", "pd", "spread", "issuer_tornado"):
        assert set(map(str, beyond[name]["issuer"].values)) == worst
    chosen = beyond["pd"]["issuer"].values
    for name in ("statements", "charges", "channels", "lenses", "pd", "spread", "issuer_tornado"):
        part = xr.DataTree.from_dict({name: tree[name].to_dataset().sel(issuer=chosen)})
        same(part, beyond, name)


def test_beyond_the_limit_the_report_years_are_kept_of_every_issuer(
    tree: xr.DataTree, beyond: xr.DataTree
) -> None:
    assert "issuer_years" not in tree.children
    found = beyond["issuer_years"].to_dataset()
    years = list(tree.attrs["report_years"])
    assert found["year"].values.tolist() == years
    assert found["issuer"].values.tolist() == tree["issuers"]["issuer"].values.tolist()
    groups = {"statements": ("revenue", "ebit", "equity", "cash"), "charges": ("carbon_cost",)}
    groups |= {"pd": ("annual_probability", "cumulative_probability"), "spread": ("spread", "expected_loss")}
    for group, names in groups.items():
        for name in names:
            whole = tree[group].to_dataset()[name].sel(year=years).transpose(*found[name].dims)
            np.testing.assert_allclose(found[name], whole, rtol=1e-12)
    for name in ("grade", "lens"):
        whole = tree["pd"].to_dataset()[name].sel(year=years).transpose(*found[name].dims)
        np.testing.assert_array_equal(found[name], whole)


def test_the_ledger_tells_what_is_not_kept(tree: xr.DataTree, beyond: xr.DataTree) -> None:
    new = [line for line in told(beyond) if line not in told(tree)]
    assert [(line[1], int(line[3])) for line in new] == [("detail by issuer", tree.attrs["issuers"] - 5)]


def test_sums_by_sector_are_the_sums_over_their_issuers(tree: xr.DataTree) -> None:
    sums = tree["sector_years"].to_dataset()
    sector = tree["issuers"]["sector_name"].values
    assert int(sums["issuers"].isel(scenario=0, year=0).sum()) == sector.size
    for group, names in (
        ("statements", ("revenue", "ebit", "equity", "debt_long")),
        ("charges", ("carbon_cost", "environment_tax", "damage")),
        ("spread", ("exposure", "expected_loss")),
    ):
        for name in names:
            whole = tree[group].to_dataset()[name]
            for place, one in enumerate(sums["sector"].values):
                by_hand = np.nansum(whole.values[:, sector == one], axis=1)
                np.testing.assert_allclose(sums[name].values[:, place], by_hand, rtol=1e-12, atol=1e-9)
    debt, annual = tree["spread"]["exposure"].values, tree["pd"]["annual_probability"].values
    for place, one in enumerate(sums["sector"].values):
        held = sector == one
        known = ~np.isnan(debt[:, held] + annual[:, held])
        due = np.where(known, debt[:, held] * annual[:, held], 0.0).sum(axis=1)
        total = np.where(known, debt[:, held], 0.0).sum(axis=1)
        np.testing.assert_allclose(sums["default_rate"].values[:, place], due / total, rtol=1e-9)


def test_sums_of_channels_by_sector_add_up(tree: xr.DataTree) -> None:
    data, whole = tree["sector_channels"].to_dataset(), tree["channels"].to_dataset()
    parts = data["alone"].sum("channel") + data["interaction"]
    np.testing.assert_allclose(data["joint"], parts, rtol=1e-9, atol=1e-9)
    for name in ("alone", "last_in", "joint"):
        left, right = data[name].sum("sector"), whole[name].fillna(0.0).sum("issuer")
        np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-7)


def test_those_hurt_most_are_found_by_hand() -> None:
    loss = np.array([[1.0, 5.0, np.nan, 2.0], [4.0, 5.5, 9.0, 2.0], [2.0, 9.0, 9.0, 1.0]])
    hurt = hurt_by(loss, 0)
    np.testing.assert_array_equal(hurt, [3.0, 4.0, -np.inf, 0.0])
    assert hurt_most(hurt, 2).tolist() == [0, 1]
    assert hurt_most(hurt, 9).tolist() == [0, 1, 2, 3]
    # With no scenario beside the baseline the loss itself says who is hurt.
    np.testing.assert_array_equal(hurt_by(loss[:1], 0), [1.0, 5.0, -np.inf, 2.0])


@pytest.mark.parametrize("draws", [1, 2, 5, 20, 21, 200, 1000])
def test_outermost_draws_give_the_quantiles_of_all(draws: int) -> None:
    values = np.random.default_rng(draws).normal(size=(draws, 3, 4))
    held = Outermost(draws)
    for part in np.array_split(values, max(1, draws // 4)):
        held.take(part)
    for found, wanted in zip(held.quantiles(), np.quantile(values, [0.05, 0.95], axis=0), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_ranks_that_come_in_pieces_are_those_of_all_draws() -> None:
    rng = np.random.default_rng(4)
    base = rng.normal(size=(2, 30))
    base[:, 3], base[1, 2:] = (
        np.nan,
        -np.inf,
    )  # nobody knows the fourth; in the second scenario two can default
    draws = base + rng.normal(size=(40, 2, 30))
    stream = RankStream(base, 40)
    for part in np.array_split(draws, 11):
        stream.take(part)

    class Named:
        scenarios = ("calm", "shock")

        class issuers:
            ids = tuple(map(str, range(30)))

    from greenrisk.core.ledger import Ledger

    found = stream.group(Named(), Ledger())  # type: ignore[arg-type]
    known = np.isfinite(base[0])
    ranks = rankdata(-draws[:, 0, known], axis=1)
    low, high = np.quantile(ranks, [0.05, 0.95], axis=0)
    np.testing.assert_allclose(found["rank_low"].values[0, known], low, rtol=1e-12)
    np.testing.assert_allclose(found["rank_high"].values[0, known], high, rtol=1e-12)
    assert np.isnan(found["rank"].values[0, 3])
    correlation = [np.corrcoef(rankdata(-base[0, known]), row)[0, 1] for row in ranks]
    assert float(found["spearman"][0]) == pytest.approx(np.mean(correlation), rel=1e-12)
    assert int(np.isfinite(found["rank"].values[1]).sum()) == 2


def peak(work: Callable[[], int]) -> int:
    """Return the largest memory that some work takes, less what it says that it hands back [byte]."""
    tracemalloc.start()
    try:
        given = work()
        return tracemalloc.get_traced_memory()[1] - given
    finally:
        tracemalloc.stop()


def of_first(job: IssuersJob, number: int) -> IssuersJob:
    """Return a job of the first issuers alone."""
    return replace(job, model=replace(job.model, issuers=job.model.issuers.part(0, number)))


def test_a_block_takes_no_more_memory_with_four_times_the_issuers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("greenrisk.issuer.job.BLOCK", 7)
    few, many = (of_first(prepared_issuers(**BEYOND), number) for number in (7, 28))
    assert (few.issuer_blocks, many.issuer_blocks) == (1, 4)
    small, large = (peak(lambda job=job: job.run_block(0).nbytes) for job in (few, many))  # type: ignore[misc]
    assert large < 1.2 * small


def test_what_is_held_beside_the_tables_does_not_grow_with_the_issuers() -> None:
    part = prepared_issuers(**BEYOND).run_block(0).drop_vars(["kept", "quantity"])
    data = encode(part)

    def work(blocks: int) -> Callable[[], int]:
        def gather() -> int:
            gathered = Gathered(5)
            for _ in range(blocks):
                gathered.take(decode(data))
            assert gathered.shown().sizes["issuer"] == 5
            members = gathered.members()
            assert members.sizes["member"] == 30 * blocks
            return int(members.nbytes)

        return gather

    small, large = peak(work(4)), peak(work(16))
    assert large < 1.3 * small
