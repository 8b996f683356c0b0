# SPDX-License-Identifier: Apache-2.0
"""The shipped book as the perils see it, without a study: one exposure for all tests of a process."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from greenrisk.core.library import find
from greenrisk.resource.book import Book, book_from_frame
from greenrisk.resource.claims_spec import ClaimsServiceSpec
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import TermsSpec
from greenrisk.resource.grouping import grouping
from greenrisk.resource.landscape import build_landscape
from greenrisk.resource.perils.listing import PERILS


@lru_cache(maxsize=4)
def shipped_exposure(stands: int | None = None) -> Exposure:
    """Return the exposure of the shipped book, or of its first stands.

    Parameters
    ----------
    stands : int, optional
        How many rows of the book; all if left out.
    """
    path = find("data", "jingdezhen_stands_synthetic")
    assert path is not None
    return exposure_of(book_from_frame(pd.read_csv(path, nrows=stands)))


def exposure_of(book: Book) -> Exposure:
    """Return the exposure of a book that is all the forest there is, in one segment."""
    held = np.bincount(book.county, weights=book.area_ha)
    return Exposure(
        book=book,
        landscape=build_landscape(book, dict(zip(book.counties, held.tolist(), strict=True))),
        segment=np.zeros(len(book), dtype=np.int64),
        segments=(("all", "all"),),
        terms=TermsSpec.model_validate({"deductible": {"preset": "none"}}),
        underwriting_year=2024,
        constants={},
        grouping=grouping(book, np.zeros(len(book), dtype=np.int64), ("peril",), PERILS),
        claims_service=ClaimsServiceSpec(),
    )
