# SPDX-License-Identifier: Apache-2.0
"""The statement of every year: rolled by hand in fractions, and what must hold whatever happens."""

from __future__ import annotations

from fractions import Fraction as F

import numpy as np
import pytest
from small_channels import PASS, card_values, companies, setting

from greenrisk.issuer.channels.base import effects_of
from greenrisk.issuer.channels.capital_expenditure import CapitalExpenditure, CapitalExpenditureSpec, Retrofit
from greenrisk.issuer.channels.demand import Demand, DemandSpec
from greenrisk.issuer.credit.state import state_of
from greenrisk.issuer.statement_pass import pass_entries, rate_fault, roll, value_change

YEARS = tuple(range(2025, 2031))


def rolled(drivers=None, channels=(), values=None, years=YEARS, *changes):
    block = setting(companies(*changes), drivers, years=years, values=values)
    return block, roll(block, effects_of(block, channels))


def line(found, name: str, scenario: int = 0, issuer: int = 0) -> list[float]:
    return found.lines[name][0, scenario, issuer].tolist()


def test_two_years_by_hand() -> None:
    """Demand falls by a fifth: EBIT 200 - 0.2 x 400 = 120; interest 5 % of 800; tax a quarter; half is paid out."""
    _, found = rolled({"demand": (1, 0.8)}, [Demand(DemandSpec())])
    net = (F(120) - 40) * F(3, 4)  # 60
    assert line(found, "ebit", 1)[:2] == pytest.approx([120, 120])
    assert line(found, "interest", 1)[:2] == pytest.approx([40, 40])
    assert line(found, "tax", 1)[:2] == pytest.approx([20, 20])
    assert line(found, "net_income", 1)[:2] == pytest.approx([float(net)] * 2)
    assert line(found, "equity", 1)[:2] == pytest.approx([900 + 30, 900 + 60])
    assert line(found, "cash", 1)[:2] == pytest.approx([130, 160])  # depreciation is spent again
    assert line(found, "assets", 1)[:2] == pytest.approx([2030, 2060])
    assert line(found, "equity", 0)[:2] == pytest.approx([960, 1020])  # (200 - 40) x 3/4 / 2 = 60


def test_a_loss_draws_debt_first_from_cash_then_short_and_pays_interest_on_it() -> None:
    """No sales: EBIT is -200, nothing is taxed, nothing paid out; cash of 100 lasts less than half a year."""
    _, found = rolled({"demand": (1, 0.0)}, [Demand(DemandSpec())])
    debt, cash, equity = F(800), F(100), F(900)
    for year in range(3):
        net = F(-200) - debt * F(5, 100)
        cash += net
        drawn = max(-cash, F(0))
        cash, debt, equity = cash + drawn, debt + drawn, equity + net
        assert line(found, "net_income", 1)[year] == pytest.approx(float(net))
        assert line(found, "debt_short", 1)[year] == pytest.approx(float(debt - 500))
        assert line(found, "cash", 1)[year] == pytest.approx(float(cash))
        assert line(found, "equity", 1)[year] == pytest.approx(float(equity))
    assert line(found, "tax", 1) == [0.0] * 6
    assert min(line(found, "equity", 1)) < 0
    assert found.told["negative_equity"] == sum(value < 0 for value in line(found, "equity", 1))
    assert found.told["negative_ebitda"] == 6
    assert found.told["drawn"] == 6
    assert {entry.subject for entry in pass_entries(found.told)} >= {
        "statement pass: issuer-years with negative equity"
    }
    assert np.isfinite(found.lines["equity"]).all()


def test_new_debt_is_paid_back_before_cash_is_kept() -> None:
    demand = [0.0, 0.0, 1, 1, 1, 1]
    _, found = rolled({"demand": (1, demand)}, [Demand(DemandSpec())])
    short, cash, new = (line(found, name, 1) for name in ("debt_short", "cash", "new_debt"))
    assert new[0] > 0
    assert new[2] < 0
    assert all(k == 0 or d == 300 for k, d in zip(cash, (round(s, 9) for s in short), strict=True))
    assert min(short) >= 300 - 1e-9  # what the statement owes is refinanced, not paid back


