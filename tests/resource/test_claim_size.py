# SPDX-License-Identifier: Apache-2.0
"""What counts as a claim: here a damaged stand, in the printed year nobody knows; page and result say so."""

from __future__ import annotations

from pathlib import Path

import pytest
import xarray as xr

from greenrisk.resource.job import ForestJob

EXPLANATION = Path(__file__).parents[2] / "docs" / "explanation" / "forest.md"


@pytest.fixture(scope="module")
def page() -> str:
    """The explanation on one line."""
    return " ".join(EXPLANATION.read_text(encoding="utf-8").split())


def test_a_claim_of_the_model_is_a_tenth_of_one_of_the_printed_year(tree: xr.DataTree, page: str) -> None:
    known = tree["/checks/known_year"].to_dataset().sel(figure="area_per_claim")
    assert float(known["known"]) == pytest.approx(316_000 / 698, rel=1e-9)
    assert 30 < float(known["mean"]) < 50
    assert (
        "some 40 mu each, where the one printed year of the province (2015) counted 698 claims of 453 mu"
        in page
    )
    assert f"{float(known['known']):.0f}" == "453"


def test_the_result_says_what_a_claim_is(tree: xr.DataTree, page: str) -> None:
    note = tree["/checks/known_year"].attrs["note"]
    assert "A claim is here one damaged stand" in note
    assert "is not printed" in note
    assert "The unit of a claim is one stand in one event." in page


def test_claims_are_paid_hits_and_their_area_is_that_of_the_stand(job: ForestJob, tree: xr.DataTree) -> None:
    """So many mu a claim can only be a stand's: no claim is larger than the largest stand."""
    losses, book = tree["/losses"].to_dataset(), job.exposure.book
    claims, area = losses["claims"].values.sum(axis=0), losses["paid_area"].values.sum(axis=0)
    assert (claims > 0).all()
    assert (area <= claims * book.insured_area_mu.max()).all()
