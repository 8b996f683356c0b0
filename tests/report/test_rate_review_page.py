# SPDX-License-Identifier: Apache-2.0
"""The filing's table and its page: two languages, the same numbers, headings a regulator knows."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.report.frame import fill
from greenrisk.report.pages.forest_answer import review_note
from greenrisk.report.pages.rate_review import ReviewPage, rate_review_pages
from greenrisk.report.table import Table
from greenrisk.resource.experience_spec import RateReviewSpec
from greenrisk.resource.filing_table import HEADINGS, PERIL_NAMES, filing_table, peril_name
from greenrisk.resource.perils.listing import PERILS
from greenrisk.resource.rate_review import ExperienceYears, ModelYears
from greenrisk.resource.review_results import RateReview, rate_review


def reviewed(by_year: tuple[float, ...] = (1.0,) * 6, **settings: object) -> RateReview:
    """Two perils, six years, losses half again as high as expected, a tenth of them outstanding."""
    model = ModelYears(
        ("wildfire", "pest"),
        np.array([[0.0, 3e5], [2e5, 5e5], [4e5, 1e5]]),
        1e6,
        8e8,
        np.array([[0.5, 0.5], [1.0, 1.0], [2.0, 2.0]]),
    )
    losses = np.array([3e5, 4.5e5]) * np.array(by_year)[:, None]
    area = np.full(6, 1e6)
    experience = ExperienceYears(
        np.arange(2019, 2025),
        ("wildfire", "pest"),
        area,
        area * 800.0,
        area * 1.5,
        losses,
        losses * 0.02,
        losses * 0.9,
        losses * 0.1,
    )
    spec = RateReviewSpec.model_validate({"trend": "none", "max_change": 0.1, **settings})
    return rate_review(experience, model, spec, Loadings(0.1, 0.04, 0.01, 0.05, 0.0), 0.0, 2025, 1)


@pytest.fixture(scope="module")
def review() -> RateReview:
    return reviewed()


@pytest.fixture(scope="module")
def pages(review: RateReview) -> list[ReviewPage]:
    return rate_review_pages({path.rpartition("/")[2]: group for path, group in review.groups().items()})


def cells(one: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in one.rows]


def test_the_filing_holds_every_year_and_peril_and_the_period_with_its_rates(review: RateReview) -> None:
    filing = filing_table(review)
    assert len(filing.years) == 6 * 3
    assert [(row["period"], row["peril"]) for row in filing.period] == [
        ("2022-2024", "all"),
        ("2022-2024", "wildfire"),
        ("2022-2024", "pest"),
    ]
    whole = filing.period[0]
    assert whole["insured_area"] == 3e6
    assert whole["premium"] == 4.5e6
    assert whole["incurred"] == whole["actual"] == pytest.approx(2.25e6)
    assert whole["paid"] == pytest.approx(0.9 * 2.25e6)
    assert whole["actual_to_expected"] == pytest.approx(1.5)
    assert whole["loss_ratio"] == pytest.approx(0.5)
    assert whole["current_rate"] == pytest.approx(1.875)
    assert "premium" not in filing.period[1]
    assert "current_rate" not in filing.period[1]


def test_a_csv_of_the_filing_bears_both_headings_and_comes_back(review: RateReview, tmp_path: Path) -> None:
    path = tmp_path / "filing.csv"
    filing_table(review).to_frame().to_csv(path, index=False, encoding="utf-8-sig")
    read = pd.read_csv(path)
    for heading in (
        "年份 Year",
        "灾因 Peril",
        "承保面积（亩） Insured area (mu)",
        "保险金额（元） Sum insured (CNY)",
        "已决赔款（元） Paid losses (CNY)",
        "未决赔款（元） Outstanding losses (CNY)",
        "已发生赔款（元） Reported losses (CNY)",
        "预期赔款（元） Expected losses (CNY)",
        "实际/预期 Actual / expected",
        "趋势调整系数 Trend factor",
        "采用的可信度 Credibility applied",
        "指示费率（‰） Indicated rate (per mille)",
        "建议调整幅度 Proposed change",
    ):
        assert heading in read.columns
    assert read["灾因 Peril"].tolist()[:3] == ["合计 all perils", "森林火灾 fire", "林业有害生物 pests"]
    assert len(read.columns) == len(HEADINGS)
    chinese = filing_table(review).to_frame("zh")
    assert not [head for head in chinese.columns if re.search("[A-Za-z]", head)]


def test_every_peril_has_a_chinese_and_an_english_name() -> None:
    for kind in PERILS:
        assert re.fullmatch("[\u4e00-\u9fff、]+", PERIL_NAMES[kind])
        assert peril_name(kind, "en") != kind or kind in ("storm", "drought")


def test_both_languages_print_the_same_rates_and_years(pages: list[ReviewPage]) -> None:
    chinese, english = pages
    assert (chinese.language, english.language) == ("zh", "en")
    for one, other in zip(chinese.tables, english.tables, strict=True):
        assert len(one.rows) == len(other.rows)
        for row, twin in zip(one.rows, other.rows, strict=True):
            assert [cell.value for cell in row] == [cell.value for cell in twin]
    assert cells(chinese.tables[0])[-1] == [
        "2022-2024",
        "300.00",
        "240,000.00",
        "450.00",
        "202.50",
        "22.50",
        "225.00",
        "225.00",
        "50.0%",
        "50.0%",
    ]
    assert [column.unit for column in chinese.tables[0].columns[1:4]] == ["万亩", "万元", "万元"]
    assert cells(english.tables[0])[-1][1:4] == ["3,000", "2,400", "4,500"]


def test_the_answer_says_change_interval_and_cap_in_both_languages(
    pages: list[ReviewPage], review: RateReview
) -> None:
    row = review.indication.isel(review=0)
    change = f"{100 * float(row['indicated_change']):.1f}".replace("-", "\u2212")
    assert f"指示调整幅度为{change}%" in pages[0].answer
    assert "回溯期内实际赔款为预期赔款的1.50倍" in pages[0].answer
    assert "超出调整幅度上限10.0%，建议调整\u221210.0%。" in pages[0].answer
    assert f"The indicated change is {change} %" in pages[1].answer.replace("\u00a0", " ")
    assert "beyond the cap of 10.0 %; \u221210.0 % is proposed." in pages[1].answer.replace("\u00a0", " ")
    free = rate_review_pages(_named(reviewed(max_change=None)))
    assert "上限" not in free[0].answer
    assert "cap" not in free[1].answer


@pytest.mark.parametrize(
    ("settings", "zh"),
    [
        ({"trend": "none"}, "趋势：未作趋势调整。"),
        ({"trend": -0.05}, "趋势：按给定的年变化率\u22125.0%调整。"),
        ({"trend": "fitted"}, "趋势：未作趋势调整。"),
    ],
)
def test_the_trend_is_told_in_chinese_as_it_was_used(settings: dict[str, object], zh: str) -> None:
    # losses that do not vary leave nothing to fit a trend's error to
    assert rate_review_pages(_named(reviewed(**settings)))[0].notes[0] == zh


def test_a_fitted_trend_is_called_significant_or_not_and_what_was_done() -> None:
    steady, wild = (1.0, 0.8, 0.65, 0.5, 0.42, 0.33), (1.0, 0.2, 1.5, 0.4, 1.1, 0.6)
    cases = [
        (reviewed(steady, trend="fitted"), "统计显著，已采用。"),
        (reviewed(wild, trend="fitted"), "统计不显著，未采用。"),
        (reviewed(wild, trend="fitted", apply_insignificant_trend=True), "统计不显著，按要求采用。"),
    ]
    for review, ending in cases:
        note = rate_review_pages(_named(review))[0].notes[0]
        assert re.match(
            "趋势：拟合的年变化率为[+\u2212][0-9.]+%（90%区间：[+\u2212][0-9.]+%至[+\u2212][0-9.]+%）", note
        )
        assert note.endswith(ending)


def test_the_page_has_a_chinese_and_an_english_part_without_missing_numbers(pages: list[ReviewPage]) -> None:
    html = fill(
        "rate_review.html.j2",
        {
            "title": "",
            "contents": [],
            "made_by": "",
            "ledger": [],
            "manifest": [],
            "scenario_text": "",
            "rate_reviews": pages,
        },
    )
    chinese = re.search(r'<section id="rate-review-zh" lang="zh">.*?</section>', html, re.DOTALL)
    english = re.search(r'<section id="rate-review" lang="en">.*?</section>', html, re.DOTALL)
    assert chinese is not None
    assert english is not None
    told = unescape(re.sub("<[^>]+>", " ", chinese.group()))
    for words in (
        "费率回溯表（2022-2024）",
        "承保面积",
        "已决赔款",
        "未决赔款",
        "已发生赔款",
        "预期赔款",
        "实际/预期",
        "可信度（最大精度法）",
        "指示费率",
        "建议调整幅度",
    ):
        assert words in told
    assert not re.search("[A-Za-z]{2,}", told)
    assert not re.search(r"\b(nan|inf|None)\b", told + english.group(), flags=re.IGNORECASE)
    assert "<table" in chinese.group()


def test_groups_that_went_through_a_file_give_the_same_page(
    review: RateReview, pages: list[ReviewPage], tmp_path: Path
) -> None:
    tree = xr.DataTree.from_dict({path: group for path, group in review.groups().items()})
    tree.to_netcdf(tmp_path / "review.nc", engine="h5netcdf")
    with xr.open_datatree(tmp_path / "review.nc", engine="h5netcdf") as read:
        node = read["rate_review"]
        assert isinstance(node, xr.DataTree)
        found = {name: child.to_dataset().load() for name, child in node.children.items()}
    assert rate_review_pages(found) == pages


def _named(review: RateReview) -> dict[str, xr.Dataset]:
    return {path.rpartition("/")[2]: group for path, group in review.groups().items()}


def test_invented_years_are_called_so_on_both_pages(review: RateReview) -> None:
    zh, en = rate_review_pages(_named(review), "invented.csv")
    assert zh.facts.endswith("经验数据invented.csv为虚构示例，不代表真实业务，不得用于报备。")
    assert en.facts.endswith(
        "The years of invented.csv are synthetic: they show the method and are nothing to file."
    )
    assert "invented" not in "".join(page.facts for page in rate_review_pages(_named(review)))


def test_the_first_screen_tells_the_rate_in_force_beside_the_one_proposed(review: RateReview) -> None:
    row = review.indication.isel(review=0)
    told = review_note(review.indication)
    current, proposed = float(row["current_rate"]), float(row["proposed_rate"])
    assert told.startswith(f"The rate in force is {current:.4g}")
    found = re.search(r"proposes ([\d.]+)\. It weighs the years (\S+) against the cards as they were;", told)
    assert found is not None
    assert float(found[1]) == pytest.approx(proposed, rel=5e-4)
    assert found[2] == str(row["review"].item())
