# SPDX-License-Identifier: Apache-2.0
"""The predictive law of a year like the known one: over all draws of the cards, not at their values alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from greenrisk.resource.job import ForestJob
from greenrisk.resource.known_year_check import FIGURES, known_year_check, other_years
from greenrisk.resource.nonfire import MEAN_OF_YEARS
from greenrisk.resource.simulation import part, resolve, simulate
from greenrisk.resource.year_table import YearTable, gather


@pytest.fixture(scope="module")
def table(job: ForestJob) -> YearTable:
    """Two blocks of the central simulation."""
    return gather((job.run_block(block) for block in range(2)), 2)


def check(job: ForestJob, table: YearTable, drawn: np.ndarray | None) -> xr.Dataset:
    reference = job.facts.reference
    assert reference is not None
    law = resolve(job.exposure, job.plan.variants[0]).wildfire
    found = known_year_check(job.facts, reference, job.exposure, law, table, drawn)
    assert found is not None
    return found


def test_the_other_perils_of_a_block_are_those_of_its_table(job: ForestJob) -> None:
    payments = simulate(job.exposure, resolve(job.exposure, job.plan.variants[0]), 3, 0)
    dataset = part(job.exposure, payments)
    assert payments.perils[0] == "wildfire"
    expected = (dataset["cell_loss"].sum("segment"), dataset["paid_area"], dataset["claims"])
    for found, of_peril in zip(other_years(payments), expected, strict=True):
        np.testing.assert_allclose(found, of_peril.values[:, 1:].sum(axis=1), rtol=1e-6, atol=1e-6)


def test_draws_that_are_all_the_base_give_the_law_of_the_base(job: ForestJob, table: YearTable) -> None:
    base = np.array([values[:, 1:].sum(axis=1) for values in (table.peril, table.paid_area, table.claims)])
    found = check(job, table, np.stack([base, base]).astype(np.float32))
    of_year = (found["law"] != MEAN_OF_YEARS).values
    for name in ("quantile", "share_below"):
        np.testing.assert_allclose(
            found[f"predictive_{name}"].values[of_year], found[name].values[of_year], rtol=1e-5, atol=1e-3
        )
    # What is compared with the mean has the law of the draws' means, which are all the same here.
    means = found["predictive_quantile"].values[~of_year]
    np.testing.assert_allclose(
        means, np.broadcast_to(found["mean"].values[~of_year][:, None], means.shape), rtol=1e-5
    )


def test_draws_of_several_levels_widen_it(job: ForestJob, table: YearTable) -> None:
    base = np.array([values[:, 1:].sum(axis=1) for values in (table.peril, table.paid_area, table.claims)])
    levels = np.exp(np.linspace(-1.5, 1.5, 11))
    drawn = (base[None] * levels[:, None, None]).astype(np.float32)
    found = check(job, table, drawn).sel(figure="paid_per_insured_mu_printed")
    low, *_, high = found["quantile"].values
    wide_low, *_, wide_high = found["predictive_quantile"].values
    assert wide_low < low < high < wide_high
    assert FIGURES == ("payments", "paid_area", "claims")


def test_a_run_has_both_laws_and_says_so(job: ForestJob, tree: xr.DataTree) -> None:
    found = tree["/checks/known_year"].to_dataset()
    year = found.sel(figure="paid_per_insured_mu_printed")
    low, *_, high = year["quantile"].values
    wide_low, *_, wide_high = year["predictive_quantile"].values
    assert wide_low < low < high < wide_high
    assert f"{job.plan.draws} joint draws of all cards, 1,000 years of each" in found.attrs["predictive"]
    for sentence in found["sentence"].values:
        assert "Over all draws of the cards 90 % are from" in sentence
        assert "agree" not in sentence


def test_without_a_known_year_nothing_is_kept(job: ForestJob) -> None:
    block = job.simulation_blocks
    assert "other_years" in job.run_block(block)
    facts = replace(job.facts, reference=None)
    assert "other_years" not in replace(job, facts=facts).run_block(block)
