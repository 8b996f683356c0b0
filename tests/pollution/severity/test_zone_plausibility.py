# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
import xarray as xr
from shipped_severity import ROOT, constants, values

from greenrisk.actuarial.severity.modified import Capped
from greenrisk.actuarial.severity.pareto_families import Pareto
from greenrisk.core.errors import ArgumentError, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import read_table
from greenrisk.pollution.reality import judged_tariff
from greenrisk.pollution.severity.beside_rmp import doubts_of_rmp, third_party_beside_rmp
from greenrisk.pollution.severity.caps import Cap
from greenrisk.pollution.severity.draws import simulated_accidents
from greenrisk.pollution.severity.heads import HEADS
from greenrisk.pollution.severity.laws import HeadLaw, currency_factor, severity_laws
from greenrisk.pollution.severity.plausibility import (
    accidents_beside,
    doubts_of_accidents,
    implied_loss_ratio,
    loss_quantiles,
    mean_beside_nation,
    verdict,
)
from greenrisk.pollution.severity.plausibility_tables import (
    CHINA_ACCIDENTS,
    PLAUSIBILITY_ANCHORS,
    RMP_OFFSITE_DAMAGE,
    Anchors,
)


def anchor_table():
    return read_table(ROOT / "data/zone_plausibility_anchors.csv", PLAUSIBILITY_ANCHORS, Ledger())


def anchors():
    return Anchors.from_frame(anchor_table())


def accidents():
    return read_table(ROOT / "data/china_accidents_direct_loss.csv", CHINA_ACCIDENTS, Ledger())


def rmp():
    return read_table(ROOT / "data/epa_rmp_offsite_damage.csv", RMP_OFFSITE_DAMAGE, Ledger())


def laws():
    return severity_laws(values(), constants(), Cap("physical", 1.03e9))


def grid():
    """A hundred accidents of 0, 1, ..., 99 million CNY of third-party property, and a defence of 5 million each."""
    losses = np.zeros((100, len(HEADS)))
    losses[:, 0] = np.arange(100) * 1e6
    losses[:, 4] = 5e6
    return losses


def test_a_published_accident_stands_beside_the_share_of_greater_direct_losses():
    data = accidents_beside(grid(), accidents())
    xihe = data.isel(accident=np.flatnonzero(data["place"].values == "甘肃西和")[0])
    # 61.2079 million: the 38 accidents of 62 to 99 million are greater; the defence does not count
    assert xihe["exceeded"].item() == pytest.approx(0.38)
    assert xihe["standard_error"].item() == pytest.approx((0.38 * 0.62 / 100) ** 0.5)
    assert (xihe["sort"].item(), xihe["status"].item(), xihe["compared"].item()) == (
        "sudden_release",
        "confirmed",
        "yes",
    )


def test_only_sudden_releases_beyond_everything_simulated_raise_a_doubt():
    data = accidents_beside(grid() / 2, accidents())
    told = doubts_of_accidents(data)
    # of the rows that may be compared only Xihe costs more than 49.5 million; Tianjin's explosion is not compared
    assert [doubt.subject for doubt in told] == ["china_accidents"]
    assert (
        "None of 100 accidents of the model costs as much as 甘肃西和 2015-11-23 (61,207,900 CNY, confirmed)"
        in told[0].detail
    )


def test_the_shipped_laws_reach_every_sudden_release_seen():
    losses = simulated_accidents(laws(), 0.7, 100_000, seed=11)
    data = accidents_beside(losses, accidents())
    assert doubts_of_accidents(data) == ()
    seen = data["exceeded"].values[data["compared"].values == "yes"]
    # accidents that made news lie in the tail, yet none is rarer than one in five thousand
    assert seen.max() < 0.2
    assert seen.min() > 2e-4


def test_quantiles_tell_heads_total_and_direct_loss():
    data = loss_quantiles(grid())
    assert data["quantile"].sel(part="third_party_property", probability=0.5).item() == pytest.approx(49.5e6)
    assert data["mean"].sel(part="total").item() == pytest.approx(54.5e6)
    assert data["mean"].sel(part="direct_loss").item() == pytest.approx(49.5e6)
    assert data["share_positive"].sel(
        part=["third_party_property", "clean_up", "legal_cost"]
    ).values.tolist() == [0.99, 0, 1]


