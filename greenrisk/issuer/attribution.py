# SPDX-License-Identifier: Apache-2.0
"""How much each channel does: alone, last in, all jointly, and what is left as interaction.

What lives here: the bookkeeping. What does not: what is measured; any number that follows from the effects can be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenrisk.issuer.channels.base import Channel, Effects, Setting, effects_of
from greenrisk.issuer.income import income_of
from greenrisk.issuer.statement_pass import roll

Floats = NDArray[np.float64]
Measure = Callable[[Setting, Effects], Mapping[str, Floats]]
"""From the effects of some channels to quantities by name, each over (variant, scenario, issuer, year)."""


@dataclass(frozen=True, eq=False)
class Attribution:
    """Parts of one quantity.

    Parameters
    ----------
    channels : tuple of str
        Names along the first axis.
    without, joint : array, (variant, scenario, issuer, year)
        The quantity without any channel; the change that all channels together make.
    alone, last : array, (channel, variant, scenario, issuer, year)
        Change that a channel makes when it is the only one; when it is added to all others.
    interaction : array, (variant, scenario, issuer, year)
        ``joint - sum of alone``: what the channels do to each other.
    """

    channels: tuple[str, ...]
    without: Floats
    joint: Floats
    alone: Floats
    last: Floats

    @property
    def interaction(self) -> Floats:
        """What is left of the joint change after all channels alone."""
        out: Floats = self.joint - self.alone.sum(axis=0)
        return out


def ebit_measure(setting: Setting, effects: Effects) -> Mapping[str, Floats]:
    """Return the change of EBIT [million/year]; known also where the level of EBIT is not."""
    return {"ebit": income_of(setting, effects).change}


def statement_measure(setting: Setting, effects: Effects) -> Mapping[str, Floats]:
    """Return EBIT, net income, equity, debt and cash of every year [million]."""
    rolled = roll(setting, effects)
    lines = rolled.lines
    return {
        "ebit": rolled.change,
        "net_income": lines["net_income"],
        "equity": lines["equity"],
        "debt": lines["debt_short"] + lines["debt_long"],
        "cash": lines["cash"],
    }


def attribute(
    setting: Setting, channels: Sequence[Channel], measure: Measure = ebit_measure
) -> dict[str, Attribution]:
    """Return what each channel does to each quantity.

    Parameters
    ----------
    setting : Setting
        The block; one variant is enough, each further one costs as much again.
    channels : sequence of Channel
        In the order of work.
    measure : callable
        What is measured.

    Notes
    -----
    With n channels 2 n + 2 passes. ``joint = sum of alone + interaction`` by definition; where nothing is a product of
    two channels the interaction is 0, and alone and last agree.
    """
    names = tuple(channel.name for channel in channels)

    def of(subset: Sequence[Channel]) -> dict[str, Floats]:
        found = measure(setting, effects_of(setting, subset))
        return {name: np.broadcast_to(values, setting.shape) for name, values in found.items()}

    without, joint = of(()), of(channels)
    single = [of((channel,)) for channel in channels]
    rest = [of([other for other in channels if other is not channel]) for channel in channels]
    empty = np.zeros((0, *setting.shape))
    found = {}
    for name, base in without.items():
        alone = [one[name] - base for one in single]
        last = [joint[name] - one[name] for one in rest]
        found[name] = Attribution(
            channels=names,
            without=base,
            joint=joint[name] - base,
            alone=np.stack(alone) if alone else empty,
            last=np.stack(last) if last else empty,
        )
    return found
