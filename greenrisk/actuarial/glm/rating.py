# SPDX-License-Identifier: Apache-2.0
"""Rating models: base rate and relativities, their errors and tests, balance, predictions.

They are fitted in :mod:`greenrisk.actuarial.glm.rating_fit`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from greenrisk.actuarial.arguments import numbers, probability
from greenrisk.actuarial.fitting.nested import likelihood_ratio_test
from greenrisk.actuarial.glm.counts import negative_binomial_regression, poisson_regression
from greenrisk.actuarial.glm.data import Floats, Regression
from greenrisk.actuarial.glm.design import INTERCEPT, Factor, Table, Terms, columns_of
from greenrisk.actuarial.glm.gamma import gamma_regression
from greenrisk.actuarial.glm.tweedie import PowerProfile, tweedie_model, tweedie_regression
from greenrisk.actuarial.labels import aligned
from greenrisk.core.errors import ArgumentError, Fault

if TYPE_CHECKING:
    import pandas as pd


class Relativity(NamedTuple):
    """One row of the table of relativities."""

    term: str
    """Rating factor; ``base`` for the base rate."""
    level: str
    """Its level; ``per unit`` of a number."""
    relativity: float
    """exp of the coefficient [unitless]; of the base rate: the rate itself."""
    standard_error: float
    """Of the relativity's logarithm [unitless]."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end of the interval."""
    exposure: float
    """Exposure of the level's rows."""
    base: bool
    """Whether the others of the term are relative to this level."""


class TermTest(NamedTuple):
    """What a term adds to all the others."""

    term: str
    statistic: float
    """Twice the log-likelihood that is lost without it."""
    freedom: int
    """Coefficients that it has."""
    p_value: float
    """[unitless]"""


class Balance(NamedTuple):
    """Observed against fitted totals of a portfolio or a part of it."""

    group: str
    observed: float
    fitted: float
    factor: float
    """What the fitted must be multiplied by to meet the observed [unitless]."""


class Prediction(NamedTuple):
    """Means for new rows, shape (rows,) each."""

    mean: Floats
    standard_error: Floats
    """Of the mean, by the delta method; not of a single outcome."""
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class RatingData:
    """What a rating model was fitted to, shape (rows,) each.

    Parameters
    ----------
    table : mapping or DataFrame
        Columns of the terms.
    response, exposure, weights, offset : array
        As the regression takes them.
    """

    table: Table = field(repr=False)
    response: Floats = field(repr=False)
    exposure: Floats | None = field(repr=False)
    weights: Floats | None = field(repr=False)
    offset: Floats | None = field(repr=False)

    def held(self) -> Floats:
        """Return what the rows are weighed by in tables: exposure, else weight, else one."""
        for values in (self.exposure, self.weights):
            if values is not None:
                return values
        return np.ones(self.response.size)


