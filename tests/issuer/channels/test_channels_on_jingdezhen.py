# SPDX-License-Identifier: Apache-2.0
"""Every channel switched on alone on the synthetic issuers of Jingdezhen: sign, magnitude, conservation.

Magnitudes are computed here from the CSV files with plain arithmetic, not by the channels.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from small_channels import card_values

from greenrisk.core.ledger import Ledger
from greenrisk.core.library import library_root
from greenrisk.core.tables import read_table
from greenrisk.issuer.attribution import Attribution, attribute, statement_measure
from greenrisk.issuer.channels.base import Setting, check_drivers, effects_of
from greenrisk.issuer.channels.liability_loss import owner_losses_from
from greenrisk.issuer.channels.physical_damage import SITE_HAZARDS, site_hazards_from
from greenrisk.issuer.channels.spec import ChannelInputs, ChannelsSpec, build_channels, ledger_entries
from greenrisk.issuer.intake import Intake, intake
from greenrisk.issuer.tables import EMISSIONS, ISSUERS, POLLUTANTS, SHARES, SITES, STATEMENTS, USES

DATA = library_root() / "data"
FILES = {
    "": ISSUERS, "statements_": STATEMENTS, "emissions_": EMISSIONS, "pollutants_": POLLUTANTS, "uses_": USES,
    "shares_": SHARES, "sites_": SITES,
}  # fmt: skip
YEARS = np.arange(2025, 2051)
PRICE, TAX, WATER, ENERGY, DAYS = 500.0, 10.0, 2.0, 1.5, 20.0
ZONE = pd.DataFrame(
    [(y, f"Synthetic Owner {o}", 0.0, 1e6 * y) for y in range(5) for o in "ACHPQ"],
    columns=["year", "owner", "insured_cny", "uninsured_cny"],
)
CHANNELS = ChannelsSpec.model_validate(
    {
        "carbon": {},
        "penalty_shutdown": {
            "penalties": [
                {"fine_million_per_day": 0.1, "days": 30, "start": 2025, "until": 2050, "colours": ["red"]}
            ]
        },
        "physical_damage": {"hazards": "jingdezhen-issuers-hazards-synthetic"},
        "environment_tax": {},
        "emission_right": {},
        "energy_water": {},
        "capital_expenditure": {
            "retrofits": [
                {
                    "name": "denitration",
                    "sectors": ["cement"],
                    "share_of_revenue": 0.05,
                    "year": 2025,
                    "life": 26,
                }
            ]
        },
        "credit_colour": {"steps_down": 1},
        "liability_loss": {"scenarios": "shocks"},
    }
)


def rows(part: str) -> pd.DataFrame:
    """A shipped table as it stands."""
    return pd.read_csv(DATA / f"jingdezhen_issuers_{part}synthetic.csv").set_index("issuer")


@cache
def issuers() -> Intake:
    frames = {
        spec.name: read_table(DATA / f"jingdezhen_issuers_{part}synthetic.csv", spec, Ledger())
        for part, spec in FILES.items()
    }
    return intake(frames)


@cache
def found() -> tuple[Setting, dict[str, Attribution], tuple]:
    path = DATA / "jingdezhen_issuers_hazards_synthetic.csv"
    inputs = ChannelInputs(
        losses=owner_losses_from(ZONE),
        hazards=site_hazards_from(read_table(path, SITE_HAZARDS, Ledger())),
    )
    channels = build_channels(CHANNELS, inputs)
    check_drivers(channels)
    block = issuers().issuers
    shape = (len(block), YEARS.size)
    drivers = {
        name: np.stack([np.full(shape, base), np.full(shape, shock)])[None]
        for name, (base, shock) in {
            "carbon_price": (0.0, PRICE), "tax_multiple": (1.0, TAX), "water_price": (0.0, WATER),
            "energy_price": (1.0, ENERGY), "shutdown_days": (0.0, DAYS), "temperature": (1.5, 1.5),
        }.items()
    }  # fmt: skip
    values = card_values(
        carbon_channel={
            name: 0.0
            for name in ("pass_through", *(f"pass_through_{s}" for s in ("coal_power", "cement", "ceramics")))
        },
        shutdown={"make_up_share": 0.0},
        capital_expenditure={"cost_multiple": 1.0, "rate": 0.0},
        statement_pass={"payout_share": 0.0},
    )
    block_setting = Setting(
        issuers=block, years=YEARS, scenarios=("base", "shock"), baseline=0, drivers=drivers, values=[values],
        draws=np.array([-1]),
    )  # fmt: skip
    parts = attribute(block_setting, channels, statement_measure)
    effects = effects_of(block_setting, channels)
    return block_setting, parts, ledger_entries(channels, effects.told, effects.facts)


def alone(channel: str, what: str = "ebit") -> pd.Series:
    """What a channel alone does in the first year of the shock, by issuer."""
    block, parts, _ = found()
    place = parts[what].channels.index(channel)
    return pd.Series(parts[what].alone[place, 0, 1, :, 0], index=list(block.issuers.ids))


def test_all_issuers_of_the_set_are_in() -> None:
    assert len(issuers().issuers) == len(rows("")) - len(issuers().refused)


def test_carbon_is_the_price_times_what_is_beyond_the_free_allocation() -> None:
    table = rows("emissions_")
    cost = PRICE * (table.scope_1_t - table.free_allocation_t).clip(lower=0) / 1e6
    assert alone("carbon").tolist() == pytest.approx((-cost[alone("carbon").index]).tolist())
    assert alone("carbon").max() <= 0
    assert alone("carbon")["JDZ-CER-1"] == pytest.approx(-500 * 0.268420)


def test_ten_times_the_tax_of_the_first_ceramic_works_by_hand() -> None:
    air = (264453.6 / 0.95 + 319160.1 / 0.95 + 186471.7 / 2.18) * 1.2 * 0.75  # 35 % below the standard
    water = (77070.5 / 1 + 9312.2 / 0.8 + 89608.1 / 4) * 1.4 * 0.75
    assert alone("environment_tax")["JDZ-CER-1"] == pytest.approx(-9 * (air + water) / 1e6)
    assert (alone("environment_tax") < 0).all()


def test_days_of_shutdown_take_their_share_of_the_contribution_and_red_pays_its_fine() -> None:
    table = rows("statements_").query("year == 2024")
    lost = (table.revenue_million - table.variable_cost_million) * DAYS / 365
    fine = (rows("").credit_colour == "red") * 0.1 * 30
    expected = -(lost + fine)
    assert alone("penalty_shutdown").tolist() == pytest.approx(expected[alone("carbon").index].tolist())


def test_dearer_water_of_city_water_and_energy_of_a_cement_works_by_hand() -> None:
    assert alone("energy_water")["JDZ-CEM-1"] == pytest.approx(
        -(1 - 0.7) * (0.5 * (316220 * 620 + 16958762 * 28) + 931971 * WATER) / 1e6  # 0.7 is handed on
    )
    assert (alone("energy_water") < 0).all()


def test_emission_rights_of_a_coal_power_plant_by_hand() -> None:
    cost = (1083.5289 * 5000 + 1234.9209 * 6000 + 15.7032 * 6000) / 5 / 1e6
    assert alone("emission_right")["JDZ-CPW-1"] == pytest.approx(-cost)
    assert (alone("emission_right") < 0).all()


def test_only_cement_builds_denitration() -> None:
    charge = alone("capital_expenditure")
    assert charge["JDZ-CEM-1"] == pytest.approx(-0.05 * 1400 / 26)
    assert (charge[[not name.startswith("JDZ-CEM") for name in charge.index]] == 0).all()


def test_a_grade_down_raises_interest_and_the_bill_of_water_and_power() -> None:
    # JDZ-CHE-3 is blue: yellow adds 0.5 points, 0.3 CNY/m3, 20 CNY/MWh.
    assert alone("credit_colour")["JDZ-CHE-3"] == pytest.approx(-(2072111 * 0.3 + 137924 * 20) / 1e6)
    more = (155.52 + 155.52) * 0.005 - alone("credit_colour")["JDZ-CHE-3"]
    kept = 1 - 11.69 / (61.36 - 14.62)
    assert alone("credit_colour", "net_income")["JDZ-CHE-3"] == pytest.approx(-more * kept)
    red = rows("").query("credit_colour == 'red'").index
    assert (alone("credit_colour", "net_income")[red] == 0).all()


def test_liability_strikes_the_owners_of_the_zone_alone() -> None:
    loss = alone("liability_loss")
    owned = rows("").zone_owner.notna()[loss.index]
    assert (loss[owned] == -2.0).all()  # mean of 0 to 4 million
    assert (loss[~owned] == 0.0).all()


def test_physical_damage_costs_everyone_with_a_site_less_than_the_gross_trapezoid() -> None:
    curves = pd.read_csv(DATA / "jingdezhen_issuers_hazards_synthetic.csv")
    sites = pd.read_csv(DATA / "jingdezhen_issuers_sites_synthetic.csv")
    gross = pd.Series(0.0, index=alone("carbon").index)
    for _, site in sites.iterrows():
        curve = curves[(curves.issuer == site.issuer) & (curves.site == site.site)]
        p, f = 1 / curve.return_period_years.to_numpy(), curve.damage_share.to_numpy()
        gross[site.issuer] += site.value_million * (
            ((p[:-1] - p[1:]) * (f[:-1] + f[1:])).sum() / 2 + p[-1] * f[-1]
        )
    table = rows("statements_").query("year == 2024")
    damage = alone("physical_damage")
    contribution = (table.revenue_million - table.variable_cost_million)[damage.index]
    assert (damage < 0).all()
    assert (-damage <= gross + contribution * 0.05).all()
    assert -damage.sum() > 0.1 * gross.sum()


def test_joint_is_the_parts_and_the_interaction_and_the_baseline_stays_still() -> None:
    _, parts, _ = found()
    for part in parts.values():
        assert part.alone.sum(axis=0) + part.interaction == pytest.approx(part.joint, rel=1e-9, abs=1e-6)
        still = [name for name in part.channels if name != "physical_damage"]
        for name in still:
            assert np.abs(part.alone[part.channels.index(name), 0, 0]).max() < 1e-9, name


def test_the_interaction_is_what_the_closed_days_save_of_all_that_follows_output() -> None:
    """EBIT alone: charges by output fall by the days' share, carbon by more where allowances stay."""
    block, parts, _ = found()
    ebit = parts["ebit"]
    days = effects_of(block, build_channels(CHANNELS, _inputs())).quantity
    closed = 1.0 - np.broadcast_to(days, block.shape)[0, 1, :, 0]
    place = {name: k for k, name in enumerate(ebit.channels)}
    by_output = sum(
        -ebit.alone[place[name], 0, 1, :, 0]
        for name in ("environment_tax", "emission_right", "energy_water", "credit_colour")
    )
    e, f = block.issuers.scope("scope_1"), block.issuers.free_allocation
    carbon = PRICE * (np.maximum(e - f, 0) - np.maximum(e * (1 - closed) - f, 0)) / 1e6
    assert ebit.interaction[0, 1, :, 0] == pytest.approx(closed * by_output + carbon, rel=1e-9, abs=1e-9)


def _inputs() -> ChannelInputs:
    path = DATA / "jingdezhen_issuers_hazards_synthetic.csv"
    return ChannelInputs(
        losses=owner_losses_from(ZONE), hazards=site_hazards_from(read_table(path, SITE_HAZARDS, Ledger()))
    )


def test_what_was_assumed_on_the_way_is_told() -> None:
    subjects = {entry.subject for entry in found()[2]}
    assert {
        "environment_tax: discharges whose tax article 13 lowers",
        "environment_tax: discharges that are not among the largest of their outlet",
        "liability_loss: issuers with plants in the zone",
        "penalty_shutdown: issuers that are fined by the day",
    } <= subjects
