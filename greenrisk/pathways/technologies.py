# SPDX-License-Identifier: Apache-2.0
"""Paths by technology as one table, for the late-and-sudden production path.

What lives here: from pathways to rows. What does not: the model that reads them (the issuers' production room).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from greenrisk.core.ledger import Ledger
from greenrisk.pathways.pathway import Pathway
from greenrisk.pathways.tables import PATHWAY_PROXIES, small_table

TECHNOLOGY_FRAME: Final = (
    "scenario",
    "family",
    "role",
    "region",
    "sector",
    "technology",
    "kind",
    "year",
    "activity",
    "price",
    "capacity_factor",
    "price_unit",
)
"""Columns of the table; activity is in one unit for a sector, the capacity factor a share, role is baseline or target,
kind carbon or green."""

Price = tuple[float, str]
"""A price in each year alike, and its unit."""


def technology_frame(
    pathways: Sequence[Pathway],
    price_unit: str,
    own_prices: Mapping[tuple[str, str], Price] | None = None,
    own_kinds: Mapping[tuple[str, str], str] | None = None,
    proxies: pd.DataFrame | None = None,
    ledger: Ledger | None = None,
    totals: Collection[tuple[str, str]] = (),
) -> pd.DataFrame:
    """Return the production pathways of all scenarios as one table.

    Parameters
    ----------
    pathways : sequence of Pathway
        The baseline and the shocks.
    price_unit : str
        Unit of the prices that the pathways hold.
    own_prices : mapping of (str, str) to (float, str), optional
        Price and unit by sector and technology where the pathways hold none: the same in every year and scenario.
    own_kinds : mapping of (str, str) to str, optional
        ``carbon`` or ``green`` by sector and technology where the table of proxies does not say it.
    proxies : DataFrame, optional
        See :data:`~greenrisk.pathways.tables.PATHWAY_PROXIES`; the shipped table where left out.
    ledger : Ledger, optional
        Told technologies that are left out for want of a price or a kind, and prices that stay the same.
    totals : collection of (str, str), optional
        Technologies that nobody plans: they count in the total of their sector, and need neither price nor kind.

    Returns
    -------
    DataFrame
        Columns of :data:`TECHNOLOGY_FRAME`, one row a scenario, country, sector, technology and year. Capacity factors
        are 1: a pathway of output tells the use of capacity already.
    """
    prices, kinds = dict(own_prices or {}), _kinds(proxies)
    kinds |= {_low(key): kind for key, kind in (own_kinds or {}).items()}
    rows, without, flat = [], set(), set()
    for pathway in pathways:
        for key, activity in pathway.production.items():
            kind, own = kinds.get(_low(key)), prices.get(key)
            if key in totals:
                kind, own = kind or "carbon", (0.0, "")
            if kind is None or (key not in pathway.prices and own is None):
                without.add(key)
                continue
            if key in pathway.prices:
                price, unit = pathway.prices[key], price_unit
            else:
                assert own is not None
                if key not in totals:
                    flat.add(key)
                price, unit = np.full(activity.shape, own[0]), own[1]
            for row, country in enumerate(pathway.countries):
                part = pd.DataFrame({"year": pathway.years, "activity": activity[row], "price": price[row]})
                rows.append(
                    part.assign(
                        scenario=pathway.name,
                        family=pathway.family,
                        role="baseline" if pathway.baseline else "target",
                        region=country,
                        sector=key[0],
                        technology=key[1],
                        kind=kind,
                        capacity_factor=1.0,
                        price_unit=unit,
                    )
                )
    if ledger is not None:
        _tell(without, flat, ledger)
    if not rows:
        return pd.DataFrame(columns=pd.Index(TECHNOLOGY_FRAME))
    return pd.concat(rows, ignore_index=True)[list(TECHNOLOGY_FRAME)]


def _tell(without: set[tuple[str, str]], flat: set[tuple[str, str]], ledger: Ledger) -> None:
    if without:
        listed = ", ".join(" ".join(key) for key in sorted(without))
        detail = f"No price, or not told whether carbon or green: no production path for {listed}."
        ledger.add("dropped", "technology paths", detail, len(without))
    if flat:
        listed = ", ".join(" ".join(key) for key in sorted(flat))
        detail = f"The user's price stands in every year and scenario for {listed}: production moves, prices do not."
        ledger.add("assumption", "technology paths", detail, len(flat), status="user")


def _kinds(proxies: pd.DataFrame | None) -> dict[tuple[str, str], str]:
    frame = small_table(PATHWAY_PROXIES) if proxies is None else proxies
    columns = (frame["sector"], frame["technology"], frame["kind"])
    return {_low((str(a), str(b))): str(kind) for a, b, kind in zip(*columns, strict=True)}


def _low(key: tuple[str, str]) -> tuple[str, str]:
    return key[0].lower(), key[1].lower()
