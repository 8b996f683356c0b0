# SPDX-License-Identifier: Apache-2.0
"""Who may import whom: the contracts of pyproject.toml hold, and they name every floor that exists."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import greenrisk

PACKAGE = Path(greenrisk.__file__).parent
PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"

FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager"}

LONGEST_FILE = 350
"""Lines; the house says "not much over 300"."""

ONLY_IN = {
    "rich": ["cli/console.py"],
    "matplotlib": ["report/charts/"],
    "pandera": ["core/table_faults.py"],
    "statsmodels": ["actuarial/glm", "issuer/credit/logit"],
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imported_by(path: Path) -> set[str]:
    """Return the top-level names that a file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_the_import_contracts_hold() -> None:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--config", str(PYPROJECT), "--no-cache"],
        cwd=PYPROJECT.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_the_layers_name_every_floor() -> None:
    contracts = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    named = {name for layer in layers for name in layer.split(" | ")}
    folders = {f"greenrisk.{path.parent.name}" for path in PACKAGE.glob("*/__init__.py")}
    rooms = {f"greenrisk.{path.stem}" for path in PACKAGE.glob("*.py") if not path.stem.startswith("__")}
    assert named == folders | rooms


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_the_contract_of_a_heavy_library_names_every_module_outside_its_room(library: str) -> None:
    contracts = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    (sources,) = (c["source_modules"] for c in contracts if c.get("forbidden_modules") == [library])
    for path in modules():
        place = path.relative_to(PACKAGE).as_posix()
        # An __init__ holds a docstring only; the import linter takes a package for all that lies in it.
        if path.stem.startswith("__"):
            continue
        dotted = f"greenrisk.{place.removesuffix('.py').replace('/', '.')}"
        covered = any(f"{dotted}.".startswith(f"{source}.") for source in sources)
        assert covered != place.startswith(tuple(ONLY_IN[library])), dotted


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_a_heavy_library_has_one_room(library: str) -> None:
    guests = [path.relative_to(PACKAGE).as_posix() for path in modules() if library in imported_by(path)]
    assert guests, f"{library} is a dependency that nobody imports"
    assert [guest for guest in guests if not guest.startswith(tuple(ONLY_IN[library]))] == []


def test_loops_are_compiled_in_one_place() -> None:
    """One way for all: without it some would fail where numba finds no folder to write to, and some would not."""
    guests = [path.relative_to(PACKAGE).as_posix() for path in modules() if "numba" in imported_by(path)]
    assert guests == ["core/compiled.py"]


def test_every_dependency_is_used_and_every_import_is_declared() -> None:
    declared = {
        line.split(">")[0].split("[")[0].strip().lower()
        for line in tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    }
    # The name to install, and modules that come with a declared one and are made for each other.
    names = {
        "ruamel": "ruamel.yaml",
        "pydantic_core": "pydantic",
        "annotated_types": "pydantic",
        "climate_indices": "climate-indices",
        "markupsafe": "jinja2",
    }
    used = {names.get(name, name) for path in modules() for name in imported_by(path)}
    outside = used - set(sys.stdlib_module_names) - {"greenrisk"}
    # xarray imports h5netcdf when it is named as the engine, and h5netcdf imports h5py.
    assert outside | {"h5netcdf", "h5py"} == declared


def test_inside_the_package_nobody_imports_a_facade() -> None:
    facades = {"greenrisk", *(f"greenrisk.{path.parent.name}" for path in PACKAGE.glob("*/__init__.py"))}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}:{node.lineno} imports relatively"
                if node.module in facades:
                    for alias in node.names:
                        file = PACKAGE.parent.joinpath(*node.module.split("."), alias.name)
                        is_module = file.with_suffix(".py").exists() or file.is_dir()
                        assert is_module or alias.name == "__version__", f"{path}:{node.lineno}: {alias.name}"


def test_init_files_hold_a_docstring_only() -> None:
    for path in set(PACKAGE.glob("*/**/__init__.py")) - {PACKAGE / "actuarial" / "__init__.py"}:
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert len(body) == 1, path
        assert isinstance(body[0], ast.Expr), path


def test_files_are_short_licensed_and_soundly_named() -> None:
    for path in modules():
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0] == "# SPDX-License-Identifier: Apache-2.0", path
        assert len(lines) <= LONGEST_FILE, f"{path} has {len(lines)} lines"
        assert path.stem not in FORBIDDEN_NAMES, path
        assert not FORBIDDEN_NAMES & set(path.relative_to(PACKAGE).parts), path
