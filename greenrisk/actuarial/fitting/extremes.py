# SPDX-License-Identifier: Apache-2.0
"""Maximum-likelihood fits of the generalised extreme value and generalised Pareto laws, with covariates or without.

Block maxima and peaks are made in :mod:`greenrisk.actuarial.fitting.peaks`, return levels in
:mod:`greenrisk.actuarial.fitting.return_levels`; two nested fits are compared by
:func:`greenrisk.actuarial.fitting.nested.likelihood_ratio_test`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.actuarial.fitting.extreme_fit import ExtremeValueFit, GeneralisedParetoFit
from greenrisk.actuarial.fitting.extreme_model import (
    Covariates,
    ExtremeModel,
    extreme_model,
)
from greenrisk.actuarial.fitting.search import Floats, curvature, highest
from greenrisk.actuarial.labels import aligned
from greenrisk.core.errors import ArgumentError, Fault, FitError

_IRREGULAR = -0.5
"""At or below this shape the maximum-likelihood estimator is not regular (Smith 1985)."""
_FEWEST = 10
_FEWEST_EACH = 5
"""Least number of observations: ten, and five for each coefficient."""


def fit_generalised_extreme_value(
    maxima: ArrayLike,
    *,
    location: Covariates | None = None,
    scale: Covariates | None = None,
    shape: Covariates | None = None,
) -> ExtremeValueFit:
    """Fit a generalised extreme value law to block maxima by maximum likelihood.

    Parameters
    ----------
    maxima : array, shape (n,)
        One for each block, any unit; of minima give the negatives.
    location, scale, shape : mapping of str to array, shape (n,)
        Covariates of the location (identity link), the scale (log link) and the shape (identity link).

    Raises
    ------
    ArgumentError
        If an argument is not finite or of another length, or covariates are constant or linearly dependent.
    FitError
        With fewer than 10 maxima or 5 for each coefficient, if no start leads to a maximum, if the likelihood is flat
        there, or at a shape of -0.5 or less, where the estimator is not regular.

    Notes
    -----
    ``F(x) = exp(-(1 + xi (x - mu) / sigma)^(-1 / xi))``, Gumbel at xi = 0: xi > 0 is the heavy tail, as in Coles and in
    R's evd; scipy's ``genextreme`` takes c = -xi. Each coefficient is reported for the covariates as given, though
    they are standardised inside. Several starts are followed and the best maximum is kept.

    References
    ----------
    Coles, S. (2001). An Introduction to Statistical Modeling of Extreme Values. Springer, chapters 3 and 6.
    Smith, R. L. (1985). Maximum likelihood estimation in a class of nonregular cases. Biometrika 72(1), 67-90.
    https://doi.org/10.1093/biomet/72.1.67
    """
    aligned(maxima=maxima, **_by_name(location=location, scale=scale, shape=shape))
    x = numbers("maxima", maxima, dimensions=1)
    _enough(x.size, 3, (location, scale, shape), "block maxima")
    if np.subtract(*np.quantile(x, [0.75, 0.25])) <= 0:
        raise FitError(
            Fault(
                "maxima",
                f"half of the {x.size} are equal to {np.median(x):g}",
                "A law of maxima needs them to differ.",
            )
        )
    return ExtremeValueFit(
        *_fit(extreme_model("gev", x, location, scale, shape), "generalised extreme value")
    )


def fit_generalised_pareto(
    losses: ArrayLike,
    threshold: float | None = None,
    *,
    scale: Covariates | None = None,
    shape: Covariates | None = None,
) -> GeneralisedParetoFit:
    """Fit a generalised Pareto law to the excesses of losses over a threshold by maximum likelihood.

    Parameters
    ----------
    losses : array, shape (n,)
        As they are, the threshold NOT taken from them: those strictly above it are fitted, the others left out. Without
        a threshold they are themselves the excesses, each > 0.
    threshold : float, optional
        Fixed beforehand, in the unit of the losses.
    scale, shape : mapping of str to array, shape (n,)
        Covariates of the scale (log link) and the shape (identity link), one value for each of the losses.

    Raises
    ------
    ArgumentError
        If an argument is not finite or of another length, no loss exceeds the threshold, or covariates are constant or
        linearly dependent.
    FitError
        With fewer than 10 excesses or 5 for each coefficient, if no start leads to a maximum, if the likelihood is flat
        there, or at a shape of -0.5 or less, where the estimator is not regular.

    Notes
    -----
    ``P(X > u + y | X > u) = (1 + xi y / sigma)^(-1 / xi)``, exponential at xi = 0; scipy's ``genpareto`` takes c = xi.
    The mean is infinite from xi = 1 on and the variance from 1/2 (see ``mean_exists``). One start is not enough on the
    tails of fires: five are followed and the best maximum is kept.

    References
    ----------
    Coles, S. (2001). An Introduction to Statistical Modeling of Extreme Values. Springer, section 4.3.2.
    Smith, R. L. (1985). Maximum likelihood estimation in a class of nonregular cases. Biometrika 72(1), 67-90.
    https://doi.org/10.1093/biomet/72.1.67
    """
    aligned(losses=losses, **_by_name(scale=scale, shape=shape))
    x = numbers("losses", losses, dimensions=1)
    u = 0.0 if threshold is None else number("threshold", threshold)
    over = x > u
    if threshold is None and not over.all():
        what = f"losses[{int(x.argmin())}] = {x.min():g}"
        raise FitError(
            Fault("losses", what, "Without a threshold excesses were expected, each > 0: give the threshold.")
        )
    parts = tuple(_over(name, part, over) for name, part in (("scale", scale), ("shape", shape)))
    _enough(int(over.sum()), 2, parts, "excesses")
    found = _fit(extreme_model("gpd", x[over] - u, None, *parts), "generalised Pareto")
    return GeneralisedParetoFit(*found, u)


def _by_name(**parts: Covariates | None) -> dict[str, object]:
    """Return the covariates as arguments, each by its name within its parameter."""
    return {
        f"{part}[{name!r}]": values
        for part, columns in parts.items()
        for name, values in (columns or {}).items()
    }


def _over(part: str, columns: Covariates | None, over: NDArray[np.bool_]) -> Covariates | None:
    """Return the covariates of the losses that are fitted."""
    kept = {}
    for name, values in (columns or {}).items():
        given = numbers(f"{part}[{name!r}]", values, dimensions=1)
        if given.size != over.size:
            what = f"{name} of length {given.size}"
            mend = f"One value for each of the {over.size} losses was expected."
            raise ArgumentError(Fault(f"{part}[{name!r}]", what, mend))
        kept[name] = given[over]
    return kept or None


def _enough(size: int, constants: int, parts: tuple[Covariates | None, ...], what: str) -> None:
    coefficients = constants + sum(len(part or {}) for part in parts)
    needed = max(_FEWEST, _FEWEST_EACH * coefficients)
    if size < needed:
        mend = f"At least {needed} are needed for {coefficients} coefficients."
        raise FitError(
            Fault("fit", f"{size} {what}", f"{mend} A lower threshold or fewer covariates may help.")
        )


def _fit(model: ExtremeModel, law: str) -> tuple[Floats, Floats, float, ExtremeModel, Floats]:
    count = model.values.size
    best = highest(model.mean_log_likelihood, model.starts(), count)
    if best is None:
        raise FitError(
            Fault(
                "fit",
                f"{law} law, {count} values",
                "No start led to a maximum: the tail has an end (shape near -1), or the covariates say too much.",
            )
        )
    shape = float((model.designs[2] @ model.split(best.point)[2]).min())
    if shape <= _IRREGULAR:
        what = f"shape = {shape:.3g}"
        raise FitError(
            Fault("fit", what, "The fit is irregular at a shape of -0.5 or less: the tail has an end.")
        )
    information = curvature(model.mean_log_likelihood, best.point)
    if information is None or np.linalg.eigvalsh(information).min() <= 0:
        raise FitError(Fault("fit", f"shape = {shape:.3g}", "The likelihood is flat at its maximum."))
    matrix, shift = model.transform()
    return (
        matrix @ best.point + shift,
        matrix @ np.linalg.inv(information * count) @ matrix.T,
        count * (best.value - float(np.log(model.unit))),
        model,
        best.point,
    )