@pytest.mark.parametrize("treatment", ["annuity", "debt"])
def test_assets_are_equity_debt_and_other_liabilities_in_every_year(treatment: str) -> None:
    one = Retrofit(name="r", amount_million=150, year=2026, life=3)
    channels = [
        Demand(DemandSpec()),
        CapitalExpenditure(CapitalExpenditureSpec(retrofits=(one,), treatment=treatment)),
    ]
    values = card_values(statement_pass={"real_growth": 0.03})
    _, found = rolled(
        {"demand": (1, [1, 0.2, 0.1, 1.3, 1, 1])}, channels, [values], YEARS, {}, {"equity": -100.0}
    )
    lines = found.lines
    other = lines["assets"] - lines["equity"] - lines["debt_short"] - lines["debt_long"]
    assert other[0, :, 0] == pytest.approx(np.full((2, 6), 300.0), abs=1e-9)
    assert other[0, :, 1] == pytest.approx(np.full((2, 6), 1300.0), abs=1e-9)
    assert lines["liabilities"] == pytest.approx(lines["assets"] - lines["equity"])
    assert (lines["cash"] >= -1e-9).all()
    rest = lines["current_assets"] - lines["cash"]
    assert rest == pytest.approx(np.full_like(rest, 400.0))


def test_plant_bought_with_debt_stands_among_the_assets_and_is_written_off() -> None:
    one = Retrofit(name="r", amount_million=150, year=2026, life=3)
    values = card_values(capital_expenditure={"cost_multiple": 1.0})
    channel = CapitalExpenditure(CapitalExpenditureSpec(retrofits=(one,), treatment="debt"))
    _, found = rolled(None, [channel], [values])
    assert line(found, "debt_long", 1) == pytest.approx([500, 650, 650, 650, 650, 650])
    assert line(found, "depreciation", 1) == pytest.approx([50, 100, 100, 100, 50, 50])
    assert line(found, "interest", 1)[2] == pytest.approx(0.05 * 950)
    plant = np.array(line(found, "assets", 1)) - line(found, "current_assets", 1)
    assert plant.tolist() == pytest.approx([1500, 1600, 1550, 1500, 1500, 1500])


def test_nothing_moves_where_nothing_is_switched_on() -> None:
    _, found = rolled({"demand": (1, 0.5)}, [])
    for name in (
        "revenue",
        "variable_cost",
        "fixed_cost",
        "depreciation",
        "ebit",
        "interest",
        "tax",
        "net_income",
    ):
        value = dict(revenue=1000, variable_cost=600, fixed_cost=150, depreciation=50, ebit=200).get(name)
        if value is not None:
            assert line(found, name, 1) == [value] * 6
    assert found.change.tolist() == np.zeros((1, 2, 1, 6)).tolist()


def test_growth_scales_flows_from_the_year_of_the_statement_on() -> None:
    _, found = rolled(None, [], [card_values(statement_pass={"real_growth": 0.02})])
    assert line(found, "ebit") == pytest.approx([200 * 1.02**k for k in range(1, 7)])
    plant = np.array(line(found, "assets")) - line(found, "current_assets")
    assert plant.tolist() == pytest.approx([1500 * 1.02**k for k in range(1, 7)])


def test_rates_that_the_statement_does_not_tell_come_from_the_card() -> None:
    change = {
        "debt_short": 0.0,
        "debt_long": 0.0,
        "interest": 0.0,
        "tax": 0.0,
        "ebit": -10.0,
        "equity": 1700.0,
    }
    _, found = rolled({"demand": (1, 0.0)}, [Demand(DemandSpec())], None, YEARS, change)
    assert found.told["tax_rate"] == 1
    assert found.told["debt_rate"] == 1
    second = found.lines["interest"][0, 1, 0, 1] / found.lines["debt_short"][0, 1, 0, 0]
    assert second == pytest.approx(PASS["new_debt_rate"])


def test_a_missing_line_makes_its_followers_unknown_and_nothing_else() -> None:
    _, found = rolled(None, [], None, YEARS, {"assets": np.nan}, {})
    assert np.isnan(line(found, "assets", 0, 0)).all()
    assert line(found, "equity", 0, 0) == line(found, "equity", 0, 1)
    _, found = rolled(None, [], None, YEARS, {"ebit": np.nan}, {})
    assert np.isnan(line(found, "equity", 0, 0)).all()
    assert np.isfinite(line(found, "equity", 0, 1)).all()
    assert found.told["unknown"] == 1


