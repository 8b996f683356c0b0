# SPDX-License-Identifier: Apache-2.0
"""Checks of one issuer's statement, probabilities and channels, for its page."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.report.pages.issuers_view import View, place, plain
from greenrisk.report.table import Cell, Column, Table, table, words
from greenrisk.report.wording import as_printed, listed


def issuer_checks(view: View, issuer: str) -> Table | None:
    """Return what was checked of one issuer, as a table; None where nothing of it is kept."""
    rows: list[list[Cell]] = []
    statements, data = view.group("statements"), view.group("pd")
    if statements is not None and issuer in statements["issuer"].values:
        gap = statements["assets"] - statements["equity"] - statements["liabilities"]
        worst = float(np.abs(gap.sel(issuer=issuer)).max())
        size = float(np.abs(statements["assets"].sel(issuer=issuer)).max())
        if np.isfinite(worst) and size > 0:
            rows.append(
                [
                    words("Assets = equity + liabilities in every year"),
                    words("holds" if worst <= 1e-9 * size else f"apart by up to {view.amount(worst)}"),
                ]
            )
        for name, label in (
            ("equity", "Years with equity below zero"),
            ("ebitda", "Years with EBITDA at or below zero"),
        ):
            line = statements[name].sel(issuer=issuer)
            below = line <= 0 if name == "ebitda" else line < 0
            known = bool(np.isfinite(line.values.astype(float)).any())
            told = _years_told(view, below) if known else "not known: the statement cannot be rolled"
            rows.append([words(label), words(told)])
    if data is not None and issuer in data["issuer"].values:
        one = data.sel(issuer=issuer)
        for name, label in (
            ("underflow", "Years whose probability only a logarithm can hold"),
            ("unearned", "Years whose probability is not Merton's alone, because EBITDA is at or below zero"),
        ):
            if name in one:
                rows.append([words(label), words(_years_told(view, one[name] > 0))])
    channels = view.group("channels")
    if channels is not None and issuer in channels["issuer"].values:
        at = channels.sel(measure="ebit", issuer=issuer)
        off = float(np.abs(at["alone"].sum("channel") + at["interaction"] - at["joint"]).max())
        size = float(np.abs(at["joint"]).max())
        told = "holds" if off <= 1e-9 * max(size, 1.0) else f"apart by up to {view.amount(off)}"
        rows.append([words("Joint = sum of channels alone + interaction"), words(told)])
    rank = view.group("ranking")
    if rank is not None and issuer in rank["issuer"].values:
        one_rank = rank.sel(issuer=issuer)
        places = [
            f"{float(one_rank['rank'].sel(scenario=s)):g} ({view.label(s, True)})"
            for s in view.scenarios
            if np.isfinite(float(one_rank["rank"].sel(scenario=s)))
        ]
        if places:
            rows.append([words("Rank by default probability, 1 is worst"), words(listed(places))])
    findings = view.group("findings")
    if findings is not None:
        for k in np.flatnonzero(findings["issuer"].values.astype(str) == issuer):
            sort, detail = (str(findings[n].values[k]) for n in ("sort", "detail"))
            text = as_printed(" ".join(x for x in (sort, place(detail)) if x.strip()))
            rows.append([words(f"Finding: {plain(str(findings['item'].values[k])).lower()}"), words(text)])
    if not rows:
        return None
    heads = [Column("Check", number=False), Column("Outcome", number=False)]
    return table("Checks of the issuer", heads, rows, heard=True)


def _years_told(view: View, flag: xr.DataArray) -> str:
    counts = {s: int(flag.sel(scenario=s).sum()) for s in view.scenarios}
    told = [f"{n} ({view.label(s, True)})" for s, n in counts.items() if n]
    return listed(told) if told else "none"
