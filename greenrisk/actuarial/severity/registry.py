# SPDX-License-Identifier: Apache-2.0
"""All parametric laws of a loss by name."""

from __future__ import annotations

from greenrisk.actuarial.severity.beta import Beta
from greenrisk.actuarial.severity.burr import Burr, Loglogistic
from greenrisk.actuarial.severity.families import Exponential, Gamma, Lognormal, Weibull
from greenrisk.actuarial.severity.family import Family
from greenrisk.actuarial.severity.inverse_gaussian import InverseGaussian
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto, Pareto, ParetoII
from greenrisk.core.errors import ArgumentError, Fault

FAMILIES: dict[str, type[Family]] = {
    "lognormal": Lognormal,
    "exponential": Exponential,
    "gamma": Gamma,
    "weibull": Weibull,
    "pareto": Pareto,
    "pareto_ii": ParetoII,
    "generalised_pareto": GeneralisedPareto,
    "burr": Burr,
    "loglogistic": Loglogistic,
    "inverse_gaussian": InverseGaussian,
    "beta": Beta,
}
"""Each class names its parameters (``names``) and where they may lie (``domains``)."""


def family_of(name: str, given: str | type[Family]) -> type[Family]:
    """Return a family given by its class or by its name, or refuse it.

    Parameters
    ----------
    name : str
        Name of the caller's argument.
    given : type or str
        What was given: a family, or one of the names of :data:`FAMILIES`; capitals and spaces do not matter.
    """
    if isinstance(given, type) and issubclass(given, Family):
        return given
    if isinstance(given, str):
        key = given.strip().lower().replace(" ", "_").replace("-", "_")
        classes = {family.__name__.lower(): family for family in FAMILIES.values()}
        found = FAMILIES.get(key, classes.get(key.replace("_", "")))
        if found is not None:
            return found
    mend = f"A family was expected, e.g. Lognormal, or one of the names {', '.join(FAMILIES)}."
    raise ArgumentError(Fault(name, f"{name} = {given!r:.60}", mend))