def test_lenders_stop_at_a_multiple_of_the_assets_and_the_balance_stands_still() -> None:
    # Nothing is sold: fixed cost 150 and the interest are lost every year, on assets that end at what is not cash.
    years = tuple(range(2025, 2051))
    _, found = rolled({"demand": (1, 0.0)}, [Demand(DemandSpec())], None, years)
    owed, assets = np.array(line(found, "liabilities", 1)), np.array(line(found, "assets", 1))
    at_limit = np.isclose(owed, 1.5 * assets, rtol=1e-12)
    first = int(np.argmax(at_limit))
    assert 0 < first < len(years) - 2
    assert at_limit[first:].all()
    np.testing.assert_allclose(owed[first:], owed[first], rtol=1e-12)
    # Until then lenders pay for all of it: what is owed grows by the loss, cash once used up.
    loss = -np.array(line(found, "net_income", 1))
    used = np.array(line(found, "cash", 1)) == 0.0
    np.testing.assert_allclose(np.diff(owed)[1 : first - 1], loss[2:first], rtol=1e-9)
    assert used[1:].all()
    # The loss of the year goes on to be told, and nothing of it is drawn.
    assert line(found, "new_debt", 1)[first + 1 :] == [0.0] * (len(years) - first - 1)
    assert (np.array(line(found, "net_income", 1))[first + 1 :] < 0).all()
    np.testing.assert_allclose(assets, owed + np.array(line(found, "equity", 1)), rtol=1e-12)
    assert found.told["stopped"] == len(years) - first


def test_the_lenses_take_the_lines_as_they_are() -> None:
    _, found = rolled()
    state = state_of(**found.for_lenses())
    assert state.shape == (1, 2, 1, 6)
    assert state.get("principal")[0, 0, 0, 0] == 300.0


def test_a_lasting_change_is_worth_its_perpetuity_in_every_year() -> None:
    block = setting(companies(), years=YEARS, values=[card_values(statement_pass={"discount_rate": 0.1})])
    value = value_change(np.full((1, 1, 1, 1), -10.0), block)
    assert value == pytest.approx(np.full((1, 2, 1, 6), -10 * 0.75 / 0.1))


def test_a_growing_change_is_worth_gordons_value_and_a_single_one_its_discount() -> None:
    values = card_values(statement_pass={"discount_rate": 0.08, "terminal_growth": 0.02})
    block = setting(companies(), years=YEARS, values=[values])
    growing = np.array([4 * 1.02**k for k in range(6)]).reshape(1, 1, 1, 6)
    assert value_change(growing, block)[0, 0, 0, 0] == pytest.approx(0.75 * 4 * 1.02 / (0.08 - 0.02))
    once = np.array([0, 0, 5.0, 0, 0, 0]).reshape(1, 1, 1, 6)
    assert value_change(once, block)[0, 0, 0].tolist() == pytest.approx(
        [3.75 / 1.08**2, 3.75 / 1.08, 0, 0, 0, 0]
    )


def test_a_loss_saves_tax_only_as_far_as_there_is_something_to_tax() -> None:
    block = setting(companies(), years=YEARS, values=[card_values(statement_pass={"discount_rate": 0.1})])
    change = np.full((1, 1, 1, 1), -10.0)
    # 4 of 10 are earned without the change: a quarter of 4 is saved, of 6 nothing.
    for earned, after in ((4.0, -9.0), (30.0, -7.5), (-2.0, -10.0), (np.nan, -7.5)):
        found = value_change(change, block, np.full((1, 1, 1, 1), earned))
        assert found == pytest.approx(np.full((1, 2, 1, 6), after / 0.1)), earned


def test_a_discount_rate_not_above_the_growth_is_refused() -> None:
    bad = {**PASS, "discount_rate": 0.02, "terminal_growth": 0.02}
    assert rate_fault([PASS]) == ""
    assert rate_fault([PASS, bad]) == "discount_rate = 0.02, terminal_growth = 0.02"
    block = setting(companies(), values=[card_values(statement_pass=bad)])
    with pytest.raises(ValueError, match="above"):
        value_change(np.ones((1, 1, 1, 1)), block)
