# SPDX-License-Identifier: Apache-2.0
"""Makes data/epa_rmp_rates.csv, _windows.csv and _release_sources.csv: accidents reported to the EPA's RMP.

Usage: python data/generators/make_rmp_tables.py ACCIDENTS NAICS_COUNTS CHEMICAL_COUNTS [OUTPUT_FOLDER]

ACCIDENTS is the file of five-year accident histories (Data Liberation Project, CC BY-SA 4.0 over public-domain federal
records), the other two the facilities of December 2024 by industry and chemical. Only counts and rates derived from
them are written; none of the records is.
"""

from __future__ import annotations

import csv
import io
import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

FACILITIES = 20651  # all active facilities, December 2024
BASE = (2014, 2023)
WINDOWS = ((1994, 2003), (1999, 2008), (2004, 2013), (2009, 2018), (2010, 2019), BASE)
INDUSTRIES = [
    "111",
    "112",
    "115",
    "211",
    "221",
    "2211",
    "2213",
    "311",
    "312",
    "322",
    "324",
    "325",
    "3251",
    "3252",
    "3253",
    "3255",
    "3256",
    "3259",
    "326",
    "331",
    "332",
    "334",
    "424",
    "4246",
    "42491",
    "493",
]
SOURCE = (
    "US EPA RMP accident histories (Data Liberation Project, CC BY-SA 4.0) and facility counts of December 2024; "
    "data/generators/make_rmp_tables.py"
)
FEW = 5

Row = dict[str, str]


def accidents(path: Path) -> Iterator[tuple[int, str, set[str]]]:
    """Yield year, industry and chemicals of each report."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code = row["NAICSCode"].split(".")[0]
            chemicals = {
                part.split("{")[0].split(" [")[0].strip() for part in row["AccidentChemicals"].split("•")
            }
            yield int(row["AccidentDate"][:4]), code, chemicals


def counts(path: Path) -> dict[str, int]:
    """Return the facilities by code or name."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return {name: int(number) for name, number in rows}


def rate(number: int, facilities: int, years: int) -> tuple[str, str]:
    """Return a rate and its Poisson standard error, as text."""
    exposure = facilities * years
    return f"{number / exposure:.5f}", f"{math.sqrt(number) / exposure:.5f}"


# Column of the reports, its words, and the sorts of equipment of HJ 169 Appendix E that it matches.
RELEASE_SOURCES = (
    (
        "RS_StorageVessel",
        "storage vessel",
        "gas_tank atmospheric_tank double_containment_tank full_containment_tank",
    ),
    ("RS_Piping", "piping", "pipe_small pipe_medium pipe_large"),
    ("RS_ProcessVessel", "process vessel", "reactor process_tank tower"),
    ("RS_TransferHose", "transfer hose", "loading_arm loading_hose"),
    ("RS_Pump", "pump", "pump compressor"),
    ("RS_Valve", "valve", ""),
    ("RS_Joint", "joint", ""),
)
SLICES = (("all", "all"), ("all", "2014-2023"), ("325", "all"))


def release_sources(path: Path) -> list[list[str | int]]:
    """Return how many reports name each source of the release, by industry and years."""
    with path.open(encoding="utf-8", newline="") as file:
        reports = list(csv.DictReader(file))
    table: list[list[str | int]] = []
    for industry, window in SLICES:
        of_slice = [
            row
            for row in reports
            if (industry == "all" or row["NAICSCode"].startswith(industry))
            and (window == "all" or BASE[0] <= int(row["AccidentDate"][:4]) <= BASE[1])
        ]
        for column, words, equipment in RELEASE_SOURCES:
            named = sum(row[column] == "Yes" for row in of_slice)
            share = f"{named / len(of_slice):.4f}"
            table.append(
                [words, industry, window, len(of_slice), named, share, equipment, "confirmed", SOURCE]
            )
    return table


def main() -> None:
    """Write the tables."""
    reports = list(accidents(Path(sys.argv[1])))
    plants, sites = counts(Path(sys.argv[2])), counts(Path(sys.argv[3]))
    folder = Path(sys.argv[4]) if len(sys.argv) > 4 else Path(__file__).parents[1]
    listed = tuple(plants)

    def is_listed(code: str) -> bool:
        return code != "" and (code.startswith(listed) or any(one.startswith(code) for one in plants))

    Test = Callable[[str, set[str]], bool]
    groups: list[tuple[str, str, int, Test]] = [("all", "all", FACILITIES, lambda _code, _chemicals: True)]
    for industry in INDUSTRIES:
        number = sum(count for code, count in plants.items() if code.startswith(industry))
        groups.append(
            ("naics", industry, number, lambda code, _chemicals, start=industry: code.startswith(start))
        )
    for name, number in sites.items():
        groups.append(("chemical", name, number, lambda _code, held, one=name: one.split(" [")[0] in held))

    rates: list[list[str | int]] = []
    windows: list[list[str | int]] = []
    for kind, code, facilities, belongs in groups:
        of_group = [(year, is_listed(naics)) for year, naics, held in reports if belongs(naics, held)]
        for first, last in WINDOWS:
            hit = [known for year, known in of_group if first <= year <= last]
            with_known = sum(hit) if kind == "naics" else len(hit)
            years = last - first + 1
            if (first, last) == BASE and facilities and len(hit) >= (FEW if kind == "chemical" else 1):
                rates.append(
                    [
                        kind,
                        code,
                        facilities,
                        f"{first}-{last}",
                        years,
                        len(hit),
                        *rate(len(hit), facilities, years),
                        with_known,
                        *rate(with_known, facilities, years),
                        "confirmed",
                        SOURCE,
                    ]
                )
            if kind != "chemical" and facilities >= 100:
                windows.append(
                    [
                        kind,
                        code,
                        f"{first}-{last}",
                        years,
                        with_known,
                        *rate(with_known, facilities, years),
                        "confirmed",
                        SOURCE,
                    ]
                )
    write(
        folder / "epa_rmp_rates.csv",
        [
            "kind",
            "code",
            "facilities",
            "window",
            "years",
            "accidents",
            "rate_per_facility_year",
            "rate_se_per_year",
            "accidents_listed",
            "rate_listed_per_facility_year",
            "rate_listed_se_per_year",
            "status",
            "source",
        ],
        rates,
    )
    write(
        folder / "epa_rmp_windows.csv",
        [
            "kind",
            "code",
            "window",
            "years",
            "accidents_listed",
            "rate_listed_per_facility_year",
            "rate_listed_se_per_year",
            "status",
            "source",
        ],
        windows,
    )
    heads = [
        "release_source",
        "naics",
        "window",
        "reports",
        "named",
        "share",
        "equipment",
        "status",
        "source",
    ]
    write(folder / "epa_rmp_release_sources.csv", heads, release_sources(Path(sys.argv[1])))


def write(path: Path, header: list[str], rows: list[list[str | int]]) -> None:
    """Write a table with line ends that are the same everywhere."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
