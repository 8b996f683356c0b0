# SPDX-License-Identifier: Apache-2.0
"""Pollution losses drawn jointly over owners, and natural hazards at sites."""

from __future__ import annotations

from fractions import Fraction as F

import numpy as np
import pandas as pd
import pytest
from small_channels import card_values, companies, setting

from greenrisk.core.errors import TableError
from greenrisk.issuer.channels.base import effects_of
from greenrisk.issuer.channels.liability_loss import (
    LiabilityLoss,
    LiabilityLossSpec,
    owner_losses_from,
    zone_years,
)
from greenrisk.issuer.channels.penalty_shutdown import PenaltyShutdown, PenaltyShutdownSpec
from greenrisk.issuer.channels.physical_damage import (
    PhysicalDamage,
    PhysicalDamageSpec,
    expected,
    site_hazards_from,
)

ZONE = pd.DataFrame(
    [
        (y, o, 0.0, v)
        for y, both in enumerate([(0, 0), (1e6, 10e6), (2e6, 20e6), (5e6, 50e6)])
        for o, v in zip("XY", both, strict=True)
    ],
    columns=["year", "owner", "insured_cny", "uninsured_cny"],
)
OWNERS = companies({"zone_owner": "Y"}, {"zone_owner": "X"}, {}, {"zone_owner": "gone"})


def liability() -> LiabilityLoss:
    return LiabilityLoss(LiabilityLossSpec(), owner_losses_from(ZONE))


def losses(draws, years=(2025, 2026, 2027), seed=7, issuers=OWNERS):
    block = setting(issuers, values=[card_values()] * len(draws), draws=draws, years=years, seed=seed)
    effects = effects_of(block, [liability()])
    return np.broadcast_to(effects.get("liability_loss"), block.shape), effects


def test_the_base_case_takes_the_mean_of_the_zones_years() -> None:
    found, effects = losses([-1])
    assert found[0, 0, :, 0].tolist() == pytest.approx([20.0, 2.0, 0.0, 0.0])  # 80/4 and 8/4 million
    assert (found == found[:, :, :, :1]).all()
    assert effects.told["liability_loss", "owners"] == 2
    assert effects.told["liability_loss", "unknown_owner"] == 1


def test_a_draw_gives_all_owners_and_scenarios_the_same_year_of_the_zone() -> None:
    found, _ = losses([0, 1, 2])
    assert found[:, :, 0] == pytest.approx(
        10 * found[:, :, 1]
    )  # Y loses ten times X in every year of the zone
    assert (found[:, 0] == found[:, 1]).all()
    assert len(np.unique(found[:, 0, 1])) > 1


def test_a_draw_does_not_depend_on_its_chunk_or_block() -> None:
    whole, _ = losses([0, 1, 2, 3])
    part, _ = losses([2, 3], issuers=companies({"zone_owner": "X"}))
    assert (part[:, 0, 0] == whole[2:, 0, 1]).all()


def test_draws_come_back_to_the_mean_of_the_zone() -> None:
    years = zone_years(3, np.arange(4000), 2, 4)
    mean = np.array([0, 1, 2, 5.0])
    drawn = mean[years]
    error = mean.std() / np.sqrt(drawn.size)
    assert abs(drawn.mean() - 2.0) < 4 * error
    assert (zone_years(3, np.array([-1]), 2, 4) == -1).all()


def test_a_zone_whose_years_have_gaps_or_doubles_is_refused() -> None:
    broken = pd.concat([ZONE.iloc[1:], ZONE.iloc[[3]]])
    with pytest.raises(
        TableError, match=r"(?s)year 1, Y: told twice, 1 in all.*year 0, X: missing, 1 in all"
    ):
        owner_losses_from(broken)


CURVE = pd.DataFrame(
    [("A", "s", "flood", t, f, d) for t, f, d in ((10, 0.0, 0.0), (100, 0.2, 20.0), (500, 0.5, 60.0))],
    columns=["issuer", "site", "peril", "return_period_years", "damage_share", "downtime_days"],
)
SITE = ((0, "s", 400.0, 0.5, 0.8, 30.0),)  # value 400, half of the contribution, 80 % insured above 30
SURE = {"damage_multiple": 1.0, "growth_per_kelvin": 0.2}


