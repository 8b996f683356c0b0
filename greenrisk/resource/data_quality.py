# SPDX-License-Identifier: Apache-2.0
"""What may be wrong with a book that every cell of it is allowed to say: gaps, doubles, the implausible, the misplaced.

A table that breaks its own rules is refused at the door (:mod:`greenrisk.core.tables`); what is found here is told, in
the ledger and in a table, and nothing is changed or dropped. The bounds are judgements; each says what it means.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from greenrisk.core.ledger import Ledger
from greenrisk.resource.accumulation import accumulation_county, accumulation_grid
from greenrisk.resource.book import FOREST_TYPES, SPECIES_GROUPS, Book
from greenrisk.resource.landscape import Landscape
from greenrisk.resource.misplaced import Centres, misplaced
from greenrisk.resource.quality_spec import DataQualitySpec

Stands = NDArray[np.int64]

LIVES_TO: Final = {"conifer": 150.0, "broadleaf": 300.0, "mixed": 200.0, "bamboo": 15.0}
"""Age above which a stand (of bamboo: a culm) is hardly of this kind, a judgement [year]. Ancient trees are insured by
the tree."""

PLACEHOLDERS: Final = frozenset(
    {
        "",
        "-",
        "--",
        "/",
        "?",
        "n/a",
        "na",
        "nan",
        "none",
        "null",
        "unknown",
        "tbd",
        "未知",
        "不详",
        "无",
        "待定",
    }
)
"""Texts, in small letters, that fill a cell and say nothing."""

EXAMPLES: Final = 5
"""Stands that a finding names."""


class Check(NamedTuple):
    """One question to the book."""

    name: str
    """As in the result."""

    label: str
    """For a reader."""

    meaning: str
    """What a finding means and how to mend it."""

    find: Callable[[], tuple[Stands, Callable[[int], str]]]
    """Returns the stands, worst first, and what to say of one."""


def data_quality(
    book: Book,
    landscape: Landscape,
    products: pd.DataFrame | None,
    ledger: Ledger,
    spec: DataQualitySpec | None = None,
    centres: Centres | None = None,
) -> dict[str, xr.Dataset]:
    """Return the groups below ``/data_quality``; every finding is told in the ledger.

    Parameters
    ----------
    book : Book
        The insured stands.
    landscape : Landscape
        Stands and the forest around them.
    products : DataFrame or None
        A table of :data:`~greenrisk.resource.burning_cost.PRODUCTS`, whose sums insured make the band seen; without it
        the band is not checked, which is told.
    ledger : Ledger
        Takes one line for each check that found something.
    spec : DataQualitySpec, optional
        The bounds; empty: as they ship.
    centres : Centres, optional
        Centres of the counties; empty: stands outside their county are looked for by neighbours.

    Returns
    -------
    dict of str to xarray.Dataset
        ``/data_quality/checks`` by ``check``: ``label``, ``count`` of stands [1], ``share`` of the sum insured [1],
        ``examples``: the worst, as text, ``meaning``. ``/data_quality/accumulation_grid``,
        ``/data_quality/accumulation_county``: see :mod:`.accumulation`.
    """
    spec = spec or DataQualitySpec()
    total = float(book.sum_insured.sum())
    names = ("check", "label", "count", "share", "examples", "meaning")
    rows: dict[str, list[object]] = {key: [] for key in names}
    for check in _checks(book, landscape, products, ledger, spec, centres):
        stands, tell = check.find()
        share = float(book.sum_insured[stands].sum()) / total
        examples = "; ".join(f"{book.ids[stand]}: {tell(int(stand))}" for stand in stands[:EXAMPLES])
        for key, value in zip(
            rows, (check.name, check.label, float(stands.size), share, examples, check.meaning), strict=True
        ):
            rows[key].append(value)
        if stands.size:
            ledger.add(
                "unreliable",
                f"book: {check.label}",
                f"{stands.size:,} stand{'' if stands.size == 1 else 's'} with {share:.2%} of the sum insured, kept as "
                f"they are ({examples}). {check.meaning}",
                count=int(stands.size),
            )
    checks = xr.Dataset({key: ("check", np.array(values)) for key, values in rows.items()})
    for name in ("count", "share"):
        checks[name].attrs["units"] = "1"
    checks.attrs["stands"] = len(book)
    return {
        "/data_quality/checks": checks.set_coords("check"),
        "/data_quality/accumulation_grid": accumulation_grid(book, landscape, spec.cells_km),
        "/data_quality/accumulation_county": accumulation_county(book, landscape),
    }


def seen_band(products: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Return the lowest and highest sum insured seen, by forest type [CNY/mu].

    Parameters
    ----------
    products : DataFrame
        A table of :data:`~greenrisk.resource.burning_cost.PRODUCTS`.

    Notes
    -----
    Rows count that are per mu, hold one number, and name ``public`` or ``commercial`` forest; wetland, carbon,
    seedlings and ancient trees are other products.
    """
    per_mu = products[products["unit"] == "CNY/mu"]
    amount = pd.to_numeric(per_mu["sum_insured"], errors="coerce")
    bands = {}
    for kind in FOREST_TYPES:
        word = kind.split("_")[0]
        values = amount[per_mu["object"].str.lower().str.contains(word, regex=False)].dropna()
        if len(values):
            bands[kind] = (float(values.min()), float(values.max()))
    return bands


