# SPDX-License-Identifier: Apache-2.0
"""The shipped scenario of issuers with channels switched off in its YAML: what the base variant then is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.library import library_root
from greenrisk.core.marked_yaml import read_yaml
from greenrisk.issuer.attribution import Attribution, attribute
from greenrisk.issuer.job import IssuersJob
from tests.studied_issuers import prepared_issuers

YAML = read_yaml(library_root() / "scenarios" / "issuers-jingdezhen.yaml").data
ON = tuple(YAML["channels"])
"""Channels that are on, in the order of the file."""

FIRST_YEAR = 2025


@dataclass(frozen=True, eq=False)
class Run:
    """The base variant of a toggled scenario: arrays (scenario, issuer, year)."""

    scenarios: tuple[str, ...]
    issuers: tuple[str, ...]
    measured: dict[str, NDArray[np.float64]]
    charges: NDArray[np.float64]
    revenue: NDArray[np.float64]
    variable_cost: NDArray[np.float64]

    def of(self, what: str, scenario: str, issuer: str, year: int) -> float:
        place = self.scenarios.index(scenario), self.issuers.index(issuer), year - FIRST_YEAR
        return float(self.measured[what][place])


@cache
def job(on: tuple[str, ...]) -> IssuersJob:
    """The shipped scenario with the other channels switched off in its YAML."""
    off = {f"channels__{name}": "null" for name in ON if name not in on}
    return prepared_issuers(**off, knowledge__draws="0", knowledge__tornado="false")


@cache
def run(*on: str) -> Run:
    made = job(tuple(name for name in ON if name in on))
    model = made.model
    setting = model.setting(slice(0, len(model.issuers)), made.plan.values[:1])
    done = model.outcome(setting)
    measured = model.measure(setting, done.effects)

    def whole(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.broadcast_to(values, setting.shape)[0]

    return Run(
        setting.scenarios,
        setting.issuers.ids,
        {name: whole(values) for name, values in measured.items()},
        whole(done.effects.charges),
        whole(done.rolled.lines["revenue"]),
        whole(done.rolled.lines["variable_cost"]),
    )


@cache
def parts() -> dict[str, Attribution]:
    made = job(ON)
    setting = made.model.setting(slice(0, len(made.model.issuers)), made.plan.values[:1])
    return attribute(setting, made.model.channels, made.model.measure)


def alone(channel: str, what: str = "ebit") -> NDArray[np.float64]:
    """What a channel does when it is the only one, (scenario, issuer, year).

    Dearer debt is set beside physical damage, for without damage by site the pathways take another part of the shock.
    """
    beside = ("physical_damage",) if channel == "interest_rates" else ()
    return run(channel, *beside).measured[what] - run(*beside).measured[what]


def at(channel: str, scenario: str, issuer: str, year: int, what: str = "ebit") -> float:
    whole = run()
    return float(
        alone(channel, what)[whole.scenarios.index(scenario), whole.issuers.index(issuer), year - FIRST_YEAR]
    )
