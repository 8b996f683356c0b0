# SPDX-License-Identifier: Apache-2.0
"""Makes data/substances.csv: critical quantities, parts, media, thresholds and properties by CAS number.

Critical quantities, parts, media and toxic endpoints come from the fact table of HJ 941/HJ 169 critical quantities;
thresholds and beta of GB 18218-2018 from its transcription (below, with their status); molar mass, boiling and
melting point, vapour pressure and liquid density from the tables of the package `chemicals`, so that nothing that
reads the result needs that package. Compounds of the starred metals and fuels that the list names only as a class
are added as rows of their own; they say so in `listed_as`.

Usage: python data/generators/make_substances.py HJ941_CRITICAL_QUANTITIES.csv [OUTPUT.csv]

Needs `chemicals` (pip install chemicals). Estimates by group contribution are left out.
"""

from __future__ import annotations

import csv
import io
import math
import sys
from pathlib import Path

import chemicals
from chemicals import Tb, Tb_methods, Tm, Tm_methods
from chemicals.dippr import EQ101, EQ105
from chemicals.elements import atoms_to_Hill, mass_fractions, molecular_weight, nested_formula_parser
from chemicals.identifiers import search_chemical
from chemicals.vapor_pressure import (
    Antoine,
    Psat_data_AntoinePoling,
    Psat_data_Perrys2_8,
    Psat_data_VDI_PPDS_3,
    Psat_data_WagnerMcGarry,
    Wagner,
    Wagner_original,
)
from chemicals.volume import (
    rho_data_CRC_inorg_l,
    rho_data_Perry_8E_105_l,
    rho_data_VDI_PPDS_2,
)
from substance_facts import (
    ALIASES,
    ANHYDROUS_ONLY,
    CLASS_ROWS,
    ELEMENTS,
    FORMULAS,
    GB18218,
    NO_FORMULA,
    SOLUTIONS,
    WHOLE,
)

ROOM = 298.15  # K
COLUMNS = (
    "name_zh", "name_en", "cas", "aliases", "listed_as",
    "critical_quantity_t", "quantity_status", "hj941_part", "part_status", "part_basis",
    "medium", "medium_status", "medium_basis", "counting", "element_share",
    "gb18218_threshold_t", "gb18218_status", "gb18218_beta", "gb18218_beta_status",
    "formula", "molar_mass_g_per_mol", "boiling_point_c", "melting_point_c", "state_25c",
    "vapour_pressure_pa", "liquid_density_kg_per_m3", "property_status", "property_source",
    "endpoint_1_mg_per_m3", "endpoint_2_mg_per_m3", "endpoint_status", "source", "note",
)  # fmt: skip

MEDIA = {  # the wording of the fact table: the code of data/media_rules.csv
    "air": "air",
    "both": "both",
    "water": "water",
    "water; air too unless part 5/7": "water_air_unless_5_or_7",
    "water (+air if volatile)": "water_air_if_volatile",
    "water (+air if gaseous/volatile)": "water_air_if_volatile",
}


def measured(methods: list[str]) -> str | None:
    """Return the first method that is a measurement, not a group contribution."""
    return next((method for method in methods if method != "JOBACK"), None)


def vapour_pressure(cas: str) -> tuple[float, str] | None:
    """Return the vapour pressure at 25 C [Pa] and its table, within the range of a correlation."""
    if cas in Psat_data_Perrys2_8.index:
        row = Psat_data_Perrys2_8.loc[cas]
        if row.Tmin <= ROOM <= row.Tmax:
            return EQ101(ROOM, row.C1, row.C2, row.C3, row.C4, row.C5), "Perry 8E table 2-8"
    if cas in Psat_data_WagnerMcGarry.index:
        row = Psat_data_WagnerMcGarry.loc[cas]
        if row.Tmin <= ROOM <= row.Tc:
            return Wagner_original(ROOM, row.Tc, row.Pc, row.A, row.B, row.C, row.D), "McGarry 1983"
    if cas in Psat_data_AntoinePoling.index:
        row = Psat_data_AntoinePoling.loc[cas]
        if row.Tmin <= ROOM <= row.Tmax:
            return Antoine(ROOM, row.A, row.B, row.C), "Poling 2001"
    if cas in Psat_data_VDI_PPDS_3.index:
        row = Psat_data_VDI_PPDS_3.loc[cas]
        if row.Tm <= ROOM <= row.Tc:
            return Wagner(ROOM, row.Tc, row.Pc, row.A, row.B, row.C, row.D), "VDI-PPDS 3"
    return None


