# SPDX-License-Identifier: Apache-2.0
"""The first screen of the wetland page: premium and rates, bad years, perils, why services are not the sum insured."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from greenrisk.report.pages import forest_answer
from greenrisk.report.pages.forest_answer import Headline, headline
from greenrisk.report.pages.index_answer import paid_metric, series_notices, share_headline, with_series
from greenrisk.report.pages.index_words import numbers
from greenrisk.report.pages.zone_words import group
from greenrisk.report.reading import Metrics
from greenrisk.report.wording import CHARGED_DIGITS, money, percent, significant, whole

RATES: Final = (
    ("rate_per_mu", "Rate per mu of insured wetland (1 ha = 15 mu)", "CNY per mu"),
    ("rate_per_ha", "Rate per hectare of insured wetland", "CNY per ha"),
    ("rate_per_mille", "Rate per mille of the limits", "per mille"),
    ("rate_per_mille_of_limit", "Rate per mille of the limits", "per mille"),
)
"""Metric of a rate, its words and its unit."""


def facts(tree: xr.DataTree) -> str:
    """Return one line: which year, which sites, how many years were simulated."""
    sites = group(tree, "sites")
    told = ""
    if sites is not None:
        area, limit = numbers(sites, "area"), numbers(sites, "limit")
        insured = limit > 0
        told = (
            f"{sites.sizes['site']} sites, {significant(float(area[insured].sum()))} ha insured with limits of "
            f"{money(float(limit.sum()))}. "
        )
    return (
        f"Underwriting year {tree.attrs['underwriting_year']}, prices of {tree.attrs['price_year']}. {told}"
        f"{whole(float(tree.attrs['years']))} simulated years."
    )


def notices(tree: xr.DataTree, ledger: pd.DataFrame) -> list[dict[str, str]]:
    """Return what a reader must know before the first number, each with the place that tells more."""
    found = []
    if int(tree.attrs.get("synthetic_sites", 0)):
        found.append(
            {
                "text": f"The sites are invented: {tree.attrs.get('sites_file', 'the table of sites')} is synthetic. "
                "Names, places, limits and premiums show what the method does, not what any real wetland is worth.",
                "href": "#sites",
            }
        )
    link = group(tree, "link")
    if link is not None:
        found.append(
            {
                "text": "How the index and the loss of the sites move together is declared by a judged card, not "
                "measured: no figure of basis risk here is evidence.",
                "href": "#link",
            }
        )
    return [*found, *series_notices(tree), *forest_answer.notices(tree, with_series(tree, ledger))]


def headlines(metrics: Metrics) -> list[Headline]:
    """Return the gross premium, its rates per area and per limit, and the pure premium."""
    gross = metrics["gross_premium"]
    found = [headline("Gross premium a year, all covers", gross, money(gross.value, CHARGED_DIGITS))]
    for name, words, unit in RATES:
        rate = metrics.find(name)
        if rate is not None:
            found.append(headline(words, rate, f"{significant(rate.value, CHARGED_DIGITS)} {unit}"))
    line = metrics.find("rate_on_line")
    if line is not None:
        found.append(share_headline("Rate on line: gross premium over the most that a year can pay", line))
    pure = metrics.find("pure_premium")
    if pure is not None:
        found.append(
            headline("Pure premium a year: expected payments", pure, money(pure.value, CHARGED_DIGITS))
        )
    return found


def services_sentence(tree: xr.DataTree) -> str:
    """Say why the value of services is not the sum insured, with the run's own numbers; empty without them."""
    sites, services = group(tree, "sites"), group(tree, "service_values")
    if sites is None:
        return ""
    worth = float(np.nansum(numbers(sites, "insurable")))
    said = (
        f"Insured is what it costs to bring the sites back, with the services lost meanwhile, up to their limits: "
        f"{money(worth)}."
    )
    if services is None:
        return said
    currency, value = str(services.attrs.get("currency", "")), float(np.nansum(numbers(services, "value")))
    each = money(value) if currency == "CNY" else f"{currency} {significant(value / 1e6)} million"
    return (
        f"{said} A table of {services.attrs.get('version', 'service values')} puts a year of their services at {each}: "
        "context, because that flow belongs to everyone, comes back every year, and cannot be paid once."
    )


def uncovered_sentence(metrics: Metrics) -> str:
    """Say what part of the loss of the sites the cover does not pay; empty where that was not computed."""
    part = metrics.find("uncovered_share")
    loss = metrics.find("average_annual_loss", layer="ground_up")
    if part is None or loss is None:
        return ""
    left = percent(part.value)
    return f"Damage costs {money(loss.value)} a year before the terms; {left} of it stays with the owners."


def bad_years_sentence(metrics: Metrics) -> str:
    """Return what a bad year is beside the premium."""
    rare = paid_metric(metrics, "aggregate_exceedance", return_period=100)
    gross = metrics["gross_premium"].value
    if rare is None or not gross > 0:
        return "What a bad year costs"
    if rare.value <= 0:
        return "Nothing is paid even in a year of 1 in 100\u00a0years"
    return f"A 1 in 100\u00a0years loss of the sites takes {significant(rare.value / gross, 2)} years of gross premium"
