# SPDX-License-Identifier: Apache-2.0
"""Writes pareto_tails.json: generalised Pareto fits by Grimshaw's one-dimensional profile, without greenrisk.

Run from anywhere: ``python tests/reference/make_pareto_tails.py``. Needs nothing but Python. With theta = xi / beta the
likelihood is maximal at xi(theta) = mean ln(1 + theta y), which leaves one number to search: on a grid of ln theta,
then by golden section. The samples are quantiles of known laws at (i - 0.5) / n, so that nothing is random and the
answers are close to the laws' own parameters.

Grimshaw, S. D. (1993). Computing maximum likelihood estimates for the generalized Pareto distribution.
Technometrics 35(2), 185-191.
"""

import json
import math
from pathlib import Path

HERE = Path(__file__).resolve().parent
LAWS = ((0.3, 50.0, 200), (0.6, 169.0, 500), (1.3, 100.0, 400))


def sample(shape, scale, n):
    """Quantiles at (i - 0.5) / n, rounded so that the file tells all of them."""
    return [round(scale / shape * ((1 - (i - 0.5) / n) ** -shape - 1), 6) for i in range(1, n + 1)]


def shape_of(theta, y):
    """The most likely shape for a given shape / scale."""
    return sum(math.log1p(theta * value) for value in y) / len(y)


def profile(log_theta, y):
    """Log-likelihood at the most likely shape."""
    theta = math.exp(log_theta)
    shape = shape_of(theta, y)
    return -len(y) * (math.log(shape / theta) + shape + 1)


def fit(y):
    """Shape, scale, log-likelihood."""
    mean = sum(y) / len(y)
    grid = [-math.log(mean) - 6 + 0.05 * i for i in range(240)]
    best = max(range(len(grid)), key=lambda i: profile(grid[i], y))
    low, high = grid[best - 1], grid[best + 1]
    ratio = (math.sqrt(5) - 1) / 2
    for _ in range(80):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if profile(left, y) > profile(right, y):
            high = right
        else:
            low = left
    log_theta = (low + high) / 2
    theta = math.exp(log_theta)
    shape = shape_of(theta, y)
    return {"shape": shape, "scale": shape / theta, "log_likelihood": profile(log_theta, y), "count": len(y)}


def main():
    """Write the file."""
    written = [
        {"law": {"shape": shape, "scale": scale, "count": n}, "fit": fit(sample(shape, scale, n))}
        for shape, scale, n in LAWS
    ]
    (HERE / "pareto_tails.json").write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
