# SPDX-License-Identifier: Apache-2.0
"""What every section of the issuer page reads a result by: scenarios and issuers with their words, years, money."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.report.charts.issuer_look import Look
from greenrisk.report.reading import Metric, Metrics
from greenrisk.report.wording import MISSING, SHOWN_DIGITS, money, significant

LONGEST_LABEL: Final = 26
"""A title of a scenario up to this is its word on the page; a longer one gives way to the scenario's name [letters]."""

CHANNEL_LINES: Final = {
    "ebit": "EBIT",
    "net_income": "Net income",
    "equity": "Equity",
    "annual_probability": "Default in twelve months",
    "expected_loss": "Expected loss",
}
"""Measure of a channel -> its words."""

LENS_NAMES: Final = {
    "merton": "Merton",
    "altman_z": "Altman Z",
    "altman_z_private": "Altman Z\u2032",
    "altman_z_nonmanufacturing": "Altman Z\u2033",
    "altman_em": "Altman EM",
    "interest_cover": "Interest cover",
    "debt_service_cover": "Debt service cover",
    "liquidity_runway": "Liquidity runway",
    "logit": "Logit",
}
"""Lens -> its words."""

BASIS_NAMES: Final = {
    "calibrated": "calibrated from market value and its volatility",
    "market": "market value and debt",
    "book": "book value",
    "none": "not known",
}
"""How the value of the assets was found -> its words."""

DRIVER_NAMES: Final = {
    "carbon_price": "Carbon price",
    "shutdown_days": "Days of ordered shutdown",
    "temperature": "Global surface temperature above 1850\u20131900",
    "tax_multiple": "Rates of the environmental protection tax",
    "energy_price": "Price of energy",
    "water_price": "Price of water above today's",
    "demand": "Demand at unchanged prices",
    "gdp_deviation": "Output (GDP) against the baseline",
    "policy_rate_deviation": "Policy rate against the baseline",
    "long_rate_deviation": "Long-term interest rate against the baseline",
    "inflation_deviation": "Inflation against the baseline",
    "equity_price_deviation": "Prices of equities against the baseline",
}
"""Driver of a pathway -> its words."""

UNIT_WORDS: Final = {
    "unitless": "times today's",
    "day/year": "days a year",
    "percentage points": "points",
    "percent": "per cent",
}
"""Unit of a driver -> its words."""


@dataclass(frozen=True, eq=False)
class View:
    """A result as the page reads it.

    Parameters
    ----------
    tree : xarray.DataTree
        Result of the issuer study.
    scenarios : tuple of str
        Names of the scenarios, as the result has them.
    labels : mapping of str to str
        Their words.
    baseline : str
        The scenario that shocks are measured against.
    year : int
        Year of the headline.
    years : tuple of int
        Years that the page reports.
    currency : str
        Currency of all money, in millions.
    names : mapping of str to str
        Words of each issuer.
    """

    tree: xr.DataTree
    scenarios: tuple[str, ...]
    labels: Mapping[str, str]
    baseline: str
    year: int
    years: tuple[int, ...]
    currency: str
    names: Mapping[str, str]
    _held: dict[str, xr.Dataset | None] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, tree: xr.DataTree) -> View:
        """Return the view of a result."""
        paths = tree.children["pathways"].to_dataset(inherit=False)
        scenarios = [str(s) for s in paths["scenario"].values]
        titles = [str(t) for t in paths["title"].values]
        labels = {
            name: title if 0 < len(title) <= LONGEST_LABEL else _plain(name)
            for name, title in zip(scenarios, titles, strict=True)
        }
        return cls(
            tree,
            tuple(scenarios),
            labels,
            str(tree.attrs["baseline"]),
            int(tree.attrs["headline_year"]),
            tuple(int(y) for y in np.atleast_1d(tree.attrs["report_years"])),
            str(tree.attrs["currency"]),
            _issuer_names(tree),
        )

    @property
    def shocks(self) -> tuple[str, ...]:
        """All scenarios but the baseline."""
        return tuple(name for name in self.scenarios if name != self.baseline)

    @property
    def unit(self) -> str:
        """Unit of money in a head."""
        return f"{self.currency} million"

    @property
    def look(self) -> Look:
        """How figures draw the scenarios."""
        return Look(self.scenarios, self.labels, self.baseline)

    def label(self, scenario: str, inside: bool = False) -> str:
        """Return the words of a scenario; ``inside`` a sentence without the capital."""
        label = self.labels.get(scenario, _plain(scenario))
        return label[:1].lower() + label[1:] if inside and not label[1:2].isupper() else label

    def name(self, issuer: str) -> str:
        """Return the words of an issuer."""
        return self.names.get(issuer, issuer)

    def amount(self, millions: float, digits: int = SHOWN_DIGITS) -> str:
        """Return an amount of millions in words, e.g. ``CNY 1.23 billion``."""
        if not np.isfinite(millions):
            return MISSING
        if abs(millions) >= 1e3:
            text = money(millions * 1e3, digits).replace("million", "billion")
        else:
            text = money(millions * 1e6, digits)
        return text.replace("CNY", self.currency, 1)

    def group(self, name: str) -> xr.Dataset | None:
        """Return a group of the result; None where the run has none or it is empty."""
        if name not in self._held:
            node = self.tree.children.get(name)
            found = None if node is None else node.to_dataset(inherit=False)
            # read once: a page asks for single cells thousands of times
            self._held[name] = found.load() if found is not None and all(found.sizes.values()) else None
        return self._held[name]

    def cells(self, name: str, variable: str) -> xr.DataArray | None:
        """Return a variable by scenario, issuer and year, of all issuers where the run keeps them; else None.

        A run of many issuers keeps every year of those hurt most alone; of all others the report years.
        """
        for place in ("issuer_years", name):
            found = self.group(place)
            if found is not None and variable in found:
                return found[variable].transpose("scenario", "issuer", "year")
        return None

    def at(self, name: str, variable: str, year: int | None = None) -> xr.DataArray | None:
        """Return a variable by scenario and issuer in a year, that of the headline by default; None if not kept."""
        found = self.cells(name, variable)
        wanted = self.year if year is None else year
        return None if found is None or wanted not in found["year"].values else found.sel(year=wanted)

    @cached_property
    def metrics(self) -> Metrics:
        """The headline figures."""
        return Metrics(self.tree.children["metrics"].to_dataset(inherit=False))

    def metric(self, name: str, scenario: str, year: int | None = None) -> Metric | None:
        """Return a headline figure of a scenario in a year, that of the headline by default."""
        return self.metrics.find(name, scenario=scenario, year=self.year if year is None else year)

    @cached_property
    def tornado(self) -> xr.Dataset | None:
        """The portfolio's tornado, each parameter in words that stand alone; None where the run has none."""
        found = self.group("tornado")
        if found is None:
            return None
        names = found["parameter"].values.astype(str)
        labels = [
            alone(name, label) for name, label in zip(names, found["label"].values.astype(str), strict=True)
        ]
        return found.assign(label=("parameter", np.array(labels)))


