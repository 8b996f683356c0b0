# SPDX-License-Identifier: Apache-2.0
"""Takes the variants of a study chunk by chunk, and holds of each what headline, ranking and tornado need.

What lives here: what grows with the variants. Of a variant the portfolio's figures are held, whole; of each issuer the
outermost ranks over the draws; of those hurt most the default probability at the ends of the ranges.
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.stats import rankdata

from greenrisk.core.ledger import Ledger
from greenrisk.issuer.credit.ranking import moves_of
from greenrisk.issuer.headline import Whole, book_of, quantities
from greenrisk.issuer.model import KEPT, IssuerModel
from greenrisk.issuer.outermost import Outermost
from greenrisk.issuer.variants import VariantPlan

Floats = NDArray[np.float64]


class RankStream:
    """Order of the issuers by default probability in each scenario, and how it holds over draws.

    Parameters
    ----------
    base : array, shape (scenario, issuer)
        ln of the probability: probabilities that underflow would all tie. Issuers that never default, or of whom none
        is known, have no rank.
    draws : int
        How many draws will come.
    """

    def __init__(self, base: Floats, draws: int) -> None:
        self._base, self._known = base, np.isfinite(base)
        self._ranked = [int(place) for place in np.flatnonzero(self._known.sum(axis=1) > 1)]
        self._ends = {place: Outermost(draws) for place in self._ranked}
        self._moves: dict[str, list[Floats]] = {name: [] for name in _MEANS}

    def take(self, moved: Floats) -> None:
        """Take some draws, shape (draw, scenario, issuer)."""
        found = {name: np.full((len(moved), len(self._base)), np.nan) for name in _MEANS}
        for place in self._ranked:
            known = self._known[place]
            moves = moves_of(self._base[place, known], moved[:, place, known])
            self._ends[place].take(moves.ranks)
            for name in _MEANS:
                found[name][:, place] = getattr(moves, name)
        for name, values in found.items():
            self._moves[name].append(values)

    def group(self, model: IssuerModel, ledger: Ledger) -> xr.Dataset:
        """Return ``/ranking``.

        Returns
        -------
        xarray.Dataset
            By scenario and issuer ``rank`` (1 is worst), ``rank_low``, ``rank_high`` over the draws; by scenario the
            mean of ``kendall``, ``spearman`` and of the share of the top that is kept [1].
        """
        data = {name: np.full(self._base.shape, np.nan) for name in ("rank", "rank_low", "rank_high")}
        for place, scenario in enumerate(model.scenarios):
            if place not in self._ends:
                ledger.add("dropped", "ranking", f"Fewer than two issuers in {scenario}.")
                continue
            known = self._known[place]
            data["rank"][place, known] = rankdata(-self._base[place, known])
            data["rank_low"][place, known], data["rank_high"][place, known] = self._ends[place].quantiles()
        group = xr.Dataset(coords={"scenario": list(model.scenarios), "issuer": list(model.issuers.ids)})
        for name, values in data.items():
            group[name] = (("scenario", "issuer"), values, {"units": "1"})
        for name, parts in self._moves.items():
            whole = np.concatenate(parts)
            # A draw in which all tie has no correlation; a scenario without a ranking has none at all.
            number = (~np.isnan(whole)).sum(axis=0)
            mean = np.nansum(whole, axis=0) / np.where(number > 0, number, np.nan)
            group[name] = ("scenario", mean, {"units": "1"})
        return group


_MEANS = ("kendall", "spearman", "top_kept")


class KnowledgeStream:
    """What is held of all variants.

    Parameters
    ----------
    model : IssuerModel
        The model.
    plan : VariantPlan
        What the variants are.
    level : float
        Level of the portfolio's value at risk.
    year : int
        Year of the headline.
    base : Whole
        The base variant.
    places : array of int, shape (shown issuer,)
        Of whom all is kept.
    ledger : Ledger
        Told who is in no sum of losses.
    """

    def __init__(
        self,
        model: IssuerModel,
        plan: VariantPlan,
        level: float,
        year: int,
        base: Whole,
        places: NDArray[np.int64],
        ledger: Ledger,
    ) -> None:
        self.base, self.book = base, book_of(model, base, year, ledger)
        self.ranks = RankStream(base.of("log_annual_probability")[0], plan.draws) if plan.draws else None
        self._model, self._plan, self._level, self._places = model, plan, level, places
        self._values: list[Floats] = []
        self._ends: list[Floats] = []
        self._stood_in = 0
        self._judge(base)

    def _judge(self, whole: Whole) -> None:
        self._values.append(quantities(self._model, whole, self.book, self._level))

    def take(self, first: int, kept: Floats) -> None:
        """Take some variants after the base, all issuers together.

        Parameters
        ----------
        first : int
            Number of the first of them.
        kept : array, shape (variant, quantity, scenario, issuer)
            In the order of :data:`greenrisk.issuer.model.KEPT`.
        """
        # What the central cards know and a variant does not would leave the book of one variant alone.
        missing = np.isnan(kept) & ~np.isnan(self.base.kept)
        self._stood_in += int(missing.any(axis=(1, 2)).sum())
        whole = Whole(np.where(missing, self.base.kept, kept))
        self._judge(whole)
        draws = max(0, min(len(kept), self._plan.first_end - first))
        if self.ranks is not None and draws:
            self.ranks.take(whole.of("log_annual_probability")[:draws])
        if draws < len(kept):
            self._ends.append(whole.kept[draws:][:, _TORNADO][..., self._places])

    def values(self, ledger: Ledger) -> Floats:
        """Return the portfolio's figures of all variants, shape (variant, scenario, quantity)."""
        if self._stood_in:
            detail = (
                "Without a figure under some variant, where the central cards have one: the latter stands in."
            )
            ledger.add("imputed", "knowledge: issuers of variants", detail, self._stood_in)
        return np.concatenate(self._values)

    def issuer_swings(self) -> xr.Dataset:
        """Return ``/issuer_tornado``: default probability of issuers at every end of every range, one at a time.

        Returns
        -------
        xarray.Dataset
            By ``end``: role, parameter, side, value; ``annual_probability`` and ``log_annual_probability`` by end,
            scenario and issuer, in the year of the headline [1]; the same of the base without ``end``.
        """
        found, base = np.concatenate(self._ends), self.base.kept[0][_TORNADO][..., self._places]
        names = [self._model.issuers.ids[place] for place in self._places]
        group = xr.Dataset(coords={"scenario": list(self._model.scenarios), "issuer": names})
        dims = ("scenario", "issuer")
        for k, place in enumerate(_TORNADO):
            name = list(KEPT)[place]
            group[name] = (("end", *dims), found[:, k], {"units": "1"})
            group[f"base_{name}"] = (dims, base[k], {"units": "1"})
        ends = self._plan.ends
        for key in ("role", "name", "side"):
            group[f"end_{key}"] = ("end", np.array([getattr(end, key) for end in ends], dtype=str))
        group["end_value"] = ("end", np.array([str(end.value) for end in ends], dtype=str))
        return group


_TORNADO = [list(KEPT).index(name) for name in ("annual_probability", "log_annual_probability")]
