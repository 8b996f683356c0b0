# SPDX-License-Identifier: Apache-2.0
"""The sentences of the rate review, in Chinese and in English; both say the same."""

from __future__ import annotations

import math

from greenrisk.report.wording import (
    CHARGED_DIGITS,
    MINUS,
    MISSING,
    NO_BREAK,
    as_printed,
    lower_first,
    significant,
)
from greenrisk.resource.filing_table import Language
from greenrisk.resource.review_results import RateReview


def facts(review: RateReview, language: Language, invented: str = "") -> str:
    """Return what was reviewed.

    Parameters
    ----------
    review : RateReview
        The review.
    language : {"zh", "en"}
        Chinese or English.
    invented : str
        Name of the table of years where it is synthetic.
    """
    years = review.years["year"].values
    label, rate = str(review.indication["review"].values[0]), _first(review, "current_rate")
    held, shown = int(review.indication.attrs["years_in_force"]), significant(rate, CHARGED_DIGITS)
    if language == "zh":
        return f"数据年度{years[0]}-{years[-1]}；回溯期{label}；现行费率{shown}‰；新费率拟执行{held}年。" + (
            f"经验数据{invented}为虚构示例，不代表真实业务，不得用于报备。" if invented else ""
        )
    return (
        f"Data {years[0]}-{years[-1]}; reviewed {label}; current rate {shown} per mille; the new rate is to hold "
        f"{held} {'year' if held == 1 else 'years'}."
    ) + (
        f" The years of {invented} are synthetic: they show the method and are nothing to file."
        if invented
        else ""
    )


def answer(review: RateReview, language: Language) -> str:
    """Return what follows from the review, in one paragraph.

    Parameters
    ----------
    review : RateReview
        The review.
    language : {"zh", "en"}
        Chinese or English.
    """
    last, all_perils = review.windows.isel(window=-1, peril=0), review.perils.isel(peril=0)
    own = significant(float(last["actual_to_expected"]))
    adjusted = significant(float(last["adjusted_to_expected"]))
    factor = significant(float(all_perils["credibility"]), 2)
    change, low, high = (
        _signed(_first(review, f"indicated_change{end}"), language) for end in ("", "_low", "_high")
    )
    proposed, cap = (
        _signed(_first(review, "proposed_change"), language),
        share_text(_first(review, "max_change"), language),
    )
    capped = bool(review.indication.attrs["capped"])
    if language == "zh":
        method = {"greatest_accuracy": "最大精度法", "limited_fluctuation": "有限波动法"}[_method(review)]
        text = (
            f"回溯期内实际赔款为预期赔款的{own}倍，按趋势与条款调整后为{adjusted}倍；经验数据的可信度为{factor}"
            f"（{method}）。指示调整幅度为{change}（90%区间：{low}至{high}）"
        )
        end = f"，超出调整幅度上限{cap}，建议调整{proposed}。" if capped else f"，建议调整{proposed}。"
        return text + end
    method = _method(review).replace("_", " ")
    text = (
        f"Losses of the period were {own} times what was expected, {adjusted} times after adjustment for trend and "
        f"terms; the experience has a credibility of {factor} ({method}). The indicated change is {change} (90 % "
        f"interval {low} to {high})"
    )
    return text + (
        f", beyond the cap of {cap}; {proposed} is proposed." if capped else f"; {proposed} is proposed."
    )


def notes(review: RateReview, language: Language) -> tuple[str, ...]:
    """Return how the tables are to be read.

    Parameters
    ----------
    review : RateReview
        The review.
    language : {"zh", "en"}
        Chinese or English.
    """
    if language == "zh":
        return (
            _trend_zh(review),
            "末行为回溯期各年之和；合计的趋势单独拟合，各灾因调整后赔款之和可能不等于合计。已发生赔款＝已决赔款＋未决赔款；最终赔款另含未报告赔案及后续发展。预期赔款按各年保险金额由模型计算。"
            "90%区间为模型年度赔款的5%与95%分位数；“含参数不确定性”另计模型参数的取值范围，不含赔款发展的误差。",
            "指示纯费率＝预期纯费率×（可信度×调整后实际/预期＋1－可信度）×执行期趋势系数；分灾因结果按合计平衡后"
            "计入指示费率。有限波动法以回溯期为单位，最大精度法以模型参数不确定性为先验方差，水平高低视为灾害发生频率的高低。"
            "预期纯费率与风险附加取自同一模型分布（经验更新之前），故不等于本报告首页按经验更新后的毛费率。",
        )
    return (
        f"Trend, all perils: {as_printed(lower_first(str(review.perils['trend_note'].values[0])))}",
        "The last row is the sum of the period; all perils together have a trend of their own, so that adjusted losses "
        "by peril need not add up. Reported losses are paid and outstanding ones; ultimate losses hold what is still "
        "to come. Expected losses are the model's for the sum insured of each year. The intervals are "
        "the 5 % and 95 % quantiles of the model's payments; with knowledge: the cards' parameters drawn over their "
        "ranges too. Errors of development are in neither.",
        "Indicated pure rate = expected pure rate × (credibility × adjusted / expected + 1 − credibility) × trend to "
        "the middle of the years in force; perils are balanced to the total before the rate is loaded. Limited "
        "fluctuation counts review periods; greatest accuracy takes the ranges of the cards as its prior variance, a "
        "level as one of how often perils strike. Expected rate and risk load are of one law, that of the cards before "
        "own years moved them: not the gross rate on the first page.",
    )


def share_text(share: float, language: Language) -> str:
    """Return a share as a percentage with one decimal, as rates are filed; in Chinese no space before the sign.

    Parameters
    ----------
    share : float
        [unitless]
    language : {"zh", "en"}
        Chinese or English.
    """
    if not math.isfinite(share):
        return MISSING
    return f"{100.0 * share:,.1f}{'' if language == 'zh' else NO_BREAK}%".replace("-", MINUS)


def _trend_zh(review: RateReview) -> str:
    """The note on the trend of all perils, from its numbers."""
    row = review.perils.isel(peril=0)
    trend, low, high = (float(row[name]) for name in ("trend", "trend_low", "trend_high"))
    applied = bool(row["trend_applied"])
    if math.isnan(trend):
        return "趋势：未作趋势调整。"
    if math.isnan(low):
        return f"趋势：按给定的年变化率{_signed(trend, 'zh')}调整。"
    fitted = f"拟合的年变化率为{_signed(trend, 'zh')}（90%区间：{_signed(low, 'zh')}至{_signed(high, 'zh')}）"
    if low > 0.0 or high < 0.0:
        return f"趋势：{fitted}，统计显著，已采用。"
    return f"趋势：{fitted}，统计不显著，{'按要求采用' if applied else '未采用'}。"


def _first(review: RateReview, name: str) -> float:
    return float(review.indication[name].values[0])


def _method(review: RateReview) -> str:
    return str(review.perils.attrs["credibility"])


def _signed(share: float, language: Language) -> str:
    text = share_text(share, language)
    return f"+{text}" if share > 0.0 else text
