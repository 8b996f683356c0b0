# SPDX-License-Identifier: Apache-2.0
"""Invented companies, plans and scenarios for the benchmarks of the late and sudden transition, from a seed.

Ten technologies in four sectors, three targets and two baselines in one family; 1.4 technologies a company; plans of
two to six years, margins all positive. :func:`trisk_tables` gives the same in the columns that trisk.model reads.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

FIRST, LAST, PLANNED = 2022, 2050, 6
BASELINES = ("Calm_CP", "Calm_NDC")
TARGETS = ("Calm_NZ", "Calm_DT", "Calm_B2")
TECHNOLOGIES = (
    ("Power", "CoalCap", "carbon", "MW", 2100.0, 65.0, 0.95),
    ("Power", "GasCap", "carbon", "MW", 1800.0, 70.0, 0.42),
    ("Power", "OilCap", "carbon", "MW", 300.0, 90.0, 0.75),
    ("Power", "HydroCap", "green", "MW", 1300.0, 60.0, 0.0),
    ("Power", "NuclearCap", "green", "MW", 400.0, 62.0, 0.0),
    ("Power", "RenewablesCap", "green", "MW", 2300.0, 64.0, 0.0),
    ("Oil&Gas", "Gas", "carbon", "GJ", 140.0, 6.0, 0.06),
    ("Oil&Gas", "Oil", "carbon", "GJ", 190.0, 9.0, 0.075),
    ("Coal", "Coal", "carbon", "tonnes", 160.0, 57.0, 1.9),
    ("Cement", "Cement", "carbon", "tonnes", 4.1, 80.0, 0.6),
)
"""Sector, technology, kind, unit, first activity, first price [money/unit of output], emissions [t CO2/unit]."""
GROWTH = {
    "Calm_CP": (0.004, 0.045),
    "Calm_NDC": (-0.004, 0.05),
    "Calm_NZ": (-0.09, 0.085),
    "Calm_DT": (-0.05, 0.07),
    "Calm_B2": (-0.03, 0.06),
}
"""Yearly growth of carbon and of green technologies."""


def random_paths(seed: int = 7) -> pd.DataFrame:
    """Return the invented scenarios in the columns of ``technology_paths``."""
    rng = np.random.default_rng(seed)
    years = np.arange(FIRST, LAST + 1)
    rows = []
    for scenario, growth in GROWTH.items():
        for sector, technology, kind, unit, activity, price, _ in TECHNOLOGIES:
            own = growth[kind == "green"] + rng.normal(0.0, 0.004)
            wave = 1.0 + 0.01 * np.sin((years - FIRST) / 3.0 + rng.uniform(0.0, 6.0))
            wave /= wave[0]
            dearer = rng.uniform(0.0, 0.015)
            use = (
                0.45 + 0.1 * rng.random() + 0.001 * (years - FIRST)
                if sector == "Power"
                else np.ones(years.size)
            )
            for j, year in enumerate(years):
                rows.append(
                    (
                        scenario,
                        "Calm",
                        "baseline" if scenario in BASELINES else "target",
                        "Global",
                        sector,
                        technology,
                        kind,
                        int(year),
                        activity * (1.0 + own) ** j * wave[j],
                        price * (1.0 + dearer) ** j,
                        use[j],
                        "$/MWh" if unit == "MW" else f"$/{unit}",
                    )
                )
    names = (
        "scenario family role region sector technology kind year activity price capacity_factor price_unit"
    )
    return pd.DataFrame(rows, columns=names.split())


def random_companies(number: int, seed: int = 11) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return plans and finances of invented companies, in the columns of ``production_plans`` and its finances."""
    rng = np.random.default_rng(seed)
    owned = 1 + (rng.random(number) < 0.4)
    company = np.repeat(np.arange(number), owned)
    home = np.repeat(rng.integers(0, len(TECHNOLOGIES), number), owned)
    second = np.r_[False, company[1:] == company[:-1]]
    technology = (home + second * rng.integers(1, len(TECHNOLOGIES), company.size)) % len(TECHNOLOGIES)
    capacity = 10.0 ** rng.uniform(1.0, 6.0, company.size)
    use = rng.uniform(0.2, 0.9, company.size)
    length = np.where(rng.random(company.size) < 0.9, PLANNED, rng.integers(2, PLANNED + 1, company.size))
    drift = rng.normal(0.0, 0.12, company.size)
    parts = []
    for row in range(company.size):
        sector, name, _, unit, _, _, emissions = TECHNOLOGIES[technology[row]]
        for j in range(length[row]):
            factor = min(1.0, max(0.0, use[row] * (1.0 + drift[row]) ** j))
            parts.append(
                (
                    f"{company[row] + 1:06d}",
                    sector,
                    name,
                    FIRST + j,
                    capacity[row],
                    factor,
                    emissions * (1.0 - 0.01 * j),
                    unit,
                )
            )
    names = "issuer sector technology year capacity capacity_factor emission_factor unit"
    plans = pd.DataFrame(parts, columns=names.split())
    finances = pd.DataFrame(
        {
            "issuer": [f"{k + 1:06d}" for k in range(number)],
            "net_profit_margin": rng.uniform(0.02, 0.15, number),
            "debt_to_equity": rng.uniform(0.05, 0.6, number),
            "volatility": rng.uniform(0.15, 0.4, number),
        }
    )
    return plans, finances


def trisk_tables(
    plans: pd.DataFrame, finances: pd.DataFrame, paths: pd.DataFrame, carbon: dict[str, pd.Series]
) -> dict[str, pd.DataFrame]:
    """Return the same tables in the columns that trisk.model reads, by the name of its argument."""
    assets = pd.DataFrame(
        {
            "company_id": plans["issuer"],
            "company_name": plans["issuer"],
            "asset_id": plans["issuer"],
            "country_iso2": "DE",
            "asset_name": plans["issuer"],
            "production_year": plans["year"],
            "emission_factor": plans["emission_factor"],
            "technology": plans["technology"],
            "sector": plans["sector"],
            "capacity": plans["capacity"],
            "capacity_factor": plans["capacity_factor"],
            "production_unit": plans["unit"],
        }
    )
    scenarios = pd.DataFrame(
        {
            "scenario": paths["scenario"],
            "scenario_type": paths["role"],
            "scenario_geography": paths["region"],
            "sector": paths["sector"],
            "technology": paths["technology"],
            "scenario_year": paths["year"],
            "price_unit": paths["price_unit"],
            "scenario_price": paths["price"],
            "pathway_unit": "x",
            "scenario_pathway": paths["activity"],
            "technology_type": paths["kind"] + "tech",
            "scenario_capacity_factor": paths["capacity_factor"],
            "country_iso2_list": "NA",
            "scenario_provider": paths["family"],
        }
    )
    money = finances.rename(columns={"issuer": "company_id", "debt_to_equity": "debt_equity_ratio"})
    money.insert(1, "pd", 0.005)
    taxes = [
        pd.DataFrame(
            {
                "year": path.index,
                "model": name,
                "scenario": name,
                "scenario_geography": "Global",
                "variable": "Price|Carbon",
                "unit": "US$2010/t CO2",
                "carbon_tax": path.to_numpy(),
            }
        )
        for name, path in carbon.items()
    ]
    return {
        "assets_data": assets,
        "scenarios_data": scenarios,
        "financial_data": money,
        "carbon_data": pd.concat(taxes),
    }
