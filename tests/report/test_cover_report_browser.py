# SPDX-License-Identifier: Apache-2.0
"""Pages of index covers and wetlands in a real browser: no console error, nothing too wide, labels that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, find_chromium
from cover_pages import RUNS, html_of
from test_browser import CONTRAST, OVERLAPS, WIDER

CHROMIUM = find_chromium()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")


@pytest.fixture(scope="module", params=list(RUNS))
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp(request.param) / "report.html"
    path.write_text(html_of(request.param, tmp_path_factory), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None
    with Browser(CHROMIUM) as running:
        yield running


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_of_a_cover_opens_without_errors_requests_overflow_or_covered_labels(
    browser: Browser, report: Path, width: int, dark: bool
) -> None:
    browser.open(report, width, 900, dark)
    assert browser.errors() == []
    assert browser.requests() == [report.resolve().as_uri()]
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert "CNY" in browser.evaluate("document.querySelector('#answer .value').innerText")
    assert browser.evaluate(CONTRAST) == []
    assert browser.evaluate(OVERLAPS) == []


def test_the_first_screen_fits_a_phone_and_all_tables_a_wide_screen(browser: Browser, report: Path) -> None:
    browser.open(report, 390, 900)
    assert browser.evaluate(WIDER.replace("section:not(#changes)", "#answer")) == []
    browser.open(report, 1280, 900)
    assert browser.evaluate(WIDER) == []


def test_the_page_of_a_cover_prints(browser: Browser, report: Path, tmp_path: Path) -> None:
    browser.open(report, 1280, 900, dark=True)
    browser.pdf(tmp_path / "cover.pdf")
    assert (tmp_path / "cover.pdf").read_bytes().startswith(b"%PDF-")
