# SPDX-License-Identifier: Apache-2.0
"""Default in a bad year and Basel's capital: the printed risk weights, the formula by hand, the far tail."""

from __future__ import annotations

import json
import math
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

from greenrisk.core.ledger import Ledger
from greenrisk.issuer.conditional import conditional_group, overlay_group
from greenrisk.issuer.credit_inputs import OwnRatings
from greenrisk.issuer.issuers import CreditSpec
from tests.studied_issuers import prepared_issuers, run_issuers

PEERS = json.loads((Path(__file__).parents[1] / "reference/issuer/credit_peers.json").read_text())
PHI, BACK = NormalDist().cdf, NormalDist().inv_cdf


def group(annual, loss=0.45, sales=np.nan, ledger=None, **spec):
    log_p = np.log(np.atleast_1d(annual))[None, :, None]
    given = np.broadcast_to(sales, (log_p.shape[1],)).astype(float)
    loss_rate = np.full(log_p.shape, loss)
    return conditional_group(
        log_p, loss_rate, given, CreditSpec(**spec), Ledger() if ledger is None else ledger
    )


@pytest.mark.parametrize(
    ("annual", "sales", "printed"), [(0.01, np.nan, 92.32), (0.01, 5.0, 72.40), (0.004, 5.0, 49.49)]
)
def test_risk_weights_are_those_that_basel_prints(annual, sales, printed):
    # Basel II (June 2006), Annex 5: LGD 45 %, 2.5 years.
    found = group(annual, sales=sales)
    assert float(found["risk_weight"].values.item()) * 100 == pytest.approx(printed, abs=0.01)
    assert float(found["capital"].values.item()) == pytest.approx(printed / 1250, abs=1e-5)


@pytest.mark.parametrize("one", [one for one in PEERS["capital"] if one["exposure"][0] >= 0.0005])
def test_capital_at_other_maturities_is_that_of_creditriskengine(one):
    annual, loss, maturity, sales = one["exposure"]
    found = group(annual, loss, np.nan if sales is None else sales, maturity=maturity)
    assert found["capital"].values.item() == pytest.approx(one["requirement"], rel=1e-9)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_the_bad_year_is_vasiceks_with_basels_correlation(level):
    p = 0.02
    weight = (1.0 - math.exp(-50.0 * p)) / (1.0 - math.exp(-50.0))
    rho = 0.12 * weight + 0.24 * (1.0 - weight)
    by_hand = PHI((BACK(p) + math.sqrt(rho) * BACK(level)) / math.sqrt(1.0 - rho))
    found = group(p, stress_level=level)
    assert float(found["correlation"].values.item()) == pytest.approx(rho, rel=1e-12)
    assert float(found["stressed_probability"].values.item()) == pytest.approx(by_hand, rel=1e-9)
    assert found.attrs["level"] == level


def test_the_capital_stays_basels_whatever_the_level():
    one, two = group(0.02, stress_level=0.9), group(0.02, stress_level=0.999)
    np.testing.assert_array_equal(one["capital"], two["capital"])
    assert float(one["stressed_probability"].max()) < float(two["stressed_probability"].min())


def test_a_probability_that_underflows_has_a_logarithm_in_the_bad_year():
    # ln Phi(-x) = -x^2/2 - ln(x sqrt(2 pi)) + ln(1 - 1/x^2 + 3/x^4 - ...), x = 45 far beyond what a float holds.
    def log_tail(x):
        return (
            -0.5 * x * x
            - math.log(x * math.sqrt(2.0 * math.pi))
            + math.log(1 - x**-2 + 3 * x**-4 - 15 * x**-6)
        )

    log_p = np.full((1, 1, 1), log_tail(45.0))
    found = conditional_group(log_p, np.full((1, 1, 1), 0.5), np.array([np.nan]), CreditSpec(), Ledger())
    score = (-45.0 + math.sqrt(0.24) * BACK(0.999)) / math.sqrt(1.0 - 0.24)
    assert found["annual_probability"].values.item() == 0.0
    assert found["log_stressed_probability"].values.item() == pytest.approx(log_tail(-score), rel=1e-9)


def test_the_loss_of_the_bad_year_is_frye_and_jacobs_and_keeps_the_mean_loss():
    p, loss = 0.02, 0.45
    found = group(p, loss)
    rho, bad = (found[name].values.item() for name in ("correlation", "stressed_probability"))
    k = (BACK(p) - BACK(p * loss)) / math.sqrt(1.0 - rho)
    assert found["stressed_loss_rate"].values.item() == pytest.approx(PHI(BACK(bad) - k) / bad, rel=1e-9)
    # Over all years: the mean of default rate times loss is p times loss. Midpoints of 4,000 equally likely years.
    levels = (np.arange(4000) + 0.5) / 4000
    rates = [PHI((BACK(p) + math.sqrt(rho) * BACK(q)) / math.sqrt(1.0 - rho)) for q in levels]
    assert np.mean([PHI(BACK(d) - k) for d in rates]) == pytest.approx(p * loss, rel=2e-3)
    assert np.isnan(group([1.0, 0.01])["stressed_loss_rate"].values[0, 0, 0])


