# SPDX-License-Identifier: Apache-2.0
"""Figures that are looked at before they are used: identities, ratios, copied cells, values of a group.

What lives here: what is found, and the figures that are taken out for it. What does not: the identities and bounds
themselves (:mod:`greenrisk.issuer.identities`, :mod:`greenrisk.issuer.magnitudes`) and faults that stop a run
(:mod:`greenrisk.issuer.checks`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenrisk.issuer.findings import Finding
from greenrisk.issuer.identities import IDENTITIES, PARTS, broken, exceeding, gap
from greenrisk.issuer.magnitudes import Bounds, misfits, over, same_figures, slip
from greenrisk.issuer.missing import VALUES

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MARKET: tuple[str, ...] = ("market_value", *VALUES)
"""Figures that belong to whoever is listed, not to its segments."""


@dataclass(eq=False)
class Draft:
    """Figures of issuers before the screen.

    Parameters
    ----------
    ids, sectors, groups : sequence of str, (issuer,)
        Who; the group is empty for an issuer of its own.
    where : sequence of str, (issuer,)
        ``file:row`` of the statement.
    lines : dict of str to array, shape (issuer,)
        All lines and values, in the currency of the study [million]; what is quarantined becomes NaN here.
    unit : str
        Unit of the lines, e.g. `million CNY`.
    """

    ids: Sequence[str]
    sectors: Sequence[str]
    groups: Sequence[str]
    where: Sequence[str]
    lines: dict[str, Floats]
    unit: str


def screen(draft: Draft, bounds: Bounds) -> list[Finding]:
    """Take implausible figures out of a draft and return what was found, in the order of the checks.

    Notes
    -----
    Negative equity, a loss, EBITDA of 0 and less, no debt are no findings: they are paths of the study.
    """
    found: list[Finding] = []
    _copied(draft, found)
    _of_groups(draft, found)
    ratios = _ratios(draft)
    for line, flags in misfits(draft.lines, bounds).items():
        _take(draft, line, flags, "Market value, revenue and assets do not fit together.", found, ratios)
    _slight_debt(draft, bounds, found)
    _enterprise(draft, bounds, found)
    tolerance = bounds.high("identity_gap")
    for identity in IDENTITIES:
        gaps = gap(identity, draft.lines)
        flags = broken(identity, draft.lines, tolerance)
        _take(draft, identity.result, flags, identity.sentence, found, _each("off by", gaps))
    for part, whole in PARTS:
        words = f"{part} more than {whole}".replace("_", " ").capitalize() + "."
        flags = exceeding(part, whole, draft.lines, tolerance)
        _take(draft, part, flags, words, found, _each("of", draft.lines[whole]))
    _owed(draft, tolerance, found)
    return found


def screen_scope_1(
    draft: Draft,
    scope_1: Floats,
    where: Sequence[str],
    usd: float,
    bounds: Bounds,
    beside: Floats | None = None,
) -> list[Finding]:
    """Take implausible scope-1 figures out, in place, and return what was found.

    Parameters
    ----------
    draft : Draft
        The issuers, after :func:`screen`.
    scope_1 : array, shape (issuer,)
        Emissions; a quarantined figure becomes NaN [t CO2e].
    where : sequence of str, (issuer,)
        ``file:row`` of each.
    usd : float
        US dollars for one unit of the study's currency, for the ratio to revenue.
    bounds : Bounds
        Bounds.
    beside : array, shape (issuer,), optional
        Another figure of about the same size for the same issuer, to tell a slip of unit by [t CO2e].
    """
    found: list[Finding] = []
    sectors = tuple(draft.sectors)
    ratio = over(scope_1, draft.lines["revenue"] * usd)
    low, high = bounds.outside("scope_1_to_revenue", ratio, sectors)
    enormous = bounds.outside("scope_1", scope_1)[1]
    for at in map(int, np.flatnonzero(high | enormous)):
        ceiling = bounds.of("scope_1_to_revenue", sectors[at])[1]
        parts = (
            []
            if np.isnan(ratio[at])
            else [f"{ratio[at]:.3g} t per million USD of revenue, plausible to {ceiling:g}"]
        )
        if beside is not None and (words := slip(scope_1[at], beside[at])):
            parts.append(f"{words} beside {beside[at]:.4g} t told elsewhere")
        sort = "Scope 1 implausibly large: a wrong unit."
        value = float(scope_1[at])
        found.append(
            Finding(
                draft.ids[at], where[at], "scope_1", value, "t CO2e", "quarantined", sort, "; ".join(parts)
            )
        )
        scope_1[at] = np.nan
    for at in map(int, np.flatnonzero(low & ~(high | enormous))):
        floor = bounds.of("scope_1_to_revenue", sectors[at])[0]
        detail = f"{ratio[at]:.3g} t per million USD of revenue, {sectors[at]} seldom has less than {floor:g}"
        sort = "Scope 1 implausibly small for the sector: a wrong unit, or a part of the company; it would look safe."
        value = float(scope_1[at])
        found.append(
            Finding(draft.ids[at], where[at], "scope_1", value, "t CO2e", "quarantined", sort, detail)
        )
        scope_1[at] = np.nan
    return found


def _take(
    draft: Draft,
    line: str,
    flags: Flags,
    sort: str,
    found: list[Finding],
    detail: Callable[[int], str] = lambda at: "",
) -> None:
    """Record and take out the flagged figures of one line."""
    for at in map(int, np.flatnonzero(flags & ~np.isnan(draft.lines[line]))):
        value = float(draft.lines[line][at])
        found.append(
            Finding(draft.ids[at], draft.where[at], line, value, draft.unit, "quarantined", sort, detail(at))
        )
    draft.lines[line] = np.where(flags, np.nan, draft.lines[line])


def _same(words: str) -> Callable[[int], str]:
    """Return what is said of every issuer alike."""
    return lambda at: words


def _each(words: str, values: Floats) -> Callable[[int], str]:
    """Return what is said of an issuer: the words and its value, as it is now."""
    held = values.copy()
    return lambda at: f"{words} {held[at]:.4g}"


def _ratios(draft: Draft) -> Callable[[int], str]:
    market, revenue, assets = (draft.lines[name].copy() for name in ("market_value", "revenue", "assets"))

    def said(at: int) -> str:
        return f"market value {market[at]:.4g}, revenue {revenue[at]:.4g}, assets {assets[at]:.4g}"

    return said


def _copied(draft: Draft, found: list[Finding]) -> None:
    """Take out market values that stand under two issuers of different groups."""
    for group in same_figures(draft.lines["market_value"], draft.lines["enterprise_value"]):
        if len({_root(draft, at) for at in group}) == 1:
            continue
        flags = np.zeros(len(draft.ids), dtype=bool)
        flags[group] = True
        said = "under " + ", ".join(draft.ids[at] for at in group)
        sort = "The same market value and enterprise value stand under another issuer: a copied cell."
        for line in MARKET:
            _take(draft, line, flags, sort, found, _same(said))


def _root(draft: Draft, at: int) -> str:
    """Return the issuer that a group is known by; two segments that name each other are known by the first in order."""
    issuer, group = draft.ids[at], draft.groups[at]
    if not group:
        return issuer
    above = dict(zip(draft.ids, draft.groups, strict=True)).get(group, "")
    return min(issuer, group) if above else group


def _of_groups(draft: Draft, found: list[Finding]) -> None:
    """Take out market values of segments, which are those of their group, and tell statements that are the group's."""
    segments = np.array([bool(group) for group in draft.groups], dtype=bool)
    if not segments.any():
        return
    sort = "A segment has no market value of its own: the group's would count twice."
    for line in MARKET:
        _take(draft, line, segments, sort, found, lambda at: f"of {draft.groups[at]}")
    for group in same_figures(draft.lines["revenue"], draft.lines["assets"]):
        for at in group:
            if draft.groups[at]:
                others = ", ".join(draft.ids[other] for other in group if other != at)
                value = float(draft.lines["revenue"][at])
                sort = "Revenue and assets are the group's, emissions the segment's: cost over revenue is too low."
                found.append(
                    Finding(
                        draft.ids[at],
                        draft.where[at],
                        "revenue",
                        value,
                        draft.unit,
                        "told",
                        sort,
                        f"as {others}",
                    )
                )


