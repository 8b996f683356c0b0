# SPDX-License-Identifier: Apache-2.0
"""The forest study as a whole: errors that shrink and errors that do not, invariants of the result."""

import itertools
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from greenrisk.core.errors import GreenRiskError
from greenrisk.core.ledger import Entry, Ledger
from greenrisk.core.library import find
from greenrisk.resource.job import ForestJob
from greenrisk.resource.quantities import UNITS
from greenrisk.resource.simulation import Perils, annual, resolve, simulate
from greenrisk.resource.vocabulary import TERMS
from tests.resource.conftest import FIRE_ALONE, run

COUNTIES = ("Changjiang", "Zhushan", "Fuliang", "Leping")
GROSS = list(UNITS).index("gross_premium")


def _metric(tree: xr.DataTree, name: str, **dims: object) -> dict[str, float]:
    metrics = tree["/metrics"].to_dataset()
    for i in range(metrics.sizes["metric"]):
        if str(metrics["name"].values[i]) == name and json.loads(str(metrics["dims"].values[i])) == dims:
            return {key: float(metrics[key].values[i]) for key in ("value", "standard_error", "low", "high")}
    raise AssertionError(name)


def test_doubling_the_years_shrinks_simulation_error_and_leaves_knowledge(
    prepare: Callable[..., ForestJob],
) -> None:
    """With fires capped at 300 ha, so that the standard error itself is well estimated: uncapped, one fire in
    40,000 years decides it, which is a property of the tail and not of the counting of errors.
    """
    short, long = (prepare(years=years, **{"perils[0].cap_ha": "300"}) for years in ("20000", "40000"))
    parts = [long.run_block(block) for block in range(long.n_blocks)]
    years, knowledge = parts[: short.simulation_blocks], parts[long.simulation_blocks :]
    # The longer run begins with the years of the shorter one, which therefore need not be drawn again.
    for block in (0, short.simulation_blocks - 1):
        xr.testing.assert_identical(short.run_block(block), years[block])
    xr.testing.assert_identical(short.run_block(short.n_blocks - 1), knowledge[-1])
    assert len(years) + len(knowledge) == short.n_blocks
    few = short.finish(iter([*years, *knowledge]), Ledger(short.ledger))
    many = long.finish(iter(parts), Ledger(long.ledger))
    rare = {"layer": "gross", "return_period": 100}
    for name, dims, tolerance in (
        ("pure_premium", {}, 0.08),
        ("average_annual_loss", {"layer": "ground_up"}, 0.08),
        ("gross_premium", {}, 0.12),
        ("aggregate_exceedance", rare, 0.35),
        ("occurrence_exceedance", rare, 0.35),
    ):
        one, two = (_metric(tree, name, **dims) for tree in (few, many))
        assert one["standard_error"] / two["standard_error"] == pytest.approx(np.sqrt(2), rel=tolerance)
        # The interval, relative to its figure, is the same to the last digits; its place moves by luck only.
        assert two["low"] / two["value"] == pytest.approx(one["low"] / one["value"], rel=1e-9)
        assert two["high"] / two["value"] == pytest.approx(one["high"] / one["value"], rel=1e-9)
        assert abs(one["value"] - two["value"]) < 4 * one["standard_error"]
        assert two["high"] - two["low"] > 5 * two["standard_error"]


def test_gross_is_net_plus_ceded(tree: xr.DataTree) -> None:
    loss = tree["/losses/loss"]
    total = loss.sel(layer="net") + loss.sel(layer="ceded")
    np.testing.assert_allclose(total, loss.sel(layer="gross"), rtol=1e-12)


def test_rows_of_the_premium_add_up_by_segment_and_in_all(tree: xr.DataTree) -> None:
    amount = tree["/premium/amount"]
    parts = amount.sel(row=[row for row in amount["row"].values if row != "gross_premium"]).sum("row")
    np.testing.assert_allclose(parts, amount.sel(row="gross_premium"), rtol=1e-12)
    segments = amount.isel(segment=slice(1, None)).sum("segment")
    np.testing.assert_allclose(segments, amount.sel(segment="all"), rtol=1e-9)


def test_payers_pay_the_gross_premium_and_sites_share_it(tree: xr.DataTree) -> None:
    gross = tree["/premium/amount"].sel(row="gross_premium")
    np.testing.assert_allclose(tree["/premium/subsidy"].sum("payer"), gross, rtol=1e-12)
    assert float(tree["/sites/gross_premium"].sum()) == pytest.approx(
        float(gross.sel(segment="all")), rel=1e-9
    )


