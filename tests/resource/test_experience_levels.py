# SPDX-License-Identifier: Apache-2.0
"""Own experience against the judged levels of the shipped cards: limits, weights, honest ranges, cards and ledger."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from greenrisk.core.cards import Card, Range, read_card
from greenrisk.core.errors import ArgumentError
from greenrisk.core.ledger import Ledger
from greenrisk.core.library import find
from greenrisk.resource.experience import Experience
from greenrisk.resource.experience_cards import updated_cards
from greenrisk.resource.experience_expected import LEVELS, expected_losses, log_sd
from greenrisk.resource.experience_levels import Levels, update_levels
from greenrisk.resource.perils.fire_counts import count_law
from greenrisk.resource.perils.listing import PERILS
from greenrisk.resource.pilot import Pilot

NAMES = {
    "occurrence": "wildfire-jiangxi",
    "local": "jingdezhen-local",
    "storm": "storm-judged",
    "snow_ice": "snow-ice-judged",
    "drought": "drought-judged",
    "flood": "flood-judged",
    "pest": "pest-judged",
    "nonfire": "nonfire-cost-jiangxi",
}
MEAN = np.array([0.02, 0.12, 0.29, 0.05, 0.10, 0.12])
CV = np.array([3.1, 3.5, 6.5, 3.0, 2.0, 1.15])
BOOK = 1e6
NONFIRE = PERILS[1:]


def shipped_card(name: str) -> Card:
    path = find("models", name)
    assert path is not None
    return read_card(path)


CARDS = {role: shipped_card(name) for role, name in NAMES.items()}


def law(cv: np.ndarray = CV) -> Pilot:
    """The yearly law of independent perils, with the means and variations of the shipped book in round figures."""
    variance = (MEAN * cv) ** 2
    return Pilot(
        kinds=PERILS,
        years=10_000,
        insured_mu=BOOK,
        value_per_mu=800.0,
        mean=np.append(MEAN, MEAN.sum()),
        mean_error=np.zeros(7),
        variance=np.append(variance, variance.sum()),
        stands=np.append(0.1 * variance, 0.1 * variance.sum()),
        totals=np.ones((2, len(PERILS))),
    )


def years_of(
    times: np.ndarray | float, n: int = 10, *, by_peril: bool = True, status: str = "user"
) -> Experience:
    """Years in which each peril costs so many times what the pilot has, on the book as it is."""
    cost = np.broadcast_to(MEAN * BOOK * times, (n, 6)).astype(np.float64)
    whole = np.column_stack([cost if by_peril else np.full((n, 6), np.nan), cost.sum(axis=1)])
    return Experience(
        name="own.csv",
        status=status,
        kinds=PERILS,
        years=np.arange(2026 - n, 2026),
        insured_mu=np.full(n, BOOK),
        sum_insured=np.full(n, 800 * BOOK),
        premium=np.full(n, 2 * BOOK),
        paid=whole,
        incurred=whole,
        to_ultimate=np.ones(n),
        development_error=np.zeros(n),
    )


def levels(experience: Experience, pilot: Pilot | None = None) -> Levels:
    return update_levels(CARDS, experience, pilot or law(), underwriting_year=2026)


def line(found: Levels, kind: str):  # type: ignore[no-untyped-def]
    return next(one for one in found.lines if one.kind == kind)


def test_years_that_say_nothing_leave_every_card_as_it_is() -> None:
    cards, group = updated_cards(CARDS, years_of(3.0), law(CV * 1e4), underwriting_year=2026, ledger=Ledger())
    assert group["credibility"].values == pytest.approx(0.0, abs=1e-6)
    for role, card in CARDS.items():
        for name, parameter in card.parameters.items():
            after = cards[role].parameters[name]
            if isinstance(parameter.value, float):
                assert after.value == pytest.approx(parameter.value, rel=1e-5)
                assert after.ends() == pytest.approx(parameter.ends(), rel=1e-4)
            assert after.status == parameter.status


def test_years_that_hardly_vary_replace_the_judgement_peril_by_peril() -> None:
    times = np.array([1.0, 0.5, 2.0, 0.8, 1.5, 0.6])
    experience = years_of(times, 30)
    pilot = law(CV * 1e-3)
    cards, group = updated_cards(CARDS, experience, pilot, underwriting_year=2026, ledger=Ledger())
    assert group["credibility"].values[1:6] == pytest.approx(1.0, abs=1e-3)
    scale = float(cards["nonfire"].parameters["scale"].value) / float(
        CARDS["nonfire"].parameters["scale"].value
    )
    for kind, seen in zip(NONFIRE[:4], times[1:5], strict=True):
        role, (name,) = LEVELS[kind]
        rate = float(cards[role].parameters[name].value) / float(CARDS[role].parameters[name].value)
        # The level relative to the cards is scale times rate; its prior median is 1.
        assert scale * rate == pytest.approx(seen, rel=1e-3)
        assert cards[role].parameters[name].status == "user"
        assert log_sd(cards[role].parameters[name]) < 0.02
    wilt, leaf = (
        float(cards["pest"].parameters[name].value) / float(CARDS["pest"].parameters[name].value)
        for name in LEVELS["pest"][1]
    )
    assert wilt == pytest.approx(leaf)
    assert scale * wilt == pytest.approx(0.6, rel=2e-3)


def test_the_weight_is_that_of_the_formula_with_persistence_for_pests() -> None:
    found = levels(years_of(1.0))
    storm = line(found, "storm")
    prior = storm.prior
    assert prior.log_sd == pytest.approx(
        math.hypot(
            log_sd(CARDS["nonfire"].parameters["scale"]),
            log_sd(CARDS["storm"].parameters["storms_per_100_km"]),
        )
    )
    knowledge = (prior.mean * prior.cv) ** 2
    assert storm.credibility == pytest.approx(knowledge / (knowledge + prior.mean * 3.5**2 / 10))
    assert storm.update.ratio == pytest.approx(1.0)
    pest = line(found, "pest")
    leaning = 1 + 2 * sum((1 - j / 10) * 0.8**j for j in range(1, 10))
    knowledge = (pest.prior.mean * pest.prior.cv) ** 2
    assert pest.credibility == pytest.approx(
        knowledge / (knowledge + pest.prior.mean * 1.15**2 / 10 * leaning)
    )


def test_totals_move_the_common_scale_alone() -> None:
    cards, group = updated_cards(
        CARDS, years_of(0.3, by_peril=False), law(), underwriting_year=2026, ledger=(ledger := Ledger())
    )
    changed = [role for role in CARDS if cards[role] != CARDS[role]]
    assert changed == ["nonfire"]
    after, before = cards["nonfire"].parameters["scale"], CARDS["nonfire"].parameters["scale"]
    assert after.value < before.value
    assert log_sd(after) < log_sd(before)
    assert np.isnan(group["ultimate_by_year"].values[:, :-1]).all()
    told = [entry.subject for entry in ledger]
    assert "nonfire-cost-jiangxi:scale" in told
    assert any("10 of 10 years" in entry.detail for entry in ledger)
    # What fire should have cost is taken off before: a total of fire alone says that the rest was nothing.
    only_fire = years_of(np.array([1.0, 0, 0, 0, 0, 0]), by_peril=False)
    nothing = years_of(0.0, by_peril=False)
    assert levels(only_fire).scale == levels(nothing).scale


def test_early_totals_and_later_years_by_peril_are_both_used() -> None:
    both = years_of(2.0)
    incurred = both.incurred.copy()
    incurred[:4, :-1] = np.nan
    found = levels(replace(both, incurred=incurred, paid=incurred))
    only_late = levels(
        replace(
            both,
            **{
                name: getattr(both, name)[4:]
                for name in (
                    "years", "insured_mu", "sum_insured", "premium", "paid", "incurred", "to_ultimate",
                    "development_error",
                )
            },
        )
    )  # fmt: skip
    assert line(found, "snow_ice").years == 6
    assert line(found, "all").years == 10
    assert line(found, "snow_ice").credibility > line(only_late, "snow_ice").credibility
    assert line(found, "snow_ice").posterior.log_sd < line(only_late, "snow_ice").posterior.log_sd


def test_cheap_pests_say_nothing_of_ice() -> None:
    times = np.ones(6)
    times[5] = 0.1
    assert (
        line(levels(years_of(times)), "snow_ice").posterior
        == line(levels(years_of(1.0)), "snow_ice").posterior
    )


def test_the_cards_keep_the_variance_of_the_sum_and_no_peril_is_too_sure() -> None:
    rng = np.random.default_rng(3)
    experience = years_of(np.array([1.0, 1.3, 0.2, 0.4, 0.6, 1.5]))
    cards, _ = updated_cards(CARDS, experience, law(), underwriting_year=2026, ledger=Ledger())
    found = levels(experience)
    n = 200_000

    def drawn(role: str, name: str) -> np.ndarray:
        parameter, before = cards[role].parameters[name], CARDS[role].parameters[name]
        ratio = float(parameter.value) / float(before.value)
        return ratio * np.exp(log_sd(parameter) * rng.standard_normal(n))

    scale = drawn("nonfire", "scale")
    total = MEAN[0] * drawn("local", "relative_hazard")
    for kind, mean in zip(NONFIRE, MEAN[1:], strict=True):
        role, names = LEVELS[kind]
        level = scale * np.mean([drawn(role, name) for name in names], axis=0)
        told = line(found, kind).posterior
        assert np.std(np.log(level)) > 0.97 * told.log_sd
        assert np.median(level) == pytest.approx(told.median, rel=0.05)
        total += mean * level
    told = line(found, "all").posterior
    assert total.mean() / MEAN.sum() == pytest.approx(told.mean, rel=0.04)
    assert total.std() / total.mean() == pytest.approx(told.cv, rel=0.08)


def test_synthetic_insurers_recover_their_truth_nine_times_in_ten() -> None:
    """200 insurers with levels drawn from the cards, ten years of Poisson events: 86 to 97 % of all levels inside."""
    rng = np.random.default_rng(8)
    n, inside, error = 200, np.zeros(7), []
    # Gamma sizes with cv 1.5: variance of a year 3.25 / events, mean 1.
    cv = np.array([1.8, 1.6, 2.0, 1.5, 1.0, 0.8])
    events = 3.25 / cv**2
    pilot = law(cv)
    correlated = CARDS["pest"].parameters["wilt_persistence"]
    independent = correlated.model_copy(
        update={"value": 0.001, "range": correlated.range.model_copy(update={"low": 0.0005, "high": 0.002})}
    )
    pest = CARDS["pest"].model_copy(
        update={"parameters": {**CARDS["pest"].parameters, "wilt_persistence": independent}}
    )
    cards = {**CARDS, "pest": pest}
    sd = {
        (role, name): log_sd(cards[role].parameters[name])
        for role, names in LEVELS.values()
        for name in names
    }
    common = log_sd(cards["nonfire"].parameters["scale"])
    for _ in range(n):
        scale = np.exp(common * rng.standard_normal())
        truth = []
        for kind in PERILS:
            role, names = LEVELS[kind]
            own = np.mean([np.exp(sd[role, name] * rng.standard_normal()) for name in names])
            truth.append(own if kind == "wildfire" else own * scale)
        level = np.array(truth)
        # The underwriting year's fires are fewer than the past's: the trend of the card is part of what is expected.
        expected, _ = expected_losses(cards, years_of(1.0), pilot, 2026, 0.0)
        counts = rng.poisson(events * level * expected[:, :-1] / (MEAN * BOOK))
        sizes = rng.gamma(np.maximum(counts, 1) / 2.25, 2.25) * (counts > 0) / events
        cost = sizes * MEAN * BOOK
        experience = replace(
            years_of(1.0), incurred=np.column_stack([cost, cost.sum(axis=1)]), paid=np.zeros((10, 7))
        )
        found = update_levels(cards, experience, pilot, underwriting_year=2026)
        whole = np.append(level, (MEAN * level).sum() / MEAN.sum())
        ends = [(one.posterior.quantile(0.05), one.posterior.quantile(0.95)) for one in found.lines]
        inside += [low < true < high for (low, high), true in zip(ends, whole, strict=True)]
        error.append([one.posterior.mean - true for one, true in zip(found.lines, whole, strict=True)])
    share = inside / n
    assert 0.86 < share.mean() < 0.97
    assert share.min() > 0.80
    mean, spread = np.mean(error, axis=0), np.std(error, axis=0) / math.sqrt(n)
    assert (np.abs(mean) < 4 * spread).all()


def test_expected_losses_follow_area_value_and_trend() -> None:
    experience = replace(
        years_of(1.0, 2),
        insured_mu=np.array([BOOK / 2, BOOK]),
        sum_insured=np.array([200 * BOOK, 800 * BOOK]),
    )
    expected, variance = expected_losses(CARDS, experience, law(), 2026, 0.05)
    # 2024: half the area at half the sum insured by mu, two years before; 2025: the book, one year before.
    assert expected[:, 1] == pytest.approx(MEAN[1] * BOOK * np.array([0.25 / 1.05**2, 1 / 1.05]))
    occurrence = CARDS["occurrence"]
    fires = [count_law(occurrence.values(), occurrence.constants, year).mean for year in (2024, 2025, 2026)]
    assert expected[:, 0] == pytest.approx(
        MEAN[0] * BOOK * np.array([0.25 * fires[0] / fires[2], fires[1] / fires[2]])
    )
    assert expected[:, -1] == pytest.approx(expected[:, :-1].sum(axis=1))
    # (1 / q - 1) D = 0.1 V more by squared mu for half the book.
    relative = variance[:, 1] / expected[:, 1] ** 2
    assert relative == pytest.approx([3.5**2 * 1.1 * 1.05**2, 3.5**2 * 1.05])


def test_fire_before_the_first_year_of_its_card_is_not_extrapolated() -> None:
    expected, _ = expected_losses(CARDS, years_of(1.0, 30), law(), 2026, 0.0)
    first = int(CARDS["occurrence"].constants["first_year"])
    assert expected[: first - 1996, 0] == pytest.approx(expected[first - 1996, 0])
    assert expected[first - 1995, 0] != pytest.approx(expected[first - 1996, 0], rel=1e-6)


def test_the_error_of_development_lowers_the_weight() -> None:
    sure = years_of(1.0)
    unsure = replace(sure, development_error=np.full(10, 1e6))
    assert line(levels(unsure), "pest").credibility < line(levels(sure), "pest").credibility


def test_status_and_words_say_what_replaced_what_with_which_weight() -> None:
    pilot = law(CV * 0.2)
    cards, group = updated_cards(
        CARDS, years_of(0.7), pilot, underwriting_year=2026, ledger=(ledger := Ledger())
    )
    scale = cards["nonfire"].parameters["scale"]
    assert scale.status == "user"
    assert "weight 0." in scale.range.basis
    assert "Before it: Derived from a judgement" in scale.range.basis
    assert "own experience 2016 to 2025" in cards["nonfire"].period
    (entry,) = (entry for entry in ledger if entry.subject == "storm-judged:storms_per_100_km")
    assert entry.detail.startswith("Own experience moved it from 0.645 (0.387 to 1.1) to ")
    assert "with a weight of 0." in entry.detail
    moved = [
        float(cards[role].parameters[name].value) / float(CARDS[role].parameters[name].value)
        for role, name in (("storm", "storms_per_100_km"), ("nonfire", "scale"))
    ]
    assert f" The common scale moved, too: together {moved[0] * moved[1]:.2f} times." in entry.detail
    (entry,) = (entry for entry in ledger if entry.subject == "jingdezhen-local:relative_hazard")
    assert "common scale" not in entry.detail
    (entry,) = (entry for entry in ledger if entry.subject == "storm-judged:storms_per_100_km")
    assert entry.status == "user"
    synthetic, _ = updated_cards(
        CARDS, years_of(0.7, status="synthetic"), pilot, underwriting_year=2026, ledger=Ledger()
    )
    assert synthetic["nonfire"].parameters["scale"].status == "illustrative"
    few, _ = updated_cards(CARDS, years_of(0.7, 1), law(), underwriting_year=2026, ledger=Ledger())
    assert few["snow_ice"].parameters["spells_a_year"].status == "illustrative"
    assert group["loss_ratio"].values == pytest.approx(0.7 * MEAN.sum() / 2)
    assert group.sizes == {"peril": 7, "year": 10}
    for name, variable in group.variables.items():
        assert variable.dtype.kind == "U" or variable.attrs["units"], name


def test_a_peril_that_the_model_never_pays_is_left_and_the_ledger_says_so() -> None:
    pilot = law()
    mean, variance = pilot.mean.copy(), pilot.variance.copy()
    mean[3] = variance[3] = 0.0
    ledger = Ledger()
    cards, group = updated_cards(
        CARDS,
        years_of(1.0),
        replace(pilot, mean=mean, variance=variance),
        underwriting_year=2026,
        ledger=ledger,
    )
    assert cards["drought"] == CARDS["drought"]
    assert np.isnan(group["ratio"].sel(peril="drought"))
    assert any(entry.kind == "unreliable" and "drought" in entry.subject for entry in ledger)


def test_a_range_that_is_not_lognormal_is_refused_with_its_card() -> None:
    scale = CARDS["nonfire"].parameters["scale"]
    flat = scale.model_copy(
        update={"range": Range(distribution="uniform", low=0.3, high=5.0, basis="a guess")}
    )
    cards = {**CARDS, "nonfire": CARDS["nonfire"].model_copy(update={"parameters": {"scale": flat}})}
    with pytest.raises(ArgumentError) as error:
        update_levels(cards, years_of(1.0), law(), underwriting_year=2026)
    assert str(error.value) == (
        "card nonfire-cost-jiangxi  scale.range.distribution = uniform\n  Own experience updates a lognormal or "
        "logit_normal range only. State the range as lognormal.\n1 fault."
    )
