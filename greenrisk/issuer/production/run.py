# SPDX-License-Identifier: Apache-2.0
"""The late and sudden transition of one block of issuers: every pair, then every variant of the profits."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from greenrisk.issuer.credit.merton import UNDERFLOW, distance
from greenrisk.issuer.production.assumptions import Assumptions, Finances
from greenrisk.issuer.production.pair_checks import Period
from greenrisk.issuer.production.plans import AlignedPlans, Plans, align
from greenrisk.issuer.production.profits import Revenues, profits, revenues, shock_price, weights
from greenrisk.issuer.production.quantities import Quantities, quantities, target
from greenrisk.issuer.production.result import ASSETS_GONE, MERTON, NO_DEBT, NO_EQUITY, LateSuddenResult
from greenrisk.issuer.production.spec import LateSudden
from greenrisk.issuer.production.targets import ScenarioPaths
from greenrisk.issuer.production.told import Findings

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

HOURS: Final = 8760.0
"""Hours of a year: 365 days of 24 hours."""


def compute_block(
    spec: LateSudden,
    period: Period,
    plans: Plans,
    finances: Finances,
    paths: ScenarioPaths,
    key: Integers,
    carbon: Floats,
    numbers: Assumptions,
) -> LateSuddenResult:
    """Return the result of one block; the parameters are those of a checked study, cut to the block's issuers.

    Every row of ``plans`` must be one that :func:`greenrisk.issuer.production.study.prepare` kept.
    """
    years = np.arange(period.first, period.last + 1)
    shock = period.shock - period.first
    aligned = align(plans, period.first, period.last)
    green, power = paths.green[key], np.isin(plans.sector.astype(str), spec.power_sectors)
    names = ("plan", "target", "baseline", "shock")
    shape = (len(period.pairs), len(plans), years.size)
    quantity = {name: np.empty(shape) for name in names}
    price = {name: np.empty(shape) for name in ("baseline", "shock")}
    found: list[Quantities] = []
    parts: list[Revenues] = []
    below = 0
    for k, pair in enumerate(period.pairs):
        one = _quantities(spec, aligned, paths, key, pair, power, shock, plans)
        both = paths.price[list(pair)][:, key]
        prices = (both[0], shock_price(both[0], both[1], shock))
        for name in names:
            quantity[name][k] = getattr(one, name)
        price["baseline"][k], price["shock"][k] = prices
        parts.append(revenues(one, prices, aligned.emission_factor, green, carbon[k]))
        below += int((parts[-1].build_out < 0.0).sum())
        found.append(one)
    unit, unit_issuer, unit_sector = _units(plans, spec.default_unit)
    valued = _values(
        spec, shock, parts, power, green, plans.issuer, unit, unit_issuer.size, finances, numbers
    )
    terms = np.asarray(spec.terms, dtype=np.int64)
    debt, path = _debts(valued["equity_baseline"], valued["equity_shock"], finances, unit_issuer)
    volatility = finances.volatility[unit_issuer] * numbers.volatility_factor[:, None, None]
    spread = {
        name: _distances(valued[f"equity_{name}"], debt, path, numbers.risk_free_rate, volatility, terms)
        for name in ("baseline", "shock")
    }
    told = _findings(aligned, plans, finances, found, path, spread, below, period) + Findings(
        floored=int(valued["floored"][0]), floored_value=float(valued["floored"][1])
    )
    return LateSuddenResult(
        plans=plans,
        pairs=tuple(pair.name for pair in spec.pairs),
        years=years,
        terms=terms,
        unit=unit,
        unit_issuer=unit_issuer,
        unit_sector=unit_sector,
        quantity=quantity,
        price=price,
        emissions=quantity["shock"] * aligned.emission_factor,
        carbon_price=carbon,
        profit={name: valued[f"profit_{name}"] for name in ("baseline", "shock")},
        value={name: valued[f"value_{name}"] for name in ("baseline", "shock")},
        equity={name: valued[f"equity_{name}"] for name in ("baseline", "shock")},
        debt=debt,
        distance=spread,
        path=path,
        proximity=np.stack([one.proximity for one in found]),
        compensated=np.stack([one.compensated for one in found]),
        falling=np.stack([one.falling for one in found]),
        findings=told,
    )


def _quantities(
    spec: LateSudden,
    aligned: AlignedPlans,
    paths: ScenarioPaths,
    key: Integers,
    pair: tuple[int, int],
    power: Flags,
    shock: int,
    plans: Plans,
) -> Quantities:
    """Quantities of one pair."""
    green = paths.green[key]
    hours = np.where(power, HOURS, 1.0)[:, None]
    start: Floats | None = None
    if spec.green_share == "sector_total":
        groups: dict[tuple[object, ...], int] = {}
        labels = zip(plans.issuer, plans.region, plans.sector, strict=True)
        group = np.array([groups.setdefault(label, len(groups)) for label in labels], dtype=np.int64)
        start = np.bincount(group, weights=aligned.plan[:, 0]).astype(np.float64)[group]
    targets = [target(aligned.plan, paths.share[k][key], green, start) for k in pair]
    factors = [paths.capacity_factor[k][key] * hours for k in pair]
    return quantities(
        aligned.plan,
        aligned.last,
        (targets[0], targets[1]),
        (factors[0], factors[1]),
        shock,
        spec.start_at_nothing,
    )


def _units(plans: Plans, by: str) -> tuple[Integers, Integers, tuple[str, ...]]:
    """Who defaults: the unit of each row, the issuer and the sector of each unit."""
    places: dict[tuple[int, str], int] = {}
    sector = plans.sector if by == "issuer_sector" else np.full(len(plans), "", dtype=object)
    labels = zip(plans.issuer.tolist(), sector.tolist(), strict=True)
    unit = np.array([places.setdefault(label, len(places)) for label in labels], dtype=np.int64)
    issuer = np.array([owner for owner, _ in places], dtype=np.int64)
    return unit, issuer, tuple(name for _, name in places)


def _values(
    spec: LateSudden,
    shock: int,
    parts: list[Revenues],
    power: Flags,
    green: Flags,
    owner: Integers,
    unit: Integers,
    units: int,
    finances: Finances,
    numbers: Assumptions,
) -> dict[str, Floats]:
    """Profits of the first variant, present values by row and equities by unit of all."""
    rows, years = parts[0].baseline.shape
    count, pairs = len(numbers), len(parts)
    out: dict[str, Floats] = {
        f"profit_{name}": np.empty((1, pairs, rows, years)) for name in ("baseline", "shock")
    }
    out |= {f"value_{name}": np.empty((count, pairs, rows)) for name in ("baseline", "shock")}
    out |= {f"equity_{name}": np.empty((count, pairs, units)) for name in ("baseline", "shock")}
    out["floored"] = np.zeros(2)
    for v in range(count):
        whole, after = weights(years, shock, float(numbers.discount_rate[v]), float(numbers.growth_rate[v]))
        margin = finances.net_profit_margin[owner] * numbers.margin_factor[v]
        share = np.where(power, numbers.pass_through_power[v], numbers.pass_through_other[v])
        for k, part in enumerate(parts):
            made = profits(
                part, margin, share, green, float(numbers.carbon_price_factor[v]), spec.floor_profit
            )
            out["floored"] += (
                int((made.floored > 0.0).sum()),
                float(_present(made.floored, whole).sum()) / count,
            )
            for name, profit in (("baseline", made.baseline), ("shock", made.shock)):
                if v == 0:
                    out[f"profit_{name}"][0, k] = profit
                out[f"value_{name}"][v, k] = _present(profit, after)
                out[f"equity_{name}"][v, k] = np.bincount(
                    unit, weights=_present(profit, whole), minlength=units
                )
    return out


def _present(profit: Floats, weight: Floats) -> Floats:
    """Return the present value of each row; summed row by row, so that no bit depends on the size of the block."""
    out: Floats = np.einsum("ry,y->r", profit, weight)
    return out


def _debts(baseline: Floats, shock: Floats, finances: Finances, issuer: Integers) -> tuple[Floats, Integers]:
    """Debt of each unit, and how its default will be found; sectors of an issuer share a told debt by their worth."""
    ratio, told = finances.debt_to_equity[issuer], finances.debt[issuer]
    worth = np.maximum(baseline, 0.0)
    total = np.zeros((finances.debt.size, *baseline.shape[:2]))
    np.add.at(total, issuer, np.moveaxis(worth, -1, 0))
    units = np.bincount(issuer, minlength=finances.debt.size)[issuer]
    whole = np.moveaxis(total, 0, -1)[:, :, issuer]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(whole > 0.0, worth / whole, 1.0 / units)
        debt = np.where(np.isnan(told), worth * ratio, told * share)
    path = np.full(baseline.shape, MERTON, dtype=np.int64)
    path[shock + debt <= 0.0] = ASSETS_GONE
    path[debt == 0.0] = NO_DEBT
    path[(baseline <= 0.0) & np.isnan(told)] = NO_EQUITY
    return debt, path


def _distances(
    equity: Floats, debt: Floats, path: Integers, rate: Floats, volatility: Floats, terms: Integers
) -> Floats:
    """Distance to default by term; minus infinity where the baseline is worth nothing and the debt is not told."""
    found = distance(
        (equity + debt)[..., None],
        debt[..., None],
        rate[:, None, None, None],
        volatility[..., None],
        terms.astype(np.float64),
    )
    found[path == NO_EQUITY] = -np.inf
    return found


def _findings(
    aligned: AlignedPlans,
    plans: Plans,
    finances: Finances,
    found: list[Quantities],
    path: Integers,
    spread: dict[str, Floats],
    below: int,
    period: Period,
) -> Findings:
    """Counts of the block."""
    told = (~np.isnan(plans.production)).sum(axis=1)
    limit = -ndtri(UNDERFLOW)
    modelled = path == MERTON
    small = sum(int((d[modelled] > limit).sum()) for d in spread.values())
    return Findings(
        one_year=int((told == 1).sum()),
        carried=int((aligned.last + period.first < period.shock - 1).sum()),
        over=int(aligned.over.sum()),
        late=int(aligned.late.sum()),
        gaps=aligned.gaps,
        unused=aligned.unused,
        from_nothing=int((aligned.plan[:, 0] == 0.0).sum()),
        negative_margin=int((finances.net_profit_margin[plans.issuer] < 0.0).sum()),
        debts=int((~np.isnan(finances.debt)).sum()),
        closed_baseline=sum(int(one.closed_baseline.sum()) for one in found),
        closed_shock=sum(int(one.closed_shock.sum()) for one in found),
        no_build_out=sum(int((one.no_build_out & ~one.falling).sum()) for one in found),
        below_baseline=below,
        no_debt=int((path == NO_DEBT).sum()),
        no_equity=int((path == NO_EQUITY).sum()),
        assets_gone=int((path == ASSETS_GONE).sum()),
        underflow=small,
        cells=int(2 * path.size * spread["baseline"].shape[-1]),
    )
