# SPDX-License-Identifier: Apache-2.0
"""What is wrong with the table of substances on site, beyond what its columns say.

What lives here: CAS numbers, names, solutions, rows that stand twice. What does not: quantities
(:mod:`greenrisk.pollution.quantity_checks`), plants and the links between tables
(:mod:`greenrisk.pollution.inventory_checks`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from greenrisk.core.ledger import Entry
from greenrisk.pollution.inventory import Holdings
from greenrisk.pollution.inventory_arrays import holdings_of
from greenrisk.pollution.odd_checks import odd_strengths
from greenrisk.pollution.quantity_checks import quantity_faults
from greenrisk.pollution.row_faults import RowFaults, rows_in_file
from greenrisk.pollution.substance_search import Resolved, cas_is_valid, find, near, resolve, tidy_cas
from greenrisk.pollution.substance_tables import FORMS, METHODS
from greenrisk.pollution.substances import Substances, plain
from greenrisk.pollution.tables import STATES


def holding_faults(
    frame: pd.DataFrame,
    file: str,
    substances: Substances,
    bounds: Mapping[str, float],
    *,
    allow_unknown: bool = False,
) -> tuple[RowFaults, list[Entry]]:
    """Find what is wrong with the substances on site.

    Parameters
    ----------
    frame : DataFrame
        A table that follows ``ZONE_SUBSTANCES``.
    file : str
        Its name in messages.
    substances : Substances
        The table of substances and its rules.
    bounds : mapping of str to float
        Plausible quantities, as for :func:`~greenrisk.pollution.quantity_checks.quantity_faults`; a missing one bounds
        nothing [t, unitless].
    allow_unknown : bool
        Whether a substance that the table does not hold is graded as nothing, and told in the ledger, instead of
        refused.

    Returns
    -------
    faults : RowFaults
    lines : list of Entry
        Ledger lines: unknown substances, quantities beyond the usual, solutions counted by an unconfirmed rule,
        substances found by name alone.
    """
    rows = np.asarray(rows_in_file(frame), dtype=np.int64)
    holdings = holdings_of(frame, np.zeros(len(frame), dtype=np.int64), rows)
    plants = [str(name) for name in frame["plant_id"]]
    resolved = resolve(holdings, substances)
    faults = RowFaults(file, frame)
    lines = _unknown(holdings, resolved, substances, faults, plants, allow_unknown)
    _names(holdings, substances, faults)
    _solutions(holdings, resolved, substances, faults)
    lines += quantity_faults(holdings, resolved, substances, bounds, faults)
    _twice(holdings, plants, faults)
    lines += odd_strengths(holdings, faults, bounds)
    lines += _rules(resolved, substances, faults.name)
    return faults, lines


def _unknown(
    holdings: Holdings,
    resolved: Resolved,
    substances: Substances,
    faults: RowFaults,
    plants: list[str],
    allow_unknown: bool,
) -> list[Entry]:
    """Tell substances that are not in the table: a fault, or a ledger line where the user allows them."""
    lines: dict[tuple[str, str, str], list[int]] = {}
    advice: dict[tuple[str, str, str], str] = {}
    for place in np.flatnonzero(~resolved.known):
        cas, zh, en = str(holdings.cas[place]), str(holdings.name_zh[place]), str(holdings.name_en[place])
        if not (cas or zh or en):
            faults.add(
                int(place), "cas", "", "Name the substance: by CAS number, or by its name where it has none."
            )
            continue
        key = (cas, zh, en)
        if key not in advice:
            advice[key] = _did_you_mean(near(cas, zh, en, substances), substances)
        number = tidy_cas(cas)
        if cas and not cas_is_valid(number):
            faults.add(int(place), "cas", cas, f"{_why_invalid(number)}{advice[key]}")
        elif allow_unknown:
            lines.setdefault(key, []).append(int(place))
        else:
            column, value = ("cas", cas) if cas else ("name_zh", zh) if zh else ("name_en", en)
            faults.add(
                int(place),
                column,
                value,
                f"This substance is not in the table of substances.{advice[key]} The standard lists only some, so that "
                "yours may rightly be none of them: then allow unknown substances (`allow_unknown_substances` of a "
                "scenario, `--allow-unknown` of `greenrisk grade`), and the plant is graded on what is known. If it is "
                "listed, add it to your own table of substances.",
            )
    return [
        Entry(
            "dropped",
            f"{faults.name}:{faults.row(places[0])}",
            f"{' '.join(filter(None, key))} is not in the table of substances: not counted in any grade, at "
            f"{_some(sorted({plants[place] for place in places}))}.{advice[key]}",
            len(places),
            status="unknown",
        )
        for key, places in lines.items()
    ]


def _why_invalid(number: str) -> str:
    """Return what is wrong with a CAS number, and the check digit that would mend it."""
    head, _, check = number.rpartition("-")
    right = next((digit for digit in "0123456789" if cas_is_valid(f"{head}-{digit}")), None)
    if right is None or len(check) != 1:
        return "Not a CAS number: it has the form 7782-50-5."
    return f"Its check digit is wrong: {head} ends in {right}, so a digit is mistyped."


def _did_you_mean(rows: tuple[int, ...], substances: Substances) -> str:
    if not rows:
        return ""
    return " Did you mean " + " or ".join(f"`{substances.label(row)}`" for row in rows) + "?"


def _some(words: list[str], most: int = 5) -> str:
    """Return some words, and how many more there are."""
    more = len(words) - most
    return ", ".join(words[:most]) + (f" and {more} more" if more > 0 else "")


def _names(holdings: Holdings, substances: Substances, faults: RowFaults) -> None:
    """Tell a name that belongs to another substance than its CAS number."""
    keys = np.stack([holdings.cas, holdings.name_zh, holdings.name_en], axis=1)
    unique, inverse = np.unique(keys, axis=0, return_inverse=True)
    for number, (cas, zh, en) in enumerate(unique):
        row, _ = find(str(cas), "", "", substances)
        if row < 0:
            continue
        for column, name in (("name_zh", str(zh)), ("name_en", str(en))):
            named = substances.by_name.get(plain(name), -1)
            if named < 0 or str(substances.cas[named]) == str(substances.cas[row]):
                continue
            for place in np.flatnonzero(inverse.reshape(-1) == number):
                faults.add(
                    int(place),
                    column,
                    name,
                    f"The name is that of `{substances.label(named)}`, the CAS number that of "
                    f"`{substances.label(row)}`. Correct one of them.",
                )


def _solutions(holdings: Holdings, resolved: Resolved, substances: Substances, faults: RowFaults) -> None:
    """Tell solutions without a strength, strengths of what is no solution, and gases given as liquids."""
    rules = substances.mixtures
    whole = resolved.known & (rules.method[resolved.rule] == METHODS.index("whole"))
    general_whole = whole & (resolved.rule == rules.code("whole"))
    bare = holdings.is_solution & np.isnan(holdings.concentration) & ~general_whole
    for place in np.flatnonzero(bare):
        faults.add(
            int(place),
            "concentration_percent",
            "",
            "A solution or mixture needs its concentration: the mass share of the substance.",
            "percent, > 0 and <= 100",
        )
    weak = ~holdings.is_solution & (holdings.concentration < 1.0)
    for place in np.flatnonzero(weak):
        faults.add(
            int(place),
            "concentration_percent",
            f"{100.0 * holdings.concentration[place]:g}",
            "Below 100 % it is a solution or mixture: set is_solution to yes, or the concentration to 100.",
            "percent, > 0 and <= 100",
        )
    solution_rules = rules.form == FORMS.index("solution")
    twins = sorted({number for code in np.flatnonzero(solution_rules) for number in rules.cas[code]})
    cas = np.where(resolved.known, substances.cas[resolved.index], "")
    liquid = holdings.state == STATES.index("liquid")
    plain_liquid = liquid & ~holdings.is_solution & ~weak & np.isin(cas, twins)
    for place in np.flatnonzero(plain_liquid):
        faults.add(
            int(place),
            "is_solution",
            "no",
            f"A liquid of CAS {cas[place]} is a solution in water: set is_solution to yes and give its "
            "concentration; the gas under pressure or cooled is `liquefied_gas`.",
        )


def _twice(holdings: Holdings, plants: list[str], faults: RowFaults) -> None:
    """Tell rows that stand twice."""
    first: dict[tuple[object, ...], int] = {}
    for place, plant in enumerate(plants):
        key = (
            plant,
            tidy_cas(str(holdings.cas[place])),
            plain(str(holdings.name_zh[place])),
            plain(str(holdings.name_en[place])),
            plain(str(holdings.where[place])),
            int(holdings.state[place]),
            float(holdings.max_t[place]),
            repr(float(holdings.concentration[place])),
        )
        if key in first:
            faults.add(
                place,
                "plant_id",
                plant,
                f"The same holding stands in row {faults.row(first[key])}. Remove one, or say in `where` how "
                "they differ.",
                sort="a holding twice",
            )
        else:
            first[key] = place


def _rules(resolved: Resolved, substances: Substances, file: str) -> list[Entry]:
    """Return a ledger line for each unconfirmed rule that counted something, and for names without CAS numbers."""
    rules = substances.mixtures
    lines = []
    for code in range(rules.words.size):
        count = int((resolved.rule == code).sum())
        if count and rules.status[code] != "confirmed":
            lines.append(
                Entry(
                    "assumption",
                    f"mixture_rules:{rules.words[code]}",
                    f"Counted by this rule. {rules.source[code]}.",
                    count,
                    status=str(rules.status[code]),
                    source=str(rules.source[code]),
                )
            )
    named = int(resolved.by_name.sum())
    if named:
        lines.append(Entry("read", file, "Substances found by name, for want of a CAS number.", named))
    return lines
