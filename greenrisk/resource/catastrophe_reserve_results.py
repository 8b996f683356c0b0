# SPDX-License-Identifier: Apache-2.0
"""The groups and ledger lines of the catastrophe reserve."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.core.cards import Card
from greenrisk.core.ledger import Ledger
from greenrisk.resource.catastrophe_reserve import (
    GROUPS,
    PARAMETERS,
    QUANTILES,
    CatastropheReserveSpec,
    NetYears,
    ReservePaths,
    ReserveRules,
    reserve_paths,
)

FEW_YEARS: Final = 1000
"""With fewer simulated years in a group the ledger calls the chance of ruin unreliable."""

FEW_RUINS: Final = 10
"""With fewer ruined paths the ledger calls the chance of ruin unreliable."""


def reserve_results(paths: ReservePaths, spec: CatastropheReserveSpec) -> xr.Dataset:
    """Return the group ``/catastrophe_reserve``: paths by quantile and year, chance of ruin, contributions and use.

    Parameters
    ----------
    paths : ReservePaths
        What the paths show.
    spec : CatastropheReserveSpec
        Their settings.
    """
    by_year = {
        "ruin_probability": (paths.ruin, "unitless"),
        "standard_error": (paths.standard_error, "unitless"),
        "low": (paths.low, "unitless"),
        "high": (paths.high, "unitless"),
        "contribution": (paths.contribution, "CNY/year"),
        "drawdown": (paths.drawdown, "CNY/year"),
        "chance_of_drawdown": (paths.drawn, "unitless"),
    }
    return xr.Dataset(
        {
            "reserve": (("quantile", "year"), paths.reserve, {"units": "CNY"}),
            "assets": (("quantile", "year"), paths.assets, {"units": "CNY"}),
            **{name: ("year", values, {"units": unit}) for name, (values, unit) in by_year.items()},
        },
        coords={
            "quantile": np.array(QUANTILES),
            "year": ("year", np.arange(spec.horizon_years + 1), {"units": "year"}),
        },
        attrs={
            "initial_reserve": spec.initial_cny,
            "capital": spec.capital_cny,
            "retained_profit": spec.retained_profit,
            "paths": spec.paths,
        },
    )


def rule_ends(card: Card) -> dict[str, tuple[ReserveRules, ReserveRules]]:
    """Return the rules with one parameter at either end of its range, by parameter; for a check before any long work.

    Parameters
    ----------
    card : Card
        The rules with their ranges.

    Raises
    ------
    ArgumentError
        Where values within the ranges make no rules.
    """
    base = ReserveRules.from_values(card.values())
    ends = {name: [float(end) for end in card.parameters[name].ends()] for name in PARAMETERS}
    return {
        name: (replace(base, **{name: low}), replace(base, **{name: high}))
        for name, (low, high) in ends.items()
    }


def rule_swings(years: NetYears, card: Card, spec: CatastropheReserveSpec, seed: int) -> xr.Dataset:
    """Return the group ``/catastrophe_reserve/rules``: the chance of ruin at both ends of each rule's range.

    Parameters
    ----------
    years, spec, seed
        As for :func:`~greenrisk.resource.catastrophe_reserve.reserve_paths`; all runs share their draws.
    card : Card
        The rules with their ranges.
    """
    base, ends = ReserveRules.from_values(card.values()), rule_ends(card)
    ruin = {
        name: [float(reserve_paths(years, rules, spec, seed).ruin[-1]) for rules in pair]
        for name, pair in ends.items()
    }
    columns = {
        "value": ([getattr(base, name) for name in PARAMETERS], "see unit"),
        "low": ([getattr(ends[name][0], name) for name in PARAMETERS], "see unit"),
        "high": ([getattr(ends[name][1], name) for name in PARAMETERS], "see unit"),
        "ruin_at_low": ([ruin[name][0] for name in PARAMETERS], "unitless"),
        "ruin_at_high": ([ruin[name][1] for name in PARAMETERS], "unitless"),
    }
    return xr.Dataset(
        {name: ("rule", np.array(values), {"units": unit}) for name, (values, unit) in columns.items()},
        coords={
            "rule": np.array(PARAMETERS),
            "unit": ("rule", np.array([card.parameters[name].unit for name in PARAMETERS])),
            "status": ("rule", np.array([card.parameters[name].status for name in PARAMETERS])),
        },
    )


def tell_reserve(
    years: NetYears,
    paths: ReservePaths,
    swings: xr.Dataset,
    card: Card,
    spec: CatastropheReserveSpec,
    ledger: Ledger,
) -> None:
    """Write what the paths rest on to the ledger.

    Parameters
    ----------
    years, paths, card, spec
        As above.
    swings : Dataset
        Of :func:`rule_swings`.
    ledger : Ledger
        Of the run.
    """
    ledger.add(
        "assumption",
        "catastrophe reserve: years",
        "Years are drawn independently, whole and from today's book and prices: no trend, no growth, and nothing lasts "
        "from one drawn year into the next, no outbreak either.",
    )
    for name in PARAMETERS:
        parameter, row = card.parameters[name], swings.sel(rule=name)
        if parameter.status == "confirmed":
            continue
        ledger.add(
            "parameter",
            f"{card.name}:{name}",
            parameter.meaning,
            status=parameter.status,
            source=parameter.source,
            quantity=f"chance of ruin within {spec.horizon_years} years",
            base=float(paths.ruin[-1]),
            at_low=float(row["ruin_at_low"]),
            at_high=float(row["ruin_at_high"]),
            unit="unitless",
        )
    each = years.result.size // GROUPS
    if each < FEW_YEARS or paths.ruined < FEW_RUINS:
        ledger.add(
            "unreliable",
            "chance of ruin",
            f"{paths.ruined:,} of {spec.paths:,} paths are ruined, each drawn from {each:,} simulated years. Simulate "
            f"at least {FEW_YEARS * GROUPS:,} years and more paths before it is quoted; see its interval.",
            count=paths.ruined,
        )
