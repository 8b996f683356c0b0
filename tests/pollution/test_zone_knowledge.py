# SPDX-License-Identifier: Apache-2.0
"""Knowledge intervals of the zone study: never narrower than the named alternatives, and they hold the transfer."""

from __future__ import annotations

import math

import numpy as np
import pytest
import xarray as xr
from studied_zone import prepared

from greenrisk.core.cards import Z_90
from greenrisk.core.variants import joint_draws
from greenrisk.pollution.job import ZoneJob
from greenrisk.pollution.knowledge import Knowledge
from greenrisk.pollution.liability.expected import expected_losses
from greenrisk.pollution.quantities import UNITS, curve_name
from greenrisk.pollution.severity.transfer import FACTORS, LEAST_WIDTH

BARE = {"environmental_risk_grade", "uninsured_plants", "judgement_share"}
"""Counts and shares of knowledge itself."""


def quantity_of(name: str, dims: dict[str, object]) -> str:
    """Return the quantity of the knowledge runs behind a headline."""
    if name == "average_annual_loss":
        side = str(dims["layer"])
        return "pure_premium" if side == "insured" else f"average_annual_loss_{side}"
    if name.endswith("_exceedance"):
        return curve_name(
            name.removesuffix("_exceedance"), str(dims["layer"]), float(str(dims["return_period"]))
        )
    return name


def holds_open(quantity: str, answer: str) -> bool:
    """Return whether a named alternative is one for the quantity: a cut at the policy's limit is none for a loss."""
    paid = {"pure_premium", "gross_premium", "gross_premium_loadings_held", "tail_value_at_risk"}
    return quantity in paid or "insured" in quantity or not answer.endswith(", policy")


def headlines(tree: xr.DataTree) -> list[dict[str, object]]:
    import json

    frame = tree["metrics"].to_dataset().to_dataframe()
    return [
        {**row, "quantity": quantity_of(row["name"], json.loads(row["dims"]))}
        for row in frame.to_dict("records")
        if row["name"] not in BARE and not str(row["name"]).endswith("_over_ranges")
    ]


@pytest.fixture(scope="module")
def values(parts: list[xr.Dataset]) -> np.ndarray:
    return np.concatenate([part["quantity"].values for part in parts if "quantity" in part])


def test_every_headline_has_an_interval_around_it_and_no_share_leaves_its_bounds(tree: xr.DataTree) -> None:
    for row in headlines(tree):
        low, high = float(str(row["low"])), float(str(row["high"]))
        assert low <= float(str(row["value"])) <= high, row["name"]
        if row["unit"] == "unitless":
            assert 0.0 <= low <= high <= 1.0


def test_no_interval_is_narrower_than_the_spread_of_the_named_alternatives(
    job: ZoneJob, tree: xr.DataTree, values: np.ndarray
) -> None:
    names = list(UNITS)
    others = values[job.plan.first_alternative :]
    for row in headlines(tree):
        column = names.index(str(row["quantity"]))
        speaks = np.array([holds_open(str(row["quantity"]), answer) for _, answer in job.plan.alternatives])
        found = others[speaks, column][np.isfinite(others[speaks, column])]
        base, value = values[0, column], float(str(row["value"]))
        if row["unit"] == "unitless":  # shares move by their odds
            odds = found / (1.0 - found) * (value / (1.0 - value)) / (base / (1.0 - base))
            scaled = odds / (1.0 + odds)
        else:
            scaled = found * value / base
        assert float(str(row["low"])) <= scaled.min() * (1.0 + 1e-9), row["name"]
        assert float(str(row["high"])) >= scaled.max() * (1.0 - 1e-9), row["name"]


def test_the_named_alternatives_are_both_thresholds_under_three_caps_each_source_and_each_reading(
    tree: xr.DataTree,
) -> None:
    group = tree["alternatives"].to_dataset()
    answers: dict[str, list[str]] = {}
    for question, answer in zip(group["question"].values, group["answer"].values, strict=True):
        answers.setdefault(str(question), []).append(str(answer))
    assert answers == {
        "tail and cap": [f"{at}, {cap}" for at in ("p80", "p90") for cap in ("physical", "assets", "policy")],
        "source of frequency": ["activity", "equipment", "industry", "chemical"],
        "reading of the grading": [
            f"M4 from {cut}, unknown parts {part}" for cut in (60, 65) for part in ("low", "high")
        ],
    }
    assert np.isfinite(group["value"].values).all()


