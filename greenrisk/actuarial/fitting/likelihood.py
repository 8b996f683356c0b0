# SPDX-License-Identifier: Apache-2.0
"""The log-likelihood of loss records under a law: exact, censored and grouped records, truncated on either side."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.severity.family import Family, Theta
from greenrisk.actuarial.severity.law import Severity

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Function = Callable[[Floats], Floats]


class Logarithms(NamedTuple):
    """What a likelihood needs of a law, in logarithms so that far tails do not vanish."""

    cdf: Function
    logpdf: Function
    logsf: Function


def logarithms(law: Severity) -> Logarithms:
    """Return the functions of one law.

    Parameters
    ----------
    law : Severity
        Any; the far tail of one that is no :class:`Family` is as good as its ``sf``.
    """
    if isinstance(law, Family):
        return Logarithms(law.cdf, law.logpdf, law.logsf)

    def logpdf(x: Floats) -> Floats:
        return np.asarray(np.log(law.pdf(x)))

    def logsf(x: Floats) -> Floats:
        return np.asarray(np.log(law.sf(x)))

    return Logarithms(law.cdf, logpdf, logsf)


def logarithms_of(family: type[Family], theta: Theta) -> Logarithms:
    """Return the functions of many laws of one family at once.

    Parameters
    ----------
    family : type
        The family.
    theta : tuple of arrays
        Parameters in the order of the family's names, each of shape (law, 1).
    """
    return Logarithms(
        lambda x: family.cdf_of(x, theta),
        lambda x: family.logpdf_of(x, theta),
        lambda x: family.logsf_of(x, theta),
    )


class _Conditions(NamedTuple):
    """Distinct conditions under which records are seen, and which record is under which."""

    lower: Floats
    upper: Floats
    weights: Floats
    records: Places
    which: Places


class Likelihood:
    """The likelihood of one set of records, sorted once and evaluated at many laws.

    Parameters
    ----------
    data : LossData
        The records.

    Notes
    -----
    A record exact at x gives ``ln f(x)``, one censored at c ``ln S(c)``, one in (l, r] ``ln(F(r) - F(l))``; each less
    ``ln S(t)`` if it is truncated at t, less ``ln(F(u) - F(t))`` if it is truncated above u as well.

    References
    ----------
    Klugman, S. A., Panjer, H. H. and Willmot, G. E. Loss Models: From Data to Decisions. Wiley, on maximum likelihood
    from truncated, censored and grouped data.
    """

    def __init__(self, data: LossData) -> None:
        self.weight = data.weight
        self._size = data.size
        ends = np.minimum(data.upper, np.where(data.exact_records, np.inf, data.truncated_above))
        is_exact = data.exact_records
        is_open = np.isinf(ends) & ~is_exact
        self._exact = np.flatnonzero(is_exact)
        self._open = np.flatnonzero(is_open)
        self._closed = np.flatnonzero(~is_exact & ~is_open)
        self._weights = data.weights
        self._lower, self._upper = data.lower, ends
        conditioned = np.flatnonzero((data.deductibles > 0) | np.isfinite(data.truncated_above))
        pairs = np.stack([data.deductibles[conditioned], data.truncated_above[conditioned]], axis=1)
        distinct, which = np.unique(pairs, axis=0, return_inverse=True)
        which = which.reshape(-1)
        total = np.asarray(np.bincount(which, self._weights[conditioned], len(distinct)), dtype=np.float64)
        self._conditions = _Conditions(distinct[:, 0], distinct[:, 1], total, conditioned, which)

    def totals(self, law: Logarithms) -> Floats:
        """Return the weighted log-likelihood, not finite where a record has no finite density; shape () or (law,).

        Parameters
        ----------
        law : Logarithms
            Of one law or of many.
        """
        value: Floats = np.zeros(())
        with np.errstate(all="ignore"):
            for records, terms in self._terms(law):
                value = value + terms @ self._weights[records]
            if self._conditions.weights.size:
                value = value - self._chances(law) @ self._conditions.weights
        return np.asarray(value)

    def records(self, law: Logarithms) -> Floats:
        """Return the log-likelihood of each record without its weight, shape (record,) or (law, record).

        Parameters
        ----------
        law : Logarithms
            Of one law or of many.
        """
        with np.errstate(all="ignore"):
            parts = self._terms(law)
            out = np.zeros((*parts[0][1].shape[:-1], self._size))
            for records, terms in parts:
                out[..., records] = terms
            if self._conditions.weights.size:
                out[..., self._conditions.records] -= self._chances(law)[..., self._conditions.which]
        return out

    def _terms(self, law: Logarithms) -> list[tuple[Places, Floats]]:
        terms = []
        if self._exact.size:
            terms.append((self._exact, law.logpdf(self._lower[self._exact])))
        if self._open.size:
            terms.append((self._open, law.logsf(self._lower[self._open])))
        if self._closed.size:
            between = log_between(law, self._lower[self._closed], self._upper[self._closed])
            terms.append((self._closed, between))
        return terms

    def _chances(self, law: Logarithms) -> Floats:
        """Logarithms of the chance to be on record at all, one for each distinct condition."""
        lower, upper = self._conditions.lower, self._conditions.upper
        chances = law.logsf(lower)
        cut = np.isfinite(upper)
        if cut.any():
            chances = np.where(cut, log_between(law, lower, upper), chances)
        return chances


def log_between(law: Logarithms, lower: Floats, upper: Floats) -> Floats:
    """Return ``ln(F(upper) - F(lower))``, accurate in both tails.

    Parameters
    ----------
    law : Logarithms
        Of one law or of many.
    lower, upper : array
        Ends, ``lower < upper`` [unit of the loss].

    Notes
    -----
    Left of the median differences of F keep their digits; right of it
    ``ln S(lower) + ln(1 - exp(ln S(upper) - ln S(lower)))`` does.
    """
    below, above = law.logsf(lower), law.logsf(upper)
    with np.errstate(all="ignore"):
        drop = np.asarray(below - above)
        small = drop < np.log(2.0)
        right = below + np.where(small, np.log(-np.expm1(-drop)), np.log1p(-np.exp(-drop)))
        return np.where(above > np.log(0.5), np.log(law.cdf(upper) - law.cdf(lower)), right)


def log_likelihood(law: Severity, data: LossData) -> float:
    """Return the weighted log-likelihood of records under a law.

    Parameters
    ----------
    law : Severity
        The law.
    data : LossData
        The records.
    """
    return float(Likelihood(data).totals(logarithms(law)))
