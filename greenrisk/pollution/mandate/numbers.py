# SPDX-License-Identifier: Apache-2.0
"""Single numbers behind the regulator's questions: least limits, levels, a fee, Spain's rule.

What lives here: reading them from their table, and the keys of a scenario that replace rows. What does not: parameters
with a range (the card of use ``zone.mandate``), and what the numbers are used for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from greenrisk.actuarial.arguments import number
from greenrisk.core.errors import ArgumentError, Faults, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.pollution.grading.words import GRADES
from greenrisk.pollution.liability.tariff_tables import GRADE_CLASSES
from greenrisk.pollution.mandate.mandate_spec import MandateSpec
from greenrisk.pollution.mandate.mandate_tables import NUMBERS
from greenrisk.pollution.tables import ACTIVITIES, KINDS_OF_SITE

LIMITS: Final = tuple(f"limit_{name}" for name in GRADE_CLASSES)
"""Rows of the least limits in the order of the classes of the grade."""


_DOMAINS: Final[Mapping[str, tuple[str, dict[str, float]]]] = {
    **{name: ("CNY", {"above": 0.0}) for name in LIMITS},
    "accident_level": ("unitless", {"above": 0.0, "below": 1.0}),
    "return_period": ("year", {"above": 1.0}),
    "lead_fee": ("share of premium", {"least": 0.0, "below": 1.0}),
    "settles_every_months": ("month", {"least": 1.0, "most": 12.0}),
    "tariff_record_years": ("year", {"least": 1.0, "most": 30.0}),
    "spain_share": ("unitless", {"above": 0.0, "most": 1.0}),
    "spain_prevention_share": ("share of guarantee", {"least": 0.0}),
    "spain_exempt_below": ("EUR", {"least": 0.0}),
    "spain_exempt_below_certified": ("EUR", {"least": 0.0}),
}
_WHOLE: Final = ("settles_every_months", "tariff_record_years")
_WORDS: Final[Mapping[str, tuple[str, tuple[str, ...], bool]]] = {
    "at_least_grade": ("grade", GRADES, False),
    "kinds_of_site": ("kinds of site", KINDS_OF_SITE, True),
    "activities": ("activities", ACTIVITIES, True),
}


@dataclass(frozen=True, eq=False)
class MandateNumbers:
    """The numbers in force.

    Parameters
    ----------
    number : mapping of str to float
        Numbers by row, in the units of the table.
    words : mapping of str to tuple of str
        Grade, kinds of site and activities by row.
    rows : DataFrame
        The table with what the scenario replaced: status ``user``.
    """

    number: Mapping[str, float]
    words: Mapping[str, tuple[str, ...]]
    rows: pd.DataFrame

    @property
    def limits(self) -> tuple[float, ...]:
        """Least limits in the order of the classes of the grade, the last of plants without one [CNY]."""
        return tuple(self.number[name] for name in LIMITS)

    @property
    def record_years(self) -> int:
        """Window of the tariff's record [year]."""
        return int(self.number["tariff_record_years"])


def read_numbers(
    table: pd.DataFrame, spec: MandateSpec, record_years: int | None, name: str = "numbers"
) -> MandateNumbers:
    """Return the numbers of a table, or of the scenario where it says them.

    Parameters
    ----------
    table : DataFrame
        As :data:`~greenrisk.pollution.mandate.mandate_tables.NUMBERS` reads it; the first row is row 2 of its file.
    spec : MandateSpec
        Keys that replace rows.
    record_years : int or None
        Key ``tariff_record_years`` of the scenario [year].
    name : str
        Name of the file, for messages.

    Raises
    ------
    TableError
        With every fault: a row that is missing or says another unit, a value out of its domain, least limits that fall
        as the grade rises.
    """
    faults = Faults()
    given = _of_scenario(spec, record_years)
    rows = table.set_index("number").astype(object)
    place = {str(row): at for at, row in enumerate(table["number"], start=2)}
    numbers: dict[str, float] = {}
    words: dict[str, tuple[str, ...]] = {}
    for row in (*_DOMAINS, *_WORDS):
        if row not in rows.index:
            faults.add(name, f"no row {row}", "Every number of the mandate needs its row.")
            continue
        where, unit = f"{name}:{place[row]}", _DOMAINS[row][0] if row in _DOMAINS else _WORDS[row][0]
        if (said := str(rows.loc[row, "unit"])) != unit:
            faults.add(where, f"{row}, unit = {said}", f"The unit must be `{unit}`; nothing converts it.")
        text = str(rows.loc[row, "value"])
        if row in given:
            text = given[row]
            rows.loc[row, ["value", "status", "source"]] = [text, "user", "the scenario"]
        if row in _DOMAINS:
            numbers[row] = _number(row, text, where, faults)
        else:
            words[row] = _words(row, text, where, faults)
    graded = [numbers.get(one, np.nan) for one in LIMITS[: len(GRADES)]]
    if not faults and (np.diff(graded) < 0.0).any():
        what = ", ".join(f"{one} = {numbers[one]:,.0f}" for one in LIMITS[: len(GRADES)])
        mend = "The least limit must not fall as the grade rises: general <= larger <= major."
        faults.add(name, what, mend, "CNY")
    faults.raise_if_any(TableError, f"`greenrisk show table {NUMBERS.name}` lists the columns.")
    return MandateNumbers(numbers, words, rows.reset_index())


