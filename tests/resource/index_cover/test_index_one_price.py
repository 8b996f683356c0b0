# SPDX-License-Identifier: Apache-2.0
"""One price for one treatment: the simulated alternatives and the computed table of treatments agree."""

from __future__ import annotations

import numpy as np
import pytest
from studied_index import prepared, run

from greenrisk.resource.index_cover.treatments import TREATMENTS


@pytest.mark.parametrize("name", ["fire-index-jiangxi", "wetland-nile"])
def test_alternatives_are_the_prices_of_the_table_within_their_simulation_error(name: str) -> None:
    job = prepared(name, knowledge__years="20000", years="20000")
    tree = run(job)
    alternatives, treatments = tree["alternatives"].to_dataset(), tree["treatments"].to_dataset()
    computed = dict(
        zip(treatments["treatment"].values.tolist(), treatments["pure_premium_law"].values, strict=True)
    )
    prices = alternatives["value"].sel(quantity="pure_premium").values
    losses = tree["losses"]["loss"].values[:, 0]
    base, plan, model = losses.mean(), job.plan, job.model
    checked = 0
    for place, answer in enumerate(alternatives["answer"].values.tolist()):
        if answer not in TREATMENTS:
            continue
        fitted = model.fitted(plan.variants[plan.first_alternative + place])
        paid = np.concatenate([model.years(fitted, "knowledge", block, 1000) for block in range(20)]).sum(
            axis=1
        )
        # price = paid * losses / base of the variants: three means, each with its error
        error = prices[place] * np.sqrt(
            paid.var() / paid.mean() ** 2 / paid.size + 2 * losses.var() / base**2 / losses.size
        )
        assert abs(prices[place] - computed[answer]) < 4 * error, answer
        checked += 1
    assert checked >= 3
