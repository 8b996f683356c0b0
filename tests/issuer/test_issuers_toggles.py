# SPDX-License-Identifier: Apache-2.0
"""Every channel of the shipped scenario, switched in its YAML: sign for all issuers, conservation.

Magnitudes are in test_issuers_toggles_by_hand.py.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.issuers_by_hand import dearer_debt_by_hand
from tests.studied_issuers import prepared_issuers
from tests.toggled_issuers import ON, alone, parts, run

ABSOLUTE = 1e-9
"""Money that is nothing [million]."""


@pytest.mark.parametrize("channel", [name for name in ON if name != "interest_rates"])
def test_a_cost_lowers_ebit_and_raises_default_of_every_issuer_in_every_scenario_and_year(
    channel: str,
) -> None:
    change, default = alone(channel), alone(channel, "annual_probability")
    assert (change <= ABSOLUTE).all()
    assert (change < -ABSOLUTE).any()
    # In a scenario that warms less than the baseline, damage is less than what lenders reckon with there.
    same = [0, 3] if channel == "physical_damage" else [0, 1, 2, 3]
    assert (default[same] >= -1e-9).all()
    # Whom it hits, and whose default is neither out of sight nor that of a company without earnings, fails more often.
    calm = run().measured["annual_probability"]
    hit = (change < -0.1) & (calm > 1e-6) & (calm < 0.3)
    assert hit[same].sum() > 20
    assert (default[same][hit[same]] > 0.0).all()


def test_a_cooler_world_has_less_damage_than_the_baseline() -> None:
    damage = -alone("physical_damage")
    assert (damage[1, :, -1] < damage[0, :, -1]).all()
    np.testing.assert_allclose(damage[3], damage[0], rtol=1e-12)


def test_dearer_debt_leaves_ebit_alone_and_lowers_net_income_of_all_by_what_it_is_dearer() -> None:
    assert np.abs(alone("interest_rates")).max() <= ABSOLUTE
    income = alone("interest_rates", "net_income")
    for number, issuer in enumerate(run().issuers):
        for place, scenario in ((1, "net-zero-2050"), (2, "delayed")):
            more = dearer_debt_by_hand(issuer, scenario)
            # Tax bears a part of it, at most half.
            assert (
                -max(more, more / 2) - ABSOLUTE <= income[place, number, 0] <= -min(more, more / 2) + ABSOLUTE
            )


def test_with_all_channels_ebit_is_sales_less_cost_less_charges() -> None:
    none, every = run(), run(*ON)
    moved = every.revenue - none.revenue - (every.variable_cost - none.variable_cost) - every.charges
    np.testing.assert_allclose(every.measured["ebit"] - none.measured["ebit"], moved, rtol=1e-9, atol=1e-9)
    assert np.abs(none.charges).max() == 0.0


def test_the_joint_change_is_that_between_all_switched_on_and_all_switched_off() -> None:
    none, every = run(), run(*ON)
    for name, part in parts().items():
        joint = every.measured[name] - none.measured[name]
        np.testing.assert_allclose(part.joint[0], joint, rtol=1e-9, atol=1e-9, err_msg=name)
        whole = part.alone[:, 0].sum(axis=0) + part.interaction[0]
        np.testing.assert_allclose(whole, joint, rtol=1e-9, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("channel", ON)
def test_alone_and_last_in_are_what_the_yaml_switches(channel: str) -> None:
    every = run(*ON)
    without = run(*(name for name in ON if name != channel))
    for name, part in parts().items():
        place = part.channels.index(channel)
        if (
            channel != "interest_rates" or name == "ebit"
        ):  # alone, its pathways hold another part of the shock
            np.testing.assert_allclose(
                part.alone[place, 0], alone(channel, name), rtol=1e-9, atol=1e-9, err_msg=name
            )
        if (
            channel != "physical_damage" or name == "ebit"
        ):  # without it the pathways hold another part of the shock
            last = every.measured[name] - without.measured[name]
            np.testing.assert_allclose(part.last[place, 0], last, rtol=1e-9, atol=1e-9, err_msg=name)


def test_channels_interact_only_where_more_than_one_of_them_moves_what_is_sold() -> None:
    ebit = parts()["ebit"]
    tourism = run().issuers.index("JDZ-TOU-1")
    size = np.abs(ebit.interaction[0]).sum(axis=-1)
    assert size[3].sum() > 0  # days closed save what follows output
    assert size[3, tourism] < 0.05 * np.abs(ebit.joint[0, 3, tourism]).sum()


def test_pollution_losses_are_switched_on_by_a_table_and_cost_the_owners_alone(tmp_path: Path) -> None:
    lines = ["year,owner,insured_cny,uninsured_cny"]
    lines += [f"{year},Synthetic Owner A,0,{year * 1e6}" for year in range(5)]
    (tmp_path / "losses.csv").write_text("\n".join(lines), encoding="utf-8")
    made = prepared_issuers(
        **{f"channels__{name}": "null" for name in ON},
        channels__liability_loss="{}",
        upstream__zone=str(tmp_path / "losses.csv"),
        knowledge__draws="0",
        knowledge__tornado="false",
    )
    setting = made.model.setting(slice(0, len(made.model.issuers)), made.plan.values[:1])
    ebit = made.model.measure(setting, made.model.outcome(setting).effects)["ebit"]
    wanted = np.where(np.array(setting.issuers.ids) == "JDZ-CHE-1", -(0 + 1 + 2 + 3 + 4) / 5, 0.0)
    np.testing.assert_allclose(np.broadcast_to(ebit, setting.shape)[0, 0, :, 0], wanted, atol=1e-12)
