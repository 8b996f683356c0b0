# SPDX-License-Identifier: Apache-2.0
"""Environmental credit (绿蓝黄红): what a colour adds to the rate on debt and to the prices of water and power."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Literal

import numpy as np
from pydantic import Field

from greenrisk.core.card_roles import Role
from greenrisk.core.spec import Spec
from greenrisk.environment.credit_colour import COLOURS
from greenrisk.issuer.channels.base import Channel, Effects, Flags, Floats, Integers, Setting
from greenrisk.issuer.channels.lines import MILLION

COLOUR_ROLE: Final = "credit_colour"
"""Role of the card."""

COLOUR_CARD: Final = Role(
    "card",
    "issuer.credit_colour",
    tuple(
        f"{what}_{colour}"
        for what in ("lending", "water", "electricity")
        for colour in COLOURS
        if colour != "blue"
    ),
    units={
        **{f"lending_{colour}": "1/year" for colour in COLOURS},
        **{f"water_{colour}": "CNY/m3" for colour in COLOURS},
        **{f"electricity_{colour}": "CNY/MWh" for colour in COLOURS},
    },
)
"""What the card of this channel must hold; blue is what all others are told against."""


class CreditColourSpec(Spec):
    """Credit colour: what the scenario makes of it, and what it then costs."""

    colours: dict[str, Literal["green", "blue", "yellow", "red"]] = Field(default_factory=dict)
    """Colour of an issuer in the scenarios below, from `start` on."""

    steps_down: Annotated[int, Field(ge=0, le=3)] = 0
    """By how many grades everyone else falls in the scenarios below, from `start` on."""

    start: int | None = None
    """First year [year]; the first of the study where left out."""

    scenarios: str | tuple[str, ...] = "shocks"
    """Where colours move: `all`, `shocks` (all but the baseline), or names of scenarios."""

    in_statement: bool = True
    """Whether the statement's interest and costs hold today's colour already: then only a change of colour costs."""

    card: str = "issuer-credit-colour-judged"
    """Card of what a colour adds."""


@dataclass(frozen=True)
class CreditColour(Channel):
    """Credit colour.

    Parameters
    ----------
    spec : CreditColourSpec
        What the scenario says.

    Notes
    -----
    Rate on debt: + a(colour) - a(colour today); water and power: use x (s(colour) - s(colour today)) at what is made.
    An issuer without a colour is not assessed: nothing is added, and steps do not move it.
    """

    spec: CreditColourSpec
    name: ClassVar[str] = "credit_colour"
    title: ClassVar[str] = "Environmental credit colour"
    writes: ClassVar[tuple[str, ...]] = ("lending_rate", "utility_surcharge")
    tells: ClassVar = {
        "unassessed": ("assumption", "issuers without a credit colour", "Nothing is added for them."),
        "unknown": (
            "unreliable",
            "issuers whose colour moves and that do not tell water or electricity",
            "The surcharge on what they do not tell is left out: their cost is too low.",
        ),
    }

    def consumes(self) -> tuple[str, ...]:
        """Return its driver."""
        return ("credit_colour",)

    def reads(self, setting: Setting) -> Flags:
        """Return which issuers have a colour, or are given one."""
        return np.asarray(self._moved(setting) >= 0)

    def charge(self, setting: Setting, effects: Effects) -> None:
        """Add to the rate on debt and to the price of utilities."""
        today, moved = setting.issuers.credit_colour, self._moved(setting)
        where = setting.where_scenario(self.spec.scenarios) * setting.since(self.spec.start)

        def extra(what: str) -> Floats:
            now, then = _add_on(setting, what, today), _add_on(setting, what, moved)
            return where * (then - now) + (0.0 if self.spec.in_statement else now)

        effects.add("lending_rate", extra("lending"))
        grown = effects.growth * effects.quantity * (setting.per_cny / MILLION)
        for what, use in (("water", setting.issuers.water), ("electricity", setting.issuers.electricity)):
            effects.add("utility_surcharge", setting.of_issuer(np.nan_to_num(use)) * extra(what) * grown)
        silent = np.isnan(setting.issuers.water) | np.isnan(setting.issuers.electricity)
        effects.tell(self.name, "unassessed", int((moved < 0).sum()))
        effects.tell(self.name, "unknown", int((silent & (moved != today)).sum()))

    def _moved(self, setting: Setting) -> Integers:
        """Colour in the scenarios where colours move, shape (issuer,)."""
        today = setting.issuers.credit_colour
        worst = len(COLOURS) - 1
        moved = np.where(today >= 0, np.minimum(today + self.spec.steps_down, worst), today)
        for number, issuer in enumerate(setting.issuers.ids):
            if issuer in self.spec.colours:
                moved[number] = COLOURS.index(self.spec.colours[issuer])
        return moved


def _add_on(setting: Setting, what: str, colour: Integers) -> Floats:
    """What a colour adds, shape (variant, 1, issuer, 1); 0 for blue and for those without one."""
    held = np.concatenate(
        [
            setting.parameter(COLOUR_ROLE, f"{what}_{name}")
            if name != "blue"
            else np.zeros((len(setting.values), 1, 1, 1))
            for name in COLOURS
        ],
        axis=2,
    )
    out: Floats = np.where((colour >= 0)[None, None, :, None], held[:, :, np.maximum(colour, 0)], 0.0)
    return out