def test_owner_of_public_benefit_forest_pays_nothing(tree: xr.DataTree) -> None:
    premium = tree["/premium"].to_dataset()
    public = premium["subsidy"].sel(payer="owner")[premium["forest_type"].values == "public_benefit"]
    assert public.size > 0
    assert float(abs(public).sum()) == 0.0


def test_every_figure_is_a_declared_term_with_its_unit(tree: xr.DataTree) -> None:
    metrics = tree["/metrics"].to_dataset()
    for name, unit in zip(metrics["name"].values, metrics["unit"].values, strict=True):
        assert TERMS[str(name)].unit == str(unit)


def test_every_headline_of_money_carries_both_errors(tree: xr.DataTree) -> None:
    metrics = tree["/metrics"].to_dataset()
    for i, name in enumerate(metrics["name"].values.astype(str)):
        if name in ("judgement_share", "loading_share") or name.endswith("_over_ranges"):
            continue
        row = {key: float(metrics[key].values[i]) for key in ("value", "standard_error", "low", "high")}
        assert row["standard_error"] > 0, name
        assert row["low"] < row["high"], name


def test_every_unconfirmed_or_illustrative_parameter_has_a_ledger_line(
    job: ForestJob, tree: xr.DataTree
) -> None:
    ledger = tree["/ledger"].to_dataset().to_dataframe()
    told = set(ledger.loc[ledger["kind"] == "parameter", "subject"])
    judged = {
        f"{card.name}:{name}"
        for card in job.facts.cards.values()
        for name, parameter in card.parameters.items()
        if parameter.status != "confirmed"
    }
    assert judged <= told
    # The rules of the reserve move no premium: their lines have no figures.
    reserve = job.facts.spec.catastrophe_reserve
    assert {subject.split(":")[0] for subject in told - judged} <= ({reserve.rules} if reserve else set())
    lines = ledger[(ledger["kind"] == "parameter") & ledger["subject"].isin(judged)]
    assert np.isfinite(lines[["base", "at_low", "at_high"]].to_numpy(dtype=float)).all()


def test_the_ends_of_the_claimed_share_move_the_premium_in_proportion(
    prepare: Callable[..., ForestJob],
) -> None:
    """Fire alone, without limits: payments are linear in the claimed share, and so is the premium: an exact check."""
    limitless = {"terms.event_limit_cny": "null", "terms.annual_limit_cny": "null"}
    tree = run(prepare(years="1000", **FIRE_ALONE, **limitless))
    tornado = tree["/tornado"].to_dataset().sel(parameter="claimed_share")
    value, low, high = (float(str(tornado[key].values)) for key in ("value", "low", "high"))
    base = float(tree["/tornado"].attrs["base"])
    assert float(tornado["gross_at_low"]) == pytest.approx(base * low / value, rel=1e-9)
    assert float(tornado["gross_at_high"]) == pytest.approx(base * high / value, rel=1e-9)


def test_large_fires_drawn_more_often_change_no_expectation(job: ForestJob) -> None:
    """Plain and oversampled years have the same mean; with fires up to 2,000 ha both are well estimated."""
    fire = Perils({"wildfire": resolve(job.exposure, replace(job.plan.variants[0], cap_ha=2000.0)).wildfire})
    plain, weighted = (
        [simulate(job.exposure, fire.with_tail_drawn(drawn), 9, block) for block in range(40)]
        for drawn in (0.0, 0.03)
    )
    for of in (lambda block: block.by_year["burnt_area"], lambda block: annual(block)[0][:, 1]):
        x = np.concatenate([of(block) for block in plain])
        y = np.concatenate([of(block) * block.weight for block in weighted])
        error = np.hypot(x.std() / np.sqrt(x.size), y.std() / np.sqrt(y.size))
        assert abs(x.mean() - y.mean()) < 4 * error
    weight = np.concatenate([block.weight for block in weighted])
    assert abs(weight.mean() - 1) < 4 * weight.std() / np.sqrt(weight.size)
    large = [
        sum((block.by_year["burnt_area"] > 100).sum() for block in blocks) for blocks in (plain, weighted)
    ]
    assert large[1] > 4 * large[0]


