# SPDX-License-Identifier: Apache-2.0
"""What is wrong between rows and tables: file, row, column, mend; all at once."""

from __future__ import annotations

import pandas as pd
import pytest
from issuer_sets import statements, who

from greenrisk.core.errors import TableError
from greenrisk.issuer.intake import intake

NAMES = {"issuers": "own.csv", "issuer-statements": "books.csv", "issuer-shares": "shares.csv"}


def _faults(frames) -> list[str]:
    with pytest.raises(TableError) as caught:
        intake(frames, NAMES)
    return [str(fault) for fault in caught.value.faults]


def test_an_issuer_under_two_identifiers_is_named_with_both_rows() -> None:
    table = who("A", "B", name=["Leping Cement Co., Ltd.", "LEPING CEMENT"])
    frames = {"issuers": table, "issuer-statements": statements({}, {"issuer": "B"})}
    assert _faults(frames) == [
        "own.csv:3  issuer = B\n  The same issuer stands in row 2 as A: same name. Remove one, or name in `group` the "
        "issuer whose segment it is."
    ]


def test_a_legal_entity_may_stand_twice_only_as_a_segment() -> None:
    table = who("A", "B", lei=["5493", "5493"])
    frames = {"issuers": table, "issuer-statements": statements({}, {"issuer": "B"})}
    assert "same lei" in _faults(frames)[0]
    assert len(intake(frames | {"issuers": table.assign(group=["", "A"])}).issuers) == 2


def test_a_group_must_be_another_issuer() -> None:
    table = who("A", "B", group=["A", "Bb"])
    frames = {"issuers": table, "issuer-statements": statements({}, {"issuer": "B"})}
    assert _faults(frames) == [
        "own.csv:2  group = A\n  Must be another issuer of the table.",
        "own.csv:3  group = Bb\n  Must be another issuer of the table. Did you mean `B`?",
    ]


def test_mixed_and_unknown_currencies_are_told_all_at_once() -> None:
    rows = [
        {"year": 2023, "currency": "USD"},
        {"year": 2024, "currency": "CNY"},
        {"issuer": "B", "currency": "USX"},
        {"issuer": "C", "currency": "CNY Thousands"},
        {"issuer": "D", "currency": "USD", "year": 2040},
    ]
    found = _faults({"issuers": who("A", "B", "C", "D"), "issuer-statements": statements(*rows)})
    assert found == [
        "books.csv:3  currency = CNY\n  A reports in USD in row 2. Convert its statements to one currency.",
        "books.csv:4  currency = USX\n  Not a currency that is known. Did you mean `USD`? Give its ISO code.",
        "books.csv:5  currency = CNY Thousands\n  The columns are in millions; `CNY Thousands` says 1000. Convert, and "
        "write CNY.",
        "books.csv:6  currency = USD\n  Rates of USD are there for 2015 to 2025, not for 2040. Add the year to your "
        "own table of rates.",
    ]


def test_rows_of_nobody_and_rows_that_stand_twice() -> None:
    frames = {
        "issuers": who("Alpha"),
        "issuer-statements": statements({"issuer": "Alpha"}, {"issuer": "Alpah"}),
    }
    assert _faults(frames) == [
        "books.csv:3  issuer = Alpah\n  There is no such issuer in own.csv. Did you mean `Alpha`?"
    ]
    frames = {"issuers": who("A"), "issuer-statements": statements({}, {})}
    assert _faults(frames) == [
        "books.csv:3  issuer = A, year = 2024\n  Stands also in row 2. Keep one of them."
    ]


def test_countries_that_are_not_known_and_shares_that_do_not_add_up() -> None:
    shares = pd.DataFrame(
        {"issuer": ["A", "A"], "country": ["CN", "JP"], "sector": ["x", "y"], "share": [0.5, 0.4]}
    )
    frames = {
        "issuers": who("A", country=["Chinna"]),
        "issuer-statements": statements({}),
        "issuer-shares": shares,
    }
    assert _faults(frames) == [
        "own.csv:2  country = Chinna\n  Not a country that is known. Did you mean `china`? Give its ISO 3166 code, "
        "e.g. CN; your own `country_spellings` may hold more.",
        "shares.csv:2  share\n  The shares of A add up to 0.9. They must add up to 1.  [1]",
    ]


def test_sites_cannot_make_more_than_all_of_the_contribution() -> None:
    sites = pd.DataFrame(
        {"issuer": ["A", "A"], "site": ["S", "T"], "lon": [117.0, 117.1], "lat": [29.0, 29.1]}
    )
    sites = sites.assign(value_million=1.0, contribution_share=[0.7, 0.6], currency=["CNY", "XXX"])
    found = _faults({"issuers": who("A"), "issuer-statements": statements({}), "issuer-sites": sites})
    assert [line.partition("\n")[0] for line in found] == [
        "issuer-sites:3  currency = XXX",
        "issuer-sites:2  contribution_share",
    ]


def test_a_flood_of_one_sort_is_counted() -> None:
    ids = [f"I{number:02d}" for number in range(30)]
    rows = [{"issuer": f"X{number:02d}"} for number in range(30)]
    found = _faults({"issuers": who(*ids), "issuer-statements": statements(*rows)})
    assert len(found) == 11
    assert found[-1] == "books.csv  issuer\n  ... and 20 more rows."
