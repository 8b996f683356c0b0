# SPDX-License-Identifier: Apache-2.0
"""Assets and volatility: three ways by hand, the order between them, and what the ledger is told."""

import numpy as np
import pytest

from greenrisk.core.cards import read_card
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import find
from greenrisk.issuer.credit.asset_basis import (
    ASSET_VOLATILITY_ROLE,
    BASES,
    SECTORS,
    asset_basis,
    sector_volatility,
)


def test_hulls_traded_firm_is_calibrated():
    # Hull (2018), example 24.3.
    found = asset_basis(
        debt=10.0, book_equity=2.0, sector_volatility=0.3, market_value=3.0, equity_volatility=0.8, rate=0.05
    )
    assert found.asset == pytest.approx(12.40, abs=5e-3)
    assert found.volatility == pytest.approx(0.2123, abs=5e-5)
    assert BASES[int(found.basis)] == "calibrated"


def test_each_issuer_takes_the_best_way_it_has():
    ledger = Ledger()
    found = asset_basis(
        debt=[10.0, 10.0, 10.0, 10.0, np.nan],
        book_equity=[2.0, 2.0, 2.0, -12.0, 2.0],
        sector_volatility=0.3,
        market_value=[3.0, 3.0, 0.0, np.nan, np.nan],
        equity_volatility=[0.8, np.nan, 0.8, np.nan, np.nan],
        rate=0.05,
        ledger=ledger,
    )
    assert found.basis.tolist() == [0, 1, 2, 2, -1]
    assert found.asset[1:4].tolist() == [13.0, 12.0, -2.0]
    assert found.volatility[1:4].tolist() == [0.3, 0.3, 0.3]
    assert np.isnan(found.asset[4])
    assert [(entry.kind, entry.count) for entry in ledger] == [("imputed", 1), ("imputed", 2), ("dropped", 1)]


def test_a_calibration_that_floats_cannot_hold_takes_the_card_and_is_told():
    ledger = Ledger()
    found = asset_basis(
        debt=1e4,
        book_equity=1.0,
        sector_volatility=0.3,
        market_value=1e-13,
        equity_volatility=0.02,
        rate=0.05,
        ledger=ledger,
    )
    assert found.unsolved == 1
    assert BASES[int(found.basis)] == "market"
    assert ledger.to_frame()["kind"].tolist() == ["imputed", "unreliable"]


def test_a_sector_without_a_volatility_takes_that_of_other_and_is_counted():
    ledger = Ledger()
    found = sector_volatility({"other": 0.2, "cement": 0.25}, ["cement", "shipping", "shipping"], ledger)
    assert found.tolist() == [0.25, 0.2, 0.2]
    (entry,) = ledger
    assert entry.count == 2
    assert "shipping" in entry.detail


def test_the_card_fills_its_role():
    card = read_card(find("models", "issuer-asset-volatility-judged"))
    assert card.use == ASSET_VOLATILITY_ROLE.use
    assert set(card.parameters) == {"other", *SECTORS}
    assert {p.unit for p in card.parameters.values()} == {"1/sqrt(year)"}
    assert {p.status for p in card.parameters.values()} == {"illustrative"}


def test_axes_of_scenarios_broadcast():
    found = asset_basis(debt=np.ones((1, 1, 3, 1)), book_equity=np.ones((2, 1, 1, 1)), sector_volatility=0.2)
    assert found.asset.shape == (2, 1, 3, 1)


def test_books_count_for_what_the_card_says_and_market_values_for_themselves():
    found = asset_basis(
        debt=[50.0, 50.0],
        book_equity=[30.0, 30.0],
        sector_volatility=[0.2, 0.2],
        over_book=[0.75, 0.75],
        market_value=[np.nan, 70.0],
    )
    assert found.asset.tolist() == [60.0, 120.0]
