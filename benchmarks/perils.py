# SPDX-License-Identifier: Apache-2.0
"""Speed, sameness, memory and workers of the study with all six perils; rewrites tables of benchmarks/README.md.

Usage: python benchmarks/perils.py [--quick]

``--quick`` runs a tenth and prints instead of writing. Speed is measured on one thread, after a first call that
compiles; the plain version runs fewer years, which its row says, since its time is in proportion to them. Memory and
workers are those of fresh processes.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from forest import MEGABYTE, peak_of_this_process
from readme_tables import machine, publish

PERILS = ("wildfire", "storm", "snow_ice", "drought", "flood", "pest")
TURNS = 3


def speed(blocks: int, plain_blocks: int) -> list[str]:
    """Return the table of years per second, all perils over the shipped book."""
    import numpy as np
    from forest_pair import forest_job, plain_perils, variant
    from plain_perils import simulate as plainly

    from greenrisk.resource.simulation import part, resolve, simulate

    job = forest_job()
    numbers, stands, length = variant(job), len(job.exposure.book), job.settings["block_length"]
    plain, rng = plain_perils(job, numbers), np.random.default_rng(1)

    def greenly(block: int) -> None:
        # What run_block does: the laws are resolved anew in every block.
        part(job.exposure, simulate(job.exposure, resolve(job.exposure, numbers), 1, block))

    greenly(0)
    took: dict[str, list[float]] = {"plain numpy": [], "greenrisk": []}
    for turn in range(TURNS):  # by turns, so that a busy moment hits both
        begin = time.perf_counter()
        plainly(plain, rng, plain_blocks * length)
        between = time.perf_counter()
        for block in range(blocks):
            greenly(turn * blocks + block)
        took["plain numpy"].append((between - begin) / plain_blocks)
        took["greenrisk"].append((time.perf_counter() - between) / blocks)
    each = {name: statistics.median(times) for name, times in took.items()}
    rows = [
        "| code | years | seconds | seconds for 1,000 years | years/s | stand-years/s | ratio |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, number in (("plain numpy", plain_blocks), ("greenrisk", blocks)):
        one = each[name]
        rows.append(
            f"| {name} | {number * length:,} | {one * number:.2f} | {one:.3f} | {length / one:,.0f} "
            f"| {length * stands / one:.2e} | {each['plain numpy'] / one:.1f} |"
        )
    return rows


def by_part(blocks: int) -> list[str]:
    """Return the table of what a block of 1,000 years is spent on."""
    from forest_pair import forest_job, variant

    from greenrisk.resource.settlement import settle
    from greenrisk.resource.simulation import part, resolve

    job = forest_job()
    numbers, exposure = variant(job), job.exposure
    laws = resolve(exposure, numbers).laws
    took: dict[str, list[float]] = {}
    hits: dict[str, int] = {}

    def timed(name: str, begin: float) -> None:
        took.setdefault(name, []).append(time.perf_counter() - begin)

    for block in range(-1, blocks):
        if block == 0:
            took.clear()  # the first turn compiled
        begin = time.perf_counter()
        perils = resolve(exposure, numbers)
        timed("laws from numbers", begin)
        years = {}
        for kind, law in laws.items():
            begin = time.perf_counter()
            years[kind] = law.simulate(1, "main", max(block, 0))
            timed(kind, begin)
            hits[kind] = years[kind].hit_stand.size
        begin = time.perf_counter()
        payments = settle(exposure, years, perils.claimed)
        timed("settlement", begin)
        begin = time.perf_counter()
        part(exposure, payments)
        timed("tables of the block", begin)
    rows = ["| part of a block | milliseconds | damaged stands in the last block |", "|---|---:|---:|"]
    for name, times in took.items():
        number = f"{hits[name]:,}" if name in hits else ""
        rows.append(f"| {name.replace('_', ' and ')} | {1000 * statistics.median(times):.1f} | {number} |")
    return rows


def sameness(blocks: int) -> list[str]:
    """Return the table of yearly means by peril; both codes draw their own years."""
    import numpy as np
    from forest_pair import forest_job, plain_perils, variant
    from plain_perils import simulate as plainly

    from greenrisk.resource.simulation import part, resolve, simulate

    job = forest_job()
    numbers, length = variant(job), job.settings["block_length"]
    perils, plain, rng = resolve(job.exposure, numbers), plain_perils(job, numbers), np.random.default_rng(2)
    ours: dict[str, list] = {"ground_up": [], "gross": [], "claims": []}
    theirs: dict[str, list] = {name: [] for name in ours}
    for block in range(blocks):
        found = part(job.exposure, simulate(job.exposure, perils, 2, block))
        ours["ground_up"].append(found["peril_ground_up"].values)
        ours["gross"].append(found["cell_loss"].values.sum(axis=1))
        ours["claims"].append(found["claims"].values)
        own = plainly(plain, rng, length)
        for name, blocks_of in theirs.items():
            blocks_of.append(own[name])
    rows = [
        f"| yearly mean of {blocks * length:,} years | unit | greenrisk | plain | difference / standard error |",
        "|---|---|---:|---:|---:|",
    ]
    for name, unit in (("ground_up", "CNY/year"), ("gross", "CNY/year"), ("claims", "1/year")):
        one, two = np.concatenate(ours[name]), np.concatenate(theirs[name])
        for i, kind in enumerate((*PERILS, "all")):
            a, b = (x.sum(axis=1) if kind == "all" else x[:, i] for x in (one, two))
            error = np.sqrt(a.var() / a.size + b.var() / b.size)
            rows.append(
                f"| {name.replace('_', ' ')}, {kind.replace('_', ' and ')} | {unit} | {a.mean():,.4g} "
                f"| {b.mean():,.4g} | {(b.mean() - a.mean()) / error:+.1f} |"
            )
    return rows


def in_a_process_of_its_own(*words: str) -> list[float]:
    """Run this file in a fresh process; return the numbers of the last line that it prints."""
    done = subprocess.run([sys.executable, __file__, *words], check=True, stdout=subprocess.PIPE, text=True)
    return [float(number) for number in done.stdout.split("\n")[-2].split()]


def one_run(years: int, workers: int, draws: int, knowledge_years: int) -> None:
    """In a process of its own: run; print seconds, peak above the imports and the size of the yearly tables."""
    from greenrisk.engine.run import run
    from greenrisk.scenario.load import load

    settings = {
        "years": str(years), "knowledge.draws": str(draws), "knowledge.years": str(knowledge_years)
    }  # fmt: skip
    scenario = load("forest-jingdezhen", settings)
    job = scenario.prepare()
    load("forest-jingdezhen", settings | {"years": "1000"}).prepare().run_block(0)  # compiled code is loaded
    before, begin = peak_of_this_process(), time.perf_counter()
    result = run(job, scenario=scenario, workers=workers)
    took = time.perf_counter() - begin
    table = sum(v.nbytes for group in ("losses", "cells") for v in result.tree[group].data_vars.values())
    print(took, peak_of_this_process() - before, table)


def memory(years: tuple[int, int]) -> list[str]:
    """Return the table of the peak above what stands after the imports and the first block."""
    (_, low, small), (_, high, large) = (
        in_a_process_of_its_own("--one-run", str(n), "1", "20", "1000") for n in years
    )
    rows = [
        "| years | peak above imports | yearly tables (`/losses`, `/cells`) |",
        "|---:|---:|---:|",
        f"| {years[0]:,} | {low / MEGABYTE:.1f} MB | {small / MEGABYTE:.1f} MB |",
        f"| {years[1]:,} | {high / MEGABYTE:.1f} MB | {large / MEGABYTE:.1f} MB |",
        f"| growth | {(high - low) / MEGABYTE:.1f} MB | {(large - small) / MEGABYTE:.1f} MB |",
        f"| ratio of the growths | {(high - low) / (large - small):.2f} | |",
    ]
    return rows


def two_workers(years: int, draws: int, knowledge_years: int) -> list[str]:
    """Return the table of one worker against two, by turns."""
    took: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(TURNS):
        for workers, times in took.items():
            words = ("--one-run", str(years), str(workers), str(draws), str(knowledge_years))
            times.append(in_a_process_of_its_own(*words)[0])
    one, two = (statistics.median(times) for times in took.values())
    return [
        f"| workers | seconds for {years:,} years and {draws} draws of {knowledge_years:,} years | ratio |",
        "|---:|---:|---:|",
        f"| 1 | {one:.1f} | 1.00 |",
        f"| 2 | {two:.1f} | {one / two:.2f} |",
    ]


def main() -> None:
    """Measure, then print and write."""
    parser = argparse.ArgumentParser(description="Benchmarks of the study with all six perils.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work; prints only")
    parser.add_argument("--one-run", nargs=4, type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one_run:
        one_run(*arguments.one_run)
        return
    scale = 10 if arguments.quick else 1
    measured = {
        "perils-machine": lambda: machine(("numpy", "scipy", "numba")),
        "perils-speed": lambda: speed(100 // scale, 10 // scale),
        "perils-parts": lambda: by_part(50 // scale),
        "perils-sameness": lambda: sameness(100 // scale),
        "perils-memory": lambda: memory((10_000 // scale, 100_000 // scale)),
        "perils-workers": lambda: two_workers(100_000 // scale, max(100 // scale, 20), 10_000 // scale),
    }
    for name, measure in measured.items():  # one by one: a table that is done is not lost with a later one
        publish({name: measure()}, write=not arguments.quick)


if __name__ == "__main__":
    main()
