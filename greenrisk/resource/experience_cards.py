# SPDX-License-Identifier: Apache-2.0
"""Own experience in the price: cards whose level parameters it has moved, and the lines of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from scipy.special import expit, logit

from greenrisk.core.cards import Card, Parameter
from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.sources import Sources
from greenrisk.resource.development import TRIANGLE, developed
from greenrisk.resource.experience import Experience, experience_of
from greenrisk.resource.experience_expected import LEVELS
from greenrisk.resource.experience_group import experience_group, ratio_words
from greenrisk.resource.experience_levels import Levels, Line, Move, update_levels
from greenrisk.resource.experience_spec import ExperienceSpec
from greenrisk.resource.experience_table import ALL, EXPERIENCE
from greenrisk.resource.perils.listing import SCALE_ROLE
from greenrisk.resource.pilot import Pilot
from greenrisk.resource.vocabulary import PERIL_WORDS

if TYPE_CHECKING:
    import xarray as xr

MOSTLY: Final = 0.5
"""Weight from which a parameter counts as the user's own and no longer as judged [unitless]."""

MOST_CHANCE: Final = 0.9
"""Most that a chance may be moved to [unitless]."""


def read_experience(
    spec: ExperienceSpec,
    sources: Sources,
    *,
    kinds: tuple[str, ...],
    underwriting_year: int,
    book_mu: float,
    book_value_per_mu: float,
) -> Experience | None:
    """Read own experience; None where faults were recorded.

    Parameters
    ----------
    spec : ExperienceSpec
        What the scenario says under ``experience``.
    sources : Sources
        Finds and reads the tables, collects faults.
    kinds : tuple of str
        Perils that the scenario insures, in their order.
    underwriting_year : int
        Year of the premium.
    book_mu : float
        Insured area of the book [mu].
    book_value_per_mu : float
        Its sum insured by insured mu [CNY/mu].
    """
    table = sources.table(spec.table, ("experience", "table"), EXPERIENCE)
    triangle = None
    if spec.triangle is not None:
        triangle = sources.table(spec.triangle, ("experience", "triangle"), TRIANGLE)
    if table is None or (spec.triangle is not None and triangle is None):
        return None
    try:
        experience = experience_of(
            table,
            spec.table,
            kinds=kinds,
            underwriting_year=underwriting_year,
            book_mu=book_mu,
            book_value_per_mu=book_value_per_mu,
            ledger=sources.ledger,
            status=sources.status_of(spec.table),
        )
        return developed(experience, triangle, spec.triangle or "", ledger=sources.ledger)
    except TableError as error:
        sources.faults.extend(error.faults)
        return None


def updated_cards(
    cards: Mapping[str, Card],
    experience: Experience,
    pilot: Pilot,
    *,
    underwriting_year: int,
    nonfire_trend: float = 0.0,
    ledger: Ledger,
) -> tuple[dict[str, Card], xr.Dataset]:
    """Return the cards with own experience in them, and the group ``/experience``.

    Parameters
    ----------
    cards : mapping of str to Card
        By role.
    experience : Experience
        Own years, developed.
    pilot : Pilot
        The yearly law of the model at the values of ``cards``.
    underwriting_year : int
        Year of the premium.
    nonfire_trend : float
        Yearly change of the cost of perils other than fire [1/year].
    ledger : Ledger
        Told what replaced what with which weight.

    Returns
    -------
    dict of str to Card
        The same roles; level parameters have the posterior median and its 90 % range.
    xarray.Dataset
        See :func:`greenrisk.resource.experience_group.experience_group`.

    Raises
    ------
    ArgumentError
        If a level parameter has no lognormal or logit_normal range.

    Notes
    -----
    A parameter counts as the user's own (status ``user``) once its weight reaches one half and the table is not
    synthetic; below that it keeps its status, since most of it is still judged. The weight stands in its basis.
    """
    levels = update_levels(
        cards, experience, pilot, underwriting_year=underwriting_year, nonfire_trend=nonfire_trend
    )
    changed = dict(cards)
    moves = [(LEVELS[kind][0], LEVELS[kind][1], move, kind) for kind, move in levels.rates.items()]
    if levels.scale is not None:
        moves.append((SCALE_ROLE, ("scale",), levels.scale, ALL))
    told = {line.kind: line for line in levels.lines}
    for role, names, move, kind in moves:
        if move.credibility > 0:
            both = (
                move.factor * levels.scale.factor
                if _shares_scale(kind) and levels.scale is not None
                else None
            )
            changed[role] = _moved(changed[role], names, move, told[kind], experience, ledger, both)
    _tell(experience, levels, nonfire_trend, ledger)
    return changed, experience_group(experience, levels, pilot)


