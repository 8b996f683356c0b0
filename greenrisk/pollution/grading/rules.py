# SPDX-License-Identifier: Apache-2.0
"""The rules of the grading as arrays, with the status of every row.

What lives here: what the tables of :mod:`greenrisk.pollution.grading.rule_tables` say, indexed by the codes of the
inventory. What does not: how they are read and judged (:mod:`greenrisk.pollution.grading.rule_reading`), and what
they make of a plant (:mod:`greenrisk.pollution.grading.hj941`, :mod:`greenrisk.pollution.grading.gb18218`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.inventory import Flags, Floats, Integers, Texts


@dataclass(frozen=True, eq=False)
class Rules:
    """What HJ 941-2018 and GB 18218-2018 say, as far as it is known.

    Every ``..._status`` holds codes of :data:`~greenrisk.core.tables.STATUSES`, in the shape of what it
    belongs to.

    Parameters
    ----------
    process_words : array of str, shape (words,)
        Words and Chinese names of the process table, ascending.
    process_rows : array of int, shape (words,)
        Row of the process table of each word.
    process_points, process_status : array, shape (processes,)
        Points of a set [point].
    control_points, control_status : array, shape (controls, 2)
        Points where each of :data:`~greenrisk.pollution.inventory.CONTROLS` is lacking, and where it is there [point].
    no_toxic_gas_points, no_toxic_gas_status : float, int
        Points of the monitor where no toxic gas is held [point].
    route_points, route_status : array, shape (routes,)
        Points of the discharge route [point].
    event_points, event_status : array, shape (media, 5)
        Points of no event, and of an event of each level [point].
    cuts : tuple of int
        Names of the readings of the cut between M3 and M4, ascending [point].
    m_cuts : array, shape (cuts, 3)
        Least points of M2, M3, M4 in each reading [point].
    m_status : array, shape (cuts,)
    q_cuts, q_status : array, shape (4,)
        Least sum of Q0 to Q3 [unitless].
    people_cuts, people_status : array, shape (2, 2)
        People within 5 km and 500 m above whom E1, E2 holds [person].
    special_area_level, special_area_status : int
        Level (0: E1) where an area under special protection is near.
    water_levels, water_status : array, shape (5,)
        Level (0: E1) by what lies below an outlet.
    matrix, matrix_status : array, shape (4, 4, 3)
        Grade of a medium by Q, M, E; that of Q0 is the same for all M and E.
    special, special_status : mapping of str to float, int
        Caps, windows, the upgrade by penalty.
    graded : array of bool, shape (kinds of site,)
        Whether HJ 941 grades the kind.
    methods : tuple of str
        Method that applies to each kind of site.
    scope_status : array, shape (kinds of site,)
    alpha_from, alpha, alpha_status : array, shape (rows,)
        Least people, ascending [person], and factor of GB 18218 [unitless].
    level_from, level_status : array, shape (4,)
        Least R of levels 1 to 4 of GB 18218 [unitless].
    costs : mapping of str to (float, float)
        Fixed cost [CNY] and cost by size [CNY per unit] of a step.
    most_share : float
        Largest share of a holding that can be taken off the site, in (0, 1] [unitless].
    margin : float
        Share by which a lowered Q stays below the cut, in (0, 1) [unitless].
    tables : mapping of str to DataFrame
        The tables themselves, for a trace.
    """

    process_words: Texts
    process_rows: Integers
    process_points: Floats
    process_status: Integers
    control_points: Floats
    control_status: Integers
    no_toxic_gas_points: float
    no_toxic_gas_status: int
    route_points: Floats
    route_status: Integers
    event_points: Floats
    event_status: Integers
    cuts: tuple[int, ...]
    m_cuts: Floats
    m_status: Integers
    q_cuts: Floats
    q_status: Integers
    people_cuts: Floats
    people_status: Integers
    special_area_level: int
    special_area_status: int
    water_levels: Integers
    water_status: Integers
    matrix: NDArray[np.int64]
    matrix_status: NDArray[np.int64]
    special: Mapping[str, float]
    special_status: Mapping[str, int]
    graded: Flags
    methods: tuple[str, ...]
    scope_status: Integers
    alpha_from: Floats
    alpha: Floats
    alpha_status: Integers
    level_from: Floats
    level_status: Integers
    costs: Mapping[str, tuple[float, float]]
    most_share: float
    margin: float
    tables: Mapping[str, pd.DataFrame]

    def cut(self, name: int | None = None) -> int:
        """Return the index of a reading of the cut between M3 and M4; without a name the highest cut.

        Raises
        ------
        ArgumentError
            If the table has no such reading.
        """
        if name is None:
            return len(self.cuts) - 1
        if name not in self.cuts:
            listed = ", ".join(map(str, self.cuts))
            raise ArgumentError(Fault("cut", f"cut = {name}", f"Readings of the table: {listed}.", "point"))
        return self.cuts.index(name)

    def process_row(self, words: Texts) -> tuple[Integers, Flags]:
        """Return the row of the process table of each word, and whether the table has the word."""
        place = np.minimum(np.searchsorted(self.process_words, words), self.process_words.size - 1)
        return self.process_rows[place], np.asarray(self.process_words[place] == words)
