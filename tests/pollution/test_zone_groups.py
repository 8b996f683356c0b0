# SPDX-License-Identifier: Apache-2.0
"""The result of a zone run: every number has a unit, and all books close."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from greenrisk.pollution.accidents.roles import SOURCES
from greenrisk.pollution.grading.words import GRADES
from greenrisk.pollution.job import ZoneJob
from greenrisk.pollution.liability.terms import REASONS
from greenrisk.pollution.quantities import RETURN_PERIODS
from greenrisk.pollution.severity.heads import HEADS
from greenrisk.pollution.vocabulary import TERMS

CLOSE = 1e-12


def group(tree: xr.DataTree, name: str) -> xr.Dataset:
    return tree[name].to_dataset()


def test_every_number_of_every_group_has_a_unit(tree: xr.DataTree) -> None:
    bare = [
        f"{node.path}/{name}"
        for node in tree.subtree
        for name, variable in node.to_dataset(inherit=False).data_vars.items()
        if variable.dtype.kind in "iuf" and "units" not in variable.attrs
    ]
    assert bare == []


def test_every_headline_is_a_declared_term_in_its_unit(tree: xr.DataTree) -> None:
    metrics = group(tree, "metrics")
    for name, unit in zip(metrics["name"].values.tolist(), metrics["unit"].values.tolist(), strict=True):
        assert TERMS[name].unit == unit, name
    assert {term.name for term in TERMS.terms()} == set(metrics["name"].values.tolist())


def test_heads_add_to_the_loss_of_every_year_and_every_event(job: ZoneJob, tree: xr.DataTree) -> None:
    losses, heads = group(tree, "losses"), group(tree, "heads")
    loss = losses["loss"].sel(layer="ground_up")
    assert heads["head"].values.tolist() == list(HEADS)
    assert float(heads["ground_up"].sum()) == pytest.approx(float(loss.mean()), rel=CLOSE)
    worst = losses["worst_event"].sel(layer="ground_up")
    assert (worst <= loss * (1.0 + CLOSE)).all()
    # A year with one accident is its worst event.
    alone = (losses["accidents"].sum("cause") == 1).values
    assert alone.sum() > 100
    np.testing.assert_allclose(worst.values[alone], loss.values[alone], rtol=CLOSE)


def test_insured_and_uninsured_by_reason_add_to_the_loss_under_every_head(tree: xr.DataTree) -> None:
    heads, losses = group(tree, "heads"), group(tree, "losses")["loss"]
    assert heads["reason"].values.tolist() == list(REASONS)
    rest = heads["uninsured"].sum("reason")
    np.testing.assert_allclose(heads["insured"] + rest, heads["ground_up"], rtol=CLOSE)
    np.testing.assert_allclose(
        losses.sel(layer="insured") + losses.sel(layer="uninsured"),
        losses.sel(layer="ground_up"),
        rtol=1e-10,
        atol=1e-6,
    )
    assert float(rest.sum()) == pytest.approx(float(losses.sel(layer="uninsured").mean()), rel=CLOSE)
    assert float(heads["insured"].sum()) == pytest.approx(
        float(losses.sel(layer="insured").mean()), rel=CLOSE
    )
    assert (losses >= 0.0).all()


def test_plants_add_to_the_zone(tree: xr.DataTree) -> None:
    plants, losses, metrics = (group(tree, name) for name in ("plants", "losses", "metrics"))
    paid = float(losses["loss"].sel(layer="insured").mean())
    assert float(plants["insured"].sum()) == pytest.approx(paid, rel=CLOSE)
    # Accidents and losses of plants are closed forms, as the headlines are; a simulated mean lies nearby.
    named = dict(zip(metrics["name"].values[::-1], metrics["value"].values[::-1], strict=True))
    assert float(plants["accidents"].sum()) == pytest.approx(named["expected_accidents"], rel=CLOSE)
    assert float(plants["ground_up"].sum()) == pytest.approx(named["average_annual_loss"], rel=CLOSE)
    count = losses["accidents"].sum("cause")
    assert abs(float(plants["accidents"].sum()) - float(count.mean())) < 4.0 * float(
        count.std(ddof=1)
    ) / np.sqrt(count.size)


def test_owners_add_to_the_zone_in_every_year_and_to_their_plants(tree: xr.DataTree) -> None:
    owners, losses, plants = group(tree, "owners"), group(tree, "losses")["loss"], group(tree, "plants")
    for layer in ("insured", "uninsured"):
        np.testing.assert_allclose(
            owners[layer].sum("owner"), losses.sel(layer=layer)[: owners.sizes["year"]], rtol=1e-10, atol=1e-6
        )
    # All 4000 years of the small study are kept by owner.
    insured = owners["insured"].mean("year")
    for owner in owners["owner"].values.tolist():
        own = plants["insured"].values[plants["owner"].values == owner].sum()
        assert float(insured.sel(owner=owner)) == pytest.approx(own, rel=1e-10, abs=1e-9)
    several = [name for name in owners["owner"].values if (plants["owner"].values == name).sum() > 1]
    assert several, "some owner has more than one plant"


def test_premiums_of_plants_add_to_that_of_the_zone_and_nobody_pays_without_a_policy(
    tree: xr.DataTree,
) -> None:
    plants, metrics = group(tree, "plants"), group(tree, "metrics")
    gross = float(metrics["value"].values[metrics["name"].values == "gross_premium"][0])
    assert float(plants["premium"].sum()) == pytest.approx(gross, rel=1e-10)
    uninsured = (plants["limit"] == 0).values
    assert uninsured.any()
    assert (plants["premium"].values[uninsured] == 0.0).all()
    assert (plants["insured"].values[uninsured] == 0.0).all()
    assert (plants["premium"].values[~uninsured] > 0.0).all()


def test_grades_of_the_headline_count_every_plant_once(tree: xr.DataTree) -> None:
    metrics, plants = group(tree, "metrics"), group(tree, "plants")
    rows = metrics["name"].values == "environmental_risk_grade"
    assert metrics["value"].values[rows].sum() == plants.sizes["plant"]
    assert (metrics["low"].values[rows] <= metrics["value"].values[rows]).all()
    assert (metrics["high"].values[rows] >= metrics["value"].values[rows]).all()
    assert set(plants["grade"].values.tolist()) == {*GRADES, "refused"}


def test_the_weights_of_the_sources_add_to_one_for_every_plant(tree: xr.DataTree) -> None:
    frequency = group(tree, "frequency")
    assert frequency["source"].values.tolist() == list(SOURCES)
    np.testing.assert_allclose(frequency["source_weight"].sum("source"), 1.0, rtol=CLOSE)


def test_curves_rise_with_the_return_period_and_a_year_costs_no_less_than_its_worst_event(
    tree: xr.DataTree,
) -> None:
    curves = group(tree, "curves")
    assert curves["return_period"].values.tolist() == list(RETURN_PERIODS)
    assert (curves["loss"].diff("return_period") >= 0.0).all()
    assert (curves["loss"].sel(curve="aggregate") >= curves["loss"].sel(curve="occurrence")).all()
    assert (curves["loss"].sel(layer="ground_up") >= curves["loss"].sel(layer="insured")).all()


def test_the_simulation_agrees_with_its_closed_forms(tree: xr.DataTree) -> None:
    checked = group(tree, "checks/second_method")
    assert (np.abs(checked["difference"]) < 4.0).all()
    assert checked["quantity"].values.tolist() == ["accidents", "variance of accidents", *HEADS, "loss"]


def test_every_judged_or_unconfirmed_input_stands_in_the_ledger(job: ZoneJob, tree: xr.DataTree) -> None:
    ledger = group(tree, "ledger")
    status = dict(zip(ledger["subject"].values.tolist(), ledger["status"].values.tolist(), strict=True))
    for role, card in job.facts.cards.items():
        for name, parameter in card.parameters.items():
            if parameter.status != "confirmed":
                assert status.get(f"{card.name}:{name}") == parameter.status, role
    for name in job.facts.spec.inventory.tables().values():
        assert status[name] == "synthetic"
