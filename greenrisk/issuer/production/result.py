# SPDX-License-Identifier: Apache-2.0
"""What the late and sudden transition gives: arrays by pair, plan and year; values; default by issuer and term."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr

from greenrisk.issuer.production.plans import Plans
from greenrisk.issuer.production.told import Findings

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MERTON, NO_DEBT, NO_EQUITY, ASSETS_GONE = range(4)
"""How a probability of default came about: the model; nothing is owed; worth nothing in the baseline, debt not told;
assets gone under the shock."""

PATHS = ("merton", "no_debt", "no_equity_in_baseline", "assets_gone_under_shock")


@dataclass(frozen=True)
class LateSuddenResult:
    """Result of one block of issuers.

    Parameters
    ----------
    plans : Plans
        The plans that were computed; their rows are the axis ``row``.
    pairs : tuple of str
        Names of the pairs.
    years : ndarray of int, (year,)
        Years of the study.
    terms : ndarray of int, (term,)
        Terms of the default probabilities [year].
    unit : ndarray of int, (row,)
        Which unit of default each row belongs to: its issuer, or its issuer and sector.
    unit_issuer : ndarray of int, (unit,)
        Issuer of each unit.
    unit_sector : tuple of str
        Sector of each unit; empty where the issuer defaults as one.
    quantity : dict of str to ndarray, (pair, row, year)
        ``plan``, ``target``, ``baseline``, ``shock``: production [unit of output].
    price : dict of str to ndarray, (pair, row, year)
        ``baseline``, ``shock`` [money/unit of output].
    emissions : ndarray, (pair, row, year)
        Emissions of the production under the shock [t CO2/year]; NaN where no emission factor is told.
    carbon_price : ndarray, (pair, year)
        Carbon price before any factor of a variant [money/t CO2].
    profit : dict of str to ndarray, (variant, pair, row, year)
        ``baseline``, ``shock`` [money/year]; only the first variant is kept.
    value : dict of str to ndarray, (variant, pair, row)
        ``baseline``, ``shock``: present value of the profits from the shock on, with the terminal value [money].
    equity : dict of str to ndarray, (variant, pair, unit)
        ``baseline``, ``shock``: the same from the first year on [money].
    debt : ndarray, (variant, pair, unit)
        Debt, the same with and without the shock [money].
    distance : dict of str to ndarray, (variant, pair, unit, term)
        ``baseline``, ``shock``: distance to default in Merton's model, infinite where no model is asked [1].
    path : ndarray of int, (variant, pair, unit)
        How the probability came about, an index of :data:`PATHS`.
    proximity : ndarray, (pair, row)
        Share of the target's build-out that is planned [1].
    compensated, falling : ndarray of bool, (pair, row)
        Whether the company makes up for its plan; whether its target falls.
    findings : Findings
        Counts for the ledger.
    """

    plans: Plans
    pairs: tuple[str, ...]
    years: Integers
    terms: Integers
    unit: Integers
    unit_issuer: Integers
    unit_sector: tuple[str, ...]
    quantity: dict[str, Floats]
    price: dict[str, Floats]
    emissions: Floats
    carbon_price: Floats
    profit: dict[str, Floats]
    value: dict[str, Floats]
    equity: dict[str, Floats]
    debt: Floats
    distance: dict[str, Floats]
    path: Integers
    proximity: Floats
    compensated: NDArray[np.bool_]
    falling: NDArray[np.bool_]
    findings: Findings

    def default_probability(self, which: str) -> Floats:
        """Return the probability of default within each term, (variant, pair, unit, term) [1].

        Parameters
        ----------
        which : {'baseline', 'shock'}
            Without or with the shock.
        """
        out: Floats = ndtr(-self.distance[which])
        return out

    def log_default_probability(self, which: str) -> Floats:
        """Return its logarithm, exact where the probability underflows; the parameters are the same."""
        out: Floats = log_ndtr(-self.distance[which])
        return out

    def by_issuer(self, values: Floats) -> Floats:
        """Return the sum over the plans of each issuer, (pair, issuer, year).

        Parameters
        ----------
        values : ndarray, (pair, row, year)
            In one unit for all plans: emissions, profits, money; NaN counts as nothing.
        """
        out = np.zeros((values.shape[0], len(self.plans.issuers), values.shape[2]))
        for k, part in enumerate(np.nan_to_num(values)):
            np.add.at(out[k], self.plans.issuer, part)
        return out

    def trajectories(self) -> pd.DataFrame:
        """Return production, prices and profits, one row a pair, plan and year, of the first variant."""
        shape = self.quantity["plan"].shape
        frame = self._rows(shape)
        frame["year"] = np.broadcast_to(self.years, shape).ravel()
        for name, values in self.quantity.items():
            frame[f"production_{name}"] = values.ravel()
        for name, values in self.price.items():
            frame[f"price_{name}"] = values.ravel()
        frame["emissions"] = self.emissions.ravel()
        for name, values in self.profit.items():
            frame[f"profit_{name}"] = values[0].ravel()
        return frame

    def values(self, variant: int = 0) -> pd.DataFrame:
        """Return the present values, one row a pair and plan, of one variant."""
        base, shock = (self.value[name][variant] for name in ("baseline", "shock"))
        frame = self._rows(base.shape)
        frame["value_baseline"], frame["value_shock"] = base.ravel(), shock.ravel()
        frame["value_change"] = (shock - base).ravel()
        with np.errstate(divide="ignore", invalid="ignore"):
            # A loss that grows is a fall too: the change is told against the size of the value, not its sign.
            frame["value_change_share"] = ((shock - base) / np.abs(base)).ravel()
        return frame

    def defaults(self, variant: int = 0) -> pd.DataFrame:
        """Return the probabilities of default, one row a pair, unit and term, of one variant."""
        shape = self.distance["baseline"].shape[1:]
        pair, unit, term = (index.ravel() for index in np.indices(shape))
        frame = pd.DataFrame(
            {
                "pair": np.asarray(self.pairs, dtype=object)[pair],
                "issuer": np.asarray(self.plans.issuers, dtype=object)[self.unit_issuer[unit]],
                "sector": np.asarray(self.unit_sector, dtype=object)[unit],
                "term": self.terms[term],
            }
        )
        for name in ("baseline", "shock"):
            frame[f"probability_of_default_{name}"] = self.default_probability(name)[variant].ravel()
            frame[f"log_probability_of_default_{name}"] = self.log_default_probability(name)[variant].ravel()
        frame["path"] = np.asarray(PATHS, dtype=object)[self.path[variant][pair, unit]]
        return frame

    def _rows(self, shape: tuple[int, ...]) -> pd.DataFrame:
        pair, row = (index.ravel() for index in np.indices(shape)[:2])
        return pd.DataFrame(
            {
                "pair": np.asarray(self.pairs, dtype=object)[pair],
                "issuer": np.asarray(self.plans.issuers, dtype=object)[self.plans.issuer[row]],
                "asset": self.plans.asset[row],
                "region": self.plans.region[row],
                "sector": self.plans.sector[row],
                "technology": self.plans.technology[row],
            }
        )
