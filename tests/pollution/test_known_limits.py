# SPDX-License-Identifier: Apache-2.0
"""Measures at the limits in force and smallest limits through the knowledge draws; one name, one number."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from greenrisk.pollution.job import ZoneJob
from greenrisk.pollution.mandate.in_force import QUANTITIES
from greenrisk.pollution.mandate.limit_adequacy import MEASURES
from greenrisk.pollution.quantities import UNITS


def figures(tree: xr.DataTree, name: str, columns: tuple[str, ...]) -> list[float]:
    metrics = tree["metrics"].to_dataset()
    at = metrics["name"].values.tolist().index(name)
    return [float(metrics[column].values[at]) for column in columns]


def test_the_headline_is_the_section_s_measure_at_the_limits_in_force(tree: xr.DataTree) -> None:
    adequacy = tree["limit_adequacy"].to_dataset()
    assert adequacy["measure"].values.tolist() == list(MEASURES)
    for measure, name in zip(MEASURES, QUANTITIES, strict=True):
        at = adequacy.sel(measure=measure)
        value, error, low, high = figures(tree, name, ("value", "standard_error", "low", "high"))
        assert value == float(at["in_force"])
        assert error == float(at["in_force_standard_error"]) > 0.0
        assert (low, high) == (float(at["in_force_low"]), float(at["in_force_high"]))
        assert low <= value <= high


def test_intervals_of_the_measures_are_odds_of_the_draws_and_know_no_policy_cap(
    job: ZoneJob, parts: list[xr.Dataset], tree: xr.DataTree
) -> None:
    values = np.concatenate([part["quantity"].values for part in parts if "quantity" in part])
    adequacy = tree["limit_adequacy"].to_dataset()
    named = np.array([", policy" not in answer for _, answer in job.plan.alternatives])
    for measure, name in zip(MEASURES, QUANTITIES, strict=True):
        column = values[:, list(UNITS).index(name)]
        value = float(adequacy["in_force"].sel(measure=measure))
        odds = column / (1.0 - column) * value / (1.0 - value) * (1.0 - column[0]) / column[0]
        moved = odds / (1.0 + odds)
        draws, others = moved[1 : job.plan.first_end], moved[job.plan.first_alternative :][named]
        low = min(np.quantile(draws, 0.05), others.min())
        high = max(np.quantile(draws, 0.95), others.max())
        assert float(adequacy["in_force_low"].sel(measure=measure)) == pytest.approx(low, rel=1e-9)
        assert float(adequacy["in_force_high"].sel(measure=measure)) == pytest.approx(high, rel=1e-9)


def test_smallest_limits_hold_the_draws_and_the_named_alternatives(
    job: ZoneJob, parts: list[xr.Dataset], tree: xr.DataTree
) -> None:
    values = np.concatenate([part["smallest_limit"].values for part in parts if "smallest_limit" in part])
    assert values.shape == (len(job.plan.variants), len(MEASURES), 3)
    found = tree["smallest_limit"].to_dataset()
    bare = found["limit_knowledge_low"].isel(group=slice(1, None))
    assert np.isnan(bare.values).all()  # told for all plants, after sublimits, alone
    one = found.sel(group="all", side="after_sublimits")
    named = np.array([", policy" not in answer for _, answer in job.plan.alternatives])
    some = 0
    for place in np.ndindex(len(MEASURES), 3):
        column = np.where(np.isnan(values[:, *place]), np.inf, values[:, *place])
        value = float(one["limit"].values[place])
        low, high = (float(one[f"limit_knowledge_{end}"].values[place]) for end in ("low", "high"))
        if not np.isfinite([value, column[0]]).all():
            continue
        some += 1
        scaled = column * value / column[0]
        draws, others = scaled[1 : job.plan.first_end], scaled[job.plan.first_alternative :][named]
        assert low <= others.min() * (1.0 + 1e-9)
        assert high >= others.max() * (1.0 - 1e-9)
        assert (draws < low * (1.0 - 1e-9)).mean() <= 0.05
        assert (draws > high * (1.0 + 1e-9)).mean() <= 0.05
        assert low <= value * (1.0 + 1e-9)
        assert value <= high * (1.0 + 1e-9)
    assert some >= 6
