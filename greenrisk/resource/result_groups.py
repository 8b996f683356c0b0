# SPDX-License-Identifier: Apache-2.0
"""The groups of a forest result that hold its years, its curves, its premium and its stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from greenrisk.actuarial.exceedance import exceedance
from greenrisk.actuarial.premium.gross import ROWS, PremiumBuildUp
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.quantities import CURVES, RETURN_PERIODS, curve_name
from greenrisk.resource.sensitivity import Knowledge
from greenrisk.resource.simulation import LAYERS
from greenrisk.resource.subsidies_in_force import Subsidies
from greenrisk.resource.subsidy import split_premium
from greenrisk.resource.subsidy_rules import PAYERS
from greenrisk.resource.year_table import ALL_LAYERS, YearTable


def with_units(dataset: xr.Dataset, **units: str) -> xr.Dataset:
    """Return a dataset with units on its variables."""
    for name, unit in units.items():
        dataset[name].attrs["units"] = unit
    return dataset


def losses_group(
    table: YearTable,
    exposure: Exposure,
    names: Sequence[str],
    kinds: Sequence[str],
) -> xr.Dataset:
    """Return the group ``/losses``: every simulated year."""
    return with_units(
        xr.Dataset(
            {
                "loss": (("year", "layer"), table.loss),
                "largest_event": (("year", "event_layer"), table.largest),
                "segment_loss": (("year", "segment"), table.segment),
                "peril_loss": (("year", "peril"), table.peril),
                "fires": ("year", table.fires),
                "burnt_area": ("year", table.burnt_area),
                "unburnt_area": ("year", table.unburnt_area),
                "damaged_insured": (("year", "peril"), table.damaged_insured),
                "paid_area": (("year", "peril"), table.paid_area),
                "claims": (("year", "peril"), table.claims),
            },
            coords={
                "year": np.arange(table.years),
                "layer": np.array(ALL_LAYERS),
                "event_layer": np.array(LAYERS),
                "segment": np.array(names),
                "peril": np.array(kinds),
                "county": ("segment", np.array([county for county, _ in exposure.segments])),
                "forest_type": ("segment", np.array([kind for _, kind in exposure.segments])),
            },
        ),
        loss="CNY",
        largest_event="CNY",
        segment_loss="CNY",
        peril_loss="CNY",
        fires="1",
        burnt_area="ha",
        unburnt_area="ha",
        damaged_insured="mu",
        paid_area="mu",
        claims="1",
    )


def cells_group(
    table: YearTable, exposure: Exposure, names: Sequence[str], kinds: Sequence[str]
) -> xr.Dataset:
    """Return the group ``/cells``: gross losses of every simulated year by county, forest type and peril at once."""
    return with_units(
        xr.Dataset(
            {"loss": (("year", "segment", "peril"), table.cell)},
            coords={
                "year": np.arange(table.years),
                "segment": np.array(names),
                "peril": np.array(kinds),
                "county": ("segment", np.array([county for county, _ in exposure.segments])),
                "forest_type": ("segment", np.array([kind for _, kind in exposure.segments])),
            },
        ),
        loss="CNY",
    )


def curves_group(table: YearTable, knowledge: Knowledge) -> xr.Dataset:
    """Return the group ``/curves``: losses by return period, with both errors."""
    shape = (len(CURVES), len(LAYERS), len(RETURN_PERIODS))
    arrays = {name: np.full(shape, np.nan) for name in ("loss", "standard_error", "low", "high")}
    for i, curve in enumerate(CURVES):
        annual = table.largest if curve == "occurrence" else table.loss
        for j, layer in enumerate(LAYERS):
            found = exceedance(annual[:, j], RETURN_PERIODS)
            arrays["loss"][i, j], arrays["standard_error"][i, j] = found.loss, found.standard_error
            for k, period in enumerate(RETURN_PERIODS):
                low, high = knowledge.interval(curve_name(curve, layer, period), float(found.loss[k]))
                arrays["low"][i, j, k], arrays["high"][i, j, k] = low, high
    dataset = xr.Dataset(
        {name: (("curve", "layer", "return_period"), array) for name, array in arrays.items()},
        coords={
            "curve": np.array(CURVES),
            "layer": np.array(LAYERS),
            "return_period": np.array(RETURN_PERIODS, dtype=np.float64),
        },
    )
    return with_units(dataset, **dict.fromkeys(arrays, "CNY"))


def premium_group(
    premium: PremiumBuildUp,
    exposure: Exposure,
    subsidies: Subsidies,
    names: Sequence[str],
) -> xr.Dataset:
    """Return the group ``/premium``: the build-up by segment, and who pays."""
    kinds = [kind for _, kind in exposure.segments]
    area = premium.exposure["insured_area"]
    split = split_premium(premium.row("gross_premium")[1:], kinds, area[1:], subsidies, list(names))
    return with_units(
        xr.Dataset(
            {
                "amount": (("row", "segment"), premium.amount),
                "pure_standard_error": ("segment", premium.error.pure),
                "gross_standard_error": ("segment", premium.error.gross),
                "subsidy": (("payer", "segment"), split.amount),
                "insured_area": ("segment", area),
                "sum_insured": ("segment", premium.exposure["sum_insured"]),
            },
            coords={
                "row": np.array(ROWS),
                "segment": np.array(premium.segments),
                "payer": np.array(PAYERS),
                "county": ("segment", np.array(["all", *(county for county, _ in exposure.segments)])),
                "forest_type": ("segment", np.array(["all", *kinds])),
            },
        ),
        amount="CNY/year",
        pure_standard_error="CNY/year",
        gross_standard_error="CNY/year",
        subsidy="CNY/year",
        insured_area="mu",
        sum_insured="CNY",
    )


def sites_group(table: YearTable, exposure: Exposure, premium: PremiumBuildUp) -> xr.Dataset:
    """Return the group ``/sites``: every stand with its pure and gross premium."""
    book, years = exposure.book, table.years
    pure = table.site[:, 1] / years
    variance = np.maximum(table.site[:, 2] / years - pure**2, 0.0)
    pure_segment = premium.row("pure_premium")[1:]
    gross_segment = premium.row("gross_premium")[1:]
    # A segment without a single simulated payment has no pure premium to spread its loads by: by sum insured.
    weight = np.where(pure_segment[exposure.segment] > 0, pure, book.sum_insured)
    of_segment = np.bincount(exposure.segment, weights=weight, minlength=pure_segment.size)
    gross = gross_segment[exposure.segment] * weight / of_segment[exposure.segment]
    text = {
        "stand_id": book.ids,
        "owner": book.owner,
        "county": np.array(book.counties)[book.county],
        "township": book.township,
        "forest_type": book.forest_type,
        "species_group": book.species_group,
    }
    numbers = {
        "age": (book.age, "year"),
        "longitude": (book.lon, "degree"),
        "latitude": (book.lat, "degree"),
        "area": (book.area_ha, "ha"),
        "insured_area": (book.insured_area_mu, "mu"),
        "sum_insured": (book.sum_insured, "CNY"),
        "damaged_area": (table.site[:, 0] / years, "ha/year"),
        "pure_premium": (pure, "CNY/year"),
        "pure_premium_standard_error": (np.sqrt(variance / years), "CNY/year"),
        "gross_premium": (gross, "CNY/year"),
    }
    return with_units(
        xr.Dataset(
            {
                **{name: ("site", array) for name, array in text.items()},
                **{name: ("site", array) for name, (array, _) in numbers.items()},
            }
        ),
        **{name: unit for name, (_, unit) in numbers.items()},
    )
