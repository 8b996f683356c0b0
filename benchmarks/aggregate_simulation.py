# SPDX-License-Identifier: Apache-2.0
"""Speed, sameness and memory of the simulation of an aggregate loss, against plain numpy that draws all losses.

Usage: python benchmarks/aggregate_simulation.py [--quick]

Both sides run in one process on one thread and take turns, after a first call; each time is the median of three. Peaks
of memory are those of fresh processes, less the peak after the imports.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from forest import MEGABYTE, peak_of_this_process
from plain_aggregate import (
    ANNUAL_LIMIT,
    COEFFICIENT_OF_VARIATION,
    LAYER_ATTACHMENT,
    LAYER_LIMIT,
    risks,
    simulate_plainly,
)

from greenrisk.actuarial.aggregate.compound import CompoundDistribution, Portfolio
from greenrisk.actuarial.aggregate.simulation import simulate
from greenrisk.actuarial.frequency.counts import Poisson
from greenrisk.actuarial.severity.families import Lognormal

REPEATS = 3
LEVEL = 0.995


def portfolio() -> Portfolio:
    """Return the same 200 risks in greenrisk's words."""
    plain = risks()
    return Portfolio(
        [
            CompoundDistribution(
                Poisson(rate),
                Lognormal.from_mean_cv(mean, COEFFICIENT_OF_VARIATION).layer(LAYER_LIMIT, LAYER_ATTACHMENT),
            )
            for rate, mean in zip(plain.frequency.tolist(), plain.mean.tolist(), strict=True)
        ]
    )


def speed(years: int) -> list[str]:
    """Return the table of years per second, and of what both found."""
    plain, ours = risks(), portfolio()
    simulate(ours, 1_000, 1, annual_limit=ANNUAL_LIMIT)
    times: dict[str, list[float]] = {"plain numpy, all losses": [], "greenrisk": []}
    for seed in range(REPEATS):
        begin = time.perf_counter()
        annual = np.concatenate(list(simulate_plainly(plain, years, seed)))
        between = time.perf_counter()
        found = simulate(ours, years, seed, annual_limit=ANNUAL_LIMIT)
        end = time.perf_counter()
        times["plain numpy, all losses"].append(between - begin)
        times["greenrisk"].append(end - between)
    took = {name: statistics.median(values) for name, values in times.items()}
    slowest = took["plain numpy, all losses"]
    means = {
        "plain numpy, all losses": (annual.mean(), annual.std() / np.sqrt(years), np.quantile(annual, LEVEL)),
        "greenrisk": (*found.mean(), found.value_at_risk(LEVEL).value),
    }
    rows = [
        "| code | years | seconds | years/s | ratio | mean | standard error | VaR 99.5 % |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, seconds in took.items():
        mean, error, at_risk = means[name]
        rows.append(
            f"| {name} | {years:,} | {seconds:.3f} | {years / seconds:,.0f} | {slowest / seconds:.1f} "
            f"| {mean:,.0f} | {error:,.0f} | {at_risk:,.0f} |"
        )
    return rows


def memory(few: int, many: int) -> list[str]:
    """Return the table of peak memory above the imports, in fresh processes."""
    rows = ["| years | peak above imports |", "|---:|---:|"]
    for years in (few, many):
        command = [sys.executable, __file__, "--one-run", str(years)]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        rows.append(f"| {years:,} | {float(output) / MEGABYTE:.1f} MB |")
    return rows


def rows(quick: bool) -> dict[str, list[str]]:
    """Return the tables ``speed`` and ``memory`` as lines of Markdown; a tenth of the work where quick."""
    scale = 10 if quick else 1
    return {"speed": speed(1_000_000 // scale), "memory": memory(100_000, 10_000_000 // scale)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Benchmark of the simulation of an aggregate loss.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work")
    parser.add_argument("--one-run", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one_run:
        before = peak_of_this_process()
        simulate(portfolio(), arguments.one_run, 1, annual_limit=ANNUAL_LIMIT)
        print(peak_of_this_process() - before)
        return
    for name, table in rows(arguments.quick).items():
        print(f"\n{name}\n" + "\n".join(table))


if __name__ == "__main__":
    main()
