# SPDX-License-Identifier: Apache-2.0
"""Kilograms for tonnes: what is refused, what is told, and what is left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import pytest
from small_zone import shipped_bounds, shipped_substances

from greenrisk.core.ledger import Entry
from greenrisk.pollution.holding_checks import holding_faults
from greenrisk.pollution.tables import STATES

AMMONIA, CHLORINE = ("7664-41-7", "ammonia"), ("7782-50-5", "chlorine")


def checked(
    rows: Sequence[tuple[tuple[str, str], float]],
    bounds: Mapping[str, float] | None = None,
    state: str = "liquefied_gas",
) -> tuple[list[str], list[Entry]]:
    """Return the faults of holdings of one state, and the ledger lines about quantities."""
    frame = pd.DataFrame(
        [
            (f"P{k}", cas, name, state, tonnes, 100.0, "no", f"store {k}")
            for k, ((cas, name), tonnes) in enumerate(rows)
        ],
        columns=[
            "plant_id", "cas", "name_en", "state", "max_t", "concentration_percent", "is_solution", "where"
        ],
    )  # fmt: skip
    faults, lines = holding_faults(frame, "held.csv", shipped_substances(), bounds or shipped_bounds())
    return [str(fault) for fault in faults.faults()], [line for line in lines if line.kind == "unreliable"]


def test_every_state_has_a_usual_bound_below_its_largest() -> None:
    bounds = shipped_bounds()
    for state in STATES:
        assert 0 < bounds[f"usual_{state}"] < bounds[state]
    assert 1 < bounds["times_same_substance"] < 1000, "a slip of a thousand must exceed it"


def test_a_slip_of_kilograms_beside_the_same_substance_in_the_zone_is_refused() -> None:
    """3.2 t written as 3,200 beside 2, 12 and 7 t, whose median is 7 t: 300 times that is 2,100 t."""
    faults, lines = checked([(CHLORINE, 2.0), (CHLORINE, 12.0), (CHLORINE, 3200.0), (CHLORINE, 7.0)])
    assert faults == [
        "held.csv:4  max_t = 3200\n"
        "  More than 300 times 7 t, the median of the other 3 rows of this substance and state: is it kilograms? Then "
        "write 3.2. If it is right, raise the bound `times_same_substance` in your own table of plausible "
        "quantities.  [t]"
    ]
    assert lines == []


@pytest.mark.parametrize(
    "rows",
    [
        [(AMMONIA, 8000.0)],  # nothing to set it beside
        [(AMMONIA, 8000.0), (AMMONIA, 8.0)],  # one other is no middle
        [(AMMONIA, 8000.0), (CHLORINE, 2.0), (CHLORINE, 3.0)],  # other substances
        [(AMMONIA, 8000.0), (AMMONIA, 8.0), (AMMONIA, 480.0)],  # 8,000 is 33 times 244
    ],
)
def test_more_than_usual_that_may_be_right_is_taken_and_told(
    rows: list[tuple[tuple[str, str], float]],
) -> None:
    faults, lines = checked(rows)
    assert faults == []
    (line,) = lines
    assert (line.subject, line.count, line.status) == ("held.csv: quantities", 1, "illustrative")
    assert line.detail == (
        "More of a substance in one place than is usual, taken as it stands: row 2 (8000 t, usual up to 2000). Is it "
        "kilograms?"
    )


def test_a_zone_of_unlike_plants_is_left_alone() -> None:
    """A works of 480 t beside cold stores: three hundred times their ammonia, and nothing unusual."""
    assert checked([(AMMONIA, 480.0), (AMMONIA, 1.5), (AMMONIA, 1.0)]) == ([], [])


def test_a_whole_file_in_kilograms_is_told_though_its_rows_agree() -> None:
    tonnes = (180_000.0, 95_000.0, 12_000.0, 8000.0, 6000.0, 4000.0, 3200.0)
    faults, lines = checked([(AMMONIA, quantity) for quantity in tonnes])
    assert [fault.split("  ")[0] for fault in faults] == ["held.csv:2", "held.csv:3"]
    assert all("More than 60000 t of a liquefied gas in one place" in fault for fault in faults)
    (line,) = lines
    assert line.count == 5


def test_the_users_own_bounds_hold_and_a_missing_one_bounds_nothing() -> None:
    rows = [(CHLORINE, 2.0), (CHLORINE, 12.0), (CHLORINE, 3200.0), (CHLORINE, 7.0)]
    raised = {**shipped_bounds(), "times_same_substance": 500.0}
    faults, lines = checked(rows, raised)
    assert (len(faults), len(lines)) == (0, 1)
    without = {name: bound for name, bound in shipped_bounds().items() if not name.startswith("usual_")}
    assert checked(rows, without) == ([], [])
