# SPDX-License-Identifier: Apache-2.0
"""Channels that charge: tax multiple, rights, energy and water, retrofits, fines, colours; each by hand."""

from __future__ import annotations

from fractions import Fraction as F

import numpy as np
import pytest
from pydantic import ValidationError
from small_channels import card_values, companies, setting

from greenrisk.issuer.channels.base import effects_of
from greenrisk.issuer.channels.capital_expenditure import (
    CapitalExpenditure,
    CapitalExpenditureSpec,
    Retrofit,
    annuity,
)
from greenrisk.issuer.channels.credit_colour import CreditColour, CreditColourSpec
from greenrisk.issuer.channels.demand import Demand, DemandSpec
from greenrisk.issuer.channels.emission_right import EmissionRight, EmissionRightSpec
from greenrisk.issuer.channels.energy_water import EnergyWater, EnergyWaterSpec
from greenrisk.issuer.channels.environment_tax import EnvironmentTax, EnvironmentTaxSpec, ProvinceRates
from greenrisk.issuer.channels.penalty_shutdown import DailyPenalty, PenaltyShutdown, PenaltyShutdownSpec
from greenrisk.issuer.income import income_of

AIR = ((0, "a", "air", "SO2", 9_500_000.0, np.nan), (0, "a", "air", "NOx", 4_750_000.0, 0.4))
TODAY = F(10_000_000) * F("1.2") / 10**6 + F(5_000_000) * F("1.2") * F(3, 4) / 10**6  # 12 + 4.5 million


def written(channels, block, line: str, scenario: int = 1) -> np.ndarray:
    """A line of the base variant, (issuer, year)."""
    return np.broadcast_to(effects_of(block, channels).get(line), block.shape)[0, scenario]


def test_ten_times_the_tax_adds_nine_times_todays() -> None:
    block = setting(companies(pollutants=AIR), {"tax_multiple": (1, 10)})
    channel = EnvironmentTax(EnvironmentTaxSpec())
    assert written([channel], block, "environment_tax", 0).tolist() == [[0.0, 0.0]]
    assert written([channel], block, "environment_tax")[0] == pytest.approx([float(9 * TODAY)] * 2)
    assert channel.today(block) == pytest.approx([float(TODAY)])
    effects = effects_of(block, [channel])
    assert effects.told["environment_tax", "reduced"] == 1
    assert effects.told["environment_tax", "above_law"] == 0  # 12 CNY is the law's highest


def test_more_than_ten_times_is_above_what_the_law_allows_today() -> None:
    block = setting(companies(pollutants=AIR), {"tax_multiple": (1, 11)})
    assert effects_of(block, [EnvironmentTax(EnvironmentTaxSpec())]).told["environment_tax", "above_law"] == 2


def test_a_statement_without_tax_pays_all_of_it_and_the_tax_falls_with_output() -> None:
    block = setting(companies(pollutants=AIR), {"tax_multiple": (1, 2), "demand": (1, 0.5)})
    channels = [Demand(DemandSpec()), EnvironmentTax(EnvironmentTaxSpec(multiple_paid=0.0))]
    assert written(channels, block, "environment_tax", 0)[0] == pytest.approx([float(TODAY)] * 2)
    assert written(channels, block, "environment_tax")[0] == pytest.approx([float(TODAY)] * 2)  # 2 x 1/2


def test_rates_of_another_province_are_the_laws_lowest_or_the_users() -> None:
    issuers = companies({"province": "Hebei"}, pollutants=AIR[:1])
    block = setting(issuers, {"tax_multiple": (1, 2)})
    effects = effects_of(block, [EnvironmentTax(EnvironmentTaxSpec())])
    assert effects.get("environment_tax")[0, 1, 0, 0] == pytest.approx(12.0)
    assert effects.told["environment_tax", "province"] == 1
    spec = EnvironmentTaxSpec(provinces={"Hebei": ProvinceRates(air=9.6)})
    block = setting(issuers, {"tax_multiple": (1, 2)})
    effects = effects_of(block, [EnvironmentTax(spec)])
    assert effects.get("environment_tax")[0, 1, 0, 0] == pytest.approx(96.0)
    assert effects.told["environment_tax", "province"] == 0


def test_emission_rights_are_spread_over_their_years_in_the_shocks_alone() -> None:
    values = card_values(emission_right={"price_so2": 5000, "price_nox": 6000, "years": 5})
    block = setting(companies(pollutants=AIR), values=[values])
    channel = EmissionRight(EmissionRightSpec(start=2026, share_bought=0.5))
    expected = (F(9500) * 5000 + F(4750) * 6000) / 5 / 10**6 / 2
    assert written([channel], block, "emission_right_cost")[0] == pytest.approx([0.0, float(expected)])
    assert written([channel], block, "emission_right_cost", 0).max(initial=0) == 0.0


