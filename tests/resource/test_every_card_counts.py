# SPDX-License-Identifier: Apache-2.0
"""Every card of the shipped forest study counts: taken away it is refused, and another one moves a named figure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import greenrisk
from greenrisk.core.cards import read_card
from greenrisk.core.errors import ScenarioError
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import find, names
from greenrisk.resource.calibration import to_yaml
from greenrisk.resource.job import ForestJob
from greenrisk.resource.quantities import UNITS
from tests.small_forest import small_forest

FIGURES = {
    "wildfire-jiangxi": ("perils[0].occurrence", "log_count", "expected_fires"),
    "fire-size-jiangxi": ("perils[0].size", "mean_body", "expected_burnt_area"),
    "fire-tail-portugal": ("perils[0].tail", "shape", "expected_burnt_area"),
    "fire-damage-judged": ("perils[0].damage", "median_conifer", "pure_premium_wildfire"),
    "jingdezhen-local": ("perils[0].local", "relative_hazard", "expected_fires"),
    "storm-judged": ("perils[1].card", "storms_per_100_km", "pure_premium_storm"),
    "snow-ice-judged": ("perils[2].card", "spells_a_year", "pure_premium_snow_ice"),
    "drought-judged": ("perils[3].card", "probability", "pure_premium_drought"),
    "flood-judged": ("perils[4].card", "rainstorms_per_10000_km2", "pure_premium_flood"),
    "pest-judged": ("perils[5].card", "leaf_rate", "pure_premium_pest"),
    "nonfire-cost-jiangxi": ("nonfire_cost", "scale", "average_annual_loss_ground_up"),
    "premium-loadings-judged": ("loadings", "expenses", "gross_premium"),
}
"""By card: where the scenario names it, one of its parameters, and a figure that this parameter moves."""

ALONE = {
    "county-rates-judged": ("county_rates", "county_spread_nonfire", "/county_rates", "high"),
    "catastrophe-reserve-rules": (
        "catastrophe_reserve.rules",
        "profit_share",
        "/catastrophe_reserve",
        "reserve",
    ),
}
"""Cards on which no premium rests: where, a parameter, and the group and variable that it moves."""

Prepare = Callable[..., ForestJob]


@pytest.fixture(scope="module")
def prepare(tmp_path_factory: pytest.TempPathFactory) -> Prepare:
    """Prepare the shipped scenario over every twentieth stand of its book, with overrides."""
    folder = tmp_path_factory.mktemp("small")
    scenario = small_forest(folder, years=1000)
    shipped = find("data", "jingdezhen_stands_synthetic")
    assert shipped is not None
    head, *rows = shipped.read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "book.csv").write_text("".join([head, *rows[::20]]), encoding="utf-8")
    return lambda **keys: greenrisk.load(str(scenario), keys).prepare()


@pytest.fixture(scope="module")
def base(prepare: Prepare) -> ForestJob:
    """The study with its own cards."""
    return prepare()


@pytest.fixture(scope="module")
def parts(base: ForestJob) -> list[xr.Dataset]:
    """All its blocks."""
    return [base.run_block(block) for block in range(base.n_blocks)]


def with_more(name: str, parameter: str, folder: Path) -> str:
    """Write the shipped card with one parameter at its high end; return its path."""
    path = find("models", name)
    assert path is not None
    card = read_card(path)
    old = card.parameters[parameter]
    changed = {**card.parameters, parameter: old.model_copy(update={"value": old.ends()[1]})}
    (folder / f"{name}.yaml").write_text(
        to_yaml(card.model_copy(update={"parameters": changed})), encoding="utf-8"
    )
    return str(folder / f"{name}.yaml")


def figures(job: ForestJob) -> dict[str, float]:
    """The figures of the central cards, on the years of the knowledge runs."""
    values = job.run_block(job.simulation_blocks)["quantity"].values[0]
    return dict(zip(UNITS, values.tolist(), strict=True))


@pytest.fixture(scope="module")
def own_figures(base: ForestJob) -> dict[str, float]:
    """The figures with the shipped cards."""
    return figures(base)


@pytest.fixture(scope="module")
def own_result(base: ForestJob, parts: list[xr.Dataset]) -> xr.DataTree:
    """The result with the shipped cards."""
    return base.finish(parts, Ledger())


def test_every_shipped_card_of_forest_is_looked_at_here() -> None:
    """Those of zones, issuers, wetlands and index covers, and of a climate, which is off here, have their own tests."""
    elsewhere = ("zone-", "issuer-", "wetland-", "fire-restoration-", "forest-climate-")
    assert {*FIGURES, *ALONE} == {name for name in names("models") if not name.startswith(elsewhere)}


@pytest.mark.parametrize("card", [*FIGURES, *ALONE])
def test_a_card_that_is_taken_away_is_refused_by_its_key(prepare: Prepare, card: str) -> None:
    """A peril may go as a whole (see the perils together), its card alone may not."""
    key = (FIGURES | ALONE)[card][0]
    with pytest.raises(ScenarioError) as error:
        prepare(**{key: None})
    (fault,) = error.value.faults
    assert fault.what.startswith(key)
    assert fault.expected == "No value is given. Must be text."


@pytest.mark.parametrize("card", FIGURES)
def test_another_card_moves_a_named_figure(
    prepare: Prepare, own_figures: dict[str, float], tmp_path: Path, card: str
) -> None:
    key, parameter, figure = FIGURES[card]
    moved = figures(prepare(**{key: with_more(card, parameter, tmp_path)}))
    assert moved[figure] > own_figures[figure] * 1.001 > 0


@pytest.mark.parametrize("card", ALONE)
def test_a_card_beside_the_premium_moves_its_own_group_and_no_premium(
    prepare: Prepare, own_result: xr.DataTree, parts: list[xr.Dataset], tmp_path: Path, card: str
) -> None:
    key, parameter, group, variable = ALONE[card]
    moved = prepare(**{key: with_more(card, parameter, tmp_path)}).finish(parts, Ledger())
    assert not np.array_equal(moved[group][variable].values, own_result[group][variable].values)
    np.testing.assert_array_equal(moved["/metrics"]["value"].values, own_result["/metrics"]["value"].values)
