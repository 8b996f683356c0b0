# SPDX-License-Identifier: Apache-2.0
"""Speed, sameness and memory of pricing index covers on many sites; rewrites tables of benchmarks/README.md.

Usage: python benchmarks/index_cover.py [--quick]

Invented daily values of 10,000 sites over 100 years -> days of the season below a threshold -> payouts -> 1,000 block
resamples of the years. greenrisk takes all sites; ``plain_index.py`` prices some of them one by one in pandas, by turns
with greenrisk in one run. Processor time is told, of one thread; inventing the values is not part of it. ``--quick``
takes a hundredth of the sites and prints instead of writing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

# Before numpy is loaded: products of matrices on one thread, as everything else here.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from numpy.typing import NDArray
from readme_tables import machine, publish

SITES, YEARS, RESAMPLES, BLOCK_YEARS = 10_000, 100, 1_000, 3
FIRST_YEAR = 1901
AT_A_TIME = 250
"""Sites whose daily values are in memory (73 MB)."""
PLAIN_SITES = 5
"""Sites of each part that the per-site version prices."""
MEMORY_RESAMPLES = (250, 1_000, 4_000)
SEED = 7

Floats = NDArray[np.float64]


class Took(NamedTuple):
    """Processor time by step [s]."""

    index: float
    payouts: float
    bootstrap: float


def invented(sites: int, times: int, seed: int) -> Floats:
    """Return daily values that remember the day before and have a low season, shape (sites, times)."""
    from scipy.signal import lfilter

    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((sites, times), dtype=np.float32).astype(np.float64)
    noise[:, 1:] *= np.sqrt(1.0 - 0.97**2)
    season = 0.8 * np.cos(2.0 * np.pi * np.arange(times) / 365.25)
    return np.asarray(lfilter([1.0], [1.0, -0.97], noise, axis=-1)) + season


def ours(values: Floats, days: NDArray[np.datetime64], resamples: int) -> tuple[Took, dict[str, Floats]]:
    """Return times and results of greenrisk for some sites."""
    from plain_index import Terms

    from greenrisk.resource.index_cover.burn import bootstrap_means
    from greenrisk.resource.index_cover.index_spec import SeasonSpec
    from greenrisk.resource.index_cover.payout_spec import LinearPayout
    from greenrisk.resource.index_cover.payouts import payout_share
    from greenrisk.resource.index_cover.seasons import season_days, whole_seasons

    terms = Terms()
    payout = LinearPayout(
        kind="linear", index="days", pays="above", trigger=terms.trigger_days, exit=terms.exit_days
    )
    clock = [time.process_time()]
    seasons = whole_seasons(days, "day", SeasonSpec(first="04-01", last="09-30"))
    count = season_days(values, seasons.edges, terms.threshold, "below")
    clock.append(time.process_time())
    paid = terms.sum_insured * payout_share(payout, count)
    clock.append(time.process_time())
    found = bootstrap_means(paid, resamples, SEED, block_years=BLOCK_YEARS)
    clock.append(time.process_time())
    low, high = found.quantile
    results = {"mean": found.mean, "error": found.standard_error, "low": low, "high": high}
    return Took(*np.diff(clock).tolist()), results


def theirs(
    values: Floats, days: NDArray[np.datetime64], drawn: NDArray[np.int64]
) -> tuple[Took, dict[str, Floats]]:
    """Return times and results of the per-site version; the calendar and the draws are made once, outside."""
    import pandas as pd
    from plain_index import Calendar, Terms, bootstrap, days_below, payments

    terms, index = Terms(), pd.DatetimeIndex(days)
    calendar = Calendar(index, terms)
    took, rows = np.zeros(3), []
    for row in values:
        clock = [time.process_time()]
        count = days_below(pd.Series(row, index=index), calendar, terms)
        clock.append(time.process_time())
        paid = payments(count, terms)
        clock.append(time.process_time())
        rows.append(bootstrap(paid, drawn))
        clock.append(time.process_time())
        took += np.diff(clock)
    found = pd.DataFrame(rows)
    return Took(*took.tolist()), {name: found[name].to_numpy() for name in found}


def speed(sites: int, years: int, resamples: int, plain_sites: int) -> list[str]:
    """Return the table of processor time a site, by step, and how far the results of both lie apart."""
    from greenrisk.core.streams import stream
    from greenrisk.resource.index_cover.burn import block_years_drawn

    days = np.arange(f"{FIRST_YEAR}-01-01", f"{FIRST_YEAR + years}-01-01", dtype="datetime64[D]")
    # Both resample the same years, so that their results can be compared to the digit.
    drawn = block_years_drawn(years, resamples, BLOCK_YEARS, stream(SEED, "index", "burn"))
    fast, slow, plain, apart = np.zeros(3), np.zeros(3), 0, 0.0
    for part, first in enumerate(range(0, sites, AT_A_TIME)):
        values = invented(min(AT_A_TIME, sites - first), days.size, SEED + part)
        took, found = ours(values, days, resamples)
        fast += took
        some = min(plain_sites, len(values))
        took, expected = theirs(values[:some], days, drawn)
        slow += took
        plain += some
        for name, value in expected.items():
            scale = np.maximum(np.abs(value), 1e-9)
            apart = max(apart, float((np.abs(found[name][:some] - value) / scale).max()))
    fast, slow = 1e6 * fast / sites, 1e6 * slow / plain
    rows = [
        f"| {sites:,} sites, {years} years of days, {resamples:,} resamples | per-site pandas ({plain:,} sites), "
        "microseconds a site | greenrisk, microseconds a site | ratio |",
        "|---|---:|---:|---:|",
    ]
    for step, one, other in zip(("days below", "payouts", "resamples"), slow, fast, strict=True):
        rows.append(f"| {step} | {one:,.0f} | {other:,.1f} | {one / other:,.0f} |")
    rows.append(f"| all | {slow.sum():,.0f} | {fast.sum():,.1f} | {slow.sum() / fast.sum():,.0f} |")
    told = (
        f"All {sites:,} sites: {1e-6 * sites * fast.sum():,.1f} s with greenrisk, {1e-6 * sites * slow.sum():,.0f} s "
        f"site by site. Means, errors and quantiles of the {plain:,} sites priced by both differ by at most "
        f"{apart:.1e} of themselves."
    )
    return [*rows, "", told]


def peak(resamples: int, sites: int) -> tuple[float, float]:
    """Return the peak memory of this process before and after the resamples of payments of sites [MB]."""
    from greenrisk.resource.index_cover.burn import bootstrap_means

    paid = np.random.default_rng(SEED).gamma(0.3, 100.0, (sites, YEARS))
    bootstrap_means(paid[:100], 10, SEED, block_years=BLOCK_YEARS)
    before = peak_of_this_process()
    bootstrap_means(paid, resamples, SEED, block_years=BLOCK_YEARS)
    return before, peak_of_this_process()


def peak_of_this_process() -> float:
    """Return the largest resident memory so far [MB]."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss may carry the parent's peak over an exec
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return float(line.split()[1]) / 1024.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        2**20 if sys.platform == "darwin" else 1024.0
    )


