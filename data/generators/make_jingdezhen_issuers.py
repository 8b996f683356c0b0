# SPDX-License-Identifier: Apache-2.0
"""Makes data/jingdezhen_issuers_*_synthetic.csv: SYNTHETIC bond issuers of Jingdezhen.

No issuer in it exists, and none of its figures is anybody's. Only the kinds of trade are the city's own; the ratios are
judged (jingdezhen_issuer_plan.py). The chemical issuers own plants of the synthetic zone of Leping
(data/leping_plants_synthetic.csv), whose revenue is theirs. Statements obey their identities to the last digit.

Usage: python data/generators/make_jingdezhen_issuers.py [FOLDER]

Only the standard library, so that the bytes do not depend on the release of a numeric package.
"""

from __future__ import annotations

import csv
import math
import random
import sys
from pathlib import Path
from statistics import NormalDist

from jingdezhen_issuer_plan import (
    BELOW_STANDARD,
    COST_SPREAD,
    GROWTH,
    GROWTH_SPREAD,
    INSURED,
    ISSUERS,
    PLAN_FROM,
    SECTORS,
    SPREAD,
    TARIFF_CNY_PER_MWH,
    YEARS,
    Plan,
    Sector,
)

SEED = 20261123
NORMAL = NormalDist()
HERE = Path(__file__).parents[1]
LINES = (
    "revenue", "variable_cost", "fixed_cost", "depreciation", "ebit", "interest", "tax", "net_income", "assets",
    "current_assets", "current_liabilities", "debt_short", "debt_long", "equity", "retained_earnings", "cash",
    "market_value",
)  # fmt: skip
HEADERS = {
    "": ("issuer", "name", "country", "province", "sector", "credit_colour", "zone_owner", "equity_volatility"),
    "statements_": ("issuer", "year", "currency", *(f"{line}_million" for line in LINES)),
    "emissions_": ("issuer", "year", "scope_1_t", "scope_2_t", "scope_3_t", "free_allocation_t"),
    "pollutants_": ("issuer", "outlet", "medium", "pollutant", "year", "quantity_kg", "below_standard_share"),
    "uses_": ("issuer", "year", "water_m3", "electricity_mwh", "fuel_gj"),
    "shares_": ("issuer", "country", "sector", "share"),
    "sites_": (
        "issuer", "site", "lon", "lat", "currency", "value_million", "contribution_share", "insured_share",
        "deductible_million",
    ),
    "plans_": (
        "issuer", "region", "sector", "technology", "year", "capacity", "capacity_factor", "emission_factor",
        "unit",
    ),
}  # fmt: skip
Row = dict[str, object]


