# SPDX-License-Identifier: Apache-2.0
"""What is on site and how it counts, as one table for a reader: substance, tonnes that count, lists, statuses.

What lives here: the table and the group of results. What does not: the counting
(:mod:`greenrisk.pollution.mixtures`, :mod:`greenrisk.pollution.media`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from greenrisk.pollution.inventory import Inventory
from greenrisk.pollution.media import media
from greenrisk.pollution.mixtures import counted_tonnes
from greenrisk.pollution.substance_search import resolve
from greenrisk.pollution.substances import Substances
from greenrisk.pollution.tables import STATES

if TYPE_CHECKING:
    import xarray as xr

COLUMNS: Final = {
    "plant_id": ("", "Plant."),
    "row": ("1", "Row of the table of substances on site."),
    "cas": ("", "CAS number of the substance; empty for a class and for an unknown one as the user left it."),
    "substance": (
        "",
        "Row of the table of substances that it counts against; as the user wrote it if unknown.",
    ),
    "known": ("", "Whether the table of substances holds it."),
    "state": ("", "Physical state on site."),
    "on_site_t": ("t", "Largest quantity on site, solution included."),
    "counted_t": ("t", "Quantity that counts."),
    "rule": ("", "Rule of mixture_rules that it counts by."),
    "critical_quantity_t": ("t", "Critical quantity of HJ 941."),
    "ratio": ("1", "Counted quantity over critical quantity."),
    "air_low": ("", "In the air list under the low reading of its part."),
    "air_high": ("", "In the air list under the high reading of its part."),
    "water_low": ("", "In the water list under the low reading of its part."),
    "water_high": ("", "In the water list under the high reading of its part."),
    "hj941_part": ("", "Part of HJ 941 appendix A; empty: not known."),
    "quantity_status": ("", "Status of the critical quantity."),
    "part_status": ("", "Status of the part."),
    "medium_status": ("", "Status of the medium."),
    "rule_status": ("", "Status of the rule."),
    "gb18218_threshold_t": ("t", "Threshold of GB 18218-2018; empty: not known."),
}
"""Columns of :func:`holding_table`: unit (``1``: unitless) and one sentence each."""


def holding_table(inventory: Inventory, substances: Substances) -> pd.DataFrame:
    """Return what is on site and how it counts, one row a holding, by plant.

    Parameters
    ----------
    inventory : Inventory
    substances : Substances
        The table of substances and its rules.

    Returns
    -------
    DataFrame
        With the columns of :data:`COLUMNS`; what is not known of an unknown substance is empty.

    Raises
    ------
    ArgumentError
        If a known solution has no concentration.
    """
    holdings = inventory.holdings
    resolved = resolve(holdings, substances)
    tonnes, rule = counted_tonnes(holdings, resolved, substances)
    lists = media(resolved, substances, holdings.state)
    known, row = resolved.known, resolved.index
    written = np.where(holdings.name_zh != "", holdings.name_zh, holdings.name_en)
    critical = np.where(known, substances.critical[row], np.nan)

    def of_substance(values: np.ndarray) -> np.ndarray:
        """Return a text of the substance, empty where it is unknown."""
        return np.where(known, values[row], "")

    return pd.DataFrame(
        {
            "plant_id": inventory.plants.ids[holdings.plant],
            "row": holdings.row,
            "cas": np.where(known, substances.cas[row], holdings.cas),
            "substance": np.where(known, substances.name_zh[row], written),
            "known": known,
            "state": np.asarray(STATES)[holdings.state],
            "on_site_t": holdings.max_t,
            "counted_t": tonnes,
            "rule": np.where(known, substances.mixtures.words[rule], ""),
            "critical_quantity_t": critical,
            "ratio": tonnes / critical,
            "air_low": lists.air_low,
            "air_high": lists.air_high,
            "water_low": lists.water_low,
            "water_high": lists.water_high,
            "hj941_part": of_substance(substances.part),
            "quantity_status": of_substance(substances.quantity_status),
            "part_status": of_substance(substances.part_status),
            "medium_status": of_substance(substances.medium_status),
            "rule_status": np.where(known, substances.mixtures.status[rule], ""),
            "gb18218_threshold_t": np.where(known, substances.threshold[row], np.nan),
        },
        columns=list(COLUMNS),
    )


def holding_dataset(inventory: Inventory, substances: Substances) -> xr.Dataset:
    """Return :func:`holding_table` as a group of results over ``holding``, with units and descriptions.

    Parameters
    ----------
    inventory, substances
        As in :func:`holding_table`.
    """
    import xarray as xr

    table = holding_table(inventory, substances)
    variables = {}
    for name, (unit, sentence) in COLUMNS.items():
        values = table[name].to_numpy()
        if values.dtype == object:
            values = values.astype(np.str_)
        attributes = {"units": unit} if unit else {}
        variables[name] = ("holding", values, {**attributes, "description": sentence})
    return xr.Dataset(variables, coords={"holding": np.arange(len(table))})
