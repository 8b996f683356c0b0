# SPDX-License-Identifier: Apache-2.0
"""The script of the index-cover benchmark writes its tables between marks of the page, and both sides agree."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import index_cover
import plain_index
from readme_tables import README

from greenrisk.core.streams import stream
from greenrisk.resource.index_cover.burn import block_years_drawn


def test_every_table_of_the_script_has_its_marks() -> None:
    text = README.read_text(encoding="utf-8")
    for name in ("index-machine", "index-speed", "index-memory"):
        assert text.count(f"<!-- {name} -->\n") == text.count(f"<!-- /{name} -->\n") == 1


def test_both_sides_price_the_same_covers() -> None:
    days = np.arange("1901-01-01", "1913-01-01", dtype="datetime64[D]")
    values = index_cover.invented(6, days.size, 3)
    values[2] = 50.0
    drawn = block_years_drawn(12, 80, index_cover.BLOCK_YEARS, stream(index_cover.SEED, "index", "burn"))
    _, ours = index_cover.ours(values, days, 80)
    _, theirs = index_cover.theirs(values, days, drawn)
    for name in ("mean", "error", "low", "high"):
        np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-12, atol=1e-9)
    # A site that never falls below the threshold is never paid; the others are.
    assert ours["mean"][2] == 0.0
    assert (np.delete(ours["mean"], 2) > 0.0).all()
    whole = plain_index.price(values, plain_index.pd.DatetimeIndex(days), plain_index.Terms(), drawn)
    np.testing.assert_allclose(whole["mean"], ours["mean"], rtol=1e-12, atol=1e-9)


def test_the_speed_table_has_a_row_for_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_cover, "AT_A_TIME", 4)
    rows = index_cover.speed(6, 10, 50, 2)
    assert [row.split("|")[1].strip() for row in rows[2:6]] == ["days below", "payouts", "resamples", "all"]
    assert "(4 sites)" in rows[0]
    apart = re.search(r"at most (\S+) of themselves", rows[-1])
    assert apart is not None
    assert float(apart.group(1)) < 1e-12
