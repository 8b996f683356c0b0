# SPDX-License-Identifier: Apache-2.0
from math import fsum

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad
from scipy.special import gammaln

from greenrisk.actuarial.glm.tweedie_density import tweedie_log_density, tweedie_series
from greenrisk.core.errors import ArgumentError


def compound(mean, dispersion, power):
    """Poisson mean, gamma shape and gamma scale of the same law."""
    rate = mean ** (2 - power) / (dispersion * (2 - power))
    return rate, (2 - power) / (power - 1), dispersion * (power - 1) * mean ** (power - 1)


@pytest.mark.parametrize("power", [1.05, 1.3, 1.5, 1.8, 1.95])
@pytest.mark.parametrize(("mean", "dispersion"), [(1.0, 1.0), (30.0, 8.0), (0.2, 3.0), (500.0, 2.0)])
def test_the_density_is_that_of_a_poisson_number_of_gamma_amounts(power, mean, dispersion):
    rate, shape, scale = compound(mean, dispersion, power)
    y = mean * np.array([0.02, 0.4, 1.0, 3.0])
    top = int(4 * rate + 12 * np.sqrt(rate) + 60)  # at three times the mean there are thrice as many
    k = np.arange(1, top + 1)[:, None]
    terms = stats.poisson.logpmf(k, rate) + stats.gamma.logpdf(y, k * shape, scale=scale)
    expected = np.log(np.exp(terms - terms.max(axis=0)).sum(axis=0)) + terms.max(axis=0)
    assert tweedie_log_density(y, mean, dispersion, power) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert tweedie_log_density(0.0, mean, dispersion, power) == pytest.approx(-rate)


@pytest.mark.parametrize("power", [1.2, 1.6])
def test_the_density_is_the_inverse_of_its_characteristic_function(power):
    mean, dispersion = 3.0, 1.5
    rate, shape, scale = compound(mean, dispersion, power)

    def transform(t):
        return np.exp(rate * ((1 - 1j * scale * t) ** -shape - 1)) - np.exp(-rate)

    for y in (1.5, 4.0):
        # Re of exp(-i t y) (phi(t) - P(0)) / pi over t > 0; the rest beyond 4000 has faded like t^-shape, in waves
        value = sum(
            quad(lambda t, y=y: (np.exp(-1j * t * y) * transform(t)).real, low, low + 50, limit=400)[0]
            for low in range(0, 4000, 50)
        )
        density = np.exp(tweedie_log_density(y, mean, dispersion, power))
        assert value / np.pi == pytest.approx(density, rel=2e-3)


@given(
    power=st.floats(1.03, 1.97),
    number=st.floats(1e-3, 2e4),
    dispersion=st.floats(1e-2, 1e3),
)
@settings(deadline=None, max_examples=50, derandomize=True)
def test_the_series_is_the_plain_sum_of_all_its_terms(power, number, dispersion):
    a = (2 - power) / (power - 1)
    y = (number * dispersion * (2 - power)) ** (1 / (2 - power))
    if not 1e-250 < y < 1e250:
        return
    log_z = a * np.log(y / (power - 1)) - (1 + a) * np.log(dispersion) - np.log(2 - power)
    reach = 20 * np.sqrt(number / (1 + a)) + 150
    j = np.arange(max(1, int(number - reach)), int(number + reach))
    terms = j * log_z - gammaln(j + 1) - gammaln(a * j)
    weight = np.exp(terms - terms.max())
    log_sum, index, spread = (
        float(v[0]) for v in tweedie_series(np.array([y]), np.array([dispersion]), power)
    )
    # Rounding of terms as large as the sum's logarithm is all that may differ.
    assert log_sum == pytest.approx(terms.max() + np.log(fsum(weight)), rel=1e-12, abs=1e-11)
    mean = fsum(weight * j) / fsum(weight)
    assert index == pytest.approx(mean, rel=1e-9)
    assert spread == pytest.approx(fsum(weight * (j - mean) ** 2) / fsum(weight), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("number", [0.3, 20.0, 5000.0])
def test_the_derivatives_in_the_dispersion_are_the_moments_of_the_index(number):
    power, phi, step = 1.4, 2.0, 1e-4
    y = np.array([(number * phi * (2 - power)) ** (1 / (2 - power))])

    def height(shift):
        return float(tweedie_series(y, np.array([phi * np.exp(shift)]), power)[0][0])

    _, index, spread = tweedie_series(y, np.array([phi]), power)
    slope = (height(step) - height(-step)) / (2 * step)
    assert -float(index[0]) / (power - 1) == pytest.approx(slope, rel=1e-6)
    bend = (height(0.01) - 2 * height(0.0) + height(-0.01)) / 1e-4
    assert float(spread[0]) / (power - 1) ** 2 == pytest.approx(bend, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"power": 2.0}, r"power = 2\n  It must be > 1 and < 2"),
        ({"amounts": -1.0}, r"amounts = -1\n  It must be >= 0"),
        ({"means": 0.0}, r"means = 0\n  It must be > 0"),
        ({"dispersion": np.nan}, r"dispersion = nan\n  It must be > 0"),
    ],
)
def test_arguments_outside_their_domain_are_refused(bad, message):
    with pytest.raises(ArgumentError, match=message):
        tweedie_log_density(**{"amounts": 1.0, "means": 1.0, "dispersion": 1.0, "power": 1.5} | bad)
