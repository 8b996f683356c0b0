# SPDX-License-Identifier: Apache-2.0
"""The ledger as a group of results: every column, every entry, units where there are numbers."""

from __future__ import annotations

import numpy as np

from greenrisk.core.ledger import COLUMNS, Ledger


def test_a_ledger_becomes_a_group_of_all_its_columns_in_the_order_of_writing() -> None:
    ledger = Ledger()
    ledger.add("dropped", "book.csv:3", "Has no area.", 2)
    ledger.add(
        "parameter", "card:rate", "Judged.", quantity="gross_premium", base=3.0, at_low=2.0, unit="CNY/year"
    )
    group = ledger.to_dataset()
    assert tuple(group.data_vars) == COLUMNS
    assert group["subject"].values.tolist() == ["book.csv:3", "card:rate"]
    assert group["count"].values.tolist() == [2, 1]
    assert group["count"].attrs["units"] == "1"
    assert np.isnan(group["base"].values).tolist() == [True, False]
    assert np.isnan(group["at_high"].values).all()
    assert {group[name].attrs["units"] for name in ("base", "at_low", "at_high")} == {"see unit"}


def test_an_empty_ledger_is_an_empty_group() -> None:
    assert Ledger().to_dataset().sizes == {"entry": 0}
