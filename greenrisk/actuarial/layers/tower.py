# SPDX-License-Identifier: Apache-2.0
"""Layers over one another: a tower without overlaps, and without gaps unless they are meant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from greenrisk.actuarial.arguments import keep
from greenrisk.actuarial.kinds import instances
from greenrisk.actuarial.layers.cession import Cession
from greenrisk.actuarial.layers.events import EventTable, Floats
from greenrisk.actuarial.layers.layer import Layer
from greenrisk.core.errors import ArgumentError, Faults

_SAME = 1e-9  # relative distance at which a layer still begins where the one below ends


@dataclass(frozen=True, repr=False)
class TowerCession(Cession):
    """What a tower takes, in total and layer by layer.

    Parameters
    ----------
    by_layer : tuple of Cession
        What each layer takes, from the bottom up; every layer sees the same losses.
    """

    by_layer: tuple[Cession, ...] = ()

    def annual_ceded_by_layer(self) -> Floats:
        """Return what each layer pays by year, shape (n_years, layer) [currency/year]."""
        return np.stack([cession.annual_ceded() for cession in self.by_layer], axis=1)


@dataclass(frozen=True)
class Tower:
    """Layers from the bottom up, each of which begins where the one below ends.

    Parameters
    ----------
    layers : tuple of Layer
        At least one, by rising attachment.
    allow_gaps : bool
        Whether losses between two layers may stay with the cedent. Overlaps are always refused: one loss would be paid
        twice.
    """

    layers: tuple[Layer, ...]
    allow_gaps: bool = False

    def __post_init__(self) -> None:
        """Refuse an empty tower, overlaps, and gaps that are not meant; all at once."""
        keep(self, layers=lambda name, given: instances(name, given, Layer, fewest=1))
        faults = Faults()
        for place, (lower, upper) in enumerate(pairwise(self.layers), start=1):
            what = (
                f"layers[{place}] attaches at {upper.attachment:,.6g}, the one below ends at {lower.top:,.6g}"
            )
            if math.isclose(upper.attachment, lower.top, rel_tol=_SAME):
                continue
            if upper.attachment < lower.attachment:
                faults.add("layers", what, "Order the layers by rising attachment.", "unit of the loss")
            elif upper.attachment < lower.top:
                mend = f"They overlap by {lower.top - upper.attachment:,.6g}, which would be paid twice: "
                faults.add(
                    "layers",
                    what,
                    f"{mend}raise this attachment or lower the limit below.",
                    "unit of the loss",
                )
            elif not self.allow_gaps:
                mend = f"There is a gap of {upper.attachment - lower.top:,.6g}: "
                faults.add(
                    "layers",
                    what,
                    f"{mend}lower this attachment, or say allow_gaps=True if it is meant.",
                    "unit of the loss",
                )
        faults.raise_if_any(ArgumentError)

    @classmethod
    def stacked(cls, attachment: float, limits: Sequence[float], share: float = 1.0) -> Tower:
        """Return a tower of plain layers, each on top of the last.

        Parameters
        ----------
        attachment : float
            Where the lowest begins [unit of the loss], >= 0.
        limits : sequence of float
            Limits from the bottom up [unit of the loss], > 0; only the last may be infinite.
        share : float
            Placed share of all layers [unitless], in (0, 1].
        """
        layers, bottom = [], attachment
        for limit in limits:
            layers.append(Layer(limit, bottom, share))
            bottom = layers[-1].top
        return cls(tuple(layers))

    @property
    def attachment(self) -> float:
        """Where the lowest layer begins [unit of the loss]."""
        return self.layers[0].attachment

    @property
    def top(self) -> float:
        """Where the highest layer ends [unit of the loss]."""
        return self.layers[-1].top

    def __repr__(self) -> str:
        """Return a table with a row for each layer, from the bottom up."""
        from greenrisk.actuarial.layers.wording import tower_table

        return tower_table(self)

    def cede(self, events: EventTable, premium: float | None = None) -> TowerCession:
        """Return what the tower takes of the losses, event by event in their order.

        Parameters
        ----------
        events : EventTable
            Losses before the tower; every layer sees all of them.
        premium : float, optional
            Not needed: layers are stated in money.

        Notes
        -----
        Reinstatement premiums stand with the layers: they are shares of different premiums.
        """
        by_layer = tuple(layer.cede(events) for layer in self.layers)
        total = np.sum([cession.ceded for cession in by_layer], axis=0)
        # Each layer is rounded: together they take no more than there is.
        return TowerCession(events, np.minimum(total, events.loss), by_layer=by_layer)
