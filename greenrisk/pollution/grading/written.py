# SPDX-License-Identifier: Apache-2.0
"""A grade as the standard writes it, and in English.

One medium: ``较大-水(Q2-M2-E2)``, ``一般-大气(Q0)``; both: ``重大[重大-大气(Q1-M3-E1)+较大-水(Q2-M2-E2)]``. The form is
unconfirmed.
"""

from __future__ import annotations

from typing import Literal

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
    # Every part of a text has few values: plants of one key share one text.
    key = np.where(grades.graded, 0, terms.kind_of_site + 1) * 4 + (grades.grade + 1)
    for m in range(len(MEDIA)):
        shown = grades.medium_grade[m] * 4 + grades.q_band[m]
        shown = (shown * 4 + grades.m_class[m]) * 4 + terms.e[m]
        key = (key * 256 + shown) * 2 + terms.involved[m]
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    columns = (grades.medium_grade, grades.q_band, grades.m_class, terms.e, terms.involved)
    media = [zip(*(column[m, first].tolist() for column in columns), strict=True) for m in range(len(MEDIA))]
    whole = zip(
        terms.kind_of_site[first].tolist(),
        grades.grade[first].tolist(),
        (grades.grade > grades.base)[first].tolist(),
        strict=True,
    )
    words = GRADES_ZH if language == "zh" else GRADES
    texts = []
    for (kind, grade, raised), *parts in zip(whole, *media, strict=True):
        if grade == REFUSED:
            method = rules.methods[kind]
            texts.append(f"不适用（{method}）" if language == "zh" else f"not graded: {method}")
            continue
        involved = [m for m, part in enumerate(parts) if part[-1]] or range(len(MEDIA))
        shown_media = [_medium(m, parts[m][:-1], language) for m in involved]
        if len(shown_media) == 1 and not raised:
            texts.append(shown_media[0])
        elif language == "zh":
            texts.append(f"{words[grade]}[{'+'.join(shown_media)}]")
        else:
            texts.append(f"{words[grade]} [{' + '.join(shown_media)}]")
    return np.array(texts, dtype=np.str_)[group]


def _medium(m: int, codes: tuple[int, ...], language: Language) -> str:
    """Return how a medium is written from the codes of its grade, Q, M, E."""
    grade, q, m_class, e = codes
    band = f"{Q_BANDS[q]}-{M_CLASSES[m_class]}-{E_LEVELS[e]}" if q else Q_BANDS[0]
    if language == "zh":
        return f"{GRADES_ZH[grade]}-{MEDIA_ZH[m]}({band})"
    return f"{GRADES[grade]} {MEDIA[m]} ({band})"