def _of_scenario(spec: MandateSpec, record_years: int | None) -> dict[str, str]:
    """Return what a scenario says itself, by row, as the table would write it."""
    limit, rules, spain, plant = spec.minimum_limit, spec.rules, spec.spain_rule, spec.plant_limits
    said = {
        "limit_general": limit.general_cny,
        "limit_larger": limit.larger_cny,
        "limit_major": limit.major_cny,
        "limit_not_graded": limit.not_graded_cny,
        "at_least_grade": rules.at_least_grade,
        "kinds_of_site": None if rules.kinds_of_site is None else "; ".join(rules.kinds_of_site),
        "activities": None if rules.activities is None else "; ".join(rules.activities),
        "accident_level": plant.accident_level,
        "return_period": plant.return_period,
        "lead_fee": None if spec.pool is None else spec.pool.lead_fee,
        "settles_every_months": None if spec.pool is None else spec.pool.settles_every_months,
        "tariff_record_years": record_years,
        "spain_share": spain.share,
        "spain_prevention_share": spain.prevention_share,
        "spain_exempt_below": spain.exempt_below_eur,
        "spain_exempt_below_certified": spain.exempt_below_certified_eur,
    }
    return {
        row: value if isinstance(value, str) else repr(value)
        for row, value in said.items()
        if value is not None
    }


def _number(row: str, text: str, where: str, faults: Faults) -> float:
    unit, ends = _DOMAINS[row]
    try:
        value = number(row, float(text), unit=unit, infinite=False, **ends)
    except ValueError:
        faults.add(where, f"{row} = {text}", "A number was expected.", unit)
    except ArgumentError as error:
        for fault in error.faults:
            faults.add(where, fault.what, fault.expected, fault.unit)
    else:
        if row in _WHOLE and not value.is_integer():
            faults.add(where, f"{row} = {text}", "A whole number was expected.", unit)
        return value
    return float("nan")


def _words(row: str, text: str, where: str, faults: Faults) -> tuple[str, ...]:
    _, known, many = _WORDS[row]
    found = tuple(part.strip() for part in text.split(";") if part.strip())
    for one in found:
        if one not in known:
            faults.add(where, f"{row} = {one}", f"Known: {', '.join(known)}.{did_you_mean(one, known)}")
    if not many and len(found) != 1:
        faults.add(where, f"{row} = {text}", f"One of {', '.join(known)} was expected.")
    return found


def numbers_group(found: MandateNumbers) -> xr.Dataset:
    """Return the group ``mandate_numbers``: the numbers in force, and who says so.

    Parameters
    ----------
    found : MandateNumbers
        From :func:`read_numbers`.

    Returns
    -------
    xarray.Dataset
        By ``number``: ``value`` as written, ``unit``, ``meaning``, ``status`` (``user``: the scenario says it) and
        ``source``.
    """
    columns = ("value", "unit", "meaning", "status", "source")
    return xr.Dataset(
        {name: ("number", found.rows[name].astype(str).to_numpy(dtype=np.str_)) for name in columns},
        coords={"number": found.rows["number"].astype(str).to_numpy(dtype=np.str_)},
    )


def tell_numbers(found: MandateNumbers, name: str, ledger: Ledger) -> None:
    """Write to the ledger which numbers are not confirmed, one line a status.

    Parameters
    ----------
    found : MandateNumbers
        From :func:`read_numbers`.
    name : str
        Name of the table.
    ledger : Ledger
        Told.
    """
    for status in ("unconfirmed", "illustrative"):
        rows = found.rows[found.rows["status"] == status]
        if len(rows):
            said = "; ".join(
                f"{row}: {_grouped(str(value))}" + ("" if row in _WORDS or unit == "unitless" else f" {unit}")
                for row, value, unit in zip(rows["number"], rows["value"], rows["unit"], strict=True)
            )
            ledger.add(
                "assumption",
                name,
                f"{len(rows)} numbers of the mandate are {status}: {said}. A scenario states its own.",
                len(rows),
                status=status,
            )


def _grouped(text: str) -> str:
    """Return a number with its thousands set apart; words as a list."""
    return f"{int(text):,}" if text.isdigit() else text.replace(";", ",")
