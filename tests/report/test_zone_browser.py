# SPDX-License-Identifier: Apache-2.0
"""The zone page in a real browser: no console error, nothing wider than a phone, labels that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, find_chromium
from test_browser import CONTRAST, OVERLAPS, WIDER
from zone_pages import zone_html

CHROMIUM = find_chromium()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("zone") / "report.html"
    path.write_text(zone_html(), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None
    with Browser(CHROMIUM) as running:
        yield running


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_zone_page_opens_without_errors_requests_overflow_or_covered_labels(
    browser: Browser, report: Path, width: int, dark: bool
) -> None:
    browser.open(report, width, 900, dark)
    assert browser.errors() == []
    assert browser.requests() == [report.resolve().as_uri()]
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert "CNY" in browser.evaluate("document.querySelector('#answer .value').innerText")
    assert browser.evaluate(CONTRAST) == []
    assert browser.evaluate(OVERLAPS) == []


def test_the_tables_of_the_first_screen_fit_a_phone_and_all_open_tables_fit_a_wide_screen(
    browser: Browser, report: Path
) -> None:
    browser.open(report, 390, 900)
    assert browser.evaluate(WIDER.replace("section:not(#changes)", "#answer")) == []
    browser.open(report, 1280, 900)
    assert browser.evaluate(WIDER.replace("section:not(#changes)", "section > .part, section >")) == []


def test_no_words_of_a_matrix_touch_on_a_phone(browser: Browser, report: Path) -> None:
    browser.open(report, 390, 900)
    touching = browser.evaluate(
        OVERLAPS.replace("h > 4.5", "h > 3").replace("svg.chart", "#grades svg.chart")
    )
    assert touching == []


def test_a_cell_of_a_matrix_tells_its_plants_under_the_pointer(browser: Browser, report: Path) -> None:
    browser.open(report, 1280, 900)
    told = browser.evaluate(
        "[...document.querySelectorAll('#figure-matrix-air .for-wide .hit title, #figure-matrix-air .for-wide .hit')]"
        ".map((e) => e.textContent || e.dataset.tip || '').filter((t) => t.includes('plants: '))"
    )
    assert any("E2" in text for text in told)


def test_the_grade_of_a_tile_can_be_read_without_its_colour(browser: Browser, report: Path) -> None:
    browser.open(report, 1280, 900)
    tiles = browser.evaluate("[...document.querySelectorAll('.grades li')].map((e) => e.innerText)")
    assert [next(z for z in ("重大", "较大", "一般", "Not graded") if z in t) for t in tiles] == [
        "重大", "较大", "一般", "Not graded",
    ]  # fmt: skip


def test_the_zone_page_prints(browser: Browser, report: Path, tmp_path: Path) -> None:
    browser.open(report, 1280, 900, dark=True)
    browser.pdf(tmp_path / "zone.pdf")
    assert (tmp_path / "zone.pdf").read_bytes().startswith(b"%PDF-")
