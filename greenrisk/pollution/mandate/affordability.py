# SPDX-License-Identifier: Apache-2.0
"""Can firms afford the premium? Premium over revenue, by size of the firm and by grade.

What lives here: the ratio, the classes of size, what a subsidy to a bearable share would cost. What does not: the
premium.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from greenrisk.actuarial.arguments import number, numbers
from greenrisk.core.errors import Faults, TableError
from greenrisk.pollution.inventory import Plants

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

ALL: Final = "all"


@dataclass(frozen=True, eq=False)
class FirmSizes:
    """Classes of firms by size, the largest first.

    Parameters
    ----------
    names : tuple of str
        The classes.
    employees, revenue : array, shape (classes,)
        Least number of employees [person] and revenue [CNY/year].
    """

    names: tuple[str, ...]
    employees: Floats
    revenue: Floats

    def of(self, employees: ArrayLike, revenue: ArrayLike) -> Integers:
        """Return the class of firms: the first whose bounds they both reach.

        Parameters
        ----------
        employees, revenue : array, shape (firms,)
            [person], [CNY/year]
        """
        people, sales = np.asarray(employees, dtype=np.float64), np.asarray(revenue, dtype=np.float64)
        reached = (people[:, np.newaxis] >= self.employees) & (sales[:, np.newaxis] >= self.revenue)
        return np.asarray(np.argmax(reached, axis=1))


def read_sizes(table: pd.DataFrame, name: str = "sizes") -> FirmSizes:
    """Return the classes of a table.

    Parameters
    ----------
    table : DataFrame
        As :data:`~greenrisk.pollution.mandate.mandate_tables.FIRM_SIZES` reads it.
    name : str
        Name of the file, for messages.

    Raises
    ------
    TableError
        If the bounds rise from one class to the next, or the last leaves firms without a class.
    """
    faults = Faults()
    columns = [table[column].to_numpy(dtype=np.float64) for column in ("employees_from", "revenue_from_cny")]
    for column, values, unit in zip(
        ("employees_from", "revenue_from_cny"), columns, ("person", "CNY/year"), strict=True
    ):
        for place in np.flatnonzero(np.diff(values) > 0.0).tolist():
            what = f"{column} = {values[place + 1]:g} below {values[place]:g}"
            faults.add(f"{name}:{place + 3}", what, "List the classes from the largest firms down.", unit)
        if values[-1] != 0.0:
            what = f"{column} = {values[-1]:g}"
            faults.add(f"{name}:{values.size + 1}", what, "The last class must begin at 0.", unit)
    faults.raise_if_any(TableError)
    return FirmSizes(tuple(table["size"].astype(str)), *columns)


def affordability(
    plants: Plants, premium: ArrayLike, sizes: FirmSizes, share: float
) -> dict[str, xr.Dataset]:
    """Return the groups ``affordability`` and ``affordability/sizes``.

    Parameters
    ----------
    plants : Plants
        Owners, employees and revenue; plants of one owner are one firm.
    premium : array, shape (plants,)
        Premium of each plant, 0 without cover [CNY/year].
    sizes : FirmSizes
        Classes of size.
    share : float
        Share of revenue that the premium should not exceed, > 0 [unitless].

    Returns
    -------
    dict of str to xarray.Dataset
        ``affordability`` by ``owner``: ``size`` (class), ``premium``, ``revenue`` [CNY/year], ``premium_over_revenue``
        [1], ``bearable``: whether it keeps to the share, ``subsidy`` that would bring it there [CNY/year].
        ``affordability/sizes`` by ``size``, ``all`` last: ``firms`` with a premium, ``firms_above`` the share [1],
        ``premium``, ``revenue``, ``subsidy`` [CNY/year], ``premium_over_revenue`` [1].

    Notes
    -----
    A firm without revenue bears no premium at all.
    """
    asked = numbers("premium", premium, least=0.0, dimensions=1, unit="CNY/year")
    most = number("share", share, above=0.0, unit="unitless")
    names, owner = np.unique(plants.owner, return_inverse=True)
    owner = owner.ravel()

    def by_owner(column: Floats) -> Floats:
        return np.bincount(owner, weights=column, minlength=names.size).astype(np.float64)

    paid, sales, people = by_owner(asked), by_owner(plants.revenue), by_owner(plants.employees)
    size = sizes.of(people, sales)
    subsidy = np.maximum(paid - most * sales, 0.0)
    firms = xr.Dataset(
        {
            "size": (("owner",), np.array(sizes.names)[size], {"long_name": "Class of size"}),
            "premium": (("owner",), paid, {"units": "CNY/year", "long_name": "Premium of all its plants"}),
            "revenue": (("owner",), sales, {"units": "CNY/year", "long_name": "Revenue of all its plants"}),
            "premium_over_revenue": (
                ("owner",),
                _over(paid, sales),
                {"units": "1", "long_name": "Premium over revenue"},
            ),
            "bearable": (
                ("owner",),
                subsidy == 0.0,
                {"units": "1", "long_name": "Whether the premium keeps to the bearable share of revenue"},
            ),
            "subsidy": (
                ("owner",),
                subsidy,
                {
                    "units": "CNY/year",
                    "long_name": "Subsidy that would bring the premium to the bearable share",
                },
            ),
        },
        coords={"owner": names},
        attrs={"share": most},
    )
    pays = (paid > 0.0).astype(np.float64)
    rows = {}
    for name, column in (
        ("firms", pays),
        ("firms_above", pays * (subsidy > 0.0)),
        ("premium", paid),
        ("revenue", pays * sales),
        ("subsidy", subsidy),
    ):
        sums = np.bincount(size, weights=column, minlength=len(sizes.names)).astype(np.float64)
        rows[name] = np.append(sums, sums.sum())
    told = {
        "firms": ("1", "Firms with a premium"),
        "firms_above": ("1", "Firms whose premium exceeds the bearable share of revenue"),
        "premium": ("CNY/year", "Premium"),
        "revenue": ("CNY/year", "Revenue of the firms with a premium"),
        "subsidy": ("CNY/year", "Subsidy that would bring every premium to the bearable share"),
    }
    table = xr.Dataset(
        {
            name: (("size",), rows[name], {"units": unit, "long_name": words})
            for name, (unit, words) in told.items()
        },
        coords={"size": [*sizes.names, ALL]},
    )
    table["premium_over_revenue"] = (
        ("size",),
        _over(rows["premium"], rows["revenue"]),
        {"units": "1", "long_name": "Premium over revenue"},
    )
    return {"affordability": firms, "affordability/sizes": table}


def _over(top: Floats, bottom: Floats) -> Floats:
    return np.asarray(np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0.0))
