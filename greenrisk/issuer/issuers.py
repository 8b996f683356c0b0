# SPDX-License-Identifier: Apache-2.0
"""The issuer study: what a user writes for ``kind: issuers``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from greenrisk.core.spec import Spec
from greenrisk.issuer.channels.spec import ChannelsSpec
from greenrisk.issuer.credit.firm_years_spec import FirmYearsSpec
from greenrisk.issuer.missing import EXACT_RULES, RULE_NAMES, RULES
from greenrisk.issuer.upstream import UpstreamSpec
from greenrisk.pathways.pathway_spec import PathwaysSpec

VARIANTS_PER_BLOCK: Final = 4
"""Variants that share a block; part of the contract of a run."""

TABLE_KEYS: Final = (
    "issuers",
    "statements",
    "emissions",
    "pollutants",
    "uses",
    "shares",
    "sites",
    "plans",
)
"""Keys of the tables of a set of issuers, in the order of :data:`greenrisk.issuer.tables.ISSUER_TABLES`."""


class StatementsSpec(Spec):
    """Who the issuers are and what their statements say."""

    format: Literal["tables", "itr"] = "tables"
    """`tables`: tables of the house; `itr`: the sample workbook of the ITR tool, found through `--data-dir`."""

    workbook: str | None = None
    """The ITR workbook (XLSX); needed with `format: itr`, and only there."""

    issuers: str | None = None
    """Table of the issuers (`greenrisk show table issuers`); needed with `format: tables`."""

    statements: str | None = None
    """Their statements (`show table issuer-statements`); needed with `format: tables`."""

    emissions: str | None = None
    """Greenhouse gases; without it no carbon cost is known."""

    pollutants: str | None = None
    """Pollutants by outlet; without it there is no environmental tax."""

    uses: str | None = None
    """Water and energy bought; without it their prices move nothing."""

    shares: str | None = None
    """Shares by country and sector; without it an issuer is wholly in its own."""

    sites: str | None = None
    """Sites; without it there is no physical damage."""

    plans: str | None = None
    """Production plans by technology and year."""

    rules: tuple[str, ...] = EXACT_RULES
    """Rules by which missing lines are filled; without this key those that judge nothing."""

    card: str | None = None
    """Card of the rules that judge (use: issuer.statements); needed with one of them."""

    currency_rates: str | None = None
    """Own rates of exchange (`show table currency-rates`)."""

    country_spellings: str | None = None
    """Own spellings of countries (`show table country-spellings`)."""

    plausible_ratios: str | None = None
    """Own bounds of plausible figures (`show table issuer-plausible-ratios`)."""

    def tables(self) -> dict[str, str]:
        """Return the names of the tables that are given, by their key."""
        return {key: name for key in TABLE_KEYS if (name := getattr(self, key)) is not None}

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.format == "itr":
            if self.workbook is None or self.tables():
                raise ValueError("`format: itr` needs `workbook`, and no tables beside it.")
        elif self.workbook is not None or self.issuers is None or self.statements is None:
            raise ValueError("`format: tables` needs `issuers` and `statements`, and no `workbook`.")
        unknown = [name for name in self.rules if name not in RULE_NAMES]
        if unknown:
            raise ValueError(f"Unknown rule {', '.join(unknown)}. Known: {', '.join(RULE_NAMES)}.")
        judged = [rule.name for rule in RULES if rule.parameter and rule.name in self.rules]
        if judged and self.card is None:
            raise ValueError(f"The rules {', '.join(judged)} judge: name their `card`.")
        return self


class CreditSpec(Spec):
    """How default probabilities, losses and spreads are found."""

    asset_volatility: str = "issuer-asset-volatility-judged"
    """Card of the volatility of the assets by sector (use: issuer.asset_volatility)."""

    asset_value: str = "issuer-asset-value-judged"
    """Card of what assets are worth over their books where no market value tells it (use: issuer.asset_value)."""

    recovery: str = "issuer-recovery-judged"
    """Card of the loss given default (use: issuer.recovery)."""

    lens_bounds: str = "issuer-lens-bounds-judged"
    """Card of bounds that no paper prints (use: issuer.lens_bounds)."""

    seniority: Literal["senior_secured", "senior_unsecured", "subordinated"] = "senior_unsecured"
    """Rank of the debt that the losses are those of."""

    risk_free_rate: Annotated[float, Field(gt=-0.1, lt=0.5)] = 0.02
    """Riskless rate of Merton's model [1/year]."""

    cover_edition: str = "2026-01"
    """Edition of the table from interest cover to rating."""

    cover_firms: Literal["large", "small", "utility", "financial"] = "small"
    """Part of that table."""

    default_point: Literal["all", "kmv"] = "all"
    """Debt in Merton's model: `all`, or short debt and half of the long (`kmv`)."""

    level: Annotated[float, Field(ge=0.5, lt=1)] = 0.999
    """Level of the portfolio's value at risk."""

    portfolio_years: Annotated[int, Field(ge=1000)] = 10000
    """Simulated years of the portfolio [year]."""

    stress_level: Annotated[float, Field(ge=0.5, lt=1)] = 0.999
    """Share of the years that are better than the bad year of the conditional default probability; Basel's 0.999."""

    maturity: Annotated[float, Field(gt=0)] = 2.5
    """Effective maturity of the debt in Basel's capital, held to 1 to 5 there [year]."""

    size_adjustment: bool = False
    """Whether Basel's correlation falls for issuers with sales below EUR 50 million, in the capital and the bad year of
    each issuer; sales are the statement's. The portfolio's correlation stays as it is."""

    cover_table: str | None = None
    """Own table from interest cover to rating and spread (`show table damodaran-ratings`), by edition and firms."""

    transitions: str | None = None
    """Own one-year moves between ratings (`show table rating-transitions`); its letters and default rates are then
    those of the common scale. Without it S&P's averages of 1981-2016."""

    rating_scale: str | None = None
    """Own spellings of ratings (`show table rating-scale`); needed where own moves have other letters than S&P's."""

    credit_cycle: str | None = "issuer-credit-cycle-judged"
    """Card of how far output moves rating moves (use: issuer.credit_cycle); empty: every scenario has the average
    moves."""

    own_ratings: str | None = None
    """Own ratings or default probabilities of issuers (`show table issuer-own-ratings`), moved by the scenarios."""

    overlay_clip: Annotated[float, Field(gt=0, lt=0.5)] = 1e-4
    """Probabilities of the overlay on own ratings are held within this and one less it [1]."""

    firm_years: FirmYearsSpec | None = None
    """Own firm-years: their scores, and a logit of failure where they bear one."""


