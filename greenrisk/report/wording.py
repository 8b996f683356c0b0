# SPDX-License-Identifier: Apache-2.0
"""Numbers in a reader's words: significant digits, money, rates, return periods, units.

Every number of a report goes through this file, so that the same quantity reads alike in the text, in a
figure and in a table. No-break spaces keep a number and its unit on one line.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterable

NO_BREAK = "\u00a0"
MINUS = "\u2212"
MISSING = "\u2013"

CHARGED_DIGITS = 4
"""Significant digits of money that is charged."""

SHOWN_DIGITS = 3
"""Significant digits of every other number."""

LEAST_MILLION = 1e5
"""An end of an interval below this is not told in millions beside nothing: 0.0888 million reads as 9 fen [CNY]."""

NEARLY_NOTHING = 1e-4
"""A lower end of an interval below this share of the upper one is called nearly 0 [unitless]."""

UNITS = {
    "1": "",
    "unitless": "",
    "1/year": "a year",
    "CNY": "CNY",
    "CNY/year": "CNY a year",
    "CNY/mu": "CNY per mu",
    "per mille": "per mille of the sum insured",
    "per mille of sum insured": "per mille of the sum insured",
    "ha/year": "ha a year",
    "mu/year": "mu a year",
    "1/ha": "per ha",
    "CNY/ha": "CNY per ha",
    "1e8 m3/year": "\u00d710\u2078 m\u00b3 a year",
    "m3/s": "m\u00b3/s",
}
"""Units as a reader meets them; a unit not listed is printed as it is."""


def unit_words(unit: str) -> str:
    """Return a unit in words; empty for pure numbers."""
    return UNITS.get(unit, unit)


def significant(value: float, digits: int = SHOWN_DIGITS) -> str:
    """Round to significant digits, with thousands separators and no exponent.

    Parameters
    ----------
    value : float
        Any number; NaN and infinities give a dash.
    digits : int
        Significant digits, >= 1.
    """
    if not math.isfinite(value):
        return MISSING
    if value == 0:
        return "0"
    rounded = round(value, digits - 1 - math.floor(math.log10(abs(value))))
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:,.{decimals}f}".replace("-", MINUS)


def whole(value: float) -> str:
    """Return a count: no decimals, with thousands separators; a dash where there is none."""
    return f"{value:,.0f}".replace("-", MINUS) if math.isfinite(value) else MISSING


def as_given(text: str, digits: int = SHOWN_DIGITS) -> str:
    """Return a number of a card without padding zeros; a named choice as it is."""
    try:
        value = float(text)
    except ValueError:
        return text
    shown = significant(value, digits)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def as_printed(text: str) -> str:
    """Return a text of the model with per cent and minus signs as the page has them: ``-12.3%`` becomes ``−12.3 %``."""
    text = re.sub(r"(?<=\d) ?%", f"{NO_BREAK}%", text)
    return re.sub(r"(?<![\w.,-])-(?=\d)", MINUS, text)


def lower_first(text: str) -> str:
    """Return a text as it goes on inside a sentence; an abbreviation keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def first_sentence(text: str, longest: int = 120) -> str:
    """Return the first sentence of a meaning, without its full stop and what follows in brackets."""
    head = re.split(r"\. |; | \(", text.strip())[0].rstrip(".")
    return head if len(head) <= longest else textwrap.shorten(head, longest, placeholder=" \u2026")


def quantity(value: float, unit: str, digits: int = SHOWN_DIGITS) -> str:
    """Return a number with its unit in words; money in thousands or millions."""
    words = unit_words(unit)
    if words in ("CNY", "CNY a year"):
        return money(value, digits) + words.removeprefix("CNY").replace(" ", NO_BREAK)
    return significant(value, digits) + (NO_BREAK + words if words and math.isfinite(value) else "")


def money_scale(values: Iterable[float]) -> tuple[float, str]:
    """Return one divisor and its word for a set of amounts: plain, thousand or million, by the largest."""
    largest = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    if largest >= 1e6:
        return 1e6, "million"
    return (1e3, "thousand") if largest >= 1e4 else (1.0, "")


def money_unit(values: Iterable[float]) -> tuple[float, str]:
    """Return one divisor for a column or an axis and its unit, e.g. ``(1e6, "CNY million")``."""
    scale, word = money_scale(values)
    return scale, f"CNY{NO_BREAK}{word}".rstrip(NO_BREAK)


def money(value: float, digits: int = SHOWN_DIGITS) -> str:
    """Return an amount, e.g. ``CNY 1.23 million`` or ``CNY 345,000``."""
    if not math.isfinite(value):
        return MISSING
    if abs(value) >= 1e6 * (1 - 0.5 * 10.0**-digits):
        return f"CNY{NO_BREAK}{significant(value / 1e6, digits)}{NO_BREAK}million"
    return f"CNY{NO_BREAK}{significant(value, digits)}"


