# SPDX-License-Identifier: Apache-2.0
"""Where fires start: hazard-weighted area, drawn so that nearly equal hazards give nearly equal fires.

A plain inversion of the hazard-weighted distribution shifts EVERY ignition when one hazard moves a little,
and with the heavy tail of fire sizes that shift shows up as a swing of the premium which is nothing but
luck. The draw here is a maximal coupling to the plain area instead: a fire keeps its place unless the
hazards say that it must move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenrisk.resource.book import SPECIES_GROUPS, Book
from greenrisk.resource.landscape import Landscape

UNIFORMS = ("place", "keep", "again")
"""What :meth:`Ignition.nodes` needs for each fire."""


@dataclass(frozen=True, eq=False)
class Ignition:
    """The law of the node in which a fire starts.

    Parameters
    ----------
    by_area : array, shape (nodes,)
        Cumulative share of the area, ends at 1.
    keep : array, shape (nodes,)
        Chance to stay where the area says, min(1, hazard / mean hazard) [unitless].
    again : array, shape (nodes,)
        Cumulative share of the nodes with more hazard than the mean, for the fires that do not stay.

    Notes
    -----
    With p the share of area and q the hazard-weighted share, a fire stays with chance min(1, q/p) and is drawn
    again from (q - p)+ otherwise: the law is q, and two sets of hazards disagree on as few fires as possible.

    References
    ----------
    Lindvall, T. (1992). Lectures on the Coupling Method, section I.5 (maximal coupling). Wiley.
    """

    by_area: NDArray[np.float64]
    keep: NDArray[np.float64]
    again: NDArray[np.float64]

    def nodes(
        self, place: NDArray[np.float64], keep: NDArray[np.float64], again: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """Return the nodes of fires from three uniforms each, shape (events,)."""
        first = _invert(self.by_area, place)
        moved = keep >= self.keep[first]
        first[moved] = _invert(self.again, again[moved])
        return first


def ignition(landscape: Landscape, book: Book, values: Mapping[str, float | str]) -> Ignition:
    """Return the law of the place of a fire.

    Parameters
    ----------
    landscape : Landscape
        Where fires may start.
    book : Book
        The insured stands of the landscape.
    values : mapping
        ``hazard_<species group>``: relative fire rate of a hectare, > 0. Only their ratios count: they move
        fires from place to place, never their number [unitless].

    Notes
    -----
    A node's weight is its area times its hazard; a patch outside the book has the mean hazard of a hectare
    of its county's stands.
    """
    hazard = np.array([float(values[f"hazard_{name}"]) for name in SPECIES_GROUPS])[book.species]
    area = np.bincount(book.county, weights=book.area_ha, minlength=len(book.counties))
    weighted = np.bincount(book.county, weights=book.area_ha * hazard, minlength=len(book.counties))
    stand = landscape.stand
    of_node = np.where(stand >= 0, hazard[stand], (weighted / area)[landscape.county])
    share = landscape.area_ha / landscape.area_ha.sum()
    # No matrix product: BLAS would split the sum by its threads, which costs time and moves the last bits.
    ratio = of_node / float((share * of_node).sum())
    more = share * np.maximum(ratio - 1.0, 0.0)
    return Ignition(_cumulative(share), np.minimum(ratio, 1.0), _cumulative(more))


def _cumulative(weight: NDArray[np.float64]) -> NDArray[np.float64]:
    total = np.cumsum(weight)
    # Equal hazards leave nothing to draw again, and then nothing is drawn again either.
    return np.asarray(total / total[-1]) if total[-1] > 0 else np.ones_like(total)


def _invert(cumulative: NDArray[np.float64], uniform: NDArray[np.float64]) -> NDArray[np.int64]:
    found = np.searchsorted(cumulative, uniform, side="right")
    return np.asarray(np.minimum(found, cumulative.size - 1), dtype=np.int64)
