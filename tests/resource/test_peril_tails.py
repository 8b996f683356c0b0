# SPDX-License-Identifier: Apache-2.0
"""Bad years by peril and in all: VaR 99.5 %, TVaR 99 %, and what each peril adds to the worst years, from the years."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from greenrisk.resource.perils.listing import PERILS


@pytest.fixture(scope="module")
def years(tree: xr.DataTree) -> dict[str, np.ndarray]:
    """Annual payments of each peril and of all, ascending in the order of the sum."""
    losses = tree["/losses"].to_dataset()
    by_peril = losses["peril_loss"].values
    found = {"all": losses["loss"].sel(layer="gross").values}
    return found | dict(zip(losses["peril"].values.tolist(), by_peril.T, strict=True))


def row(tree: xr.DataTree, kind: str) -> xr.Dataset:
    return tree["/perils"].to_dataset().sel(peril=kind)


@pytest.mark.parametrize("kind", ["all", *PERILS])
def test_the_value_at_risk_is_the_year_that_one_in_two_hundred_exceeds(
    tree: xr.DataTree, years: dict[str, np.ndarray], kind: str
) -> None:
    loss = np.sort(years[kind])
    # Of 4,000 years 20 lie above: the 3,980th from below.
    assert loss.size == 4000
    assert float(row(tree, kind)["value_at_risk"]) == pytest.approx(loss[3979], rel=1e-12)


@pytest.mark.parametrize("kind", ["all", *PERILS])
def test_the_tail_value_at_risk_is_the_mean_of_the_worst_one_in_a_hundred(
    tree: xr.DataTree, years: dict[str, np.ndarray], kind: str
) -> None:
    assert float(row(tree, kind)["tail_value_at_risk"]) == pytest.approx(
        np.sort(years[kind])[-40:].mean(), rel=1e-9
    )


def test_what_a_peril_adds_is_its_mean_in_the_worst_years_of_all(
    tree: xr.DataTree, years: dict[str, np.ndarray]
) -> None:
    worst = np.argsort(years["all"], kind="stable")[-40:]
    for kind in PERILS:
        expected = years[kind][worst].mean()
        assert float(row(tree, kind)["contribution"]) == pytest.approx(expected, rel=1e-9, abs=1e-6), kind


def test_insured_together_perils_need_less_than_apart(tree: xr.DataTree) -> None:
    perils = tree["/perils"].to_dataset()
    alone = float(perils["tail_value_at_risk"].sel(peril=list(PERILS)).sum())
    together = float(perils["tail_value_at_risk"].sel(peril="all"))
    assert 0.1 < 1 - together / alone < 0.6
