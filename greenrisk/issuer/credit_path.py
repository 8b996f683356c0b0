# SPDX-License-Identifier: Apache-2.0
"""From statements of every year to value of the assets, lenses, default probability, loss and spread.

What lives here: the step from the statement pass to the lenses. What does not: the lenses themselves
(:mod:`greenrisk.issuer.credit`), and what channels wrote (:mod:`greenrisk.issuer.statement_pass`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.core.ledger import Ledger
from greenrisk.issuer.channels.base import Setting, slug
from greenrisk.issuer.credit.asset_basis import ASSET_VALUE_ROLE, AssetBasis, asset_basis, sector_volatility
from greenrisk.issuer.credit.lenses import Carried, Lens, Lenses, all_lenses, carried
from greenrisk.issuer.credit.merton import default_point, log_default_probability
from greenrisk.issuer.credit.model_lenses import MertonLens
from greenrisk.issuer.credit.scale import RatingScale
from greenrisk.issuer.credit.state import state_of
from greenrisk.issuer.credit.term_structure import (
    expected_loss,
    hazard_spread,
    log_cumulative_of_path,
    shifted_loss_rate,
    stationary_term,
    zero_coupon_spread,
)
from greenrisk.issuer.statement_pass import Rolled, value_change

Floats = NDArray[np.float64]

VOLATILITY_SECTORS: Final = {
    "coal_power": "power",
    "electric_utilities": "power",
    "electricity_utilities": "power",
    "helicopters": "aircraft",
    "aerospace": "aircraft",
    "oil_gas": "oil_and_gas",
    "oil_and_gas": "oil_and_gas",
    "water_utilities": "water",
}
"""Sector of the card of volatilities for sectors that it does not name, both as :func:`slug` writes them."""

MOST_CERTAIN: Final = 1.0 - 1e-15
"""Above this a probability counts as certain where a hazard rate is asked: none is finite there."""


@dataclass(frozen=True, eq=False)
class CreditPath:
    """What default costs, over (variant, scenario, issuer, year).

    Parameters
    ----------
    asset_value, asset_volatility : array
        [million; 1/sqrt(year)].
    basis : array of int, shape (variant, issuer)
        How the assets were found (:data:`greenrisk.issuer.credit.asset_basis.BASES`).
    lenses : Lenses
        All lenses side by side.
    carried : Carried
        The probability that is carried on: within the twelve months after the end of a year, at the state there.
    grade : array of int
        Grade of that probability on the common scale; -1 where there is none.
    log_cumulative : array
        ln of the probability of default by the end of the year, from the first on.
    loss_rate : array
        Loss given default [1].
    exposure : array
        Debt of the statement, which its holders have lent, as long as it is owed; what is drawn later is somebody
        else's [million].
    expected_loss : array
        By the end of the year, from the statement on: what the exposure loses, each default once [million].
    hazard_spread : array
        Spread that pays for the year's expected loss [1/year]; NaN where default is certain.
    spread : array
        Spread of a bond without coupons from the statement to the year [1/year].
    """

    asset_value: Floats
    asset_volatility: Floats
    basis: NDArray[np.int8]
    lenses: Lenses
    carried: Carried
    grade: NDArray[np.int8]
    log_cumulative: Floats
    loss_rate: Floats
    exposure: Floats
    expected_loss: Floats
    hazard_spread: Floats
    spread: Floats


def volatility_sectors(sectors: Sequence[str]) -> list[str]:
    """Return the names under which the card of volatilities holds sectors.

    Examples
    --------
    >>> volatility_sectors(["coal power", "city investment"])
    ['power', 'city_investment']
    """
    return [VOLATILITY_SECTORS.get(slug(sector), slug(sector)) for sector in sectors]


def credit_path(
    setting: Setting,
    rolled: Rolled,
    lenses: Sequence[Lens],
    scale: RatingScale,
    rate: float,
    seniority: str,
    ledger: Ledger | None = None,
) -> CreditPath:
    """Return assets, lenses, probabilities, losses and spreads.

    Parameters
    ----------
    setting : Setting
        The block.
    rolled : Rolled
        Its statements (:func:`greenrisk.issuer.statement_pass.roll`).
    lenses : sequence of Lens
        The lenses.
    scale : RatingScale
        The common scale.
    rate : float
        Riskless rate [1/year].
    seniority : str
        Parameter of the card of losses.
    ledger : Ledger, optional
        Told how the assets were found, by the base variant.

    Notes
    -----
    The assets of an issuer are found once, from its statement, V_0. In a year t of a scenario s they are
    V_0 + (A_ts - A_0) + W_ts: what the books have kept since, A being their assets, and the present value W of all that
    changes afterwards against the baseline scenario; W is 0 before the scenario is known. Where the books cannot be
    rolled, assets and debt of the statement stand still and W alone moves. The market value of a listed issuer is what
    the assets leave above the debt.

    The loss given default answers to the loss of the assets against the baseline scenario, over what they are worth
    there, or over the debt where that is more, and at most all of it.

    The probability by the end of a year t holds both what may happen to the assets until then, Merton's model from the
    statement to t at the expected assets V_t with leverage that is drawn back to its path, and the yearly probabilities
    on the way (:func:`greenrisk.issuer.credit.term_structure.log_cumulative_of_path`). Each default is counted once, at
    the loss of its year.
    """
    found, shape, at = setting.issuers, setting.shape, setting.baseline
    lines = rolled.for_lenses()
    short, long = (_held(lines[name], setting, found.line(name)) for name in ("debt_short", "debt_long"))
    debt = short + long
    moves = np.array(
        [
            sector_volatility(
                {name: float(value) for name, value in one["asset_volatility"].items()},
                volatility_sectors([found.sectors[k] for k in found.sector]),
                ledger if number == 0 else None,
            )
            for number, one in enumerate(setting.values)
        ]
    )
    over_book = setting.by_sector(ASSET_VALUE_ROLE.key, "value_over_book")[:, 0, :, 0]

    def basis_of(variants: slice, told: Ledger | None) -> AssetBasis:
        return asset_basis(
            debt=found.debt[None, :],
            book_equity=found.line("equity")[None, :],
            sector_volatility=moves[variants],
            over_book=over_book[variants],
            market_value=found.line("market_value")[None, :],
            equity_volatility=found.equity_volatility[None, :],
            rate=rate,
            ledger=told,
        )

    basis = basis_of(slice(None), None)
    if ledger is not None:
        basis_of(slice(0, 1), ledger)
    kept = lines["assets"] - setting.of_issuer(found.line("assets"))
    earned = rolled.lines["ebit"][:, at : at + 1] - setting.of_issuer(found.line("interest"))
    later = value_change(rolled.change - rolled.change[:, at : at + 1], setting, earned)
    later = np.where(setting.known, later, 0.0 * later)
    asset = basis.asset[:, None, :, None] + np.where(np.isnan(kept), 0.0, kept) + later
    gone = asset < 0.0
    asset = np.where(gone, 0.0, asset)
    if ledger is not None and gone[:1].any():
        detail = "What is still to come costs more than the assets are worth: their value is 0, the owners walk away."
        ledger.add("floored", "assets worth less than nothing", detail, int(gone[:1].sum()))
    volatility = np.broadcast_to(basis.volatility[:, None, :, None], shape)
    traded = setting.of_issuer(found.line("market_value")) > 0.0
    market = np.where(traded, np.maximum(asset - debt, 0.0), np.nan)
    moved = {**lines, "debt_short": short, "debt_long": long, "market_value": market}
    state = state_of(**moved, asset_value=asset, asset_volatility=volatility, risk_free_rate=rate)
    said = all_lenses(state, lenses, scale)
    on = carried(state, said)
    base = asset[:, at : at + 1]
    worth = np.maximum(base, debt[:, at : at + 1])
    with np.errstate(divide="ignore", invalid="ignore"):
        # No more than all can be lost.
        lost = np.clip(np.where(worth > 0.0, (base - asset) / worth, 0.0), -1.0, 1.0)
    loss_rate = shifted_loss_rate(
        setting.parameter("recovery", seniority), lost, setting.parameter("recovery", "shock_sensitivity")
    )
    annual = on.annual_probability
    term = (setting.years - setting.years[0] + 1).astype(np.float64)
    strayed = stationary_term(term, setting.parameter(ASSET_VALUE_ROLE.key, "leverage_reversion"))
    diffused = log_default_probability(asset, _owed(lenses, short, long), 0.0, volatility, strayed)
    log_cumulative = log_cumulative_of_path(on.log_annual_probability, diffused)
    certain = annual >= MOST_CERTAIN
    owed = found.owed(setting.years)
    exposure = np.broadcast_to(setting.of_issuer(found.debt) * owed[None, None], shape)
    ends = int((~owed[:, -1]).sum())
    if ledger is not None and ends:
        detail = "From the year after on nothing is at stake (`debt_until`); default goes on to be told."
        ledger.add("assumption", "issuers whose debt ends within the study", detail, ends)
    loss_rate = np.broadcast_to(loss_rate, shape)
    return CreditPath(
        asset_value=asset,
        asset_volatility=volatility,
        basis=basis.basis,
        lenses=said,
        carried=on,
        grade=scale.grade_of(annual),
        log_cumulative=log_cumulative,
        loss_rate=loss_rate,
        exposure=exposure,
        expected_loss=expected_loss(exposure, np.exp(log_cumulative), loss_rate),
        hazard_spread=hazard_spread(np.where(certain, np.nan, annual), 1.0, loss_rate),
        spread=zero_coupon_spread(np.minimum(np.exp(log_cumulative), 1.0), term, loss_rate),
    )


def _owed(lenses: Sequence[Lens], short: Floats, long: Floats) -> Floats:
    """Return the debt that Merton's lens counts."""
    kmv = [one.long_share for one in lenses if isinstance(one, MertonLens) and one.debt == "default_point"]
    return default_point(short, long, kmv[0] if kmv else 1.0)


def _held(values: Floats, setting: Setting, stated: Floats) -> Floats:
    """Return a rolled line; that of the statement where it could not be rolled."""
    return np.where(np.isnan(values), setting.of_issuer(stated), values)
