# SPDX-License-Identifier: Apache-2.0
"""Lines that a statement lacks: filled only by a stated rule, each with its effect.

What lives here: the rules, and how well each does where the line is told. What does not: the numbers of the judged
rules, which are a card (``models/issuer-statements-judged.yaml``). A judged rule is used only where the scenario names
it; a line that no rule fills stays missing, and whoever needs it says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.card_roles import Role
from greenrisk.core.ledger import Entry
from greenrisk.issuer.identities import IDENTITIES, derived
from greenrisk.issuer.tables import LINES, SIGNED

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Lines = dict[str, Floats]
Compute = Callable[[Mapping[str, Floats], Mapping[str, float]], Lines]

VALUES: Final = ("enterprise_value", "enterprise_value_and_cash")
"""Figures beside the lines that rules may use."""

CLOSE: Final = 0.01
"""A rule is told to agree where it is within 1 % of the told line; a way of telling, nothing is computed with it."""

STATEMENTS_USE: Final = "issuer.statements"
"""Use of the card of the judged rules."""

STATEMENTS_ROLE: Final = Role(
    "statements_card",
    STATEMENTS_USE,
    ("depreciation_share_of_assets", "interest_rate_on_debt", "tax_rate", "variable_share_of_cost"),
    units={"depreciation_share_of_assets": "1/year", "interest_rate_on_debt": "1/year"},
)
"""What the card must hold."""


@dataclass(frozen=True)
class Rule:
    """How lines are filled.

    Parameters
    ----------
    name : str
        Name in scenarios and ledger.
    fills : tuple of str
        Lines that it fills where they are missing.
    parameter : str
        Parameter of the card that it rests on; empty where it rests on none.
    sentence : str
        The rule and what it does to the answer.
    compute : callable
        From lines and parameters to the lines that it would give, NaN where it cannot.
    """

    name: str
    fills: tuple[str, ...]
    parameter: str
    sentence: str
    compute: Compute


def _cash(lines: Mapping[str, Floats], card: Mapping[str, float]) -> Lines:
    cash = lines["enterprise_value_and_cash"] - lines["enterprise_value"]
    return {"cash": np.where(cash > 0, cash, np.nan)}


def _debt(lines: Mapping[str, Floats], card: Mapping[str, float]) -> Lines:
    value, market = lines["enterprise_value"], lines["market_value"]
    cash = np.nan_to_num(lines["cash"], nan=0.0)
    gross = np.where(value == market, np.nan, value - market + cash)
    with np.errstate(invalid="ignore"):
        gross = np.where(gross >= 0, gross, np.nan)
    known = ~np.isnan(lines["debt_short"]) | ~np.isnan(lines["debt_long"])
    return {"debt_long": np.where(known, np.nan, gross)}


def _unsplit(lines: Mapping[str, Floats], card: Mapping[str, float]) -> Lines:
    short, long = lines["debt_short"], lines["debt_long"]
    zero = np.zeros_like(short)
    return {
        "debt_short": np.where(np.isnan(long), np.nan, zero),
        "debt_long": np.where(np.isnan(short), np.nan, zero),
    }


def _identities(lines: Mapping[str, Floats], card: Mapping[str, float]) -> Lines:
    found: Lines = {}
    for identity in IDENTITIES:
        for line in identity.members:
            values = derived(identity, line, lines)
            if line not in SIGNED:
                with np.errstate(invalid="ignore"):
                    values = np.where(values >= 0, values, np.nan)
            found[line] = np.where(np.isnan(found[line]), values, found[line]) if line in found else values
    return found


def _depreciation(lines: Mapping[str, Floats], card: Mapping[str, float]) -> Lines:
    return {"depreciation": card["depreciation_share_of_assets"] * lines["assets"]}


def _interest(lines: Mapping[str, Floats], card: Mapping[str, float]) -> Lines:
    return {"interest": card["interest_rate_on_debt"] * (lines["debt_short"] + lines["debt_long"])}


def _tax(lines: Mapping[str, Floats], card: Mapping[str, float]) -> Lines:
    return {"tax": card["tax_rate"] * np.maximum(lines["ebit"] - lines["interest"], 0.0)}


def _split(lines: Mapping[str, Floats], card: Mapping[str, float]) -> Lines:
    cost = lines["revenue"] - lines["ebit"] - lines["depreciation"]
    with np.errstate(invalid="ignore"):
        whole = (cost >= 0) & np.isnan(lines["variable_cost"]) & np.isnan(lines["fixed_cost"])
    share = card["variable_share_of_cost"]
    return {
        "variable_cost": np.where(whole, share * cost, np.nan),
        "fixed_cost": np.where(whole, (1.0 - share) * cost, np.nan),
    }


RULES: Final = (
    Rule(
        "cash_from_values",
        ("cash",),
        "",
        "Cash is the enterprise value with cash less the enterprise value, where that is above 0.",
        _cash,
    ),
    Rule(
        "debt_from_values",
        ("debt_long",),
        "",
        "Net debt is enterprise value less market value, debt is that and cash; minority interests and pensions in "
        "the enterprise value make the debt, and with it the probability of default, too large; an enterprise value "
        "that is the market value again, or less than it by more than the cash, fills nothing.",
        _debt,
    ),
    Rule(
        "debt_not_split",
        ("debt_short", "debt_long"),
        "",
        "Where only one of short and long debt is told, the other is 0; debt told as one sum is long, which makes a "
        "default point of short and half the long debt too low.",
        _unsplit,
    ),
    Rule(
        "identity",
        ("ebit", "revenue", "variable_cost", "fixed_cost", "depreciation", "net_income", "interest", "tax"),
        "",
        "The one line of an identity that is missing follows from the others; other income is in it.",
        _identities,
    ),
    Rule(
        "depreciation_of_assets",
        ("depreciation",),
        "depreciation_share_of_assets",
        "Depreciation is a share of the assets; it moves EBITDA, not EBIT.",
        _depreciation,
    ),
    Rule(
        "interest_on_debt",
        ("interest",),
        "interest_rate_on_debt",
        "Interest is a rate on the debt; it moves the interest cover one for one.",
        _interest,
    ),
    Rule("tax_at_rate", ("tax",), "tax_rate", "Tax is a rate on EBIT less interest, 0 on a loss.", _tax),
    Rule(
        "cost_split",
        ("variable_cost", "fixed_cost"),
        "variable_share_of_cost",
        "A share of operating cost is variable; the larger it is, the less a fall in demand hurts.",
        _split,
    ),
)
"""All rules, in the order of work."""

RULE_NAMES: Final = tuple(rule.name for rule in RULES)
"""Their names."""

EXACT_RULES: Final = tuple(rule.name for rule in RULES if not rule.parameter)
"""Rules that rest on no judged number: those used where the scenario names none."""


@dataclass(frozen=True)
class Filled:
    """Lines after the rules.

    Parameters
    ----------
    lines : dict of str to array, shape (issuer,)
        Lines [million].
    rule : array of int, shape (line, issuer)
        0 for given or missing, else 1 + index into :data:`RULE_NAMES`.
    entries : tuple of Entry
        Ledger: each rule that filled something, how often, how well it does where the line is told.
    """

    lines: Lines
    rule: Integers
    entries: tuple[Entry, ...]


def fill(
    lines: Mapping[str, Floats],
    names: Sequence[str] = EXACT_RULES,
    card: Mapping[str, float] | None = None,
    subject: str = "issuer-statements",
    card_name: str = "",
) -> Filled:
    """Fill missing lines by rules.

    Parameters
    ----------
    lines : mapping of str to array, shape (issuer,)
        All of ``LINES`` and ``VALUES``, NaN where missing [million].
    names : sequence of str
        Rules to be used, of :data:`RULE_NAMES`; they work in the order of :data:`RULES`.
    card : mapping of str to float, optional
        Parameters of the judged rules.
    subject : str
        The table, for the ledger.
    card_name : str
        The card, for the ledger.

    Raises
    ------
    KeyError
        A judged rule without its parameter, or an unknown rule: the caller checks both at the scenario.
    """
    unknown = set(names) - set(RULE_NAMES)
    if unknown:
        raise KeyError(sorted(unknown)[0])
    now: Lines = {name: np.array(lines[name], dtype=np.float64) for name in (*LINES, *VALUES)}
    told = {name: values.copy() for name, values in now.items()}
    codes = np.zeros((len(LINES), now["revenue"].size), dtype=np.int64)
    filled: dict[str, int] = {}
    order = [rule for rule in RULES if rule.name in names]
    if "identity" in names:  # what a judged rule fills may leave an identity with one member missing
        order += [rule for rule in RULES if rule.name == "identity"]
    for rule in order:
        # Twice: net income may need the EBIT that the same rule has just found.
        for _ in range(2 if rule.name == "identity" else 1):
            for line, values in rule.compute(now, card or {}).items():
                place = np.isnan(now[line]) & ~np.isnan(values)
                now[line] = np.where(place, values, now[line])
                codes[LINES.index(line), place] = 1 + RULE_NAMES.index(rule.name)
                filled[rule.name] = filled.get(rule.name, 0) + int(place.sum())
    entries = []
    for rule in RULES:
        if not filled.get(rule.name):
            continue
        own = (
            rule.parameter and f" `{rule.parameter}` = {(card or {})[rule.parameter]:g} of card {card_name}."
        )
        detail = f"Rule {rule.name}: {rule.sentence}{own or ''}{_effect(rule, told, now, codes, card or {})}"
        status = "illustrative" if rule.parameter else ""
        entries.append(Entry("imputed", subject, detail, filled[rule.name], status=status, source=card_name))
    return Filled(now, codes, tuple(entries))


def agreement(rule: Rule, told: Mapping[str, Floats], card: Mapping[str, float]) -> tuple[int, int, float]:
    """Return how a rule does where its line is told: issuers compared, within 1 %, median ratio to the told line.

    Notes
    -----
    Debt is compared as short and long together: the rule does not know the split.
    """
    ratios: list[Floats] = []
    for line in rule.fills:
        truth = told[line]
        blank = dict(told)
        if rule.name == "debt_from_values":
            truth = np.nan_to_num(told["debt_short"]) + told["debt_long"]
            blank["debt_short"] = np.full_like(truth, np.nan)
        blank[line] = np.full_like(truth, np.nan)
        if rule.name == "cost_split":
            blank["variable_cost"] = blank["fixed_cost"] = blank[line]
        values = rule.compute(blank, card)[line]
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = values / truth
        ratios.append(ratio[np.isfinite(ratio)])
    every = np.concatenate(ratios)
    median = float(np.median(every)) if every.size else float("nan")
    return int(every.size), int((np.abs(every - 1.0) <= CLOSE).sum()), median


def _effect(
    rule: Rule,
    told: Mapping[str, Floats],
    now: Mapping[str, Floats],
    codes: Integers,
    card: Mapping[str, float],
) -> str:
    if rule.name in ("debt_not_split", "identity"):
        return ""
    compared, within, median = agreement(rule, told, card)
    text = " No issuer tells the line beside it, so that the rule could be compared."
    if compared:
        text = (
            f" Where the line is told too, the rule is within {100 * CLOSE:g} % of it for {within} of {compared} "
            f"issuers, its median ratio to it is {median:.3g}."
        )
    for line in rule.fills:
        place = codes[LINES.index(line)] == 1 + RULE_NAMES.index(rule.name)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = now[line][place] / now["assets"][place]
        share = share[np.isfinite(share)]
        if share.size:
            text += f" Median {line.replace('_', ' ')} so filled: {np.median(share):.3g} of assets."
    return text
