# SPDX-License-Identifier: Apache-2.0
"""The first screen of the wetland page: premium and rates, bad years, perils, why services are not the sum insured."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from greenrisk.report.pages import forest_answer
from greenrisk.report.pages.forest_answer import Headline, headline
from greenrisk.report.pages.index_answer import paid_metric, series_notices, with_series
from greenrisk.report.pages.index_words import numbers
from greenrisk.report.pages.wetland_cover_sections import MU_PER_HA, insured
from greenrisk.report.pages.wetland_words import version_words
from greenrisk.report.pages.zone_words import group
from greenrisk.report.reading import Metric, Metrics
from greenrisk.report.wording import CHARGED_DIGITS, money, percent, significant, whole

SITES: Final = "sites"
"""Part of the premium that is the cover of the sites."""


def facts(tree: xr.DataTree) -> str:
    """Return one line: which year, which sites, how many years were simulated."""
    sites = group(tree, "sites")
    told = ""
    if sites is not None:
        area, limit = insured(sites)
        told = f"{sites.sizes['site']} sites, {significant(area)} ha insured with limits of {money(limit)}. "
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


def headlines(tree: xr.DataTree, metrics: Metrics) -> list[Headline]:
    """Return the gross premium of all covers, its rates per area and per limit, and the pure premium."""
    gross, pure = metrics["gross_premium"], metrics["pure_premium"]
    found = [headline("Gross premium a year, all covers", gross, money(gross.value, CHARGED_DIGITS))]
    sites = group(tree, "sites")
    area, limit = insured(sites) if sites is not None else (0.0, 0.0)
    if area > 0 and limit > 0:
        for key, name, base, unit in (
            ("rate_per_mu", "Per mu of insured wetland (1 ha = 15 mu)", MU_PER_HA * area, "CNY per mu"),
            ("rate_per_mille", "Per mille of the limits of the sites", limit / 1000.0, "per mille"),
        ):
            own = metrics.find(key, part=SITES)
            rate = over(gross, base) if own is None else own
            whose = "all covers" if own is None else "cover of the sites alone"
            found.append(
                headline(f"{name}, {whose}", rate, f"{significant(rate.value, CHARGED_DIGITS)} {unit}")
            )
    found.append(headline("Pure premium a year: expected payments", pure, money(pure.value, CHARGED_DIGITS)))
    return found


def over(metric: Metric, base: float) -> Metric:
    """Return a figure with both its errors over an area or a limit, which is known."""
    value, error, low, high = (
        x / base for x in (metric.value, metric.standard_error, metric.low, metric.high)
    )
    return replace(metric, unit="", value=value, standard_error=error, low=low, high=high)


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
    times = f", {significant(value / worth, 2)} times as much" if currency == "CNY" and worth > 0 else ""
    return (
        f"{said} A published table ({version_words(services)}, values of {services.attrs.get('year', '')}) "
        f"puts a year of their services at {each}{times}: context, because that flow belongs to everyone, comes "
        "back every year, and cannot be paid once."
    )


def uncovered_sentence(metrics: Metrics) -> str:
    """Say what part of the loss of the sites the cover does not pay; empty where that was not computed."""
    part = metrics.find("uncovered_share")
    loss = metrics.find("average_annual_loss", layer="ground_up")
    if part is None or loss is None:
        return ""
    left = percent(part.value)
    return f"Damage costs {money(loss.value)} a year before the terms; {left} of it stays with the owners."


def bad_years_sentence(tree: xr.DataTree, metrics: Metrics) -> str:
    """Return what a bad year is beside the premium."""
    rare = paid_metric(metrics, "aggregate_exceedance", return_period=100)
    premium = group(tree, "premium")
    own = premium is not None and SITES in premium["segment"].values
    gross = metrics["gross_premium"].value
    if premium is not None and own:
        gross = float(premium["amount"].sel(row="gross_premium", segment=SITES))
    if rare is None or not gross > 0:
        return "What a bad year costs"
    if rare.value <= 0:
        return "Nothing is paid even in a year of 1 in 100\u00a0years"
    of = "the gross premium of their own cover" if own else "gross premium of all covers"
    return f"A 1 in 100\u00a0years payment for the sites takes {significant(rare.value / gross, 2)} years of {of}"