def _checks(
    book: Book,
    landscape: Landscape,
    products: pd.DataFrame | None,
    ledger: Ledger,
    spec: DataQualitySpec,
    centres: Centres | None,
) -> list[Check]:
    lives = np.array([LIVES_TO[name] for name in SPECIES_GROUPS])[book.species]
    same_place = _repeats(np.column_stack([book.lon, book.lat]))
    doubled = _repeats(np.column_stack([book.lon, book.lat, book.area_ha]))
    owner = np.unique(book.owner, return_inverse=True)[1]
    held_twice = _repeats(np.column_stack([owner, book.species, book.area_ha]))
    held_twice[doubled >= 0] = -1
    same_place[doubled >= 0] = -1

    def where(bad: NDArray[np.bool_], badness: NDArray[np.float64]) -> Stands:
        found = np.flatnonzero(bad)
        return found[np.argsort(-badness[found], kind="stable")]

    def twice(first: Stands) -> tuple[Stands, Callable[[int], str]]:
        return where(first >= 0, book.sum_insured), lambda i: f"as {book.ids[first[i]]}"

    low, high = _band(book, products, ledger)
    rate = book.sum_insured_per_mu
    beyond = np.maximum(low / rate, rate / high)
    outside = misplaced(book, landscape, spec.neighbours, spec.reach_km, spec.ratio, centres, ledger)
    blank = {name: _blank(getattr(book, name)) for name in ("owner", "township")}
    no_name = blank["owner"] | blank["township"]
    size = np.maximum(book.area_ha / spec.largest_ha, spec.smallest_ha / book.area_ha)
    return [
        Check(
            "missing_name",
            "no owner or township",
            "The cell is filled, but not with a name. Such stands cannot be checked against their owner; fill them in.",
            lambda: (
                where(no_name, book.sum_insured),
                lambda i: ", ".join(name for name in blank if blank[name][i]),
            ),
        ),
        Check(
            "missing_age",
            "age 0",
            "Planted this year, or not known and filled with a zero: they count as young. Fill in the age.",
            lambda: (where(book.age == 0, book.sum_insured), lambda i: f"{book.species_group[i]}"),
        ),
        Check(
            "age",
            "older than the species lives",
            "Years of planting taken for ages, a wrong species group, or for bamboo the age of the grove instead of "
            "its culms. They count as old, which the damage laws depend on. Bounds: "
            + ", ".join(f"{name} {years:.0f}" for name, years in LIVES_TO.items())
            + " years (judged).",
            lambda: (
                where(book.age > lives, book.age / lives),
                lambda i: f"{book.species_group[i]} of {book.age[i]:g} years",
            ),
        ),
        Check(
            "area",
            "implausible area",
            f"Below {spec.smallest_ha:g} ha or above {spec.largest_ha:g} ha: mu and hectares may be mixed up "
            "(15 mu = 1 ha), or several stands stand in one row.",
            lambda: (where(size > 1.0, size), lambda i: f"{book.area_ha[i]:g} ha"),
        ),
        Check(
            "insured_share",
            "hardly insured",
            f"An insured share below {spec.smallest_insured_share:.0%} looks like a percentage divided by 100 twice.",
            lambda: (
                where(book.insured_share < spec.smallest_insured_share, 1.0 / book.insured_share),
                lambda i: f"{book.insured_share[i]:g}",
            ),
        ),
        Check(
            "sum_insured",
            "sum insured out of the seen band",
            "Nothing seen on public pages is insured so: per hectare instead of per mu, or of the whole stand? Seen: "
            + (_band_text(products) or "no table of products was given")
            + ".",
            lambda: (where(beyond > 1.0, beyond), lambda i: f"{rate[i]:g} CNY/mu, {book.forest_type[i]}"),
        ),
        Check(
            "same_place_and_area",
            "same centre and area",
            "The same stand twice under two identifiers: its sum insured counts twice. The first is not counted here.",
            lambda: twice(doubled),
        ),
        Check(
            "same_place",
            "same centre, another area",
            "Stands given the coordinates of their village or township: what lies at one point burns and falls "
            "together, so that events look larger than they are.",
            lambda: twice(same_place),
        ),
        Check(
            "same_owner_area_species",
            "same owner, area and species",
            "Possibly entered twice at two places, or by chance: areas are rounded and large owners have many stands. "
            "Compare the rows.",
            lambda: twice(held_twice),
        ),
        Check(
            "outside_county", "outside its county", outside.meaning, lambda: (outside.stands, outside.tell)
        ),
    ]


def _band(
    book: Book, products: pd.DataFrame | None, ledger: Ledger
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    bands = {} if products is None else seen_band(products)
    for kind in sorted(set(map(str, np.unique(book.forest_type))) - set(bands)):
        ledger.add(
            "unreliable",
            f"book: sum insured of {kind} forest",
            "No sum insured seen elsewhere was given for it (`reference.products`): its band is not checked.",
        )
    low, high = np.zeros(len(book)), np.full(len(book), np.inf)
    for kind, (least, most) in bands.items():
        here = book.forest_type == kind
        low[here], high[here] = least, most
    return low, high


def _band_text(products: pd.DataFrame | None) -> str:
    bands = {} if products is None else seen_band(products)
    return ", ".join(f"{kind} {low:g} to {high:g} CNY/mu" for kind, (low, high) in bands.items())


def _blank(text: NDArray[np.str_]) -> NDArray[np.bool_]:
    names, which = np.unique(text, return_inverse=True)
    return np.array([str(name).strip().lower() in PLACEHOLDERS for name in names])[which]


def _repeats(key: NDArray[np.float64]) -> Stands:
    """Return the first stand with the same key, -1 for the first itself, shape (stands,)."""
    _, first, which = np.unique(key, axis=0, return_index=True, return_inverse=True)
    of_group = first[which.ravel()].astype(np.int64)
    return np.where(of_group == np.arange(len(key)), -1, of_group)
