# SPDX-License-Identifier: Apache-2.0
"""Spectral measures of laws and samples as prices under the distortion of the spectrum, by closed forms."""

import math

import numpy as np
import pytest
from scipy.special import exp1

from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.distortion.functions import ProportionalHazard
from greenrisk.actuarial.distortion.pricing import price
from greenrisk.actuarial.distortion.spectral import SpectralDistortion
from greenrisk.actuarial.frequency.counts import Poisson
from greenrisk.actuarial.measures import spectral
from greenrisk.actuarial.severity.families import Exponential, Lognormal
from greenrisk.core.errors import ArgumentError


def exponential(c):
    """The spectrum of constant absolute risk aversion c (Acerbi 2002)."""
    return lambda u: c * np.exp(-c * (1 - u)) / -math.expm1(-c)


@pytest.mark.parametrize("c", [0.5, 4.0, 30.0])
def test_an_exponential_loss_under_an_exponential_spectrum_has_its_closed_form(c):
    # integral of -ln t * c e^(-c t) over (0, 1) = Ein(c) = ln c + gamma + E1(c)
    expected = (math.log(c) + np.euler_gamma + exp1(c)) / -math.expm1(-c)
    found = price(Exponential(1.0), SpectralDistortion(exponential(c)))
    assert found.value == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("rho", [0.95, 0.7, 0.5])
def test_the_spectrum_of_a_proportional_hazard_gives_its_distortion_and_its_price(rho):
    mine = SpectralDistortion(lambda u: rho * (1 - u) ** (rho - 1))
    s = np.array([0.0, 1e-9, 1e-4, 0.03, 0.5, 0.999, 1.0])
    # The level 1 - 1e-9 holds seven digits of the tail's 1e-9.
    np.testing.assert_allclose(mine.g(s), s**rho, rtol=1e-6, atol=1e-300)
    np.testing.assert_allclose(mine.g_inverse(mine.g(s)), s, rtol=1e-12, atol=0)
    np.testing.assert_allclose(mine.derivative(s[1:]), rho * s[1:] ** (rho - 1), rtol=1e-6)
    law = Lognormal.from_mean_cv(100.0, 1.0)
    assert price(law, mine).value == pytest.approx(price(law, ProportionalHazard(rho)).value, rel=1e-6)


def test_a_flat_spectrum_is_the_mean():
    law = Lognormal.from_mean_cv(100.0, 2.0)
    assert price(law, SpectralDistortion(np.ones_like)).value == pytest.approx(100.0, rel=1e-10)


def test_the_measure_of_an_aggregate_loss_is_that_of_its_years():
    loss = CompoundDistribution(Poisson(3.0), Lognormal.from_mean_cv(100.0, 1.0)).aggregate()
    years = loss.quantile((np.arange(200_000) + 0.5) / 200_000)
    exact = price(loss, SpectralDistortion(exponential(8.0)))
    # Midpoints of 200,000 quantiles: their error is that of the last, a 200,000th part of a hundred means or so.
    assert spectral(years, exponential(8.0)).value == pytest.approx(exact.value, rel=2e-5)


@pytest.mark.parametrize(
    ("spectrum", "what"),
    [
        (lambda u: 2 * (1 - u), "decreases"),
        (lambda u: 3 * u, "integrates to 1.5"),
        (lambda u: 0.5 * np.ones_like(u), "integrates to 0.5"),
        (lambda u: 2 * u - 0.1, "negative"),
        (lambda u: u * np.nan, "not finite"),
    ],
)
def test_what_is_no_spectrum_is_refused(spectrum, what):
    with pytest.raises(ArgumentError, match=what):
        SpectralDistortion(spectrum)