def test_a_loss_cut_at_its_policys_limit_is_no_alternative_for_what_lies_above_limits(
    job: ZoneJob, tree: xr.DataTree, values: np.ndarray
) -> None:
    """Within one question: the cut moves the money above limits further than every other tail or cap does."""
    column = list(UNITS).index("money_above_limit")
    others = values[job.plan.first_alternative :, column]
    cut = np.array([answer.endswith(", policy") for _, answer in job.plan.alternatives])
    assert others[cut].max() < others[~cut].min()
    row = next(row for row in headlines(tree) if row["name"] == "money_above_limit")
    base, value = values[0, column], float(str(row["value"]))
    odds = others[cut].max() / (1.0 - others[cut].max()) * (value / (1.0 - value)) / (base / (1.0 - base))
    assert float(str(row["low"])) > odds / (1.0 + odds)


def test_figures_averaged_over_the_ranges_are_the_value_times_the_mean_of_the_draws(
    job: ZoneJob, tree: xr.DataTree, values: np.ndarray
) -> None:
    metrics = tree["metrics"].to_dataset().to_dataframe().set_index("name")
    names = list(UNITS)
    for name, quantity in (
        ("expected_accidents", "expected_accidents"),
        ("average_annual_loss", "average_annual_loss_ground_up"),
        ("pure_premium", "pure_premium"),
        ("gross_premium", "gross_premium"),
    ):
        column = values[: job.plan.first_end, names.index(quantity)]
        value = np.atleast_1d(metrics.loc[name, "value"])[0]
        averaged = float(metrics.loc[f"{name}_over_ranges", "value"])
        assert averaged == pytest.approx(value * column[1:].mean() / column[0], rel=1e-12)
        # Medians of skewed ranges lie below the mean.
        assert averaged > value


def test_loadings_held_narrow_the_interval_of_the_premium_and_leave_its_value(tree: xr.DataTree) -> None:
    metrics = tree["metrics"].to_dataset().to_dataframe().set_index("name")
    free, held = metrics.loc["gross_premium"], metrics.loc["gross_premium_loadings_held"]
    assert held["value"] == free["value"]
    assert np.log(held["high"] / held["low"]) < np.log(free["high"] / free["low"])


def test_the_tornado_of_the_loss_has_no_loading_and_both_ends_in_closed_form(
    job: ZoneJob, tree: xr.DataTree
) -> None:
    swings = tree["tornado_loss"].to_dataset()
    assert not any(str(card) == job.facts.cards["loadings"].name for card in swings["card"].values)
    own = expected_losses(job.model.laws(job.plan.variants[0])).sum()
    assert float(swings.attrs["base"]) == pytest.approx(own, rel=1e-12)
    central = job.plan.variants[0]
    low, high = job.facts.cards["transfer"].parameters["severity_factor"].ends()
    row = swings.isel(
        parameter=[str(p).endswith("severity_factor") for p in swings["parameter"].values].index(True)
    )
    for end, name in ((low, "at_low"), (high, "at_high")):
        laws = job.model.laws(central.with_value("transfer", "severity_factor", end))
        assert float(row[name]) == pytest.approx(expected_losses(laws).sum(), rel=1e-9)


def test_the_alternatives_of_the_loss_are_their_closed_forms(job: ZoneJob, tree: xr.DataTree) -> None:
    group = tree["alternatives"].to_dataset()
    shown = group["value"].sel(quantity="average_annual_loss_ground_up").values
    closed = [
        expected_losses(job.model.laws(variant)).sum()
        for variant in job.plan.variants[job.plan.first_alternative :]
    ]
    own = expected_losses(job.model.laws(job.plan.variants[0])).sum()
    metrics = tree["metrics"].to_dataset().to_dataframe()
    headline = metrics[metrics["name"] == "average_annual_loss"]["value"].iloc[0]
    assert headline == pytest.approx(own, rel=1e-12)
    np.testing.assert_allclose(shown, closed, rtol=1e-9)


def test_plant_intervals_hold_what_each_plant_is_paid(tree: xr.DataTree) -> None:
    plants = tree["plants"].to_dataset()
    assert (plants["insured_low"] <= plants["insured"]).all()
    assert (plants["insured"] <= plants["insured_high"]).all()
    paid = (plants["insured"] > 0).values
    assert (plants["insured_high"].values[paid] / plants["insured_low"].values[paid] > 4.0).all()


def test_the_factors_of_transfer_are_printed_and_drawn_at_least_tenfold_wide(
    job: ZoneJob, tree: xr.DataTree
) -> None:
    printed = tree["transfer"].to_dataset()
    assert printed["factor"].values.tolist() == list(FACTORS)
    assert (printed["width"] >= LEAST_WIDTH).all()
    assert (printed["status"] == "illustrative").all()
    draws = joint_draws(job.facts.cards, job.facts.spec.seed, 2000)
    for name in FACTORS:
        drawn = np.log([float(values["transfer"][name]) for values in draws])
        law = job.facts.cards["transfer"].parameters[name]
        low, high = law.ends()
        deviation = math.log(float(high) / float(low)) / (2.0 * Z_90)
        # The standard deviation of a sample of n normal numbers has standard error s / sqrt(2 n).
        assert drawn.std() == pytest.approx(deviation, abs=4.0 * deviation / math.sqrt(2.0 * drawn.size))
        assert abs(drawn.mean() - math.log(float(law.value))) < 4.0 * deviation / math.sqrt(drawn.size)
    for variant, values in zip(job.plan.variants[1 : job.plan.first_end], draws, strict=False):
        assert variant.values["transfer"] == values["transfer"]


