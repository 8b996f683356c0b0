# SPDX-License-Identifier: Apache-2.0
"""An issuer scenario with faults: all of them at once, each at its place, before any work."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenrisk.core.errors import GreenRiskError, ScenarioError
from greenrisk.core.library import library_root
from greenrisk.scenario.load import load

SHIPPED = library_root() / "scenarios" / "issuers-jingdezhen.yaml"


def faults_of(folder: Path, *changes: tuple[str, str]) -> list[str]:
    """Return the faults of the shipped scenario after changes of its text, as ``place what``."""
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GreenRiskError) as caught:
        load(path).prepare()
    return [f"{fault.where} {fault.what} {fault.expected}" for fault in caught.value.faults]


def test_faults_of_cards_tables_channels_and_pathways_come_together(tmp_path: Path) -> None:
    found = faults_of(
        tmp_path,
        ("jingdezhen_issuers_emissions_synthetic", "jingdezhen_issuers_emission_synthetic"),
        ("scenario: NetZero2050", "scenario: NetZero2060"),
        ("energy_water: {}", "energy_water: {card: issuer-energy-price-judged}"),
        ("physical_damage:", "demand: {}\n  physical_damage:"),
    )
    text = "\n".join(found)
    for wanted in (
        "emission_synthetic",
        "issuer-energy-price-judged",
        "NetZero2060",
        "sales_volume is consumed by",
    ):
        assert wanted in text
    assert len(found) >= 4


def test_a_missing_upstream_run_is_told_before_any_work(tmp_path: Path) -> None:
    found = faults_of(tmp_path, ("  # liability_loss: {}", "  liability_loss: {}"))
    assert any("upstream" in one and "greenrisk run zone-leping" in one for one in found)
    found = faults_of(
        tmp_path,
        ("  # liability_loss: {}", "  liability_loss: {}"),
        ("# upstream: {zone: ../runs/zone-leping", "upstream: {zone: nowhere"),
    )
    assert any("upstream.zone = nowhere/manifest.json No finished run is there" in one for one in found)


def test_names_that_the_study_does_not_know_are_told(tmp_path: Path) -> None:
    found = faults_of(
        tmp_path,
        ("sectors: [cement, coal power, ceramics]", "sectors: [cement, coal powder]"),
        ("0.085, delayed: 0.05}", "0.085, delay: 0.05}"),
        (
            "start: 2027\n    scenarios: [local-rules]\n  energy",
            "start: 2027\n    scenarios: [local-rule]\n  energy",
        ),
    )
    text = "\n".join(found)
    assert "delay The study has no such scenario. Did you mean `delayed`?" in text
    assert "coal powder" in text
    assert "local-rule" in text


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("currency: {price_year: 2024}", "currency: {price_year: 2023}", "prices of one year"),
        ("base_year: 2024", "base_year: 2025", "must lie after"),
        ("  statements: jingdezhen_issuers_statements_synthetic\n", "", "format: tables"),
        ("seed: 20271100", "seed: 1\nheadline_year: 2031", "headline_year"),
        ("seed: 20271100", "seed: 1\nreport_years: [2030, 2060]", "report_years"),
    ],
)
def test_keys_that_do_not_fit_are_refused(tmp_path: Path, old: str, new: str, wanted: str) -> None:
    assert any(wanted in one for one in faults_of(tmp_path, (old, new)))


def test_a_rule_that_judges_needs_its_card() -> None:
    with pytest.raises(ScenarioError) as caught:
        load("issuers-jingdezhen", {"statements.rules": "[interest_from_debt]"})
    assert "rule" in str(caught.value).lower()
