# SPDX-License-Identifier: Apache-2.0
"""Whatever stands in a file, reading it as a table ends in a table or in a TableError."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import Column, TableSpec, read_table

SPEC = TableSpec(
    "small",
    "Small",
    (
        Column("id", "text", unique=True),
        Column("kind", "choice", choices=("a", "b"), required=False),
        Column("area", "number", low=0, high=10),
        Column("count", "integer", required=False, low=0),
    ),
)
cells = st.sampled_from(
    ["", "a", "b", "1", "-1", "1.5", "nan", "inf", "12 ha", '"', "x\ny", "林", "1e400", "#N/A", " "]
)
lines = st.lists(cells, min_size=3, max_size=5).map(",".join)


def read_or_error(path: Path) -> pd.DataFrame | TableError:
    try:
        return read_table(path, SPEC, Ledger())
    except TableError as error:
        return error


@given(st.lists(lines, max_size=6), st.sampled_from(["utf-8", "gb18030", "utf-8-sig"]))
@settings(max_examples=150, deadline=None)
def test_any_lines_give_a_table_that_obeys_its_spec_or_a_table_error(rows: list[str], encoding: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes("\n".join(["id,kind,area,count", *rows]).encode(encoding))
        table = read_or_error(path)
    if isinstance(table, TableError):
        assert table.faults
        return
    assert table["id"].is_unique
    assert table["area"].between(0, 10).all()
    assert table["kind"].dropna().isin(["a", "b"]).all()
    assert (table["count"].dropna() >= 0).all()


@given(st.binary(max_size=200), st.sampled_from([".csv", ".xlsx"]))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_a_table_error(content: bytes, ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"t{ending}"
        path.write_bytes(content)
        error = read_or_error(path)
    assert isinstance(error, TableError), "no such file has the columns"
    assert error.faults
