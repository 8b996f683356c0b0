# SPDX-License-Identifier: Apache-2.0
"""What an interrupted run leaves, and when it may be continued."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from coin_job import CoinJob, CoinScenario, coin

from greenrisk.core.errors import RunError
from greenrisk.engine.checkpoint import IDENTITY, Checkpoint, identity
from greenrisk.engine.run import run


def interrupted(folder: Path, blocks: int = 3) -> None:
    """Leave what a run that was killed after some blocks leaves."""
    job, scenario = coin()
    checkpoint = Checkpoint(folder)
    checkpoint.start(identity(job, scenario.spec.model_dump(mode="json")))
    for block in range(blocks):
        checkpoint.write(block, job.run_block(block))


def faults_of(job: CoinJob, folder: Path) -> list[str]:
    from greenrisk.scenario.schema import Scenario

    with pytest.raises(RunError) as caught:
        run(job, scenario=Scenario(job.spec), partial=folder, resume=True)
    return [fault.what for fault in caught.value.faults]


def test_resume_uses_the_finished_parts(tmp_path: Path) -> None:
    interrupted(tmp_path / "run.partial")
    job, scenario = coin()
    result = run(job, scenario=scenario, partial=tmp_path / "run.partial", resume=True)
    assert result.manifest["parts"] == {"computed": 5, "reused": 3, "damaged": 0}


def test_resume_without_parts_is_a_plain_start(tmp_path: Path) -> None:
    job, scenario = coin()
    result = run(job, scenario=scenario, partial=tmp_path / "run.partial", resume=True)
    assert result.manifest["parts"] == {"computed": 8, "reused": 0, "damaged": 0}


def test_an_interrupted_run_is_not_thrown_away_without_being_asked(tmp_path: Path) -> None:
    interrupted(tmp_path / "run.partial")
    job, scenario = coin()
    with pytest.raises(RunError) as caught:
        run(job, scenario=scenario, partial=tmp_path / "run.partial")
    assert str(caught.value) == (
        f"{tmp_path / 'run.partial'}  holds the finished parts of an interrupted run\n"
        "  Continue that run with `--resume`, or delete the folder to start anew.\n"
        "1 fault."
    )


@pytest.mark.parametrize("harm", ["truncated", "flipped", "empty"])
def test_a_damaged_part_is_computed_again(tmp_path: Path, harm: str) -> None:
    folder = tmp_path / "run.partial"
    job, scenario = coin()
    expected = run(job, scenario=scenario).tree["losses"]["loss"].values
    interrupted(folder)
    part = Checkpoint(folder).path(1)
    data = part.read_bytes()
    middle = len(data) // 3
    part.write_bytes(
        {
            "truncated": data[:middle],
            "flipped": data[:middle] + bytes([data[middle] ^ 0x10]) + data[middle + 1 :],
            "empty": b"",
        }[harm]
    )
    result = run(job, scenario=scenario, partial=folder, resume=True)
    assert result.manifest["parts"] == {"computed": 6, "reused": 2, "damaged": 1}
    assert result.tree["losses"]["loss"].values.tobytes() == expected.tobytes()


def test_a_part_that_vanishes_before_the_end_is_named(tmp_path: Path) -> None:
    interrupted(tmp_path, blocks=2)
    with pytest.raises(RunError, match=r"part-000002\.npz  is missing or damaged"):
        list(Checkpoint(tmp_path).parts(3))


def test_a_changed_table_is_refused_by_name(tmp_path: Path) -> None:
    interrupted(tmp_path)
    job = CoinJob(CoinScenario(), hashes={"table coin.csv": "bb", "card edge": "cc"})
    assert faults_of(job, tmp_path) == ["card edge is new", "table coin.csv has changed"]


def test_an_input_no_longer_used_is_refused_by_name(tmp_path: Path) -> None:
    interrupted(tmp_path)
    assert faults_of(CoinJob(CoinScenario(), hashes={}), tmp_path) == ["table coin.csv is no longer used"]


def test_a_changed_key_of_the_scenario_is_refused_with_both_values(tmp_path: Path) -> None:
    interrupted(tmp_path)
    job = CoinJob(CoinScenario(probability=0.25), hashes={"table coin.csv": "aa"})
    assert faults_of(job, tmp_path) == ["scenario key probability: 0.5 -> 0.25"]


def test_a_refused_resume_leaves_the_parts_alone(tmp_path: Path) -> None:
    interrupted(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    faults_of(CoinJob(CoinScenario(seed=2)), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        (("code", "greenrisk"), "0" * 64, "the code of greenrisk"),
        (("code", "study"), "0" * 64, "the code of the study"),
        (("libraries", "numpy"), "1.0.0", "library numpy: 1.0.0 -> "),
        (("machine",), "abacus", "the number of blocks, the settings or the kind of machine"),
        (("settings", "block_length"), 49, "the number of blocks, the settings or the kind of machine"),
    ],
)
def test_other_code_or_libraries_are_refused_by_name(
    tmp_path: Path, key: tuple[str, ...], value: object, told: str
) -> None:
    interrupted(tmp_path)
    path = tmp_path / IDENTITY
    written: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    place = written
    for name in key[:-1]:
        place = place[name]
    place[key[-1]] = value
    path.write_text(json.dumps(written), encoding="utf-8")
    (what,) = faults_of(CoinJob(CoinScenario()), tmp_path)
    assert what.startswith(told)


def test_an_unreadable_identity_is_a_fault(tmp_path: Path) -> None:
    interrupted(tmp_path)
    (tmp_path / IDENTITY).write_text("{", encoding="utf-8")
    assert faults_of(CoinJob(CoinScenario()), tmp_path) == ["cannot be read"]


def test_discard_deletes_nothing_but_its_own(tmp_path: Path) -> None:
    interrupted(tmp_path / "a.partial")
    interrupted(tmp_path / "b.partial")
    (tmp_path / "b.partial" / "notes.txt").write_text("mine", encoding="utf-8")
    Checkpoint(tmp_path / "a.partial").discard()
    Checkpoint(tmp_path / "b.partial").discard()
    assert [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*"))] == [
        "b.partial",
        "b.partial/notes.txt",
    ]


def test_a_folder_that_cannot_be_made_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    job, scenario = coin()
    with pytest.raises(RunError, match="cannot be written"):
        run(job, scenario=scenario, partial=tmp_path / "file" / "run.partial")
