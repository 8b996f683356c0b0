# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats
from shipped_severity import cards, constants, values

from greenrisk.actuarial.credibility.level import LognormalLevel
from greenrisk.actuarial.severity.families import Lognormal
from greenrisk.actuarial.severity.modified import Capped
from greenrisk.core.errors import ArgumentError, TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.tables import read_table
from greenrisk.pollution.inventory import History
from greenrisk.pollution.severity.caps import Cap
from greenrisk.pollution.severity.draws import probability_of_any, simulated_accidents
from greenrisk.pollution.severity.heads import HEADS
from greenrisk.pollution.severity.laws import HeadLaw, physical_cap, severity_laws
from greenrisk.pollution.severity.own_claims import (
    ZONE_CLAIMS,
    Claims,
    claims_of,
    credible_frequency,
    credible_severity,
    prior_of,
    updated_card,
)
from greenrisk.pollution.severity.own_experience import not_in_history, own_experience
from greenrisk.pollution.severity.transfer import check_transfer

PLANTS = np.array(["p01", "p02"])


def table(rows):
    frame = pd.DataFrame(rows, columns=["accident_id", "plant_id", "year", "head", "amount_cny"])
    return read_table("claims.csv", ZONE_CLAIMS, Ledger(), frame=frame)


def claims(rows):
    return claims_of(table(rows), PLANTS)


def of_head(amounts, head="clean_up"):
    """One accident for each amount, outside the zone."""
    n = len(amounts)
    return Claims(
        np.arange(n),
        np.full(n, HEADS.index(head)),
        np.asarray(amounts, float),
        np.full(n, 2020),
        np.full(n, -1),
    )


def lognormal_law(mu=11.0, sigma=2.0):
    return {"clean_up": HeadLaw("clean_up", 0.3, Capped(Lognormal(mu, sigma), 1e12))}


def test_rows_of_one_accident_are_one_accident():
    ours = claims(
        [
            ("a", "p01", 2020, "clean_up", 5e5),
            ("b", "", 2021, "clean_up", 1e5),
            ("a", "p01", 2020, "legal_cost", 2e4),
            ("c", "", 2021, "bodily_injury", 7e4),
        ]
    )
    assert (ours.accidents, ours.accident.tolist()) == (3, [0, 1, 0, 2])
    assert ours.plant.tolist() == [0, -1, -1]
    assert ours.outside == 2
    assert ours.year.tolist() == [2020, 2021, 2021]


def test_a_head_twice_and_two_years_or_plants_of_one_accident_are_refused_together():
    with pytest.raises(TableError) as caught:
        claims(
            [
                ("a", "p01", 2020, "clean_up", 5e5),
                ("a", "p01", 2021, "clean_up", 1e5),
                ("a", "p02", 2020, "legal_cost", 2e4),
            ]
        )
    assert [fault.where for fault in caught.value.faults] == ["claims.csv:3", "claims.csv:3", "claims.csv:4"]
    assert "This head of the accident stands also in row 2" in str(caught.value)
    assert "Row 2 has another plant" in str(caught.value)


def test_an_amount_of_nothing_and_an_unknown_head_are_refused_at_the_door():
    with pytest.raises(TableError) as caught:
        table([("a", "", 2020, "clean_upp", 0.0)])
    assert "Did you mean `clean_up`?" in str(caught.value)
    assert "Must be > 0" in str(caught.value)


def test_the_belief_of_a_card_has_the_ends_of_its_range():
    prior = prior_of(cards()["transfer"].parameters["frequency_factor"])
    assert prior.median == 1.0
    assert prior.quantile(0.95) / prior.quantile(0.05) == pytest.approx(3.3 / 0.3)


def test_counts_weigh_as_the_gamma_poisson_law_says():
    prior = LognormalLevel(1.0, 0.7)
    update = credible_frequency(prior, 3, 8.0)
    # Z = E / (E + m / k) with mean m and variance k of the belief; posterior mean Z A / E + (1 - Z) m
    m = math.exp(0.7**2 / 2)
    k = m**2 * math.expm1(0.7**2)
    z = 8 / (8 + m / k)
    assert update.credibility == pytest.approx(z)
    assert update.posterior.mean == pytest.approx(z * 3 / 8 + (1 - z) * m)


def test_for_a_lognormal_law_the_severity_follows_the_normal_credibility_formula():
    mu, sigma, s = 11.0, 2.0, 0.73
    prior = LognormalLevel(0.5, s)
    amounts = np.exp(mu + np.array([0.4, -1.0, 2.2, 0.1, 0.9]))
    update = credible_severity(prior, of_head(amounts), lognormal_law(mu, sigma), 0.7)
    z = 5 * s**2 / (5 * s**2 + sigma**2)
    own = np.log(amounts).mean() - mu
    assert math.log(update.posterior.median) == pytest.approx(z * own + (1 - z) * math.log(0.5), abs=1e-9)
    assert update.posterior.log_sd == pytest.approx(s * math.sqrt(1 - z), rel=1e-9)
    assert update.credibility == pytest.approx(z, rel=1e-9)
    assert (update.amounts, update.worth) == (5, 5.0)


