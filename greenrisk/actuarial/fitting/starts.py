# SPDX-License-Identifier: Apache-2.0
"""Where a search for the maximum of the likelihood begins: moments and quantiles of each family, then moved about.

A start need not be good: it must lie in the domain. A family not named here is started from its domains alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.fitting.data import LossData

Floats = NDArray[np.float64]
Start = dict[str, float]

_EULER = 0.5772156649015329
_TAIL_SHAPES = (0.05, 0.3, 0.7, 1.2)
"""Several shapes: one start is not enough on fire tails (evd's fits stop early there)."""


class Summary:
    """Weighted moments and quartiles of the losses, censored and grouped ones put at a plausible place.

    Parameters
    ----------
    data : LossData
        The records.
    """

    def __init__(self, data: LossData) -> None:
        seen, weights = data.lower, data.weights
        over = np.where(data.right_censored, 0.0, weights).sum()
        # Total time on test over failures: the exponential mean, known to serve under censoring and truncation.
        spread = float((weights * (seen - data.deductibles)).sum() / max(over, weights.min()))
        middle = np.where(data.interval_censored, (seen + data.upper) / 2, seen)
        values = np.where(data.right_censored, seen + max(spread, 0.0), middle)
        positive = values > 0
        if not positive.any():
            values, positive = np.ones_like(values), np.ones_like(positive)
        self.values = values[positive]
        self.weights = weights[positive] / weights[positive].sum()
        self.mean = float(self.weights @ self.values)
        self.squared_variation = max(float(self.weights @ (self.values / self.mean - 1) ** 2), 1e-6)
        logs = np.log(self.values)
        self.log_mean = float(self.weights @ logs)
        self.log_deviation = max(math.sqrt(float(self.weights @ (logs - self.log_mean) ** 2)), 1e-3)
        self.harmonic = float(self.weights @ (self.mean / self.values))
        order = np.argsort(self.values)
        reached = np.cumsum(self.weights[order])
        places = np.minimum(np.searchsorted(reached, (0.25, 0.5, 0.75)), order.size - 1)
        self.lower_quartile, self.median, upper = (float(x) for x in self.values[order][places])
        self.quartile_ratio = max(math.log(upper / self.lower_quartile), 1e-2)


def starting_points(name: str, data: LossData, fixed: Mapping[str, float]) -> list[Start]:
    """Return starts for the parameters of a family, the best guess first.

    Parameters
    ----------
    name : str
        Class name of the family.
    data : LossData
        The records.
    fixed : mapping
        Parameters that are not fitted; they may shape the starts.
    """
    summary = Summary(data)
    guess = _GUESSES.get(name)
    return guess(summary, fixed) if guess else []


def _lognormal(x: Summary, fixed: Mapping[str, float]) -> list[Start]:
    return [
        {"mu": x.log_mean, "sigma": x.log_deviation},
        {"mu": math.log(x.median), "sigma": x.quartile_ratio / 1.349},
    ]


def _exponential(x: Summary, fixed: Mapping[str, float]) -> list[Start]:
    return [{"scale": x.mean}, {"scale": x.median / math.log(2)}]


def _gamma(x: Summary, fixed: Mapping[str, float]) -> list[Start]:
    # Minka's first step towards the maximum, from ln mean - mean ln.
    s = max(math.log(x.mean) - x.log_mean, 1e-6)
    shape = (3 - s + math.sqrt((s - 3) ** 2 + 24 * s)) / (12 * s)
    return [
        {"shape": shape, "scale": x.mean / shape},
        {"shape": 1 / x.squared_variation, "scale": x.mean * x.squared_variation},
    ]


def _weibull(x: Summary, fixed: Mapping[str, float]) -> list[Start]:
    by_logs = math.pi / (math.sqrt(6) * x.log_deviation)
    by_quartiles = math.log(math.log(4) / math.log(4 / 3)) / x.quartile_ratio
    return [
        {"shape": by_logs, "scale": math.exp(x.log_mean + _EULER / by_logs)},
        {"shape": by_quartiles, "scale": x.median / math.log(2) ** (1 / by_quartiles)},
    ]


def _pareto(x: Summary, fixed: Mapping[str, float]) -> list[Start]:
    threshold = fixed.get("threshold", float(x.values.min()))
    return [{"shape": 1 / max(x.log_mean - math.log(threshold), 1e-3), "threshold": threshold}]


def _pareto_ii(x: Summary, fixed: Mapping[str, float]) -> list[Start]:
    starts = []
    if x.squared_variation > 1.05:
        shape = 2 * x.squared_variation / (x.squared_variation - 1)
        starts.append({"shape": shape, "scale": x.mean * (shape - 1)})
    by_median = [{"shape": a, "scale": x.median / (2 ** (1 / a) - 1)} for a in (1.2, 3.0, 20.0)]
    return [*starts, *by_median]


def _generalised_pareto(x: Summary, fixed: Mapping[str, float]) -> list[Start]:
    threshold = fixed.get("threshold", 0.0)
    middle = max(x.median - threshold, 1e-3 * x.mean)
    return [
        {"shape": shape, "scale": middle * shape / (2**shape - 1), "threshold": threshold}
        for shape in _TAIL_SHAPES
    ]


def _burr(x: Summary, fixed: Mapping[str, float]) -> list[Start]:
    starts = []
    for alpha in (1.0, 0.4, 4.0):
        odds = (4 ** (1 / alpha) - 1) / ((4 / 3) ** (1 / alpha) - 1)
        gamma = math.log(odds) / x.quartile_ratio
        scale = x.median / (2 ** (1 / alpha) - 1) ** (1 / gamma)
        starts.append({"alpha": alpha, "gamma": gamma, "scale": scale})
    return starts


def _loglogistic(x: Summary, fixed: Mapping[str, float]) -> list[Start]:
    return [
        {"shape": math.pi / (math.sqrt(3) * x.log_deviation), "scale": math.exp(x.log_mean)},
        {"shape": math.log(9) / x.quartile_ratio, "scale": x.median},
    ]


def _inverse_gaussian(x: Summary, fixed: Mapping[str, float]) -> list[Start]:
    return [
        {"mu": x.mean, "shape": x.mean / max(x.harmonic - 1, 1e-6)},
        {"mu": x.mean, "shape": x.mean / x.squared_variation},
    ]


def _beta(x: Summary, fixed: Mapping[str, float]) -> list[Start]:
    scale = fixed.get("scale", 1.0)
    m = min(max(x.mean / scale, 1e-6), 1 - 1e-6)
    total = max((1 - m) / (m * x.squared_variation) - 1, 0.1)
    return [
        {"a": m * total, "b": (1 - m) * total, "scale": scale},
        {"a": 2 * m, "b": 2 * (1 - m), "scale": scale},
    ]


_GUESSES: dict[str, Callable[[Summary, Mapping[str, float]], list[Start]]] = {
    "Lognormal": _lognormal,
    "Exponential": _exponential,
    "Gamma": _gamma,
    "Weibull": _weibull,
    "Pareto": _pareto,
    "ParetoII": _pareto_ii,
    "GeneralisedPareto": _generalised_pareto,
    "Burr": _burr,
    "Loglogistic": _loglogistic,
    "InverseGaussian": _inverse_gaussian,
    "Beta": _beta,
}
