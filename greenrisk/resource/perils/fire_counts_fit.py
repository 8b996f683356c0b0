# SPDX-License-Identifier: Apache-2.0
"""Fits the yearly number of fires: provinces with a shared and an own trend, and year effects in common.

Thirteen years tell little about a trend and less about how fast it fades, so the fit ends in a joint law of
the parameters, not in a point. What it can tell, and what it cannot, is in docs/explanation/forest.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri
from scipy.stats import qmc

from greenrisk.actuarial.glm.counts import negative_binomial_log_density
from greenrisk.actuarial.glm.mixed import Conditional, MixedFit, MixedModel, condition, fit_mixed
from greenrisk.actuarial.scoring import Score, clustered_mean
from greenrisk.core.cards import Z_90
from greenrisk.core.errors import Fault, FitError
from greenrisk.resource.fire_tables import FirePanel
from greenrisk.resource.perils.fire_counts import trend_path

DAMPINGS = tuple(round(0.5 + 0.025 * step, 3) for step in range(21))
"""Dampings tried, 0.5 to 1 [unitless]."""

LARGEST_DAMPING = 0.99
"""Where the range of the damping ends if no damping at all (1) cannot be refuted [unitless]."""

FIRST_ORIGIN = 4
"""Fewest years that a rolling forecast is fitted to [year]."""

LONGEST_HORIZON = 5
"""Longest rolling forecast [year]."""

OWN_WEIGHT = 0.5
"""Weight of the province's own forecasts in the choice of its damping, against the mean over all provinces: a judged
credibility [unitless]."""

DRAWS = 4096
"""Points of the joint law of the parameters (Sobol), from which a card's quantiles and correlations are read."""

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(40)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


def count_model(panel: FirePanel, damping: float, years: int | None = None) -> MixedModel:
    """Return the regression of a panel's counts for one damping.

    Parameters
    ----------
    panel : FirePanel
        Fires by year and province.
    damping : float
        Ratio of each yearly step of the trend to the one before [unitless].
    years : int, optional
        Use only so many first years; the time coordinate stays that of the whole panel.

    Returns
    -------
    MixedModel
        Fixed: a level for each province and the shared trend (per whole span of the panel); random: a ``year``
        effect in common and each province's ``own`` departure from the shared trend.
    """
    span, count = panel.years.size, len(panel.provinces)
    first, last = float(panel.years[0]), float(panel.years[-1])
    time = trend_path(first, last, panel.years, damping)[:years] / (span - 1)
    kept = time.size
    province = np.tile(np.eye(count), (kept, 1))
    trend = np.repeat(time, count)[:, None]
    return MixedModel(
        counts=panel.fires[:kept].ravel(),
        fixed=np.hstack([province, trend]),
        random={"year": np.repeat(np.eye(kept), count, axis=0), "own": province * trend},
    )


