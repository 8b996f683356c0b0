# SPDX-License-Identifier: Apache-2.0
"""What the lenses look at: the lines of statements by variant, scenario, issuer and year, and what a lens says of them.

What lives here: the state, a reading, and why a reading is missing. What does not: the lenses (:mod:`statement_lenses`,
:mod:`model_lenses`) and their comparison (:mod:`lenses`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.core.errors import ArgumentError, Faults
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.issuer.credit.domains import MISSING, Floats, Ranks

STATEMENT_LINES: Final = (
    "revenue",
    "variable_cost",
    "fixed_cost",
    "depreciation",
    "ebit",
    "interest",
    "tax",
    "net_income",
    "assets",
    "current_assets",
    "current_liabilities",
    "debt_short",
    "debt_long",
    "equity",
    "retained_earnings",
    "cash",
    "market_value",
)
"""Lines of the statements [money]."""

OTHER_LINES: Final = (
    "liabilities",
    "capital_expenditure",
    "working_capital_increase",
    "principal",
    "asset_value",
    "asset_volatility",
    "risk_free_rate",
)
"""Lines that a lens may take beside the statements. `liabilities` left out are assets less equity, `principal` left out
is the short debt; [money], volatility [1/sqrt(year)], rate [1/year]."""

LINES: Final = STATEMENT_LINES + OTHER_LINES
AXES: Final = ("variant", "scenario", "issuer", "year")


@dataclass(frozen=True)
class State:
    """Lines of issuers, as arrays (variant, scenario, issuer, year); axes may be of size one.

    Parameters
    ----------
    lines : mapping of str to ndarray
        By the names of :data:`LINES`; NaN where not known.
    shape : tuple of int
        What they broadcast to.
    """

    lines: Mapping[str, Floats]
    shape: tuple[int, ...]

    def get(self, name: str) -> Floats:
        """Return a line in the whole shape; NaN where it is not there. Stated rules fill three of them."""
        return np.broadcast_to(self._line(name), self.shape)

    def _line(self, name: str) -> Floats:
        if name in self.lines:
            return self.lines[name]
        if name == "liabilities" and {"assets", "equity"} <= self.lines.keys():
            return self.lines["assets"] - self.lines["equity"]
        if name == "principal" and "debt_short" in self.lines:
            return self.lines["debt_short"]
        if name in ("capital_expenditure", "working_capital_increase"):
            return np.zeros(())
        return np.full((), np.nan)


def state_of(**lines: ArrayLike) -> State:
    """Return the state of issuers from lines that broadcast to four axes.

    Parameters
    ----------
    **lines : array_like
        By the names of :data:`LINES`, (variant, scenario, issuer, year) or fewer axes, counted from the last.

    Raises
    ------
    ArgumentError
        With every name that is not known, every endless number, and shapes that do not broadcast.
    """
    faults, found = Faults(), {}
    for name, value in lines.items():
        x = np.asarray(value, dtype=np.float64)
        if name not in LINES:
            faults.add(name, name, f"No lens knows this line.{did_you_mean(name, LINES)}")
        if x.ndim > len(AXES):
            faults.add(name, f"{name} {x.shape}", f"At most the axes {', '.join(AXES)}.")
        if np.isinf(x).any():
            faults.add(
                name, f"{int(np.isinf(x).sum())} endless numbers", "Give finite numbers; NaN is missing."
            )
        found[name] = x
    if not found:
        faults.add("lines", "none", "Give at least one line.")
    faults.raise_if_any(ArgumentError)
    try:
        shape = np.broadcast_shapes((1,) * len(AXES), *(x.shape for x in found.values()))
    except ValueError:
        listed = ", ".join(f"{name} {x.shape}" for name, x in found.items())
        faults.add("shapes", listed, "The lines must broadcast to (variant, scenario, issuer, year).")
    faults.raise_if_any(ArgumentError)
    return State(found, shape)


@dataclass(frozen=True)
class Reading:
    """What one lens says of every cell.

    Parameters
    ----------
    lens : str
        Name of the lens.
    unit : str
        Unit of ``value``.
    value : ndarray
        The quantity of the lens; NaN where missing.
    reason : ndarray of int8
        Why it is missing: place in ``reasons``; -1 where it is not.
    reasons : tuple of str
        Sentences.
    zone : ndarray of int8
        0 distress, 1 grey, 2 safe; -1 where the lens has none.
    grade : ndarray of int8
        Grade of the common scale, best first; -1 where the lens gives none.
    annual_probability : ndarray
        Twelve-month default probability [1]; NaN where the lens gives none.
    log_annual_probability : ndarray
        Its logarithm; finite where the probability itself underflows.
    spread : ndarray
        Spread over the risk-free rate [1/year]; NaN where the lens gives none.
    through_rating : bool
        Whether the probability is the long-run default rate of the grade, not the lens's own.
    """

    lens: str
    unit: str
    value: Floats
    reason: Ranks
    reasons: tuple[str, ...]
    zone: Ranks
    grade: Ranks
    annual_probability: Floats
    log_annual_probability: Floats
    spread: Floats
    through_rating: bool = field(default=False)

    def missing(self) -> dict[str, int]:
        """Return how many cells are missing, by reason."""
        counts = np.bincount(self.reason[self.reason >= 0].ravel(), minlength=len(self.reasons))
        return {text: int(n) for text, n in zip(self.reasons, counts, strict=True) if n}


def why_missing(state: State, needs: Sequence[str]) -> tuple[Ranks, tuple[str, ...]]:
    """Return for each cell the first line that a lens needs and does not find, as a number and its sentence."""
    code = np.full(state.shape, MISSING, dtype=np.int8)
    for number, name in enumerate(needs):
        code[(code == MISSING) & np.isnan(state.get(name))] = number
    return code, tuple(f"No {name.replace('_', ' ')}." for name in needs)


def also(
    code: Ranks, reasons: tuple[str, ...], where: np.typing.NDArray[np.bool_], sentence: str
) -> tuple[Ranks, tuple[str, ...]]:
    """Return reasons with one more, for cells that had none so far."""
    found: Ranks = np.where(where & (code == MISSING), len(reasons), code).astype(np.int8)
    return found, (*reasons, sentence)


def empty(shape: tuple[int, ...]) -> Floats:
    """Return an array of NaN."""
    return np.full(shape, np.nan)


def none(shape: tuple[int, ...]) -> Ranks:
    """Return an array of -1."""
    return np.full(shape, MISSING, dtype=np.int8)
