# SPDX-License-Identifier: Apache-2.0
"""All parametric laws of a loss by name."""

from __future__ import annotations

from greenrisk.actuarial.reading import quoted
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


def family_of(name: str, given: object) -> type[Family]:
    """Return a family by its class or by its name in :data:`FAMILIES`, or refuse what is none.

    Parameters
    ----------
    name : str
        Name of the caller's argument.
    given : type or str
        ``Lognormal`` or ``"lognormal"``, say; capitals, spaces and hyphens do not matter.

    Raises
    ------
    ArgumentError
        For an unknown name, a law with its parameters, or a class of another library.
    """
    if isinstance(given, type) and issubclass(given, Family):
        return given
    if isinstance(given, str):
        by_name = {key.replace("_", ""): family for key, family in FAMILIES.items()}
        found = by_name.get("".join(filter(str.isalpha, given.lower())).replace("ized", "ised"))
        if found is not None:
            return found
    mend = f"A family was expected, e.g. Lognormal, or one of the names {', '.join(FAMILIES)}."
    if isinstance(given, Family):
        mend = f"That is a law with its parameters. {mend.replace('Lognormal', type(given).__name__)}"
    raise ArgumentError(Fault(name, f"{name} = {quoted(given)}", mend))
