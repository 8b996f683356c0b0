# SPDX-License-Identifier: Apache-2.0
"""The book at the door, and the synthetic book that ships."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import read_table
from greenrisk.resource.book import FOREST_BOOK, FOREST_TYPES, SPECIES_GROUPS, book_faults, book_from_frame
from greenrisk.resource.landscape import COUNTY_FOREST

DATA = Path(__file__).parents[2] / "data"


def three_stands() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "stand_id": ["c", "a", "b"],
            "owner": ["o3", "o1", "o2"],
            "county": ["West", "East", "West"],
            "township": ["t3", "t1", "t2"],
            "forest_type": ["commercial", "public_benefit", "commercial"],
            "species_group": ["bamboo", "conifer", "mixed"],
            "age": [3.0, 12.0, 20.0],
            "area_ha": [2.0, 1.0, 4.0],
            "sum_insured_cny_per_mu": [800.0, 500.0, 600.0],
            "insured_share": [0.5, 1.0, 0.75],
            "lon": [117.0, 117.1, 117.2],
            "lat": [29.0, 29.1, 29.2],
        }
    )


@pytest.fixture(scope="module")
def shipped() -> pd.DataFrame:
    return read_table(DATA / "jingdezhen_stands_synthetic.csv", FOREST_BOOK, Ledger())


def test_stands_are_sorted_by_identifier_and_counties_by_name():
    book = book_from_frame(three_stands())
    assert book.ids.tolist() == ["a", "b", "c"]
    assert book.counties == ("East", "West")
    assert book.county.tolist() == [0, 1, 1]
    assert book.owner.tolist() == ["o1", "o2", "o3"]
    assert book.township.tolist() == ["t1", "t2", "t3"]
    assert book.age.tolist() == [12.0, 20.0, 3.0]


def test_order_of_rows_is_irrelevant():
    frame = three_stands()
    one, other = book_from_frame(frame), book_from_frame(frame.iloc[[1, 2, 0]])
    for name, value in vars(one).items():
        assert np.array_equal(value, getattr(other, name)), name


def test_species_is_a_code_and_species_group_its_name():
    book = book_from_frame(three_stands())
    assert book.species.tolist() == [SPECIES_GROUPS.index(name) for name in ("conifer", "mixed", "bamboo")]
    assert book.species_group.tolist() == ["conifer", "mixed", "bamboo"]
    assert set(book.forest_type.tolist()) <= set(FOREST_TYPES)


def test_insured_area_and_sum_insured_follow_from_area_share_and_sum_per_mu():
    book = book_from_frame(three_stands())
    # 1 ha * 15 * 1; 4 * 15 * 0.75; 2 * 15 * 0.5
    assert book.insured_area_mu.tolist() == [15.0, 45.0, 15.0]
    assert book.sum_insured.tolist() == [15.0 * 500, 45.0 * 600, 15.0 * 800]


def test_area_in_mu_is_converted_at_the_door():
    frame = three_stands()
    frame["area_mu"] = frame.pop("area_ha") * 15.0
    assert book_from_frame(frame).area_ha.tolist() == [1.0, 4.0, 2.0]


def test_a_book_with_both_areas_is_refused_by_the_table():
    frame = three_stands()
    frame["area_mu"] = frame["area_ha"] * 15.0
    with pytest.raises(TableError, match="area_ha, area_mu"):
        read_table("book.csv", FOREST_BOOK, Ledger(), frame=frame)


def test_a_stand_far_from_its_book_is_named_with_its_coordinates():
    frame = three_stands()
    frame.loc[0, ["lon", "lat"]] = [29.0, 17.0]
    (fault,) = book_faults(frame, "book.csv")
    assert str(fault) == (
        "book.csv  c: lon = 29, lat = 17\n"
        "  This stand lies more than 1,000 km from the middle of the book, lon 117.1, lat 29.1. "
        "Mend its coordinates; are lon and lat swapped?  [degree]"
    )


def test_of_many_stands_far_away_ten_are_named_and_the_rest_counted():
    near = pd.concat([three_stands()] * 20)
    far = pd.concat([three_stands()] * 4).assign(lon=10.0)
    faults = list(book_faults(pd.concat([near, far]), "book.csv"))
    assert len(faults) == 11
    assert str(faults[-1]) == "book.csv  lon, lat\n  ... and 2 more stands."


def test_the_shipped_book_reads_without_a_fault_and_lies_in_jingdezhen(shipped: pd.DataFrame):
    assert not list(book_faults(shipped, "book.csv"))
    book = book_from_frame(shipped)
    assert len(book) == 6000
    assert book.counties == ("Changjiang", "Fuliang", "Leping", "Zhushan")
    assert book.lon.min() > 116.95
    assert book.lon.max() < 117.75
    assert book.lat.min() > 28.73
    assert book.lat.max() < 29.93
    assert set(book.sum_insured_per_mu.tolist()) == {800.0}


def test_the_shipped_book_covers_a_part_of_each_county_s_forest(shipped: pd.DataFrame):
    book = book_from_frame(shipped)
    forest = read_table(DATA / "jingdezhen_forest_by_county.csv", COUNTY_FOREST, Ledger())
    assert sorted(forest["county"]) == list(book.counties)
    held = np.bincount(book.county, weights=book.area_ha)
    share = held / forest.sort_values("county")["forest_area_ha"].to_numpy()
    assert (share > 0.1).all()
    assert (share < 0.5).all()


def test_the_generator_gives_the_committed_bytes_again(tmp_path: Path):
    output = tmp_path / "book.csv"
    script = DATA / "generators" / "make_jingdezhen_book.py"
    subprocess.run([sys.executable, str(script), str(output)], check=True)
    assert output.read_bytes() == (DATA / "jingdezhen_stands_synthetic.csv").read_bytes()


def test_the_shipped_book_says_that_it_is_synthetic_in_its_record_and_in_every_row(shipped: pd.DataFrame):
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    record = {resource["path"]: resource for resource in package["resources"]}
    book = record["jingdezhen_stands_synthetic.csv"]
    assert book["status"] == "synthetic"
    assert "SYNTHETIC" in book["title"]
    assert (DATA / book["generator"]).is_file()
    assert shipped["owner"].str.startswith("synthetic ").all()
    assert record["jingdezhen_forest_by_county.csv"]["status"] == "unconfirmed"
