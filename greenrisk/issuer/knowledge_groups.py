# SPDX-License-Identifier: Apache-2.0
"""What we do not know of the portfolio of issuers: the tornado of its expected loss."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from greenrisk.core.knowledge import Knowledge
from greenrisk.core.ledger import Ledger
from greenrisk.issuer.model import IssuerModel

TORNADO_OF = "expected_loss_rate"
"""Quantity of the portfolio's tornado."""


def worst_scenario(knowledge: Knowledge, model: IssuerModel) -> str:
    """Return the scenario with the largest expected loss; the first one where none is known."""
    values = [knowledge.base(f"{TORNADO_OF}:{name}") for name in model.scenarios]
    known = np.nan_to_num(np.array(values), nan=-np.inf)
    return model.scenarios[int(known.argmax())]


def tornado_groups(
    knowledge: Knowledge, model: IssuerModel, units: Mapping[str, str], ledger: Ledger
) -> dict[str, xr.Dataset]:
    """Return ``/tornado``: the expected loss rate of the worst scenario at both ends of every parameter's range.

    Every parameter that is not confirmed is told in the ledger with what it does to that figure.
    """
    name = f"{TORNADO_OF}:{worst_scenario(knowledge, model)}"
    found = knowledge.swings(name, knowledge.base(name))
    for key in ("at_low", "at_high"):
        found[key].attrs["units"] = units[name]
    for k, parameter in enumerate(found["parameter"].values.astype(str)):
        row = {key: found[key].values[k] for key in found.data_vars}
        if row["status"] == "confirmed":
            continue
        ledger.add(
            "parameter",
            f"{row['card']}:{parameter}",
            f"{row['label']} {row['value']} {row['unit']}, range {row['low']} to {row['high']} ({row['basis']})",
            status=str(row["status"]),
            source=str(row["source"]),
            quantity=name,
            base=float(found.attrs["base"]),
            at_low=float(row["at_low"]),
            at_high=float(row["at_high"]),
            unit=units[name],
        )
    return {"/tornado": found}
