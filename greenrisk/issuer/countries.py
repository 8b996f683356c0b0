# SPDX-License-Identifier: Apache-2.0
"""Two codes for one country, and names for codes: made one, each telling what it was.

What lives here: from a spelling to the ISO code. What does not: which region of a model a country is in
(:mod:`greenrisk.pathways.regions`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import pandas as pd

from greenrisk.core.ledger import Entry, Ledger
from greenrisk.core.library import library_root
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.core.tables import read_table
from greenrisk.issuer.tables import COUNTRY_SPELLINGS


@dataclass(frozen=True)
class Countries:
    """Codes by spelling.

    Parameters
    ----------
    codes : dict of str to str
        Spelling in small letters to ISO 3166 alpha-2 code.
    """

    codes: dict[str, str]

    def code(self, spelling: str) -> str:
        """Return the code of a spelling; empty where it is not known."""
        return self.codes.get(" ".join(spelling.split()).lower(), "")

    def mend(self, spelling: str) -> str:
        """Return what to do about a spelling that is not known."""
        close = did_you_mean(spelling.lower(), list(self.codes))
        mend = "Give its ISO 3166 code, e.g. CN; your own `country_spellings` may hold more."
        return f"Not a country that is known.{close} {mend}"


def countries_of(frame: pd.DataFrame | None = None) -> Countries:
    """Return the codes of a table that follows COUNTRY_SPELLINGS; of the shipped one without."""
    table = _shipped() if frame is None else frame
    return Countries(dict(zip(map(str, table["spelling"]), map(str, table["country"]), strict=True)))


@cache
def _shipped() -> pd.DataFrame:
    return read_table(library_root() / "data" / "country_spellings.csv", COUNTRY_SPELLINGS, Ledger())


def told(spellings: Iterable[str], countries: Countries, name: str) -> list[Entry]:
    """Return ledger lines: which spellings were made which code, and codes that stood there in several spellings.

    Parameters
    ----------
    spellings : iterable of str
        As the table has them.
    countries : Countries
        Codes by spelling.
    name : str
        The table.
    """
    written = Counter(" ".join(word.split()) for word in spellings)
    by_code: dict[str, list[str]] = {}
    for word in written:
        if code := countries.code(word):
            by_code.setdefault(code, []).append(word)
    lines = []
    for code, words in sorted(by_code.items()):
        others = sorted(word for word in words if word != code)
        if not others:
            continue
        rows = sum(written[word] for word in others)
        said = ", ".join(f"`{word}`" for word in others)
        also = f"; `{code}` stood there too" if code in words else ""
        lines.append(Entry("read", name, f"Country {said} read as `{code}`{also}.", rows))
    return lines