def test_dearer_energy_and_water_raise_the_variable_cost_of_what_is_made() -> None:
    values = card_values(
        energy_prices={"electricity_price": 600, "fuel_price": 40, "cost_pass_through": 0.25}
    )
    issuers = companies({"electricity": 100_000, "fuel": 1_000_000, "water": 5_000_000})
    block = setting(
        issuers, {"energy_price": (1, 1.5), "water_price": (0, 2), "demand": (1, 0.9)}, values=[values]
    )
    effects = effects_of(block, [Demand(DemandSpec()), EnergyWater(EnergyWaterSpec())])
    more = (100_000 * 600 + 1_000_000 * 40) / 1e6 * 0.5 + 5 * 2  # 50 + 10
    assert effects.get("input_cost")[0, 1, 0].tolist() == pytest.approx([more, more])
    assert income_of(block, effects).variable_cost[0, 1, 0, 0] == pytest.approx((600 + more) * 0.9)
    # A quarter of it stands in the price of what is still sold; demand does not answer.
    assert effects.get("price")[0, 1, 0, 0] == pytest.approx(1 + 0.25 * more / 1000)
    assert effects.quantity[0, 1, 0, 0] == pytest.approx(0.9)
    change = -0.1 * 400 - 0.9 * more + 0.25 * 0.9 * more
    assert income_of(block, effects).change[0, 1, 0, 0] == pytest.approx(change)


def test_a_use_that_is_not_told_harms_only_where_its_price_moves() -> None:
    block = setting(companies({"water": np.nan, "fuel": 1e6}), {"energy_price": (1, 1.5)})
    effects = effects_of(block, [EnergyWater(EnergyWaterSpec())])
    assert effects.get("input_cost")[0, 1, 0, 0] > 0
    assert effects.told["energy_water", "unknown"] == 1
    block = setting(companies({"water": np.nan}), {"water_price": (0, 1)})
    assert np.isnan(effects_of(block, [EnergyWater(EnergyWaterSpec())]).get("input_cost")[0, 1, 0, 0])


def test_the_annuity_repays_a_loan_exactly() -> None:
    paid, owed = float(annuity(np.array(0.06), 15)), 1.0
    for _ in range(15):
        owed = owed * 1.06 - paid
    assert owed == pytest.approx(0.0, abs=1e-13)
    assert float(annuity(np.array(0.0), 4)) == 0.25


def test_a_retrofit_is_charged_to_those_who_must_build_it_for_as_long_as_it_lasts() -> None:
    values = card_values(capital_expenditure={"cost_multiple": 1.2, "rate": 0.0})
    issuers = companies({"sector": "cement"}, {"sector": "water"})
    one = Retrofit(
        name="denitration", sectors=("cement",), share_of_revenue=0.1, year=2026, life=2, renewed=False
    )
    block = setting(issuers, values=[values], years=range(2025, 2030))
    channel = CapitalExpenditure(CapitalExpenditureSpec(retrofits=(one,)))
    charge = written([channel], block, "capital_charge")
    assert charge[0].tolist() == pytest.approx([0, 60, 60, 0, 0])  # 0.1 x 1000 x 1.2 over two years
    assert charge[1].tolist() == [0.0] * 5
    bought = CapitalExpenditure(CapitalExpenditureSpec(retrofits=(one,), treatment="debt"))
    assert written([bought], block, "capital_expenditure")[0].tolist() == pytest.approx([0, 120, 0, 0, 0])
    assert written([bought], block, "new_depreciation")[0].tolist() == pytest.approx([0, 60, 60, 0, 0])


def test_a_retrofit_that_the_rule_asks_for_is_built_again_when_it_is_worn_out() -> None:
    values = card_values(capital_expenditure={"cost_multiple": 1.2, "rate": 0.0})
    one = Retrofit(name="denitration", share_of_revenue=0.1, year=2026, life=2)
    block = setting(companies(), values=[values], years=range(2025, 2030))
    hired = CapitalExpenditure(CapitalExpenditureSpec(retrofits=(one,)))
    assert written([hired], block, "capital_charge")[0].tolist() == pytest.approx([0, 60, 60, 60, 60])
    bought = CapitalExpenditure(CapitalExpenditureSpec(retrofits=(one,), treatment="debt"))
    assert written([bought], block, "capital_expenditure")[0].tolist() == pytest.approx([0, 120, 0, 0, 0])


