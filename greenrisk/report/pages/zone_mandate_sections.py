# SPDX-License-Identifier: Apache-2.0
"""Sections of the zone page on the mandate: who must insure and can, who pays the rest, how a claim runs."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.pollution.mandate.who_must_insure import RULE_WORDS
from greenrisk.report.charts.claims_timeline import claims_cash_chart, claims_timeline_chart
from greenrisk.report.charts.payers import payers_chart
from greenrisk.report.pages.section import Part, Section, Shown, dataset_table
from greenrisk.report.pages.zone_words import GRADE_NAMES, REFUSED, given, group
from greenrisk.report.table import Cell, Column, Table, count, figure, share, table, words
from greenrisk.report.wording import lower_first, money_unit, percent, span

ALL: Final = "all"
GROUPS: Final = ("major", "larger", "general", "not_graded", "in_zone", "beyond_zone", ALL)

SCENARIOS: Final = {
    "as_is": "As it is",
    "voluntary": "Voluntary, with take-up",
    "by_grade": "Mandatory by grade",
    "mandatory": "Mandatory in the zone",
    "extended": "Mandatory, zone and beyond",
}
"""Scenario of the mandate -> its words; a user's own is printed as it is named."""


def obligation_section(tree: xr.DataTree) -> Section | None:
    """Return who must insure and why, who has no cover, what a mandate would change, who can afford it."""
    must, bare, enrolment, afford, sizes = (
        group(tree, name)
        for name in (
            "who_must_insure",
            "uninsured",
            "enrolment",
            "affordability",
            "affordability/sizes",
        )
    )
    parts = []
    if must is not None:
        parts.append(Part("Why a plant must insure", _rules_table(must)))
    if bare is not None and bare.sizes.get("row", 0):
        parts.append(Part("Plants that must insure and have no cover, or too little", _bare_table(bare)))
    if enrolment is not None:
        parts.append(
            Part(
                "What a mandate would change",
                _enrolment_table(enrolment),
                "Expectations: who complies and who buys of their own accord are chances of the card of the mandate. "
                "Premiums are built up as that of the policies in force, for those who have cover; where nobody joins "
                "they are that premium.",
            )
        )
    if afford is not None:
        parts.append(
            Part("What the premium is beside revenue", _afford_table(afford, sizes), _afford_note(afford))
        )
    if not parts:
        return None
    return Section("who", "Who must insure, and who can", _obligation_sentence(must, bare), tuple(parts))


def _obligation_sentence(must: xr.Dataset | None, bare: xr.Dataset | None) -> str:
    told = []
    if must is not None:
        told.append(
            f"{int((must['reasons'].values > 0).sum())} of {must.sizes['plant']} plants meet at least one reason to "
            "insure"
        )
    if bare is not None:
        none = int((bare["limit_cny"].values <= 0).sum())
        told.append(
            f"{bare.sizes['row']} of those who must have no cover ({none}) or less than the least limit of their grade "
            f"({bare.sizes['row'] - none})"
        )
    return "; ".join(told) + "." if told else "What a mandate would ask of the plants."


def _rules_table(must: xr.Dataset) -> Table:
    rows: list[list[Cell]] = [
        [
            words(RULE_WORDS.get(str(rule), str(rule))),
            *(
                count(float(must[name].values[i]))
                for name in ("plants_met", "plants_met_alone", "without_cover")
            ),
        ]
        for i, rule in enumerate(must["rule"].values)
    ]
    return table(
        "Reasons to insure",
        [
            Column("Reason", number=False),
            Column("Plants"),
            Column("Caught by no other reason"),
            Column("Of them without cover"),
        ],
        rows,
        heard=True,
    )


def _bare_table(bare: xr.Dataset) -> Table:
    scale, unit = money_unit(bare["expected_loss_cny_per_year"].values)
    rows: list[list[Cell]] = [
        [
            Cell(str(bare["plant_id"].values[i]), note=str(bare["name"].values[i])),
            words(bare["owner"].values[i]),
            words(GRADE_NAMES.get(str(bare["grade"].values[i]), GRADE_NAMES[REFUSED])),
            words(_reasons(str(bare["reasons"].values[i]).split("; "))),
            given(float(bare["limit_cny"].values[i])),
            given(float(bare["minimum_limit_cny"].values[i])),
            figure(float(bare["expected_loss_cny_per_year"].values[i]), scale=scale),
        ]
        for i in range(min(100, bare.sizes["row"]))
    ]
    return table(
        "Plants without enough cover",
        [
            Column("Plant", number=False),
            Column("Owner", number=False),
            Column("Grade", number=False),
            Column("Reasons", number=False),
            Column("Limit in force", "CNY million"),
            Column("Least limit", "CNY million"),
            Column("Expected loss", f"{unit} a year"),
        ],
        rows,
        heard=True,
    )


