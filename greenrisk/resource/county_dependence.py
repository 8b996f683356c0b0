# SPDX-License-Identifier: Apache-2.0
"""How the simulated counties share their bad years, beside how provinces shared theirs once trends are taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.stats import rankdata

from greenrisk.core.ledger import Ledger
from greenrisk.resource.fire_tables import FirePanel
from greenrisk.resource.perils.fire_correlation import log_correlation, mean_correlation

Floats = NDArray[np.float64]

ALL: Final = "all"
"""Label of the row of all perils."""


@dataclass(frozen=True, eq=False)
class CountyYears:
    """Gross losses of the simulated years by county and peril.

    Parameters
    ----------
    loss : array, shape (year, county, peril)
        [CNY]
    counties : tuple of str
        In the order of ``loss``.
    perils : tuple of str
        In the order of ``loss``.
    insured_area : array, shape (county,)
        > 0 [mu].
    """

    loss: Floats
    counties: tuple[str, ...]
    perils: tuple[str, ...]
    insured_area: Floats

    @property
    def county(self) -> Floats:
        """All perils, shape (year, county) [CNY]."""
        return np.asarray(self.loss.sum(axis=2))

    @property
    def peril(self) -> Floats:
        """All counties, shape (year, peril) [CNY]."""
        return np.asarray(self.loss.sum(axis=1))


def county_years(
    cell: Floats,
    segments: Sequence[tuple[str, str]],
    perils: Sequence[str],
    insured_area: Mapping[str, float],
) -> CountyYears:
    """Add up cells by county.

    Parameters
    ----------
    cell : array, shape (year, segment, peril)
        Gross losses [CNY].
    segments : sequence of (county, forest type)
        In the order of ``cell``.
    perils : sequence of str
        In the order of ``cell``.
    insured_area : mapping of str to float
        By county [mu].
    """
    counties = tuple(sorted({county for county, _ in segments}))
    loss = np.zeros((cell.shape[0], len(counties), cell.shape[2]))
    for position, (county, _) in enumerate(segments):
        loss[:, counties.index(county)] += cell[:, position]
    return CountyYears(loss, counties, tuple(perils), np.array([insured_area[name] for name in counties]))


def correlation(years: CountyYears, panel: FirePanel | None, ledger: Ledger) -> xr.Dataset:
    """Return the group ``/pool/correlation``: how counties share their bad years, beside how provinces did.

    Returns
    -------
    xarray.Dataset
        By ``county`` and ``other``: ``spearman`` and ``pearson`` of their yearly losses of all perils [1]; by
        ``peril``:
        ``mean_spearman`` and ``mean_pearson`` over all pairs of counties, ``all`` first [1]; NaN for a county without
        any loss, which is told. With a panel by ``province`` and ``neighbour``: ``observed``, the correlations of the
        logarithms of damaged area, each province's trend taken out, and ``observed_spearman`` [1].

    Notes
    -----
    Simulated years have no trend. Counties of a study share the year effects of fire whole, and the expected number of
    their fires moves as one; a county has so few fires that chance hides it, which it does not for a province. The
    observed rank correlation is ``6 / pi * asin(r / 2)``, that of a normal law with the correlation r of the
    logarithms: the years of losses of zero leave no logarithm to compare.
    """
    tables = [years.county, *(years.loss[:, :, k] for k in range(len(years.perils)))]
    found = [(_correlations(_ranks(table)), _correlations(table)) for table in tables]
    silent = [name for name, column in zip(years.counties, years.county.T, strict=True) if not column.any()]
    for name in silent:
        ledger.add(
            "unreliable",
            f"dependence of counties: {name}",
            "No simulated year brings this county a loss: nothing can be said of its dependence on others.",
        )
    dataset = xr.Dataset(
        {
            "spearman": (("county", "other"), found[0][0]),
            "pearson": (("county", "other"), found[0][1]),
            "mean_spearman": ("peril", np.array([_mean(ranks) for ranks, _ in found])),
            "mean_pearson": ("peril", np.array([_mean(plain) for _, plain in found])),
        },
        coords={
            "county": np.array(years.counties),
            "other": np.array(years.counties),
            "peril": np.array([ALL, *years.perils]),
        },
    )
    if panel is not None:
        matrix = log_correlation(panel.area, detrended=True)
        ranks = 6.0 / np.pi * np.arcsin(np.clip(matrix, -1.0, 1.0) / 2.0)
        dataset["observed"] = (("province", "neighbour"), matrix)
        dataset["observed_spearman"] = (("province", "neighbour"), ranks)
        names = np.array(panel.provinces)
        dataset = dataset.assign_coords(province=names, neighbour=names)
        dataset.attrs = {
            "observed_mean": mean_correlation(matrix),
            "observed_mean_spearman": mean_correlation(ranks),
            "observed_mean_raw": mean_correlation(log_correlation(panel.area, detrended=False)),
            "observed_years": int(panel.years.size),
        }
    for values in dataset.data_vars.values():
        values.attrs["units"] = "1"
    return dataset


def _ranks(table: Floats) -> Floats:
    return np.asarray(rankdata(table, axis=0), dtype=np.float64)


def _correlations(table: Floats) -> Floats:
    """Pearson correlations of columns; NaN for a column without spread."""
    centred = table - table.mean(axis=0)
    scale = np.sqrt((centred**2).sum(axis=0))
    product = centred.T @ centred
    bottom = np.outer(scale, scale)
    found = np.divide(product, bottom, out=np.full_like(product, np.nan), where=bottom > 0)
    return np.asarray(np.clip(found, -1.0, 1.0))


def _mean(matrix: Floats) -> float:
    pairs = matrix[np.triu_indices(matrix.shape[0], 1)]
    known = pairs[np.isfinite(pairs)]
    return float(known.mean()) if known.size else float("nan")