def test_amounts_of_one_accident_count_for_fewer():
    ours = claims([("a", "", 2020, "clean_up", 5e5), ("a", "", 2020, "emergency_response", 4e5)])
    law = {
        **lognormal_law(),
        "emergency_response": HeadLaw("emergency_response", 0.3, Capped(Lognormal(11, 2), 1e12)),
    }
    update = credible_severity(LognormalLevel(0.5, 0.73), ours, law, 0.6)
    # two amounts with correlation 0.6 are worth 2 / (1 + 0.6)
    assert update.worth == pytest.approx(1.25)
    z = 1.25 * 0.73**2 / (1.25 * 0.73**2 + 4)
    assert update.credibility == pytest.approx(z, rel=1e-9)


def test_a_least_reported_amount_is_allowed_for():
    # against quadrature of prior times the density above the least amount
    mu, sigma, s, least = 11.0, 2.0, 0.73, 1e5
    amounts = np.array([1.5e5, 4e5, 2.5e6])
    update = credible_severity(LognormalLevel(0.5, s), of_head(amounts), lognormal_law(mu, sigma), 0.7, least)

    def weight(t, power):
        law = stats.norm(mu + t, sigma)
        density = np.prod(law.pdf(np.log(amounts)) / law.sf(math.log(least)))
        return t**power * density * stats.norm(math.log(0.5), s).pdf(t)

    total, first, second = (
        integrate.quad(weight, -8, 7, args=(p,), epsabs=0, epsrel=1e-10, limit=200)[0] for p in range(3)
    )
    assert math.log(update.posterior.median) == pytest.approx(first / total, abs=1e-7)
    assert update.posterior.log_sd == pytest.approx(
        math.sqrt(second / total - (first / total) ** 2), rel=1e-6
    )
    # blind to the least amount one would believe in a higher factor
    assert credible_severity(
        LognormalLevel(0.5, s), of_head(amounts), lognormal_law(), 0.7
    ).posterior.median > (update.posterior.median)


def test_many_claims_drawn_at_a_factor_bring_the_belief_there_without_bias():
    truth = 1.3
    laws = severity_laws(values(transfer={"severity_factor": truth}), constants(), Cap("physical", 1e15))
    at_one = severity_laws(values(transfer={"severity_factor": 1.0}), constants(), Cap("physical", 1e15))
    prior = prior_of(cards()["transfer"].parameters["severity_factor"])
    off = []
    for seed in range(9):
        losses = simulated_accidents(laws, 0.7, 1_000, seed)
        accident, head = np.nonzero(losses > 0)
        n = len(losses)
        ours = Claims(accident, head, losses[accident, head], np.full(n, 2020), np.full(n, -1))
        update = credible_severity(prior, ours, {law.head: law for law in at_one}, 0.7)
        assert update.credibility > 0.97
        off.append(math.log(update.posterior.median / truth) / update.posterior.log_sd)
    # nine standard scores: mean 0 with standard error 1/3, though the heads of an accident depend on each other
    assert abs(np.mean(off)) < 4 / 3
    assert np.abs(off).max() < 4


def test_judged_heads_move_no_factor():
    prior = LognormalLevel(0.5, 0.7)
    update = credible_severity(prior, of_head([3e6, 4e6], "bodily_injury"), lognormal_law(), 0.7)
    assert (update.posterior, update.credibility, update.amounts) == (prior, 0.0, 0)


def test_an_amount_below_the_least_reported_one_is_refused():
    with pytest.raises(ArgumentError, match="No amount of the file may lie below the least reported one"):
        credible_severity(LognormalLevel(0.5, 0.7), of_head([5e4]), lognormal_law(), 0.7, 1e5)


def test_own_claims_narrow_the_card_and_make_it_the_users():
    rng = np.random.default_rng(8)
    rows = [
        (f"a{i}", "", 2015 + i % 8, "clean_up", float(np.exp(11 + 2 * rng.standard_normal())))
        for i in range(60)
    ]
    ours = claims([*rows, ("z", "p01", 2020, "legal_cost", 9e4)])
    card = cards()["transfer"]
    after = own_experience(card, ours, 8_000.0, 0.02, values(), constants())
    for name in ("frequency_factor", "severity_factor"):
        one = after.card.parameters[name]
        low, high = one.ends()
        assert one.status == "user"
        assert low < one.value < high
        assert high / low < 3
    assert after.card.parameters["cny_per_usd"] == card.parameters["cny_per_usd"]
    check_transfer(after.card)
    # 60 accidents outside the zone over 8,000 * 0.02 * P(any loss)
    chance = probability_of_any(severity_laws(values(), constants(), physical_cap(values())), 0.7)
    z = after.group["credibility"].sel(factor="frequency_factor").item()
    m = prior_of(card.parameters["frequency_factor"]).mean
    mean = z * 60 / (160 * chance) + (1 - z) * m
    cv = 1 / math.sqrt(1 / prior_of(card.parameters["frequency_factor"]).cv ** 2 + 60)
    assert after.card.parameters["frequency_factor"].value == pytest.approx(
        mean / math.sqrt(1 + cv**2), rel=1e-9
    )
    assert any("1 own accidents at plants of the zone count for severity only" in line for line in after.told)
    assert any("1 own amounts of bodily injury and legal cost move no factor" in line for line in after.told)


