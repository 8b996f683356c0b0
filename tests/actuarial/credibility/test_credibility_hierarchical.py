# SPDX-License-Identifier: Apache-2.0
"""Hierarchical credibility against R's actuar (tests/reference/actuarial/credibility.json), limits by algebra."""

import json
from pathlib import Path

import numpy as np
import pytest

from greenrisk.actuarial.credibility.hierarchical import hierarchical
from greenrisk.actuarial.credibility.models import buhlmann_straub
from greenrisk.core.errors import ArgumentError, FitError

R = json.loads(
    (Path(__file__).parents[2] / "reference/actuarial/credibility.json").read_text(encoding="utf-8")
)
RATIOS, WEIGHTS = np.array(R["ratios"], dtype=float), np.array(R["weights"], dtype=float)
OUR_NAME = {"Buhlmann-Gisler": "averaged", "Ohlsson": "pooled", "iterative": "iterative"}


@pytest.mark.parametrize("expected", R["hierarchical"], ids=lambda case: f"{case['method']} {case['cohort']}")
def test_two_levels_are_those_of_r(expected):
    found = hierarchical(
        RATIOS, WEIGHTS, {"cohort": expected["cohort"]}, estimator=OUR_NAME[expected["method"]]
    )
    rel = 1e-7 if expected["method"] == "iterative" else 1e-11
    cohort, risk = found.levels
    assert [cohort.between, risk.between, found.within] == pytest.approx(expected["variance"], rel=rel)
    assert found.collective == pytest.approx(expected["collective"], rel=rel)
    assert cohort.mean == pytest.approx(expected["cohort_mean"], rel=rel)
    assert cohort.weight == pytest.approx(expected["cohort_weight"], rel=rel)
    assert cohort.premium == pytest.approx(expected["cohort_premium"], rel=rel)
    assert found.premium == pytest.approx(expected["premium"], rel=rel)


@pytest.mark.parametrize(
    ("estimator", "plain"), [("pooled", "unbiased"), ("averaged", "unbiased"), ("iterative",) * 2]
)
def test_one_group_that_holds_all_risks_is_buhlmann_and_straub(estimator, plain):
    found = hierarchical(RATIOS, WEIGHTS, {"country": ["x"] * 5}, estimator=estimator)
    model = buhlmann_straub(RATIOS, WEIGHTS, estimator=plain)
    assert found.premium == pytest.approx(model.premium, rel=1e-12)
    assert found.collective == pytest.approx(model.collective, rel=1e-12)
    assert found.levels[0].no_credibility


def test_a_further_level_of_one_group_changes_nothing():
    two = hierarchical(RATIOS, WEIGHTS, {"cohort": [1, 2, 1, 2, 2]}, estimator="pooled")
    three = hierarchical(RATIOS, WEIGHTS, {"all": [0] * 5, "cohort": [1, 2, 1, 2, 2]}, estimator="pooled")
    assert three.premium == pytest.approx(two.premium, rel=1e-12)
    assert [level.name for level in three.levels] == ["all", "cohort", "risk"]
    assert three.levels[1].labels == ((0, 1), (0, 2))


def test_groups_alike_inside_go_up_as_one_risk():
    # Both cohorts hold twice the same records, with a small disturbance: nothing between risks of a cohort, so that
    # the cohorts are the risks of Buehlmann and Straub, with their pooled records.
    records = np.array([[10.0, 14.0, 12.0], [12.0, 10.0, 14.0], [30.0, 34.0, 32.0], [32.0, 30.0, 34.0]])
    found = hierarchical(records, None, {"cohort": list("aabb")}, estimator="pooled")
    assert found.levels[1].no_credibility
    mean, within = np.array([12.0, 32.0]), 4.0
    between = mean.var(ddof=1) - within / 6
    z = 6 / (6 + within / between)
    assert found.levels[0].factor == pytest.approx([z, z])
    assert found.premium == pytest.approx(np.repeat(z * mean + (1 - z) * 22.0, 2))


def test_a_new_group_pays_the_collective_mean_and_a_new_risk_that_of_its_group():
    blank = np.full((2, 12), np.nan)
    found = hierarchical(
        np.vstack([RATIOS, blank]), np.vstack([WEIGHTS, 0 * blank]), {"cohort": [1, 2, 1, 2, 2, 1, 3]}
    )
    known = hierarchical(RATIOS, WEIGHTS, {"cohort": [1, 2, 1, 2, 2]})
    assert found.premium[:5] == pytest.approx(known.premium, rel=1e-12)
    assert found.premium[5] == pytest.approx(known.levels[0].premium[0], rel=1e-12)
    assert found.premium[6] == pytest.approx(known.collective, rel=1e-12)
    assert np.isnan(found.levels[0].mean[2])


def test_premiums_of_many_simulated_hierarchies_have_the_variances_they_were_drawn_with():
    # 300 hierarchies of 8 groups with 5 risks of 6 records: variances 9 between groups, 4 between risks, 16 within.
    rng, found = np.random.default_rng(20_250_241), []
    for _ in range(300):
        level = 50 + rng.normal(0, 3, (8, 1, 1)) + rng.normal(0, 2, (8, 5, 1)) + rng.normal(0, 4, (8, 5, 6))
        h = hierarchical(
            level.reshape(40, 6), None, {"group": np.repeat(np.arange(8), 5)}, estimator="pooled"
        )
        found.append((h.levels[0].between, h.levels[1].between, h.within))
    mean, error = np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / np.sqrt(300)
    assert (np.abs(mean - [9, 4, 16]) < 4 * error).all()


@pytest.mark.parametrize(
    ("groups", "options", "message"),
    [
        ({}, {}, "no level"),
        ({"cohort": [1, 2]}, {}, "cohort: 2 labels\n  One for each of the 5 risks"),
        ({"cohort": [1] * 5}, {"estimator": "ml"}, "Known: averaged, pooled, iterative"),
    ],
)
def test_bad_hierarchies_are_refused(groups, options, message):
    with pytest.raises(ArgumentError, match=message):
        hierarchical(RATIOS, WEIGHTS, groups, **options)


def test_a_single_record_a_risk_identifies_nothing():
    with pytest.raises(FitError, match="one of them observed twice"):
        hierarchical(RATIOS[:, :1], WEIGHTS[:, :1], {"cohort": [1] * 5})
