# SPDX-License-Identifier: Apache-2.0
"""Speed, sameness and memory of the late and sudden transition; rewrites tables of benchmarks/README.md.

Usage: python benchmarks/issuers.py [--quick]

``--quick`` takes a twentieth of the companies and prints instead of writing. Every side begins with tables in memory
and ends with tables: greenrisk's time holds all checks of plans, finances, scenarios and prices. trisk.model is timed
inside R, its one function alone, where Rscript finds the package (set ``R_LIBS``); elsewhere the seconds that were once
recorded for 5,000 companies are told, with their machine. Medians of several turns, in seconds of the processor, which
waiting for a busy machine does not lengthen.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from forest import MEGABYTE, peak_of_this_process
from readme_tables import machine, publish

TURNS = 5
TAX = {"level": 50.0, "growth": 0.04}
"""What trisk.model calls increasing_carbon_tax_50."""
RECORDED = 32.6
"""Seconds of trisk.model 2.7.0 for 5,000 companies (7,000 plans), one pair, 29 terms, on a two-core machine with other
load: an upper bound, from the project's notes."""
R = """
suppressMessages(library(trisk.model))
words <- commandArgs(TRUE); at <- words[1]; turns <- as.integer(words[2])
text <- readr::cols(company_id = "c", asset_id = "c", company_name = "c", asset_name = "c")
read <- function(name) suppressWarnings(readr::read_csv(file.path(at, paste0(name, ".csv")), col_types = text))
assets <- read("assets_data"); scenarios <- read("scenarios_data")
finances <- read("financial_data"); carbon <- read("carbon_data")
took <- c()
for (turn in seq_len(turns)) {
  took <- c(took, sum(system.time(suppressMessages(found <- run_trisk_model(
    assets, scenarios, finances, carbon, baseline_scenario = "Calm_CP", target_scenario = "Calm_NZ",
    carbon_price_model = "increasing_carbon_tax_50")))[c("user.self", "sys.self")]))
}
for (name in c("npv_results", "pd_results")) readr::write_csv(found[[name]], file.path(at, paste0(name, ".csv")))
r <- paste(R.version$major, R.version$minor, sep = ".")
cat("\\n", as.character(packageVersion("trisk.model")), r, median(took))
"""


def tables(companies: int):
    """Return plans, finances and scenarios."""
    from random_issuers import random_companies, random_paths

    return *random_companies(companies), random_paths()


def scenario(pairs: int = 1, **more):
    """Return a scenario with one pair or with all six."""
    from random_issuers import BASELINES, TARGETS

    from greenrisk.issuer.production.spec import LateSudden

    all_ = [
        {"name": f"{base} {aim}", "baseline": base, "target": aim, "carbon_tax": TAX}
        for base in BASELINES
        for aim in TARGETS
    ]
    return LateSudden(pairs=all_[:pairs], default_unit="issuer_sector", **more)


def greenly(read, pairs: int):
    """Run greenrisk from tables to tables."""
    from greenrisk.issuer.production.late_sudden import late_sudden

    found, _ = late_sudden(scenario(pairs), *read)
    return {"trajectories": found.trajectories(), "values": found.values(), "defaults": found.defaults()}


def plainly(read, pairs: int):
    """Run the plain code, pair by pair; return the first pair."""
    from plain_issuers import plain_transition

    results = [
        plain_transition(*read, pair.baseline, pair.target, level=TAX["level"], growth_of_tax=TAX["growth"])
        for pair in scenario(pairs).pairs
    ]
    return results[0]


