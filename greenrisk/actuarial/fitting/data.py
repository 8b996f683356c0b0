# SPDX-License-Identifier: Apache-2.0
"""Loss records as a fit needs them: exact, cut at a limit or known to an interval, above a deductible, weighted.

What a law makes of them is in :mod:`greenrisk.actuarial.fitting.likelihood`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.fitting.data_checks import check_edges, check_records, read_column, read_columns
from greenrisk.core.errors import ArgumentError, Faults

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class LossData:
    """Records of single losses; most are made by :meth:`exact`, :meth:`grouped` or :meth:`intervals`.

    A record with ``lower == upper`` is exact, one with ``upper = inf`` is censored on the right at ``lower``, any other
    is known to lie in ``(lower, upper]``. All amounts are from ground up, never net of the deductible.

    Parameters
    ----------
    lower, upper : array, shape (record,)
        Ends of what is known of each loss, >= 0 [unit of the loss].
    deductibles : array or float
        Left truncation: a loss at or below it would not be on record at all, >= 0 [unit of the loss]. An interval that
        reaches below its deductible is cut there.
    limits : array or float
        Where the record is, or would have been, censored on the right; inf: nowhere [unit of the loss].
    truncated_above : array or float
        Right truncation: a loss above it would not be on record at all; inf: none [unit of the loss].
    weights : array or float
        Number of losses that a record stands for, > 0 [unitless]; see the notes.

    Raises
    ------
    ArgumentError
        With every fault at once: negative or NaN losses, ends out of order, a loss below its deductible, a limit at or
        below it, a loss above the point of right truncation, weights that are not positive.

    Notes
    -----
    The log-likelihood of a record is multiplied by its weight. Standard errors, AIC, BIC and tests of fit take weights
    for frequencies: a record of weight 3 says as much as three records. Weights that mean reliability or exposure
    give the same estimates, but their errors need ``SeverityFit.robust_covariance``.
    """

    lower: Floats
    upper: Floats
    deductibles: Floats
    limits: Floats
    truncated_above: Floats
    weights: Floats

    def __init__(
        self,
        lower: ArrayLike,
        upper: ArrayLike,
        *,
        deductibles: ArrayLike = 0.0,
        limits: ArrayLike = math.inf,
        truncated_above: ArrayLike = math.inf,
        weights: ArrayLike = 1.0,
    ) -> None:
        given = read_columns(
            {
                "lower": lower,
                "upper": upper,
                "deductibles": deductibles,
                "limits": limits,
                "truncated_above": truncated_above,
                "weights": weights,
            }
        )
        check_records(given, {"lower": "lower", "deductibles": "deductibles", "limits": "limits"})
        interval = (given["lower"] < given["upper"]) & np.isfinite(given["upper"])
        given["lower"] = np.where(interval, np.maximum(given["lower"], given["deductibles"]), given["lower"])
        given["upper"] = np.where(
            interval, np.minimum(given["upper"], given["truncated_above"]), given["upper"]
        )
        for name, values in given.items():
            values = values.copy()
            values.flags.writeable = False
            object.__setattr__(self, name, values)

    @classmethod
    def exact(
        cls,
        losses: ArrayLike,
        *,
        deductible: ArrayLike = 0.0,
        limit: ArrayLike = math.inf,
        truncated_above: ArrayLike = math.inf,
        weights: ArrayLike = 1.0,
    ) -> LossData:
        """Return records of known losses; those at or above their limit are censored there.

        Parameters
        ----------
        losses : array, shape (record,)
            From ground up, the deductible included, >= 0 [unit of the loss].
        deductible : array or float
            One for all or one a record, >= 0 [unit of the loss].
        limit : array or float
            Most that the record can show, from ground up: the deductible plus the most that is paid [unit of the loss].
        truncated_above : array or float
            Right truncation, inf: none [unit of the loss].
        weights : array or float
            Number of losses a record stands for, > 0 [unitless].

        Raises
        ------
        ArgumentError
            With every fault at once.

        Examples
        --------
        >>> data = LossData.exact([120.0, 800.0, 1000.0], deductible=100.0, limit=1000.0)
        >>> data.right_censored
        array([False, False,  True])
        """
        given = read_columns(
            {
                "losses": losses,
                "deductible": deductible,
                "limit": limit,
                "truncated_above": truncated_above,
                "weights": weights,
            }
        )
        known = {
            "lower": given["losses"],
            "upper": given["losses"],
            "deductibles": given["deductible"],
            "limits": given["limit"],
            "truncated_above": given["truncated_above"],
            "weights": given["weights"],
        }
        check_records(known, {"lower": "losses", "deductibles": "deductible", "limits": "limit"}, cut=True)
        cut = given["losses"] >= given["limit"]
        return cls(
            np.where(cut, given["limit"], given["losses"]),
            np.where(cut, math.inf, given["losses"]),
            deductibles=given["deductible"],
            limits=given["limit"],
            truncated_above=given["truncated_above"],
            weights=given["weights"],
        )

    @classmethod
    def grouped(
        cls,
        edges: ArrayLike,
        counts: ArrayLike,
        *,
        deductible: float = 0.0,
        truncated_above: float = math.inf,
    ) -> LossData:
        """Return a table of counts by class of loss; empty classes are left out.

        Parameters
        ----------
        edges : array, shape (class + 1,)
            Ascending ends of the classes ``(edge, next edge]``; the last may be inf [unit of the loss].
        counts : array, shape (class,)
            Number of losses in each class, >= 0 [unitless].
        deductible : float
            Left truncation of all [unit of the loss].
        truncated_above : float
            Right truncation of all; a table whose last edge is finite and that leaves out what lies above it needs this
            edge here [unit of the loss].

        Raises
        ------
        ArgumentError
            With every fault at once.

        Examples
        --------
        >>> LossData.grouped([0.0, 10.0, 50.0, float("inf")], [7, 2, 1]).weight
        10.0
        """
        faults = Faults()
        ends = read_column("edges", edges, faults, fewest=2)
        number = read_column("counts", counts, faults)
        faults.raise_if_any(ArgumentError)
        if number.size != ends.size - 1:
            what = f"counts of shape {number.shape}, edges of shape {ends.shape}"
            faults.add("counts", what, f"One count for each of the {ends.size - 1} classes is needed.")
        check_edges(ends, faults)
        if not number.sum() > 0:
            faults.add("counts", "all counts are 0", "At least one class must hold a loss.")
        faults.raise_if_any(ArgumentError)
        held = number > 0
        return cls(
            ends[:-1][held],
            ends[1:][held],
            deductibles=deductible,
            truncated_above=truncated_above,
            weights=number[held],
        )

    @classmethod
    def intervals(
        cls,
        lower: ArrayLike,
        upper: ArrayLike,
        *,
        deductible: ArrayLike = 0.0,
        truncated_above: ArrayLike = math.inf,
        weights: ArrayLike = 1.0,
    ) -> LossData:
        """Return records each known to lie in ``(lower, upper]``.

        Parameters
        ----------
        lower, upper : array, shape (record,)
            Equal ends: exact; ``lower = 0``: censored on the left; ``upper = inf``: on the right [unit of the loss].
        deductible, truncated_above, weights : array or float
            As in :meth:`exact`.

        Raises
        ------
        ArgumentError
            With every fault at once.
        """
        return cls(lower, upper, deductibles=deductible, truncated_above=truncated_above, weights=weights)

    def __repr__(self) -> str:
        """How many records of each kind, and their terms, in one line."""
        kinds = {
            "exact": int(self.exact_records.sum()),
            "censored on the right": int(self.right_censored.sum()),
            "known to an interval": int(self.interval_censored.sum()),
        }
        words = [f"{count:,} {kind}" for kind, count in kinds.items() if count]
        if self.deductibles.any():
            words.append(f"deductibles from {self.deductibles.min():,.6g} to {self.deductibles.max():,.6g}")
        if self.weight != self.size:
            words.append(f"weights of {self.weight:,.6g} in all")
        return f"LossData({self.size:,} records: {', '.join(words)})"

    @property
    def size(self) -> int:
        """Number of records."""
        return int(self.lower.size)

    @property
    def weight(self) -> float:
        """Number of losses: the sum of the weights."""
        return float(self.weights.sum())

    @property
    def exact_records(self) -> Mask:
        """Which records are known exactly, shape (record,)."""
        return np.asarray(self.lower == self.upper)

    @property
    def right_censored(self) -> Mask:
        """Which records are only known to exceed ``lower``, shape (record,)."""
        return np.isinf(self.upper)

    @property
    def interval_censored(self) -> Mask:
        """Which records are known to lie between two finite ends, shape (record,)."""
        return (self.lower < self.upper) & np.isfinite(self.upper)

    def restricted(self, kept: Mask) -> LossData:
        """Return some of the records.

        Parameters
        ----------
        kept : array of bool, shape (record,)
            Which.
        """
        return LossData(
            self.lower[kept],
            self.upper[kept],
            deductibles=self.deductibles[kept],
            limits=self.limits[kept],
            truncated_above=self.truncated_above[kept],
            weights=self.weights[kept],
        )
