# SPDX-License-Identifier: Apache-2.0
"""What the late and sudden transition tells of itself: refusals by name, and counts for the ledger.

TRISK is silent on most of this: plans of one year vanish from its values and default tables, profits are floored, years
that only one side knows are cut off.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from greenrisk.core.ledger import Entry, Kind
from greenrisk.issuer.production.spec import LateSudden


@dataclass(frozen=True)
class Refusal:
    """A plan, or an issuer with all its plans, that is not computed.

    Parameters
    ----------
    issuer, sector, technology : str
        Whose; sector and technology are empty for a whole issuer.
    reason : str
        One sentence.
    """

    issuer: str
    sector: str
    technology: str
    reason: str


@dataclass(frozen=True)
class Findings:
    """Counts of one block, or of several added together; the first group is known before any block is run.

    Parameters
    ----------
    refused, refused_issuers : int
        Plans that are not computed; issuers with none left.
    one_year : int
        Plans that tell one year only: kept, their later years follow the scenario alone.
    carried : int
        Plans that end before the shock year and are carried forward.
    over, late : int
        Plans that ended before the first year; plans whose first year was held back.
    gaps, unused : int
        Silent years inside plans that were interpolated; years of plans outside the years of the study.
    from_nothing : int
        Plans that begin with nothing.
    negative_margin : int
        Plans of issuers that lose money before the shock.
    debts : int
        Issuers whose debt itself is told.
    closed_baseline, closed_shock : int
        Plans, over all pairs, whose production was floored at zero.
    no_build_out : int
        Plans, over all pairs, whose proximity is 1 because nothing is asked and nothing planned.
    below_baseline : int
        Years, over plans and pairs, in which a rising technology is below its baseline, which adds to its profit.
    floored : int
        Years, over variants, plans and pairs, whose profit was floored at zero.
    floored_value : float
        Present value of the loss that the floor took away, sum over pairs, mean over variants [money].
    no_debt, no_equity, assets_gone, underflow, cells : int
        Issuers, over variants and pairs, that owe nothing, that are worth nothing in the baseline, whose assets are
        gone under the shock; probabilities below 1e-12; all probabilities.
    """

    refused: int = 0
    refused_issuers: int = 0
    one_year: int = 0
    carried: int = 0
    over: int = 0
    late: int = 0
    gaps: int = 0
    unused: int = 0
    from_nothing: int = 0
    negative_margin: int = 0
    debts: int = 0
    closed_baseline: int = 0
    closed_shock: int = 0
    no_build_out: int = 0
    below_baseline: int = 0
    floored: int = 0
    floored_value: float = 0.0
    no_debt: int = 0
    no_equity: int = 0
    assets_gone: int = 0
    underflow: int = 0
    cells: int = 0

    def __add__(self, other: Findings) -> Findings:
        """Add the counts of another block."""
        return Findings(**{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(Findings)})


_LINES: tuple[tuple[str, Kind, str, str], ...] = (
    ("refused", "dropped", "plans", "Plans that are not computed; each is named with its reason."),
    ("refused_issuers", "dropped", "issuers", "Issuers of whom no plan is computed; each is named."),
    (
        "one_year",
        "assumption",
        "plans of one year",
        "Kept (TRISK drops them without a word): after their year they follow the scenario alone, nothing is made up "
        "for, and the build-out they hold counts in full.",
    ),
    ("carried", "imputed", "plans that end before the shock", "Their last value is carried forward."),
    (
        "over",
        "imputed",
        "plans that ended before the first year",
        "Their last value stands in the first year.",
    ),
    ("late", "imputed", "plans that begin after the first year", "Their first value is held back to it."),
    ("gaps", "imputed", "silent years inside plans", "Interpolated linearly between the years told."),
    ("unused", "dropped", "years of plans outside the study", "Plans and paths do not overlap there."),
    ("from_nothing", "assumption", "plans that begin with nothing", ""),
    (
        "negative_margin",
        "assumption",
        "plans of issuers that lose money",
        "Their loss stands and is not floored: a floor at zero would let a loss-maker gain by the shock.",
    ),
    (
        "debts",
        "assumption",
        "issuers whose debt is told",
        "It is used instead of debt over equity times equity; sectors that default alone share it by their worth.",
    ),
    ("closed_baseline", "floored", "production without the shock", "Closed at zero, for good."),
    ("closed_shock", "floored", "production with the shock", "Closed at zero, for good."),
    (
        "no_build_out",
        "assumption",
        "proximity to the target",
        "Neither plan nor target moves over the planned years: taken as 1, nothing is missing.",
    ),
    (
        "below_baseline",
        "assumption",
        "years of rising technologies below their baseline",
        "The build-out term of the method then adds to the profit instead of taking from it.",
    ),
    ("no_debt", "assumption", "default of issuers without debt", "Taken as impossible (probability 0)."),
    (
        "no_equity",
        "assumption",
        "default of issuers worth nothing in the baseline",
        "Debt over equity says nothing of their debt: the probability is set to 1, with and without the shock. Give "
        "`debt` to have it computed.",
    ),
    (
        "assets_gone",
        "assumption",
        "default of issuers whose assets are gone under the shock",
        "The probability is 1 at every term.",
    ),
    (
        "underflow",
        "unreliable",
        "probabilities of default below 1e-12",
        "The model sees no default there; the logarithm is kept, another lens must be asked.",
    ),
)


def entries(found: Findings, spec: LateSudden, more: tuple[Entry, ...] = ()) -> tuple[Entry, ...]:
    """Return the lines for the ledger.

    Parameters
    ----------
    found : Findings
        Counts of the whole run.
    spec : LateSudden
        The scenario.
    more : tuple of Entry
        Lines known before any block was run.
    """
    lines = [_choice(spec), *more]
    for name, kind, subject, detail in _LINES:
        count = getattr(found, name)
        if not count:
            continue
        if name == "from_nothing":
            detail = (
                "They stay at nothing: once zero, always zero."
                if spec.start_at_nothing == "stay"
                else "They may grow; only what has begun can close."
            )
        if name == "underflow":
            detail += f" {count / max(1, found.cells):.0%} of all probabilities."
        lines.append(Entry(kind, f"production path: {subject}", detail, count))
    if found.floored:
        detail = "A carbon technology closes at a profit of zero rather than pay more than it earns; base is "
        lines.append(
            Entry(
                "floored",
                "production path: yearly profits",
                detail + "the present value of the loss taken away, all pairs together.",
                found.floored,
                quantity="floored_value",
                base=found.floored_value,
                unit="money",
            )
        )
    return tuple(lines)


def _choice(spec: LateSudden) -> Entry:
    base = {
        "own_production": "its own first production of that technology (as TRISK does)",
        "sector_total": "its first production in the whole sector (as PACTA does); no technology is added",
    }[spec.green_share]
    return Entry(
        "assumption", "production path: green market share", f"A company's new green share is of {base}."
    )
