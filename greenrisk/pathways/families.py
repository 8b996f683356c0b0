# SPDX-License-Identifier: Apache-2.0
"""Families of models, and names that look alike.

A baseline and a shock are compared year by year, so both must come from one integrated assessment model in one version:
the difference of two models is no shock. Names are taken as written: `NGFS2023GCAM_CP` and `NGFS2023_GCAM_CP` are two
scenarios of two providers.

References
----------
2DegreesInvesting/r2dii.climate.stress.test, pull request 449 (baseline and shock of different families are refused).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pandas as pd

from greenrisk.core.errors import Fault
from greenrisk.core.ledger import Ledger
from greenrisk.core.marked_yaml import did_you_mean
from greenrisk.pathways.errors import FamilyError
from greenrisk.pathways.tables import PATHWAY_FAMILIES, small_table

_DRIVEN_BY = re.compile(r"\[([^\[\]]+)\]\s*$")


def families_of(frame: pd.DataFrame | None = None) -> dict[str, str]:
    """Return the families of the models whose name does not say them.

    Parameters
    ----------
    frame : DataFrame, optional
        As :data:`~greenrisk.pathways.tables.PATHWAY_FAMILIES` describes it; the shipped table where left out.
    """
    frame = small_table(PATHWAY_FAMILIES) if frame is None else frame
    return dict(zip(map(str, frame["model"]), map(str, frame["family"]), strict=True))


def family_of(model: str, families: dict[str, str] | None = None) -> str:
    """Return the family of a model: the integrated assessment model and version behind its numbers.

    Parameters
    ----------
    model : str
        As tables name it. `NiGEM NGFS v1.24.2[REMIND-MAgPIE 3.3-4.8]` is driven by the model in the brackets.
    families : dict, optional
        Models whose name does not say it; those that ship where left out.
    """
    families = families_of() if families is None else families
    if model in families:
        return families[model]
    driven = _DRIVEN_BY.search(model)
    return driven.group(1).strip() if driven else model.strip()


def look_alikes(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the other known names that differ from a name only by blanks, marks or capitals, sorted."""
    plain = _plain(name)
    return tuple(sorted({other for other in known if other != name and _plain(other) == plain}))


def meant(name: str, known: Sequence[str]) -> str:
    """Return the end of a message for an unknown name: its look-alikes, the closest name, or all names."""
    alike = look_alikes(name, known)
    if alike:
        return f" Did you mean {' or '.join(f'`{one}`' for one in alike)}?"
    listed = ", ".join(f"`{one}`" for one in sorted(set(known))[:20])
    return did_you_mean(name, list(known)) or f" Known: {listed or 'none'}."


def check_family(
    baseline: tuple[str, str],
    shock: tuple[str, str],
    known: Iterable[tuple[str, str]],
    families: dict[str, str] | None = None,
    where: str = "pathways",
) -> None:
    """Refuse a baseline and a shock of different families.

    Parameters
    ----------
    baseline, shock : (str, str)
        Model and scenario.
    known : iterable of (str, str)
        Models and scenarios that the tables hold, to propose one.
    families : dict, optional
        See :func:`family_of`.
    where : str
        Place for the message.

    Raises
    ------
    FamilyError
        Where the families differ; it proposes scenarios of the baseline's family, look-alike names first.
    """
    families = families_of() if families is None else families
    first, second = family_of(baseline[0], families), family_of(shock[0], families)
    if first == second:
        return
    own = sorted({scenario for model, scenario in known if family_of(model, families) == first})
    what = f"{shock[1]} ({shock[0]}) against {baseline[1]} ({baseline[0]})"
    near = [name for name in own if _plain(name) == _plain(shock[1])] or own
    others = [name for name in near if name != baseline[1]] or near
    # The same name under another model: the model is wrong, not the name.
    listed = f" Write model `{baseline[0]}`." if shock[1] in others else meant(shock[1], others)
    mend = f"Baseline and shock must be of one model family: `{first}` and `{second}` are two.{listed}"
    raise FamilyError(Fault(where, what, mend))


def tell_look_alikes(names: Iterable[str], known: Iterable[str], ledger: Ledger) -> None:
    """Write one line for each name that has a look-alike in the tables, so that a mix-up can be seen."""
    known = list(known)
    for name in dict.fromkeys(names):
        alike = look_alikes(name, known)
        if alike:
            detail = f"Taken as written; the tables hold also {', '.join(f'`{one}`' for one in alike)}."
            ledger.add("read", name, detail, len(alike))


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
