# SPDX-License-Identifier: Apache-2.0
"""Result groups of the intake: statements, refused issuers, figures that were quarantined or told.

What lives here: xarray groups. What does not: what is drawn of them (report).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from greenrisk.issuer.findings import Finding, Refused
from greenrisk.issuer.missing import RULES
from greenrisk.issuer.statements import Issuers
from greenrisk.issuer.tables import LINES, SCOPES


def statement_group(issuers: Issuers) -> xr.Dataset:
    """Return the issuers as they enter the study.

    Returns
    -------
    Dataset
        ``statement`` (line, issuer) [million of the currency], ``rule`` (line, issuer): how each line came about
        (`given`, `missing`, or the name of a rule), ``emissions`` (scope, issuer) [t CO2e], ``free_allocation``,
        ``water``, ``electricity``, ``fuel`` (issuer), and who they are.
    """
    money = f"million {issuers.currency}"
    how = np.array(["given", *(rule.name for rule in RULES)])[issuers.rule]
    how = np.where(np.isnan(issuers.lines), "missing", how)
    words = {
        "name": list(issuers.names),
        "country": [issuers.country_of(at) for at in range(len(issuers))],
        "sector_name": [issuers.sector_of(at) for at in range(len(issuers))],
        "group": list(issuers.group),
    }
    data = {
        "statement": xr.DataArray(issuers.lines, dims=["line", "issuer"], attrs={"units": money}),
        "rule": xr.DataArray(how.astype(str), dims=["line", "issuer"], attrs={"units": "text"}),
        "emissions": xr.DataArray(issuers.emissions, dims=["scope", "issuer"], attrs={"units": "t CO2e"}),
        "statement_year": xr.DataArray(issuers.year, dims=["issuer"], attrs={"units": "year"}),
        "emission_year": xr.DataArray(issuers.emission_year, dims=["issuer"], attrs={"units": "year"}),
    }
    flows = (
        ("free_allocation", issuers.free_allocation, "t CO2e"),
        ("water", issuers.water, "m3"),
        ("electricity", issuers.electricity, "MWh"),
        ("fuel", issuers.fuel, "GJ"),
    )
    for name, values, unit in flows:
        data[name] = xr.DataArray(values, dims=["issuer"], attrs={"units": unit})
    for name, texts in words.items():
        data[name] = xr.DataArray(np.asarray(texts, dtype=str), dims=["issuer"], attrs={"units": "text"})
    return xr.Dataset(data, coords={"line": list(LINES), "scope": list(SCOPES), "issuer": list(issuers.ids)})


def refused_group(refused: Sequence[Refused]) -> xr.Dataset:
    """Return the issuers that are not run: ``issuer``, ``name``, ``where``, ``reason``, each (refused,)."""
    return _texts("refused", {name: [getattr(one, name) for one in refused] for name in _REFUSED})


def finding_group(findings: Sequence[Finding]) -> xr.Dataset:
    """Return what was found: ``issuer``, ``where``, ``item``, ``unit``, ``action``, ``sort``, ``detail``, ``value``."""
    group = _texts("finding", {name: [getattr(one, name) for one in findings] for name in _FINDING})
    values = np.array([one.value for one in findings], dtype=np.float64)
    group["value"] = xr.DataArray(values, dims=["finding"], attrs={"units": "as in `unit`"})
    return group


_REFUSED = ("issuer", "name", "where", "reason")
_FINDING = ("issuer", "where", "item", "unit", "action", "sort", "detail")


def _texts(dim: str, columns: dict[str, list[str]]) -> xr.Dataset:
    return xr.Dataset(
        {
            name: xr.DataArray(np.asarray(texts, dtype=str), dims=[dim], attrs={"units": "text"})
            for name, texts in columns.items()
        }
    )
