# SPDX-License-Identifier: Apache-2.0
"""From what the channels wrote to the statement of every year: income, cash, debt, equity, in levels.

What lives here: the pass. What does not: the channels, and what a lens makes of the statement
(:mod:`greenrisk.issuer.credit.lenses`). Negative equity and earnings below zero are paths: they are rolled on, counted,
and never cut off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.card_roles import Role
from greenrisk.core.ledger import Entry, Kind
from greenrisk.issuer.channels.base import Effects, Setting
from greenrisk.issuer.channels.lines import CHARGES
from greenrisk.issuer.income import PASS_ROLE as PASS_ROLE
from greenrisk.issuer.income import income_of, times

Floats = NDArray[np.float64]

PASS_CARD: Final = Role(
    "card",
    "issuer.statement_pass",
    (
        "real_growth",
        "payout_share",
        "new_debt_rate",
        "tax_rate",
        "discount_rate",
        "terminal_growth",
        "lending_limit",
        "fixed_cost_follows",
    ),
    units={name: "1/year" for name in ("real_growth", "new_debt_rate", "discount_rate", "terminal_growth")},
)
"""What its card must hold."""

HIGHEST_TAX: Final = 0.5
"""A tax over earnings above this in the statement is not a rate: the card's is taken."""

TELLS: Final[dict[str, tuple[Kind, str, str]]] = {
    "tax_rate": (
        "imputed",
        "tax rates of issuers without taxed earnings",
        "Tax over earnings of the statement does not lie in 0 to 50 %, or there were none: the card's rate.",
    ),
    "debt_rate": (
        "imputed",
        "rates on debt of issuers without debt or interest",
        "Interest over debt of the statement is not known: the card's rate, also on new debt.",
    ),
    "negative_equity": ("assumption", "issuer-years with negative equity", "Rolled on; the lenses see it."),
    "negative_ebitda": (
        "assumption",
        "issuer-years with EBITDA at or below zero",
        "Rolled on; the lenses see it.",
    ),
    "drawn": (
        "assumption",
        "issuer-years that draw new short debt",
        "Cash would fall below zero without it.",
    ),
    "stopped": (
        "assumption",
        "issuer-years in which lenders lend no more",
        "Liabilities are the card's multiple of the assets and the year makes a loss: the balance stands still, what "
        "is due stays unpaid.",
    ),
    "unknown": (
        "unreliable",
        "issuers whose statement cannot be rolled",
        "A line of theirs is missing; the lines that do not need it are told.",
    ),
}


@dataclass(frozen=True, eq=False)
class Rolled:
    """Statements of every year.

    Parameters
    ----------
    lines : dict of str to array, (variant, scenario, issuer, year)
        The lines of statements without market value, besides ``charges``, ``capital_expenditure``, ``liabilities``,
        ``ebitda``, ``new_debt`` (drawn in the year, repaid where negative) and ``dividend`` [million]; at the end of a
        year. The names are those that the lenses take.
    change : array
        EBIT less what it is without any channel [million/year].
    told : Counter
        Counts of the base variant for the ledger.
    """

    lines: dict[str, Floats]
    change: Floats
    told: Counter[str] = field(default_factory=Counter)

    def for_lenses(self) -> dict[str, Floats]:
        """Return the lines that :func:`greenrisk.issuer.credit.state.state_of` takes."""
        return {name: values for name, values in self.lines.items() if name not in _OWN}


_OWN: Final = ("charges", "ebitda", "new_debt", "dividend")


