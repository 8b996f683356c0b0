# SPDX-License-Identifier: Apache-2.0
"""Words of index covers as a reader meets them: treatments, laws, quadrants, arrangements, checks."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.wording import MISSING, as_printed, money, quantity, significant, unit_words, whole

TREATMENT_NAMES: Final = {
    "none": "Record as it is",
    "linear": "Straight line taken out",
    "step": "Years before the step moved to the level after it",
    "post_break": "Only the years after the step",
}
"""Treatment of a record -> its words."""

FAMILY_NAMES: Final = {
    "normal": "Normal",
    "lognormal": "Lognormal",
    "gamma": "Gamma",
    "gumbel": "Gumbel",
    "gev": "Generalised extreme value (GEV)",
    "empirical": "Empirical: the values of the years",
    "poisson": "Poisson number of events",
    "negative_binomial": "Negative binomial number of events",
}
"""Law of the yearly index -> its words."""

ARRANGEMENT_NAMES: Final = {
    "none": "No cover",
    "index": "Index cover, charged like full indemnity",
    "index_quoted": "Index cover at its quoted premium",
    "sites": "Cover of the sites",
    "sites and index": "Both covers",
    "indemnity": "Full indemnity",
}
"""What a buyer can have -> its words."""

PAID_LAYERS: Final = ("paid", "gross", "insured")
"""Layer of what the cover pays, by the names that studies give it."""


def paid_layer(data: xr.Dataset) -> str | None:
    """Return the layer of what the cover pays; None where a group has none."""
    return next((name for name in PAID_LAYERS if name in data["layer"].values), None)


def quiet_share(losses: xr.Dataset) -> float:
    """Return the share of simulated years in which the cover pays nothing; 0 where the group has no such layer."""
    layer = paid_layer(losses)
    return 0.0 if layer is None else float((losses["loss"].sel(layer=layer).values <= 0).mean())


def told(names: dict[str, str], key: object) -> str:
    """Return the words of a key; any other text with its underscores as blanks and a capital letter."""
    text = str(key)
    plain = text.replace("_", " ")
    return names.get(text, plain[:1].upper() + plain[1:])


def texts(data: xr.Dataset, name: str) -> list[str]:
    """Return a variable of texts as a list; blanks where the group has none."""
    if name not in data.variables:
        return [""] * next(iter(data.sizes.values()), 0)
    return [str(value) for value in data[name].values]


def numbers(data: xr.Dataset, name: str) -> np.ndarray:
    """Return a variable as floats; NaN where the group has none."""
    if name not in data.variables:
        return np.full(next(iter(data.sizes.values()), 0), np.nan)
    return np.asarray(data[name].values, dtype=float)


def spoken(data: xr.Dataset, *names: str) -> xr.Dataset:
    """Return a group with the underscores in names that a user gave as blanks."""
    return data.assign(
        {
            name: (data[name].dims, np.char.replace(data[name].values.astype(str), "_", " "))
            for name in names
            if name in data.variables
        }
    )


def priced(treatments: xr.Dataset) -> np.ndarray:
    """Return the pure premium that a treatment would be charged: by its law, by the mean of its years without one.

    Parameters
    ----------
    treatments : xarray.Dataset
        The group ``/treatments``.

    Returns
    -------
    numpy.ndarray
        Over (treatment) [CNY/year]; NaN where it gives no price.
    """
    law, burn = (numbers(treatments, name) for name in ("pure_premium_law", "pure_premium_burn"))
    return np.where(np.isfinite(law), law, burn)


def by_law(treatments: xr.Dataset) -> bool:
    """Whether the treatment that is used is charged by a law that is not the mean of its years."""
    law, burn = (numbers(treatments, name) for name in ("pure_premium_law", "pure_premium_burn"))
    used = numbers(treatments, "chosen") > 0
    return bool((used & np.isfinite(law) & ~np.isclose(law, burn, rtol=1e-9, atol=0.0)).any())


def amount(value: float, unit: str, digits: int = 3) -> str:
    """Return a value with its unit; years are counted, and whole where they are."""
    if not np.isfinite(value):
        return MISSING
    if unit in ("year", "years"):
        return f"{whole(value) if float(value).is_integer() else significant(value, digits)}\u00a0years"
    return quantity(value, unit, digits)


def plain(text: str) -> str:
    """Return a text of the model as the page has it: units, signs and per cent, without what names keys or files."""
    text = " ".join(one for one in re.split(r"(?<=[.;:]) ", text) if "`" not in one and "_" not in one)
    return as_printed(
        text.replace("1e8 m3/year", unit_words("1e8 m3/year")).replace("unitless", "").replace("  ", " ")
    )


def rounded(text: str) -> str:
    """Return a text with its amounts in the figures of a page: ``CNY 17,037,935`` becomes ``CNY 17.0 million``."""
    return re.sub(
        r"CNY[ \u00a0](\d{1,3}(?:,\d{3})+)(?![,.]?\d)",
        lambda found: money(float(found[1].replace(",", ""))),
        text,
    )


def chance(value: float) -> str:
    """Return a p-value: two digits, and no smaller than a simulation can tell."""
    if not np.isfinite(value):
        return MISSING
    return "under 0.001" if value < 0.001 else significant(value, 2)


NEAR: Final = 0.12
"""Distance from a whole number up to which a ratio is told as one word [unitless]."""


def fold(ratio: float) -> str:
    """Return how many times one number is another, as one word where it is near a whole: ``fourfold``."""
    words = {2: "twofold", 3: "threefold", 4: "fourfold", 5: "fivefold", 6: "sixfold", 7: "sevenfold"}
    near = round(ratio)
    return words[near] if near in words and abs(ratio - near) < NEAR else f"{significant(ratio, 2)}-fold"
