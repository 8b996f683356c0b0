# SPDX-License-Identifier: Apache-2.0
"""Scores of firm-years in the layout of the American bankruptcy data set, X1 to X18: shown, never fitted by default.

Column meanings are not printed with the data: four identities between the columns are checked in every row before any
score is made of them.

References
----------
Lombardo, G. et al. (2022). Machine learning for bankruptcy prediction in the American stock market: dataset and
benchmarks. Future Internet 14(8), 244. doi:10.3390/fi14080244. The layout.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import Column, TableSpec, file_rows
from greenrisk.issuer.credit.altman import (
    RATIOS,
    ZONES,
    altman_score,
    altman_zone,
    em_bands,
    score_ratios,
    score_rules,
)

_LINES: Final = (
    ("X1", "Current assets."),
    ("X2", "Cost of goods sold."),
    ("X3", "Depreciation and amortisation."),
    ("X4", "EBITDA."),
    ("X5", "Inventory."),
    ("X6", "Net income."),
    ("X7", "Receivables."),
    ("X8", "Market value of the equity."),
    ("X9", "Net sales."),
    ("X10", "Total assets."),
    ("X11", "Long-term debt."),
    ("X12", "EBIT."),
    ("X13", "Gross profit."),
    ("X14", "Current liabilities."),
    ("X15", "Retained earnings."),
    ("X16", "Total revenue."),
    ("X17", "Total liabilities."),
    ("X18", "Operating expenses."),
)

BANKRUPTCY_SAMPLE: Final = TableSpec(
    "bankruptcy-sample",
    "Firm-years in the layout of the American bankruptcy data set",
    (
        Column("company_name", "text", description="Firm."),
        Column(
            "status_label",
            "choice",
            choices=("alive", "failed"),
            description="Of the firm, in all its years.",
        ),
        Column("year", "integer", "year", low=1900, high=2200, description="Year of the statement."),
        *(Column(name, "number", "USD million", description=text) for name, text in _LINES),
    ),
)
"""The layout; a label is of the firm, not of the year."""

_IDENTITIES: Final = (
    ("X9 - X18 = X4", ("X9", "X18", "X4")),
    ("X4 - X3 = X12", ("X4", "X3", "X12")),
    ("X9 - X2 = X13", ("X9", "X2", "X13")),
)
_TOLERANCE: Final = 5e-3
"""The data are given to three digits: a difference of two may miss by this many USD million."""
_MOST: Final = 10


def firm_year_scores(
    frame: pd.DataFrame, *, name: str = "bankruptcy_sample", ledger: Ledger | None = None
) -> pd.DataFrame:
    """Return Altman's scores of every firm-year.

    Parameters
    ----------
    frame : DataFrame
        Checked by :data:`BANKRUPTCY_SAMPLE`.
    name : str
        What the table is called in messages.
    ledger : Ledger, optional
        Told how many firms and failures there are, and that nothing was fitted on them.

    Returns
    -------
    DataFrame
        One row a firm-year: ``firm``, ``year``, ``label`` (of the firm), for each score its value and zone,
        ``em_rating``.

    Raises
    ------
    TableError
        With the row of every identity that does not hold and of assets at or below zero.
    """
    rows, faults = file_rows(frame), Faults()
    for text, (a, b, c) in _IDENTITIES:
        off = (frame[a] - frame[b] - frame[c]).abs().to_numpy()
        for at in np.flatnonzero(~(off <= _TOLERANCE))[:_MOST]:
            faults.add(
                f"{name}:{rows[at]}", f"{text} misses by {off[at]:g}", "Columns are mixed up, or a unit is."
            )
    for at in np.flatnonzero((frame["X9"] - frame["X16"]).abs().to_numpy() > _TOLERANCE)[:_MOST]:
        faults.add(
            f"{name}:{rows[at]}", f"X9 {frame['X9'].iat[at]:g}, X16 {frame['X16'].iat[at]:g}", "X16 = X9."
        )
    for at in np.flatnonzero(~(frame["X10"].to_numpy() > 0.0))[:_MOST]:
        faults.add(
            f"{name}:{rows[at]}", f"X10 = {frame['X10'].iat[at]:g}", "Assets must be > 0.", "USD million"
        )
    faults.raise_if_any(TableError)
    column = {key: frame[key].to_numpy(dtype=np.float64) for key, _ in _LINES}
    table = pd.DataFrame(
        {"firm": frame["company_name"], "year": frame["year"], "label": frame["status_label"]}
    )
    equity = {"market": column["X8"], "book": column["X10"] - column["X17"]}
    for rule in score_rules().values():
        ratios = score_ratios(
            current_assets=column["X1"],
            current_liabilities=column["X14"],
            retained_earnings=column["X15"],
            ebit=column["X12"],
            equity=equity[rule.equity],
            liabilities=column["X17"],
            sales=column["X9"],
            assets=column["X10"],
        )
        score = altman_score(rule, ratios)
        table[rule.name] = score
        table[f"{rule.name}_zone"] = [ZONES[z] if z >= 0 else "" for z in altman_zone(rule, score)]
    bands = em_bands()
    table["em_rating"] = [bands.ratings[k] if k >= 0 else "" for k in bands.of(table["EM"].to_numpy())]
    if ledger is not None:
        firms = table.groupby("firm")["label"].first()
        failed = int((firms == "failed").sum())
        detail = (
            f"{len(firms)} firms, {failed} failed: their scores are shown; no default probability was fitted on them, "
            "and no measure of how well a score parts them is given. The label is of the firm, not of the year."
        )
        ledger.add("assumption", name, detail, len(table))
    return table


def ratio_scores(
    frame: pd.DataFrame, *, name: str = "firm_years", ledger: Ledger | None = None
) -> pd.DataFrame:
    """Return Altman's scores of firm-years that are given by their ratios.

    Parameters
    ----------
    frame : DataFrame
        Checked by :data:`greenrisk.issuer.credit.tables.FIRM_YEARS`.
    name : str
        What the table is called in messages.
    ledger : Ledger, optional
        Told how many firm-years have no score at all.

    Returns
    -------
    DataFrame
        As :func:`firm_year_scores`; ``label`` says ``failed`` in the year before the failure. A score is NaN where a
        ratio that it takes is not there.
    """
    table = pd.DataFrame(
        {
            "firm": frame["firm"],
            "year": frame["year"],
            "label": np.where(frame["failed"] == 1, "failed", "alive"),
        }
    )
    none = np.full(len(frame), np.nan)
    held = {key: np.asarray(frame.get(key, none), dtype=np.float64) for key in RATIOS}
    known = np.zeros(len(frame), dtype=bool)
    for rule in score_rules().values():
        equity = np.asarray(frame.get(f"{rule.equity}_equity_to_liabilities", none), dtype=np.float64)
        score = np.broadcast_to(altman_score(rule, {**held, "equity_to_liabilities": equity}), none.shape)
        table[rule.name] = score
        table[f"{rule.name}_zone"] = [ZONES[z] if z >= 0 else "" for z in altman_zone(rule, score)]
        known |= ~np.isnan(score)
    bands = em_bands()
    table["em_rating"] = [bands.ratings[k] if k >= 0 else "" for k in bands.of(table["EM"].to_numpy())]
    if ledger is not None and not known.all():
        detail = "Firm-years without a ratio of any score: they have none."
        ledger.add("dropped", f"{name}: scores", detail, int((~known).sum()))
    return table


def own_layout(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the firm-years in the columns of :data:`greenrisk.issuer.credit.tables.FIRM_YEARS`.

    Parameters
    ----------
    frame : DataFrame
        Checked by :data:`BANKRUPTCY_SAMPLE`.

    Notes
    -----
    A firm labelled failed is taken to fail after its last year: ``failed`` is 1 in that year and 0 before.
    """
    last = frame.groupby("company_name")["year"].transform("max") == frame["year"]
    assets, liabilities = frame["X10"], frame["X17"]
    return pd.DataFrame(
        {
            "firm": frame["company_name"],
            "year": frame["year"],
            "failed": ((frame["status_label"] == "failed") & last).astype("int64"),
            "working_capital_to_assets": (frame["X1"] - frame["X14"]) / assets,
            "retained_earnings_to_assets": frame["X15"] / assets,
            "ebit_to_assets": frame["X12"] / assets,
            "market_equity_to_liabilities": frame["X8"] / liabilities,
            "book_equity_to_liabilities": (assets - liabilities) / liabilities,
            "sales_to_assets": frame["X9"] / assets,
            "debt_to_assets": frame["X11"] / assets,
        }
    )
