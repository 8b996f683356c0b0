# SPDX-License-Identifier: Apache-2.0
"""A series at the years of a study: linear, no extrapolation, no deviation as a level."""

from __future__ import annotations

import pytest
from pathway_tables import FAMILY, MACRO, small_pathways

from greenrisk.core.ledger import Ledger
from greenrisk.pathways.errors import DeviationAsLevel, SeriesError
from greenrisk.pathways.series import series

TABLE = small_pathways()


def test_a_series_is_linear_in_time() -> None:
    values = series(TABLE, FAMILY, "Late", "China", "carbon_price", [2020, 2025, 2030, 2040, 2050])
    assert values.tolist() == [0.0, 5.0, 10.0, 110.0, 210.0]


def test_nothing_is_drawn_beyond_the_ends_unless_they_are_held() -> None:
    arguments = (TABLE, FAMILY, "Late", "China", "carbon_price", [2019, 2050, 2051])
    with pytest.raises(
        SeriesError, match=r"years 2019, 2051\n  The series holds 2020 to 2050\. Set `hold: true`"
    ):
        series(*arguments)  # type: ignore[arg-type]
    ledger = Ledger()
    assert series(*arguments, hold=True, ledger=ledger).tolist() == [0.0, 210.0, 210.0]  # type: ignore[arg-type]
    assert [(line.kind, line.count) for line in ledger] == [("imputed", 2)]


def test_a_deviation_asked_for_as_a_level_is_an_error() -> None:
    with pytest.raises(DeviationAsLevel, match="deviation from a baseline in percent, no level"):
        series(TABLE, MACRO, "Late", "China", "gdp_deviation", [2030], member="combined")
    with pytest.raises(DeviationAsLevel, match="This is a level, no deviation"):
        series(TABLE, FAMILY, "Late", "China", "carbon_price", [2030], deviation=True)
    values = series(TABLE, MACRO, "Late", "China", "gdp_deviation", [2040], member="combined", deviation=True)
    assert values.tolist() == pytest.approx([-9.6])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"model": "IAM 1.1"},
            r"model = IAM 1\.1\n  The tables hold no such model here\. Did you mean `IAM 1\.0`\?",
        ),
        (
            {"scenario": "late"},
            r"scenario = late\n  The tables hold no such scenario here\. Did you mean `Late`\?",
        ),
        ({"region": "Chinaa"}, r"region = Chinaa\n  .* Did you mean `China`\?"),
        ({"variable": "carbon_prices"}, r"No such variable\. Did you mean `carbon_price`\?"),
        ({"technology": "Coal"}, r"technology = coal\n"),
    ],
)
def test_a_name_that_is_not_there_is_answered_with_its_neighbour(
    change: dict[str, str], message: str
) -> None:
    names = {"model": FAMILY, "scenario": "Late", "region": "China", "variable": "carbon_price"} | change
    with pytest.raises(SeriesError, match=message):
        series(TABLE, years=[2030], **names)


def test_a_member_must_be_said() -> None:
    with pytest.raises(SeriesError, match=r"Say which member: `combined`, `physical`\."):
        series(TABLE, MACRO, "Late", "China", "gdp_deviation", [2030], deviation=True)
