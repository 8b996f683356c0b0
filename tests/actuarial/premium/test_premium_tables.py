# SPDX-License-Identifier: Apache-2.0
"""The audit table prints and becomes a frame, with the names of the segments."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.frequency.counts import Poisson
from greenrisk.actuarial.premium.experience import experience_rate
from greenrisk.actuarial.premium.gross import build_up
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.actuarial.severity.empirical import Discrete
from greenrisk.core.errors import ArgumentError

LOADINGS = Loadings(expenses=0.1, commission=0.1, tax=0.0, profit=0.0, cost_of_capital=0.0)
LOSSES = pd.DataFrame({"fire": [0.0, 100_000.0] * 500, "pests": [300_000.0] * 1000})


def cells(text: str) -> dict[str, list[str]]:
    """Rows by their names; names hold single spaces, cells two between them."""
    rows = [[part.strip() for part in line.split("  ") if part.strip()] for line in text.splitlines()]
    return {row[0]: row[1:] for row in rows}


def test_the_audit_table_prints_rows_by_named_segments() -> None:
    told = cells(repr(build_up(LOSSES, LOADINGS)))
    assert told["currency of the losses a year"] == ["all", "fire", "pests"]
    assert told["pure premium"] == ["350,000", "50,000", "300,000"]
    assert told["expenses"] == ["43,750", "6,250", "37,500"]
    assert told["gross premium"] == ["437,500", "62,500", "375,000"]
    assert told["loss ratio"] == ["80.0%", "80.0%", "80.0%"]
    # 50,000 sqrt(n / (n - 1)) / sqrt(1,000), over 0.8 for the gross premium
    assert told["± pure premium"] == ["1,600", "1,600", "0"]
    assert told["± gross premium"] == ["2,000", "2,000", "0"]


def test_a_frame_has_the_rows_and_the_ratios_by_segment() -> None:
    premium = build_up(LOSSES, LOADINGS)
    frame = premium.to_frame()
    assert list(frame.columns) == ["all", "fire", "pests"]
    assert list(frame.index[: len(premium.rows)]) == list(premium.rows)
    assert frame.loc["gross_premium", "fire"] == pytest.approx(62_500.0)
    assert frame.loc["loss_ratio", "all"] == pytest.approx(0.8)
    assert frame.loc["error_of_gross_premium", "pests"] == pytest.approx(0.0, abs=1e-6)


def test_given_names_go_before_those_of_the_columns() -> None:
    assert build_up(LOSSES, LOADINGS, ["a", "b"]).segments == ("all", "a", "b")
    assert build_up(LOSSES.to_numpy(), LOADINGS, pd.Index(["a", "b"])).segments == ("all", "a", "b")
    with pytest.raises(ArgumentError, match="0 names, 2 losses"):
        build_up(LOSSES.to_numpy(), LOADINGS)
    with pytest.raises(ArgumentError, match="total's name"):
        build_up(LOSSES.rename(columns={"fire": "all"}), LOADINGS)


def test_of_many_segments_the_first_are_shown() -> None:
    book = pd.DataFrame(np.ones((200, 40))).add_prefix("city ")
    text = repr(build_up(book, LOADINGS))
    assert text.splitlines()[-1] == "and 29 segments more, see to_frame()"
    assert max(len(line) for line in text.splitlines()) <= 100


def test_the_premium_of_a_law_says_that_its_error_is_one_of_calculation() -> None:
    law = CompoundDistribution(Poisson(2.0), Discrete([1000.0, 5000.0], [0.5, 0.5]))
    text = repr(build_up(law.aggregate(), LOADINGS))
    assert text.splitlines()[0] == "PremiumBuildUp, ± the error of the calculation"
    assert cells(text)["pure premium"] == ["6,000.0"]


def test_a_rate_from_experience_prints_what_it_rests_on() -> None:
    text = repr(experience_rate(12.0, [100.0, 200.0, 60.0], [10.0, 20.0, 30.0], 0.5))
    told = cells(text)
    assert (told["experience"][0], told["loss cost"], told["modification"]) == ("6", ["9"], ["0.7500"])
    assert "3 years, losses of 360 on an exposure of 60, 0 capped" in text
