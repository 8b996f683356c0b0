# SPDX-License-Identifier: Apache-2.0
"""Names of a zone's model put into a reader's words before a table or figure shows them."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.pollution.severity.heads import HEAD_WORDS, HEADS
from greenrisk.report.wording import significant

CONTROLS: Final = {
    "gas_monitor": "gas monitors with alarm",
    "distance_met": "protective distance kept",
    "accident_water": "basin for accident water",
    "clean_water": "clean-water system",
    "rain_water": "rain-water system",
    "waste_water": "waste-water treatment",
    "waste_managed": "hazardous waste managed",
    "discharge_route": "discharge route",
    "to_plant": "to a treatment plant",
    "people_500m": "people within 500 m",
    "people_1km": "people within 1 km",
    "people_5km": "people within 5 km",
    "special_area_5km": "protected area within 5 km",
    "drinking_water_10km": "drinking water within 10 km below",
    "sensitive_water_10km": "sensitive water within 10 km below",
    "crosses_province_24h": "provincial border within 24 hours",
    "crosses_nation_24h": "national border within 24 hours",
    "karst_or_flood_area": "karst or flood land",
    "penalty_upgrade": "upgrade by a penalty",
}
"""Names of the rules -> their words."""

PER_MILLION_KM: Final = "per million km"


def in_words(text: str) -> str:
    """Return a text of the grading with its names in words.

    Parameters
    ----------
    text : str
        A step, or a row of the rules.
    """
    for name, told in CONTROLS.items():
        text = re.sub(rf"\b{name}\b", told, text)
    text = re.sub(r"\bQ (air|water) below", r"Q by \1 below", text).replace(
        "discharge route none", "no discharge"
    )
    return text.replace("_", " ")


def told_tornado(tornado: xr.Dataset) -> xr.Dataset:
    """Return the tornado with labels that stand alone: heads named, rates per million kilometres.

    Parameters
    ----------
    tornado : xarray.Dataset
        The group ``/tornado``; parameters of a head of loss share their label with those of the other heads.
    """
    label, unit = tornado["label"].values.astype(object), tornado["unit"].values.astype(object)
    texts = {name: tornado[name].values.astype(object) for name in ("value", "low", "high")}
    for i, full in enumerate(tornado["parameter"].values.astype(str)):
        name = full.rpartition(":")[2]
        head = next((k for k, h in enumerate(HEADS) if name.startswith(f"{h}_")), None)
        if head is not None and not str(label[i]).startswith(HEAD_WORDS[head]):
            label[i] = f"{HEAD_WORDS[head]}: {str(label[i])[:1].lower()}{str(label[i])[1:]}"
        if unit[i] == "1/km":
            unit[i] = PER_MILLION_KM
            for values in texts.values():
                values[i] = _million(str(values[i]))
    changed = {"label": label, "unit": unit, **texts}
    return tornado.assign(
        {name: ("parameter", np.array(values, dtype=str)) for name, values in changed.items()}
    )


def _million(text: str) -> str:
    try:
        return significant(1e6 * float(text), 4).replace(",", "")
    except ValueError:
        return text
