# SPDX-License-Identifier: Apache-2.0
"""Small sets of issuers for tests, and the shipped synthetic one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.tables import read_table
from greenrisk.issuer.tables import ISSUER_TABLES

SPECS = {spec.name: spec for spec in ISSUER_TABLES}
PARTS = {
    "issuers": "",
    "issuer-statements": "statements_",
    "issuer-emissions": "emissions_",
    "issuer-pollutants": "pollutants_",
    "issuer-uses": "uses_",
    "issuer-shares": "shares_",
    "issuer-sites": "sites_",
    "production_plans": "plans_",
}
STATEMENT = {
    "revenue": 100.0,
    "variable_cost": 60.0,
    "fixed_cost": 15.0,
    "depreciation": 5.0,
    "ebit": 20.0,
    "interest": 4.0,
    "tax": 4.0,
    "net_income": 12.0,
    "assets": 150.0,
    "current_assets": 60.0,
    "current_liabilities": 40.0,
    "debt_short": 20.0,
    "debt_long": 50.0,
    "equity": 60.0,
    "retained_earnings": 30.0,
    "cash": 10.0,
}
"""A statement whose identities hold: 100 - 60 - 15 - 5 = 20 and 20 - 4 - 4 = 12."""


def jingdezhen() -> dict[str, pd.DataFrame]:
    """Return the shipped synthetic set."""
    folder = library_root() / "data"
    return {
        name: read_table(folder / f"jingdezhen_issuers_{part}synthetic.csv", SPECS[name], Ledger())
        for name, part in PARTS.items()
    }


def who(*ids: str, **columns: list[Any]) -> pd.DataFrame:
    """Return a table of issuers; columns replace the plain ones."""
    plain = {
        "issuer": list(ids),
        "name": [f"Firm {name}" for name in ids],
        "country": ["CN"] * len(ids),
        "sector": ["cement"] * len(ids),
    }
    return pd.DataFrame(plain | columns)


def statements(*rows: Mapping[str, Any]) -> pd.DataFrame:
    """Return statements: each row names its issuer and what differs from the plain one; None is an empty cell."""
    table = []
    for row in rows:
        lines = {f"{line}_million": value for line, value in STATEMENT.items()}
        own = {
            (f"{key}_million" if key not in ("issuer", "year", "currency") else key): v
            for key, v in row.items()
        }
        table.append({"issuer": "A", "year": 2024, "currency": "CNY"} | lines | own)
    frame = pd.DataFrame(table)
    numbers = [name for name in frame.columns if name.endswith("_million")]
    return frame.assign(**{name: pd.to_numeric(frame[name]) for name in numbers})
