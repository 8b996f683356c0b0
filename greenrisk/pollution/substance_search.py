# SPDX-License-Identifier: Apache-2.0
"""Which substance of the table a holding is: by CAS number, else by name; near ones where there is none.

What lives here: the search. What does not: what counts of it (:mod:`greenrisk.pollution.mixtures`) and what is told
to the user (:mod:`greenrisk.pollution.inventory_checks`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np

from greenrisk.pollution.inventory import Flags, Holdings, Integers
from greenrisk.pollution.substance_tables import FORMS
from greenrisk.pollution.substances import Substances, plain
from greenrisk.pollution.tables import STATES

MOST_SLIPS: Final = 2
"""Slips of the pen between a CAS number, or a long name, and one that is offered for it."""

SHORTEST: Final = 3
"""Signs of a name below which no near name is offered: one slip makes another substance of it."""

LONG: Final = 10
"""Signs of a name from which :data:`MOST_SLIPS` may lie between it and one that is offered."""

_CAS = re.compile(r"\d{2,7}-\d{2}-\d")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-")


@dataclass(frozen=True, eq=False)
class Resolved:
    """Which substance each holding is.

    Parameters
    ----------
    index : array of int, shape (holdings,)
        Row of the substances that it counts against; -1: unknown.
    rule : array of int, shape (holdings,)
        Row of the mixture rules that it counts by; -1: unknown substance.
    by_name : array of bool, shape (holdings,)
        Whether it was found by a name, for want of a CAS number.
    """

    index: Integers
    rule: Integers
    by_name: Flags

    @property
    def known(self) -> Flags:
        """Whether each holding is a substance of the table, shape (holdings,)."""
        return np.asarray(self.index >= 0)


def tidy_cas(text: str) -> str:
    """Return a CAS number with plain hyphens and without spaces, as the tables write it."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split())


def cas_is_valid(cas: str) -> bool:
    """Whether a tidy CAS number has the right shape and check digit.

    Notes
    -----
    The last digit is the sum of the others, each times its place counted from the right, modulo ten.

    References
    ----------
    Chemical Abstracts Service, check digit verification of CAS Registry Numbers.
    """
    if not _CAS.fullmatch(cas):
        return False
    *digits, check = map(int, cas.replace("-", ""))
    return sum(place * digit for place, digit in enumerate(reversed(digits), 1)) % 10 == check


