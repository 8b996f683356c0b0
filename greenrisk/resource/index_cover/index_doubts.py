# SPDX-License-Identifier: Apache-2.0
"""What speaks against the price of an index cover by its own figures: the law, the burn, what it can pay, a budget."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from greenrisk.core.ledger import Ledger
from greenrisk.resource.index_cover.burn import Burn
from greenrisk.resource.index_cover.calibration_terms import Calibration
from greenrisk.resource.index_cover.event_law import EventLaw
from greenrisk.resource.index_cover.index_model import Fitted, IndexModel
from greenrisk.resource.index_cover.law_choice import LEVEL
from greenrisk.resource.index_cover.law_premium import law_premium
from greenrisk.resource.index_cover.laws import IndexLaw
from greenrisk.resource.index_cover.treatments import treat

MANY_HELD: Final = 0.1
"""Share of years held at a bound after a treatment from which on the treatment is in doubt [unitless]."""


def tell_laws(
    model: IndexModel,
    fitted: Fitted,
    fits: Mapping[str, Sequence[tuple[IndexLaw, float]]],
    burned: Burn,
    ledger: Ledger,
) -> None:
    """Write to the ledger where laws do not fit their years, stand at a bound, or contradict the burn analysis.

    Parameters
    ----------
    model : IndexModel
        Covers on the record.
    fitted : Fitted
        The treated record and its laws.
    fits : mapping of str to sequence of (IndexLaw, float)
        By index the laws that could be fitted, and the chance of their fit.
    burned : Burn
        Burn analysis of the treated record.
    ledger : Ledger
        Takes the lines.
    """
    for name, law in fitted.laws.items():
        _tell_held(model, name, ledger)
        values = law.intensity if isinstance(law, EventLaw) else law
        _tell_fit(name, values, fits[name], model.part.history.law == "best", ledger)
        _tell_masses(name, values, model.record.indices[name].unit, ledger)
    priced = law_premium(model.part, fitted.laws, fitted.copula, model.seed).total
    if not burned.low <= priced <= burned.high:
        ledger.add(
            "unreliable",
            "pure premium",
            f"The law says CNY {priced:,.0f} a year, outside the 90 % interval of the burn analysis, "
            f"{burned.low:,.0f} to {burned.high:,.0f} around {burned.mean:,.0f}.",
        )


def _tell_held(model: IndexModel, name: str, ledger: Ledger) -> None:
    record = model.record
    index, changes = record.indices[name], record.changes.get(name)
    if changes is None:
        return
    scale, treatment = record.scale[name], record.treatment[name]
    done = treat(index.year, index.value, treatment, changes, scale, index.bounds)
    if done.held > MANY_HELD * done.kept.sum():
        told = f"{done.sentence} A record that stands at a bound so often has no such line or step. Choose `none`."
        ledger.add("unreliable", f"treatment of {name}", told, done.held)
    elif done.held:
        ledger.add("clipped", f"index {name}", done.sentence, done.held)


def _tell_fit(
    name: str, law: IndexLaw, fits: Sequence[tuple[IndexLaw, float]], free: bool, ledger: Ledger
) -> None:
    if law.family == "empirical":
        if not free:
            return
        tried = ", ".join(f"{one.family} {chance:.2g}" for one, chance in fits)
        why = (
            f"its own years reject every family (chance of the fit: {tried})"
            if tried
            else f"no family can be fitted to its {law.values.size} values"
        )
        ledger.add(
            "unreliable",
            f"law of {name}",
            f"The years themselves are drawn: {why}. Nothing worse than the worst of them is priced.",
        )
        return
    chance = next((chance for one, chance in fits if one.family == law.family), math.nan)
    if chance < LEVEL:
        ledger.add(
            "unreliable",
            f"law of {name}",
            f"Its own years reject the {law.family} law: were it true, so poor a fit would have a chance of "
            f"{chance:.2g}. Choose another, `best` or `empirical`.",
        )


def _tell_masses(name: str, law: IndexLaw, unit: str, ledger: Ledger) -> None:
    for mass, end in zip(law.masses, law.bounds, strict=True):
        if mass > 0.0:
            count = round(mass * law.values.size)
            ledger.add(
                "assumption",
                f"law of {name}",
                f"{count} of {law.values.size} years are {end:g} {unit}: a year is so with their share, {mass:.2g}, "
                f"and the {law.family} law is one of the other years.",
                count,
            )


def tell_gross(gross: float, most: float, ledger: Ledger) -> None:
    """Write to the ledger that a premium exceeds what the covers can pay.

    Parameters
    ----------
    gross : float
        Gross premium [CNY/year].
    most : float
        Most that all covers can pay in a year [CNY].
    ledger : Ledger
        Takes the line.
    """
    if gross > most:
        ledger.add(
            "unreliable",
            "gross premium, charged",
            f"CNY {gross:,.0f} a year is {gross / most:.3g} times the most that the covers can pay in a year, "
            f"{most:,.0f}: this cannot be insured at these terms.",
        )


def tell_budget(found: Calibration, gross: float | None, ledger: Ledger) -> None:
    """Write to the ledger that a trigger found under a budget costs more than that.

    Parameters
    ----------
    found : Calibration
        Trigger and exit as found.
    gross : float or None
        Gross premium that the cover is charged with them; None where it is not run with them [CNY/year].
    ledger : Ledger
        Takes the line.
    """
    premium = next((one for one in found.figures if one.name == "premium"), None)
    if premium is None or not math.isfinite(premium.wanted):
        return
    over = [
        f"{value:,.0f} {what}, {value / premium.wanted:.2g} times that"
        for value, what in ((premium.corrected, "on years held out"), (gross or 0.0, "as charged here"))
        if value > premium.wanted
    ]
    if over:
        ledger.add(
            "unreliable",
            "calibration",
            f"The budget is CNY {premium.wanted:,.0f} a year; the premium of the trigger that was found is "
            f"{' and '.join(over)}. What it leaves unpaid is bought at that price.",
        )
