# SPDX-License-Identifier: Apache-2.0
"""Numbers in words: significant digits, money, intervals, units."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenrisk.report.wording import (
    as_given,
    as_printed,
    first_sentence,
    listed,
    lower_first,
    money,
    no_effect,
    once_in,
    percent,
    quantity,
    significant,
    span,
)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0, 3, "0"),
        (1234567.0, 3, "1,230,000"),
        (0.0012349, 3, "0.00123"),
        (9.996, 3, "10.0"),
        (999.6, 3, "1,000"),
        (-4.5678, 2, "\u22124.6"),
        (84540.56, 4, "84,540"),
        (0.1, 4, "0.1000"),
    ],
)
def test_significant_digits_are_counted_from_the_first_that_is_not_zero(
    value: float, digits: int, text: str
) -> None:
    assert significant(value, digits) == text


@given(st.floats(min_value=1e-6, max_value=1e12), st.integers(min_value=1, max_value=6))
def test_a_printed_number_is_within_half_a_unit_of_its_last_digit(value: float, digits: int) -> None:
    back = float(significant(value, digits).replace(",", ""))
    assert abs(back - value) <= 0.5000001 * 10.0 ** (math.floor(math.log10(value)) + 1 - digits)


def test_what_is_not_a_number_is_a_dash() -> None:
    assert significant(math.nan) == money(math.nan) == percent(math.nan) == span(math.nan, 1.0) == "\u2013"


def test_money_is_plain_below_a_million_and_in_millions_from_there() -> None:
    assert money(345_678) == "CNY\u00a0346,000"
    assert money(345_678, 4) == "CNY\u00a0345,700"
    assert money(1_234_567) == "CNY\u00a01.23\u00a0million"
    # rounds up to a million: not "CNY 1,000,000"
    assert money(999_900) == "CNY\u00a01.00\u00a0million"


def test_an_interval_of_money_has_one_scale_for_both_ends() -> None:
    assert span(290_000, 1_350_000, "CNY") == "CNY\u00a00.290 to 1.35\u00a0million"
    assert span(29_000, 135_000, "CNY/year") == "CNY\u00a029,000 to 135,000\u00a0a\u00a0year"


def test_units_are_words() -> None:
    assert quantity(0.1234, "CNY/mu", 4) == "0.1234\u00a0CNY per mu"
    assert quantity(51.3, "1/year") == "51.3\u00a0a year"
    assert quantity(2_000_000.0, "CNY/year") == "CNY\u00a02.00\u00a0million\u00a0a\u00a0year"
    assert quantity(0.5, "unitless") == "0.500"


def test_return_periods_are_words() -> None:
    assert once_in(250) == "1 in 250\u00a0years"


def test_shares_are_whole_percent_from_ten_on() -> None:
    assert percent(0.6251) == "63\u00a0%"
    assert percent(0.0234) == "2.3\u00a0%"


def test_what_is_not_all_is_never_printed_as_a_hundred_percent() -> None:
    assert percent(0.999) == "99.9\u00a0%"
    assert percent(0.9996) == "99.96\u00a0%"
    assert percent(0.9951) == "99.5\u00a0%"
    assert percent(0.99999) == "99.999\u00a0%"
    assert percent(1.0) == "100\u00a0%"


def test_a_range_without_a_visible_effect_is_said_to_have_none() -> None:
    assert no_effect(5.0, 5.0) == "no effect in the simulated years"
    assert no_effect(3945.1, 3945.2, 1000.0) == "no visible effect in the simulated years"
    assert no_effect(3.9, 4.1) == ""


def test_a_number_of_a_card_is_not_padded_with_zeros() -> None:
    assert [as_given(text) for text in ("0.5", "2", "0.0001468", "1.3", "lognormal")] == [
        "0.5",
        "2",
        "0.000147",
        "1.3",
        "lognormal",
    ]


def test_a_meaning_is_cut_to_its_first_sentence() -> None:
    assert first_sentence("Share that is claimed (see the wording). More.") == "Share that is claimed"
    assert first_sentence("word " * 40).endswith("\u2026")


def test_a_text_of_the_model_has_the_signs_of_the_page() -> None:
    assert as_printed("-12.3% to +14.7%, 90 % of 2009-2021 (-5) at a-1") == (
        "\u221212.3\u00a0% to +14.7\u00a0%, 90\u00a0% of 2009-2021 (\u22125) at a-1"
    )


def test_a_sentence_goes_on_in_small_letters_but_an_abbreviation_does_not() -> None:
    assert lower_first("Factor on all") == "factor on all"
    assert lower_first("CNY per mu") == "CNY per mu"
    assert lower_first("") == ""


def test_lists_are_sentences() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"


def test_a_lower_end_out_of_sight_is_called_nearly_nothing() -> None:
    assert span(1e-30, 1.66) == "nearly 0 to 1.66"
    assert span(0.0, 1.66) == "0 to 1.66"
    assert span(0.01, 1.66) == "0.0100 to 1.66"


def test_an_upper_end_that_is_not_known_is_left_open() -> None:
    assert span(1_250_000.0, math.nan, "CNY").replace("\u00a0", " ") == "above CNY 1.25 million"
    assert span(0.9, math.nan) == "above 0.900"
    assert span(math.nan, 2.0) == span(math.nan, math.nan) == "–"


def test_an_amount_below_a_tenth_of_a_million_is_not_told_in_millions() -> None:
    # CNY 0.0888 reads as nine fen
    assert span(88_800, 2_080_000, "CNY").replace("\u00a0", " ") == "CNY 88,800 to CNY 2.08 million"
    told = span(88_800, 2_080_000, "CNY/year").replace("\u00a0", " ")
    assert told == "CNY 88,800 to CNY 2.08 million a year"
    assert span(0.0, 2_080_000, "CNY").replace("\u00a0", " ") == "CNY 0 to 2.08 million"


def test_an_interval_has_the_unit_of_the_value_beside_it() -> None:
    def beside(value: float) -> str:
        return span(88_800, 2_080_000, "CNY", beside=value).replace("\u00a0", " ")

    assert money(446_000).replace("\u00a0", " ") == "CNY 446,000"
    assert beside(446_000) == "CNY 88,800 to 2,080,000"
    assert money(1_460_000).replace("\u00a0", " ") == "CNY 1.46 million"
    assert beside(1_460_000) == "CNY 0.0888 to 2.08 million"
    # 999,600 is printed as a million
    assert money(999_600).replace("\u00a0", " ") == "CNY 1.00 million"
    assert beside(999_600) == "CNY 0.0888 to 2.08 million"


def test_a_falling_pair_keeps_its_unit() -> None:
    assert span(385_000, 343_000, "CNY/year").replace("\u00a0", " ") == "CNY 385,000 to 343,000 a year"


def test_where_nothing_was_simulated_no_simulated_year_is_blamed() -> None:
    assert no_effect(5.0, 5.0, simulated=False) == "no effect"
    assert no_effect(3945.1, 3945.2, 1000.0, simulated=False) == "no visible effect"
