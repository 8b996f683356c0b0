# SPDX-License-Identifier: Apache-2.0
"""What stands for what: the one place where fall-backs are decided, for the coverage table and for the values alike.

What lives here: from a need to series of the tables, with every step told. What does not: the table of all needs
(:mod:`greenrisk.pathways.coverage`) and the pathways made of them (:mod:`greenrisk.pathways.pathway`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from greenrisk.pathways.deviations import transition_from
from greenrisk.pathways.regions import WORLD, Region, Regions, regions_of
from greenrisk.pathways.tables import PATHWAY_PROXIES, small_table
from greenrisk.pathways.units import Floats
from greenrisk.pathways.variables import CanonicalTable

State = Literal["covered", "fall-back", "missing"]
"""Whether a need is met as asked, by something that stands for it, or not at all."""

How = Literal["one", "sum", "derived", "zero"]
"""How the values of a need come from series."""

Key = tuple[str, ...]
"""Model, scenario, region, variable, member, sector, technology."""


@dataclass(frozen=True)
class Need:
    """One thing that a study needs of the pathway tables.

    Parameters
    ----------
    name : str
        Scenario of the study.
    model, scenario : str
        As tables name them.
    variable : str
        One name of :data:`~greenrisk.pathways.tables.PATHWAY_VARIABLES`.
    country : str
        ISO 3166 alpha-2 code or a region's name.
    first_year, last_year : int
        Years needed [year].
    member : str
        Part of a shock, for a deviation.
    sector, technology : str
        Where the variable has them.
    """

    name: str
    model: str
    scenario: str
    variable: str
    country: str
    first_year: int
    last_year: int
    member: str = ""
    sector: str = ""
    technology: str = ""


@dataclass(frozen=True)
class Found:
    """What the tables hold for a need.

    Parameters
    ----------
    need : Need
        The need.
    state : str
        Covered, fall-back or missing.
    reason : str
        Why it is a fall-back or missing; empty where covered.
    region : Region
        Region that stands for the country.
    years : (int, int) or None
        First and last year of the series; None where there is none.
    how : str
        ``one`` series, their ``sum``, ``derived`` (combined without physical), or ``zero``.
    keys : tuple of Key
        The series.
    kind : str
        Level or deviation.
    status : str
        Status of the proxy that stands for it; `confirmed` where none does.
    """

    need: Need
    state: State
    reason: str
    region: Region
    years: tuple[int, int] | None = None
    how: How = "one"
    keys: tuple[Key, ...] = ()
    kind: str = "level"
    status: str = "confirmed"


@dataclass(frozen=True)
class Resolver:
    """Looks needs up in the tables.

    Parameters
    ----------
    table : CanonicalTable
        The pathways.
    regions : Regions
        Regions by country.
    proxies : DataFrame
        See :data:`~greenrisk.pathways.tables.PATHWAY_PROXIES`.
    hold : bool
        Whether the ends of a series are held beyond it.
    """

    table: CanonicalTable
    regions: Regions = field(default_factory=regions_of)
    proxies: pd.DataFrame = field(default_factory=lambda: small_table(PATHWAY_PROXIES))
    hold: bool = False
    _places: dict[Key, dict[str, dict[str, Key]]] = field(init=False, repr=False, compare=False)
    _physical_only: frozenset[tuple[str, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Order the series by what they are of."""
        places: dict[Key, dict[str, dict[str, Key]]] = {}
        members: dict[tuple[str, str], set[str]] = {}
        for key in self.table.index:
            model, scenario, region, variable, member, sector, technology = key
            here = places.setdefault((model, scenario, variable, sector, technology), {})
            here.setdefault(region, {})[member] = key
            if member:
                members.setdefault((model, scenario), set()).add(member)
        object.__setattr__(self, "_places", places)
        alone = frozenset(pair for pair, held in members.items() if held == {"physical"})
        object.__setattr__(self, "_physical_only", alone)

    def find(self, need: Need) -> Found:
        """Return what stands for a need, with the reason where it is not the thing itself."""
        kind = self.table.variables.kind(need.variable)
        world = self.table.variables.world(need.variable)
        place = (need.model, need.scenario, need.variable, need.sector.lower(), need.technology.lower())
        regions = self._places.get(place)
        if regions is None:
            return self._proxy(need, kind)
        region = self.regions.of(WORLD[0] if world else need.country, need.model, regions)
        if not region.region:
            held = ", ".join(sorted(regions))
            return Found(
                need,
                "missing",
                f"It is in no region of the table, which holds no World. There are: {held}.",
                region,
            )
        reasons = [f"`{region.region}` stands for {need.country}."] if region.fall_back else []
        members = regions[region.region]
        keys: tuple[Key, ...]
        how: How = "one"
        if kind == "level" or need.member in members:
            keys = (members[need.member if kind != "level" else next(iter(members))],)
        elif need.member == "transition" and {"combined", "physical"} <= set(members):
            keys, how = (members["combined"], members["physical"]), "derived"
            reasons.append("The transition member is made of the others: combined without physical.")
        elif "physical" in members and (need.model, need.scenario) in self._physical_only:
            how = "zero" if need.member == "transition" else "one"
            keys = (members["physical"],)
            said = "no transition, so that its member is 0" if how == "zero" else "no transition beside it"
            reasons.append(f"The scenario holds physical shocks alone: {said}.")
        else:
            held = ", ".join(sorted(members))
            return Found(need, "missing", f"No member `{need.member}`. There are: {held}.", region, kind=kind)
        return self._dated(need, keys, how, kind, region, reasons)

    def values(self, found: Found, years: ArrayLike) -> Floats:
        """Return the values of a need that is not missing.

        Parameters
        ----------
        found : Found
            What stands for it.
        years : array_like of int, shape (n,)
            Calendar years within those of the series, or beyond them where its ends are held.

        Returns
        -------
        array, shape (n,)
            In the one unit of the variable.
        """
        wanted = np.asarray(years, dtype=float)
        if found.how == "zero":
            return np.zeros(wanted.shape)
        read = [np.interp(wanted, *self.table.index[key]) for key in found.keys]
        if found.how == "derived":
            return transition_from(read[0], read[1], found.kind)
        return np.asarray(np.sum(read, axis=0))

    def _dated(
        self, need: Need, keys: tuple[Key, ...], how: How, kind: str, region: Region, reasons: list[str]
    ) -> Found:
        spans = [self.table.index[key][0] for key in keys]
        first, last = max(int(span[0]) for span in spans), min(int(span[-1]) for span in spans)
        if need.first_year < first or need.last_year > last:
            what = f"The series holds {first} to {last}; needed are {need.first_year} to {need.last_year}."
            if not self.hold:
                within = max(first, need.first_year), min(last, need.last_year)
                mend = "Set `hold: true` to hold its ends"
                mend += f", or study {within[0]} to {within[1]}." if within[0] <= within[1] else "."
                short = [span[0] > need.first_year or span[-1] < need.last_year for span in spans].index(True)
                reason = f"{what} It stands in {self._stands(keys[short])}. {mend}"
                return Found(need, "missing", reason, region, (first, last))
            reasons.append(f"{what} Its ends are held.")
        state: State = "fall-back" if reasons else "covered"
        return Found(need, state, " ".join(reasons), region, (first, last), how, keys, kind)

    def _stands(self, key: Key) -> str:
        """Return file and first row of a series."""
        data = self.table.data
        parts = ("model", "scenario", "region", "variable", "member")
        here = np.logical_and.reduce([(data[part] == text) for part, text in zip(parts, key, strict=False)])
        for part, text in zip(("sector", "technology"), key[5:], strict=True):
            here &= (data[part].str.lower() == text).to_numpy()
        first = data.iloc[int(np.argmax(here))]
        return f"{first['file']}:{first['row']}"

    def _proxy(self, need: Need, kind: str) -> Found:
        """Return what stands for the production of a technology, or that nothing does."""
        rows = self.proxies[
            (self.proxies["sector"].str.lower() == need.sector.lower())
            & (self.proxies["technology"].str.lower() == need.technology.lower())
        ]
        nowhere = Region(need.country, "", False, "")
        if need.variable != "production_pathway" or rows.empty:
            return Found(need, "missing", self._absent(need), nowhere, kind=kind)
        row = rows.iloc[0]
        parts, keys, reasons = str(row["pathway_technologies"]).split(" + "), [], []
        region = nowhere
        for part in parts:
            held = self._places.get((need.model, need.scenario, str(row["variable"]), "", part), {})
            region = self.regions.of(need.country, need.model, held)
            if not region.region:
                return Found(need, "missing", self._absent(need), nowhere, kind=kind)
            keys.append(held[region.region][""])
        if region.fall_back:
            reasons.append(f"`{region.region}` stands for {need.country}.")
        what = " + ".join(parts)
        reasons.append(
            f"No pathway of the technology: {row['variable']} of {what} stands for it ({row['status']})."
        )
        found = self._dated(need, tuple(keys), "sum", kind, region, reasons)
        return replace(found, status=str(row["status"]))

    def _absent(self, need: Need) -> str:
        known = {(key[0], key[1]) for key in self._places}
        if need.model not in {model for model, _ in known}:
            return f"The tables hold no model `{need.model}`."
        if (need.model, need.scenario) not in known:
            return f"`{need.model}` has no scenario `{need.scenario}`."
        named = f"`{need.variable}`" + (
            f" of {need.sector} {need.technology}".rstrip() if need.sector else ""
        )
        return f"`{need.model}` holds no {named} for `{need.scenario}`."
