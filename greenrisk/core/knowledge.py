# SPDX-License-Identifier: Apache-2.0
"""What we do not know: knowledge intervals, the tornado, shares of variance, and their lines in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.core.cards import Card
from greenrisk.core.ledger import Ledger
from greenrisk.core.variants import End, first_order_variance, interval_of, interval_ratio

STATUSES = ("confirmed", "unconfirmed", "illustrative", "user")
"""Statuses of parameters, in the order of the table of shares."""

JUDGED = ("unconfirmed", "illustrative")
"""Statuses that count as judgement."""


class Plan(Protocol):
    """What the variants of a run are, in a fixed order: base, joint draws, range ends, then others."""

    @property
    def draws(self) -> int:
        """How many joint draws."""

    @property
    def ends(self) -> tuple[End, ...]:
        """The range ends."""

    @property
    def first_end(self) -> int:
        """Index of the first range end."""

    @property
    def first_alternative(self) -> int:
        """Index of the first variant after the range ends."""


class Knowledge:
    """The quantities of all variants, and what follows from them.

    Parameters
    ----------
    names : tuple of str
        Names of the quantities.
    values : array, shape (variants, quantities)
        Every quantity of every variant, on common random numbers.
    plan : Plan
        What the variants are.
    cards : mapping of str to Card
        Cards by role.
    """

    def __init__(
        self,
        names: tuple[str, ...],
        values: NDArray[np.float64],
        plan: Plan,
        cards: Mapping[str, Card],
    ) -> None:
        self.names = names
        self.values = values
        self.plan = plan
        self.cards = cards
        self._column = {name: i for i, name in enumerate(names)}

    def base(self, name: str) -> float:
        """Return a quantity of the base variant."""
        return float(self.values[0, self._column[name]])

    def column(self, name: str) -> NDArray[np.float64]:
        """Return a quantity of all variants, shape (variants,)."""
        return self.values[:, self._column[name]]

    def draws(self, name: str) -> NDArray[np.float64]:
        """Return a quantity over the joint draws, shape (draws,)."""
        return self.values[1 : self.plan.first_end, self._column[name]]

    def interval(self, name: str, value: float) -> tuple[float, float]:
        """Return the 90 % knowledge interval around a simulated value.

        Notes
        -----
        The value times the 5 % and 95 % quantiles of (draw / base): base and draws share their random streams, so the
        interval says what the cards do to the figure and nothing about the luck of the simulation. Where the
        base is zero the quantiles of the draws themselves are given.
        """
        base = self.base(name)
        if not base > 0:
            return (np.nan, np.nan) if np.isnan(base) else interval_of(self.draws(name))
        low, high = interval_ratio(self.draws(name), base)
        return value * low, value * high

    def mean_ratio(self, name: str) -> float:
        """Return the mean of a quantity over the joint draws, relative to the base; NaN for a base of zero."""
        base = self.base(name)
        return float(self.draws(name).mean() / base) if base > 0 else float("nan")

    def draws_dataset(self, units: Mapping[str, str]) -> xr.Dataset:
        """Return the group ``/knowledge``."""
        dataset = xr.Dataset(
            {
                "value": (("draw", "quantity"), self.values[1 : self.plan.first_end]),
                "base": ("quantity", self.values[0]),
                "unit": ("quantity", np.array([units[name] for name in self.names])),
            },
            coords={"quantity": np.array(self.names)},
        )
        dataset["value"].attrs["units"] = dataset["base"].attrs["units"] = "see unit"
        return dataset

    def tornado(self, gross_premium: float) -> xr.Dataset:
        """Return the group ``/tornado``: gross premium at both ends of every parameter's range, widest first.

        Parameters
        ----------
        gross_premium : float
            The simulated gross premium, which the swings are scaled to [CNY/year].
        """
        found = self.swings("gross_premium", gross_premium)
        return found.rename(at_low="gross_at_low", at_high="gross_at_high")

    def swings(self, quantity: str, value: float) -> xr.Dataset:
        """Return a quantity at both ends of every parameter's range, widest first.

        Parameters
        ----------
        quantity : str
            One of the quantities of the variants, of money a year.
        value : float
            Its value in the central run, which the swings are scaled to [CNY/year].

        Returns
        -------
        xarray.Dataset
            By ``parameter``: its card, words, value and range, ``at_low`` and ``at_high`` [CNY/year], and ``variance``
            of the logarithm, first order. Attributes ``base`` and ``quantity``.
        """
        column = self._column[quantity]
        scale = value / self.base(quantity) if self.base(quantity) > 0 else 1.0
        rows: list[dict[str, Any]] = []
        found: dict[tuple[str, str], list[tuple[float, float | str]]] = {}
        for i, end in enumerate(self.plan.ends):
            result = float(self.values[self.plan.first_end + i, column]) * scale
            found.setdefault((end.role, end.name), []).append((result, end.value))
        for (role, name), results in found.items():
            card = self.cards[role]
            parameter = card.parameters[name]
            if parameter.range.distribution == "choice":
                results.sort(key=lambda pair: pair[0])
            (at_low, low), (at_high, high) = results[0], results[-1]
            rows.append(
                {
                    "card": card.name,
                    "parameter": name,
                    "label": parameter.meaning,
                    "status": parameter.status,
                    "unit": parameter.unit,
                    "distribution": parameter.range.distribution,
                    "basis": parameter.range.basis,
                    "source": parameter.source,
                    "value": _text(parameter.value),
                    "low": _text(low),
                    "high": _text(high),
                    "at_low": at_low,
                    "at_high": at_high,
                    "variance": first_order_variance(at_low, at_high, parameter.range.distribution),
                }
            )
        rows.sort(key=lambda row: -np.nan_to_num(abs(row["at_high"] - row["at_low"])))
        dataset = xr.Dataset(
            {
                key: ("parameter", np.array([row[key] for row in rows]))
                for key in rows[0]
                if key != "parameter"
            },
            coords={"parameter": np.array([row["parameter"] for row in rows])},
            attrs={"base": value, "quantity": quantity},
        )
        for key in ("at_low", "at_high"):
            dataset[key].attrs["units"] = "CNY/year"
        dataset["variance"].attrs["units"] = "unitless"
        return dataset


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"


def variance_shares(tornado: xr.Dataset, knowledge: Knowledge) -> xr.Dataset:
    """Return the group ``/variance``: shares by status of the first-order knowledge variance; they sum to 1.

    Of the logarithm of the quantity that the tornado is of, one parameter at a time. The attribute ``explained`` is
    their sum over the variance of the joint draws: what is missing to 1 is interaction.
    """
    variance = tornado["variance"].values
    total = float(variance.sum())
    status = tornado["status"].values.astype(str)
    shares = [float(variance[status == name].sum() / total) if total > 0 else 0.0 for name in STATUSES]
    dataset = xr.Dataset({"share": ("status", np.array(shares))}, coords={"status": np.array(STATUSES)})
    dataset["share"].attrs["units"] = "unitless"
    draws = knowledge.draws(str(tornado.attrs["quantity"]))
    spread = float(np.var(np.log(draws[draws > 0]), ddof=1)) if (draws > 0).sum() > 1 else 0.0
    dataset.attrs["explained"] = total / spread if spread > 0 else float("nan")
    return dataset


def tell_unknown(knowledge: Knowledge, ledger: Ledger) -> None:
    """Write to the ledger that variants have a heavier tail than their simulated years reach into.

    Parameters
    ----------
    knowledge : Knowledge
        All variants; the premium of one is NaN where its worst simulated year weighs more than the tail that the risk
        load is taken from.
    ledger : Ledger
        Takes a line for the joint draws and one for the ends of the tornado, where there are any.
    """
    premium = knowledge.column("gross_premium")
    ends = premium[knowledge.plan.first_end : knowledge.plan.first_alternative]
    for values, subject, meaning in (
        (
            knowledge.draws("gross_premium"),
            "knowledge interval of the gross premium",
            "They count as the largest; an end of the interval that lies among them is left open.",
        ),
        (ends, "tornado", "Such a parameter has no swing, and no share of the variance."),
    ):
        count = int(np.isnan(values).sum())
        if count:
            ledger.add(
                "unreliable",
                subject,
                f"{count} of {values.size} variants have a heavier tail than their simulated years reach into: the "
                f"worst of these weighs more than the tail. {meaning} Raise knowledge.years.",
                count=count,
            )


def tell_parameters(tornado: xr.Dataset, ledger: Ledger) -> None:
    """Write a ledger line for every parameter that is not confirmed: by how much it moves the gross premium."""
    base = float(tornado.attrs["base"])
    for i, name in enumerate(tornado["parameter"].values.astype(str)):
        row = {key: tornado[key].values[i] for key in tornado.data_vars}
        if row["status"] == "confirmed":
            continue
        ledger.add(
            "parameter",
            f"{row['card']}:{name}",
            f"{row['label']} {row['value']} {row['unit']}, range {row['low']} to {row['high']} ({row['basis']})",
            status=str(row["status"]),
            source=str(row["source"]),
            quantity="gross_premium",
            base=base,
            at_low=float(row["gross_at_low"]),
            at_high=float(row["gross_at_high"]),
            unit="CNY/year",
        )


def cards_dataset(cards: Mapping[str, Card]) -> xr.Dataset:
    """Return the group ``/cards``: what each card holds for."""
    names = ("name", "title", "use", "region", "period", "validity", "fitted_by")
    return xr.Dataset(
        {name: ("card", np.array([getattr(card, name) for card in cards.values()])) for name in names}
    )