def test_the_knowledge_interval_does_not_hang_on_the_seed_of_its_years(
    prepare: Callable[..., ForestJob],
) -> None:
    """The same joint draws on other random years: what a gross premium is multiplied by stays within 20 %, little
    beside an interval that is tenfold wide. Of 20 draws an end is one draw or two, with the tails of its own years.
    """
    ratios = []
    job = prepare(years="1000", **{"knowledge.years": "4000"})  # as many as the shipped scenario has
    for seed in (1, 2, 3):
        spec = job.facts.spec.model_copy(update={"seed": seed})
        other = replace(job, facts=replace(job.facts, spec=spec))
        blocks = range(job.simulation_blocks, job.n_blocks)
        rows = itertools.chain.from_iterable(other.run_block(block)["quantity"].values for block in blocks)
        base, *draws = (row[GROSS] for row in itertools.islice(rows, job.plan.first_end))
        ratios.append(np.quantile(np.array(draws) / base, [0.05, 0.95]))
    np.testing.assert_allclose(ratios, np.broadcast_to(np.mean(ratios, axis=0), (3, 2)), rtol=0.2)
    assert min(high / low for low, high in ratios) > 4.0


def test_shares_of_knowledge_variance_sum_to_one(tree: xr.DataTree) -> None:
    share = tree["/variance/share"]
    assert float(share.sum()) == pytest.approx(1.0)
    judged = float(share.sel(status=["illustrative", "unconfirmed"]).sum())
    assert _metric(tree, "judgement_share")["value"] == pytest.approx(judged)


def test_heavier_tails_and_higher_caps_raise_the_printed_mean_and_tail(tree: xr.DataTree) -> None:
    for quantity in ("average_annual_loss_ground_up", "tail_value_at_risk"):
        value = tree["/alternatives/value"].sel(quantity=quantity)
        assert (np.diff(value.values, axis=1) >= -1e-9 * value.values.max()).all(), "a higher cap"
        assert (np.diff(value.values[:, -1]) > 0).all(), "a heavier shape, at the exposed forest"


def test_the_alternative_at_the_cards_own_shape_is_the_headline(prepare: Callable[..., ForestJob]) -> None:
    job = prepare(years="1000")
    shape = float(job.facts.cards["tail"].parameters["shape"].value)
    one = {"knowledge.shapes": f"[{shape}]", "knowledge.caps_ha": "[null]"}
    tree = run(prepare(years="1000", **FIRE_ALONE, **one))
    printed = tree["/alternatives/value"].sel(quantity="gross_premium").values
    assert float(printed[0, 0]) == pytest.approx(_metric(tree, "gross_premium")["value"], rel=1e-12)


def test_what_the_simulation_did_is_told(prepare: Callable[..., ForestJob]) -> None:
    """At a hundred times the hazard some stands are damaged twice a year."""
    job = prepare(years="1000", **FIRE_ALONE)
    card = job.facts.cards["local"]
    hot = card.parameters["relative_hazard"].model_copy(update={"value": 100.0})
    cards = {
        **job.facts.cards,
        "local": card.model_copy(update={"parameters": {**card.parameters, "relative_hazard": hot}}),
    }
    base = job.plan.variants[0].with_value("local", "relative_hazard", 100.0)
    plan = replace(job.plan, variants=(base,) * len(job.plan.variants))
    tree = run(replace(job, plan=plan, facts=replace(job.facts, cards=cards)))
    told = tree["/ledger"].to_dataset().to_dataframe()
    repeated = told[told["subject"] == "several events on one stand in a year"]
    assert len(repeated) == 1
    assert int(repeated["count"].iloc[0]) > 0
    assert "What is lost is not lost again" in str(repeated["detail"].iloc[0])


def test_the_means_over_the_ranges_are_those_of_the_draws(tree: xr.DataTree) -> None:
    values = tree["/knowledge"].to_dataset().sel(quantity="pure_premium")
    ratio = float(values["value"].mean()) / float(values["base"])
    expected = _metric(tree, "pure_premium")["value"] * ratio
    metrics = tree["/metrics"].to_dataset()
    found = metrics["value"].values[metrics["name"].values.astype(str) == "pure_premium_over_ranges"]
    assert float(found[0]) == pytest.approx(expected)


