# SPDX-License-Identifier: Apache-2.0
"""The cards beside the statistics they were fitted to: counts by year, fires by class, the curve of sizes.

The intervals are predictive: they hold the randomness of a year and the uncertainty of the cards'
parameters, drawn jointly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincinv, ndtri

from greenrisk.core.cards import Card
from greenrisk.core.streams import stream
from greenrisk.resource.fire_tables import CLASS_BOUNDS, CLASS_LABELS, FirePanel
from greenrisk.resource.perils.fire_counts import count_law, poisson_quantile, trend_path
from greenrisk.resource.perils.fire_size import fire_size_law

DRAWS: Final = 2000
"""Joint draws of the cards behind each interval."""

CURVE_DRAWS: Final = 200
"""Joint draws behind the band of the size curve, each of which needs a body of its own."""

_LEVELS = (0.05, 0.95)


def draw_card(card: Card, draws: int, seed: int, *names: str) -> dict[str, NDArray[np.float64] | list[str]]:
    """Return joint draws of a card's parameters.

    Parameters
    ----------
    card : Card
        The card.
    draws : int
        How many.
    seed : int
        Seed of the stream.
    *names : str
        What the draws are for.

    Returns
    -------
    dict
        By parameter: an array of shape (draws,); a list of str for a choice.
    """
    uniforms = stream(seed, *names, card.name).random((draws, len(card.parameters)))
    table = [card.draw(row) for row in uniforms]
    return {
        name: [str(row[name]) for row in table]
        if isinstance(parameter.value, str)
        else np.array([float(row[name]) for row in table])
        for name, parameter in card.parameters.items()
    }


def predictive_counts(
    values: Mapping[str, NDArray[np.float64]],
    constants: Mapping[str, float],
    years: ArrayLike,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Draw the number of fires of each year from draws of an occurrence card.

    Parameters
    ----------
    values : mapping of str to array, shape (draws,)
        ``log_count``, ``trend``, ``damping``, ``year_effect_sd``, ``dispersion``.
    constants : mapping
        ``first_year`` and ``base_year``.
    years : array of int, shape (years,)
        Years asked for [year].
    rng : numpy.random.Generator
        Source of the uniforms.

    Returns
    -------
    array of int, shape (draws, years)
        Numbers of fires: parameters, year effect, own effect and chance all drawn.

    Notes
    -----
    The same law as :class:`greenrisk.resource.perils.fire_counts.CountLaw`, for many parameters at once.
    """
    years = np.atleast_1d(np.asarray(years, dtype=np.float64))
    path = np.array(
        [trend_path(constants["first_year"], constants["base_year"], years, d) for d in values["damping"]]
    )
    size = (values["damping"].size, years.size)
    uniform = np.clip(rng.random((3, *size)), 2.0**-53, None)
    sd, dispersion = values["year_effect_sd"][:, None], values["dispersion"][:, None]
    effect = sd * ndtri(uniform[0])
    gamma = gammaincinv(1 / dispersion, uniform[1]) * dispersion
    mean = np.exp(values["log_count"][:, None] + values["trend"][:, None] * path + effect) * gamma
    return poisson_quantile(uniform[2], mean)


def counts_check(card: Card, panel: FirePanel, province: str, underwriting_year: int) -> xr.Dataset:
    """Return the group ``/checks/counts``: observed fires, the fitted trend and the 90 % predictive interval.

    Parameters
    ----------
    card : Card
        A ``wildfire.occurrence`` card of the province.
    panel : FirePanel
        What was observed.
    province : str
        Which province.
    underwriting_year : int
        Last year shown; years after the data have no observation (NaN).

    Returns
    -------
    xarray.Dataset
        ``observed``, ``expected`` (central parameters, mean over year effects), ``low``, ``high`` by ``year`` [1/year].
    """
    first = int(panel.years[0])
    years = np.arange(first, max(underwriting_year, int(panel.years[-1])) + 1)
    observed = np.full(years.size, np.nan)
    observed[panel.years - first] = panel.fires[:, panel.index(province)]
    values = _numbers(draw_card(card, DRAWS, 0, "check", "counts"))
    drawn = predictive_counts(values, card.constants, years, stream(0, "check", "counts", "years"))
    low, high = np.quantile(drawn, _LEVELS, axis=0, method="inverted_cdf")
    expected = [count_law(card.values(), card.constants, int(year)).mean for year in years]
    dataset = xr.Dataset(
        {
            "observed": ("year", observed),
            "expected": ("year", np.array(expected)),
            "low": ("year", low.astype(np.float64)),
            "high": ("year", high.astype(np.float64)),
        },
        coords={"year": years},
        attrs={"province": province, "interval": "90 % predictive, parameter uncertainty included"},
    )
    return _with_unit(dataset, "1/year")


