# SPDX-License-Identifier: Apache-2.0
"""What data/generators/make_substances.py knows beside the fact table and the package `chemicals`.

Thresholds and betas of GB 18218-2018 with their status, other names of substances, substances that the list of HJ 941
holds only through a class, formulas that the package has not or has wrong.
"""

from __future__ import annotations

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