def test_the_shipped_mean_is_of_the_order_of_the_national_one():
    ratio, doubts = mean_beside_nation(laws(), anchors(), 0.0)
    # Expected direct loss, closed form, over half a million CNY; heads that are independent cost something together
    # unless none does.
    counted = [law for law in laws() if law.head != "legal_cost"]
    with_loss = 1.0 - np.prod([1.0 - law.share_positive for law in counted])
    assert ratio == pytest.approx(sum(law.expected() for law in counted) / 5e5 / with_loss, rel=1e-12)
    assert 0.5 < ratio < 8
    assert doubts == ()


def test_a_mean_far_from_the_nation_raises_a_doubt():
    dear = severity_laws(values(transfer={"severity_factor": 40.0}), constants(), Cap("physical", 1.03e9))
    ratio, doubts = mean_beside_nation(dear, anchors(), 0.5)
    assert ratio > 10
    assert [doubt.subject for doubt in doubts] == ["national_mean"]
    assert "500,000 CNY" in doubts[0].detail


def test_the_implied_loss_ratio_is_expected_loss_over_rate_on_line_times_limits():
    data, doubts = implied_loss_ratio([3_000.0, 9_000.0], [2e6, 8e6], anchors())
    # 12,000 over 1 % and 2 % of 10 million
    assert data["loss_ratio"].values == pytest.approx([0.12, 0.06])
    assert data["premium"].values == pytest.approx([1e5, 2e5])
    assert doubts == ()


def test_loss_ratios_outside_belief_warn_at_each_end():
    low, told = implied_loss_ratio([400.0], [1e6], anchors())
    # 400 over 10,000 and 20,000: 4 % and 2 %; below 3 % only at the higher rate
    assert low["outside"].values.tolist() == [False, True]
    assert (
        told[0].detail
        == "At a rate on line of 2.0% the model implies a loss ratio of 2.0%, outside 3% to 100%."
    )
    _, both = implied_loss_ratio([30_000.0], [1e6], anchors())
    assert [doubt.subject for doubt in both] == ["implied_loss_ratio"] * 2


def test_a_ratio_whose_interval_holds_a_bound_cannot_be_told():
    # 620 over 20,000 is 3.1 %; 1.645 errors of 100 over 20,000 are 0.8 %, of 10 they are 0.08 %.
    wide, told = implied_loss_ratio([620.0], [1e6], anchors(), 100.0)
    assert wide["verdict"].values.tolist() == ["within", "cannot tell"]
    assert wide["standard_error"].values == pytest.approx([0.01, 0.005])
    assert not wide["outside"].values.any()
    assert told[0].detail == (
        "At a rate on line of 2.0% the model implies a loss ratio of 3.10% ± 0.50%, too near to the bounds, 3% to "
        "100%, to tell on which side."
    )
    sure, none = implied_loss_ratio([620.0], [1e6], anchors(), 10.0)
    assert sure["verdict"].values.tolist() == ["within", "within"]
    assert none == ()
    low, _ = implied_loss_ratio([560.0], [1e6], anchors(), 10.0)
    assert low["verdict"].values.tolist() == ["within", "outside"]


@pytest.mark.parametrize(
    ("ratio", "error", "word"),
    [
        (0.03, 0.0, "within"),
        (0.0299, 0.0, "outside"),
        (0.0299, 0.0001, "cannot tell"),
        (0.0290, 0.0001, "outside"),
        (0.5, 0.4, "cannot tell"),
        (1.2, 0.1, "outside"),
        (1.1, 0.1, "cannot tell"),
    ],
)
def test_the_verdict_asks_whether_the_interval_of_90_percent_holds_a_bound(ratio, error, word):
    assert verdict(ratio, error, anchors()) == word


def test_the_tariff_is_judged_by_the_same_bounds():
    tariff = xr.Dataset({"premium": ("plant", [1000.0, 0.0, 3000.0])}, coords={"plant": list("ABC")})
    ledger = Ledger()
    # B has no premium: 100 of 4,000 are 2.5 %.
    paid = np.array([40.0, 500.0, 60.0])
    found = judged_tariff(tariff, paid, 0.0, anchors(), ledger)
    assert float(found["zone_loss_ratio"]) == 0.025
    assert found["zone_verdict"].item() == "outside"
    (entry,) = ledger
    assert (entry.kind, entry.subject) == ("unreliable", "tariff")
    assert entry.detail == "The tariff implies a loss ratio of 2.5%, outside 3% to 100%."
    fine = judged_tariff(tariff, 4 * paid, 4.0, anchors(), Ledger())
    assert fine["zone_verdict"].item() == "within"
    assert float(fine["zone_loss_ratio_standard_error"]) == 0.001


