# SPDX-License-Identifier: Apache-2.0
"""Which substance a holding is, and what is near an unknown one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_zone import held, shipped_substances

from greenrisk.pollution.inventory import Holdings
from greenrisk.pollution.substance_search import cas_is_valid, near, resolve, slips, tidy_cas


def found(holdings: Holdings) -> list[str]:
    substances = shipped_substances()
    index = resolve(holdings, substances).index
    return [str(substances.name_zh[row]) if row >= 0 else "" for row in index]


@pytest.mark.parametrize("cas", ["7782-50-5", "7664-41-7", "50-00-0", "71-43-2", "86290-81-5"])
def test_a_cas_number_is_valid_only_with_its_own_check_digit(cas: str):
    assert cas_is_valid(cas)
    others = [f"{cas[:-1]}{digit}" for digit in "0123456789" if digit != cas[-1]]
    assert not any(map(cas_is_valid, others))


def test_water_has_the_check_digit_of_the_textbook():
    # 7732-18-5: 8*1 + 1*2 + 2*3 + 3*4 + 7*5 + 7*6 = 105, and 105 mod 10 = 5
    assert cas_is_valid("7732-18-5")


@given(st.integers(0, 9_999_999), st.integers(0, 8))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_two_neighbouring_digits_that_differ_cannot_be_swapped_in_silence(number: int, place: int):
    digits = f"{number:07d}00"[: 2 + 7]
    check = sum(weight * int(digit) for weight, digit in enumerate(reversed(digits), 1)) % 10
    place = min(place, len(digits) - 2)
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]

    def cas(text: str) -> str:
        return f"{text[:-2]}-{text[-2:]}-{check}"

    assert cas_is_valid(cas(digits))
    assert cas_is_valid(cas(swapped)) == (swapped == digits)


def test_what_is_no_cas_number_is_not_valid():
    for text in ("", "chlorine", "7782505", "7782-50-", "1-23-4", "7782-5-05", "12345678-90-1"):
        assert not cas_is_valid(text)


def test_dashes_and_spaces_of_a_spreadsheet_are_read():
    assert tidy_cas(" 7782–50−5 ") == "7782-50-5"
    assert tidy_cas("７７８２－５０－５") == "7782-50-5"
    assert found(held({"cas": "7782—50—5", "state": "gas"})) == ["氯气"]


def test_hydrogen_chloride_is_a_gas_or_an_acid_by_its_form():
    acid = {"cas": "7647-01-0", "is_solution": "yes", "concentration_percent": 31.0}
    gas = {"cas": "7647-01-0", "state": "gas"}
    liquefied = {"cas": "7647-01-0", "state": "liquefied_gas"}
    named = {"cas": "7647-01-0", "name_zh": "盐酸", "concentration_percent": 36.0}
    assert found(held(acid, gas, liquefied, named)) == ["盐酸（≥37%）", "氯化氢", "氯化氢", "盐酸（≥37%）"]


def test_ammonia_in_water_counts_as_ammonia_solution_under_either_number():
    for cas in ("7664-41-7", "1336-21-6"):
        row = {"cas": cas, "is_solution": "yes", "concentration_percent": 25.0}
        assert found(held(row)) == ["氨水（浓度≥20%）"]
    assert found(held({"cas": "7664-41-7", "state": "liquefied_gas"})) == ["氨气"]


def test_without_a_number_the_name_leads_to_the_substance_however_it_is_written():
    rows = [
        {"name_zh": "液 氯"},
        {"name_en": "CHLORINE"},
        {"name_zh": "盐酸(≥37%)"},
        {"name_en": "LPG", "state": "gas"},
    ]
    holdings = held(*rows)
    assert found(holdings) == ["氯气", "氯气", "盐酸（≥37%）", "石油气"]
    assert resolve(holdings, shipped_substances()).by_name.all()


def test_a_number_that_the_table_does_not_hold_is_not_saved_by_a_name():
    assert found(held({"cas": "7732-18-5", "name_zh": "氯气"})) == [""]  # the CAS number is that of water


def test_slips_are_counted_as_damerau_counts_them():
    assert slips("7782-50-5", "7782-50-5") == 0
    assert slips("7782-50-5", "7782-50-6") == 1  # one digit wrong
    assert slips("7782-50-5", "7728-50-5") == 1  # two neighbours swapped
    assert slips("7782-50-5", "778-50-5") == 1  # one missing
    assert slips("7782-50-5", "77822-50-5") == 1  # one too many
    assert slips("108-88-3", "108-87-2") == 2
    assert slips("12", "21") == slips("21", "12") == 1
    assert slips("", "123") == 3


def test_near_ones_of_a_slip_of_the_pen_are_offered():
    substances = shipped_substances()

    def labels(cas: str = "", zh: str = "", en: str = "") -> list[str]:
        return [substances.label(row) for row in near(cas, zh, en, substances)]

    chlorine = "7782-50-5 氯气 (chlorine)"
    assert labels(cas="7782-55-0")[0] == chlorine  # digits swapped
    assert labels(cas="7782-50-6")[0] == chlorine  # wrong check digit
    assert labels(cas="7732-18-5", zh="氯气")[0] == chlorine  # the name first
    assert labels(en="chlorin")[0] == chlorine
    assert "67-66-3 三氯甲烷 (chloroform)" in labels(zh="三氯甲浣")
    assert labels(zh="31%盐酸（工业级）")[0].startswith("7647-01-0 盐酸")
    assert labels(cas="999999-99-9", en="zzzz") == []
    assert len(labels(cas="75-00-0")) <= 3


@pytest.mark.parametrize(
    ("cas", "zh", "en"),
    [
        ("1310-73-2", "氢氧化钠", "sodium hydroxide"),
        ("1912-24-9", "莠去津", "atrazine"),
        ("7647-14-5", "氯化钠", "sodium chloride"),
        ("50-78-2", "阿司匹林", "aspirin"),
        ("108-87-2", "", ""),
        ("", "甲纯", ""),  # one of two signs: another substance rather than a slip
    ],
)
def test_nothing_far_is_offered_for_a_substance_that_is_rightly_not_listed(cas: str, zh: str, en: str):
    assert near(cas, zh, en, shipped_substances()) == ()
