# SPDX-License-Identifier: Apache-2.0
"""What a scenario says of the late and sudden transition: which paths, which carbon price, when, on what terms.

The fields are judged, except where a source is named; the ranges of the judged numbers stand in the card
``issuer-late-sudden-judged``, whose values are the defaults here.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from greenrisk.core.spec import Spec

LAST_YEAR = 2050
"""No year after this is computed one by one; the terminal value stands for the rest."""


class CarbonTax(Spec):
    """A carbon price that companies meet from the year of the shock on; before it they meet none."""

    path: str = ""
    """Name of a path of carbon prices by year; empty where `level` is given."""

    level: Annotated[float | None, Field(ge=0)] = None
    """The same price in every year [money/t CO2], instead of a path."""

    growth: Annotated[float, Field(gt=-1)] = 0.0
    """Yearly growth on top of the path or level, counted from the year of the shock [1/year]. Level 50 with growth
    0.04 is what TRISK calls `increasing_carbon_tax_50`."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if bool(self.path) == (self.level is not None):
            raise ValueError("Give either `path` or `level`.")
        return self


class TransitionPair(Spec):
    """Where the world goes without the shock, and where it is turned to."""

    name: str
    """Name of the pair in the results."""

    baseline: str
    """Scenario that companies follow until the shock."""

    target: str
    """Scenario that they are turned to; of the same model family as the baseline."""

    carbon_tax: CarbonTax | None = None
    """Carbon price from the shock on; none where left out, or where the channel of carbon cost is on."""


class LateSudden(Spec):
    """The late and sudden transition: quantities, prices, profits and values by company and technology."""

    pairs: Annotated[tuple[TransitionPair, ...], Field(min_length=1)]
    """Pairs of scenarios, all computed in one call."""

    shock_year: int = 2030
    """First year in which companies follow the target [year]; after the first year and before the last."""

    last_year: Annotated[int, Field(le=LAST_YEAR)] = LAST_YEAR
    """Last year that is computed year by year [year]; what comes after is the terminal value."""

    region: str = "Global"
    """Region of the paths for plans that name none."""

    green_share: Literal["own_production", "sector_total"] = "own_production"
    """Of what a company adds its share of new green technology: its own first production of that technology (TRISK)
    or its first production in the whole sector (PACTA's market share)."""

    late_start: Literal["refuse", "hold_back"] = "refuse"
    """What becomes of a plan that begins after the first year: it is refused, or its first year is held back to it."""

    start_at_nothing: Literal["stay", "grow"] = "stay"
    """A plan that begins with nothing and grows later: TRISK keeps it at nothing (once zero, always zero); `grow` lets
    the plan stand and closes a plant only after its plan has begun."""

    floor_profit: bool = True
    """Whether a carbon technology whose tax exceeds its profit closes at a profit of zero (TRISK); otherwise the loss
    stands. A company that loses money before the tax keeps its loss either way."""

    pass_through_power: Annotated[float, Field(ge=0, le=1)] = 0.6
    """Share of the carbon price that a power company hands on to its customers [1]."""

    pass_through_other: Annotated[float, Field(ge=0, le=1)] = 0.9
    """The same for all other sectors [1]."""

    discount_rate: Annotated[float, Field(gt=-1)] = 0.09
    """Rate at which profits are discounted [1/year]; above `growth_rate`."""

    growth_rate: Annotated[float, Field(gt=-1)] = 0.03
    """Growth of the last profit for ever [1/year]."""

    risk_free_rate: float = 0.045
    """Growth of the assets in Merton's model [1/year]."""

    power_sectors: tuple[str, ...] = ("Power",)
    """Sectors whose plans are capacities [MW] that run 8,760 hours a year times the scenario's capacity factor."""

    terms: tuple[Annotated[int, Field(ge=1)], ...] = tuple(range(1, LAST_YEAR - 2022 + 2))
    """Terms of the default probabilities [year]."""

    default_unit: Literal["issuer", "issuer_sector"] = "issuer"
    """Who defaults: the issuer with all its sectors, or each sector of it alone (TRISK)."""
