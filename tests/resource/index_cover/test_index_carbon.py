# SPDX-License-Identifier: Apache-2.0
"""Carbon stock below a target."""

from __future__ import annotations

import pytest

from tests.asked_index import Answer, ask, series

STOCK = series("stock", "2020", [100.0, 80.0, 130.0], "tCO2e", "year")


def carbon(target: object) -> dict[str, object]:
    return {"kind": "carbon", "series": "stock", "target": target}


def refused(answer: Answer) -> list[str]:
    assert answer.index is None
    return [str(fault) for fault in answer.faults]


def test_what_is_missing_below_the_target_is_the_index() -> None:
    found = ask(carbon(100.0), STOCK)
    assert found.values == {2020: 0.0, 2021: 20.0, 2022: 0.0}
    assert found.index is not None
    assert found.index.unit == "tCO2e"


def test_a_target_by_year_is_that_of_its_year() -> None:
    assert ask(carbon({2020: 105.0, 2021: 110.0, 2022: 115.0}), STOCK).values == {
        2020: 5.0,
        2021: 30.0,
        2022: 0.0,
    }


def test_years_without_a_target_are_refused() -> None:
    (told,) = refused(ask(carbon({2020: 105.0}), STOCK))
    assert told == (
        "my.yaml:indices.x.target  indices.x.target = 1 years\n  There is no target for 2021, 2022.  [tCO2e]"
    )


@pytest.mark.parametrize(
    ("unit", "mend"),
    [("tC", "Multiply by 44/12"), ("ktCO2e", "Multiply by 1,000"), ("m", "Convert the values")],
)
def test_a_stock_in_another_unit_is_refused(unit: str, mend: str) -> None:
    (told,) = refused(ask(carbon(100.0), series("stock", "2020", [1.0, 2.0], unit, "year")))
    assert told.endswith(f"This series is in {unit}; tCO2e is needed. {mend}, and state `unit: tCO2e`.")


def test_a_negative_stock_and_a_target_of_nothing_are_told_at_once() -> None:
    told = refused(ask(carbon(0.0), series("stock", "2020", [1.0, -2.0], "tCO2e", "year")))
    assert [line.splitlines()[0] for line in told] == [
        "my.yaml:indices.x.series  indices.x.series = stock",
        "my.yaml:indices.x.target  indices.x.target = 0",
    ]
