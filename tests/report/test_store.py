# SPDX-License-Identifier: Apache-2.0
"""The run folder: whole or absent, never over another one, the same bytes for the same result."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xarray as xr
from example_tree import example_ledger, example_manifest, example_tree

from greenrisk.core.errors import RunError
from greenrisk.core.ledger import Entry, Ledger
from greenrisk.engine.result import RunResult
from greenrisk.report import store
from greenrisk.report.flatten import FlatTable
from greenrisk.report.workbook import write_workbook


def a_result() -> RunResult:
    entries = [Entry(**row) for row in example_ledger().to_dict("records")]
    return RunResult(None, example_tree(), Ledger(entries), dict(example_manifest()))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return store.write(a_result(), tmp_path_factory.mktemp("runs") / "forest")


def test_a_run_folder_holds_everything(written: Path) -> None:
    assert {path.name for path in written.iterdir()} == {
        "results.nc",
        "metrics.json",
        "tables",
        "results.xlsx",
        "report.html",
        "ledger.csv",
        "manifest.json",
    }
    names = {path.stem for path in (written / "tables").iterdir()}
    assert names >= {"losses", "metrics", "curves", "premium", "sites", "tornado", "alternatives"}
    assert [path.name for path in written.parent.iterdir()] == ["forest"]


def test_metrics_json_says_value_unit_both_errors_and_method(written: Path) -> None:
    document = json.loads((written / "metrics.json").read_text(encoding="utf-8"))
    attributes = example_tree().attrs
    about = {key: value for key, value in document.items() if key != "metrics"}
    assert about == {
        **{key: attributes[key] for key in ("kind", "name", "underwriting_year", "years", "seed")},
        "synthetic_book": bool(attributes["synthetic_book"]),
    }
    assert about["kind"] == "forest"
    first = document["metrics"][0]
    source = example_tree()["metrics"].to_dataset().isel(metric=0)
    assert first == {
        "name": str(source["name"].item()),
        "label": str(source["label"].item()),
        "value": float(source["value"]),
        "unit": str(source["unit"].item()),
        "standard_error": float(source["standard_error"]),
        "interval": [float(source["low"]), float(source["high"])],
        "dims": json.loads(str(source["dims"].item())),
        "method": str(source["method"].item()),
    }


def test_a_figure_that_is_not_known_is_null_not_nan() -> None:
    result = a_result()
    result.tree["metrics"]["standard_error"][0] = np.nan
    document = store.metrics_document(result)
    assert "NaN" not in json.dumps(document, allow_nan=False)
    assert document["metrics"][0]["standard_error"] is None


def test_csv_headings_bear_the_units(written: Path) -> None:
    with (written / "tables" / "curves.csv").open(encoding="utf-8", newline="") as file:
        heading = next(csv.reader(file))
    keys, figures = heading[:3], heading[3:]
    assert [key.removesuffix("_year") for key in keys] == ["curve", "layer", "return_period"]
    assert figures == ["loss_cny", "standard_error_cny", "low_cny", "high_cny"]


def test_a_run_folder_reads_back_equal(written: Path) -> None:
    result = a_result()
    back = store.read(written)
    xr.testing.assert_identical(back.tree, result.tree)
    assert list(back.metrics["dims"]) == list(result.metrics["dims"])
    assert dict(back.manifest) == json.loads(json.dumps(dict(result.manifest)))
    assert back.ledger.to_frame().equals(result.ledger.to_frame())


def test_equal_results_are_equal_files_in_another_process_at_another_time(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from example_tree import example_tree\n"
        "from greenrisk.report.store import write_netcdf\n"
        "write_netcdf(example_tree(), Path(sys.argv[2]))\n"
    )
    digests = []
    for number in range(2):
        path = tmp_path / f"{number}.nc"
        environment = {**os.environ, "PYTHONHASHSEED": str(number + 1)}
        subprocess.run(
            [sys.executable, "-c", script, str(Path(__file__).parent), str(path)], check=True, env=environment
        )
        digests.append(hashlib.sha256(path.read_bytes()).hexdigest())
    path = tmp_path / "here.nc"
    store.write_netcdf(example_tree(), path)
    digests.append(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(set(digests)) == 1


def test_results_nc_keeps_text_of_any_language_and_length(tmp_path: Path) -> None:
    tree = xr.DataTree(xr.Dataset({"owner": ("site", ["", "景德镇市浮梁县", "a" * 300])}))
    store.write_netcdf(tree, tmp_path / "t.nc")
    with xr.open_datatree(tmp_path / "t.nc", engine="h5netcdf") as back:
        assert back["owner"].values.tolist() == ["", "景德镇市浮梁县", "a" * 300]


def test_the_workbook_opens_with_readme_heads_units_and_frozen_panes(written: Path) -> None:
    book = openpyxl.load_workbook(written / "results.xlsx")
    assert book.sheetnames[0] == "README"
    assert {"metrics", "curves", "premium", "tornado"} <= set(book.sheetnames)
    sheet = book["curves"]
    heading = [cell.value for cell in sheet[1]]
    loss = heading.index("loss") + 1
    assert sheet.cell(2, loss).value == "[CNY]"
    assert sheet.freeze_panes == "D3"
    assert sheet.auto_filter.ref == f"A2:G{sheet.max_row}"
    assert sheet.cell(3, loss).number_format == "#,##0"
    assert sheet.cell(3, loss).value == pytest.approx(float(example_tree()["curves"]["loss"][0, 0, 0]))
    words = {row[0].value: row[1].value for row in book["README"].iter_rows(max_col=2) if row[0].value}
    assert "synthetic" in words["Synthetic book"]
    assert words["curves"].startswith(f"{sheet.max_row - 2:,} rows: curve, layer, return_period, loss")


def test_a_synthetic_zone_is_marked_in_metrics_and_workbook_as_a_synthetic_book_is(tmp_path: Path) -> None:
    tree = example_tree()
    del tree.attrs["synthetic_book"]
    tree.attrs["synthetic_zone"] = 1
    folder = tmp_path / "zone"
    store.write(RunResult(None, tree, Ledger(), dict(example_manifest())), folder)
    document = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert document["synthetic_zone"] is True
    assert "synthetic_book" not in document
    book = openpyxl.load_workbook(folder / "results.xlsx")
    words = {row[0].value: row[1].value for row in book["README"].iter_rows(max_col=2) if row[0].value}
    assert "synthetic" in words["Synthetic zone"]
    assert "Synthetic book" not in words


def test_cells_are_formatted_by_size_only_where_a_column_mixes_units(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "label": ["premium", "rate", "tiny"],
            "value": [42_878.0, 0.0437, 2e-6],
            "loss": [1.5, 20_000.0, 0.0],
        }
    )
    table = FlatTable("t", frame, {"value": "", "loss": "CNY"}, 1)
    write_workbook(tmp_path / "w.xlsx", [table], [], a_result())
    rows = list(openpyxl.load_workbook(tmp_path / "w.xlsx")["t"].iter_rows(min_row=3))
    assert [row[1].number_format for row in rows] == ["#,##0", "0.0000", "0.000E+00"]
    assert [row[2].number_format for row in rows] == ["#,##0", "#,##0", "#,##0"]


def test_a_table_too_long_to_read_is_left_to_csv_and_the_readme_says_so(tmp_path: Path) -> None:
    short = FlatTable(
        "a/name: too long for the title of a sheet", pd.DataFrame({"loss": [1.0]}), {"loss": ""}, 0
    )
    write_workbook(tmp_path / "w.xlsx", [short, short], ["losses"], a_result())
    book = openpyxl.load_workbook(tmp_path / "w.xlsx")
    assert book.sheetnames == [
        "README",
        "Premium build-up",
        "a name  too long for the title ",
        "a name  too long for the tit~2",
    ]
    words = {row[0].value: row[1].value for row in book["README"].iter_rows(max_col=2) if row[0].value}
    assert words["losses"] == "too long for a sheet: see tables/losses.csv"


def test_a_name_that_looks_like_a_formula_stays_a_name(tmp_path: Path) -> None:
    sites = FlatTable("sites", pd.DataFrame({"owner": ["=1+1", "bell\x07"]}), {"owner": ""}, 1)
    write_workbook(tmp_path / "w.xlsx", [sites], [], a_result())
    sheet = openpyxl.load_workbook(tmp_path / "w.xlsx")["sites"]
    assert (sheet["A3"].data_type, sheet["A3"].value) == ("s", "=1+1")
    assert sheet["A4"].value == "bell"


def refusal(out: Path) -> str:
    with pytest.raises(RunError) as caught:
        store.check_out(out)
    return str(caught.value).replace(str(out), "OUT")


def test_another_run_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "report.html").write_text("old", encoding="utf-8")
    assert refusal(tmp_path / "run") == (
        "OUT  exists and is not empty\n"
        "  A run never overwrites another: choose another folder with `--out`, or delete this one.\n"
        "1 fault."
    )
    with pytest.raises(RunError):
        store.write(a_result(), tmp_path / "run")
    assert (tmp_path / "run" / "report.html").read_text(encoding="utf-8") == "old"


def test_a_file_in_the_way_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("", encoding="utf-8")
    assert refusal(tmp_path / "run").startswith("OUT  is a file\n")


def test_a_file_among_the_parents_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert refusal(tmp_path / "file" / "run").startswith("OUT  cannot be written: ")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere"
)
def test_a_folder_without_permission_is_a_fault(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert "cannot be written" in refusal(tmp_path / "run")
    finally:
        tmp_path.chmod(stat.S_IRWXU)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    without_metrics = replace(a_result(), tree=xr.DataTree(xr.Dataset(attrs={"kind": "forest"})))
    with pytest.raises(KeyError, match="metrics"):
        store.write(without_metrics, tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_and_the_rubbish_of_a_killed_write_are_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    rubbish = tmp_path / ".run.writing"
    rubbish.mkdir()
    (rubbish / "results.nc").write_bytes(b"half")
    store.write(a_result(), tmp_path / "run")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_reading_what_is_no_run_folder_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="does not exist"):
        store.read(tmp_path / "none")
    with pytest.raises(RunError, match=r"lacks results\.nc, manifest\.json, ledger\.csv"):
        store.read(tmp_path)


def test_reading_a_damaged_run_folder_is_a_fault(written: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(written, tmp_path / "run")
    (folder / "results.nc").write_bytes((folder / "results.nc").read_bytes()[:1000])
    with pytest.raises(RunError, match="cannot be read"):
        store.read(folder)
