# SPDX-License-Identifier: Apache-2.0
"""Sums over the issuers of a sector: what is kept of every year, however many issuers there are.

What lives here: the sums of a block, and the groups made of their sum over blocks. An issuer stands in its main sector.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.issuer.attribution import Attribution
from greenrisk.issuer.block_parts import SHOWN_LINES
from greenrisk.issuer.channels.base import CHARGES, Channel, Setting
from greenrisk.issuer.credit.altman import DISTRESS, GREY, SAFE
from greenrisk.issuer.credit.domains import MISSING
from greenrisk.issuer.model import MEASURED, Outcome
from greenrisk.issuer.result_groups import FLOWS

Floats = NDArray[np.float64]
Part = dict[str, tuple[tuple[str, ...], NDArray[np.generic]]]

SUMMED: Final = ("scenario", "sector", "year")
"""Dimensions of a sum."""

PREFIX: Final = "sector_"
"""How the names of sums begin in a part."""


def sum_by_sector(values: NDArray[np.generic], setting: Setting, known: NDArray[np.bool_]) -> Floats:
    """Return sums over the issuers of each sector, shape (..., sector, year).

    Parameters
    ----------
    values : array, shape (..., issuer, year)
        Of a block.
    setting : Setting
        The block.
    known : array of bool, shape (..., issuer, year)
        What enters the sum.
    """
    issuers = setting.issuers
    taken = np.where(known, values, 0.0)
    out = np.zeros((*taken.shape[:-2], len(issuers.sectors), taken.shape[-1]))
    for sector in np.unique(issuers.sector):
        out[..., sector, :] = taken[..., issuers.sector == sector, :].sum(axis=-2)
    return out


def sector_part(
    setting: Setting, outcome: Outcome, parts: Mapping[str, Attribution], channels: Sequence[Channel]
) -> Part:
    """Return the sums of a block under the base variant.

    Parameters
    ----------
    setting : Setting
        The block, with the base variant alone.
    outcome : Outcome
        What it does.
    parts : mapping of str to Attribution
        What each channel does to each quantity of :data:`greenrisk.issuer.model.MEASURED`.
    channels : sequence of Channel
        Those that are on.

    Notes
    -----
    A sum is over the issuers whose figure is known in the cell. Those of a measure are over the issuers for whom the
    joint change and that of every channel are known, so that joint = sum of alone + interaction holds for the sums.
    """
    credit, shape = outcome.credit, setting.shape

    def cell(values: NDArray[np.generic]) -> NDArray[np.generic]:
        whole: NDArray[np.generic] = np.broadcast_to(values, shape)[0]
        return whole

    def known_sum(values: NDArray[np.generic]) -> Floats:
        whole = cell(values)
        return sum_by_sector(whole, setting, ~np.isnan(whole))

    def number(where: NDArray[np.bool_]) -> Floats:
        return sum_by_sector(np.ones(where.shape), setting, where)

    annual = np.broadcast_to(credit.carried.annual_probability, shape)[0]
    debt = np.broadcast_to(credit.exposure, shape)[0]
    seen = ~np.isnan(annual) & ~np.isnan(debt)
    reads = np.array([channel.reads(setting) for channel in channels], dtype=bool).reshape(-1, shape[2])
    readings = credit.lenses.readings.values()
    everyone = np.ones((shape[2], 1), dtype=bool)
    data: Part = {
        "issuers": (("sector",), number(everyone)[:, 0]),
        "line": (
            ("line", *SUMMED),
            np.stack([known_sum(outcome.rolled.lines[name]) for name in SHOWN_LINES]),
        ),
        "charge": (("charge", *SUMMED), np.stack([known_sum(outcome.effects.get(name)) for name in CHARGES])),
        "rolled": (SUMMED, number(~np.isnan(cell(outcome.rolled.lines["equity"])))),
        "exposure": (SUMMED, known_sum(debt)),
        "expected_loss": (SUMMED, known_sum(credit.expected_loss)),
        "seen": (SUMMED, number(seen)),
        "seen_debt": (SUMMED, sum_by_sector(debt, setting, seen)),
        "default": (SUMMED, sum_by_sector(annual * debt, setting, seen)),
        "apart": (SUMMED, number(cell(credit.lenses.apart).astype(bool))),
        "reads": (("channel", "sector"), sum_by_sector(reads[..., None], setting, reads[..., None])[..., 0]),
        "answers": (("lens", *SUMMED), np.stack([number(cell(one.reason) == MISSING) for one in readings])),
    }
    for name, zone in (("distress", DISTRESS), ("grey", GREY), ("safe", SAFE)):
        data[name] = (("lens", *SUMMED), np.stack([number(cell(one.zone) == zone) for one in readings]))
    found: dict[str, list[Floats]] = {}
    for quantity in MEASURED:
        one = parts[quantity]
        known = ~np.isnan(one.joint[0])
        for by in (one.alone, one.last):
            known &= ~np.isnan(by[:, 0]).any(axis=0)
        found.setdefault("told", []).append(number(known))
        for name in ("without", "joint", "interaction"):
            found.setdefault(name, []).append(sum_by_sector(getattr(one, name)[0], setting, known))
        for name in ("alone", "last"):
            found.setdefault(name, []).append(sum_by_sector(getattr(one, name)[:, 0], setting, known))
    for name, values in found.items():
        dims = ("measure", "channel", *SUMMED) if name in ("alone", "last") else ("measure", *SUMMED)
        data[name] = (dims, np.stack(values))
    return {f"{PREFIX}{name}": entry for name, entry in data.items()}


def sector_groups(
    sums: xr.Dataset, channels: Sequence[Channel], lenses: Sequence[str], money: str
) -> dict[str, xr.Dataset]:
    """Return the groups of sums by scenario, sector and year.

    Parameters
    ----------
    sums : Dataset
        The sums of :func:`sector_part` over all blocks, with coordinates ``scenario``, ``sector`` and ``year``.
    channels : sequence of Channel
        Those that are on.
    lenses : sequence of str
        Names of the lenses.
    money : str
        Unit of money.

    Returns
    -------
    dict of str to Dataset
        ``/sector_years``: lines, charges, debt and losses [million], default rate weighted by debt [1], counts of
        issuers. ``/sector_channels``: what each channel does alone and last in, all jointly, and their interaction.
        ``/sector_lenses``: how many issuers a lens answers for, and how many it puts in each zone.
    """
    # A sector that is nobody's main one has no row.
    held = sums.isel(sector=np.flatnonzero(sums[f"{PREFIX}issuers"].values > 0))
    places = {name: held[name].values for name in SUMMED}

    def of(name: str) -> Floats:
        values: Floats = held[f"{PREFIX}{name}"].values
        return values

    yearly, counted = {"units": f"{money}/year"}, {"units": "1"}
    line, charge = of("line"), of("charge")
    data: dict[str, tuple[tuple[str, ...], NDArray[np.generic], dict[str, str]]] = {
        name: (SUMMED, line[k], yearly if name in FLOWS else {"units": money})
        for k, name in enumerate(SHOWN_LINES)
    }
    data |= {name: (SUMMED, charge[k], yearly) for k, name in enumerate(CHARGES)}
    data["exposure"] = (SUMMED, of("exposure"), {"units": money})
    data["expected_loss"] = (SUMMED, of("expected_loss"), {"units": money})
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(of("seen_debt") > 0.0, of("default") / of("seen_debt"), np.nan)
    data["default_rate"] = (SUMMED, rate, {"units": "1/year"})
    shape = rate.shape
    data["issuers"] = (SUMMED, np.broadcast_to(of("issuers")[:, None], shape).astype(np.int64), counted)
    for name, source in (
        ("with_statement", "rolled"),
        ("with_probability", "seen"),
        ("lenses_apart", "apart"),
    ):
        data[f"issuers_{name}"] = (SUMMED, of(source).astype(np.int64), counted)
    groups = {"/sector_years": xr.Dataset(data, coords=places)}
    zones = {name: (("lens", *SUMMED), of(name).astype(np.int64), counted) for name in _ZONES}
    groups["/sector_lenses"] = xr.Dataset(zones, coords={**places, "lens": list(lenses)})
    names = np.array([channel.name for channel in channels], dtype=str)
    group = xr.Dataset(coords={**places, "measure": list(MEASURED), "channel": names})
    for name, source in (("alone", "alone"), ("last_in", "last")):
        group[name] = (("measure", "channel", *SUMMED), of(source), {"units": "see unit"})
    for name in ("without", "joint", "interaction"):
        group[name] = (("measure", *SUMMED), of(name), {"units": "see unit"})
    group["issuers"] = (("measure", *SUMMED), of("told").astype(np.int64), counted)
    group["unit"] = ("measure", np.array([unit.replace("million", money) for unit in MEASURED.values()]))
    group["reads"] = (("channel", "sector"), of("reads").astype(np.int64), counted)
    return groups | {"/sector_channels": group}


_ZONES: Final = ("answers", "distress", "grey", "safe")
