# SPDX-License-Identifier: Apache-2.0
"""Writes count_regressions.json: NB2 regressions of the fire counts by an own likelihood, without greenrisk.

Run from anywhere: ``python tests/reference/make_count_regressions.py``. Needs numpy and scipy alone (no statsmodels).
Two models of the 7 provinces x 13 years of data/fires_jiangxi_neighbours_2009_2021.csv: a level for each province
and one shared trend; and a trend for each. Time is in years before 2021. The likelihood is maximised by BFGS from
the logarithms of the mean counts and polished by Newton steps on central differences; standard errors are from the full
Hessian (dispersion included), where greenrisk uses the expected information of the coefficients alone.
"""

import csv
import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln

HERE = Path(__file__).resolve().parent
TABLE = HERE.parents[1] / "data" / "fires_jiangxi_neighbours_2009_2021.csv"


def read():
    """Counts, province index and years before 2021, row by row, and the provinces."""
    with TABLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    provinces = sorted({row["province"] for row in rows})
    y = np.array([float(row["fires"]) for row in rows])
    p = np.array([provinces.index(row["province"]) for row in rows])
    t = np.array([float(row["year"]) - 2021 for row in rows])
    return y, p, t, provinces


def log_likelihood(theta, y, x):
    """NB2: Var = m + a m^2."""
    m, a = np.exp(x @ theta[:-1]), np.exp(theta[-1])
    r = 1 / a
    return np.sum(
        gammaln(y + r) - gammaln(r) - gammaln(y + 1) + r * np.log(r / (r + m)) + y * np.log(m / (r + m))
    )


def derivatives(theta, y, x, step=1e-4):
    """Gradient and Hessian by central differences."""
    k = theta.size
    f = lambda d: log_likelihood(theta + d, y, x)  # noqa: E731
    unit = np.eye(k) * step
    gradient = np.array([(f(unit[i]) - f(-unit[i])) / (2 * step) for i in range(k)])
    hessian = np.array(
        [
            [
                (f(unit[i] + unit[j]) - f(unit[i] - unit[j]) - f(unit[j] - unit[i]) + f(-unit[i] - unit[j]))
                / (4 * step**2)
                for j in range(k)
            ]
            for i in range(k)
        ]
    )
    return gradient, hessian


def fit(y, x, names):
    """Maximum likelihood."""
    start = np.concatenate([np.linalg.lstsq(x, np.log(y), rcond=None)[0], [np.log(0.3)]])
    theta = minimize(lambda theta: -log_likelihood(theta, y, x), start, method="BFGS").x
    for _ in range(5):
        gradient, hessian = derivatives(theta, y, x)
        theta = theta - np.linalg.solve(hessian, gradient)
    gradient, hessian = derivatives(theta, y, x)
    errors = np.sqrt(np.diag(np.linalg.inv(-hessian)))
    return {
        "coefficients": dict(zip(names, theta[:-1].tolist(), strict=True)),
        "standard_errors": dict(zip(names, errors[:-1].tolist(), strict=True)),
        "dispersion": float(np.exp(theta[-1])),
        "dispersion_log_standard_error": float(errors[-1]),
        "log_likelihood": float(log_likelihood(theta, y, x)),
        "largest_gradient": float(np.abs(gradient).max()),
    }


def main():
    """Write the file."""
    y, p, t, provinces = read()
    level = np.eye(len(provinces))[p]
    shared = fit(y, np.column_stack([level, t]), [*provinces, "trend"])
    own = fit(y, np.hstack([level, level * t[:, None]]), [*provinces, *(f"{q} trend" for q in provinces)])
    text = json.dumps({"provinces": provinces, "shared": shared, "own": own}, indent=1)
    (HERE / "count_regressions.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
