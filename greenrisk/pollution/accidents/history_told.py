# SPDX-License-Identifier: Apache-2.0
"""What the report says of the zone's own history: seen beside expected, and what it did to the common numbers."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.core.ledger import Ledger
from greenrisk.core.variants import Values
from greenrisk.pollution.accidents.exposure import Exposure
from greenrisk.pollution.accidents.own_history import Belief, Beliefs, Learned, Seen, as_far_out, learn
from greenrisk.pollution.accidents.rates import Rates
from greenrisk.pollution.inventory import Floats, History
from greenrisk.pollution.tables import HISTORY_KINDS, HISTORY_PLACES

IMPROBABLE: Final = 0.01
"""Predictive probability of the own history below which the ledger calls the cards' frequency unreliable [unitless]."""

_COMMON: Final = {"site": "frequency factor of transfer", "road": "rate of a vehicle-km"}
_WHERE: Final = {"site": "on site", "road": "on the road"}


def own_history_group(exposure: Exposure, rates: Rates, values: Values, beliefs: Beliefs) -> xr.Dataset:
    """Return the group ``/checks/own_history``: accidents seen in the observed years beside those expected of them.

    Parameters
    ----------
    exposure : Exposure
        Own years and accidents.
    rates : Rates
        Of the central cards.
    values : mapping
        Central values of the card of accidents.
    beliefs : Beliefs
        What the cards believe of the common numbers.

    Returns
    -------
    xarray.Dataset
        By ``place`` (site, road): ``plants`` observed, ``plant_years``, ``observed`` accidents, ``expected`` ones by
        the central cards before the history. ``probability`` of a count as far out: by the cards in their central
        values, plants differing by their gamma law; ``probability_poisson``: plants not differing;
        ``probability_in_doubt``: the common number in doubt as well. The common number (accidents in China for one
        abroad; accidents of a loaded vehicle-km) with its 90 % interval before and after the history,
        ``common_before_low`` and so on. NaN where nothing was observed or expected.
    """
    shape = float(values["plant_shape"])
    parts = {
        "site": (
            exposure.accidents,
            exposure.years,
            rates.prior / rates.transfer,
            rates.transfer_before,
            rates.transfer,
            beliefs.frequency_factor,
        ),
        "road": (
            exposure.road_accidents,
            np.where(exposure.km > 0.0, exposure.road_years, 0.0),
            exposure.km,
            rates.per_km_before,
            rates.per_km,
            beliefs.rate_per_vehicle_km,
        ),
    }
    rows = [_row(*part, shape) for part in parts.values()]
    units = {"plants": "1", "plant_years": "year", "observed": "1", "expected": "1"}
    return xr.Dataset(
        {
            name: (
                "place",
                np.array([row[name] for row in rows]),
                {"units": units.get(name, "see place" if name.startswith("common") else "unitless")},
            )
            for name in rows[0]
        },
        coords={"place": np.array(list(parts))},
        attrs={
            "improbable": IMPROBABLE,
            "common_site": "accidents in China for one abroad [unitless]",
            "common_road": "accidents of a loaded vehicle in China [1/km]; no transfer stands on it",
        },
    )


def _row(
    counts: Floats,
    years: Floats,
    at_one: Floats,
    before: float,
    after: float,
    belief: Belief | None,
    shape: float,
) -> dict[str, float]:
    """Return one row: plants of a place."""
    on = years > 0.0
    seen = Seen(counts, at_one * years, shape)
    expected = seen.expected * before
    observed = int(counts.sum())
    found = {
        "plants": float(on.sum()),
        "plant_years": float(years.sum()),
        "observed": float(observed) if on.any() else math.nan,
        "expected": float(expected.sum()) if on.any() else math.nan,
    }
    known = seen.any
    found["probability"] = as_far_out(expected, shape, observed) if known else math.nan
    found["probability_poisson"] = as_far_out(expected, math.inf, observed) if known else math.nan
    found["probability_in_doubt"] = as_far_out(expected, shape, observed, belief) if known else math.nan
    found |= {"common_before": before, **_ends("common_before", belief, None)}
    found |= {"common_after": after, **_ends("common_after", belief, learn(belief, seen))}
    return found


def _ends(name: str, belief: Belief | None, learned: Learned | None) -> dict[str, float]:
    """Return the 5 % and 95 % quantiles of a common number; without a law NaN."""
    ends = np.full(2, np.nan)
    if learned is not None:
        ends = np.array([learned.quantile(0.05), learned.quantile(0.95)])
    elif belief is not None:
        ends = belief.value(np.array([-1.6448536269514722, 1.6448536269514722]))
    return {f"{name}_low": float(ends[0]), f"{name}_high": float(ends[1])}


def tell_own_history(found: xr.Dataset, exposure: Exposure, history: History, ledger: Ledger) -> None:
    """Write to the ledger what the zone's own history says and what it moved.

    Parameters
    ----------
    found : xarray.Dataset
        From :func:`own_history_group`.
    exposure : Exposure
        Own years and accidents.
    history : History
        Accidents and penalties.
    ledger : Ledger
        Written to.
    """
    _tell_places(exposure, history, ledger)
    for place, where in _WHERE.items():
        row = found.sel(place=place)
        if not math.isfinite(float(row["probability"])):
            continue
        seen, expected = int(row["observed"]), float(row["expected"])
        told = f"{seen} accidents {where} in {float(row['plant_years']):,.0f} plant-years, {expected:.3g} expected"
        before, after = float(row["common_before"]), float(row["common_after"])
        if before != after:
            ledger.add(
                "assumption",
                f"own history {where}",
                f"{told}: the {_COMMON[place]} goes from {before:.3g} to {after:.3g} (90 % interval "
                f"{float(row['common_after_low']):.3g} to {float(row['common_after_high']):.3g}), in every draw by its "
                "rank; then each plant's own years move its own rate.",
                seen,
            )
        else:
            ledger.add(
                "assumption",
                f"own history {where}",
                f"{told}: the {_COMMON[place]} has no lognormal range, so that the history moves each plant alone.",
                seen,
            )
        chance = float(row["probability"])
        if chance < IMPROBABLE:
            ledger.add(
                "unreliable",
                f"own history {where}",
                f"{told}: by the central cards a count as far out has probability {chance:.2g} (Poisson "
                f"{float(row['probability_poisson']):.2g}; the {_COMMON[place]} in doubt as well "
                f"{float(row['probability_in_doubt']):.2g}). Either the cards do not fit this zone, or its table "
                "counts other accidents than they do.",
                seen,
            )
    if exposure.km.any():
        ledger.add(
            "assumption",
            "road and transfer",
            "The rate of a vehicle-km is one of China: the frequency factor of transfer does not act on the road.",
            int((exposure.km > 0.0).sum()),
        )


def _tell_places(exposure: Exposure, history: History, ledger: Ledger) -> None:
    """Tell where the history does not say whether an accident happened on site or on the road."""
    accident = history.kind == HISTORY_KINDS.index("accident")
    if history.place is None:
        if exposure.km.any():
            ledger.add(
                "assumption",
                "place of own accidents",
                "No history tells the place of accidents (column `place`): all count on site, and the road keeps the "
                "rate of its card.",
                int(accident.sum()),
            )
        return
    untold = int((accident & ~np.isin(history.place, range(len(HISTORY_PLACES)))).sum())
    if untold:
        ledger.add(
            "assumption",
            "place of own accidents",
            f"{untold} of {int(accident.sum())} accidents have no place: they count on site.",
            untold,
        )