def test_default_that_is_certain_has_no_capital_and_is_told():
    ledger = Ledger()
    found = group([1.0, 0.01], ledger=ledger)
    assert found["stressed_probability"].values[0, 0, 0] == 1.0
    assert found["capital"].values[0, 0, 0] == 0.0
    (line,) = [entry for entry in ledger if entry.subject == "Basel capital: issuers in default"]
    assert line.count == 1


def test_what_no_lens_sees_stays_missing():
    found = group([np.nan, 0.01])
    for name in ("stressed_probability", "capital", "correlation"):
        assert np.isnan(found[name].values[0, 0, 0])
        assert not np.isnan(found[name].values[0, 1, 0])


def test_a_probability_below_the_floor_is_raised_in_the_capital_alone():
    ledger = Ledger()
    found = group([1e-5, 5e-4], ledger=ledger)
    np.testing.assert_array_equal(found["floored"].values[0, :, 0], [1, 0])
    assert found["capital"].values[0, 0, 0] == found["capital"].values[0, 1, 0]
    assert found["annual_probability"].values[0, 0, 0] == pytest.approx(1e-5)
    assert [entry.count for entry in ledger if entry.kind == "floored"] == [1]


OWN = OwnRatings(("B", "gone", "A"), ("BB", "", ""), np.array([0.01, 0.2, 0.03]))
ANNUAL = np.array([[0.01, 0.02, 0.3], [0.04, 0.02, 0.00001]])[:, :, None]


def test_the_overlay_moves_the_own_score_by_what_the_model_moves():
    ledger = Ledger()
    found = overlay_group(OWN, ("A", "B", "C"), ANNUAL, 0, 1e-4, ledger)
    assert found is not None
    assert found["issuer"].values.tolist() == ["B", "A"]
    moved = found["own_probability_moved"].values[..., 0]
    # Nothing happens in the baseline, and none to B, whom the model does not move.
    np.testing.assert_allclose(moved[0], [0.01, 0.03], rtol=1e-12)
    by_hand = PHI(BACK(0.03) + BACK(0.04) - BACK(0.01))
    np.testing.assert_allclose(moved[1], [0.01, by_hand], rtol=1e-9)
    assert found.attrs["clipped_share"] == 0.0
    assert [(entry.kind, entry.count) for entry in ledger] == [("dropped", 1)]


def test_cells_that_rest_on_the_clip_are_counted():
    ledger = Ledger()
    own = OwnRatings(("C",), ("",), np.array([0.05]))
    found = overlay_group(own, ("A", "B", "C"), ANNUAL, 0, 1e-4, ledger)
    assert found is not None
    np.testing.assert_array_equal(found["clipped"].values[:, 0, 0], [0, 1])
    by_hand = PHI(BACK(0.05) + BACK(1e-4) - BACK(0.3))
    assert found["own_probability_moved"].values[1, 0, 0] == pytest.approx(by_hand, rel=1e-9)
    assert found.attrs["clipped_share"] == 0.5
    assert "50%" in next(entry.detail for entry in ledger if entry.kind == "clipped")


def test_own_ratings_of_nobody_that_is_run_make_no_table():
    assert overlay_group(OWN, ("X",), ANNUAL[:, :1], 0, 1e-4, Ledger()) is None


def test_the_shipped_scenario_shows_the_bad_year_with_its_own_settings():
    job = prepared_issuers(
        credit__stress_level="0.99",
        credit__maturity="4",
        credit__size_adjustment="true",
        knowledge__draws="0",
        knowledge__tornado="false",
    )
    tree = run_issuers(job)
    data = tree["conditional"].to_dataset()
    assert (data.attrs["level"], data.attrs["maturity"], data.attrs["size_adjustment"]) == (0.99, 4.0, 1)
    annual = tree["pd"].to_dataset()["annual_probability"].sel(year=data["year"])
    np.testing.assert_allclose(data["annual_probability"], annual, rtol=1e-12)
    # Sales in euros: the statement's yuan over the yuan of a euro in 2024, 7.78587 (data/currency_rates.csv).
    revenue = tree["issuers"].to_dataset()["statement"].sel(line="revenue")
    np.testing.assert_allclose(data["sales_eur_million"], revenue / 7.78587, rtol=1e-12)
    # Sales of 5 and less take 0.04 from the correlation, sales of 50 and more nothing.
    small = np.clip(data["sales_eur_million"].values, 5.0, 50.0)
    p = data["annual_probability"].values
    weight = (1 - np.exp(-50 * p)) / (1 - np.exp(-50))
    rho = 0.24 - 0.12 * weight - 0.04 * (1 - (small[None, :, None] - 5) / 45)
    np.testing.assert_allclose(data["correlation"], rho, rtol=1e-12)
