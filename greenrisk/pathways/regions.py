# SPDX-License-Identifier: Apache-2.0
"""From countries to the regions of a model, with the world as the named fall-back.

What lives here: which region of a table a country is in. What does not: which countries an issuer works in, and two
codes of one country (the issuers' own checks).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

import pandas as pd

from greenrisk.core.ledger import Ledger
from greenrisk.pathways.tables import PATHWAY_REGIONS, small_table

WORLD: Final = ("World", "Global")
"""How tables name the whole world, the first that a table holds being taken."""


@dataclass(frozen=True)
class Region:
    """The region that stands for a country.

    Parameters
    ----------
    country : str
        Country as asked.
    region : str
        Region of the table; empty where the table holds neither its region nor the world.
    fall_back : bool
        Whether the world stands for it because the table has no region of its own.
    status : str
        How far the membership is known; empty for a fall-back.
    """

    country: str
    region: str
    fall_back: bool
    status: str


@dataclass(frozen=True)
class Regions:
    """Regions by country, in the order in which they are looked for.

    Parameters
    ----------
    rows : dict
        Country to (region, start of the models, status).
    """

    rows: dict[str, tuple[tuple[str, str, str], ...]]

    def of(self, country: str, model: str, present: Collection[str]) -> Region:
        """Return the region of a country in a table.

        Parameters
        ----------
        country : str
            ISO 3166 alpha-2 code, or the name of a region of the table itself.
        model : str
            Model whose regions are meant.
        present : collection of str
            Regions that the table holds for what is looked for.
        """
        if country in present:
            return Region(country, country, False, "confirmed")
        for region, start, status in self.rows.get(country.upper(), ()):
            if model.startswith(start) and region in present:
                return Region(country, region, False, status)
        world = next((name for name in WORLD if name in present), "")
        # The world asked for under its other name is itself, no fall-back.
        return Region(country, world, country not in WORLD, "confirmed" if country in WORLD else "")


def regions_of(frame: pd.DataFrame | None = None) -> Regions:
    """Return the regions by country.

    Parameters
    ----------
    frame : DataFrame, optional
        As :data:`~greenrisk.pathways.tables.PATHWAY_REGIONS` describes it; the shipped table where left out.
    """
    frame = small_table(PATHWAY_REGIONS) if frame is None else frame
    rows: dict[str, list[tuple[str, str, str]]] = {}
    for row in frame.to_dict("records"):
        start = row.get("model_starts_with")
        text = start if isinstance(start, str) else ""
        rows.setdefault(str(row["country"]).upper(), []).append(
            (str(row["region"]), text, str(row["status"]))
        )
    return Regions({country: tuple(found) for country, found in rows.items()})


def tell_regions(found: Iterable[Region], ledger: Ledger, subject: str) -> None:
    """Write one line that counts and names the countries for which the world stands, and one for uncertain members.

    Parameters
    ----------
    found : iterable of Region
        Regions of countries; each country counts once.
    ledger : Ledger
        Told.
    subject : str
        What the regions are of, e.g. a scenario.
    """
    each = {one.country: one for one in found}
    fallen = sorted(country for country, one in each.items() if one.fall_back and one.region)
    if fallen:
        world = next(each[country].region for country in fallen)
        detail = f"No region of the table holds {', '.join(fallen)}: `{world}` stands for them."
        ledger.add("assumption", subject, detail, len(fallen))
    unsure = sorted(f"{one.country} in {one.region}" for one in each.values() if one.status == "unconfirmed")
    if unsure:
        detail = f"That these countries are in these regions is from memory: {', '.join(unsure)}."
        ledger.add("assumption", subject, detail, len(unsure), status="unconfirmed")
