# SPDX-License-Identifier: Apache-2.0
"""The numbers of a peril's card, checked against the domain of its law: all faults at once."""

from __future__ import annotations

import math
from collections.abc import Mapping

from greenrisk.core.errors import ArgumentError, Faults


def card_numbers(
    use: str, values: Mapping[str, float | str], domains: Mapping[str, tuple[float, float]]
) -> dict[str, float]:
    """Return numbers of a card as floats, or refuse those that make no law.

    Parameters
    ----------
    use : str
        Use of the card, for the message.
    values : mapping of str to float or str
        Parameters or constants of the card; others than those of ``domains`` are left alone.
    domains : mapping of str to (least, most)
        Closed domain of each number; ends at infinity mean finite numbers without a limit.

    Raises
    ------
    ArgumentError
        With every number that is missing, is none, or lies outside its domain.
    """
    faults, checked = Faults(), {}
    for name, (least, most) in domains.items():
        try:
            number = float(values[name])
        except KeyError:
            faults.add(use, f"no {name}", f"A card for {use} needs `{name}`.")
            continue
        except (TypeError, ValueError):
            number = math.nan
        if not (math.isfinite(number) and least <= number <= most):
            faults.add(use, f"{name} = {values[name]}", f"It must be {_domain(least, most)}.")
        checked[name] = number
    faults.raise_if_any(ArgumentError)
    return checked


def _domain(least: float, most: float) -> str:
    """Say a closed domain in words."""
    if math.isinf(least) and math.isinf(most):
        return "a finite number"
    if math.isinf(most):
        return f"a finite number >= {least:g}"
    return f"a number from {least:g} to {most:g}"
