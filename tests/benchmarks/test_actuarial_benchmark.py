# SPDX-License-Identifier: Apache-2.0
"""The script beside the peers: it runs without them, tells of each that is missing, and knows its marks."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from actuarial import against_peers, run_case, true_figures
from aggregate_peers import CASES
from readme_tables import README, replaced

SCRIPT = str(Path(__file__).parents[2] / "benchmarks" / "actuarial.py")
TABLES = ("actuarial-machine", "portfolio", "single", "simulation", "simulation-memory", "import")


@pytest.mark.parametrize(
    ("case", "reference"),
    [("portfolio-greenrisk", "portfolio_200.json"), ("single-greenrisk", "lognormal_10.json")],
)
def test_greenrisk_meets_the_four_figures_to_a_millionth(case, reference):
    found = run_case(case)
    assert not isinstance(found, str), found
    for name, value in true_figures(reference).items():
        assert found[name] == pytest.approx(value, rel=1e-6)


def test_the_quick_mode_prints_a_line_for_every_case_it_does_not_leave_out_and_writes_nothing():
    before = README.read_bytes()
    done = subprocess.run(
        [sys.executable, SCRIPT, "--quick", "--only", "single"],
        check=True,
        capture_output=True,
        text=True,
    )
    lines = done.stdout.strip().splitlines()
    wanted = [
        (system, setting)
        for name, (system, setting, _) in CASES.items()
        if name.startswith("single") and name != "single-numpy"
    ]
    assert lines[0] == "single"
    # Without a peer its setting is told all the same.
    assert [tuple(cell.strip() for cell in line.split("|")[1:3]) for line in lines[3:]] == wanted
    assert {line.count("|") for line in lines[1:]} == {10}
    assert README.read_bytes() == before


def test_a_peer_that_fails_has_its_line_and_does_not_end_the_table():
    figures = {"first": 0.5, "best": 0.25, **true_figures("lognormal_10.json")}

    def run(case):
        return "failed: MemoryError" if "gemact" in case else figures

    rows = against_peers("single", "lognormal_10.json", False, run)
    assert len(rows) == 2 + sum(case.startswith("single") for case in CASES)
    assert sum("| failed: MemoryError |" in row for row in rows) == 3
    assert rows[-1] == (
        "| numpy | all losses of 1m years | 0.500 | 0.250 | 1.0 | +0e+00 | +0e+00 | +0e+00 | +0e+00 |"
    )


def test_an_unknown_table_is_refused_by_its_name():
    done = subprocess.run(
        [sys.executable, SCRIPT, "--only", "memry"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "--only memry: it must be one of actuarial-machine, portfolio" in done.stderr


def test_the_readme_has_the_marks_of_every_table_once():
    text = README.read_text(encoding="utf-8")
    for name in TABLES:
        assert len(re.findall(f"<!-- {name} -->\n(?:.*\n)*?<!-- /{name} -->\n", text)) == 1
    changed = replaced(text, {name: [f"table {name}"] for name in TABLES})
    assert all(f"<!-- {name} -->\ntable {name}\n<!-- /{name} -->\n" in changed for name in TABLES)
    # What stands between no marks stays as it is.
    assert changed.split("<!-- actuarial-machine -->")[0] == text.split("<!-- actuarial-machine -->")[0]
