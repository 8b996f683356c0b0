# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pandas as pd
import pytest

from greenrisk.cli.figures import amount, duration, headline, insured, warnings
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
                "name": "judgement_share",
                "value": 0.63,
                "unit": "unitless",
                "standard_error": float("nan"),
                "low": float("nan"),
                "high": float("nan"),
                "dims": {},
            },
        ]
    )
    big, share = headline(metrics)
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
        "Not to be relied on: AEP 1 in 250 years, OEP 1 in 250 years. The ledger says why.",
        "The book is synthetic: its stands are made up, and so is the premium for them.",
    ]


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
