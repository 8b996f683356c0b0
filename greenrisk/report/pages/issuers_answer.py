# SPDX-License-Identifier: Apache-2.0
"""The first screen of the issuer page: what the debt loses by scenario, who breaks, by which channel, how sure."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from greenrisk.core.knowledge import STATUSES
from greenrisk.report.charts.issuer_look import chance, chance_cell, rate
from greenrisk.report.charts.issuer_tornado import Swing
from greenrisk.report.pages import forest_answer
from greenrisk.report.pages.forest_answer import STATUS_WORDS, Headline
from greenrisk.report.pages.issuers_channel_section import channel_titles, summed
from greenrisk.report.pages.issuers_credit_sections import broken
from greenrisk.report.pages.issuers_figures import between
from greenrisk.report.pages.issuers_lens_section import compared, worst_scenario
from greenrisk.report.pages.issuers_portfolio_sections import tornado_swings
from greenrisk.report.pages.issuers_view import View
from greenrisk.report.reading import Metric
from greenrisk.report.table import Cell, Column, Table, table, words
from greenrisk.report.wording import (
    as_given,
    first_sentence,
    listed,
    percent,
    significant,
    unit_words,
)

TOP: Final = 3
"""Parameters and issuers that the first screen names."""

WEAK: Final = ("unconfirmed", "illustrative")


def facts(view: View) -> str:
    """Return one line: which statements, years, prices and draws."""
    a = view.tree.attrs
    return (
        f"{a['issuers']} issuers, statements of {a['base_year']}; {a['first_year']} to {a['last_year']}, "
        f"{len(view.scenarios)} scenarios against {view.label(view.baseline, True)}; money in millions of "
        f"{view.currency}, prices of {a['price_year']}; {a['knowledge_draws']} draws of what is not known."
    )


def notices(view: View, ledger: pd.DataFrame) -> list[dict[str, str]]:
    """Return what a reader must know before the first number, each with the place that tells more."""
    found = []
    if int(view.tree.attrs.get("synthetic_issuers", 0)):
        found.append(
            {
                "text": "The issuers are invented: names, statements, emissions and sites are synthetic tables. They "
                "show what the method does, not what any real company is.",
                "href": "#inputs",
            }
        )
    paths = view.group("pathways")
    if paths is not None and "status" in paths:
        status = paths["status"].values.astype(str)
        told = [
            f"{name} of {listed(view.label(str(s), inside=True) for s in paths['scenario'].values[status == name])}"
            for name in WEAK
            if (status == name).any()
        ]
        if told:
            text = f"Paths of scenarios, or their conversion to {view.currency}, that nobody has confirmed: "
            found.append({"text": f"{text}{'; '.join(told)}.", "href": "#pathways"})
    gone = view.metrics.find("issuers_without_probability")
    if gone is not None and gone.value > 0:
        found.append(
            {
                "text": f"{gone.value:.0f} of {view.tree.attrs['issuers']} issuers have no default probability in "
                "every scenario: they are in no sum of losses, which is not the same as safe.",
                "href": "#lenses",
            }
        )
    return [*found, *forest_answer.notices(view.tree, ledger)]


def headlines(view: View) -> list[Headline]:
    """Return the expected loss over debt by scenario, all on one gauge."""
    found = [(s, view.metric("expected_loss_rate", s)) for s in view.scenarios]
    known = [(s, m) for s, m in found if m is not None and np.isfinite(m.value)]
    if not known:
        return []
    top = 1.04 * max(float(np.nanmax([m.value, m.high])) for _, m in known) or 1.0
    return [_headline(view, s, m, top) for s, m in known]


def _headline(view: View, scenario: str, metric: Metric, top: float) -> Headline:
    def part(low: float, high: float) -> tuple[str, str]:
        if not (np.isfinite(low) and np.isfinite(high)):
            return "0", "0"
        left = max(0.0, 100 * low / top)
        return f"{left:.2f}", f"{max(0.0, 100 * high / top - left):.2f}"

    debt = portfolio_debt(view)
    amount = f" ({view.amount(metric.value * debt)})" if np.isfinite(debt) else ""
    error = metric.standard_error
    known = np.isfinite(error)
    return Headline(
        f"{view.label(scenario)}: expected loss by the end of {view.year}, over the debt",
        f"{rate(metric.value)}{amount}",
        f"\u00b1 {percent(error)}" if known else "",
        between(metric),
        part(metric.low, metric.high),
        part(metric.value - error, metric.value + error) if known else part(metric.value, metric.value),
    )


def portfolio_debt(view: View) -> float:
    """Return the debt of all issuers in the sums of losses [million]; NaN where there is none."""
    data = view.group("portfolio")
    return float(data.attrs["debt"]) if data is not None else float("nan")


def error_sentence(view: View) -> str:
    """Say which figures are simulated and which have no simulation error."""
    found = view.metric("expected_loss_rate", view.baseline)
    tail = view.metric("portfolio_value_at_risk", view.baseline)
    told = (
        "No simulation error: closed form. "
        if found is not None and not np.isfinite(found.standard_error)
        else ""
    )
    if tail is not None and np.isfinite(tail.standard_error):
        told += "Only the loss of a bad year is simulated, and has one. "
    draws = int(view.tree.attrs["knowledge_draws"])
    return told + (
        f"Knowledge interval (wide band, 90\u00a0%): what the ranges of all parameters do, {draws} draws, the same "
        "draws in all scenarios; more years do not shrink it."
        if draws
        else "No draws of what is not known were asked for, so that no knowledge interval is told."
    )


def answer_sentence(view: View) -> str:
    """Return the answer in words: what the debt loses in the calmest reading and in the worst one."""
    worst = worst_scenario(view)
    base, hit = (view.metric("expected_loss_rate", s) for s in (view.baseline, worst))
    issuers = view.tree.attrs["issuers"]
    if base is None or hit is None or not np.isfinite([base.value, hit.value]).all():
        return f"No default probability can be told of the {issuers} issuers"
    debt = view.amount(portfolio_debt(view))
    if worst == view.baseline:
        return (
            f"By the end of {view.year} the debt of {debt} is expected to lose most under "
            f"{view.label(worst, True)}: {rate(hit.value)}"
        )
    times = f", {significant(hit.value / base.value, 2)} times as much" if base.value > 0 else ""
    return (
        f"By the end of {view.year} the debt of {debt} is expected to lose {rate(base.value)} under "
        f"{view.label(view.baseline, True)} and {rate(hit.value)} under {view.label(worst, True)}, the worst of "
        f"{len(view.scenarios)} scenarios{times}"
    )


def breaks_table(view: View) -> Table | None:
    """Return by scenario who breaks and through which channel, for the first screen."""
    if view.at("pd", "annual_probability") is None:
        return None
    found = broken(view)
    rows: list[list[Cell]] = []
    for scenario in view.scenarios:
        falls, worse = found[scenario]
        names = ", ".join(falls[:TOP]) + (f" and {len(falls) - TOP} more" if len(falls) > TOP else "")
        rows.append(
            [
                Cell(view.label(scenario), note=names),
                Cell(str(len(falls)), float(len(falls))),
                Cell("\u2013" if scenario == view.baseline else str(len(worse)), float(len(worse))),
                words(main_channel(view, scenario) or "\u2013"),
            ]
        )
    heads = [
        Column("Scenario", number=False),
        Column("Break"),
        Column("Weaker", "else"),
        Column("Most loss through", number=False),
    ]
    return table(f"Who breaks in {view.year}", heads, rows, heard=True)


def main_channel(view: View, scenario: str) -> str:
    """Return the channel that adds most expected loss as the last one, with what it adds; empty where none does."""
    data = summed(view)
    if data is None or view.year not in data["year"].values or "expected_loss" not in data["measure"].values:
        return ""
    last = data["last_in"].sel(measure="expected_loss", scenario=scenario, year=view.year)
    at = int(np.argmax(last.values))
    value = float(last.values[at])
    return f"{channel_titles(view)[at]}" if value > 0 else ""


def judged(view: View) -> tuple[str, list[dict[str, str]]]:
    """Return how much of what is not known comes from judged cards, in words and as shares by status."""
    data = view.tornado
    if data is None:
        return "", []
    variance = np.nan_to_num(data["variance"].values.astype(float))
    status = data["status"].values.astype(str)
    total = float(variance.sum())
    if not total > 0:
        return "", []
    parts = {name: float(variance[status == name].sum() / total) for name in STATUSES}
    weak = sum(parts.get(name, 0.0) for name in WEAK)
    label = view.label(str(data.attrs.get("quantity", "")).partition(":")[2] or view.baseline, True)
    sentence = (
        f"{'All' if weak > 1 - 1e-9 else percent(weak)} of what is not known of the expected loss under {label} comes "
        "from illustrative or unconfirmed cards (each parameter moved alone over its range)"
    )
    shown = [
        {
            "status": name,
            "width": f"{100 * part:.2f}",
            "share": percent(part) if part >= 0.01 else "under 1\u00a0%",
            "words": STATUS_WORDS.get(name, name),
        }
        for name, part in parts.items()
        if part > 0
    ]
    return sentence, shown


def brief_swings(view: View) -> tuple[str, Table] | None:
    """Return the three parameters that move the expected loss most, with their heading."""
    data = view.tornado
    if data is None:
        return None
    swings = tornado_swings(data)[:TOP]
    if not swings:
        return None
    label = view.label(str(data.attrs.get("quantity", "")).partition(":")[2] or view.baseline, True)
    rows = [[_brief(swing), _ends(swing)] for swing in swings]
    heads = [
        Column("Parameter and its range", number=False),
        Column("Expected loss over it", f"of the debt by {view.year}"),
    ]
    return (
        f"What would change the expected loss under {label} most",
        table("What would change the expected loss most", heads, rows, heard=True),
    )


def _brief(swing: Swing) -> Cell:
    note = f"{as_given(swing.low)} to {as_given(swing.high)} {unit_words(swing.unit)}".strip()
    return Cell(
        first_sentence(swing.label), href=f"#card-{swing.card}-{swing.name}", status=swing.status, note=note
    )


def _ends(swing: Swing) -> Cell:
    low, high = sorted((swing.at_low, swing.at_high))
    return Cell(swing.nothing or f"{chance(low)} to {chance(high)}", high)


def gaps_sentence(view: View) -> str:
    """Say what was refused, set aside, or covered by another region."""
    refused = int(view.tree.attrs["refused_issuers"])
    given = int(view.tree.attrs["issuers"]) + refused
    told = [f"{refused} of {given} issuers refused" if refused else f"no issuer of {given} refused"]
    findings = view.group("findings")
    aside = int((findings["action"].values.astype(str) == "quarantined").sum()) if findings is not None else 0
    told.append(f"{aside} figures set aside" if aside else "no figure set aside")
    cover = view.group("coverage")
    if cover is not None:
        state = cover["state"].values.astype(str)
        stood = int((state == "fall-back").sum())
        missing = int((state == "missing").sum())
        told.append(
            f"{stood} of {state.size} needs of the pathways read from what stands for them"
            if stood
            else "all needs of the pathways covered"
        )
        if missing:
            told.append(f"{missing} not covered")
    return f"{listed(told)[:1].upper()}{listed(told)[1:]}"


def lens_sentence(view: View) -> str:
    """Say for how many issuers the lenses disagree under the worst scenario; empty without lenses."""
    apart, lenses = view.at("lenses", "apart"), view.group("lenses")
    if apart is None or lenses is None:
        return ""
    seen = compared(lenses.sel(year=view.year))
    if not seen:
        return "No issuer is seen by two lenses: there is nothing to compare"
    worst = worst_scenario(view)
    number = int((apart.sel(scenario=worst).values > 0).sum())
    return (
        f"The lenses disagree on {number} of {seen} issuers under {view.label(worst, True)}"
        if number
        else f"No issuer is judged otherwise by another lens under {view.label(worst, True)}"
    )


def hurt_issuers(view: View) -> tuple[str, Table] | None:
    """Return the issuers whose expected loss rises most under the worst scenario."""
    loss = view.at("spread", "expected_loss")
    risk, grade = view.at("pd", "annual_probability"), view.at("pd", "grade")
    worst = worst_scenario(view)
    if loss is None or risk is None or grade is None or worst == view.baseline:
        return None
    rise = (loss.sel(scenario=worst) - loss.sel(scenario=view.baseline)).values.astype(float)
    order = [k for k in np.argsort(-np.nan_to_num(rise, nan=-np.inf), kind="stable")[:TOP] if rise[k] > 0]
    total = float(np.nansum(rise))
    if not order or not total > 0:
        return None
    rows = []
    for k in order:
        before, after = (str(grade.sel(scenario=s).values[k]) for s in (view.baseline, worst))
        rows.append(
            [
                Cell(
                    view.name(str(loss["issuer"].values[k])),
                    note=f"{before} \u2192 {after}; {percent(float(rise[k]) / total)} of all",
                ),
                Cell(view.amount(float(rise[k])), float(rise[k])),
                chance_cell(float(risk.sel(scenario=worst).values[k])),
            ]
        )
    heads = [
        Column("Issuer", number=False),
        Column("Rise of expected loss"),
        Column("Default", "in twelve months"),
    ]
    heading = f"The issuers whose loss rises most under {view.label(worst, True)}"
    return heading, table(heading, heads, rows, heard=True)
