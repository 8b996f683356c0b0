# SPDX-License-Identifier: Apache-2.0
"""The headline figures of a run: each a declared term, with its simulation error and its knowledge interval."""

from __future__ import annotations

import json

import numpy as np
import xarray as xr

from greenrisk.core.vocabulary import Vocabulary


class Metrics:
    """Collects the headline figures, each with both errors.

    Parameters
    ----------
    terms : Vocabulary
        The terms of the wing whose figures they are.
    """

    def __init__(self, terms: Vocabulary) -> None:
        self.terms = terms
        self.rows: list[dict[str, object]] = []

    def add(
        self,
        name: str,
        value: float,
        standard_error: float,
        interval: tuple[float, float],
        method: str,
        **dims: object,
    ) -> None:
        """Add one figure; its name must be a declared term."""
        term = self.terms[name]
        self.rows.append(
            {
                "name": name,
                "label": term.label,
                "value": value,
                "unit": term.unit,
                "standard_error": standard_error,
                "low": interval[0],
                "high": interval[1],
                "dims": json.dumps(dims),
                "method": method,
            }
        )

    def dataset(self) -> xr.Dataset:
        """Return the group ``/metrics``."""
        dataset = xr.Dataset(
            {key: ("metric", np.array([row[key] for row in self.rows])) for key in self.rows[0]}
        )
        for key in ("value", "standard_error", "low", "high"):
            dataset[key].attrs["units"] = "see unit"
        return dataset
