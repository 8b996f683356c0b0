# SPDX-License-Identifier: Apache-2.0
"""The likelihood of generalised extreme value and generalised Pareto laws whose parameters follow covariates.

What is done with it (fits, intervals, return levels) is in :mod:`greenrisk.actuarial.fitting.extremes` and
:mod:`greenrisk.actuarial.fitting.return_levels`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import numbers
from greenrisk.actuarial.fitting.search import Floats
from greenrisk.core.errors import ArgumentError, Fault

Covariates = Mapping[str, ArrayLike]
"""Name and values, shape (n,), of each covariate of one parameter."""

PARAMETERS = ("location", "scale", "shape")
_AT_ONCE = 2**16
"""Numbers in an array of points by values: more do not fit the processor's cache."""
_LEAST_SHAPE = -1.0
"""At and below this shape the likelihood has no bound: such laws are not looked for."""
_GUMBEL_QUARTILES = {"gev": (-0.5, -0.2, 0.0, 0.15, 0.4, 0.8), "gpd": (-0.2, 0.05, 0.3, 0.7, 1.2)}


class Parameters(NamedTuple):
    """Parameters of the law for each row of covariates, shape (rows,)."""

    location: Floats
    """mu; 0 for the generalised Pareto law of excesses."""
    scale: Floats
    """sigma > 0, in the unit of the values."""
    shape: Floats
    """xi [unitless]; scipy's ``genpareto`` takes c = xi, its ``genextreme`` c = -xi."""


