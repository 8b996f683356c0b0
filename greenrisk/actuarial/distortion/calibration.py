# SPDX-License-Identifier: Apache-2.0
"""Distortions calibrated to a premium, a loss ratio or a return: one parameter, by a monotone search."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from numpy.typing import ArrayLike
from scipy.optimize import brentq

from greenrisk.actuarial.arguments import number
from greenrisk.actuarial.distortion.curve import Loss, SampleCurve, curve_of
from greenrisk.actuarial.distortion.functions import Distortion, FreeParameter
from greenrisk.actuarial.distortion.pricing import assets_behind
from greenrisk.actuarial.reading import quoted
from greenrisk.core.errors import ArgumentError, Fault

_LAST = 1.0 - 2.0**-52  # how near to the parameter of the greatest possible loss the search goes


def calibrate(
    family: type[Distortion],
    loss: Loss,
    *,
    target_premium: float | None = None,
    target_loss_ratio: float | None = None,
    target_return: float | None = None,
    assets: float | None = None,
    fixed: Mapping[str, float] | None = None,
    weights: ArrayLike | None = None,
) -> Distortion:
    """Return the distortion of a family under which a loss has a given price.

    Parameters
    ----------
    family : type of Distortion
        One of those with a free parameter, e.g. ``Wang``.
    loss : array, shape (year,), or Sample, AggregateLoss or Severity
        Outcomes [currency], or a law.
    target_premium : float, optional
        The price [currency].
    target_loss_ratio : float, optional
        Mean over price [unitless], in (0, 1].
    target_return : float, optional
        (price - mean) / (assets - price) [1/year], >= 0. Exactly one target must be given.
    assets : float, optional
        For ``target_return``: what stands behind the loss [currency]; the greatest possible loss unless given.
    fixed : mapping of str to float, optional
        The family's other parameters: ``low`` and ``high`` of a bi-TVaR.
    weights : array, shape (year,), optional
        As for :func:`price`.

    Returns
    -------
    Distortion
        Its price is the target to 1e-12 where the price is continuous in the parameter.

    Raises
    ------
    ArgumentError
        If the family has no free parameter, or others than those of ``fixed``, not exactly one target is given, or the
        target is out of reach; the range that can be reached is named.

    Notes
    -----
    The price is monotone in the parameter; Brent's method on 1 - target / price.
    """
    free = _free(family, fixed or {})
    curve = curve_of(loss, weights)
    low = -math.inf if isinstance(curve, SampleCurve) else 0.0
    others = dict(fixed or {})

    def member(t: float) -> Distortion:
        moved = t / (1.0 - t) if math.isinf(free.extreme) else t * (free.extreme - free.neutral)
        arguments: dict[str, Any] = {**others, free.name: free.neutral + moved}
        return family(**arguments)

    def value(t: float) -> float:
        return curve.integral(member(t), low, math.inf).value

    mean, cheapest = curve.mean(low, math.inf), value(0.0)
    target = _target(mean, target_premium, target_loss_ratio, target_return, assets, curve.greatest)
    slack = 1e-12 * abs(target)
    if math.isfinite(cheapest) and abs(target - cheapest) <= slack:
        return member(0.0)
    most = 1.0 if free.reached else _LAST
    dearest = value(most)
    targets = _targets(target_premium, target_loss_ratio, target_return)
    name, asked = next((name, value) for name, value in targets if value is not None)
    found: Distortion | None = None
    if math.isfinite(cheapest) and target > cheapest:
        if abs(target - dearest) <= slack:
            found = member(most)
        elif target < dearest:
            t = brentq(lambda t: 1.0 - target / value(t), 0.0, most, xtol=1e-16, rtol=8.9e-16, maxiter=300)
            # a weight on the greatest possible loss makes the price jump to infinity: no member in between
            found = member(t) if math.isfinite(value(t)) and t > 0.0 else None
    if found is None:
        end = "infinity" if math.isinf(dearest) else f"{dearest:.10g}"
        span = (
            f"reaches {cheapest:.10g} to {end}"
            if target < cheapest or target > dearest
            else "has no such price"
        )
        reach = f"{family.__name__} {span}; a layer or a cap of the loss may have it."
        premium = "" if name == "target_premium" else f", a premium of {target:.10g}"
        raise ArgumentError(Fault(name, f"{name} = {asked:.10g}{premium}", f"The premium of {reach}"))
    return found


def _free(family: type[Distortion], fixed: Mapping[str, float]) -> FreeParameter:
    """Return the parameter that moves, or refuse a family without one and others than its other parameters."""
    if not (isinstance(family, type) and issubclass(family, Distortion)):
        mend = "The class of a distortion was expected, without the parameter that is sought: Wang."
        raise ArgumentError(Fault("family", f"family = {quoted(family)}", mend))
    if family.free is None or not is_dataclass(family):
        raise ArgumentError(
            Fault("family", family.__name__, "It has no single free parameter; calibrate one of its parts.")
        )
    needed = [field.name for field in fields(family) if field.init and field.name != family.free.name]
    if set(needed) != set(fixed):
        named = f"exactly {' and '.join(needed)}" if needed else "no other parameter"
        mend = f"{family.__name__} is moved by {family.free.name}; fixed must give {named}."
        raise ArgumentError(Fault("fixed", f"fixed = {dict(fixed)}", mend))
    return family.free


def _targets(
    premium: float | None, loss_ratio: float | None, rate: float | None
) -> tuple[tuple[str, float | None], ...]:
    return (("target_premium", premium), ("target_loss_ratio", loss_ratio), ("target_return", rate))


def _target(
    mean: float,
    premium: float | None,
    loss_ratio: float | None,
    rate: float | None,
    assets: float | None,
    greatest: float,
) -> float:
    given = [name for name, value in _targets(premium, loss_ratio, rate) if value is not None]
    if len(given) != 1:
        what = " and ".join(given) or "no target"
        names = "target_premium, target_loss_ratio, target_return"
        raise ArgumentError(Fault("target_premium", what, f"Exactly one of {names} was expected."))
    if premium is not None:
        return number("target_premium", premium, above=0.0)
    if loss_ratio is not None:
        return mean / number("target_loss_ratio", loss_ratio, above=0.0, most=1.0, unit="unitless")
    yearly = number("target_return", float(rate or 0.0), least=0.0, unit="1/year")
    return (mean + yearly * assets_behind(assets, greatest)) / (1.0 + yearly)
