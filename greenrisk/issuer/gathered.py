# SPDX-License-Identifier: Apache-2.0
"""Takes the parts under the central cards one by one, and holds of each no more than the run folder will.

What lives here: what grows with the issuers. Of those hurt most all is held; of each issuer the years of the report; of
each sector the sums of every year.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from greenrisk.issuer.block_parts import hurt_most
from greenrisk.issuer.sector_sums import PREFIX


class Gathered:
    """What is held of the parts so far.

    Parameters
    ----------
    most : int
        Of how many issuers all is kept.
    """

    def __init__(self, most: int) -> None:
        self.told: list[Mapping[str, Any]] = []
        self._most = most
        self._shown: list[xr.Dataset] = []
        self._sums: xr.Dataset | None = None
        self._members: dict[str, list[xr.Variable]] = {}

    def take(self, part: xr.Dataset) -> None:
        """Take the part of one block, in the order of the blocks."""
        self.told.append(part.attrs)
        part = part.drop_attrs()
        sums = [name for name in part.data_vars if str(name).startswith(PREFIX)]
        found = part[sums]
        self._sums = found if self._sums is None else self._sums + found
        members = [name for name, values in part.variables.items() if "member" in values.dims]
        for name in members:
            self._members.setdefault(str(name), []).append(part.variables[name])
        self._shown.append(part.drop_vars([*sums, *members]))
        if sum(one.sizes["issuer"] for one in self._shown) > 2 * self._most:
            self._shown = [self._those_hurt_most()]

    def _those_hurt_most(self) -> xr.Dataset:
        whole = xr.concat(self._shown, dim="issuer", data_vars="minimal")
        if whole.sizes["issuer"] <= self._most:
            return whole
        return whole.isel(issuer=hurt_most(whole["hurt"].values, self._most))

    def shown(self) -> xr.Dataset:
        """Return all of those hurt most; ``place`` says where they stand among all issuers."""
        self._shown = [self._those_hurt_most()]
        return self._shown[0]

    def sums(self) -> xr.Dataset:
        """Return the sums by sector."""
        assert self._sums is not None
        return self._sums

    def members(self) -> xr.Dataset:
        """Return the figures of all issuers; what was held of them by part is let go."""
        found = xr.Dataset()
        while self._members:
            name, parts = self._members.popitem()
            dims = parts[0].dims
            found[name] = (dims, np.concatenate([one.values for one in parts], axis=dims.index("member")))
        return found
