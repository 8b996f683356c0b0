# SPDX-License-Identifier: Apache-2.0
"""A small late and sudden transition for the tests: tables by hand, and the awkward companies of the reference."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent / "reference/issuer"))

import make_trisk_edges as edges

from greenrisk.issuer.production.spec import LateSudden

YEARS = range(2022, 2051)
PAIR = {"name": "turn", "baseline": "Base", "target": "Aim"}


def plan(issuer, technology, sector, made, first=2022, emission=1.0, capacity=1.0, unit="t", **more):
    """Rows of one plan; ``made`` are capacity factors year by year, ``None`` a silent year."""
    return [
        {
            "issuer": issuer,
            "sector": sector,
            "technology": technology,
            "year": first + j,
            "capacity": capacity,
            "capacity_factor": value,
            "emission_factor": emission,
            "unit": unit,
            **more,
        }
        for j, value in enumerate(made)
        if value is not None
    ]


def path(
    scenario,
    role,
    technology,
    sector,
    activity,
    price,
    *,
    kind="carbon",
    factor=None,
    years=YEARS,
    family="F",
):
    """Rows of one path; ``activity`` and ``price`` are functions of the years since 2022."""
    return [
        {
            "scenario": scenario,
            "family": family,
            "role": role,
            "region": "Global",
            "sector": sector,
            "technology": technology,
            "kind": kind,
            "year": year,
            "activity": activity(year - 2022),
            "price": price(year - 2022),
            "capacity_factor": 1.0 if factor is None else factor(year - 2022),
            "price_unit": "$/MWh" if sector == "Power" else "$/t",
        }
        for year in years
    ]


def steel_paths(**more):
    """Steel stays in the baseline, falls by 2 of 100 a year in the target; it costs 10, rising to 24 in the target."""
    return pd.DataFrame(
        path("Base", "baseline", "Steel", "Steel", lambda j: 100.0, lambda j: 10.0, **more)
        + path("Aim", "target", "Steel", "Steel", lambda j: 100.0 - 2.0 * j, lambda j: 10.0 + 0.5 * j, **more)
    )


def steel_plans(*makers):
    """Plans of steel makers: (issuer, production by year, ...)."""
    return pd.DataFrame([row for name, made in makers for row in plan(name, "Steel", "Steel", made)])


def finances(**issuers):
    """Rows (margin, debt over equity, volatility) by issuer."""
    return pd.DataFrame(
        [
            {"issuer": name, "net_profit_margin": m, "debt_to_equity": d, "volatility": s}
            for name, (m, d, s) in issuers.items()
        ]
    )


def transition(**more):
    """A scenario with one pair."""
    return LateSudden(**{"pairs": [PAIR], **more})


def edge_tables():
    """Plans, finances, paths and carbon prices of the reference, in our columns."""
    home = {technology: (sector, unit) for sector, technology, _, unit, *_ in edges.TECHNOLOGIES}
    plans = pd.DataFrame(
        [
            row
            for who, technology, first, uses, emission in edges.COMPANIES
            for row in plan(
                who,
                technology,
                home[technology][0],
                uses,
                first,
                emission,
                1000.0,
                home[technology][1],
            )
        ]
    )
    money = finances(
        **{who: edges.FINANCES.get(who, edges.FINANCES["steady"]) for who in dict.fromkeys(plans["issuer"])}
    )
    rows = []
    for sector, technology, kind, _, base, aim in edges.TECHNOLOGIES:
        for name, role, (a, g, p, q, c, d) in (("Base", "baseline", base), ("Aim", "target", aim)):
            rows += path(
                name,
                role,
                technology,
                sector,
                lambda j, a=a, g=g: a * (1 + g) ** j,
                lambda j, p=p, q=q: p + q * j,
                kind=kind,
                factor=lambda j, c=c, d=d: c + d * j,
            )
    carbon = pd.DataFrame(
        [
            {"path": name, "year": year, "price": price(year)}
            for name, price in edges.CARBON.items()
            for year in range(2015, 2051)
        ]
    )
    return plans, money, pd.DataFrame(rows).assign(price_unit=""), carbon


def relative(found, expected):
    """Largest miss relative to the size of the expected values, or absolute where they are zero."""
    expected = np.asarray(expected, dtype=float)
    scale = np.where(expected == 0.0, 1.0, np.abs(expected))
    return float(np.max(np.abs(np.asarray(found) - expected) / scale))
