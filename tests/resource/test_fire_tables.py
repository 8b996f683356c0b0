# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pandas as pd
import pytest

from greenrisk.core.errors import ArgumentError, TableError
from greenrisk.resource.fire_tables import CLASS_COLUMNS, panel_of, read_panel, read_totals

DATA = Path(__file__).resolve().parents[2] / "data"
SHARED = Path(__file__).resolve().parents[2] / "../shared"


def frame():
    """Two provinces, two years; every row adds up."""
    return pd.DataFrame(
        {
            "province": ["A", "B", "A", "B"],
            "year": [2009, 2009, 2010, 2010],
            "fires": [3, 1, 2, 0],
            "fires_under_1ha": [1, 1, 0, 0],
            "fires_1_to_100ha": [2, 0, 1, 0],
            "fires_100_to_1000ha": [0, 0, 1, 0],
            "fires_1000ha_and_over": [0, 0, 0, 0],
            "damaged_forest_ha": [20.0, 0.5, 300.0, 0.0],
        }
    )


def test_the_shipped_table_is_thirteen_years_of_seven_provinces():
    panel = read_panel(DATA / "fires_jiangxi_neighbours_2009_2021.csv")
    assert (panel.years[0], panel.years[-1], panel.fires.shape) == (2009, 2021, (13, 7))
    jiangxi = panel.index("Jiangxi")
    # Totals as counted in ../shared/methods/resource.md 4.0
    assert panel.classes[:, jiangxi].sum(axis=0).tolist() == [351, 934, 0, 0]
    assert panel.area[:, jiangxi].sum() == pytest.approx(11_119.28)
    assert panel.classes[:, :, 2].sum() == 24
    assert panel.classes[:, :, 3].sum() == 0
    assert panel.fires.sum() == 18_802


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("fires_jiangxi_neighbours_2009_2021.csv", "jiangxi_neighbours_forest_fires_2009_2021.csv"),
        ("fires_jiangxi_2004_2008.csv", "jiangxi_forest_fires_2004_2008.csv"),
        ("forest_products_seen.csv", "forest_products_seen.csv"),
    ],
)
def test_the_transcribed_tables_equal_the_reference_tables(ours, theirs):
    source = SHARED / "reference" / theirs
    if not source.exists():
        pytest.skip(f"../shared/reference/{theirs} is not here")
    pd.testing.assert_frame_equal(pd.read_csv(DATA / ours), pd.read_csv(source))


def test_both_tables_equal_the_full_official_file():
    source = SHARED / "data/resource/china_province_forest_fire.csv"
    if not source.exists():
        pytest.skip("../shared/data/resource/china_province_forest_fire.csv is not here")
    full = pd.read_csv(source).set_index(["province_en", "year"])
    for name in ("fires_jiangxi_neighbours_2009_2021.csv", "fires_jiangxi_2004_2008.csv"):
        ours = pd.read_csv(DATA / name).set_index(["province", "year"])
        both = full.loc[ours.index]
        assert both["fires"].tolist() == ours["fires"].tolist()
        assert both["forest_area_damaged_ha"].tolist() == pytest.approx(ours["damaged_forest_ha"].tolist())


def test_the_earlier_table_holds_totals_alone():
    totals = read_totals(DATA / "fires_jiangxi_2004_2008.csv")
    assert totals["fires"].tolist() == [1119, 355, 130, 326, 572]


def test_a_panel_is_sorted_whatever_the_order_of_its_rows():
    panel = panel_of(frame().iloc[::-1].reset_index(drop=True), "x.csv")
    assert panel.provinces == ("A", "B")
    assert panel.fires.tolist() == [[3, 1], [2, 0]]
    assert panel.area.tolist() == [[20.0, 0.5], [300.0, 0.0]]


def test_a_window_keeps_both_ends():
    panel = read_panel(DATA / "fires_jiangxi_neighbours_2009_2021.csv").window(2010, 2015)
    assert panel.years.tolist() == [2010, 2011, 2012, 2013, 2014, 2015]
    assert panel.fires.shape == (6, 7)


def test_unknown_provinces_and_years_are_named():
    panel = panel_of(frame(), "x.csv")
    with pytest.raises(ArgumentError, match="One of A, B"):
        panel.index("C")
    with pytest.raises(ArgumentError, match="1990 to 1991"):
        panel.window(1990, 1991)


def test_classes_that_do_not_add_up_are_a_fault_of_their_row():
    table = frame()
    table.loc[1, "fires"] = 5
    with pytest.raises(TableError, match=r"x\.csv:3  fires = 5"):
        panel_of(table, "x.csv")


def test_an_area_in_mu_does_not_fit_its_classes():
    table = frame()
    table.loc[1, "damaged_forest_ha"] = 0.5 * 15
    with pytest.raises(TableError, match=r"0 to 1\. Is the area in mu"):
        panel_of(table, "x.csv")


def test_a_year_of_zeros_is_a_gap_and_not_a_year_without_fire():
    table = frame()
    table.loc[table["year"] == 2010, [*CLASS_COLUMNS, "fires", "damaged_forest_ha"]] = 0
    with pytest.raises(TableError, match=r"year = 2010\n  No fire in any province"):
        panel_of(table, "x.csv")


def test_years_before_the_change_of_definitions_are_refused():
    table = frame()
    table["year"] -= 1
    with pytest.raises(TableError, match="classes were others"):
        panel_of(table, "x.csv")


def test_a_missing_or_doubled_year_is_told_by_province():
    table = frame()
    table.loc[3, "year"] = 2009
    with pytest.raises(TableError, match="B: 2 rows"):
        panel_of(table, "x.csv")


def test_all_faults_are_told_at_once():
    table = frame()
    table.loc[0, "fires"] = 9
    table.loc[2, "damaged_forest_ha"] = 5.0
    with pytest.raises(TableError) as caught:
        panel_of(table, "x.csv")
    assert len(caught.value.faults) == 2
