# SPDX-License-Identifier: Apache-2.0
"""Basel's capital against the risk weights that the Committee prints."""

import numpy as np
import pytest

from greenrisk.core.errors import ArgumentError
from greenrisk.issuer.credit.basel import asset_correlation, capital, stressed_probability

# Basel II (June 2006), Annex 5, corporates, LGD 45 %, 2.5 years, in percent: PD, risk weight at sales of EUR 50 and
# of EUR 5 million.
ANNEX_5 = """
0.03 14.44 11.30
0.05 19.65 15.39
0.10 29.65 23.30
0.25 49.47 39.01
0.40 62.72 49.49
0.50 69.61 54.91
0.75 82.78 65.14
1.00 92.32 72.40
1.30 100.95 78.77
1.50 105.59 82.11
2.00 114.86 88.55
2.50 122.16 93.43
"""
# Illustrative weights under Basel III (SAMA rulebook, 26.2): LGD 40 %, the same maturity.
AT_40 = """
0.05 17.47 13.69
0.10 26.36 20.71
0.25 43.97 34.68
0.40 55.75 43.99
0.50 61.88 48.81
0.75 73.58 57.91
1.00 82.06 64.35
1.30 89.73 70.02
"""


@pytest.mark.parametrize(("table", "lgd"), [(ANNEX_5, 0.45), (AT_40, 0.40)])
def test_printed_risk_weights_are_met_to_one_unit_of_their_last_digit(table, lgd):
    # Annex 5 prints 114.86 at a PD of 2 %, where the formula gives 114.854: the print is not rounded everywhere alike.
    pd, large, small = np.array([line.split() for line in table.split("\n") if line], dtype=float).T / 100.0
    assert capital(pd, lgd, floor=0.0).risk_weight == pytest.approx(large, abs=1e-4)
    assert capital(pd, lgd, sales=5.0, floor=0.0).risk_weight == pytest.approx(small, abs=1e-4)


def test_correlation_falls_from_24_to_12_percent_and_by_4_points_for_the_smallest():
    assert asset_correlation([0.0, 1.0]) == pytest.approx([0.24, 0.12], rel=1e-12)
    large, small, least = (asset_correlation(0.01, s) for s in (50.0, 5.0, 0.5))
    assert large - small == pytest.approx(0.04, rel=1e-12)
    assert least == small


def test_the_floor_of_the_probability_is_told():
    found = capital([0.0001, 0.01], 0.45)
    assert found.floored.tolist() == [True, False]
    assert found.requirement[0] == capital(0.0005, 0.45).requirement


def test_default_and_certain_survival_need_none_and_a_missing_probability_has_none():
    found = capital([1.0, 0.0, np.nan], 0.45, floor=0.0).requirement
    assert found[:2].tolist() == [0.0, 0.0]
    assert np.isnan(found[2])


def test_longer_bonds_need_more_and_maturity_is_held_to_five_years():
    found = capital(0.01, 0.45, maturity=[1.0, 2.5, 5.0, 9.0]).requirement
    assert found[0] < found[1] < found[2] == found[3]


def test_the_stressed_probability_is_what_capital_is_made_of():
    # At M = 2.5 and b the adjustment is 1 / (1 - 1.5 b); K = LGD (stressed - PD) / (1 - 1.5 b).
    b = (0.11852 - 0.05478 * np.log(0.01)) ** 2
    k = 0.45 * (stressed_probability(0.01, 0.999) - 0.01) / (1.0 - 1.5 * b)
    assert capital(0.01, 0.45).requirement == pytest.approx(k, rel=1e-12)


def test_arguments_outside_their_domain_are_told_together():
    with pytest.raises(ArgumentError) as error:
        capital(-0.1, 1.4, maturity=0.0, sales=-3.0)
    assert [fault.where for fault in error.value.faults] == [
        "probability",
        "loss_given_default",
        "maturity",
        "sales",
    ]