def _plain(name: str) -> str:
    text = name.replace("-", " ").replace("_", " ")
    return text[:1].upper() + text[1:]


def driver_name(name: str) -> str:
    """Return the words of a driver."""
    return DRIVER_NAMES.get(name, _plain(name))


SAME: Final = "The same for "


def alone(name: str, label: str) -> str:
    """Return the meaning of a parameter in words that stand alone: one like its neighbour's tells its own name.

    Examples
    --------
    >>> alone("abatement_potential_cement", "The same for cement, most of whose carbon comes from the stone.")
    'Abatement potential cement (cement, most of whose carbon comes from the stone)'
    """
    return (
        f"{_plain(name.rpartition(':')[2])} ({label[len(SAME) :].rstrip('.')})"
        if label.startswith(SAME)
        else label
    )


def plain(name: str) -> str:
    """Return a name of the result in plain letters with a capital."""
    return _plain(name)


def _issuer_names(tree: xr.DataTree) -> dict[str, str]:
    """Return the names of issuers without the words that all of them begin with."""
    if "issuers" not in tree.children:
        return {}
    data = tree.children["issuers"].to_dataset(inherit=False)
    ids = [str(i) for i in data["issuer"].values]
    names = [str(n).strip() for n in data["name"].values] if "name" in data else ids
    names = [name or key for name, key in zip(names, ids, strict=True)]
    common = common_words(names)
    told = {key: name[common:] for key, name in zip(ids, names, strict=True)}
    if "refused" in tree.children:
        gone = tree.children["refused"].to_dataset(inherit=False)
        pairs = zip(gone["issuer"].values.astype(str), gone["name"].values.astype(str), strict=True)
        told = {str(key): str(name) for key, name in pairs if name} | told
    return told


def common_words(names: Sequence[str]) -> int:
    """Return how many letters of whole words all names begin with; 0 where a name has no other words."""
    if len(names) < 2:
        return 0
    first, last = min(names), max(names)
    same = next(
        (k for k, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first)
    )
    end = first[:same].rfind(" ") + 1
    return end if all(len(name) > end for name in names) else 0


def short(text: str, most: int) -> str:
    """Return a text cut to a length with a mark where letters are missing."""
    return text if len(text) <= most else text[: most - 1].rstrip(" ,;(") + "\u2026"


def grouped(text: str) -> str:
    """Return a text with large numbers written out: ``5.6e+13`` becomes ``56,000,000,000,000``."""
    return re.sub(r"\d+(?:\.\d+)?e\+\d+", lambda found: significant(float(found[0]), 4), text)


def place(where: str) -> str:
    """Return a place in a file without the folders above it: a report names no machine."""
    return re.sub(r"(?<!\w)(?:[A-Za-z]:)?[\\/](?:[^\s\\/]+[\\/])+", "", where)
