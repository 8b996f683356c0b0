# SPDX-License-Identifier: Apache-2.0
"""What can be hit and what is insured: the same for all variants of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenrisk.resource.book import Book
from greenrisk.resource.claims_spec import ClaimsServiceSpec
from greenrisk.resource.forest import TermsSpec
from greenrisk.resource.landscape import Landscape


@dataclass(frozen=True)
class Exposure:
    """What can be hit and what is insured.

    Parameters
    ----------
    book : Book
        The insured stands.
    landscape : Landscape
        Stands and the forest between them; node i < stands is stand i. Positions in km east and north of the middle.
    segment : array of int, shape (stands,)
        Segment of each stand.
    segments : tuple of (county, forest type)
        The segments in their order.
    terms : TermsSpec
        Deductible, limits, policy period.
    underwriting_year : int
        Year that is insured.
    constants : mapping of str to mapping
        Constants of the cards by role.
    group : array of int, shape (stands,)
        Group of each stand in the premium file.
    group_names : tuple of tuple of str
        What the groups of stands are called, by the columns of the file.
    peril_groups : int
        1, or the number of perils where the file is by peril.
    claims_service : ClaimsServiceSpec
        Advances and inspections.
    """

    book: Book
    landscape: Landscape
    segment: NDArray[np.int64]
    segments: tuple[tuple[str, str], ...]
    terms: TermsSpec
    underwriting_year: int
    constants: Mapping[str, Mapping[str, float]]
    group: NDArray[np.int64]
    group_names: tuple[tuple[str, ...], ...]
    peril_groups: int
    claims_service: ClaimsServiceSpec

    @property
    def groups(self) -> int:
        """How many groups the premium file has."""
        return len(self.group_names) * self.peril_groups

    def group_of(self, stand: NDArray[np.int64], peril: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the group of each hit: that of its stand, by peril where the premium file is by peril.

        Parameters
        ----------
        stand, peril : array of int, shape (hits,)
            Index of the stand and code of the peril.
        """
        if self.peril_groups == 1:
            return np.asarray(self.group[stand])
        return np.asarray(self.group[stand] * self.peril_groups + peril)
