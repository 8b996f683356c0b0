# SPDX-License-Identifier: Apache-2.0
"""Regression credibility against R's actuar with adjusted intercept (tests/reference/actuarial/credibility.json)."""

import json
from pathlib import Path

import numpy as np
import pytest

from greenrisk.actuarial.credibility.regression import trend_credibility
from greenrisk.core.errors import ArgumentError, FitError

R = json.loads(
    (Path(__file__).parents[2] / "reference/actuarial/credibility.json").read_text(encoding="utf-8")
)
RATIOS, WEIGHTS = np.array(R["ratios"], dtype=float), np.array(R["weights"], dtype=float)
TIME = np.arange(1.0, 13.0)


@pytest.mark.parametrize(("expected", "rel"), list(zip(R["trend"], (1e-11, 1e-7), strict=True)))
def test_hachemeisters_trends_are_those_of_r(expected, rel):
    found = trend_credibility(RATIOS, WEIGHTS, TIME, estimator=expected["method"])
    assert found.within == pytest.approx(expected["within"], rel=1e-12)
    assert found.factor == pytest.approx(np.array(expected["factor"]), rel=rel)
    assert found.premium(13.0) == pytest.approx(expected["premium_13"], rel=rel)
    assert found.no_credibility == (False, False)


def test_own_lines_are_weighted_regressions():
    found = trend_credibility(RATIOS, WEIGHTS, TIME)
    for i in range(5):
        slope, level = np.polyfit(TIME - found.barycentre, RATIOS[i], 1, w=np.sqrt(WEIGHTS[i]))
        assert found.own[i] == pytest.approx([level, slope], rel=1e-9)
    assert found.barycentre == pytest.approx((WEIGHTS * TIME).sum() / WEIGHTS.sum())


def test_the_origin_and_the_unit_of_time_do_not_matter():
    one = trend_credibility(RATIOS, WEIGHTS, TIME)
    other = trend_credibility(RATIOS, WEIGHTS, 1970.0 + TIME / 4.0)
    assert other.premium(1970.0 + 13.0 / 4.0) == pytest.approx(one.premium(13.0), rel=1e-9)


def test_every_credibility_line_lies_between_its_own_and_the_collective_one():
    found = trend_credibility(RATIOS, WEIGHTS, TIME)
    low, high = np.minimum(found.own, found.collective), np.maximum(found.own, found.collective)
    assert ((found.line >= low - 1e-9) & (found.line <= high + 1e-9)).all()


def test_parallel_risks_share_one_slope():
    # Levels 0, 10, 20 and one slope of 2, disturbed alike: the slopes do not differ, the levels do.
    disturbance = np.array([1.0, -1.0, 0.0, -1.0, 1.0])
    ratios = np.array([[0.0], [10.0], [20.0]]) + 2.0 * np.arange(5) + disturbance
    found = trend_credibility(ratios, None, np.arange(5.0))
    assert found.no_credibility == (False, True)
    assert found.line[:, 1] == pytest.approx([2, 2, 2])
    # s^2 = 4 / 3; tau^2 = 100 - s^2 / 5
    z = 5 / (5 + (4 / 3) / (100 - 4 / 15))
    assert found.factor[:, 0] == pytest.approx([z] * 3)


def test_a_risk_seen_once_follows_the_collective_line():
    ratios, weights = np.vstack([RATIOS, np.full(12, np.nan)]), np.vstack([WEIGHTS, np.zeros(12)])
    ratios[5, 0], weights[5, 0] = 5000.0, 1e-9
    found = trend_credibility(ratios, weights, TIME)
    assert np.isnan(found.own[5]).all()
    assert found.line[5] == pytest.approx(found.collective)
    assert found.premium(13.0)[:5] == pytest.approx(
        trend_credibility(RATIOS, WEIGHTS, TIME).premium(13.0), rel=1e-9
    )


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: trend_credibility(RATIOS, WEIGHTS, TIME[:3]), ArgumentError, "3 times, 12 periods"),
        (lambda: trend_credibility(RATIOS, WEIGHTS, TIME * np.nan), ArgumentError, r"time\[0\] = nan"),
        (lambda: trend_credibility(RATIOS, WEIGHTS, TIME, estimator="ml"), ArgumentError, "Known: unbiased"),
        (lambda: trend_credibility(RATIOS, -WEIGHTS, TIME), ArgumentError, r"weights\[0\]\[0\]"),
        (lambda: trend_credibility(RATIOS, WEIGHTS, np.ones(12)), FitError, "0 risks at two times"),
        (lambda: trend_credibility(RATIOS[:, :2], WEIGHTS[:, :2], TIME[:2]), FitError, "observed thrice"),
    ],
)
def test_bad_input_is_refused_by_name(make, error, message):
    with pytest.raises(error, match=message):
        make()