def classes_check(size: Card, tail: Card, panel: FirePanel, province: str, cap: float) -> xr.Dataset:
    """Return the group ``/checks/classes``: fires by official class, observed and expected by the size law.

    Parameters
    ----------
    size, tail : Card
        Cards of the uses ``wildfire.size`` and ``wildfire.tail``.
    panel : FirePanel
        What was observed.
    province : str
        Which province.
    cap : float
        Largest possible fire [ha].

    Returns
    -------
    xarray.Dataset
        ``observed``, ``expected``, ``low``, ``high`` by ``size_class`` [1], for all years of the panel together.

    Notes
    -----
    The first two classes are met by construction - their split is a parameter of the body. What is tested is how
    many fires above 100 ha and above 1,000 ha the pooled chance and the prior tail predict where there were none.
    """
    observed = panel.classes[:, panel.index(province)].sum(axis=0)
    fires = int(observed.sum())
    draws_size = draw_card(size, DRAWS, 0, "check", "classes")
    draws_tail = _numbers(draw_card(tail, DRAWS, 0, "check", "classes"))
    probability = np.array(
        [
            _class_probabilities(
                fire_size_law(
                    {name: draws_size[name][i] for name in draws_size},
                    {name: float(draws_tail[name][i]) for name in draws_tail},
                    cap,
                ).sf(1000.0),
                float(draws_size["share_under_1ha"][i]),
                float(draws_size["share_over_100ha"][i]) if cap > CLASS_BOUNDS[1] else 0.0,
            )
            for i in range(DRAWS)
        ]
    )
    drawn = stream(0, "check", "classes", "fires").multinomial(fires, probability)
    low, high = np.quantile(drawn, _LEVELS, axis=0, method="inverted_cdf")
    law = fire_size_law(size.values(), tail.values(), cap)
    central = _class_probabilities(law.sf(1000.0), law.share_under_1ha, law.share_of_tail)
    dataset = xr.Dataset(
        {
            "observed": ("size_class", observed),
            "expected": ("size_class", fires * central),
            "low": ("size_class", low.astype(np.float64)),
            "high": ("size_class", high.astype(np.float64)),
        },
        coords={"size_class": np.array(CLASS_LABELS)},
        attrs={
            "province": province,
            "years": f"{panel.years[0]}-{panel.years[-1]}",
            "interval": "90 % predictive, parameter uncertainty included",
        },
    )
    return _with_unit(dataset, "1")


def size_curve(size: Card, tail: Card, cap: float, points: int = 121) -> xr.Dataset:
    """Return the group ``/checks/size_curve``: the chance that a fire exceeds a size, with its 90 % interval.

    Parameters
    ----------
    size, tail : Card
        Cards of the uses ``wildfire.size`` and ``wildfire.tail``.
    cap : float
        Largest possible fire [ha].
    points : int
        How many sizes, evenly spaced in the logarithm from 0.1 ha to the cap.

    Returns
    -------
    xarray.Dataset
        ``exceedance``, ``low``, ``high`` by ``size`` [1]; the interval is that of the parameters.
    """
    sizes = np.geomspace(0.1, cap, points)
    draws_size = draw_card(size, CURVE_DRAWS, 0, "check", "curve")
    draws_tail = _numbers(draw_card(tail, CURVE_DRAWS, 0, "check", "curve"))
    curves = np.array(
        [
            fire_size_law(
                {name: draws_size[name][i] for name in draws_size},
                {name: float(draws_tail[name][i]) for name in draws_tail},
                cap,
            ).sf(sizes)
            for i in range(CURVE_DRAWS)
        ]
    )
    low, high = np.quantile(curves, _LEVELS, axis=0)
    dataset = xr.Dataset(
        {
            "exceedance": ("size", fire_size_law(size.values(), tail.values(), cap).sf(sizes)),
            "low": ("size", low),
            "high": ("size", high),
        },
        coords={"size": ("size", sizes, {"units": "ha"})},
        attrs={"interval": "90 % of the parameters"},
    )
    return _with_unit(dataset, "1")


def _class_probabilities(over_1000: ArrayLike, under_1: float, over_100: float) -> NDArray[np.float64]:
    body, extreme = 1 - over_100, float(np.asarray(over_1000))
    return np.array([body * under_1, body * (1 - under_1), over_100 - extreme, extreme])


def _numbers(draws: Mapping[str, NDArray[np.float64] | list[str]]) -> dict[str, NDArray[np.float64]]:
    return {name: values for name, values in draws.items() if isinstance(values, np.ndarray)}


def _with_unit(dataset: xr.Dataset, unit: str) -> xr.Dataset:
    for name in dataset.data_vars:
        dataset[name].attrs["units"] = unit
    return dataset
