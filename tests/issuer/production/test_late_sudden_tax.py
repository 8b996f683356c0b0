# SPDX-License-Identifier: Apache-2.0
"""The carbon price of the late and sudden transition, recomputed in exact fractions like a spreadsheet, row by row."""

from fractions import Fraction as F

import pandas as pd
import pytest
from small_transition import PAIR, finances, path, plan, relative, transition

from greenrisk.issuer.production.late_sudden import late_sudden

FIRST, SHOCK, LAST = 2022, 2025, 2029
YEARS = range(FIRST, LAST + 1)
PRICE = {2024: F(3), 2026: F(5), 2029: F(11)}


def _table(made, activity, price, emission, margin, share, tax, rate, growth, green=False, sector=None):
    """Profits, values and equities of one plan in fractions.

    ``activity`` and ``price`` are (baseline, target) by years since 2022; ``sector`` is the first activity of
    the sector in the target, for a green technology in a world where the baseline never moves.
    """
    n = len(YEARS)
    plan = [F(x) for x in made] + [F(made[-1])] * (n - len(made))
    base, aim = ([F(f(j)) for j in range(n)] for f in activity)
    wanted = [max(F(0), plan[0] * (1 + (x - aim[0]) / (F(sector) if green else aim[0]))) for x in aim]
    calm = [max(F(0), plan[0] * (1 + (x - base[0]) / base[0])) for x in base]
    told, s = len(made), SHOCK - FIRST
    without = [plan[t] if t < told else plan[told - 1] + calm[t] - calm[told - 1] for t in range(n)]
    falls = wanted[0] > wanted[-1]
    gap = sum(wanted[1:told]) - sum(plan[1:told])
    if (falls and gap < 0) or (not falls and gap > 0):
        after = n - s
        owed = sum(wanted) - sum(without[:s]) - after * without[s - 1]
        step = owed / F(after * (after + 1), 2)
        shocked = without[:s] + [without[s - 1] + k * step for k in range(1, after + 1)]
    else:
        shocked = [plan[t] if t < told else plan[told - 1] + wanted[t] - wanted[told - 1] for t in range(n)]
    for t in range(n):
        shocked[t] = F(0) if shocked[t] <= 0 or (t and shocked[t - 1] == 0) else shocked[t]
    p = [F(price[0](j)) for j in range(n)]
    end = F(price[1](n - 1))
    p2 = [p[j] if j < s else p[s] + (end - p[s]) * F(j - s, n - 1 - s) for j in range(n)]
    built = sum(x - plan[0] for x in plan[:told])
    asked = sum(x - plan[0] for x in wanted[:told])
    near = F(1) if asked == built == 0 else min(F(1), max(F(0), built / asked)) if asked else F(built > 0)
    plain, hit = [], []
    for j in range(n):
        plain.append(without[j] * p[j] * margin)
        profit = shocked[j] * p2[j] * margin
        if not green:
            bill = shocked[j] * (1 - share) * (tax(FIRST + j) if j >= s else F(0)) * emission
            profit = max(F(0), profit - bill)
        if not falls:
            profit -= (shocked[j] - without[j]) * p2[j] * margin * (1 - near)
        hit.append(profit)
    out = {"baseline": plain, "shock": hit, "quantity": shocked}
    for name in ("baseline", "shock"):
        yearly = [x / (1 + rate) ** j for j, x in enumerate(out[name])]
        rest = yearly[-1] * (1 + growth) / (rate - growth)
        out[f"equity_{name}"] = sum(yearly) + rest
        out[f"value_{name}"] = sum(yearly[s:]) + rest
    return out


def _rising(year):
    """Straight between the told years 2024, 2026 and 2029."""
    for a, b in ((2024, 2026), (2026, 2029)):
        if a <= year <= b:
            return PRICE[a] + (PRICE[b] - PRICE[a]) * F(year - a, b - a)
    return None