def roll(setting: Setting, effects: Effects) -> Rolled:
    """Return the statements of every year.

    Parameters
    ----------
    setting : Setting
        The block.
    effects : Effects
        What the channels wrote.

    Notes
    -----
    Year by year from the statement, whose balance is that of the year before the first. Interest is on the debt at the
    begin: i = debt (rate + colour), rate that of the statement. Tax is on earnings above zero; a loss saves none.
    Worn plant is replaced: the statement's depreciation is spent again, and plant grows as the quantity does;
    plant that a channel asks for is bought with long debt, which stays. A share of what is earned is paid out. What is
    due is refinanced; where cash would fall below zero short debt is drawn, and paid back first once there is cash.
    Current assets other than cash, and liabilities other than debt, stay. Where liabilities have come to the card's
    multiple of the assets, lenders do not pay for more of a year with a loss: the balance comes to that multiple and
    stands still, interest and loss of the year are told and stay unpaid. So
    assets = equity + debt + other liabilities holds in every year.
    """
    income = income_of(setting, effects)
    found, shape = setting.issuers, setting.shape
    start = {name: setting.of_issuer(found.line(name)) for name in _BALANCE}
    tax_rate, no_tax = _tax_rate(setting)
    debt_rate, no_rate = _debt_rate(setting)
    payout = setting.parameter(PASS_ROLE, "payout_share")[..., 0]
    lending = np.broadcast_to(effects.get("lending_rate"), shape)
    bought = np.broadcast_to(effects.get("capital_expenditure"), shape)
    ebit = np.broadcast_to(income.ebit, shape)
    worn = np.broadcast_to(income.depreciation, shape)
    # What is spent to keep plant as it is: the statement's own wear, and growth of what is fixed.
    kept = np.broadcast_to(worn - effects.get("new_depreciation"), shape)
    growth = np.broadcast_to(effects.growth, shape)
    fixed = start["assets"] - start["current_assets"]
    before = np.concatenate([np.ones_like(growth[..., :1]), growth[..., :-1]], axis=-1)
    grown = times(fixed, growth - before)
    lines = {name: np.empty(shape) for name in (*_BALANCE, *_FLOWS)}
    now = {name: np.broadcast_to(value[..., 0], shape[:3]) for name, value in start.items()}
    drawn = np.zeros(shape[:3])
    limit = setting.parameter(PASS_ROLE, "lending_limit")[..., 0]
    stopped_years = 0
    for year in range(shape[3]):
        interest = (now["debt_short"] + now["debt_long"]) * (debt_rate[..., 0] + lending[..., year])
        earned = ebit[..., year] - interest
        tax = tax_rate[..., 0] * np.maximum(earned, 0.0)
        net = earned - tax
        dividend = payout * np.maximum(net, 0.0)
        spent = kept[..., year] + grown[..., year] + bought[..., year]
        cash = now["cash"] + net - dividend + worn[..., year] - spent + bought[..., year]
        draw = np.where(cash < 0.0, -cash, -np.minimum(cash, drawn))
        after = cash + draw
        then = {
            "assets": now["assets"] + after - now["cash"] + spent - worn[..., year],
            "current_assets": now["current_assets"] + after - now["cash"],
            "current_liabilities": now["current_liabilities"] + draw,
            "debt_short": now["debt_short"] + draw,
            "debt_long": now["debt_long"] + bought[..., year],
            "equity": now["equity"] + net - dividend,
            "retained_earnings": now["retained_earnings"] + net - dividend,
            "cash": after,
        }
        paid = _paid_share(now, then, net, limit)
        stopped_years += int((paid[:1] < 1.0).sum())
        draw = paid * draw
        drawn = drawn + draw
        now = {name: now[name] + paid * (then[name] - now[name]) for name in _BALANCE}
        flows = (interest, tax, net, dividend, spent, draw)
        for name, value in (*now.items(), *zip(_FLOWS, flows, strict=True)):
            lines[name][..., year] = value
    for name in ("revenue", "variable_cost", "fixed_cost", "depreciation", "ebit", "charges"):
        lines[name] = np.broadcast_to(getattr(income, name), shape)
    lines["ebitda"] = lines["ebit"] + lines["depreciation"]
    lines["liabilities"] = lines["assets"] - lines["equity"]
    told: Counter[str] = Counter()
    told["tax_rate"], told["debt_rate"] = no_tax, no_rate
    told["negative_equity"] = int((lines["equity"][:1] < 0.0).sum())
    told["negative_ebitda"] = int((lines["ebitda"][:1] <= 0.0).sum())
    told["drawn"] = int((lines["new_debt"][:1] > 0.0).sum())
    told["stopped"] = stopped_years
    told["unknown"] = int(np.isnan(lines["equity"][0]).any(axis=(0, 2)).sum())
    return Rolled(lines, np.broadcast_to(income.change, shape), told)


def _paid_share(now: Mapping[str, Floats], then: Mapping[str, Floats], net: Floats, limit: Floats) -> Floats:
    """Share of a year with a loss that lenders pay for: up to the limit of liabilities over assets, and no further."""
    room, left = (limit * at["assets"] - (at["assets"] - at["equity"]) for at in (now, then))
    over = (net < 0.0) & (left < 0.0) & (left < room)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(over, np.maximum(room, 0.0) / (np.maximum(room, 0.0) - left), 1.0)


