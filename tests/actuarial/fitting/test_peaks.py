# SPDX-License-Identifier: Apache-2.0
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from greenrisk.actuarial.fitting.extremes import fit_generalised_pareto
from greenrisk.actuarial.fitting.peaks import block_maxima, fit_peaks, peaks_over_threshold
from greenrisk.core.errors import ArgumentError, FitError

SERIES = [1.0, 5.0, 6.0, 2.0, 7.0, 1.0, 1.0, 8.0, 3.0, 8.0]


def test_blocks_by_length_leave_the_last_incomplete_one_out():
    found = block_maxima(SERIES, 4)
    assert found.maxima.tolist() == [6, 8]
    assert found.blocks.tolist() == [0, 1]
    assert found.left_out.tolist() == [2]
    assert found.left_out_known.tolist() == [2]


def test_blocks_by_label_count_what_is_missing():
    x = [1.0, np.nan, 3.0, 9.0, np.nan, np.nan, 4.0, 5.0, 6.0]
    found = block_maxima(x, ["a", "a", "a", "b", "b", "b", "c", "c", "c"], complete=0.6)
    assert found.missing == 3
    assert found.blocks.tolist() == ["a", "c"]
    assert found.maxima.tolist() == [3, 6]
    assert found.left_out.tolist() == ["b"]
    whole = block_maxima(x, ["a", "a", "a", "b", "b", "b", "c", "c", "c"])
    assert whole.blocks.tolist() == ["c"]


def test_without_a_run_every_exceedance_is_a_peak_and_the_threshold_is_none():
    peaks = peaks_over_threshold(SERIES, 5.0, years=2.0)
    assert peaks.values.tolist() == [6, 7, 8, 8]
    assert peaks.positions.tolist() == [2, 4, 7, 9]
    assert peaks.rate == 2
    assert peaks.extremal_index == 1
    assert peaks.excesses.tolist() == [1, 2, 3, 3]


def test_a_cluster_ends_when_a_run_does_not_exceed():
    # Above 4: positions 1, 2, 4, 7, 9. Gaps 1, 2, 3, 2.
    one = peaks_over_threshold(SERIES, 4.0, years=1.0, run=1)
    assert one.positions.tolist() == [2, 4, 7, 9]
    assert one.sizes.tolist() == [2, 1, 1, 1]
    two = peaks_over_threshold(SERIES, 4.0, years=1.0, run=2)
    assert two.values.tolist() == [7, 8]
    assert two.positions.tolist() == [4, 7]  # the first of two equal eights
    assert two.extremal_index == pytest.approx(2 / 5)


def test_a_run_in_time_parts_events_by_their_dates():
    when = [0.0, 1.0, 1.5, 8.0, 9.0]
    peaks = peaks_over_threshold([5.0, 6.0, 7.0, 6.0, 9.0], 4.0, years=1.0, run=1.0, times=when)
    assert peaks.values.tolist() == [7, 9]


@given(
    x=st.lists(st.integers(0, 9), min_size=1, max_size=60).filter(lambda x: max(x) > 4),
    run=st.integers(0, 6),
)
@settings(deadline=None, max_examples=50, derandomize=True)
def test_clusters_hold_every_exceedance_once(x, run):
    peaks = peaks_over_threshold(x, 4.0, years=1.0, run=run)
    over = np.flatnonzero(np.array(x) > 4)
    assert peaks.sizes.sum() == over.size
    assert peaks.values.max() == max(x)
    assert np.all(np.diff(peaks.positions) > 0)
    if run:
        assert peaks.values.size == 1 + (np.diff(over) > run).sum()


def test_the_runs_estimate_finds_the_extremal_index_of_a_moving_maximum():
    # X_t = max(Z_t, Z_{t+1}) of independent Frechet Z: extremal index 1/2.
    rng = np.random.default_rng(31)
    z = 1 / rng.exponential(size=200_001)
    x = np.maximum(z[1:], z[:-1])
    peaks = peaks_over_threshold(x, float(np.quantile(x, 0.999)), years=1.0, run=2)
    assert abs(peaks.extremal_index - 0.5) < 4 * 0.5 / np.sqrt(peaks.values.size)


