# SPDX-License-Identifier: Apache-2.0
"""A test out of sample that contradicts the premium stands on the first screen, with its numbers in the ledger."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from greenrisk.core.ledger import Ledger
from greenrisk.report.pages import index_answer, wetland_answer
from tests.studied_wetland import shipped


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> xr.DataTree:
    return shipped(tmp_path_factory)


def doubt(notices: list[dict[str, str]]) -> str:
    (found,) = (one["text"] for one in notices if one["text"].startswith("Not to be relied on"))
    return found


def test_the_wetland_page_says_that_its_test_contradicts_the_premium(tree: xr.DataTree) -> None:
    """Payouts of Manaus come to less than the premiums: the upper end of the interval lies below 1."""
    summary = tree["backtest_summary"].to_dataset()
    law = summary.isel(figure=int(np.flatnonzero(summary["name"].values == "loss_ratio_law")[0]))
    burn = summary.isel(figure=int(np.flatnonzero(summary["name"].values == "loss_ratio_burn")[0]))
    assert law["high"].item() < 1.0
    frame = tree["ledger"].to_dataset().to_dataframe()
    lines = frame[
        (frame["kind"] == "unreliable") & frame["detail"].str.startswith("Payouts over the pure premiums")
    ]
    assert lines["subject"].tolist() == ["test out of sample"]
    for one in (law, burn):
        assert (
            f"{one['value'].item():.3g} ({one['low'].item():.3g} to {one['high'].item():.3g})"
            in lines["detail"].iloc[0]
        )
    assert "test out of sample" in doubt(wetland_answer.notices(tree, frame))


def test_the_index_page_names_the_test_and_the_treatment_that_are_contradicted() -> None:
    ledger = Ledger()
    ledger.add("unreliable", "test out of sample", "Contradicts.")
    ledger.add("unreliable", "treatment of flow", "Contradicts.")
    tree = xr.DataTree.from_dict({"/": xr.Dataset(attrs={"has_loss": 1})})
    told = doubt(index_answer.notices(tree, ledger.to_dataset().to_dataframe()))
    assert told == "Not to be relied on: test out of sample and treatment of flow."
