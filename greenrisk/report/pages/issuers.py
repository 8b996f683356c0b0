# SPDX-License-Identifier: Apache-2.0
"""The page of an issuer study: who holds and who breaks, through which channel, how sure, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import xarray as xr

from greenrisk.report.frame import fill, ledger_groups, manifest_rows
from greenrisk.report.pages.forest_tables import CardLines, card_lines
from greenrisk.report.pages.issuers_answer import (
    answer_sentence,
    breaks_table,
    brief_swings,
    error_sentence,
    facts,
    gaps_sentence,
    headlines,
    hurt_issuers,
    judged,
    lens_sentence,
    notices,
)
from greenrisk.report.pages.issuers_chain import chain_steps, chain_title
from greenrisk.report.pages.issuers_sections import sections
from greenrisk.report.pages.issuers_view import View, grouped


def page(tree: xr.DataTree, ledger: pd.DataFrame, manifest: Mapping[str, object]) -> str:
    """Return the HTML of an issuer run.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of the issuer study.
    ledger : DataFrame
        Its ledger.
    manifest : mapping
        Its manifest.
    """
    view = View.of(tree)
    parts = sections(view)
    plain = dict(manifest)
    inputs = plain.pop("inputs_sha256", None) or plain.pop("inputs", None) or {}
    scenario = plain.pop("scenario", "")
    tornado, cards = view.tornado, view.group("cards")
    lines = card_lines(tornado, cards) if tornado is not None else []
    steps = chain_steps(view, lines)
    judged_sentence, shares = judged(view)
    context = {
        "title": str(tree.attrs["title"]),
        "contents": [
            ("answer", "The answer"),
            *([("how", "How it was computed")] if steps else []),
            *((part.anchor, _short(part.name)) for part in parts),
            ("inputs", "Inputs and cards"),
            ("ledger", "Ledger"),
            ("run", "The run"),
        ],
        "made_by": f"greenrisk {plain.get('greenrisk', '')}".strip(),
        "facts": facts(view),
        "notices": notices(view, ledger),
        "answer_sentence": answer_sentence(view),
        "headline": headlines(view),
        "error_sentence": error_sentence(view),
        "breaks": breaks_table(view),
        "breaks_name": f"Who breaks in {view.year}: likelier to default within twelve months than not",
        "hurt": hurt_issuers(view),
        "lens_sentence": lens_sentence(view),
        "gaps_sentence": gaps_sentence(view),
        "judged_sentence": judged_sentence,
        "shares": shares,
        "top_three": brief_swings(view),
        "chain": steps,
        "chain_title": chain_title(view),
        "sections": parts,
        "cards": lines,
        "cards_sentence": _cards_sentence(lines),
        "inputs": list(inputs.items()) if isinstance(inputs, Mapping) else [],
        "ledger": ledger_groups(_told(ledger, lines)),
        "manifest": manifest_rows(plain),
        "scenario_text": scenario if isinstance(scenario, str) else "",
    }
    return fill("issuers.html.j2", context)


def _told(ledger: pd.DataFrame, cards: list[CardLines]) -> pd.DataFrame:
    """Return the ledger with parameters that no card of the page shows without a link, numbers written out."""
    known = {line.anchor for card in cards for line in card.parameters}

    def told(subject: str) -> str:
        card, colon, name = subject.partition(":")
        return f"{card}: {name.strip()}" if colon and f"card-{card}-{name}" not in known else subject

    return ledger.assign(
        subject=[told(str(subject)) for subject in ledger["subject"]],
        detail=[grouped(str(detail)) for detail in ledger["detail"]],
    )


def _short(name: str) -> str:
    """Return the name of a section as the contents have it."""
    return "One issuer" if name.startswith("One issuer") else name


def _cards_sentence(cards: list[CardLines]) -> str:
    status = [line.status for card in cards for line in card.parameters]
    if not status:
        return "No parameter of a card was moved over its range."
    weak = sum(s in ("illustrative", "unconfirmed") for s in status)
    return (
        f"The figures rest on {len(cards)} cards with {len(status)} parameters that have a range; {weak} of them are "
        "illustrative or unconfirmed. The knowledge interval comes from drawing all of them at once."
    )
