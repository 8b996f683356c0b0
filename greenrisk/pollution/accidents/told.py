# SPDX-License-Identifier: Apache-2.0
"""What the report says of frequency: sources and weights by plant, windows of the reports, equipment beside them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from greenrisk.core.ledger import Ledger
from greenrisk.core.variants import CardValues, Values
from greenrisk.pollution.accidents.exposure import Exposure
from greenrisk.pollution.accidents.own_history import Beliefs
from greenrisk.pollution.accidents.rates import FACTOR_NAMES, Rates, plant_rates
from greenrisk.pollution.accidents.records import Records
from greenrisk.pollution.accidents.roles import SIZES, SOURCES
from greenrisk.pollution.inventory import Equipment, Plants
from greenrisk.pollution.tables import EQUIPMENT

BASE_WINDOW = "2014-2023"
"""Window of the rates that are used; its last years are incomplete."""


def frequency_group(plants: Plants, exposure: Exposure, rates: Rates) -> xr.Dataset:
    """Return the group ``/frequency``: how each plant's accident rate came about.

    Parameters
    ----------
    plants : Plants
        The plants.
    exposure : Exposure
        What the rates were computed from.
    rates : Rates
        Those of the central cards.

    Returns
    -------
    xarray.Dataset
        By ``plant``: ``source_rate`` and ``source_weight`` by ``source`` (NaN where a source says nothing), ``pooled``,
        ``factor`` by ``rating_factor``, ``prior``, ``own_rate``, ``accidents`` in ``years``, ``credibility`` of the own
        years, ``expected_accidents`` on site; ``transport_prior``, ``road_accidents`` in ``road_years``,
        ``transport_credibility`` and ``transport_accidents`` of its vehicles, ``vehicle_km``; ``naics`` and
        ``reported_as``: industry and chemical whose reports were used. Attributes ``transfer`` and ``per_km``: factor
        to China and rate of a vehicle-km after the zone's own history, ``transfer_before`` and ``per_km_before``
        before it.
    """
    per_year, unitless = {"units": "1/year"}, {"units": "unitless"}
    return xr.Dataset(
        {
            "source_rate": (("plant", "source"), rates.source.T, per_year),
            "source_weight": (("plant", "source"), rates.weight.T, unitless),
            "pooled": ("plant", rates.pooled, per_year),
            "factor": (("plant", "rating_factor"), rates.factor.T, unitless),
            "prior": ("plant", rates.prior, per_year),
            "accidents": ("plant", exposure.accidents, {"units": "1"}),
            "years": ("plant", exposure.years, {"units": "year"}),
            "own_rate": ("plant", rates.own, per_year),
            "credibility": ("plant", rates.credibility, unitless),
            "expected_accidents": ("plant", rates.posterior, per_year),
            "vehicle_km": ("plant", exposure.km, {"units": "km/year"}),
            "transport_prior": ("plant", rates.transport_prior, per_year),
            "road_accidents": ("plant", exposure.road_accidents, {"units": "1"}),
            "road_years": ("plant", exposure.road_years, {"units": "year"}),
            "transport_credibility": ("plant", rates.transport_credibility, unitless),
            "transport_accidents": ("plant", rates.transport, per_year),
            "naics": ("plant", exposure.naics),
            "reported_as": ("plant", exposure.reported_as),
        },
        coords={
            "plant": plants.ids,
            "source": np.array(SOURCES),
            "rating_factor": np.array(FACTOR_NAMES),
        },
        attrs={
            "transfer": rates.transfer,
            "transfer_before": rates.transfer_before,
            "per_km": rates.per_km,
            "per_km_before": rates.per_km_before,
        },
    )


def frequency_alternatives(
    exposure: Exposure, values: Mapping[str, Values], transfer: float, beliefs: Beliefs | None = None
) -> xr.Dataset:
    """Return the group ``/frequency_alternatives``: accidents of the zone by each source on its own.

    Parameters
    ----------
    exposure : Exposure
        What the rates are computed from.
    values : mapping of str to mapping
        Central values of the cards.
    transfer : float
        Factor to China before the zone's own history [unitless].
    beliefs : Beliefs, optional
        What the own history moves, under each source by what that source expects; empty: nothing.

    Returns
    -------
    xarray.Dataset
        By ``alternative`` (``pooled`` and the sources): ``accidents`` expected on site in a year [1/year], ``plants``
        of which the source says anything [1]. The others keep the rate of their activity.
    """
    names = ("pooled", *SOURCES)
    found = [
        plant_rates(exposure, values, transfer, None if name == "pooled" else name, beliefs) for name in names
    ]
    said = [len(exposure), *(~np.isnan(found[0].source)).sum(axis=1).tolist()]
    return xr.Dataset(
        {
            "accidents": ("alternative", [float(one.posterior.sum()) for one in found], {"units": "1/year"}),
            "plants": ("alternative", said, {"units": "1"}),
        },
        coords={"alternative": list(names)},
    )


def report_windows(records: Records, exposure: Exposure) -> xr.Dataset:
    """Return the group ``/report_windows``: rates of US reports by window of years, for the industries of the zone.

    Returns
    -------
    xarray.Dataset
        By ``industry`` (NAICS; ``all``) and ``window``: ``rate`` from listed industries and its ``standard_error``
        [1/year], NaN where the table has none.
    """
    table = records.windows
    industries = ["all", *sorted({str(code) for code in exposure.naics if code})]
    windows = list(dict.fromkeys(table["window"].astype(str)))
    rate = np.full((2, len(industries), len(windows)), np.nan)
    for code, window, value, error in zip(
        table["code"].astype(str),
        table["window"].astype(str),
        table["rate_listed_per_facility_year"],
        table["rate_listed_se_per_year"],
        strict=True,
    ):
        if code in industries:
            rate[:, industries.index(code), windows.index(window)] = value, error
    dims, units = ("industry", "window"), {"units": "1/year"}
    return xr.Dataset(
        {"rate": (dims, rate[0], units), "standard_error": (dims, rate[1], units)},
        coords={"industry": industries, "window": windows},
        attrs={"base_window": BASE_WINDOW},
    )


def equipment_beside_reports(exposure: Exposure, rates: Rates) -> xr.Dataset:
    """Return the group ``/equipment_check``: rates by equipment beside those of reports; compared, not validated.

    Returns
    -------
    xarray.Dataset
        By ``plant_with_equipment`` (index of the plant): ``by_equipment``, ``by_industry`` [1/year] and their
        ``ratio`` [unitless]; attribute ``median_ratio``.
    """
    which = np.flatnonzero(~np.isnan(rates.source[1]))
    ratio = rates.source[1, which] / rates.source[2, which]
    units = {"units": "1/year"}
    return xr.Dataset(
        {
            "by_equipment": ("plant_with_equipment", rates.source[1, which], units),
            "by_industry": ("plant_with_equipment", rates.source[2, which], units),
            "ratio": ("plant_with_equipment", ratio, {"units": "unitless"}),
        },
        coords={"plant_with_equipment": which},
        attrs={"median_ratio": float(np.nanmedian(ratio)) if which.size else float("nan")},
    )


def equipment_shares(equipment: Equipment, records: Records, values: CardValues) -> xr.Dataset:
    """Return the group ``/checks/equipment_shares``: what leaks by the model, beside what leaked in reports.

    Parameters
    ----------
    equipment : Equipment
        Of the zone.
    records : Records
        Leak frequencies, and sources of release in the reports.
    values : mapping
        Parameter values by role and name.

    Returns
    -------
    xarray.Dataset
        By ``release_source``: ``modelled`` share of the accidents that equipment gives rise to, and the shares of
        reports that name the source, by ``slice`` (industry and years): ``reported`` of all reports, and
        ``reported_of_matched`` of those sources that have equipment in the model [unitless]. Compared, not validated:
        Appendix E counts valves and joints with their pipes and vessels, and a report may name several sources.
    """
    v = values["accidents"]
    fence = np.array([float(v[f"beyond_fence_{size}"]) for size in SIZES])
    rate = np.bincount(
        equipment.sort,
        weights=equipment.amount * (records.leak[equipment.sort] @ fence),
        minlength=len(EQUIPMENT),
    )
    table = records.release_sources.assign(
        slice=lambda t: t["naics"].astype(str) + ", " + t["window"].astype(str)
    )
    first = table[table["slice"] == table["slice"].iloc[0]]
    sources = first["release_source"].astype(str).to_list()
    sorts = [text.split() if isinstance(text, str) else [] for text in first["equipment"]]
    of_source = np.array([sum(rate[EQUIPMENT.index(sort)] for sort in own) for own in sorts])
    matched = np.array([bool(own) for own in sorts])
    reported = table.pivot(index="release_source", columns="slice", values="share").loc[sources]
    slices = list(dict.fromkeys(table["slice"]))
    shares = reported[slices].to_numpy(dtype=np.float64)
    among = np.where(matched[:, None], shares, np.nan) / shares[matched].sum(axis=0)
    units = {"units": "unitless"}
    total = float(of_source.sum())
    modelled = of_source / total if total > 0 else np.full(of_source.size, np.nan)
    return xr.Dataset(
        {
            "modelled": ("release_source", np.where(matched, modelled, np.nan), units),
            "reported": (("release_source", "slice"), shares, units),
            "reported_of_matched": (("release_source", "slice"), among, units),
        },
        coords={"release_source": np.array(sources), "slice": np.array(slices)},
    )


def tell_frequency(
    exposure: Exposure, rates: Rates, records: Records, windows: xr.Dataset, ledger: Ledger
) -> None:
    """Write to the ledger what the frequency rests on."""
    count = len(exposure)
    for kind, name, what in (
        ("rates", "reports of US facilities", "The reports of the last years of the window are incomplete"),
        ("leaks", "leak frequencies by equipment", "HJ 169 Appendix E is from memory"),
        (
            "industries",
            "matched industries",
            "Industries of GB/T 4754 were matched with NAICS by their titles",
        ),
    ):
        ledger.add("assumption", name, f"{what}.", count, status=records.statuses[kind])
    unmatched = int((exposure.naics == "").sum())
    if unmatched:
        ledger.add(
            "imputed",
            "industry of the reports",
            f"{unmatched} plants have an industry that is matched with none: the rate of all facilities stands for it.",
            unmatched,
        )
    without = int(np.isnan(rates.source[1]).sum())
    if without:
        ledger.add(
            "assumption",
            "rate by equipment",
            f"{without} of {count} plants list no equipment: their rate rests on the other sources.",
            without,
        )
    silent = int((exposure.years <= 0.0).sum())
    if silent:
        ledger.add(
            "assumption", "own years", f"{silent} plants have no observed years: only the prior.", silent
        )
    refused = int((exposure.grade < 0).sum())
    if refused:
        ledger.add(
            "assumption", "rating factor of the grade", f"{refused} plants have no grade: factor 1.", refused
        )
    base = windows["rate"].sel(industry="all")
    widest = float(base.max() / base.sel(window=windows.attrs["base_window"]))
    ledger.add(
        "assumption",
        "window of the reports",
        f"Rates are those of {windows.attrs['base_window']}; over all facilities another window gives up to "
        f"{widest:.2f} times as many accidents.",
        status=records.statuses["rates"],
    )