def _moved(
    card: Card,
    names: tuple[str, ...],
    move: Move,
    line: Line,
    experience: Experience,
    ledger: Ledger,
    both: float | None,
) -> Card:
    """Return a card with its level parameters moved; ``both``: its factor with that of the common scale."""
    first, last = int(experience.years[0]), int(experience.years[-1])
    span = f"{first} to {last}" if last > first else str(first)
    basis = (
        f"Credibility (Buhlmann): own experience of {PERIL_WORDS[line.kind]}, {line.years} years of {span}, "
        f"{ratio_words(line)}; weight {move.credibility:.2f}."
    )
    own = move.credibility >= MOSTLY and experience.status in ("user", "confirmed")
    parameters = dict(card.parameters)
    for name in names:
        before = card.parameters[name]
        after = _parameter(before, move, basis, experience, own)
        parameters[name] = after
        ledger.add(
            "assumption",
            f"{card.name}:{name}",
            f"Own experience moved it from {_range(before)} to {_range(after)} {after.unit} (median and 90 % range), "
            f"with a weight of {move.credibility:.2f}; {PERIL_WORDS[line.kind]}: {ratio_words(line)}."
            + ("" if both is None else f" The common scale moved, too: together {both:.2f} times."),
            status=after.status,
            source=experience.name,
        )
        if after.range.distribution == "logit_normal" and float(after.value) >= MOST_CHANCE:
            ledger.add("clipped", f"{card.name}:{name}", f"A chance was held at {MOST_CHANCE:g}.")
    changed = {
        "title": f"{card.title}; level from own experience",
        "period": f"{card.period}; own experience {span}",
        "parameters": parameters,
    }
    return Card.model_validate({**dict(card), **changed})


def _parameter(before: Parameter, move: Move, basis: str, experience: Experience, own: bool) -> Parameter:
    """Return a parameter with value and range moved on the scale of its law."""
    low, high = (float(end) for end in before.ends())
    value = float(before.value)
    if before.range.distribution == "logit_normal":
        middle = min(value * move.factor, MOST_CHANCE)
        ends = [float(expit(logit(middle) + move.width * (logit(end) - logit(value)))) for end in (low, high)]
    else:
        middle = value * move.factor
        ends = [middle * (end / value) ** move.width for end in (low, high)]
    drawn = before.range.model_copy(
        update={"low": ends[0], "high": ends[1], "basis": f"{basis} Before it: {before.range.basis}"}
    )
    return Parameter.model_validate(
        {
            **dict(before),
            "value": middle,
            "range": drawn,
            "source": f"{experience.name} ({experience.status}), weight {move.credibility:.2f}; {before.source}",
            "status": "user" if own else before.status,
        }
    )


def _shares_scale(kind: str) -> bool:
    """Whether the level of a line is the product of its own parameter and the common scale."""
    return kind not in ("wildfire", ALL)


def _range(parameter: Parameter) -> str:
    low, high = parameter.ends()
    return f"{float(parameter.value):.3g} ({float(low):.3g} to {float(high):.3g})"


def _tell(experience: Experience, levels: Levels, nonfire_trend: float, ledger: Ledger) -> None:
    """Write to the ledger what the comparison takes for granted, and what it could not use."""
    if experience.status not in ("user", "confirmed"):
        ledger.add(
            "assumption", experience.name, f"The table is {experience.status}.", status=experience.status
        )
    trend = f"{100 * nonfire_trend:+.1f} % a year" if nonfire_trend else "none"
    ledger.add(
        "assumption",
        experience.name,
        "Own years are compared with the model under the terms of the scenario and the species and ages of today's "
        f"book; trend of the cost of other perils than fire: {trend}; fire by its card.",
        source=experience.name,
    )
    for line in levels.lines:
        if line.kind != ALL and line.update is None and line.years:
            ledger.add(
                "unreliable",
                f"{experience.name}: {line.kind}",
                f"The model expects no payment for {PERIL_WORDS[line.kind]} under these terms: {line.ultimate:,.0f} "
                "CNY of own losses were not used.",
            )
    totals = int((~experience.by_peril).sum())
    if totals:
        ledger.add(
            "assumption",
            experience.name,
            f"Of {totals} of {experience.years.size} years only the total is known: they move the common scale of "
            "the perils other than fire, after what fire is expected to cost was taken off.",
            count=totals,
            source=experience.name,
        )