CASES = {
    "falls, makes up": dict(
        made=(100, 104, 110), aim=lambda j: 200 - 8 * j, kind="carbon", tax="rising", emission=F(1, 10)
    ),
    "falls, closes": dict(
        made=(100, 130, 160), aim=lambda j: 200 - 24 * j, kind="carbon", tax="rising", emission=F(1, 10)
    ),
    "falls, floored": dict(
        made=(100, 101, 102), aim=lambda j: 200 - 4 * j, kind="carbon", tax="rising", emission=F(2)
    ),
    "falls, grows by 5 %": dict(
        made=(100, 90, 80), aim=lambda j: 200 - 2 * j, kind="carbon", tax="level", emission=F(1, 8)
    ),
    "rises and bears carbon": dict(
        made=(100, 101, 103), aim=lambda j: 200 + 6 * j, kind="carbon", tax="rising", emission=F(1, 10)
    ),
    "green bears none": dict(
        made=(100, 101, 103), aim=lambda j: 200 + 9 * j, kind="green", tax="rising", emission=F(5)
    ),
    "one year": dict(made=(100,), aim=lambda j: 200 - 6 * j, kind="carbon", tax="rising", emission=F(1, 10)),
    "one year, rises": dict(
        made=(100,), aim=lambda j: 200 + 6 * j, kind="carbon", tax="rising", emission=F(1, 10)
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_profits_and_values_with_a_carbon_price_are_those_of_the_spreadsheet(name):
    case = CASES[name]
    margin, share, rate, growth = F(1, 10), F(7, 10), F(8, 100), F(2, 100)
    base, dear = (lambda j: 200 + j), (lambda j: 10 + F(j, 4), lambda j: 10 + F(3 * j, 4))
    levels = {"rising": _rising, "level": lambda year: F(4) * F(105, 100) ** (year - SHOCK)}
    expected = _table(
        case["made"],
        (base, case["aim"]),
        dear,
        case["emission"],
        margin,
        share,
        levels[case["tax"]],
        rate,
        growth,
        green=case["kind"] == "green",
        sector=200,
    )
    rows = []
    for scenario, role, activity, price in (
        ("Base", "baseline", base, dear[0]),
        ("Aim", "target", case["aim"], dear[1]),
    ):
        rows += path(
            scenario,
            role,
            "Tech",
            "Works",
            lambda j, f=activity: float(f(j)),
            lambda j, f=price: float(f(j)),
            kind=case["kind"],
            years=YEARS,
        )
    tax = {"path": "rising"} if case["tax"] == "rising" else {"level": 4.0, "growth": 0.05}
    carbon = pd.DataFrame([{"path": "rising", "year": y, "price": float(x)} for y, x in PRICE.items()])
    spec = transition(
        pairs=[{**PAIR, "carbon_tax": tax}],
        shock_year=SHOCK,
        last_year=LAST,
        pass_through_other=0.7,
        discount_rate=0.08,
        growth_rate=0.02,
    )
    plans = pd.DataFrame(plan("firm", "Tech", "Works", case["made"], emission=float(case["emission"])))
    found, ledger = late_sudden(spec, plans, finances(firm=(0.1, 0.5, 0.3)), pd.DataFrame(rows), carbon)
    assert relative(found.quantity["shock"][0, 0], expected["quantity"]) < 1e-12
    for which in ("baseline", "shock"):
        assert relative(found.profit[which][0, 0, 0], expected[which]) < 1e-12
        assert relative(found.value[which][0, 0, 0], expected[f"value_{which}"]) < 1e-12
        assert relative(found.equity[which][0, 0, 0], expected[f"equity_{which}"]) < 1e-12
    floored = [entry for entry in ledger if entry.subject == "production path: yearly profits"]
    closed = [q > 0 and x == 0 for q, x in zip(expected["quantity"], expected["shock"], strict=True)]
    assert sum(entry.count for entry in floored) == sum(closed)
    assert any(closed) or name != "falls, floored"


def test_the_tax_is_counted_from_the_shock_and_grows_from_its_level():
    # 2025 at 50, then 4 % a year: 52 in 2026. One unit of 1 t, nothing handed on, margin 1, price 100.
    rows = path("Base", "baseline", "Tech", "Works", lambda j: 100.0, lambda j: 100.0, years=YEARS)
    rows += path("Aim", "target", "Tech", "Works", lambda j: 100.0, lambda j: 100.0, years=YEARS)
    spec = transition(
        pairs=[{**PAIR, "carbon_tax": {"level": 50.0, "growth": 0.04}}],
        shock_year=SHOCK,
        last_year=LAST,
        pass_through_other=0.0,
    )
    found, _ = late_sudden(
        spec,
        pd.DataFrame(plan("firm", "Tech", "Works", (1.0, 1.0))),
        finances(firm=(1.0, 0.5, 0.3)),
        pd.DataFrame(rows),
    )
    assert found.carbon_price[0].tolist() == pytest.approx([0, 0, 0, 50, 52, 54.08, 56.2432, 58.492928])
    assert found.profit["shock"][0, 0, 0, 2:5].tolist() == pytest.approx([100, 50, 48])
    assert found.emissions[0, 0].tolist() == [1.0] * 8


def test_handing_everything_on_takes_the_tax_away():
    rows = path("Base", "baseline", "Tech", "Works", lambda j: 100.0, lambda j: 100.0, years=YEARS)
    rows += path("Aim", "target", "Tech", "Works", lambda j: 100.0 - j, lambda j: 100.0, years=YEARS)
    plans, money = (
        pd.DataFrame(plan("firm", "Tech", "Works", (1.0, 1.0))),
        finances(firm=(0.1, 0.5, 0.3)),
    )
    found = {}
    for name, tax, share in (
        ("none", None, 0.3),
        ("all", {"level": 9.0}, 1.0),
        ("some", {"level": 9.0}, 0.3),
    ):
        spec = transition(
            pairs=[{**PAIR, "carbon_tax": tax}], shock_year=SHOCK, last_year=LAST, pass_through_other=share
        )
        found[name] = late_sudden(spec, plans, money, pd.DataFrame(rows))[0].value["shock"][0, 0, 0]
    assert found["all"] == found["none"] > found["some"] > 0.0
