# SPDX-License-Identifier: Apache-2.0
"""Makes data/issuer_carbon_medians.csv: scope 1 at 100 USD a tonne over revenue, by sector of real companies.

Usage: python data/generators/make_issuer_carbon_medians.py WORKBOOK [OUTPUT_FOLDER]

WORKBOOK is the sample data of the ITR tool (OS-Climate, 2023-01-06, Apache-2.0). For each company: the last year that
tells scope 1, and of several rows for that year the largest, since parts stand beside their sum; revenue as stated, at
the rate of its report's year in data/currency_rates.csv. A figure above ten billion tonnes is a slip of unit and left
out. Electric utilities are those that report in US dollars. This is a plain reading on purpose, apart from the one
that the study uses (greenrisk.issuer.itr), so that it can check it.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pandas as pd

PRICE = 100.0
"""Carbon price [USD/t CO2e]."""
SLIP = 1e10
"""More than a third of the world's emissions of CO2 in a year [t]."""
TONNES = {"t": 1.0, "thousand t": 1e3, "kt": 1e3, "mt": 1e6, "millions t": 1e6, "million t": 1e6}
YEARS = list(range(2015, 2023))
GROUPS = (
    ("electric_utilities", "Electricity Utilities", ("USD",)),
    ("cement", "Cement", ()),
    ("steel", "Steel", ()),
)
"""Name here, sector there, currencies that count (none: all)."""
SOURCE = (
    "OS-Climate ITR tool, sample data of 2023-01-06 (Apache-2.0), repository os-climate/ITR, commit 228ae676; largest "
    "row of the last year that tells scope 1, revenue as stated"
)


def scope_1(workbook: Path) -> pd.Series:
    """Return the scope 1 emissions of each company [t CO2e]."""
    sheet = pd.read_excel(workbook, sheet_name="ITR V2 esg data")
    sheet["company_id"] = sheet["company_id"].ffill()
    rows = sheet[sheet["metric"].astype(str).str.strip().str.lower() == "s1"]
    unit = rows["unit"].astype(str).str.strip().str.lower().str.replace(" co2e", "", regex=False).map(TONNES)
    told = rows[YEARS].apply(pd.to_numeric, errors="coerce").mul(unit, axis=0)
    told = told.where((told > 0.0) & (told < SLIP))
    return told.groupby(rows["company_id"]).max().ffill(axis=1)[YEARS[-1]].dropna()


def revenue(workbook: Path, rates: Path) -> pd.DataFrame:
    """Return sector, currency and revenue of each company [USD]."""
    book = pd.read_excel(workbook, sheet_name="ITR V2 input data").drop_duplicates("company_id")
    book = book.set_index("company_id")
    code = book["currency"].astype(str).str.replace("mega", "", regex=False)
    scale = book["currency"].astype(str).str.startswith("mega").map({True: 1e6, False: 1.0})
    cny = {(row["currency"], int(row["year"])): float(row["cny_per_unit"]) for row in _rows(rates)}
    year = pd.to_datetime(book["report_date"], errors="coerce").dt.year
    pairs = zip(code, year, strict=True)
    rate = [cny.get((c, y), float("nan")) / cny.get(("USD", y), float("nan")) for c, y in pairs]
    stated = pd.to_numeric(book["revenue"], errors="coerce")
    usd = stated * scale * pd.Series(rate, index=book.index).where(code != "USD", 1.0)
    return pd.DataFrame({"sector": book["sector"], "currency": code, "revenue": usd.where(usd > 0.0)})


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def medians(workbook: Path, folder: Path) -> Path:
    """Write the table and return its path."""
    firms = revenue(workbook, Path(__file__).resolve().parents[1] / "currency_rates.csv")
    firms["over"] = PRICE * scope_1(workbook).reindex(firms.index) / firms["revenue"]
    target = folder / "issuer_carbon_medians.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        head = ("companies", "lower_quartile", "median", "upper_quartile", "status", "source")
        writer.writerow(("sector", "itr_sector", "carbon_price_usd_per_t", *head))
        for name, sector, currencies in GROUPS:
            part = firms[(firms["sector"] == sector) & firms["over"].notna()]
            part = part[part["currency"].isin(currencies)] if currencies else part
            low, middle, high = part["over"].quantile([0.25, 0.5, 0.75])
            row = (len(part), f"{low:.4f}", f"{middle:.4f}", f"{high:.4f}", "confirmed", SOURCE)
            writer.writerow((name, sector, f"{PRICE:g}", *row))
    return target


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    out = Path(sys.argv[2]) if len(sys.argv) == 3 else Path(__file__).resolve().parents[1]
    print(medians(Path(sys.argv[1]), out))
