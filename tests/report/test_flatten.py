# SPDX-License-Identifier: Apache-2.0
"""The groups of a result as flat tables: rows, columns and headings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from greenrisk.report.flatten import FlatTable, flatten, header


def tables_of(dataset: xr.Dataset, group: str = "g") -> dict[str, FlatTable]:
    return {table.name: table for table in flatten(xr.DataTree.from_dict({f"/{group}": dataset}))}


def test_variables_on_the_same_dims_stand_side_by_side() -> None:
    curves = xr.Dataset(
        {
            "loss": (("curve", "return_period"), [[1.0, 2.0], [3.0, 4.0]], {"units": "CNY"}),
            "low": (("curve", "return_period"), [[0.5, 1.5], [2.5, 3.5]], {"units": "CNY"}),
        },
        coords={"curve": ["occurrence", "aggregate"], "return_period": ("return_period", [10, 100])},
    )
    table = tables_of(curves)["g"]
    assert table.frame.to_dict("list") == {
        "curve": ["occurrence", "occurrence", "aggregate", "aggregate"],
        "return_period": [10, 100, 10, 100],
        "loss": [1.0, 2.0, 3.0, 4.0],
        "low": [0.5, 1.5, 2.5, 3.5],
    }
    assert table.keys == 2
    assert table.units == {"curve": "", "return_period": "", "loss": "CNY", "low": "CNY"}


def test_a_further_dimension_becomes_columns_and_the_order_of_dims_does_not_matter() -> None:
    premium = xr.Dataset(
        {
            "amount": (("row", "segment"), [[1.0, 2.0], [10.0, 20.0]], {"units": "CNY"}),
            "subsidy": (("segment", "payer"), [[0.4, 0.6], [0.8, 1.2]], {"units": "CNY"}),
            "insured_area": ("segment", [5.0, 6.0], {"units": "mu"}),
        },
        coords={
            "row": ["pure", "tax"],
            "payer": ["central", "owner"],
            "segment": ["all", "浮梁|commercial"],
            "county": ("segment", ["all", "浮梁"]),
        },
    )
    table = tables_of(premium, "premium")["premium"]
    assert table.frame.to_dict("list") == {
        "segment": ["all", "浮梁|commercial"],
        "county": ["all", "浮梁"],
        "amount_pure": [1.0, 2.0],
        "amount_tax": [10.0, 20.0],
        "subsidy_central": [0.4, 0.8],
        "subsidy_owner": [0.6, 1.2],
        "insured_area": [5.0, 6.0],
    }
    assert table.keys == 2


def test_labels_make_sound_column_names() -> None:
    losses = xr.Dataset(
        {"segment_loss": (("year", "segment"), [[1.0, 2.0]]), "fires": ("year", [3])},
        coords={"segment": ["浮梁|commercial", "Leping (north)"]},
    )
    assert list(tables_of(losses)["g"].frame) == [
        "year",
        "segment_loss_浮梁_commercial",
        "segment_loss_Leping_north",
        "fires",
    ]


def test_a_single_variable_shows_its_last_dimension_as_columns() -> None:
    alternatives = xr.Dataset(
        {"value": (("shape", "quantity"), [[1.0, 2.0], [3.0, 4.0]], {"units": "CNY"})},
        coords={"shape": ("shape", [0.4, 0.9]), "quantity": ["pure_premium", "gross_premium"]},
    )
    assert tables_of(alternatives)["g"].frame.to_dict("list") == {
        "shape": [0.4, 0.9],
        "pure_premium": [1.0, 3.0],
        "gross_premium": [2.0, 4.0],
    }


@pytest.mark.parametrize("draws", [2, 100])
def test_a_dimension_without_labels_never_becomes_columns(draws: int) -> None:
    knowledge = xr.Dataset(
        {"value": (("draw", "quantity"), np.ones((draws, 2))), "base": ("quantity", [1.0, 2.0])},
        coords={"quantity": ["a", "b"]},
    )
    tables = tables_of(knowledge)
    assert {name: list(table.frame) for name, table in tables.items()} == {
        "g_value": ["draw", "a", "b"],
        "g_base": ["quantity", "base"],
    }
    assert tables["g_value"].frame["draw"].tolist() == list(range(1, draws + 1))


def test_too_many_labels_never_become_columns() -> None:
    labels = [f"label {number}" for number in range(65)]
    wide = xr.Dataset({"value": (("draw", "quantity"), np.ones((2, 65)))}, coords={"quantity": labels})
    assert list(tables_of(wide)["g"].frame) == ["draw", "quantity", "value"]


def test_rows_are_numbered_only_where_no_text_names_them() -> None:
    assert tables_of(xr.Dataset({"loss": ("year", [5.0, 6.0])}))["g"].frame["year"].tolist() == [1, 2]
    named = xr.Dataset({"name": ("metric", ["a", "b"]), "value": ("metric", [5.0, 6.0])})
    assert list(tables_of(named)["g"].frame) == ["name", "value"]


def test_a_variable_never_hides_a_coordinate_of_the_same_heading() -> None:
    both = xr.Dataset(
        {"a": (("x", "s"), [[1.0]]), "b": ("x", [2.0])}, coords={"s": ["x"], "x": ("x", ["row"])}
    )
    both = both.assign_coords(a_x=("x", ["coordinate"]))
    assert tables_of(both)["g"].frame.to_dict("list") == {
        "x": ["row"],
        "a_x": ["coordinate"],
        "a_x_value": [1.0],
        "b": [2.0],
    }


def test_numbers_of_the_whole_group_stand_in_one_row() -> None:
    build_up = xr.Dataset(
        {
            "amount": ("row", [1.0, 2.0], {"units": "CNY/year"}),
            "capital": ((), 30.0, {"units": "CNY"}),
            "standard_error": ((), 0.5, {"units": "CNY/year"}),
        },
        coords={"row": ["pure_premium", "gross_premium"]},
    )
    tables = tables_of(build_up)
    assert list(tables) == ["g_amount", "g_capital"]
    assert tables["g_amount"].frame["amount"].tolist() == [1.0, 2.0]
    whole = tables["g_capital"]
    assert whole.frame[["capital", "standard_error"]].to_dict("list") == {
        "capital": [30.0],
        "standard_error": [0.5],
    }
    assert whole.units["capital"] == "CNY"


def test_a_column_whose_rows_name_their_own_unit_bears_none() -> None:
    chain = xr.Dataset({"value": ("step", [1.0], {"units": "see unit"}), "unit": ("step", ["ha"])})
    assert tables_of(chain)["g"].units == {"value": "", "unit": ""}


def test_groups_within_groups_are_named_by_their_path() -> None:
    tree = xr.DataTree.from_dict(
        {"/checks/counts": xr.Dataset({"observed": ("year", [1.0])}), "/": xr.Dataset(attrs={"kind": "x"})}
    )
    assert [table.name for table in flatten(tree)] == ["checks_counts"]


@pytest.mark.parametrize(
    ("column", "unit", "expected"),
    [
        ("loss", "CNY", "loss_cny"),
        ("area_ha", "ha", "area_ha"),
        ("fires", "1", "fires"),
        ("observed", "1/year", "observed_per_year"),
        ("rate_per_mille", "per mille", "rate_per_mille"),
        ("sum_insured", "CNY/mu", "sum_insured_cny_per_mu"),
        ("premium_per_mu", "CNY/mu", "premium_per_mu_cny"),
        ("name", "", "name"),
    ],
)
def test_a_heading_bears_its_unit_once(column: str, unit: str, expected: str) -> None:
    assert header(column, unit) == expected


def test_a_long_table_comes_in_pieces_that_make_the_whole() -> None:
    dataset = xr.Dataset({"loss": ("year", np.arange(25.0)), "fires": ("year", np.arange(25))})
    tree = xr.DataTree.from_dict({"/losses": dataset})
    (whole,) = flatten(tree)
    pieces = list(flatten(tree, most_rows=10))
    assert [(piece.name, piece.start, len(piece.frame)) for piece in pieces] == [
        ("losses", 0, 10),
        ("losses", 10, 10),
        ("losses", 20, 5),
    ]
    joined = pd.concat([piece.frame for piece in pieces], ignore_index=True)
    pd.testing.assert_frame_equal(joined, whole.frame)
