# SPDX-License-Identifier: Apache-2.0
"""The README: its commands are those of the house, its output is what is printed now."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from generator import run_folder_page
from generator.blocks import read_blocks
from generator.readme import README_RUNS, commands, itr_output, pytest_output, without_install
from generator.walk import itr_run

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "README.md").read_text(encoding="utf-8")

RUN = "python -m pip install -e . && greenrisk run forest-jingdezhen"
TEST = 'python -m pip install -e ".[test]" && python -m pytest -n auto --dist loadfile'


def test_the_first_two_commands_are_those_that_a_newcomer_pastes() -> None:
    assert commands(PAGE)[:2] == [RUN, TEST]


@pytest.mark.usefixtures("bash")
def test_ci_reads_both_commands_out_of_the_readme() -> None:
    script = ROOT / ".ci" / "run"
    if not script.exists():
        pytest.skip("There is no .ci/run in this copy.")
    text = script.read_text(encoding="utf-8")
    reader = re.search(r"^readme\(\) \{$.*?^\}$", text, re.MULTILINE | re.DOTALL)
    calls = re.findall(r"\$\((readme '[^']+')\)", text)
    assert reader
    done = subprocess.run(
        ["bash", "-euc", "\n".join([reader.group(), *calls])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(done.stdout.splitlines()) == sorted([RUN, TEST])
    # Written out a second time they would drift apart.
    assert "run forest-jingdezhen" not in text


def test_only_the_installation_is_left_out_of_a_command() -> None:
    assert without_install(RUN) == "greenrisk run forest-jingdezhen"
    assert without_install("a && b") == "a && b"
    assert without_install("greenrisk list") == "greenrisk list"


def test_the_tests_are_quoted_by_a_closing_line_without_a_failure() -> None:
    closing = pytest_output(read_blocks(PAGE)).text
    assert re.fullmatch(r"\d+ passed[^\n]* in [\d.]+s[^\n]*\n", closing)
    assert "failed" not in closing
    assert "error" not in closing


@pytest.mark.slow
def test_every_quoted_output_is_what_is_printed_now(walked_readme) -> None:
    stale = walked_readme.stale()
    assert not stale, "\n".join([*stale, "Refresh with `python docs/generate.py --write`."])


@pytest.mark.slow
def test_the_python_block_gives_the_figures_of_the_command(walked_readme) -> None:
    from greenrisk.report.store import read

    runs = [walked_readme.folder / "runs" / name for name in ("forest-jingdezhen", "from-python")]
    by_command, by_python = (read(run).metrics["value"] for run in runs)
    assert by_command.equals(by_python)


@pytest.mark.slow
def test_the_page_of_the_run_folder_is_that_of_a_real_run(walked_readme) -> None:
    """Here and not among the other generated pages, so that one process walks the README for all that need it."""
    made = run_folder_page.page(*(walked_readme.folder / run for run in README_RUNS))
    page = (ROOT / "docs" / "reference" / "run-folder.md").read_text(encoding="utf-8")
    assert page == made, "Refresh with `python docs/generate.py --write`."


@pytest.mark.slow
@pytest.mark.usefixtures("bash")
def test_the_run_on_the_itr_sample_is_what_is_printed_now(tmp_path: Path) -> None:
    data = ROOT.parent / "shared" / "data"
    if not (data / "issuer" / "itr").is_dir():
        pytest.skip("The ITR workbook is not in ../shared/data.")
    refresh = "Refresh with `python docs/generate.py --itr ../shared/data`."
    assert itr_output(read_blocks(PAGE)).text == itr_run(tmp_path, data), refresh


def test_the_fires_above_100_ha_are_counted_as_the_table_has_them() -> None:
    table = pd.read_csv(ROOT / "data" / "fires_jiangxi_neighbours_2009_2021.csv")
    large = table["fires_100_to_1000ha"] + table["fires_1000ha_and_over"]
    told = re.search(
        r"Of ([\d,]+) fires in Jiangxi and its six\s+neighbours in (\d+)-(\d+), (\d+)\s+exceeded", PAGE
    )
    assert told
    numbers = [int(number.replace(",", "")) for number in told.groups()]
    assert numbers == [table["fires"].sum(), table["year"].min(), table["year"].max(), large.sum()]
    assert large[table["province"] == "Jiangxi"].sum() == 0
    assert table["province"].nunique() == 7


@pytest.mark.parametrize(
    "words",
    ["insurer", "regulator", "certifier", "not there yet", "synthetic", "illustrative", "Cite", "Licence"],
)
def test_the_readme_speaks_of(words: str) -> None:
    assert words in PAGE
