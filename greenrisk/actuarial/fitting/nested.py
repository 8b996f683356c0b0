# SPDX-License-Identifier: Apache-2.0
"""Two nested maximum-likelihood fits compared, of whatever kind: the likelihood-ratio test."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from scipy.stats import chi2

from greenrisk.core.errors import ArgumentError, Fault

_ROUNDING = 1e-6
"""Two maxima of one likelihood may differ by this for want of iterations."""


class LikelihoodFit(Protocol):
    """A fit that knows the names of its coefficients and the height of its maximum."""

    @property
    def names(self) -> tuple[str, ...]:
        """One name for each coefficient."""

    @property
    def log_likelihood(self) -> float:
        """At the maximum."""


class LikelihoodRatio(NamedTuple):
    """What two nested fits have between them."""

    statistic: float
    """Twice the difference of the log-likelihoods."""
    freedom: int
    """How many coefficients the larger fit has more."""
    p_value: float
    """Chance of so much or more if the smaller fit is the law [unitless]."""


def likelihood_ratio_test(smaller: LikelihoodFit, larger: LikelihoodFit) -> LikelihoodRatio:
    """Compare two nested fits to the same data.

    Parameters
    ----------
    smaller : fit
        The one with fewer coefficients.
    larger : fit
        The one that holds the smaller as a special case.

    Raises
    ------
    ArgumentError
        If the larger fit has no more coefficients than the smaller, or a lower likelihood: then they are not nested,
        were exchanged, or are of different data.

    Notes
    -----
    ``2 (l1 - l0)`` is asymptotically chi-squared with as many degrees of freedom as there are coefficients more, if the
    smaller fit is not at an edge of the larger.
    """
    freedom = len(larger.names) - len(smaller.names)
    statistic = 2 * (larger.log_likelihood - smaller.log_likelihood)
    if freedom < 1:
        what = f"{len(larger.names)} coefficients against {len(smaller.names)}"
        raise ArgumentError(Fault("larger", what, "It must have more coefficients than `smaller`."))
    if statistic < -_ROUNDING * max(1.0, abs(larger.log_likelihood)):
        what = f"log-likelihood {larger.log_likelihood:.6g} against {smaller.log_likelihood:.6g}"
        raise ArgumentError(
            Fault("larger", what, "A fit that holds the other cannot be less likely: same data?")
        )
    statistic = max(statistic, 0.0)
    return LikelihoodRatio(statistic, freedom, float(chi2.sf(statistic, freedom)))
