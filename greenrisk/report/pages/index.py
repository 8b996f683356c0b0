# SPDX-License-Identifier: Apache-2.0
"""The page of an index study: premium and what it misses first, the record and its tests behind, evidence last."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import xarray as xr

from greenrisk.report.charts.waterfall import waterfall_chart
from greenrisk.report.frame import fill, ledger_groups, manifest_rows
from greenrisk.report.pages.forest_answer import years_sentence
from greenrisk.report.pages.forest_chain import premium_cards
from greenrisk.report.pages.forest_tables import CardLines, brief_tornado, card_lines
from greenrisk.report.pages.index_answer import (
    bad_years_sentence,
    bad_years_table,
    facts,
    headlines,
    notices,
    over_ranges_sentence,
)
from greenrisk.report.pages.index_answer_words import index_answer, judgement
from greenrisk.report.pages.index_chain import chain_steps, chain_title
from greenrisk.report.pages.index_check_section import checks_section
from greenrisk.report.pages.index_price_sections import losses_section
from greenrisk.report.pages.index_sections import INDEX_SECTIONS, made, sensitivity_section
from greenrisk.report.pages.index_told import of_cards, record_note, told_tornado
from greenrisk.report.pages.section import Section
from greenrisk.report.reading import Metrics

TOP = 3
"""Rows of the tornado on the first screen."""


def page(tree: xr.DataTree, ledger: pd.DataFrame, manifest: Mapping[str, object]) -> str:
    """Return the HTML of an index run.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of the index study.
    ledger : DataFrame
        Its ledger.
    manifest : mapping
        Its manifest.
    """
    metrics = Metrics(tree["metrics"].to_dataset())
    tornado, premium = told_tornado(tree["tornado"].to_dataset()), tree["premium"].to_dataset()
    cards = card_lines(of_cards(tornado), tree["cards"].to_dataset())
    parts = made(tree, (*INDEX_SECTIONS, losses_section))
    changes = sensitivity_section(tree, metrics)
    parts += [section for section in (changes, checks_section(tree)) if section is not None]
    context = {
        **frame(tree, ledger, manifest, parts, cards),
        "facts": facts(tree),
        "notices": placed(notices(tree, ledger), parts),
        "headline": headlines(metrics),
        "years_sentence": years_sentence(tree, metrics),
        "bad_years_sentence": bad_years_sentence(tree, metrics),
        "over_ranges": over_ranges_sentence(tree, metrics),
        "bad_years": bad_years_table(metrics),
        "judgement": judgement(tree, metrics, cards),
        "waterfall": waterfall_chart(premium, cards=premium_cards(cards)),
        "index": index_answer(tree),
        "top_three": brief_tornado(tornado, TOP) if tornado.sizes.get("parameter", 0) else None,
        "chain": chain_steps(tree, metrics, cards),
        "chain_title": chain_title(tree, metrics),
        "cards_sentence": cards_sentence(cards),
        "record_note": record_note(tornado),
    }
    return fill("index.html.j2", context)


def frame(
    tree: xr.DataTree,
    ledger: pd.DataFrame,
    manifest: Mapping[str, object],
    parts: list[Section],
    cards: list[CardLines],
) -> dict[str, object]:
    """Return what the page of any study with sections has: contents, cards, inputs, ledger, manifest.

    Parameters
    ----------
    tree, ledger, manifest
        As :func:`page`.
    parts : list of Section
        Its sections in their order.
    cards : list of CardLines
        The cards of the run.
    """
    plain = dict(manifest)
    inputs = plain.pop("inputs_sha256", None) or plain.pop("inputs", None) or {}
    scenario = plain.pop("scenario", "")
    return {
        "title": str(tree.attrs["title"]),
        "contents": [
            ("answer", "The answer"),
            ("how", "How it was computed"),
            *((part.anchor, part.name) for part in parts),
            ("inputs", "Inputs and cards"),
            ("ledger", "Ledger"),
            ("run", "The run"),
        ],
        "made_by": f"greenrisk {plain.get('greenrisk', '')}".strip(),
        "sections": parts,
        "cards": cards,
        "inputs": list(inputs.items()) if isinstance(inputs, Mapping) else [],
        "ledger": ledger_groups(ledger),
        "manifest": manifest_rows(plain),
        "scenario_text": scenario if isinstance(scenario, str) else "",
    }


def placed(notices: list[dict[str, str]], parts: list[Section]) -> list[dict[str, str]]:
    """Return the notices with a place that the page has: the inputs where a section was left out.

    Parameters
    ----------
    notices : list of dict
        Each with its ``text`` and the ``href`` of a section or of a group of the ledger.
    parts : list of Section
        Sections of the page.
    """
    there = {f"#{part.anchor}" for part in parts}
    return [
        one if one["href"] in there or one["href"].startswith("#ledger") else {**one, "href": "#inputs"}
        for one in notices
    ]


def cards_sentence(cards: list[CardLines]) -> str:
    """Say how many cards and parameters a premium on a record rests on, and how many of them are judged."""
    status = [line.status for card in cards for line in card.parameters]
    judged = sum(s in ("illustrative", "unconfirmed") for s in status)
    number = "one card" if len(cards) == 1 else f"{len(cards)} cards"
    return (
        f"The premium rests on the record and on {number} with {len(status)} parameters; {judged} of them are "
        "illustrative or unconfirmed. Every parameter has a range; the knowledge interval comes from drawing all of "
        "them and the years of the record at once."
    )
