# SPDX-License-Identifier: Apache-2.0
"""The environmental protection tax beyond what the statement pays already."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from greenrisk.core.spec import Spec
from greenrisk.environment.pollutant_tax import TaxTable, pollutant_rows, shipped_tax_table, year_tax
from greenrisk.issuer.channels.base import Channel, Effects, Floats, Setting
from greenrisk.issuer.channels.lines import MILLION
from greenrisk.issuer.tables import MEDIA

Rate = Annotated[float, Field(ge=0)]


class ProvinceRates(Spec):
    """A province's own rates."""

    air: Rate | None = None
    """Rate for air [CNY/unit]; 1.2 to 12 by law."""

    water: Rate | None = None
    """Rate for water [CNY/unit]; 1.4 to 14 by law."""


class EnvironmentTaxSpec(Spec):
    """Environmental protection tax: equivalents by outlet times the province's rates times the scenario's multiple."""

    table: str | None = None
    """The user's own tax table; the shipped one without."""

    provinces: dict[str, ProvinceRates] = Field(default_factory=dict)
    """Rates of provinces that the table does not hold; without them the lowest rate of the law is taken and told."""

    multiple_paid: Annotated[float, Field(ge=0)] = 1.0
    """Multiple of today's rates that the costs of the statement hold already; 0 where they hold no tax at all."""


@dataclass(frozen=True)
class EnvironmentTax(Channel):
    """Environmental protection tax.

    Parameters
    ----------
    spec : EnvironmentTaxSpec
        What the scenario says.
    table : TaxTable
        Equivalents and rates.

    Notes
    -----
    tax = T q (m - m0) with T today's tax at the province's rates
    (:func:`greenrisk.environment.pollutant_tax.year_tax`), q the quantity, m the scenario's
    multiple and m0 the multiple that the statement holds. A multiple of 10 takes air from the law's lowest to its
    highest rate.
    """

    spec: EnvironmentTaxSpec
    table: TaxTable = field(default_factory=shipped_tax_table)
    name: ClassVar[str] = "environment_tax"
    title: ClassVar[str] = "Environmental protection tax"
    writes: ClassVar[tuple[str, ...]] = ("environment_tax",)
    tells: ClassVar = {
        "unconfirmed": (
            "parameter",
            "discharges taxed by an unconfirmed equivalent value",
            "See the table's status.",
        ),
        "reduced": (
            "assumption",
            "discharges whose tax article 13 lowers",
            "75 % of the tax from 30 % below the standard, 50 % from 50 % below: from memory, unconfirmed.",
        ),
        "untaxed": (
            "dropped",
            "discharges that are not among the largest of their outlet",
            "Three pay for air, five for the first class of water, three for the second; of COD, BOD5 and TOC one.",
        ),
        "noise": (
            "dropped",
            "rows of noise",
            "Kilogrammes say nothing of noise, which pays by the month: not taxed.",
        ),
        "province": (
            "imputed",
            "issuers of provinces without known rates",
            "They pay the lowest rate of the law. Tell the rates in `provinces`.",
        ),
        "above_law": (
            "assumption",
            "years in which a rate is above the law's highest",
            "The scenario's multiple takes the rate of air or water beyond what the law allows today.",
        ),
    }

    def consumes(self) -> tuple[str, ...]:
        """Return its driver."""
        return ("tax_multiple",)

    def today(self, setting: Setting) -> Floats:
        """Return today's tax of each issuer, shape (issuer,) [million of the currency/year]."""
        return self._found(setting)[0]

    def charge(self, setting: Setting, effects: Effects) -> None:
        """Charge what is beyond today's tax."""
        today, counts, highest = self._found(setting)
        multiple = setting.driver("tax_multiple", 1.0)
        grown = effects.growth * effects.quantity * (multiple - self.spec.multiple_paid)
        effects.add("environment_tax", setting.of_issuer(today) * grown)
        for key, count in counts.items():
            effects.tell(self.name, key, count)
        effects.tell(self.name, "above_law", multiple * setting.of_issuer(highest) > 1.0 + 1e-12)

    def _found(self, setting: Setting) -> tuple[Floats, dict[str, int], Floats]:
        """Today's tax, counts for the ledger, and the largest rate of each issuer over the law's highest."""
        if self.name in setting.cache:
            found: tuple[Floats, dict[str, int], Floats] = setting.cache[self.name]
            return found
        rows, issuers, table = setting.issuers.pollutants, setting.issuers, self.table
        place = pollutant_rows(table, rows.pollutant)
        rate, known = np.zeros(len(rows)), np.ones(len(issuers), dtype=bool)
        for province in sorted(set(map(str, issuers.province))):
            own = self.spec.provinces.get(province)
            told = {m: v for m in MEDIA if own and (v := getattr(own, m, None)) is not None}
            rates, sure = table.rate(province, told)
            here = np.asarray([str(name) == province for name in issuers.province], dtype=bool)
            known[here] = sure
            mine = here[rows.issuer]
            rate[mine] = rates[place[mine]]
        outlets: dict[tuple[int, str], int] = {}
        outlet = np.array(
            [
                outlets.setdefault((int(i), str(o)), len(outlets))
                for i, o in zip(rows.issuer, rows.outlet, strict=True)
            ],
            dtype=np.int64,
        )
        found_tax = year_tax(table, place, outlet, rows.kg, rows.below_standard, rate)
        today = np.bincount(rows.issuer, weights=found_tax.tax, minlength=len(issuers))
        noise = np.array([table.basis[r] == "month" for r in place], dtype=bool)
        doubtful = np.array([table.status[r] != "confirmed" for r in place], dtype=bool)
        highest = np.zeros(len(issuers))
        np.maximum.at(highest, rows.issuer, np.where(found_tax.taxed, rate / table.high[place], 0.0))
        polluting = np.bincount(rows.issuer, minlength=len(issuers)) > 0
        counts = {
            "unconfirmed": int((doubtful & found_tax.taxed).sum()),
            "reduced": int(found_tax.reduced.sum()),
            "untaxed": int((~found_tax.taxed & ~noise).sum()),
            "noise": int(noise.sum()),
            "province": int((~known & polluting).sum()),
        }
        tax: Floats = np.asarray(today * (setting.per_cny / MILLION), dtype=np.float64)
        result = (tax, counts, highest)
        setting.cache[self.name] = result
        return result
