# SPDX-License-Identifier: Apache-2.0
"""An aggregate law as a labelled data set; xarray is imported only here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import xarray as xr

if TYPE_CHECKING:
    from greenrisk.actuarial.aggregate.loss import AggregateLoss


def dataset(loss: AggregateLoss) -> xr.Dataset:
    """Return the law along its nodes, with units and long names, its error among the attributes.

    Parameters
    ----------
    loss : AggregateLoss
        The law.
    """
    nodes = loss.values
    money = {"units": "unit of the loss"}
    variables = {
        "probability": ("loss", loss.probabilities, {"units": "1", "long_name": "weight of the node"}),
        "cdf": ("loss", loss.cdf(nodes), {"units": "1", "long_name": "probability of no more than the node"}),
        "limited_expected_value": (
            "loss",
            loss.limited_expected_value(nodes),
            {**money, "long_name": "expected loss limited at the node"},
        ),
    }
    coordinates = {"loss": ("loss", nodes, {**money, "long_name": "aggregate loss of a year"})}
    attributes = {
        "mean": loss.mean(),
        "annual_limit": loss.annual_limit,
        "annual_attachment": loss.annual_attachment,
        "doubled_grid": loss.error.doubled_grid,
        "tail_mass": loss.error.tail_mass,
        "converged": int(loss.error.converged),
    }
    return xr.Dataset(variables, coordinates, attributes)
