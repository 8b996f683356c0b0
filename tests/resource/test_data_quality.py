# SPDX-License-Identifier: Apache-2.0
"""Each check of a book finds what was spoilt, and nothing else; the shipped book's own findings are stated."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import read_table
from greenrisk.resource.book import FOREST_BOOK, Book, book_from_frame
from greenrisk.resource.burning_cost import PRODUCTS
from greenrisk.resource.data_quality import data_quality, seen_band
from greenrisk.resource.landscape import COUNTY_FOREST, build_landscape
from greenrisk.resource.misplaced import COUNTY_CENTRES, Centres, centres_from_frame
from greenrisk.resource.quality_spec import DataQualitySpec

DATA = Path(__file__).parents[2] / "data"
CLEAN = {
    "age": {"FL01249", "CJ00370", "ZS00021", "FL00845"},  # bamboo drawn from a lognormal law has a tail
    "area": 6,
    "same_owner_area_species": 38,  # few owners, areas to 0.01 ha
    "outside_county": {"CJ00161"},  # a corner of its county's box, among stands of the next
}


@dataclass(frozen=True)
class Shipped:
    """The tables that ship."""

    book: pd.DataFrame
    products: pd.DataFrame
    forest: dict[str, float]

    def check(
        self, frame: pd.DataFrame, spec: DataQualitySpec | None = None, centres: Centres | None = None
    ) -> tuple[dict[str, xr.Dataset], Ledger, Book]:
        book = book_from_frame(frame)
        ledger = Ledger()
        return (
            data_quality(book, build_landscape(book, self.forest), self.products, ledger, spec, centres),
            ledger,
            book,
        )


@pytest.fixture(scope="module")
def shipped() -> Shipped:
    forest = read_table(DATA / "jingdezhen_forest_by_county.csv", COUNTY_FOREST, Ledger())
    return Shipped(
        read_table(DATA / "jingdezhen_stands_synthetic.csv", FOREST_BOOK, Ledger()),
        read_table(DATA / "forest_products_seen.csv", PRODUCTS, Ledger()),
        dict(zip(forest["county"], forest["forest_area_ha"], strict=True)),
    )


def counts(groups: dict[str, xr.Dataset]) -> dict[str, int]:
    checks = groups["/data_quality/checks"]
    return {str(name): int(n) for name, n in zip(checks["check"].values, checks["count"].values, strict=True)}


@pytest.fixture(scope="module")
def clean(shipped: Shipped) -> dict[str, int]:
    return counts(shipped.check(shipped.book)[0])


def test_the_shipped_book_has_four_kinds_of_findings_and_no_others(clean: dict[str, int]) -> None:
    expected = {name: len(found) if isinstance(found, set) else found for name, found in CLEAN.items()}
    assert {name: count for name, count in clean.items() if count} == expected


def test_findings_of_the_shipped_book_follow_from_its_rows(shipped: Shipped) -> None:
    book = shipped.book
    grove = book[(book["species_group"] == "bamboo") & (book["age"] > 15)]
    assert set(grove["stand_id"]) == CLEAN["age"]
    assert int((book["area_ha"] > 100).sum() + (book["area_ha"] < 0.1).sum()) == CLEAN["area"]
    twins = book.duplicated(["owner", "area_ha", "species_group"])
    assert int(twins.sum()) == CLEAN["same_owner_area_species"]


def set_cell(column: str, value: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def spoil(frame: pd.DataFrame) -> pd.DataFrame:
        # Fuliang stands of the middle of the book, none of them found in the clean one.
        frame.loc[frame["stand_id"].isin(["FL03000", "FL03001", "FL03002"]), column] = value
        return frame

    return spoil


def double(frame: pd.DataFrame) -> pd.DataFrame:
    copies = frame[frame["stand_id"].isin(["FL03000", "FL03001", "FL03002"])].copy()
    copies["stand_id"] = [f"ZZ{i}" for i in range(3)]
    return pd.concat([frame, copies], ignore_index=True)


def move_with_its_owner(frame: pd.DataFrame) -> pd.DataFrame:
    copies = double(frame)
    copies.loc[copies["stand_id"].str.startswith("ZZ"), "lon"] += 0.001
    return copies


def to_one_point(frame: pd.DataFrame) -> pd.DataFrame:
    here = frame["stand_id"].isin(["FL03000", "FL03001", "FL03002", "FL03003"])
    township = frame.loc[frame["stand_id"] == "FL03000"].iloc[0]
    frame.loc[here, ["lon", "lat"]] = township["lon"], township["lat"]
    return frame


def into_leping(frame: pd.DataFrame) -> pd.DataFrame:
    there = frame[frame["county"] == "Leping"].iloc[[100, 300, 500]]
    frame.loc[frame["stand_id"].isin(["FL03000", "FL03001", "FL03002"]), ["lon", "lat"]] = (
        there[["lon", "lat"]].to_numpy() + 1e-4
    )
    return frame


@pytest.mark.parametrize(
    ("check", "spoil"),
    [
        ("missing_name", set_cell("owner", "Unknown")),
        ("missing_name", set_cell("township", "不详")),
        ("missing_age", set_cell("age", 0.0)),
        ("age", set_cell("age", 1987.0)),
        ("area", set_cell("area_ha", 150.0)),
        ("insured_share", set_cell("insured_share", 0.008)),
        ("sum_insured", set_cell("sum_insured_cny_per_mu", 12000.0)),
        ("sum_insured", set_cell("sum_insured_cny_per_mu", 80.0)),
        ("same_place_and_area", double),
        ("same_owner_area_species", move_with_its_owner),
        ("same_place", to_one_point),
        ("outside_county", into_leping),
    ],
)
def test_three_spoilt_stands_are_found_by_their_check_and_by_no_other(
    shipped: Shipped,
    clean: dict[str, int],
    check: str,
    spoil: Callable[[pd.DataFrame], pd.DataFrame],
) -> None:
    groups, ledger, _ = shipped.check(spoil(shipped.book.copy()))
    found = counts(groups)
    more = {name: found[name] - clean[name] for name in found if found[name] != clean[name]}
    if spoil.__qualname__.startswith("set_cell") and check in ("area", "missing_name"):
        more.pop(
            "same_owner_area_species", None
        )  # three stands of one size, or of no owner, may well be twins
    assert more == {check: 3}
    row = groups["/data_quality/checks"].sel(check=check)
    lines = [entry for entry in ledger if entry.subject == f"book: {row['label'].item()}"]
    assert [entry.count for entry in lines] == [found[check]]
    assert lines[0].kind == "unreliable"


def test_examples_name_the_worst_first(shipped: Shipped) -> None:
    frame = shipped.book.copy()
    frame.loc[frame["stand_id"] == "FL03000", "area_ha"] = 900.0
    frame.loc[frame["stand_id"] == "FL03001", "area_ha"] = 0.004
    row = shipped.check(frame)[0]["/data_quality/checks"].sel(check="area")
    assert str(row["examples"].item()).startswith("FL03001: 0.004 ha; FL03000: 900 ha; ")


def test_the_share_is_that_of_the_sum_insured(shipped: Shipped) -> None:
    frame = set_cell("sum_insured_cny_per_mu", 12000.0)(shipped.book.copy())
    row = shipped.check(frame)[0]["/data_quality/checks"].sel(check="sum_insured")
    insured = frame["area_ha"] * 15 * frame["insured_share"] * frame["sum_insured_cny_per_mu"]
    spoilt = insured[frame["sum_insured_cny_per_mu"] == 12000.0]
    assert float(row["share"]) == pytest.approx(spoilt.sum() / insured.sum(), rel=1e-12)


def test_the_seen_band_takes_forest_by_the_mu_and_nothing_else(shipped: Shipped) -> None:
    # By eye in forest_products_seen.csv: public-benefit 400 (Hunan) to 1203 (Zhongshan), commercial 500 to 800.
    assert seen_band(shipped.products) == {"public_benefit": (400.0, 1203.0), "commercial": (500.0, 800.0)}


def test_without_products_the_band_is_not_checked_and_that_is_told(shipped: Shipped) -> None:
    book, ledger = book_from_frame(shipped.book), Ledger()
    groups = data_quality(book, build_landscape(book, shipped.forest), None, ledger)
    assert counts(groups)["sum_insured"] == 0
    told = [entry.subject for entry in ledger if "not checked" in entry.detail]
    assert told == ["book: sum insured of commercial forest", "book: sum insured of public_benefit forest"]


def test_a_county_with_few_stands_cannot_be_tested_and_that_is_told(shipped: Shipped) -> None:
    frame = shipped.book
    frame = frame[(frame["county"] != "Zhushan") | frame["stand_id"].isin(["ZS00001", "ZS00002"])]
    _, ledger, _ = shipped.check(frame)
    (line,) = [entry for entry in ledger if entry.subject == "book: stands of Zhushan"]
    assert line.count == 2


def test_centres_of_counties_replace_the_test_by_neighbours(shipped: Shipped) -> None:
    frame = shipped.book.copy()
    middles = frame.groupby("county")[["lon", "lat"]].mean()
    table = pd.DataFrame(
        {"county": middles.index, "lon": middles["lon"].to_numpy(), "lat": middles["lat"].to_numpy()}
    )
    centres, faults = centres_from_frame(
        read_table("centres.csv", COUNTY_CENTRES, Ledger(), frame=table),
        book_from_frame(frame),
        "centres.csv",
    )
    assert not len(faults)
    moved = frame["stand_id"] == "FL03000"
    frame.loc[moved, ["lon", "lat"]] = middles.loc["Leping"].to_numpy()
    spec = DataQualitySpec(ratio=20.0)  # only what lies on top of another centre
    groups, ledger, _ = shipped.check(frame, spec, centres)
    row = groups["/data_quality/checks"].sel(check="outside_county")
    assert "FL03000: Fuliang, but" in str(row["examples"].item())
    assert any("by the centres given" in entry.detail for entry in ledger)


def test_a_county_without_a_centre_is_a_fault_with_its_mend(shipped: Shipped) -> None:
    table = pd.DataFrame({"county": ["Fuliang", "Leping", "Zhushan"], "lon": [117.3] * 3, "lat": [29.3] * 3})
    _, faults = centres_from_frame(table, book_from_frame(shipped.book), "centres.csv")
    assert [str(fault) for fault in faults] == [
        "centres.csv  county = Changjiang\n  The book has stands in this county, but its centre is not given. Add a "
        "row, or spell it as one of Fuliang, Leping, Zhushan.  [degree]"
    ]