def test_a_retrofit_needs_one_of_share_and_amount() -> None:
    with pytest.raises(ValidationError, match="Give either"):
        Retrofit(name="x", year=2026, share_of_revenue=0.1, amount_million=5)


def test_a_retrofit_after_the_study_costs_nothing_and_is_told() -> None:
    one = Retrofit(name="late", amount_million=10, year=2060)
    effects = effects_of(setting(companies()), [CapitalExpenditure(CapitalExpenditureSpec(retrofits=(one,)))])
    assert effects.get("capital_charge").max() == 0.0
    assert effects.facts["capital_expenditure", "too_late"] == 1


def test_a_daily_fine_is_due_for_every_day_and_only_for_the_named_colour() -> None:
    fine = DailyPenalty(fine_million_per_day=0.1, days=30, start=2026, colours=("red",))
    block = setting(companies({"colour": "red"}, {"colour": "blue"}))
    channel = PenaltyShutdown(PenaltyShutdownSpec(penalties=(fine,)))
    assert written([channel], block, "penalty").tolist() == [[0.0, pytest.approx(3.0)], [0.0, 0.0]]
    assert written([channel], block, "penalty", 0).max() == 0.0


COLOURS = {
    "lending_green": -0.002, "lending_yellow": 0.005, "lending_red": 0.015,
    "water_green": 0.0, "water_yellow": 0.3, "water_red": 0.6,
    "electricity_green": 0.0, "electricity_yellow": 20.0, "electricity_red": 100.0,
}  # fmt: skip


def test_a_fall_in_colour_costs_the_difference_to_todays() -> None:
    issuers = companies(
        {"colour": "green", "water": 1e6, "electricity": 1e5},
        {"colour": "red"},
        {"water": 1e6},
        {"colour": "blue"},
    )
    block = setting(issuers, values=[card_values(credit_colour=COLOURS)])
    channel = CreditColour(CreditColourSpec(steps_down=2, start=2026, colours={"D": "red"}))
    rate = written([channel], block, "lending_rate")
    assert rate[0].tolist() == pytest.approx([0.0, 0.005 + 0.002])  # green to yellow
    assert rate[1].tolist() == [0.0, 0.0]  # red stays red
    assert rate[2].tolist() == [0.0, 0.0]  # not assessed
    assert rate[3].tolist() == pytest.approx([0.0, 0.015])  # told
    assert written([channel], block, "lending_rate", 0).max() == 0.0
    surcharge = written([channel], block, "utility_surcharge")
    assert surcharge[0].tolist() == pytest.approx([0.0, (1e6 * 0.3 + 1e5 * 20) / 1e6])


def test_a_statement_that_does_not_hold_the_colour_pays_it_from_the_first_year_in_all_scenarios() -> None:
    block = setting(companies({"colour": "red"}), values=[card_values(credit_colour=COLOURS)])
    channel = CreditColour(CreditColourSpec(in_statement=False))
    for scenario in (0, 1):
        assert written([channel], block, "lending_rate", scenario)[0] == pytest.approx([0.015, 0.015])


def test_sales_follow_gross_domestic_product_by_its_elasticity() -> None:
    values = card_values(demand_channel={"income_elasticity": 1.5})
    block = setting(companies(), {"demand": (1, 0.9), "gdp_deviation": (-1, -4)}, values=[values])
    volume = written([Demand(DemandSpec(gross_domestic_product=True))], block, "volume")
    assert volume[0].tolist() == pytest.approx([0.9 * (1 - 0.06)] * 2)
    assert written([Demand(DemandSpec())], block, "volume")[0].tolist() == pytest.approx([0.9] * 2)


def test_lost_days_lose_the_contribution_that_is_not_made_up() -> None:
    block = setting(
        companies(), {"shutdown_days": (0, 36.5)}, values=[card_values(shutdown={"make_up_share": 0.25})]
    )
    effects = effects_of(block, [PenaltyShutdown(PenaltyShutdownSpec())])
    # (R - VC)/365 x d x (1 - make-up) = 400 x 0.1 x 0.75
    assert income_of(block, effects).change[0, 1, 0, 0] == pytest.approx(-30.0)


def test_a_foreign_currency_is_converted_once() -> None:
    block = setting(companies(pollutants=AIR), {"tax_multiple": (1, 2)}, per_cny=0.14)
    assert written([EnvironmentTax(EnvironmentTaxSpec())], block, "environment_tax")[0] == pytest.approx(
        [float(TODAY) * 0.14] * 2
    )