def test_limits_of_nothing_and_of_another_length_are_refused():
    with pytest.raises(ArgumentError, match=r"limits\[0\] = 0"):
        implied_loss_ratio([1.0], [0.0], anchors())
    with pytest.raises(ArgumentError, match="One limit for each of the 2 plants"):
        implied_loss_ratio([1.0, 2.0], [1e6], anchors())


def test_third_party_property_stands_beside_rmp_in_dollars():
    # a Pareto law of shape 1 from 100 CNY on: quantile p is 100 / (1 - p)
    law = HeadLaw("third_party_property", 0.1, Capped(Pareto(1.0, 100.0), 1e9))
    data = third_party_beside_rmp((law,), 5.0, rmp())
    assert data["quantile"].sel(source="model").values == pytest.approx([40, 80, 200, 400, 2000])
    # all RMP accidents of all years: 203 with off-site damage, half of them below 12 thousand dollars
    everything = data.sel(source="all")
    assert everything["quantile"].values.tolist() == [11995, 138715, 649000, 1190000, 4486000]
    assert (everything["positive"].item(), everything["maximum"].item()) == (203, 153e6)
    assert {"all 2014-2023", "naics 325 all"} <= set(data["source"].values)


def test_pipelines_and_chemical_sites_tell_losses_of_one_order_in_the_middle():
    data = third_party_beside_rmp(laws(), currency_factor(values()), rmp())["quantile"]
    ratio = data.sel(source="all") / data.sel(source="model")
    # the medians are within fourfold; beyond them sites with neighbours cost more than pipelines in the fields
    assert 0.25 < ratio.sel(probability=0.5).item() < 4
    assert (ratio.sel(probability=[0.75, 0.9, 0.95]) > 1).all()


def test_the_largest_damage_of_chemical_sites_is_beyond_the_pipelines_law():
    data = third_party_beside_rmp(laws(), currency_factor(values()), rmp())
    # P(X > 153 million USD) of the tail above the 80 % quantile: w (1 + shape (x - u) / scale)^(-1 / shape)
    beyond = 60 / 297 * (1 + 1.3385 * (153e6 - 23974.13) / 43183.7) ** (-1 / 1.3385)
    chemical = data.sel(source="naics 325 all")["chance_of_largest"].item()
    assert chemical == pytest.approx(1 - (1 - beyond) ** 55, rel=1e-6)
    assert np.isnan(data["chance_of_largest"].sel(source="model"))
    told = doubts_of_rmp(data, anchors())
    assert any(
        "naics 325 all, 153,000,000 USD, would be reached by one of 55 amounts" in doubt.detail
        for doubt in told
    )
    assert not any("ammonia" in doubt.detail.lower() for doubt in told)


def test_in_dollars_the_comparison_does_not_depend_on_the_transfer():
    once = third_party_beside_rmp(laws(), currency_factor(values()), rmp())
    other = values(transfer={"severity_factor": 0.2})
    again = third_party_beside_rmp(
        severity_laws(other, constants(), Cap("physical", 1.03e9)), currency_factor(other), rmp()
    )
    assert again["quantile"].values == pytest.approx(once["quantile"].values, rel=1e-9)


def test_a_missing_anchor_and_ends_out_of_order_are_refused():
    with pytest.raises(TableError, match="no row `rate_on_line_low`"):
        Anchors.from_frame(anchor_table().query("anchor != 'rate_on_line_low'"))
    table = anchor_table()
    table.loc[table["anchor"] == "loss_ratio_low", "value"] = 2.0
    table.loc[table["anchor"] == "national_mean_factor", "value"] = 0.5
    table.loc[table["anchor"] == "least_chance_of_largest", "value"] = 5.0
    with pytest.raises(TableError, match=r"loss_ratio from 2 to 1") as caught:
        Anchors.from_frame(table)
    assert len(caught.value.faults) == 3
