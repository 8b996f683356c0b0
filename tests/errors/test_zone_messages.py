# SPDX-License-Identifier: Apache-2.0
"""What a user reads when a zone's tables are at fault."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from spoilt_zone import Change, Zone, places
from studied_zone import write_zone

from greenrisk.cli.main import cli
from greenrisk.core.errors import GreenRiskError
from greenrisk.core.library import find
from greenrisk.scenario.load import load


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Zone:
    """Return a small zone in the working folder."""
    monkeypatch.chdir(tmp_path)
    return Zone(tmp_path)


UNKNOWN = (
    " The standard lists only some, so that yours may rightly be none of them: then allow unknown substances "
    "(`allow_unknown_substances` of a scenario, `--allow-unknown` of `greenrisk grade`), and the plant is graded on "
    "what is known. If it is listed, add it to your own table of substances."
)

CELLS: dict[str, tuple[tuple[Change, ...], str]] = {
    "a mistyped CAS number": (
        (("substances", 2, "cas", "108-88-5"),),
        "substances.csv:4  cas = 108-88-5\n"
        "  Its check digit is wrong: 108-88 ends in 3, so a digit is mistyped. Did you mean "
        "`108-88-3 甲苯 (toluene)`?\n"
        "1 fault.",
    ),
    "kilograms for tonnes": (
        (("substances", 0, "max_t", 20000),),
        "substances.csv:2  max_t = 20000\n"
        "  More than 10000 times the critical quantity of 1 t is not plausible: is it kilograms? Then write 20. If it "
        "is right, raise the bound `times_critical_quantity` in your own table of plausible quantities.  [t]\n"
        "1 fault.",
    ),
    "a solution without its concentration": (
        (("substances", 1, "concentration_percent", None),),
        "substances.csv:3  concentration_percent =\n"
        "  A solution or mixture needs its concentration: the mass share of the substance.  "
        "[percent, > 0 and <= 100]\n"
        "1 fault.",
    ),
    "a population that is missing": (
        (("plants", 1, "people_1km", None),),
        "plants.csv:3  people_1km = ''\n"
        "  This cell is empty. Fill it in.  [person]\n"
        "1 fault. `greenrisk show table zone-plants` lists its columns.",
    ),
    "populations that contradict one another": (
        (("plants", 1, "people_1km", 50),),
        "plants.csv:3  people_500m = 100\n"
        "  More than the 50 of people_1km, which include them.  [person]\n"
        "1 fault.",
    ),
    "an identifier twice": (
        (("plants", 1, "plant_id", "A"),),
        "plants.csv:2  plant_id = A\n"
        "  Stands also in row 3. Each must be unique.\n"
        "plants.csv:3  plant_id = A\n"
        "  Stands also in row 2. Each must be unique.\n"
        "2 faults. `greenrisk show table zone-plants` lists its columns.",
    ),
    "a plant twice under two identifiers": (
        (("plants", 1, "owner", "owner A"), ("plants", 1, "name", "Works A")),
        "plants.csv:3  plant_id = B\n"
        "  The same plant stands in row 2 as A: same owner and name. Remove one, or correct the name.\n"
        "1 fault.",
    ),
    "a vehicle without kilometres": (
        (("vehicles", 0, "km_per_trip", None),),
        "vehicles.csv:2  km_per_trip = ''\n"
        "  This cell is empty. Fill it in.  [km]\n"
        "1 fault. `greenrisk show table zone-vehicles` lists its columns.",
    ),
    "metres for kilometres": (
        (("vehicles", 0, "km_per_trip", 150000),),
        "vehicles.csv:2  km_per_trip = 150000\n"
        "  More than 6000 km is not plausible: is it metres? Then write 150. If it is right, raise the bound "
        "`km_per_trip` in your own table of plausible quantities.  [km]\n"
        "1 fault.",
    ),
    "a plant that is in no table of plants": (
        (("equipment", 0, "plant_id", "D"),),
        "equipment.csv:2  plant_id = D\n  There is no such plant in plants.csv.\n1 fault.",
    ),
    "an accident of the future": (
        (("history", 0, "year", 2030),),
        "history.csv:2  year = 2030\n"
        "  Later than 2026, the year before `underwriting_year`: the records end with it. Correct the one or the "
        "other.  [year]\n"
        "1 fault.",
    ),
    "a colour that is none": (
        (("plants", 0, "credit_colour", "black"),),
        "plants.csv:2  credit_colour = black\n"
        "  Must be one of `green`, `blue`, `yellow`, `red`.\n"
        "1 fault. `greenrisk show table zone-plants` lists its columns.",
    ),
}


@pytest.mark.parametrize("case", CELLS)
def test_a_cell_at_fault_is_told_with_file_row_column_and_mend(zone: Zone, case: str) -> None:
    changes, message = CELLS[case]
    zone.set(*changes)
    assert zone.refusal() == message


def test_an_unknown_substance_is_refused_with_near_ones_unless_it_is_allowed(zone: Zone) -> None:
    zone.set(("substances", 2, "cas", "50-78-2"), ("substances", 2, "name_en", "tolueen"))
    message = zone.refusal()
    assert message.startswith(
        "substances.csv:4  cas = 50-78-2\n  This substance is not in the table of substances. Did you mean `"
    )
    assert message.endswith(f"?{UNKNOWN}\n1 fault.")
    zone.say("inventory:\n", "inventory:\n  allow_unknown_substances: true\n")
    job = load(write_zone(zone.folder, zone.frames, zone.scenario)).prepare()
    (line,) = [entry for entry in job.ledger if entry.kind == "dropped"]
    assert line.subject == "substances.csv:4"
    assert "50-78-2 tolueen is not in the table of substances: not counted in any grade, at B." in line.detail


def test_transport_without_any_vehicle_is_refused(zone: Zone) -> None:
    del zone.frames["zone-vehicles"]
    assert zone.refusal() == (
        "plants.csv:4  activity = transport\n"
        "  C carries hazardous chemicals, but zone-vehicles has no route of it: give trips, kilometres and load.\n"
        "1 fault."
    )


def test_all_faults_of_all_tables_and_cards_come_in_one_message(zone: Zone) -> None:
    zone.set(
        ("substances", 2, "cas", "108-88-5"),
        ("substances", 0, "max_t", 20000),
        ("substances", 1, "concentration_percent", None),
        ("plants", 1, "people_1km", 50),
        ("plants", 2, "owner", "owner A"),
        ("plants", 2, "name", "works A"),
        ("outlets", 0, "plant_id", "AA"),
        ("history", 0, "year", 2030),
    )
    zone.add("claims: zone-clams-judged\nseverity: {bodily: zone-severity-legal-judged}\n")
    message = zone.refusal()
    assert places(message) == [
        "zone.yaml:20:12",
        "zone.yaml:19:1",
        "plants.csv:3",
        "plants.csv:4",
        "outlets.csv:2",
        "substances.csv:2",
        "substances.csv:3",
        "substances.csv:4",
        "history.csv:2",
    ]
    assert message.endswith("\n9 faults.")


def test_a_faulty_cell_hides_no_fault_of_another_table_and_makes_none(zone: Zone) -> None:
    zone.set(
        ("plants", 2, "people_500m", None),
        ("vehicles", 0, "km_per_trip", None),
        ("substances", 0, "max_t", 20000),
        ("substances", 1, "concentration_percent", None),
        ("history", 0, "year", 2030),
    )
    assert places(zone.refusal()) == [
        "plants.csv:4",
        "vehicles.csv:2",
        "substances.csv:2",
        "substances.csv:3",
        "history.csv:2",
    ]


def test_a_faulty_cell_hides_no_fault_of_another_row_and_no_unknown_plant(zone: Zone) -> None:
    """Every fault below stands in a row of its own, beside a row with an empty cell or a negative number."""
    held = zone.frames["zone-substances"]
    zone.frames["zone-substances"] = pd.concat([held, held.iloc[[2]]], ignore_index=True)
    zone.set(
        ("plants", 0, "limit_cny", "five"),
        ("plants", 1, "people_500m", None),
        ("plants", 2, "people_1km", 50),
        ("substances", 0, "max_t", -3),
        ("substances", 1, "cas", "7647-01-1"),
        ("substances", 2, "max_t", 300_000_000),
        ("substances", 3, "plant_id", "Z"),
        ("substances", 4, "where", "tank 3"),
        ("outlets", 0, "plant_id", "AA"),
        ("outlets", 1, "water_class", "bad"),
        ("processes", 0, "process", "chlorinaton"),
    )
    message = zone.refusal()
    assert sorted(places(message)) == [
        "outlets.csv:2",
        "outlets.csv:3",
        "plants.csv:2",
        "plants.csv:3",
        "plants.csv:4",
        "processes.csv:2",
        "substances.csv:2",
        "substances.csv:3",
        "substances.csv:4",
        "substances.csv:5",
    ]


def test_a_plant_with_a_faulty_cell_is_still_a_plant(zone: Zone) -> None:
    """Its outlets, substances and vehicles are not told as those of no plant, nor it as one without them."""
    zone.set(("plants", 0, "people_500m", None), ("outlets", 1, "water_class", "bad"))
    zone.set(("plants", 1, "discharge_route", "direct"), ("vehicles", 0, "km_per_trip", None))
    assert places(zone.refusal()) == ["plants.csv:2", "outlets.csv:3", "vehicles.csv:2"]


def test_all_messages_name_a_file_by_the_same_path(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    zone.set(
        ("plants", 0, "people_500m", None), ("plants", 1, "people_1km", 50), ("equipment", 0, "plant_id", "D")
    )
    path = write_zone(zone.folder, zone.frames, zone.scenario)
    monkeypatch.chdir(zone.folder.parent)
    with pytest.raises(GreenRiskError) as caught:
        load(path).prepare()
    folder = zone.folder.name
    assert [fault.where for fault in caught.value.faults] == [
        f"{folder}/plants.csv:2",
        f"{folder}/plants.csv:3",
        f"{folder}/equipment.csv:2",
    ]
    assert f"There is no such plant in {folder}/plants.csv." in str(caught.value)


def test_tables_are_judged_even_where_the_policy_is_at_fault(zone: Zone) -> None:
    zone.set(("plants", 1, "people_1km", 50))
    zone.say("policy:\n", "policy:\n  accident_limit_cny: 5000000\n  annual_limit_cny: 2000000\n")
    assert places(zone.refusal()) == ["zone.yaml:16:1", "plants.csv:3"]


def test_measures_at_unknown_plants_or_with_unknown_controls_are_faults_at_once(zone: Zone) -> None:
    zone.set(("plants", 1, "people_1km", 50))
    zone.add(
        "mandate:\n"
        "  measures:\n"
        "    - {name: one, controls: [gasmonitor], plants: [A, P77]}\n"
        "    - {name: two, controls: [interception], plants: [BB]}\n"
    )
    message = zone.refusal()
    assert "mandate.measures[0].plants[1] = P77\n  The table of plants has no such plant.\n" in message
    assert (
        "mandate.measures[0].controls[0] = gasmonitor\n  Unknown control. Did you mean `gas_monitor`?"
        in message
    )
    assert "mandate.measures[1].plants[0] = BB" in message
    assert sorted(place.rpartition(":")[0] for place in places(message)) == [
        "plants.csv",
        "zone.yaml:21",
        "zone.yaml:21",
        "zone.yaml:22",
    ]


def test_own_claims_that_contradict_themselves_are_told_by_row(zone: Zone) -> None:
    (zone.folder / "claims.csv").write_text(
        "accident_id,year,head,amount_cny\nK1,2020,clean_up,50000\nK1,2021,clean_up,-3\n", encoding="utf-8"
    )
    zone.add("severity: {own_claims: claims.csv, claims_plant_years_outside: 100}\n")
    message = zone.refusal()
    assert places(message) == ["claims.csv:3"]
    assert "amount_cny = -3" in message


def test_own_claims_and_the_plant_years_outside_the_zone_must_match(zone: Zone) -> None:
    def refusal(plant: str, keys: str) -> str:
        text = f"accident_id,plant_id,year,head,amount_cny\nK1,{plant},2020,clean_up,50000\n"
        (zone.folder / "claims.csv").write_text(text, encoding="utf-8")
        zone.scenario = shipped + f"severity: {{own_claims: claims.csv{keys}}}\n"
        return zone.refusal()

    shipped = zone.scenario
    assert "1 own accidents outside the zone, claims_plant_years_outside empty" in refusal("", "")
    told = refusal("A", ", claims_plant_years_outside: 390")
    assert "claims_plant_years_outside = 390, no own claim outside the zone" in told
    assert "Plant-years of the zone's own plants do not belong here" in told
    told = refusal("", ", claims_plant_years_outside: 9, none_claimed_outside: true")
    assert "none_claimed_outside = true" in told
    assert "plant_id = Z" in refusal("Z", ", claims_plant_years_outside: 9")


def test_a_wrong_table_of_rules_is_told_with_its_file(zone: Zone) -> None:
    shipped = find("data", "hj941_m_classes")
    assert shipped is not None
    (zone.folder / "classes.csv").write_text(
        shipped.read_text(encoding="utf-8").replace("points", "punkte"), encoding="utf-8"
    )
    zone.add("grading: {tables: {hj941-m-classes: classes.csv}}\n")
    assert places(zone.refusal())[0].startswith("classes.csv")


def test_validate_ends_with_code_two_and_the_same_message(zone: Zone) -> None:
    zone.set(("plants", 1, "people_1km", None))
    message = zone.refusal()
    result = CliRunner().invoke(cli, ["validate", "zone.yaml"])
    assert result.exit_code == 2
    assert result.output == f"{message}\n"
    assert not (zone.folder / "runs").exists()
