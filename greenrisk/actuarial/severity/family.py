# SPDX-License-Identifier: Apache-2.0
"""What the parametric laws share: checks of parameters, ends of the range, formulas for many laws at once."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.actuarial.severity.law import Severity
from greenrisk.core.errors import ArgumentError, Fault, Faults

Floats = NDArray[np.float64]
Theta = tuple[Floats, ...]
"""Parameters in the order of ``names``, that broadcast against x."""


class Domain(NamedTuple):
    """Where a parameter may lie."""

    low: float
    high: float
    closed: bool = False
    """Whether ``low`` itself is allowed; ``high`` never is."""
    unit: str = "unitless"


POSITIVE = Domain(0.0, math.inf)
AMOUNT = Domain(0.0, math.inf, unit="unit of the loss")
REAL = Domain(-math.inf, math.inf)


class Family(Severity):
    """A law given by a few numbers, continuous on (0, inf) or a part of it.

    Subclasses are frozen dataclasses whose fields are ``names``, and write each formula once, as a static method
    ``_formula(x, theta)`` that broadcasts x against the parameters and need not mind x < 0 and x = inf.
    """

    names: ClassVar[tuple[str, ...]]
    domains: ClassVar[dict[str, Domain]]

    def __post_init__(self) -> None:
        """Refuse parameters outside their domains, all at once."""
        faults = Faults()
        for name in self.names:
            domain = self.domains[name]
            at_least = domain.low if domain.closed else -math.inf
            above = -math.inf if domain.closed else domain.low
            try:
                value = number(
                    name,
                    getattr(self, name),
                    above=above,
                    least=at_least,
                    below=domain.high,
                    unit=domain.unit,
                )
            except ArgumentError as error:
                faults.extend(error.faults)
            else:
                object.__setattr__(self, name, value)
        faults.raise_if_any(ArgumentError)

    def parameters(self) -> dict[str, float]:
        """Return the parameters by name."""
        return {name: getattr(self, name) for name in self.names}

    @property
    def theta(self) -> Theta:
        """The parameters in the order of ``names``, each of shape ()."""
        return tuple(np.asarray(getattr(self, name)) for name in self.names)

    def cdf(self, x: ArrayLike) -> Floats:
        """Return P(X <= x)."""
        return self.cdf_of(points("x", x), self.theta)

    def sf(self, x: ArrayLike) -> Floats:
        """Return P(X > x), accurate far out (never 1 - cdf)."""
        return self.sf_of(points("x", x), self.theta)

    def pdf(self, x: ArrayLike) -> Floats:
        """Return the density; at 0 its limit from the right."""
        return self.pdf_of(points("x", x), self.theta)

    def logpdf(self, x: ArrayLike) -> Floats:
        """Return the logarithm of the density, -inf where that is 0."""
        return self.logpdf_of(points("x", x), self.theta)

    def logsf(self, x: ArrayLike) -> Floats:
        """Return ln P(X > x), also where the probability itself is too small for a float."""
        return self.logsf_of(points("x", x), self.theta)

    def ppf(self, p: ArrayLike) -> Floats:
        """Return inf{x : F(x) >= p} for p in [0, 1]; near 1 use :meth:`isf`, which keeps its digits."""
        return self.ppf_of(numbers("p", p, least=0.0, most=1.0, unit="unitless"), self.theta)

    def isf(self, q: ArrayLike) -> Floats:
        """Return x with P(X > x) = q for q in [0, 1], accurate for the smallest q."""
        return self.isf_of(numbers("q", q, least=0.0, most=1.0, unit="unitless"), self.theta)

    def limited_expected_value(self, limit: ArrayLike, power: int = 1) -> Floats:
        """Return E[min(X, limit)^power] for limits in [0, inf] and power 1, 2 or 3, in closed form.

        An infinite limit gives the moment itself, inf where it does not exist.
        """
        return self.limited_of(limits(limit), self.theta, checked_power(power))[()]

    @classmethod
    def cdf_of(cls, x: Floats, theta: Theta) -> Floats:
        """Return P(X <= x) for parameters that broadcast against x (many laws of this family at once)."""
        return _ended(cls._cdf, x, theta, 0.0, 1.0)

    @classmethod
    def sf_of(cls, x: Floats, theta: Theta) -> Floats:
        """Return P(X > x) for parameters that broadcast against x."""
        return _ended(cls._sf, x, theta, 1.0, 0.0)

    @classmethod
    def pdf_of(cls, x: Floats, theta: Theta) -> Floats:
        """Return the density for parameters that broadcast against x."""
        with np.errstate(over="ignore"):
            return np.exp(cls.logpdf_of(x, theta))

    @classmethod
    def logpdf_of(cls, x: Floats, theta: Theta) -> Floats:
        """Return the log-density for parameters that broadcast against x."""
        return _ended(cls._logpdf, x, theta, -math.inf, -math.inf)

    @classmethod
    def logsf_of(cls, x: Floats, theta: Theta) -> Floats:
        """Return ln P(X > x) for parameters that broadcast against x."""
        return _ended(cls._logsf, x, theta, 0.0, -math.inf)

    @classmethod
    def ppf_of(cls, p: Floats, theta: Theta) -> Floats:
        """Return quantiles for parameters that broadcast against p."""
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            return cls._ppf(p, theta)

    @classmethod
    def isf_of(cls, q: Floats, theta: Theta) -> Floats:
        """Return x with P(X > x) = q for parameters that broadcast against q."""
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            return cls._isf(q, theta)

    @classmethod
    def limited_of(cls, limit: Floats, theta: Theta, power: int = 1) -> Floats:
        """Return limited expected values for parameters that broadcast against the limits."""
        with np.errstate(over="ignore", under="ignore"):
            return cls._limited(limit, theta, power)

    @staticmethod
    @abstractmethod
    def _cdf(x: Floats, theta: Theta) -> Floats: ...

    @staticmethod
    @abstractmethod
    def _sf(x: Floats, theta: Theta) -> Floats: ...

    @staticmethod
    @abstractmethod
    def _logpdf(x: Floats, theta: Theta) -> Floats: ...

    @staticmethod
    @abstractmethod
    def _logsf(x: Floats, theta: Theta) -> Floats: ...

    @staticmethod
    @abstractmethod
    def _ppf(p: Floats, theta: Theta) -> Floats: ...

    @staticmethod
    @abstractmethod
    def _isf(q: Floats, theta: Theta) -> Floats: ...

    @staticmethod
    @abstractmethod
    def _limited(limit: Floats, theta: Theta, power: int) -> Floats: ...


def mean_and_cv(mean: float, cv: float, *, cv_above: float = 0.0, why: str = "") -> tuple[float, float]:
    """Return mean and coefficient of variation, or refuse them, both at once.

    Parameters
    ----------
    mean : float
        > 0 [unit of the loss].
    cv : float
        Standard deviation over mean, > ``cv_above`` [unitless].
    cv_above : float
        What the family needs.
    why : str
        Added to the mend where the family needs more than cv > 0.
    """
    faults = Faults()
    checked = [math.nan, math.nan]
    bounds = (("mean", mean, 0.0, "unit of the loss"), ("cv", cv, cv_above, "unitless"))
    for place, (name, value, above, unit) in enumerate(bounds):
        try:
            checked[place] = number(name, value, above=above, unit=unit)
        except ArgumentError as error:
            for fault in error.faults:
                expected = f"{fault.expected} {why}".rstrip() if name == "cv" else fault.expected
                faults.add(fault.where, fault.what, expected, fault.unit)
    faults.raise_if_any(ArgumentError)
    return checked[0], checked[1]


def points(name: str, values: ArrayLike) -> Floats:
    """Return losses, any sign and infinity allowed, as floats; NaN is refused.

    Parameters
    ----------
    name : str
        Name of the caller's argument.
    values : array
        What was given [unit of the loss].
    """
    return numbers(name, values, infinite=True, unit="unit of the loss")


def limits(values: ArrayLike) -> Floats:
    """Return limits in [0, inf] as floats, or refuse them.

    Parameters
    ----------
    values : array
        What was given [unit of the loss].
    """
    return numbers("limit", values, least=0.0, infinite=True, unit="unit of the loss")


def checked_power(power: int) -> int:
    """Return 1, 2 or 3, or refuse it.

    Parameters
    ----------
    power : int
        Of the loss under the expectation.
    """
    if power not in (1, 2, 3):
        raise ArgumentError(
            Fault("power", f"power = {power!r}", "Limited expected values are offered for power 1, 2 and 3.")
        )
    return int(power)


def _ended(
    formula: Callable[[Floats, Theta], Floats],
    x: Floats,
    theta: Theta,
    at_negative: float,
    at_infinity: float,
) -> Floats:
    """Evaluate a formula on [0, inf) and put its limits elsewhere."""
    negative, infinite = x < 0, x == np.inf
    plain = not (negative.any() or infinite.any())
    safe = x if plain else np.where(negative | infinite, 1.0, x)
    with np.errstate(divide="ignore", over="ignore", under="ignore", invalid="ignore"):
        value = formula(safe, theta)
    if plain:
        return value
    return np.asarray(np.where(negative, at_negative, np.where(infinite, at_infinity, value)))[()]
