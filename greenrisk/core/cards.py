# SPDX-License-Identifier: Apache-2.0
"""Model cards: parameters with value, unit, range, source and status. A card without a range is refused.

A card is a YAML file in ``models/`` (or the user's own). It is data, never code. The central value of a
parameter is its median; the range says how unsure we are of it and feeds the knowledge interval.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from scipy.special import expit, logit, ndtr, ndtri

from greenrisk.core.errors import CardError
from greenrisk.core.spec import Spec

Status = Literal["confirmed", "unconfirmed", "illustrative", "user"]

Z_90 = float(ndtri(0.95))
"""Standard normal quantile behind a 90 % interval."""


class Range(Spec):
    """How unsure a parameter is."""

    distribution: Literal["normal", "lognormal", "logit_normal", "uniform", "choice"]
    """Law of the parameter. In a `normal`, `lognormal` or `logit_normal` range `low` and `high` are the 5 % and
    95 % quantiles and the card's value is the median; `uniform` has hard ends; `choice` picks one of `options`."""

    low: float | None = None
    """Lower end."""

    high: float | None = None
    """Upper end."""

    options: tuple[str, ...] = ()
    """Named alternatives of a `choice`, equally weighted."""

    basis: str
    """Where the range comes from: a standard error, a spread of studies, or a judgement - and then whose."""

    @model_validator(mode="after")
    def _ends_or_options(self) -> Self:
        if self.distribution == "choice":
            if len(self.options) < 2:
                raise ValueError("A choice needs at least two `options`.")
        elif self.low is None or self.high is None or not self.low < self.high:
            raise ValueError("A range needs `low` < `high`.")
        if self.distribution == "lognormal" and self.low is not None and self.low <= 0:
            raise ValueError("The ends of a lognormal range must be > 0.")
        if self.distribution == "logit_normal" and not ((self.low or 0) > 0 and (self.high or 1) < 1):
            raise ValueError("The ends of a logit_normal range must lie in (0, 1).")
        return self


class Parameter(Spec):
    """One number (or named choice) of a card."""

    value: float | str
    """Central value: the median of the range, or one of the options."""

    unit: str
    """Unit, `unitless` included."""

    range: Range
    """Its uncertainty. There is no parameter without one."""

    source: str
    """Where the value comes from."""

    status: Status
    """confirmed: read or computed from the named source; unconfirmed: second-hand or from memory;
    illustrative: a judgement; user: put in by the user."""

    meaning: str
    """One sentence: what it is."""

    @model_validator(mode="after")
    def _value_in_range(self) -> Self:
        r = self.range
        if r.distribution == "choice":
            if self.value not in r.options:
                raise ValueError(f"The value must be one of {', '.join(r.options)}.")
        elif isinstance(self.value, str):
            raise ValueError("The value must be a number.")
        elif not (r.low is not None and r.high is not None and r.low <= self.value <= r.high):
            raise ValueError("The value must lie within its range.")
        return self

    def quantile(self, probability: float) -> float | str:
        """Return the parameter at a probability of its range.

        Parameters
        ----------
        probability : float
            In (0, 1).

        Notes
        -----
        On the scale g of the law (identity, log, logit) the quantile is ``g(value) + z * s`` with s fitted to
        the lower end for z < 0 and to the upper end for z > 0, so that value, low and high are the 50 %, 5 %
        and 95 % quantiles even where the range is lopsided.
        """
        r = self.range
        if r.distribution == "choice":
            return r.options[min(int(probability * len(r.options)), len(r.options) - 1)]
        assert r.low is not None
        assert r.high is not None
        assert not isinstance(self.value, str)
        if r.distribution == "uniform":
            return r.low + probability * (r.high - r.low)
        forward, back = _SCALES[r.distribution]
        z = float(ndtri(probability))
        middle = forward(self.value)
        side = (middle - forward(r.low)) if z < 0 else (forward(r.high) - middle)
        return float(back(middle + z * side / Z_90))

    def ends(self) -> tuple[float | str, float | str]:
        """Return the lower and the upper end of the range (the first and the last option of a choice)."""
        r = self.range
        if r.distribution == "choice":
            return r.options[0], r.options[-1]
        assert r.low is not None
        assert r.high is not None
        return r.low, r.high


def _same(x: float) -> float:
    return x


def _logit(x: float) -> float:
    return float(logit(x))


def _expit(y: float) -> float:
    return float(expit(y))


_SCALES: Final[dict[str, tuple[Callable[[float], float], Callable[[float], float]]]] = {
    "normal": (_same, _same),
    "lognormal": (math.log, math.exp),
    "logit_normal": (_logit, _expit),
}


class Correlation(Spec):
    """Dependence between two parameters of one card (normal copula)."""

    between: tuple[str, str]
    """The two parameters."""

    value: float = Field(gt=-1, lt=1)
    """Correlation on the normal scale [unitless]."""


class Card(Spec):
    """A model card: calibrated or judged parameters of one part of a model."""

    name: str
    """Name, equal to the file's name without its ending."""

    title: str
    """One line for a reader."""

    use: str
    """What the card may be used for, e.g. `wildfire.occurrence`; a card of another use is refused."""

    region: str
    """Where the values hold."""

    period: str
    """Years of the data behind it."""

    validity: str
    """When not to use it."""

    fitted_by: str
    """The command that makes the card from its data, or `judgement`."""

    parameters: dict[str, Parameter]
    """The parameters by name."""

    constants: dict[str, float] = Field(default_factory=dict)
    """Definitions, not estimates: base years, thresholds. They have no range: they are not uncertain."""

    correlations: tuple[Correlation, ...] = ()
    """Dependence between the parameters' uncertainties; independent where not listed."""

    @model_validator(mode="after")
    def _correlated_parameters_exist(self) -> Self:
        for pair in self.correlations:
            for name in pair.between:
                if name not in self.parameters:
                    raise ValueError(f"`correlations` names {name!r}, which is no parameter of this card.")
        return self

    def values(self) -> dict[str, float | str]:
        """Return the central values."""
        return {name: parameter.value for name, parameter in self.parameters.items()}

    def draw(self, uniforms: NDArray[np.float64]) -> dict[str, float | str]:
        """Return one joint draw of all parameters.

        Parameters
        ----------
        uniforms : array, shape (number of parameters,)
            Independent uniforms in (0, 1), in the order of ``parameters``.
        """
        names = list(self.parameters)
        z = ndtri(np.clip(uniforms, 1e-12, 1 - 1e-12))
        if self.correlations:
            matrix = np.eye(len(names))
            for pair in self.correlations:
                i, j = (names.index(name) for name in pair.between)
                matrix[i, j] = matrix[j, i] = pair.value
            z = np.linalg.cholesky(matrix) @ z
        return {
            name: self.parameters[name].quantile(float(p)) for name, p in zip(names, ndtr(z), strict=True)
        }


def read_card(path: Path) -> Card:
    """Read and validate a card.

    Parameters
    ----------
    path : Path
        A YAML file.

    Raises
    ------
    CardError
        With every fault, its line and column; among them a parameter without a range.
    """
    from greenrisk.core.explain import validate
    from greenrisk.core.marked_yaml import read_yaml

    return validate(Card, read_yaml(path, CardError), CardError)
