# SPDX-License-Identifier: Apache-2.0
"""Policies seen in public documents beside what the model asks for the same terms: illustrations, no official tariff.

What lives here: the model's premiums under each preset. What does not: how presets are read
(:mod:`greenrisk.pollution.liability.presets`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.liability.events import BLOCK_LENGTH, simulate_block
from greenrisk.pollution.liability.laws import ZoneLaws
from greenrisk.pollution.liability.policy_terms import terms_of
from greenrisk.pollution.liability.premium import PlantPremiums, technical_premiums
from greenrisk.pollution.liability.presets import Preset
from greenrisk.pollution.liability.terms import apply_terms
from greenrisk.pollution.liability.zone_year import gather, part

ENDS: Final = ("low", "median", "high")
"""The cheapest plant, the plant in the middle and the dearest one."""


def preset_group(
    presets: Mapping[str, Preset],
    laws: ZoneLaws,
    limit: ArrayLike,
    loadings: Loadings,
    *,
    seed: int,
    blocks: int,
    years: int = BLOCK_LENGTH,
) -> xr.Dataset:
    """Return the group ``presets``: what a document asks for a policy, and what the model asks for its terms.

    Parameters
    ----------
    presets : mapping of str to Preset
        By name, at least one.
    laws : ZoneLaws
        Of the central cards.
    limit : array, shape (plants,)
        Limit of the cover in force; 0: uninsured, and not priced here either [CNY].
    loadings : Loadings
        Those of the premiums.
    seed, blocks, years : int
        Seed, how many blocks, years of each [year]. Presets share their accidents.

    Returns
    -------
    xarray.Dataset
        By ``preset``: ``limit`` of an accident [CNY], ``base_premium`` as the document has it, before any factor of the
        insured [CNY/year], ``base_rate_on_line`` [1], ``model_premium``: the model's mean over the insured plants with
        ``model_payments`` behind it and their ``model_payments_error`` (simulation) [CNY/year], ``model_rate_on_line``
        and ``model_over_base`` [1], ``source``, ``status``; by ``preset`` and ``plant_place`` (low, median, high):
        ``model_premium_of_plants`` [CNY/year].

    Notes
    -----
    Every insured plant is given the preset in place of its own policy, with the terms that the document states: no
    deductible, accidents of the year. The model's premium carries the cost of capital and expenses of a zone in which
    all have that policy.
    """
    if not presets:
        raise ArgumentError(Fault("presets", "no preset", "At least one policy was expected."))
    most = np.asarray(limit, dtype=np.float64)
    insured = most > 0.0
    terms = {name: terms_of(preset.policy, most) for name, preset in presets.items()}
    parts: dict[str, list[xr.Dataset]] = {name: [] for name in presets}
    for block in range(blocks):
        drawn = simulate_block(laws, seed, "main", block, years=years)
        for name, given in terms.items():
            parts[name].append(part(drawn, apply_terms(drawn, given), most.size))
    found = {
        name: technical_premiums(gather(iter(blocks_of), blocks, years), insured, loadings)
        for name, blocks_of in parts.items()
    }
    return _group(presets, found, insured)


def _group(
    presets: Mapping[str, Preset], found: Mapping[str, PlantPremiums], insured: np.ndarray
) -> xr.Dataset:
    count = float(insured.sum())
    one = [float(preset.policy.accident_limit_cny or np.nan) for preset in presets.values()]
    base = np.array([preset.premium for preset in presets.values()])
    gross = np.array([each.gross.sum() / count for each in found.values()])
    paid = np.array([each.row("pure_premium").sum() / count for each in found.values()])
    error = np.array([float(each.zone.error.pure[0]) / count for each in found.values()])
    ends = np.array([np.quantile(each.gross[insured], (0.0, 0.5, 1.0)) for each in found.values()])
    columns = {
        "limit": (np.array(one), "CNY", "Limit of an accident"),
        "base_premium": (base, "CNY/year", "Base premium of the document"),
        "base_rate_on_line": (base / one, "1", "Base premium over limit"),
        "model_premium": (
            gross,
            "CNY/year",
            "The model's premium for these terms, mean of the insured plants",
        ),
        "model_payments": (paid, "CNY/year", "Expected payments behind it"),
        "model_payments_error": (error, "CNY/year", "Their simulation error"),
        "model_rate_on_line": (gross / one, "1", "The model's premium over limit"),
        "model_over_base": (gross / base, "1", "The model's premium over the document's base premium"),
    }
    data: dict[str, tuple[tuple[str, ...], np.ndarray, dict[str, str]]] = {
        name: (("preset",), np.asarray(values), {"units": unit, "long_name": told})
        for name, (values, unit, told) in columns.items()
    }
    for name in ("source", "status"):
        texts = np.array([str(getattr(preset, name)) for preset in presets.values()])
        data[name] = (("preset",), texts, {})
    data["model_premium_of_plants"] = (
        ("preset", "plant_place"),
        ends,
        {"units": "CNY/year", "long_name": "The model's premium of the cheapest, middle and dearest plant"},
    )
    return xr.Dataset(
        data,
        coords={"preset": list(presets), "plant_place": list(ENDS)},
        attrs={"title": "Policies seen in public documents: illustrations", "plants": int(count)},
    )
