# SPDX-License-Identifier: Apache-2.0
"""The fit of a rating model from rows of a portfolio, and the checks of what it is given."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.actuarial.arguments import number, numbers, one_of
from greenrisk.actuarial.glm.data import Floats
from greenrisk.actuarial.glm.design import (
    Table,
    Terms,
    columns_of,
    read_terms,
    require_responses,
    same_columns,
)
from greenrisk.actuarial.glm.rating import RatingData, RatingModel, regress
from greenrisk.actuarial.labels import aligned
from greenrisk.core.errors import ArgumentError, Fault, Faults, FitError

FAMILIES = ("poisson", "negative_binomial", "gamma", "tweedie")


def fit_rating_model(
    response: ArrayLike,
    table: Table,
    *,
    family: str = "poisson",
    exposure: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    offset: ArrayLike | None = None,
    exposure_enters: str = "offset",
    power: float | None = None,
    categorical: Collection[str] | str = (),
    base_levels: Mapping[str, str] | None = None,
) -> RatingModel:
    """Fit a multiplicative tariff: a base rate and relativities.

    Parameters
    ----------
    response : array, shape (rows,)
        Numbers of claims >= 0 (``poisson``, ``negative_binomial``), mean losses > 0 (``gamma``), or total losses >= 0
        (``tweedie``).
    table : mapping of str to array, or DataFrame
        A column of shape (rows,) for each term. Words, truth values and categories are factors; numbers are slopes.
    family : str
        ``poisson``, ``negative_binomial``, ``gamma`` or ``tweedie``; all with log link.
    exposure : array, shape (rows,), optional
        > 0; 1 if empty.
    weights : array, shape (rows,), optional
        > 0: how many rows each stands for (counts), or what divides the dispersion (amounts): for mean losses the
        number of losses behind each.
    offset : array, shape (rows,), optional
        Added to the linear predictor: logarithms of relativities that are given and not to be estimated.
    exposure_enters : str
        ``offset``: its logarithm is added to the linear predictor. ``weight``: the response is divided by it and
        weighted with it, so that two half-years weigh as a year; the same thing for Poisson, not offered for
        ``negative_binomial``.
    power : float, optional
        Of ``tweedie``, in (1, 2); empty: the most likely one [unitless].
    categorical : str or collection of str
        Columns of numbers that are factors all the same: codes of zones, classes.
    base_levels : mapping of str to str
        Base of a factor; where not named, the level with the largest exposure (or weight, or number of rows).

    Returns
    -------
    RatingModel
        With relativities, tests of terms, balance and predictions.

    Raises
    ------
    ArgumentError
        If an argument is outside its domain or of another length, or the table still holds the response or the
        exposure; all faults at once.
    FitError
        If a level has no row or no claim, a factor a single level, terms are linearly dependent, coefficients would run
        to infinity, or the fit does not converge.

    Notes
    -----
    ``E[y] = exposure exp(offset) base prod relativities``. Standard errors are of the expected information; of amounts
    times Pearson's dispersion.

    References
    ----------
    Ohlsson, E., Johansson, B. (2010). Non-Life Insurance Pricing with Generalized Linear Models. Springer, chapter 2.
    """
    named = (categorical,) if isinstance(categorical, str) else categorical
    y, terms, data = _read(
        response, table, family, exposure, weights, offset, exposure_enters, named, base_levels or {}
    )
    if power is not None:
        if family != "tweedie":
            raise ArgumentError(
                Fault("power", f"power = {power:g} for {family}", "Only `tweedie` takes one.")
            )
        number("power", power, above=1.0, below=2.0, unit="unitless")
    if not (y > 0).any():
        raise FitError(Fault("response", f"all {y.size} responses are 0", "There is nothing to explain."))
    require_responses(terms, table, y, data.held())
    if exposure_enters == "weight" and data.exposure is not None:
        weight = data.exposure if data.weights is None else data.weights * data.exposure
        data = replace(data, response=y / data.exposure, exposure=None, weights=weight)
    return RatingModel(family, terms, regress(family, terms, data, power), data, power)


def _read(
    response: ArrayLike,
    table: Table,
    family: str,
    exposure: ArrayLike | None,
    weights: ArrayLike | None,
    offset: ArrayLike | None,
    exposure_enters: str,
    categorical: Collection[str],
    base_levels: Mapping[str, str],
) -> tuple[Floats, Terms, RatingData]:
    """Check every argument; raise all faults at once."""
    one_of("family", family, FAMILIES)
    one_of("exposure_enters", exposure_enters, ("offset", "weight"))
    rows: dict[str, object] = {
        "response": response,
        "exposure": exposure,
        "weights": weights,
        "offset": offset,
    }
    aligned(**rows, **columns_of(table))
    faults = Faults()
    if family == "negative_binomial" and exposure_enters == "weight":
        faults.add(
            "exposure_enters", "exposure_enters = 'weight'", "A negative binomial count takes `offset` only."
        )
    y = numbers("response", response, least=0.0, dimensions=1, fewest=1)
    if family == "gamma" and (y == 0).any():
        what = f"response[{int((y == 0).argmax())}] = 0 ({int((y == 0).sum()):,} in all)"
        faults.add("response", what, "Gamma amounts are > 0: leave rows without loss out, or use `tweedie`.")
    found: dict[str, Floats | None] = {"exposure": None, "weights": None, "offset": None}
    for name, values in (("exposure", exposure), ("weights", weights), ("offset", offset)):
        if values is None:
            continue
        try:
            given = numbers(name, values, above=-np.inf if name == "offset" else 0.0, dimensions=1)
        except ArgumentError as error:
            faults.extend(error.faults)
            continue
        found[name] = given
        if given.size != y.size:
            faults.add(
                name, f"{name} of length {given.size}", f"One for each of the {y.size} rows was expected."
            )
    faults.raise_if_any(ArgumentError)
    for name, values in (("response", y), ("exposure", found["exposure"])):
        for column in () if values is None else same_columns(table, values):
            mend = f"It would explain the {name} by itself: leave it out of the table."
            faults.add("table", f"column {column!r} is the {name}", mend)
    faults.raise_if_any(ArgumentError)
    data = RatingData(table, y, found["exposure"], found["weights"], found["offset"])
    return y, read_terms(table, data.held(), categorical, base_levels), data
