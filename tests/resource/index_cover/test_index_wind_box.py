# SPDX-License-Identifier: Apache-2.0
"""Storms that cross a box, and the largest wind inside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from greenrisk.resource.index_cover.indices.wind_box import Tracks, crossings
from greenrisk.resource.index_cover.series_spec import BoxSpec
from tests.asked_index import Answer, ask

HEADER = "storm,time,lat,lon,wind_kt\n"
BOX = {"south": 20.0, "north": 22.0, "west": -88.0, "east": -86.0}


def tracks(
    folder: Path, *rows: str, box: dict[str, float] = BOX, first: int = 2000, last: int = 2003
) -> Answer:
    (folder / "tracks.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    asked = {"kind": "wind_box", "tracks": "tracks.csv", "box": box, "first_year": first, "last_year": last}
    return ask(asked, base=folder)


def events(answer: Answer) -> list[tuple[int, float]]:
    index = answer.index
    assert index is not None, [str(fault) for fault in answer.faults]
    assert index.of_events
    assert index.unit == "kt"
    years = index.year[index.event_year].tolist()
    return list(zip(years, index.event_value.tolist(), strict=True))


def test_wind_between_fixes_is_a_straight_line(tmp_path: Path) -> None:
    """From 85 W to 89 W in 12 hours, 80 to 120 kt: in the box from 1/4 to 3/4 of the way, most wind on leaving."""
    found = tracks(tmp_path, "A,2001-08-01 00:00,21,-85,80", "A,2001-08-01 12:00,21,-89,120")
    assert events(found) == [(2001, 110.0)]


def test_a_falling_wind_is_largest_on_entering(tmp_path: Path) -> None:
    found = tracks(tmp_path, "A,2001-08-01 00:00,21,-85,120", "A,2001-08-01 12:00,21,-89,80")
    assert events(found) == [(2001, 110.0)]


def test_a_storm_that_passes_by_is_no_event(tmp_path: Path) -> None:
    found = tracks(
        tmp_path,
        "A,2001-08-01 00:00,21,-85,80",
        "A,2001-08-01 12:00,21,-89,120",
        "B,2002-08-01T00:00Z,23,-85,150",
        "B,2002-08-01T12:00Z,23,-89,150",
    )
    assert events(found) == [(2001, 110.0)]


def test_a_corner_is_cut_however_short(tmp_path: Path) -> None:
    """The track lies inside for seven minutes of a day, between two fixes."""
    found = tracks(tmp_path, "A,2001-08-01 00:00,19.0,-86.99,100", "A,2001-08-02 00:00,21.0,-88.99,100")
    assert events(found) == [(2001, 100.0)]
    missed = tracks(
        tmp_path, "A,2001-08-01 00:00,19.0,-87.01,100", "A,2001-08-02 00:00,21.0,-89.01,100", last=2002
    )
    assert missed.index is None


def test_the_edge_is_inside(tmp_path: Path) -> None:
    along = tracks(tmp_path, "A,2001-08-01 00:00,22,-85,90", "A,2001-08-01 12:00,22,-89,90")
    assert events(along) == [(2001, 90.0)]
    point = tracks(tmp_path, "A,2001-08-01 00:00,20,-86,90")
    assert events(point) == [(2001, 90.0)]


@pytest.mark.parametrize("lon", [(-85.0, -89.0), (275.0, 271.0), (275.0, -89.0)])
def test_longitudes_may_be_written_in_two_ways(tmp_path: Path, lon: tuple[float, float]) -> None:
    found = tracks(tmp_path, f"A,2001-08-01 00:00,21,{lon[0]},80", f"A,2001-08-01 12:00,21,{lon[1]},120")
    assert events(found) == [(2001, 110.0)]


@pytest.mark.parametrize("box", [(175.0, -175.0), (175.0, 185.0)])
def test_a_box_may_cross_the_date_line(tmp_path: Path, box: tuple[float, float]) -> None:
    over = {"south": -20.0, "north": -10.0, "west": box[0], "east": box[1]}
    found = tracks(
        tmp_path,
        "A,2001-02-01 00:00,-15,178,60",
        "A,2001-02-01 12:00,-15,-178,70",
        "B,2002-02-01 00:00,-15,170,60",
        "B,2002-02-01 12:00,-15,174,70",
        box=over,
    )
    assert events(found) == [(2001, 70.0)]


def test_a_storm_counts_once_in_the_year_in_which_it_enters(tmp_path: Path) -> None:
    found = tracks(
        tmp_path,
        "A,2001-12-31 18:00,21,-85,100",
        "A,2002-01-01 18:00,21,-87,100",
        "A,2002-01-02 18:00,21,-85,100",
        "A,2002-01-03 18:00,21,-87,130",
    )
    assert events(found) == [(2002, 130.0)]


def test_a_year_without_a_storm_has_no_value_and_the_largest_stands_for_its_year(tmp_path: Path) -> None:
    found = tracks(
        tmp_path,
        "A,2001-08-01 00:00,21,-87,70",
        "B,2001-09-01 00:00,21,-87,90",
        "C,2003-09-01 00:00,21,-87,65",
    )
    assert found.index is not None
    assert found.index.event_year.tolist() == [1, 1, 3]
    assert found.index.event_value.tolist() == [70, 90, 65]
    assert np.isnan(found.index.value).tolist() == [True, False, True, False]
    assert found.index.value[[1, 3]].tolist() == [90, 65]


def test_storms_of_other_years_are_told(tmp_path: Path) -> None:
    found = tracks(tmp_path, "A,1999-08-01 00:00,21,-87,70", "B,2001-09-01 00:00,21,-87,90")
    assert events(found) == [(2001, 90.0)]
    assert "dropped: Storms that cross the box in other years than those asked." in found.told
    assert any("The tracks run from 1999 to 2001" in line for line in found.told)


def test_crossings_agree_with_small_steps_along_the_tracks() -> None:
    """Independent: 20,000 points along each of 300 tracks of invented storms; a step is under a thousandth degree."""
    draw = np.random.default_rng(20260105)
    count = 300
    lat = 21 + draw.normal(0, 2.5, (count, 2))
    lon = -87 + draw.normal(0, 2.5, (count, 2))
    wind = draw.uniform(40, 160, (count, 2))
    legs = Tracks(np.arange(count), np.full(count, 1000.0), np.full(count, 6.0), lat, lon, wind)
    year, most = crossings(legs, BoxSpec(**BOX))
    share = np.linspace(0, 1, 20001)
    expected = []
    for one in range(count):
        at_lat, at_lon = (x[one, 0] + share * (x[one, 1] - x[one, 0]) for x in (lat, lon))
        inside = (at_lat >= 20) & (at_lat <= 22) & (at_lon >= -88) & (at_lon <= -86)
        if inside.any():
            expected.append((wind[one, 0] + share * (wind[one, 1] - wind[one, 0]))[inside].max())
    assert 50 < len(expected) < 250
    np.testing.assert_allclose(most, expected, atol=120 / 20000)
    assert set(year.tolist()) == {1970}


def refused(answer: Answer) -> list[str]:
    assert answer.index is None
    return [str(fault) for fault in answer.faults]


def test_every_fault_of_the_times_is_told_with_its_row(tmp_path: Path) -> None:
    told = refused(
        tracks(
            tmp_path,
            "A,2001-08-01 06:00,21,-85,80",
            "A,2001-08-01 00:00,21,-86,80",
            "B,next week,21,-86,80",
            "A,2001-08-02 00:00,21,-86,80",
        )
    )
    assert [line.replace(str(tmp_path), "").splitlines()[0] for line in told] == [
        "/tracks.csv:4  time = next week",
        "/tracks.csv:3  time = 2001-08-01 00:00",
        "/tracks.csv:5  storm = A",
    ]
    assert "The rows of a storm must stand together." in told[2]


def test_a_box_upside_down_and_a_table_that_is_not_there_are_told_at_once(tmp_path: Path) -> None:
    asked = {
        "kind": "wind_box",
        "tracks": "tracks.csv",
        "box": BOX | {"south": 30.0},
        "first_year": 2000,
        "last_year": 2001,
    }
    told = refused(ask(asked, base=tmp_path))
    assert [line.split()[0] for line in told] == ["my.yaml:indices.x.box", "my.yaml:indices.x.tracks"]
    assert "`south` must lie south of `north`." in told[0]


def test_a_box_that_no_storm_crosses_is_refused(tmp_path: Path) -> None:
    (told,) = refused(tracks(tmp_path, "A,2001-08-01 00:00,30,-87,70"))
    assert "No storm crosses the box from 2000 to 2003" in told


def test_a_wind_that_is_missing_is_refused_at_its_row(tmp_path: Path) -> None:
    (told,) = refused(tracks(tmp_path, "A,2001-08-01 00:00,21,-87,", "A,2001-08-01 06:00,21,-87,70"))
    assert "tracks.csv:2" in told
    assert "wind_kt" in told
