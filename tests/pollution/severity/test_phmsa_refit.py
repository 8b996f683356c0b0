# SPDX-License-Identifier: Apache-2.0
"""The fits behind the severity card, made again from the reports by other means than the table's own code.

Its code minimises by Nelder and Mead in (ln scale, shape). Here: the library's fits of a generalised Pareto law and of
a lognormal law, and scipy's root of the score equation in Grimshaw's single parameter.
"""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats
from shipped_severity import ROOT, cards

from greenrisk.actuarial.fitting.extremes import fit_generalised_pareto
from greenrisk.actuarial.fitting.severity_fit import fit_severity

REPORTS = ROOT / "../shared/data/pollution/phmsa_hl/hl_2002_2009_trimmed.csv"
COLUMNS = {
    "third_party_property": "PPPRPCURRENT",
    "emergency_response": "EMRPRPCURRENT",
    "clean_up": "ENVPRPCURRENT",
}


@pytest.fixture(scope="module")
def reports():
    if not REPORTS.exists():
        pytest.skip("../shared/data/pollution/phmsa_hl/hl_2002_2009_trimmed.csv is not here")
    return pd.read_csv(REPORTS, usecols=list(COLUMNS.values()))


def fits():
    return pd.read_csv(ROOT / "data/phmsa_severity_by_head.csv").set_index(["head", "threshold_quantile"])


@pytest.mark.parametrize("head", COLUMNS)
def test_the_lognormal_body_comes_out_again(reports, head):
    row = fits().loc[(head, 0.8)]
    amounts = reports[COLUMNS[head]].to_numpy(float)
    positive = amounts[amounts > 0]
    assert (len(amounts), len(positive)) == (row["reports"], row["reports_positive"])
    assert len(positive) / len(amounts) == pytest.approx(row["share_positive"], abs=5e-5)
    fit = fit_severity(positive, "lognormal")
    assert fit.law.mu == pytest.approx(row["lognormal_mu"], abs=1e-4)
    assert fit.law.sigma == pytest.approx(row["lognormal_sigma"], abs=1e-4)
    # information of a normal sample: sigma / sqrt(n), sigma / sqrt(2 n)
    assert row["lognormal_mu_se"] == pytest.approx(fit.law.sigma / len(positive) ** 0.5, abs=6e-5)
    assert row["lognormal_sigma_se"] == pytest.approx(fit.law.sigma / (2 * len(positive)) ** 0.5, abs=6e-5)


def grimshaw(excess):
    """The maximum likelihood fit by the root of the profile score in theta = shape / scale."""

    def profile(theta):
        shape = np.log1p(theta * excess).mean()
        return np.log(shape / theta) + shape + 1

    grid = np.geomspace(1e-3, 1e3, 400) / excess.mean()
    start = grid[np.argmin([profile(theta) for theta in grid])]
    found = optimize.minimize_scalar(
        lambda t: profile(np.exp(t)), bracket=np.log([start / 1.2, start, start * 1.2]), tol=1e-12
    )
    theta = np.exp(found.x)
    shape = np.log1p(theta * excess).mean()
    return shape, shape / theta


@pytest.mark.parametrize(("head", "at"), list(itertools.product(COLUMNS, (0.8, 0.9))))
def test_the_tail_comes_out_again_at_both_thresholds(reports, head, at):
    row = fits().loc[(head, at)]
    amounts = reports[COLUMNS[head]].to_numpy(float)
    positive = amounts[amounts > 0]
    threshold = np.quantile(positive, at)
    assert threshold == pytest.approx(row["threshold_usd"], abs=0.006)
    excess = positive[positive > threshold] - threshold
    assert len(excess) == row["exceedances"]
    library = fit_generalised_pareto(excess)
    shape, scale = grimshaw(excess)
    assert library.shape == pytest.approx(shape, abs=2e-4)
    assert library.scale == pytest.approx(scale, rel=2e-4)
    assert shape == pytest.approx(row["gpd_shape"], abs=2e-4)
    assert scale == pytest.approx(row["gpd_scale_usd"], rel=2e-4)
    assert library.shape_error == pytest.approx(row["gpd_shape_se"], rel=1e-3)
    shape_error, scale_error, correlation = observed(excess, shape, scale)
    assert shape_error == pytest.approx(row["gpd_shape_se"], rel=1e-3)
    assert scale_error == pytest.approx(row["gpd_scale_se_usd"], rel=1e-3)
    pairs = {frozenset(pair.between): pair.value for pair in cards()["severity"].correlations}
    names = frozenset(f"{head}_{name}_{100 * at:.0f}" for name in ("shape", "scale"))
    assert pairs[names] == pytest.approx(correlation, abs=6e-4)


def observed(excess, shape, scale):
    """Standard errors and correlation from the analytic second derivatives of the log-likelihood."""
    y = excess / scale
    t = 1 + shape * y
    log_t, ratio = np.log(t), y / t
    # l = -ln scale - (1 + 1 / shape) ln t, for each excess
    of_shape = 2 * ratio / shape**2 - 2 * log_t / shape**3 + (1 + 1 / shape) * ratio**2
    of_scale = (1 - (1 + shape) * ratio * (1 + 1 / t)) / scale**2
    mixed = (ratio - (1 + shape) * ratio**2) / scale
    information = -np.array([[of_shape.sum(), mixed.sum()], [mixed.sum(), of_scale.sum()]])
    covariance = np.linalg.inv(information)
    errors = np.sqrt(np.diag(covariance))
    return errors[0], errors[1], covariance[0, 1] / errors.prod()


def test_the_dependence_lies_within_the_correlations_of_the_reports(reports):
    amounts = reports[list(COLUMNS.values())].to_numpy(float)
    positive = amounts > 0
    found = []
    for i, j in itertools.combinations(range(3), 2):
        p, q, both = positive[:, i].mean(), positive[:, j].mean(), positive[:, [i, j]].all(axis=1)
        levels = stats.norm.ppf([p, q])

        wanted = both.mean()

        def surplus(r, levels=levels, wanted=wanted):
            return stats.multivariate_normal.cdf(levels, cov=[[1, r], [r, 1]]) - wanted

        found.append(optimize.brentq(surplus, 0.0, 0.99, xtol=1e-4))
        rank = stats.spearmanr(amounts[both, i], amounts[both, j]).statistic
        found.append(2 * np.sin(np.pi * rank / 6))
    assert sorted(found) == pytest.approx([0.50, 0.50, 0.70, 0.70, 0.71, 0.81], abs=0.01)
    card = cards()["severity"].parameters["dependence"]
    assert card.value == pytest.approx(np.median(found), abs=0.01)
    low, high = card.ends()
    assert low == pytest.approx(min(found), abs=0.01)
    assert high == pytest.approx(max(found), abs=0.01)
