# SPDX-License-Identifier: Apache-2.0
"""Terms of policies as seen in public documents: illustrations to start from, never the official tariff.

What lives here: from the rows of a table of tariffs seen to the terms of each scheme. What does not: rates and factors
of a tariff.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from greenrisk.core.errors import Fault, Faults, TableError
from greenrisk.core.sources import Sources
from greenrisk.pollution.liability.policy_spec import PartSpec, PolicySpec, SublimitSpec
from greenrisk.pollution.liability.tariff_tables import EPL_TARIFFS_SEEN

SCHEMES: Final = "insurer_scheme"
"""Kind of the rows that state the terms of an insurer's schemes side by side."""

_ITEMS: Final[Mapping[str, str]] = {
    "limit": "limit per occurrence",
    "third_party": "third-party liability sub-limit",
    "person": "bodily injury sub-limit per person",
    "clean_up": "clean-up cost sub-limit",
    "legal": "legal cost sub-limit",
    "premium": "base premium",
}
_CNY: Final[Mapping[str, float]] = {"CNY": 1.0, "CNY 10k": 1e4}


@dataclass(frozen=True)
class Preset:
    """A policy seen in a public document.

    Parameters
    ----------
    policy : PolicySpec
        Its terms, as far as the document states them and the model knows them.
    premium : float
        Base premium, before any factor of the insured, > 0 [CNY/year].
    source : str
        Where it was seen.
    status : str
        What the table says of the row.
    """

    policy: PolicySpec
    premium: float
    source: str
    status: str

    @property
    def rate_on_line(self) -> float:
        """Base premium over the limit of an accident [unitless]."""
        assert self.policy.accident_limit_cny is not None
        return self.premium / self.policy.accident_limit_cny


def read_presets(name: str | None, sources: Sources) -> dict[str, Preset]:
    """Return the schemes of the table that a scenario names; faults are recorded.

    Parameters
    ----------
    name : str or None
        Table; None: there are no presets.
    sources : Sources
        Reads the table, takes the faults, and tells the ledger what the rows are.
    """
    frame = None if name is None else sources.table(name, ("tariffs_seen",), EPL_TARIFFS_SEEN)
    if frame is None:
        return {}
    try:
        found = presets(frame)
    except TableError as error:
        sources.faults.extend(error.faults)
        return {}
    status = next(iter(found.values())).status
    sources.ledger.add(
        "assumption",
        str(name),
        f"{len(found)} policies seen in a public document are priced beside the model as illustrations; they are not "
        "an official tariff, and no premium depends on them.",
        len(found),
        status=status,
    )
    return found


def presets(table: pd.DataFrame) -> dict[str, Preset]:
    """Return the schemes of a table of tariffs seen, by name: ``scheme-1``, ``scheme-2`` and so on.

    Parameters
    ----------
    table : DataFrame
        Columns ``kind``, ``item``, ``value``, ``unit``, ``source`` and ``status``; rows of kind ``insurer_scheme`` hold
        one number for each scheme, separated by ``|``.

    Raises
    ------
    TableError
        If a row is missing, holds no numbers, or not one for each scheme.

    Notes
    -----
    How the document is read: the limit of an accident is that of the year; the sublimit of third parties holds for
    their property and bodily injury together, that of clean-up for emergency response and clean-up together, that of
    legal cost, inside the limit, for an accident. Not modelled, since the losses are not told apart so far: the
    sublimits by person of property and of medical cost, and the legal sublimit of the year.
    """
    rows = table[table["kind"] == SCHEMES]
    found, faults = {}, Faults()
    for name, begin in _ITEMS.items():
        match = rows[rows["item"].astype(str).str.lower().str.startswith(begin)]
        if len(match) != 1:
            mend = f"One row of kind {SCHEMES} was expected whose item begins with `{begin}`."
            faults.add("tariffs seen", f"{len(match)} rows", mend)
            continue
        row = match.iloc[0]
        try:
            factor = _CNY[str(row["unit"])]
            found[name] = [factor * float(part) for part in str(row["value"]).split("|")]
        except (KeyError, ValueError):
            mend = f"Numbers separated by `|`, in {' or '.join(_CNY)}, were expected."
            faults.add("tariffs seen", f"{row['item']} = {row['value']} {row['unit']}", mend, "CNY")
    if not faults and len({len(values) for values in found.values()}) > 1:
        counts = ", ".join(f"{_ITEMS[name]}: {len(values)}" for name, values in found.items())
        faults.extend(
            [Fault("tariffs seen", counts, "One number for each scheme was expected in every row.")]
        )
    faults.raise_if_any(TableError)
    source, status = str(rows["source"].iloc[0]), str(rows["status"].iloc[0])
    return {
        f"scheme-{i + 1}": Preset(
            _policy({name: values[i] for name, values in found.items()}), premium, source, status
        )
        for i, premium in enumerate(found["premium"])
    }


def _policy(cny: Mapping[str, float]) -> PolicySpec:
    return PolicySpec(
        accident_limit_cny=cny["limit"],
        sublimits=(
            SublimitSpec(heads=("third_party_property", "bodily_injury"), amount_cny=cny["third_party"]),
            SublimitSpec(heads=("emergency_response", "clean_up"), amount_cny=cny["clean_up"]),
            SublimitSpec(heads=("legal_cost",), amount_cny=cny["legal"]),
        ),
        person_limit=PartSpec(amount_cny=cny["person"]),
    )
