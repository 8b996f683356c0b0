# SPDX-License-Identifier: Apache-2.0
"""Combines the parts of a forest run to the result tree.

The only thing that grows with the years is the (year, layer) table, filled here part by part.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.actuarial.layers import Programme, QuotaShare, StopLoss
from greenrisk.actuarial.measures import exceedance, mean_and_standard_error, tail_value_at_risk
from greenrisk.actuarial.premium import ROWS, TAIL_LEVEL, Loadings, PremiumBuildUp, build_up
from greenrisk.core.cards import Card
from greenrisk.core.ledger import COLUMNS, Ledger
from greenrisk.resource.forest import BLOCK_LENGTH, ForestScenario
from greenrisk.resource.quantities import CURVES, RETURN_PERIODS, UNITS, curve_name
from greenrisk.resource.sensitivity import JUDGED, Knowledge, tell_parameters, variance_shares
from greenrisk.resource.simulation import LAYERS, Exposure, resolve
from greenrisk.resource.subsidy import PAYERS, split_premium
from greenrisk.resource.variants import VariantPlan
from greenrisk.resource.vocabulary import TERMS

FEW_EXCEEDANCES = 10
"""A quantile that fewer simulated years exceed is called unreliable in the ledger."""


@dataclass(frozen=True)
class Inputs:
    """What the result tells of its inputs."""

    spec: ForestScenario
    cards: Mapping[str, Card]
    synthetic_book: bool
    landscape_status: str


@dataclass(frozen=True)
class YearTable:
    """The simulated years: the one table that grows with them.

    Arrays: ``loss`` (year, layer) and ``largest`` (year, layer) with the layers ground_up and gross [CNY], ``segment``
    (year, segment) [CNY], ``fires`` [1], ``burnt_area`` [ha], ``burnt_insured`` and ``paid_area`` [mu] by year; ``site`` (site, moment)
    sums, ``counter`` counts.
    """

    loss: NDArray[np.float64]
    largest: NDArray[np.float64]
    segment: NDArray[np.float64]
    fires: NDArray[np.int64]
    burnt_area: NDArray[np.float64]
    burnt_insured: NDArray[np.float64]
    paid_area: NDArray[np.float64]
    site: NDArray[np.float64]
    counter: NDArray[np.float64]

    @property
    def years(self) -> int:
        """How many years were simulated."""
        return int(self.loss.shape[0])


def gather(parts: Iterator[xr.Dataset], blocks: int, segments: int, sites: int) -> YearTable:
    """Fill the table from the parts of the central simulation, in the order of the blocks."""
    years = blocks * BLOCK_LENGTH
    table = YearTable(
        loss=np.empty((years, len(LAYERS))),
        largest=np.empty((years, len(LAYERS))),
        segment=np.empty((years, segments)),
        fires=np.empty(years, dtype=np.int64),
        burnt_area=np.empty(years),
        burnt_insured=np.empty(years),
        paid_area=np.empty(years),
        site=np.zeros((sites, 3)),
        counter=np.zeros(3),
    )
    for block, dataset in enumerate(itertools.islice(parts, blocks)):
        rows = slice(block * BLOCK_LENGTH, (block + 1) * BLOCK_LENGTH)
        table.loss[rows] = dataset["loss"].values
        table.largest[rows] = dataset["largest_event"].values
        table.segment[rows] = dataset["segment_loss"].values
        for name in ("fires", "burnt_area", "burnt_insured", "paid_area"):
            getattr(table, name)[rows] = dataset[name].values
        table.site[:] += dataset["site_sum"].values
        table.counter[:] += dataset["counter"].values
    return table


def premium_error(gross: NDArray[np.float64], loadings: Loadings) -> tuple[float, float]:
    """Return the simulation errors of the pure and of the gross premium [CNY/year].

    Notes
    -----
    By influence functions: a year x moves the pure premium by ``x - mean`` and the tail value at risk by
    ``VaR + (x - VaR)+ / (1 - level) - TVaR``; the gross premium is a weighted sum of both.
    """
    tail = 1.0 - TAIL_LEVEL
    rank = max(gross.size - int(math.floor(gross.size * tail + 1e-9)), 1)
    threshold = np.partition(gross, rank - 1)[rank - 1]
    of_mean = gross - gross.mean()
    of_tail = np.maximum(gross - threshold, 0.0) / tail
    influence = of_mean + loadings.cost_of_capital * (of_tail - of_mean)
    root = math.sqrt(gross.size)
    return float(gross.std(ddof=1) / root), float(influence.std(ddof=1) / root / (1.0 - loadings.ratio))


class Metrics:
    """Collects the headline figures, each with both errors."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []

    def add(
        self,
        name: str,
        value: float,
        standard_error: float,
        interval: tuple[float, float],
        method: str,
        **dims: object,
    ) -> None:
        """Add one figure; its name must be a declared term."""
        term = TERMS[name]
        self.rows.append(
            {
                "name": name,
                "label": term.label,
                "value": value,
                "unit": term.unit,
                "standard_error": standard_error,
                "low": interval[0],
                "high": interval[1],
                "dims": json.dumps(dims),
                "method": method,
            }
        )

    def dataset(self) -> xr.Dataset:
        """Return the group ``/metrics``."""
        dataset = xr.Dataset(
            {key: ("metric", np.array([row[key] for row in self.rows])) for key in self.rows[0]}
        )
        for key in ("value", "standard_error", "low", "high"):
            dataset[key].attrs["units"] = "see unit"
        return dataset


