# SPDX-License-Identifier: Apache-2.0
"""From accidents abroad to accidents in China: two factors, how wide they are, and that nobody makes them narrow.

What lives here: the check of the card of transfer and the intervals to be printed. What does not: own claims that
replace the factors (:mod:`greenrisk.pollution.severity.own_claims`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import xarray as xr

from greenrisk.actuarial.arguments import number
from greenrisk.core.cards import Card, Parameter
from greenrisk.core.errors import ArgumentError, Faults
from greenrisk.pollution.severity.laws import Values

FACTORS: Final = ("frequency_factor", "severity_factor")
"""Parameters of the card that carry accidents over."""

LEAST_WIDTH: Final = 10.0
"""Least ratio of the ends of a factor's 90 % interval as long as no own claims stand behind it [unitless]."""


def check_transfer(card: Card) -> None:
    """Refuse a card of transfer whose factors pretend to be known.

    Parameters
    ----------
    card : Card
        Of use ``zone.transfer``.

    Raises
    ------
    ArgumentError
        If a factor that is not the user's own has a 90 % interval less than tenfold wide, calls itself confirmed, or
        has no lognormal range; all of them at once.
    """
    faults = Faults()
    for name in FACTORS:
        given = card.parameters[name]
        what = f"card {card.name}: {name}"
        if given.range.distribution != "lognormal":
            faults.add(
                "transfer", f"{what}.range.distribution = {given.range.distribution}", "It must be lognormal."
            )
            continue
        if given.status == "confirmed":
            mend = "No file of Chinese claims is open: `illustrative`, or `user` with own claims."
            faults.add("transfer", f"{what}.status = confirmed", mend)
        low, high = _ends(given)
        if given.status != "user" and not high / low >= LEAST_WIDTH * (1.0 - 1e-9):
            mend = (
                f"The 90 % interval must be at least {LEAST_WIDTH:g}-fold wide as long as no own claims narrow it: "
                f"it is {high / low:.3g}-fold. Give a file of own claims, or a card of status `user`."
            )
            faults.add("transfer", f"{what} in [{low:g}, {high:g}]", mend, "unitless")
    faults.raise_if_any(ArgumentError)


def frequency_factor(values: Mapping[str, Values]) -> float:
    """Return accidents in China for one abroad [unitless].

    Parameters
    ----------
    values : mapping of str to mapping
        Parameter values by role; ``transfer`` is used.
    """
    given = float(values["transfer"]["frequency_factor"])
    return number("frequency_factor", given, above=0.0, unit="unitless")


def transfer_intervals(card: Card) -> xr.Dataset:
    """Return the factors with their 90 % intervals, to be printed beside every headline.

    Parameters
    ----------
    card : Card
        Of use ``zone.transfer``.

    Returns
    -------
    Dataset
        Group ``transfer`` over ``factor``: ``value``, ``low``, ``high``, ``width`` (high over low) and ``status``.
    """
    given = [card.parameters[name] for name in FACTORS]
    ends = [_ends(one) for one in given]
    unitless = {"units": "unitless"}
    return xr.Dataset(
        {
            "value": ("factor", [float(one.value) for one in given], {**unitless, "long_name": "Median"}),
            "low": ("factor", [low for low, _ in ends], {**unitless, "long_name": "5 % quantile"}),
            "high": ("factor", [high for _, high in ends], {**unitless, "long_name": "95 % quantile"}),
            "width": (
                "factor",
                [high / low for low, high in ends],
                {**unitless, "long_name": "95 % over 5 % quantile"},
            ),
            "status": ("factor", [one.status for one in given], {"long_name": "How far the factor is known"}),
        },
        coords={"factor": list(FACTORS)},
        attrs={"title": "Factors that carry accidents abroad over to China", "card": card.name},
    )


def _ends(parameter: Parameter) -> tuple[float, float]:
    low, high = parameter.ends()
    return float(low), float(high)
