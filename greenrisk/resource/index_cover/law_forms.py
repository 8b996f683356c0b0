# SPDX-License-Identifier: Apache-2.0
"""Formulas of the families of :mod:`greenrisk.resource.index_cover.laws`: likelihood, distribution, quantile.

Laws of extremes are those of the largest value. Where a cover pays for low values they are fitted to the negatives:
the smallest value of a year is less the largest of the negatives.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from scipy import optimize, special

from greenrisk.actuarial.fitting.extremes import fit_generalised_extreme_value
from greenrisk.core.errors import Fault, FitError
from greenrisk.resource.index_cover.payout_spec import Side
from greenrisk.resource.index_cover.series import Floats

Parameters = tuple[float, ...]

_LEAST_GAP: Final = 1e-11
"""Logarithm of the mean less mean of the logarithms below which rounding decides: years alike to five in a million."""


class Form(Protocol):
    """What a family offers; ``x`` is the index, ``p`` its parameters, ``pays`` the tail that is paid for."""

    def fitted(self, x: Floats, pays: Side) -> Parameters:
        """Return the parameters of maximum likelihood."""

    def log_density(self, x: Floats, p: Parameters, pays: Side) -> Floats:
        """Return the logarithm of the density."""

    def cdf(self, x: Floats, p: Parameters, pays: Side) -> Floats:
        """Return P(X <= x)."""

    def quantile(self, u: Floats, p: Parameters, pays: Side) -> Floats:
        """Return x with P(X <= x) = u."""


class Normal:
    """Mean and standard deviation."""

    def fitted(self, x: Floats, pays: Side) -> Parameters:
        """Return mean and standard deviation, with n below the sum of squares."""
        return float(x.mean()), float(x.std())

    def log_density(self, x: Floats, p: Parameters, pays: Side) -> Floats:
        """Return the logarithm of the density."""
        z = (x - p[0]) / p[1]
        return np.asarray(-0.5 * z * z - math.log(p[1]) - 0.5 * math.log(2.0 * math.pi))

    def cdf(self, x: Floats, p: Parameters, pays: Side) -> Floats:
        """Return P(X <= x)."""
        return np.asarray(special.ndtr((x - p[0]) / p[1]))

    def quantile(self, u: Floats, p: Parameters, pays: Side) -> Floats:
        """Return x with P(X <= x) = u."""
        return np.asarray(p[0] + p[1] * special.ndtri(u))


class Lognormal:
    """Mean and standard deviation of the logarithm; values above 0."""

    def fitted(self, x: Floats, pays: Side) -> Parameters:
        """Return the parameters of maximum likelihood."""
        return Normal().fitted(np.log(x), pays)

    def log_density(self, x: Floats, p: Parameters, pays: Side) -> Floats:
        """Return the logarithm of the density."""
        return Normal().log_density(np.log(x), p, pays) - np.log(x)

    def cdf(self, x: Floats, p: Parameters, pays: Side) -> Floats:
        """Return P(X <= x)."""
        with np.errstate(divide="ignore"):
            return Normal().cdf(np.log(np.maximum(x, 0.0)), p, pays)

    def quantile(self, u: Floats, p: Parameters, pays: Side) -> Floats:
        """Return x with P(X <= x) = u."""
        return np.exp(Normal().quantile(u, p, pays))


class Gamma:
    """Shape and scale; values above 0."""

    def fitted(self, x: Floats, pays: Side) -> Parameters:
        """Return the parameters of maximum likelihood: the root of ln k - psi(k) = ln mean - mean ln."""
        gap = float(np.log(x.mean()) - np.log(x).mean())
        if gap < _LEAST_GAP:
            what = f"years between {x.min():g} and {x.max():g}"
            raise FitError(Fault("fit", what, "They differ too little for the shape of a gamma law."))
        # 1/(2k) < ln k - psi(k) < 1/k brackets the root.
        shape = optimize.brentq(
            lambda k: math.log(k) - special.digamma(k) - gap, 0.5 / gap * 0.999, 1.0 / gap * 1.001
        )
        return float(shape), float(x.mean() / shape)

    def log_density(self, x: Floats, p: Parameters, pays: Side) -> Floats:
        """Return the logarithm of the density."""
        k, scale = p
        return np.asarray((k - 1.0) * np.log(x) - x / scale - special.gammaln(k) - k * math.log(scale))

    def cdf(self, x: Floats, p: Parameters, pays: Side) -> Floats:
        """Return P(X <= x)."""
        return np.asarray(special.gammainc(p[0], np.maximum(x, 0.0) / p[1]))

    def quantile(self, u: Floats, p: Parameters, pays: Side) -> Floats:
        """Return x with P(X <= x) = u."""
        return np.asarray(special.gammaincinv(p[0], u) * p[1])


@dataclass(frozen=True)
class Extreme:
    """Location, scale and, unless it is the Gumbel law, shape (> 0 the heavy tail) of the paid tail's extremes."""

    gumbel: bool

    def fitted(self, x: Floats, pays: Side) -> Parameters:
        """Return the parameters of maximum likelihood."""
        y = _sign(pays) * x
        if not self.gumbel:
            found = fit_generalised_extreme_value(y)
            return float(found.parameters().location[0]), found.scale, found.shape
        away = y - y.min()

        def score(scale: float) -> float:
            weight = np.exp(-away / scale)
            return float(away.mean() - scale - (away * weight).sum() / weight.sum())

        # The root lies below the mean distance from the least value, where the score is negative; near 0 it is not.
        top = float(away.mean())
        low = top
        while score(low) <= 0.0:
            low /= 2.0
        scale = float(optimize.brentq(score, low, top, xtol=1e-14 * top, rtol=1e-14))
        return float(y.min() - scale * math.log(float(np.exp(-away / scale).mean()))), scale

    def log_density(self, x: Floats, p: Parameters, pays: Side) -> Floats:
        """Return the logarithm of the density."""
        shape = 0.0 if self.gumbel else p[2]
        reduced = self._reduced(_sign(pays) * x, p)
        return np.asarray(-math.log(p[1]) - (1.0 + shape) * reduced - np.exp(-reduced))

    def cdf(self, x: Floats, p: Parameters, pays: Side) -> Floats:
        """Return P(X <= x)."""
        with np.errstate(over="ignore"):
            power = np.exp(-self._reduced(_sign(pays) * x, p))
        return np.exp(-power) if pays == "above" else -np.expm1(-power)

    def quantile(self, u: Floats, p: Parameters, pays: Side) -> Floats:
        """Return x with P(X <= x) = u."""
        power = -np.log(u) if pays == "above" else -np.log1p(-u)
        shape = 0.0 if self.gumbel else p[2]
        if shape == 0.0:
            return np.asarray(_sign(pays) * (p[0] - p[1] * np.log(power)))
        return np.asarray(_sign(pays) * (p[0] + p[1] * np.expm1(-shape * np.log(power)) / shape))

    def _reduced(self, y: Floats, p: Parameters) -> Floats:
        """Return -ln(-ln F): z itself, or ln(1 + shape z) / shape."""
        z = (y - p[0]) / p[1]
        shape = 0.0 if self.gumbel else p[2]
        if shape == 0.0:
            return np.asarray(z)
        with np.errstate(divide="ignore"):
            return np.asarray(np.log1p(np.maximum(shape * z, -1.0)) / shape)


FORMS: Final[dict[str, Form]] = {
    "normal": Normal(),
    "lognormal": Lognormal(),
    "gamma": Gamma(),
    "gumbel": Extreme(gumbel=True),
    "gev": Extreme(gumbel=False),
}
"""By family; `empirical` has none."""


def _sign(pays: Side) -> float:
    return 1.0 if pays == "above" else -1.0
