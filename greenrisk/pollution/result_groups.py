# SPDX-License-Identifier: Apache-2.0
"""Groups of the result of a zone run that are read off the simulated years."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.environment.credit_colour import COLOURS
from greenrisk.pollution.grading.words import GRADES
from greenrisk.pollution.inventory import Floats, Integers, Inventory, Texts
from greenrisk.pollution.knowledge import Knowledge
from greenrisk.pollution.liability.arrivals import CAUSES
from greenrisk.pollution.liability.expected import expected_losses
from greenrisk.pollution.liability.laws import ZoneLaws
from greenrisk.pollution.liability.premium import PlantPremiums
from greenrisk.pollution.liability.terms import REASONS
from greenrisk.pollution.liability.zone_year import LAYERS, ZoneYears
from greenrisk.pollution.model import ZoneModel
from greenrisk.pollution.severity.heads import HEADS
from greenrisk.pollution.tables import ACTIVITIES, PREVENTION_LEVELS


def losses_group(years: ZoneYears) -> xr.Dataset:
    """Return the group ``/losses``: every simulated year.

    Returns
    -------
    xarray.Dataset
        By ``year``: ``loss`` and ``worst_event`` by ``layer`` [CNY], ``accidents`` by ``cause`` [1].
    """
    money = {"units": "CNY"}
    return xr.Dataset(
        {
            "loss": (("year", "layer"), years.loss, money),
            "worst_event": (("year", "layer"), years.worst_event, money),
            "accidents": (("year", "cause"), years.accident_count, {"units": "1"}),
        },
        coords={"year": np.arange(years.years), "layer": np.array(LAYERS), "cause": np.array(CAUSES)},
    )


def heads_group(years: ZoneYears, laws: ZoneLaws) -> xr.Dataset:
    """Return the group ``/heads``: what a year costs under each head, what is paid of it, and why not the rest.

    Returns
    -------
    xarray.Dataset
        By ``head``: ``accidents`` that cost anything under it and those at its cap [1/year], ``expected`` loss in
        closed form [CNY/year]; of the simulated years ``ground_up`` and ``insured`` [CNY/year], ``uninsured`` by
        ``reason`` [CNY/year].
    """
    count, money = {"units": "1/year"}, {"units": "CNY/year"}
    return xr.Dataset(
        {
            "accidents": ("head", years.by_head("accidents"), count),
            "at_cap": ("head", years.by_head("capped"), count),
            "expected": ("head", expected_losses(laws).sum(axis=0), money),
            "ground_up": ("head", years.by_head("ground_up"), money),
            "insured": ("head", years.by_head("insured"), money),
            "uninsured": (("head", "reason"), years.head_reason / years.years, money),
        },
        coords={"head": np.array(HEADS), "reason": np.array(REASONS)},
    )


def owners_group(owned: Floats, owners: Texts) -> xr.Dataset:
    """Return the group ``/owners``: what the plants of each owner cost in each of the first years of the run.

    Parameters
    ----------
    owned : array, shape (years, owners, 2)
        Insured and uninsured [CNY].
    owners : array of str, shape (owners,)
        Owners.

    Returns
    -------
    xarray.Dataset
        By ``year`` and ``owner``: ``insured``, ``uninsured`` [CNY]. An issuer study draws whole years, so that owners
        keep their dependence. The attribute ``csv_name`` names the table of the run folder: ``owner_losses``.
    """
    return xr.Dataset(
        {
            name: (("year", "owner"), owned[:, :, side], {"units": "CNY"})
            for side, name in enumerate(("insured", "uninsured"))
        },
        coords={"year": np.arange(owned.shape[0]), "owner": owners},
        attrs={"csv_name": "owner_losses"},
    )


def plants_group(
    years: ZoneYears,
    premium: PlantPremiums,
    inventory: Inventory,
    model: ZoneModel,
    knowledge: Knowledge,
) -> xr.Dataset:
    """Return the group ``/plants``: one row a plant.

    Returns
    -------
    xarray.Dataset
        By ``plant``: name, owner, place, activity, grade and other facts; ``accidents`` [1/year] and ``ground_up``
        loss [CNY/year] in closed form, ``insured`` loss of the simulated years [CNY/year] with ``insured_error``
        (simulation) and ``insured_low``, ``insured_high`` (knowledge), technical ``premium`` [CNY/year].
    """
    plants = inventory.plants
    paid = years.by_plant("insured")
    low, high = knowledge.plant_intervals(paid)
    colour = np.array([*COLOURS, "not assessed"])
    words = np.array([*GRADES, "refused"])
    money, per_year = {"units": "CNY/year"}, {"units": "1/year"}
    return xr.Dataset(
        {
            "name": ("plant", plants.name),
            "owner": ("plant", plants.owner),
            "lon": ("plant", plants.lon, {"units": "degree"}),
            "lat": ("plant", plants.lat, {"units": "degree"}),
            "activity": ("plant", np.array(ACTIVITIES)[plants.activity]),
            "industry_code": ("plant", plants.industry_code),
            "grade": ("plant", words[model.exposure.grade]),
            "credit": ("plant", colour[plants.credit_colour]),
            "prevention": ("plant", np.array(PREVENTION_LEVELS)[plants.prevention]),
            "people_5km": ("plant", plants.people_5km, {"units": "person"}),
            "revenue": ("plant", plants.revenue, money),
            "assets": ("plant", plants.assets, {"units": "CNY"}),
            "limit": (
                "plant",
                np.where(model.terms.insured, model.terms.accident_limit, 0.0),
                {"units": "CNY"},
            ),
            "accidents": ("plant", knowledge.by_plant[0, :, 0], per_year),
            "ground_up": ("plant", knowledge.by_plant[0, :, 1], money),
            "insured": ("plant", paid, money),
            "insured_error": ("plant", years.plant_standard_error("insured"), money),
            "insured_low": ("plant", low, money),
            "insured_high": ("plant", high, money),
            "premium": ("plant", premium.gross, money),
        },
        coords={"plant": plants.ids},
    )


def owner_index(owner: Texts) -> tuple[Texts, Integers]:
    """Return the owners in ascending order, and the index of each plant's."""
    owners, index = np.unique(owner, return_inverse=True)
    return owners, index.astype(np.int64)