def memory(sites: int) -> list[str]:
    """Return the table of peak memory, each row from a fresh process."""
    table = [
        f"| resamples of {sites:,} sites | peak before | peak at the end | growth | all means kept would be |",
        "|---:|---:|---:|---:|---:|",
    ]
    for resamples in MEMORY_RESAMPLES:
        command = [sys.executable, __file__, "--peak", str(resamples), "--sites", str(sites)]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        before, after = (float(one) for one in text.split())
        kept = sites * resamples * 8 / 2**20
        table.append(
            f"| {resamples:,} | {before:.1f} MB | {after:.1f} MB | {after - before:.1f} MB | {kept:.0f} MB |"
        )
    return table


def main() -> None:
    """Measure, then print and write."""
    parser = argparse.ArgumentParser(description="Benchmarks of index covers on many sites.")
    parser.add_argument("--quick", action="store_true", help="a hundredth of the sites; prints only")
    parser.add_argument("--peak", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--sites", type=int, default=SITES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peak:
        print(*peak(arguments.peak, arguments.sites))
        return
    sites = arguments.sites // 100 if arguments.quick else arguments.sites
    measured = {
        "index-machine": lambda: machine(("numpy", "pandas")),
        "index-speed": lambda: speed(sites, YEARS, RESAMPLES, PLAIN_SITES),
        "index-memory": lambda: memory(arguments.sites),
    }
    for name, measure in measured.items():
        publish({name: measure()}, write=not arguments.quick)


if __name__ == "__main__":
    main()
