# SPDX-License-Identifier: Apache-2.0
"""Speed, sameness and memory of zone years under a policy; rewrites tables of benchmarks/README.md.

Usage: python benchmarks/zone.py [--quick]

``--quick`` runs a hundredth and prints instead of writing. Both sides run in one process on one thread, after a first
call that compiles; they take turns, and the processor time of each is told, which waiting for a busy machine does not
lengthen. The plain versions run fewer years, since their time is in proportion to them.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from forest import MEGABYTE, peak_of_this_process
from readme_tables import machine, publish

TURNS = 10
PLAIN_SHARE = 10


def greenly(factor: float = 1.0) -> Callable[[str, int], object]:
    """Return what simulates and reduces a block with greenrisk."""
    from zone_pair import PLANTS, zone_laws, zone_terms

    from greenrisk.pollution.liability.arrivals import Base
    from greenrisk.pollution.liability.events import simulate_block
    from greenrisk.pollution.liability.terms import apply_terms
    from greenrisk.pollution.liability.zone_year import part

    laws, terms = zone_laws(factor=factor), zone_terms()
    base = Base.of(laws)

    def one(purpose: str, block: int) -> object:
        accidents = simulate_block(laws, 1, purpose, block, base)
        return part(accidents, apply_terms(accidents, terms), PLANTS, laws.heads.cap)

    one("main", 0)
    return one


def speed(blocks: int) -> list[str]:
    """Return the table of years per second, at the rates of the records and at ten times them."""
    import numpy as np
    from plain_zone import count_then_scatter, per_plant_and_year, simulate
    from zone_pair import PLANTS, plain_zone, zone_laws, zone_terms

    rows = [
        "| accidents a year | code | years | processor seconds | years/s | plant-years/s | ratio | over one number, "
        "scattered |",
        "|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    for factor in (1.0, 10.0):
        laws = zone_laws(factor=factor)
        plain, green, rng = plain_zone(laws, zone_terms()), greenly(factor), np.random.default_rng(1)
        few = max(1, int(blocks / factor))
        works = {
            "plain numpy, a number for each plant and year": (
                max(1, few // PLAIN_SHARE),
                lambda k, plain=plain, rng=rng: simulate(plain, rng, 1000, per_plant_and_year),
            ),
            "plain numpy, one number, scattered": (
                max(1, few // PLAIN_SHARE),
                lambda k, plain=plain, rng=rng: simulate(plain, rng, 1000, count_then_scatter),
            ),
            "greenrisk": (few, lambda k, green=green: green("main", k)),
        }
        took: dict[str, list[float]] = {name: [] for name in works}
        for turn in range(TURNS):
            for name, (number, work) in works.items():
                each = max(1, number // TURNS)
                begin = time.process_time()
                for k in range(each):
                    work(turn * each + k)
                took[name].append((time.process_time() - begin) / each)
        median = {name: statistics.median(times) for name, times in took.items()}
        slowest = median["plain numpy, a number for each plant and year"]
        scattered = median["plain numpy, one number, scattered"]
        accidents = float((laws.own + laws.transport).sum())
        for name, (number, _) in works.items():
            one = median[name]
            rows.append(
                f"| {accidents:.2f} | {name} | {number * 1000:,} | {one * number:.2f} | {1000 / one:,.0f} "
                f"| {1000 * PLANTS / one:.2e} | {slowest / one:.1f} | {scattered / one:.1f} |"
            )
    return rows


def sameness(blocks: int) -> list[str]:
    """Return the table of yearly means of both codes, each with accidents of its own."""
    import numpy as np
    from plain_zone import simulate
    from zone_pair import plain_zone, zone_laws, zone_terms

    green, rng = greenly(), np.random.default_rng(2)
    plain = plain_zone(zone_laws(), zone_terms())
    ours: dict[str, list] = {}
    theirs: dict[str, list] = {}
    for block in range(blocks):
        found = green("main", block)
        tables = {name: found[name].values for name in ("loss", "worst_event", "accident_count")}
        for into, from_ in ((ours, tables), (theirs, simulate(plain, rng, 1000))):
            for name in tables:
                into.setdefault(name, []).append(from_[name])
    a, b = ({name: np.concatenate(parts) for name, parts in of.items()} for of in (ours, theirs))
    figures = {
        "accidents": ("1/year", lambda t: t["accident_count"].sum(axis=1)),
        "accidents by shocks": ("1/year", lambda t: t["accident_count"][:, 1]),
        "ground up": ("CNY/year", lambda t: t["loss"][:, 0]),
        "insured": ("CNY/year", lambda t: t["loss"][:, 1]),
        "uninsured": ("CNY/year", lambda t: t["loss"][:, 2]),
        "worst event, insured": ("CNY/year", lambda t: t["worst_event"][:, 1]),
        "years with insured loss above a million": ("1", lambda t: t["loss"][:, 1] > 1e6),
    }
    rows = [
        "| yearly mean of | unit | greenrisk | plain | difference / standard error |",
        "|---|---|---:|---:|---:|",
    ]
    for name, (unit, of) in figures.items():
        x, y = np.asarray(of(a), dtype=float), np.asarray(of(b), dtype=float)
        error = np.sqrt(x.var() / x.size + y.var() / y.size)
        rows.append(
            f"| {name} | {unit} | {x.mean():,.4g} | {y.mean():,.4g} | {(x.mean() - y.mean()) / error:+.1f} |"
        )
    return rows


def one_run(years: int) -> None:
    """In a process of its own: simulate and gather; print peak before and after, and the size of the table [byte]."""
    from greenrisk.pollution.liability.zone_year import gather

    green = greenly()
    before = peak_of_this_process()
    found = gather((green("main", k) for k in range(years // 1000)), years // 1000, 1000)
    table = found.loss.nbytes + found.worst_event.nbytes + found.accident_count.nbytes
    print(before, peak_of_this_process(), table)


def memory(years: tuple[int, int]) -> list[str]:
    """Return the table of peak memory in fresh processes."""
    rows = [
        "| years | peak after the first block | peak at the end | growth | size of the table of years | rest |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for number in years:
        command = [sys.executable, __file__, "--one-run", str(number)]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        before, after, table = (float(part) / MEGABYTE for part in output.split()[-3:])
        rows.append(
            f"| {number:,} | {before:.1f} MB | {after:.1f} MB | {after - before:.1f} MB | {table:.1f} MB "
            f"| {after - before - table:.1f} MB |"
        )
    return rows


def main() -> None:
    """Measure, then print and write."""
    parser = argparse.ArgumentParser(description="Benchmarks of zone years under a policy.")
    parser.add_argument("--quick", action="store_true", help="a hundredth of the work; prints only")
    parser.add_argument("--one-run", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one_run:
        one_run(arguments.one_run)
        return
    scale = 100 if arguments.quick else 1
    tables = {
        "zone-machine": machine(("numpy", "scipy", "numba", "xarray")),
        "zone-speed": speed(1000 // scale),
        "zone-sameness": sameness(200 // min(scale, 10)),
        "zone-memory": memory((100_000 // scale, 1_000_000 // scale)),
    }
    publish(tables, write=not arguments.quick)


if __name__ == "__main__":
    main()
