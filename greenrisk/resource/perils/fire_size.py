# SPDX-License-Identifier: Apache-2.0
"""How large a forest fire becomes: a body below 100 ha and a truncated Pareto tail above.

The body is known by two numbers that an official table gives - the share of fires under 1 ha and the mean
size - whatever the family. The tail is not in the Chinese table at all: its shape comes from a prior card,
and it ends at a cap (the exposed forest), without which the mean may not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.severity.law import Severity
from greenrisk.actuarial.severity.modified import Truncated
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto
from greenrisk.actuarial.severity.spliced import Spliced
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.resource.perils.fire_body import BODY_END, Family, body_cdf, body_law, solve_body

_NODES = 4096
_LEAST = 1e-9  # ha; a uniform of 0 gives a fire of 0.1 cm2, not of nothing
_FIRST = 1e-6  # ha; below it ln F is extended as a straight line in ln x


@dataclass(frozen=True)
class FireSizeLaw:
    """Burnt forest of one fire [ha].

    Parameters
    ----------
    family : str
        ``gamma``, ``weibull`` or ``lognormal``: family of the body, truncated at 100 ha.
    share_under_1ha : float
        P(X < 1 ha | X <= 100 ha) [unitless], in (0, 1).
    mean_body : float
        E[X | X <= 100 ha] [ha].
    share_over_100ha : float
        P(X > 100 ha) [unitless], in [0, 1).
    tail_shape : float
        Shape xi of the generalised Pareto law of X - 100 [unitless]; it may exceed 1, since the law is
        truncated.
    tail_scale : float
        Its scale [ha], > 0.
    cap : float
        Largest possible fire [ha], >= 100; at 100 there is no tail and all fires follow the body.

    Notes
    -----
    ``F(x) = (1 - q) F_b(x) / F_b(100)`` for x <= 100 and
    ``1 - F(x) = q (S(x - 100) - S(c - 100)) / (1 - S(c - 100))`` above, with q = P(X > 100) and
    ``S(y) = (1 + xi y / beta)^(-1/xi)``.

    References
    ----------
    Coles, S. (2001). An Introduction to Statistical Modeling of Extreme Values. Springer, section 4.2.
    Klugman, S., Panjer, H., Willmot, G. (2012). Loss Models, 4th ed., appendix A (limited expected values).
    """

    family: Family
    share_under_1ha: float
    mean_body: float
    share_over_100ha: float
    tail_shape: float
    tail_scale: float
    cap: float

    def __post_init__(self) -> None:
        """Refuse what is no law."""
        checks = {
            "family": (self.family in get_args(Family), f"one of {', '.join(get_args(Family))}"),
            "share_under_1ha": (0 < self.share_under_1ha < 1, "in (0, 1)"),
            "mean_body": (0 < self.mean_body < BODY_END, "in (0, 100)  [ha]"),
            "share_over_100ha": (0 <= self.share_over_100ha < 1, "in [0, 1)"),
            "tail_shape": (np.isfinite(self.tail_shape), "finite"),
            "tail_scale": (self.tail_scale > 0, "> 0  [ha]"),
            "cap": (self.cap >= BODY_END, ">= 100  [ha]"),
        }
        for name, (good, domain) in checks.items():
            if not good:
                raise ArgumentError(
                    Fault("FireSizeLaw", f"{name} = {getattr(self, name)!r}", f"It must be {domain}.")
                )

    @cached_property
    def body(self) -> tuple[float, float]:
        """Spread and logarithm of the scale of the body (see :func:`solve_body`)."""
        return solve_body(self.family, self.share_under_1ha, self.mean_body)

    @cached_property
    def tail(self) -> Truncated:
        """Law of a fire above 100 ha, up to the cap; there is none where the cap is 100 ha."""
        pareto = GeneralisedPareto(self.tail_shape, self.tail_scale, BODY_END)
        return Truncated(pareto, BODY_END, self.cap)

    @property
    def share_of_tail(self) -> float:
        """P(X > 100 ha) [unitless]: 0 where the cap leaves no tail."""
        return self.share_over_100ha if self.cap > BODY_END else 0.0

    def severity(self) -> Severity:
        """Return the law as one of the actuarial core: its moments, layers and sums over a year are those of the core.

        Raises
        ------
        ArgumentError
            If no body of the family has the share and the mean.
        """
        return self._severity

    def cdf(self, x: ArrayLike) -> NDArray[np.float64]:
        """Return P(X <= x) for sizes ``x`` [ha], any shape."""
        return np.asarray(self._severity.cdf(x))

    def sf(self, x: ArrayLike) -> NDArray[np.float64]:
        """Return P(X > x) for sizes ``x`` [ha], any shape; accurate far out."""
        size = np.asarray(x, dtype=np.float64)
        if (size < BODY_END).any():
            return np.asarray(self._severity.sf(size))
        # Above 100 ha nothing depends on the body, whose parameters cost a search.
        q = self.share_of_tail
        return np.asarray(q * self.tail.sf(size) if q > 0 else np.zeros(size.shape))

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """Return the size at probability ``u``.

        Parameters
        ----------
        u : array, any shape
            Uniforms on [0, 1].

        Returns
        -------
        array
            Sizes in [1e-9, cap] [ha]. The tail is in closed form; the body is inverted from a table of 4,096
            nodes in the logarithm of the size, to a relative error below 1e-5 above 1e-6 ha, in a fiftieth of the
            time of the exact quantiles of :meth:`severity`.
        """
        probability = np.asarray(u, dtype=np.float64)
        q = self.share_of_tail
        log_x, log_f = self._table
        within = np.clip(probability / (1 - q), 1e-300, 1.0)
        size = np.array(np.maximum(np.exp(np.interp(np.log(within), log_f, log_x)), _LEAST))
        beyond = probability > 1 - q
        if q > 0 and beyond.any():
            size[beyond] = self.tail.isf(np.clip((1 - probability[beyond]) / q, 0.0, 1.0))
        return size

    def mean(self) -> float:
        """Return E[X] [ha]."""
        return self._severity.mean()

    def limited_mean(self, limit: float) -> float:
        """Return E[min(X, limit)] [ha] in closed form.

        Parameters
        ----------
        limit : float
            Limit [ha], >= 0.
        """
        return float(self._severity.limited_expected_value(limit))

    @cached_property
    def _severity(self) -> Severity:
        body = body_law(self.family, *self.body)
        if self.share_of_tail == 0.0:
            return Truncated(body, upper=BODY_END)
        return Spliced(body, self.tail, BODY_END, self.share_of_tail)

    @cached_property
    def _table(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        log_x = np.linspace(np.log(_FIRST), np.log(BODY_END), _NODES)
        f = body_cdf(self.family, *self.body, np.exp(log_x)) / body_cdf(self.family, *self.body, BODY_END)
        keep = f > 1e-290
        log_x, log_f = log_x[keep], np.log(f[keep])
        log_f[-1], log_x[-1] = 0.0, np.log(BODY_END)
        # One node far below carries the straight line of ln F against ln x (exact for F ~ x^k).
        slope = (log_f[1] - log_f[0]) / (log_x[1] - log_x[0])
        first = -700.0
        if log_f[0] > first:
            log_x = np.r_[log_x[0] + (first - log_f[0]) / slope, log_x]
            log_f = np.r_[first, log_f]
        return log_x, log_f


def fire_size_law(
    size_values: Mapping[str, float | str], tail_values: Mapping[str, float | str], cap: float
) -> FireSizeLaw:
    """Return the size law from the values of a ``wildfire.size`` and a ``wildfire.tail`` card.

    Parameters
    ----------
    size_values : mapping
        ``family``, ``share_under_1ha``, ``mean_body``, ``share_over_100ha``.
    tail_values : mapping
        ``shape``, ``scale``.
    cap : float
        Largest possible fire [ha].
    """
    return FireSizeLaw(
        family=str(size_values["family"]),  # type: ignore[arg-type]
        share_under_1ha=float(size_values["share_under_1ha"]),
        mean_body=float(size_values["mean_body"]),
        share_over_100ha=float(size_values["share_over_100ha"]),
        tail_shape=float(tail_values["shape"]),
        tail_scale=float(tail_values["scale"]),
        cap=cap,
    )
