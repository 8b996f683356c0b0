# SPDX-License-Identifier: Apache-2.0
"""What a user writes under ``pathways:``: tables, scenarios with their own shocks, years, currency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from greenrisk.core.spec import Spec
from greenrisk.pathways.deviations import Member
from greenrisk.pathways.shocks_spec import ShockSpec


class PathwaySpec(Spec):
    """One scenario: where its numbers come from, and the user's own shocks on top."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """Short name; results bear it."""

    title: str = ""
    """One line for the report; empty: the name."""

    model: str | None = None
    """Model of the levels (carbon price, temperature, production), as the tables name it. Empty: no table stands behind
    the scenario, and only its own shocks move anything."""

    macro_model: str | None = None
    """Model of the deviations (GDP, rates, inflation, equity prices), as the tables name it; empty: none."""

    scenario: str | None = None
    """Scenario, as the tables name it; needed with a model. Names that look alike are different scenarios."""

    member: Member = "auto"
    """Part of the macro-financial shock: transition, physical, combined; auto takes transition where physical damage is
    reckoned by site, so that it does not count twice, else combined."""

    shocks: tuple[ShockSpec, ...] = ()
    """Own shocks, composed in the order told."""

    known_from: int | None = None
    """Year at the end of which lenders reckon with the rest of the scenario [year]; until then they value assets as in
    the baseline, whatever follows. Empty: from the first year of the study on, which the ledger tells."""

    @model_validator(mode="after")
    def _model_with_scenario(self) -> Self:
        if (self.model is None and self.macro_model is None) != (self.scenario is None):
            raise ValueError("A model needs its `scenario`, and the other way round.")
        return self


class CurrencySpec(Spec):
    """From US dollars of 2010 to yuan."""

    price_year: int = Field(default=2024, ge=1990, le=2100)
    """Year of the prices in which all money is stated [year]."""

    deflator: float | None = Field(default=None, gt=0)
    """Own US deflator from 2010 to the price year; empty: that of the table [unitless]."""

    cny_per_usd: float | None = Field(default=None, gt=0)
    """Own rate of the price year; empty: that of the table [CNY/USD]."""


class PathwaysSpec(Spec):
    """Pathways of all scenarios of a study."""

    tables: tuple[str, ...] = ("ngfs5_cut",)
    """Pathway tables: IAMC, wide or long, CSV or XLSX; the one that ships is a cut of NGFS phase 5, China and World."""

    baseline: str
    """Name of the scenario against which the others are shocks."""

    scenarios: tuple[PathwaySpec, ...] = Field(min_length=1)
    """The scenarios, the baseline among them."""

    first_year: int = Field(default=2025, ge=1990, le=2200)
    """First year of the study [year]."""

    last_year: int = Field(default=2050, ge=1990, le=2200)
    """Last year of the study [year]."""

    hold: bool = False
    """Whether the ends of a series are held beyond its years, which the ledger tells; otherwise they are refused."""

    missing: Literal["refuse", "neutral"] = "refuse"
    """What happens where no table holds a driver for a country: refuse, or take its neutral value and tell it."""

    missing_technologies: Literal["leave_out", "refuse"] = "refuse"
    """What happens where no table holds the production pathway of a technology that is planned; left out, the rest of
    an issuer's plans stands for all of it."""

    currency: CurrencySpec = CurrencySpec()
    """How carbon prices become yuan."""

    own_tables: Mapping[str, str] = Field(default_factory=dict)
    """Own files instead of the small tables that ship, by name: pathway-units, pathway-variables, pathway-regions,
    pathway-families, pathway-proxies, deflators-and-rates."""

    @model_validator(mode="after")
    def _names_and_years(self) -> Self:
        names = [scenario.name for scenario in self.scenarios]
        if len(set(names)) < len(names):
            raise ValueError("Two scenarios have the same name.")
        if self.baseline not in names:
            raise ValueError(f"The baseline must be one of the scenarios: {', '.join(names)}.")
        if self.last_year < self.first_year:
            raise ValueError("`last_year` must not lie before `first_year`.")
        for one in self.scenarios:
            if one.known_from is None:
                continue
            if one.name == self.baseline:
                raise ValueError(
                    "The baseline is what lenders reckon with from the start: it has no `known_from`."
                )
            if not self.first_year <= one.known_from <= self.last_year:
                raise ValueError(
                    f"`known_from` of {one.name} is {one.known_from}: it must lie in {self.first_year} to "
                    f"{self.last_year}."
                )
        return self
