# SPDX-License-Identifier: Apache-2.0
"""Which named events cannot be: no such stand, a date out of season, a gust that throws nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from greenrisk.core.ledger import Ledger
from greenrisk.core.marked_yaml import KeyPath, did_you_mean
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import TermsSpec
from greenrisk.resource.named_event_specs import (
    AnyNamedEvent,
    NamedDroughtSpec,
    NamedFireSpec,
    NamedFloodSpec,
    NamedIceSpec,
    NamedPestSpec,
    NamedStormSpec,
)
from greenrisk.resource.perils.base import DAYS, PerilLaw, Season, season_of
from greenrisk.resource.perils.drought import DroughtLaw
from greenrisk.resource.perils.flood import FloodLaw
from greenrisk.resource.perils.pest import PestLaw
from greenrisk.resource.perils.snow_ice import SnowIceLaw
from greenrisk.resource.perils.storm import StormLaw
from greenrisk.resource.settlement import covered


def named_event_faults(
    events: Sequence[AnyNamedEvent], exposure: Exposure, laws: Mapping[str, PerilLaw]
) -> list[tuple[KeyPath, str, str, str]]:
    """Say which named events cannot be: key path, offender, mend and unit of each, for ``sources.fault``.

    Parameters
    ----------
    events : sequence of NamedEventSpec
        Those of the scenario, in its order.
    exposure : Exposure
        Book and landscape.
    laws : mapping of str to PerilLaw
        Laws of the insured perils by kind.
    """
    faults: list[tuple[KeyPath, str, str, str]] = []
    for index, event in enumerate(events):

        def refuse(key: str, value: object, mend: str, unit: str = "", index: int = index) -> None:
            faults.append(
                (("named_events", index, key), f"named_events[{index}].{key} = {value}", mend, unit)
            )

        if event.kind not in laws:
            refuse(
                "kind", event.kind, "This peril is not insured. Add it to `perils`, or leave the event out."
            )
            continue
        law = laws[event.kind]
        season = _season(event, law, exposure)
        if (event.day + 1 - season.first) % DAYS > season.last - season.first:
            last = (season.last - 1) % DAYS + 1
            mend = f"Outside the season of its card, day {season.first:g} to day {last:g} of the year."
            refuse("date", event.date, mend)
        if isinstance(event, NamedFireSpec):
            forest = float(exposure.landscape.area_ha.sum())
            if event.stand is not None and event.stand not in set(exposure.book.ids.tolist()):
                refuse(
                    "stand",
                    event.stand,
                    f"No such stand.{did_you_mean(event.stand, exposure.book.ids.tolist())}",
                )
            if event.county is not None and event.county not in exposure.landscape.counties:
                known = ", ".join(exposure.landscape.counties)
                refuse("county", event.county, f"No such county in the book. It has: {known}.")
            if event.size_ha > forest:
                refuse(
                    "size_ha", f"{event.size_ha:g}", f"The landscape has {forest:,.0f} ha of forest.", "ha"
                )
        elif isinstance(event, NamedStormSpec):
            assert isinstance(law, StormLaw)
            low, high = law.numbers["damage_gust"], law.numbers["largest_gust"]
            if not low < event.gust <= high:
                refuse(
                    "gust",
                    f"{event.gust:g}",
                    f"The card knows storms above {low:g} and up to {high:g}.",
                    "m/s",
                )
        elif isinstance(event, NamedIceSpec):
            assert isinstance(law, SnowIceLaw)
            most = float(law.load.ppf(1.0))
            if event.load > most:
                refuse(
                    "load",
                    f"{event.load:g}",
                    f"The card knows loads up to {most:g}.",
                    "loads of the median spell",
                )
        elif isinstance(event, NamedFloodSpec):
            assert isinstance(law, FloodLaw)
            least = law.numbers["damage_rain"]
            if not event.rain_mm > least:
                refuse("rain_mm", f"{event.rain_mm:g}", f"The card knows no damage up to {least:g} mm.", "mm")
        elif isinstance(event, NamedDroughtSpec):
            for name in event.counties:
                if name not in exposure.book.counties:
                    known = ", ".join(exposure.book.counties)
                    refuse("counties", name, f"No such county in the book. It has: {known}.")
    return faults


def tell_uncovered(events: Sequence[AnyNamedEvent], terms: TermsSpec, ledger: Ledger) -> None:
    """Write to the ledger which named events happen on days that the policy does not cover.

    Parameters
    ----------
    events : sequence of NamedEventSpec
        Those of the scenario.
    terms : TermsSpec
        Inception, waiting period and term.
    ledger : Ledger
        Of the run.
    """
    for event in events:
        if not covered(terms, np.array([event.day]))[0]:
            since = (event.day - terms.inception_day) % DAYS
            when = (
                f"in the waiting period of {terms.waiting_days} days"
                if since < terms.waiting_days
                else f"after the term of {terms.term_days} days"
            )
            ledger.add(
                "unreliable",
                f"named event {event.name}: {event.date}",
                f"This day lies {when} that begins on {terms.inception}: the policy pays nothing for the event.",
            )


def _season(event: AnyNamedEvent, law: PerilLaw, exposure: Exposure) -> Season:
    """Return the season of an event's peril."""
    if isinstance(event, NamedPestSpec):
        assert isinstance(law, PestLaw)
        return law.census if event.pest == "pine_wilt" else law.leaf_season
    if isinstance(event, NamedFireSpec):
        return season_of(exposure.constants["local"])
    assert isinstance(law, StormLaw | SnowIceLaw | DroughtLaw | FloodLaw)
    return law.season
