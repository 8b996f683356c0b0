# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pandas as pd
import pytest

from greenrisk.cli.figures import amount, duration, headline, insured, judgement, warnings
from greenrisk.core.ledger import Ledger


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1234567.0, 4, "1,235,000"),
        (0.012345, 4, "0.01235"),
        (9.9996, 4, "10.00"),
        (0.0, 4, "0"),
        (-12.3456, 3, "-12.3"),
        (57123.0, 2, "57,000"),
        (float("inf"), 4, "inf"),
    ],
)
def test_numbers_have_significant_digits(value: float, digits: int, text: str) -> None:
    assert amount(value, digits) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59.6, "1 min 0 s"), (3725, "1 h 2 min"), (125, "2 min 5 s")]
)
def test_durations_are_words(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_the_headline_takes_each_metric_by_its_dims_and_shows_both_errors() -> None:
    metrics = pd.DataFrame(
        [
            {
                "name": "occurrence_exceedance",
                "value": 2.5e6,
                "unit": "CNY",
                "standard_error": 1e5,
                "low": 1e6,
                "high": 9e6,
                "dims": {"layer": "gross", "return_period": 250},
            },
            {
                "name": "rate_per_mille",
                "value": 0.63,
                "unit": "per mille",
                "standard_error": float("nan"),
                "low": float("nan"),
                "high": float("nan"),
                "dims": {},
            },
        ]
    )
    share, big = headline(metrics)
    assert (big.label, big.value, big.unit) == ("OEP, 1 in 250 years", "2.500", "million CNY")
    assert (big.error, big.interval) == ("+- 0.10", "1.000 to 9.000")
    assert (share.value, share.error, share.interval) == ("0.6300", "", "")


def test_what_is_not_to_be_relied_on_and_a_synthetic_book_are_told_in_a_line_each() -> None:
    ledger = Ledger()
    ledger.add("assumption", "fires", "Judged.")
    assert warnings(ledger, {"synthetic_book": 0}) == []
    ledger.add("unreliable", "AEP 1 in 250 years", "Few years.")
    ledger.add("unreliable", "OEP 1 in 250 years", "Few years.")
    ledger.add("unreliable", "AEP 1 in 250 years", "Once more.")
    assert warnings(ledger, {"synthetic_book": 1}) == [
        "Not to be relied on: AEP 1 in 250 years; OEP 1 in 250 years. The ledger says why.",
        "The book is synthetic: its stands are made up, and so is the premium for them.",
    ]
    assert warnings(Ledger(), {"synthetic_years": True}) == [
        "The own years are synthetic: what they do to the premium is made up, too.",
    ]


def test_what_is_doubtful_of_one_thing_is_told_once_and_counted_where_it_is_long() -> None:
    ledger = Ledger()
    ledger.add("unreliable", "book: age 0", "Twice.", count=2)
    ledger.add("unreliable", "250-year losses", "Few years.")
    ledger.add("unreliable", "book: outside its county", "Far away.", count=3)
    for count in (57, 1159):
        names = ", ".join(f"county|conifer|young|peril {number}" for number in range(5))
        ledger.add("unreliable", f"premium file: {names} and {count - 5} more", "Few.", count=count)
    assert warnings(ledger, {}) == [
        "Not to be relied on: book: age 0, outside its county; 250-year losses; premium file: 1,216 places. "
        "The ledger says why."
    ]


@pytest.mark.parametrize(
    ("share", "shown"), [(0.99953, "over 99.9 %"), (0.9977, "99.8 %"), (1.0, "100 %"), (0.0512, "5.12 %")]
)
def test_judgement_is_a_sentence_that_names_the_widest_judged_range(share: float, shown: str) -> None:
    metrics = pd.DataFrame([{"name": "judgement_share", "value": share}])
    ledger = Ledger()
    for name, status, low, high in (
        ("a:x", "illustrative", 9.0, 12.0),
        ("b:y", "unconfirmed", 14.0, 8.0),
        ("c:z", "user", 1.0, 90.0),
        ("d:w", "illustrative", float("nan"), float("nan")),
    ):
        ledger.add(
            "parameter", name, "Judged.", status=status, quantity="gross_premium", at_low=low, at_high=high
        )
    assert judgement(metrics, ledger) == (
        f"Of the variance behind the knowledge interval of the premium, {shown} rests on judgement, most of all on b:y."
    )


def test_nothing_is_said_of_judgement_where_the_run_does_not_know() -> None:
    other = pd.DataFrame([{"name": "gross_premium", "value": 1.0}])
    unknown = pd.DataFrame([{"name": "judgement_share", "value": float("nan")}])
    assert judgement(other, Ledger()) == judgement(unknown, Ledger()) == ""


def test_what_a_job_insures_is_one_line_of_what_it_tells() -> None:
    told = {
        "stands": 2500,
        "area_ha": 1234.5,
        "insured_area_mu": 15000.0,
        "sum_insured_cny": 12.5e6,
        "forest_area_ha": 345678.0,
    }
    assert insured({"kind": "forest", **told}) == (
        "  2,500 stands, 1,234 ha, 15,000 mu insured, sum insured 12.50 million CNY, in 345,678 ha of forest."
    )
    assert insured({"kind": "forest", "stands": 4}) == "  4 stands."
    assert insured({"kind": "other"}) == ""


def test_a_zone_has_figures_of_its_own_and_is_told_when_it_is_made_up() -> None:
    row = {"unit": "unitless", "standard_error": 0.01, "low": 0.2, "high": 0.9}
    metrics = pd.DataFrame(
        [
            {"name": "gross_premium", "value": 2.5e6, **row, "unit": "CNY/year", "dims": {}},
            {"name": "uncovered_share", "value": 0.8, **row, "dims": {}},
            {"name": "uninsured_plants", "value": 8.0, **row, "dims": {}},
        ]
    )
    labels = [figure.label for figure in headline(metrics, "zone")]
    assert labels == ["Gross premium, technical", "Uncovered share of AAL"]
    assert [figure.label for figure in headline(metrics)] == ["Gross premium, charged"]
    assert warnings(Ledger(), {"synthetic_zone": 1}) == [
        "The zone is synthetic: its plants are made up, and so is the premium for them."
    ]
    assert insured({"kind": "zone", "plants": 34, "owners": 31, "insured_plants": 26}) == (
        "  34 plants of 31 owners, 26 insured."
    )
