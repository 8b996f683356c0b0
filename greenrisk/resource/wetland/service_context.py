# SPDX-License-Identifier: Apache-2.0
"""Service values beside sites, as context: what a table says that a year of their services is worth.

Nothing here enters a loss, a limit or a premium: the group says what a reader may set beside the insurable value, with
version, year and currency, and how many times the one is the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.marked_yaml import KeyPath
from greenrisk.core.sources import Sources
from greenrisk.core.spec import Spec
from greenrisk.core.tables import Column, TableSpec, status_column, weakest
from greenrisk.environment.service_values import (
    ALL_SERVICES,
    SERVICE_FACTORS,
    SERVICE_STANDARDS,
    SERVICE_UNIT_VALUES,
    SERVICES,
    ServiceTables,
    ServiceValues,
    service_values,
)
from greenrisk.resource.wetland.insurable import Insurable
from greenrisk.resource.wetland.sites import FUNCTIONS, SITE_CLASSES, Sites

Floats = NDArray[np.float64]

SERVICES_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "habitat": ("biodiversity", "nutrient_cycling"),
    "flood_storage": ("hydrological_regulation",),
    "water_supply": ("water_supply",),
    "purification": ("purification",),
    "climate": ("gas_regulation", "climate_regulation"),
    "soil": ("soil_retention",),
    "fishery": ("food",),
    "recreation": ("aesthetic_landscape",),
}
"""Services of the table of factors that a function of a site stands for."""

SERVICE_CLASSES: Final = TableSpec(
    name="service-classes",
    title="Which ecosystem of a table of service values a class of sites is read as",
    columns=(
        Column("site_class", "choice", choices=SITE_CLASSES, description="Class of the sites."),
        Column("version", "text", description="Version of the table of service values."),
        Column("ecosystem", "text", description="Ecosystem, in the words of the version."),
        status_column(),
        Column("note", "text", required=False, description="Why."),
    ),
)
"""Classes of sites as ecosystems."""

NOT_A_SUM_INSURED: Final = (
    "The value of services is a flow of every year and belongs to everyone; restoration with the interim loss is what "
    "bringing them back costs once. Only the second can be lost by the insured and be paid. Insurable value = "
    "min(restoration + interim loss, limit)."
)
"""Why service values are shown and not insured."""


class ServiceValueSpec(Spec):
    """Service values shown beside the insurable value; context, never a sum insured."""

    version: str
    """Version of the table of factors or unit values; versions differ much, so it is always asked for."""

    year: int
    """Year of the prices of the values [year]."""

    currency: str
    """Currency of the values; nothing is converted."""

    factors: str = "wetland_service_values_factors"
    """Table of factors (service-factors)."""

    standards: str = "wetland_service_values_standards"
    """Table of what a factor of 1 is worth (service-standards)."""

    units: str = "wetland_service_values_units"
    """Table of unit values (service-unit-values)."""

    classes: str = "wetland_service_values_classes"
    """Table of the ecosystems that classes of sites are read as (service-classes)."""


def read_service_values(
    spec: ServiceValueSpec, key_path: KeyPath, sources: Sources
) -> tuple[ServiceValues, dict[str, str]] | None:
    """Read the values of services, and the ecosystem of each class of sites.

    Parameters
    ----------
    spec : ServiceValueSpec
        Version, year, currency, tables.
    key_path : tuple
        Where the scenario has it.
    sources : Sources
        Reads the tables and takes every fault.

    Returns
    -------
    tuple of ServiceValues and dict, or None
        None where faults were recorded.
    """
    found = [
        sources.table(name, (*key_path, key), table)
        for key, name, table in (
            ("factors", spec.factors, SERVICE_FACTORS),
            ("standards", spec.standards, SERVICE_STANDARDS),
            ("units", spec.units, SERVICE_UNIT_VALUES),
        )
    ]
    classes = sources.table(spec.classes, (*key_path, "classes"), SERVICE_CLASSES)
    factors, standards, units = found
    if factors is None or standards is None or units is None or classes is None:
        return None
    tables = ServiceTables(factors, standards, units)
    return sources.made(lambda: _classed(spec, tables, classes), key_path)


def _classed(
    spec: ServiceValueSpec, tables: ServiceTables, classes: pd.DataFrame
) -> tuple[ServiceValues, dict[str, str]]:
    values = service_values(tables, version=spec.version, year=spec.year, currency=spec.currency)
    rows = classes[classes["version"] == spec.version]
    ecosystems = dict(zip(map(str, rows["site_class"]), map(str, rows["ecosystem"]), strict=True))
    missing = [name for name in SITE_CLASSES if name not in ecosystems]
    if missing:
        mend = (
            f"The table of classes has no row of version {spec.version} for {', '.join(missing)}. Add them."
        )
        raise ArgumentError(Fault("classes", f"{spec.classes}: {spec.version}", mend))
    for name in ecosystems.values():
        values.of(name)
    return values, ecosystems


def site_service_values(sites: Sites, values: ServiceValues, ecosystems: Mapping[str, str]) -> Floats:
    """Return what a table says that a year of the sites' services is worth.

    Parameters
    ----------
    sites : Sites
        All sites; of a table by service, only those count that belong to a function of the site.
    values : ServiceValues
        Values of a hectare.
    ecosystems : mapping of str to str
        Ecosystem of each class of sites.

    Returns
    -------
    array, shape (sites,)
        [currency/year]
    """
    by_class = np.stack([values.of(ecosystems[name]) for name in SITE_CLASSES])
    per_ha = by_class[sites.site_class]
    if values.services != (ALL_SERVICES,):
        belongs = np.array(
            [[service in SERVICES_OF[function] for service in SERVICES] for function in FUNCTIONS]
        )
        per_ha = np.where(sites.functions @ belongs, per_ha, 0.0)
    return np.asarray(sites.area * per_ha.sum(axis=1))


def service_group(
    sites: Sites, values: ServiceValues, ecosystems: Mapping[str, str], found: Insurable
) -> xr.Dataset:
    """Return the group ``/service_values``: one row a class of sites.

    Parameters
    ----------
    sites : Sites
        All sites.
    values : ServiceValues
        Values of a hectare.
    ecosystems : mapping of str to str
        Ecosystem of each class of sites.
    found : Insurable
        What the sites may be insured for.

    Returns
    -------
    xarray.Dataset
        By ``row``, classes that have sites: ``site_class``, ``ecosystem``, ``area`` [ha], ``value`` [currency/year],
        ``value_per_ha`` [currency/ha/year], ``insurable`` [CNY] and ``times``: a year of services over the insurable
        value, NaN where the values are not in CNY or nothing is insured [1]; attrs ``version``, ``year``, ``currency``,
        ``status``, ``source``, ``why``.
    """
    yearly = site_service_values(sites, values, ecosystems)
    present = [code for code in range(len(SITE_CLASSES)) if (sites.site_class == code).any()]

    def by_class(amount: Floats) -> Floats:
        return np.array([amount[sites.site_class == code].sum() for code in present])

    area, value, insured = by_class(sites.area), by_class(yearly), by_class(found.value)
    same = values.currency == "CNY"
    times = np.where(same & (insured > 0.0), value / np.where(insured > 0.0, insured, 1.0), np.nan)
    money = values.currency
    columns: dict[str, tuple[NDArray[np.generic], str]] = {
        "site_class": (np.array([SITE_CLASSES[code] for code in present]), ""),
        "ecosystem": (np.array([ecosystems[SITE_CLASSES[code]] for code in present]), ""),
        "area": (area, "ha"),
        "value": (value, f"{money}/year"),
        "value_per_ha": (value / area, f"{money}/ha/year"),
        "insurable": (insured, "CNY"),
        "times": (times, "1"),
    }
    return xr.Dataset(
        {name: ("row", given, {"units": unit} if unit else {}) for name, (given, unit) in columns.items()},
        attrs={
            "version": values.version,
            "year": values.year,
            "currency": money,
            "status": weakest([values.status, "illustrative"]),
            "source": values.source,
            "why": NOT_A_SUM_INSURED,
        },
    )