def box_cox_inverse(shape: ArrayLike, z: ArrayLike) -> Floats:
    """Return ``ln(1 + shape z) / shape``, z where the shape is 0; not finite unless 1 + shape z > 0.

    Parameters
    ----------
    shape : array
        xi [unitless].
    z : array
        Standardised values.

    Notes
    -----
    Both laws are written in it: with ``w`` this quantity, the Pareto survival is ``exp(-w)`` and the extreme value law
    ``exp(-exp(-w))``, at shape 0 as well.
    """
    u = np.multiply(shape, z, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(z * np.divide(np.log1p(u), u, out=np.ones_like(u), where=u != 0))


def box_cox(shape: ArrayLike, log_value: ArrayLike) -> Floats:
    """Return ``(exp(shape log_value) - 1) / shape``, log_value where the shape is 0: the inverse of the other.

    Parameters
    ----------
    shape : array
        xi [unitless].
    log_value : array
        Logarithm of the value.
    """
    u = np.multiply(shape, log_value, dtype=np.float64)
    with np.errstate(over="ignore"):
        return np.asarray(log_value * np.divide(np.expm1(u), u, out=np.ones_like(u), where=u != 0))


@dataclass(frozen=True)
class ExtremeModel:
    """Values, their covariates in standardised form, and the likelihood of a law with linear parameters.

    Parameters
    ----------
    family : str
        ``gev`` or ``gpd``.
    values : array, shape (n,)
        Standardised values.
    designs : tuple of three arrays, shape (n, k)
        Columns of location, logarithm of scale, and shape: ones, then standardised covariates. The location of a
        ``gpd`` has no column.
    names : tuple of three tuples of str
        Names of the covariates of each.
    centres, spreads : tuple of three arrays
        What was taken from each covariate, and by what it was divided.
    origin, unit : float
        What was taken from the values, and by what they were divided.
    """

    family: str
    values: Floats
    designs: tuple[Floats, Floats, Floats]
    names: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    centres: tuple[Floats, Floats, Floats]
    spreads: tuple[Floats, Floats, Floats]
    origin: float
    unit: float

    def split(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the coefficients of location, logarithm of scale, and shape, of one point or of points in rows."""
        first = self.designs[0].shape[1]
        second = first + self.designs[1].shape[1]
        return points[..., :first], points[..., first:second], points[..., second:]

    def mean_log_likelihood(self, points: Floats) -> Floats:
        """Return the log-likelihood a record of the standardised values, shape (m,); -inf outside the domain.

        Parameters
        ----------
        points : array, shape (m, k)
            Coefficients of the standardised covariates.
        """
        at_once = max(1, _AT_ONCE // self.values.size)
        parts = [points[i : i + at_once] for i in range(0, len(points), at_once)]
        return np.concatenate([self._mean_log_likelihood(part) for part in parts])

    def _mean_log_likelihood(self, points: Floats) -> Floats:
        location, log_scale, shape = (
            _linear(design, part) for design, part in zip(self.designs, self.split(points), strict=True)
        )
        with np.errstate(over="ignore", invalid="ignore"):
            w = box_cox_inverse(shape, (self.values - location) * np.exp(-log_scale))
            total = -log_scale.mean(axis=1) - ((1 + shape) * w).mean(axis=1)
            if self.family == "gev":
                total -= np.exp(-w).mean(axis=1)
        known = np.isfinite(total) & (shape.min(axis=1) > _LEAST_SHAPE)
        return np.where(known, total, -np.inf)

    def starts(self) -> Iterator[Floats]:
        """Yield points to start from: quartiles matched for several shapes, the location along its covariates."""
        slopes = np.zeros(self.designs[0].shape[1])
        if self.family == "gev":
            slopes[:] = np.linalg.lstsq(self.designs[0], self.values, rcond=None)[0]
        rest = self.values - self.designs[0] @ slopes
        low, middle, high = np.quantile(rest, [0.25, 0.5, 0.75])
        for shape in _GUMBEL_QUARTILES[self.family]:
            if self.family == "gev":
                q = box_cox(shape, -np.log(-np.log([0.25, 0.5, 0.75])))
                scale = (high - low) / (q[2] - q[0])
                start = slopes.copy()
                start[0] += middle - scale * q[1]
            else:
                scale = max(rest.mean() / (1 + shape), -1.05 * shape * rest.max())
                start = slopes
            for widened in (1.0, 2.0, 6.0):
                point = np.zeros(sum(design.shape[1] for design in self.designs))
                _, log_scales, shapes = self.split(point)
                point[: start.size] = start
                log_scales[0] = np.log(scale * widened)
                shapes[0] = shape
                if np.isfinite(self.mean_log_likelihood(point[None, :])[0]):
                    yield point
                    break

    def transform(self) -> tuple[Floats, Floats]:
        """Return the matrix and the shift that take standardised coefficients to those of the covariates as given."""
        size = sum(design.shape[1] for design in self.designs)
        matrix, shift = np.zeros((size, size)), np.zeros(size)
        at = 0
        for part, centre, spread in zip(PARAMETERS, self.centres, self.spreads, strict=True):
            if part == "location" and self.family == "gpd":
                continue
            unit = self.unit if part == "location" else 1.0
            matrix[at, at] = unit
            for j in range(centre.size):
                matrix[at + 1 + j, at + 1 + j] = unit / spread[j]
                matrix[at, at + 1 + j] = -unit * centre[j] / spread[j]
            shift[at] = {"location": self.origin, "scale": np.log(self.unit), "shape": 0.0}[part]
            at += 1 + centre.size
        return matrix, shift

    def coefficient_names(self) -> tuple[str, ...]:
        """Return ``location``, ``location: year``, ..., ``log scale``, ..., ``shape``, ..."""
        out: list[str] = []
        for part, covariates in zip(PARAMETERS, self.names, strict=True):
            if part == "location" and self.family == "gpd":
                continue
            label = "log scale" if part == "scale" else part
            out += [label, *(f"{label}: {name}" for name in covariates)]
        return tuple(out)

    def rows(self, covariates: Covariates | None) -> tuple[Floats, Floats, Floats]:
        """Return the standardised designs of given rows of covariates; of one row if the law has none.

        Raises
        ------
        ArgumentError
            If a covariate of the law is missing, unknown to it, or of another length than the others.
        """
        wanted = sorted({name for part in self.names for name in part})
        given = dict(covariates or {})
        if sorted(given) != wanted:
            what = f"covariates = {', '.join(sorted(given)) or 'none'}"
            needed = (
                f"The law was fitted with {', '.join(wanted)}: give each." if wanted else "The law has none."
            )
            raise ArgumentError(Fault("covariates", what, needed))
        columns = {name: np.atleast_1d(numbers(name, values)) for name, values in given.items()}
        sizes = {column.shape for column in columns.values()}
        if len(sizes) > 1 or any(len(size) != 1 for size in sizes):
            what = ", ".join(f"{name} of shape {column.shape}" for name, column in columns.items())
            raise ArgumentError(
                Fault("covariates", what, "One value a row for each, in arrays of one length.")
            )
        count = sizes.pop()[0] if sizes else 1
        parts = []
        for design, part, centre, spread in zip(
            self.designs, self.names, self.centres, self.spreads, strict=True
        ):
            standardised = [(columns[name] - centre[j]) / spread[j] for j, name in enumerate(part)]
            intercept = [np.ones(count)] if design.shape[1] else []
            parts.append(np.array([*intercept, *standardised]).reshape(design.shape[1], count).T)
        return parts[0], parts[1], parts[2]

    def parameters(self, point: Floats, rows: tuple[Floats, Floats, Floats]) -> tuple[Floats, Floats, Floats]:
        """Return location, scale and shape of each row, in the unit of the values as given."""
        location, log_scale, shape = (
            design @ part for design, part in zip(rows, self.split(point), strict=True)
        )
        origin = self.origin if self.family == "gev" else 0.0
        return origin + self.unit * location, self.unit * np.exp(log_scale), shape


def extreme_model(
    family: str,
    values: Floats,
    location: Covariates | None,
    scale: Covariates | None,
    shape: Covariates | None,
) -> ExtremeModel:
    """Standardise values and covariates.

    Parameters
    ----------
    family : str
        ``gev`` or ``gpd``.
    values : array, shape (n,)
        Block maxima, or excesses.
    location, scale, shape : mapping of str to array, shape (n,)
        Covariates of each parameter.

    Raises
    ------
    ArgumentError
        If a covariate is of another length, not finite, or the covariates of a parameter are linearly dependent.
    """
    designs, names, centres, spreads = [], [], [], []
    for part, covariates in zip(PARAMETERS, (location, scale, shape), strict=True):
        part_names = tuple(covariates or {})
        columns = [_column(part, name, (covariates or {})[name], values.size) for name in part_names]
        centre = np.array([column.mean() for column in columns])
        spread = np.array([column.std() for column in columns])
        for name, width, middle in zip(part_names, spread, centre, strict=True):
            if width <= 1e-12 * max(1.0, abs(middle)):
                what = f"{name} is the same in all {values.size} rows"
                raise ArgumentError(
                    Fault(f"{part}[{name!r}]", what, "Leave it out: the law has a constant already.")
                )
        intercept = [] if part == "location" and family == "gpd" else [np.ones(values.size)]
        standardised = [(c - m) / s for c, m, s in zip(columns, centre, spread, strict=True)]
        design = np.array([*intercept, *standardised]).reshape(-1, values.size).T
        if design.shape[1] and np.linalg.matrix_rank(design) < design.shape[1]:
            what = f"{part}: {', '.join(part_names)}"
            raise ArgumentError(Fault(part, what, "These covariates are linearly dependent; leave one out."))
        designs.append(design)
        names.append(part_names)
        centres.append(centre)
        spreads.append(spread)
    origin = float(np.median(values)) if family == "gev" else 0.0
    unit = float(np.subtract(*np.quantile(values, [0.75, 0.25]))) if family == "gev" else float(values.mean())
    return ExtremeModel(
        family,
        (values - origin) / unit,
        (designs[0], designs[1], designs[2]),
        (names[0], names[1], names[2]),
        (centres[0], centres[1], centres[2]),
        (spreads[0], spreads[1], spreads[2]),
        origin,
        unit,
    )


def _linear(design: Floats, parts: Floats) -> Floats:
    """The parameter of each row and value, shape (m, n), or (m, 1) where it is the same for all values."""
    if design.shape[1] < 2:  # a constant or nothing
        return np.asarray(parts.sum(axis=1, keepdims=True))
    return np.asarray(parts @ design.T)


def _column(part: str, name: str, values: ArrayLike, size: int) -> NDArray[np.float64]:
    column = numbers(f"{part}[{name!r}]", values, dimensions=1)
    if column.size != size:
        what = f"{name} of length {column.size}"
        raise ArgumentError(
            Fault(f"{part}[{name!r}]", what, f"One value for each of the {size} values was expected.")
        )
    return column
