# SPDX-License-Identifier: Apache-2.0
"""From the tables of the rules to :class:`~greenrisk.pollution.grading.rules.Rules`, with every gap and contradiction.

A user's file replaces a shipped table whole: who has the standard at hand confirms each row once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.tables import STATUSES, read_table
from greenrisk.pollution.grading.rule_tables import RULE_TABLES
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.grading.words import (
    AIR_ANSWERS,
    E_LEVELS,
    EVENT_ANSWERS,
    GRADES,
    M_CLASSES,
    MEASURES,
    MEDIA,
    PEOPLE_RECEPTORS,
    Q_BANDS,
    SPECIAL_RULES,
    WATER_ANSWERS,
    WATER_RECEPTORS,
)
from greenrisk.pollution.inventory import CONTROLS, Floats, Integers
from greenrisk.pollution.row_faults import rows_in_file
from greenrisk.pollution.tables import DISCHARGE_ROUTES, KINDS_OF_SITE

AIR_RECEPTOR_ROWS = (*((level, receptor) for receptor in PEOPLE_RECEPTORS for level in ("E1", "E2")),)


def shipped_table(name: str) -> pd.DataFrame:
    """Return a table of the rules as it ships, by its name in :data:`~.rule_tables.RULE_TABLES`."""
    path = library_root() / "data" / f"{name.replace('-', '_')}.csv"
    return read_table(path, RULE_TABLES[name], Ledger())


def shipped_rules(overrides: Mapping[str, str | Path] | None = None, ledger: Ledger | None = None) -> Rules:
    """Return the rules as they ship, with a user's files instead of some.

    Parameters
    ----------
    overrides : mapping of str to path, optional
        The user's file by the name of the table that it replaces.
    ledger : Ledger, optional
        Told how a user's file was read.

    Raises
    ------
    TableError
        With every fault of every file.
    """
    overrides, faults = overrides or {}, Faults()
    found: dict[str, pd.DataFrame] = {}
    for name, spec in RULE_TABLES.items():
        try:
            mine = name in overrides
            found[name] = (
                read_table(overrides[name], spec, ledger or Ledger()) if mine else shipped_table(name)
            )
        except TableError as error:
            faults.extend(error.faults)
    for name in sorted(set(overrides) - set(RULE_TABLES)):
        faults.add("rules", name, f"There is no such table of rules. Tables: {', '.join(RULE_TABLES)}.")
    faults.raise_if_any(TableError)
    return read_rules(found.__getitem__)


def read_rules(tables: Callable[[str], pd.DataFrame]) -> Rules:
    """Turn validated tables into rules.

    Parameters
    ----------
    tables : callable
        From a name of :data:`~.rule_tables.RULE_TABLES` to the table, validated by its spec.

    Raises
    ------
    TableError
        If a row is missing or stands twice, or if cuts or the matrix run against their order; all faults at once.
    """
    frames = {name: tables(name) for name in RULE_TABLES}
    reader = _Reader(frames)
    process = frames["hj941-process-points"]
    air = reader.rows("hj941-control-points-air", ("control", "answer"), AIR_ANSWERS)
    water = reader.rows("hj941-control-points-water", ("control", "answer"), WATER_ANSWERS)
    scores = pd.concat([air, water]).set_index(["control", "answer"])
    answers = [[(control, "no"), (control, "yes")] for control in CONTROLS]
    routes = [("discharge_route", route) for route in DISCHARGE_ROUTES]
    silent = scores.loc[[("gas_monitor", "no_toxic_gas")]]
    events = reader.rows(
        "hj941-event-points", ("medium", "level"), [(m, level) for m in MEDIA for level in EVENT_ANSWERS]
    )
    classes = frames["hj941-m-classes"].sort_values("cut")
    m_cuts = classes[["m2_from_points", "m3_from_points", "m4_from_points"]].to_numpy(dtype=np.float64)
    reader.ascending("hj941-m-classes", m_cuts, "The least points of M2, M3 and M4 must rise.")
    bands = reader.rows("hj941-q-bands", ("band",), [(band,) for band in Q_BANDS])
    q_cuts = _floats(bands, "q_from")
    reader.ascending("hj941-q-bands", q_cuts[None, :], "`q_from` must rise from Q0 to Q3.")
    direct = [None if pd.isna(word) else str(word) for word in bands["grade"]]
    if direct[0] is None or any(word is not None for word in direct[1:]):
        reader.fault(
            "hj941-q-bands", "grade", "Q0 has a grade of its own, Q1 to Q3 have that of the matrix: no word."
        )
    people = reader.rows("hj941-air-receptors", ("level", "receptor"), AIR_RECEPTOR_ROWS)
    people_cuts = _floats(people, "people_person").reshape(len(PEOPLE_RECEPTORS), 2)
    reader.ascending(
        "hj941-air-receptors",
        people_cuts[:, ::-1],
        "Give people for both levels; those of E1 exceed those of E2.",
    )
    receptors = frames["hj941-air-receptors"]
    special_area = receptors[receptors["receptor"] == "special_area_5km"]
    if len(special_area) != 1:
        reader.fault(
            "hj941-air-receptors", "special_area_5km", f"One row is needed; there are {len(special_area)}."
        )
    waters = reader.rows("hj941-water-receptors", ("receptor",), [(name,) for name in WATER_RECEPTORS])
    cells = reader.rows(
        "hj941-grade-matrix",
        ("q_band", "m_class", "e_level"),
        [(q, m, e) for q in Q_BANDS[1:] for m in M_CLASSES for e in E_LEVELS],
    )
    single = reader.rows("hj941-special-rules", ("rule",), [(rule,) for rule in SPECIAL_RULES])
    special = dict(zip(SPECIAL_RULES, _floats(single, "value"), strict=True)) if len(single) else {}
    if special.get("higher_medium", 1.0) != 1.0:
        reader.fault(
            "hj941-special-rules", "higher_medium", "Only 1 is known: the higher of the two grades holds."
        )
    scope = reader.rows("hj941-out-of-scope", ("kind_of_site",), [(kind,) for kind in KINDS_OF_SITE])
    alpha = frames["gb18218-alpha"].sort_values("people_from_person")
    if _floats(alpha, "people_from_person")[0] != 0.0:
        reader.fault("gb18218-alpha", "people_from_person", "The least row must start at 0 people.", "person")
    levels = reader.rows("gb18218-levels", ("level",), [(level,) for level in (1, 2, 3, 4)])
    reader.ascending(
        "gb18218-levels", _floats(levels, "r_from")[None, ::-1], "`r_from` must rise from level 4 to 1."
    )
    costs = reader.rows("measure-costs", ("measure",), [(measure,) for measure in MEASURES])
    most = (
        float(_floats(costs, "most_share")[MEASURES.index("quantity")]) if "most_share" in costs else np.nan
    )
    less = costs[costs["measure"] == "quantity"]
    margin = float(_floats(less, "margin")[0]) if len(less) and "margin" in less else np.nan
    if len(less) and not 0.0 < margin < 1.0:
        mend = (
            "The row `quantity` needs a margin above 0 and below 1: how far below its cut a lowered Q ends."
        )
        reader.fault("measure-costs", "margin of the row quantity", mend, "unitless")
    reader.raise_if_any()

    matrix = np.full((len(Q_BANDS), len(M_CLASSES), len(E_LEVELS)), GRADES.index(str(direct[0])))
    matrix[1:] = np.array([GRADES.index(word) for word in cells["grade"]]).reshape(matrix[1:].shape)
    matrix_status = np.full(matrix.shape, _statuses(bands)[0])
    matrix_status[1:] = _statuses(cells).reshape(matrix[1:].shape)
    if (
        (np.diff(matrix, axis=0) < 0).any()
        or (np.diff(matrix, axis=1) < 0).any()
        or (np.diff(matrix) > 0).any()
    ):
        reader.fault(
            "hj941-grade-matrix",
            "grade",
            "A grade must not fall as Q or M rises or the receptors get more sensitive.",
        )
    reader.raise_if_any()
    codes = {str(word): row for name in ("name_zh", "process") for row, word in enumerate(process[name])}
    words = sorted(codes)
    of_controls = scores.loc[[pair for pairs in answers for pair in pairs]]
    return Rules(
        process_words=np.array(words, dtype=np.str_),
        process_rows=np.array([codes[word] for word in words], dtype=np.int64),
        process_points=_floats(process, "points_per_set"),
        process_status=_statuses(process),
        control_points=_floats(of_controls, "points").reshape(len(CONTROLS), 2),
        control_status=_statuses(of_controls).reshape(len(CONTROLS), 2),
        no_toxic_gas_points=float(_floats(silent, "points")[0]),
        no_toxic_gas_status=int(_statuses(silent)[0]),
        route_points=_floats(scores.loc[routes], "points"),
        route_status=_statuses(scores.loc[routes]),
        event_points=_floats(events, "points").reshape(len(MEDIA), len(EVENT_ANSWERS)),
        event_status=_statuses(events).reshape(len(MEDIA), len(EVENT_ANSWERS)),
        cuts=tuple(int(cut) for cut in classes["cut"]),
        m_cuts=m_cuts,
        m_status=_statuses(classes),
        q_cuts=q_cuts,
        q_status=_statuses(bands),
        people_cuts=people_cuts,
        people_status=_statuses(people).reshape(people_cuts.shape),
        special_area_level=E_LEVELS.index(str(special_area["level"].iloc[0])),
        special_area_status=int(_statuses(special_area)[0]),
        water_levels=np.array([E_LEVELS.index(level) for level in waters["level"]]),
        water_status=_statuses(waters),
        matrix=matrix,
        matrix_status=matrix_status,
        special=special,
        special_status=dict(zip(SPECIAL_RULES, _statuses(single).tolist(), strict=True)),
        graded=np.array([word == "yes" for word in scope["graded"]]),
        methods=tuple(str(method) for method in scope["method"]),
        scope_status=_statuses(scope),
        alpha_from=_floats(alpha, "people_from_person"),
        alpha=_floats(alpha, "alpha"),
        alpha_status=_statuses(alpha),
        level_from=_floats(levels, "r_from"),
        level_status=_statuses(levels),
        costs={
            str(name): (fixed, each)
            for name, fixed, each in zip(
                costs["measure"],
                _floats(costs, "fixed_cny").tolist(),
                _floats(costs, "per_unit_cny").tolist(),
                strict=True,
            )
        },
        most_share=1.0 if np.isnan(most) else most,
        margin=margin,
        tables=frames,
    )


class _Reader:
    """Finds rows by their keys and collects what is missing."""

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self._frames = frames
        self._faults = Faults()

    def rows(self, name: str, keys: Sequence[str], wanted: Sequence[tuple[str | int, ...]]) -> pd.DataFrame:
        """Return the rows of the wanted keys, in their order; a key that is missing or double is a fault."""
        frame = self._frames[name]
        lines = rows_in_file(frame)
        places: dict[tuple[str | int, ...], int] = {}
        for row, key in enumerate(frame[list(keys)].itertuples(index=False, name=None)):
            if key in places:
                words = ", ".join(map(str, key))
                self.fault(name, words, f"Stands in rows {lines[places[key]]} and {lines[row]}. Keep one.")
            places.setdefault(key, row)
        for key in wanted:
            if key not in places:
                self.fault(name, ", ".join(map(str, key)), "This row is missing. Add it.")
        # A gap keeps the shape with any row: nothing of it is used, since the faults are raised before.
        return frame.iloc[[places.get(key, 0) for key in wanted]]

    def ascending(self, name: str, values: Floats, mend: str) -> None:
        """Record a fault where a row of values does not rise."""
        if not (np.diff(values, axis=1) > 0).all():
            self.fault(name, "cuts", mend)

    def fault(self, name: str, what: str, expected: str, unit: str = "") -> None:
        """Record what is wrong with a table."""
        self._faults.add(name, what, expected, unit)

    def raise_if_any(self) -> None:
        """Raise all faults."""
        self._faults.raise_if_any(TableError, "`greenrisk show table NAME` lists the columns of a table.")


def _floats(frame: pd.DataFrame, column: str) -> Floats:
    return frame[column].to_numpy(dtype=np.float64)


def _statuses(frame: pd.DataFrame) -> Integers:
    return np.array([STATUSES.index(word) for word in frame["status"]], dtype=np.int64)
