# SPDX-License-Identifier: Apache-2.0
"""Prices of the cards and of the study: an index scales every amount alike, and nothing is scaled in silence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_zone import small_zone
from studied_zone import SCENARIO, small_job, write_zone

from greenrisk.core.errors import GreenRiskError
from greenrisk.pollution.job import ZoneJob
from greenrisk.pollution.liability.expected import expected_losses
from greenrisk.pollution.severity.prices import INDEXED


def job_of(folder: Path, year: int, index: float | None) -> ZoneJob:
    scenario = SCENARIO.replace("price_year: 2022", f"price_year: {year}")
    if index is not None:
        scenario += f"severity: {{price_index: {index}}}\n"
    folder.mkdir()
    return small_job(write_zone(folder, small_zone(), scenario))


def test_an_index_scales_every_expected_loss_and_the_cap_by_itself(tmp_path: Path) -> None:
    as_shipped, later = job_of(tmp_path / "a", 2022, None), job_of(tmp_path / "b", 2027, 1.25)
    for place in range(as_shipped.plan.first_end):  # the central variant and all joint draws
        one, other = as_shipped.plan.variants[place], later.plan.variants[place]
        np.testing.assert_allclose(later.model.caps(other), 1.25 * as_shipped.model.caps(one), rtol=1e-9)
        expected = 1.25 * expected_losses(as_shipped.model.laws(one))
        # The law of a head is the same law in another unit of money: its capped mean scales with the unit.
        np.testing.assert_allclose(expected_losses(later.model.laws(other)), expected, rtol=1e-6)
    (line,) = [entry for entry in later.ledger if entry.subject == "price index"]
    assert (line.kind, line.status) == ("assumption", "user")
    assert "in prices of 2022, times 1.25 for prices of 2027." in line.detail
    assert "price index" not in {entry.subject for entry in as_shipped.ledger}


def test_every_amount_of_the_severity_cards_is_moved_and_says_so(tmp_path: Path) -> None:
    """Amounts are the parameters whose unit is CNY, or that make CNY of the reports' USD."""
    as_shipped, later = job_of(tmp_path / "a", 2022, None), job_of(tmp_path / "b", 2027, 1.25)
    for role in ("severity", "bodily", "legal", "transfer", "claims"):
        before, after = as_shipped.facts.cards[role].parameters, later.facts.cards[role].parameters
        money = {name for name, given in before.items() if given.unit in ("CNY", "CNY/USD")}
        assert money == set(INDEXED[role]), role
        for name in before:
            if name not in money:
                assert after[name] == before[name]
                continue
            assert float(after[name].value) == pytest.approx(1.25 * float(before[name].value))
            assert after[name].ends() == pytest.approx([1.25 * float(end) for end in before[name].ends()])
            assert after[name].source.endswith("; times the price index 1.25 of the scenario")


def test_the_cards_year_needs_no_index_and_bears_an_index_of_one(tmp_path: Path) -> None:
    assert job_of(tmp_path / "a", 2022, 1.0).facts.cards == job_of(tmp_path / "b", 2022, None).facts.cards


@pytest.mark.parametrize(
    ("year", "index", "message"),
    [
        (
            2027,
            None,
            "price_year = 2027\n  The amounts of card zone-severity-phmsa are in prices of 2022. Write price_year: "
            "2022, or give severity.price_index: prices of 2027 over those of 2022.  [year]\n1 fault.",
        ),
        (
            2022,
            1.1,
            "price_index = 1.1\n  Card zone-severity-phmsa is in prices of 2022, as the scenario is: leave "
            "price_index out.\n1 fault.",
        ),
    ],
)
def test_another_year_without_an_index_and_an_index_without_another_year_are_refused(
    tmp_path: Path, year: int, index: float | None, message: str
) -> None:
    with pytest.raises(GreenRiskError) as caught:
        job_of(tmp_path / "zone", year, index)
    assert str(caught.value).endswith(message)
