# SPDX-License-Identifier: Apache-2.0
"""The page in a real browser: no console error, nothing wider than a phone, readable in dark, alive without script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, find_chromium
from example_groups import whole_tree
from example_tree import example_ledger, example_manifest

from greenrisk.report.html import render

CHROMIUM = find_chromium()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")

HEADLINE = "CNY\u00a0640,000"
CONTRAST = """(() => {
  const parts = (c) => (c.match(/[\\d.]+/g) || [0, 0, 0]).slice(0, 3).map(Number);
  const linear = (v) => v <= 10 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4;
  const light = (c) => { const [r, g, b] = parts(c).map(linear); return .2126 * r + .7152 * g + .0722 * b; };
  const plate = light(getComputedStyle(document.querySelector(".plate")).backgroundColor);
  const found = [];
  for (const text of document.querySelectorAll("svg.chart text")) {
    if (text.closest('[id*="on-"]') || text.getBoundingClientRect().width === 0) continue;
    const ink = light(getComputedStyle(text).fill);
    const ratio = (Math.max(ink, plate) + .05) / (Math.min(ink, plate) + .05);
    if (ratio < 4.5) found.push(text.textContent + " " + ratio.toFixed(2));
  }
  return found;
})()"""
OVERLAPS = """(() => {
  const found = [];
  for (const chart of document.querySelectorAll("svg.chart")) {
    const all = [...chart.querySelectorAll("text")].map((t) => [t.textContent, t.getBoundingClientRect()]);
    const boxes = all.filter((b) => b[1].width > 0);
    const frame = chart.getBoundingClientRect();
    for (const [i, [text, a]] of boxes.entries()) {
      if (a.left < frame.left - 2 || a.right > frame.right + 2) found.push("outside: " + text);
      for (const [other, b] of boxes.slice(i + 1)) {
        const w = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (w > 3 && h > 4.5) found.push(text + " | " + other);
      }
    }
  }
  return found;
})()"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(whole_tree(), example_ledger(), example_manifest()), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def real_report(real_run: Path) -> Path:
    return real_run / "report.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None
    with Browser(CHROMIUM) as running:
        yield running


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_opens_without_errors_requests_or_overflow(
    browser: Browser, report: Path, width: int, dark: bool
) -> None:
    browser.open(report, width, 900, dark)
    assert browser.errors() == []
    assert browser.requests() == [report.resolve().as_uri()]
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert HEADLINE in browser.evaluate("document.querySelector('#answer').innerText")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_labels_of_figures_can_be_read_and_do_not_cover_each_other(
    browser: Browser, report: Path, width: int, dark: bool
) -> None:
    browser.open(report, width, 900, dark)
    assert browser.evaluate(CONTRAST) == []
    assert browser.evaluate(OVERLAPS) == []


def test_text_of_figures_is_at_least_ten_pixels_high_on_every_screen(browser: Browser, report: Path) -> None:
    for width in (1280, 700, 390):
        browser.open(report, width, 900)
        smallest = browser.evaluate(
            "Math.min(...[...document.querySelectorAll('svg.chart')].filter((s) => s.clientWidth > 0)"
            ".map((s) => 10.5 * s.getBoundingClientRect().width / s.viewBox.baseVal.width))"
        )
        assert smallest >= 9, width


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_of_a_real_run_opens_without_errors_overflow_or_covered_labels(
    browser: Browser, real_report: Path, width: int
) -> None:
    browser.open(real_report, width, 900)
    assert browser.errors() == []
    assert browser.requests() == [real_report.resolve().as_uri()]
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert "CNY" in browser.evaluate("document.querySelector('#answer .value').innerText")
    assert browser.evaluate(CONTRAST) == []
    assert browser.evaluate(OVERLAPS) == []


WIDER = """[...document.querySelectorAll("section:not(#changes) .scroll")]
  .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.getAttribute("aria-label"))"""
PARTED = """[...document.querySelectorAll("td.line")].filter((cell) => cell.getClientRects().length &&
  cell.textContent && new Set([...(() => { const all = document.createRange(); all.selectNodeContents(cell);
  return all.getClientRects(); })()].map((box) => Math.round(box.bottom))).size > 1).map((cell) => cell.textContent)"""


def test_no_table_is_wider_than_the_page_on_a_wide_screen(browser: Browser, report: Path) -> None:
    browser.open(report, 1280, 900)
    assert browser.evaluate(WIDER) == []


def test_short_words_of_a_table_stay_on_their_line_on_a_phone(browser: Browser, report: Path) -> None:
    browser.open(report, 390, 900)
    assert browser.evaluate("document.querySelectorAll('td.line').length") > 50
    assert browser.evaluate(PARTED) == []


def test_a_printed_table_can_repeat_its_head(browser: Browser, report: Path) -> None:
    """Chromium repeats no head that holds a button; there is no reader of PDF here to see it by."""
    browser.open(report, 1280, 900)
    assert browser.evaluate("document.querySelectorAll('thead button').length") == 0
    assert browser.evaluate("document.querySelectorAll('thead [role=button][tabindex=\"0\"]').length") > 50


def test_a_click_on_a_head_sorts_a_table_and_leaves_its_totals_below(browser: Browser, report: Path) -> None:
    browser.open(report, 1280, 900)
    table = """[...document.querySelectorAll("table.data")]
        .find((t) => t.caption.textContent.startsWith("Yearly premium"))"""
    column = f"""[...{table}.tBodies[0].rows]
        .map((r) => [r.cells[5].dataset.value, r.classList.contains("total")])"""
    before = browser.evaluate(column)
    browser.evaluate(f"{table}.querySelectorAll('th [role=button]')[5].click()")
    after = browser.evaluate(column)
    values = [float(value) for value, total in after if not total]
    assert values == sorted(values)
    assert [total for _, total in after] == [total for _, total in before]
    assert sorted(v for v, _ in after) == sorted(v for v, _ in before)


def test_a_figure_tells_the_value_under_the_pointer(browser: Browser, report: Path) -> None:
    browser.open(report, 1280, 900)
    told = browser.evaluate(
        "(() => { const spot = document.querySelector('#figure-exceedance .for-wide .hit');"
        "spot.dispatchEvent(new PointerEvent('pointerover', {bubbles: true}));"
        "const tip = document.querySelector('.tip'); return [tip.hidden, tip.textContent]; })()"
    )
    assert told[0] is False
    assert "1 in 2\u00a0years: CNY" in told[1]


def test_a_link_into_a_folded_part_opens_it(browser: Browser, report: Path) -> None:
    browser.open(report, 1280, 900)
    assert browser.evaluate("document.querySelector('#ledger-imputed').open") is False
    browser.evaluate("location.hash = 'ledger-imputed-3'; dispatchEvent(new HashChangeEvent('hashchange'))")
    assert browser.evaluate("document.querySelector('#ledger-imputed').open") is True


def test_the_page_works_without_script(browser: Browser, report: Path) -> None:
    browser.open(report, 1280, 900, script=False)
    try:
        root = browser.send("DOM.getDocument")["root"]["nodeId"]
        assert (
            HEADLINE.replace("\u00a0", "&nbsp;") in browser.send("DOM.getOuterHTML", nodeId=root)["outerHTML"]
        )
        assert browser.errors() == []
    finally:
        browser.send("Emulation.setScriptExecutionDisabled", value=False)


def test_the_page_prints(browser: Browser, report: Path, tmp_path: Path) -> None:
    browser.open(report, 1280, 900, dark=True)
    browser.pdf(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
