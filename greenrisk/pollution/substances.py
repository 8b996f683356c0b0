# SPDX-License-Identifier: Apache-2.0
"""Substances and the rules by which they count, as plain arrays.

What lives here: the frozen structs and their reader. What does not: which substance a holding is
(:mod:`greenrisk.pollution.substance_search`), how many tonnes of it count (:mod:`greenrisk.pollution.mixtures`), and
which list it is in (:mod:`greenrisk.pollution.media`).

References
----------
HJ 941-2018, appendix A; HJ 169-2018, tables B.1, B.2 and H.1; GB 18218-2018, tables 1, 3 and 4.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.pollution.inventory import Floats, Integers, Texts
from greenrisk.pollution.row_faults import rows_in_file
from greenrisk.pollution.substance_tables import COUNTINGS, FORMS, MEDIA, METHODS, READINGS

TABLES: Final = ("substances", "mixture-rules", "media-rules")
"""Tables that :func:`read_substances` needs, by the name of their TableSpec."""


@dataclass(frozen=True, eq=False)
class MixtureRules:
    """How pure substances, mixtures and solutions count.

    Parameters
    ----------
    words, status, source : array of str, shape (rules,)
        Word of the rule, its status and source.
    method : array of int, shape (rules,)
        Index into ``METHODS``.
    cas : tuple of frozenset of str
        CAS numbers that each rule is for; empty: any.
    form : array of int, shape (rules,)
        Index into ``FORMS``; -1: any.
    start, below : array, shape (rules,)
        Mass share from which and below which it applies, ``inf`` for no end [unitless].
    against : array of int, shape (rules,)
        Row of the substances that it counts against; -1: the substance's own.
    reference : array, shape (rules,)
        Mass share that a solution is converted to; NaN where the method needs none [unitless].
    """

    words: Texts
    status: Texts
    source: Texts
    method: Integers
    cas: tuple[frozenset[str], ...]
    form: Integers
    start: Floats
    below: Floats
    against: Integers
    reference: Floats

    def code(self, word: str) -> int:
        """Return the index of a rule by its word."""
        return list(self.words).index(word)


@dataclass(frozen=True, eq=False)
class MediaRules:
    """Which list of HJ 941 a substance is in, by medium and by reading of its part.

    Parameters
    ----------
    air_low, air_high, water_low, water_high : array of int, shape (media,)
        Index into ``READINGS``, by index into ``MEDIA``.
    volatile_from : array, shape (media,)
        Vapour pressure from which a liquid is volatile; NaN where it does not matter [Pa].
    status, source : array of str, shape (media,)
        Status and source of each rule.
    """

    air_low: Integers
    air_high: Integers
    water_low: Integers
    water_high: Integers
    volatile_from: Floats
    status: Texts
    source: Texts


@dataclass(frozen=True, eq=False)
class Substances:
    """Substances, in the order of their table.

    Parameters
    ----------
    name_zh, name_en, cas, listed_as, source : array of str, shape (substances,)
        Names, CAS number, class that the row is a member of, source; empty where nothing stands.
    aliases : tuple of tuple of str
        Other names of each.
    critical : array, shape (substances,)
        Critical quantity of HJ 941 [t].
    quantity_status, part, part_status, medium_status : array of str, shape (substances,)
        Status of the critical quantity; part of appendix A (``1`` to ``8``, ``1 or 2``, or empty) and its status
        (``unknown`` where it is not known); status of the medium.
    medium, counting : array of int, shape (substances,)
        Index into ``MEDIA``; index into ``COUNTINGS``.
    element_share : array, shape (substances,)
        Share of the named element in the molar mass; NaN where none is named [unitless].
    threshold, beta : array, shape (substances,)
        Threshold [t] and factor [unitless] of GB 18218; NaN where not known.
    threshold_status, beta_status : array of str, shape (substances,)
        Their status; empty where not known.
    molar_mass, boiling_point, vapour_pressure, liquid_density : array, shape (substances,)
        Properties [g/mol, degC, Pa, kg/m3], the latter two at 25 C; NaN where not known.
    row : array of int, shape (substances,)
        Row of the table's file, the first below the header is 2.
    mixtures, media : MixtureRules, MediaRules
        How they count, and where.
    """

    name_zh: Texts
    name_en: Texts
    cas: Texts
    aliases: tuple[tuple[str, ...], ...]
    listed_as: Texts
    source: Texts
    critical: Floats
    quantity_status: Texts
    part: Texts
    part_status: Texts
    medium_status: Texts
    medium: Integers
    counting: Integers
    element_share: Floats
    threshold: Floats
    threshold_status: Texts
    beta: Floats
    beta_status: Texts
    molar_mass: Floats
    boiling_point: Floats
    vapour_pressure: Floats
    liquid_density: Floats
    row: Integers
    mixtures: MixtureRules
    media: MediaRules

    def __len__(self) -> int:
        """How many substances."""
        return int(self.name_zh.size)

    @cached_property
    def by_cas(self) -> dict[str, int]:
        """First row of each CAS number."""
        return {cas: row for row, cas in reversed(list(enumerate(map(str, self.cas)))) if cas}

    @cached_property
    def by_name(self) -> dict[str, int]:
        """Row of each name, alias or English name, as :func:`plain` writes them."""
        found: dict[str, int] = {}
        for row in range(len(self)):
            for name in (str(self.name_zh[row]), str(self.name_en[row]), *self.aliases[row]):
                found.setdefault(plain(name), row)
        return found

    def label(self, row: int) -> str:
        """Return CAS number and names of a row, for messages: ``7782-50-5 氯气 (chlorine)``."""
        return f"{self.cas[row]} {self.name_zh[row]} ({self.name_en[row]})".strip()


def plain(name: str) -> str:
    """Return a name without spaces, capitals and full-width forms, so that spellings of one name are equal."""
    return "".join(unicodedata.normalize("NFKC", name).lower().split())


def read_substances(tables: Mapping[str, pd.DataFrame], names: Mapping[str, str] | None = None) -> Substances:
    """Turn the tables of substances into arrays.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        :data:`TABLES` by name, as :func:`~greenrisk.core.tables.read_table` returns them.
    names : mapping of str to str, optional
        File of each table, for messages.

    Returns
    -------
    Substances

    Raises
    ------
    TableError
        Where a rule names a substance that is not in the table, a conversion has no reference strength, or a
        medium has no rule; all faults at once.
    """
    files = {name: (names or {}).get(name, name) for name in TABLES}
    frame, rules, media = (tables[name] for name in TABLES)
    faults = Faults()
    rows = {name: row for row, name in reversed(list(enumerate(_texts(frame, "name_zh"))))}
    mixtures = _mixture_rules(rules, rows, files["mixture-rules"], faults)
    media_rules = _media_rules(media, files["media-rules"], faults)
    counting = _codes(frame, "counting", COUNTINGS)
    share = _numbers(frame, "element_share")
    for row in map(int, np.flatnonzero((counting == COUNTINGS.index("element")) & np.isnan(share))):
        faults.add(
            f"{files['substances']}:{rows_in_file(frame)[row]}",
            "element_share =",
            "Counts as the named element: give its share of the molar mass.",
            "unitless",
        )
    faults.raise_if_any(TableError)
    return Substances(
        name_zh=_texts(frame, "name_zh"),
        name_en=_texts(frame, "name_en"),
        cas=_texts(frame, "cas"),
        aliases=tuple(
            tuple(filter(None, (part.strip() for part in str(text).split("|"))))
            for text in _texts(frame, "aliases")
        ),
        listed_as=_texts(frame, "listed_as"),
        source=_texts(frame, "source"),
        critical=_numbers(frame, "critical_quantity_t"),
        quantity_status=_texts(frame, "quantity_status"),
        part=_texts(frame, "hj941_part"),
        part_status=_texts(frame, "part_status"),
        medium_status=_texts(frame, "medium_status"),
        medium=_codes(frame, "medium", MEDIA),
        counting=counting,
        element_share=share,
        threshold=_numbers(frame, "gb18218_threshold_t"),
        threshold_status=_texts(frame, "gb18218_status"),
        beta=_numbers(frame, "gb18218_beta"),
        beta_status=_texts(frame, "gb18218_beta_status"),
        molar_mass=_numbers(frame, "molar_mass_g_per_mol"),
        boiling_point=_numbers(frame, "boiling_point_c"),
        vapour_pressure=_numbers(frame, "vapour_pressure_pa"),
        liquid_density=_numbers(frame, "liquid_density_kg_per_m3"),
        row=np.asarray(rows_in_file(frame), dtype=np.int64),
        mixtures=mixtures,
        media=media_rules,
    )


def _mixture_rules(frame: pd.DataFrame, rows: Mapping[str, int], file: str, faults: Faults) -> MixtureRules:
    words = _texts(frame, "rule")
    method = _codes(frame, "method", METHODS)
    reference = _numbers(frame, "reference_percent") / 100.0
    against = []
    for place, name in enumerate(map(str, _texts(frame, "against_name_zh"))):
        if name and name not in rows:
            faults.add(
                f"{file}:{rows_in_file(frame)[place]}",
                f"against_name_zh = {name}",
                f"There is no substance of this name.{did_you_mean(name, list(rows))}",
            )
        against.append(rows.get(name, -1) if name else -1)
        if method[place] == METHODS.index("reference") and np.isnan(reference[place]):
            faults.add(
                f"{file}:{rows_in_file(frame)[place]}",
                "reference_percent =",
                "The method `reference` needs the strength that a solution is converted to.",
                "percent",
            )
    for word in COUNTINGS:
        if word not in words:
            faults.add(
                file, f"rule = {word}", "This rule is missing: it is what a substance's counting names."
            )
    start, below = _numbers(frame, "from_percent") / 100.0, _numbers(frame, "below_percent") / 100.0
    return MixtureRules(
        words=words,
        status=_texts(frame, "status"),
        source=_texts(frame, "source"),
        method=method,
        cas=tuple(frozenset(filter(None, str(text).split("|"))) for text in _texts(frame, "cas")),
        form=_codes(frame, "form", FORMS, none=-1),
        start=np.nan_to_num(start, nan=0.0),
        below=np.where(np.isnan(below), np.inf, below),
        against=np.asarray(against, dtype=np.int64),
        reference=reference,
    )


def _media_rules(frame: pd.DataFrame, file: str, faults: Faults) -> MediaRules:
    words = list(map(str, _texts(frame, "medium")))
    for word in MEDIA:
        if word not in words:
            faults.add(file, f"medium = {word}", "This medium has no rule.")
    frame = frame.iloc[[words.index(word) for word in MEDIA if word in words]]
    return MediaRules(
        air_low=_codes(frame, "air_low", READINGS),
        air_high=_codes(frame, "air_high", READINGS),
        water_low=_codes(frame, "water_low", READINGS),
        water_high=_codes(frame, "water_high", READINGS),
        volatile_from=_numbers(frame, "volatile_from_pa"),
        status=_texts(frame, "status"),
        source=_texts(frame, "source"),
    )


def _column(frame: pd.DataFrame, name: str) -> list[Any]:
    return list(frame[name]) if name in frame else [None] * len(frame)


def _texts(frame: pd.DataFrame, name: str) -> Texts:
    return np.asarray(["" if pd.isna(cell) else str(cell) for cell in _column(frame, name)], dtype=np.str_)


def _numbers(frame: pd.DataFrame, name: str) -> Floats:
    return np.asarray([np.nan if pd.isna(cell) else float(cell) for cell in _column(frame, name)])


def _codes(frame: pd.DataFrame, name: str, choices: tuple[str, ...], none: int | None = None) -> Integers:
    """Return indexes into the choices; an empty cell is ``none`` where that is allowed."""
    return np.asarray(
        [
            none if none is not None and pd.isna(cell) else choices.index(str(cell))
            for cell in _column(frame, name)
        ],
        dtype=np.int64,
    )