@dataclass(frozen=True, eq=False)
class CountFit:
    """The fits of a panel over all dampings tried, and how well each forecasts.

    Parameters
    ----------
    panel : FirePanel
        The fitting years.
    fits : tuple of MixedFit
        One for each of :data:`DAMPINGS`.
    log_scores : array, shape (dampings, forecasts, provinces)
        Logarithm of the predictive probability of what happened, for each rolling forecast.
    targets : array of int, shape (forecasts,)
        Year that each forecast is for.
    own_weight : float
        Weight of a province's own forecasts in the choice of its damping [unitless].
    """

    panel: FirePanel
    fits: tuple[MixedFit, ...]
    log_scores: NDArray[np.float64]
    targets: NDArray[np.int64]
    own_weight: float = OWN_WEIGHT

    def own_scores(self, province: str) -> NDArray[np.float64]:
        """Return the score that a province's damping is chosen by, shape (dampings, forecasts)."""
        own = self.log_scores[:, :, self.panel.index(province)]
        return np.asarray(self.own_weight * own + (1 - self.own_weight) * self.log_scores.mean(axis=2))

    def damping(self, province: str) -> float:
        """Return the damping that forecasts best inside the fitting years."""
        return DAMPINGS[int(np.argmax(self.own_scores(province).mean(axis=1)))]

    def deficit(self, province: str) -> list[Score]:
        """Return by how much each damping scores worse than the best, with a standard error by target year."""
        scores = self.own_scores(province)
        best = scores[int(np.argmax(scores.mean(axis=1)))]
        return [clustered_mean(best - score, self.targets) for score in scores]

    def damping_range(self, province: str) -> tuple[float, float]:
        """Return the lowest and highest damping whose deficit is within 1.645 standard errors.

        Notes
        -----
        At least two steps of the grid wide: no record of this length pins a damping down further.
        """
        kept = [
            damping
            for damping, worse in zip(DAMPINGS, self.deficit(province), strict=True)
            if worse.value <= Z_90 * worse.standard_error + 1e-12
        ]
        high = min(kept[-1], LARGEST_DAMPING)
        return min(kept[0], high - 2 * (DAMPINGS[1] - DAMPINGS[0])), high

    def at(self, damping: float) -> MixedFit:
        """Return the fit of one damping on the grid."""
        return self.fits[DAMPINGS.index(damping)]

    def coefficients(self, province: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return level and trend of a province for each damping.

        Returns
        -------
        tuple
            Means, shape (dampings, 2), and covariances, shape (dampings, 2, 2), of the logarithm of the expected
            number in the last year at the median year effect, and of the mean yearly change over the panel [1/year].
        """
        position, count = self.panel.index(province), len(self.panel.provinces)
        years = self.panel.years.size
        read = np.zeros((2, self.fits[0].coefficients.size))
        read[0, position] = 1.0
        read[1, count] = read[1, count + 1 + years + position] = 1 / (years - 1)
        means = np.array([read @ fit.coefficients for fit in self.fits])
        return means, np.array([read @ fit.covariance @ read.T for fit in self.fits])

    @cached_property
    def _spreads(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Logarithms of year effect and dispersion, and their covariances, by damping."""
        means = np.log([[fit.sds["year"], fit.dispersion] for fit in self.fits])
        keep = np.ix_([1, 0], [1, 0])  # the fit orders them dispersion, year, own
        return means, np.array([fit.log_covariance[keep] for fit in self.fits])

    def draws(self, province: str) -> dict[str, NDArray[np.float64]]:
        """Return the joint law of the card's parameters as equally likely points.

        Returns
        -------
        dict of str to array, shape (DRAWS,)
            ``log_count``, ``trend``, ``damping``, ``year_effect_sd``, ``dispersion``.

        Notes
        -----
        The damping is drawn from a logit-normal law split at its value, with 5 % and 95 % quantiles at the ends of its
        range; given the damping the others are normal (the spreads in logarithms), interpolated between the
        fits of the grid. The points are Sobol's, so that a re-fit gives the same digits.
        """
        z = ndtri(qmc.Sobol(5, scramble=False).random(DRAWS) + 0.5 / DRAWS)
        value, (low, high) = self.damping(province), self.damping_range(province)
        middle = logit(min(value, LARGEST_DAMPING - 1e-3))
        side = np.where(z[:, 0] < 0, middle - logit(low), logit(high) - middle)
        damping = np.asarray(expit(middle + z[:, 0] * side / Z_90))
        level = _joint(*self.coefficients(province), damping, z[:, 1:3])
        spread = np.exp(_joint(*self._spreads, damping, z[:, 3:5]))
        return {
            "log_count": level[:, 0],
            "trend": level[:, 1],
            "damping": damping,
            "year_effect_sd": spread[:, 0],
            "dispersion": spread[:, 1],
        }


def fit_counts(panel: FirePanel) -> CountFit:
    """Fit a panel for all dampings and make the rolling forecasts they are chosen by.

    Parameters
    ----------
    panel : FirePanel
        At least :data:`FIRST_ORIGIN` + 2 years of at least two provinces.

    Raises
    ------
    FitError
        If there are too few years, or a fit does not converge.

    Notes
    -----
    A rolling forecast made after year o for year o + h (h = 1 to 5) conditions the coefficients on the counts up to
    o alone. Its predictive law carries the uncertainty of the coefficients, a new year effect and the
    dispersion. The spreads (dispersion, year effect, own trend) are those of the whole fitting window: five
    years could not tell them.
    """
    if panel.years.size < FIRST_ORIGIN + 2 or len(panel.provinces) < 2:
        raise FitError(
            Fault(
                "fit_counts",
                f"{panel.years.size} years of {len(panel.provinces)} provinces",
                f"At least {FIRST_ORIGIN + 2} years of two provinces are needed to choose a damping.",
            )
        )
    fits = tuple(fit_mixed(count_model(panel, damping)) for damping in DAMPINGS)
    horizons = [
        (origin, target)
        for origin in range(FIRST_ORIGIN, panel.years.size)
        for target in range(origin, min(origin + LONGEST_HORIZON, panel.years.size))
    ]
    scores = np.array(
        [_rolling(panel, damping, fit, horizons) for damping, fit in zip(DAMPINGS, fits, strict=True)]
    )
    return CountFit(panel, fits, scores, panel.years[[target for _, target in horizons]])


def _rolling(
    panel: FirePanel, damping: float, fit: MixedFit, horizons: list[tuple[int, int]]
) -> NDArray[np.float64]:
    """Log scores, shape (forecasts, provinces)."""
    count, span = len(panel.provinces), panel.years.size
    time = trend_path(float(panel.years[0]), float(panel.years[-1]), panel.years, damping) / (span - 1)
    known: dict[int, Conditional] = {
        origin: condition(count_model(panel, damping, origin), fit.dispersion, fit.sds)
        for origin in {origin for origin, _ in horizons}
    }
    scores = []
    for origin, target in horizons:
        read = np.zeros((count, known[origin].coefficients.size))
        read[:, :count] = np.eye(count)
        read[:, count] = time[target]
        read[:, count + 1 + origin :] = time[target] * np.eye(count)
        mean = read @ known[origin].coefficients
        variance = np.einsum("ij,jk,ik->i", read, known[origin].covariance, read) + fit.sds["year"] ** 2
        log_mean = mean[:, None] + np.sqrt(variance)[:, None] * _NODES
        density = negative_binomial_log_density(panel.fires[target][:, None], log_mean, fit.dispersion)
        scores.append(np.log(np.exp(density) @ _WEIGHTS))
    return np.array(scores)


def _joint(
    means: NDArray[np.float64],
    covariances: NDArray[np.float64],
    damping: NDArray[np.float64],
    z: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Normal points given the damping, interpolated between the fits; all shapes (points, 2)."""
    grid = np.array(DAMPINGS)
    inside = np.clip(damping, grid[0], grid[-1])
    mean = np.column_stack([np.interp(inside, grid, means[:, k]) for k in range(2)])
    first = np.sqrt(np.interp(inside, grid, covariances[:, 0, 0]))
    cross = np.interp(inside, grid, covariances[:, 0, 1])
    rest = np.interp(inside, grid, covariances[:, 1, 1])
    slope = np.divide(cross, first, out=np.zeros_like(cross), where=first > 0)
    left = np.sqrt(np.maximum(rest - slope**2, 0.0))
    return np.asarray(mean + np.column_stack([first * z[:, 0], slope * z[:, 0] + left * z[:, 1]]))
