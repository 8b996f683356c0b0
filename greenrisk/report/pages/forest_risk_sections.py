# SPDX-License-Identifier: Apache-2.0
"""Sections on risk: named events, pooling, reinsurance, the catastrophe reserve."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from greenrisk.report.charts.terms import named_events_chart
from greenrisk.report.pages.section import Part, Section, Shown, dataset_table, last_first, spread
from greenrisk.report.wording import lower_first, money, percent, whole

Groups = Mapping[str, xr.Dataset]

DEPENDENCES = {
    "simulated": "as simulated",
    "counties_independent": "counties independent",
    "perils_comonotone": "worst years of all perils together",
}
RULES = {
    "premium_rate": "Put aside from premium, share of it",
    "full_at": "Full at, yearly premiums",
    "profit_share": "Put aside from excess profit, share of it",
    "normal_margin": "Margin above which profit is excess",
    "profit_loss_ratio": "Loss ratio from which no profit is put aside",
    "trigger": "Loss ratio above which the reserve pays",
    "interest": "Yearly return on the reserve",
}


def named_events_section(groups: Groups) -> Section:
    """Return what named events would cost."""
    data = groups[""].drop_vars("site_loss", errors="ignore")
    chart = named_events_chart(data)
    table = dataset_table(
        data,
        "event",
        [
            Shown("title", "Event", "words"),
            Shown("date", "Date", "words"),
            Shown("peril", "Peril", "peril"),
            Shown("gross", "Paid by the policy"),
            Shown("gross_low", "Runs of the same event, 90 %", high="gross_high"),
            Shown("gross_knowledge_low", "Knowledge, 90 %", high="gross_knowledge_high"),
            Shown("return_period_gross", "As much or more once in", "years", unit="years"),
            Shown(
                "return_period_gross_low",
                "the same, 90 %",
                "years",
                high="return_period_gross_high",
                unit="years",
            ),
        ],
        "Named events",
    )
    struck = dataset_table(
        data,
        "event",
        [
            Shown("title", "Event", "words"),
            Shown("stands_hit", "Stands hit", "count"),
            Shown("ground_up", "Damage to insured stands"),
            Shown("paid_area", "Paid area", "count", unit="mu"),
            Shown("gross", "Paid by the policy"),
            Shown("net", "Kept by the insurer"),
        ],
        "From damage to what the insurer keeps",
    )
    reached = int(np.isfinite(data["return_period_gross"].values).sum())
    count = data.sizes["event"]
    sentence = (
        f"{count} events are run as if they came this year; {reached if reached < count else 'all'} of them "
        f"{'costs' if reached == 1 else 'cost'} no more than the largest simulated event."
    )
    told = [str(source) for source in data["source"].values] if "source" in data.variables else []
    titles = [str(title) for title in data["title"].values]
    sources = tuple(
        f"{title}: {lower_first(source)}" for title, source in zip(titles, told, strict=False) if source
    )
    note = (
        "Each event is run through the same road as the simulated ones: same damage, same terms. A return period says "
        "how often a year's largest event costs as much; the named event itself has none."
    )
    return Section(
        "named-events",
        "Named events",
        sentence,
        (
            Part("", chart=chart),
            Part("What each would cost", table, note),
            Part("What each would hit, and who pays", struck),
        ),
        sources,
    )


def pool_section(groups: Groups) -> Section:
    """Return what it is worth to insure counties and perils together."""
    benefit, curve = groups["benefit"], groups["curve"]
    flat = spread(spread(benefit, "benefit", "split", str), "benefit_share", "split", str)
    flat = flat.assign_coords(
        dependence=[
            DEPENDENCES.get(str(name), str(name).replace("_", " ")) for name in flat["dependence"].values
        ]
    )
    saved = {
        str(s): float(benefit["benefit_share"].sel(split=s, dependence="simulated"))
        for s in benefit["split"].values
    }
    level = float(benefit.attrs["tail_level"])
    counties, perils = (percent(saved.get(split, float("nan"))) for split in ("county", "peril"))
    sentence = (
        f"In the worst 1 in {whole(1 / (1 - level))} years one pool needs {counties} less than its counties would one "
        f"by one, and {perils} less than its perils would."
    )
    parts = [
        Part(
            "What is saved, and on which dependence that rests",
            dataset_table(
                flat,
                "dependence",
                [
                    Shown("dependence", "Dependence", "words"),
                    Shown("pooled", "All together ± simulation", error="standard_error"),
                    Shown("benefit_county", "Saved over counties alone"),
                    Shown("benefit_share_county", "Share", "share"),
                    Shown("benefit_peril", "Saved over perils alone"),
                    Shown("benefit_share_peril", "Share", "share"),
                ],
                "Benefit of the pool",
            ),
            "Independence is shown, never assumed: the first row is the study's.",
        ),
        Part(
            "How the risk of a mu falls with the number of counties pooled",
            dataset_table(
                curve,
                "counties",
                [
                    Shown("counties", "Counties", "words"),
                    Shown("standard_deviation", "Standard deviation of a year"),
                    Shown(
                        "standard_deviation_low",
                        "over the choices of counties",
                        high="standard_deviation_high",
                    ),
                    Shown("independent", "if counties were independent"),
                    Shown("tail_excess", "Worst years above the mean"),
                    Shown("subsets", "Choices", "count"),
                ],
                "Risk per insured mu by number of counties",
            ),
        ),
    ]
    if "correlation" in groups and "mean_spearman" in groups["correlation"]:
        shared = last_first(groups["correlation"], "peril")
        parts.append(
            Part(
                "How counties share their bad years, by peril",
                dataset_table(
                    shared,
                    "peril",
                    [
                        Shown("peril", "Peril", "peril"),
                        Shown("mean_spearman", "Rank correlation, mean of all pairs"),
                        Shown("mean_pearson", "Correlation, mean of all pairs"),
                    ],
                    "Correlation of counties",
                    totals=1,
                ),
            )
        )
    return Section("pool", "Pooling", sentence, tuple(parts))


def reinsurance_section(groups: Groups) -> Section:
    """Return what the covers take and cost, and what is left after each."""
    data = groups[""]
    taken, cost = (float(data[name].sum()) for name in ("recoveries", "premium"))
    var, tail = (100 * float(data.attrs[name]) for name in ("value_at_risk_level", "tail_level"))
    left = data["tail_value_at_risk"].values.astype(float)
    covers_told = f"{data.sizes['cover']} {'cover' if data.sizes['cover'] == 1 else 'covers'}"
    sentence = (
        f"With {covers_told} reinsurers pay {money(taken)} a year on average for premiums of {money(cost)}, and the "
        f"mean of the worst 1 in {whole(100 / (100 - tail))} years falls from {money(left[0])} to {money(left[-1])}."
    )
    data = data.assign_coords(after=["Before reinsurance", *data["after"].values.astype(str)[1:]])
    covers = dataset_table(
        data,
        "cover",
        [
            Shown("cover", "Cover", "words"),
            Shown("recoveries", "Recoveries ± simulation", error="recoveries_standard_error"),
            Shown("premium", "Premium"),
            Shown("commission", "Commission back"),
            Shown("reinstatement_premium", "Reinstatements"),
            Shown("rate_on_line", "Rate on line", "share"),
            Shown("chance_to_pay", "Pays in", "share", unit="of years"),
            Shown("largest", "Largest recovery of a year"),
            Shown("basis", "Priced by", "words"),
        ],
        "Covers",
    )
    after = dataset_table(
        data,
        "after",
        [
            Shown("after", "After", "words"),
            Shown("mean", "Mean of a year"),
            Shown("value_at_risk", f"VaR {var:g} %"),
            Shown("tail_value_at_risk", f"TVaR {tail:g} %"),
        ],
        "What is left after each cover",
    )
    return Section(
        "reinsurance",
        "Reinsurance",
        sentence,
        (Part("What each cover takes and costs", covers), Part("What is left after each cover", after)),
    )


def reserve_section(groups: Groups) -> Section:
    """Return the paths of the catastrophe reserve and the chance of ruin."""
    data = groups[""]
    last = int(data["year"].values[-1])
    ruin, low, high = (float(data[name].values[-1]) for name in ("ruin_probability", "low", "high"))
    middle = data["reserve"].sel(quantile=0.5, method="nearest").values
    sentence = (
        f"After {last} years the reserve stands at {money(float(middle[-1]))} in the middle path; capital and reserve "
        f"are used up before in {percent(ruin)} of paths (90 %: {percent(low)} to {percent(high)}, simulation alone)."
    )
    flat = spread(data, "reserve", "quantile", lambda q: f"{100 * float(str(q)):.0f}")
    step = max(1, last // 10)
    shown = flat.isel(year=slice(0, None, step)) if last > 12 else flat
    table = dataset_table(
        shown,
        "year",
        [
            Shown("year", "After year", "words"),
            Shown("reserve_5", "Reserve, 1 path in 20 below"),
            Shown("reserve_50", "Reserve, middle path"),
            Shown("reserve_95", "Reserve, 1 path in 20 above"),
            Shown("contribution", "Put aside, mean"),
            Shown("drawdown", "Taken out, mean"),
            Shown("chance_of_drawdown", "Paths that take out", "share"),
            Shown("ruin_probability", "Ruined by then", "share"),
        ],
        "Catastrophe reserve by year",
    )
    paths = float(data.attrs.get("paths", float("nan")))
    reserve, capital = (float(data.attrs.get(name, 0.0)) for name in ("initial_reserve", "capital"))
    note = (
        f"{whole(paths)} paths drawn from the simulated years, from a reserve of {money(reserve)} and a capital of "
        f"{money(capital)}."
    )
    parts = [Part("The reserve year by year", table, note)]
    if "rules" in groups:
        rules = groups["rules"]
        rules = rules.assign_coords(
            rule=[RULES.get(str(r), str(r).replace("_", " ")) for r in rules["rule"].values]
        )
        parts.append(
            Part(
                "What the rules' ranges do to the chance of ruin",
                dataset_table(
                    rules,
                    "rule",
                    [
                        Shown("rule", "Rule", "words"),
                        Shown("status", "Status", "status"),
                        Shown("value", "Value", unit="as given"),
                        Shown("low", "Range", high="high", unit="as given"),
                        Shown("ruin_at_low", "Ruin at its low end", "share"),
                        Shown("ruin_at_high", "at its high end", "share"),
                    ],
                    "Rules of the reserve",
                ),
            )
        )
    return Section("catastrophe-reserve", "Catastrophe reserve", sentence, tuple(parts))
