# SPDX-License-Identifier: Apache-2.0
"""Fits of tails, scans of thresholds and tests of fit print as tables, never as every record."""

from __future__ import annotations

import numpy as np
import pytest

from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.fitting.extremes import fit_generalised_extreme_value, fit_generalised_pareto
from greenrisk.actuarial.fitting.goodness import Chance, Distances, Goodness
from greenrisk.actuarial.fitting.grouped_goodness import ChiSquare
from greenrisk.actuarial.fitting.peaks import block_maxima, fit_peaks, peaks_over_threshold
from greenrisk.actuarial.fitting.splice_fit import fit_spliced
from greenrisk.actuarial.fitting.tail_data import hill, mean_excess, threshold_stability
from greenrisk.actuarial.severity.families import Lognormal


def losses() -> np.ndarray:
    return 1000.0 * np.random.default_rng(4).pareto(2.5, 5000)


def short(found: object) -> list[str]:
    lines = repr(found).splitlines()
    assert len(lines) <= 14
    assert max(len(line) for line in lines) <= 100
    return lines


def test_peaks_tell_threshold_count_and_rate_in_one_line() -> None:
    peaks = peaks_over_threshold([1.0, 5.0, 6.0, 2.0, 7.0, 1.0, 1.0, 8.0, 3.0, 8.0], 5.0, years=2.0)
    assert short(peaks) == ["Peaks(4 peaks over 5 in 2 years, 2 a year, values 6 to 8, extremal index 1.00)"]
    blocks = block_maxima([1.0, 5.0, 6.0, 2.0, 7.0], 2)
    assert short(blocks) == ["BlockMaxima(2 complete blocks, maxima 5 to 6; 1 left out, 0 values missing)"]


def test_the_law_of_peaks_prints_its_parameters_with_errors() -> None:
    x = losses()
    fit = fit_peaks(peaks_over_threshold(x, 2000.0, years=10.0))
    lines = short(fit)
    assert lines[0].startswith(f"PeaksFit of {fit.peaks.values.size:,} peaks over 2,000 in 10 years, ")
    assert lines[0].endswith(f" ± {fit.rate_error:.2g} a year")
    assert [line.split()[0] for line in lines[2:]] == ["parameter", "scale", "shape"]
    assert float(lines[3].split()[1].replace(",", "")) == pytest.approx(fit.tail.scale, rel=1e-5)
    assert float(lines[3].split()[2]) == pytest.approx(fit.tail.scale_error, rel=0.05)
    assert float(lines[4].split()[1]) == pytest.approx(fit.tail.shape, rel=1e-5)


def test_extremes_with_covariates_print_their_coefficients() -> None:
    rng = np.random.default_rng(8)
    year = np.arange(80.0)
    fit = fit_generalised_extreme_value(rng.gumbel(10.0 + 0.1 * year, 2.0), location={"year": year})
    lines = short(fit)
    assert lines[0].startswith("ExtremeValueFit to 80 values; AIC ")
    assert lines[1].split()[0] == "coefficient"
    assert [line.split("  ")[0] for line in lines[2:]] == list(fit.names)


def test_a_fit_over_a_threshold_says_so() -> None:
    assert " over 0; AIC" in short(fit_generalised_pareto(losses()[:200]))[0]


def test_return_levels_print_a_row_a_period() -> None:
    fit = fit_peaks(peaks_over_threshold(losses(), 2000.0, years=10.0))
    found = fit.return_levels([10.0, 100.0], method="delta")
    lines = short(found)
    assert lines[0] == "ReturnLevels, periods by the year, intervals of 95.0% (delta)"
    assert [line.split()[0] for line in lines[2:]] == ["10", "100"]
    assert float(lines[3].split()[1].replace(",", "")) == pytest.approx(found.values[0, 1], rel=1e-5)


def test_scans_of_thresholds_show_the_first_and_the_last() -> None:
    x = losses()
    for found, name in ((mean_excess(x), "MeanExcess"), (hill(x), "Hill")):
        lines = short(found)
        assert lines[0].startswith(f"{name}, 4,99")
        assert any("more" in line for line in lines)
    lines = short(threshold_stability(x, [500.0, 1000.0, 2000.0]))
    assert lines[0] == "ThresholdStability with intervals of 95.0%, 3 thresholds"
    assert [line.split()[0] for line in lines[2:]] == ["500", "1,000", "2,000"]


def test_tests_of_fit_print_their_statistics() -> None:
    found = Goodness(
        Distances(0.05, 0.1, 0.6), Chance(0.3, 0.03), Chance(0.2, 0.02), Chance(0.1, 0.01), 199, 2, 1
    )
    lines = short(found)
    assert lines[0] == "Goodness by 199 replicates, 2 of them at an edge, 1 without a fit"
    assert lines[2].split() == ["kolmogorov", "smirnov", "0.05", "0.300", "0.03"]
    classes = ChiSquare(
        np.array([0.0, 1.0, np.inf]), np.array([6.0, 4.0]), np.array([5.0, 5.0]), 0.4, 1, 0.527
    )
    assert short(classes) == [
        "ChiSquare 0.4 on 1 degree of freedom, p-value 0.527",
        "from   to  observed  expected",
        "   0    1         6         5",
        "   1  inf         4         5",
    ]


def test_a_spliced_fit_prints_both_sides() -> None:
    fit = fit_spliced(LossData.exact(losses()), Lognormal, 2000.0)
    lines = short(fit)
    assert lines[0].startswith("SplicedFit at 2,000, ")
    assert [line.split()[:3] for line in lines[2:]] == [
        ["body", "Lognormal", "mu"],
        ["body", "Lognormal", "sigma"],
        ["tail", "GeneralisedPareto", "shape"],
        ["tail", "GeneralisedPareto", "scale"],
        ["tail", "GeneralisedPareto", "threshold"],
    ]
    assert lines[-1].endswith("held")
