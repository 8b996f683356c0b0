# SPDX-License-Identifier: Apache-2.0
"""What a user reads when a zone's tables, its cards, its policy or its scenario are at fault."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_zone import small_zone
from studied_zone import SCENARIO, write_zone

from greenrisk.cli.main import cli
from greenrisk.core.errors import GreenRiskError
from greenrisk.core.library import find
from greenrisk.pollution.grading.rule_tables import RULE_TABLES
from greenrisk.pollution.substance_files import SUBSTANCE_TABLES
from greenrisk.scenario.load import load

Change = tuple[str, int, str, object]
"""Table, place of the row, column, new cell."""


class Zone:
    """A folder with a small valid zone, for a test to spoil."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.frames = small_zone()
        self.scenario = SCENARIO

    def set(self, *changes: Change) -> None:
        """Change cells of tables."""
        for table, row, column, value in changes:
            frame = self.frames[f"zone-{table}"]
            frame[column] = frame[column].astype(object)
            frame.loc[row, column] = value

    def say(self, old: str, new: str) -> None:
        """Replace a text of the scenario, which must stand there once."""
        assert self.scenario.count(old) == 1, old
        self.scenario = self.scenario.replace(old, new)

    def add(self, text: str) -> None:
        """Add lines to the end of the scenario."""
        self.scenario += text

    def card(self, name: str, pattern: str, new: str) -> None:
        """Put a shipped card into the folder as ``own.yaml``, a pattern replaced."""
        shipped = find("models", name)
        assert shipped is not None
        text, times = re.subn(pattern, new, shipped.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert times == 1, f"{pattern} stands {times} times in {name}"
        text = text.replace(f"\nname: {name}\n", "\nname: own\n")
        (self.folder / "own.yaml").write_text(text, encoding="utf-8")

    def refusal(self) -> str:
        """Prepare the zone, check that nothing is left behind, and return the whole message."""
        path = write_zone(self.folder, self.frames, self.scenario)
        before = {file: file.read_bytes() for file in self.folder.rglob("*") if file.is_file()}
        with pytest.raises(GreenRiskError) as caught:
            load(path.name).prepare()
        after = {file: file.read_bytes() for file in self.folder.rglob("*") if file.is_file()}
        assert after == before, "something half-written was left behind"
        return str(caught.value)


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Zone:
    """Return a small zone in the working folder."""
    monkeypatch.chdir(tmp_path)
    return Zone(tmp_path)


UNKNOWN = (
    " If it is right, add it to your own table of substances, or allow unknown substances "
    "(`allow_unknown_substances` of a scenario, `--allow-unknown` of `greenrisk grade`): then the plant is graded on "
    "what is known."
)

CELLS: dict[str, tuple[tuple[Change, ...], str]] = {
    "a mistyped CAS number": (
        (("substances", 2, "cas", "108-88-5"),),
        "substances.csv:4  cas = 108-88-5\n"
        "  Its check digit is wrong: 108-88 ends in 3, so a digit is mistyped. Did you mean "
        "`108-88-3 甲苯 (toluene)` or `109-87-5 甲缩醛 (methylal (dimethoxymethane))` or "
        "`108-38-3 1,3-二甲苯 (m-xylene)`?\n"
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
        "history.csv:2  year = 2030\n  Later than the last year of the records, 2026.  [year]\n1 fault.",
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


def places(message: str) -> list[str]:
    """Return file and row of every fault of a message."""
    return [line.split("  ")[0] for line in message.splitlines()[:-1] if not line.startswith("  ")]


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


HINT = " `greenrisk show kind zone` lists its keys."

EXPOSURE = (
    "zone.yaml:16:1  severity\n"
    "  Own claims need their exposure, and the other way round: give own_claims and own_plant_years.\n"
    f"1 fault.{HINT}"
)

SCENARIOS: dict[str, tuple[str, str, str]] = {
    "percent for a share of the loss": (
        "share: 0.1",
        "share: 10",
        "zone.yaml:17:35  policy.deductible.share = 10\n"
        "  Must be >= 0 and < 1. In per cent? Then write 0.1 for 10 %.  [unitless]\n"
        f"1 fault.{HINT}",
    ),
    "percent for a sublimit": (
        "policy:\n",
        "policy:\n  sublimits: [{heads: [clean_up], share: 30}]\n",
        "zone.yaml:17:35  policy.sublimits[0].share = 30\n"
        "  Must be > 0 and <= 1. In per cent? Then write 0.3 for 30 %.  [unitless]\n"
        f"1 fault.{HINT}",
    ),
    "limits that contradict each other": (
        "policy:\n",
        "policy:\n  accident_limit_cny: 5000000\n  annual_limit_cny: 2000000\n"
        "  sublimits: [{heads: [clean_up], amount_cny: 6000000}]\n",
        "zone.yaml:16:1  policy\n"
        "  The limit of the accident, 5,000,000 CNY, exceeds that of the year, 2,000,000 CNY: lower the one or "
        "raise the other. The sublimit of clean_up, 6,000,000 CNY, exceeds the limit of the accident, "
        "5,000,000 CNY: lower it.\n"
        f"1 fault.{HINT}",
    ),
    "a limit of the year below that of a plant's accident": (
        "policy:\n",
        "policy:\n  annual_limit_cny: 2000000\n",
        "".join(
            f"zone.yaml:16:1  plant {plant}, limit 5,000,000\n"
            "  The limit of the accident, 5,000,000 CNY, exceeds that of the year, 2,000,000 CNY: lower the one or "
            "raise the other.  [CNY]\n"
            for plant in "ABC"
        )
        + "3 faults.",
    ),
    "a table that is not there": (
        "plants: plants.csv",
        "plants: plant.csv",
        "zone.yaml:9:3  inventory.plants = plant.csv\n"
        "  No such table, neither beside the scenario nor in the data package. Did you mean `plants.csv`?\n"
        "1 fault.",
    ),
    "no table of substances": (
        "  substances: substances.csv\n",
        "",
        "zone.yaml:8:1  inventory.substances\n"
        "  This key is missing. Table of the substances on site (see `show table zone-substances`).\n"
        f"1 fault.{HINT}",
    ),
    "a table of rules that is none": (
        "policy:\n",
        "grading: {tables: {hj941-matrix: own.csv}}\npolicy:\n",
        "zone.yaml:16:20  hj941-matrix\n"
        f"  There is no such table of rules. Tables: {', '.join([*SUBSTANCE_TABLES, *RULE_TABLES])}.\n"
        "1 fault.",
    ),
    "own claims without their exposure": (
        "policy:\n",
        "severity: {own_claims: claims.csv}\npolicy:\n",
        EXPOSURE,
    ),
    "an exposure without own claims": (
        "policy:\n",
        "severity: {own_plant_years: 100}\npolicy:\n",
        EXPOSURE,
    ),
    "too few draws": (
        "draws: 20",
        "draws: 5",
        f"zone.yaml:18:13  knowledge.draws = 5\n  Must be >= 20 and <= 5000.\n1 fault.{HINT}",
    ),
    "a tariff that is not there": (
        "policy:\n",
        "tariff: nothing\npolicy:\n",
        "zone.yaml:16:1  tariff = nothing\n"
        "  No such table, neither beside the scenario nor in the data package.\n"
        "1 fault.",
    ),
}


@pytest.mark.parametrize("case", SCENARIOS)
def test_a_scenario_at_fault_is_told_with_its_line(zone: Zone, case: str) -> None:
    old, new, message = SCENARIOS[case]
    zone.say(old, new)
    assert zone.refusal() == message


def test_a_zone_where_nobody_is_insured_has_nothing_to_price(zone: Zone) -> None:
    zone.set(*(("plants", row, "limit_cny", None) for row in range(3)))
    assert zone.refusal() == (
        "zone.yaml:9:3  limit_cny\n"
        "  No plant has a cover, so that there is nothing to price. Fill limit_cny of the plants that are insured.  "
        "[CNY]\n"
        "1 fault."
    )


def test_cards_of_another_use_and_unknown_ones_are_told_with_those_that_would_do(zone: Zone) -> None:
    zone.add(
        "frequency: {accidents: storm-judged}\n"
        "severity: {transfer: zone-transfr-china-judged, bodily: zone-severity-legal-judged}\n"
        "mandate: {card: zone-claims-judged}\n"
    )
    assert zone.refusal() == (
        "zone.yaml:19:13  frequency.accidents = storm-judged\n"
        "  This card is for storm.peril; a card for zone.accidents is needed. Cards for zone.accidents: "
        "`zone-accidents-judged`.\n"
        "zone.yaml:20:49  severity.bodily = zone-severity-legal-judged\n"
        "  This card is for zone.severity_legal; a card for zone.severity_bodily is needed. Cards for "
        "zone.severity_bodily: `zone-severity-bodily-judged`.\n"
        "zone.yaml:20:12  severity.transfer = zone-transfr-china-judged\n"
        "  Unknown card. Did you mean `zone-transfer-china-judged`? Cards for zone.transfer: "
        "`zone-transfer-china-judged`.\n"
        "zone.yaml:21:11  mandate.card = zone-claims-judged\n"
        "  This card is for zone.claims; a card for zone.mandate is needed. Cards for zone.mandate: "
        "`zone-mandate-judged`.\n"
        "4 faults."
    )


def test_a_card_without_one_of_its_parameters_names_it(zone: Zone) -> None:
    zone.card("zone-claims-judged", r"^  lag_gradual:\n(?:    .*\n)+", "")
    zone.add("claims: ./own.yaml\n")
    assert zone.refusal() == (
        "zone.yaml:19:1  card own: no parameter lag_gradual\n"
        "  A card for zone.claims needs the parameter `lag_gradual`.\n"
        "1 fault."
    )


def test_a_card_in_another_unit_is_refused(zone: Zone) -> None:
    zone.card("zone-severity-bodily-judged", r"^    unit: CNY$", "    unit: USD")
    zone.add("severity: {bodily: ./own.yaml}\n")
    assert zone.refusal() == (
        "zone.yaml:19:12  card own: median.unit = USD\n"
        "  The unit must be `CNY`; nothing converts it. Convert value and range.\n"
        "1 fault."
    )


def test_a_factor_of_transfer_that_claims_to_be_known_is_refused(zone: Zone) -> None:
    zone.card("zone-transfer-china-judged", r"^      low: 0\.3$", "      low: 0.9")
    zone.add("severity: {transfer: ./own.yaml}\n")
    assert zone.refusal() == (
        "zone.yaml:19:12  card own: frequency_factor in [0.9, 3.3]\n"
        "  The 90 % interval must be at least 10-fold wide as long as no own claims narrow it: it is 3.67-fold. Give a "
        "file of own claims, or a card of status `user`.  [unitless]\n"
        "1 fault."
    )


def test_own_claims_that_contradict_themselves_are_told_by_row(zone: Zone) -> None:
    (zone.folder / "claims.csv").write_text(
        "accident_id,year,head,amount_cny\nK1,2020,clean_up,50000\nK1,2021,clean_up,-3\n", encoding="utf-8"
    )
    zone.add("severity: {own_claims: claims.csv, own_plant_years: 100}\n")
    message = zone.refusal()
    assert places(message) == ["claims.csv:3"]
    assert "amount_cny = -3" in message


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
