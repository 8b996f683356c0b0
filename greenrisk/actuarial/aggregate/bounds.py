# SPDX-License-Identifier: Apache-2.0
"""Bounds of a value at risk from losses rounded down and up to the grid."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from greenrisk.actuarial.aggregate import transform
from greenrisk.actuarial.aggregate.compound import collapsed
from greenrisk.actuarial.aggregate.discretise import rounded
from greenrisk.actuarial.aggregate.results import Bounds
from greenrisk.actuarial.aggregate.transform import Factor

if TYPE_CHECKING:
    from greenrisk.actuarial.aggregate.loss import AggregateLoss

Floats = NDArray[np.float64]


def value_at_risk_bounds(loss: AggregateLoss, level: float) -> Bounds:
    """Return bounds of inf{x : P(T <= x) >= level}.

    Parameters
    ----------
    loss : AggregateLoss
        The law of T.
    level : float
        Probability [unitless], in (0, 1).

    Notes
    -----
    If every X_i is rounded down, so is the sum, and a quantile of it is no greater; likewise up. Annual terms, being
    monotone, keep the order.
    """
    step, slack = loss.fine.law.step, loss.error.probability
    attachment, limit = loss.fine.attachment, loss.fine.limit
    found = []
    for up in (False, True):
        cdf = np.cumsum(_before_terms(loss, step, loss.fine.law.cells + 1, up))
        # The slack goes against us: a bound must not profit from rounding.
        node = int(np.searchsorted(cdf, level + slack if up else level - slack))
        before = node * step if node < cdf.size else math.inf if up else loss.fine.law.top
        found.append(min(max(before - attachment, 0.0), limit))
    return Bounds(*found)


def _before_terms(loss: AggregateLoss, step: float, nodes: int, up: bool) -> Floats:
    """Probabilities of the nodes for the rounded sum before annual terms; what lies beyond the last one is cut off."""
    if loss.summands:
        left, right = (_after_terms(part, step, nodes, up) for part in loss.summands)
        return np.asarray(signal.fftconvolve(left, right))[:nodes]
    factors = []
    for frequency, severity in collapsed(loss.compounds):
        weights = rounded(severity, step, nodes - 1, up=up)
        factors.append(Factor(frequency.pgf, np.zeros(0), weights, 0.0))
    return transform.plain(factors, nodes)


def _after_terms(loss: AggregateLoss, step: float, nodes: int, up: bool) -> Floats:
    attachment, limit = loss.fine.attachment, loss.fine.limit
    turn = math.ceil if up else math.floor
    # Nodes before terms that are needed to know the first ``nodes`` after them.
    reach = nodes + math.ceil(attachment / step)
    before = _before_terms(loss, step, reach, up)
    skipped = (math.floor if up else math.ceil)(attachment / step)
    after = before[skipped : skipped + nodes].copy()
    after[0] += before[:skipped].sum()
    if limit < math.inf and turn(limit / step) < nodes:
        last = turn(limit / step)
        after[last] = max(1.0 - float(after[:last].sum()), 0.0)
        after[last + 1 :] = 0.0
    return after
