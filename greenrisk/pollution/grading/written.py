# SPDX-License-Identifier: Apache-2.0
"""A grade as the standard writes it, and in English.

One medium: ``较大-水(Q2-M2-E2)``, ``一般-大气(Q0)``; both: ``重大[重大-大气(Q1-M3-E1)+较大-水(Q2-M2-E2)]``. The form is
unconfirmed.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import Final, Literal

import numpy as np

from greenrisk.pollution.grading.hj941 import Grades
from greenrisk.pollution.grading.rules import Rules
from greenrisk.pollution.grading.words import (
    E_LEVELS,
    GRADES,
    GRADES_ZH,
    M_CLASSES,
    MEDIA,
    MEDIA_ZH,
    Q_BANDS,
)
from greenrisk.pollution.inventory import Texts

Language = Literal["zh", "en"]


def written(grades: Grades, rules: Rules, language: Language = "zh") -> Texts:
    """Return the written grade of every plant, shape (plants,).

    Parameters
    ----------
    grades : Grades
    rules : Rules
        Name the method that applies where HJ 941 does not grade.
    language : str
        ``zh`` or ``en``.

    Notes
    -----
    A medium of whose list nothing is held is left out; where nothing at all is held, both are written as Q0. After
    an upgrade by penalty the enterprise's grade exceeds those in the brackets.
    """
    terms = grades.terms
    code = grades.grade
    for m in range(len(MEDIA)):
        q = grades.q_band[m]
        cell = (q * len(M_CLASSES) + grades.m_class[m]) * len(E_LEVELS) + terms.e[m]
        cell = np.maximum(cell - (_FIRST_CELL - 2), 1)
        code = code * _CODES + cell * terms.involved[m]
    place = np.where(grades.graded, code, terms.kind_of_site - len(rules.methods))
    return _texts(language, rules.matrix.tobytes(), rules.methods).take(place, mode="wrap")


@lru_cache(maxsize=8)
def _texts(language: Language, matrix: bytes, methods: tuple[str, ...]) -> Texts:
    """Return every text that the rules allow: by grade and code of each medium; at the end those of kinds not graded.

    Notes
    -----
    Code of a medium: 0 nothing of its list is held, 1 Q0, of which neither M nor E is written, then the cells of the
    matrix beyond Q0. There are far fewer texts than plants, so that a grade is one look into this table.
    """
    words, joined, (before, after) = _PARTS[language]
    grade_of = np.frombuffer(matrix, dtype=np.int64).ravel().tolist()
    cells = list(product(range(len(Q_BANDS)), range(len(M_CLASSES)), range(len(E_LEVELS))))
    of_code = [(0, 0), *((cell, grade_of[cell]) for cell in range(_FIRST_CELL, len(cells)))]
    media = [
        [(0, ""), *((grade, _medium(m, (grade, *cells[cell]), language)) for cell, grade in of_code)]
        for m in range(len(MEDIA))
    ]
    none = joined.join(_medium(m, (0, 0, 0, 0), language) for m in range(len(MEDIA)))
    texts = []
    for (grade, word), (base, one), (other_base, other) in product(enumerate(words), *media):
        inside = f"{one}{joined}{other}" if one and other else one or other or none
        alone = bool(one) != bool(other) and grade <= max(base, other_base)
        texts.append(inside if alone else f"{word}{before}{inside}{after}")
    return np.array([*texts, *(_REFUSED[language].format(method) for method in methods)], dtype=np.str_)


_FIRST_CELL: Final = len(M_CLASSES) * len(E_LEVELS)
"""First cell of the matrix beyond Q0."""

_CODES: Final = 2 + (len(Q_BANDS) - 1) * _FIRST_CELL
"""Codes of a medium, as in :func:`_texts`."""

_PARTS: Final = {"zh": (GRADES_ZH, "+", ("[", "]")), "en": (GRADES, " + ", (" [", "]"))}
_REFUSED: Final = {"zh": "不适用（{}）", "en": "not graded: {}"}


def _medium(m: int, codes: tuple[int, ...], language: Language) -> str:
    """Return how a medium is written from the codes of its grade, Q, M, E."""
    grade, q, m_class, e = codes
    band = f"{Q_BANDS[q]}-{M_CLASSES[m_class]}-{E_LEVELS[e]}" if q else Q_BANDS[0]
    if language == "zh":
        return f"{GRADES_ZH[grade]}-{MEDIA_ZH[m]}({band})"
    return f"{GRADES[grade]} {MEDIA[m]} ({band})"
