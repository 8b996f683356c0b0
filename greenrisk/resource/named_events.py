# SPDX-License-Identifier: Apache-2.0
"""Named events as scenarios: what an ice storm like that of 2008, or a dated fire, would cost this book today.

Their hits (:mod:`greenrisk.resource.named_event_hits`) go the road of simulated ones: the same settlement, the same
reinsurance. Each stands alone in its policy year. How rare its loss is by the model is read off the simulated years.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from scipy.special import betaincinv

from greenrisk.core.ledger import Ledger
from greenrisk.core.variants import interval_ratio
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.named_event_hits import LUCK, event_hits
from greenrisk.resource.named_event_specs import AnyNamedEvent
from greenrisk.resource.perils.base import Floats
from greenrisk.resource.reinsurance import ReinsuranceSpec
from greenrisk.resource.settlement import Payments, settle
from greenrisk.resource.simulation import LAYERS, Perils, annual
from greenrisk.resource.structure import EventCessions, cede_events, cede_years

SAME: Final = 1e-9
"""Relative distance at which two losses count as equal [unitless]."""

LOCAL_RANGE: Final = (0.05, 0.95)
"""Quantiles of the local luck that are kept."""

KNOWLEDGE_LUCK: Final = 4
"""How often a named event is run for one draw of the cards, the first of its runs; part of the contract of a run."""


@dataclass(frozen=True, eq=False)
class NamedLosses:
    """What one named event costs, run by run of its local luck.

    Parameters
    ----------
    ground_up, gross, ceded, net : array, shape (runs,)
        Loss before terms, after them, what reinsurance pays of it, what is left [CNY].
    stands, damaged_mu, paid_mu : array, shape (runs,)
        Stands hit [1], their damaged insured area, and that of it which is paid for [mu].
    site : array, shape (stands of the book,)
        Loss before terms of each stand, mean over the runs [CNY].
    """

    ground_up: Floats
    gross: Floats
    ceded: Floats
    net: Floats
    stands: Floats
    damaged_mu: Floats
    paid_mu: Floats
    site: Floats


def named_losses(
    event: AnyNamedEvent,
    perils: Perils,
    exposure: Exposure,
    reinsurance: ReinsuranceSpec,
    gross_premium: float | None,
    luck: int = LUCK,
) -> NamedLosses:
    """Return what a named event costs, alone in its policy year.

    Parameters
    ----------
    event : NamedEventSpec
        The event.
    perils : Perils
        The laws of the central cards, or of a draw of them.
    exposure : Exposure
        Book and terms.
    reinsurance : ReinsuranceSpec
        Its covers.
    gross_premium : float or None
        Gross premium before reinsurance [CNY/year]; None only without a stop loss.
    luck : int
        How often it is run.
    """
    payments = _settled(event, perils, exposure, luck)
    loss = annual(payments)[0][:luck]
    gross = np.ascontiguousarray(loss[:, LAYERS.index("gross")])
    of_block = cede_events(payments, exposure, reinsurance)
    of_runs = EventCessions(of_block.ceded[:luck], of_block.reinstated[:luck])
    split = cede_years(gross, of_runs, reinsurance, exposure.book, gross_premium)
    year, paid = payments.year, payments.gross > 0

    def by_run(amount: Floats) -> Floats:
        return np.bincount(year, weights=amount, minlength=luck).astype(np.float64, copy=False)

    return NamedLosses(
        ground_up=np.ascontiguousarray(loss[:, LAYERS.index("ground_up")]),
        gross=gross,
        ceded=split.ceded,
        net=split.net,
        stands=by_run(np.ones(year.size)),
        damaged_mu=by_run(payments.insured_mu),
        paid_mu=by_run(np.where(paid, payments.insured_mu, 0.0)),
        site=np.bincount(payments.stand, weights=payments.ground_up, minlength=len(exposure.book)) / luck,
    )


def named_gross(
    events: Sequence[AnyNamedEvent], perils: Perils, exposure: Exposure, luck: int = KNOWLEDGE_LUCK
) -> Floats:
    """Return the mean gross loss of each named event for one draw of the cards, shape (events,) [CNY].

    Parameters
    ----------
    events, perils, exposure, luck
        As for :func:`named_losses`. All draws share the local luck.
    """
    payments = (_settled(event, perils, exposure, luck) for event in events)
    return np.array([one.gross.sum() / luck for one in payments])


def _settled(event: AnyNamedEvent, perils: Perils, exposure: Exposure, luck: int) -> Payments:
    hits = event_hits(event, perils.laws[event.kind], exposure, luck)
    return settle(exposure, {event.kind: hits}, perils.claimed)


@dataclass(frozen=True)
class ReturnPeriod:
    """How rare a loss is by the simulated years.

    Parameters
    ----------
    exceeding : int
        Simulated years whose largest event costs as much or more.
    value, low, high : float
        Return period and the ends of its 90 % interval of the simulation [year]; value and high are NaN where no
        simulated year costs as much, all are where the loss is nothing.
    """

    exceeding: int
    value: float
    low: float
    high: float


def return_period(largest: Floats, loss: float) -> ReturnPeriod:
    """Return how often a year's largest event costs as much as a loss or more (OEP).

    Parameters
    ----------
    largest : array, shape (years,)
        Largest event of each simulated year [CNY].
    loss : float
        [CNY], >= 0.

    Notes
    -----
    The number of such years is binomial; the interval is that of Clopper and Pearson.

    References
    ----------
    Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case of the
    binomial. Biometrika 26(4), 404-413.
    """
    # Events at the limit of the policy all cost the same, up to rounding.
    years, exceeding = largest.size, int((largest >= loss * (1.0 - SAME)).sum())
    if not loss > 0:
        return ReturnPeriod(exceeding, math.nan, math.nan, math.nan)
    often = float(betaincinv(exceeding + 1, years - exceeding, 0.95)) if exceeding < years else 1.0
    if exceeding == 0:
        return ReturnPeriod(0, math.nan, 1.0 / often, math.nan)
    seldom = float(betaincinv(exceeding, years - exceeding + 1, 0.05))
    return ReturnPeriod(exceeding, years / exceeding, 1.0 / often, 1.0 / seldom)


def named_event_results(
    events: Sequence[AnyNamedEvent],
    losses: Sequence[NamedLosses],
    largest: Floats,
    exposure: Exposure,
    drawn: Floats | None = None,
) -> xr.Dataset:
    """Return the group ``/named_events``.

    Parameters
    ----------
    events : sequence of NamedEventSpec
        The events.
    losses : sequence of NamedLosses
        What each costs.
    largest : array, shape (years, layer)
        Largest event of each simulated year, layers as in the simulation [CNY].
    exposure : Exposure
        The book.
    drawn : array, shape (1 + draws, events), optional
        :func:`named_gross` of the central cards and of their joint draws [CNY]; empty: no knowledge interval.
    """
    values: dict[str, tuple[list[float], str]] = {}
    for name, unit in (("ground_up", "CNY"), ("gross", "CNY"), ("ceded", "CNY"), ("net", "CNY")):
        runs = [getattr(one, name) for one in losses]
        values[name] = ([float(run.mean()) for run in runs], unit)
        for end, level in zip(("low", "high"), LOCAL_RANGE, strict=True):
            values[f"{name}_{end}"] = ([float(np.quantile(run, level)) for run in runs], unit)
    values["stands_hit"] = ([float(one.stands.mean()) for one in losses], "1")
    values["damaged_insured"] = ([float(one.damaged_mu.mean()) for one in losses], "mu")
    values["paid_area"] = ([float(one.paid_mu.mean()) for one in losses], "mu")
    insured = float(exposure.book.sum_insured.sum())
    values["damage_ratio"] = ([loss / insured for loss in values["ground_up"][0]], "unitless")
    for layer in LAYERS:
        column = np.ascontiguousarray(largest[:, LAYERS.index(layer)])
        found = [return_period(column, loss) for loss in values[layer][0]]
        values[f"return_period_{layer}"] = ([one.value for one in found], "year")
        values[f"return_period_{layer}_low"] = ([one.low for one in found], "year")
        values[f"return_period_{layer}_high"] = ([one.high for one in found], "year")
        values[f"years_exceeding_{layer}"] = ([float(one.exceeding) for one in found], "1")
    if drawn is not None:
        ratios = [interval_ratio(drawn[1:, i], float(drawn[0, i])) for i in range(len(events))]
        for place, end in enumerate(("low", "high")):
            ends = [ratio[place] * gross for ratio, gross in zip(ratios, values["gross"][0], strict=True)]
            values[f"gross_knowledge_{end}"] = (ends, "CNY")
    site = np.stack([one.site for one in losses])
    return xr.Dataset(
        {
            **{name: ("event", np.array(column), {"units": unit}) for name, (column, unit) in values.items()},
            "site_loss": (("event", "site"), site, {"units": "CNY"}),
        },
        coords={
            "event": np.array([event.name for event in events]),
            "title": ("event", np.array([event.label for event in events])),
            "peril": ("event", np.array([event.kind for event in events])),
            "date": ("event", np.array([event.date for event in events])),
            "source": ("event", np.array([event.source for event in events], dtype=str)),
        },
        attrs={"runs": losses[0].gross.size, "low": LOCAL_RANGE[0], "high": LOCAL_RANGE[1]},
    )


def tell_named_events(results: xr.Dataset, years: int, ledger: Ledger) -> None:
    """Write to the ledger what named events rest on, which of them cost nothing, and which no simulated year reaches.

    Parameters
    ----------
    results : Dataset
        Of :func:`named_event_results`.
    years : int
        Simulated years.
    ledger : Ledger
        Of the run.
    """
    for place in range(results.sizes["event"]):
        one = results.isel(event=place)
        name, source = str(one["event"].item()), str(one["source"].item())
        ledger.add(
            "assumption",
            f"named event {name}",
            f"A scenario in the numbers of the {one['peril'].item()} card, alone in its policy year, run "
            f"{results.attrs['runs']} times with other local luck; its return period is the model's, of its mean loss.",
            status="user" if not source else "illustrative",
            source=source,
        )
        if not float(one["gross"]) > 0:
            ledger.add(
                "unreliable",
                f"named event {name}",
                "It costs nothing: it stays below the deductible, or falls outside the policy period."
                if float(one["ground_up"]) > 0
                else "It costs nothing: it hits no insured stand. Does it lie where the book does?",
            )
        elif not float(one["years_exceeding_gross"]) > 0:
            ledger.add(
                "unreliable",
                f"named event {name}",
                f"No event of {years:,} simulated years costs as much: its return period is only known to be long.",
            )
