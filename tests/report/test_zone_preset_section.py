# SPDX-License-Identifier: Apache-2.0
"""Policies seen elsewhere on the page: called illustrations, beside the model, with what the comparison leaves out."""

from zone_pages import without, zone_html, zone_tree

from greenrisk.report.charts.claims_timeline import claims_cash_chart
from greenrisk.report.charts.severity_alternatives import severity_alternatives_chart
from greenrisk.report.pages.zone_preset_section import preset_section, preset_table


def test_every_policy_stands_beside_the_model_with_its_limit_and_rate_on_line():
    seen = zone_tree()["presets"].to_dataset()
    table = preset_table(seen)
    labels = [column.label for column in table.columns]
    rates = [row[labels.index("Its rate on line")].text.replace("\u00a0", " ") for row in table.rows]
    # As the page of the document has them: 12,000 of 500,000 CNY, and so on.
    assert rates == ["2.40 %", "2.00 %", "1.75 %", "1.25 %", "1.08 %", "1.00 %", "1.00 %"]
    assert [row[labels.index("Limit")].text for row in table.rows] == ["0.5", "1", "2", "4", "6", "8", "10"]
    over = [row[labels.index("Model over document")].value for row in table.rows]
    assert over == seen["model_over_base"].values.tolist()
    assert {row[0].status for row in table.rows} == {"illustrative"}


def test_they_are_called_illustrations_and_not_the_official_tariff():
    section = preset_section(zone_tree())
    assert section is not None
    assert "as illustrations: they are not the official tariff" in section.sentence
    assert "No premium of this report depends on these numbers." in section.parts[0].note
    assert 'id="presets"' in zone_html()
    assert preset_section(without("presets")) is None


def test_the_example_claim_says_what_it_is():
    cash = zone_tree()["claims_cash"].to_dataset()
    assert "the mean accident with a liability at an insured plant" in claims_cash_chart(cash).note
    assert "example of the model's size" in claims_cash_chart(cash.drop_attrs()).note


def test_premiums_before_terms_are_told_apart_from_those_of_the_policies():
    data = zone_tree()["severity_alternatives"].to_dataset()
    assert "gross_premium" not in data
    assert "before the terms of any policy" in severity_alternatives_chart(data).note
