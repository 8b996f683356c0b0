# SPDX-License-Identifier: Apache-2.0
"""The plan behind data/generators/make_leping_zone.py: which plants the SYNTHETIC zone of Leping has, and what of.

Everything is invented: no enterprise, plant, outlet or number in it exists. Quantities were set so that the zone holds
every case that the grading must tell apart; the cases are named beside their plants.
"""

from __future__ import annotations

from typing import NamedTuple

SUBSTANCES = {  # short word: CAS, Chinese name, English name, state
    "chlorine": ("7782-50-5", "氯气", "chlorine", "liquefied_gas"),
    "hcl acid": ("7647-01-0", "盐酸", "hydrochloric acid", "liquid"),
    "hcl gas": ("7647-01-0", "氯化氢", "hydrogen chloride", "gas"),
    "hypochlorite": ("7681-52-9", "次氯酸钠", "sodium hypochlorite", "liquid"),
    "sulfuric acid": ("7664-93-9", "硫酸", "sulfuric acid", "liquid"),
    "oleum": ("8014-95-7", "发烟硫酸", "oleum", "liquid"),
    "nitric acid": ("7697-37-2", "硝酸", "nitric acid", "liquid"),
    "ammonia": ("7664-41-7", "液氨", "ammonia", "liquefied_gas"),
    "ammonia solution": ("1336-21-6", "氨水", "ammonia solution", "liquid"),
    "vinyl chloride": ("75-01-4", "氯乙烯", "vinyl chloride", "liquefied_gas"),
    "acetylene": ("74-86-2", "乙炔", "acetylene", "gas"),
    "methanol": ("67-56-1", "甲醇", "methanol", "liquid"),
    "toluene": ("108-88-3", "甲苯", "toluene", "liquid"),
    "xylenes": ("1330-20-7", "二甲苯", "xylenes", "liquid"),
    "benzene": ("71-43-2", "苯", "benzene", "liquid"),
    "acetone": ("67-64-1", "丙酮", "acetone", "liquid"),
    "ethyl acetate": ("141-78-6", "乙酸乙酯", "ethyl acetate", "liquid"),
    "dmf": ("68-12-2", "N,N-二甲基甲酰胺", "N,N-dimethylformamide", "liquid"),
    "dichloroethane": ("107-06-2", "1,2-二氯乙烷", "1,2-dichloroethane", "liquid"),
    "vinylidene chloride": ("75-35-4", "1,1-二氯乙烯", "vinylidene chloride", "liquid"),
    "chlorobenzene": ("108-90-7", "氯苯", "chlorobenzene", "liquid"),
    "aniline": ("62-53-3", "苯胺", "aniline", "liquid"),
    "nitrobenzene": ("98-95-3", "硝基苯", "nitrobenzene", "liquid"),
    "pcl3": ("7719-12-2", "三氯化磷", "phosphorus trichloride", "liquid"),
    "thionyl chloride": ("7719-09-7", "氯化亚砜", "thionyl chloride", "liquid"),
    "dichlorvos": ("62-73-7", "敌敌畏", "dichlorvos", "liquid"),
    "dimethoate": ("60-51-5", "乐果", "dimethoate", "solid"),
    "cyanide": ("143-33-9", "氰化钠", "sodium cyanide", "solid"),
    "acrylonitrile": ("107-13-1", "丙烯腈", "acrylonitrile", "liquid"),
    "styrene": ("100-42-5", "苯乙烯", "styrene", "liquid"),
    "formaldehyde": ("50-00-0", "甲醛", "formaldehyde", "liquid"),
    "phenol": ("108-95-2", "苯酚", "phenol", "solid"),
    "epichlorohydrin": ("106-89-8", "环氧氯丙烷", "epichlorohydrin", "liquid"),
    "ethylene oxide": ("75-21-8", "环氧乙烷", "ethylene oxide", "liquefied_gas"),
    "hydrofluoric acid": ("7664-39-3", "氢氟酸", "hydrofluoric acid", "liquid"),
    "sulfur dioxide": ("7446-09-5", "二氧化硫", "sulfur dioxide", "liquefied_gas"),
    "natural gas": ("8006-14-2", "天然气", "natural gas", "gas"),
    "lpg": ("68476-85-7", "石油气", "liquefied petroleum gas", "liquefied_gas"),
    "petrol": ("86290-81-5", "汽油", "gasoline", "liquid"),
    "diesel": ("68334-30-5", "柴油", "diesel fuel", "liquid"),
    "copper sulfate": ("7758-98-7", "硫酸铜", "copper sulfate", "solid"),
    "nickel sulfate": ("7786-81-4", "硫酸镍", "nickel sulfate", "solid"),
    "dichromate": ("7778-50-9", "重铬酸钾", "potassium dichromate", "solid"),
    "acetic acid": ("64-19-7", "乙酸", "acetic acid", "liquid"),
    "waste liquor": ("", "CODCr浓度≥10000mg/L的有机废液", "organic waste liquid", "liquid"),
    "ammonium nitrate": ("6484-52-2", "硝酸铵", "ammonium nitrate", "solid"),
}


