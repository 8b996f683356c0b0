# SPDX-License-Identifier: Apache-2.0
"""``greenrisk freeze``: what it prints is what the window gives, can be pasted as it is, and can be checked later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from ruamel.yaml import YAML

from greenrisk.cli.main import cli
from greenrisk.core.ledger import Ledger
from greenrisk.core.sources import Sources
from greenrisk.resource.index_cover.freezing import freeze
from greenrisk.resource.index_cover.index_reading import make_index
from greenrisk.resource.index_cover.series_reading import read_series
from greenrisk.scenario.load import load

SCENARIO = """\
kind: index
name: dry-spring
title: Rain of spring
underwriting_year: 2011
price_year: 2025
series:
  rain: {kind: table, file: rain.csv, value: rain_mm, unit: mm}
  stage: {kind: table, file: not-there.csv, value: level, unit: m}
indices:
  drought:
    kind: spi
    series: rain
    scale: 3
    calibration: [1961, 1990]
    zero_rule: classic
    season: {first: "03-01", last: "05-31"}
covers:
  - name: drought
    payout: {kind: linear, index: drought, pays: below, trigger: -1, exit: -2.5}
    sum_insured_cny: 1000000
"""

Freeze = Callable[..., Result]


def rain() -> np.ndarray:
    """Invented rain of 1951 to 2010 by year and month, nothing in half of the months."""
    draw = np.random.default_rng(20260106)
    return np.where(draw.random((60, 12)) < 0.5, 0.0, draw.gamma(1.5, 30.0, (60, 12))).round(1)


def write(folder: Path, values: np.ndarray, scenario: str = SCENARIO) -> None:
    rows = [f"{1951 + y},{m + 1},{values[y, m]}" for y in range(60) for m in range(12)]
    (folder / "rain.csv").write_text("\n".join(["year,month,rain_mm", *rows, ""]), encoding="utf-8")
    (folder / "dry-spring.yaml").write_text(scenario, encoding="utf-8")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Freeze:
    """Run ``greenrisk freeze`` beside the scenario."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, rain())

    def freeze_it(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(cli, ["freeze", "dry-spring.yaml", *words])
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result

    return freeze_it


def pasted(printed: str) -> str:
    """Return the scenario with what the command prints at the index, as a user would paste it."""
    below = printed.split("  drought:\n")[1]
    return SCENARIO.replace("    zero_rule: classic\n", f"    zero_rule: classic\n{below}")


def test_what_is_printed_is_thoms_estimate_of_the_window(run: Freeze) -> None:
    held = YAML(typ="safe").load(run().output)["indices"]["drought"]["frozen"]
    flat = rain().ravel()
    sums = np.convolve(flat, np.ones(3))[: flat.size].reshape(60, 12)[10:40]
    wet = np.where(sums > 0, sums, np.nan)
    gap = np.log(np.nanmean(wet, axis=0)) - np.nanmean(np.log(wet), axis=0)
    alpha = (1 + np.sqrt(1 + 4 * gap / 3)) / (4 * gap)
    np.testing.assert_allclose(held["alpha"], alpha, rtol=1e-9)
    np.testing.assert_allclose(held["beta"], np.nanmean(wet, axis=0) / alpha, rtol=1e-9)
    assert max(held["prob_zero"]) > 0.1
    np.testing.assert_allclose(held["prob_zero"], (sums == 0).mean(axis=0), atol=1e-9)


def test_what_is_printed_can_be_pasted_and_is_as_the_data_give_it(run: Freeze, tmp_path: Path) -> None:
    printed = run().output
    assert "frozen:  # fitted on 1961 to 1990\n" in printed
    write(tmp_path, rain(), pasted(printed))
    assert run("--check").output == "drought: as the data give it.\n"
    assert run().output == printed
    loaded = load("dry-spring.yaml")
    sources = Sources(tmp_path, loaded.where, Ledger())
    read = read_series("rain", loaded.spec.series["rain"], ("series", "rain"), sources)
    index = make_index("drought", loaded.spec.indices["drought"], {"rain": read}, ("indices",), sources, 2011)
    sources.raise_if_any()
    assert index is not None
    assert index.year.tolist() == list(range(1951, 2011))
    assert np.isfinite(index.value).all()


def test_revised_data_are_refused_by_the_check_with_what_they_move(run: Freeze, tmp_path: Path) -> None:
    held = pasted(run().output)
    revised = rain()
    revised[20, 3] += 200.0
    write(tmp_path, revised, held)
    told = run("--check", code=2).output
    line = 1 + held.splitlines().index("    frozen:  # fitted on 1961 to 1990")
    start = f"dry-spring.yaml:{line}:5  indices.drought.frozen\n  The data give other parameters now: up to "
    assert told.startswith(start)
    assert told.endswith("1 fault.\n")


def test_a_scenario_without_parameters_fails_the_check(run: Freeze) -> None:
    told = run("--check", code=2).output
    assert "indices.drought.frozen is missing\n  Paste what `greenrisk freeze` prints.\n" in told


def test_a_month_without_any_rain_has_no_law(run: Freeze, tmp_path: Path) -> None:
    desert = rain()
    desert[:, 5:8] = 0.0
    write(tmp_path, desert)
    told = run(code=2).output
    assert "indices.drought.calibration = [1961, 1990]" in told
    assert (
        "Sums of 3 months that end in month 8 have no rain, or one amount, in every year of the window"
        in told
    )


def test_faults_of_the_window_are_those_of_a_run(run: Freeze, tmp_path: Path) -> None:
    write(tmp_path, rain(), SCENARIO.replace("[1961, 1990]", "[1940, 1960]"))
    told = run(code=2).output
    assert "The window has 21 years; 30 or more are needed." in told
    assert "The series `rain` holds the whole years 1951 to 2010" in told
    assert told.endswith("2 faults.\n")


def test_a_scenario_without_such_an_index_is_told_so(run: Freeze, tmp_path: Path) -> None:
    bare = (
        SCENARIO.split("    kind: spi")[0] + "    {kind: season_value, series: rain, statistic: sum}\ncovers:"
    )
    write(tmp_path, rain(), bare + SCENARIO.split("covers:")[1])
    assert "there is nothing to freeze" in run(code=2).output


def test_the_part_of_another_study_is_named_by_its_key(tmp_path: Path) -> None:
    write(tmp_path, rain())
    part = load(tmp_path / "dry-spring.yaml").spec
    sources = Sources(tmp_path, lambda path: ".".join(map(str, path)), Ledger())
    wrong = part.model_copy(
        update={
            "indices": {"drought": part.indices["drought"].model_copy(update={"calibration": (1961, 2011)})}
        }
    )
    assert freeze(wrong, 2011, sources, ("index",)) == {}
    assert {fault.where for fault in sources.faults} == {"index.indices.drought.calibration"}


def test_what_is_printed_for_a_wetland_stands_under_its_key(run: Freeze, tmp_path: Path) -> None:
    """The shipped wetland scenario with its index part replaced by the one above."""
    marked = YAML(typ="safe")
    held, own = load("wetland-manaus").path, marked.load(SCENARIO)
    assert held is not None
    scenario = marked.load(held.read_text(encoding="utf-8"))
    scenario["index"] = {key: own[key] for key in ("series", "indices", "covers")}
    scenario["link"] = dict(scenario.get("link") or {}) | {"index": "drought"}
    scenario["underwriting_year"] = 2011
    with (tmp_path / "dry-spring.yaml").open("w", encoding="utf-8") as file:
        marked.dump(scenario, file)
    printed = run().output
    assert printed.startswith("index:\n  indices:\n    drought:\n      frozen:  # fitted on 1961 to 1990\n")
    assert marked.load(printed)["index"]["indices"]["drought"]["frozen"].keys() == {
        "alpha",
        "beta",
        "prob_zero",
    }
