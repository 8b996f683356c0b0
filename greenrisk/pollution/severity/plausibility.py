# SPDX-License-Identifier: Apache-2.0
"""What the model's accidents cost beside what is known: accidents in China, the national mean, what the market charges.

What lives here: comparisons; none of them is a fit or a validation. What does not: levels of emergencies
(:mod:`greenrisk.pollution.severity.event_levels`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.actuarial.measures import mean_and_standard_error
from greenrisk.core.cards import Z_90
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.pollution.severity.draws import probability_of_any
from greenrisk.pollution.severity.event_levels import direct_loss
from greenrisk.pollution.severity.heads import HEADS
from greenrisk.pollution.severity.laws import HeadLaw
from greenrisk.pollution.severity.plausibility_tables import Anchors

Floats = NDArray[np.float64]

LEVELS: Final = (0.5, 0.75, 0.9, 0.95, 0.99, 0.999)
"""Probabilities of the quantiles [unitless]."""


@dataclass(frozen=True)
class Doubt:
    """A comparison that does not come out: what is to be read before the figure is believed.

    Parameters
    ----------
    subject : str
        What was compared.
    detail : str
        One sentence with the figures.
    """

    subject: str
    detail: str


def loss_quantiles(losses: Floats) -> xr.Dataset:
    """Return quantiles of what an accident costs, by head and in sum.

    Parameters
    ----------
    losses : array, shape (accidents, heads)
        Of accidents with equal weights [CNY].

    Returns
    -------
    Dataset
        Group ``accident_losses`` over (part, probability): ``quantile`` and over part ``mean`` with its
        ``standard_error`` [CNY], ``share_positive`` [unitless]; the parts are the heads, ``total`` and ``direct_loss``.
    """
    parts = (*HEADS, "total", "direct_loss")
    columns = np.column_stack([losses, losses.sum(axis=1), direct_loss(losses)])
    means = [mean_and_standard_error(column) for column in columns.T]
    money = {"units": "CNY"}
    return xr.Dataset(
        {
            "quantile": (
                ("part", "probability"),
                np.quantile(columns, LEVELS, axis=0).T,
                {**money, "long_name": "Quantile over all accidents"},
            ),
            "mean": ("part", [one.value for one in means], {**money, "long_name": "Mean of an accident"}),
            "standard_error": (
                "part",
                [one.standard_error for one in means],
                {**money, "long_name": "Standard error of the mean"},
            ),
            "share_positive": (
                "part",
                (columns > 0.0).mean(axis=0),
                {"units": "unitless", "long_name": "Share of accidents that cost anything"},
            ),
        },
        coords={"part": list(parts), "probability": list(LEVELS)},
        attrs={"title": "What an accident of the model costs"},
    )


def accidents_beside(losses: Floats, accidents: pd.DataFrame) -> xr.Dataset:
    """Return how rare published accidents would be among those of the model.

    Parameters
    ----------
    losses : array, shape (simulated accidents, heads)
        Of accidents with equal weights [CNY].
    accidents : DataFrame
        Of :data:`~greenrisk.pollution.severity.plausibility_tables.CHINA_ACCIDENTS`.

    Returns
    -------
    Dataset
        Group ``china_accidents`` over ``accident``: ``direct_loss`` [CNY], ``exceeded`` - share of the model's
        accidents with a greater direct loss, its ``standard_error``, and what the row says of itself.

    Notes
    -----
    Published accidents are the ones that made news: their losses lie in the tail and say nothing of the middle. Only
    rows with ``compared`` yes or bound are direct losses of a sudden release; the others stand beside for their size.
    """
    ours = np.sort(direct_loss(losses))
    published = accidents["direct_loss_cny"].to_numpy(dtype=np.float64)
    beyond = 1.0 - np.searchsorted(ours, published, side="right") / ours.size
    error = np.sqrt(beyond * (1.0 - beyond) / ours.size)
    unitless = {"units": "unitless"}
    told = {
        name: ("accident", accidents[name].fillna("").astype(str).to_numpy())
        for name in ("date", "place", "company", "mechanism", "sort", "compared", "status", "source")
    }
    return xr.Dataset(
        {
            "direct_loss": ("accident", published, {"units": "CNY", "long_name": "Published amount"}),
            "exceeded": (
                "accident",
                beyond,
                {**unitless, "long_name": "Share of the model's accidents with a greater direct loss"},
            ),
            "standard_error": ("accident", error, {**unitless, "long_name": "Standard error of that share"}),
            **told,
        },
        attrs={"title": "Accidents in China beside the model's", "accidents_simulated": ours.size},
    )


def doubts_of_accidents(beside: xr.Dataset) -> tuple[Doubt, ...]:
    """Return the published accidents that the model would hardly ever bring.

    Parameters
    ----------
    beside : Dataset
        From :func:`accidents_beside`.
    """
    faulty = (beside["exceeded"] == 0.0) & (beside["compared"] != "no")
    return tuple(
        Doubt(
            "china_accidents",
            f"None of {beside.attrs['accidents_simulated']:,} accidents of the model costs as much as "
            f"{row['place']} {row['date']} ({float(row['direct_loss']):,.0f} CNY, {row['status']}).",
        )
        for row in (
            {name: beside[name].values[place] for name in ("place", "date", "direct_loss", "status")}
            for place in np.flatnonzero(faulty.to_numpy())
        )
    )


def mean_beside_nation(
    laws: tuple[HeadLaw, ...], anchors: Anchors, dependence: float
) -> tuple[float, tuple[Doubt, ...]]:
    """Return the model's mean direct loss of an accident with one over the national mean; a doubt where far off.

    Parameters
    ----------
    laws : tuple of HeadLaw
        By head.
    anchors : Anchors
        With the national mean.
    dependence : float
        Between heads, as for :func:`~greenrisk.pollution.severity.draws.probability_of_any`, which says how many
        accidents have a direct loss [unitless].

    Returns
    -------
    float
        Ratio [unitless].
    tuple of Doubt
        At most one.

    Notes
    -----
    Assessed cases, over which the national mean is taken, all cost something; so accidents of the model that cost
    nothing are left out.
    """
    expected = np.array([[law.expected() for law in laws]])
    counted = direct_loss(np.eye(len(laws))) > 0.0
    with_loss = probability_of_any(
        [law for law, counts in zip(laws, counted, strict=True) if counts], dependence
    )
    mean = float(direct_loss(expected)[0]) / with_loss
    ratio = mean / anchors.national_mean_direct_loss
    detail = (
        f"The model's mean direct loss of an accident that has one, {mean:,.0f} CNY, is {ratio:.3g} times the national "
        f"mean of assessed cases, {anchors.national_mean_direct_loss:,.0f} CNY."
    )
    most = anchors.national_mean_factor
    return ratio, () if 1.0 / most <= ratio <= most else (Doubt("national_mean", detail),)


WITHIN, OUTSIDE, OPEN = "within", "outside", "cannot tell"


def verdict(ratio: float, error: float, anchors: Anchors) -> str:
    """Return whether a loss ratio lies within the bounds of belief: ``within``, ``outside`` or ``cannot tell``.

    Parameters
    ----------
    ratio, error : float
        Loss ratio and its standard error; 0: known exactly [unitless].
    anchors : Anchors
        The bounds.

    Notes
    -----
    ``cannot tell`` where the 90 % interval of the ratio holds a bound.
    """
    low, high = ratio - Z_90 * error, ratio + Z_90 * error
    if low >= anchors.loss_ratio_low and high <= anchors.loss_ratio_high:
        return WITHIN
    return OUTSIDE if high < anchors.loss_ratio_low or low > anchors.loss_ratio_high else OPEN


def ratio_doubt(subject: str, lead: str, ratio: float, error: float, anchors: Anchors) -> tuple[Doubt, ...]:
    """Return a doubt of a loss ratio that is not surely within the bounds of belief.

    Parameters
    ----------
    subject, lead : str
        What was compared, and how the sentence begins.
    ratio, error : float
        Loss ratio and its standard error [unitless].
    anchors : Anchors
        The bounds.
    """
    found = verdict(ratio, error, anchors)
    if found == WITHIN:
        return ()
    told = f"{ratio:.2%} ± {error:.2%}" if error > 0.0 else f"{ratio:.1%}"
    bounds = f"{anchors.loss_ratio_low:.0%} to {anchors.loss_ratio_high:.0%}"
    end = (
        f"outside {bounds}"
        if found == OUTSIDE
        else f"too near to the bounds, {bounds}, to tell on which side"
    )
    return (Doubt(subject, f"{lead} a loss ratio of {told}, {end}."),)


def implied_loss_ratio(
    expected_insured: ArrayLike, limits: ArrayLike, anchors: Anchors, standard_error: float = 0.0
) -> tuple[xr.Dataset, tuple[Doubt, ...]]:
    """Return the loss ratio that the market would have if it charged its rate on line and the model were true.

    Parameters
    ----------
    expected_insured : array, shape (plants,)
        Expected insured loss of a year of each insured plant, >= 0 [CNY/year].
    limits : array, shape (plants,)
        Limit of each plant's cover, > 0 [CNY].
    anchors : Anchors
        Rates on line and the bounds of belief.
    standard_error : float
        Of the expected insured loss of all plants; 0: known exactly [CNY/year].

    Returns
    -------
    Dataset
        Group ``implied_loss_ratio`` over ``rate_on_line`` (low, high): ``premium`` and ``expected_loss`` of all plants
        [CNY/year], ``loss_ratio`` with its ``standard_error`` [unitless], ``verdict`` from :func:`verdict`, ``outside``
        - whether it is that.
    tuple of Doubt
        One for each end that is not surely within the bounds.

    Raises
    ------
    ArgumentError
        If an amount is out of its domain, or the arrays differ in length.
    """
    losses = numbers("expected_insured", expected_insured, least=0.0, dimensions=1, fewest=1, unit="CNY/year")
    covers = numbers("limits", limits, above=0.0, dimensions=1, fewest=1, unit="CNY")
    if losses.shape != covers.shape:
        mend = f"One limit for each of the {losses.size} plants was expected."
        raise ArgumentError(Fault("limits", f"limits of shape {covers.shape}", mend, "CNY"))
    rates = np.array([anchors.rate_on_line_low, anchors.rate_on_line_high])
    premium = rates * covers.sum()
    ratio = losses.sum() / premium
    error = number("standard_error", standard_error, least=0.0, unit="CNY/year") / premium
    judged = np.array([verdict(*pair, anchors) for pair in zip(ratio.tolist(), error.tolist(), strict=True)])
    outside = judged == OUTSIDE
    told = tuple(
        doubt
        for rate, one, off in zip(rates.tolist(), ratio.tolist(), error.tolist(), strict=True)
        for doubt in ratio_doubt(
            "implied_loss_ratio", f"At a rate on line of {rate:.1%} the model implies", one, off, anchors
        )
    )
    group = xr.Dataset(
        {
            "premium": (
                "rate_on_line",
                premium,
                {"units": "CNY/year", "long_name": "Premium at that rate on line"},
            ),
            "expected_loss": (
                "rate_on_line",
                np.full_like(premium, losses.sum()),
                {"units": "CNY/year", "long_name": "Expected insured loss"},
            ),
            "loss_ratio": ("rate_on_line", ratio, {"units": "unitless", "long_name": "Implied loss ratio"}),
            "standard_error": (
                "rate_on_line",
                error,
                {"units": "unitless", "long_name": "Standard error of the ratio"},
            ),
            "verdict": ("rate_on_line", judged, {"long_name": "Whether it lies within belief"}),
            "outside": (
                "rate_on_line",
                outside,
                {"units": "unitless", "long_name": "Whether it is outside belief"},
            ),
        },
        coords={"rate_on_line": rates},
        attrs={"title": "Loss ratio that the market's rate on line implies"},
    )
    return group, told
