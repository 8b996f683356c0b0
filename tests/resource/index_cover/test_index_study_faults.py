# SPDX-License-Identifier: Apache-2.0
"""What is wrong with an index scenario: every fault at once and before any long work."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from greenrisk.core.errors import GreenRiskError
from greenrisk.scenario.load import load

Refused = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def refused() -> Refused:
    """Return a function that prepares a scenario that is refused, and returns what is wrong and how to mend it."""

    def prepare(name: str, **changed: str) -> list[tuple[str, str]]:
        given = {key.replace("__", "."): value for key, value in changed.items()}
        with pytest.raises(GreenRiskError) as caught:
            load(name, given).prepare()
        return [(fault.what, fault.expected) for fault in caught.value.faults]

    return prepare


def test_cards_series_and_loss_are_told_at_once(refused: Refused) -> None:
    found = refused(
        "fire-index-jiangxi",
        loadings="nope",
        series__neighbours__value="damage",
        loss__series__file="missing",
        loss__cost="nothing",
    )
    told = " ".join(what for what, _ in found)
    assert len(found) == 4
    for word in ("loadings = nope", "`damage`", "loss.series.file = missing", "loss.cost = nothing"):
        assert word in told


def test_a_line_across_the_step_is_refused_beside_a_calibration_without_a_loss(refused: Refused) -> None:
    found = refused("wetland-nile", history__treatment="linear", calibration__method="certainty_equivalent")
    assert len(found) == 2
    assert any("1898" in mend and "post_break" in mend for _, mend in found)
    assert any("`loss`" in mend for _, mend in found)


@pytest.mark.parametrize("province", ["Hunan", "Fujian"])
def test_a_loss_that_the_index_reads_too_is_refused_with_its_rows(refused: Refused, province: str) -> None:
    ((what, mend),) = refused("fire-index-jiangxi", loss__series__where=f"{{province: {province}}}")
    assert "13 of 13 values, rows" in what
    assert "`neighbours`" in mend


def test_too_short_a_record_is_told_with_the_years_it_has(refused: Refused) -> None:
    ((what, mend),) = refused("fire-index-jiangxi", history__last_year="2015")
    assert "known in 7 years" in what
    assert "10 years" in mend
    ((what, _),) = refused("fire-index-jiangxi", history__treatment="post_break")
    assert "`post_break` leaves 7 years" in what


def test_years_that_the_record_does_not_have_are_refused(refused: Refused) -> None:
    ((what, mend),) = refused("wetland-nile", history__first_year="1850", history__last_year="1971")
    assert "first_year = 1850, last_year = 1971" in what
    assert "1871 to 1970" in mend


def test_a_record_is_never_used_beyond_the_beginning_of_the_cover(refused: Refused) -> None:
    ((what, _),) = refused("fire-index-jiangxi", underwriting_year="2015")
    assert "known in 6 years" in what
    job = load("fire-index-jiangxi", {"underwriting_year": "2020", "years": "1000"}).prepare()
    assert any(entry.kind == "dropped" and entry.count == 2 for entry in job.ledger)


def test_a_buyer_poorer_than_the_worst_year_is_refused(refused: Refused) -> None:
    ((what, mend),) = refused("fire-index-jiangxi", buyer__wealth_cny="1000000")
    assert what == "wealth_cny = 1,000,000"
    assert "worst year" in mend


def test_a_law_that_the_record_forbids_is_refused(refused: Refused) -> None:
    found = refused("fire-index-jiangxi", history__law="gev")
    assert any("13" in what for what, _ in found)


def test_an_exit_on_the_wrong_side_is_refused(refused: Refused) -> None:
    cover = "[{name: a, payout: {kind: linear, index: flow, pays: below, trigger: 700, exit: 900}, sum_insured_cny: 1}]"
    ((what, mend),) = refused("wetland-nile", covers=cover)
    assert "payout" in what
    assert "wrong side" in mend
