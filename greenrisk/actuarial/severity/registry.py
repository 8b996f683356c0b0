# SPDX-License-Identifier: Apache-2.0
"""All parametric laws of a loss by name."""

from __future__ import annotations

from greenrisk.actuarial.severity.beta import Beta
from greenrisk.actuarial.severity.burr import Burr, Loglogistic
from greenrisk.actuarial.severity.families import Exponential, Gamma, Lognormal, Weibull
from greenrisk.actuarial.severity.family import Family
from greenrisk.actuarial.severity.inverse_gaussian import InverseGaussian
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto, Pareto, ParetoII

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
