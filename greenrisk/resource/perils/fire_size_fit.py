# SPDX-License-Identifier: Apache-2.0
"""Fits the size of a fire: the body from class counts and total area, the tail from a prior of elsewhere.

The official table gives four class counts and one area. Two numbers of the body are identified by them; the
chance to exceed 100 ha is so only by pooling provinces; the shape beyond is not. See
docs/explanation/forest.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenrisk.actuarial.fitting.extreme_fit import GeneralisedParetoFit
from greenrisk.actuarial.fitting.extremes import fit_generalised_pareto
from greenrisk.actuarial.fitting.ratios import Ratios, clustered_ratios, two_way_bootstrap
from greenrisk.actuarial.fitting.shares import fit_beta_binomial
from greenrisk.core.errors import Fault, FitError, TableError
from greenrisk.core.streams import stream
from greenrisk.resource.fire_tables import FirePanel
from greenrisk.resource.perils.fire_body import BODY_END
from greenrisk.resource.perils.fire_size import FireSizeLaw

PRIOR_SHAPES = (0.4, 1.3)
"""Range of tail shapes taken as the prior: a judgement from fire files of several countries [unitless]."""

LAST_CONTIGUOUS_YEAR = 2000
"""The Portuguese file has no years 2001 to 2013; its one later year (2014) is left out of the fit."""

FEW_LARGE_FIRES = 60
"""A year with fewer fires above the threshold is not fitted on its own."""

RESAMPLES = 20_000
"""Two-way resamples behind the range of the chance to exceed 100 ha."""


def fit_body(panel: FirePanel, province: str, tail: FireSizeLaw | None = None) -> Ratios:
    """Estimate the share under 1 ha and the mean size of a province's fires up to 100 ha.

    Parameters
    ----------
    panel : FirePanel
        Fires by class and damaged area.
    province : str
        Which province.
    tail : FireSizeLaw, optional
        Law whose tail tells how much area the fires above 100 ha took, where there were any; it needs only the
        tail's parameters.

    Returns
    -------
    Ratios
        Values and covariance of (share [unitless], mean [ha]), clustered by year.

    Raises
    ------
    FitError
        If there were fires above 100 ha and no tail is given, or no area is left for the body.
    """
    position = panel.index(province)
    classes = panel.classes[:, position]
    body = classes[:, :2].sum(axis=1)
    area = panel.area[:, position].copy()
    large = classes[:, 2:].sum(axis=1)
    if large.any():
        if tail is None:
            raise FitError(
                Fault("fit_body", f"{large.sum():g} fires above 100 ha", "Their area needs a tail law.")
            )
        area = np.maximum(area - large * mean_above(tail), classes[:, 1])
    return clustered_ratios(np.column_stack([classes[:, 0], area]), body)


def mean_above(law: FireSizeLaw, limit: float = 1000.0) -> float:
    """Return the mean size of the fires between 100 ha and a limit [ha], by the midpoint rule on the quantiles."""
    q = law.share_of_tail
    below = float(law.sf(min(limit, law.cap))) / q
    levels = (np.arange(2000) + 0.5) / 2000 * (1 - below)
    return float(law.ppf(1 - q + q * levels).mean())


@dataclass(frozen=True)
class LargeFires:
    """The chance of a fire to exceed 100 ha, pooled over provinces.

    Parameters
    ----------
    share : float
        Pooled [unitless].
    low, high : float
        Range [unitless]: what a province's own record leaves of it, and the 95 % point of the two-way resamples.
    exceeding, fires : int
        Fires above 100 ha and all fires.
    """

    share: float
    low: float
    high: float
    exceeding: int
    fires: int


def fit_large_fires(panel: FirePanel, province: str) -> LargeFires:
    """Pool the chance to exceed 100 ha over provinces.

    Notes
    -----
    The value is the pooled ratio. The upper end is the 95 % point of the ratio when years and provinces are
    both resampled: large fires come in bad years and in some provinces. The lower end is the posterior mean
    of the province's own chance under the beta law that the provinces follow (beta-binomial), which weighs
    its own record most; where it is not lower than the pooled ratio, a quarter of that is taken.
    """
    large, fires = panel.classes[:, :, 2:].sum(axis=2), panel.fires
    share = float(large.sum() / fires.sum())
    draws = two_way_bootstrap(large, fires, RESAMPLES, stream(0, "fire-size-fit", "large-fires"))
    a, b = fit_beta_binomial(large.sum(axis=0), fires.sum(axis=0))
    position = panel.index(province)
    own = float((a + large[:, position].sum()) / (a + b + fires[:, position].sum()))
    return LargeFires(
        share=share,
        low=own if own < share else share / 4,
        high=max(float(np.quantile(draws, 0.95)), 1.5 * share),
        exceeding=int(large.sum()),
        fires=int(fires.sum()),
    )


@dataclass(frozen=True)
class TailFit:
    """The generalised Pareto tail of a file of single fires, and how far it can be trusted elsewhere.

    Parameters
    ----------
    fit : GeneralisedParetoFit
        All years together.
    by_year : tuple of GeneralisedParetoFit
        Years with at least 60 fires above the threshold.
    by_period : dict of str to GeneralisedParetoFit
        Thirds of the years.
    by_threshold : dict of float to GeneralisedParetoFit
        Higher thresholds [ha].
    scale_at_highest_shape : float
        Most likely scale if the shape is the upper end of the prior [ha].
    years : tuple of two ints
        First and last year.
    left_out : int
        Rows without an area.
    """

    fit: GeneralisedParetoFit
    by_year: tuple[GeneralisedParetoFit, ...]
    by_period: dict[str, GeneralisedParetoFit]
    by_threshold: dict[float, GeneralisedParetoFit]
    scale_at_highest_shape: float
    years: tuple[int, int]
    left_out: int = 0

    def scale_range(self) -> tuple[float, float]:
        """Return the 5 % and 95 % quantiles of the yearly scales [ha]."""
        low, high = np.quantile([fit.scale for fit in self.by_year], [0.05, 0.95])
        return float(low), float(high)

    def shape_range(self) -> tuple[float, float]:
        """Return the 5 % and 95 % quantiles of the yearly shapes [unitless]."""
        low, high = np.quantile([fit.shape for fit in self.by_year], [0.05, 0.95])
        return float(low), float(high)


def fit_tail(sizes: NDArray[np.float64], years: NDArray[np.int64], left_out: int = 0) -> TailFit:
    """Fit the tail above 100 ha (strictly) of a file of single fires.

    Parameters
    ----------
    sizes : array, shape (fires,)
        Burnt area [ha].
    years : array, shape (fires,)
        Year of each fire.
    left_out : int
        Rows without an area, for the record.
    """
    excess = sizes[sizes > BODY_END] - BODY_END
    when = years[sizes > BODY_END]
    first, last = int(years.min()), int(years.max())
    edges = np.linspace(first, last + 1, 4).round().astype(int)
    fit = fit_generalised_pareto(excess)
    coefficients, _ = fit.most_likely_given("shape", [PRIOR_SHAPES[1]])
    return TailFit(
        fit=fit,
        by_year=tuple(
            fit_generalised_pareto(excess[when == year])
            for year in np.unique(when)
            if (when == year).sum() >= FEW_LARGE_FIRES
        ),
        by_period={
            f"{low}-{high - 1}": fit_generalised_pareto(excess[(when >= low) & (when < high)])
            for low, high in pairwise(edges)
        },
        by_threshold={
            threshold: fit_generalised_pareto(sizes[sizes > threshold] - threshold)
            for threshold in (200.0, 300.0, 500.0, 1000.0)
        },
        scale_at_highest_shape=float(np.exp(coefficients[0, fit.names.index("log scale")])),
        years=(first, last),
        left_out=left_out,
    )


def read_portugal(path: Path) -> tuple[NDArray[np.float64], NDArray[np.int64], int]:
    """Read the sizes and years of the Portuguese file (ICNF, public domain) up to 2000.

    Parameters
    ----------
    path : Path
        ``portugal_fires_1980_2000_2014.csv.gz``: one row a fire, columns ``year`` and ``total_ha``.

    Returns
    -------
    tuple
        Burnt area (forest and shrub) [ha] and year of each fire, and how many rows without an area were left out.

    Raises
    ------
    TableError
        If the file cannot be read, a column is missing or a size is negative.
    """
    try:
        frame = pd.read_csv(path, usecols=["year", "total_ha"])
    except (ValueError, OSError) as problem:
        raise TableError(Fault(path.name, str(problem), "It needs the columns year and total_ha.")) from None
    negative = np.flatnonzero(frame["total_ha"] < 0)
    if negative.size:
        row = int(negative[0])
        what = f"total_ha = {frame['total_ha'][row]}"
        raise TableError(Fault(f"{path.name}:{row + 2}", what, "Area must be >= 0.", "ha"))
    kept = frame[frame["year"] <= LAST_CONTIGUOUS_YEAR]
    known = kept.dropna()
    sizes, years = known["total_ha"].to_numpy(dtype=np.float64), known["year"].to_numpy(dtype=np.int64)
    return sizes, years, len(kept) - len(known)
