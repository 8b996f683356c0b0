# SPDX-License-Identifier: Apache-2.0
"""What is known and what is judged: one scale leads, nothing is taken for more than it is."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import greenrisk
from greenrisk.resource.job import ForestJob
from greenrisk.resource.perils.listing import NON_FIRE
from greenrisk.resource.pooling import PERILS_INDEPENDENT
from tests.small_forest import small_forest


def test_the_scale_of_the_other_perils_is_one_lognormal_parameter(job: ForestJob) -> None:
    card = job.facts.cards["nonfire"]
    (parameter,) = card.parameters.values()
    assert parameter.range.distribution == "lognormal"
    # One year at a coefficient of variation of 1: 0.4 to 5.6 in round figures.
    assert [round(float(end), 1) for end in parameter.ends()] == [0.4, 5.6]
    assert parameter.status == "illustrative"


def test_it_leads_the_tornado(tree: xr.DataTree) -> None:
    tornado = tree["/tornado"].to_dataset()
    width = np.abs(tornado["gross_at_high"] - tornado["gross_at_low"]).values
    assert (str(tornado["card"].values[0]), str(tornado["parameter"].values[0])) == (
        "nonfire-cost-jiangxi",
        "scale",
    )
    assert (str(tornado["low"].values[0]), str(tornado["high"].values[0])) == ("0.36", "5.56")
    assert width[0] > 2 * width[1]


def test_every_parameter_beside_fire_has_a_range_with_a_law(job: ForestJob) -> None:
    for role in (*NON_FIRE, "nonfire"):
        for name, parameter in job.facts.cards[role].parameters.items():
            low, high = parameter.ends()
            assert float(low) < float(parameter.value) < float(high), (role, name)
            assert parameter.range.distribution in ("lognormal", "logit_normal", "normal", "uniform"), (
                role,
                name,
            )


def test_the_comparison_with_2015_has_each_printed_figure_and_agrees_with_nothing(tree: xr.DataTree) -> None:
    known = tree["/checks/known_year"].to_dataset()
    figures = dict(zip(known["figure"].values.tolist(), known["known"].values.tolist(), strict=True))
    assert figures["paid_per_insured_mu_printed"] == pytest.approx(0.62, abs=0.005)
    assert figures["paid_per_insured_mu_forest"] == pytest.approx(1.07, abs=0.005)
    assert figures["paid_per_paid_mu"] == pytest.approx(380, abs=0.5)
    assert figures["area_per_claim"] == pytest.approx(453, abs=0.5)
    # Premiums seen, 1 to 2.8 CNY/mu, times the loss ratio that the scenario states.
    assert (figures["premium_low"], figures["premium_high"]) == pytest.approx((0.6, 2.8 * 0.6))
    words = " ".join([*known["sentence"].values.tolist(), known.attrs["note"], known.attrs["fire"]])
    assert words.count("compared with") == known.sizes["figure"]
    assert not re.search(r"\bagree", words)


def test_fire_is_at_its_value_of_the_known_year(job: ForestJob, tree: xr.DataTree) -> None:
    """The book bears the province's burnt forest in the proportion of insured to all forest."""
    reference = job.facts.reference
    assert reference is not None
    row = reference.panel.years.tolist().index(2015)
    burnt_ha = reference.panel.area[row, reference.panel.provinces.index("Jiangxi")]
    forest_ha = float(job.facts.cards["occurrence"].values()["province_forest_area"])
    mu = burnt_ha / forest_ha * job.exposure.book.insured_area_mu.sum()
    assert (
        f"Fire at its value of 2015: {mu:,.1f} burnt insured mu" in tree["/checks/known_year"].attrs["fire"]
    )


def test_independence_of_perils_is_told_with_what_it_is_worth(tree: xr.DataTree) -> None:
    ledger = tree["/ledger"].to_dataset()
    (told,) = ledger["detail"].values[ledger["subject"].values == "dependence of perils"].tolist()
    assert told.startswith(PERILS_INDEPENDENT)
    assert "Had they their bad years together, the mean of the worst 1 % of years would be" in told


def test_it_is_told_for_a_book_in_one_county_too(tmp_path: Path) -> None:
    """The first stands of the book lie in one county: there is nothing to pool, and perils are still independent."""
    ledger = greenrisk.run(str(small_forest(tmp_path, years=1000))).ledger
    (told,) = (entry for entry in ledger if entry.subject == "dependence of perils")
    assert (told.detail, told.status) == (PERILS_INDEPENDENT, "illustrative")
