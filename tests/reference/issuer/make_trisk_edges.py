# SPDX-License-Identifier: Apache-2.0
"""Writes trisk_edges.json: awkward companies under three carbon prices as trisk.model answers, without greenrisk.

Run as ``python tests/reference/issuer/make_trisk_edges.py`` where Rscript finds the R package trisk.model (version
2.7.0 was used, R 4.2.2). Companies, scenarios and prices are invented here; the package is called as a whole, by its
public function. Technologies move by closed formulas: activity a (1 + g)^j, price p + q j, capacity factor c + d j.
"""

import csv
import json
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIRST, LAST, SHOCK = 2022, 2050, 2030
# sector, technology, kind, unit, then (a, g, p, q, c, d) of the baseline and of the target
TECHNOLOGIES = (
    (
        "Power",
        "CoalCap",
        "carbon",
        "MW",
        (2000, 0.005, 65, 0.1, 0.48, 0.002),
        (1950, -0.09, 65, 0.3, 0.47, 0.001),
    ),
    ("Power", "HydroCap", "green", "MW", (1300, 0.01, 60, 0.0, 0.4, 0.0), (1320, 0.03, 60, 0.4, 0.41, 0.0)),
    ("Power", "NuclearCap", "green", "MW", (400, -0.01, 62, 0.1, 0.9, 0.0), (400, -0.02, 62, 0.2, 0.9, 0.0)),
    (
        "Power",
        "RenewablesCap",
        "green",
        "MW",
        (2300, 0.06, 64, 0.5, 0.3, 0.001),
        (2500, 0.09, 62, 1.0, 0.3, 0.002),
    ),
    ("Coal", "Coal", "carbon", "tonnes", (160, 0.003, 57, 0.2, 1, 0), (158, -0.06, 57, 1.8, 1, 0)),
    ("Cement", "Cement", "carbon", "tonnes", (4.1, 0.01, 80, 0.3, 1, 0), (4.1, 0.004, 80, 0.9, 1, 0)),
)
# issuer, technology, first year of the plan, capacity factors year by year, emission factor; capacity 1000
COMPANIES = (
    ("steady", "Coal", 2022, (0.5,) * 6, 1.9),
    ("growing-coal", "CoalCap", 2022, (0.3, 0.4, 0.5, 0.6, 0.7, 0.8), 0.95),
    ("closing", "CoalCap", 2022, (0.5, 0.4, 0.3, 0.2, 0.1, 0.0), 0.95),
    ("closed-early", "Coal", 2022, (0.5, 0.4, 0.2, 0.0, 0.0, 0.0), 1.9),
    ("from-nothing", "RenewablesCap", 2022, (0.0, 0.0, 0.5, 0.6, 0.7, 0.8), 0.0),
    ("one-year", "Coal", 2022, (0.5,), 1.9),
    ("one-year-green", "RenewablesCap", 2022, (0.5,), 0.0),
    ("flat-hydro", "HydroCap", 2022, (0.5,) * 6, 0.0),
    ("shrinking-hydro", "HydroCap", 2022, (0.5, 0.45, 0.4, 0.4, 0.4, 0.3), 0.0),
    ("fast-green", "RenewablesCap", 2022, (0.5, 0.7, 0.9, 1.1, 1.3, 1.6), 0.0),
    ("late", "Coal", 2024, (0.5, 0.6, 0.7, 0.8), 1.9),
    ("two-sectors", "CoalCap", 2022, (0.5,) * 6, 0.95),
    ("two-sectors", "Coal", 2022, (0.5, 0.52, 0.54, 0.56, 0.58, 0.6), 1.9),
    ("cement", "Cement", 2022, (0.5, 0.51, 0.5, 0.52, 0.5, 0.53), 0.6),
    ("small-cement", "Cement", 2022, (0.5, 0.5, 0.5, 0.49, 0.49, 0.49), 0.1),
    ("nuclear", "NuclearCap", 2022, (0.5, 0.5, 0.5, 0.5, 0.5, 0.5), 0.0),
)
FINANCES = {  # margin, debt over equity, volatility; all others as "steady"
    "steady": (0.1, 0.2, 0.3),
    "cement": (0.08, 0.5, 0.25),
    "small-cement": (0.15, 0.1, 0.35),
    "two-sectors": (0.12, 0.3, 0.2),
    "closing": (0.05, 0.05, 0.22),
}
CARBON = {
    "no_carbon_tax": lambda year: 0.0,
    "rising": lambda year: 0.0 if year < 2025 else 2.0 + 0.5 * (year - 2025),
    "increasing_carbon_tax_50": lambda year: 0.0 if year < 2025 else 50.0,
}
PARAMETERS = {"risk_free_rate": 0.04, "discount_rate": 0.08, "growth_rate": 0.02}
PASS_THROUGH = {"market_passthrough_power": 0.55, "market_passthrough_primary": 0.85}
R = """
suppressMessages(library(trisk.model))
at <- commandArgs(TRUE)[1]
read <- function(name) readr::read_csv(file.path(at, paste0(name, ".csv")), show_col_types = FALSE)
for (carbon in c("no_carbon_tax", "rising", "increasing_carbon_tax_50")) {
  found <- run_trisk_model(
    read("assets"), read("scenarios"), read("finances"), read("carbon"), baseline_scenario = "Base",
    target_scenario = "Aim", carbon_price_model = carbon, shock_year = 2030, risk_free_rate = 0.04,
    discount_rate = 0.08, growth_rate = 0.02, market_passthrough_power = 0.55, market_passthrough_primary = 0.85)
  for (name in c("npv_results", "pd_results", "company_trajectories"))
    readr::write_csv(found[[name]], file.path(at, paste0(carbon, "_", name, ".csv")))
}
cat(as.character(packageVersion("trisk.model")), R.version.string, sep = "; ")
"""


