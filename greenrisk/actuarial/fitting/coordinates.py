# SPDX-License-Identifier: Apache-2.0
"""Which parameters of a family are fitted, and the line without ends on which each of them is searched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from greenrisk.actuarial.arguments import number
from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.severity.family import Domain, Family, Theta
from greenrisk.core.errors import ArgumentError, Faults

Floats = NDArray[np.float64]

ENDS_OF_SUPPORT = {"Pareto": "threshold", "GeneralisedPareto": "threshold", "Beta": "scale"}
"""Parameters that end the range of losses: the likelihood puts them on the outermost record; they are never fitted."""


class Coordinates:
    """The free parameters of a family as points of a space without edges.

    Parameters
    ----------
    family : type
        The family.
    fixed : mapping
        Parameters that are held, with their values.

    Notes
    -----
    A parameter above a bound is searched as its logarithm above it, one between two bounds as its logit, any other as
    it is. Estimates do not depend on this.
    """

    def __init__(self, family: type[Family], fixed: Mapping[str, float]) -> None:
        self.family = family
        self.fixed = dict(fixed)
        self.free = tuple(name for name in family.names if name not in self.fixed)
        self._domains: list[Domain] = [family.domains[name] for name in self.free]

    def point(self, parameters: Mapping[str, float]) -> Floats:
        """Return the point of some parameters, shape (free,).

        Parameters
        ----------
        parameters : mapping
            At least the free ones.
        """
        out = []
        for name, domain in zip(self.free, self._domains, strict=True):
            value = parameters[name]
            if np.isfinite(domain.high):
                out.append(float(logit((value - domain.low) / (domain.high - domain.low))))
            else:
                out.append(float(np.log(value - domain.low)) if np.isfinite(domain.low) else float(value))
        return np.array(out)

    def natural(self, points: Floats) -> Floats:
        """Return the free parameters at points, both of shape (..., free).

        Parameters
        ----------
        points : array, shape (..., free)
            Where.
        """
        out = np.empty_like(points)
        with np.errstate(over="ignore"):
            for i, domain in enumerate(self._domains):
                z = points[..., i]
                if np.isfinite(domain.high):
                    out[..., i] = domain.low + (domain.high - domain.low) * expit(z)
                else:
                    out[..., i] = domain.low + np.exp(z) if np.isfinite(domain.low) else z
        return out

    def slopes(self, point: Floats) -> Floats:
        """Return the derivatives of the free parameters along their lines, shape (free,).

        Parameters
        ----------
        point : array, shape (free,)
            Where.
        """
        out = np.ones(point.size)
        for i, domain in enumerate(self._domains):
            if np.isfinite(domain.high):
                share = float(expit(point[i]))
                out[i] = (domain.high - domain.low) * share * (1 - share)
            elif np.isfinite(domain.low):
                out[i] = np.exp(point[i])
        return out

    def theta(self, points: Floats) -> Theta:
        """Return all parameters in the order of the family's names, each of shape (point, 1).

        Parameters
        ----------
        points : array, shape (point, free)
            Where.
        """
        found = dict(zip(self.free, self.natural(points).T[..., None], strict=True))
        everything: dict[str, Any] = {**self.fixed, **found}
        return tuple(everything[name] for name in self.family.names)

    def parameters(self, point: Floats) -> dict[str, float]:
        """Return all parameters by name at one point.

        Parameters
        ----------
        point : array, shape (free,)
            Where.
        """
        values = {**self.fixed, **dict(zip(self.free, self.natural(point).tolist(), strict=True))}
        return {name: values[name] for name in self.family.names}


def coordinates_of(family: type[Family], fixed: Mapping[str, float] | None, data: LossData) -> Coordinates:
    """Return the coordinates of a fit: ends of the support are held even if the caller says nothing of them.

    Parameters
    ----------
    family : type
        The family.
    fixed : mapping, optional
        Parameters to hold.
    data : LossData
        A Pareto law without a threshold takes the deductible, if all records have the same one above 0.

    Raises
    ------
    ArgumentError
        If a name is unknown, a value lies outside its domain, nothing is left to fit, or a threshold is needed.
    """
    faults = Faults()
    held = dict(fixed or {})
    for name, value in held.items():
        if name not in family.names:
            known = ", ".join(family.names)
            faults.add("fixed", f"fixed[{name!r}]", f"{family.__name__} has the parameters {known}.")
            continue
        domain = family.domains[name]
        try:
            least, above = (domain.low, -np.inf) if domain.closed else (-np.inf, domain.low)
            held[name] = number(
                f"fixed[{name!r}]", value, least=least, above=above, below=domain.high, unit=domain.unit
            )
        except ArgumentError as error:
            faults.extend(error.faults)
    end = ENDS_OF_SUPPORT.get(family.__name__)
    if end is not None and end not in held:
        default = getattr(family, end, None)
        if default is not None:
            held[end] = float(default)
        elif data.deductibles.min() > 0 and np.ptp(data.deductibles) == 0:
            held[end] = float(data.deductibles[0])
        else:
            what = f"fixed without {end!r} for {family.__name__}"
            mend = (
                f"Give fixed={{{end!r}: ...}}: maximum likelihood would put it on the least loss, with no error. "
                "One deductible for all records serves as well."
            )
            faults.add("fixed", what, mend, family.domains[end].unit)
    if not faults and not set(family.names) - set(held):
        faults.add(
            "fixed", f"fixed = {held}", f"Leave at least one parameter of {family.__name__} to be fitted."
        )
    faults.raise_if_any(ArgumentError)
    return Coordinates(family, held)
