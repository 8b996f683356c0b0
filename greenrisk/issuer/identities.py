# SPDX-License-Identifier: Apache-2.0
"""Identities of a statement: sums that must hold, parts that cannot exceed their whole.

What lives here: which they are, and where a statement breaks them. What does not: ratios that are only implausible
(:mod:`greenrisk.issuer.magnitudes`) and what fills a missing line (:mod:`greenrisk.issuer.missing`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Identity:
    """Lines with signs whose sum is zero.

    Parameters
    ----------
    result : str
        Line that the others explain; the one that gives way where the identity is broken.
    signs : dict of str to float
        Sign of every other line in the sum that gives the result.
    sentence : str
        The identity in words.
    """

    result: str
    signs: Mapping[str, float]
    sentence: str

    @property
    def members(self) -> tuple[str, ...]:
        """All lines of the identity, the result first."""
        return (self.result, *self.signs)


IDENTITIES: Final = (
    Identity(
        "ebit",
        {"revenue": 1.0, "variable_cost": -1.0, "fixed_cost": -1.0, "depreciation": -1.0},
        "EBIT is revenue less variable cost, fixed cost and depreciation.",
    ),
    Identity(
        "net_income",
        {"ebit": 1.0, "interest": -1.0, "tax": -1.0},
        "Net income is EBIT less interest and tax.",
    ),
)
"""Sums that must hold."""

PARTS: Final = (
    ("current_assets", "assets"),
    ("cash", "assets"),
    ("cash", "current_assets"),
    ("debt_short", "current_liabilities"),
)
"""Parts and wholes; the part gives way."""


def gap(identity: Identity, lines: Mapping[str, Floats]) -> Floats:
    """Return the result less what the others give, shape (issuer,); NaN where a line is missing [million]."""
    return np.asarray(lines[identity.result] - explained(identity, lines))


def explained(identity: Identity, lines: Mapping[str, Floats]) -> Floats:
    """Return what the other lines give for the result, shape (issuer,) [million]."""
    return np.asarray(sum(sign * lines[name] for name, sign in identity.signs.items()))


def derived(identity: Identity, line: str, lines: Mapping[str, Floats]) -> Floats:
    """Return one member from all the others, shape (issuer,); NaN where another is missing [million].

    Parameters
    ----------
    identity : Identity
        The identity.
    line : str
        One of its members.
    lines : mapping of str to array, shape (issuer,)
        Lines [million].
    """
    if line == identity.result:
        return explained(identity, lines)
    rest = sum(sign * lines[name] for name, sign in identity.signs.items() if name != line)
    return np.asarray((lines[identity.result] - rest) / identity.signs[line])


def broken(identity: Identity, lines: Mapping[str, Floats], tolerance: float) -> Flags:
    """Return where an identity does not hold, shape (issuer,).

    Parameters
    ----------
    identity : Identity
        The identity.
    lines : mapping of str to array, shape (issuer,)
        Lines [million].
    tolerance : float
        Largest gap over the largest member, which rounding explains [unitless].
    """
    size = np.max(np.abs([lines[name] for name in identity.members]), axis=0)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(gap(identity, lines)) > tolerance * size)


def exceeding(part: str, whole: str, lines: Mapping[str, Floats], tolerance: float) -> Flags:
    """Return where a part is more than its whole, shape (issuer,); ``tolerance`` as in :func:`broken`."""
    with np.errstate(invalid="ignore"):
        return np.asarray(lines[part] > lines[whole] * (1.0 + tolerance))
