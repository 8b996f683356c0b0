# SPDX-License-Identifier: Apache-2.0
"""Section of the wetland page on what a site may be insured for, and why that is not the value of its services."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.report.pages.index_words import numbers, texts
from greenrisk.report.pages.section import Part, Section, Shown, dataset_table
from greenrisk.report.pages.wetland_words import site_class, version_words
from greenrisk.report.pages.zone_words import group
from greenrisk.report.table import Cell, Column, Table, figure, table, words
from greenrisk.report.wording import money_unit, significant


def insurable_section(tree: xr.DataTree) -> Section | None:
    """Return what the sites may be insured for, and why that is not the value of their services."""
    insurable, services = group(tree, "insurable"), group(tree, "service_values")
    if insurable is None:
        return None
    parts = [Part("Insurable value by class of sites", insurable_table(insurable))]
    sentence = (
        "A site may be insured for what it costs to bring it back after total damage, with the services lost until "
        "then, and for no more than its limit."
    )
    if services is not None:
        parts.append(Part(services_heading(services), services_table(services), services_note(services)))
    return Section("insurable", "What a site may be insured for", sentence, tuple(parts))


def insurable_table(insurable: xr.Dataset) -> Table:
    """Return the insurable value by class of sites.

    Parameters
    ----------
    insurable : xarray.Dataset
        The group ``/insurable``.
    """
    dim = str(next(iter(insurable.sizes)))
    kinds = insurable[dim].values if dim in insurable.variables else texts(insurable, "site_class")
    data = insurable.assign({"class_words": (dim, np.array([site_class(kind) for kind in kinds]))})
    return dataset_table(
        data,
        dim,
        [
            Shown("class_words", "Class", "words"),
            Shown("sites", "Sites", "count"),
            Shown("area", "Area", unit="ha"),
            Shown("restoration", "Restoration after total damage", "money"),
            Shown("interim", "Services lost meanwhile", "money"),
            Shown("limit", "Limits", "money"),
            Shown("insurable", "Insurable: the smaller", "money"),
            Shown("water", "Water, after total damage", "money"),
            Shown("water_limit", "Limits of water", "money"),
            Shown("water_insurable", "Insurable: water", "money"),
        ],
        "Insurable value",
    )


def services_heading(services: xr.Dataset) -> str:
    """Say how many times a year of services is the insurable value, by the table named."""
    times = numbers(services, "times")
    version = f"{version_words(services)}, {services.attrs.get('year', '')}"
    if np.isfinite(times).any():
        low, high = float(np.nanmin(times)), float(np.nanmax(times))
        ends = significant(low, 2) if low == high else f"{significant(low, 2)} to {significant(high, 2)}"
        return f"Context, never a sum insured: a year of services is {ends} times the insurable value ({version})"
    return f"Context, never a sum insured: what a table says that a year of services is worth ({version})"


def services_table(services: xr.Dataset) -> Table:
    """Return service values by class of sites, with version, year and currency in the heads.

    Parameters
    ----------
    services : xarray.Dataset
        The group ``/service_values``.
    """
    currency = str(services.attrs.get("currency", ""))
    value, per_ha, worth, times = (
        numbers(services, name) for name in ("value", "value_per_ha", "insurable", "times")
    )
    top = float(np.nanmax(np.abs(value), initial=0.0))
    scale, word = (1e6, " million") if top >= 1e6 else (1.0, "")
    large, unit = money_unit(worth)
    status = str(services.attrs.get("status", ""))
    rows: list[list[Cell]] = [
        [
            words(site_class(kind)),
            words(ecosystem, status=status),
            figure(float(value[i]), scale=scale),
            figure(float(per_ha[i])),
            figure(float(worth[i]), scale=large),
            figure(float(times[i]), 2),
        ]
        for i, (kind, ecosystem) in enumerate(
            zip(texts(services, "site_class"), texts(services, "ecosystem"), strict=True)
        )
    ]
    return table(
        "Service values as context",
        [
            Column("Class", number=False),
            Column("Read as", number=False),
            Column("Services", f"{currency}{word} a year"),
            Column("Services of a hectare", f"{currency} per ha a year"),
            Column("Insurable value", unit),
            Column("A year of services over it", "times"),
        ],
        rows,
        heard=True,
    )


def services_note(services: xr.Dataset) -> str:
    """Say why the value of services is no sum insured, and where it comes from."""
    source = str(services.attrs.get("source", ""))
    why = str(services.attrs.get("why", "The value of services is a flow that belongs to everyone."))
    return f"{why}{f' Source: {source}.' if source else ''}"
