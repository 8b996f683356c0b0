# SPDX-License-Identifier: Apache-2.0
"""Makes data/ngfs5_cut.csv: NGFS phase 5 pathways for China and World, in IAMC wide layout.

Usage: python data/generators/make_ngfs5_cut.py COMPACT [OUTPUT_FOLDER]

COMPACT is the compact copy of the NGFS phase 5 results (columns model, scenario, region, variable, unit, year,
value). Only the regions China and World are written: a cut, since NGFS's terms (from memory) forbid redistribution of
the whole. Values are written as they stand there, a column for each year, empty where the model gives none.

Cite: NGFS Climate Scenarios, phase 5 (November 2024): REMIND-MAgPIE 3.3-4.8, NiGEM v1.24.2.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

REGIONS = ("China", "World")
KEY = ("model", "scenario", "region", "variable", "unit")
SOURCE = "NGFS Climate Scenarios, phase 5 (November 2024)"


def cut(compact: Path, folder: Path) -> Path:
    """Write the cut and return its path."""
    series: dict[tuple[str, ...], dict[int, str]] = {}
    with compact.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["region"] in REGIONS:
                series.setdefault(tuple(row[key] for key in KEY), {})[int(row["year"])] = row["value"]
    years = sorted({year for values in series.values() for year in values})
    target = folder / "ngfs5_cut.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*KEY, *years, "status", "source"])
        for key in sorted(series):
            writer.writerow([*key, *(series[key].get(year, "") for year in years), "confirmed", SOURCE])
    return target


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    out = Path(sys.argv[2]) if len(sys.argv) == 3 else Path(__file__).resolve().parents[1]
    print(cut(Path(sys.argv[1]), out))
