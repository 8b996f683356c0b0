# SPDX-License-Identifier: Apache-2.0
"""The small tables behind the lenses: scores, cover and spreads, rating grades, rating moves; and a user's firm-years.

What lives here: their columns and how the shipped ones are read; a user's file can stand for each of them. What does
not: what is made of them (:mod:`altman`, :mod:`interest_cover`, :mod:`scale`, :mod:`transitions`, :mod:`firm_years`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.tables import FILE, Column, TableSpec, read_table

STATUSES: Final = ("confirmed", "unconfirmed", "illustrative", "user")
"""How far a row is known."""

_STATUS = Column("status", "choice", choices=STATUSES, description="How far the row is known.")
_SOURCE = Column("source", "text", description="Where the row comes from.")

SCORE_TERMS: Final = (
    "constant",
    "working_capital_to_assets",
    "retained_earnings_to_assets",
    "ebit_to_assets",
    "equity_to_liabilities",
    "sales_to_assets",
    "distress_below",
    "safe_above",
)
"""Terms of a score: what is added, what the ratios are multiplied by, and the bounds of its zones."""

ALTMAN_SCORES: Final = TableSpec(
    "altman-scores",
    "Altman's scores: coefficients of the ratios and bounds of the zones",
    (
        Column("score", "text", description="Name of the score."),
        Column("equity", "choice", choices=("market", "book"), description="Which equity it takes."),
        Column("term", "choice", choices=SCORE_TERMS, description="Coefficient, constant or bound."),
        Column("value", "number", "1", description="Its value."),
        _STATUS,
        _SOURCE,
    ),
)
"""Altman's scores, one row a score and term."""

ALTMAN_EM_RATINGS: Final = TableSpec(
    "altman-em-ratings",
    "Ratings that stand beside bounds of Altman's score for emerging markets",
    (
        Column("rating", "text", unique=True, description="Rating of the table."),
        Column(
            "score_above", "number", "1", required=False, description="The score must lie above; empty: any."
        ),
        _STATUS,
        _SOURCE,
    ),
)
"""Bounds of the EM score, best rating first."""

DAMODARAN_RATINGS: Final = TableSpec(
    "damodaran-ratings",
    "Interest cover, the rating it stands for and the spread of that rating",
    (
        Column("edition", "text", description="Date of the table."),
        Column(
            "firms",
            "choice",
            choices=("large", "small", "utility", "financial"),
            description="Kind of firm the bounds are for.",
        ),
        Column("rating", "text", description="Rating."),
        Column(
            "interest_cover_above",
            "number",
            "1",
            required=False,
            description="Cover must lie above; empty: any.",
        ),
        Column(
            "spread", "number", "1/year", low=0, description="Spread over the risk-free rate, as a fraction."
        ),
        _STATUS,
        _SOURCE,
    ),
)
"""Bounds of the interest cover, best rating first within an edition and kind of firm."""

RATING_SCALE: Final = TableSpec(
    "rating-scale",
    "Spellings of ratings and the letter grade that each belongs to",
    (
        Column("rating", "text", unique=True, description="Rating as tables spell it."),
        Column("grade", "text", description="Letter grade of the common scale."),
        Column("rank", "integer", "1", low=1, description="Order, best first; one rank for equal ratings."),
        _STATUS,
        _SOURCE,
    ),
)
"""Spellings of ratings."""

RATING_TRANSITIONS: Final = TableSpec(
    "rating-transitions",
    "Average moves between ratings over a number of years",
    (
        Column("years", "integer", "year", low=1, description="Horizon of the move."),
        Column("from_rating", "text", description="Rating at its begin."),
        Column("to_rating", "text", description="Rating at its end; D is default, NR not rated any more."),
        Column("share", "number", "1", low=0, high=1, description="Share of the issuers."),
        _STATUS,
        _SOURCE,
    ),
)
"""Rating moves, one row a horizon and pair."""

