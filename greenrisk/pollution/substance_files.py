# SPDX-License-Identifier: Apache-2.0
"""The shipped tables of substances, with a user's files instead of some.

What lives here: reading. What does not: the arrays (:mod:`greenrisk.pollution.substances`) and the checks that use the
bounds (:mod:`greenrisk.pollution.inventory_checks`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from greenrisk.core.errors import Faults, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.tables import TableSpec, read_table
from greenrisk.pollution.inventory_checks import plausible_bounds
from greenrisk.pollution.substance_tables import (
    MEDIA_RULES,
    MIXTURE_RULES,
    PLAUSIBLE_QUANTITIES,
    SUBSTANCES,
)
from greenrisk.pollution.substances import Substances, read_substances

SUBSTANCE_TABLES: Final[dict[str, TableSpec]] = {
    spec.name: spec for spec in (SUBSTANCES, MIXTURE_RULES, MEDIA_RULES, PLAUSIBLE_QUANTITIES)
}
"""Tables that a user's file can replace, by name."""


def shipped_substances(
    overrides: Mapping[str, str | Path] | None = None, ledger: Ledger | None = None
) -> tuple[Substances, dict[str, float]]:
    """Return the substances as they ship, with a user's files instead of some, and the bounds of what is plausible.

    Parameters
    ----------
    overrides : mapping of str to path, optional
        The user's file by the name of the table of :data:`SUBSTANCE_TABLES` that it replaces.
    ledger : Ledger, optional
        Told how a user's file was read.

    Returns
    -------
    substances : Substances
    bounds : dict of str to float
        Largest plausible quantities (:func:`~greenrisk.pollution.inventory_checks.plausible_bounds`).

    Raises
    ------
    TableError
        With every fault of every file.
    """
    overrides, faults = overrides or {}, Faults()
    frames: dict[str, pd.DataFrame] = {}
    for name, spec in SUBSTANCE_TABLES.items():
        shipped = library_root() / "data" / f"{name.replace('-', '_')}.csv"
        try:
            mine = name in overrides
            frames[name] = read_table(
                overrides.get(name, shipped), spec, ledger if mine and ledger is not None else Ledger()
            )
        except TableError as error:
            faults.extend(error.faults)
    for name in sorted(set(overrides) - set(SUBSTANCE_TABLES)):
        listed = ", ".join(SUBSTANCE_TABLES)
        faults.add("substances", name, f"There is no such table of substances. Tables: {listed}.")
    faults.raise_if_any(TableError)
    files = {name: str(path) for name, path in overrides.items()}
    return read_substances(frames, files), plausible_bounds(frames["plausible-quantities"])
