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

# GB 18218-2018, by CAS: threshold [t] and its status; beta and its status. Thresholds, and the betas of table 3
# (toxic gases), as read in a transcription; betas of flammable liquids and gases (table 4) from memory.
READ, MEMORY = "confirmed", "unconfirmed"
GB18218 = {
    "7664-41-7": (10, READ, 2, READ),  # ammonia
    "7782-50-5": (5, READ, 4, READ),  # chlorine
    "75-44-5": (0.3, READ, 20, READ),  # phosgene
    "74-90-8": (1, READ, 10, MEMORY),  # hydrogen cyanide
    "7664-39-3": (1, READ, 5, READ),  # hydrogen fluoride
    "7783-06-4": (5, READ, 5, READ),  # hydrogen sulfide
    "7647-01-0": (20, READ, 3, READ),  # hydrogen chloride, anhydrous
    "7446-09-5": (20, READ, 2, READ),  # sulfur dioxide
    "75-21-8": (10, READ, 2, READ),  # ethylene oxide
    "71-43-2": (50, READ, 1, MEMORY),  # benzene
    "108-88-3": (500, READ, 1, MEMORY),  # toluene
    "67-56-1": (500, READ, 1, MEMORY),  # methanol
    "86290-81-5": (200, READ, 1, MEMORY),  # petrol
    "68476-85-7": (50, READ, 1.5, MEMORY),  # petroleum gas, LPG
    "107-13-1": (50, READ, 1, MEMORY),  # acrylonitrile
    "75-15-0": (50, READ, 1, MEMORY),  # carbon disulfide
    "74-83-9": (None, "", 3, READ),  # methyl bromide
    "10102-44-0": (None, "", 10, READ),  # nitrogen dioxide
    "7784-42-1": (None, "", 20, READ),  # arsine
    "624-83-9": (None, "", 20, READ),  # methyl isocyanate
}
ANHYDROUS_ONLY = {"盐酸（≥37%）"}  # shares the CAS number of the gas, not its threshold

ALIASES = {  # the row's Chinese name: other names that mean the same
    "氨气": "氨|液氨|liquid ammonia|anhydrous ammonia",
    "氨水（浓度≥20%）": "氨水|氢氧化铵|aqueous ammonia|ammonium hydroxide",
    "氯气": "氯|液氯|liquid chlorine",
    "氯化氢": "氯化氢气体|anhydrous hydrogen chloride",
    "盐酸（≥37%）": "盐酸|hydrochloric acid",
    "甲醛": "福尔马林|甲醛溶液|formalin",
    "氢氟酸": "氟化氢|hydrogen fluoride|hydrofluoric acid",
    "氰化氢": "氢氰酸|hydrocyanic acid",
    "硫酸": "浓硫酸|sulphuric acid",
    "发烟硫酸": "fuming sulfuric acid",
    "醋酸乙烯": "乙酸乙烯酯|醋酸乙烯酯",
    "醋酸酐": "乙酸酐|醋酐",
    "乙酸": "醋酸|冰醋酸",
    "丙酮氰醇": "acetone cyanhydrin",
    "白磷": "黄磷|yellow phosphorus|white phosphorus",
    "石油气": "液化石油气|LPG|liquefied petroleum gas",
    "1,2-二氯乙烷": "二氯乙烷|ethylene dichloride",
    "1,3-丁二烯": "丁二烯|butadiene",
    "N,N-二甲基甲酰胺": "二甲基甲酰胺|DMF",
    "三氯甲烷": "氯仿",
    "二氯甲烷": "methylene chloride",
    "氯乙烯": "VCM|vinyl chloride monomer",
    "环氧乙烷": "EO",
    "环氧氯丙烷": "表氯醇|epichlorohydrin",
    "汞": "水银",
    "溴": "溴素|液溴",
    "硫": "硫磺|sulphur",
    "呋喃甲醛": "糠醛",
    "油类物质（矿物油类，如石油、汽油、柴油等；生物柴油等）": "油类|矿物油|mineral oil",
}

