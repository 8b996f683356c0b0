# SPDX-License-Identifier: Apache-2.0
"""The coverage table: covered, fall-back or missing, with the reason, before any work."""

from __future__ import annotations

import pytest
from pathway_tables import FAMILY, MACRO, small_pathways

from greenrisk.core.ledger import Ledger
from greenrisk.pathways.coverage import COVERAGE_COLUMNS, coverage
from greenrisk.pathways.resolve import Need, Resolver

RESOLVER = Resolver(small_pathways())


def need(variable: str, country: str = "CN", scenario: str = "Late", **keys: object) -> Need:
    model = MACRO if variable.endswith("_deviation") else FAMILY
    years = {"first_year": 2020, "last_year": 2050}
    return Need(
        **(
            {"name": "late", "model": model, "scenario": scenario, "variable": variable, "country": country}
            | years
            | keys
        )
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "state", "reason"),
    [
        (need("carbon_price"), "covered", ""),
        (need("carbon_price", "BR"), "fall-back", "`World` stands for BR."),
        (need("temperature", "World"), "covered", ""),
        (need("temperature", "BR"), "covered", ""),  # one for the whole world: no fall-back
        (need("gdp_deviation", member="combined"), "covered", ""),
        (
            need("gdp_deviation", member="transition"),
            "fall-back",
            "The transition member is made of the others: combined without physical.",
        ),
        (need("long_rate_deviation", member="transition"), "covered", ""),
        (
            need("gdp_deviation", scenario="Base", member="combined"),
            "fall-back",
            "The scenario holds physical shocks alone: no transition beside it.",
        ),
        (
            need("gdp_deviation", scenario="Base", member="transition"),
            "fall-back",
            "The scenario holds physical shocks alone: no transition, so that its member is 0.",
        ),
        (
            need("gdp_deviation", "BR", member="combined"),
            "missing",
            "It is in no region of the table, which holds no World. There are: China.",
        ),
        (
            need("gdp_deviation", member="combined_no_bus"),
            "missing",
            "No member `combined_no_bus`. There are: combined, physical.",
        ),
        (
            need("carbon_price", first_year=2019),
            "missing",
            "The series holds 2020 to 2050; needed are 2019 to 2050. It stands in small.csv:4. Set `hold: true` to "
            "hold its ends, or study 2020 to 2050.",
        ),
        (need("carbon_price", scenario="Later"), "missing", f"`{FAMILY}` has no scenario `Later`."),
        (
            need("production_pathway", sector="Power", technology="CoalCap"),
            "fall-back",
            "No pathway of the technology: primary_energy of coal stands for it (illustrative).",
        ),
        (
            need("production_pathway", sector="Cement", technology="Cement"),
            "missing",
            f"`{FAMILY}` holds no `production_pathway` of Cement Cement for `Late`.",
        ),
    ],
)
def test_a_need_is_covered_met_by_a_fall_back_or_missing(wanted: Need, state: str, reason: str) -> None:
    found = RESOLVER.find(wanted)
    assert (found.state, found.reason) == (state, reason)


def test_what_stands_for_a_need_has_the_values_that_its_reason_says() -> None:
    def values(wanted: Need) -> list[float]:
        return [round(float(value), 12) for value in RESOLVER.values(RESOLVER.find(wanted), [2030, 2050])]

    assert values(need("carbon_price", "BR")) == [20.0, 420.0]
    # (1 - 0.172) / (1 - 0.08) = 0.9: the transition takes 10 %
    assert values(need("gdp_deviation", member="transition")) == [0.0, -10.0]
    assert values(need("long_rate_deviation", member="transition")) == [
        0.25,
        1.25,
    ]  # the table's own, not 2.5 - 1
    assert values(need("gdp_deviation", scenario="Base", member="transition")) == [0.0, 0.0]
    assert values(need("gdp_deviation", scenario="Base", member="combined")) == [-2.0, -10.0]
    assert values(need("production_pathway", sector="power", technology="coalcap")) == [70.0, 10.0]


def test_ends_are_held_where_the_user_says_so() -> None:
    found = Resolver(small_pathways(), hold=True).find(need("carbon_price", last_year=2060))
    assert (found.state, found.years) == ("fall-back", (2020, 2050))
    assert found.reason == "The series holds 2020 to 2050; needed are 2020 to 2060. Its ends are held."


def test_the_table_has_a_row_for_each_need_and_counts_its_years() -> None:
    table = coverage(
        [need("carbon_price", last_year=2060), need("carbon_price", "US"), need("carbon_price")], RESOLVER
    )
    frame = table.frame()
    assert tuple(frame.columns) == COVERAGE_COLUMNS
    assert frame["state"].tolist() == ["missing", "fall-back", "covered"]
    assert frame["years_held"].tolist() == [31, 31, 31]
    assert frame["years_needed"].tolist() == [41, 31, 31]
    assert table.counts() == {"covered": 1, "fall-back": 1, "missing": 1}


def test_missing_needs_of_one_reason_are_one_fault_that_names_the_countries() -> None:
    needs = [need("carbon_price", country, last_year=2060) for country in ("CN", "US", "BR")]
    told = [str(fault) for fault in coverage(needs, RESOLVER).faults("s.yaml:3:1")]
    assert told == [
        f"s.yaml:3:1  late: carbon_price for {countries}\n"
        f"  The series holds 2020 to 2050; needed are 2020 to 2060. It stands in small.csv:{row}. Set `hold: true` to "
        "hold its ends, or study 2020 to 2050. Give a table that holds it, or take out what consumes it."
        for countries, row in (("CN", 4), ("BR, US", 5))
    ]


def test_every_fall_back_is_counted_in_the_ledger() -> None:
    needs = [need("carbon_price", country) for country in ("BR", "KR", "CN")]
    needs += [need("production_pathway", sector="Power", technology="CoalCap")]
    ledger = Ledger()
    coverage(needs, RESOLVER).tell(ledger)
    lines = {line.subject: (line.detail, line.count, line.status) for line in ledger}
    assert lines["pathways"] == ("No region of the table holds BR, KR: `World` stands for them.", 2, "")
    assert lines["pathways: production_pathway"][1:] == (1, "illustrative")
