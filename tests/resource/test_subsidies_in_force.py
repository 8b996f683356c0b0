# SPDX-License-Identifier: Apache-2.0
"""Which subsidy rule holds: by forest type and year, with status and the condition of the central state."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from greenrisk.core.errors import GreenRiskError
from greenrisk.core.ledger import Ledger
from greenrisk.core.marked_yaml import KeyPath, key_text
from greenrisk.core.sources import Sources
from greenrisk.resource.subsidies_in_force import Subsidies, read_subsidies
from greenrisk.resource.subsidy_rules import SubsidiesSpec, SubsidyRule

BOTH = ("public_benefit", "commercial")


def rule(forest_type: str, year: int, *shares: float, **more: str) -> SubsidyRule:
    names = ("central", "province", "county", "owner")
    return SubsidyRule.model_validate(
        {"forest_type": forest_type, "from_year": year, **dict(zip(names, shares, strict=True)), **more}
    )


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    def place(key_path: KeyPath) -> str:
        return f"here:{key_text(key_path)}"

    return Sources(tmp_path, place, Ledger())


def read(spec: SubsidiesSpec, sources: Sources, year: int = 2026, kinds: tuple[str, ...] = BOTH) -> Subsidies:
    found = read_subsidies(spec, sources, year, kinds)
    sources.raise_if_any()
    assert found is not None
    return found


def test_the_rule_that_began_last_holds_in_the_underwriting_year(sources: Sources) -> None:
    early, late = rule("commercial", 2013, 0.3, 0.3, 0, 0.4), rule("commercial", 2024, 0.3, 0.4, 0.1, 0.2)
    spec = SubsidiesSpec(rules=(late, early))
    for year, expected in ((2013, early), (2023, early), (2024, late), (2030, late)):
        assert read(spec, sources, year, ("commercial",)).rules == {"commercial": expected}


def test_rules_seen_in_a_region_come_with_their_status_and_source(sources: Sources) -> None:
    found = read(SubsidiesSpec(region="Sichuan Deyang"), sources)
    # 550 CNY/mu 50/25/15/10 and 800 CNY/mu 30/25/20/25, as printed in the county's notice.
    assert found.shares(BOTH).T.tolist() == [[0.5, 0.25, 0.15, 0.1], [0.3, 0.25, 0.2, 0.25]]
    assert {one.status for one in found.rules.values()} == {"confirmed"}
    assert found.rules["commercial"].source == "dyrmt.com/article-153825-2.html"


def test_own_rules_go_before_those_of_the_region(sources: Sources) -> None:
    mine = rule("commercial", 2020, 0.2, 0.2, 0.2, 0.4)
    found = read(SubsidiesSpec(rules=(mine,), region="Guangxi"), sources)
    assert found.rules["commercial"] is mine
    assert found.rules["public_benefit"].central == 0.5
    assert found.rules["public_benefit"].from_year == 2013


def test_conditions_of_the_central_state_are_checked_and_told(sources: Sources) -> None:
    spec = SubsidiesSpec(
        rules=(rule("public_benefit", 2020, 0.5, 0.2, 0.1, 0.2), rule("commercial", 2020, 0.3, 0.3, 0, 0.4))
    )
    found = read(spec, sources)
    told = "The central state is said to pay 50% once province and county pay at least 40%; by this rule they pay 30%."
    assert found.unmet("public_benefit") == told
    assert found.unmet("commercial") == ""
    ledger = Ledger()
    found.tell(ledger)
    lines = [(entry.kind, entry.subject, entry.status) for entry in ledger]
    assert lines == [
        ("assumption", "subsidy of commercial forest", "user"),
        ("assumption", "subsidy of public_benefit forest", "user"),
        ("unreliable", "central share of public_benefit forest", "unconfirmed"),
    ]
    group = found.dataset()
    assert group["unmet"].sel(forest_type="public_benefit").item() == told
    assert group["condition_share"].sel(forest_type="commercial").item() == 0.25
    assert group["share"].sum("payer").values.tolist() == pytest.approx([1.0, 1.0])


def test_more_than_the_central_state_pays_is_told_and_nothing_is_asked_of_a_rule_without_it(
    sources: Sources,
) -> None:
    spec = SubsidiesSpec(
        rules=(rule("public_benefit", 2020, 0.6, 0.4, 0, 0), rule("commercial", 2020, 0, 0, 0, 1.0))
    )
    found = read(spec, sources)
    assert found.unmet("public_benefit") == "The central state is said to pay 50%; by this rule it pays 60%."
    assert found.unmet("commercial") == ""


def test_no_condition_is_known_before_its_year(sources: Sources) -> None:
    found = read(SubsidiesSpec(region="Guangxi"), sources, year=2014)
    assert found.conditions == {}
    assert found.unmet("commercial") == ""
    assert found.dataset()["condition_payers"].values.tolist() == ["", ""]


def test_shares_that_do_not_sum_to_one_are_refused_with_what_is_left_to_the_owner() -> None:
    with pytest.raises(
        ValidationError,
        match=r"of commercial from 2020 sum to 0\.9; they must sum to 1\. What the others leave to the owner is 0\.4\.",
    ):
        rule("commercial", 2020, 0.3, 0.3, 0, 0.3)


def test_shares_within_the_tolerance_are_scaled_so_that_nothing_is_lost() -> None:
    assert rule("commercial", 2020, 0.3, 0.3, 0, 0.4 - 9e-10).shares.sum() == pytest.approx(1.0, abs=1e-15)


def test_two_rules_for_one_type_and_year_are_refused() -> None:
    one = rule("commercial", 2020, 0.3, 0.3, 0, 0.4)
    with pytest.raises(ValidationError, match="Two rules for commercial from 2020; one holds at a time"):
        SubsidiesSpec(rules=(one, one))


def test_a_scenario_in_which_nobody_pays_is_refused() -> None:
    with pytest.raises(ValidationError, match="Nobody pays"):
        SubsidiesSpec()


def test_a_confirmed_rule_names_its_source() -> None:
    with pytest.raises(ValidationError, match="A confirmed rule names its `source`"):
        rule("commercial", 2020, 0.3, 0.3, 0, 0.4, status="confirmed")


def test_a_forest_type_without_a_rule_is_refused_with_place_and_mend(sources: Sources) -> None:
    with pytest.raises(GreenRiskError) as refused:
        read(SubsidiesSpec(region="Gansu"), sources, 2011)
    assert [str(fault) for fault in refused.value.faults] == [
        "here:subsidy  no rule for commercial forest in 2011; there is none\n"
        "  The book has commercial forest: give a rule with forest_type: commercial and from_year <= 2011.",
        "here:subsidy  no rule for public_benefit forest in 2011; the first begins in 2012\n"
        "  The book has public_benefit forest: give a rule with forest_type: public_benefit and from_year <= 2011.",
    ]


def test_a_region_that_the_table_does_not_know_is_refused_once(sources: Sources) -> None:
    with pytest.raises(GreenRiskError) as refused:
        read(SubsidiesSpec(region="Guangxy"), sources)
    (fault,) = refused.value.faults
    assert fault.where == "here:subsidy.region"
    assert "Did you mean `Guangxi`?" in fault.expected
    assert "Regions: Gansu, Guangxi, Sichuan Deyang." in fault.expected


HEADER = "region,forest_type,from_year,share_central,share_province,share_county,share_owner,status,source"


def test_a_row_of_a_table_whose_shares_do_not_sum_to_one_is_refused(sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(
        f"{HEADER}\nHere,commercial,2020,0.3,0.3,0,0.3,user,notice\nHere,public_benefit,2020,0.5,0.5,,0,user,notice\n"
        "China,commercial,2020,0.3,,,,user,notice\n",
        encoding="utf-8",
    )
    with pytest.raises(GreenRiskError) as refused:
        read(SubsidiesSpec(region="Here", table="mine.csv"), sources)
    told = [fault.what for fault in refused.value.faults]
    assert told == [
        "Here, commercial, 2020: 0.3 + 0.3 + 0 + 0.3",
        "Here, public_benefit, 2020: 0.5 + 0.5 + empty + 0",
        "China, commercial, 2020",
    ]


def test_a_table_without_conditions_has_none(sources: Sources, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(
        f"{HEADER}\nHere,commercial,2020,0.3,0.3,0,0.4,user,notice\n", encoding="utf-8"
    )
    found = read(SubsidiesSpec(region="Here", table="mine.csv"), sources, kinds=("commercial",))
    assert found.conditions == {}
    assert found.rules["commercial"].status == "user"
