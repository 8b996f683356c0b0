# SPDX-License-Identifier: Apache-2.0
"""What we do not know of an index cover: how far another record would move it, the cards, and named alternatives."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.core import knowledge
from greenrisk.core.cards import Card
from greenrisk.core.variants import interval_of
from greenrisk.resource.index_cover.index_quantities import Floats
from greenrisk.resource.index_cover.index_variants import TREATMENT_QUESTION, VariantPlan, contradicted

RECORD: Final = "record"
"""Status, in the shares of variance, of what the length of the record leaves open."""

AT_BOUND: Final = 1.0 - 1e-9
"""Share of a bound from which a quantity counts as being at it: sums of payments round [unitless]."""

Flags = NDArray[np.bool_]


class Knowledge(knowledge.Knowledge):
    """The quantities of all variants of an index run, and what follows from them.

    Parameters
    ----------
    names : tuple of str
        Names of the quantities.
    values : array, shape (variants, quantities)
        Every quantity of every variant, on common random numbers.
    plan : VariantPlan
        What the variants are.
    cards : mapping of str to Card
        Cards by role.
    speaks : array of bool, shape (alternatives,)
        Which named alternatives hold the intervals open: see :func:`speaking`.
    bounds : mapping of str to float
        What a quantity cannot exceed; one that is not named has no bound.
    """

    plan: VariantPlan

    def __init__(
        self,
        names: tuple[str, ...],
        values: Floats,
        plan: VariantPlan,
        cards: Mapping[str, Card],
        speaks: Flags,
        bounds: Mapping[str, float],
    ) -> None:
        super().__init__(names, values, plan, cards)
        self.speaks = speaks
        self.bounds = bounds

    def others(self, name: str) -> Floats:
        """Return a quantity under every named alternative, shape (alternatives,)."""
        return self.column(name)[self.plan.first_alternative : self.plan.first_other]

    def draws_by_treatment(self, name: str) -> Floats:
        """Return a quantity over the joint draws of each treatment that was not chosen, shape (others, draws)."""
        each = self.plan.draws_of_others
        first, count = self.plan.first_other, len(self.plan.others) * each
        return self.column(name)[first : first + count].reshape(len(self.plan.others), each)

    def scaled(self, name: str, values: Floats, value: float) -> Floats:
        """Return quantities of variants, times a simulated value over the base's, within their bound.

        Notes
        -----
        A variant that reaches the bound in its own years stays at it: there the luck of the base is no reason to tell
        less.
        """
        base, bound = self.base(name), self.bounds.get(name, np.inf)
        moved = values * (value / base if base > 0 else 1.0)
        return np.asarray(np.where(values >= bound * AT_BOUND, bound, np.minimum(moved, bound)))

    def interval(self, name: str, value: float) -> tuple[float, float]:
        """Return the 90 % knowledge interval around a simulated value, held open by the named alternatives.

        Notes
        -----
        The hull of the intervals under all treatments that the tests of the record do not contradict: of each the 5 %
        and 95 % quantiles of (draw / base) times the value, within the bound of the quantity. The chosen treatment has
        all joint draws, each other a quarter as many, on resamples of its own; so their ends are the coarser. Where a
        treatment or a law that is not contradicted lies outside, the interval reaches to it. How often such an
        interval holds the true premium of made-up records: `benchmarks/index_coverage.py`.
        """
        low, high = super().interval(name, value)
        if self.base(name) > 0:
            low, high = interval_of(self.scaled(name, self.draws(name), value))
        for drawn in self.draws_by_treatment(name):
            ends = interval_of(self.scaled(name, drawn, value))
            low, high = float(np.fmin(low, ends[0])), float(np.fmax(high, ends[1]))
        others = self.scaled(name, self.others(name)[self.speaks], value)
        others = others[np.isfinite(others)]
        if not others.size:
            return low, high
        return float(np.fmin(low, others.min())), float(np.fmax(high, others.max()))

    def curve_ends(self, names: Sequence[str], values: Floats) -> tuple[Floats, Floats]:
        """Return the knowledge interval of every point of a curve, whose ends do not fall with the return period.

        Parameters
        ----------
        names : sequence of str
            Quantities of the curve, by rising return period.
        values : array, shape (return periods,)
            Simulated values [CNY].

        Returns
        -------
        low, high : array, shape (return periods,)
            [CNY] Each the largest end up to its return period: what is lost at least once in 100 years is not less in
            1 of 250. NaN where an end is left open.
        """
        pairs = zip(names, values, strict=True)
        ends = np.array([self.interval(name, float(value)) for name, value in pairs])
        rising = np.where(np.isnan(ends), np.nan, np.fmax.accumulate(ends, axis=0))
        return rising[:, 0], rising[:, 1]

    def tornado(self, gross_premium: float) -> xr.Dataset:
        """Return the group ``/tornado``: gross premium at both ends of every range, and of what the record leaves open.

        Parameters
        ----------
        gross_premium : float
            The simulated gross premium, which the swings are scaled to [CNY/year].
        """
        found = self.swings("gross_premium", gross_premium)
        return found.rename(at_low="gross_at_low", at_high="gross_at_high")

    def swings(self, quantity: str, value: float) -> xr.Dataset:
        """Return a quantity at both ends of every parameter's range, with a row for the record, widest first.

        Notes
        -----
        The row of the record is made of the joint draws with the cards held at their centre: of the gross premium the
        one with loadings held.
        """
        cards = super().swings(quantity, value)
        held = "gross_premium_loadings_held" if quantity == "gross_premium" else quantity
        record = self.record_row(held, value)
        both = xr.concat([cards, record], dim="parameter", coords="minimal", compat="override")
        width = -np.nan_to_num(np.abs(both["at_high"].values - both["at_low"].values))
        return both.isel(parameter=np.argsort(width, kind="stable")).assign_attrs(cards.attrs)

    def record_draws(self, held: str) -> Floats:
        """Return a quantity in which the cards do not move over the resamples of the record, shape (draws,)."""
        return self.draws(held)

    def record_row(self, held: str, value: float) -> xr.Dataset:
        """Return the row of the tornado that stands for the length of the record.

        Parameters
        ----------
        held : str
            Quantity in which the cards do not move.
        value : float
            What its base stands for [CNY/year].
        """
        drawn = self.scaled(held, self.record_draws(held), value)
        low, high = np.nanquantile(drawn, [0.05, 0.95])
        positive = drawn[drawn > 0]
        spread = float(np.var(np.log(positive), ddof=1)) if positive.size > 1 else 0.0
        row: dict[str, object] = {
            "card": RECORD,
            "label": "What so many years of record leave open: years drawn anew in blocks, treated and fitted anew",
            "status": RECORD,
            "unit": "",
            "distribution": "resampled",
            "basis": f"{self.plan.draws} resamples of the record; 5 % and 95 % quantiles",
            "source": "the record itself",
            "value": "as recorded",
            "low": "resample at 5 %",
            "high": "resample at 95 %",
            "at_low": float(low),
            "at_high": float(high),
            "variance": spread,
        }
        return xr.Dataset(
            {key: ("parameter", np.array([one])) for key, one in row.items()},
            coords={"parameter": np.array(["years of the record"])},
        )

    def alternatives(self, headline: Mapping[str, float]) -> xr.Dataset:
        """Return the group ``/alternatives``: the headline figures under every named alternative.

        Parameters
        ----------
        headline : mapping of str to float
            The quantities shown, with their simulated values; the alternatives are scaled to them.

        Notes
        -----
        A treatment has the price of the group ``/treatments``, where no year is simulated, within the simulation error.
        """
        moved = [self.scaled(name, self.others(name), value) for name, value in headline.items()]
        questions, answers = zip(*self.plan.alternatives, strict=True)
        dataset = xr.Dataset(
            {
                "value": (("alternative", "quantity"), np.stack(moved, axis=1)),
                "question": ("alternative", np.array(questions)),
                "answer": ("alternative", np.array(answers)),
                "holds_open": ("alternative", self.speaks.astype(np.int64), {"units": "1"}),
            },
            coords={"quantity": np.array(list(headline)), "alternative": np.arange(len(answers))},
        )
        dataset["value"].attrs["units"] = "see quantity"
        return dataset


def speaking(plan: VariantPlan, verdicts: Collection[str], fit: Mapping[str, float], level: float) -> Flags:
    """Return which named alternatives hold the intervals open, shape (alternatives,).

    Parameters
    ----------
    plan : VariantPlan
        What the variants are.
    verdicts : collection of str
        What the tests say of each index.
    fit : mapping of str to float
        Chance of the fit by family of laws.
    level : float
        Level of the tests [unitless].

    Notes
    -----
    All do, save what the record contradicts: to leave it as it is where it has a step or a trend, and a law that does
    not fit it. Both are shown all the same.
    """
    found = []
    for question, answer in plan.alternatives:
        if question == TREATMENT_QUESTION:
            found.append(not contradicted(answer, verdicts))
        else:
            found.append(not fit.get(answer, 1.0) < level)
    return np.array(found, dtype=np.bool_)


def variance_shares(tornado: xr.Dataset, found: Knowledge) -> xr.Dataset:
    """Return the group ``/variance``: shares of the first-order variance by status, the record being one of its own.

    Parameters
    ----------
    tornado : xarray.Dataset
        Group ``/tornado``.
    found : Knowledge
        All variants.
    """
    names = (RECORD, *knowledge.STATUSES)
    variance, status = tornado["variance"].values, tornado["status"].values.astype(str)
    total = float(variance.sum())
    shares = [float(variance[status == name].sum() / total) if total > 0 else 0.0 for name in names]
    dataset = xr.Dataset(
        {"share": ("status", np.array(shares), {"units": "unitless"})}, coords={"status": np.array(names)}
    )
    drawn = found.draws(str(tornado.attrs["quantity"]))
    drawn = drawn[drawn > 0]
    spread = float(np.var(np.log(drawn), ddof=1)) if drawn.size > 1 else 0.0
    dataset.attrs["explained"] = total / spread if spread > 0 else float("nan")
    return dataset
