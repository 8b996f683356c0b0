# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pandas as pd
import pytest
from shipped_severity import ROOT, cards, constants

from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import read_table
from greenrisk.pollution.severity.laws import physical_cap, severity_laws
from greenrisk.pollution.severity.plausibility_tables import (
    CHINA_ACCIDENTS,
    PHMSA_SEVERITY,
    PLAUSIBILITY_ANCHORS,
)
from greenrisk.pollution.severity.roles import RECORDED_HEADS, SEVERITY_ROLES

Z_90 = 1.6448536269514722


@pytest.mark.parametrize("role", SEVERITY_ROLES)
def test_a_card_has_what_its_role_needs_in_its_units_and_nothing_else(role):
    card, needs = cards()[role], SEVERITY_ROLES[role]
    assert card.use == needs.use
    assert set(card.parameters) == set(needs.parameters)
    assert set(card.constants) == set(needs.constants)
    assert {name: one.unit for name, one in card.parameters.items() if one.unit != "unitless"} == dict(
        needs.units
    )


def test_no_number_of_the_severity_calls_itself_confirmed():
    # the fits are recomputed, but which head a column means is from memory: the weaker of both counts
    for card in cards().values():
        assert {one.status for one in card.parameters.values()} <= {"unconfirmed", "illustrative"}


def fits():
    return read_table(ROOT / "data/phmsa_severity_by_head.csv", PHMSA_SEVERITY, Ledger())


@pytest.mark.parametrize("head", RECORDED_HEADS)
@pytest.mark.parametrize("at", [80, 90])
def test_the_card_repeats_the_fits_and_their_standard_errors(head, at):
    card = cards()["severity"]
    table = fits()
    row = table[(table["head"] == head) & (table["threshold_quantile"] == at / 100)].iloc[0]
    value = {name: card.parameters[f"{head}_{name}"] for name in ("share_positive", "mu", "sigma")}
    value |= {name: card.parameters[f"{head}_{name}_{at}"] for name in ("shape", "scale")}
    columns = {"share_positive": "share_positive", "mu": "lognormal_mu", "sigma": "lognormal_sigma"}
    columns |= {"shape": "gpd_shape", "scale": "gpd_scale_usd"}
    for name, column in columns.items():
        assert value[name].value == row[column]
    for name, error in (
        ("mu", "lognormal_mu_se"),
        ("sigma", "lognormal_sigma_se"),
        ("shape", "gpd_shape_se"),
    ):
        low, high = value[name].ends()
        assert high - low == pytest.approx(2 * Z_90 * row[error], abs=2e-4)
    low, high = value["scale"].ends()
    assert math.log(high / low) == pytest.approx(
        2 * Z_90 * row["gpd_scale_se_usd"] / row["gpd_scale_usd"], rel=1e-3
    )
    for name, column in (("threshold", "threshold_usd"), ("exceedances", "exceedances")):
        assert card.constants[f"{head}_{name}_{at}"] == row[column]
    assert card.constants[f"{head}_positive"] == row["reports_positive"]
    assert card.constants["reports"] == row["reports"]


def test_the_range_of_a_share_reaches_from_the_accidents_of_chemical_sites_past_the_pipelines():
    # all RMP accidents: off-site damage 2.82 %, evacuation 8.90 %, environmental damage 5.44 %
    lows = {"third_party_property": 0.0282, "emergency_response": 0.089, "clean_up": 0.0544}
    for head, low in lows.items():
        assert cards()["severity"].parameters[f"{head}_share_positive"].ends()[0] == low


def test_the_fits_are_confirmed_but_the_meaning_of_their_columns_is_not():
    table = fits()
    assert set(table["fit_status"]) == {"confirmed"}
    assert set(table["meaning_status"]) == set(table["status"]) == {"unconfirmed"}


def test_the_table_repeats_the_reference_table():
    source = ROOT / "../shared/reference/phmsa_severity_by_head.csv"
    if not source.exists():
        pytest.skip("../shared/reference/phmsa_severity_by_head.csv is not here")
    theirs = pd.read_csv(source).replace({"head": {"remediation": "clean_up"}})
    theirs = theirs[theirs["head"].isin(RECORDED_HEADS)].reset_index(drop=True)
    renamed = {"gpd_scale_se": "gpd_scale_se_usd", "maximum": "largest_usd"}
    theirs = theirs.rename(columns=renamed)
    ours = pd.read_csv(ROOT / "data/phmsa_severity_by_head.csv")
    shared = [name for name in ours if name in theirs]
    assert len(shared) == 17
    pd.testing.assert_frame_equal(ours[shared], theirs[shared])


def test_published_losses_of_china_repeat_the_reference_table():
    source = ROOT / "../shared/reference/accidents_china_direct_loss.csv"
    if not source.exists():
        pytest.skip("../shared/reference/accidents_china_direct_loss.csv is not here")
    theirs = pd.read_csv(source)
    theirs = theirs[theirs["direct_loss_cny_10k"].notna()]
    ours = read_table(ROOT / "data/china_accidents_direct_loss.csv", CHINA_ACCIDENTS, Ledger())
    published = sorted((theirs["direct_loss_cny_10k"] * 1e4).round().tolist())
    # one row more: the emergency spending printed as scope of a row without a total
    assert sorted(ours.loc[ours["compared"] != "bound", "direct_loss_cny"].tolist()) == published
    remembered = (theirs.loc[theirs["loss_status"] == "memory", "direct_loss_cny_10k"] * 1e4).round().tolist()
    unconfirmed = ours.loc[ours["status"] == "unconfirmed", "direct_loss_cny"].tolist()
    # and the secondary copy of Tianjin
    assert sorted(unconfirmed) == sorted([*remembered, 6_866_000_000.0])


def test_anchors_say_how_far_they_are_known():
    table = read_table(ROOT / "data/zone_plausibility_anchors.csv", PLAUSIBILITY_ANCHORS, Ledger())
    assert (
        dict(zip(table["anchor"], table["status"], strict=True))["national_mean_direct_loss"] == "confirmed"
    )
    assert set(table["status"]) == {"confirmed", "illustrative"}


def test_off_site_damages_repeat_the_reference_table():
    source = ROOT / "../shared/reference/epa_rmp_severity.csv"
    if not source.exists():
        pytest.skip("../shared/reference/epa_rmp_severity.csv is not here")
    theirs = pd.read_csv(source).query("measure == 'offsite'").drop(columns="measure").reset_index(drop=True)
    ours = pd.read_csv(ROOT / "data/epa_rmp_offsite_damage.csv").drop(columns=["status", "source"])
    amounts = {name: f"{name}_usd" for name in ("p50", "p75", "p90", "p95", "p99", "maximum")}
    pd.testing.assert_frame_equal(ours, theirs.rename(columns=amounts), check_dtype=False)


def test_every_joint_draw_of_the_cards_makes_laws_with_finite_means_under_their_cap():
    rng = np.random.default_rng(4)
    means = []
    for _ in range(60):
        drawn = {role: card.draw(rng.random(len(card.parameters))) for role, card in cards().items()}
        laws = severity_laws(drawn, constants(), physical_cap(drawn))
        means.append(sum(law.expected() for law in laws))
    assert np.isfinite(means).all()
    # the factor of severity alone moves the mean elevenfold between its 5 % and 95 % quantiles, three heads of five
    low, high = np.quantile(means, [0.05, 0.95])
    assert high / low > 5
