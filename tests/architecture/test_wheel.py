# SPDX-License-Identifier: Apache-2.0
"""The wheel works without the checkout: built, installed into a fresh environment, run by name elsewhere.

No network: hatchling builds without isolation, and the fresh environment sees the dependencies of the running one
through a ``.pth`` line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SMALL = ["--years", "1000"] + [
    word
    for key in ("knowledge.draws=20", "knowledge.years=1000", "terms_alternatives.years=1000")
    for word in ("--set", key)
]


def run(*words: str | Path, folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"PYTHONUTF8": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=ROOT)
    (built,) = folder.glob("greenrisk-*.whl")
    return built


def test_the_wheel_holds_the_library_and_every_file_the_code_reads(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("greenrisk/")}
    expected = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "greenrisk").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    for shelf in ("models", "scenarios", "data"):
        expected |= {
            f"greenrisk/_library/{path.relative_to(ROOT).as_posix()}"
            for path in (ROOT / shelf).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
    assert packed == expected


def test_the_installed_wheel_runs_a_scenario_by_name_outside_the_checkout(
    wheel: Path, tmp_path: Path
) -> None:
    home = tmp_path / "environment"
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    run(python, "-m", "pip", "install", "--no-deps", "--no-index", wheel, folder=tmp_path)
    packages = Path(
        run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=tmp_path).strip()
    )
    seen = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "running.pth").write_text("\n".join(sorted(seen)) + "\n", encoding="utf-8")

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    where = run(python, "-c", "import greenrisk; print(greenrisk.__file__)", folder=elsewhere).strip()
    assert Path(where) == packages / "greenrisk" / "__init__.py"

    run(scripts / "greenrisk", "run", "forest-jingdezhen", *SMALL, "--out", "run", folder=elsewhere)
    assert {path.name for path in elsewhere.iterdir()} == {"run"}
    document = json.loads((elsewhere / "run" / "metrics.json").read_text(encoding="utf-8"))
    assert any(metric["name"] == "gross_premium" for metric in document["metrics"])
    assert (elsewhere / "run" / "report.html").stat().st_size > 10_000
