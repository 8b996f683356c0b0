# SPDX-License-Identifier: Apache-2.0
"""The simulated years by cell: what the premium file is made of can be added up again by its reader."""

import numpy as np
import pytest
import xarray as xr

import greenrisk.resource.sections as sections
import greenrisk.resource.year_table as year_table
from greenrisk.core.ledger import Ledger
from greenrisk.resource.job import ForestJob


def test_cells_add_up_to_segments_perils_and_the_gross_loss_of_every_year(tree: xr.DataTree):
    cell, losses = tree["cells"]["loss"], tree["losses"]
    assert cell.attrs["units"] == "CNY"
    np.testing.assert_allclose(cell.sum("peril"), losses["segment_loss"], rtol=1e-12)
    np.testing.assert_allclose(cell.sum("segment"), losses["peril_loss"], rtol=1e-12)
    np.testing.assert_allclose(cell.sum(("segment", "peril")), losses["loss"].sel(layer="gross"), rtol=1e-9)


def test_the_rows_of_the_premium_file_are_means_of_the_cells(tree: xr.DataTree):
    cell, premium = tree["cells"]["loss"], tree["premium"]
    pure = premium["amount"].sel(row="pure_premium").values[1:]
    np.testing.assert_allclose(cell.sum("peril").mean("year"), pure, rtol=1e-12)


def test_claims_service_and_pool_look_at_the_first_years_only_and_the_ledger_says_so(
    job: ForestJob, parts: list[xr.Dataset], monkeypatch: pytest.MonkeyPatch
):
    for module in (year_table, sections):
        monkeypatch.setattr(module, "FIRST_BLOCKS", 2)
    ledger = Ledger()
    fewer = job.finish(iter(parts), ledger)
    told = {entry.subject: entry for entry in ledger}
    for subject in ("claims service", "dependence and pool"):
        assert told[subject].detail == "Taken from the first 2,000 of the 4,000 simulated years."
    waits = fewer["claims_service/waits"]["claims"].sum().item()
    claims = fewer["losses"]["claims"].values[:2000].sum() / 2000
    assert waits == pytest.approx(claims, rel=1e-9)
    assert fewer["losses"].sizes["year"] == 4000