def liquid_density(cas: str, molar_mass: float) -> tuple[float, str] | None:
    """Return the density of the (saturated) liquid at 25 C [kg/m3] and its table."""
    if cas in rho_data_Perry_8E_105_l.index:
        row = rho_data_Perry_8E_105_l.loc[cas]
        if row.Tmin <= ROOM <= row.Tmax:
            return EQ105(ROOM, row.C1, row.C2, row.C3, row.C4) * molar_mass / 1000.0, "Perry 8E table 2-30"
    if cas in rho_data_VDI_PPDS_2.index:
        row = rho_data_VDI_PPDS_2.loc[cas]
        if row.Tc >= ROOM:
            tau = 1.0 - ROOM / row.Tc
            terms = zip((row.A, row.B, row.C, row.D), (0.35, 2 / 3, 1.0, 4 / 3), strict=True)
            return row.rhoc + sum(factor * tau**power for factor, power in terms), "VDI-PPDS 2"
    if cas in rho_data_CRC_inorg_l.index:
        row = rho_data_CRC_inorg_l.loc[cas]
        if row.Tm <= ROOM <= row.Tmax:
            return row.rho - row.k * (ROOM - row.Tm), "CRC inorganic liquids"
    return None


def properties(cas: str, *, solution: bool = False) -> dict[str, str]:
    """Return the columns of properties; what the package does not know, or a solution does not have, stays empty."""
    found = dict.fromkeys(COLUMNS[COLUMNS.index("formula") : COLUMNS.index("property_source") + 1], "")
    if cas in NO_FORMULA:
        return found
    try:
        formula = FORMULAS.get(cas) or search_chemical(cas).formula
    except ValueError:
        return found
    sources = []
    molar_mass = molecular_weight(nested_formula_parser(formula))
    found["formula"] = formula if cas in FORMULAS else atoms_to_Hill(nested_formula_parser(formula))
    found["molar_mass_g_per_mol"] = f"{molar_mass:.3f}"
    if solution:
        found["property_status"] = "confirmed"
        found["property_source"] = f"chemicals {chemicals.__version__}: molar mass of the solute"
        return found
    boiling = melting = None
    if method := measured(Tb_methods(cas)):
        boiling = Tb(cas, method=method)
        found["boiling_point_c"] = f"{boiling - 273.15:.2f}"
        sources.append(f"boiling point {method}")
    if method := measured(Tm_methods(cas)):
        melting = Tm(cas, method=method)
        found["melting_point_c"] = f"{melting - 273.15:.2f}"
        sources.append(f"melting point {method}")
    if boiling is not None and boiling <= ROOM:
        found["state_25c"] = "gas"
    elif melting is not None:
        found["state_25c"] = "solid" if melting > ROOM else "liquid"
    if found["state_25c"] != "solid":
        if pressure := vapour_pressure(cas):
            found["vapour_pressure_pa"] = f"{pressure[0]:.4g}"
            sources.append(f"vapour pressure {pressure[1]}")
        if density := liquid_density(cas, molar_mass):
            found["liquid_density_kg_per_m3"] = f"{density[0]:.1f}"
            sources.append(f"liquid density {density[1]}")
    found["property_status"] = "confirmed"
    found["property_source"] = "; ".join([f"chemicals {chemicals.__version__}: molar mass", *sources])
    return found