def in_r(read, turns: int):
    """Return version of the package, version of R, seconds and answers of trisk.model; ``None`` where it is not."""
    import pandas as pd
    from random_issuers import trisk_tables

    if shutil.which("Rscript") is None:
        return None
    asked = subprocess.run(
        ["Rscript", "-e", 'quit(status = !requireNamespace("trisk.model", quietly = TRUE))'],
        capture_output=True,
    )
    if asked.returncode:
        return None
    years = range(2015, 2051)
    path = pd.Series([0.0 if year < 2025 else TAX["level"] for year in years], index=years)
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        for name, frame in trisk_tables(*read, {"increasing_carbon_tax_50": path}).items():
            frame.to_csv(at / f"{name}.csv", index=False)
        (at / "run.R").write_text(R, encoding="utf-8")
        said = subprocess.run(
            ["Rscript", at / "run.R", at, str(turns)], check=True, stdout=subprocess.PIPE, text=True
        ).stdout.split()
        found = {
            name: pd.read_csv(at / f"{name}.csv", dtype={"company_id": str})
            for name in ("npv_results", "pd_results")
        }
    return said[-3], said[-2], float(said[-1]), found


def seconds(call: Callable[[], object], turns: int) -> float:
    """Return the median processor time of a call, after one that fills caches where there are several."""
    if turns > 1:
        call()
    took = []
    for _ in range(turns):
        begin = time.process_time()
        call()
        took.append(time.process_time() - begin)
    return statistics.median(took)


def speed_and_sameness(companies: int) -> tuple[list[str], list[str]]:
    """Return the tables of seconds by code, and of the largest differences."""
    read = tables(companies)
    plans = len(read[0].drop_duplicates(["issuer", "technology"]))
    peer = in_r(read, 3)
    measured = [
        ("greenrisk, tables to tables", 1, seconds(lambda: greenly(read, 1), TURNS)),
        ("greenrisk, tables to tables", 6, seconds(lambda: greenly(read, 6), TURNS)),
        ("plain Python and pandas, row by row", 1, seconds(lambda: plainly(read, 1), 3)),
        ("plain Python and pandas, row by row", 6, seconds(lambda: plainly(read, 6), 1)),
    ]
    if peer:
        measured.append((f"trisk.model {peer[0]}, R {peer[1]}, model call only", 1, peer[2]))
        measured.append((f"trisk.model {peer[0]}, six calls (six times one)", 6, 6 * peer[2]))
    elif companies == 5000:
        measured.append(("trisk.model 2.7.0, recorded elsewhere, upper bound", 1, RECORDED))
        measured.append(("trisk.model 2.7.0, recorded elsewhere, six times one", 6, 6 * RECORDED))
    own = {pairs: took for name, pairs, took in measured if name.startswith("greenrisk")}
    rows = [
        f"| {companies:,} companies, {plans:,} plans, 29 years | pairs | processor seconds | times greenrisk |",
        "|---|---:|---:|---:|",
    ]
    rows += [f"| {name} | {pairs} | {took:.3f} | {took / own[pairs]:.0f} |" for name, pairs, took in measured]
    return rows, sameness(read, peer)


def sameness(read, peer) -> list[str]:
    """Return the table of the largest differences to each peer."""
    ours, plain = greenly(read, 1), plainly(read, 1)
    keys = ["issuer", "sector", "technology"]
    rows = [
        "| against | values compared | value, largest relative | default, largest absolute |",
        "|---|---:|---:|---:|",
    ]
    others = [("plain Python and pandas", plain["values"], plain["defaults"])]
    if peer:
        names = {"company_id": "issuer", "pd_baseline": "probability_of_default_baseline"}
        names |= {"net_present_value_baseline": "value_baseline", "net_present_value_shock": "value_shock"}
        names["pd_shock"] = "probability_of_default_shock"
        npv, default = (peer[3][name].rename(columns=names) for name in ("npv_results", "pd_results"))
        others.append((f"trisk.model {peer[0]}", npv, default))
    for name, values, defaults in others:
        one = ours["values"].merge(values, on=keys, suffixes=("", "_theirs"), validate="1:1")
        two = ours["defaults"].merge(
            defaults, on=[*keys[:2], "term"], suffixes=("", "_theirs"), validate="1:1"
        )
        worst = [0.0, 0.0]
        for which in ("baseline", "shock"):
            a, b = one[f"value_{which}"], one[f"value_{which}_theirs"]
            scale = one["value_baseline_theirs"].abs().clip(lower=1e-9)
            worst[0] = max(worst[0], float(((a - b).abs() / scale).max()))
            p, q = (two[f"probability_of_default_{which}{end}"] for end in ("", "_theirs"))
            worst[1] = max(worst[1], float((p - q).abs().max()))
        rows.append(f"| {name} | {2 * (len(one) + len(two)):,} | {worst[0]:.1e} | {worst[1]:.1e} |")
    return rows