class Maker:
    """Draws the set; every draw in a fixed order."""

    def __init__(self, plants: Path) -> None:
        self.rng = random.Random(SEED)
        self.rows: dict[str, list[Row]] = {name: [] for name in HEADERS}
        self.plants: dict[str, list[dict[str, str]]] = {}
        with plants.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                self.plants.setdefault(row["owner"], []).append(row)

    def normal(self) -> float:
        """Return a standard normal number by inversion, one uniform each."""
        return NORMAL.inv_cdf(min(max(self.rng.random(), 1e-12), 1 - 1e-12))

    def about(self, value: float, spread: float = SPREAD) -> float:
        """Return a value moved by a lognormal factor of median 1."""
        return value * math.exp(spread * self.normal())

    def issuer(self, sector: Sector, plan: Plan) -> None:
        """Make one issuer."""
        name = f"JDZ-{sector.code}-{plan.number}"
        self.rows[""].append(
            {
                "issuer": name,
                "name": f"Synthetic Jingdezhen {plan.name}",
                "country": "CN",
                "province": "Jiangxi",
                "sector": sector.name,
                "credit_colour": plan.colour,
                "zone_owner": plan.owner,
                "equity_volatility": f"{plan.volatility:.2f}" if plan.listed else "",
            }
        )
        for year in YEARS:  # the last row is the one that the rest hangs on
            revenue = self.statement(name, sector, plan, year)
        self.flows(name, sector, plan, revenue)
        self.shares(name, sector, plan)
        self.sites(name, sector, plan)
        for technology, capacity, use, factor, last in plan.capacity:
            for year in range(PLAN_FROM, last + 1):
                self.rows["plans_"].append(
                    {
                        "issuer": name,
                        "region": "China",
                        "sector": "Power",
                        "technology": technology,
                        "year": year,
                        "capacity": f"{capacity:g}",
                        "capacity_factor": f"{use * (1 - 0.01 * (year - PLAN_FROM)):.4f}",
                        "emission_factor": f"{factor:.3f}",
                        "unit": "MW",
                    }
                )

    def sales(self, plan: Plan) -> float:
        """Return the revenue of the last year [million CNY]."""
        if plan.owner:
            return sum(float(row["revenue_cny"]) for row in self.plants[plan.owner]) / 1e6
        if plan.capacity:
            made = sum(capacity * use * 8760 for _, capacity, use, _, _ in plan.capacity)
            return made * TARIFF_CNY_PER_MWH / 1e6
        return plan.revenue

    def statement(self, name: str, sector: Sector, plan: Plan, year: int) -> float:
        """Make the statement of a year and return its revenue [million CNY]."""
        if year == YEARS[0]:
            self.ratio = {key: self.about(1.0) for key in ("assets", "debt", "cash", "fixed")}
        back = YEARS[-1] - year
        growth = GROWTH + GROWTH_SPREAD * self.normal()
        revenue = round(self.sales(plan) * (1 + growth) ** -back, 2)
        variable, fixed, depreciation = (
            round(revenue * share * factor, 2)
            for share, factor in zip(
                sector.costs,
                (self.about(1, COST_SPREAD), plan.cost * self.about(1, COST_SPREAD), 1.0),
                strict=True,
            )
        )
        ebit = round(revenue - variable - fixed - depreciation, 2)
        assets = round(self.sales(plan) / sector.turnover * self.ratio["assets"] * 1.03**-back, 2)
        debt = assets * sector.debt * plan.debt * (1 + 0.1 * (self.ratio["debt"] - 1))
        short = round(debt * sector.short, 2)
        long = round(debt - short, 2)
        other = round(assets * sector.other * plan.other, 2)
        equity = round(assets - short - long - other, 2)
        interest = round((short + long) * sector.rate, 2)
        tax = round(max(ebit - interest, 0.0) * sector.tax, 2)
        current = round(assets * sector.current, 2)
        values = {
            "revenue": revenue,
            "variable_cost": variable,
            "fixed_cost": fixed,
            "depreciation": depreciation,
            "ebit": ebit,
            "interest": interest,
            "tax": tax,
            "net_income": round(ebit - interest - tax, 2),
            "assets": assets,
            "current_assets": current,
            "current_liabilities": round(short + 0.8 * other, 2),
            "debt_short": short,
            "debt_long": long,
            "equity": equity,
            "retained_earnings": round(0.45 * equity if equity > 0 else 1.6 * equity, 2),
            "cash": round(current * sector.cash * min(self.ratio["cash"], 2.0), 2),
            "market_value": round(plan.listed * equity, 2) if plan.listed else "",
        }
        row: Row = {"issuer": name, "year": year, "currency": "CNY"}
        self.rows["statements_"].append(
            row | {f"{line}_million": f"{value:.2f}" if value != "" else "" for line, value in values.items()}
        )
        self.assets = assets
        return revenue

    def flows(self, name: str, sector: Sector, plan: Plan, revenue: float) -> None:
        """Make emissions, use and pollutants of the last year."""
        year = YEARS[-1]
        scopes = [revenue * self.about(rate) for rate in sector.scopes]
        if plan.capacity:  # what the plan emits in its first year
            scopes[0] = sum(capacity * use * 8760 * factor for _, capacity, use, factor, _ in plan.capacity)
        self.rows["emissions_"].append(
            {"issuer": name, "year": year}
            | {f"scope_{number}_t": f"{value:.0f}" for number, value in enumerate(scopes, start=1)}
            | {"free_allocation_t": f"{sector.free * scopes[0]:.0f}"}
        )
        uses = zip(("water_m3", "electricity_mwh", "fuel_gj"), sector.uses, strict=True)
        self.rows["uses_"].append(
            {"issuer": name, "year": year} | {use: f"{revenue * self.about(rate):.0f}" for use, rate in uses}
        )
        for medium, outlet, rates in (("air", "A1", sector.air), ("water", "W1", sector.water)):
            for pollutant, rate in rates.items():
                self.rows["pollutants_"].append(
                    {
                        "issuer": name,
                        "outlet": f"{name}-{outlet}",
                        "medium": medium,
                        "pollutant": pollutant,
                        "year": year,
                        "quantity_kg": f"{revenue * self.about(rate, 0.25):.1f}",
                        "below_standard_share": f"{BELOW_STANDARD[plan.colour]:.2f}",
                    }
                )

    def shares(self, name: str, sector: Sector, plan: Plan) -> None:
        """Make the shares by sector; they add up to 1."""
        own = 1.0 - sum(share for _, share in plan.mix)
        for of_sector, share in ((sector.name, own), *plan.mix):
            self.rows["shares_"].append(
                {"issuer": name, "country": "CN", "sector": of_sector, "share": f"{share:.2f}"}
            )

    def sites(self, name: str, sector: Sector, plan: Plan) -> None:
        """Make the sites; those of an owner in the zone are its plants."""
        places = [(float(row["lon"]), float(row["lat"])) for row in self.plants.get(plan.owner, [])]
        west, east, south, north = sector.box
        while len(places) < (1 + int(3 * self.rng.random()) if not plan.owner else len(places)):
            places.append(
                (west + (east - west) * self.rng.random(), south + (north - south) * self.rng.random())
            )
        weights = [0.5 + self.rng.random() for _ in places]
        parts = [round(weight / sum(weights), 3) for weight in weights[:-1]]
        parts.append(round(1.0 - sum(parts), 3))
        for number, ((lon, lat), part) in enumerate(zip(places, parts, strict=True), start=1):
            self.rows["sites_"].append(
                {
                    "issuer": name,
                    "site": f"{name}-S{number}",
                    "lon": f"{lon:.5f}",
                    "lat": f"{lat:.5f}",
                    "currency": "CNY",
                    "value_million": f"{0.6 * self.assets * part:.2f}",
                    "contribution_share": f"{part:.3f}",
                    "insured_share": f"{INSURED[plan.colour]:.2f}",
                    "deductible_million": f"{0.005 * self.assets * part:.2f}",
                }
            )


def main(folder: Path) -> None:
    """Write the tables."""
    maker = Maker(HERE / "leping_plants_synthetic.csv")
    for sector in SECTORS:
        for plan in ISSUERS[sector.code]:
            maker.issuer(sector, plan)
    for part, header in HEADERS.items():
        path = folder / f"jingdezhen_issuers_{part}synthetic.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*header, "status"], lineterminator="\n", restval="synthetic")
            if part == "plans_":  # its table has no status of a row: the name of the file says it
                writer = csv.DictWriter(file, list(header), lineterminator="\n")
            writer.writeheader()
            writer.writerows(maker.rows[part])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
