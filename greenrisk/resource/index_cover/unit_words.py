# SPDX-License-Identifier: Apache-2.0
"""Units as data sets write them: ``m3 s-1``, ``m**3/s`` and ``m^3 s^-1`` are one unit. Nothing is converted here."""

from __future__ import annotations

import re
from typing import Final

_SAME: Final = {
    "degree_celsius": "degC",
    "degrees_celsius": "degC",
    "celsius": "degC",
    "deg_c": "degC",
    "degc": "degC",
    "°c": "degC",
    "℃": "degC",
    "c": "degC",
    "degree_fahrenheit": "degF",
    "degrees_fahrenheit": "degF",
    "fahrenheit": "degF",
    "degf": "degF",
    "°f": "degF",
    "kelvin": "K",
    "degree_kelvin": "K",
    "degrees_kelvin": "K",
    "k": "K",
    "d": "day",
    "days": "day",
    "sec": "s",
    "second": "s",
    "seconds": "s",
    "hr": "h",
    "hour": "h",
    "hours": "h",
    "mon": "month",
    "months": "month",
    "yr": "year",
    "a": "year",
    "years": "year",
    "metre": "m",
    "metres": "m",
    "meter": "m",
    "meters": "m",
    "feet": "ft",
    "foot": "ft",
    "inch": "in",
    "inches": "in",
    "kt": "knot",
    "kts": "knot",
    "kn": "knot",
    "knots": "knot",
    "hectare": "ha",
    "hectares": "ha",
    "acres": "acre",
    "percent": "%",
    "l": "L",
    "litre": "L",
    "liter": "L",
}
"""Words of one unit, in small letters, and how it is written here."""

_WHOLE: Final = {"cms": "m3/s", "cumecs": "m3/s", "cfs": "ft3/s", "kph": "km/h", "kmph": "km/h", "mps": "m/s"}
"""Short words of composed units."""

_TOKEN: Final = re.compile(r"([A-Za-z_%°℃]+)(-?\d+)?|(\d+(?:\.\d+)?(?:e\d+)?)")


def canonical(unit: str) -> tuple[tuple[str, int], ...]:
    """Return the parts of a unit and their powers, in order of their names; a unit of 1 has none.

    Examples
    --------
    >>> canonical("m**3 s**-1") == canonical("m3/s")
    True
    """
    text = unit.strip()
    text = _WHOLE.get(text.lower(), text)
    text = text.replace("**", "").replace("^", "")
    text = (
        text.replace("²", "2").replace("³", "3").replace("·", " ").replace("*", " ").replace(" per ", " / ")
    )
    powers: dict[str, int] = {}
    sign = 1
    for piece in re.split(r"(/|\s+)", text):
        if piece == "/":
            sign = -1
        for word, power, number in _TOKEN.findall(piece):
            name = _SAME.get(word.lower(), word) if word else number
            if name != "1":
                powers[name] = powers.get(name, 0) + sign * int(power or 1)
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def same_unit(first: str, second: str) -> bool:
    """Whether two texts mean one unit."""
    return first.strip() == second.strip() or canonical(first) == canonical(second)
