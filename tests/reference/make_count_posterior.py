# SPDX-License-Identifier: Apache-2.0
"""Writes count_posterior.json: the posterior of the count model by Markov chain Monte Carlo, without greenrisk.

Run from anywhere: ``python tests/reference/make_count_posterior.py`` (about two minutes; numpy and scipy alone).
Model of data/fires_jiangxi_neighbours_2009_2021.csv, province p, year t, time x_t from -1 (2009) to 0 (2021) with
steps that shrink by 0.8 a year:

    y_pt ~ NB2(exp(a_p + (b + d_p) x_t + e_t), dispersion),  e_t ~ N(0, s^2),  d_p ~ N(0, q^2)

Flat priors on a_p, b, ln dispersion, and on s and q in (0, 3). Random-walk Metropolis over all 31 numbers (effects
scaled by their sd), four chains, proposals from the covariance of a first run. It shares neither the method (restricted
likelihood by Laplace) nor a line of code with greenrisk.actuarial.glm.mixed.
"""

import csv
import json
from pathlib import Path

import numpy as np
from scipy.special import gammaln

HERE = Path(__file__).resolve().parent
TABLE = HERE.parents[1] / "data" / "fires_jiangxi_neighbours_2009_2021.csv"
DAMPING, CHAINS, WARM, KEPT, THIN = 0.8, 4, 100_000, 400_000, 20


def read():
    """Counts (year, province), provinces, years."""
    with TABLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    provinces = sorted({row["province"] for row in rows})
    years = sorted({int(row["year"]) for row in rows})
    y = np.zeros((len(years), len(provinces)))
    for row in rows:
        y[years.index(int(row["year"])), provinces.index(row["province"])] = float(row["fires"])
    return y, provinces, years


def time_of(years):
    """Equal ratios of successive steps, -1 in the first and 0 in the last year."""
    steps = DAMPING ** np.arange(len(years) - 1)
    path = np.concatenate([[0.0], np.cumsum(steps)])
    return path / path[-1] - 1


def main():
    """Write the file."""
    y, provinces, years = read()
    x, (n_t, n_p) = time_of(years), y.shape
    constant = gammaln(y + 1).sum()

    def unpack(theta):
        a, b = theta[:n_p], theta[n_p]
        s, q, dispersion = np.exp(theta[-3]), np.exp(theta[-2]), np.exp(theta[-1])
        e = s * theta[n_p + 1 : n_p + 1 + n_t]
        d = q * theta[n_p + 1 + n_t : -3]
        return a, b, e, d, s, q, dispersion

    def log_posterior(theta):
        a, b, e, d, s, q, dispersion = unpack(theta)
        if s > 3 or q > 3:
            return -np.inf
        eta = a + x[:, None] * (b + d) + e[:, None]
        r = 1 / dispersion
        odds = eta + np.log(dispersion)
        value = (
            (gammaln(y + r) + y * odds - (y + r) * np.logaddexp(0, odds)).sum()
            - y.size * gammaln(r)
            - constant
        )
        z = theta[n_p + 1 : -3]
        # flat in s and q means a Jacobian s q in their logarithms
        return value - 0.5 * (z @ z) + theta[-3] + theta[-2]

    def chain(theta, factor, draws, rng, keep):
        value, kept, accepted = log_posterior(theta), [], 0
        for i in range(draws):
            proposal = theta + factor @ rng.standard_normal(theta.size)
            new = log_posterior(proposal)
            if np.log(rng.random()) < new - value:
                theta, value, accepted = proposal, new, accepted + 1
            if keep and i % THIN == 0:
                kept.append(theta)
        return theta, np.array(kept), accepted / draws

    size = n_p + 1 + n_t + n_p + 3
    start = np.concatenate(
        [np.log(y[-3:].mean(axis=0)), [-1.5], np.zeros(n_t + n_p), np.log([0.3, 0.8, 0.3])]
    )
    results, rates = [], []
    for number in range(CHAINS):
        rng = np.random.default_rng([2021, number])
        theta, factor = start + 0.05 * rng.standard_normal(size), 0.05 * np.eye(size)
        for _ in range(4):  # learn the shape of the posterior, then stop learning
            theta, kept, _ = chain(theta, factor, WARM // 4, rng, True)
            late = kept[len(kept) // 3 :]
            factor = 2.38 / np.sqrt(size) * np.linalg.cholesky(np.cov(late.T) + 1e-6 * np.eye(size))
        _, kept, rate = chain(theta, factor, KEPT, rng, True)
        results.append(kept)
        rates.append(rate)
    draws = np.stack(results)  # chain, draw, number
    j = provinces.index("Jiangxi")
    s, q = np.exp(draws[:, :, -3]), np.exp(draws[:, :, -2])
    own = q * draws[:, :, n_p + 1 + n_t + j]
    quantities = {
        "log_count": draws[:, :, j],
        "trend": (draws[:, :, n_p] + own) / (n_t - 1),
        "log_year_effect_sd": np.log(s),
        "log_own_sd": np.log(q),
        "log_dispersion": draws[:, :, -1],
    }
    written = {"damping": DAMPING, "acceptance": [round(rate, 3) for rate in rates]}
    for name, values in quantities.items():
        means = values.mean(axis=1)
        within = values.var(axis=1, ddof=1).mean()
        between = values.shape[1] * means.var(ddof=1)
        n = values.shape[1]
        written[name] = {
            "mean": float(values.mean()),
            "sd": float(values.std(ddof=1)),
            "quantiles_5_50_95": np.quantile(values, [0.05, 0.5, 0.95]).tolist(),
            "standard_error": float(means.std(ddof=1) / np.sqrt(CHAINS)),
            "r_hat": float(np.sqrt(((n - 1) / n * within + between / n) / within)),
        }
    written["correlation_log_count_trend"] = float(
        np.corrcoef(quantities["log_count"].ravel(), quantities["trend"].ravel())[0, 1]
    )
    (HERE / "count_posterior.json").write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
