# SPDX-License-Identifier: Apache-2.0
"""docs/explanation/forest.md says what its scripts compute, whatever that is."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from greenrisk.core.cards import read_card

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/explanation/forest.md").read_text(encoding="utf-8")


def script(name: str) -> ModuleType:
    """Import a script of benchmarks/ by its path."""
    spec = importlib.util.spec_from_file_location(f"script_{name}", ROOT / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def block(name: str) -> str:
    """Return what stands between two marks of the page."""
    found = re.search(rf"<!-- {name}: made by [^>]*-->\n(.*?)\n?<!-- /{name} -->", PAGE, re.DOTALL)
    assert found, name
    return found[1]


@pytest.fixture(scope="module")
def backtest():
    module = script("backtest_fire_counts")
    tail = read_card(ROOT / "models/fire-tail-portugal.yaml")
    return module, module.backtest(ROOT / "data" / module.TABLE, tail)


@pytest.mark.slow
def test_the_out_of_sample_table_is_the_one_computed(backtest):
    module, results = backtest
    assert block("backtest") == module.markdown(results), (
        "Refresh with `python benchmarks/backtest_fire_counts.py --write`, and read what the page says about it."
    )


@pytest.mark.slow
def test_what_the_page_says_of_the_out_of_sample_table_holds(backtest):
    _, results = backtest
    for kind in ("fires", "area"):
        scores = results[kind]
        model, plain, recent = (
            scores[name] for name in ("the model", "mean of 2009-2015", "mean of 2013-2015")
        )
        # "less than half that of the plain burning cost, and better than that of a mean of the last three years"
        assert model["crps"][0] < plain["crps"][0] / 2
        assert model["crps"][0] < recent["crps"][0]
        # "its 90 % intervals hold more than 90 %; the burning costs' intervals hold too little"
        assert model["coverage"][0] > 0.9 > max(plain["coverage"][0], recent["coverage"][0])
    guangdong = [
        results[kind][name]["by_province"]["Guangdong"]["crps"]
        for kind in ("fires", "area")
        for name in ("the model", "mean of 2009-2015")
    ]
    # "in Guangdong the model is no better for fires and worse for area"
    assert guangdong[0] > guangdong[1] - 0.02
    assert guangdong[2] > guangdong[3]
    # "a twentieth of the score against a straight line in time, nothing against one damping for all provinces"
    gain = results["fires"]["gain"]
    assert gain["the model, trend not damped"][0] / results["fires"]["the model"]["crps"][0] == pytest.approx(
        0.05, abs=0.03
    )
    together = gain["the model, one damping for all provinces"]
    assert abs(together[0]) < together[1]
    assert results["area"]["the model"]["below_median"][0] > 0.5


def test_the_other_tables_are_the_ones_computed():
    module = script("forest_evidence")
    for name, text in module.tables().items():
        assert block(name) == text, f"{name}: refresh with `python benchmarks/forest_evidence.py --write`."
