# SPDX-License-Identifier: Apache-2.0
"""Writes compound_laws.json: sums of a random number of losses, of many laws, by Laplace inversion.

Run ``python tests/reference/actuarial/make_compound_laws.py`` (numpy, scipy; a few seconds). Nothing of greenrisk is
used. With P the probability generating function of the number and A(s) the Laplace transform of one loss, F and its
integral are inverted from P(A(s)) / s and P(A(s)) / s^2 along Talbot's contour (see make_aggregate_laws.py, method B).
A(s) is in closed form for the gamma and inverse Gaussian laws; else it is an integral over a ray, on which the density
is written out here. Each figure is computed with contours of 28 and of 40 nodes, which pass elsewhere in the plane;
``contours_differ`` is what that changes. TVaR = VaR + (E S - VaR + integral of F) / (1 - p) with E S in closed form.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import scipy
from make_aggregate_laws import weideman
from scipy.optimize import brentq
from scipy.special import gamma

HERE = Path(__file__).resolve().parent
LEVELS = (0.8, 0.9, 0.99, 0.995, 0.999)
Transform = Callable[[np.ndarray], np.ndarray]


def along_ray(density: Callable[[np.ndarray], np.ndarray], scale: float) -> Transform:
    """Laplace transform of a density that is analytic off the negative axis, by double exponential quadrature."""
    t = np.linspace(-4.6, 4.6, 1841)
    y = np.exp(np.pi / 2 * np.sinh(t))
    jacobian = y * np.pi / 2 * np.cosh(t) * (t[1] - t[0])

    def transform(s: np.ndarray) -> np.ndarray:
        out = np.empty(s.size, dtype=complex)
        for k, value in enumerate(s):
            turn = np.exp(-0.5j * np.angle(value)) * scale
            with np.errstate(all="ignore"):
                terms = np.exp(-value * turn * y) * density(turn * y) * jacobian * turn
            out[k] = terms[np.isfinite(terms)].sum()
        return out

    return transform


def lognormal(mu: float, sigma: float) -> tuple[Transform, float]:
    def density(x):
        return np.exp(-(((np.log(x) - mu) / sigma) ** 2) / 2 - np.log(x)) / (sigma * math.sqrt(2 * math.pi))

    return along_ray(density, math.exp(mu)), math.exp(mu + sigma**2 / 2)


def burr(alpha: float, power: float, scale: float) -> tuple[Transform, float]:
    def density(x):
        u = np.exp(power * np.log(x / scale))
        return alpha * power * u / x * np.exp(-(alpha + 1) * np.log(1 + u))

    return along_ray(density, scale), scale * gamma(1 + 1 / power) * gamma(alpha - 1 / power) / gamma(alpha)


def generalised_pareto(shape: float, scale: float) -> tuple[Transform, float]:
    def density(x):
        return np.exp(-(1 / shape + 1) * np.log(1 + shape * x / scale)) / scale

    return along_ray(density, scale), scale / (1 - shape)


def weibull(shape: float, scale: float) -> tuple[Transform, float]:
    def density(x):
        u = np.exp(shape * np.log(x / scale))
        return shape * u / x * np.exp(-u)

    return along_ray(density, scale), scale * gamma(1 + 1 / shape)


def gamma_law(shape: float, scale: float) -> tuple[Transform, float]:
    return lambda s: np.exp(-shape * np.log(1 + scale * s)), shape * scale


def inverse_gaussian(mean: float, shape: float) -> tuple[Transform, float]:
    return lambda s: np.exp(shape / mean * (1 - np.sqrt(1 + 2 * mean**2 * s / shape))), mean


SEVERITIES = {
    "Lognormal": lognormal, "Burr": burr, "GeneralisedPareto": generalised_pareto, "Weibull": weibull,
    "Gamma": gamma_law, "InverseGaussian": inverse_gaussian,
}  # fmt: skip
NUMBERS = {
    "Poisson": (lambda z, mean: np.exp(mean * (z - 1)), lambda mean: mean),
    "Binomial": (lambda z, m, q: (1 + q * (z - 1)) ** m, lambda m, q: m * q),
    "NegativeBinomial": (lambda z, r, b: np.exp(-r * np.log(1 - b * (z - 1))), lambda r, b: r * b),
    "PoissonInverseGaussian": (
        lambda z, m, d: np.exp((1 - np.sqrt(1 - 2 * m**2 * d * (z - 1))) / (m * d)),
        lambda m, d: m,
    ),
    "Logarithmic": (
        lambda z, b: 1 - np.log(1 - b * (z - 1)) / math.log(1 + b),
        lambda b: b / math.log(1 + b),
    ),
    "ZeroModifiedPoisson": (
        lambda z, m, p: p + (1 - p) * (np.exp(m * (z - 1)) - math.exp(-m)) / (1 - math.exp(-m)),
        lambda m, p: (1 - p) * m / (1 - math.exp(-m)),
    ),
    "EmpiricalCounts": (
        lambda z, *p: sum(q * z**k for k, q in enumerate(p)),
        lambda *p: sum(k * q for k, q in enumerate(p)),
    ),
}
CASES: tuple[tuple[str, tuple[float, ...], str, tuple[float, ...]], ...] = (
    ("Poisson", (4.0,), "GeneralisedPareto", (0.45, 1000.0)),
    ("Poisson", (0.2,), "Lognormal", (7.0, 2.0)),
    ("NegativeBinomial", (2.5, 4.0), "Gamma", (0.7, 1000.0)),
    ("NegativeBinomial", (0.4, 3.0), "Lognormal", (8.0, 1.2)),
    ("Binomial", (12, 0.4), "Burr", (2.0, 1.5, 1000.0)),
    ("PoissonInverseGaussian", (3.0, 0.8), "Weibull", (0.6, 1000.0)),
    ("ZeroModifiedPoisson", (2.0, 0.5), "InverseGaussian", (1000.0, 400.0)),
    ("Logarithmic", (4.0,), "Gamma", (1.5, 800.0)),
    ("EmpiricalCounts", (0.3, 0.4, 0.2, 0.1), "Lognormal", (9.0, 1.0)),
)


def solve(transform: Transform, none: float, mean: float, level: float, count: int) -> tuple[float, float]:
    """VaR and TVaR from a contour of ``count`` nodes."""
    z, w = weideman(count)

    def inverted(x: float, order: int) -> float:
        s = z / x
        return float(np.real(np.sum(w * np.exp(z) * (transform(s) - none) / s**order))) / x + none * x ** (
            order - 1
        )

    top = mean
    while inverted(top, 1) < level:
        top *= 2
    bottom = top
    while inverted(bottom, 1) > level:
        bottom /= 2
    value = brentq(lambda x: inverted(x, 1) - level, bottom, top, xtol=1e-9 * mean, rtol=1e-14)
    return value, value + (mean - value + inverted(value, 2)) / (1 - level)


def main() -> None:
    """Write the file."""
    laws = []
    for number, number_parameters, severity, severity_parameters in CASES:
        generating, mean_number = NUMBERS[number]
        one, mean_loss = SEVERITIES[severity](*severity_parameters)
        none = float(generating(0.0, *number_parameters))
        mean = float(mean_number(*number_parameters) * mean_loss)

        def transform(s, generating=generating, one=one, parameters=number_parameters):
            return generating(one(s), *parameters)

        quantiles = {}
        for level in LEVELS:
            if level <= none:
                continue
            fine, coarse = (solve(transform, none, mean, level, count) for count in (40, 28))
            apart = max(abs(a / b - 1) for a, b in zip(fine, coarse, strict=True))
            quantiles[f"{level:g}"] = {
                "value_at_risk": fine[0], "tail_value_at_risk": fine[1], "contours_differ": apart,
            }  # fmt: skip
        laws.append(
            {
                "frequency": number,
                "frequency_parameters": number_parameters,
                "severity": severity,
                "severity_parameters": severity_parameters,
                "mean": mean,
                "probability_of_zero": none,
                "quantiles": quantiles,
            }
        )
        worst = max(entry["contours_differ"] for entry in quantiles.values())
        print(f"{worst:.1e}  {number} {severity}")
    told = {
        "what": "VaR and coherent TVaR of S = X_1 + ... + X_N; parameters in the order of greenrisk's classes",
        "made_by": f"make_compound_laws.py with numpy {np.__version__}, scipy {scipy.__version__}, {date.today()}",
        "tolerance": "relative 1e-9 for VaR, 1e-8 for TVaR; contours_differ says how far two contours are apart",
        "laws": laws,
    }
    (HERE / "compound_laws.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
