# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from greenrisk.actuarial.fitting.extreme_model import box_cox, box_cox_inverse, extreme_model


@given(shape=st.floats(-0.9, 2.0), z=st.floats(1e-6, 1.0))
@settings(deadline=None, max_examples=50, derandomize=True)
def test_box_cox_and_its_inverse_undo_each_other(shape, z):
    assert float(box_cox(shape, box_cox_inverse(shape, z))) == pytest.approx(z, rel=1e-12)


def test_at_shape_nought_nothing_is_changed_and_nearby_nothing_jumps():
    z = np.array([0.3, 5.0])
    assert box_cox(0.0, z) == pytest.approx(z, rel=1e-15)
    assert box_cox_inverse(0.0, z) == pytest.approx(z, rel=1e-15)
    # ln(1 + s z) / s = z - s z^2 / 2 + s^2 z^3 / 3 - ...
    for s in (1e-12, 1e-6, 3e-3, -3e-3):
        series = z * sum((-s * z) ** k / (k + 1) for k in range(30))
        assert box_cox_inverse(s, z) == pytest.approx(series, rel=1e-14)


def total(model, point):
    """Log-likelihood of all values in their own unit."""
    return model.values.size * (model.mean_log_likelihood(point[None, :])[0] - np.log(model.unit))


@pytest.mark.parametrize("shape", [-0.4, -1e-9, 0.0, 1e-4, 0.6, 1.3])
def test_the_likelihoods_are_scipys(shape):
    y = np.array([1.0, 5.0, 60.0])
    pareto = extreme_model("gpd", y, None, None, None)
    scale = 250.0
    point = np.array([np.log(scale / pareto.unit), shape])
    expected = stats.genpareto.logpdf(y, shape, scale=scale).sum()
    assert total(pareto, point) == pytest.approx(expected, rel=1e-12)
    value = extreme_model("gev", y, None, None, None)
    point = np.array([(20 - value.origin) / value.unit, np.log(70 / value.unit), shape])
    expected = stats.genextreme.logpdf(y, -shape, 20.0, 70.0).sum()
    assert total(value, point) == pytest.approx(expected, rel=1e-9)


def test_outside_the_domain_the_likelihood_is_nothing():
    model = extreme_model("gpd", np.array([1.0, 2.0, 3.0]), None, None, None)
    # The first ends at 1 mean, below the largest; the last lies inside.
    points = np.array([[np.log(0.5), -0.5], [9.0, -1.0], [0.0, 0.1]])
    assert model.mean_log_likelihood(points)[:2].tolist() == [-np.inf, -np.inf]
    assert np.isfinite(model.mean_log_likelihood(points)[2])


def test_every_start_lies_in_the_domain():
    rng = np.random.default_rng(41)
    for family, x in (
        ("gpd", rng.pareto(0.8, 50)),
        ("gev", rng.pareto(0.8, 50)),
        ("gev", rng.uniform(size=50)),
    ):
        model = extreme_model(family, x, None, {"x": rng.normal(size=50)}, None)
        starts = list(model.starts())
        assert len(starts) >= 4
        assert all(np.isfinite(model.mean_log_likelihood(start[None, :]))[0] for start in starts)


def test_points_in_rows_have_the_likelihoods_of_each_alone():
    # 40 000 values are more than fit at once: the rows are cut into pieces.
    rng = np.random.default_rng(42)
    depth = rng.normal(size=40_000)
    x = stats.genextreme.rvs(-0.1, loc=depth, size=40_000, random_state=rng)
    model = extreme_model("gev", x, {"depth": depth}, None, {"depth": depth})
    points = np.array([0.1, 0.4, -0.2, 0.05, 0.02]) + 0.05 * rng.normal(size=(7, 5))
    points[3, 3] = -1.0
    found = model.mean_log_likelihood(points)
    assert found[3] == -np.inf
    law = (depth - model.centres[0]) / model.spreads[0]
    for point, value in zip(np.delete(points, 3, axis=0), np.delete(found, 3), strict=True):
        expected = stats.genextreme.logpdf(
            model.values, -(point[3] + point[4] * law), point[0] + point[1] * law, np.exp(point[2])
        ).mean()
        assert value == pytest.approx(expected, rel=1e-9)