def test_the_law_of_peaks_is_that_of_their_excesses():
    rng = np.random.default_rng(32)
    x = stats.genpareto.rvs(0.3, scale=2.0, size=500, random_state=rng)
    fit = fit_peaks(peaks_over_threshold(x, 1.0, years=25.0))
    alone = fit_generalised_pareto(x[x > 1] - 1)
    assert fit.tail.shape == alone.shape
    assert fit.tail.threshold == 1.0
    n = (x > 1).sum()
    assert fit.rate == n / 25
    assert fit.rate_error == pytest.approx(np.sqrt(n) / 25)
    levels = fit.return_levels([10.0, 100.0], method="delta").values[0]
    sf = stats.genpareto.sf(levels - 1, alone.shape, scale=alone.scale)
    assert fit.rate * sf == pytest.approx([0.1, 0.01], rel=1e-9)


def test_bad_series_are_refused():
    with pytest.raises(ArgumentError, match=r"values\[1\] = nan"):
        peaks_over_threshold([1.0, np.nan], 0.5, years=1.0)
    with pytest.raises(
        ArgumentError, match="threshold = 9 against a largest value of 8\n  No value exceeds it"
    ):
        peaks_over_threshold(SERIES, 9.0, years=1.0)
    with pytest.raises(ArgumentError, match="times that descend"):
        peaks_over_threshold([1.0, 2.0], 0.5, years=1.0, times=[1.0, 0.0])
    with pytest.raises(ArgumentError, match="times of length 3"):
        peaks_over_threshold([1.0, 2.0], 0.5, years=1.0, times=[1.0, 2.0, 3.0])
    with pytest.raises(FitError, match="4 excesses\n  At least 10 are needed"):
        fit_peaks(peaks_over_threshold(SERIES, 5.0, years=1.0))


@pytest.mark.parametrize("unit", ["D", "s", "us"])
def test_the_run_of_dates_is_a_duration_whatever_their_unit(unit):
    days = np.array([0, 1, 2, 10, 11, 30])
    x = np.array([5.0, 6.0, 7.0, 6.0, 9.0, 5.0])
    dates = (np.datetime64("2020-01-01") + days).astype(f"datetime64[{unit}]")
    expected = peaks_over_threshold(x, 4.0, years=1.0, run=5, times=days)
    for run in (np.timedelta64(5, "D"), timedelta(days=5), pd.Timedelta("5D")):
        for times in (
            dates,
            pd.Series(dates.astype("datetime64[us]")),
            dates.astype("datetime64[us]").tolist(),
        ):
            found = peaks_over_threshold(x, 4.0, years=1.0, run=run, times=times)
            assert found.positions.tolist() == expected.positions.tolist() == [2, 4, 5]
    assert peaks_over_threshold(x, 4.0, years=1.0, times=dates).values.size == 6
    with pytest.raises(ArgumentError, match=r"run = 5 beside dates\n  .*np.timedelta64\(5, 'D'\)"):
        peaks_over_threshold(x, 4.0, years=1.0, run=5, times=dates)


def test_a_duration_without_dates_and_times_in_a_zone_are_refused():
    x = np.array([5.0, 6.0])
    with pytest.raises(ArgumentError, match="A duration needs dates"):
        peaks_over_threshold(x, 4.0, years=1.0, run=timedelta(days=5))
    zoned = pd.Series(pd.date_range("2020-01-01", periods=2, tz="Asia/Shanghai"))
    with pytest.raises(ArgumentError, match="tz_convert"):
        peaks_over_threshold(x, 4.0, years=1.0, run=timedelta(days=5), times=zoned)
    with pytest.raises(ArgumentError, match=r"times\[1\] = NaT"):
        peaks_over_threshold(x, 4.0, years=1.0, times=np.array(["2020-01-01", "NaT"], "datetime64[D]"))


def test_what_are_no_peaks_is_not_fitted():
    with pytest.raises(ArgumentError, match="made by peaks_over_threshold"):
        fit_peaks(np.arange(40.0))


def test_bad_blocks_are_refused():
    with pytest.raises(ArgumentError, match=r"block of shape \(2,\)"):
        block_maxima(SERIES, [1, 2])
    with pytest.raises(ArgumentError, match="all 2 values are missing"):
        block_maxima([np.nan, np.nan], [1, 1])
    with pytest.raises(ArgumentError, match=r"block\[1\] = nan"):
        block_maxima([1.0, 2.0], [1.0, np.nan])
    with pytest.raises(ArgumentError, match="It must be finite"):
        block_maxima([1.0, np.inf], [1, 1])
    with pytest.raises(ArgumentError, match="complete = 0"):
        block_maxima([1.0, 2.0], [1, 1], complete=0.0)