class Plan(NamedTuple):
    """What is set by hand for one plant; the rest is drawn."""

    name: str
    owner: str
    activity: str
    industry: str
    holds: dict[str, float | tuple[float, float]]  # tonnes, or tonnes of solution and percent
    processes: dict[str, int]  # process of a line: equal lines
    lacks: str = ""  # controls that are missing
    route: str = "to_plant"
    below: str = ""  # what lies below the outlets: drinking, sensitive, karst, province
    people: tuple[int, int, int] | None = None  # within 500 m, 1 km, 5 km where a case needs them
    colour: str = "blue"
    limit: int = 0  # CNY 10,000; 0: uninsured
    site: str = "ordinary"
    history: tuple[tuple[int, str, str, str, int], ...] = ()  # year, kind, level, medium, direct loss CNY
    prevention: str = "standard"
    inside: bool = True
    routes: int = 0  # transport routes
    special: bool = False  # specially protected area within 5 km


P, S, T, C = "production", "storage", "trade", "transport"
# fmt: off
PLANTS = (
    Plan("Chlor-Alkali Works 1", "Owner A", P, "2612", {"chlorine": 180, "hcl acid": (900, 31),
         "hypochlorite": (400, 10), "sulfuric acid": (260, 98)}, {"chlor_alkali": 2}, "", "to_plant",
         "sensitive", colour="green", limit=1000, prevention="advanced", history=((2019, "accident", "",
         "air", 60000),), routes=2),
    Plan("Vinyl Works", "Owner A", P, "2651", {"vinyl chloride": 320, "acetylene": 2, "hcl gas": 1.5,
         "dichloroethane": 90}, {"polymerisation": 2, "chlorination": 1}, "rain_water", "to_plant",
         "sensitive", colour="green", limit=1000, prevention="advanced"),
    Plan("Ammonia and Fertiliser Works", "Owner B", P, "2621", {"ammonia": 480, "ammonia solution": (300,
         15), "nitric acid": (120, 60), "ammonium nitrate": 90, "natural gas": 3}, {"ammonia_synthesis": 1,
         "other_high_risk": 2}, "interception", "to_plant", "drinking", colour="blue", limit=800,
         history=((2016, "accident", "general", "both", 1850000),)),
    Plan("Pesticide Works 1", "Owner C", P, "2631", {"dichlorvos": 40, "dimethoate": 12, "pcl3": 60,
         "chlorine": 12, "methanol": 55}, {"chlorination": 1, "amination": 1},
         "gas_monitor accident_water waste_managed", "to_plant", "drinking", colour="yellow", limit=300,
         prevention="basic", history=((2024, "illegal_discharge", "", "", 0), (2018, "accident", "",
         "water", 240000)), special=True),
    Plan("Pesticide Works 2", "Owner C", P, "2631", {"thionyl chloride": 22, "dimethoate": 3,
         "toluene": 18}, {"amination": 1}, "clean_water", colour="yellow", limit=300),
    Plan("Dyestuff Intermediates", "Owner D", P, "2645", {"aniline": 70, "nitrobenzene": 85, "oleum": 40,
         "nitric acid": (60, 60), "hcl acid": (45, 36)}, {"nitration": 1, "diazotisation": 1,
         "sulphonation": 1}, "distance_met interception rain_water", "to_plant", "sensitive", colour="red",
         prevention="basic", history=((2025, "accident", "larger", "water", 7600000), (2021,
         "illegal_waste", "", "", 0))),
    Plan("Solvent Works", "Owner E", P, "2614", {"methanol": 210, "toluene": 160, "acetone": 95,
         "ethyl acetate": 130}, {"other_high_risk": 1}, "distance_met", colour="blue", limit=500),
    Plan("Pharmaceutical Intermediates", "Owner F", P, "2710", {"dmf": 46, "toluene": 38, "hcl acid": (20,
         37), "ammonia solution": (24, 25), "cyanide": 0.4}, {"hydrogenation": 1, "amination": 1},
         "waste_managed", colour="blue", limit=500, prevention="advanced"),
    # M for air is 10 + 25 + 25 = 60 points: M4 with the cut at 60, M3 with the cut at 65.
    Plan("Chlorinated Aromatics", "Owner G", P, "2614", {"chlorine": 3.2, "chlorobenzene": 9},
         {"chlorination": 1}, "gas_monitor distance_met", "to_plant", people=(320, 900, 28000),
         colour="yellow", limit=200, prevention="basic"),
    Plan("Resin Works", "Owner H", P, "2651", {"phenol": 26, "formaldehyde": (60, 37),
         "epichlorohydrin": 34}, {"polymerisation": 2}, "rain_water", colour="blue", limit=400,
         history=((2017, "accident", "", "water", 95000),)),
    Plan("Acrylic Fibre Works", "Owner H", P, "2825", {"acrylonitrile": 140, "dmf": 60},
         {"polymerisation": 3}, "", colour="green", limit=800, prevention="advanced", history=((2014,
         "accident", "", "air", 0),)),
    Plan("Fluorine Chemicals", "Owner I", P, "2613", {"hydrofluoric acid": 30, "sulfuric acid": (120, 98)},
         {"fluorination": 1}, "gas_monitor", "to_plant", "karst", colour="blue", limit=500),
    Plan("Surfactant Works", "Owner J", P, "2662", {"ethylene oxide": 42, "sulfur dioxide": 4},
         {"alkylation": 1, "sulphonation": 1}, "", people=(150, 700, 21000), colour="green", limit=600),
    # The part of vinylidene chloride is not known: in the air list under one reading, not under the other.
    Plan("Barrier Polymers", "Owner K", P, "2651", {"vinylidene chloride": 62}, {"polymerisation": 1},
         "distance_met", "to_plant", people=(1200, 2600, 46000), colour="blue", limit=300),
    Plan("Plating Chemicals", "Owner L", P, "2661", {"nickel sulfate": 1.6, "copper sulfate": 5,
         "dichromate": 0.9, "hcl acid": (12, 31)}, {"other_high_risk": 1}, "waste_water waste_managed",
         "direct", "sensitive", colour="red", prevention="basic", history=((2022, "accident", "general",
         "water", 1300000), (2026, "illegal_discharge", "", "", 0))),
    Plan("Paint Works", "Owner M", P, "2641", {"xylenes": 7, "ethyl acetate": 1.5}, {},
         "clean_water rain_water", colour="", limit=100),
    Plan("Reagent Works", "Owner N", P, "2661", {"hcl acid": (4, 20), "ammonia solution": (3, 10),
         "acetone": 1.2}, {}, "", "none", colour=""),
    Plan("Sulfuric Acid Works", "Owner O", P, "2611", {"sulfuric acid": (2600, 98), "oleum": 180,
         "sulfur dioxide": 2}, {"other_high_risk": 2}, "accident_water", "direct", "province",
         colour="yellow", limit=300, prevention="basic", history=((2020, "accident", "general", "both",
         820000),)),
    Plan("Tank Farm North", "Owner P", S, "5942", {"methanol": 2800, "toluene": 1500, "styrene": 900}, {},
         "distance_met", colour="green", limit=800, prevention="advanced"),
    Plan("Tank Farm South", "Owner P", S, "5942", {"benzene": 600, "xylenes": 750, "acetic acid": 400}, {},
         "interception", "to_plant", "sensitive", colour="blue", limit=500, history=((2023, "accident", "",
         "water", 130000),)),
    Plan("Oil Depot", "Owner Q", S, "5941", {"petrol": 3600, "diesel": 5200}, {}, "", people=(60, 400,
         30000), colour="green", limit=600),
    Plan("Gas Store", "Owner R", S, "5942", {"lpg": 95}, {}, "distance_met", "none", people=(540, 1700,
         35000), colour="blue", limit=200),
    Plan("Cold Store", "Owner S", S, "5930", {"ammonia": 8}, {}, "gas_monitor", "none", people=(800, 2900,
         39000), colour="", limit=0, prevention="basic", history=((2021, "accident", "", "air", 30000),)),
    Plan("Dangerous Goods Warehouse", "Owner T", S, "5942", {"dichlorvos": 3, "cyanide": 0.2,
         "thionyl chloride": 4, "dichromate": 0.3}, {}, "waste_managed", "none", colour="blue", limit=300),
    Plan("Hazardous Waste Centre", "Owner U", S, "7724", {"waste liquor": 120, "hcl acid": (30, 10)},
         {"other_high_risk": 1}, "", "to_plant", colour="yellow", limit=500,
         site="hazardous_waste_operator", history=((2022, "other_penalty", "", "", 0),)),
    Plan("Solvent Trade 1", "Owner V", T, "5169", {"toluene": 26, "acetone": 14, "ethyl acetate": 12}, {},
         "interception accident_water", colour="", prevention="basic", routes=1),
    Plan("Acid Trade", "Owner V", T, "5169", {"hcl acid": (80, 31), "sulfuric acid": (60, 98),
         "nitric acid": (15, 60)}, {}, "interception", "none", colour="", limit=100, routes=1),
    Plan("Pesticide Trade", "Owner W", T, "5166", {"dichlorvos": 0.8, "dimethoate": 0.5}, {}, "", "none",
         colour="blue"),
    Plan("Gas Bottling Trade", "Owner X", T, "5169", {"chlorine": 2, "ammonia": 1.5, "acetylene": 0.6}, {},
         "distance_met", "none", people=(610, 2100, 37000), colour="yellow", limit=100, prevention="basic"),
    Plan("Filling Station", "Owner Q", T, "5265", {"petrol": 60, "diesel": 50}, {}, "", "none", colour="",
         limit=0, site="filling_station", inside=False),
    Plan("Tanker Fleet East", "Owner Y", C, "5435", {"diesel": 20}, {}, "rain_water", "none",
         colour="blue", limit=300, site="hazmat_vehicles", routes=4, history=((2019, "accident", "general",
         "water", 640000),), inside=False),
    Plan("Tanker Fleet West", "Owner Z", C, "5435", {"diesel": 15}, {}, "", "none", colour="",
         site="hazmat_vehicles", routes=3, prevention="basic", inside=False),
    Plan("Gas Haulage", "Owner R", C, "5435", {"lpg": 6}, {}, "", "none", colour="blue", limit=200,
         site="hazmat_vehicles", routes=2, inside=False),
    Plan("Transfer Yard", "Owner Y", C, "5435", {"methanol": 65, "hcl acid": (40, 31)}, {}, "clean_water",
         "to_plant", "sensitive", colour="blue", limit=300, routes=2, history=((2024, "accident", "",
         "water", 45000),)),
)
# fmt: on
"""34 plants: 18 make, 7 store, 5 trade and 4 carry hazardous chemicals."""
