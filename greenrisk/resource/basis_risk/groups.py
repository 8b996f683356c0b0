# SPDX-License-Identifier: Apache-2.0
"""Result groups of basis risk: ``/basis``, ``/basis_pairs``, ``/buyer``."""

from __future__ import annotations

import xarray as xr

from greenrisk.resource.basis_risk.measures import BasisRisk
from greenrisk.resource.index_cover.series import Integers

QUADRANTS = ("loss and payment", "loss, no payment", "payment, no loss", "neither")
"""Words of ``quadrant``: loss years are the worst, as many as were paid."""


def basis_groups(found: BasisRisk, year: Integers, *, treatment: str) -> dict[str, xr.Dataset]:
    """Return the groups ``/basis``, ``/basis_pairs`` and ``/buyer`` by their path.

    Parameters
    ----------
    found : BasisRisk
        The measures.
    year : array of int, shape (years,)
        Years of the pairs; of simulated years their numbers.
    treatment : str
        What was done to index and loss before they were compared.
    """
    raise NotImplementedError
