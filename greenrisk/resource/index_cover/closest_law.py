# SPDX-License-Identifier: Apache-2.0
"""The law of a resample of the record: the family that its own years are closest to."""

from __future__ import annotations

from collections.abc import Iterable

from greenrisk.core.errors import Fault, FitError
from greenrisk.resource.index_cover.laws import FamilyFit, IndexLaw


def closest(fits: Iterable[FamilyFit]) -> IndexLaw:
    """Return the law with the smallest AIC.

    Parameters
    ----------
    fits : iterable of FamilyFit
        From :func:`~greenrisk.resource.index_cover.laws.fit_all`.

    Returns
    -------
    IndexLaw
        The years themselves where no law could be fitted.

    Raises
    ------
    FitError
        If nothing could be fitted, with the reasons.

    Notes
    -----
    Whether the years reject it is not asked: years drawn anew repeat each other, and would be rejected for that.
    """
    found = tuple(fits)
    laws = [one.law for one in found if one.law is not None]
    smooth = [law for law in laws if law.family != "empirical"]
    if smooth or laws:
        return min(smooth or laws, key=lambda law: law.aic)
    raise FitError([Fault("fit", f"{one.family}: {one.refused}", "No law could be fitted.") for one in found])