FIRM_YEARS: Final = TableSpec(
    "firm-years",
    "The user's own firms by year, with their ratios and whether each failed within the next year",
    (
        Column("firm", "text", description="Who."),
        Column("year", "integer", "year", low=1900, high=2200, description="Year of the statement."),
        Column(
            "failed", "integer", "1", low=0, high=1, description="1 if the firm failed within the next year."
        ),
        Column("working_capital_to_assets", "number", "1", required=False, description="X1."),
        Column("retained_earnings_to_assets", "number", "1", required=False, description="X2."),
        Column("ebit_to_assets", "number", "1", required=False, description="X3."),
        Column(
            "market_equity_to_liabilities", "number", "1", required=False, description="X4 at market value."
        ),
        Column("book_equity_to_liabilities", "number", "1", required=False, description="X4 at book value."),
        Column("sales_to_assets", "number", "1", required=False, description="X5."),
        Column("interest_cover", "number", "1", required=False, description="EBIT over interest."),
        Column("debt_to_assets", "number", "1", required=False, description="Debt over assets."),
        Column("cash_to_assets", "number", "1", required=False, description="Cash over assets."),
    ),
)
"""A user's firm-years; a ratio that is there can enter the logit."""

OWN_RATINGS: Final = TableSpec(
    "issuer-own-ratings",
    "The user's own rating or default probability of each issuer",
    (
        Column("issuer", "text", unique=True, description="Identifier of the issuer."),
        Column("rating", "text", required=False, description="Own rating, as the table of spellings has it."),
        Column(
            "annual_probability",
            "number",
            "1",
            required=False,
            low=0,
            high=1,
            description="Own twelve-month default probability; goes before the rating.",
        ),
    ),
)
"""A user's own ratings; a row tells a rating or a probability."""

ISSUER_CARBON_MEDIANS: Final = TableSpec(
    "issuer-carbon-medians",
    "Scope 1 at a carbon price over revenue, by sector of real companies",
    (
        Column("sector", "text", unique=True, description="Sector, as slugs of sectors are written."),
        Column("itr_sector", "text", description="Sector in the sample of the ITR tool."),
        Column("carbon_price_usd_per_t", "number", "USD/t CO2e", low=0, low_open=True, description="Price."),
        Column("companies", "integer", "1", low=1, description="Companies behind the row."),
        Column("lower_quartile", "number", "1", low=0, description="25 % quantile over the companies."),
        Column("median", "number", "1", low=0, low_open=True, description="Median over the companies."),
        Column("upper_quartile", "number", "1", low=0, description="75 % quantile over the companies."),
        _STATUS,
        _SOURCE,
    ),
)
"""What a carbon cost over revenue is held against."""

CREDIT_TABLES: Final = (
    ALTMAN_SCORES,
    ALTMAN_EM_RATINGS,
    DAMODARAN_RATINGS,
    RATING_SCALE,
    RATING_TRANSITIONS,
    ISSUER_CARBON_MEDIANS,
)
"""Tables that are shipped."""


Own = str | Path | pd.DataFrame | None
"""The user's own table: a file, or what was read of it; None for the shipped one."""


def credit_table(spec: TableSpec, own: Own = None, ledger: Ledger | None = None) -> pd.DataFrame:
    """Return a small table: the shipped one, or the user's own.

    Parameters
    ----------
    spec : TableSpec
        One of :data:`CREDIT_TABLES`.
    own : str, Path or DataFrame, optional
        The user's file, or its checked table.
    ledger : Ledger, optional
        Told how the user's file was read, and how many rows of the table are not confirmed.

    Raises
    ------
    TableError
        With every fault of the file.
    """
    told = ledger if ledger is not None else Ledger()
    if isinstance(own, pd.DataFrame):
        frame = own
    else:
        frame = _shipped(spec.name) if own is None else read_table(own, spec, told)
    weak = frame[~frame["status"].isin(("confirmed", "user"))]
    for status, rows in weak.groupby("status"):
        told.add(
            "assumption",
            table_name(spec, own),
            f"Rows of this table are {status}.",
            len(rows),
            status=str(status),
            source=str(rows["source"].iloc[0]),
        )
    return frame


def table_name(spec: TableSpec, own: Own = None) -> str:
    """Return what messages call a small table: the user's file, or the shipped one."""
    if own is None:
        return f"{spec.name.replace('-', '_')}.csv"
    return str(own.attrs.get(FILE, spec.name)) if isinstance(own, pd.DataFrame) else Path(own).name


@cache
def _shipped(name: str) -> pd.DataFrame:
    spec = {spec.name: spec for spec in CREDIT_TABLES}[name]
    return read_table(library_root() / "data" / f"{name.replace('-', '_')}.csv", spec, Ledger())