def _reasons(names: list[str]) -> str:
    told = "; ".join(lower_first(RULE_WORDS.get(name, name)) for name in names)
    return told[:1].upper() + told[1:]


def _enrolment_table(enrolment: xr.Dataset) -> Table:
    data = enrolment.sel(group=ALL)
    scale, unit = money_unit([*data["payments"].values, *data["premium"].values, *data["uninsured"].values])
    rows: list[list[Cell]] = [
        [
            words(SCENARIOS.get(str(name), str(name).replace("_", " "))),
            count(float(data["plants_must"].values[i])),
            figure(float(data["plants_insured"].values[i])),
            figure(float(data["cover"].values[i]), scale=1e6),
            figure(float(data["premium"].values[i]), scale=scale),
            figure(float(data["payments"].values[i]), scale=scale),
            figure(float(data["uninsured"].values[i]), scale=scale),
            share(float(data["covered_share"].values[i])),
        ]
        for i, name in enumerate(data["scenario"].values)
    ]
    return table(
        "Scenarios of the mandate",
        [
            Column("Scenario", number=False),
            Column("Must insure", "plants"),
            Column("Insured", "plants expected"),
            Column("Sum of limits", "CNY million"),
            Column("Premium", f"{unit} a year"),
            Column("Paid by policies", f"{unit} a year"),
            Column("Paid by none", f"{unit} a year"),
            Column("Share of the loss paid"),
        ],
        rows,
        heard=True,
    )


def _afford_table(afford: xr.Dataset, sizes: xr.Dataset | None) -> Table:
    if sizes is None:
        data = afford.isel(
            owner=np.argsort(-np.nan_to_num(afford["premium_over_revenue"].values), kind="stable")
        )
        return dataset_table(
            data,
            "owner",
            [
                Shown("owner", "Firm", "words"),
                Shown("size", "Size", "words"),
                Shown("premium", "Premium"),
                Shown("revenue", "Revenue"),
                Shown("premium_over_revenue", "Premium over revenue", "share"),
                Shown("subsidy", "Subsidy to the bearable share"),
            ],
            "Premium over revenue",
            most=20,
        )
    named = sizes.assign(
        named=("size", np.array([str(s).replace("_", " ").capitalize() for s in sizes["size"].values]))
    )
    return dataset_table(
        named,
        "size",
        [
            Shown("named", "Size of the firm", "words"),
            Shown("firms", "Firms with a premium", "count"),
            Shown("firms_above", "Above the bearable share", "count"),
            Shown("premium", "Premium"),
            Shown("revenue", "Revenue"),
            Shown("premium_over_revenue", "Premium over revenue", "share"),
            Shown("subsidy", "Subsidy to the bearable share"),
        ],
        "Premium over revenue by size of the firm",
        totals=1 if str(sizes["size"].values[-1]) == ALL else 0,
    )


def _afford_note(afford: xr.Dataset) -> str:
    known = afford["premium_over_revenue"].values.astype(float)
    known = known[np.isfinite(known) & (afford["premium"].values > 0)]
    most = percent(float(afford.attrs["share"])) if "share" in afford.attrs else ""
    told = f"Bearable: at most {most} of revenue. " if most else ""
    return told + (
        f"Over the firms with a premium it takes {span(100 * known.min(), 100 * known.max())}\u00a0% of revenue."
        if known.size
        else ""
    )


def payers_section(tree: xr.DataTree) -> Section | None:
    """Return who pays what the policies do not."""
    paid = group(tree, "who_pays")
    if paid is None:
        return None
    return Section(
        "payers",
        "Who pays above the limit",
        "A loss that no policy pays does not vanish: the operator owes it, and where it cannot pay, others do.",
        (Part("", chart=payers_chart(paid)),),
    )


def claims_section(tree: xr.DataTree) -> Section | None:
    """Return how a claim runs in days and in money."""
    stages, cash = group(tree, "claims_timeline"), group(tree, "claims_cash")
    if stages is None:
        return None
    parts = [Part("", chart=claims_timeline_chart(stages))]
    if cash is not None:
        parts.append(Part("", chart=claims_cash_chart(cash)))
    status = stages["status"].values.astype(str)
    sure = int((status == "confirmed").sum())
    sentence = (
        f"From notice to the last payment, with documents and roles. {sure} of {status.size} terms are confirmed; the "
        "others say what they are in the table."
    )
    return Section("claims", "How a claim runs", sentence, tuple(parts))
