# SPDX-License-Identifier: Apache-2.0
"""The ITR companies: nothing is invented for them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from greenrisk.core.errors import GreenRiskError
from greenrisk.scenario.load import load
from tests.studied_issuers import run_issuers

ROOT = Path(__file__).parents[2]
NAME = "issuer/itr/20230106_ITR_V2_Sample_Data.xlsx"


@pytest.fixture(scope="module")
def tree() -> xr.DataTree:
    folder = ROOT / "../shared/data"
    if not (folder / NAME).is_file():
        pytest.skip(f"../shared/data/{NAME} is not here")
    given = {"knowledge.draws": "0", "knowledge.tornado": "false", "credit.portfolio_years": "1000"}
    return run_issuers(load("issuers-itr", given).prepare(folder))  # type: ignore[arg-type]


def test_all_companies_are_run_or_refused_with_a_reason(tree: xr.DataTree) -> None:
    refused = tree["refused"].to_dataset()
    assert tree["issuers"].sizes["issuer"] + refused.sizes["refused"] == 129
    assert all(str(reason) for reason in refused["reason"].values)


def test_no_line_of_a_statement_was_judged(tree: xr.DataTree) -> None:
    how = set(np.unique(tree["issuers"]["rule"].values.astype(str)))
    assert how <= {"given", "missing", "cash_from_values", "debt_from_values", "debt_not_split", "identities"}


def test_only_lenses_with_inputs_speak_and_the_others_say_why(tree: xr.DataTree) -> None:
    data = tree["lenses"].to_dataset()
    speaks = {str(lens) for lens in data["lens"].values if (data["reason"].sel(lens=lens) < 0).any()}
    assert speaks == {"merton"}
    sentences = set(tree["lens_reasons"]["sentence"].values.astype(str))
    assert "No asset value." in sentences


def test_carbon_cost_is_price_times_emissions_without_allocation(tree: xr.DataTree) -> None:
    paid = tree["charges"].to_dataset()["carbon_cost"]
    price = tree["pathways"].to_dataset()["carbon_price"]
    emitted = tree["issuers"].to_dataset()["emissions"].sel(scope="scope_1")
    country = tree["issuers"]["country"].values.astype(str)
    one = int(np.flatnonzero(~np.isnan(emitted.values))[0])
    drop = {dim: 0 for dim in price.dims if dim not in ("scenario", "year", "country")}
    path = price.isel(drop)
    path = path.sel(country=country[one]) if "country" in path.dims else path
    # Yuan for a dollar in 2024, as the tables of rates tell it; costs are in millions of dollars.
    rate = 7.1957
    by_hand = path.sel(year=2030) * float(emitted[one]) / 1e6 / rate
    np.testing.assert_allclose(paid.sel(year=2030).isel(issuer=one), by_hand, rtol=1e-4)


def test_a_workbook_that_is_not_there_is_told_with_the_way_to_give_it(tmp_path: Path) -> None:
    with pytest.raises(GreenRiskError) as caught:
        load("issuers-itr").prepare(tmp_path)
    assert "--data-dir" in str(caught.value)