def _with_units(dataset: xr.Dataset, **units: str) -> xr.Dataset:
    for name, unit in units.items():
        dataset[name].attrs["units"] = unit
    return dataset


def finish(
    facts: Inputs,
    exposure: Exposure,
    plan: VariantPlan,
    ledger: Ledger,
    parts: Iterable[xr.Dataset],
    simulation_blocks: int,
) -> xr.DataTree:
    """Combine the parts of a run, given in the order of the blocks.

    Returns
    -------
    xarray.DataTree
        Groups losses, metrics, curves, premium, sites, knowledge, tornado, variance, alternatives, checks, chain, ledger.
    """
    from greenrisk.resource.told import chain, checks

    stream = iter(parts)
    book, spec = exposure.book, facts.spec
    table = gather(stream, simulation_blocks, len(exposure.segments), len(book))
    values = np.concatenate([dataset["quantity"].values for dataset in stream])
    knowledge = Knowledge(tuple(UNITS), values, plan, facts.cards)

    loadings = Loadings.from_values(facts.cards["loadings"].values())
    names = [f"{county}|{forest_type}" for county, forest_type in exposure.segments]
    area = np.bincount(exposure.segment, weights=book.insured_area_mu, minlength=len(names))
    insured = np.bincount(exposure.segment, weights=book.sum_insured, minlength=len(names))
    premium = build_up(table.segment, loadings, names, area, insured)
    gross_total = float(premium.row("gross_premium")[0])
    programme = Programme(
        QuotaShare(spec.reinsurance.quota_share) if spec.reinsurance.quota_share > 0 else None,
        StopLoss(spec.reinsurance.stop_loss.attachment, spec.reinsurance.stop_loss.limit)
        if spec.reinsurance.stop_loss
        else None,
    )
    ceded = programme.apply(table.loss[:, 1], gross_total)

    tornado = knowledge.tornado(gross_total)
    variance = variance_shares(tornado)
    wildfire = resolve(exposure, plan.variants[0])
    metrics = _metrics(
        table, ceded.net, ceded.ceded, premium, loadings, knowledge, variance, wildfire.counts.mean
    )
    exposed = float(exposure.landscape.area_ha.sum())
    tell_parameters(tornado, ledger)
    _tell_run(table, exposure, ledger)
    groups: dict[str, xr.Dataset] = {
        "/": xr.Dataset(
            attrs={
                "kind": spec.kind,
                "name": spec.name,
                "title": spec.title,
                "underwriting_year": spec.underwriting_year,
                "price_year": spec.price_year,
                "years": table.years,
                "seed": spec.seed,
                "block_length": BLOCK_LENGTH,
                "currency": "CNY",
                "synthetic_book": int(facts.synthetic_book),
                "book_file": spec.book,
                "landscape_status": facts.landscape_status,
                "knowledge_draws": plan.draws,
                "knowledge_years": -(-spec.knowledge.years // BLOCK_LENGTH) * BLOCK_LENGTH,
            }
        ),
        "/losses": _losses(table, ceded.ceded, ceded.net, exposure, names),
        "/metrics": metrics.dataset(),
        "/curves": _curves(table, knowledge),
        "/premium": _premium(premium, exposure, spec, names),
        "/sites": _sites(table, exposure, premium),
        "/knowledge": knowledge.draws_dataset(UNITS),
        "/tornado": tornado,
        "/variance": variance,
        "/alternatives": knowledge.alternatives(
            (
                "average_annual_loss_ground_up",
                "pure_premium",
                "gross_premium",
                curve_name("occurrence", "gross", 250),
                curve_name("aggregate", "gross", 250),
            ),
            exposed,
        ),
        "/chain": chain(facts, exposure, wildfire, table, premium),
        **checks(facts, exposure, wildfire, premium),
    }
    frame = ledger.to_frame()
    groups["/ledger"] = xr.Dataset({column: ("entry", frame[column].to_numpy()) for column in COLUMNS})
    return xr.DataTree.from_dict(groups)


def _metrics(
    table: YearTable,
    net: NDArray[np.float64],
    ceded: NDArray[np.float64],
    premium: PremiumBuildUp,
    loadings: Loadings,
    knowledge: Knowledge,
    variance: xr.Dataset,
    expected_fires: float,
) -> Metrics:
    gross = np.ascontiguousarray(table.loss[:, 1])
    pure_error, gross_error = premium_error(gross, loadings)
    pure, total = float(premium.row("pure_premium")[0]), float(premium.row("gross_premium")[0])
    area, insured = float(premium.insured_area[0]), float(premium.sum_insured[0])
    simulated = f"mean of {table.years:,} simulated years"
    built = "pure premium, risk load on the total and loadings, one ratio basis"
    metrics = Metrics()

    def add(name: str, value: float, error: float, quantity: str, method: str, **dims: object) -> None:
        metrics.add(name, value, error, knowledge.interval(quantity, value), method, **dims)

    add("pure_premium", pure, pure_error, "pure_premium", simulated)
    add("gross_premium", total, gross_error, "gross_premium", built)
    add("pure_rate_per_mu", pure / area, pure_error / area, "pure_rate_per_mu", simulated)
    add("rate_per_mu", total / area, gross_error / area, "rate_per_mu", built)
    per_mille = 1000.0 / insured
    add("rate_per_mille", total * per_mille, gross_error * per_mille, "rate_per_mille", built)
    for layer, losses, quantity in (
        ("ground_up", table.loss[:, 0], "average_annual_loss_ground_up"),
        ("gross", gross, "pure_premium"),
        ("ceded", ceded, "pure_premium"),
        ("net", net, "pure_premium"),
    ):
        mean = mean_and_standard_error(losses)
        if layer in ("ground_up", "gross"):
            add("average_annual_loss", mean.value, mean.standard_error, quantity, simulated, layer=layer)
        else:
            metrics.add(
                "average_annual_loss",
                mean.value,
                mean.standard_error,
                (math.nan, math.nan),
                simulated,
                layer=layer,
            )
    for curve, name, annual in (
        ("occurrence", "occurrence_exceedance", table.largest[:, 1]),
        ("aggregate", "aggregate_exceedance", gross),
    ):
        found = exceedance(annual, (100.0, 250.0))
        for i, period in enumerate((100, 250)):
            add(
                name,
                float(found.loss[i]),
                float(found.standard_error[i]),
                curve_name(curve, "gross", period),
                "order statistic of the simulated years",
                layer="gross",
                return_period=period,
            )
    tail = tail_value_at_risk(gross, TAIL_LEVEL)
    add(
        "tail_value_at_risk",
        tail.value,
        tail.standard_error,
        "tail_value_at_risk",
        "mean of the worst simulated years",
        layer="gross",
        level=TAIL_LEVEL,
    )
    fires = mean_and_standard_error(table.fires)
    add(
        "expected_fires",
        fires.value,
        fires.standard_error,
        "expected_fires",
        f"{simulated}; law: {expected_fires:.4g}",
    )
    burnt = mean_and_standard_error(table.burnt_area)
    add("expected_burnt_area", burnt.value, burnt.standard_error, "expected_burnt_area", simulated)
    judged = float(variance["share"].sel(status=list(JUDGED)).sum())
    nothing = (math.nan, math.nan)
    metrics.add("judgement_share", judged, math.nan, nothing, "first-order variance, one parameter at a time")
    metrics.add("loading_share", 1.0 - pure / total if total > 0 else math.nan, math.nan, nothing, built)
    return metrics


def _losses(
    table: YearTable,
    ceded: NDArray[np.float64],
    net: NDArray[np.float64],
    exposure: Exposure,
    names: Sequence[str],
) -> xr.Dataset:
    loss = np.column_stack([table.loss, ceded, net])
    return _with_units(
        xr.Dataset(
            {
                "loss": (("year", "layer"), loss),
                "largest_event": (("year", "event_layer"), table.largest),
                "segment_loss": (("year", "segment"), table.segment),
                "fires": ("year", table.fires),
                "burnt_area": ("year", table.burnt_area),
                "burnt_insured": ("year", table.burnt_insured),
                "paid_area": ("year", table.paid_area),
            },
            coords={
                "year": np.arange(table.years),
                "layer": np.array([*LAYERS, "ceded", "net"]),
                "event_layer": np.array(LAYERS),
                "segment": np.array(names),
                "county": ("segment", np.array([county for county, _ in exposure.segments])),
                "forest_type": ("segment", np.array([kind for _, kind in exposure.segments])),
            },
        ),
        loss="CNY",
        largest_event="CNY",
        segment_loss="CNY",
        fires="1",
        burnt_area="ha",
        burnt_insured="mu",
        paid_area="mu",
    )


def _curves(table: YearTable, knowledge: Knowledge) -> xr.Dataset:
    shape = (len(CURVES), len(LAYERS), len(RETURN_PERIODS))
    arrays = {name: np.full(shape, np.nan) for name in ("loss", "standard_error", "low", "high")}
    for i, curve in enumerate(CURVES):
        annual = table.largest if curve == "occurrence" else table.loss
        for j, layer in enumerate(LAYERS):
            found = exceedance(annual[:, j], RETURN_PERIODS)
            arrays["loss"][i, j], arrays["standard_error"][i, j] = found.loss, found.standard_error
            for k, period in enumerate(RETURN_PERIODS):
                low, high = knowledge.interval(curve_name(curve, layer, period), float(found.loss[k]))
                arrays["low"][i, j, k], arrays["high"][i, j, k] = low, high
    dataset = xr.Dataset(
        {name: (("curve", "layer", "return_period"), array) for name, array in arrays.items()},
        coords={
            "curve": np.array(CURVES),
            "layer": np.array(LAYERS),
            "return_period": np.array(RETURN_PERIODS, dtype=np.float64),
        },
    )
    return _with_units(dataset, **dict.fromkeys(arrays, "CNY"))


def _premium(
    premium: PremiumBuildUp, exposure: Exposure, spec: ForestScenario, names: Sequence[str]
) -> xr.Dataset:
    kinds = [kind for _, kind in exposure.segments]
    split = split_premium(
        premium.row("gross_premium")[1:], kinds, premium.insured_area[1:], spec.subsidy, list(names)
    )
    return _with_units(
        xr.Dataset(
            {
                "amount": (("row", "segment"), premium.amount),
                "subsidy": (("payer", "segment"), split.amount),
                "insured_area": ("segment", premium.insured_area),
                "sum_insured": ("segment", premium.sum_insured),
            },
            coords={
                "row": np.array(ROWS),
                "segment": np.array(premium.segments),
                "payer": np.array(PAYERS),
                "county": ("segment", np.array(["all", *(county for county, _ in exposure.segments)])),
                "forest_type": ("segment", np.array(["all", *kinds])),
            },
        ),
        amount="CNY/year",
        subsidy="CNY/year",
        insured_area="mu",
        sum_insured="CNY",
    )


def _sites(table: YearTable, exposure: Exposure, premium: PremiumBuildUp) -> xr.Dataset:
    book, years = exposure.book, table.years
    pure = table.site[:, 1] / years
    variance = np.maximum(table.site[:, 2] / years - pure**2, 0.0)
    pure_segment = premium.row("pure_premium")[1:]
    gross_segment = premium.row("gross_premium")[1:]
    # A segment without a single simulated payment has no pure premium to spread its loads by: by sum insured.
    weight = np.where(pure_segment[exposure.segment] > 0, pure, book.sum_insured)
    of_segment = np.bincount(exposure.segment, weights=weight, minlength=pure_segment.size)
    gross = gross_segment[exposure.segment] * weight / of_segment[exposure.segment]
    text = {
        "stand_id": book.ids,
        "owner": book.owner,
        "county": np.array(book.counties)[book.county],
        "township": book.township,
        "forest_type": book.forest_type,
        "species_group": book.species_group,
    }
    numbers = {
        "age": (book.age, "year"),
        "longitude": (book.lon, "degree"),
        "latitude": (book.lat, "degree"),
        "area": (book.area_ha, "ha"),
        "insured_area": (book.insured_area_mu, "mu"),
        "sum_insured": (book.sum_insured, "CNY"),
        "burnt_area": (table.site[:, 0] / years, "ha/year"),
        "pure_premium": (pure, "CNY/year"),
        "pure_premium_standard_error": (np.sqrt(variance / years), "CNY/year"),
        "gross_premium": (gross, "CNY/year"),
    }
    return _with_units(
        xr.Dataset(
            {
                **{name: ("site", array) for name, array in text.items()},
                **{name: ("site", array) for name, (array, _) in numbers.items()},
            }
        ),
        **{name: unit for name, (_, unit) in numbers.items()},
    )


def _tell_run(table: YearTable, exposure: Exposure, ledger: Ledger) -> None:
    """Write what the simulation did to the ledger: nothing clipped or thin goes unsaid."""
    unburnt, repeated, hits = table.counter
    if unburnt > 0:
        ledger.add(
            "clipped",
            "fire size",
            f"Fires could not spread over {unburnt:,.1f} ha for lack of connected forest "
            f"({unburnt / table.burnt_area.sum():.2%} of the burnt area).",
        )
    if repeated > 0:
        ledger.add(
            "assumption",
            "several fires on one stand in a year",
            f"{repeated:,.0f} of {hits:,.0f} damaged stands burnt in more than one fire of the same year; burnt forest "
            "does not burn again that year, each fire is settled as a claim of its own.",
            count=int(repeated),
        )
    for period in (100, 250):
        exceeding = table.years / period
        if exceeding < FEW_EXCEEDANCES:
            ledger.add(
                "unreliable",
                f"{period}-year losses",
                f"Only {exceeding:.0f} of {table.years:,} simulated years lie beyond the {period}-year loss; "
                f"simulate at least {period * FEW_EXCEEDANCES:,} years.",
            )
    for county in exposure.landscape.left_out:
        ledger.add(
            "dropped",
            f"landscape: {county}",
            "The county has forest but no insured stand; nothing says where its forest lies, so fires do not "
            "start there or cross it.",
        )
