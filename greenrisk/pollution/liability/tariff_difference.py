# SPDX-License-Identifier: Apache-2.0
"""Why the model's premium and the market's differ: both as products of factors, compared one by one.

What lives here: the model's premium taken apart into factors, and the difference shared out so that it adds up. What
does not: the premiums themselves.

References
----------
Ang, B. W. (2004), Decomposition analysis for policymaking in energy: which is the preferred method?, Energy Policy 32,
1131-1139, doi:10.1016/S0301-4215(03)00076-4 (logarithmic mean Divisia index, additive).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import numbers
from greenrisk.core.errors import ArgumentError, Fault, Faults
from greenrisk.pollution.accidents.rates import Rates
from greenrisk.pollution.liability.market_premium import MarketPremium
from greenrisk.pollution.liability.premium import PlantPremiums

Floats = NDArray[np.float64]

LEVEL: Final = "level"
"""What both premiums differ by on average over the plants, before any plant differs from another."""

FACTOR_WORDS: Final = {
    LEVEL: "General level",
    "industry": "Industry, activity and equipment",
    "grade": "Official grade",
    "colour": "Environmental credit",
    "record": "Own accidents",
    "limit": "Limit, terms and cost of an accident",
    "prevention": "Prevention",
    "transport": "Accidents on the road",
    "loadings": "Cost of capital and loadings",
}
"""What a reader calls the factors."""


def technical_factors(rates: Rates, premiums: PlantPremiums) -> dict[str, Floats]:
    """Return the factors whose product is the technical premium, each of shape (plants,).

    Parameters
    ----------
    rates : Rates
        Accident rates behind the premiums.
    premiums : PlantPremiums
        Technical premiums.

    Returns
    -------
    dict of str to array
        ``base``: the transfer of rates from abroad [unitless]; ``industry``: pooled rate of the sources [1/year];
        ``grade``, ``colour``, ``prevention``: rating factors [unitless]; ``record``: expected accidents after the
        plant's own years over those before [unitless]; ``transport``: all accidents over those on site [unitless];
        ``limit``: expected payments of an accident [CNY]; ``loadings``: technical over pure premium [unitless]. NaN for
        a plant without expected payments.
    """
    pure = premiums.row("pure_premium")
    paid = np.where(pure > 0.0, pure, np.nan)
    all_rates = rates.posterior + rates.transport
    return {
        "base": np.full(pure.shape, rates.transfer),
        "industry": rates.pooled,
        "grade": rates.factor[0],
        "prevention": rates.factor[1],
        "colour": rates.factor[2],
        "record": rates.posterior / rates.prior,
        "transport": all_rates / rates.posterior,
        "limit": paid / all_rates,
        "loadings": premiums.gross / paid,
    }


def market_factors(market: MarketPremium) -> dict[str, Floats]:
    """Return the factors whose product is the market's premium, each of shape (plants,).

    Parameters
    ----------
    market : MarketPremium
        The limit itself is part of the factor ``limit`` [CNY].
    """
    return {**market.factor, "limit": market.factor["limit"] * market.limit}


def difference(
    technical: Mapping[str, ArrayLike], market: Mapping[str, ArrayLike], plants: ArrayLike
) -> xr.Dataset:
    """Return the group ``tariff_difference``: technical less market premium, factor by factor.

    Parameters
    ----------
    technical, market : mapping of str to array, shape (plants,)
        Factors whose products are the premiums; a factor that one side lacks is 1 there. Plants where a factor is NaN
        or 0 are not compared.
    plants : array of str, shape (plants,)
        Identifiers.

    Returns
    -------
    xarray.Dataset
        By ``factor`` and ``plant``: ``log_ratio`` [1] and ``amount`` [CNY/year], which add up over the factors to the
        logarithm of technical over market premium and to technical less market premium; by ``factor``: ``zone_amount``
        [CNY/year] and ``mean_log_ratio`` [1], what the factor adds to the general level. NaN for plants that are not
        compared.

    Notes
    -----
    Factor f says d_fi = ln(technical_fi / market_fi) of plant i. What all plants share, the mean of d_fi weighted by
    the market's premium, is the general level: it has no meaning by factor, since each side may put its level into any
    factor. The rest is the factor's. Money is shared out by the logarithmic mean of both premiums,
    L(T, M) = (T - M) / ln(T / M), so that amounts add up without an order of the factors.
    """
    faults = Faults()
    sides: list[dict[str, Floats]] = []
    for side, given in (("technical", technical), ("market", market)):
        kept = {name: np.asarray(values, dtype=np.float64) for name, values in given.items()}
        shapes = {values.shape for values in kept.values()}
        if len(shapes) != 1:
            faults.extend([Fault(side, f"factors of shapes {sorted(shapes)}", "One shape was expected.")])
        sides.append(kept)
    faults.raise_if_any(ArgumentError)
    ours, theirs = sides
    both = [name for name in FACTOR_WORDS if name in ours or name in theirs]
    unknown = sorted({*ours, *theirs} - {*FACTOR_WORDS, "base"})
    if unknown:
        mend = f"Known: base, {', '.join(name for name in FACTOR_WORDS if name != LEVEL)}."
        raise ArgumentError(Fault("factors", ", ".join(unknown), mend))
    identifiers = np.asarray(plants)
    one = np.ones(identifiers.size)
    product = [np.prod(list(side.values()), axis=0) for side in sides]
    good = np.isfinite(product[0]) & np.isfinite(product[1]) & (product[0] > 0.0) & (product[1] > 0.0)
    top, bottom = np.where(good, product[0], np.nan), np.where(good, product[1], np.nan)
    weight = np.where(good, product[1], 0.0)
    total = numbers("market premium", [float(weight.sum())], above=0.0, unit="CNY/year")[0]
    rows: dict[str, Floats] = {}
    means = {}
    for name in (LEVEL, *both):
        first, second = ("base", "base") if name == LEVEL else (name, name)
        with np.errstate(invalid="ignore", divide="ignore"):
            log = np.log(ours.get(first, one) / theirs.get(second, one))
        log = np.where(good, log, np.nan)
        means[name] = float(np.nansum(np.where(good, log, 0.0) * weight) / total)
        rows[name] = log - means[name]
    level = sum(means.values())
    rows[LEVEL] = rows[LEVEL] + level
    with np.errstate(invalid="ignore", divide="ignore"):
        log_all = np.log(top / bottom)
        mean = np.where(np.abs(log_all) > 1e-9, (top - bottom) / log_all, bottom)
    logs = np.stack(list(rows.values()))
    amount = logs * mean
    return xr.Dataset(
        {
            "log_ratio": (
                ("factor", "plant"),
                logs,
                {
                    "units": "1",
                    "long_name": "Logarithm of technical over market factor, beyond the general level",
                },
            ),
            "amount": (
                ("factor", "plant"),
                amount,
                {"units": "CNY/year", "long_name": "Part of technical less market premium"},
            ),
            "zone_amount": (
                ("factor",),
                np.nansum(amount, axis=1),
                {"units": "CNY/year", "long_name": "The same, all plants compared"},
            ),
            "mean_log_ratio": (
                ("factor",),
                np.array(list(means.values())),
                {"units": "1", "long_name": "What the factor adds to the general level"},
            ),
        },
        coords={"factor": list(rows), "plant": identifiers},
    )
