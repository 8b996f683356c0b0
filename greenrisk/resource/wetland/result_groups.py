# SPDX-License-Identifier: Apache-2.0
"""Groups of the result of a wetland run that are read off sites, simulated years and premium."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.actuarial.measures import mean_and_standard_error, tail_value_at_risk
from greenrisk.actuarial.premium.gross import PremiumBuildUp
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.resource.structure import YearCessions
from greenrisk.resource.wetland.insurable import Insurable
from greenrisk.resource.wetland.knowledge import Knowledge
from greenrisk.resource.wetland.model import Laws, WetlandModel
from greenrisk.resource.wetland.perils.base import Floats
from greenrisk.resource.wetland.perils.listing import PERILS
from greenrisk.resource.wetland.quantities import peril_name
from greenrisk.resource.wetland.site_loss import HEADS, site_loss
from greenrisk.resource.wetland.sites import SITE_CLASSES, Sites
from greenrisk.resource.wetland.wetland_spec import PayerSpec
from greenrisk.resource.wetland.year_part import YearTable

TAIL_LEVEL: Final = 0.99
"""Level of the tail value at risk shown by peril [unitless]."""

MONEY: Final = {"units": "CNY"}
A_YEAR: Final = {"units": "CNY/year"}
COUNT: Final = {"units": "1/year"}


def losses_group(
    table: YearTable, years: YearCessions, parts: Floats, names: Sequence[str], kinds: Sequence[str]
) -> xr.Dataset:
    """Return the group ``/losses``: every simulated year.

    Returns
    -------
    xarray.Dataset
        By ``year``: ``loss`` by ``layer`` (the sites before and after terms, ceded and net; then index and small covers
        and all parts together), ``largest_event`` by ``event_layer``, ``peril_loss`` by ``peril`` [CNY].
    """
    others = [np.ascontiguousarray(parts[:, i]) for i in range(1, len(names))]
    layers = [table.loss[:, 0], table.loss[:, 1], years.ceded, years.net, *others, parts.sum(axis=1)]
    return xr.Dataset(
        {
            "loss": (("year", "layer"), np.stack(layers, axis=1), MONEY),
            "largest_event": (("year", "event_layer"), table.largest, MONEY),
            "peril_loss": (("year", "peril"), table.peril_gross, MONEY),
        },
        coords={
            "year": np.arange(table.years),
            "layer": np.array(["ground_up", "gross", "ceded", "net", *names[1:], "all_parts"]),
            "event_layer": np.array(["ground_up", "gross"]),
            "peril": np.array(kinds),
        },
    )


def premium_group(premium: PremiumBuildUp, payers: Sequence[PayerSpec]) -> dict[str, xr.Dataset]:
    """Return the groups ``/premium`` and, where there are payers, ``/payers``.

    Returns
    -------
    dict of str to xarray.Dataset
        ``/premium`` by ``row`` and ``segment`` (all parts, then each), ``/payers`` by ``payer``: share of the gross
        premium of all parts, and its amount [CNY/year].
    """
    groups = {
        "/premium": xr.Dataset(
            {
                "amount": (("row", "segment"), premium.amount, A_YEAR),
                "pure_standard_error": ("segment", premium.error.pure, A_YEAR),
                "gross_standard_error": ("segment", premium.error.gross, A_YEAR),
                "capital": ("segment", premium.capital, MONEY),
            },
            coords={"row": np.array(premium.rows), "segment": np.array(premium.segments)},
        )
    }
    if payers:
        gross = float(premium.row("gross_premium")[0])
        share = np.array([payer.share for payer in payers])
        share = share / math.fsum(share)
        groups["/payers"] = xr.Dataset(
            {
                "share": ("payer", share, {"units": "unitless"}),
                "amount": ("payer", share * gross, A_YEAR),
            },
            coords={"payer": np.array([payer.name for payer in payers])},
        )
    return groups


def sites_group(
    model: WetlandModel,
    table: YearTable,
    found: Insurable,
    premium: PremiumBuildUp,
    loadings: Loadings,
    knowledge: Knowledge,
    service_value: Floats,
) -> xr.Dataset:
    """Return the group ``/sites``: one row a site.

    Parameters
    ----------
    model : WetlandModel
        Sites and terms.
    table : YearTable
        The simulated years.
    found : Insurable
        What the sites may be insured for.
    premium : PremiumBuildUp
        Its segment after the total is that of the sites.
    loadings : Loadings
        Central.
    knowledge : Knowledge
        All variants.
    service_value : array, shape (sites,)
        What a year of its services is said to be worth, in the currency of the table [currency/year]; NaN: no table.

    Notes
    -----
    A site's premium is ``(pure + its part of the risk load + fixed expenses) / (1 - ratios)``; the risk load of the
    sites is shared by the covariance of a site's yearly payments with those of all. It adds up to their premium.
    """
    sites, years = model.sites, table.years
    pure = table.site[:, 1] / years
    variance = np.maximum(table.site[:, 2] / years - pure**2, 0.0)
    covariance = table.site[:, 3] / years - pure * pure.sum()
    whole = float(covariance.sum())
    share = covariance / whole if whole > 0 else np.zeros_like(pure)
    insured = (sites.limit > 0) | (sites.water_limit > 0)
    load = float(premium.row("risk_load")[1]) * share
    gross = (pure + load + np.where(insured, loadings.fixed_expenses, 0.0)) / (1.0 - loadings.ratio)
    low, high = knowledge.site_intervals(pure)
    columns = {
        "longitude": (sites.lon, {"units": "degree"}),
        "latitude": (sites.lat, {"units": "degree"}),
        "river_km": (sites.river_km, {"units": "km"}),
        "area": (sites.area, {"units": "ha"}),
        "people_served": (sites.people_served, {"units": "person"}),
        "limit": (sites.limit, MONEY),
        "water_limit": (sites.water_limit, MONEY),
        "restoration": (found.restoration, MONEY),
        "interim": (found.interim, MONEY),
        "water": (found.water, MONEY),
        "insurable": (found.value, MONEY),
        "water_insurable": (found.water_value, MONEY),
        "service_value": (service_value, {"units": "currency/year"}),
        "ground_up": (table.site[:, 0] / years, A_YEAR),
        "pure_premium": (pure, A_YEAR),
        "pure_premium_standard_error": (np.sqrt(variance / years), A_YEAR),
        "pure_premium_low": (low, A_YEAR),
        "pure_premium_high": (high, A_YEAR),
        "gross_premium": (gross, A_YEAR),
    }
    return xr.Dataset(
        {
            "name": ("site", sites.name),
            "site_class": ("site", np.array(SITE_CLASSES)[sites.site_class]),
            **{name: ("site", values, attrs) for name, (values, attrs) in columns.items()},
        },
        coords={"site": sites.ids},
    )


def perils_group(model: WetlandModel, table: YearTable, laws: Laws, knowledge: Knowledge) -> xr.Dataset:
    """Return the group ``/perils``: one row a peril.

    Returns
    -------
    xarray.Dataset
        By ``peril``: ``word``, ``events`` and ``hits`` [1/year], ``ground_up`` and ``pure_premium`` with its standard
        error and knowledge interval [CNY/year], ``repeated``: what was lost before in the year [CNY/year],
        ``tail_value_at_risk`` of its payments alone [CNY], ``contribution`` to the worst years of all perils [CNY].
    """
    years, kinds = table.years, model.kinds
    columns = [np.ascontiguousarray(table.peril_gross[:, i]) for i in range(len(kinds))]
    means = [mean_and_standard_error(column) for column in columns]
    ends = [knowledge.interval(peril_name(kind), mean.value) for kind, mean in zip(kinds, means, strict=True)]
    total = table.loss[:, 1]
    worst = np.argsort(-total, kind="stable")[: max(1, round((1.0 - TAIL_LEVEL) * years))]
    data = {
        "events": (table.peril_events.mean(axis=0), COUNT),
        "hits": (table.hits / years, COUNT),
        "ground_up": (table.peril_ground_up.mean(axis=0), A_YEAR),
        "pure_premium": (np.array([mean.value for mean in means]), A_YEAR),
        "standard_error": (np.array([mean.standard_error for mean in means]), A_YEAR),
        "low": (np.array([low for low, _ in ends]), A_YEAR),
        "high": (np.array([high for _, high in ends]), A_YEAR),
        "repeated": (table.repeated / years, A_YEAR),
        "tail_value_at_risk": (
            np.array([tail_value_at_risk(column, TAIL_LEVEL).value for column in columns]),
            MONEY,
        ),
        "contribution": (table.peril_gross[worst].mean(axis=0), MONEY),
    }
    return xr.Dataset(
        {
            "word": ("peril", np.array([PERILS[kind].word for kind in kinds])),
            **{name: ("peril", values, attrs) for name, (values, attrs) in data.items()},
        },
        coords={"peril": np.array(kinds)},
        attrs={"tail_level": TAIL_LEVEL},
    )


def heads_group(table: YearTable) -> xr.Dataset:
    """Return the group ``/heads``: what a year costs under each head, before and after the terms [CNY/year]."""
    return xr.Dataset(
        {
            "ground_up": ("head", table.head[:, 0] / table.years, A_YEAR),
            "pure_premium": ("head", table.head[:, 1] / table.years, A_YEAR),
        },
        coords={"head": np.array(HEADS)},
    )


def insurable_group(sites: Sites, found: Insurable) -> xr.Dataset:
    """Return the group ``/insurable``: cost of total damage, limits and insurable value by class of site [CNY]."""
    present = [code for code in range(len(SITE_CLASSES)) if (sites.site_class == code).any()]

    def summed(values: Floats) -> Floats:
        return np.array([values[sites.site_class == code].sum() for code in present])

    columns = {
        "restoration": found.restoration,
        "interim": found.interim,
        "limit": sites.limit,
        "insurable": found.value,
        "water": found.water,
        "water_limit": sites.water_limit,
        "water_insurable": found.water_value,
    }
    count = np.array([float((sites.site_class == code).sum()) for code in present])
    return xr.Dataset(
        {
            "sites": ("site_class", count, {"units": "1"}),
            "area": ("site_class", summed(sites.area), {"units": "ha"}),
            **{name: ("site_class", summed(values), MONEY) for name, values in columns.items()},
        },
        coords={"site_class": np.array([SITE_CLASSES[code] for code in present])},
    )


def second_method(model: WetlandModel, table: YearTable, laws: Laws) -> xr.Dataset:
    """Return the group ``/checks/second_method``: expected cost of each peril, simulated and without simulation.

    Returns
    -------
    xarray.Dataset
        By ``quantity``: ``simulated`` with ``standard_error``, ``closed_form`` by quadrature (stress) or rate times
        mean (events), before terms and before what was lost already is taken off [CNY/year]; ``difference`` in
        standard errors [1].

    Notes
    -----
    What was lost before in the year is known as a sum alone, so that the error is that of the cost without it.
    """
    rows = []
    for place, kind in enumerate(model.kinds):
        nodes = laws.perils[kind].nodes()
        cost = site_loss(model.sites, laws.numbers, nodes.site, nodes.degree)
        closed = nodes.expected(np.sum([cost[head] for head in HEADS], axis=0))
        yearly = mean_and_standard_error(np.ascontiguousarray(table.peril_ground_up[:, place]))
        simulated = yearly.value + float(table.repeated[place]) / table.years
        rows.append((f"cost of {PERILS[kind].word}", simulated, yearly.standard_error, closed))
    names, simulated_, error, exact = (np.array(column) for column in zip(*rows, strict=True))
    gap = np.divide(simulated_ - exact, error, out=np.zeros_like(exact), where=error > 0)
    return xr.Dataset(
        {
            "simulated": ("quantity", simulated_, {"units": "see unit"}),
            "standard_error": ("quantity", error, {"units": "see unit"}),
            "closed_form": ("quantity", exact, {"units": "see unit"}),
            "difference": ("quantity", gap, {"units": "1"}),
            "unit": ("quantity", np.full(names.size, "CNY/year")),
            "note": ("quantity", np.full(names.size, "expected hits by degree, without simulation")),
        },
        coords={"quantity": names},
    )
