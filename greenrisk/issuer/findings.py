# SPDX-License-Identifier: Apache-2.0
"""What was found in an issuer's figures: quarantined, made one with the rest, or only told.

What lives here: the record of one finding, and its lines for the ledger. What does not: what is looked for
(:mod:`greenrisk.issuer.identities`, :mod:`greenrisk.issuer.magnitudes`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from greenrisk.core.ledger import Entry

MOST_NAMED: Final = 8
"""Issuers of one sort of finding that a ledger line names."""

Action = Literal["quarantined", "normalised", "told"]


@dataclass(frozen=True)
class Finding:
    """One thing found.

    Parameters
    ----------
    issuer : str
        Whose figure it is.
    where : str
        ``file:row`` where it stands.
    item : str
        Line, scope or column.
    value : float
        The figure as it stood, in the unit told; NaN for a text.
    unit : str
        Its unit.
    action : str
        `quarantined` (not used, the figure is missing now), `normalised` (another spelling), `told` (used).
    sort : str
        A sentence that all findings of its sort share.
    detail : str
        What about this one.
    """

    issuer: str
    where: str
    item: str
    value: float
    unit: str
    action: Action
    sort: str
    detail: str = ""


@dataclass(frozen=True)
class Refused:
    """An issuer that is not run.

    Parameters
    ----------
    issuer, name : str
        Who.
    where : str
        ``file:row`` of the table of issuers.
    reason : str
        Why, and how to mend it.
    """

    issuer: str
    name: str
    where: str
    reason: str


_KINDS: Final[dict[str, Literal["dropped", "read", "unreliable"]]] = {
    "quarantined": "dropped",
    "normalised": "read",
    "told": "unreliable",
}


def entries(findings: Iterable[Finding]) -> list[Entry]:
    """Return ledger lines, one for each sort and action, in the order of the first finding; issuers are named."""
    sorts: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        file = finding.where.partition(":")[0].rsplit("/", 1)[-1]
        sorts.setdefault((finding.action, finding.sort, file), []).append(finding)
    lines = []
    for (action, sort, file), alike in sorts.items():
        named = list(dict.fromkeys(_said(finding) for finding in alike))
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        verb = {"quarantined": " Not used: ", "normalised": " In: ", "told": " Used, but told: "}[action]
        detail = f"{sort}{verb}{'; '.join(named[:MOST_NAMED])}{more}."
        lines.append(Entry(_KINDS[action], file, detail, len(alike)))
    return lines


def refusals(refused: Iterable[Refused]) -> list[Entry]:
    """Return ledger lines, one for each reason."""
    reasons: dict[str, list[Refused]] = {}
    for one in refused:
        reasons.setdefault(one.reason, []).append(one)
    lines = []
    for reason, alike in reasons.items():
        named = ", ".join(one.issuer for one in alike[:MOST_NAMED])
        more = f" and {len(alike) - MOST_NAMED} more" if len(alike) > MOST_NAMED else ""
        file = alike[0].where.partition(":")[0].rsplit("/", 1)[-1]
        lines.append(Entry("dropped", file, f"Issuers refused: {reason} {named}{more}.", len(alike)))
    return lines


def _said(finding: Finding) -> str:
    row = finding.where.rpartition(":")[2]
    value = "" if finding.value != finding.value else f" = {finding.value:.4g} {finding.unit}"
    detail = f" ({finding.detail})" if finding.detail else ""
    return f"{finding.issuer} {finding.item}{value}, row {row}{detail}".replace("  ", " ")
