# SPDX-License-Identifier: Apache-2.0
"""The table that a rate filing needs (费率回溯表), with Chinese and English headings; rows of plain numbers.

How a page prints it is told in :mod:`greenrisk.report.pages.rate_review`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
import xarray as xr

from greenrisk.resource.peril_results import ALL
from greenrisk.resource.rate_review import UNKNOWN
from greenrisk.resource.review_results import ENDS, RateReview
from greenrisk.resource.vocabulary import PERIL_WORDS

if TYPE_CHECKING:
    import pandas as pd

Language = Literal["zh", "en"]

PERIL_NAMES: Final[Mapping[str, str]] = {
    "wildfire": "森林火灾",
    "storm": "风灾",
    "snow_ice": "雨雪冰冻",
    "drought": "旱灾",
    "flood": "洪水及滑坡、泥石流",
    "pest": "林业有害生物",
    UNKNOWN: "灾因未区分",
    ALL: "合计",
}
"""What a Chinese table calls the perils."""


class Heading(NamedTuple):
    """Head of a column in both languages.

    Parameters
    ----------
    name : str
        Name of the column in the data.
    zh, en : str
        What a reader of each language sees.
    unit : str
        CNY, mu, CNY/mu, per mille, 1 (a ratio), % (a share), or empty for words.
    """

    name: str
    zh: str
    en: str
    unit: str

    def text(self, language: Language) -> str:
        """Return the heading of one language, without its unit.

        Parameters
        ----------
        language : {"zh", "en"}
            Chinese or English.
        """
        return self.zh if language == "zh" else self.en

    def unit_text(self, language: Language) -> str:
        """Return the unit in one language; empty for ratios and words.

        Parameters
        ----------
        language : {"zh", "en"}
            Chinese or English.
        """
        return _UNITS.get(self.unit, ("", ""))[0 if language == "zh" else 1]

    def headed(self, language: Language) -> str:
        """Return the heading of one language with its unit in brackets.

        Parameters
        ----------
        language : {"zh", "en"}
            Chinese or English.
        """
        text, unit = self.text(language), self.unit_text(language)
        if not unit:
            return text
        return f"{text}（{unit}）" if language == "zh" else f"{text} ({unit})"


_UNITS: Final = {
    "CNY": ("元", "CNY"),
    "mu": ("亩", "mu"),
    "CNY/mu": ("元/亩", "CNY per mu"),
    "per mille": ("‰", "per mille"),
}

_KNOWN = "含参数不确定性"
_CHANCE = "仅随机波动"

HEADINGS: Final = tuple(
    Heading(*row)
    for row in (
        ("period", "年份", "Year", ""),
        ("peril", "灾因", "Peril", ""),
        ("insured_area", "承保面积", "Insured area", "mu"),
        ("sum_insured", "保险金额", "Sum insured", "CNY"),
        ("premium", "保费收入", "Premium", "CNY"),
        ("paid", "已决赔款", "Paid losses", "CNY"),
        ("outstanding", "未决赔款", "Outstanding losses", "CNY"),
        ("incurred", "已发生赔款", "Reported losses", "CNY"),
        ("actual", "最终赔款", "Ultimate losses", "CNY"),
        ("actual_error", "最终赔款标准误", "Standard error of the ultimate", "CNY"),
        ("expected", "预期赔款", "Expected losses", "CNY"),
        ("actual_to_expected", "实际/预期", "Actual / expected", "1"),
        ("low", f"预期赔款90%区间下限（{_CHANCE}）", "90 % interval, low, chance only", "CNY"),
        ("high", f"预期赔款90%区间上限（{_CHANCE}）", "90 % interval, high, chance only", "CNY"),
        (
            "low_with_knowledge",
            f"预期赔款90%区间下限（{_KNOWN}）",
            "90 % interval, low, with knowledge",
            "CNY",
        ),
        (
            "high_with_knowledge",
            f"预期赔款90%区间上限（{_KNOWN}）",
            "90 % interval, high, with knowledge",
            "CNY",
        ),
        ("trend_factor", "趋势调整系数", "Trend factor", "1"),
        ("terms_factor", "条款调整系数", "Terms factor", "1"),
        ("adjusted", "调整后赔款", "Adjusted losses", "CNY"),
        ("adjusted_to_expected", "调整后实际/预期", "Adjusted / expected", "1"),
        ("on_level_premium", "按现行费率调整的保费", "Premium at the current rate", "CNY"),
        ("loss_ratio", "赔付率", "Loss ratio", "%"),
        ("on_level_loss_ratio", "调整后赔付率", "Adjusted loss ratio", "%"),
        ("credibility_limited_fluctuation", "可信度（有限波动法）", "Credibility, limited fluctuation", "1"),
        ("credibility_greatest_accuracy", "可信度（最大精度法）", "Credibility, greatest accuracy", "1"),
        ("credibility", "采用的可信度", "Credibility applied", "1"),
        ("expected_rate", "预期纯费率", "Expected pure rate", "per mille"),
        ("experience_rate", "经验纯费率", "Pure rate of the experience", "per mille"),
        ("indicated_rate", "指示纯费率", "Indicated pure rate", "per mille"),
        ("indicated_rate_low", "指示纯费率90%区间下限", "Indicated pure rate, 90 % low", "per mille"),
        ("indicated_rate_high", "指示纯费率90%区间上限", "Indicated pure rate, 90 % high", "per mille"),
        ("gross_rate", "指示费率", "Indicated rate", "per mille"),
        ("gross_rate_per_mu", "指示每亩保费", "Indicated premium per mu", "CNY/mu"),
        ("current_rate", "现行费率", "Current rate", "per mille"),
        ("current_rate_per_mu", "现行每亩保费", "Current premium per mu", "CNY/mu"),
        ("indicated_change", "指示调整幅度", "Indicated change", "%"),
        ("indicated_change_low", "指示调整幅度90%区间下限", "Indicated change, 90 % low", "%"),
        ("indicated_change_high", "指示调整幅度90%区间上限", "Indicated change, 90 % high", "%"),
        ("max_change", "调整幅度上限", "Cap on the change", "%"),
        ("proposed_change", "建议调整幅度", "Proposed change", "%"),
        ("proposed_rate", "建议费率", "Proposed rate", "per mille"),
        ("proposed_rate_per_mu", "建议每亩保费", "Proposed premium per mu", "CNY/mu"),
    )
)
"""Columns in the order of a filing: who and when, experience, comparison, adjustment, credibility, rate."""

HEADING: Final[Mapping[str, Heading]] = {heading.name: heading for heading in HEADINGS}
"""The same by name."""

_OF_YEAR = (
    "insured_area",
    "sum_insured",
    "premium",
    "on_level_premium",
    "terms_factor",
    "loss_ratio",
    "on_level_loss_ratio",
)
"""Variables without perils: they stand in the rows of the total."""

_SUMMED = ("insured_area", "sum_insured", "premium", "on_level_premium", "paid", "outstanding")

_OF_RATE = (
    "current_rate",
    "current_rate_per_mu",
    *(f"indicated_change{end}" for end in ENDS),
    "max_change",
    "proposed_change",
    "proposed_rate",
    "proposed_rate_per_mu",
)

Value = str | float
Row = Mapping[str, Value]


@dataclass(frozen=True)
class FilingTable:
    """The rows of a filing: each year by peril, then the review period by peril with credibility and rates.

    Parameters
    ----------
    years, period : tuple of mapping of str to value
        Rows by the names of :data:`HEADINGS`; ``peril`` is the kind. What a row does not bear is left out; NaN: not
        known.
    """

    years: tuple[Row, ...]
    period: tuple[Row, ...]

    def to_frame(self, language: Language | None = None) -> pd.DataFrame:
        """Return all rows as a ``pandas.DataFrame`` for a CSV file, with the headings of one language or both.

        Parameters
        ----------
        language : {"zh", "en"}, optional
            Empty: both, the Chinese heading first.
        """
        import pandas as pd

        languages: tuple[Language, ...] = ("zh", "en") if language is None else (language,)
        heads = []
        for heading in HEADINGS:
            heads.append(" ".join(heading.headed(each) for each in languages))
        body = []
        for row in (*self.years, *self.period):
            named = " ".join(peril_name(str(row["peril"]), each) for each in languages)
            body.append([named if h.name == "peril" else row.get(h.name, np.nan) for h in HEADINGS])
        return pd.DataFrame(body, columns=heads)


def filing_table(review: RateReview) -> FilingTable:
    """Return the table of a review.

    Parameters
    ----------
    review : RateReview
        Its groups.
    """
    years, perils = review.years, review.perils["peril"].values.astype(str).tolist()
    by_year = [
        _row(years.isel(year=i, peril=j), str(year), peril)
        for i, year in enumerate(years["year"].values.tolist())
        for j, peril in enumerate(perils)
    ]
    last = review.windows.isel(window=-1)
    label = str(review.indication["review"].values[0])
    held = years.sel(year=slice(int(last["first_year"]), int(last["last_year"])))
    sums = held[list(_SUMMED)].sum("year", skipna=False)
    whole = xr.merge([last.drop_vars(list(_SUMMED), errors="ignore"), sums], compat="override", join="outer")
    period = []
    for j, peril in enumerate(perils):
        row = _row(whole.isel(peril=j), label, peril)
        rates = review.perils.isel(peril=j)
        row |= {h.name: float(rates[h.name]) for h in HEADINGS if h.name in rates.data_vars}
        if peril == ALL:
            row |= {name: float(review.indication[name].values[0]) for name in _OF_RATE}
        period.append(row)
    return FilingTable(tuple(by_year), tuple(period))


def peril_name(peril: str, language: Language) -> str:
    """Return what a table calls a peril.

    Parameters
    ----------
    peril : str
        Its kind, ``all`` or ``unknown``.
    language : {"zh", "en"}
        Chinese or English.
    """
    words = PERIL_NAMES if language == "zh" else {UNKNOWN: "peril not recorded", **PERIL_WORDS}
    return words.get(peril, peril.replace("_", " "))


def _row(one: xr.Dataset, label: str, peril: str) -> dict[str, Value]:
    row: dict[str, Value] = {"period": label, "peril": peril}
    for heading in HEADINGS[2:]:
        if heading.name in one.data_vars and (peril == ALL or heading.name not in _OF_YEAR):
            row[heading.name] = float(one[heading.name])
    row["incurred"] = float(row["paid"]) + float(row["outstanding"])
    return row
