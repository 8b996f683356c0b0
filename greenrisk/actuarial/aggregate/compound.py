# SPDX-License-Identifier: Apache-2.0
"""Compound laws, the sums of a random number of random losses, and portfolios of independent ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.aggregate import grid, moments
from greenrisk.actuarial.aggregate.grid import Part, Terms
from greenrisk.actuarial.aggregate.loss import AggregateLoss
from greenrisk.actuarial.aggregate.recursion import recursive_weights
from greenrisk.actuarial.aggregate.results import Moments
from greenrisk.actuarial.aggregate.transform import continuous_weights
from greenrisk.actuarial.arguments import number, numbers
from greenrisk.actuarial.frequency.counts import Poisson
from greenrisk.actuarial.frequency.law import Frequency
from greenrisk.actuarial.kinds import LOSS_EXPECTED, instance
from greenrisk.actuarial.severity.law import Severity
from greenrisk.actuarial.severity.layered import Layered
from greenrisk.actuarial.severity.mixture import mixture_of
from greenrisk.core.errors import ArgumentError, Fault, Faults

Floats = NDArray[np.float64]


class _Sum:
    """What a compound and a portfolio have in common: they are sums of compounds."""

    @property
    def parts(self) -> tuple[CompoundDistribution, ...]:
        """The independent compounds."""
        raise AssertionError

    def __add__(self, other: CompoundDistribution | Portfolio) -> Portfolio:
        """Return the portfolio of both, independent."""
        instance("other", other, _Sum, LOSS_EXPECTED)
        return Portfolio((*self.parts, *other.parts))

    def moments(self) -> Moments:
        """Return exact mean, standard deviation and skewness of the year's sum, before annual terms; inf if so."""
        return moments.of_sum(collapsed(self.parts))

    def mean(self) -> float:
        """Return E[S]."""
        return self.moments().mean

    def var(self) -> float:
        """Return the variance of S; inf where it does not exist."""
        return self.moments().standard_deviation ** 2

    def skewness(self) -> float:
        """Return the skewness of S; inf where it does not exist, NaN where S is constant."""
        return self.moments().skewness

    def occurrence_exceedance(self, x: ArrayLike) -> Floats:
        """Return the probability that the largest loss of the year exceeds x (OEP), any shape [unitless].

        Notes
        -----
        1 - prod_i P_i(F_i(x)), P the probability generating functions of the numbers of losses.
        """
        points = numbers("x", x, least=0.0, infinite=True)
        none = np.zeros(points.shape)
        for frequency, severity in collapsed(self.parts):
            any_above = np.asarray(frequency.probability_of_any(severity.sf(points)), dtype=np.float64)
            with np.errstate(divide="ignore"):
                none = none + np.log1p(-any_above)
        return np.asarray(0.0 - np.expm1(none))

    def aggregate(
        self,
        rtol: float = 1e-6,
        *,
        annual_limit: float = math.inf,
        annual_attachment: float = 0.0,
        top_level: float = 0.9999,
        largest_grid: int = 2**20,
    ) -> AggregateLoss:
        """Return the law of the year's sum, min(max(S - annual_attachment, 0), annual_limit), by Fourier transform.

        Parameters
        ----------
        rtol : float
            The grid is refined until mean, VaR and TVaR at 0.9, 0.99, 0.995 and 0.999 change by no more, relatively,
            when the step is halved; in (0, 0.1] [unitless].
        annual_limit : float
            Most that is paid for the year, > 0; inf: no limit [unit of the loss].
        annual_attachment : float
            What the year's sum must exceed, >= 0 [unit of the loss].
        top_level : float
            Level up to which values at risk are needed; the grid reaches so far, in [0.5, 1 - 1e-9] [unitless].
        largest_grid : int
            Most cells; where they do not suffice for ``rtol``, ``error.converged`` is False and the errors say so.

        Raises
        ------
        ArgumentError
            If an argument is outside its domain; all of them at once.
        """
        return law_of(self.parts, Terms(annual_attachment, annual_limit, rtol, top_level, largest_grid))

    def aggregate_by_recursion(
        self,
        rtol: float = 1e-6,
        *,
        annual_limit: float = math.inf,
        annual_attachment: float = 0.0,
        top_level: float = 0.9999,
        largest_grid: int = 2**14,
    ) -> AggregateLoss:
        """Return the law of the year's sum by Panjer's recursion: a second method, slow, on plain local moments.

        Parameters
        ----------
        rtol, annual_limit, annual_attachment, top_level, largest_grid
            See :meth:`aggregate`; the work grows with the square of the grid.

        Raises
        ------
        ArgumentError
            If an argument is outside its domain, or a law of the number of losses follows no such recursion.
        """
        terms = Terms(annual_attachment, annual_limit, rtol, top_level, largest_grid)
        return law_of(self.parts, terms, by_recursion=True)


