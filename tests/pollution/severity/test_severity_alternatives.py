# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest
from shipped_severity import constants, values

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.actuarial.severity.quadrature import limited_by_quadrature
from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.severity.alternatives import alternative_laws, severity_alternatives
from greenrisk.pollution.severity.heads import HEADS

CAPS = {"physical": 1.03e9, "asset": 1.0e8, "policy": 1.0e7}
LOADINGS = Loadings(expenses=0.2, commission=0.1)


def group(accidents=0.4, **changed):
    return severity_alternatives(values(**changed), constants(), CAPS, accidents, LOADINGS)


def test_both_thresholds_and_three_caps_are_there_with_their_shapes():
    data = group()
    assert dict(data.sizes) == {"threshold": 2, "cap": 3, "head": 5}
    # the shape of third-party property moves from 1.34 to 0.45
    assert data["tail_shape"].sel(head="third_party_property").values == pytest.approx([1.3385, 0.4468])
    assert data["mean_is_infinite"].sum().item() == 3
    assert np.isnan(data["tail_shape"].sel(head="legal_cost")).all()
    assert data.attrs["chosen_threshold"] == "p80"
    assert all(data[name].attrs["units"] for name in data.data_vars)


def test_each_expected_loss_equals_the_quadrature_of_its_law():
    data = group()
    for (threshold, kind), laws in alternative_laws(values(), constants(), CAPS).items():
        for law in laws:
            wanted = law.share_positive * float(limited_by_quadrature(law.law, np.array(math.inf)).value)
            ours = data["expected_loss"].sel(threshold=threshold, cap=kind, head=law.head).item()
            assert ours == pytest.approx(wanted, rel=1e-8)


def test_premiums_are_accidents_times_losses_over_what_the_ratios_leave():
    data = group(0.4)
    pure = 0.4 * data["expected_loss"]
    assert np.allclose(data["pure_premium"], pure, rtol=1e-12)
    assert np.allclose(data["premium_before_terms"], pure.sum("head") / 0.7, rtol=1e-12)
    assert np.allclose(group(0.8)["pure_premium"], 2 * data["pure_premium"], rtol=1e-12)


def test_a_lower_cap_costs_less_and_the_cap_moves_the_head_without_a_mean_most():
    data = group()["expected_loss"]
    assert (data.sel(cap="policy") < data.sel(cap="asset")).all()
    assert (data.sel(cap="asset") <= data.sel(cap="physical")).all()
    ratio = data.sel(cap="physical", threshold="p80") / data.sel(cap="policy", threshold="p80")
    assert ratio.idxmax("head").item() in ("third_party_property", "emergency_response")
    assert ratio.sel(head="legal_cost").item() == pytest.approx(1.0, abs=1e-3)


def test_third_party_property_differs_by_threshold_only_through_its_law():
    data = group()["expected_loss"].sel(head="third_party_property")
    # far out the heavier tail rules; under the policy's cap both fits tell much the same
    assert data.sel(cap="physical", threshold="p80") > 3 * data.sel(cap="physical", threshold="p90")
    assert data.sel(cap="policy", threshold="p80").item() == pytest.approx(
        data.sel(cap="policy", threshold="p90").item(), rel=0.15
    )


def test_how_often_the_cap_is_reached_is_the_survival_there():
    data = group()
    for (threshold, kind), laws in alternative_laws(values(), constants(), CAPS).items():
        for law in laws:
            reached = law.share_positive * float(law.law.base.sf(CAPS[kind]))
            assert data["share_at_cap"].sel(
                threshold=threshold, cap=kind, head=law.head
            ).item() == pytest.approx(reached, rel=1e-6)


def test_a_missing_and_an_unknown_kind_of_cap_are_refused():
    with pytest.raises(
        ArgumentError, match="caps of physical, asset\n  One amount for each of physical, asset, policy"
    ):
        severity_alternatives(values(), constants(), {"physical": 1e9, "asset": 1e8}, 1.0, LOADINGS)
    with pytest.raises(ArgumentError, match="One amount for each"):
        alternative_laws(values(), constants(), {**CAPS, "market": 1.0})


def test_no_accidents_cost_nothing():
    assert group(0.0)["premium_before_terms"].max().item() == 0.0
    assert list(group()["head"].values) == list(HEADS)
