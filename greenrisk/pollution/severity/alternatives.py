# SPDX-License-Identifier: Apache-2.0
"""The premium under both thresholds of the tail and three caps: how much of it is a choice.

What lives here: expected losses and premiums in closed form. What does not: the terms of a policy on the sum of the
heads, which need simulated accidents (:mod:`greenrisk.pollution.liability`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import xarray as xr

from greenrisk.actuarial.arguments import number
from greenrisk.actuarial.premium.gross import gross_premium
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.severity.caps import CAP_KINDS, Cap
from greenrisk.pollution.severity.heads import HEADS
from greenrisk.pollution.severity.laws import HeadLaw, Values, severity_laws, uncapped_laws
from greenrisk.pollution.severity.roles import RECORDED_HEADS, THRESHOLDS


def with_threshold(values: Mapping[str, Values], threshold: str) -> dict[str, Values]:
    """Return the values with the tail beginning at another threshold.

    Parameters
    ----------
    values : mapping of str to mapping
        Parameter values by role.
    threshold : {"p80", "p90"}
        Where the tail begins.
    """
    return {**values, "severity": {**values["severity"], "tail_threshold": threshold}}


def alternative_laws(
    values: Mapping[str, Values],
    constants: Mapping[str, Mapping[str, float]],
    caps: Mapping[str, float],
) -> dict[tuple[str, str], tuple[HeadLaw, ...]]:
    """Return the laws under each threshold and cap, by (threshold, kind of cap).

    Parameters
    ----------
    values, constants : mapping
        As for :func:`~greenrisk.pollution.severity.laws.severity_laws`.
    caps : mapping of str to float
        Amount of each kind of :data:`~greenrisk.pollution.severity.caps.CAP_KINDS` [CNY].

    Raises
    ------
    ArgumentError
        If one of the kinds has no amount, or one is no kind.
    """
    if set(caps) != set(CAP_KINDS):
        mend = f"One amount for each of {', '.join(CAP_KINDS)} was expected."
        raise ArgumentError(Fault("caps", f"caps of {', '.join(caps) or 'nothing'}", mend, "CNY"))
    return {
        (threshold, kind): severity_laws(
            with_threshold(values, threshold), constants, Cap(kind, float(caps[kind]))
        )
        for threshold in THRESHOLDS
        for kind in CAP_KINDS
    }


def severity_alternatives(
    values: Mapping[str, Values],
    constants: Mapping[str, Mapping[str, float]],
    caps: Mapping[str, float],
    expected_accidents: float,
    loadings: Loadings,
    fixed_expenses: float = 0.0,
) -> xr.Dataset:
    """Return expected loss and premium under both thresholds of the tail and three caps.

    Parameters
    ----------
    values, constants, caps : mapping
        As for :func:`alternative_laws`.
    expected_accidents : float
        Of all plants in a year, factor of transfer included, >= 0 [1/year].
    loadings : Loadings
        From pure to gross premium; no risk load is added.
    fixed_expenses : float
        Of all plants, >= 0 [CNY/year].

    Returns
    -------
    Dataset
        Group ``severity_alternatives`` over (threshold, cap, head): see its variables' ``long_name``.

    Notes
    -----
    Each head is capped by itself, so that the sum is at most the number of heads times the cap. Before deductible,
    sublimits and the limit on the whole accident.
    """
    accidents = number("expected_accidents", expected_accidents, least=0.0, unit="1/year")
    laws = alternative_laws(values, constants, caps)
    shape = (len(THRESHOLDS), len(CAP_KINDS), len(HEADS))
    losses = np.array([one.expected() for each in laws.values() for one in each]).reshape(shape)
    at_cap = np.array(
        [float(one.exceeds(np.nextafter(one.law.limit, 0.0))) for each in laws.values() for one in each]
    )
    pure = accidents * losses
    gross = [
        [gross_premium(float(total), 0.0, loadings, fixed_expenses) for total in row]
        for row in pure.sum(axis=-1)
    ]
    shapes = np.full((len(THRESHOLDS), len(HEADS)), np.nan)
    endless = np.zeros((len(THRESHOLDS), len(HEADS)), dtype=bool)
    for t, threshold in enumerate(THRESHOLDS):
        free = uncapped_laws(with_threshold(values, threshold), constants)
        for h, head in enumerate(HEADS):
            endless[t, h] = not math.isfinite(free[head][1].mean())
            if head in RECORDED_HEADS:
                shapes[t, h] = float(values["severity"][f"{head}_shape_{threshold[1:]}"])
    all_dims = ("threshold", "cap", "head")
    return xr.Dataset(
        {
            "expected_loss": _told(all_dims, losses, "CNY", "Expected loss of an accident"),
            "share_at_cap": _told(
                all_dims, at_cap.reshape(shape), "unitless", "Share of accidents that reach the cap"
            ),
            "pure_premium": _told(all_dims, pure, "CNY/year", "Expected loss of a year of all plants"),
            "premium_before_terms": _told(
                all_dims[:2],
                np.array(gross),
                "CNY/year",
                "Premium of all plants before the terms of any policy, without risk load",
            ),
            "tail_shape": _told(
                ("threshold", "head"), shapes, "unitless", "Shape of the generalised Pareto tail"
            ),
            "mean_is_infinite": _told(
                ("threshold", "head"), endless, "unitless", "Whether the mean is infinite without a cap"
            ),
            "cap_amount": _told(
                ("cap",),
                np.array([float(caps[kind]) for kind in CAP_KINDS]),
                "CNY",
                "Most that one head costs",
            ),
        },
        coords={"threshold": list(THRESHOLDS), "cap": list(CAP_KINDS), "head": list(HEADS)},
        attrs={
            "title": "Premium under both thresholds of the tail and three caps",
            "chosen_threshold": str(values["severity"]["tail_threshold"]),
            "expected_accidents": accidents,
        },
    )


def _told(dims: tuple[str, ...], values: np.ndarray, units: str, long_name: str) -> xr.DataArray:
    return xr.DataArray(values, dims=dims, attrs={"units": units, "long_name": long_name})
