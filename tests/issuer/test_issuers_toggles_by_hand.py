# SPDX-License-Identifier: Apache-2.0
"""Every channel of the shipped scenario, switched on alone in its YAML: its magnitude for named issuers, by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.issuers_by_hand import (
    NGFS,
    capital_expenditure_by_hand,
    carbon_by_hand,
    credit_colour_by_hand,
    dearer_debt_by_hand,
    emission_right_by_hand,
    energy_water_by_hand,
    environment_tax_by_hand,
    own,
    penalty_shutdown_by_hand,
    physical_damage_by_hand,
    value,
)
from tests.toggled_issuers import ON, at, job, run

ABSOLUTE = 1e-9
"""Money that is nothing [million]."""

LOCAL = "local-rules"
BY_HAND: dict[str, list[tuple[str, str, int, Callable[[], float]]]] = {
    "carbon": [
        (
            "net-zero-2050",
            "JDZ-CEM-1",
            2030,
            lambda: carbon_by_hand("JDZ-CEM-1", "cement", "net-zero-2050", 2030),
        ),
        ("delayed", "JDZ-CPW-1", 2045, lambda: carbon_by_hand("JDZ-CPW-1", "coal power", "delayed", 2045)),
        (LOCAL, "JDZ-CER-1", 2028, lambda: carbon_by_hand("JDZ-CER-1", "ceramics", LOCAL, 2028)),
    ],
    "environment_tax": [
        (LOCAL, "JDZ-CER-1", 2030, environment_tax_by_hand),
        (LOCAL, "JDZ-CER-1", 2026, lambda: 0.0),
        ("net-zero-2050", "JDZ-CER-1", 2030, lambda: 0.0),
    ],
    "emission_right": [
        (LOCAL, "JDZ-CPW-1", 2030, lambda: emission_right_by_hand("JDZ-CPW-1")),
        ("net-zero-2050", "JDZ-CPW-1", 2030, lambda: 0.0),
    ],
    "energy_water": [
        (LOCAL, "JDZ-CEM-1", 2030, lambda: energy_water_by_hand("JDZ-CEM-1", "cement", 0.1, 1.0)),
        (LOCAL, "JDZ-WAT-1", 2028, lambda: energy_water_by_hand("JDZ-WAT-1", "water", 0.1, 0.5)),
        ("delayed", "JDZ-CEM-1", 2030, lambda: 0.0),
    ],
    "penalty_shutdown": [
        (LOCAL, "JDZ-HEL-1", 2030, lambda: penalty_shutdown_by_hand("JDZ-HEL-1", fined=False)),
        (LOCAL, "JDZ-CHE-5", 2027, lambda: penalty_shutdown_by_hand("JDZ-CHE-5", fined=True)),
        ("current-policies", "JDZ-CHE-5", 2027, lambda: 0.0),
    ],
    "capital_expenditure": [
        (LOCAL, "JDZ-CEM-1", 2030, lambda: capital_expenditure_by_hand("JDZ-CEM-1")),
        # Fifteen years from 2027 are over, the rule is not: the plant is built again.
        (LOCAL, "JDZ-CEM-1", 2042, lambda: capital_expenditure_by_hand("JDZ-CEM-1")),
        (LOCAL, "JDZ-CEM-1", 2026, lambda: 0.0),
        (LOCAL, "JDZ-TOU-1", 2030, lambda: 0.0),
    ],
    "credit_colour": [
        (LOCAL, "JDZ-CHE-3", 2030, lambda: credit_colour_by_hand("JDZ-CHE-3")),
        (LOCAL, "JDZ-CHE-3", 2026, lambda: 0.0),
    ],
    "interest_rates": [("net-zero-2050", "JDZ-CEM-1", 2030, lambda: 0.0)],
    "physical_damage": [
        (
            "current-policies",
            "JDZ-WAT-1",
            2025,
            lambda: physical_damage_by_hand("JDZ-WAT-1", "current-policies", 2025),
        ),
        (
            "net-zero-2050",
            "JDZ-CPW-1",
            2050,
            lambda: physical_damage_by_hand("JDZ-CPW-1", "net-zero-2050", 2050),
        ),
    ],
}
"""By channel: scenario, issuer, year and what it changes EBIT by [million/year]."""


def test_every_channel_of_the_shipped_scenario_is_looked_at_here() -> None:
    assert set(BY_HAND) == set(ON)
    assert job(ON).model.scenarios == tuple(NGFS)
    assert [channel.name for channel in job(()).model.channels] == []


@pytest.mark.parametrize("channel", BY_HAND)
def test_a_channel_switched_on_alone_changes_ebit_by_what_a_hand_reckons(channel: str) -> None:
    for scenario, issuer, year, hand in BY_HAND[channel]:
        found = at(channel, scenario, issuer, year)
        assert found == pytest.approx(hand(), rel=1e-6, abs=ABSOLUTE), (scenario, issuer, year)


def test_dearer_debt_takes_its_part_of_the_net_income_of_the_first_year_by_hand() -> None:
    for issuer in ("JDZ-CEM-1", "JDZ-WAT-1"):
        book = own("statements_", issuer)
        kept = 1 - book.tax_million / (book.ebit_million - book.interest_million)
        found = at("interest_rates", "net-zero-2050", issuer, 2025, "net_income")
        assert found == pytest.approx(-dearer_debt_by_hand(issuer, "net-zero-2050") * kept, rel=1e-6)


def test_a_grade_down_adds_half_a_point_to_the_rate_on_debt_by_hand() -> None:
    book = own("statements_", "JDZ-CHE-3")
    debt = book.debt_short_million + book.debt_long_million
    dearer = debt * value("credit-colour", "lending_yellow") - credit_colour_by_hand("JDZ-CHE-3")
    kept = 1 - book.tax_million / (book.ebit_million - book.interest_million)
    # Until 2026 nothing differs, so that the debt of the begin of 2027 is that of the run without the channel.
    before = run()
    assert at("credit_colour", LOCAL, "JDZ-CHE-3", 2026, "equity") == pytest.approx(0.0, abs=ABSOLUTE)
    assert before.of("net_income", LOCAL, "JDZ-CHE-3", 2027) > dearer
    found = at("credit_colour", LOCAL, "JDZ-CHE-3", 2027, "net_income")
    assert found == pytest.approx(-dearer * kept, rel=1e-6)
