# SPDX-License-Identifier: Apache-2.0
"""Section of the zone page that sets the model beside what is known from elsewhere: compared, never validated."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.china_accidents import china_accidents_chart
from greenrisk.report.pages.section import Part, Section
from greenrisk.report.pages.zone_own_history import own_history_part
from greenrisk.report.pages.zone_release_sources import release_sources_part
from greenrisk.report.pages.zone_words import HEAD_NAMES, group, share_with_error
from greenrisk.report.table import Cell, Column, Table, count, figure, share, table, words
from greenrisk.report.wording import (
    as_given,
    money_unit,
    percent,
    significant,
    unit_words,
)

THOUSAND: Final = 1000.0
"""Years of a plant that a printed rate is for."""

EVENT_LEVELS: Final = {
    "general": "General 一般",
    "larger": "Larger 较大",
    "major": "Major 重大",
    "extraordinary": "Extraordinary 特别重大",
}


def checks_section(tree: xr.DataTree) -> Section | None:
    """Return the comparisons with what is known from elsewhere, and the simulation beside closed form."""
    china, losses, levels, ratio, rmp, equipment, methods = (
        group(tree, name)
        for name in (
            "china_accidents",
            "accident_losses",
            "event_levels",
            "implied_loss_ratio",
            "third_party_beside_rmp",
            "equipment_check",
            "second_method",
        )
    )
    parts = []
    if china is not None and losses is not None:
        parts.append(Part("", chart=china_accidents_chart(china, losses)))
    if levels is not None:
        parts.append(
            Part(
                "Levels of the model's accidents by direct loss (国办函〔2014〕119号)",
                _levels_table(levels),
                _levels_note(levels),
            )
        )
    if ratio is not None:
        parts.append(Part(_ratio_heading(ratio), _ratio_table(ratio), _ratio_note(ratio)))
    if rmp is not None:
        parts.append(
            Part(
                "Third-party property beside the off-site damage of US chemical sites",
                _rmp_table(rmp),
                "RMP: reports of US chemical sites under the Risk Management Program; NAICS: codes of industries. "
                "Positive amounts in USD, before any transfer; reportable accidents on both sides, under other rules. "
                "Compared, not fitted: the last column is the chance that as many amounts of the model hold one as "
                "large as the largest on record.",
            )
        )
    if equipment is not None and equipment.sizes.get("plant_with_equipment", 0):
        parts.append(
            Part(
                "Leaks of equipment beside reports of US facilities",
                _equipment_table(equipment),
                _equipment_note(equipment),
            )
        )
    history = group(tree, "own_history")
    if history is not None:
        parts.append(own_history_part(history))
    sources = group(tree, "equipment_shares")
    if sources is not None:
        parts.append(release_sources_part(sources))
    if methods is not None:
        parts.append(
            Part(
                _methods_heading(methods),
                _methods_table(methods),
                "Simulated years beside closed form, from the same cards: a check of the arithmetic, not of the "
                "cards.",
            )
        )
    if not parts:
        return None
    sentence = (
        "What the model says, set beside what is known from elsewhere. These are comparisons: none of them shows that "
        "the model is right, and no parameter was fitted to them."
    )
    return Section("checks", "Compared with what is known", sentence, tuple(parts))


def _levels_table(levels: xr.Dataset) -> Table:
    names = {"with_clean_up": "clean-up counted", "without_clean_up": "clean-up not counted"}
    rows: list[list[Cell]] = [
        [
            words(EVENT_LEVELS.get(str(level), str(level))),
            Cell(
                as_given(f"{float(levels['direct_loss_from'].values[i]) / 1e6:.6g}"),
                float(levels["direct_loss_from"].values[i]),
            ),
            *(
                share_with_error(
                    float(levels["share"].sel(reading=r).values[i]),
                    float(levels["standard_error"].sel(reading=r).values[i]),
                )
                for r in levels["reading"].values
            ),
        ]
        for i, level in enumerate(levels["level"].values)
    ]
    return table(
        "Event levels of the model's accidents",
        [
            Column("Level", number=False),
            Column("Direct loss from", "CNY million"),
            *(
                Column(f"Share of accidents, {names.get(str(r), str(r))} ± simulation")
                for r in levels["reading"].values
            ),
        ],
        rows,
        heard=True,
    )


def _levels_note(levels: xr.Dataset) -> str:
    return (
        f"By direct loss alone; deaths, evacuation and water supply would raise some. Status of the bounds: "
        f"{levels.attrs.get('status', 'not stated')}. Virtual treatment cost never counts here."
    )


def _ratio_heading(ratio: xr.Dataset) -> str:
    ends = [percent(float(v)) for v in ratio["loss_ratio"].values]
    return f"At the market's rate on line the model implies a loss ratio of {ends[-1]} to {ends[0]}"


def _ratio_table(ratio: xr.Dataset) -> Table:
    expected = np.broadcast_to(ratio["expected_loss"].values, (ratio.sizes["rate_on_line"],)).astype(float)
    scale, unit = money_unit([*ratio["premium"].values, *expected])
    rows: list[list[Cell]] = [
        [
            share(float(ratio["rate_on_line"].values[i])),
            figure(float(ratio["premium"].values[i]), scale=scale),
            figure(float(expected[i]), scale=scale),
            share_with_error(float(ratio["loss_ratio"].values[i]), float(ratio["standard_error"].values[i])),
            words(ratio["verdict"].values[i]),
        ]
        for i in range(ratio.sizes["rate_on_line"])
    ]
    return table(
        "Implied loss ratio",
        [
            Column("Rate on line"),
            Column("Premium at it", f"{unit} a year"),
            Column("Expected payments", f"{unit} a year"),
            Column("Loss ratio ± simulation"),
            Column("Bounds of belief", number=False),
        ],
        rows,
        heard=True,
    )


def _ratio_note(ratio: xr.Dataset) -> str:
    told = "Expected payments: rates times what a drawn accident is paid. "
    if bool((ratio["verdict"].values == "cannot tell").any()):
        told += "Cannot tell: the 90 % interval of the simulation holds a bound. "
    if bool(ratio["outside"].values.any()):
        return told + (
            "A ratio outside the bounds is a warning: either the market charges far from the risk, or accidents of the "
            "model are too rare or too small. The factors of transfer span more than this."
        )
    if bool((ratio["verdict"].values != "within").any()):
        return told
    return (
        told
        + "Within the bounds of belief, which are wide: this shows no more than that the order of size is possible."
    )


def _rmp_table(rmp: xr.Dataset) -> Table:
    rows: list[list[Cell]] = []
    for i, source in enumerate(rmp["source"].values.astype(str)):
        ours = source == "model"
        rows.append(
            [
                words("This model" if ours else f"RMP accidents, {_rmp_name(source)}"),
                count(float(rmp["positive"].values[i])) if not ours else Cell("\u2013"),
                *(figure(float(v), scale=1e3) for v in rmp["quantile"].values[i]),
                figure(float(rmp["maximum"].values[i]), scale=1e3),
                share(float(rmp["chance_of_largest"].values[i])),
            ]
        )
    return table(
        "Off-site damage",
        [
            Column("Amounts", number=False),
            Column("How many"),
            *(Column(f"{percent(float(p))} cost less", "USD thousand") for p in rmp["probability"].values),
            Column("Largest", "USD thousand"),
            Column("Chance in the model"),
        ],
        rows,
        heard=True,
    )


def _rmp_name(source: str) -> str:
    """Return a group of RMP accidents in words: ``naics 3251 all`` is NAICS 3251 in all years."""
    told = source.replace("naics ", "NAICS ").removeprefix("chemical ")
    return f"{told.removesuffix(' all')}, all years" if told.endswith(" all") else told


def _equipment_table(equipment: xr.Dataset) -> Table:
    ratio = equipment["ratio"].values.astype(float)
    quantiles = {
        "lowest": 0.0,
        "one plant in four below": 0.25,
        "middle": 0.5,
        "one in four above": 0.75,
        "highest": 1.0,
    }
    rows: list[list[Cell]] = [
        [
            words(name.capitalize()),
            *(
                figure(THOUSAND * float(np.nanquantile(equipment[v].values.astype(float), q)))
                for v in ("by_equipment", "by_industry")
            ),
            figure(float(np.nanquantile(ratio, q))),
        ]
        for name, q in quantiles.items()
    ]
    return table(
        "Rates by equipment and by reports",
        [
            Column("Over the plants", number=False),
            Column("By equipment", "accidents in 1,000 years"),
            Column("By US reports", "accidents in 1,000 years"),
            Column("Ratio", "times"),
        ],
        rows,
        heard=True,
    )


def _equipment_note(equipment: xr.Dataset) -> str:
    ratio = float(equipment.attrs["median_ratio"])
    return (
        f"For the middle plant leaks of its equipment give {significant(ratio, 2)} times the accidents that US reports "
        "give its industry. The two count different things (leaks beyond the fence; reportable accidents): this is a "
        "comparison, not a validation of either."
    )


def _methods_heading(methods: xr.Dataset) -> str:
    apart = np.abs(methods["difference"].values.astype(float))
    return (
        f"Two methods compared: simulation and closed form are at most {significant(float(np.nanmax(apart)), 2)} "
        "standard errors apart"
    )


def _methods_table(methods: xr.Dataset) -> Table:
    rows: list[list[Cell]] = []
    for i, quantity in enumerate(methods["quantity"].values.astype(str)):
        name = HEAD_NAMES.get(quantity, quantity.capitalize())
        unit = str(methods["unit"].values[i])
        scale, word = (1e3, "CNY thousand a year") if unit == "CNY/year" else (1.0, unit_words(unit))
        rows.append(
            [
                words(name),
                words(word),
                figure(
                    float(methods["simulated"].values[i]),
                    scale=scale,
                    error=float(methods["standard_error"].values[i]),
                ),
                figure(float(methods["closed_form"].values[i]), scale=scale),
                figure(float(methods["difference"].values[i]), 2),
            ]
        )
    return table(
        "Simulation beside closed form",
        [
            Column("Quantity", number=False),
            Column("Unit", number=False),
            Column("Simulated ± standard error"),
            Column("Closed form"),
            Column("Apart", "standard errors"),
        ],
        rows,
        heard=True,
    )
