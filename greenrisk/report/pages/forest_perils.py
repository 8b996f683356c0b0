# SPDX-License-Identifier: Apache-2.0
"""The perils on the first screen: which of them carries the premium, and how much rests on judgement by amount."""

from __future__ import annotations

import xarray as xr

from greenrisk.report.charts.perils import ALL, by_cost, peril_name
from greenrisk.report.pages.forest_tables import CardLines
from greenrisk.report.table import Cell, Column, Table, figure, share, table
from greenrisk.report.wording import CHARGED_DIGITS, listed, money, money_unit, percent
from greenrisk.resource.vocabulary import PERIL_WORDS

JUDGEMENT = "judgement"
"""What a card says of what made it where no data did."""


def peril_cards(cards: list[CardLines], about: xr.Dataset | None) -> dict[str, list[CardLines]]:
    """Return peril -> its cards, by the use that they were written for (``storm.peril``, ``wildfire.size``).

    Parameters
    ----------
    cards : list of CardLines
        The cards of the run.
    about : xarray.Dataset or None
        The group ``/cards``, with ``name`` and ``use``.
    """
    if about is None or "use" not in about:
        return {}
    uses = dict(zip(about["name"].values.astype(str), about["use"].values.astype(str), strict=True))
    found: dict[str, list[CardLines]] = {}
    for card in cards:
        kind = uses.get(card.name, "").partition(".")[0]
        if kind in PERIL_WORDS:
            found.setdefault(kind, []).append(card)
    return found


def _judged(cards: list[CardLines]) -> bool:
    """Return whether no card of a peril was fitted to data; a term read from a policy may still be confirmed."""
    return bool(cards) and all(card.about is not None and card.about.fitted_by == JUDGEMENT for card in cards)


def _status(cards: list[CardLines]) -> str:
    """Return the tag of a peril: ``illustrative`` where all its cards are judged, ``part judged`` where some are."""
    if _judged(cards):
        return "illustrative"
    return "part judged" if any(_judged([card]) for card in cards) else ""


def perils_table(perils: xr.Dataset, cards: dict[str, list[CardLines]]) -> Table:
    """Return pure premium and share of each peril, the dearest first, each with the status of its cards."""
    data = by_cost(perils)
    pure, error = data["pure_premium"].values.astype(float), data["standard_error"].values.astype(float)
    scale, unit = money_unit(pure)
    total = float(pure.sum())
    rows = []
    for i, kind in enumerate(str(kind) for kind in data["peril"].values):
        own = cards.get(kind, [])
        rows.append(
            [
                Cell(peril_name(kind), href=f"#card-{own[0].name}" if own else "", status=_status(own)),
                figure(pure[i], error=error[i], scale=scale),
                share(pure[i] / total if total > 0 else float("nan")),
            ]
        )
    return table(
        "Pure premium by peril",
        [
            Column("", number=False),
            Column("Pure premium ± simulation", f"{unit} a year"),
            Column("Share"),
        ],
        rows,
        heard=True,
    )


def judged_amount_sentence(
    perils: xr.Dataset, cards: dict[str, list[CardLines]], own_years: bool = False
) -> str:
    """Say which share of the pure premium is for perils whose cards nobody fitted to data.

    Parameters
    ----------
    perils : xarray.Dataset
        The group ``/perils``.
    cards : dict
        Cards of each peril.
    own_years : bool
        Whether own years take part of the judgement's place.
    """
    data = by_cost(perils)
    pure = {str(kind): float(data["pure_premium"].values[i]) for i, kind in enumerate(data["peril"].values)}
    total = float(perils["pure_premium"].sel(peril=ALL))
    judged = [kind for kind in pure if _judged(cards.get(kind, []))]
    if not judged or not total > 0:
        return ""
    amount = sum(pure[kind] for kind in judged)
    rest = [kind for kind in pure if kind not in judged]
    said = (
        f"{percent(amount / total)} of the pure premium ({money(amount, CHARGED_DIGITS)}) is for perils whose cards "
        "are illustrative: judgement, not data"
    )
    if own_years:
        return said.removesuffix(", not data") + ", weighed against own years"
    if rest:
        names = listed(PERIL_WORDS.get(kind, kind) for kind in rest)
        said += f"; only {names} {'rests' if len(rest) == 1 else 'rest'} in part on data"
    return said