def test_claims_outside_in_unknown_plant_years_leave_the_frequency_and_a_weak_update_keeps_its_status():
    ours = claims([("a", "", 2020, "clean_up", 5e5)])
    before = cards()["transfer"]
    after = own_experience(before, ours, 0.0, 0.0, values(), constants())
    assert after.card.parameters["frequency_factor"] == before.parameters["frequency_factor"]
    # one amount of a law of log-sd near 2 against a belief of 0.73 weighs less than half
    weight = after.group["credibility"].sel(factor="severity_factor").item()
    assert 0.0 < weight < 0.5
    assert after.card.parameters["severity_factor"].status == "illustrative"
    assert after.group["credibility"].sel(factor="frequency_factor").item() == 0.0
    assert "plant-years behind 1 own accidents outside the zone are not known" in after.told[0]


def test_claims_at_plants_of_the_zone_leave_the_frequency_to_its_history():
    """Twelve claims, all at plants of the zone: before, 390 plant-years pulled the factor from 1.0 to 0.43."""
    ours = claims([(f"a{i}", "p01", 2010 + i, "clean_up", 5e5) for i in range(12)])
    before = cards()["transfer"]
    after = own_experience(before, ours, None, 0.01, values(), constants())
    assert after.card.parameters["frequency_factor"] == before.parameters["frequency_factor"]
    assert after.told[:2] == (
        "No own claim lies outside the zone: they leave the frequency factor as it was.",
        "12 own accidents at plants of the zone count for severity only: its history counts them.",
    )
    with pytest.raises(ArgumentError, match="no own claim outside the zone") as raised:
        own_experience(before, ours, 390.0, 0.01, values(), constants())
    assert "none_claimed_outside: true" in str(raised.value)
    none = own_experience(before, ours, 390.0, 0.01, values(), constants(), none_outside=True)
    assert none.card.parameters["frequency_factor"].value < 1.0
    assert none.told[0].startswith("0 own accidents in 390 plant-years outside the zone")


def test_claims_outside_need_their_plant_years_and_a_word_that_contradicts_them_is_refused():
    ours = claims([("a", "", 2020, "clean_up", 5e5), ("b", "p01", 2020, "clean_up", 5e5)])
    with pytest.raises(ArgumentError, match="claims_plant_years_outside empty"):
        own_experience(cards()["transfer"], ours, None, 0.01, values(), constants())
    with pytest.raises(ArgumentError, match="none_claimed_outside = true"):
        own_experience(cards()["transfer"], ours, 9.0, 0.01, values(), constants(), none_outside=True)


def test_a_plant_that_the_zone_does_not_have_is_refused():
    with pytest.raises(TableError, match="plant_id = x9"):
        claims([("a", "x9", 2020, "clean_up", 5e5)])


def test_claims_that_the_history_does_not_hold_are_counted_within_its_years_only():
    history = History(
        plant=np.array([0, 0, 1]),
        year=np.array([2019, 2020, 2020]),
        kind=np.array([0, 1, 0]),  # accident, penalty, accident
        level=np.full(3, -1),
        medium=np.array(["", "", ""]),
        direct_loss=np.full(3, np.nan),
    )
    ours = claims(
        [
            ("held", "p01", 2019, "clean_up", 5e5),
            ("second of the year", "p01", 2019, "clean_up", 5e5),
            ("a penalty only", "p01", 2020, "clean_up", 5e5),
            ("before the years", "p02", 2010, "clean_up", 5e5),
            ("outside", "", 2020, "clean_up", 5e5),
        ]
    )
    assert not_in_history(ours, history, np.array([2012, 2012])) == 2


def test_plant_years_without_a_rate_are_refused():
    ours = claims([("a", "", 2020, "clean_up", 5e5)])
    with pytest.raises(ArgumentError, match=r"accident_rate = 0"):
        own_experience(cards()["transfer"], ours, 10.0, 0.0, values(), constants())


def test_a_card_without_updates_stays_as_it_was():
    assert updated_card(cards()["transfer"], None, None) == cards()["transfer"]
