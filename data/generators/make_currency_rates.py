# SPDX-License-Identifier: Apache-2.0
"""Makes data/currency_rates.csv from the tables of repository datasets/exchange-rates (PDDL).

Usage: python data/generators/make_currency_rates.py ANNUAL.csv MONTHLY.csv [OUTPUT.csv]

ANNUAL.csv and MONTHLY.csv are ``data/annual.csv`` and ``data/monthly.csv`` of that repository at commit fa7d949: units
of the currency for one US dollar. The pound is in the monthly file only: the mean of its twelve months. Rates by the
riyal (a peg) and the dirham (one undated rate of the ITR sample workbook) are not in it and are marked unconfirmed.
Only the standard library.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from statistics import fmean

YEARS = range(2015, 2026)
CODES = {
    "Australia": "AUD",
    "Brazil": "BRL",
    "Canada": "CAD",
    "Denmark": "DKK",
    "Euro": "EUR",
    "Hong Kong": "HKD",
    "India": "INR",
    "Japan": "JPY",
    "Malaysia": "MYR",
    "Mexico": "MXN",
    "Norway": "NOK",
    "Singapore": "SGD",
    "South Africa": "ZAR",
    "South Korea": "KRW",
    "Sweden": "SEK",
    "Switzerland": "CHF",
    "Taiwan": "TWD",
    "Thailand": "THB",
    "United Kingdom": "GBP",
}
FED = "Federal Reserve through repository datasets/exchange-rates, commit fa7d949, "
ANNUAL = FED + "averages of the year, divided; range: judged"
MONTHLY = FED + "mean of twelve monthly averages, divided; range: judged"
PEG = "3.75 to the US dollar, a peg from memory; the dollar: " + ANNUAL
WORKBOOK = "0.091 EUR, undated, in the ITR sample workbook; the euro: " + ANNUAL
SPREAD, WIDE_SPREAD = 0.03, 0.10  # year ends lie so far from the average of the year


def rates(path: Path) -> dict[tuple[str, int], float]:
    """Return units for one US dollar by country and year; the mean where a year has several rows."""
    found: dict[tuple[str, int], list[float]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["Country"], int(row["Date"][:4])), []).append(float(row["Exchange rate"]))
    return {key: fmean(values) for key, values in found.items()}


def rows(annual: Path, monthly: Path) -> list[list[str]]:
    """Return the table, sorted by currency and year."""
    yearly, by_month = rates(annual), rates(monthly)
    table: list[tuple[str, int, float, float, str, str]] = []
    for year in YEARS:
        yuan = yearly["China", year]
        table.append(("CNY", year, 1.0, 0.0, "confirmed", "the currency itself"))
        table.append(("USD", year, yuan, SPREAD, "confirmed", ANNUAL))
        for country, code in CODES.items():
            if (country, year) in yearly:
                table.append((code, year, yuan / yearly[country, year], SPREAD, "confirmed", ANNUAL))
            else:
                table.append((code, year, yuan / by_month[country, year], SPREAD, "confirmed", MONTHLY))
        table.append(("SAR", year, yuan / 3.75, SPREAD, "unconfirmed", PEG))
        euro = yuan / yearly["Euro", year]
        table.append(("MAD", year, 0.091 * euro, WIDE_SPREAD, "unconfirmed", WORKBOOK))
    return [
        [code, str(year), *(f"{rate * factor:.6g}" for factor in (1, 1 - spread, 1 + spread)), status, source]
        for code, year, rate, spread, status, source in sorted(table)
    ]


def main(annual: Path, monthly: Path, output: Path) -> None:
    """Write the table."""
    with output.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["currency", "year", "cny_per_unit", "low", "high", "status", "source"])
        writer.writerows(rows(annual, monthly))


if __name__ == "__main__":
    default = Path(__file__).parents[1] / "currency_rates.csv"
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else default)
