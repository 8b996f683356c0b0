# SPDX-License-Identifier: Apache-2.0
"""The issuer page in a real browser: no console error, nothing wider than a phone, labels that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, find_chromium
from issuers_pages import page_of
from test_browser import CONTRAST, OVERLAPS, WIDER

from tests.studied_issuers import issuers_tree

CHROMIUM = find_chromium()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("issuers") / "report.html"
    path.write_text(page_of(issuers_tree(tmp_path_factory)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None
    with Browser(CHROMIUM) as running:
        yield running


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_issuer_page_opens_without_errors_requests_overflow_or_covered_labels(
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
    assert browser.evaluate(WIDER.replace("section:not(#changes)", "section >")) == []


def test_a_cell_of_the_heat_map_tells_its_probability_under_the_pointer(
    browser: Browser, report: Path
) -> None:
    browser.open(report, 1280, 900)
    told = browser.evaluate(
        "[...document.querySelectorAll('#figure-heat .for-wide .hit title, #figure-heat .for-wide .hit')]"
        ".map((e) => e.textContent || e.dataset.tip || '').filter((t) => t.includes('a year'))"
    )
    assert len(told) >= 30


def test_the_issuer_page_prints(browser: Browser, report: Path, tmp_path: Path) -> None:
    browser.open(report, 1280, 900, dark=True)
    browser.pdf(tmp_path / "issuers.pdf")
    assert (tmp_path / "issuers.pdf").read_bytes().startswith(b"%PDF-")
