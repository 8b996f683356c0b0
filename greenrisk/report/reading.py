# SPDX-License-Identifier: Apache-2.0
"""Reads headline numbers out of a result tree: a value with both its errors."""

from __future__ import annotations

import json
from dataclasses import dataclass

import xarray as xr

from greenrisk.report.wording import SHOWN_DIGITS, quantity


@dataclass(frozen=True)
class Metric:
    """A number of the result.

    Parameters
    ----------
    name, label, unit, method : str
        As declared by the study.
    value, standard_error, low, high : float
        The value, its simulation error, and the ends of its 90 % knowledge interval [unit].
    """

    name: str
    label: str
    unit: str
    method: str
    value: float
    standard_error: float
    low: float
    high: float

    def text(self, digits: int = SHOWN_DIGITS) -> str:
        """Return the value with its unit in words."""
        return quantity(self.value, self.unit, digits)


class Metrics:
    """The metrics of a tree, found by name and dims."""

    def __init__(self, metrics: xr.Dataset) -> None:
        self._found: list[tuple[Metric, dict[str, object]]] = []
        for i in range(metrics.sizes["metric"]):
            text = [str(metrics[key].values[i]) for key in ("name", "label", "unit", "method")]
            number = [float(metrics[key].values[i]) for key in ("value", "standard_error", "low", "high")]
            dims = json.loads(str(metrics["dims"].values[i]) or "{}")
            name, label, unit, method = text
            value, error, low, high = number
            self._found.append((Metric(name, label, unit, method, value, error, low, high), dims))

    def find(self, name: str, **dims: object) -> Metric | None:
        """Return the first metric of that name whose dims include the given ones, or None."""
        for metric, have in self._found:
            if metric.name == name and all(have.get(key) == value for key, value in dims.items()):
                return metric
        return None

    def __getitem__(self, name: str) -> Metric:
        """Return the first metric of that name.

        Raises
        ------
        KeyError
            If there is none.
        """
        metric = self.find(name)
        if metric is None:
            raise KeyError(name)
        return metric
