# SPDX-License-Identifier: Apache-2.0
"""Groups of the result that say where plants stand, who lives around them, and which waters lie below their outlets."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.pollution.inventory import Inventory
from greenrisk.pollution.tables import CROSSINGS, DISCHARGE_ROUTES, WATER_CLASSES


def receptors_group(inventory: Inventory) -> xr.Dataset:
    """Return the group ``/receptors``: people around each plant.

    Parameters
    ----------
    inventory : Inventory
        The zone.

    Returns
    -------
    xarray.Dataset
        By ``plant``: ``lon``, ``lat`` [degree], ``employees``, ``people_500m``, ``people_1km``, ``people_5km``
        [person], ``special_area_5km``, ``in_zone``, ``key_permit``, ``discharge_route``.
    """
    plants = inventory.plants
    person, degree = {"units": "person"}, {"units": "degree"}
    return xr.Dataset(
        {
            "lon": ("plant", plants.lon, degree),
            "lat": ("plant", plants.lat, degree),
            **{
                name: ("plant", getattr(plants, name), person)
                for name in ("employees", "people_500m", "people_1km", "people_5km")
            },
            **{
                name: ("plant", getattr(plants, name))
                for name in ("special_area_5km", "in_zone", "key_permit")
            },
            "discharge_route": ("plant", np.array(DISCHARGE_ROUTES)[plants.discharge_route]),
        },
        coords={"plant": plants.ids},
    )


def outlets_group(inventory: Inventory) -> xr.Dataset:
    """Return the group ``/outlets``: what leaves by each outlet, into which water, and what lies below.

    Parameters
    ----------
    inventory : Inventory
        The zone.

    Returns
    -------
    xarray.Dataset
        By ``outlet``: ``plant`` (identifier), ``kind``, ``receiving_water``, ``water_class``, ``crosses_24h``,
        ``drinking_water_10km``, ``sensitive_water_10km``, ``karst_or_flood_area``.
    """
    outlets = inventory.outlets
    below = ("drinking_water_10km", "sensitive_water_10km", "karst_or_flood_area")
    return xr.Dataset(
        {
            "plant": ("outlet", inventory.plants.ids[outlets.plant]),
            "kind": ("outlet", outlets.kind),
            "receiving_water": ("outlet", outlets.receiving_water),
            "water_class": ("outlet", np.array(WATER_CLASSES)[outlets.water_class]),
            "crosses_24h": ("outlet", np.array(CROSSINGS)[outlets.crosses_24h]),
            **{name: ("outlet", getattr(outlets, name)) for name in below},
        },
        coords={"outlet": outlets.ids},
    )
