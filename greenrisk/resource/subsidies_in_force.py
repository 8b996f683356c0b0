# SPDX-License-Identifier: Apache-2.0
"""Which subsidy rule holds for a forest type in the underwriting year, how far it is known, and on what condition.

What a user writes is in :mod:`greenrisk.resource.subsidy_rules`; how a premium is split is in
:mod:`greenrisk.resource.subsidy`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from greenrisk.core.ledger import Ledger
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.core.sources import Sources
from greenrisk.core.tables import Column, TableSpec, source_column, status_column
from greenrisk.resource.book import FOREST_TYPES
from greenrisk.resource.subsidy_rules import PAYERS, TOLERANCE, SubsidiesSpec, SubsidyRule

CENTRAL_STATE: Final = "China"
"""Region of the table under which the conditions of the central state stand."""

CONDITION_PAYERS: Final[Mapping[str, tuple[str, ...]]] = {
    "province": ("province",),
    "province_and_county": ("province", "county"),
}
"""Who must give before the central state does."""

SUBSIDY_RULES: Final = TableSpec(
    name="subsidy-rules",
    title="Who pays the premium of policy forest insurance, by region, forest type and year",
    columns=(
        Column("region", "text", description="Place; `China` for the rules of the central state."),
        Column(
            "forest_type",
            "choice",
            choices=FOREST_TYPES,
            description="Public-benefit (公益林) or commercial forest (商品林).",
        ),
        Column("from_year", "integer", "year", low=2000, high=2100, description="First year of the rule."),
        *(
            Column(
                f"share_{payer}",
                "number",
                "1",
                required=False,
                low=0,
                high=1,
                description=f"{text} Empty in the rules of the central state but for its own share.",
            )
            for payer, text in zip(
                PAYERS,
                (
                    "Share of the central state.",
                    "Share of the province.",
                    "Share of city and county.",
                    "Share of the forest owner.",
                ),
                strict=True,
            )
        ),
        Column(
            "condition_payers",
            "choice",
            required=False,
            choices=tuple(CONDITION_PAYERS),
            description="Whose share must reach `condition_share` before the central state pays.",
        ),
        Column(
            "condition_share",
            "number",
            "1",
            required=False,
            low=0,
            high=1,
            description="Least share of those payers together.",
        ),
        status_column("How far the rule is known."),
        source_column("Notice, page or newspaper."),
        Column("notes", "text", required=False, description="What else was said there."),
    ),
)
"""A table of rules: four shares that sum to 1 in a row, or the central share and its condition."""


@dataclass(frozen=True)
class Condition:
    """On what condition the central state pays its share.

    Parameters
    ----------
    from_year : int
        First year.
    central : float
        Its share [unitless].
    payers : tuple of str
        Who must give.
    least : float
        What they must give together [unitless].
    status, source : str
        How far it is known, and from where.
    """

    from_year: int
    central: float
    payers: tuple[str, ...]
    least: float
    status: str
    source: str

    def unmet(self, rule: SubsidyRule) -> str:
        """Return in a sentence how a rule misses the condition; empty where it meets it or asks nothing for."""
        given = math.fsum(getattr(rule, payer) for payer in self.payers)
        if rule.central <= 0.0:
            return ""
        if given < self.least - TOLERANCE:
            return (
                f"The central state is said to pay {self.central:.0%} once {' and '.join(self.payers)} "
                f"pay at least {self.least:.0%}; by this rule they pay {given:.0%}."
            )
        if rule.central > self.central + TOLERANCE:
            return f"The central state is said to pay {self.central:.0%}; by this rule it pays {rule.central:.0%}."
        return ""


@dataclass(frozen=True)
class Subsidies:
    """The rules that hold in the underwriting year.

    Parameters
    ----------
    year : int
        Underwriting year.
    rules : mapping of str to SubsidyRule
        By forest type, those of the book.
    conditions : mapping of str to Condition
        Of the central state, by forest type; none where the table has none for the year.
    """

    year: int
    rules: Mapping[str, SubsidyRule]
    conditions: Mapping[str, Condition]

    def shares(self, forest_types: Sequence[str]) -> NDArray[np.float64]:
        """Return the shares of the payers for each of some forest types, shape (payer, forest type) [unitless]."""
        return np.array([self.rules[str(kind)].shares for kind in forest_types]).reshape(-1, len(PAYERS)).T

    def unmet(self, forest_type: str) -> str:
        """Return in a sentence which condition of the central state a rule misses; empty where it misses none."""
        condition = self.conditions.get(forest_type)
        return condition.unmet(self.rules[forest_type]) if condition is not None else ""

    def tell(self, ledger: Ledger) -> None:
        """Write to the ledger which rule holds, how far it is known, and a condition that is not met."""
        for kind, rule in self.rules.items():
            shares = ", ".join(f"{payer} {getattr(rule, payer):.4g}" for payer in PAYERS)
            ledger.add(
                "assumption",
                f"subsidy of {kind} forest",
                f"In {self.year} the rule from {rule.from_year} holds: {shares}.",
                status=rule.status,
                source=rule.source,
            )
            unmet = self.unmet(kind)
            if unmet:
                condition = self.conditions[kind]
                ledger.add(
                    "unreliable",
                    f"central share of {kind} forest",
                    f"{unmet} The shares were left as they are.",
                    status=condition.status,
                    source=condition.source,
                )

    def dataset(self) -> xr.Dataset:
        """Return the group ``/subsidy_rules``: shares, year and status of each rule, and the condition it is under."""
        kinds = list(self.rules)
        rules = [self.rules[kind] for kind in kinds]
        found = [self.conditions.get(kind) for kind in kinds]
        dataset = xr.Dataset(
            {
                "share": (("payer", "forest_type"), self.shares(kinds), {"units": "unitless"}),
                "from_year": ("forest_type", np.array([rule.from_year for rule in rules]), {"units": "year"}),
                "status": ("forest_type", np.array([rule.status for rule in rules])),
                "source": ("forest_type", np.array([rule.source for rule in rules])),
                "condition_share": (
                    "forest_type",
                    np.array([one.least if one is not None else math.nan for one in found]),
                    {"units": "unitless"},
                ),
                "condition_payers": (
                    "forest_type",
                    np.array([" and ".join(one.payers) if one is not None else "" for one in found]),
                ),
                "condition_status": (
                    "forest_type",
                    np.array([one.status if one is not None else "" for one in found]),
                ),
                "unmet": ("forest_type", np.array([self.unmet(kind) for kind in kinds])),
            },
            coords={"payer": np.array(PAYERS), "forest_type": np.array(kinds)},
        )
        dataset.attrs["underwriting_year"] = self.year
        return dataset


def read_subsidies(
    spec: SubsidiesSpec, sources: Sources, year: int, forest_types: Sequence[str]
) -> Subsidies | None:
    """Read the table of rules and choose those of the underwriting year.

    Parameters
    ----------
    spec : SubsidiesSpec
        What the scenario says under ``subsidy``.
    sources : Sources
        Reads the table; takes the faults.
    year : int
        Underwriting year.
    forest_types : sequence of str
        Forest types of the book: each needs a rule.

    Returns
    -------
    Subsidies or None
        None where a fault was recorded.
    """
    before = len(sources.faults)
    frame = sources.table(spec.table, ("subsidy", "table"), SUBSIDY_RULES)
    if frame is None:
        return None
    seen, conditions = _from_table(frame, spec.table, sources)
    if len(sources.faults) > before:
        return None
    regions = sorted(seen)
    if spec.region is not None and spec.region not in seen:
        sources.fault(
            ("subsidy", "region"),
            f"subsidy.region = {spec.region}",
            f"{spec.table} has no rule of this region.{did_you_mean(spec.region, regions)} "
            f"Regions: {', '.join(regions) or 'none'}.",
        )
    rules = {}
    for kind in sorted(set(map(str, forest_types))):
        mine = [rule for rule in spec.rules if rule.forest_type == kind]
        usable = mine or [rule for rule in seen.get(spec.region or "", ()) if rule.forest_type == kind]
        begun = [rule for rule in usable if rule.from_year <= year]
        if begun:
            rules[kind] = max(begun, key=lambda rule: rule.from_year)
        elif spec.region is None or spec.region in seen:
            first = min((rule.from_year for rule in usable), default=None)
            since = "there is none" if first is None else f"the first begins in {first}"
            mend = (
                f"The book has {kind} forest: give a rule with forest_type: {kind} and from_year <= {year}."
            )
            sources.fault(("subsidy",), f"no rule for {kind} forest in {year}; {since}", mend)
    if len(sources.faults) > before:
        return None
    held = {
        kind: max(known, key=lambda one: one.from_year)
        for kind in rules
        if (known := [one for one in conditions.get(kind, ()) if one.from_year <= year])
    }
    return Subsidies(year, rules, held)


def _from_table(
    frame: pd.DataFrame, name: str, sources: Sources
) -> tuple[dict[str, list[SubsidyRule]], dict[str, list[Condition]]]:
    """Return the rules by region and the conditions of the central state by forest type; bad rows become faults."""
    rules: dict[str, list[SubsidyRule]] = {}
    conditions: dict[str, list[Condition]] = {}
    frame = frame.reindex(columns=[column.name for column in SUBSIDY_RULES.columns])
    for row in frame.to_dict("records"):
        what = f"{row['region']}, {row['forest_type']}, {row['from_year']}"
        shares = [_number(row[f"share_{payer}"]) for payer in PAYERS]
        payers, least = row["condition_payers"], _number(row["condition_share"])
        if row["region"] == CENTRAL_STATE:
            if math.isnan(shares[0]) or math.isnan(least) or payers not in CONDITION_PAYERS:
                mend = (
                    "A rule of the central state needs share_central, condition_payers and condition_share."
                )
                sources.faults.add(name, what, mend)
                continue
            condition = Condition(
                int(row["from_year"]),
                shares[0],
                CONDITION_PAYERS[payers],
                least,
                str(row["status"]),
                str(row["source"]),
            )
            conditions.setdefault(str(row["forest_type"]), []).append(condition)
            continue
        if any(map(math.isnan, shares)) or abs(math.fsum(shares) - 1.0) > TOLERANCE:
            told = " + ".join("empty" if math.isnan(share) else f"{share:g}" for share in shares)
            mend = f"The four shares ({', '.join(PAYERS)}) must be there and sum to 1."
            sources.faults.add(name, f"{what}: {told}", mend, "unitless")
            continue
        keys = ("forest_type", "from_year", "status", "source")
        rule = SubsidyRule.model_validate(
            {key: row[key] for key in keys} | dict(zip(PAYERS, shares, strict=True))
        )
        rules.setdefault(str(row["region"]), []).append(rule)
    return rules, conditions


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)
