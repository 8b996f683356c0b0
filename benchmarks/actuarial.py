# SPDX-License-Identifier: Apache-2.0
"""The actuarial core beside its peers in one run; rewrites the tables of benchmarks/README.md.

Usage: python benchmarks/actuarial.py [--quick] [--only TABLE]

The peers are in the extra ``bench``; one that is not installed, fails or takes too long has a line that says so. Each
case is a process of its own (aggregate_peers.py) on one thread. The errors are those against the law found by other
methods on other grids (tests/reference/actuarial/make_aggregate_laws.py). ``--quick`` leaves out what takes longest,
draws a tenth of the years, and prints instead of writing; ``--only`` prints one table.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from aggregate_peers import CASES, installed
from readme_tables import machine, publish

HERE = Path(__file__).parent
REFERENCE = HERE.parent / "tests" / "reference" / "actuarial"
PACKAGES = ("numpy", "scipy", "numba", "aggregate", "gemact")
PATIENCE = 120.0
"""Seconds after which a case is given up."""
SLOW = ("portfolio-aggregate-20", "portfolio-gemact-fine", "portfolio-numpy", "single-numpy")
"""Cases that ``--quick`` leaves out."""
IMPORTS = {
    "numpy and scipy.stats": "import numpy, scipy.stats",
    "greenrisk.actuarial": "import greenrisk.actuarial",
    "greenrisk.actuarial, every public name": (
        "import greenrisk.actuarial as a\nfor name in a.__all__: getattr(a, name)"
    ),
    "gemact": "import gemact",
    "aggregate": "import aggregate",
}
TIMED = (
    "import sys, time\nbegin = time.perf_counter()\n{}\n"
    "print(time.perf_counter() - begin, len(sys.modules), file=sys.__stdout__)"
)
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)
Run = Callable[[str], Mapping[str, float] | str]


def run_case(case: str) -> Mapping[str, float] | str:
    """Return times and figures of a case, or in words why there are none."""
    if not installed(case):
        return "not installed"
    command = [sys.executable, str(HERE / "aggregate_peers.py"), case]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, env={**os.environ, **ONE_THREAD}
        )
    except subprocess.TimeoutExpired:
        return f"given up after {PATIENCE:.0f} s"
    if done.returncode:
        why = (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[-1]
        return "failed: " + why.replace("|", "/")[:100]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def true_figures(name: str) -> dict[str, float]:
    """Return the four figures of the reference."""
    law = json.loads((REFERENCE / name).read_text(encoding="utf-8"))
    quantiles = law["quantiles"]
    return {
        "mean": law["mean"],
        "VaR 99.5": quantiles["0.995"]["value_at_risk"],
        "TVaR 99": quantiles["0.99"]["tail_value_at_risk"],
        "TVaR 99.9": quantiles["0.999"]["tail_value_at_risk"],
    }


def against_peers(start: str, reference: str, quick: bool, run: Run = run_case) -> list[str]:
    """Return the table of the cases whose names begin with ``start``."""
    truth = true_figures(reference)
    rows = [
        "| code | setting | first call, s | best, s | best over greenrisk's | " + " | ".join(truth) + " |",
        "|---|---|" + "---:|" * (3 + len(truth)),
    ]
    own = 0.0
    for case, (system, setting, _) in CASES.items():
        if not case.startswith(start) or (quick and case in SLOW):
            continue
        found = run(case)
        if isinstance(found, str):
            rows.append(f"| {system} | {setting} | {found} |" + " |" * (2 + len(truth)))
            continue
        own = own or found["best"]
        errors = " | ".join(f"{found[name] / value - 1:+.0e}" for name, value in truth.items())
        rows.append(
            f"| {system} | {setting} | {found['first']:.3f} | {found['best']:.3f} "
            f"| {found['best'] / own:,.1f} | {errors} |"
        )
    return rows


def import_times(repeats: int) -> list[str]:
    """Return the table of import times in fresh processes, the least of some."""
    rows = ["| import | seconds | over aggregate's | modules |", "|---|---:|---:|---:|"]
    found: dict[str, tuple[float, int] | None] = {}
    for _ in range(repeats):  # they take turns, so that a busy moment hits all of them
        for name, statement in IMPORTS.items():
            done = subprocess.run(
                [sys.executable, "-c", TIMED.format(statement)],
                capture_output=True,
                text=True,
                timeout=PATIENCE,
            )
            if done.returncode:
                found[name] = None
                continue
            took, modules = done.stdout.split()[-2:]
            before = found.get(name)
            found[name] = min((float(took), int(modules)), before or (float("inf"), 0))
    slowest = found["aggregate"]
    for name, entry in found.items():
        if entry is None:
            rows.append(f"| {name} | not installed | | |")
            continue
        ratio = f"{entry[0] / slowest[0]:.2f}" if slowest else ""
        rows.append(f"| {name} | {entry[0]:.3f} | {ratio} | {entry[1]:,} |")
    return rows


@cache
def simulation(quick: bool) -> dict[str, list[str]]:
    """Return the tables of aggregate_simulation.py."""
    from aggregate_simulation import rows

    return rows(quick)


def main() -> None:
    """Measure, then print and write."""
    parser = argparse.ArgumentParser(description="Benchmarks of the actuarial core.")
    parser.add_argument("--quick", action="store_true", help="leave out the slowest cases; prints only")
    parser.add_argument("--only", help="one table; prints only")
    arguments = parser.parse_args()
    quick = arguments.quick
    tables: dict[str, Callable[[], list[str]]] = {
        "actuarial-machine": lambda: machine(PACKAGES),
        "portfolio": lambda: against_peers("portfolio", "portfolio_200.json", quick),
        "single": lambda: against_peers("single", "lognormal_10.json", quick),
        "simulation": lambda: simulation(quick)["speed"],
        "simulation-memory": lambda: simulation(quick)["memory"],
        "import": lambda: import_times(2 if quick else 5),
    }
    chosen = [arguments.only] if arguments.only else list(tables)
    if arguments.only and arguments.only not in tables:
        parser.error(f"--only {arguments.only}: it must be one of {', '.join(tables)}")
    publish({name: tables[name]() for name in chosen}, write=not (quick or arguments.only))


if __name__ == "__main__":
    main()
