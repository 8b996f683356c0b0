# SPDX-License-Identifier: Apache-2.0
"""Policies as seen in public documents: read row by row, never called a tariff."""

import pandas as pd
import pytest

from greenrisk.core.errors import TableError
from greenrisk.core.library import find
from greenrisk.pollution.liability.policy_terms import terms_of
from greenrisk.pollution.liability.presets import presets

PAGE = "https://m.777doc.com/doc-6306659.html"
ROWS = {
    "limit per occurrence = aggregate (schemes 1..7)": "50|100|200|400|600|800|1000",
    "third-party liability sub-limit per occurrence (1..7)": "35|70|150|300|450|600|800",
    "bodily injury sub-limit per person (1..7)": "3|7|10|15|15|20|30",
    "medical cost sub-limit per person (1..7)": "0.3|0.7|1|1.5|1.5|2|3",
    "clean-up cost sub-limit per occurrence (1..7)": "15|30|50|100|150|200|200",
    "legal cost sub-limit per occurrence/aggregate (1..7)": "15|20|30|50|100|150|200",
    "BASE PREMIUM (1..7)": "1.2|2|3.5|5|6.5|8|10",
}


def _table(**changed):
    rows = [
        {
            "kind": "insurer_scheme",
            "item": item,
            "value": value,
            "unit": "CNY 10k",
            "source": PAGE,
            "status": "seen",
        }
        for item, value in {**ROWS, **changed}.items()
        if value
    ]
    rows.append(
        {
            "kind": "portfolio",
            "item": "insured firms",
            "value": "137",
            "unit": "firms",
            "source": "",
            "status": "seen",
        }
    )
    return pd.DataFrame(rows)


def test_seven_schemes_are_read_in_cny():
    found = presets(_table())
    assert list(found) == [f"scheme-{i}" for i in range(1, 8)]
    second = found["scheme-2"]
    assert second.policy.accident_limit_cny == 1e6
    assert second.policy.annual_limit(1e6) == 1e6
    assert [sublimit.amount_cny for sublimit in second.policy.sublimits] == [7e5, 3e5, 2e5]
    assert second.policy.person_limit.amount_cny == 7e4
    assert second.premium == 2e4
    assert second.source == PAGE


def test_rates_on_line_fall_as_the_page_says():
    rates = [100 * preset.rate_on_line for preset in presets(_table()).values()]
    assert [round(rate, 2) for rate in rates] == [2.40, 2.00, 1.75, 1.25, 1.08, 1.00, 1.00]


def test_every_scheme_is_a_policy_that_can_be_applied():
    for preset in presets(_table()).values():
        limit = preset.policy.accident_limit_cny
        assert terms_of(preset.policy, [1.0]).accident_limit.tolist() == [limit]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"BASE PREMIUM (1..7)": ""}, "begins with `base premium`"),
        ({"BASE PREMIUM (1..7)": "1.2|2"}, "One number for each scheme was expected in every row."),
        ({"BASE PREMIUM (1..7)": "1.2|two"}, "Numbers separated by `|`"),
    ],
)
def test_a_table_that_lacks_a_row_or_a_number_is_refused(changed, message):
    with pytest.raises(TableError) as caught:
        presets(_table(**changed))
    assert message in str(caught.value)


def test_the_shipped_table_of_tariffs_seen_holds_the_same_schemes_as_illustrations():
    found = presets(pd.read_csv(find("data", "epl_tariffs_seen"), dtype=str))
    written = presets(_table())
    assert {name: preset.policy for name, preset in found.items()} == {
        name: preset.policy for name, preset in written.items()
    }
    assert {preset.status for preset in found.values()} == {"illustrative"}
