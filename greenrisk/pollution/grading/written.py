# SPDX-License-Identifier: Apache-2.0
"""A grade as the standard writes it, and in English.

One medium: ``较大-水(Q2-M2-E2)``, ``一般-大气(Q0)``; both: ``重大[重大-大气(Q1-M3-E1)+较大-水(Q2-M2-E2)]``. The form is
unconfirmed.
"""

from __future__ import annotations

import math
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
    REFUSED,
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
    sizes = (len(GRADES), len(Q_BANDS), len(M_CLASSES), len(E_LEVELS))
    codes = [
        ((grades.medium_grade[m] * sizes[1] + grades.q_band[m]) * sizes[2] + grades.m_class[m]) * sizes[3]
        + terms.e[m]
        for m in range(len(MEDIA))
    ]
    # Plants of one key share one text: there are far fewer keys than plants.
    key = np.where(grades.graded, 0, terms.kind_of_site + 1) * (len(GRADES) + 1) + (grades.grade + 1)
    for m, code in enumerate(codes):
        key = (key * math.prod(sizes) + code) * 2 + terms.involved[m]
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    shown = []
    for m, of_medium in enumerate(_media(sizes, language)):
        held = terms.involved[m, first].tolist()
        mine = zip(codes[m][first].tolist(), held, strict=True)
        shown.append([of_medium[code] if there else "" for code, there in mine])
    words, joined, (before, after) = _PARTS[language]
    texts = []
    for one, other, grade, raised, kind in zip(
        *shown,
        grades.grade[first].tolist(),
        (grades.grade > grades.base)[first].tolist(),
        terms.kind_of_site[first].tolist(),
        strict=True,
    ):
        if grade == REFUSED:
            texts.append(_REFUSED[language].format(rules.methods[kind]))
        elif one and other:
            texts.append(f"{words[grade]}{before}{one}{joined}{other}{after}")
        elif one or other:
            texts.append(f"{words[grade]}{before}{one or other}{after}" if raised else one or other)
        else:
            none = joined.join(_medium(m, (0, 0, 0, 0), language) for m in range(len(MEDIA)))
            texts.append(f"{words[grade]}{before}{none}{after}")
    return np.array(texts, dtype=np.str_)[group]


_PARTS: Final = {"zh": (GRADES_ZH, "+", ("[", "]")), "en": (GRADES, " + ", (" [", "]"))}
_REFUSED: Final = {"zh": "不适用（{}）", "en": "not graded: {}"}


def _media(sizes: tuple[int, ...], language: Language) -> list[list[str]]:
    """Return how each medium is written, by the code of its grade, Q, M, E."""
    return [[_medium(m, codes, language) for codes in product(*map(range, sizes))] for m in range(len(MEDIA))]


def _medium(m: int, codes: tuple[int, ...], language: Language) -> str:
    """Return how a medium is written from the codes of its grade, Q, M, E."""
    grade, q, m_class, e = codes
    band = f"{Q_BANDS[q]}-{M_CLASSES[m_class]}-{E_LEVELS[e]}" if q else Q_BANDS[0]
    if language == "zh":
        return f"{GRADES_ZH[grade]}-{MEDIA_ZH[m]}({band})"
    return f"{GRADES[grade]} {MEDIA[m]} ({band})"
