# SPDX-License-Identifier: Apache-2.0
"""Credibility of own experience: limited fluctuation, Bühlmann, Bühlmann-Straub.

Hierarchies are in :mod:`greenrisk.actuarial.credibility.hierarchical`, trends in
:mod:`greenrisk.actuarial.credibility.regression`, judged priors of claim frequencies in
:mod:`greenrisk.actuarial.credibility.prior`.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from greenrisk.actuarial.arguments import number, numbers, one_of, probability
from greenrisk.actuarial.credibility.variance import (
    credibility_factor,
    iterative_between,
    labels_of_risks,
    observe,
    pooled_between,
)
from greenrisk.actuarial.printing import figure, name_of, table

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

Collective = Literal["credibility_weighted", "exposure_weighted"]
"""Collective mean: weighted with the credibilities (best linear unbiased), or with the exposures."""

Estimator = Literal["unbiased", "iterative"]
"""Variance between risks: unbiased in closed form, or the fixed point of Bichsel and Straub."""


def full_credibility_standard(
    confidence: float = 0.9, margin: float = 0.05, *, severity_cv: float = 0.0, dispersion: float = 1.0
) -> float:
    """Return the expected number of claims from which on own experience is believed in full.

    Parameters
    ----------
    confidence : float
        Probability that the experience comes within the margin of its mean [unitless], in (0, 1).
    margin : float
        Relative margin [unitless], > 0.
    severity_cv : float
        Coefficient of variation of one claim [unitless], >= 0; 0 for claim numbers, else for aggregate losses.
    dispersion : float
        Variance over mean of the number of claims [unitless], > 0; 1: Poisson.

    Returns
    -------
    float
        [claims]

    Notes
    -----
    (z / margin)^2 (dispersion + cv^2) with the normal quantile z at (1 + confidence) / 2.

    References
    ----------
    Klugman, S. A., Panjer, H. H. and Willmot, G. E. (2012), Loss Models, 4th ed., chapter 17 (limited fluctuation).
    """
    z = float(ndtri((1.0 + probability("confidence", confidence)) / 2.0))
    width = number("margin", margin, above=0.0, unit="unitless")
    cv = number("severity_cv", severity_cv, least=0.0, unit="unitless")
    return (z / width) ** 2 * (number("dispersion", dispersion, above=0.0, unit="unitless") + cv**2)


def limited_fluctuation(claims: ArrayLike, standard: float) -> Floats:
    """Return the credibility min(1, sqrt(claims / standard)).

    Parameters
    ----------
    claims : array
        Expected numbers of claims [claims], >= 0.
    standard : float
        Number for full credibility [claims], > 0, see :func:`full_credibility_standard`.

    Returns
    -------
    array
        [unitless], in [0, 1].
    """
    n = numbers("claims", claims, least=0.0, unit="claims")
    return np.minimum(1.0, np.sqrt(n / number("standard", standard, above=0.0, unit="claims")))


@dataclass(frozen=True)
class CredibilityModel:
    """Credibility premiums of risks, and the variances that they rest on.

    Parameters
    ----------
    mean : array, shape (risk,)
        Own means; NaN for a risk without an observation [unit of the ratios].
    weight : array, shape (risk,)
        Exposures.
    factor : array, shape (risk,)
        Credibilities [unitless], in [0, 1].
    premium : array, shape (risk,)
        factor * mean + (1 - factor) * collective [unit of the ratios].
    collective : float
        The collective mean [unit of the ratios].
    within : float
        Variance of an observation of unit weight, s^2.
    between : float
        Variance between the risks, tau^2, >= 0.
    between_estimate : float
        What the unbiased estimator gave for it, which may be negative.
    collective_mean : {"credibility_weighted", "exposure_weighted"}
        How the collective mean was taken.
    estimator : {"unbiased", "iterative"}
        How the variance between the risks was estimated.
    labels : tuple, length risk
        Labels of the risks: those of the rows of a DataFrame, else their numbers from 0.
    """

    mean: Floats
    weight: Floats
    factor: Floats
    premium: Floats
    collective: float
    within: float
    between: float
    between_estimate: float
    collective_mean: Collective
    estimator: Estimator
    labels: tuple[Hashable, ...] = ()

    @property
    def no_credibility(self) -> bool:
        """Whether the risks differ no more than by chance: tau^2 = 0, every premium is the collective mean."""
        return self.between == 0.0

    def to_frame(self) -> pd.DataFrame:
        """Return own mean, weight, credibility and premium of the risks as a ``pandas.DataFrame``, a row for each."""
        import pandas as pd

        columns = {
            "mean": self.mean,
            "weight": self.weight,
            "credibility": self.factor,
            "premium": self.premium,
        }
        return pd.DataFrame(columns, index=pd.Index(self._labels(), name="risk", tupleize_cols=False))

    def __repr__(self) -> str:
        """Return the table of ``str``."""
        return str(self)

    def __str__(self) -> str:
        """One row a risk, and what the credibilities rest on."""
        columns = zip(self._labels(), self.mean, self.weight, self.factor, self.premium, strict=True)
        cells = [(name_of(i), figure(m), figure(w), f"{z:.4f}", figure(p)) for i, m, w, z, p in columns]
        rows = [table(("risk", "mean", "weight", "credibility", "premium"), cells)]
        rows.append(f"collective mean {figure(self.collective)} ({self.collective_mean.replace('_', ' ')})")
        rows.append(
            f"variance within {figure(self.within)}, between {figure(self.between)} ({self.estimator})"
        )
        if self.no_credibility:
            said = f"estimate {figure(self.between_estimate)}"
            rows.append(f"The risks differ no more than by chance ({said}): no credibility, all at the mean.")
        return "\n".join(rows)

    def _labels(self) -> tuple[Hashable, ...]:
        return self.labels or tuple(range(self.mean.size))


def buhlmann(
    ratios: ArrayLike, *, collective: Collective = "credibility_weighted", estimator: Estimator = "unbiased"
) -> CredibilityModel:
    """Return Bühlmann's credibility premiums: every observation has the same weight.

    Parameters
    ----------
    ratios : array or DataFrame, shape (risk, period)
        Losses by unit of exposure; NaN: not observed. The rows of a DataFrame name the risks.
    collective, estimator : str
        As for :func:`buhlmann_straub`.

    Raises
    ------
    ArgumentError, FitError
        As for :func:`buhlmann_straub`.

    References
    ----------
    Bühlmann, H. (1967), Experience rating and credibility, ASTIN Bulletin 4, 199-207.
    """
    return buhlmann_straub(ratios, None, collective=collective, estimator=estimator)


def buhlmann_straub(
    ratios: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    collective: Collective = "credibility_weighted",
    estimator: Estimator = "unbiased",
) -> CredibilityModel:
    """Return the credibility premiums of Bühlmann and Straub.

    Parameters
    ----------
    ratios : array or DataFrame, shape (risk, period)
        Losses by unit of exposure; NaN: not observed. A 0 is an observation. The rows of a DataFrame name the risks.
    weights : array or DataFrame, shape (risk, period), or None
        Exposures, >= 0; 0 or NaN: not observed, whatever the ratio. None: all 1.
    collective : {"credibility_weighted", "exposure_weighted"}
        How the collective mean is taken. The first gives the published answers.
    estimator : {"unbiased", "iterative"}
        How the variance between the risks is estimated.

    Raises
    ------
    ArgumentError
        If the tables are of different shapes, their rows are labelled otherwise, a weight is negative, or a ratio with
        a weight is no number.
    FitError
        If fewer than two risks were observed, or none of them twice: the variances are not identified.

    Notes
    -----
    With X_i = sum_j w_ij X_ij / w_i: s^2 = sum w_ij (X_ij - X_i)^2 / sum (n_i - 1); unbiased
    tau^2 = (sum w_i (X_i - X)^2 - (r - 1) s^2) / (w - sum w_i^2 / w); iterative: the tau^2 at which
    sum Z_i (X_i - m)^2 / (r - 1) is tau^2 again. Z_i = w_i / (w_i + s^2 / tau^2). Where tau^2 <= 0 nothing is credible,
    and the result says so; its collective mean is then weighted with the exposures.

    References
    ----------
    Bühlmann, H. and Straub, E. (1970), Glaubwürdigkeit für Schadensätze, Mitteilungen der Vereinigung schweizerischer
    Versicherungsmathematiker 70, 111-133. Bühlmann, H. and Gisler, A. (2005), A Course in Credibility Theory, Springer,
    chapter 4.
    """
    one_of("collective", collective, get_args(Collective))
    one_of("estimator", estimator, get_args(Estimator))
    seen, labels = observe(ratios, weights), labels_of_risks(ratios, weights)
    held = np.flatnonzero(seen.weight > 0.0)
    groups = [held]
    unbiased = pooled_between(seen.mean, seen.weight, seen.within, groups)
    between = max(unbiased, 0.0)
    if estimator == "iterative":
        between = iterative_between(seen.mean, seen.weight, seen.within, groups)
    factor = credibility_factor(seen.weight, seen.within, between)
    by = factor if between > 0.0 and collective == "credibility_weighted" else seen.weight
    m = float(np.average(seen.mean[held], weights=by[held]))
    premium = np.where(seen.weight > 0.0, factor * seen.mean + (1.0 - factor) * m, m)
    mean = np.where(seen.weight > 0.0, seen.mean, np.nan)
    return CredibilityModel(
        mean, seen.weight, factor, premium, m, seen.within, between, unbiased, collective, estimator, labels
    )
