# SPDX-License-Identifier: Apache-2.0
"""The table of what is on site and how it counts; a user's tables of substances from files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_zone import DATA, shipped_substances, small_zone

from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Ledger
from greenrisk.pollution import substance_files
from greenrisk.pollution.holding_table import COLUMNS, holding_dataset, holding_table
from greenrisk.pollution.inventory_arrays import inventory_of


def test_each_holding_stands_with_what_counts_of_it_and_how_sure_that_is():
    table = holding_table(inventory_of(small_zone()), shipped_substances())
    assert list(table.columns) == list(COLUMNS)
    chlorine, acid, toluene, _ = table.to_dict("records")
    assert (chlorine["counted_t"], chlorine["ratio"], chlorine["gb18218_threshold_t"]) == (20.0, 20.0, 5.0)
    assert (chlorine["air_high"], chlorine["water_high"]) == (True, False)
    # acid of 31 % as 37 %, of 7.5 t
    assert (acid["row"], acid["rule"]) == (3, "hydrochloric_acid_weak")
    assert acid["ratio"] == pytest.approx(50 * 31 / 37 / 7.5)
    assert (acid["quantity_status"], acid["part_status"], acid["rule_status"]) == (
        "confirmed",
        "unconfirmed",
        "confirmed",
    )
    assert (toluene["plant_id"], toluene["substance"], toluene["ratio"]) == ("B", "甲苯", 30.0)


def test_an_unknown_substance_stands_as_the_user_wrote_it_and_counts_nothing():
    frames = small_zone()
    held = frames["zone-substances"].astype(object)
    held.loc[2, ["cas", "name_en"]] = ["7732-18-5", "water"]
    frames["zone-substances"] = held
    row = holding_table(inventory_of(frames), shipped_substances()).iloc[2]
    assert (row["cas"], row["substance"], row["known"], row["counted_t"]) == (
        "7732-18-5",
        "water",
        False,
        0.0,
    )
    assert (row["rule"], row["medium_status"]) == ("", "")
    assert np.isnan([row["critical_quantity_t"], row["ratio"], row["gb18218_threshold_t"]]).all()


def test_the_group_of_results_holds_the_table_with_units_and_a_sentence_each():
    inventory = inventory_of(small_zone())
    group, table = (
        holding_dataset(inventory, shipped_substances()),
        holding_table(inventory, shipped_substances()),
    )
    for name in COLUMNS:
        np.testing.assert_array_equal(group[name].to_numpy(), table[name].to_numpy())
        assert group[name].dtype.kind in "Uifb"
        assert group[name].attrs["description"]
    assert {name: group[name].attrs["units"] for name in ("on_site_t", "ratio")} == {
        "on_site_t": "t",
        "ratio": "1",
    }


def test_a_users_file_replaces_one_table_and_is_told_in_the_ledger(tmp_path: Path):
    mine = tmp_path / "bounds.csv"
    text = (DATA / "plausible_quantities.csv").read_text(encoding="utf-8")
    text = text.replace("gas,500,t", "gas,900,t").replace("judgement of the model's authors", "本所判断")
    mine.write_bytes(text.encode("gb18030"))
    ledger = Ledger()
    substances, bounds = substance_files.shipped_substances({"plausible-quantities": mine}, ledger)
    assert (len(substances), bounds["gas"], bounds["liquid"]) == (len(shipped_substances()), 900.0, 200_000.0)
    assert [entry.subject for entry in ledger] == ["bounds.csv"]


def test_faults_of_all_of_a_users_files_come_at_once(tmp_path: Path):
    for name in ("media_rules", "mixture_rules"):
        text = (DATA / f"{name}.csv").read_text(encoding="utf-8")
        (tmp_path / f"{name}.csv").write_text(text.replace(",confirmed,", ",certain,"), encoding="utf-8")
    files = {"media-rules": tmp_path / "media_rules.csv", "mixture-rules": tmp_path / "mixture_rules.csv"}
    with pytest.raises(TableError) as refused:
        substance_files.shipped_substances({**files, "mediarules": tmp_path / "x.csv"})
    places = {fault.where.rsplit("/", 1)[-1].split(":")[0] for fault in refused.value.faults}
    assert places == {"media_rules.csv", "mixture_rules.csv", "substances"}
    assert "There is no such table of substances. Tables: substances, mixture-rules, media-rules" in str(
        refused.value
    )
