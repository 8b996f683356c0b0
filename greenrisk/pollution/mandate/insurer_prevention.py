# SPDX-License-Identifier: Apache-2.0
"""The insurer's own spending on prevention beside the payments that it avoids.

What lives here: which plants a budget serves, and what that avoids. What does not: what a risen level of prevention
saves at a plant (:mod:`greenrisk.pollution.mandate.prevention`).
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.variants import Values


def insurer_prevention(
    payments_saved: ArrayLike, loss_saved: ArrayLike, premium: float, values: Values, plants: ArrayLike
) -> xr.Dataset:
    """Return the group ``insurer_prevention``: the plants served, the dearest savings first.

    Parameters
    ----------
    payments_saved, loss_saved : array, shape (plants,)
        What a risen level of prevention saves at each plant, were it to succeed, >= 0; 0: cannot rise [CNY/year].
    premium : float
        Gross premium of the zone, >= 0 [CNY/year].
    values : mapping
        Of a card of use ``zone.mandate``: ``prevention_spend`` (share of premium), ``service_cost`` [CNY/year],
        ``service_success`` [unitless].
    plants : array of str, shape (plants,)
        Identifiers.

    Returns
    -------
    xarray.Dataset
        By ``rank``, plants that can rise in the order of what they save the insurer: ``plant``, ``spent`` so far,
        ``payments_avoided`` and ``loss_avoided`` so far [CNY/year], ``served``: whether the budget reaches the plant;
        without dimension ``budget``, ``spend``, ``avoided_payments``, ``avoided_loss`` [CNY/year],
        ``avoided_per_yuan``: payments avoided by a yuan spent [1], ``break_even_success``: share of the plants served
        that must rise for the insurer to get its money back; above 1: it cannot [1].

    Notes
    -----
    A part of the budget that pays no whole service is not spent.
    """
    paid = numbers("payments_saved", payments_saved, least=0.0, dimensions=1, unit="CNY/year")
    loss = numbers("loss_saved", loss_saved, least=0.0, dimensions=1, unit="CNY/year")
    names = np.asarray(plants)
    if not paid.shape == loss.shape == names.shape:
        what = f"{paid.size} payments, {loss.size} losses, {names.size} plants"
        raise ArgumentError(Fault("payments_saved", what, "One of each for every plant was expected."))
    income = number("premium", premium, least=0.0, unit="CNY/year")
    share = number("prevention_spend", float(values["prevention_spend"]), least=0.0, most=1.0)
    cost = number("service_cost", float(values["service_cost"]), above=0.0, unit="CNY/year")
    success = number("service_success", float(values["service_success"]), least=0.0, most=1.0)
    order = np.argsort(-paid, kind="stable")
    order = order[(paid[order] > 0.0) | (loss[order] > 0.0)]
    budget = share * income
    # A budget that is a whole number of services must pay them all, whatever the last bit says.
    served = min(int(np.floor(budget / cost * (1.0 + 1e-12))), order.size)
    running = [np.cumsum(success * column[order]) for column in (paid, loss)]
    spent = cost * np.arange(1, order.size + 1)
    avoided = [float(column[served - 1]) if served else 0.0 for column in running]
    spend = cost * served
    could = avoided[0] / success if success > 0.0 else float(paid[order[:served]].sum())
    columns = {
        "plant": (names[order], "", "Plant"),
        "spent": (spent, "CNY/year", "Spent up to this plant"),
        "payments_avoided": (running[0], "CNY/year", "Payments avoided up to this plant"),
        "loss_avoided": (running[1], "CNY/year", "Loss avoided up to this plant"),
        "served": (np.arange(order.size) < served, "1", "Whether the budget reaches the plant"),
    }
    found = xr.Dataset(
        {
            name: (("rank",), values_, {"units": unit, "long_name": told} if unit else {"long_name": told})
            for name, (values_, unit, told) in columns.items()
        },
        coords={"rank": np.arange(1, order.size + 1)},
    )
    for name, amount, unit, told in (
        ("budget", budget, "CNY/year", "What the insurer sets aside for prevention"),
        ("spend", spend, "CNY/year", "What it spends on whole services"),
        ("avoided_payments", avoided[0], "CNY/year", "Payments avoided"),
        ("avoided_loss", avoided[1], "CNY/year", "Loss avoided, whoever bears it"),
        (
            "avoided_per_yuan",
            avoided[0] / spend if spend > 0.0 else np.nan,
            "1",
            "Payments avoided by a yuan spent",
        ),
        (
            "break_even_success",
            spend / could if could > 0.0 else np.nan,
            "1",
            "Share of the plants served that must rise for the spending to pay for itself",
        ),
    ):
        found[name] = ((), amount, {"units": unit, "long_name": told})
    return found