def write(path, header, rows):
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([header.split(), *rows])


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def tables(at):
    """Write the four input tables."""
    sector = {t[1]: (t[0], t[3]) for t in TECHNOLOGIES}
    write(
        at / "assets.csv",
        "company_id company_name asset_id country_iso2 asset_name production_year emission_factor technology sector "
        "capacity capacity_factor production_unit",
        [
            (who, who, who, "DE", who, first + j, emission, tech, sector[tech][0], 1000, use, sector[tech][1])
            for who, tech, first, uses, emission in COMPANIES
            for j, use in enumerate(uses)
        ],
    )
    write(
        at / "scenarios.csv",
        "scenario scenario_type scenario_geography sector technology scenario_year price_unit scenario_price "
        "pathway_unit scenario_pathway technology_type scenario_capacity_factor country_iso2_list scenario_provider",
        [
            (name, role, "Global", sec, tech, FIRST + j, "$/u", p + q * j, "x", repr(a * (1 + g) ** j), f"{kind}tech",
             repr(c + d * j), "NA", "Invented")
            for sec, tech, kind, _, *both in TECHNOLOGIES
            for name, role, (a, g, p, q, c, d) in zip(("Base", "Aim"), ("baseline", "target"), both, strict=True)
            for j in range(LAST - FIRST + 1)
        ],
    )  # fmt: skip
    write(
        at / "finances.csv",
        "company_id pd net_profit_margin debt_equity_ratio volatility",
        [
            (who, 0.005, *FINANCES.get(who, FINANCES["steady"]))
            for who in dict.fromkeys(c[0] for c in COMPANIES)
        ],
    )
    write(
        at / "carbon.csv",
        "year model scenario scenario_geography variable unit carbon_tax",
        [
            (year, name, name, "Global", "Price|Carbon", "US$2010/t CO2", price(year))
            for name, price in CARBON.items()
            for year in range(2015, LAST + 1)
        ],
    )


def answers(at):
    """Read what R wrote."""
    found = {}
    for carbon in CARBON:
        value, default, production, profit = {}, {}, {}, {}
        for row in rows(at / f"{carbon}_npv_results.csv"):
            key = f"{row['company_id']}|{row['technology']}"
            value[key] = [float(row[f"net_present_value_{name}"]) for name in ("baseline", "shock")]
        for row in rows(at / f"{carbon}_pd_results.csv"):
            key = f"{row['company_id']}|{row['sector']}"
            default.setdefault(key, {})[int(row["term"])] = [
                float(row[f"pd_{name}"]) for name in ("baseline", "shock")
            ]
        for row in rows(at / f"{carbon}_company_trajectories.csv"):
            if row["year"] != "NA" and int(row["year"]) <= LAST and row["production_shock_scenario"] != "NA":
                key = f"{row['company_id']}|{row['technology']}"
                production.setdefault(key, []).append(
                    [float(row[f"production_{name}_scenario"]) for name in ("baseline", "shock")]
                )
                profit.setdefault(key, []).append(
                    [float(row[f"net_profits_{name}_scenario"]) for name in ("baseline", "shock")]
                )
        found[carbon] = {
            "value": value,
            "default": {key: [terms[t] for t in (1, 5, 15, 29)] for key, terms in default.items()},
            "profit": profit,
        }
        found["production"] = production
    return found


def main():
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        tables(at)
        (at / "run.R").write_text(R)
        said = subprocess.run(
            ["Rscript", at / "run.R", at], check=True, stdout=subprocess.PIPE, text=True
        ).stdout.splitlines()[-1]
        found = answers(at)
    text = json.dumps({"made_by": said, "terms": [1, 5, 15, 29], **found}, separators=(",", ":"))
    (HERE / "trisk_edges.json").write_text(text.replace('},"', '},\n"') + "\n")


if __name__ == "__main__":
    main()
