# SPDX-License-Identifier: Apache-2.0
"""A folder with a small valid scenario; each test spoils one thing and compares the whole message."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from greenrisk.cli.main import cli

SCENARIO = """\
kind: forest
name: small
title: A small valid scenario
underwriting_year: 2027
price_year: 2026
years: 1000
seed: 1
book: book.csv
landscape: counties.csv
perils:
  - kind: wildfire
    size: fire-size-jiangxi
terms:
  deductible: {kind: relative, trigger: 0.1, share: 0.2}
subsidy:
  rules:
  - {forest_type: public_benefit, from_year: 2022, central: 0.5, province: 0.4, county: 0.1, owner: 0}
  - {forest_type: commercial, from_year: 2022, central: 0.3, province: 0.3, county: 0, owner: 0.4}
"""

BOOK = """\
stand_id,owner,county,township,forest_type,species_group,age,area_ha,sum_insured_cny_per_mu,insured_share,lon,lat
S1,a,Fuliang,t,commercial,conifer,20,10,800,1,117.20,29.50
S2,a,Fuliang,t,commercial,mixed,30,12,800,0.5,117.21,29.51
S3,b,Fuliang,t,public_benefit,broadleaf,40,8,500,1,117.22,29.50
S4,b,Fuliang,t,public_benefit,bamboo,10,9,500,1,117.22,29.52
"""

COUNTIES = "county,forest_area_ha\nFuliang,1000\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder with the three files of the small scenario."""
    (tmp_path / "scenario.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "book.csv").write_text(BOOK, encoding="utf-8")
    (tmp_path / "counties.csv").write_text(COUNTIES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


Refusal = Callable[..., str]


@pytest.fixture
def refusal(folder: Path) -> Refusal:
    """Return a function that runs a command, checks how it ends, and returns the whole message."""

    def run(*arguments: str) -> str:
        before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        result = CliRunner().invoke(cli, list(arguments or ("validate", "scenario.yaml")))
        assert result.exit_code == 2, result.output
        assert "Traceback" not in result.output
        after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        assert after == before, "something half-written was left behind"
        return result.output

    return run


@pytest.fixture
def edit(folder: Path) -> Callable[..., None]:
    """Return a function that replaces a text, which must stand there once, in a file of the folder."""

    def replace(old: str, new: str, name: str = "scenario.yaml") -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")

    return replace
