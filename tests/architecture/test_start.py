# SPDX-License-Identifier: Apache-2.0
"""What starting costs: help needs click alone, importing the package needs nothing; the public names."""

from __future__ import annotations

import importlib
import importlib.util
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import greenrisk

ROOT = Path(__file__).parents[2]


def modules_after(code: str) -> set[str]:
    """Return the top-level modules outside the standard library that are loaded after some code ran."""
    program = (
        f"import sys, io, contextlib\nbefore = set(sys.modules)\n"
        f"with contextlib.redirect_stdout(io.StringIO()):\n    try:\n        {code}\n"
        "    except SystemExit:\n        pass\n"
        "import json\nprint(json.dumps(sorted({m.split('.')[0] for m in set(sys.modules) - before})))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout)) - set(sys.stdlib_module_names) - {"greenrisk"}


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["run", "--help"], ["report", "--help"], ["grade", "--help"]]
)
def test_help_imports_click_alone(words: list[str]) -> None:
    assert modules_after(f"from greenrisk.cli.main import cli; cli({words!r})") == {"click"}


def test_importing_the_package_imports_nothing_else() -> None:
    assert modules_after("import greenrisk; greenrisk.__version__; dir(greenrisk)") == set()


def test_the_public_names_are_listed_and_found() -> None:
    assert set(greenrisk.__all__) <= set(dir(greenrisk))
    for name in greenrisk.__all__:
        assert getattr(greenrisk, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'rnu'"):
        greenrisk.rnu  # type: ignore[attr-defined]  # noqa: B018


def test_the_actuarial_names_are_imported_when_used_and_hide_no_module() -> None:
    assert modules_after("import greenrisk.actuarial as a; dir(a)") == set()
    actuarial = importlib.import_module("greenrisk.actuarial")
    for name in actuarial.__all__:
        assert getattr(actuarial, name) is not None
        # A module of the same name would take its place as soon as somebody imports it.
        assert importlib.util.find_spec(f"greenrisk.actuarial.{name}") is None, name
    with pytest.raises(AttributeError, match="no attribute 'Lognormla'"):
        actuarial.Lognormla  # noqa: B018


def test_the_version_is_stated_once_and_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert greenrisk.__version__ == project["version"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {greenrisk.__version__}\n" in citation


def test_python_m_greenrisk_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "greenrisk", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"greenrisk, version {greenrisk.__version__}\n"
