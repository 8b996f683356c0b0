# SPDX-License-Identifier: Apache-2.0
"""Issuers and a setting for tests of channels, small enough to check by eye."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from greenrisk.core.cards import read_card
from greenrisk.core.library import find
from greenrisk.environment.credit_colour import COLOURS
from greenrisk.issuer.channels.base import Setting
from greenrisk.issuer.channels.spec import CARDS
from greenrisk.issuer.statements import Issuers, Pollutants, Shares, Sites
from greenrisk.issuer.tables import LINES

ONE = {
    "revenue": 1000.0,
    "variable_cost": 600.0,
    "fixed_cost": 150.0,
    "depreciation": 50.0,
    "ebit": 200.0,
    "interest": 40.0,
    "tax": 40.0,
    "net_income": 120.0,
    "assets": 2000.0,
    "current_assets": 500.0,
    "current_liabilities": 400.0,
    "debt_short": 300.0,
    "debt_long": 500.0,
    "equity": 900.0,
    "retained_earnings": 400.0,
    "cash": 100.0,
    "market_value": np.nan,
}
"""A company: EBIT 200, debt 800 at 5 %, tax a quarter, other liabilities 300."""

CHANNEL_CARDS = {
    "carbon": "issuer-carbon-channel-judged",
    "demand": "issuer-demand-judged",
    "penalty_shutdown": "issuer-shutdown-judged",
    "physical_damage": "issuer-physical-damage-judged",
    "emission_right": "issuer-emission-right-judged",
    "energy_water": "issuer-energy-prices-judged",
    "capital_expenditure": "issuer-capital-expenditure-judged",
    "credit_colour": "issuer-credit-colour-judged",
    "interest_rates": "issuer-interest-rates-judged",
}

PASS = {
    "real_growth": 0.0,
    "payout_share": 0.5,
    "new_debt_rate": 0.06,
    "tax_rate": 0.25,
    "discount_rate": 0.1,
    "terminal_growth": 0.0,
    "lending_limit": 1.5,
    "fixed_cost_follows": 0.8,
}


def companies(
    *changes: Mapping[str, Any], pollutants: Sequence[tuple] = (), sites: Sequence[tuple] = ()
) -> Issuers:
    """Issuers A, B, ...: the company above with changes; other keys are fields of :class:`Issuers`.

    ``pollutants`` are (issuer number, outlet, medium, pollutant, kg, share below the standard); ``sites`` (issuer
    number, site, value, contribution share, insured share, deductible).
    """
    given = changes or ({},)
    n = len(given)
    lines = np.array([[{**ONE, **change}[line] for change in given] for line in LINES])

    def of(name: str, default: Any) -> Any:
        return np.array([change.get(name, default) for change in given])

    sectors = tuple(dict.fromkeys(change.get("sector", "works") for change in given))
    sector = np.array([sectors.index(change.get("sector", "works")) for change in given])
    text = np.array([""] * n, dtype=object)
    columns = list(zip(*pollutants, strict=True)) or [()] * 6
    places = list(zip(*sites, strict=True)) or [()] * 6
    colour = [COLOURS.index(change["colour"]) if change.get("colour") else -1 for change in given]
    return Issuers(
        ids=tuple("ABCDEFGH"[:n]),
        names=tuple("ABCDEFGH"[:n]),
        currency="CNY",
        countries=("CN",),
        sectors=sectors,
        country=np.zeros(n, dtype=np.int64),
        sector=sector.astype(np.int64),
        province=np.array([change.get("province", "Jiangxi") for change in given], dtype=object),
        group=text,
        zone_owner=np.array([change.get("zone_owner", "") for change in given], dtype=object),
        credit_colour=np.array(colour, dtype=np.int64),
        equity_volatility=np.full(n, np.nan),
        debt_until=of("debt_until", np.nan).astype(float),
        year=np.full(n, 2024, dtype=np.int64),
        lines=lines,
        rule=np.zeros((len(LINES), n), dtype=np.int64),
        rules=(),
        emissions=np.stack([of("scope_1", 0.0), of("scope_2", 0.0), of("scope_3", 0.0)]).astype(float),
        free_allocation=of("free", 0.0).astype(float),
        emission_year=np.full(n, 2024, dtype=np.int64),
        water=of("water", 0.0).astype(float),
        electricity=of("electricity", 0.0).astype(float),
        fuel=of("fuel", 0.0).astype(float),
        pollutants=Pollutants(
            np.array(columns[0], dtype=np.int64),
            *(np.array(column, dtype=object) for column in columns[1:4]),
            *(np.array(column, dtype=float) for column in columns[4:]),
        ),
        shares=Shares(np.arange(n), np.zeros(n, dtype=np.int64), sector.astype(np.int64), np.ones(n)),
        sites=Sites(
            np.array(places[0], dtype=np.int64),
            np.array(places[1], dtype=object),
            np.full(len(places[0]), 117.2),
            np.full(len(places[0]), 29.3),
            *(np.array(column, dtype=float) for column in places[2:]),
        ),
    )


def card_values(**changes: Mapping[str, float]) -> dict[str, dict[str, float | str]]:
    """Values of all channels' cards and the statement pass, with changes by role."""
    values: dict[str, dict[str, float | str]] = {}
    for channel, name in CHANNEL_CARDS.items():
        path = find("models", name)
        assert path is not None
        values[CARDS[channel][0]] = dict(read_card(path).values())
    values["statement_pass"] = dict(PASS)
    for role, change in changes.items():
        values[role] = {**values[role], **change}
    return values


def setting(
    issuers: Issuers,
    drivers: Mapping[str, Any] | None = None,
    years: Sequence[int] = (2025, 2026),
    values: Sequence[Mapping] | None = None,
    draws: Sequence[int] | None = None,
    **more: Any,
) -> Setting:
    """A setting of the scenarios `base` and `shock`; a driver is (base, shock), each a number or one by year."""
    found = {}
    for name, pair in (drivers or {}).items():
        rows = [np.broadcast_to(np.asarray(one, dtype=float), (len(issuers), len(years))) for one in pair]
        found[name] = np.stack(rows)[None]
    all_values = list(values) if values is not None else [card_values()]
    return Setting(
        issuers=issuers,
        years=np.array(years),
        scenarios=("base", "shock"),
        baseline=0,
        drivers=found,
        values=all_values,
        draws=np.array(draws if draws is not None else [-1] * len(all_values)),
        **more,
    )