def test_forest_in_mu_is_refused(prepare: Callable[..., ForestJob], tmp_path: Path) -> None:
    table = tmp_path / "forest.csv"
    rows = "".join(f"{name},{area}\n" for name, area in zip(COUNTIES, (9e5, 5e4, 3.2e6, 1.1e7), strict=True))
    table.write_text("county,forest_area_ha\n" + rows, encoding="utf-8")
    with pytest.raises(GreenRiskError, match="Is forest_area_ha in mu"):
        prepare(landscape=str(table))


@pytest.fixture(scope="module")
def fire_alone(prepare: Callable[..., ForestJob]) -> tuple[ForestJob, list[Entry], xr.DataTree]:
    """A thousand years of fire alone: the job, its ledger before it ran, and its result."""
    job = prepare(years="1000", **FIRE_ALONE)
    before = list(job.ledger)
    return job, before, run(job)


FireAlone = tuple[ForestJob, list[Entry], xr.DataTree]


def test_a_quantile_beyond_few_years_is_called_unreliable(fire_alone: FireAlone) -> None:
    ledger = fire_alone[2]["/ledger"].to_dataset().to_dataframe()
    assert "250-year losses" in ledger.loc[ledger["kind"] == "unreliable", "subject"].tolist()


def test_years_are_rounded_up_to_blocks_and_the_ledger_says_so(prepare: Callable[..., ForestJob]) -> None:
    job = prepare(years="1001")
    assert job.years == 2000
    assert [entry.detail for entry in job.ledger if entry.kind == "rounded"] == [
        "1,001 years were rounded up to 2,000, whole blocks."
    ]


def test_a_synthetic_book_says_so_in_result_and_ledger(job: ForestJob, tree: xr.DataTree) -> None:
    assert tree.attrs["synthetic_book"] == 1
    assert any("synthetic" in entry.detail for entry in job.ledger if entry.kind == "assumption")


def test_running_a_job_twice_leaves_its_ledger_as_it_was(fire_alone: FireAlone) -> None:
    job, before, first = fire_alone
    again = run(job)
    assert list(job.ledger) == before
    assert again["/ledger"].sizes == first["/ledger"].sizes


def test_the_chain_multiplies_to_its_result(tree: xr.DataTree) -> None:
    value = dict(zip(tree["/chain/label"].values.astype(str), tree["/chain/value"].values, strict=True))
    assert value["Burnt forest a year"] == pytest.approx(
        value["Fires a year in the landscape"] * value["Mean size of a fire"]
    )
    loads = value["Risk load"] + value["Expenses, commission, tax, profit"]
    assert value["Gross premium"] == pytest.approx(value["Pure premium"] + loads)
    assert value["Gross premium"] == pytest.approx(_metric(tree, "gross_premium")["value"])


def test_the_model_stands_beside_the_burning_costs(tree: xr.DataTree) -> None:
    """The plain averages are those of the statistics themselves: 18 and 13 years of damaged forest in Jiangxi."""
    rows = tree["/checks/burning_cost"].to_dataset()
    area = dict(zip(rows["label"].values.astype(str), rows["burnt_area"].values, strict=True))
    # 11,119.26 ha in 2009-2021 and 27,398.45 ha in 2004-2008, added by hand from the two tables.
    assert area["Plain average 2009-2021"] == pytest.approx(11_119.28 / 13, rel=1e-4)
    assert area["Plain average 2004-2021"] == pytest.approx((27_398.43 + 11_119.28) / 18, rel=1e-4)
    assert area["This model, 2026"] < area["Plain average 2009-2021"]
    assert tree["/checks/correlation"].attrs["mean_fires_detrended"] == pytest.approx(0.27, abs=0.01)


@pytest.mark.parametrize(
    ("card", "key", "old", "new", "message"),
    [
        ("fire-tail-portugal", "perils[0].tail", "unit: ha", "unit: mu", "scale.unit = mu"),
        (
            "jingdezhen-local",
            "perils[0].local",
            "distribution: lognormal\n      low: 0.5",
            "distribution: normal\n      low: -5",
            "relative_hazard = -",
        ),
    ],
)
def test_a_card_in_other_units_or_with_draws_that_make_no_law_is_refused(
    prepare: Callable[..., ForestJob], tmp_path: Path, card: str, key: str, old: str, new: str, message: str
) -> None:
    path = find("models", card)
    assert path is not None
    text = path.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / f"{card}.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(GreenRiskError, match=re.escape(message)):
        prepare(**{key: str(tmp_path / f"{card}.yaml")})
