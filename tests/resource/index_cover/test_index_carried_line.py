# SPDX-License-Identifier: Apache-2.0
"""A trend carried on to the year of the cover: by hand, and as a named alternative of the shipped fires."""

from __future__ import annotations

import numpy as np
import pytest
from studied_index import prepared, run

from greenrisk.resource.index_cover.carried_line import carried_on, carried_year
from greenrisk.resource.index_cover.series import Bounds


def test_a_line_is_carried_on_to_a_near_year_alone() -> None:
    assert carried_year(["linear"], 2021, 2022) == 2022
    assert carried_year(["linear", "linear"], 2021, 2026) == 2026
    assert carried_year(["linear"], 2021, 2027) is None
    assert carried_year(["linear", "none"], 2021, 2022) is None
    assert carried_year(["step"], 2021, 2022) is None
    assert carried_year([], 2021, 2022) is None


def test_a_line_of_two_a_year_moves_all_years_by_six_in_three() -> None:
    year = np.arange(2000, 2012)
    value = 5.0 + 2.0 * (year - 2000)
    at_last = np.full(12, value[-1])
    assert carried_on(year, value, at_last, 2014) == pytest.approx(np.full(12, 33.0))
    assert carried_on(year, value, at_last, 2014, bounds=Bounds(0.0, 30.0)) == pytest.approx(
        np.full(12, 30.0)
    )


def test_a_rate_of_a_tenth_a_year_multiplies() -> None:
    year = np.arange(2000, 2012)
    value = 100.0 * 0.9 ** (year - 2000)
    treated = np.linspace(20.0, 40.0, 12)
    assert carried_on(year, value, treated, 2013, "log") == pytest.approx(treated * 0.81)


def test_the_fires_carried_on_by_one_year_are_an_alternative_that_holds_the_interval_open() -> None:
    job = prepared("fire-index-jiangxi")
    tree = run(job)
    found = tree["alternatives"].to_dataset()
    answers = found["answer"].values.tolist()
    place = answers.index("linear, carried on to 2022")
    assert int(found["holds_open"][place]) == 1
    value = float(found["value"].sel(quantity="pure_premium")[place])
    metrics = tree["metrics"].to_dataset()
    pure = metrics.isel(metric=int(np.flatnonzero(metrics["name"].values == "pure_premium")[0]))
    assert float(pure["low"]) <= value
    # one year further along the line of the logarithms, by numpy alone
    model, variant = job.model, job.plan.variants[job.plan.first_alternative + place]
    (name,) = model.record.changes
    index = model.record.indices[name]
    slope = np.polyfit(index.year - 2015.0, np.log(index.value), 1)[0]
    here, there = (model.fitted(one).indices[name].value for one in (job.plan.variants[0], variant))
    assert there == pytest.approx(here * np.exp(slope))
    assert slope < 0
    assert value < float(pure["value"])
    questions = tree["alternatives"]["question"].values.tolist()
    assert questions == sorted(questions, key=lambda question: question.startswith("law"))
