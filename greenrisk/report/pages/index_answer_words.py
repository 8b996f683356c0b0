# SPDX-License-Identifier: Apache-2.0
"""What an index adds to a first screen: misses, worth to the buyer, treatments, optimism, test, share of the record."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.core.knowledge import JUDGED
from greenrisk.report.pages import forest_answer
from greenrisk.report.pages.basis_section import (
    buyer_table,
    missed_years,
    misses_sentence,
    unpaid_sentence,
    worth_sentence,
)
from greenrisk.report.pages.forest_tables import CardLines
from greenrisk.report.pages.index_price_sections import calibration_sentence
from greenrisk.report.pages.index_test_section import (
    failed_note,
    power_at,
    tested_cover,
    tested_sentence,
    verdict,
)
from greenrisk.report.pages.index_treatment_section import (
    treatments_note,
    treatments_sentence,
    treatments_table,
)
from greenrisk.report.pages.index_words import numbers
from greenrisk.report.pages.zone_words import group
from greenrisk.report.reading import Metrics
from greenrisk.report.wording import percent, span

RECORD: Final = "record"
"""Status by which the share of the record's years stands among those of the cards."""

RECORD_WORDS: Final = {RECORD: "from the length of the record"}

FACTOR: Final = 2.0
"""Factor for which the first screen tells the power of the test [unitless]."""


OWN_TRIGGER: Final = (
    "The test sets its trigger anew before each year: it judges the way of pricing, not this trigger."
)
"""What is tested, where a run has one cover."""


def index_answer(tree: xr.DataTree, of: str = "") -> dict[str, object]:
    """Return what the first screen says of the index cover of a study.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of a study with an index cover.
    of : str
        What the cover is called where the page has others.
    """
    buyer, treatments, calibration = (group(tree, name) for name in ("buyer", "treatments", "calibration"))
    power, backtest, summary = (group(tree, f"backtest{name}") for name in ("_power", "", "_summary"))
    failed = verdict(summary) if summary is not None else ""
    return {
        "misses": misses_sentence(tree),
        "misses_note": f"{missed_years(tree)} {unpaid_sentence(tree)}".strip(),
        "buyer": buyer_table(buyer, brief=True) if buyer is not None else None,
        "worth": worth_sentence(tree),
        "treatments_sentence": treatments_sentence(treatments, of) if treatments is not None else "",
        "treatments_note": treatments_note(treatments) if treatments is not None else "",
        "treatments": treatments_table(treatments, brief=True) if treatments is not None else None,
        "calibration": calibration_sentence(calibration) if calibration is not None else "",
        "tested": tested_sentence(backtest, summary)
        if backtest is not None and backtest.sizes.get("origin", 0)
        else "",
        "tested_note": " ".join(
            text
            for text in (
                tested_cover(tree) or (OWN_TRIGGER if backtest is not None else ""),
                failed_note(summary) if summary is not None else "",
                power_at(power, FACTOR, bool(failed)) if power is not None else "",
            )
            if text
        ),
    }


def judgement(tree: xr.DataTree, metrics: Metrics, cards: list[CardLines]) -> dict[str, object]:
    """Return what of the number rests on the length of the record and what on judgement, as words and widths of a bar.

    Parameters
    ----------
    tree : xarray.DataTree
        The result.
    metrics : Metrics
        Its headline figures.
    cards : list of CardLines
        The cards of the run.
    """
    variance = tree["variance"].to_dataset()
    status = variance["status"].values.astype(str).tolist()
    share = dict(zip(status, numbers(variance, "share").tolist(), strict=True))
    shares = [
        {**one, "words": RECORD_WORDS.get(one["status"], one["words"])}
        for one in forest_answer.shares(variance)
    ]
    notes = [
        text for text in (forest_answer.loadings_sentence(metrics, cards), held_sentence(metrics)) if text
    ]
    sentence = forest_answer.judgement_sentence(metrics, variance)
    if share.get(RECORD, 0.0) > 0:
        judged = sum(share.get(name, 0.0) for name in JUDGED)
        sentence = (
            f"Of what we do not know about the premium, {_share(share[RECORD])} comes from the length of the record "
            f"and {_share(judged)} from illustrative or unconfirmed cards"
        )
        explained = float(variance.attrs.get("explained", np.nan))
        measured = (
            "Each moved alone; which law and which treatment is right is in none of these shares: named alternatives "
            "that the tests leave open widen the knowledge interval."
        )
        if np.isfinite(explained):
            measured = (
                f"Each moved alone; together they make {percent(explained)} of the variance of all joint draws. Which "
                "law and which treatment is right is in none of these shares: named alternatives that the tests leave "
                "open widen the knowledge interval."
            )
        notes.insert(0, measured)
    return {"sentence": sentence, "notes": notes, "shares": shares}


def _share(value: float) -> str:
    return "under 1\u00a0%" if 0 <= value < 0.01 else percent(value)


def held_sentence(metrics: Metrics) -> str:
    """Say what interval the premium has when loadings stay as they are; empty where that was not computed."""
    held = metrics.find("gross_premium_loadings_held")
    if held is None or not np.isfinite([held.low, held.high]).all():
        return ""
    return (
        "Loadings are decided, not found out: with the loadings held at their central values, the knowledge interval "
        f"of the gross premium is {span(held.low, held.high, 'CNY', beside=held.value)}."
    )
