# SPDX-License-Identifier: Apache-2.0
"""What a scenario brings for its lenses: moves between ratings, cover table, own ratings, own firm-years.

What lives here: reading the tables and telling their faults. What does not: what is made of them
(:mod:`greenrisk.issuer.credit`), and the result groups.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from greenrisk.core.cards import Card
from greenrisk.core.errors import Faults, TableError
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.core.sources import Sources
from greenrisk.core.tables import TableSpec, file_rows
from greenrisk.issuer.credit.altman import em_bands
from greenrisk.issuer.credit.domains import Floats
from greenrisk.issuer.credit.firm_years import BANKRUPTCY_SAMPLE, firm_year_scores, own_layout, ratio_scores
from greenrisk.issuer.credit.firm_years_spec import FirmYearsSpec
from greenrisk.issuer.credit.interest_cover import CoverTable, cover_table
from greenrisk.issuer.credit.lenses import Lens, standard_lenses
from greenrisk.issuer.credit.logit import FittedLogit, LogitRefused, fit_logit
from greenrisk.issuer.credit.scale import RatingScale, rating_scale
from greenrisk.issuer.credit.tables import (
    DAMODARAN_RATINGS,
    FIRM_YEARS,
    OWN_RATINGS,
    RATING_SCALE,
    RATING_TRANSITIONS,
)
from greenrisk.issuer.credit.transitions import SHIPPED, TransitionMatrix, matrix_from, shipped_matrix
from greenrisk.issuer.currencies import Rates
from greenrisk.issuer.issuers import CreditSpec, IssuersScenario

LENS_PARAMETERS = ("debt_service_safe", "runway_distress", "runway_safe")
"""Parameters of the card of bounds that the lenses take; the others belong to the checks of sense."""


@dataclass(frozen=True, eq=False)
class OwnRatings:
    """The user's own figures.

    Parameters
    ----------
    issuers : tuple of str
        Who has one.
    ratings : tuple of str
        As written; empty where a probability was given.
    probability : array, shape (issuer,)
        Twelve-month default probability: as given, or the long-run rate of the rating's grade [1].
    """

    issuers: tuple[str, ...]
    ratings: tuple[str, ...]
    probability: Floats


@dataclass(frozen=True, eq=False)
class FirmYears:
    """The user's own firm-years.

    Parameters
    ----------
    scores : DataFrame
        One row a firm-year (:func:`greenrisk.issuer.credit.firm_years.firm_year_scores`).
    fitted : FittedLogit or None
        The logit that they bear.
    refusal : str
        Why they bear none; empty with one.
    firms, failures : int
        How many firms, and how many of them failed.
    """

    scores: pd.DataFrame
    fitted: FittedLogit | None
    refusal: str
    firms: int
    failures: int


@dataclass(frozen=True, eq=False)
class CreditInputs:
    """What the lenses and the rating moves are made of.

    Parameters
    ----------
    matrix : TransitionMatrix
        One-year moves.
    matrix_name : str
        Table that they come from.
    scale : RatingScale
        The common scale.
    lenses : tuple of Lens
        The lenses.
    own : OwnRatings or None
        The user's own ratings.
    firm_years : FirmYears or None
        The user's own firm-years.
    eur_per_unit : float
        Euros for one unit of the study's currency, for Basel's size adjustment; NaN without it.
    per_usd : float
        What a US dollar is worth in the study's currency in the year of the prices.
    """

    matrix: TransitionMatrix
    matrix_name: str
    scale: RatingScale
    lenses: tuple[Lens, ...]
    own: OwnRatings | None
    firm_years: FirmYears | None
    eur_per_unit: float
    per_usd: float


def read_credit(
    spec: IssuersScenario,
    bounds: Card | None,
    known: Collection[str] | None,
    rates: Rates,
    sources: Sources,
) -> CreditInputs | None:
    """Read and check what a scenario brings for its lenses.

    Parameters
    ----------
    spec : IssuersScenario
        What the user wrote.
    bounds : Card or None
        Card of bounds; None where it has faults.
    known : collection of str, or None
        Identifiers of all issuers of the scenario, run or refused; None where their table has faults.
    rates : Rates
        Rates of exchange.
    sources : Sources
        Reads the tables and takes every fault.

    Returns
    -------
    CreditInputs or None
        None where faults were recorded.
    """
    credit, before = spec.credit, len(sources.faults)
    matrix, scale = _moves(credit, sources)
    cover = _cover(credit, sources)
    own = None
    if scale is not None:
        _letters(credit, scale, cover, sources)
        own = _own_ratings(credit, scale, known, sources)
    years = None if credit.firm_years is None else _firm_years(credit.firm_years, sources)
    eur = float("nan")
    if credit.size_adjustment:
        why = rates.missing(spec.currency, "EUR", spec.price_year)
        if why:
            sources.fault(("credit", "size_adjustment"), "credit.size_adjustment = true", why)
        else:
            eur = rates.factor(spec.currency, "EUR", spec.price_year)
    why = rates.missing("USD", spec.currency, spec.price_year)
    per_usd = float("nan") if why else rates.factor("USD", spec.currency, spec.price_year)
    if matrix is None or scale is None or cover is None or bounds is None or len(sources.faults) > before:
        return None
    held = {name: float(bounds.values()[name]) for name in LENS_PARAMETERS}
    lenses = standard_lenses(
        scale,
        cover,
        **held,
        logit=None if years is None else years.fitted,
        logit_refusal="" if years is None else years.refusal,
        kmv=credit.default_point == "kmv",
        ledger=sources.ledger,
    )
    return CreditInputs(matrix, credit.transitions or SHIPPED, scale, lenses, own, years, eur, per_usd)


def _moves(credit: CreditSpec, sources: Sources) -> tuple[TransitionMatrix | None, RatingScale | None]:
    """Return the moves and the scale whose grades they are."""
    ledger, name = sources.ledger, credit.transitions
    matrix: TransitionMatrix | None
    if name is None:
        matrix = shipped_matrix(1, ledger)
        shares = f"{len(matrix.ratings)} ratings, global corporates 1981-2016, one year"
        source = "S&P Global Ratings, global corporates 1981-2016"
        ledger.add("assumption", SHIPPED, f"{shares}.", status="confirmed", source=source)
    else:
        frame = sources.table(name, ("credit", "transitions"), RATING_TRANSITIONS)
        matrix = None
        if frame is not None:
            matrix = sources.made(lambda: matrix_from(frame, 1, name=name, ledger=ledger))
    spellings, own = None, credit.rating_scale
    if own is not None:
        spellings = sources.table(own, ("credit", "rating_scale"), RATING_SCALE)
        if spellings is None:
            return matrix, None
    if matrix is None:
        return None, None
    moves = matrix
    if own is None and set(moves.ratings) != set(shipped_matrix().ratings):
        strange = [rating for rating in moves.ratings if rating not in shipped_matrix().ratings]
        lacking = [rating for rating in shipped_matrix().ratings if rating not in moves.ratings]
        what = "; ".join(
            text
            for text, names in (("not on the scale", strange), ("not in the moves", lacking))
            for text in ([f"{text}: {', '.join(names)}"] if names else [])
        )
        mend = (
            "The spellings of ratings belong to S&P's letters. Give your own table of spellings as "
            "`credit.rating_scale` (`greenrisk show table rating-scale`)."
        )
        sources.fault(("credit", "transitions"), what, mend)
        return moves, None
    return moves, sources.made(
        lambda: rating_scale(moves, spellings, ledger), ("credit", "rating_scale" if own else "transitions")
    )


def _cover(credit: CreditSpec, sources: Sources) -> CoverTable | None:
    frame, name = None, credit.cover_table
    if name is not None:
        frame = sources.table(name, ("credit", "cover_table"), DAMODARAN_RATINGS)
        if frame is None:
            return None
    return sources.made(
        lambda: cover_table(credit.cover_edition, credit.cover_firms, frame, sources.ledger),
        ("credit", "cover_edition"),
    )


def _letters(credit: CreditSpec, scale: RatingScale, cover: CoverTable | None, sources: Sources) -> None:
    """Tell ratings of the lenses that the scale does not spell."""
    asked = [*em_bands().ratings, *(cover.bands.ratings if cover is not None else ())]
    unknown = [rating for rating in dict.fromkeys(asked) if rating not in scale.spellings]
    if unknown:
        key = "rating_scale" if credit.rating_scale is not None else "cover_table"
        mend = "The table of spellings needs a row for each rating of the lenses."
        sources.fault(("credit", key), f"no grade for {', '.join(unknown)}", mend)


def _own_ratings(
    credit: CreditSpec, scale: RatingScale, known: Collection[str] | None, sources: Sources
) -> OwnRatings | None:
    name = credit.own_ratings
    frame = None if name is None else sources.table(name, ("credit", "own_ratings"), OWN_RATINGS)
    if name is None or frame is None:
        return None
    faults, rows = Faults(), file_rows(frame)
    ids = [str(text) for text in frame["issuer"]]
    empty = [""] * len(frame)
    ratings = ["" if pd.isna(x) else str(x).strip() for x in frame.get("rating", empty)]
    given = np.asarray(frame.get("annual_probability", [np.nan] * len(frame)), dtype=np.float64)
    for at, (issuer, rating) in enumerate(zip(ids, ratings, strict=True)):
        where = f"{name}:{rows[at]}"
        if known is not None and issuer not in known:
            mend = f"The table of issuers has no such issuer.{did_you_mean(issuer, list(known))}"
            faults.add(where, f"issuer = {issuer}", mend)
        if not rating and np.isnan(given[at]):
            faults.add(
                where, f"{issuer}: empty", "Give a rating or a probability, or leave the row out.", "1"
            )
        elif rating and rating not in scale.spellings:
            close = did_you_mean(rating, list(scale.spellings))
            mend = f"The scale does not know this rating.{close} `credit.rating_scale` takes own spellings."
            faults.add(where, f"rating = {rating}", mend)
    if len(faults):
        sources.take(TableError(faults, "`greenrisk show table issuer-own-ratings` lists its columns."))
        return None
    both = int(sum(bool(rating) and not np.isnan(p) for rating, p in zip(ratings, given, strict=True)))
    if both:
        detail = "A rating and a probability are given: the probability is taken."
        sources.ledger.add("read", name, detail, both)
    of_rating = np.array([scale.grades.index(scale.spellings[r]) if r else -1 for r in ratings])
    probability = np.where(np.isnan(given), scale.probability_of(of_rating), given)
    return OwnRatings(tuple(ids), tuple(ratings), probability)


def _firm_years(given: FirmYearsSpec, sources: Sources) -> FirmYears | None:
    """Score the firm-years and fit a logit, or say why there is none."""
    key_path, name, ledger = ("credit", "firm_years", "table"), given.table, sources.ledger
    sample = given.layout == "bankruptcy_sample"
    table: TableSpec = BANKRUPTCY_SAMPLE if sample else FIRM_YEARS
    frame = sources.table(name, key_path, table)
    if frame is None:
        return None
    scores = sources.made(
        lambda: (firm_year_scores if sample else ratio_scores)(frame, name=name, ledger=ledger)
    )
    if scores is None:
        return None
    data = own_layout(frame) if sample else frame
    lacking = [ratio for ratio in given.ratios if ratio not in data.columns]
    if lacking:
        held = [column.name for column in FIRM_YEARS.columns[3:] if column.name in data.columns]
        mend = f"The table has no such column. It has {', '.join(held) or 'no ratio'}."
        sources.fault(("credit", "firm_years", "ratios"), ", ".join(lacking), mend)
        return None
    by_firm = data.groupby("firm")["failed"].max()
    counts = len(by_firm), int(by_firm.sum())
    try:
        fitted = fit_logit(data, given.ratios, name=name, ledger=ledger)
    except LogitRefused as error:
        why = " ".join(f"{fault.what}: {fault.expected}" for fault in error.faults)
        refusal = f"No logit stands on {name}. {why}"
        ledger.add("dropped", f"{name}: logit", f"{refusal} The scores are shown instead.", len(data))
        return FirmYears(scores, None, refusal, *counts)
    detail = (
        f"Fitted on {fitted.firms} firms, {fitted.failures} of them failed, {fitted.firm_years} firm-years. Its "
        "coefficients stay at their estimates in all draws; no measure of how well it parts the firms is given on the "
        "data that it was fitted to."
    )
    ledger.add("assumption", f"{name}: logit", detail, status="user", source=name)
    return FirmYears(scores, fitted, "", *counts)