# Rows that the list names only as a class: CAS, Chinese and English name, other names. The critical quantity, the
# part and the medium are those of the class.
OILS = "油类物质（矿物油类，如石油、汽油、柴油等；生物柴油等）"
CLASS_ROWS = {
    OILS: (
        ("86290-81-5", "汽油", "gasoline", "petrol"),
        ("68334-30-5", "柴油", "diesel fuel", "diesel"),
        ("8002-05-9", "石油", "crude oil", "原油|petroleum"),
        ("8008-20-6", "煤油", "kerosene", ""),
        ("67784-80-9", "生物柴油", "biodiesel (soybean)", "biodiesel"),
    ),
    "甲烷": (("8006-14-2", "天然气", "natural gas", "LNG|液化天然气"),),
    "铜及其化合物（以铜离子计）": (
        ("7758-98-7", "硫酸铜", "copper sulfate", "cupric sulfate"),
        ("7758-99-8", "五水硫酸铜", "copper sulfate pentahydrate", ""),
        ("7447-39-4", "氯化铜", "cupric chloride", "copper chloride"),
        ("3251-23-8", "硝酸铜", "copper nitrate", "cupric nitrate"),
    ),
    "镍及其化合物（以镍计）": (
        ("7440-02-0", "镍", "nickel", ""),
        ("13138-45-9", "硝酸镍", "nickel nitrate", ""),
        ("1313-99-1", "氧化镍", "nickel oxide", ""),
    ),
    "铬及其化合物（以铬计）": (
        ("7440-47-3", "金属铬", "chromium", ""),
        ("1333-82-0", "三氧化铬", "chromium trioxide", "铬酸酐"),
        ("7778-50-9", "重铬酸钾", "potassium dichromate", ""),
        ("10588-01-9", "重铬酸钠", "sodium dichromate", ""),
    ),
    "锰及其化合物（以锰计）": (
        ("1313-13-9", "二氧化锰", "manganese dioxide", ""),
        ("7722-64-7", "高锰酸钾", "potassium permanganate", ""),
        ("7785-87-7", "硫酸锰", "manganese sulfate", ""),
    ),
    "钴及其化合物（以钴计）": (
        ("7440-48-4", "钴", "cobalt", ""),
        ("10124-43-3", "硫酸钴", "cobalt sulfate", ""),
        ("7646-79-9", "氯化钴", "cobalt chloride", ""),
    ),
    "钒及其化合物（以钒计）": (
        ("1314-62-1", "五氧化二钒", "vanadium pentoxide", ""),
        ("7803-55-6", "偏钒酸铵", "ammonium metavanadate", ""),
    ),
    "钼及其化合物（以钼计）": (
        ("1313-27-5", "三氧化钼", "molybdenum trioxide", ""),
        ("7631-95-0", "钼酸钠", "sodium molybdate", ""),
    ),
    "铊及其化合物（以铊计）": (("7446-18-6", "硫酸铊", "thallium sulfate", ""),),
    "锑及其化合物（以锑计）": (
        ("1309-64-4", "三氧化二锑", "antimony trioxide", ""),
        ("10025-91-9", "三氯化锑", "antimony trichloride", ""),
    ),
    "银及其化合物（以银计）": (("7761-88-8", "硝酸银", "silver nitrate", ""),),
    "砷及其化合物（以砷计）": (("7784-46-5", "亚砷酸钠", "sodium arsenite", ""),),
}
ELEMENTS = {
    "铜": "Cu",
    "镍": "Ni",
    "铬": "Cr",
    "锰": "Mn",
    "钴": "Co",
    "钒": "V",
    "钼": "Mo",
    "铊": "Tl",
    "锑": "Sb",
    "银": "Ag",
    "砷": "As",
}
FORMULAS = {  # where the package has none, or one that contradicts the name (hydrogen too many or too few, an ion)
    "7785-87-7": "MnSO4",
    "1309-64-4": "Sb2O3",
    "19624-22-7": "B5H9",
    "7803-52-3": "SbH3",
    "63705-05-5": "S",
    "26134-62-3": "Li3N",
    "20770-41-6": "K3P",
    "2893-78-9": "C3Cl2N3NaO3",
    "7488-52-0": "ZnSO3",
    "26571-79-9": "C6H4Cl4Si",
    "27137-85-5": "C6H3Cl5Si",
    "1789-58-8": "C2H6Cl2Si",
    "1330-20-7": "C8H10",
    "26471-62-5": "C9H6N2O2",
    "84852-15-3": "C15H24O",
    "353-42-4": "C2H6BF3O",
    "15699-18-0": "NiN2H8S2O8",
    "12504-16-4": "Sr3P2",
    "15512-36-4": "CaS2O4",
}
NO_FORMULA = {"1336-36-3"}  # a mixture

WHOLE = {"CODCr浓度≥10000mg/L的有机废液", "NH3-N浓度≥2000mg/L的废液"}
SOLUTIONS = {"盐酸（≥37%）", "氨水（浓度≥20%）"}  # no boiling point or vapour pressure of their own


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
        if ROOM <= row.Tc:
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
        "note": "natural gas is entered as methane"
        if symbol is None and cas == "8006-14-2"
        else "member of a class",
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
