# SPDX-License-Identifier: Apache-2.0
"""What a user reads when a zone's scenario, its policy or its cards are at fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from spoilt_zone import Zone

from greenrisk.pollution.grading.rule_tables import RULE_TABLES
from greenrisk.pollution.substance_files import SUBSTANCE_TABLES


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Zone:
    """Return a small zone in the working folder."""
    monkeypatch.chdir(tmp_path)
    return Zone(tmp_path)


HINT = " `greenrisk show kind zone` lists its keys."

SCENARIOS: dict[str, tuple[str, str, str]] = {
    "prices of another year than the cards'": (
        "price_year: 2022",
        "price_year: 2026",
        "zone.yaml:5:1  price_year = 2026\n"
        "  The amounts of card zone-severity-phmsa are in prices of 2022. Write price_year: 2022, or give "
        "severity.price_index: prices of 2026 over those of 2022.  [year]\n"
        "1 fault.",
    ),
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
    "the file of a table of rules instead of its name": (
        "policy:\n",
        "grading: {tables: {hj941_m_classes: own.csv}}\npolicy:\n",
        "zone.yaml:16:20  hj941_m_classes\n"
        "  There is no such table of rules. Did you mean `hj941-m-classes`? Tables: "
        f"{', '.join([*SUBSTANCE_TABLES, *RULE_TABLES])}.\n"
        "1 fault.",
    ),
    "a table of rules that is none": (
        "policy:\n",
        "grading: {tables: {hj941-matrix: own.csv}}\npolicy:\n",
        "zone.yaml:16:20  hj941-matrix\n"
        "  There is no such table of rules. Did you mean `hj941-grade-matrix`? Tables: "
        f"{', '.join([*SUBSTANCE_TABLES, *RULE_TABLES])}.\n"
        "1 fault.",
    ),
    "an exposure without own claims": (
        "policy:\n",
        "severity: {claims_plant_years_outside: 100}\npolicy:\n",
        "zone.yaml:16:1  severity\n"
        "  claims_plant_years_outside and none_claimed_outside belong to a table of own claims: give own_claims, or "
        "leave them out.\n"
        f"1 fault.{HINT}",
    ),
    "no claim outside the zone in no plant-years": (
        "policy:\n",
        "severity: {own_claims: claims.csv, none_claimed_outside: true}\npolicy:\n",
        "zone.yaml:16:1  severity\n"
        "  none_claimed_outside says that plants outside the zone had no claim: give the plant-years in which, "
        "claims_plant_years_outside.\n"
        f"1 fault.{HINT}",
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
