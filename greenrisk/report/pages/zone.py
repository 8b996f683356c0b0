# SPDX-License-Identifier: Apache-2.0
"""The page of a zone study: what a regulator must decide on first, how it came about, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import xarray as xr

from greenrisk.report.charts.tornado import tornado_names
from greenrisk.report.frame import fill, ledger_groups, manifest_rows
from greenrisk.report.pages.forest_answer import loadings_sentence, shares, years_sentence
from greenrisk.report.pages.forest_tables import CardLines, brief_tornado, card_lines
from greenrisk.report.pages.zone_answer import (
    facts,
    grade_counts,
    grade_key,
    headlines,
    moved_grades,
    no_error_sentence,
    notices,
    top_measures,
    top_plants_table,
    uninsured_sentence,
    uninsured_table,
)
from greenrisk.report.pages.zone_answer_words import (
    grades_sentence,
    held_sentence,
    judgement_sentence,
    least_limits_sentence,
    must_sentence,
    ranges_sentence,
)
from greenrisk.report.pages.zone_chain import chain_steps, chain_title
from greenrisk.report.pages.zone_check_section import checks_section
from greenrisk.report.pages.zone_doubt_sections import changes_section, unconfirmed_section
from greenrisk.report.pages.zone_sections import sections
from greenrisk.report.pages.zone_tail import tail_sentence
from greenrisk.report.pages.zone_told import told_tornado
from greenrisk.report.pages.zone_words import READING_SHORT
from greenrisk.report.reading import Metrics


def page(tree: xr.DataTree, ledger: pd.DataFrame, manifest: Mapping[str, object]) -> str:
    """Return the HTML of a zone run.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of the zone study.
    ledger : DataFrame
        Its ledger.
    manifest : mapping
        Its manifest.
    """
    metrics = Metrics(tree["metrics"].to_dataset())
    plants, variance = (tree[name].to_dataset() for name in ("plants", "variance"))
    tornado = told_tornado(tree["tornado"].to_dataset())
    cards = card_lines(tornado, tree["cards"].to_dataset())
    moving = told_tornado(tree["tornado_loss"].to_dataset()) if "tornado_loss" in tree.children else tornado
    checks = checks_section(tree)
    parts = [
        *sections(tree),
        changes_section(tree, metrics),
        unconfirmed_section(tree),
        *([checks] if checks is not None else []),
    ]
    counts = grade_counts(metrics)
    plain = dict(manifest)
    inputs = plain.pop("inputs_sha256", None) or plain.pop("inputs", None) or {}
    scenario = plain.pop("scenario", "")
    context = {
        "title": str(tree.attrs["title"]),
        "contents": [
            ("answer", "The answer"),
            ("how", "How it was computed"),
            *((part.anchor, _short(part.name)) for part in parts),
            ("inputs", "Inputs and cards"),
            ("ledger", "Ledger"),
            ("run", "The run"),
        ],
        "made_by": f"greenrisk {plain.get('greenrisk', '')}".strip(),
        "facts": facts(tree),
        "notices": notices(tree, ledger),
        "grades": counts,
        "grade_key": grade_key(counts),
        "grades_sentence": grades_sentence(tree),
        "headline": headlines(metrics),
        "years_sentence": years_sentence(tree, metrics),
        "tail_sentence": tail_sentence(tree),
        "ranges_sentence": ranges_sentence(metrics),
        "no_error_sentence": no_error_sentence(metrics),
        "must_sentence": must_sentence(tree),
        "least_limits_sentence": least_limits_sentence(tree),
        "uninsured_sentence": uninsured_sentence(plants),
        "uninsured": uninsured_table(plants) if (plants["limit"].values <= 0).any() else None,
        "top_plants": top_plants_table(plants),
        "measures": top_measures(tree),
        "moved": moved_grades(tree),
        "judgement_sentence": judgement_sentence(metrics, variance),
        "loadings_sentence": loadings_sentence(metrics, cards),
        "held_sentence": held_sentence(metrics),
        "shares": shares(variance),
        "top_three": brief_tornado(moving, 3),
        "top_three_name": tornado_names(moving)[1],
        "chain": chain_steps(tree, metrics, cards),
        "chain_title": chain_title(metrics),
        "sections": parts,
        "cards": cards,
        "cards_sentence": _cards_sentence(cards),
        "inputs": list(inputs.items()) if isinstance(inputs, Mapping) else [],
        "ledger": ledger_groups(_unlinked(ledger, cards)),
        "manifest": manifest_rows(plain),
        "scenario_text": scenario if isinstance(scenario, str) else "",
    }
    return fill("zone.html.j2", context)


def _unlinked(ledger: pd.DataFrame, cards: list[CardLines]) -> pd.DataFrame:
    """Return the ledger with rows of data tables told apart from parameters of cards, which a page links to."""
    known = {card.name for card in cards}

    def told(subject: str) -> str:
        head, colon, rest = subject.partition(":")
        if head == "grading":
            rest = READING_SHORT.get(rest.strip(), rest)
        return f"{head}: {rest.strip()}" if colon and head not in known else subject

    return ledger.assign(subject=[told(str(subject)) for subject in ledger["subject"]])


def _short(name: str) -> str:
    """Return the name of a section as the contents have it."""
    return "Unconfirmed numbers" if name.startswith("Unconfirmed") else name


def _cards_sentence(cards: list[CardLines]) -> str:
    status = [line.status for card in cards for line in card.parameters]
    judged = sum(s in ("illustrative", "unconfirmed") for s in status)
    return (
        f"The money rests on {len(cards)} cards with {len(status)} parameters; {judged} of them are illustrative or "
        "unconfirmed. Every parameter has a range, and the knowledge interval comes from drawing all of them at once. "
        "The grades rest on tables of rules, each row with its status and source."
    )