def _enterprise(draft: Draft, bounds: Bounds, found: list[Finding]) -> None:
    """Take out enterprise values that do not fit the market value, the assets or the debt."""
    value, market = draft.lines["enterprise_value"], draft.lines["market_value"]
    cash = np.nan_to_num(draft.lines["cash"], nan=0.0)
    with_cash = draft.lines["enterprise_value_and_cash"] - value
    cash = np.where((cash == 0) & (with_cash > 0), with_cash, cash)
    below, above = bounds.outside("enterprise_value_to_market_value", over(value, market))
    net = over(value - market, draft.lines["assets"])
    low, high = bounds.outside("net_debt_to_assets", net)
    with np.errstate(invalid="ignore"):
        more_than_cash = value - market + cash < -1e-9 * np.abs(market)
    # A market value that was taken out leaves nothing to compare with: what hangs on it goes too.
    orphan = np.isnan(market) & ~np.isnan(value)
    for flags, sort in (
        (
            below | above | low | high,
            "Enterprise value and market value do not fit: another currency or unit.",
        ),
        (
            more_than_cash,
            "Enterprise value below market value by more than the cash: debt would be below 0.",
        ),
        (orphan, "An enterprise value whose market value was taken out says nothing about debt."),
    ):
        _take(
            draft,
            "enterprise_value",
            flags,
            sort,
            found,
            lambda at: "" if np.isnan(market[at]) else f"market value {market[at]:.4g}, cash {cash[at]:.4g}",
        )
    _net_debt(draft, found)
    kept, debt = draft.lines["enterprise_value"], draft.lines["debt_long"]
    with np.errstate(invalid="ignore"):
        flags = (kept < market) & np.isnan(debt)
    for at in map(int, np.flatnonzero(flags)):
        sort = "Enterprise value below market value: hardly any debt follows, and default looks far away."
        detail = f"market value {market[at]:.4g}"
        kept_value = float(kept[at])
        found.append(
            Finding(
                draft.ids[at],
                draft.where[at],
                "enterprise_value",
                kept_value,
                draft.unit,
                "told",
                sort,
                detail,
            )
        )


