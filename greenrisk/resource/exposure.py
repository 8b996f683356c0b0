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
from greenrisk.resource.grouping import Grouping
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
    grouping : Grouping
        Rows and groups of the premium file.
    claims_service : ClaimsServiceSpec
        Advances and inspections.
    warming : float
        Global warming since the year that the cards hold for; 0 without a pathway [K].
    """

    book: Book
    landscape: Landscape
    segment: NDArray[np.int64]
    segments: tuple[tuple[str, str], ...]
    terms: TermsSpec
    underwriting_year: int
    constants: Mapping[str, Mapping[str, float]]
    grouping: Grouping
    claims_service: ClaimsServiceSpec
    warming: float = 0.0
