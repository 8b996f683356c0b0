# SPDX-License-Identifier: Apache-2.0
"""Short issuer runs that have the groups which the shipped scenario leaves out, each with what makes them."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

import greenrisk
from greenrisk.core.library import find

SHIPPED = "issuers-jingdezhen"
SHORT: dict[str, Any] = {"knowledge.draws": 2, "credit.portfolio_years": 1000}
FIRMS = 400
"""Made-up firms of a logit; a tenth fails."""


def figures_that_cannot_be_used() -> xr.DataTree:
    """Return a run with an issuer without statement and a figure in another unit."""
    with tempfile.TemporaryDirectory() as name:
        keys = dict(SHORT)
        for key in ("issuers", "statements"):
            shipped = find("data", greenrisk.load(SHIPPED).spec.statements.tables()[key])
            frame = pd.read_csv(str(shipped), dtype=str, keep_default_na=False)
            if key == "issuers":
                frame = pd.concat([frame, frame.tail(1).assign(issuer="X1", name="Without a statement")])
            else:
                column = "market_value_million"
                frame[column] = frame[column].where(frame["issuer"] != frame["issuer"].iat[0], "9e9")
            keys[f"statements.{key}"] = str(Path(name) / f"{key}.csv")
            frame.to_csv(keys[f"statements.{key}"], index=False)
        return greenrisk.run(greenrisk.load(SHIPPED, keys)).tree


def production_path() -> xr.DataTree:
    """Return a run of the shipped scenario of the late and sudden path, and a plan that begins too late."""
    with tempfile.TemporaryDirectory() as name:
        shipped = find("data", greenrisk.load("issuers-late-sudden").spec.statements.plans)
        frame = pd.read_csv(str(shipped), dtype=str, keep_default_na=False)
        late = frame[
            frame["year"].astype(int) > greenrisk.load("issuers-late-sudden").spec.pathways.first_year
        ]
        first = frame["issuer"].iat[0]
        frame = pd.concat([frame[frame["issuer"] != first], late[late["issuer"] == first]])
        plans = Path(name) / "plans.csv"
        frame.to_csv(plans, index=False)
        keys = SHORT | {"statements.plans": str(plans)}
        return greenrisk.run(greenrisk.load("issuers-late-sudden", keys)).tree


def own_ratings_and_firm_years() -> xr.DataTree:
    """Return a run with own ratings, and with firm-years that bear a logit."""
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        ratings, firms = Path(name) / "ratings.csv", Path(name) / "firms.csv"
        ratings.write_text("issuer,rating,annual_probability\nJDZ-CER-1,BB,\n", encoding="utf-8")
        rows = [
            (f"F{k}", 2020, int(k % 10 == 0), chance.gauss(0.06 - 0.1 * (k % 10 == 0), 0.1))
            for k in range(FIRMS)
        ]
        columns = pd.Index(["firm", "year", "failed", "ebit_to_assets"])
        pd.DataFrame(rows, columns=columns).to_csv(firms, index=False)
        given = {"table": str(firms), "ratios": ["ebit_to_assets"]}
        keys = SHORT | {"credit.own_ratings": str(ratings), "credit.firm_years": given}
        return greenrisk.run(greenrisk.load(SHIPPED, keys)).tree


def many_issuers() -> xr.DataTree:
    """Return a run that keeps everything of some issuers only."""
    return greenrisk.run(greenrisk.load(SHIPPED, SHORT | {"detail.issuers": 5, "detail.hurt_most": 5})).tree


RUNS: tuple[tuple[str, str, Callable[[], xr.DataTree]], ...] = (
    (
        "figures that cannot be used",
        "Made where the intake refuses issuers, or finds figures that cannot be right.",
        figures_that_cannot_be_used,
    ),
    (
        "a production path",
        "Made where the scenario has `channels.production_path`.",
        production_path,
    ),
    (
        "own ratings and firm-years",
        "Made where the scenario has `credit.own_ratings` or `credit.firm_years`.",
        own_ratings_and_firm_years,
    ),
    (
        "many issuers",
        "Made where there are more issuers than `detail.issuers`; groups by issuer and year then hold those hurt most.",
        many_issuers,
    ),
)
"""What a run of issuers may have beside, in words, and a run that has it."""
