# SPDX-License-Identifier: Apache-2.0
"""The cards of an issuer study: which it wants, what each must hold, where the scenario names it."""

from __future__ import annotations

from typing import Final

from greenrisk.core.card_roles import Role, Wanted
from greenrisk.issuer.channels.carbon import PRICE_ROLE
from greenrisk.issuer.channels.spec import wanted_cards as channel_cards
from greenrisk.issuer.credit.asset_basis import ASSET_VALUE_ROLE, ASSET_VOLATILITY_ROLE
from greenrisk.issuer.credit.credit_cycle import CREDIT_CYCLE_ROLE
from greenrisk.issuer.credit.statement_lenses import LENS_BOUNDS_ROLE
from greenrisk.issuer.issuers import IssuersScenario
from greenrisk.issuer.missing import STATEMENTS_ROLE
from greenrisk.issuer.statement_pass import PASS_CARD, PASS_ROLE

SENIORITIES: Final = ("senior_secured", "senior_unsecured", "subordinated")
"""Ranks of debt that the card of losses knows, best first."""

RECOVERY_ROLE: Final = Role("recovery", "issuer.recovery", (*SENIORITIES, "shock_sensitivity"))
"""Card: loss given default by rank [1], and how far a loss of the assets moves its logit [1]."""

PRICE_CARD: Final = Role("carbon_price", "issuer.carbon_price", ("carbon_price_multiple",))
"""Card: multiple of the scenario's carbon price [1]."""

CYCLE: Final = "credit_cycle"
"""Role of the card of how far output moves rating moves."""


def wanted_cards(spec: IssuersScenario) -> dict[str, Wanted]:
    """Return the cards that a scenario needs, by role, in the order of the knowledge runs."""
    wanted: dict[str, Wanted] = {}
    if spec.carbon_price is not None and spec.channels.carbon is not None:
        wanted[PRICE_ROLE] = Wanted(spec.carbon_price, ("carbon_price",), PRICE_CARD)
    wanted |= channel_cards(spec.channels)
    wanted[PASS_ROLE] = Wanted(spec.statement_pass, ("statement_pass",), PASS_CARD)
    credit = spec.credit
    wanted["asset_volatility"] = Wanted(
        credit.asset_volatility, ("credit", "asset_volatility"), ASSET_VOLATILITY_ROLE
    )
    wanted[ASSET_VALUE_ROLE.key] = Wanted(credit.asset_value, ("credit", "asset_value"), ASSET_VALUE_ROLE)
    wanted["recovery"] = Wanted(credit.recovery, ("credit", "recovery"), RECOVERY_ROLE)
    return wanted


def fixed_cards(spec: IssuersScenario) -> dict[str, Wanted]:
    """Return cards that every variant shares: bounds, the credit cycle, and rules that fill statements.

    The credit cycle moves rating moves alone, which draw from its card by themselves (:mod:`greenrisk.issuer.moves`).
    """
    credit = spec.credit
    wanted = {"lens_bounds": Wanted(credit.lens_bounds, ("credit", "lens_bounds"), LENS_BOUNDS_ROLE)}
    if credit.credit_cycle is not None:
        wanted[CYCLE] = Wanted(credit.credit_cycle, ("credit", "credit_cycle"), CREDIT_CYCLE_ROLE)
    if spec.statements.card is not None:
        wanted["statements"] = Wanted(spec.statements.card, ("statements", "card"), STATEMENTS_ROLE)
    return wanted
