# SPDX-License-Identifier: Apache-2.0
"""The mechanism of the nomenclature: a term is declared once, by the wing that owns it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A named quantity that may appear in a result.

    Parameters
    ----------
    name : str
        Name in the API, in ``metrics.json`` and in the tables.
    unit : str
        Unit of its values.
    sentence : str
        One sentence for a reader: what it is.
    label : str
        Short label for a table row or a figure.
    """

    name: str
    unit: str
    sentence: str
    label: str


class Vocabulary:
    """An ordered set of terms with unique names."""

    def __init__(self, *terms: Term) -> None:
        self._terms: dict[str, Term] = {}
        for term in terms:
            if term.name in self._terms:
                raise ValueError(f"The term {term.name!r} is declared twice.")
            self._terms[term.name] = term

    def __getitem__(self, name: str) -> Term:
        """Return the declared term, or raise KeyError."""
        return self._terms[name]

    def __contains__(self, name: object) -> bool:
        """Whether the name is declared."""
        return name in self._terms

    def terms(self) -> tuple[Term, ...]:
        """All terms in the order of declaration."""
        return tuple(self._terms.values())
