# SPDX-License-Identifier: Apache-2.0
"""Nodes of integrals over the share of the sum insured that is paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from greenrisk.resource.index_cover.payout_spec import LinearPayout, SinglePayout
from greenrisk.resource.index_cover.series import Floats

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_PANELS: Final = 8


def share_nodes(
    payouts: Sequence[SinglePayout], low: float, high: float, ends: Sequence[float] = ()
) -> tuple[Floats, Floats]:
    """Return nodes and weights of an integral over shares, between the shares at which payouts jump.

    Parameters
    ----------
    payouts : sequence of LinearPayout or TierPayout
        Whose jumps end the panels.
    low, high : float
        Ends of the integral, 0 <= low < high <= 1 [unitless].
    ends : sequence of float
        More shares that end panels: those of a law's bounds [unitless].
    """
    jumps = [low, high, *ends]
    for payout in payouts:
        if isinstance(payout, LinearPayout):
            jumps += [payout.least, *np.linspace(payout.least, 1.0, _PANELS + 1).tolist()]
        else:
            jumps += [tier.share for tier in payout.tiers]
    edges = np.unique(np.clip(jumps, low, high))
    half = np.diff(edges)[:, np.newaxis] / 2.0
    return (edges[:-1, np.newaxis] + half * (1.0 + _NODES)).ravel(), (half * _WEIGHTS).ravel()
