# SPDX-License-Identifier: Apache-2.0
"""How regressions and rating models print: a row a coefficient or relativity, then how the whole fits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.actuarial.glm.design import Slope
from greenrisk.actuarial.printing import counted, error, figure, table

if TYPE_CHECKING:
    from greenrisk.actuarial.glm.data import Regression
    from greenrisk.actuarial.glm.mixed import MixedFit
    from greenrisk.actuarial.glm.rating import RatingModel


def regression_table(fit: Regression) -> str:
    """Return the coefficients with their errors, on the log scale and as factors.

    Parameters
    ----------
    fit : Regression
        The fit.
    """
    columns = zip(fit.names, fit.coefficients.tolist(), fit.standard_errors().tolist(), strict=True)
    rows = [(name, figure(value), error(se), figure(_factor(value))) for name, value, se in columns]
    heads = ("coefficient", "log scale", "± error", "factor")
    return "\n".join([f"Regression ({_law(fit)}), {_rows(fit)}", table(heads, rows), _fit(fit)])


def rating_table(model: RatingModel) -> str:
    """Return base rate and relativities with their errors, the balance, and how the whole fits.

    Parameters
    ----------
    model : RatingModel
        The tariff.
    """
    fit, balance = model.regression, model.balance()[0]
    rows = []
    for term, level, relativity, se, low, high, exposure, base in model.relativities():
        found = ["reference", "", ""] if base else [error(relativity * se), figure(low), figure(high)]
        rows.append([term, level, figure(relativity), *found, figure(exposure)])
    heads = ("term", "level", "relativity", "± error", "95% from", "to", "exposure")
    slopes = [term.name for term in model.terms.terms if isinstance(term, Slope)]
    codes = [name for name in slopes if _whole(model.data.table[name])]
    told = f"observed {figure(balance.observed)}, fitted {figure(balance.fitted)}"
    return "\n".join(
        [
            f"RatingModel ({_law(fit)}), {_rows(fit)}; the relativity of the base is the base rate",
            table(heads, rows, left=2, most=60),
            f"balance: {told}, factor {balance.factor:.6f}",
            _fit(fit),
            *(
                f"{name}: one slope for a whole number; if it is a code, name it in categorical"
                for name in codes
            ),
        ]
    )


def _whole(values: ArrayLike) -> bool:
    numbers = np.asarray(values, dtype=np.float64)
    return bool((numbers == np.floor(numbers)).all())


def mixed_lines(fit: MixedFit) -> str:
    """Return dispersion and the spread of each block of random effects, with their errors.

    Parameters
    ----------
    fit : MixedFit
        The fit.
    """
    relative = np.sqrt(np.diag(fit.log_covariance)).tolist()
    values = {"dispersion": fit.dispersion} | {f"sd of {name}": sd for name, sd in fit.sds.items()}
    errors = [error(v * r) for v, r in zip(values.values(), relative, strict=True)]
    rows = [(name, figure(v), e) for (name, v), e in zip(values.items(), errors, strict=True)]
    size = counted(fit.coefficients.size, "coefficient")
    first = f"MixedFit of {size}, restricted log-likelihood {fit.log_likelihood:,.2f}"
    return "\n".join([first, table(("parameter", "value", "± error"), rows)])


def _factor(value: float) -> float:
    return math.exp(value) if value < 700.0 else math.inf


def _law(fit: Regression) -> str:
    name = fit.family.replace("_", " ")
    return f"{name} of power {fit.power:.4g}" if fit.family == "tweedie" else name


def _rows(fit: Regression) -> str:
    return counted(int(fit.fitted.size), "row")


def _fit(fit: Regression) -> str:
    freedom = counted(fit.degrees_of_freedom, "degree")
    return (
        f"dispersion {figure(fit.dispersion)} (Pearson {figure(fit.pearson_dispersion)}), "
        f"deviance {figure(fit.deviance)} on {freedom} of freedom, AIC {fit.aic:,.2f}"
    )