def _net_debt(draft: Draft, found: list[Finding]) -> None:
    """Tell where told debt and cash do not give the enterprise value."""
    debt = np.nan_to_num(draft.lines["debt_short"]) + draft.lines["debt_long"]
    net = draft.lines["enterprise_value"] - draft.lines["market_value"]
    with np.errstate(invalid="ignore", divide="ignore"):
        off = np.abs(net - (debt - draft.lines["cash"])) > 0.01 * np.maximum(np.abs(net), np.abs(debt))
    for at in map(int, np.flatnonzero(off)):
        detail = f"cash {draft.lines['cash'][at]:.4g}, enterprise value less market value {net[at]:.4g}"
        sort = "Enterprise value less market value is not debt less cash; the told debt is used."
        found.append(
            Finding(draft.ids[at], draft.where[at], "debt", float(debt[at]), draft.unit, "told", sort, detail)
        )


def _slight_debt(draft: Draft, bounds: Bounds, found: list[Finding]) -> None:
    """Take out debt that is above 0 but next to nothing, thousands for units mostly: it would make default look far."""
    debt = np.nan_to_num(draft.lines["debt_short"]) + np.nan_to_num(draft.lines["debt_long"])
    low, high = bounds.outside("debt_to_assets", over(debt, draft.lines["assets"]))
    sort = "Debt implausible beside the assets: a wrong unit."
    for line in ("debt_short", "debt_long"):
        with np.errstate(invalid="ignore"):
            flags = ((low & (debt > 0)) | high) & (draft.lines[line] > 0)
        _take(draft, line, flags, sort, found, lambda at: f"assets {draft.lines['assets'][at]:.4g}")


def _owed(draft: Draft, tolerance: float, found: list[Finding]) -> None:
    """Tell debt that is more than all liabilities."""
    debt = np.nan_to_num(draft.lines["debt_short"]) + np.nan_to_num(draft.lines["debt_long"])
    owed = draft.lines["assets"] - draft.lines["equity"]
    with np.errstate(invalid="ignore"):
        flags = debt > owed + tolerance * np.abs(draft.lines["assets"])
    for at in map(int, np.flatnonzero(flags)):
        sort = "Debt is more than assets less equity."
        detail = f"assets less equity {owed[at]:.4g}"
        found.append(
            Finding(draft.ids[at], draft.where[at], "debt", float(debt[at]), draft.unit, "told", sort, detail)
        )
