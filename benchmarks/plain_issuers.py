# SPDX-License-Identifier: Apache-2.0
"""The late and sudden transition row by row in plain Python and pandas: what one would write first.

It is here to be compared with greenrisk, for speed and for results; it shares no line with it. One plan after the
other, one year after the other, lists and dictionaries, tables in and out by pandas. One pair of scenarios a call;
market share of the technology's own production, default by company and sector, as trisk.model has it. Plans must begin
in the first year and have no gaps.
"""

from __future__ import annotations

import math

import pandas as pd

HOURS = 8760.0


def normal(x: float) -> float:
    """Standard normal distribution function."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def plain_transition(
    plans: pd.DataFrame,
    finances: pd.DataFrame,
    paths: pd.DataFrame,
    baseline: str,
    target: str,
    *,
    level: float,
    growth_of_tax: float,
    shock_year: int = 2030,
    last_year: int = 2050,
    discount: float = 0.09,
    growth: float = 0.03,
    risk_free: float = 0.045,
    handed_on: tuple[float, float] = (0.6, 0.9),
) -> dict[str, pd.DataFrame]:
    """Return trajectories, values and defaults of one pair of scenarios."""
    first_year = int(plans["year"].min())
    years = list(range(first_year, last_year + 1))
    n, s = len(years), shock_year - first_year
    told: dict[tuple, dict[int, tuple]] = {}
    green: dict[tuple, bool] = {}
    for row in paths.itertuples(index=False):
        told.setdefault((row.scenario, row.sector, row.technology), {})[row.year] = (
            row.activity,
            row.price,
            row.capacity_factor,
        )
        green[row.sector, row.technology] = row.kind == "green"
    whole: dict[tuple, float] = {}
    for (scenario, sector, _), by_year in told.items():
        whole[scenario, sector] = whole.get((scenario, sector), 0.0) + by_year[first_year][0]
    money = {row.issuer: row for row in finances.itertuples(index=False)}
    moves, values, equities = [], [], {}
    for (issuer, sector, technology), own in plans.groupby(["issuer", "sector", "technology"], sort=False):
        own = own.sort_values("year")
        made = [row.capacity * row.capacity_factor for row in own.itertuples(index=False)]
        emission = own["emission_factor"].tolist()
        k = len(made)
        emission += emission[-1:] * (n - k)
        hours = HOURS if sector == "Power" else 1.0
        is_green = green[sector, technology]
        wanted, raw = {}, {}
        for scenario in (baseline, target):
            way = told[scenario, sector, technology]
            start = way[first_year][0]
            base = whole[scenario, sector] if is_green else start
            raw[scenario] = [max(0.0, made[0] * (1.0 + (way[y][0] - start) / base)) for y in years]
            wanted[scenario] = [x * way[y][2] * hours for x, y in zip(raw[scenario], years, strict=True)]
        calm, aim = wanted[baseline], wanted[target]
        plan = [
            x * told[baseline, sector, technology][y][2] * hours for x, y in zip(made, years, strict=False)
        ]
        without = [plan[t] if t < k else plan[-1] + calm[t] - calm[k - 1] for t in range(n)]
        falls = aim[0] > aim[-1]
        gap = sum(aim[1:k]) - sum(plan[1:k])
        if (falls and gap < 0.0) or (not falls and gap > 0.0):
            left = n - s
            owed = sum(aim) - sum(without[:s]) - left * without[s - 1]
            step = owed / (left * (left + 1) / 2.0)
            shocked = without[:s] + [without[s - 1] + j * step for j in range(1, left + 1)]
        else:
            shocked = [plan[t] if t < k else plan[-1] + aim[t] - aim[k - 1] for t in range(n)]
        for path in (without, shocked):
            closed = False
            for t in range(n):
                closed = closed or path[t] <= 0.0
                if closed:
                    path[t] = 0.0
        built = sum(x - made[0] for x in made)
        asked = sum(x - made[0] for x in raw[target][:k])
        near = min(1.0, max(0.0, built / asked)) if asked else float(built >= 0.0)
        firm = money[issuer]
        share = handed_on[sector != "Power"]
        price = [told[baseline, sector, technology][y][1] for y in years]
        last_price = told[target, sector, technology][last_year][1]
        sums = {"value_baseline": 0.0, "value_shock": 0.0, "equity_baseline": 0.0, "equity_shock": 0.0}
        for t, year in enumerate(years):
            turned = price[t]
            tax = 0.0
            if t >= s:
                turned = price[s] + (last_price - price[s]) * (t - s) / (n - 1 - s)
                tax = level * (1.0 + growth_of_tax) ** (t - s)
            plain = without[t] * price[t] * firm.net_profit_margin
            hit = shocked[t] * turned * firm.net_profit_margin
            if not is_green:
                hit = max(0.0, hit - shocked[t] * (1.0 - share) * tax * emission[t])
            if not falls:
                hit -= (shocked[t] - without[t]) * turned * firm.net_profit_margin * (1.0 - near)
            worth = (1.0 + discount) ** -t
            if t == n - 1:
                worth *= 1.0 + (1.0 + growth) / (discount - growth)
            for name, profit in (("baseline", plain), ("shock", hit)):
                sums[f"equity_{name}"] += profit * worth
                if t >= s:
                    sums[f"value_{name}"] += profit * worth
            moves.append((issuer, sector, technology, year, without[t], shocked[t], turned, plain, hit))
        values.append((issuer, sector, technology, sums["value_baseline"], sums["value_shock"]))
        before = equities.setdefault((issuer, sector), [0.0, 0.0])
        before[0] += sums["equity_baseline"]
        before[1] += sums["equity_shock"]
    defaults = []
    for (issuer, sector), (calm_equity, hit_equity) in equities.items():
        firm = money[issuer]
        debt = calm_equity * firm.debt_to_equity
        for term in range(1, n + 1):
            spread = firm.volatility * math.sqrt(term)
            found = []
            for equity in (calm_equity, hit_equity):
                if debt <= 0.0:
                    found.append(1.0 if calm_equity <= 0.0 else 0.0)
                elif equity + debt <= 0.0:
                    found.append(1.0)
                else:
                    over = math.log((equity + debt) / debt) + (risk_free - 0.5 * firm.volatility**2) * term
                    found.append(normal(-over / spread))
            defaults.append((issuer, sector, term, *found))
    keys = ["issuer", "sector", "technology"]
    names = ["production_baseline", "production_shock", "price_shock", "profit_baseline", "profit_shock"]
    return {
        "trajectories": pd.DataFrame(moves, columns=[*keys, "year", *names]),
        "values": pd.DataFrame(values, columns=[*keys, "value_baseline", "value_shock"]),
        "defaults": pd.DataFrame(
            defaults,
            columns=[
                *keys[:2],
                "term",
                "probability_of_default_baseline",
                "probability_of_default_shock",
            ],
        ),
    }