def resolve(holdings: Holdings, substances: Substances) -> Resolved:
    """Find the substance of each holding and the rule by which it counts.

    Parameters
    ----------
    holdings : Holdings
        What is on site.
    substances : Substances
        The table.

    Returns
    -------
    Resolved

    Notes
    -----
    By CAS number; where none is given, by Chinese name, then by English name or alias. A CAS number that the table
    does not hold stays unknown, whatever the name: one of the two is wrong, or the substance is not listed. Two rows
    of one CAS number (a gas and its solution in water) are told apart by form: it is a solution where the holding
    says so, or is a liquid of less than 100 %, or bears the solution's name.
    """
    row = np.full(holdings.cas.size, -1, dtype=np.int64)
    by_name = np.zeros(holdings.cas.size, dtype=np.bool_)
    keys = np.stack([holdings.cas, holdings.name_zh, holdings.name_en], axis=1)
    unique, inverse = np.unique(keys, axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    found = [find(str(cas), str(zh), str(en), substances) for cas, zh, en in unique]
    if found:
        row = np.asarray([place for place, _ in found], dtype=np.int64)[inverse]
        by_name = np.asarray([named for _, named in found], dtype=np.bool_)[inverse]
    solution = _solutions(holdings, row, substances)
    index, rule = row.copy(), np.full(row.size, -1, dtype=np.int64)
    known = row >= 0
    words = list(map(str, substances.mixtures.words))
    general = np.asarray([words.index(word) for word in ("share", "element", "whole")], dtype=np.int64)
    rule[known] = general[substances.counting[row[known]]]
    cas = np.where(known, substances.cas[row], "")
    for code, numbers in enumerate(substances.mixtures.cas):
        if not numbers:
            continue
        form = substances.mixtures.form[code]
        applies = np.isin(cas, list(numbers))
        if form >= 0:
            applies &= solution == (form == FORMS.index("solution"))
        share = np.nan_to_num(holdings.concentration, nan=1.0)
        applies &= (share >= substances.mixtures.start[code]) & (share < substances.mixtures.below[code])
        rule[applies] = code
        if substances.mixtures.against[code] >= 0:
            index[applies] = substances.mixtures.against[code]
    return Resolved(index, rule, by_name)


def find(cas: str, name_zh: str, name_en: str, substances: Substances) -> tuple[int, bool]:
    """Return the row of a substance, -1 if unknown, and whether a name found it."""
    named = next(
        (
            substances.by_name[plain(name)]
            for name in (name_zh, name_en)
            if name and plain(name) in substances.by_name
        ),
        -1,
    )
    number = tidy_cas(cas)
    if number:
        row = substances.by_cas.get(number, -1)
        if named >= 0 and str(substances.cas[named]) == number:
            return named, False  # the name tells the rows of one CAS number apart
        return row, False
    return named, named >= 0


def near(cas: str, name_zh: str, name_en: str, substances: Substances, most: int = 3) -> tuple[int, ...]:
    """Return the rows of substances that an unknown one may be, the likeliest first.

    Parameters
    ----------
    cas, name_zh, name_en : str
        As the user wrote them; empty where nothing stands.
    substances : Substances
        The table.
    most : int
        How many at most.

    Returns
    -------
    tuple of int
        Rows whose name is the same; then the nearest CAS numbers, at most :data:`MOST_SLIPS` slips away, or one where
        the check digit of the given one is right; where there is none, names at most a slip or two away.

    Notes
    -----
    A CAS number whose check digit is right mostly names a substance: a Chinese name that differs by a sign is another
    one then (those of sodium chloride and sodium cyanide do), and is not offered.
    """
    rows: list[int] = []
    number = tidy_cas(cas)
    sure = cas_is_valid(number)
    for name in filter(None, (name_zh, name_en)):
        for spelling in (plain(name), _without_strength(name)):
            rows += [substances.by_name[spelling]] if spelling in substances.by_name else []
    if number:
        digits = Counter(number)
        alike = {cas: row for cas, row in substances.by_cas.items() if _bag(digits, cas) <= MOST_SLIPS}
        far = {row: slips(number, cas) for cas, row in alike.items()}
        nearest = min(far.values(), default=MOST_SLIPS + 1)
        rows += [row for row in far if far[row] == nearest <= (1 if sure else MOST_SLIPS)]
    if rows:
        return tuple(dict.fromkeys(rows))[:most]
    for name in ("" if sure else name_zh, name_en):
        written = plain(name)
        allowed = 0 if len(written) < SHORTEST else 1 if sure or len(written) < LONG else MOST_SLIPS
        close = {
            text: slips(written, text)
            for text in substances.by_name
            if allowed and abs(len(text) - len(written)) <= allowed and text.isascii() == written.isascii()
        }
        rows += [
            substances.by_name[text]
            for text in sorted(close, key=close.__getitem__)
            if close[text] <= allowed
        ]
    return tuple(dict.fromkeys(rows))[:most]


def _without_strength(name: str) -> str:
    """Return a name without a bracket behind it and without percentages: ``盐酸`` for ``31%盐酸（工业级）``."""
    return plain(re.sub(r"\d+(\.\d+)?\s*%|[(（].*", "", unicodedata.normalize("NFKC", name)))


def slips(one: str, other: str) -> int:
    """Return how many signs of a CAS number or name are wrong, missing, too many, or swapped with their neighbour.

    Parameters
    ----------
    one, other : str
        Two numbers or names; hyphens do not count.

    Notes
    -----
    Optimal string alignment distance, where no sign takes part in two slips.

    References
    ----------
    F. J. Damerau (1964). A technique for computer detection and correction of spelling errors. Communications of the
    ACM 7(3), 171-176.
    """
    a, b = one.replace("-", ""), other.replace("-", "")
    before: list[int] = []
    above = list(range(len(b) + 1))
    for i, digit in enumerate(a, 1):
        line = [i]
        for j, facing in enumerate(b, 1):
            best = min(line[j - 1] + 1, above[j] + 1, above[j - 1] + (digit != facing))
            if i > 1 and j > 1 and digit == b[j - 2] and a[i - 2] == facing:
                best = min(best, before[j - 2] + 1)
            line.append(best)
        before, above = above, line
    return above[-1]


def _bag(digits: Counter[str], other: str) -> int:
    """Return how many digits of either number have no equal in the other: never more than the slips."""
    theirs = Counter(other)
    return max((digits - theirs).total(), (theirs - digits).total())


def _solutions(holdings: Holdings, row: Integers, substances: Substances) -> Flags:
    """Whether each holding is a solution rather than the pure gas of the same CAS number."""
    rules = substances.mixtures
    of_solutions = rules.against[(rules.form == FORMS.index("solution")) & (rules.against >= 0)]
    liquid = np.isin(holdings.state, [STATES.index("liquid"), STATES.index("solid")])
    weak = np.nan_to_num(holdings.concentration, nan=0.0) < 1.0
    return np.asarray(holdings.is_solution | (liquid & weak) | np.isin(row, of_solutions))
