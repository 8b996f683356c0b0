# SPDX-License-Identifier: Apache-2.0
"""Spellings of currencies and countries, and rates of exchange."""

from __future__ import annotations

import pytest

from greenrisk.issuer.countries import countries_of, told
from greenrisk.issuer.currencies import rates_of, spelling_of

CODES = rates_of().codes


@pytest.mark.parametrize(
    ("text", "code", "multiple"),
    [
        ("EUR", "EUR", 1.0),
        ("megaEUR", "EUR", 1e6),
        ("EUR Millions", "EUR", 1e6),
        ("JPY Billions", "JPY", 1e9),
        ("Thousands EUR", "EUR", 1e3),
        ("million CNY", "CNY", 1e6),
        ("RMB", "CNY", 1.0),
        ("$", "USD", 1.0),
    ],
)
def test_a_spelling_says_a_code_and_a_multiple(text, code, multiple) -> None:
    spelling = spelling_of(text, CODES)
    assert spelling is not None
    assert (spelling.code, spelling.multiple) == (code, multiple)


@pytest.mark.parametrize("text", ["EURO", "USX", "", "mega", "million EUR millions", "EURUSD", "¥"])
def test_what_is_not_understood_is_not_guessed(text) -> None:
    assert spelling_of(text, CODES) is None


def test_rates_are_consistent_there_and_back_and_around() -> None:
    rates = rates_of()
    there = rates.factor("EUR", "USD", 2021)
    assert there * rates.factor("USD", "EUR", 2021) == pytest.approx(1.0, rel=1e-14)
    around = rates.factor("EUR", "JPY", 2021) * rates.factor("JPY", "USD", 2021)
    assert around == pytest.approx(there, rel=1e-14)


def test_rates_are_near_what_is_known_of_2021() -> None:
    # Averages of 2021 as the European Central Bank gives them for one euro: 1.1827 USD, 129.88 JPY, 0.85960 GBP.
    rates = rates_of()
    for code, quoted in (("USD", 1.1827), ("JPY", 129.88), ("GBP", 0.8596)):
        assert rates.factor("EUR", code, 2021) == pytest.approx(quoted, rel=2e-3)


def test_a_rate_that_is_not_there_says_what_to_do() -> None:
    rates = rates_of()
    assert rates.missing("EUR", "EUR", 1900) == ""
    assert rates.missing("ERU", "CNY", 2021).startswith("There is no rate for ERU. Did you mean `EUR`?")
    assert "2015 to 2025, not for 2031" in rates.missing("USD", "CNY", 2031)
    assert rates.status("MAD", "CNY", 2021) == "unconfirmed"
    assert rates.status("GBP", "CNY", 2021) == "confirmed"


def test_two_codes_of_one_country_are_made_one_and_told() -> None:
    countries = countries_of()
    words = ["UK", "GB", "Great  Britain", "US", "United Kingdom (UK)", "Japan", "中国"]
    assert [countries.code(word) for word in words] == ["GB", "GB", "GB", "US", "GB", "JP", "CN"]
    lines = {line.detail: line.count for line in told(words, countries, "own.csv")}
    assert (
        lines["Country `Great Britain`, `UK`, `United Kingdom (UK)` read as `GB`; `GB` stood there too."] == 3
    )
    assert lines["Country `Japan` read as `JP`."] == 1
    assert len(lines) == 3