class DetailSpec(Spec):
    """How much a run keeps by issuer."""

    issuers: Annotated[int, Field(ge=1)] = 300
    """Up to so many issuers every year, line, channel and lens of each is kept. With more, that is kept for those hurt
    most; for each issuer the report years, and for each sector every year."""

    hurt_most: Annotated[int, Field(ge=1, le=1000)] = 100
    """How many are hurt most: by the rise of the expected loss of `headline_year` against the baseline, in the scenario
    that raises it most."""


class KnowledgeSpec(Spec):
    """How the knowledge interval is computed."""

    draws: Annotated[int, Field(ge=0, le=5000)] = 200
    """Joint draws of all cards; 0: no interval."""

    tornado: bool = True
    """Whether every parameter is also moved alone to both ends of its range."""


class IssuersScenario(Spec):
    """Issuers under stress: pathways, statements, channels, default and spread."""

    kind: Literal["issuers"]
    """Which study."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    """Short name; the run folder bears it."""

    title: str
    """One line for the report."""

    base_year: int = Field(ge=1990, le=2100)
    """Year of the statements that the study begins from [year]; statements of other years are told."""

    price_year: int = Field(ge=1990, le=2100)
    """Year of the prices in which all money is stated [year]; that of `pathways.currency` too."""

    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")
    """Currency of the study, ISO 4217; all money in millions of it."""

    seed: int = Field(default=1, ge=0)
    """Seed of all random streams."""

    statements: StatementsSpec
    """The issuers."""

    pathways: PathwaysSpec
    """Scenarios and own shocks."""

    channels: ChannelsSpec
    """How they reach a statement."""

    upstream: UpstreamSpec = UpstreamSpec()
    """Runs that channels draw from."""

    carbon_price: str | None = "issuer-carbon-price-judged"
    """Card of how far the scenario's carbon price may be off (use: issuer.carbon_price); empty: it is taken as told."""

    statement_pass: str = "issuer-statement-pass-judged"
    """Card of growth, pay-out, tax and discount (use: issuer.statement_pass)."""

    credit: CreditSpec = CreditSpec()
    """Default and spread."""

    report_years: tuple[int, ...] = Field(default=(2030, 2040, 2050), validate_default=True)
    """Years that are told of every issuer, however many there are [year]."""

    headline_year: int = Field(default=2030, validate_default=True)
    """Year of the headline, one of `report_years` [year]. The further from the statements, the more a figure is that of
    statements rolled on, and the less that of the scenario."""

    knowledge: KnowledgeSpec = KnowledgeSpec()
    """Settings of the knowledge interval."""

    detail: DetailSpec = DetailSpec()
    """What is kept by issuer where there are many."""

    @field_validator("pathways")
    @classmethod
    def _of_one_time(cls, value: PathwaysSpec, info: ValidationInfo) -> PathwaysSpec:
        faults = []
        if info.data.get("price_year", value.currency.price_year) != value.currency.price_year:
            faults.append(
                f"price_year = {info.data['price_year']}, pathways.currency.price_year = {value.currency.price_year}: "
                "money has prices of one year. Make them the same."
            )
        if value.first_year <= info.data.get("base_year", value.first_year - 1):
            faults.append(
                f"`pathways.first_year`, {value.first_year}, must lie after `base_year`, {info.data['base_year']}: the "
                "statement is the begin."
            )
        if faults:
            raise ValueError(" ".join(faults))
        return value

    @field_validator("report_years")
    @classmethod
    def _of_the_study(cls, value: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        paths = info.data.get("pathways")
        first, last = (1990, 2200) if paths is None else (paths.first_year, paths.last_year)
        out = [year for year in value if not first <= year <= last]
        if out or not value or list(value) != sorted(set(value)):
            raise ValueError(f"`report_years` must rise within the years of the pathways, {first} to {last}.")
        return value

    @field_validator("headline_year")
    @classmethod
    def _of_the_report(cls, value: int, info: ValidationInfo) -> int:
        if value not in info.data.get("report_years", (value,)):
            raise ValueError("`headline_year` must be one of `report_years`.")
        return value

    def named_tables(self) -> Mapping[str, str]:
        """Return the names of all tables of issuers, by their key."""
        return self.statements.tables()
