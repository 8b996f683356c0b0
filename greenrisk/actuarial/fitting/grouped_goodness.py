# SPDX-License-Identifier: Apache-2.0
"""Pearson's chi-square of a law fitted to counts by class. Single losses have distances of distribution functions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from greenrisk.actuarial.fitting.fitted import SeverityFit
from greenrisk.actuarial.fitting.likelihood import log_between, logarithms
from greenrisk.core.errors import ArgumentError, Fault, Faults

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ChiSquare:
    """Pearson's statistic, class by class.

    Parameters
    ----------
    edges : array, shape (class + 1,)
        Ends of the classes; an empty one between two others is a class as well [unit of the loss].
    observed, expected : array, shape (class,)
        Losses in each class, and what the fitted law expects there.
    statistic : float
        ``sum (observed - expected)^2 / expected``.
    degrees : int
        Classes less one less fitted parameters.
    p_value : float
        From the chi-squared law, good where no expected number is below about 5 [unitless].
    """

    edges: Floats
    observed: Floats
    expected: Floats
    statistic: float
    degrees: int
    p_value: float

    def __repr__(self) -> str:
        """Return the statistic and a table of the classes."""
        from greenrisk.actuarial.fitting.wording import chi_square_table

        return chi_square_table(self)


def chi_square(fit: SeverityFit) -> ChiSquare:
    """Return Pearson's chi-square of a law fitted to grouped losses.

    Parameters
    ----------
    fit : SeverityFit
        Fitted to :meth:`LossData.grouped`, or to intervals that do not overlap; all under one deductible.

    Raises
    ------
    ArgumentError
        For exact records, overlapping classes, several deductibles, or fewer classes than the test needs.

    Notes
    -----
    The parameters are maximum-likelihood estimates from the same counts: then one degree of freedom is lost for each.

    References
    ----------
    Klugman, S. A., Panjer, H. H. and Willmot, G. E. Loss Models: From Data to Decisions. Wiley, chi-square test.
    """
    data, faults = fit.data, Faults()
    if data.exact_records.any():
        i = int(np.argmax(data.exact_records))
        what = f"record {i} is exact, {data.lower[i]:g}"
        faults.add("fit", what, "Counts by class were expected: group the losses, or use goodness_of_fit.")
    if np.ptp(data.deductibles) > 0 or np.unique(data.truncated_above).size > 1:
        what = f"deductibles {data.deductibles.min():g} to {data.deductibles.max():g}"
        faults.add("fit", what, "All records must be seen under one deductible and one right truncation.")
    faults.raise_if_any(ArgumentError)
    low, high = float(data.deductibles[0]), float(data.truncated_above[0])
    ends, which = np.unique(np.stack([data.lower, data.upper], axis=1), axis=0, return_inverse=True)
    counts = np.bincount(which.reshape(-1), data.weights, len(ends))
    overlap = np.flatnonzero(ends[1:, 0] < ends[:-1, 1])
    if overlap.size:
        (a, b), (c, d) = ends[overlap[0]], ends[overlap[0] + 1]
        what = f"classes ({a:g}, {b:g}] and ({c:g}, {d:g}]"
        raise ArgumentError(Fault("fit", what, "Classes must not overlap.", "unit of the loss"))
    edges = np.unique(np.concatenate([ends.reshape(-1), [low, high]]))
    observed = np.zeros(edges.size - 1)
    observed[np.searchsorted(edges, ends[:, 0])] = counts
    logs = logarithms(fit.law)
    with np.errstate(all="ignore"):
        chance = log_between(logs, np.array([low]), np.array([high]))
        expected = data.weight * np.exp(log_between(logs, edges[:-1], edges[1:]) - chance)
    # A class that the law cannot give and that holds nothing (below a Pareto threshold, say) is no class.
    real = (expected > 0) | (observed > 0)
    degrees = int(real.sum()) - 1 - len(fit.free)
    if degrees < 1:
        what = f"{int(real.sum())} classes, {len(fit.free)} fitted parameters"
        raise ArgumentError(Fault("fit", what, "At least one class more than parameters plus one is needed."))
    with np.errstate(divide="ignore"):
        statistic = float(((observed - expected)[real] ** 2 / expected[real]).sum())
    return ChiSquare(edges, observed, expected, statistic, degrees, float(chdtrc(degrees, statistic)))
