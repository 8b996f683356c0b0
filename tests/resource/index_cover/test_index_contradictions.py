# SPDX-License-Identifier: Apache-2.0
"""What contradicts the price is told: a test out of sample against the premium, tests of a step against a treatment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from studied_index import SEVERAL, prepared, water, write_several

from greenrisk.core.ledger import Entry, Ledger
from greenrisk.resource.index_cover.backtest import Backtest
from greenrisk.resource.index_cover.backtest_summary import counts_of, sums_of
from greenrisk.resource.index_cover.history_spec import Treatment
from greenrisk.resource.index_cover.index_backtest import backtest_groups, tell_result
from greenrisk.resource.index_cover.index_job import IndexJob
from greenrisk.resource.index_cover.index_told import tell_record
from greenrisk.scenario.load import load

YEARS = 40


def made(premium: float, payout: float, chance: float = 0.9, every: int = 1) -> Backtest:
    """Return a test of equal premiums whose years are paid alike, each one of ``every``."""
    year = np.arange(1950, 1950 + YEARS)
    paid = np.where(np.arange(YEARS) % every == 0, payout, 0.0)
    charged, seen, chances = np.full(YEARS, premium), paid > 0, np.full(YEARS, chance)
    untreated: tuple[Treatment, ...] = ("none",) * YEARS
    summary = (*counts_of(chances, seen), *sums_of(1.25 * charged, charged, paid, 1, 3))
    return Backtest(
        year, np.zeros(YEARS), untreated, np.zeros(YEARS), chances, chances, 1.25 * charged, charged, paid,
        seen, summary, (),
    )  # fmt: skip


def told(found: Backtest) -> list[Entry]:
    ledger = Ledger()
    tell_result(found, ledger)
    return list(ledger)


def test_premiums_that_the_tested_years_contradict_are_not_to_be_relied_on() -> None:
    (line,) = told(made(premium=100.0, payout=32.0))
    assert (line.kind, line.subject) == ("unreliable", "test out of sample")
    # every year alike: all resamples are the same, the intervals are points
    assert "0.32 (0.32 to 0.32) by law, 0.256 (0.256 to 0.256) by burn analysis" in line.detail
    assert "too narrow" not in line.detail
    assert "40 of the years paid" in line.detail


def test_premiums_too_low_are_told_as_those_too_high_are() -> None:
    assert "3 (3 to 3) by law" in told(made(premium=100.0, payout=300.0))[0].detail


def test_premiums_that_the_tested_years_do_not_contradict_are_not_told() -> None:
    # 8 equal payouts in 40 years: their number, binomial, has sd 2.5: 400 +- 126 beside 340 and 425
    assert told(made(premium=8.5, payout=50.0, every=5)) == []


def test_few_paid_years_are_said_to_make_intervals_too_narrow() -> None:
    (line,) = told(made(premium=100.0, payout=50.0, every=8))
    assert "5 of the years paid. With so few paid years such intervals are too narrow." in line.detail


@pytest.mark.parametrize(("chance", "lines"), [(0.01, 0), (0.3, 1)])
def test_no_paid_year_contradicts_only_where_some_were_to_be_expected(chance: float, lines: int) -> None:
    # 0.99^40 = 0.67, 0.7^40 = 6e-7
    found = told(made(premium=10.0, payout=0.0, chance=chance))
    assert len(found) == lines
    assert all("None of 40 tested years paid, where 7 to 17" in line.detail for line in found)


def job_of(folder: Path, more: str = "") -> IndexJob:
    job = load(write_several(folder, SEVERAL + more)).prepare()
    assert isinstance(job, IndexJob)
    return job


@pytest.mark.parametrize(
    ("asked", "behind", "why"),
    [
        (6, 10, "a law needs 10"),
        (12, 12, ""),
        (30, 20, "the record has 40 in all"),
    ],
)
def test_a_first_origin_that_is_not_the_one_asked_for_is_told(
    tmp_path: Path, asked: int, behind: int, why: str
) -> None:
    assert len(water()) == 40
    ledger = Ledger()
    groups = backtest_groups(job_of(tmp_path, f"backtest: {{first_origin_years: {asked}}}\n").model, ledger)
    assert groups["/backtest"].sizes["origin"] == 40 - behind
    lines = [entry for entry in ledger if "first_origin_years" in entry.detail]
    assert [entry.count for entry in lines] == ([behind] if why else [])
    assert all(entry.kind == "assumption" and why in entry.detail for entry in lines)


@pytest.mark.parametrize(
    ("treatment", "kind"),
    [("auto", "assumption"), ("post_break", "assumption"), ("none", "unreliable")],
)
def test_a_treatment_against_the_verdict_is_not_to_be_relied_on(treatment: str, kind: str) -> None:
    """The Nile steps after 1898 (Cobb 1978; the dam at Aswan)."""
    job = prepared("wetland-nile", history__treatment=treatment)
    ledger = Ledger()
    tell_record(job.model, job.model.fitted(job.plan.variants[0]), 20, ledger)
    (line,) = (entry for entry in ledger if entry.detail.startswith("Treatment of the record"))
    assert line.kind == kind
    assert ("contradict" in line.detail) == (kind == "unreliable")
    assert "1898" in line.detail
