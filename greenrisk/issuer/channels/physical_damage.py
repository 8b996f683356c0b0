# SPDX-License-Identifier: Apache-2.0
"""Natural hazards at the issuers' sites: yearly damage net of insurance, and days of interruption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

import numpy as np
import pandas as pd
from pydantic import Field

from greenrisk.core.card_roles import Role
from greenrisk.core.errors import Faults, TableError
from greenrisk.core.spec import Spec
from greenrisk.core.tables import Column, TableSpec, file_rows
from greenrisk.issuer.channels.base import Channel, Effects, Flags, Floats, Integers, Setting
from greenrisk.issuer.channels.lines import DAYS

PHYSICAL_ROLE: Final = "physical_damage"
"""Role of the card."""

PHYSICAL_CARD: Final = Role(
    "card",
    "issuer.physical_damage",
    ("damage_multiple", "growth_per_kelvin"),
    units={"growth_per_kelvin": "1/K"},
)
"""What the card of this channel must hold."""

SITE_HAZARDS: Final = TableSpec(
    "issuer-site-hazards",
    "Natural hazards at the sites of issuers, by return period",
    (
        Column("issuer", "text", description="Identifier of the issuer."),
        Column("site", "text", description="Identifier of the site."),
        Column("peril", "text", description="Natural peril."),
        Column(
            "return_period_years",
            "number",
            "year",
            low=1,
            description="Mean time between events at least as strong.",
        ),
        Column(
            "damage_share",
            "number",
            "1",
            low=0,
            high=1,
            description="Share of the site's value that is damaged.",
        ),
        Column("downtime_days", "number", "day", low=0, high=365, description="Days without production."),
        Column(
            "status",
            "choice",
            required=False,
            choices=("confirmed", "unconfirmed", "illustrative", "user", "synthetic"),
            description="How far the row is known.",
        ),
        Column("source", "text", required=False, description="Where the row comes from."),
    ),
)
"""Hazards at sites; one row a site, peril and return period."""


class PhysicalDamageSpec(Spec):
    """Physical damage and interruption by site."""

    hazards: str
    """Table of hazards at the sites (`greenrisk show table issuer-site-hazards`)."""

    interruption_insured_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of the interruption that insurance makes good."""

    card: str = "issuer-physical-damage-judged"
    """Card of how far damage is off, and how it grows with warming."""


def expected(return_period: Floats, loss: Floats) -> float:
    """Return the expected yearly loss of one curve.

    Parameters
    ----------
    return_period : array, shape (point,)
        Rising [year].
    loss : array, shape (point,)
        Loss at each.

    Notes
    -----
    Trapezoid over the annual exceedance p = 1/T, and beyond the rarest point its loss times its p. Nothing is added for
    events more frequent than the first point.
    """
    p = 1.0 / return_period
    return float(np.sum((p[:-1] - p[1:]) * (loss[:-1] + loss[1:]) / 2.0) + p[-1] * loss[-1])


@dataclass(frozen=True)
class SiteHazards:
    """Curves of hazards by site and peril.

    Parameters
    ----------
    curves : dict of (issuer, site) to tuple of (return periods, damage shares, days)
        One for each peril [year; 1; day].
    """

    curves: dict[tuple[str, str], tuple[tuple[Floats, Floats, Floats], ...]]


def site_hazards_from(frame: pd.DataFrame, where: str = "issuer-site-hazards") -> SiteHazards:
    """Return a checked table (:data:`SITE_HAZARDS`) as curves.

    Raises
    ------
    TableError
        A return period told twice, or a rarer event that does less damage than a more frequent one.
    """
    faults, keys = Faults(), ["issuer", "site", "peril"]
    numbered = frame.assign(_row=list(file_rows(frame))).sort_values("return_period_years", kind="stable")
    group = numbered.groupby(keys, sort=False).ngroup().to_numpy()
    order = np.argsort(group, kind="stable")
    numbered, group = numbered.iloc[order], group[order]
    columns = ("return_period_years", "damage_share", "downtime_days")
    period, share, days = (numbered[name].to_numpy(dtype=np.float64) for name in columns)
    file_row, begins = numbered["_row"].to_numpy(), np.flatnonzero(np.diff(group, prepend=-1))
    names = list(numbered.iloc[begins][keys].astype(str).itertuples(index=False, name=None))
    same = np.diff(group) == 0
    wrong = [(k, 0) for k in np.flatnonzero(same & (np.diff(period) == 0))]
    for kind, values in ((1, share), (2, days)):
        wrong += [(k, kind) for k in np.flatnonzero(same & (np.diff(values) < 0))]
    for k, kind in sorted(wrong, key=lambda one: (group[one[0]], one[1], one[0])):
        _, site, peril = names[group[k]]
        where_of = f"{where}:{file_row[k + 1]}"
        if kind == 0:
            what = f"{site}, {peril}: return_period_years = {period[k]:g}"
            faults.add(where_of, what, "It is told twice. Leave one row out.", "year")
        else:
            values = (share, days)[kind - 1]
            what = f"{site}, {peril}: {columns[kind]} = {values[k + 1]:g} after {values[k]:g}"
            faults.add(where_of, what, "A rarer event cannot do less. Mend the curve.")
    faults.raise_if_any(TableError, "`greenrisk show table issuer-site-hazards` lists its columns.")
    curves: dict[tuple[str, str], list[tuple[Floats, Floats, Floats]]] = {}
    ends = [*begins[1:].tolist(), len(group)]
    for (issuer, site, _), start, stop in zip(names, begins.tolist(), ends, strict=True):
        part = slice(start, stop)
        curves.setdefault((issuer, site), []).append((period[part], share[part], days[part]))
    return SiteHazards({key: tuple(found) for key, found in curves.items()})


