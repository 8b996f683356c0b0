# SPDX-License-Identifier: Apache-2.0
"""The road of one file: from a name, a path or an object to a result and its run folder."""

from __future__ import annotations

import hashlib
import json
import shlex
from pathlib import Path

import pytest
import xarray as xr
from small_forest import greenrisk_command, small_forest, small_run

import greenrisk
from greenrisk.core.errors import RunError, ScenarioError
from greenrisk.engine.result import Progress
from greenrisk.report.store import write_netcdf


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_forest(tmp_path_factory.mktemp("road"), two_perils=True)


@pytest.fixture(scope="module")
def result(scenario: Path) -> greenrisk.RunResult:
    return greenrisk.run(scenario, out=scenario.parent / "run")


def test_a_run_without_out_writes_nothing(
    scenario: Path, result: greenrisk.RunResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    again = greenrisk.run(scenario)
    assert list(tmp_path.iterdir()) == []
    xr.testing.assert_identical(again.tree, result.tree)


def test_a_result_and_a_scenario_are_printed_in_a_few_lines(
    scenario: Path, result: greenrisk.RunResult
) -> None:
    first, figures, groups = repr(result).splitlines()
    assert first.startswith("RunResult of small-forest: ")
    assert (
        figures
        == f"  .metrics  {len(result.metrics)} figures; .ledger  {len(result.ledger)} lines; .manifest"
    )
    assert groups.startswith("  .tree     losses, ")
    assert repr(greenrisk.load(scenario)) == f"Scenario(forest: small-forest, from {scenario})"


def test_workers_do_not_change_a_bit_of_results_nc(
    scenario: Path, result: greenrisk.RunResult, tmp_path: Path
) -> None:
    for workers in (2, 3):
        again = greenrisk.run(scenario, workers=workers)
        write_netcdf(again.tree, tmp_path / "results.nc")
        same = (tmp_path / "results.nc").read_bytes()
        assert same == (scenario.parent / "run" / "results.nc").read_bytes()


def test_overrides_reach_the_run_and_the_command(scenario: Path) -> None:
    result = greenrisk.run(scenario, years=1000, **{"terms.annual_limit_cny": 2_000_000})
    assert result.tree["losses"].sizes["year"] == 1000
    # the last digit is that of a sum of shares
    assert float(result.tree["losses"]["loss"].sel(layer="gross").max()) <= 2_000_000 * (1 + 1e-12)
    words = shlex.split(result.manifest["command"])
    assert words[:3] == ["greenrisk", "run", str(scenario)]
    assert words[3:] == ["--set", "years=1000", "--set", "terms.annual_limit_cny=2000000"]


def test_a_scenario_and_a_spec_built_in_python_run_too(
    scenario: Path, result: greenrisk.RunResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(scenario.parent)
    loaded = greenrisk.load(scenario)
    xr.testing.assert_identical(greenrisk.run(loaded).tree, result.tree)
    xr.testing.assert_identical(greenrisk.run(loaded.spec).tree, result.tree)
    shorter = greenrisk.run(loaded.spec, years=1000)
    assert shorter.tree["losses"].sizes["year"] == 1000
    with pytest.raises(ScenarioError, match="years"):
        greenrisk.run(loaded.spec, years=0)


def test_a_folder_in_the_way_is_told_before_any_work(scenario: Path, result: greenrisk.RunResult) -> None:
    told: list[Progress] = []
    with pytest.raises(RunError, match="exists and is not empty"):
        greenrisk.run(scenario, out=scenario.parent / "run", progress=told.append)
    assert told == []


def test_the_manifest_names_every_input_with_its_sha256(scenario: Path, result: greenrisk.RunResult) -> None:
    manifest = json.loads((scenario.parent / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest == dict(result.manifest)
    book = hashlib.sha256((scenario.parent / "book.csv").read_bytes()).hexdigest()
    hashes = manifest["inputs_sha256"]
    assert hashes["table book.csv"] == book
    assert manifest["settings"]["seed"] == 2027
    assert manifest["settings"]["block_length"] == 1000


def test_the_manifest_names_the_cards_of_every_peril(tmp_path_factory: pytest.TempPathFactory) -> None:
    manifest = json.loads((small_run(tmp_path_factory) / "manifest.json").read_text(encoding="utf-8"))
    perils = ("storm", "snow-ice", "drought", "flood", "pest")
    fire = (
        "wildfire-jiangxi",
        "fire-size-jiangxi",
        "fire-tail-portugal",
        "fire-damage-judged",
        "jingdezhen-local",
    )
    common = ("nonfire-cost-jiangxi", "premium-loadings-judged")
    cards = {f"card {name}" for name in (*fire, *(f"{kind}-judged" for kind in perils), *common)}
    assert cards <= set(manifest["inputs_sha256"])


def test_the_scenario_in_the_manifest_repeats_the_run(
    scenario: Path, result: greenrisk.RunResult, tmp_path: Path
) -> None:
    (tmp_path / "book.csv").write_bytes((scenario.parent / "book.csv").read_bytes())
    (tmp_path / "again.yaml").write_text(result.manifest["scenario"], encoding="utf-8")
    done = greenrisk_command("run", "again.yaml", "--out", "run", "--quiet", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    same = (tmp_path / "run" / "results.nc").read_bytes()
    assert same == (scenario.parent / "run" / "results.nc").read_bytes()


def test_the_command_in_the_manifest_repeats_the_run(tmp_path: Path) -> None:
    settings = {"years": 1000, "knowledge.draws": 20, "knowledge.years": 1000, "perils[0].cap_ha": 500.5}
    settings["terms_alternatives.years"] = 1000
    first = greenrisk.run("forest-jingdezhen", **settings)
    program, *words = shlex.split(first.manifest["command"])
    assert program == "greenrisk"
    done = greenrisk_command(*words, "--out", "run", "--quiet", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == first.manifest["command"]
    with xr.open_datatree(tmp_path / "run" / "results.nc", engine="h5netcdf") as tree:
        xr.testing.assert_equal(tree["losses"].to_dataset(), first.tree["losses"].to_dataset())


def test_metrics_is_a_table_with_the_dims_as_dicts(result: greenrisk.RunResult) -> None:
    metrics = result.metrics
    layer = metrics["dims"].map(lambda dims: dims.get("layer"))
    gross = metrics[(metrics["name"] == "average_annual_loss") & (layer == "gross")]
    assert len(gross) == 1
    losses = result.tree["losses"]["loss"].sel(layer="gross").values
    assert gross["value"].item() == pytest.approx(losses.mean(), rel=1e-12)
