# SPDX-License-Identifier: Apache-2.0
"""The names of risks are kept, and credibility models print as tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from greenrisk.actuarial.credibility.hierarchical import hierarchical
from greenrisk.actuarial.credibility.models import buhlmann, buhlmann_straub
from greenrisk.actuarial.credibility.regression import trend_credibility
from greenrisk.core.errors import ArgumentError

STATES = ["Sichuan", "Yunnan", "Guizhou"]
RATIOS = pd.DataFrame(
    [[1738.0, 1642.0, 1794.0, 2051.0], [1364.0, 1408.0, 1597.0, 1444.0], [1759.0, 1685.0, 1479.0, 1763.0]],
    index=STATES,
)
WEIGHTS = pd.DataFrame(
    [[7861.0, 9251.0, 8706.0, 8575.0], [1622.0, 1742.0, 1523.0, 1515.0], [1147.0, 1357.0, 1329.0, 1204.0]],
    index=STATES,
)


def test_a_model_keeps_the_labels_of_the_rows() -> None:
    model = buhlmann_straub(RATIOS, WEIGHTS)
    assert model.labels == tuple(STATES)
    assert [line.split()[0] for line in repr(model).splitlines()[:4]] == ["risk", *STATES]
    frame = model.to_frame()
    assert list(frame.index) == STATES
    assert frame.loc["Yunnan", "premium"] == model.premium[1]
    assert buhlmann_straub(RATIOS.to_numpy(), WEIGHTS).labels == tuple(STATES)


def test_without_labels_risks_are_numbered() -> None:
    model = buhlmann(RATIOS.to_numpy().tolist())
    assert model.labels == (0, 1, 2)
    assert list(model.to_frame().index) == [0, 1, 2]
    assert repr(model) == str(model)


def test_tables_whose_rows_stand_in_another_order_are_refused() -> None:
    with pytest.raises(ArgumentError, match="row 0 of weights is Guizhou, of ratios Sichuan"):
        buhlmann_straub(RATIOS, WEIGHTS.iloc[::-1])
    with pytest.raises(ArgumentError, match=r"weights\.to_numpy\(\)"):
        buhlmann_straub(RATIOS, WEIGHTS.reset_index(drop=True))
    with pytest.raises(ArgumentError, match="columns of weights in the order 3, 2, 1, 0"):
        buhlmann_straub(RATIOS, WEIGHTS.iloc[:, ::-1])
    assert buhlmann_straub(RATIOS, WEIGHTS.to_numpy()).labels == tuple(STATES)


def test_a_hierarchy_prints_a_table_a_level_and_names_the_risks() -> None:
    found = hierarchical(RATIOS, WEIGHTS, {"basin": ["upper", "upper", "lower"]})
    assert found.levels[-1].labels == tuple(STATES)
    tables = repr(found).split("\n\n")
    assert [part.split()[0] for part in tables] == ["basin", "risk", "collective"]
    assert tables[0].splitlines()[1].startswith("upper")
    assert tables[1].splitlines()[3].startswith("Guizhou")
    assert list(found.levels[0].to_frame().index) == ["upper", "lower"]


def test_trends_print_levels_and_slopes_of_named_risks() -> None:
    model = trend_credibility(RATIOS, WEIGHTS, np.arange(4.0))
    lines = repr(model).splitlines()
    assert [line.split()[0] for line in lines[1:4]] == STATES
    assert lines[4].startswith("levels at time")
    assert max(len(line) for line in lines) <= 100


def test_of_a_thousand_risks_some_are_shown() -> None:
    rng = np.random.default_rng(3)
    model = buhlmann(rng.gamma(2.0, 1.0, (1000, 1)) + rng.normal(0.0, 0.1, (1000, 4)))
    assert len(repr(model).splitlines()) < 40
    assert "... 970 more" in repr(model)
    assert len(model.to_frame()) == 1000
