# SPDX-License-Identifier: Apache-2.0
"""Which law an index is priced with: the best of the families that its years do not reject."""

from __future__ import annotations

import math
from typing import Final, Literal

from numpy.typing import ArrayLike

from greenrisk.core.errors import Fault, FitError
from greenrisk.resource.index_cover.history_spec import Family
from greenrisk.resource.index_cover.law_goodness import distance, goodness
from greenrisk.resource.index_cover.laws import FamilyFit, IndexLaw, fit, fit_all
from greenrisk.resource.index_cover.payout_spec import Side
from greenrisk.resource.index_cover.series import FREE, Bounds

LEVEL: Final = 0.05
"""Chance of the fit below which a family is rejected [unitless]."""

DRAWS: Final = 99
"""Simulated records behind that chance: enough for the level."""

CLOSE: Final = 0.6
"""Distance times the root of the years that every family passes with, so that nothing is simulated [unitless]."""

FAR: Final = 1.358
"""The same of a law that was not fitted to the years it is tested on, at the level of 5 %: a fitted one lies nearer, so
that none passes beyond it [unitless]."""


def best(fits: tuple[FamilyFit, ...]) -> IndexLaw:
    """Return the law with the smallest AIC of those that its own years do not reject.

    Parameters
    ----------
    fits : tuple of FamilyFit
        From :func:`~greenrisk.resource.index_cover.laws.fit_all`.

    Returns
    -------
    IndexLaw
        `empirical`, the years themselves, where no family could be fitted or all are rejected.

    Raises
    ------
    FitError
        If nothing could be fitted, with the reasons.

    References
    ----------
    Kolmogorov's asymptotic table for a law that is known: 1.358 at 5 % (Smirnov 1948).
    """
    laws = [one.law for one in fits if one.law is not None]
    smooth = sorted((law for law in laws if law.family != "empirical"), key=lambda law: law.aic)
    for law in smooth:
        if passes(law):
            return law
    years = [law for law in laws if law.family == "empirical"]
    if years:
        return years[0]
    raise FitError([Fault("fit", f"{one.family}: {one.refused}", "No law could be fitted.") for one in fits])


def passes(law: IndexLaw) -> bool:
    """Return whether the years that a law was fitted to do not reject it.

    Parameters
    ----------
    law : IndexLaw
        Of a family with parameters.
    """
    reach = distance(law) * math.sqrt(law.rest.values.size)
    if reach <= CLOSE or reach >= FAR:
        return reach <= CLOSE
    return goodness(law, draws=DRAWS).p >= LEVEL


def fit_or_best(
    value: ArrayLike, family: Family | Literal["best"], pays: Side, bounds: Bounds = FREE
) -> IndexLaw:
    """Return the law of a family, or the best one for ``best``.

    Parameters
    ----------
    value : array, shape (years,)
        [the index's unit]; NaN: not known, left out.
    family : str
        One of :data:`~greenrisk.resource.index_cover.laws.FAMILIES`, or ``best``.
    pays : str
        The tail that is paid for.
    bounds : Bounds
        Ends of what the index can be [the index's unit].

    Raises
    ------
    FitError
        As :func:`~greenrisk.resource.index_cover.laws.fit` and :func:`best`.
    """
    return best(fit_all(value, pays, bounds)) if family == "best" else fit(value, family, pays, bounds)
