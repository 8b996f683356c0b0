# SPDX-License-Identifier: Apache-2.0
"""What an insurance contract pays of one loss: a deductible rule, then a limit, then a share.

Every rule knows its payment for a sample of losses and the expected payment under a law of the loss, so that a price
needs no simulation. Annual terms and reinsurance are in :mod:`greenrisk.actuarial.layers.layer`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.actuarial.arguments import keep, numbers, within
from greenrisk.actuarial.kinds import instance
from greenrisk.actuarial.layers.events import Floats
from greenrisk.actuarial.severity.law import Severity
from greenrisk.core.errors import ArgumentError, Fault


@runtime_checkable
class DeductibleRule(Protocol):
    """How a loss becomes a claim before limit and share."""

    @property
    def threshold(self) -> float:
        """Loss up to which nothing is paid [unit of the loss]."""

    def claim(self, losses: ArrayLike) -> Floats:
        """Return the claim for each loss [unit of the loss], never above the loss, not decreasing in it."""

    def expected(self, severity: Severity, limit: float) -> float:
        """Return E[min(claim, limit)] [unit of the loss]; inf where the mean is."""


def _losses(given: ArrayLike) -> Floats:
    return numbers("losses", given, least=0.0, unit="unit of the loss")


def _excess(severity: Severity, lower: float, upper: float) -> float:
    """Return E[min(X, upper)] - E[min(X, lower)]."""
    values = severity.limited_expected_value(np.array([lower, upper]))
    return float(values[1] - values[0])


@dataclass(frozen=True)
class Deductible:
    """The insured bears the first ``amount`` of every loss: the claim is max(X - d, 0).

    Parameters
    ----------
    amount : float
        d [unit of the loss], >= 0.
    """

    amount: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a negative deductible."""
        keep(self, amount=within(least=0.0, unit="unit of the loss"))

    @property
    def threshold(self) -> float:
        """Loss up to which nothing is paid [unit of the loss]."""
        return self.amount

    def claim(self, losses: ArrayLike) -> Floats:
        """Return the claim for each loss [unit of the loss], >= 0."""
        x = _losses(losses)
        return np.maximum(x - self.amount, 0.0)

    def expected(self, severity: Severity, limit: float) -> float:
        """Return E[min(claim, limit)] [unit of the loss]."""
        return _excess(severity, self.amount, self.amount + limit)


@dataclass(frozen=True)
class Franchise:
    """Nothing up to ``amount``, the whole loss above it: the claim is X where X > d.

    Parameters
    ----------
    amount : float
        d [unit of the loss], >= 0.
    """

    amount: float

    def __post_init__(self) -> None:
        """Refuse a negative franchise."""
        keep(self, amount=within(least=0.0, unit="unit of the loss"))

    @property
    def threshold(self) -> float:
        """Loss up to which nothing is paid [unit of the loss]."""
        return self.amount

    def claim(self, losses: ArrayLike) -> Floats:
        """Return the claim for each loss [unit of the loss], >= 0."""
        x = _losses(losses)
        return np.where(x > self.amount, x, 0.0)

    def expected(self, severity: Severity, limit: float) -> float:
        """Return E[min(claim, limit)] [unit of the loss]: min(d, limit) S(d) and what lies above d."""
        start = min(self.amount, limit)
        jump = start * float(severity.sf(self.amount))
        return jump + (_excess(severity, self.amount, limit) if limit > self.amount else 0.0)


@dataclass(frozen=True)
class DisappearingDeductible:
    """A deductible that shrinks as the loss grows and is gone at ``gone``.

    Parameters
    ----------
    amount : float
        d, up to which nothing is paid [unit of the loss], >= 0.
    gone : float
        D, from which the whole loss is paid [unit of the loss], > ``amount``.

    Notes
    -----
    The claim is D (X - d) / (D - d) between d and D, X above.
    """

    amount: float
    gone: float

    def __post_init__(self) -> None:
        """Refuse a deductible that does not vanish above its amount."""
        keep(
            self,
            amount=within(least=0.0, unit="unit of the loss"),
            gone=within(above=0.0, unit="unit of the loss"),
        )
        if not self.gone > self.amount:
            raise ArgumentError(
                Fault(
                    "gone",
                    f"gone = {self.gone:g}, amount = {self.amount:g}",
                    "The deductible must be gone above its amount; use a Franchise where it vanishes at once.",
                    "unit of the loss",
                )
            )

    @property
    def threshold(self) -> float:
        """Loss up to which nothing is paid [unit of the loss]."""
        return self.amount

    @property
    def _steepness(self) -> float:
        return self.gone / (self.gone - self.amount)

    def claim(self, losses: ArrayLike) -> Floats:
        """Return the claim for each loss [unit of the loss], >= 0."""
        x = _losses(losses)
        between = self._steepness * np.maximum(x - self.amount, 0.0)
        return np.where(x < self.gone, np.minimum(between, x), x)

    def expected(self, severity: Severity, limit: float) -> float:
        """Return E[min(claim, limit)] [unit of the loss]."""
        if limit <= self.gone:
            top = self.amount + limit / self._steepness
            return self._steepness * _excess(severity, self.amount, top)
        return self._steepness * _excess(severity, self.amount, self.gone) + _excess(
            severity, self.gone, limit
        )


@dataclass(frozen=True)
class LossTerms:
    """The terms of one loss, in this order: deductible rule, limit of the claim, insured share (coinsurance).

    Parameters
    ----------
    deductible : DeductibleRule
        :class:`Deductible`, :class:`Franchise` or :class:`DisappearingDeductible`.
    limit : float
        Most that one claim can be before the share [unit of the loss], > 0; inf: no limit.
    share : float
        Share of the limited claim that is paid [unitless], in (0, 1].

    Examples
    --------
    >>> LossTerms(Deductible(100), limit=500, share=0.8).pay([50, 300, 1000]).tolist()
    [0.0, 160.0, 400.0]
    """

    deductible: DeductibleRule = Deductible()
    limit: float = math.inf
    share: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a limit or share outside its domain."""
        keep(
            self,
            deductible=lambda name, given: instance(name, given, DeductibleRule),
            limit=within(above=0.0, infinite=True, unit="unit of the loss"),
            share=within(above=0.0, most=1.0, unit="unitless"),
        )

    def pay(self, losses: ArrayLike) -> Floats:
        """Return the payment for each loss.

        Parameters
        ----------
        losses : array, any shape
            Losses [unit of the loss], >= 0.
        """
        x = _losses(losses)
        return self.share * np.minimum(self.deductible.claim(x), self.limit)

    def expected_payment(self, severity: Severity) -> float:
        """Return the expected payment per loss, those that are not paid included [unit of the loss].

        Parameters
        ----------
        severity : Severity
            Law of one loss.

        Raises
        ------
        ArgumentError
            If it is infinite: the mean of the loss is, and the terms have no limit.
        """
        expected = self.share * self.deductible.expected(severity, self.limit)
        if not math.isfinite(expected):
            raise ArgumentError(
                Fault(
                    "limit",
                    f"limit = {self.limit:g}",
                    "The mean of the loss is infinite: give a limit, or cap the loss with `.layer(limit)`.",
                    "unit of the loss",
                )
            )
        return expected

    def probability_of_payment(self, severity: Severity) -> float:
        """Return the probability that a loss is paid at all [unitless].

        Parameters
        ----------
        severity : Severity
            Law of one loss.
        """
        return float(severity.sf(self.deductible.threshold))
