# SPDX-License-Identifier: Apache-2.0
"""What is told of a zone's own history: seen beside expected, what moved, what is improbable."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import stats
from shipped_frequency import cards, exposure, leping, values

from greenrisk.core.cards import read_card
from greenrisk.core.ledger import Entry, Ledger
from greenrisk.core.library import library_root
from greenrisk.pollution.accidents.exposure import Exposure
from greenrisk.pollution.accidents.history_told import own_history_group, tell_own_history
from greenrisk.pollution.accidents.own_history import Beliefs
from greenrisk.pollution.accidents.rates import plant_rates
from greenrisk.pollution.inventory import History

BELIEFS = Beliefs.of(
    {
        "accidents": cards()["accidents"],
        "transfer": read_card(library_root() / "models" / "zone-transfer-china-judged.yaml"),
    }
)


def group(given: Exposure, beliefs: Beliefs = BELIEFS) -> xr.Dataset:
    rates = plant_rates(given, values(), 1.0, beliefs=beliefs)
    return own_history_group(given, rates, values()["accidents"], beliefs)


def told(
    given: Exposure, history: History | None = None, beliefs: Beliefs = BELIEFS
) -> dict[tuple[str, str], Entry]:
    ledger = Ledger()
    tell_own_history(group(given, beliefs), given, history or leping().history, ledger)
    return {(entry.kind, entry.subject): entry for entry in ledger}


def test_seen_and_expected_are_sums_over_the_plants_before_the_history():
    found, before = group(exposure()), plant_rates(exposure(), values())
    site, road = found.sel(place="site"), found.sel(place="road")
    assert (float(site["observed"]), float(road["observed"])) == (11.0, 1.0)
    expected = (before.prior * exposure().years).sum()
    assert float(site["expected"]) == pytest.approx(expected, rel=1e-12)
    assert float(site["probability_poisson"]) == pytest.approx(stats.poisson.sf(10, expected), rel=1e-9)
    on_road = 2.5e-7 * exposure().km * exposure().years
    assert float(road["expected"]) == pytest.approx(on_road.sum(), rel=1e-12)
    assert float(road["probability_poisson"]) == pytest.approx(stats.poisson.cdf(1, on_road.sum()), rel=1e-9)
    assert float(road["plants"]) == np.count_nonzero(exposure().km)
    for row in (site, road):
        chances = [float(row[f"probability{kind}"]) for kind in ("_poisson", "", "_in_doubt")]
        assert chances == sorted(chances), "each doubt more makes the count less far out"
        assert float(row["common_after_low"]) < float(row["common_after"]) < float(row["common_after_high"])
    assert float(site["common_before_low"]) == pytest.approx(0.3)
    assert float(site["common_before_high"]) == pytest.approx(3.3)


def test_a_history_that_the_cards_hold_for_improbable_is_told_as_unreliable_and_no_other():
    shipped = told(exposure())
    line = shipped["unreliable", "own history on site"]
    assert line.detail.startswith("11 accidents on site in 396 plant-years, ")
    assert line.count == 11
    assert ("unreliable", "own history on the road") not in shipped
    calm = replace(exposure(), accidents=np.where(np.arange(34) < 3, 1.0, 0.0))
    assert ("unreliable", "own history on site") not in told(calm)
    silent = replace(exposure(), years=100.0 * exposure().years, accidents=np.zeros(34))
    assert "0 accidents on site" in told(silent)["unreliable", "own history on site"].detail


def test_what_the_history_moved_is_told_with_its_interval():
    line = told(exposure())["assumption", "own history on site"]
    after = group(exposure()).sel(place="site")
    assert f"goes from 1 to {float(after['common_after']):.3g}" in line.detail
    assert ("assumption", "road and transfer") in told(exposure())
    fixed = told(exposure(), beliefs=Beliefs(None, None))["assumption", "own history on site"]
    assert "has no lognormal range" in fixed.detail


def test_accidents_without_a_place_are_told():
    history = leping().history
    line = told(exposure(), replace(history, place=np.full(history.plant.size, -1)))
    assert line["assumption", "place of own accidents"].count == 12
    none = replace(exposure(), road_years=np.zeros(34), road_accidents=np.zeros(34))
    line = told(none, replace(history, place=None))
    assert "No history tells the place" in line["assumption", "place of own accidents"].detail
    assert ("assumption", "own history on the road") not in line
    assert ("assumption", "place of own accidents") not in told(exposure())


def test_nothing_observed_is_told_as_nothing():
    empty = replace(
        exposure(),
        years=np.zeros(34),
        accidents=np.zeros(34),
        road_years=np.zeros(34),
        road_accidents=np.zeros(34),
    )
    found = group(empty)
    assert np.isnan(found["probability"]).all()
    assert (found["common_before"] == found["common_after"]).all()
    assert {subject for _, subject in told(empty)} == {"road and transfer"}
