# SPDX-License-Identifier: Apache-2.0
"""US$2010 to yuan of a stated year: both factors explicit and told."""

from __future__ import annotations

import math

import pytest

from greenrisk.core.ledger import Ledger
from greenrisk.pathways.currency import carbon_price_cny, conversion
from greenrisk.pathways.errors import CurrencyError
from greenrisk.pathways.tables import DEFLATORS_AND_RATES, small_table


def test_own_factors_multiply() -> None:
    prices, factors = carbon_price_cny([0.0, 50.0, 152.4], 2030, deflator=1.5, cny_per_usd=7.2)
    assert prices.tolist() == pytest.approx([0.0, 540.0, 1645.92], rel=1e-14)
    assert (factors.status, factors.year) == ("user", 2030)


def test_the_price_level_follows_the_published_changes() -> None:
    """World Bank: +4.566 % in 2021 and +7.129 % in 2022; Federal Reserve: 6.7290 CNY/USD in 2022."""
    before, after = conversion(2020), conversion(2022)
    assert after.deflator / before.deflator == pytest.approx(1.0456598550 * 1.0712948085, abs=1e-4)
    assert after.cny_per_usd == 6.7290
    assert conversion(2010).deflator == 1.0


def test_the_price_level_meets_an_independent_index() -> None:
    """BEA's implicit deflator on 2017 = 100 has 124.163, 124.943, 125.532 and 126.257 in the quarters of 2024."""
    index_2024 = (124.163 + 124.943 + 125.532 + 126.257) / 4 / 100
    assert conversion(2024).deflator / conversion(2017).deflator == pytest.approx(index_2024, rel=5e-3)


def test_both_factors_their_ranges_and_status_are_told() -> None:
    ledger = Ledger()
    factors = conversion(2023)
    factors.tell(ledger)
    line = next(iter(ledger))
    assert line.kind == "parameter"
    assert line.status == "unconfirmed"
    assert f"{factors.deflator:.4f} (US GDP deflator, 2010 to 2023)" in line.detail
    assert "7.0809 CNY/USD" in line.detail
    assert "Deflator unconfirmed, rate confirmed" in line.detail


def test_one_own_factor_keeps_the_other_of_the_table() -> None:
    factors = conversion(2024, cny_per_usd=7.0)
    assert factors.factor == pytest.approx(7.0 * conversion(2024).deflator, rel=1e-15)
    assert factors.rate_range == (7.0, 7.0)
    assert (factors.deflator_status, factors.rate_status) == ("unconfirmed", "user")


def test_draws_of_the_factor_are_lognormal_with_both_spreads() -> None:
    factors = conversion(2024)
    low, middle, high = factors.factor_at([0.05, 0.5, 0.95])
    assert middle == pytest.approx(factors.factor, rel=1e-15)
    widths = [math.log(high / low) for low, high in (factors.deflator_range, factors.rate_range)]
    assert math.log(high / low) == pytest.approx(math.hypot(*widths), rel=1e-12)
    own = conversion(2024, deflator=1.4, cny_per_usd=7.0)
    assert own.factor_at([0.01, 0.99]).tolist() == pytest.approx([9.8, 9.8], rel=1e-14)


@pytest.mark.parametrize("year", [1999, 2035])
def test_a_year_without_factors_is_refused(year: int) -> None:
    with pytest.raises(CurrencyError, match="holds 2010 to 2025"):
        conversion(year)


def test_a_factor_must_be_positive() -> None:
    with pytest.raises(CurrencyError, match="Must be > 0"):
        conversion(2024, deflator=0.0)


def test_every_range_holds_its_value() -> None:
    frame = small_table(DEFLATORS_AND_RATES)
    for low, value, high in (
        ("deflator_low", "us_gdp_deflator_2010_is_1", "deflator_high"),
        ("cny_per_usd_low", "cny_per_usd", "cny_per_usd_high"),
    ):
        assert ((frame[low] <= frame[value]) & (frame[value] <= frame[high])).all()
