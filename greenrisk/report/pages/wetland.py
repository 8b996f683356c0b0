# SPDX-License-Identifier: Apache-2.0
"""The page of a wetland study: premium, perils and what is not insured first, sites and index behind, evidence last."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import xarray as xr

from greenrisk.report.charts.waterfall import waterfall_chart
from greenrisk.report.frame import fill
from greenrisk.report.pages.forest_answer import years_sentence
from greenrisk.report.pages.forest_chain import premium_cards
from greenrisk.report.pages.forest_tables import brief_tornado, card_lines, cards_sentence
from greenrisk.report.pages.index import TOP, frame, placed
from greenrisk.report.pages.index_answer import bad_years_table, over_ranges_sentence
from greenrisk.report.pages.index_answer_words import index_answer, judgement
from greenrisk.report.pages.index_check_section import checks_section
from greenrisk.report.pages.index_sections import made, sensitivity_section
from greenrisk.report.pages.index_told import of_cards, record_note, told_tornado
from greenrisk.report.pages.wetland_answer import (
    bad_years_sentence,
    facts,
    headlines,
    notices,
    services_sentence,
    uncovered_sentence,
)
from greenrisk.report.pages.wetland_chain import chain_steps, chain_title
from greenrisk.report.pages.wetland_sections import SECTIONS
from greenrisk.report.pages.wetland_site_sections import carries_sentence, perils_table
from greenrisk.report.pages.zone_words import group
from greenrisk.report.reading import Metrics


def page(tree: xr.DataTree, ledger: pd.DataFrame, manifest: Mapping[str, object]) -> str:
    """Return the HTML of a wetland run.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of the wetland study.
    ledger : DataFrame
        Its ledger.
    manifest : mapping
        Its manifest.
    """
    metrics = Metrics(tree["metrics"].to_dataset())
    tornado, premium = told_tornado(tree["tornado"].to_dataset()), tree["premium"].to_dataset()
    cards = card_lines(of_cards(tornado), tree["cards"].to_dataset())
    perils = group(tree, "perils")
    parts = made(tree, SECTIONS)
    changes = sensitivity_section(tree, metrics)
    parts += [section for section in (changes, checks_section(tree)) if section is not None]
    context = {
        **frame(tree, ledger, manifest, parts, cards),
        "facts": facts(tree),
        "notices": placed(notices(tree, ledger), parts),
        "headline": headlines(tree, metrics),
        "years_sentence": years_sentence(tree, metrics),
        "bad_years_sentence": bad_years_sentence(tree, metrics),
        "over_ranges": over_ranges_sentence(tree, metrics),
        "bad_years": bad_years_table(metrics),
        "uncovered_sentence": uncovered_sentence(metrics),
        "judgement": judgement(tree, metrics, cards),
        "waterfall": waterfall_chart(premium, cards=premium_cards(cards)),
        "perils": perils_table(perils, brief=True) if perils is not None else None,
        "perils_sentence": carries_sentence(perils) if perils is not None else "",
        "services_sentence": services_sentence(tree),
        "index": index_answer(tree, "the index cover") if group(tree, "record") is not None else None,
        "top_three": brief_tornado(tornado, TOP),
        "chain": chain_steps(tree, metrics, cards),
        "chain_title": chain_title(metrics),
        "cards_sentence": cards_sentence(cards),
        "record_note": record_note(tornado),
    }
    return fill("wetland.html.j2", context)