@dataclass(frozen=True)
class CompoundDistribution(_Sum):
    """The sum S = X_1 + ... + X_N of a year's losses, all independent.

    Parameters
    ----------
    frequency : Frequency
        Law of the number N of losses in a year.
    severity : Severity
        Law of one loss, after the terms of each occurrence (``severity.layer(limit, attachment)``).

    Raises
    ------
    ArgumentError
        If one of them is no such law.
    """

    frequency: Frequency
    severity: Severity

    def __post_init__(self) -> None:
        """Check the kinds of the arguments."""
        faults = Faults()
        for name, value, kind in (
            ("frequency", self.frequency, Frequency),
            ("severity", self.severity, Severity),
        ):
            if not isinstance(value, kind):
                faults.add(name, f"{name} = {value!r:.60}", f"A {kind.__name__} was expected.")
        faults.raise_if_any(ArgumentError)

    @property
    def parts(self) -> tuple[CompoundDistribution, ...]:
        """Itself alone."""
        return (self,)


@dataclass(frozen=True)
class Portfolio(_Sum):
    """Independent compounds and their sum.

    Parameters
    ----------
    members : sequence of CompoundDistribution
        At least one.

    Raises
    ------
    ArgumentError
        If there is none, or one is no compound.
    """

    members: Sequence[CompoundDistribution]

    def __post_init__(self) -> None:
        """Check the compounds and keep them as a tuple."""
        kept = tuple(self.members)
        if not kept:
            raise ArgumentError(Fault("members", "members = ()", "At least one compound is needed."))
        faults = Faults()
        for place, value in enumerate(kept):
            if not isinstance(value, CompoundDistribution):
                faults.add(
                    "members", f"members[{place}] = {value!r:.60}", "A CompoundDistribution was expected."
                )
        faults.raise_if_any(ArgumentError)
        object.__setattr__(self, "members", kept)

    @property
    def parts(self) -> tuple[CompoundDistribution, ...]:
        """The compounds."""
        return tuple(self.members)


def law_of(
    compounds: Sequence[CompoundDistribution],
    terms: Terms,
    *,
    by_recursion: bool = False,
) -> AggregateLoss:
    """Return the law of the sum of independent compounds; what the methods ``aggregate`` are made of.

    Parameters
    ----------
    compounds : sequence of CompoundDistribution
        Independent.
    terms : Terms
        Annual terms and accuracy.
    by_recursion : bool
        Whether by Panjer's recursion instead of the transform.
    """
    terms = _checked(terms)
    pairs = collapsed(compounds)
    exact = moments.of_sum(pairs)
    parts = [Part(frequency, severity, severity.atoms()) for frequency, severity in pairs]
    method = recursive_weights([part.frequency for part in parts]) if by_recursion else continuous_weights
    built = grid.build(parts, exact.mean, terms, method)
    free = terms.attachment == 0.0 and terms.limit == math.inf
    return AggregateLoss(
        built.fine,
        built.coarse,
        built.error,
        tuple(compounds),
        terms,
        exact=exact if free else None,
        before_terms=exact,
    )


def collapsed(compounds: Sequence[CompoundDistribution]) -> list[tuple[Frequency, Severity]]:
    """Return number and severity of the compounds, all Poisson ones made one; the others stay as they are.

    Parameters
    ----------
    compounds : sequence of CompoundDistribution
        Independent.

    Notes
    -----
    Rates lambda_i and laws F_i make the rate lambda = sum lambda_i and the mixture sum (lambda_i / lambda) F_i.
    """
    poisson = [(c.frequency, c.severity) for c in compounds if isinstance(c.frequency, Poisson)]
    pairs = [(c.frequency, c.severity) for c in compounds if not isinstance(c.frequency, Poisson)]
    some = [(f.mean(), s) for f, s in poisson if f.mean() > 0.0]
    if len(some) == 1 or (poisson and not some):
        pairs.insert(0, poisson[0] if not some else (Poisson(some[0][0]), some[0][1]))
    elif some:
        total = math.fsum(rate for rate, _ in some)
        pairs.insert(0, (Poisson(total), _mixed(some, total)))
    return pairs


def _mixed(rated: Sequence[tuple[float, Severity]], total: float) -> Severity:
    """The mixture of laws by their rates. Those under one layer come together: they are evaluated as one."""
    groups: dict[object, list[tuple[float, Severity]]] = {}
    for rate, severity in rated:
        terms = (severity.limit, severity.attachment) if isinstance(severity, Layered) else None
        groups.setdefault(terms, []).append((rate, severity))
    rates = [math.fsum(rate for rate, _ in group) for group in groups.values()]
    parts = [
        mixture_of([rate / whole for rate, _ in group], [severity for _, severity in group])
        for whole, group in zip(rates, groups.values(), strict=True)
    ]
    return mixture_of([rate / total for rate in rates], parts)


def _checked(terms: Terms) -> Terms:
    faults = Faults()
    checks = (
        ("annual_attachment", terms.attachment, {"least": 0.0}),
        ("annual_limit", terms.limit, {"above": 0.0, "infinite": True}),
        ("rtol", terms.rtol, {"above": 0.0, "most": 0.1}),
        ("top_level", terms.top_level, {"least": 0.5, "most": 1.0 - 1e-9}),
        ("largest_grid", terms.largest_grid, {"least": 2**12, "most": 2**24}),
    )
    kept = []
    for name, value, domain in checks:
        try:
            kept.append(number(name, value, **domain))
        except ArgumentError as error:
            faults.extend(error.faults)
    faults.raise_if_any(ArgumentError)
    return Terms(kept[0], kept[1], kept[2], kept[3], int(kept[4]))