_BALANCE: Final = (
    "assets",
    "current_assets",
    "current_liabilities",
    "debt_short",
    "debt_long",
    "equity",
    "retained_earnings",
    "cash",
)
_FLOWS: Final = ("interest", "tax", "net_income", "dividend", "capital_expenditure", "new_debt")


def _tax_rate(setting: Setting) -> tuple[Floats, int]:
    """Tax rate of each issuer, shape (variant, 1, issuer, 1), and how many take the card's."""
    found = setting.issuers
    earned = found.line("ebit") - found.line("interest")
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where(earned > 0.0, found.line("tax") / earned, np.nan)
        own = np.where((own >= 0.0) & (own <= HIGHEST_TAX), own, np.nan)
    missing = np.isnan(own)
    card = setting.parameter(PASS_ROLE, "tax_rate")
    return np.where(missing[None, None, :, None], card, setting.of_issuer(own)), int(missing.sum())


def _debt_rate(setting: Setting) -> tuple[Floats, int]:
    """Rate on debt of each issuer, shape (variant, 1, issuer, 1), and how many take the card's."""
    found = setting.issuers
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where(found.debt > 0.0, found.line("interest") / found.debt, np.nan)
    missing = np.isnan(own)
    card = setting.parameter(PASS_ROLE, "new_debt_rate")
    return np.where(missing[None, None, :, None], card, setting.of_issuer(own)), int(missing.sum())


def value_change(change: Floats, setting: Setting, earned: Floats | None = None) -> Floats:
    """Return by how much a change of EBIT moves the value of the assets, at the end of each year.

    Parameters
    ----------
    change : array, shape (variant, scenario, issuer, year)
        Change of EBIT: of a channel, or against the baseline scenario [million/year].
    setting : Setting
        Rates of discount and growth of its card.
    earned : array, optional
        What is taxed without the change: EBIT less the interest of the statement; NaN and without: not known, and the
        change is taxed whole [million/year].

    Returns
    -------
    array, shape (variant, scenario, issuer, year)
        Present value of all that follows, after tax [million].

    Raises
    ------
    ValueError
        Discount rate not above the growth of the last year; the study refuses that before (:func:`rate_faults`).

    Notes
    -----
    V_T = c_T (1 + g)/(r - g), V_t = (c_{t+1} + V_{t+1})/(1 + r), c the change after tax. A change saves tax only as far
    as there is something to tax: with e what is earned without it, the tax falls by rate (e+ - (e + change)+).
    """
    rate = setting.parameter(PASS_ROLE, "discount_rate")[..., 0]
    growth = setting.parameter(PASS_ROLE, "terminal_growth")[..., 0]
    if not (rate > growth).all():
        raise ValueError("discount_rate must be above terminal_growth")
    whole = np.broadcast_to(change, setting.shape)
    taxed = whole
    if earned is not None:
        taxed = np.where(np.isnan(earned), whole, np.maximum(earned + whole, 0.0) - np.maximum(earned, 0.0))
    after = whole - _tax_rate(setting)[0] * taxed
    out = np.empty(after.shape)
    out[..., -1] = after[..., -1] * (1.0 + growth) / (rate - growth)
    for year in range(after.shape[-1] - 2, -1, -1):
        out[..., year] = (after[..., year + 1] + out[..., year + 1]) / (1.0 + rate)
    return out


def rate_fault(values: Sequence[Mapping[str, float | str]]) -> str:
    """Return what is wrong where some variant discounts no faster than it grows; empty where all is well."""
    for one in values:
        if not float(one["discount_rate"]) > float(one["terminal_growth"]):
            return f"discount_rate = {one['discount_rate']}, terminal_growth = {one['terminal_growth']}"
    return ""


def pass_entries(told: Counter[str]) -> tuple[Entry, ...]:
    """Return the lines for the ledger, from counts that were added up over blocks."""
    return tuple(
        Entry(kind, f"statement pass: {subject}", detail, told[key])
        for key, (kind, subject, detail) in TELLS.items()
        if told[key]
    )


def charge_lines(effects: Effects) -> dict[str, Floats]:
    """Return the charges by line, for tables and charts [million/year]."""
    return {name: effects.get(name) for name in CHARGES}