def listed(row: dict[str, str]) -> dict[str, str]:
    """Return the row of one substance of the list."""
    name, cas = row["name_zh"], row["cas"]
    element = next((symbol for word, symbol in ELEMENTS.items() if f"以{word}" in name), None)
    threshold = GB18218.get(cas, (None, "", None, "")) if name not in ANHYDROUS_ONLY else (None, "", None, "")
    part_basis = row["part_status"]
    if "verbatim" in row["medium_basis"] or row["medium_basis"].startswith("clause 6.1 exclusion"):
        medium_status = "confirmed"
    else:
        medium_status = "unknown" if part_basis == "unknown" else "unconfirmed"
    counting = "whole" if name in WHOLE else "element" if element else "share"
    return {
        **dict.fromkeys(COLUMNS, ""),
        **(properties(cas, solution=name in SOLUTIONS) if cas else {}),
        "name_zh": name,
        "name_en": row["name_en"],
        "cas": cas,
        "aliases": ALIASES.get(name, ""),
        "critical_quantity_t": row["critical_quantity_t"],
        "quantity_status": row["status"],
        "hj941_part": row["hj941_part"],
        "part_status": "unknown" if part_basis == "unknown" else "unconfirmed",
        "part_basis": "" if part_basis == "unknown" else part_basis,
        "medium": MEDIA[row["medium"]],
        "medium_status": medium_status,
        "medium_basis": row["medium_basis"],
        "counting": counting,
        "element_share": "1" if element else "",
        "gb18218_threshold_t": number(threshold[0]),
        "gb18218_status": threshold[1],
        "gb18218_beta": number(threshold[2]),
        "gb18218_beta_status": threshold[3],
        "endpoint_1_mg_per_m3": row["endpoint_1_mg_per_m3"],
        "endpoint_2_mg_per_m3": row["endpoint_2_mg_per_m3"],
        "endpoint_status": row["endpoint_status"],
        "source": row["source"],
        "note": row["note"],
    }


def member(of: dict[str, str], cas: str, zh: str, en: str, other: str) -> dict[str, str]:
    """Return the row of a substance that the list holds only through a class."""
    symbol = next((symbol for word, symbol in ELEMENTS.items() if f"以{word}" in of["name_zh"]), None)
    facts = properties(cas)
    share = ""
    if symbol:
        share = f"{mass_fractions(nested_formula_parser(facts['formula']))[symbol]:.6f}"
    threshold = GB18218.get(cas, (None, "", None, ""))
    as_methane = symbol is None and cas == "8006-14-2"
    return {
        **of,
        **facts,
        "name_zh": zh,
        "name_en": en,
        "cas": cas,
        "aliases": other,
        "listed_as": of["name_zh"],
        "element_share": share,
        "gb18218_threshold_t": number(threshold[0]),
        "gb18218_status": threshold[1],
        "gb18218_beta": number(threshold[2]),
        "gb18218_beta_status": threshold[3],
        "endpoint_1_mg_per_m3": "",
        "endpoint_2_mg_per_m3": "",
        "endpoint_status": "",
        # The class names oils and compounds of its element; that natural gas counts as methane is a reading.
        "quantity_status": "unconfirmed" if as_methane else of["quantity_status"],
        "note": "natural gas is entered as methane" if as_methane else "member of a class",
    }


def number(value: float | None) -> str:
    """Return a number as short as it reads, or an empty text."""
    return "" if value is None or math.isnan(value) else f"{value:g}"


def main(source: Path, output: Path) -> None:
    """Write the table."""
    with source.open(encoding="utf-8", newline="") as file:
        rows = [listed(row) for row in csv.DictReader(file)]
    by_name = {row["name_zh"]: row for row in rows}
    rows += [member(by_name[name], *entry) for name, entries in CLASS_ROWS.items() for entry in entries]
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    output.write_bytes(text.getvalue().encode())


if __name__ == "__main__":
    default = Path(__file__).parents[1] / "substances.csv"
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else default)