def test_the_interval_of_every_amount_holds_both_ends_of_both_factors_of_transfer(
    job: ZoneJob, tree: xr.DataTree, values: np.ndarray
) -> None:
    names, ends = list(UNITS), job.plan.ends
    rows = [i for i, end in enumerate(ends) if end.role == "transfer" and end.name in FACTORS]
    assert len(rows) == 4
    wide = []
    for row in headlines(tree):
        if not str(row["unit"]).startswith("CNY"):
            continue
        column = names.index(str(row["quantity"]))
        swing = values[[job.plan.first_end + i for i in rows], column] / values[0, column]
        assert swing.max() > swing.min(), row["name"]
        width = math.log(float(str(row["high"])) / float(str(row["low"])))
        # Joint draws hold both factors and everything else: wider than either factor alone moves the figure.
        for name in FACTORS:
            alone = [s for i, s in zip(rows, swing, strict=True) if ends[i].name == name]
            wide.append(width >= 0.8 * abs(math.log(alone[1] / alone[0])))
    assert all(wide), wide


def test_expected_loss_moves_elevenfold_with_a_factor_where_nothing_else_is_known(job: ZoneJob) -> None:
    """Without own years, roads and caps the factors act undamped: the printed width is that of the loss."""
    from dataclasses import replace

    none = np.zeros(len(job.model.plants))
    exposure = replace(job.model.exposure, years=none, accidents=none, km=none)
    central = job.plan.variants[0]
    model = replace(job.model, exposure=exposure)
    low, high = job.facts.cards["transfer"].parameters["frequency_factor"].ends()
    loss = [
        expected_losses(model.laws(central.with_value("transfer", "frequency_factor", end))).sum()
        for end in (float(low), float(high))
    ]
    assert loss[1] / loss[0] == pytest.approx(float(high) / float(low), rel=1e-9)
    assert loss[1] / loss[0] >= 10.0


def test_shares_move_by_their_odds(job: ZoneJob, values: np.ndarray) -> None:
    """A share near one in many years that was lower in the few of the knowledge runs stays below one."""
    names = tuple(UNITS)
    given = values.copy()
    column = names.index("uncovered_share")
    first_end, first_other = job.plan.first_end, job.plan.first_alternative
    given[:, column] = 0.5
    given[1:first_end, column] = np.linspace(0.25, 0.75, first_end - 1)
    given[first_other, column] = 0.9
    knowledge = Knowledge(names, given, np.ones((given.shape[0], 2, 2)), job.plan, job.facts.cards)
    low, high = knowledge.interval("uncovered_share", 0.8)
    # Odds 4 times those of the draws: 9 to 1 becomes 36 to 1.
    assert high == pytest.approx(36.0 / 37.0)
    drawn = np.quantile(np.linspace(0.25, 0.75, first_end - 1), 0.05)
    odds = 4.0 * drawn / (1.0 - drawn)
    assert low == pytest.approx(odds / (1.0 + odds), rel=0.01)


def test_more_years_make_the_simulation_sure_and_knowledge_no_wider_or_narrower(
    job: ZoneJob, tree: xr.DataTree, parts: list[xr.Dataset]
) -> None:
    from greenrisk.core.ledger import Ledger

    longer = prepared(years="16000")
    # The knowledge runs do not depend on the years of the central simulation: their parts are those of the small study.
    own = [longer.run_block(block) for block in range(longer.simulation_blocks)]
    again = longer.run_block(longer.simulation_blocks)
    np.testing.assert_array_equal(again["quantity"], parts[job.simulation_blocks]["quantity"])
    more = longer.finish([*own, *parts[job.simulation_blocks :]], Ledger(longer.ledger))
    few, many = headlines(tree), headlines(more)
    for one, two in zip(few, many, strict=True):
        assert one["quantity"] == two["quantity"]
        if one["unit"] == "unitless":
            continue
        for end in ("low", "high"):
            assert float(str(one[end])) / float(str(one["value"])) == pytest.approx(
                float(str(two[end])) / float(str(two["value"])), rel=1e-9
            ), one["quantity"]
    for name in ("pure_premium", "uncovered_share"):
        errors = [
            float(str(next(row for row in rows if row["name"] == name)["standard_error"]))
            for rows in (few, many)
        ]
        # Four times the years halve the error of a mean.
        assert errors[0] / errors[1] == pytest.approx(2.0, rel=0.3)
