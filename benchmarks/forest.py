# SPDX-License-Identifier: Apache-2.0
"""Speed, sameness and memory of the forest study, fire alone; rewrites tables of benchmarks/README.md.

Usage: python benchmarks/forest.py [--quick]

``--quick`` runs a tenth and prints instead of writing. Both sides run in one process on one thread, after a first
call that compiles; each time is the median of five. All six perils together are in ``perils.py``.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from readme_tables import machine, publish

REPEATS = 5
MEGABYTE = 1e6


def seconds(*works: Callable[[], object]) -> list[float]:
    """Return the median time of each [s]; they take turns, so that a busy moment hits all of them."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(REPEATS):
        for found, work in zip(times, works, strict=True):
            begin = time.perf_counter()
            work()
            found.append(time.perf_counter() - begin)
    return [statistics.median(found) for found in times]


def speed(blocks: int) -> list[str]:
    """Return the table of years and stand-years per second."""
    import numpy as np
    from forest_pair import fire_alone, forest_job, plain_model, variant
    from plain_forest import draw, settle

    from greenrisk.resource.simulation import part, simulate

    job = forest_job()
    stands, length = len(job.exposure.book), job.settings["block_length"]
    rows = [
        "| fires a year | code | years | seconds | years/s | stand-years/s | ratio |",
        "|---:|---|---:|---:|---:|---:|---:|",
    ]
    for factor in (1.0, 20.0):
        numbers = variant(job, factor)
        plain, rng = plain_model(job, numbers), np.random.default_rng(1)
        few = max(1, int(blocks / factor))

        def plainly(plain=plain, rng=rng, few=few) -> None:
            for _ in range(few):
                settle(plain, draw(plain, rng, length), length)

        def greenly(numbers=numbers, few=few) -> None:
            for block in range(few):
                # What run_block does: the laws are resolved anew in every block.
                part(job.exposure, simulate(job.exposure, fire_alone(job, numbers), 1, block))

        greenly()
        slow, fast = seconds(plainly, greenly)
        years = few * length
        for name, took in (("plain numpy", slow), ("greenrisk", fast)):
            rows.append(
                f"| {plain.mean_fires:.2f} | {name} | {years:,} | {took:.3f} | {years / took:,.0f} "
                f"| {years * stands / took:.2e} | {slow / took:.1f} |"
            )
    return rows


def sameness(blocks: int) -> list[str]:
    """Return two tables: both burn the same fires; both draw their own."""
    import numpy as np
    from forest_pair import draws_of_greenrisk, fire_alone, forest_job, plain_model, variant
    from plain_forest import draw, settle

    from greenrisk.resource.simulation import part, simulate

    job = forest_job()
    numbers, length = variant(job), job.settings["block_length"]
    plain, rng = plain_model(job, numbers), np.random.default_rng(2)
    theirs: dict[str, list] = {}
    same: dict[str, list] = {}
    ours: dict[str, list] = {}
    for block in range(blocks):
        found = part(
            job.exposure, simulate(job.exposure, fire_alone(job, numbers), job.facts.spec.seed, block)
        )
        for name, values in {
            "fires": found["fires"].values,
            "burnt_area": found["burnt_area"].values,
            "ground_up": found["loss"].values[:, 0],
            "gross": found["loss"].values[:, 1],
            "largest_gross": found["largest_event"].values[:, 1],
        }.items():
            ours.setdefault(name, []).append(values)
        for into, draws in (
            (same, draws_of_greenrisk(job, numbers, block)),
            (theirs, draw(plain, rng, length)),
        ):
            for name, values in settle(plain, draws, length).items():
                into.setdefault(name, []).append(values)
    units = {
        "fires": "1/year", "burnt_area": "ha/year", "ground_up": "CNY/year", "gross": "CNY/year",
        "largest_gross": "CNY/year",
    }  # fmt: skip
    rows = [
        "| yearly mean of | unit | greenrisk | plain, same fires | relative difference | plain, own fires "
        "| difference / standard error |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for name, unit in units.items():
        a, b, c = (np.concatenate(table[name]) for table in (ours, same, theirs))
        error = np.sqrt(a.var() / a.size + c.var() / c.size)
        rows.append(
            f"| {name.replace('_', ' ')} | {unit} | {a.mean():,.4g} | {b.mean():,.4g} "
            f"| {abs(a - b).sum() / a.sum():.1e} | {c.mean():,.4g} | {(c.mean() - a.mean()) / error:+.1f} |"
        )
    return rows


def peak_of_this_process() -> float:
    """Return the largest resident memory so far [byte]."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss may carry the parent's peak over an exec
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return float(line.split()[1]) * 1024
    import resource

    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * (
        1 if sys.platform == "darwin" else 1024
    )


def one_run(years: int, report: bool) -> None:
    """In a process of its own: run, and print the peak and the size of the (year, layer) table [byte]."""
    settings = {"years": str(years), "knowledge.draws": "20", "knowledge.years": "1000"}
    settings |= {"perils": "[{kind: wildfire}]", "reinsurance.covers": "[]", "named_events": "[]"}
    with tempfile.TemporaryDirectory() as folder:
        if report:
            import greenrisk

            result = greenrisk.run(greenrisk.load("forest-jingdezhen", settings), out=Path(folder) / "run")
        else:
            from greenrisk.engine.run import run
            from greenrisk.scenario.load import load

            scenario = load("forest-jingdezhen", settings)
            result = run(scenario.prepare(), scenario=scenario)
    losses = result.tree["losses"]
    table = sum(variable.nbytes for variable in losses.data_vars.values())
    print(peak_of_this_process(), table)


def memory(years: tuple[int, int]) -> list[str]:
    """Return the table of peak memory in fresh processes."""
    rows = [
        f"| what runs | peak at {years[0]:,} years | peak at {years[1]:,} years | growth | growth of the table "
        "| ratio |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, report in (("simulate and combine", False), ("and write the run folder", True)):
        found = []
        for n in years:
            command = [sys.executable, __file__, "--one-run", str(n), *(["--report"] if report else [])]
            output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            found.append([float(number) for number in output.split()[-2:]])
        (low, small), (high, large) = found
        rows.append(
            f"| {name} | {low / MEGABYTE:.1f} MB | {high / MEGABYTE:.1f} MB | {(high - low) / MEGABYTE:.1f} MB "
            f"| {(large - small) / MEGABYTE:.1f} MB | {(high - low) / (large - small):.2f} |"
        )
    return rows


def main() -> None:
    """Measure, then print and write."""
    parser = argparse.ArgumentParser(description="Benchmarks of the forest simulator.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work; prints only")
    parser.add_argument("--one-run", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--report", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one_run:
        one_run(arguments.one_run, arguments.report)
        return
    scale = 10 if arguments.quick else 1
    tables = {
        "machine": machine(("numpy", "scipy", "numba")),
        "speed": speed(100 // scale),
        "sameness": sameness(200 // scale),
        "memory": memory((10_000 // scale, 100_000 // scale)),
    }
    publish(tables, write=not arguments.quick)


if __name__ == "__main__":
    main()
