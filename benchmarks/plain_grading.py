# SPDX-License-Identifier: Apache-2.0
"""HJ 941-2018 row by row in plain Python: what an engineer would write first from the standard's tables.

It is here to be compared with greenrisk, for speed and for results. It reads the same rule tables with csv, and shares
no line with greenrisk. A plant and each of its substances, outlets, processes and records is a dictionary, as a row of
a table comes from a reader; plants are graded one after the other.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
MEDIA = ("air", "water")
GRADES = ("general", "larger", "major")
GRADES_ZH = {"general": "一般", "larger": "较大", "major": "重大"}
MEDIA_ZH = {"air": "大气", "water": "水"}
EVENTS = ("none", "general", "larger", "major", "extraordinary")
AIR_CONTROLS = ("gas_monitor", "distance_met")
WATER_CONTROLS = (
    "interception",
    "accident_water",
    "clean_water",
    "rain_water",
    "waste_water",
    "discharge_route",
    "waste_managed",
)


class PlainRules:
    """The rule tables as dictionaries."""

    def __init__(self, folder: Path) -> None:
        def rows(name: str) -> list[dict[str, str]]:
            with open(folder / f"hj941_{name}.csv", encoding="utf-8", newline="") as file:
                return list(csv.DictReader(file))

        self.processes = {row["process"]: float(row["points_per_set"]) for row in rows("process_points")}
        self.controls = {
            (row["control"], row["answer"]): float(row["points"])
            for medium in MEDIA
            for row in rows(f"control_points_{medium}")
        }
        self.events = {(row["medium"], row["level"]): float(row["points"]) for row in rows("event_points")}
        self.m_classes = {
            int(row["cut"]): [float(row[f"m{k}_from_points"]) for k in (2, 3, 4)] for row in rows("m_classes")
        }
        self.air_receptors = rows("air_receptors")
        self.water_receptors = {row["receptor"]: row["level"] for row in rows("water_receptors")}
        self.matrix = {
            (row["q_band"], row["m_class"], row["e_level"]): row["grade"] for row in rows("grade_matrix")
        }
        self.q_bands = sorted((float(row["q_from"]), row["band"]) for row in rows("q_bands"))
        self.special = {row["rule"]: float(row["value"]) for row in rows("special_rules")}
        self.methods = {
            row["kind_of_site"]: row["method"] for row in rows("out_of_scope") if row["graded"] == "no"
        }


def grade_zone(
    plants: Iterable[Row],
    substances: Iterable[Row],
    outlets: Iterable[Row],
    processes: Iterable[Row],
    history: Iterable[Row],
    rules: PlainRules,
    *,
    cut: int = 65,
    reading: str = "high",
    boundary: str = "sensitive",
    year: int = 0,
    write: bool = True,
) -> list[tuple[str, str]]:
    """Return the grade of every plant, and, where asked, as the standard writes it."""
    groups = []
    for table in (substances, outlets, processes, history):
        by_plant: dict[str, list[Row]] = defaultdict(list)
        for row in table:
            by_plant[row["plant_id"]].append(row)
        groups.append(by_plant)
    found = []
    for plant in plants:
        mine = [by_plant.get(plant["plant_id"], []) for by_plant in groups]
        one = grade_plant(plant, *mine, rules, cut, reading, boundary, year)
        found.append((one["grade"], write_grade(one, plant, rules) if write else ""))
    return found


def grade_plant(
    plant: Row,
    substances: list[Row],
    outlets: list[Row],
    processes: list[Row],
    history: list[Row],
    rules: PlainRules,
    cut: int,
    reading: str,
    boundary: str,
    year: int,
) -> dict[str, Any]:
    """Return the grade of one plant and what it comes from."""
    if plant["kind_of_site"] in rules.methods:
        return {"grade": "refused"}
    process = 0.0
    for row in processes:
        process += row["lines"] * rules.processes[row["process"]]
    process = min(process, rules.special["process_cap"])
    levels = {"air": air_receptors(plant, rules, boundary), "water": water_receptors(outlets, rules)}
    media: dict[str, tuple[str, str, bool]] = {}
    for medium in MEDIA:
        q, involved = 0.0, False
        for row in substances:
            if row[f"{medium}_{reading}"]:
                q += row["tonnes"] / row["critical_t"]
                involved = involved or row["tonnes"] > 0
        m = (
            process
            + controls(plant, substances, rules, medium, reading)
            + events(history, rules, medium, year)
        )
        media[medium] = (*grade_medium(q, m, levels[medium], rules, cut), involved)
    base = max((grade for grade, _, _ in media.values()), key=GRADES.index)
    whole = base
    if penalised(history, rules, year):
        whole = GRADES[min(GRADES.index(base) + int(rules.special["penalty_upgrade"]), len(GRADES) - 1)]
    return {"grade": whole, "base": base, "media": media}


def write_grade(found: Mapping[str, Any], plant: Row, rules: PlainRules) -> str:
    """Return the grade of one plant as the standard writes it."""
    whole = found["grade"]
    if whole == "refused":
        return f"不适用（{rules.methods[plant['kind_of_site']]}）"
    texts = [
        f"{GRADES_ZH[grade]}-{MEDIA_ZH[medium]}({band})"
        for medium, (grade, band, involved) in found["media"].items()
        if involved
    ]
    if not texts:
        texts = [f"一般-{MEDIA_ZH[medium]}(Q0)" for medium in MEDIA]
    if len(texts) == 1 and whole == found["base"]:
        return texts[0]
    return f"{GRADES_ZH[whole]}[{'+'.join(texts)}]"


def controls(plant: Row, substances: list[Row], rules: PlainRules, medium: str, reading: str) -> float:
    """Return the points of the controls of one medium."""
    points = 0.0
    for control in AIR_CONTROLS if medium == "air" else WATER_CONTROLS:
        answer = plant[control]
        if control == "gas_monitor":
            toxic = False
            for row in substances:
                toxic = toxic or (row[f"toxic_gas_{reading}"] and row["tonnes"] > 0)
            if not toxic:
                answer = "no_toxic_gas"
        points += rules.controls[control, answer]
    return points


def events(history: list[Row], rules: PlainRules, medium: str, year: int) -> float:
    """Return the points of the worst event of the last years."""
    worst = 0
    for row in history:
        recent = row["kind"] == "accident" and row["year"] >= year - rules.special["event_window"]
        if recent and row["medium"] in (medium, "both", "") and row["level"]:
            worst = max(worst, EVENTS.index(row["level"]))
    return rules.events[medium, EVENTS[worst]]


def penalised(history: list[Row], rules: PlainRules, year: int) -> bool:
    """Return whether a penalty of the last years raises the grade."""
    for row in history:
        illegal = row["kind"] in ("illegal_discharge", "illegal_waste")
        if illegal and row["year"] >= year - rules.special["penalty_window"]:
            return True
    return False


def air_receptors(plant: Row, rules: PlainRules, boundary: str) -> str:
    """Return the level of the air receptors."""
    level = "E3"
    for row in rules.air_receptors:
        if row["receptor"] == "special_area_5km":
            holds = plant["special_area_5km"] == "yes"
        elif boundary == "sensitive":
            holds = plant[row["receptor"]] >= float(row["people_person"])
        else:
            holds = plant[row["receptor"]] > float(row["people_person"])
        if holds:
            level = min(level, row["level"])
    return level


def water_receptors(outlets: list[Row], rules: PlainRules) -> str:
    """Return the level of the water receptors below any outlet."""
    level = "E3"
    for row in outlets:
        for receptor in ("drinking_water_10km", "sensitive_water_10km", "karst_or_flood_area"):
            if row[receptor] == "yes":
                level = min(level, rules.water_receptors[receptor])
        if row["crosses_24h"] != "none":
            level = min(level, rules.water_receptors[f"crosses_{row['crosses_24h']}_24h"])
    return level


def grade_medium(q: float, m: float, level: str, rules: PlainRules, cut: int) -> tuple[str, str]:
    """Return the grade of a medium and the classes that it is written with."""
    band = "Q0"
    for least, name in rules.q_bands:
        if q >= least * (1 - 1e-12):  # ten tenths are one
            band = name
    if band == "Q0":
        return "general", band
    m_class = f"M{1 + sum(m >= least for least in rules.m_classes[cut])}"
    return rules.matrix[band, m_class, level], f"{band}-{m_class}-{level}"
