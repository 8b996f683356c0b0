# SPDX-License-Identifier: Apache-2.0
"""What a heavy tail does to a simulation error: a few years carry the loss, and a run that misses them hides it."""

from __future__ import annotations

from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.pages.zone_words import HEAD_NAMES, group
from greenrisk.report.wording import money, percent, whole

FEW: Final = 10
"""Dearest years whose part of the loss is told."""

MUCH: Final = 0.05
"""Part of the loss in those years from which the error is called misleading [unitless]."""


def tail_sentence(tree: xr.DataTree) -> str:
    """Say what part of the loss the dearest years carry, and what closed form gives; empty where they carry little.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of the zone study.
    """
    losses, methods = group(tree, "losses"), group(tree, "second_method")
    if losses is None:
        return ""
    loss = np.sort(losses["loss"].sel(layer="ground_up").values.astype(float))[::-1]
    if loss.size <= FEW or not loss.sum() > 0:
        return ""
    part = float(loss[:FEW].sum() / loss.sum())
    if part < MUCH:
        return ""
    told = (
        f"What accidents cost is told in closed form, because the ± of a simulated loss without a limit misleads: the "
        f"{FEW} dearest of {whole(loss.size)} simulated years carry {percent(part)} of it, and a run that happens to "
        "miss such years shows a smaller loss with a smaller ±."
    )
    if methods is not None and "loss" in methods["quantity"].values:
        one = methods.sel(quantity="loss")
        told += (
            f" Closed form gives {money(float(one['closed_form']))} a year, the simulation "
            f"{money(float(one['simulated']))}. The ± of what no policy pays is that of the payments alone."
        )
    return told


def head_errors(tree: xr.DataTree) -> dict[str, float]:
    """Return the simulation error of the expected loss of each head [CNY/year]; empty where the run has none.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of the zone study.
    """
    methods = group(tree, "second_method")
    if methods is None:
        return {}
    return {
        str(name): float(methods["standard_error"].sel(quantity=name))
        for name in methods["quantity"].values
        if str(name) in HEAD_NAMES
    }