def yearly(zero: F, one: F, two: F) -> F:
    """Trapezoid over 1/10, 1/100, 1/500, and the rarest beyond."""
    return (
        (F(1, 10) - F(1, 100)) * (zero + one) / 2
        + (F(1, 100) - F(1, 500)) * (one + two) / 2
        + F(1, 500) * two
    )


RETAINED = yearly(F(0), 80 - F(8, 10) * 50, 200 - F(8, 10) * 170)  # 0, 40, 64
DAYS = yearly(F(0), F(20), F(60)) / 2


def physical(**more) -> PhysicalDamage:
    return PhysicalDamage(PhysicalDamageSpec(hazards="mine.csv", **more), site_hazards_from(CURVE))


def test_damage_is_the_trapezoid_net_of_insurance_and_grows_with_warming() -> None:
    issuers = companies(sites=SITE)
    block = setting(
        issuers, {"temperature": ([1.5, 1.5], [1.5, 2.0])}, values=[card_values(physical_damage=SURE)]
    )
    effects = effects_of(block, [physical()])
    damage = np.broadcast_to(effects.get("damage"), block.shape)
    assert damage[0, 0, 0].tolist() == pytest.approx([float(RETAINED)] * 2, rel=1e-13)
    assert damage[0, 1, 0].tolist() == pytest.approx([float(RETAINED), float(RETAINED) * 1.1], rel=1e-13)
    assert np.broadcast_to(effects.get("closed_days"), block.shape)[0, 1, 0].tolist() == pytest.approx(
        [float(DAYS), float(DAYS) * 1.1], rel=1e-13
    )
    assert float(expected(np.array([10.0, 100.0, 500.0]), np.array([0.0, 40.0, 64.0]))) == pytest.approx(
        float(RETAINED)
    )


def test_insured_interruption_closes_the_site_and_loses_nothing() -> None:
    block = setting(companies(sites=SITE), values=[card_values(physical_damage=SURE)])
    effects = effects_of(block, [physical(interruption_insured_share=1.0)])
    assert effects.get("closed_days").max() > 0
    assert effects.quantity.min() == 1.0


def test_a_site_without_a_curve_suffers_nothing_and_is_told() -> None:
    sites = (*SITE, (0, "other", 100.0, 0.5, 0.0, 0.0))
    block = setting(companies(sites=sites), values=[card_values(physical_damage=SURE)])
    effects = effects_of(block, [physical()])
    assert effects.get("damage")[0, 0, 0, 0] == pytest.approx(float(RETAINED))
    assert effects.told["physical_damage", "without_curve"] == 1


def test_a_rarer_event_cannot_do_less_and_no_period_stands_twice() -> None:
    frame = CURVE.assign(damage_share=[0.3, 0.2, 0.5], return_period_years=[10, 100, 100])
    with pytest.raises(
        TableError, match=r"(?s):4  s, flood: return_period_years = 100.*:3  s, flood: damage_share = 0.2"
    ):
        site_hazards_from(frame, "mine.csv")


def test_shutdown_and_interruption_together_are_at_most_a_year() -> None:
    block = setting(
        companies(sites=SITE),
        {"shutdown_days": (0, 365)},
        values=[card_values(physical_damage=SURE, shutdown={"make_up_share": 0.0})],
    )
    effects = effects_of(block, [PenaltyShutdown(PenaltyShutdownSpec()), physical()])
    assert effects.get("closed_days")[0, 1, 0, 0] > 365
    assert effects.quantity[0, 1, 0, 0] == pytest.approx(0.0, abs=1e-15)
    assert effects.quantity[0, 0, 0, 0] == pytest.approx(1 - float(DAYS) / 365)
    assert effects.told["closing", "over_a_year"] == 2