@dataclass(frozen=True, eq=False)
class RatingModel:
    """A fitted tariff.

    Parameters
    ----------
    family : str
        Law of the response.
    terms : Terms
        Rating factors and slopes.
    regression : Regression
        The fit: coefficients, covariance, dispersion, power, deviance, ``aic``.
    data : RatingData
        What it was fitted to.
    power : float, optional
        Tweedie's power if it was given, not estimated.
    """

    family: str
    terms: Terms
    regression: Regression
    data: RatingData
    power: float | None = None

    def relativities(self, level: float = 0.95) -> tuple[Relativity, ...]:
        """Return a row for the base rate, for every level of every factor and for every slope.

        Parameters
        ----------
        level : float
            Coverage of the intervals in (0, 1) [unitless].

        Notes
        -----
        :meth:`to_frame` gives them as a table. Intervals are normal on the log scale.
        """
        z = float(norm.ppf(0.5 + probability("level", level) / 2))
        names, errors = self.regression.names, self.regression.standard_errors()
        estimates = dict(zip(names, zip(self.regression.coefficients, errors, strict=True), strict=True))
        held = self.data.held()

        def row(term: str, label: str, column: str, exposure: float, base: bool = False) -> Relativity:
            mean, error = (float(v) for v in estimates.get(column, (0.0, 0.0)))
            ends = (float(np.exp(mean - z * error)), float(np.exp(mean + z * error)))
            return Relativity(term, label, float(np.exp(mean)), error, *ends, float(exposure), base)

        rows = [row(INTERCEPT, "", INTERCEPT, held.sum())]
        for term in self.terms.terms:
            if isinstance(term, Factor):
                place = term.positions(self.data.table[term.name], held.size)
                by_level = np.bincount(place, weights=held, minlength=len(term.levels))
                for k, label in enumerate(term.levels):
                    rows.append(
                        row(term.name, label, f"{term.name}: {label}", by_level[k], label == term.base)
                    )
            else:
                rows.append(row(term.name, "per unit", term.name, held.sum()))
        return tuple(rows)

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Return :meth:`relativities` as a ``pandas.DataFrame`` with an index of term and level.

        Parameters
        ----------
        level : float
            Coverage of the intervals in (0, 1) [unitless].
        """
        import pandas as pd

        return pd.DataFrame(self.relativities(level)).set_index(["term", "level"])

    def __repr__(self) -> str:
        """Return base rate and relativities with their errors, balance, dispersion and AIC."""
        from greenrisk.actuarial.glm.wording import rating_table

        return rating_table(self)

    def balance(self, groups: ArrayLike | None = None) -> tuple[Balance, ...]:
        """Return observed and fitted totals and the factor between them.

        Parameters
        ----------
        groups : array, shape (rows,), optional
            Portfolio of each row; empty: all is one, ``all``.

        Notes
        -----
        Totals are weighted by the weights, so that mean losses count by their number. With the canonical link, which
        the log is for Poisson, the factor of the whole and of each level is 1; for the other laws it is not, and
        :meth:`predict` multiplies by the factor of the whole where asked to.
        """
        weight = np.ones(self.data.response.size) if self.data.weights is None else self.data.weights
        labels = (
            np.full(weight.size, "all")
            if groups is None
            else np.array([str(g) for g in np.asarray(groups).tolist()])
        )
        if labels.shape != weight.shape:
            what = f"groups of shape {labels.shape}"
            raise ArgumentError(
                Fault("groups", what, f"One for each of the {weight.size} rows was expected.")
            )
        names, place = np.unique(labels, return_inverse=True)
        observed = np.bincount(place, weights=weight * self.data.response)
        fitted = np.bincount(place, weights=weight * self.regression.fitted)
        return tuple(
            Balance(name, float(o), float(f), float(o / f))
            for name, o, f in zip(names.tolist(), observed, fitted, strict=True)
        )

    def predict(
        self,
        table: Table,
        *,
        exposure: ArrayLike | None = None,
        offset: ArrayLike | None = None,
        balanced: bool = False,
        level: float = 0.95,
    ) -> Prediction:
        """Return the means of new rows with their errors.

        Parameters
        ----------
        table : mapping or DataFrame
            A column for each term; with terms of no column, ``exposure`` tells how many rows.
        exposure : array, shape (rows,), optional
            > 0; 1 if empty.
        offset : array, shape (rows,), optional
            Added to the linear predictor.
        balanced : bool
            Whether to multiply by the factor of :meth:`balance`.
        level : float
            Coverage of the intervals of the mean in (0, 1) [unitless].

        Raises
        ------
        ArgumentError
            If a column is missing, a level unknown, or an array of another length.
        """
        z = float(norm.ppf(0.5 + probability("level", level) / 2))
        aligned(**columns_of(table), exposure=exposure, offset=offset)
        first = next((table[term.name] for term in self.terms.terms if term.name in table), exposure)
        count = 1 if first is None else int(np.asarray(first).size)
        design = self.terms.design(table, count)
        shift = np.zeros(count)
        for name, values, log in (("exposure", exposure, True), ("offset", offset, False)):
            if values is not None:
                given = numbers(name, values, above=0.0 if log else -np.inf, dimensions=1)
                if given.size != count:
                    what = f"{name} of length {given.size}"
                    raise ArgumentError(Fault(name, what, f"One for each of the {count} rows was expected."))
                shift = shift + (np.log(given) if log else given)
        linear = design @ self.regression.coefficients + shift
        error = np.sqrt(np.einsum("ij,jk,ik->i", design, self.regression.covariance, design))
        factor = self.balance()[0].factor if balanced else 1.0
        mean = factor * np.exp(linear)
        return Prediction(mean, mean * error, mean * np.exp(-z * error), mean * np.exp(z * error))

    def term_tests(self) -> tuple[TermTest, ...]:
        """Return the likelihood-ratio test of each term given all the others (type III).

        Notes
        -----
        Each term is left out in turn and everything else is estimated anew, dispersion and power included.
        """
        tests = []
        for term in self.terms.terms:
            smaller = regress(self.family, self.terms.without(term.name), self.data, self.power)
            test = likelihood_ratio_test(smaller, self.regression)
            tests.append(TermTest(term.name, *test))
        return tuple(tests)

    def power_interval(self, level: float = 0.95) -> PowerProfile:
        """Return the profile-likelihood interval of Tweedie's power.

        Parameters
        ----------
        level : float
            Coverage in (0, 1) [unitless].

        Raises
        ------
        ArgumentError
            For another law, or if the power was given.
        """
        if self.family != "tweedie" or self.power is not None:
            what = self.family if self.family != "tweedie" else f"power = {self.power:g} as given"
            raise ArgumentError(
                Fault("power_interval", what, "Only a Tweedie model that estimated its power has one.")
            )
        data = self.data
        design = self.terms.design(data.table, data.response.size)
        model = tweedie_model(
            data.response, design, self.terms.names(), data.exposure, data.weights, data.offset
        )
        return model.interval(self.regression.power, level)


def regress(family: str, terms: Terms, data: RatingData, power: float | None) -> Regression:
    """Return the regression of a family on terms; arguments as for :class:`RatingModel`."""
    y, names = data.response, terms.names()
    design = terms.design(data.table, y.size)
    e, w, shift = data.exposure, data.weights, data.offset
    if family == "poisson":
        return poisson_regression(y, design, names, exposure=e, weights=w, offset=shift)
    if family == "negative_binomial":
        return negative_binomial_regression(y, design, names, exposure=e, weights=w, offset=shift)
    if family == "gamma":
        return gamma_regression(y, design, names, exposure=e, weights=w, offset=shift)
    return tweedie_regression(y, design, names, power=power, exposure=e, weights=w, offset=shift)
