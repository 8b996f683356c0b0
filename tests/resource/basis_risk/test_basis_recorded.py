# SPDX-License-Identifier: Apache-2.0
"""A recorded loss: years, money and treatment by hand, faults with their place and mend."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from greenrisk.core.cards import read_card
from greenrisk.core.errors import GreenRiskError
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import find
from greenrisk.core.marked_yaml import key_text
from greenrisk.core.sources import Sources
from greenrisk.resource.basis_risk.loss_spec import RecordedLoss
from greenrisk.resource.basis_risk.recorded import (
    UNIT_COST,
    YearLoss,
    limited,
    read_loss,
    treat_loss,
    wanted_cost,
)
from greenrisk.resource.index_cover.changes import Changes, detect_changes

YEARS = np.arange(2001, 2021)
FLAT = detect_changes(YEARS, np.tile([1.0, 2.0, 1.5, 2.5], 5), seed=1)


def spec(file: str, unit: str = "CNY", **more: object) -> RecordedLoss:
    series = {"kind": "table", "file": file, "value": "loss", "unit": unit}
    return RecordedLoss.model_validate({"kind": "recorded", "series": series, **more})


def read(folder: Path, text: str, unit: str = "CNY", **more: object) -> tuple[YearLoss | None, Sources]:
    (folder / "losses.csv").write_text(text, encoding="utf-8")
    sources = Sources(folder, lambda path: f"my.yaml:{key_text(path)}", Ledger())
    return read_loss(spec("losses.csv", unit, **more), sources), sources


def told(sources: Sources) -> str:
    with pytest.raises(GreenRiskError) as raised:
        sources.raise_if_any()
    return str(raised.value)


def test_years_are_read_as_they_stand(tmp_path: Path) -> None:
    loss, sources = read(tmp_path, "year,loss\n2001,5\n2002,0\n2003,7.5\n")
    assert loss is not None
    assert loss.year.tolist() == [2001, 2002, 2003]
    assert loss.amount.tolist() == [5.0, 0.0, 7.5]
    assert loss.origin.rows == {2, 3, 4}
    assert loss.money(None).tolist() == [5.0, 0.0, 7.5]
    assert not len(sources.faults)


def test_months_are_summed_and_a_year_that_lacks_one_is_not_known(tmp_path: Path) -> None:
    rows = [f"{year},{month},{month}" for year in (2001, 2002, 2003) for month in range(1, 13)]
    # 2001 begins in March; of 2002 a month is empty
    rows = [row for row in rows if row not in ("2001,1,1", "2001,2,2")]
    rows[rows.index("2002,7,7")] = "2002,7,"
    loss, sources = read(tmp_path, "\n".join(["year,month,loss", *rows]) + "\n")
    assert loss is not None
    assert loss.year.tolist() == [2001, 2002, 2003]
    assert np.isnan(loss.amount).tolist() == [True, True, False]
    assert loss.amount[2] == 78.0
    assert any("2 of 3 years are not complete" in entry.detail for entry in sources.ledger)


def test_days_of_a_leap_year_are_summed(tmp_path: Path) -> None:
    days = np.arange("2020-01-01", "2021-01-01", dtype="datetime64[D]")
    loss, _ = read(tmp_path, "date,loss\n" + "".join(f"{day},2\n" for day in days))
    assert loss is not None
    assert loss.amount.tolist() == [732.0]


def test_hectares_become_money_by_the_card(tmp_path: Path) -> None:
    loss, _ = read(tmp_path, "year,loss\n2001,5\n2002,1\n", "ha", cost="fire-restoration-cost-judged")
    assert loss is not None
    assert loss.money({"cost_per_ha": 12000.0}).tolist() == [60000.0, 12000.0]


def test_the_shipped_card_fills_the_role() -> None:
    path = find("models", "fire-restoration-cost-judged")
    assert path is not None
    card = read_card(path)
    assert card.use == UNIT_COST.use
    assert {name: one.unit for name, one in card.parameters.items()} == UNIT_COST.units
    assert wanted_cost(spec("x.csv", "ha", cost=card.name))["unit_cost"].key_path == ("loss", "cost")
    assert wanted_cost(spec("x.csv")) == {}
    assert wanted_cost(None) == {}


@pytest.mark.parametrize(
    ("unit", "more", "message"),
    [
        (
            "mu",
            {},
            "my.yaml:loss.series.unit  unit = mu\n  A loss is in `ha` or `CNY`. Convert it. 1 ha is 15 mu.",
        ),
        ("ha", {}, "my.yaml:loss  cost is missing\n  A loss in ha needs a card of what a hectare costs"),
        (
            "CNY",
            {"cost": "x"},
            "my.yaml:loss.cost  cost = x\n  A loss in CNY needs no cost of a hectare. Leave it out.",
        ),
    ],
)
def test_units_that_do_not_fit_are_refused(
    tmp_path: Path, unit: str, more: dict[str, object], message: str
) -> None:
    loss, sources = read(tmp_path, "year,loss\n2001,5\n2002,1\n", unit, **more)
    assert loss is None
    assert message in told(sources)


def test_a_negative_loss_is_refused_with_its_date_and_the_other_faults(tmp_path: Path) -> None:
    loss, sources = read(tmp_path, "year,loss\n2001,5\n2002,-1\n2003,-2\n", "mu")
    assert loss is None
    said = told(sources)
    assert (
        "loss = -1 on 2002-01-01, and 1 more\n  A loss must be 0 or more. Mend the table losses.csv.  [mu]"
        in said
    )
    assert "unit = mu" in said


def changed(verdict: str, break_year: int = -1) -> Changes:
    return replace(FLAT, verdict=verdict, break_year=break_year, shift=999.0)  # type: ignore[arg-type]


def test_a_line_is_taken_out_of_the_loss_by_its_own_slope() -> None:
    # 100 - 2 t and a wave that no line sees: both end at the level of the last year
    wave = np.tile([1.0, -1.0, -1.0, 1.0], 5)
    _, treated = treat_loss(
        YEARS, 100 - 2.0 * np.arange(20) + wave, "linear", changed("trend"), "plain", Ledger()
    )
    assert treated == pytest.approx(100 - 2.0 * 19 + wave, abs=1e-9)


def test_a_line_of_logarithms_multiplies_the_loss() -> None:
    wave = np.exp(np.tile([0.1, -0.1, -0.1, 0.1], 5))
    falling = 100 * 0.9 ** np.arange(20) * wave
    _, treated = treat_loss(YEARS, falling, "linear", changed("trend"), "log", Ledger())
    assert treated == pytest.approx(100 * 0.9**19 * wave, rel=1e-9)


def test_a_step_is_moved_at_the_break_of_the_index_by_the_means_of_the_loss() -> None:
    loss = np.where(YEARS <= 2008, 50.0, 20.0) + np.tile([1.0, -1.0], 10)
    _, treated = treat_loss(YEARS, loss, "step", changed("step", 2008), "plain", Ledger())
    assert treated == pytest.approx(20 + np.tile([1.0, -1.0], 10))


def test_only_years_after_the_break_of_the_index_are_kept() -> None:
    year, treated = treat_loss(YEARS, np.arange(20.0), "post_break", changed("step", 2008), "plain", Ledger())
    assert year.tolist() == YEARS.tolist()
    assert np.isnan(treated).sum() == 8
    assert treated[8:].tolist() == list(range(8, 20))


def test_losses_below_nothing_are_floored_and_those_above_the_limit_cut_and_both_told() -> None:
    ledger = Ledger()
    # the line ends at 8 - 0.3 * 19 = 2.3: ten years at -0.7, ten at 5.3
    falling = 8.0 - 0.3 * np.arange(20) + 3.0 * np.tile([1.0, -1.0, -1.0, 1.0], 5)
    _, treated = treat_loss(YEARS, falling, "linear", changed("trend"), "plain", ledger)
    assert limited(treated, None, ledger) is treated
    assert limited(treated, 2.0, ledger) == pytest.approx(np.tile([2.0, 0.0, 0.0, 2.0], 5))
    assert {entry.kind: entry.count for entry in ledger} == {"floored": 10, "clipped": 10}


def test_logarithms_of_a_year_without_loss_and_a_line_across_a_step_are_refused() -> None:
    with pytest.raises(GreenRiskError, match="values above 0"):
        treat_loss(YEARS, np.arange(20.0), "linear", changed("trend"), "log", Ledger())
    with pytest.raises(GreenRiskError, match="step after 2008"):
        treat_loss(YEARS, np.arange(1.0, 21.0), "linear", changed("step", 2008), "plain", Ledger())