def one_run(companies: int) -> None:
    """In a process of its own: all companies in blocks; print peaks before and after, seconds and the mean default."""
    from greenrisk.issuer.production.late_sudden import late_sudden_study

    study = late_sudden_study(scenario(6), *tables(companies))
    for _, _ in zip(range(2), study.blocks(), strict=False):
        pass
    before, begin = peak_of_this_process(), time.perf_counter()
    total = 0.0
    for _, found in study.blocks():
        total += float(found.default_probability("shock")[..., 0].sum())
    print(before, peak_of_this_process(), time.perf_counter() - begin, total)


def memory(sizes: tuple[int, int]) -> list[str]:
    """Return the table of peak memory and seconds in fresh processes, six pairs, blocks of 1,000 issuers."""
    rows = [
        "| issuers, six pairs | tables and first two blocks | peak at the end | growth over the blocks | seconds |",
        "|---:|---:|---:|---:|---:|",
    ]
    for number in sizes:
        command = [sys.executable, __file__, "--one-run", str(number)]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        before, after, took = (float(part) for part in output.split()[-4:-1])
        before, after = before / MEGABYTE, after / MEGABYTE
        rows.append(
            f"| {number:,} | {before:.0f} MB | {after:.0f} MB | {after - before:.1f} MB | {took:.2f} |"
        )
    return rows


def draws(companies: int, number: int) -> list[str]:
    """Return the table of draws: pass-through, rates, margins and volatilities drawn, 29 terms, 100 draws at a time."""
    import numpy as np

    from greenrisk.issuer.production.assumptions import assumptions_of
    from greenrisk.issuer.production.late_sudden import late_sudden_study

    study = late_sudden_study(scenario(1), *tables(companies))
    rng = np.random.default_rng(3)

    def part(count: int) -> None:
        drawn = assumptions_of(
            study.spec,
            pass_through_power=rng.uniform(0.3, 0.9, count),
            pass_through_other=rng.uniform(0.6, 1.0, count),
            discount_rate=rng.uniform(0.07, 0.11, count),
            margin_factor=rng.lognormal(0.0, 0.1, count),
            volatility_factor=rng.lognormal(0.0, 0.2, count),
        )
        for _, found in study.blocks(drawn):
            found.default_probability("shock").mean(axis=0)

    part(2)
    each = min(100, number)
    begin = time.perf_counter()
    for _ in range(number // each):
        part(each)
    took = time.perf_counter() - begin
    return [
        "| draws | issuers | terms | seconds | issuers and draws a second |",
        "|---:|---:|---:|---:|---:|",
        f"| {number:,} | {companies:,} | 29 | {took:.2f} | {number * companies / took:.2e} |",
    ]


def main() -> None:
    """Measure, then print and write."""
    parser = argparse.ArgumentParser(description="Benchmarks of the late and sudden transition.")
    parser.add_argument("--quick", action="store_true", help="a twentieth of the companies; prints only")
    parser.add_argument("--one-run", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one_run:
        one_run(arguments.one_run)
        return
    scale = 20 if arguments.quick else 1
    told = machine(("numpy", "scipy", "pandas"))
    speed, same = speed_and_sameness(5000 // scale)
    found = {
        "issuers-machine": told,
        "issuers-speed": speed,
        "issuers-sameness": same,
        "issuers-memory": memory((10_000 // scale, 100_000 // scale)),
        "issuers-draws": draws(1000 // scale, 1000 // scale),
    }
    publish(found, write=not arguments.quick)


if __name__ == "__main__":
    main()
