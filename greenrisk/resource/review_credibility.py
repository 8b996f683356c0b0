# SPDX-License-Identifier: Apache-2.0
"""Experience weighed against the model: two credibilities, the indicated ratio and its interval."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.allocation.segments import ratio
from greenrisk.actuarial.credibility.models import full_credibility_standard, limited_fluctuation
from greenrisk.actuarial.credibility.variance import credibility_factor
from greenrisk.core.streams import stream
from greenrisk.resource.experience_spec import RateReviewSpec
from greenrisk.resource.review_experience import Arranged
from greenrisk.resource.review_law import LEVELS, WindowLaw, YearlyLaw
from greenrisk.resource.review_trend import Trend

Floats = NDArray[np.float64]


class Weighed(NamedTuple):
    """Experience weighed against the model, shapes (column,); ratios to the model's expectation [unitless]."""

    limited: Floats
    """Credibility by limited fluctuation; NaN where the peril's losses are not known, or none are expected."""
    greatest: Floats
    """Credibility by greatest accuracy; NaN likewise."""
    factor: Floats
    """The one that is applied; 0 where there is none."""
    own: Floats
    """Adjusted losses of the experience."""
    ratio: Floats
    """factor * own + 1 - factor."""
    low: Floats
    """Lower end of its 90 % interval."""
    high: Floats
    """Upper end of its 90 % interval."""


class _Unsure(NamedTuple):
    """What is not known of the experience itself, of one column."""

    development: float
    """Coefficient of variation of the developed losses [unitless]."""
    lag: float
    """Mean time to the underwriting year, weighted with the losses [year]."""
    trend: Trend
    """The trend over that time."""

    @property
    def variance(self) -> float:
        """Squared coefficient of variation [unitless]."""
        return self.development**2 + (self.lag * self.trend.error()) ** 2


def weigh(seen: Arranged, law: YearlyLaw, part: slice, seed: int) -> Weighed:
    """Return the experience of a window, weighed against the model.

    Parameters
    ----------
    seen : Arranged
        The experience.
    law : YearlyLaw
        The model.
    part : slice
        Years of the window.
    seed : int
        Of the errors of development and trend.

    Notes
    -----
    The squares of the years' errors of development add up. See
    :func:`greenrisk.resource.review_results.rate_review` for the formulas.
    """
    window = law.window(seen.given.sum_insured[part])
    adjusted = seen.table("incurred")[part] * seen.level[part]
    losses = adjusted.sum(axis=0)
    own = ratio(losses, window.expected)
    error = ratio(np.sqrt(((seen.table("error")[part] * seen.level[part]) ** 2).sum(axis=0)), losses)
    lag = ratio((adjusted * seen.lag[part][:, None]).sum(axis=0), losses)
    rows = []
    for i, trend in enumerate(seen.trends):
        unsure = _Unsure(float(np.nan_to_num(error[i])), float(np.nan_to_num(lag[i])), trend)
        rng = stream(seed, "rate_review", seen.columns[i])
        rows.append(_column(window, i, float(own[i]), unsure, seen.spec, rng))
    return Weighed(*np.array(rows).T)


def _column(
    window: WindowLaw, i: int, own: float, unsure: _Unsure, spec: RateReviewSpec, rng: np.random.Generator
) -> tuple[float, ...]:
    """Return one column in the order of :class:`Weighed`."""
    if not np.isfinite(own):
        return np.nan, np.nan, 0.0, own, 1.0, np.nan, np.nan
    paid, truth, chance = window.drawn[:, i], window.truth[:, i], window.by_chance[:, i]
    within = float(window.within[i] + unsure.variance * (paid**2).mean())
    greatest = float(credibility_factor(1.0, within, float(window.between[i])))
    limited = _limited(float(chance.var() + unsure.variance * (chance**2).mean()), spec)
    factor = greatest if spec.credibility == "greatest_accuracy" else limited
    found = factor * own + 1.0 - factor
    if found <= 0.0:  # no losses, and nothing but them is believed: no bound follows
        return limited, greatest, factor, own, found, np.nan, np.nan
    spread, slope = np.sqrt(np.log1p(unsure.development**2)), unsure.trend.deviates(rng, paid.size)
    noise = np.exp(spread * rng.standard_normal(paid.size) - spread**2 / 2.0 + unsure.lag * slope)
    guess = (factor * paid * noise + 1.0 - factor) * np.exp((spec.years_in_force - 1) / 2.0 * slope)
    miss = np.divide(truth, guess, out=np.full(paid.size, np.inf), where=guess > 0.0)
    low, high = found * np.quantile(miss, LEVELS, method="inverted_cdf")
    return limited, greatest, factor, own, found, float(low), float(high)


def _limited(variance: float, spec: RateReviewSpec) -> float:
    """Return the limited-fluctuation credibility of one period of a squared coefficient of variation."""
    if variance == 0.0:
        return 1.0
    periods = full_credibility_standard(spec.confidence, spec.margin, dispersion=variance)
    return float(limited_fluctuation(1.0, periods))