def span(
    low: float,
    high: float,
    unit: str = "",
    digits: int = SHOWN_DIGITS,
    beside: float = math.nan,
) -> str:
    """Return an interval, e.g. ``CNY 0.290 to 1.35 million``; a dash where there is none.

    An upper end that is not known is left open: ``above CNY 0.290 million``. A small amount and a large one have each
    their own unit, ``CNY 88,800 to CNY 2.08 million``, unless a value stands beside them.

    Parameters
    ----------
    low, high : float
        Both ends; they may fall.
    unit : str
        Their unit.
    digits : int
        Significant digits, >= 1.
    beside : float
        Amount printed beside, whose unit both ends of an amount take [CNY].
    """
    if math.isfinite(low) and math.isnan(high):
        return f"above {quantity(low, unit, digits)}"
    if not (math.isfinite(low) and math.isfinite(high)):
        return MISSING
    words = unit_words(unit)
    if 0 < low < NEARLY_NOTHING * high:
        # A lower end that no digit of the upper one can show.
        return f"nearly 0 to {quantity(high, unit, digits)}"
    if words in ("CNY", "CNY a year"):
        told = money_scale((low, high) if math.isnan(beside) else (_as_printed_amount(beside, digits),))
        scale, word = told if told[0] >= 1e6 else (1.0, "")
        if scale >= 1e6 and math.isnan(beside) and 0 < min(abs(low), abs(high)) < LEAST_MILLION:
            return f"{money(low, digits)} to {quantity(high, unit, digits)}"
        head = f"CNY{NO_BREAK}{significant(low / scale, digits)} to {significant(high / scale, digits)}"
        return head + (NO_BREAK + word if word else "") + words.removeprefix("CNY").replace(" ", NO_BREAK)
    return f"{significant(low, digits)} to {significant(high, digits)}" + (NO_BREAK + words if words else "")


def _as_printed_amount(value: float, digits: int) -> float:
    """Return an amount that :func:`money` prints in millions as no less than a million."""
    return max(value, 1e6) if abs(value) >= 1e6 * (1 - 0.5 * 10.0**-digits) else value


def percent(share: float, digits: int = 2) -> str:
    """Return a share as a percentage; whole numbers from 10 % on, but never 100 % for what is not all."""
    if not math.isfinite(share):
        return MISSING
    if 0.995 <= share < 1 - 1e-9:
        # as many decimals as the missing part needs to show
        decimals = max(1, math.ceil(-math.log10(100 * (1 - share)) - 1e-6))
        return f"{min(100 * share, 100 - 10.0**-decimals):.{decimals}f}{NO_BREAK}%"
    if abs(share) >= 0.0995:
        return f"{100 * share:.0f}{NO_BREAK}%".replace("-", MINUS)
    return f"{significant(100 * share, digits)}{NO_BREAK}%"


def times(ratio: float) -> str:
    """Return a factor with two digits, e.g. ``2.5 times``."""
    return f"{significant(ratio, 2)}{NO_BREAK}times"


def no_effect(at_low: float, at_high: float, scale: float = 1.0, simulated: bool = True) -> str:
    """Return what to say of a range whose two results cannot be told apart as printed; empty where they can."""
    where = " in the simulated years" if simulated else ""
    if at_low == at_high:
        return f"no effect{where}"
    same = significant(at_low / scale) == significant(at_high / scale)
    return f"no visible effect{where}" if same else ""


def once_in(return_period: float) -> str:
    """Return a return period in words, e.g. ``1 in 100 years``."""
    return f"1 in {whole(return_period)}{NO_BREAK}years"


def years_between(return_period: float) -> str:
    """Return how often, inside a sentence, e.g. ``once in 100 years``."""
    return f"once in {whole(return_period)}{NO_BREAK}years"


def listed(words: Iterable[str]) -> str:
    """Join words to a list: ``a, b and c``."""
    parts = list(words)
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1] if parts else ""


PREMIUM_ROWS = {
    "pure_premium": "Pure premium",
    "risk_load": "Risk load",
    "expenses": "Expenses",
    "commission": "Commission",
    "tax": "Tax",
    "profit": "Profit",
    "gross_premium": "Gross premium",
}
PAYERS = {
    "central": "Central state",
    "province": "Province",
    "county": "City and county",
    "owner": "Forest owner",
}
FOREST_TYPES = {
    "public_benefit": "Public-benefit forest",
    "commercial": "Commercial forest",
    "all": "All forest",
}
LAYERS = {
    "ground_up": "Damage to insured stands",
    "gross": "Paid by the policy",
    "ceded": "Ceded to reinsurers",
    "net": "Kept by the insurer",
}


def named(names: dict[str, str], key: str) -> str:
    """Return the reader's word for a key, or the key in plain letters."""
    return names.get(key, key.replace("_", " "))
