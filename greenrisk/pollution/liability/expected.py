# SPDX-License-Identifier: Apache-2.0
"""What a zone year means on average, in closed form: the second method beside the simulation.

What lives here: means by plant and head, and what common shocks add to a variance. What does not: what terms pay, which
has a closed form only for one head at a time (:class:`greenrisk.actuarial.layers.terms.LossTerms`).
"""

from __future__ import annotations

import math

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.actuarial.dependence.common_shock import CommonShock
from greenrisk.actuarial.severity.families import Lognormal
from greenrisk.actuarial.severity.law import Severity
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto
from greenrisk.actuarial.severity.spliced import Spliced
from greenrisk.pollution.liability.laws import HeadLaws, ZoneLaws
from greenrisk.pollution.liability.zone_year import ZoneYears
from greenrisk.pollution.severity.heads import HEADS

Floats = NDArray[np.float64]


def head_law(heads: HeadLaws, head: int) -> Severity:
    """Return the library's law of a positive loss under a head, before scale and cap.

    Parameters
    ----------
    heads : HeadLaws
        Laws of all heads.
    head : int
        Index of the head.
    """
    body = Lognormal(float(heads.mu[head]), float(heads.sigma[head]))
    threshold = float(heads.threshold[head])
    if math.isinf(threshold):
        return body
    tail = GeneralisedPareto(float(heads.tail_shape[head]), float(heads.tail_scale[head]), threshold)
    return Spliced(body, tail, threshold, float(heads.tail_weight[head]))


def expected_cost(heads: HeadLaws, power: int = 1) -> Floats:
    """Return the expected cost of an accident under each head, zeros included, shape (plants, heads).

    Parameters
    ----------
    heads : HeadLaws
        With a row for each plant.
    power : {1, 2}
        Of the cost [CNY or CNY2].

    Notes
    -----
    share_positive * scale^k * E[min(X, cap / scale)^k], limited expected values of the law.
    """
    limit = heads.cap / heads.scale
    moments = np.stack(
        [head_law(heads, h).limited_expected_value(limit[:, h], power) for h in range(len(HEADS))], axis=1
    )
    return np.asarray(heads.share_positive * heads.scale**power * moments)


def expected_losses(laws: ZoneLaws) -> Floats:
    """Return the expected loss of a year before any policy, shape (plants, heads) [CNY/year].

    Parameters
    ----------
    laws : ZoneLaws
        Rates and laws.
    """
    return np.asarray((laws.own + laws.transport)[:, np.newaxis] * expected_cost(laws.heads))


def count_covariance(laws: ZoneLaws) -> Floats:
    """Return the covariances of the plants' yearly numbers of accidents, shape (plants, plants).

    Parameters
    ----------
    laws : ZoneLaws
        Rates of accidents and shocks.

    Notes
    -----
    On the diagonal the mean, since each number is Poisson; off it shock_rate * q_i * q_k.
    """
    shocks = CommonShock(np.array([laws.shock_rate]), laws.hit[np.newaxis, :]).covariance()
    return np.asarray(shocks + np.diag(laws.alone + laws.transport))


def shock_variance(laws: ZoneLaws, cost: Floats | None = None) -> float:
    """Return what common shocks add to the variance of a year of the zone.

    Parameters
    ----------
    laws : ZoneLaws
        Rates of accidents and shocks.
    cost : array, shape (plants,), optional
        Expected cost of an accident of each plant [CNY]; empty: 1, for the number of accidents.

    Notes
    -----
    shock_rate * ((sum q_i m_i)^2 - sum (q_i m_i)^2): given a shock, the costs of different plants are independent.
    """
    weight = laws.hit * (np.ones(laws.plants) if cost is None else cost)
    return float(laws.shock_rate * (weight.sum() ** 2 - (weight**2).sum()))


def second_method(laws: ZoneLaws, years: ZoneYears) -> xr.Dataset:
    """Set what was simulated beside its closed form.

    Parameters
    ----------
    laws : ZoneLaws
        Of the central model.
    years : ZoneYears
        Simulated under them.

    Returns
    -------
    xarray.Dataset
        By ``quantity``: ``simulated``, ``standard_error`` of the simulation, ``closed_form``, ``difference`` in
        standard errors [unitless]. Quantities: accidents of a year and their variance [1/year], the loss under each
        head and in all [CNY/year].

    Notes
    -----
    The standard error of a mean uses the variance in closed form: with an accident of mean m and second moment s,
    sum_i rate_i s_i plus what shocks add. That of a variance v of n years is sqrt((k - v^2) / n), k being the fourth
    central moment of the simulated years.
    """
    counts = years.accident_count.sum(axis=1).astype(np.float64)
    rate, n = laws.own + laws.transport, years.years
    mean, square = expected_cost(laws.heads), expected_cost(laws.heads, 2)
    variance = float(rate.sum()) + shock_variance(laws)
    fourth = float(((counts - counts.mean()) ** 4).mean())
    rows = [
        ("accidents", "1/year", counts.mean(), math.sqrt(variance / n), float(rate.sum())),
        (
            "variance of accidents",
            "1/year",
            counts.var(),
            math.sqrt(max(fourth - counts.var() ** 2, 0.0) / n),
            variance,
        ),
    ]
    for h, head in enumerate(HEADS):
        spread = float(rate @ square[:, h]) + shock_variance(laws, mean[:, h])
        simulated = float(years.by_head("ground_up")[h])
        rows.append((head, "CNY/year", simulated, math.sqrt(spread / n), float(rate @ mean[:, h])))
    loss = years.layer("ground_up")
    rows.append(
        (
            "loss",
            "CNY/year",
            loss.mean(),
            float(loss.std(ddof=1)) / math.sqrt(n),
            float(rate @ mean.sum(axis=1)),
        )
    )
    names, units, simulated_, error, closed = zip(*rows, strict=True)
    off = np.array(simulated_) - np.array(closed)
    z = np.divide(off, np.array(error), out=np.zeros_like(off), where=np.array(error) > 0.0)
    in_unit = {"units": "see unit"}
    return xr.Dataset(
        {
            "simulated": ("quantity", np.array(simulated_), in_unit),
            "standard_error": ("quantity", np.array(error), in_unit),
            "closed_form": ("quantity", np.array(closed), in_unit),
            "difference": ("quantity", z, {"units": "unitless"}),
            "unit": ("quantity", np.array(units)),
        },
        coords={"quantity": list(names)},
    )