@dataclass(frozen=True)
class PhysicalDamage(Channel):
    """Physical damage and interruption.

    Parameters
    ----------
    spec : PhysicalDamageSpec
        What the scenario says.
    hazards : SiteHazards
        Curves.

    Notes
    -----
    Damage of an event is value x share; insurance pays its share of what is above the deductible. Expected yearly
    values (:func:`expected`) are multiplied by k (1 + g (T - T today)) with T the scenario's global temperature: the
    deductible does not grow with it. Damage is repaired in its year, as a cost. Days of interruption are weighted by
    the share of the contribution that is made at the site; they count among the closed days and are not made up.
    """

    spec: PhysicalDamageSpec
    hazards: SiteHazards
    name: ClassVar[str] = "physical_damage"
    title: ClassVar[str] = "Physical damage"
    writes: ClassVar[tuple[str, ...]] = ("closed_days", "lost_days", "damage")
    tells: ClassVar = {
        "without_curve": (
            "dropped",
            "sites without a hazard curve",
            "They suffer nothing. Give their rows in the table of hazards.",
        ),
    }

    def consumes(self) -> tuple[str, ...]:
        """Return its drivers."""
        return ("temperature", "site_hazards")

    def reads(self, setting: Setting) -> Flags:
        """Return which issuers have a site with a curve."""
        return np.asarray(self._yearly(setting)[2] > 0)

    def market(self, setting: Setting, effects: Effects) -> None:
        """Close for the days of interruption."""
        days = setting.of_issuer(self._yearly(setting)[1]) * self._multiple(setting, effects)
        days = np.minimum(days, DAYS)
        effects.add("closed_days", days)
        effects.add("lost_days", days * (1.0 - self.spec.interruption_insured_share))

    def charge(self, setting: Setting, effects: Effects) -> None:
        """Charge the damage that insurance does not pay."""
        loss, _, _, without = self._yearly(setting)
        effects.add("damage", setting.of_issuer(loss) * self._multiple(setting, effects))
        effects.tell(self.name, "without_curve", without)

    def _multiple(self, setting: Setting, effects: Effects) -> Floats:
        path = setting.driver("temperature")
        warming = path - path[..., :1]
        grown = 1.0 + setting.parameter(PHYSICAL_ROLE, "growth_per_kelvin") * warming
        return np.asarray(setting.parameter(PHYSICAL_ROLE, "damage_multiple") * np.maximum(grown, 0.0))

    def _yearly(self, setting: Setting) -> tuple[Floats, Floats, Integers, int]:
        """Expected yearly loss and days of each issuer, its sites with a curve, and sites without one."""
        if self.name in setting.cache:
            found: tuple[Floats, Floats, Integers, int] = setting.cache[self.name]
            return found
        sites, without = setting.issuers.sites, 0
        loss, days = np.zeros(len(setting.issuers)), np.zeros(len(setting.issuers))
        held = np.zeros(len(setting.issuers), dtype=np.int64)
        for row, issuer in enumerate(sites.issuer):
            curves = self.hazards.curves.get((setting.issuers.ids[issuer], str(sites.site[row])), ())
            without += not curves
            held[issuer] += bool(curves)
            for period, share, downtime in curves:
                whole = sites.value[row] * share
                paid = sites.insured_share[row] * np.maximum(whole - sites.deductible[row], 0.0)
                loss[issuer] += expected(period, whole - paid)
                days[issuer] += expected(period, downtime) * sites.contribution_share[row]
        setting.cache[self.name] = (loss, days, held, without)
        return loss, days, held, without
