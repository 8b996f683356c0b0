# SPDX-License-Identifier: Apache-2.0
"""Whole runs of the issuer study with many issuers and with many draws; rewrites tables of benchmarks/README.md.

Usage: python benchmarks/issuers_study.py [--quick]

``--quick`` takes a fiftieth of the issuers and prints instead of writing. Every run is a process of its own and goes
from CSV files to a run folder, report and workbook included; the issuers are those of ``scaled_issuers.py``. Seconds
are those of the clock, on whatever else the machine does; processor seconds are of the run and its workers.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from forest import MEGABYTE, peak_of_this_process
from readme_tables import machine, publish

SIZES = (1000, 10_000, 100_000)
WORKERS = 2
DRAWS = 1000
"""Draws, and issuers that they are made of."""


def peak_of_workers() -> float:
    """Return the largest resident memory so far of a process that this one has started [byte]; 0 without /proc."""
    peaks = [0.0]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":", 1) for line in status.read_text().splitlines())
        except OSError:  # it ended meanwhile
            continue
        if int(told["PPid"]) == os.getpid() and "VmHWM" in told:
            peaks.append(float(told["VmHWM"].split()[0]) * 1024)
    return max(peaks)


def one_run(path: Path, workers: int) -> dict[str, float]:
    """Run a scenario from its file to a run folder beside it; return seconds, peaks [MB] and sizes."""
    from greenrisk.engine.result import Progress
    from greenrisk.engine.run import run
    from greenrisk.report.store import write
    from greenrisk.scenario.load import load

    found: dict[str, float] = {"worker": 0.0}
    begin = time.perf_counter()
    scenario = load(path)
    job = scenario.prepare()
    found["read"] = time.perf_counter() - begin

    def told(progress: Progress) -> None:
        found["worker"] = max(found["worker"], peak_of_workers() / MEGABYTE)
        if progress.stage:
            found["blocks"] = time.perf_counter() - begin - found["read"]

    result = run(job, scenario=scenario, workers=workers, progress=told)
    found["combine"] = time.perf_counter() - begin - found["read"] - found["blocks"]
    found["peak_run"] = peak_of_this_process() / MEGABYTE
    written = time.perf_counter()
    write(result, path.parent / "out")
    found["write"] = time.perf_counter() - written
    found["all"] = time.perf_counter() - begin
    found["peak"] = peak_of_this_process() / MEGABYTE
    found["processor"] = sum(os.times()[:4])
    files = (file for file in (path.parent / "out").rglob("*") if file.is_file())
    found["folder"] = sum(file.stat().st_size for file in files) / MEGABYTE
    return found


def measured(number: int, draws: int, workers: int) -> dict[str, float]:
    """Return the figures of a run in a fresh process."""
    from scaled_issuers import scaled_scenario, scaled_tables

    with tempfile.TemporaryDirectory() as folder:
        scaled_tables(number, Path(folder))
        path = scaled_scenario(Path(folder), knowledge={"draws": draws, "tornado": False})
        command = [sys.executable, __file__, "--one-run", path, str(workers)]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def size_rows(runs: dict[int, dict[str, float]]) -> list[str]:
    """Return the table of whole runs by the number of issuers."""
    rows = [
        "| issuers | reading | blocks | combining | writing | whole | processor seconds | peak before writing | "
        "peak | peak of a worker | run folder |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for number, one in runs.items():
        seconds = " | ".join(f"{one[key]:.1f} s" for key in ("read", "blocks", "combine", "write", "all"))
        sizes = " | ".join(f"{one[key]:.0f} MB" for key in ("peak_run", "peak", "worker", "folder"))
        rows.append(f"| {number:,} | {seconds} | {one['processor']:.0f} | {sizes} |")
    return rows


def draw_rows(runs: dict[int, dict[str, float]], issuers: int) -> list[str]:
    """Return the table of draws: what a thousand cost over none."""
    rows = [
        "| draws | issuers | blocks | whole | processor seconds | peak before writing | issuers and draws a second |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for draws, one in runs.items():
        rate = f"{draws * issuers / one['blocks']:.2e}" if draws else ""
        rows.append(
            f"| {draws:,} | {issuers:,} | {one['blocks']:.1f} s | {one['all']:.1f} s | {one['processor']:.0f} | "
            f"{one['peak_run']:.0f} MB | {rate} |"
        )
    return rows


def main() -> None:
    """Measure, then print and write."""
    parser = argparse.ArgumentParser(description="Benchmarks of whole runs of the issuer study.")
    parser.add_argument("--quick", action="store_true", help="a fiftieth of the issuers; prints only")
    parser.add_argument("--one-run", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one_run:
        path, workers = arguments.one_run
        print(json.dumps(one_run(Path(path), int(workers))))
        return
    scale = 50 if arguments.quick else 1
    told = machine(("numpy", "scipy", "pandas", "xarray"))
    told = [told[0].replace("one thread", f"{WORKERS} workers")]
    runs = {number // scale: measured(number // scale, 0, WORKERS) for number in SIZES}
    issuers = DRAWS // scale
    drawn = {0: runs[issuers], DRAWS // scale: measured(issuers, DRAWS // scale, WORKERS)}
    tables = {
        "issuers-study-machine": told,
        "issuers-study-sizes": size_rows(runs),
        "issuers-study-draws": draw_rows(drawn, issuers),
    }
    publish(tables, write=not arguments.quick)


if __name__ == "__main__":
    main()
