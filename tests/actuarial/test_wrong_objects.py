# SPDX-License-Identifier: Apache-2.0
"""What a new user gives by mistake - a law for a fit, a percentage for a share - is refused with the mend."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.stats

import greenrisk.actuarial as library
from greenrisk.actuarial.aggregate.compound import CompoundDistribution
from greenrisk.actuarial.aggregate.simulation import simulate
from greenrisk.actuarial.allocation.methods import allocate
from greenrisk.actuarial.credibility.hierarchical import hierarchical
from greenrisk.actuarial.credibility.models import buhlmann_straub
from greenrisk.actuarial.credibility.prior import GammaPoisson
from greenrisk.actuarial.dependence.elliptical import Gaussian
from greenrisk.actuarial.dependence.sums import dependent_losses, simulate_sum
from greenrisk.actuarial.distortion.calibration import calibrate
from greenrisk.actuarial.distortion.functions import Distortion, Wang
from greenrisk.actuarial.distortion.pricing import price, price_layer
from greenrisk.actuarial.fitting.best_fit import fit_best
from greenrisk.actuarial.fitting.goodness import goodness_of_fit
from greenrisk.actuarial.fitting.peaks import fit_peaks, peaks_over_threshold
from greenrisk.actuarial.fitting.return_levels import block_return_levels, peak_return_levels
from greenrisk.actuarial.fitting.severity_fit import fit_severity
from greenrisk.actuarial.frequency.counts import Poisson
from greenrisk.actuarial.glm.rating_fit import fit_rating_model
from greenrisk.actuarial.layers.layer import Layer, Reinstatements
from greenrisk.actuarial.layers.pricing import (
    expected_layer_loss,
    layer_price,
    reinstatement_premium,
    tower_prices,
)
from greenrisk.actuarial.layers.terms import Deductible, Franchise
from greenrisk.actuarial.layers.tower import Tower
from greenrisk.actuarial.measures import value_at_risk
from greenrisk.actuarial.premium.gross import build_up
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.actuarial.reading import as_floats, quoted
from greenrisk.actuarial.severity.families import Gamma, Lognormal
from greenrisk.core.errors import ArgumentError, FitError

RNG = np.random.default_rng(1)
LOSSES = RNG.lognormal(0.0, 1.0, 200)
YEARS = RNG.gamma(2.0, 1.0, (200, 3))
RATIOS = RNG.gamma(9.0, 1.0, (5, 4))
COMPOUND = CompoundDistribution(Poisson(2.0), Lognormal(0.0, 1.0))
LAYER = Layer(10.0, 5.0)
COPULA = Gaussian(np.array([[1.0, 0.3], [0.3, 1.0]]))
PEAKS = fit_peaks(peaks_over_threshold(LOSSES, 1.0, years=10.0))
FRAME = pd.DataFrame(YEARS).assign(name="a")


def anything(value: Any) -> Any:
    """Return a value whose type the checker does not follow: these calls are wrong on purpose."""
    return value


WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "a law for a family": (
        lambda: fit_severity(LOSSES, anything(Lognormal(0, 1))),
        "with its parameters. A family was expected, e.g. Lognormal, or",
    ),
    "a law of scipy": (lambda: fit_severity(LOSSES, anything(scipy.stats.lognorm)), "names lognormal, "),
    "an unknown family": (
        lambda: fit_severity(LOSSES, "lognorm"),
        "family = 'lognorm'\n  A family was expected",
    ),
    "wrong families": (
        lambda: fit_best(LOSSES, anything(["foo", Gamma(1, 1)])),
        "(?s)'foo'.*Gamma\\(.*e.g. Gamma.*2 faults",
    ),
    "no family at all": (lambda: fit_best(LOSSES, anything(3)), "families = 3"),
    "the goodness of a law": (
        lambda: goodness_of_fit(anything(Lognormal(0, 1)), rng=1),
        "use distances\\(law, data\\)",
    ),
    "reinstatements of words": (lambda: Layer(10, 5, reinstatements=anything("1")), "Reinstatements\\(count"),
    "a tower of pairs": (lambda: Tower(anything([(10, 5)])), "layers\\[0\\] = \\(10, 5\\)"),
    "a tower of one layer": (lambda: Tower(anything(LAYER)), "A sequence of Layer"),
    "a layer of a law": (
        lambda: layer_price(anything(COMPOUND.aggregate()), LAYER),
        "no longer knows single events",
    ),
    "an expected loss of a law": (
        lambda: expected_layer_loss(anything(Lognormal(0, 1)), LAYER),
        "CompoundDistribution or Portfolio",
    ),
    "a layer of two numbers": (lambda: layer_price(COMPOUND, anything((10, 5))), "Layer\\(limit, attachment"),
    "a tower that is a layer": (lambda: tower_prices(COMPOUND, anything(LAYER)), "of one layer use layer_pr"),
    "payments that are no law": (
        lambda: reinstatement_premium(anything(COMPOUND), LAYER),
        "layered\\(loss, layer\\).aggregate",
    ),
    "simulating one loss": (
        lambda: simulate(anything(Lognormal(0, 1)), 10, 1),
        "a severity needs a frequency",
    ),
    "the price of a compound": (lambda: price(anything(COMPOUND), Wang(0.1)), "\\.aggregate\\(\\)"),
    "price the wrong way round": (
        lambda: price(anything(Wang(0.1)), anything([1, 2])),
        "the loss comes before",
    ),
    "a distortion by name": (lambda: price_layer([1.0, 2.0], anything("wang"), 1.0), "e.g. Wang\\(0.25\\)"),
    "a distortion with its parameter": (
        lambda: calibrate(anything(Wang(0.1)), [1.0, 2.0], target_premium=1.7),
        "The class of a distortion",
    ),
    "the allocation of a law": (
        lambda: allocate(anything(COMPOUND.aggregate()), level=0.99),
        "losses = AggregateLoss .*\n  A law of the total does not know its segments",
    ),
    "a column of words": (
        lambda: allocate(FRAME, level=0.9),
        "column 'name' of losses holds 'a'\n  .*set_index",
    ),
    "ratios with words": (
        lambda: buhlmann_straub(FRAME),
        "column 'name' of ratios holds 'a'\n  .*set_index",
    ),
    "loadings in a dict": (lambda: build_up(YEARS, anything({"tax": 0.1})), "Loadings\\(expenses"),
    "exposures without a name": (
        lambda: build_up(YEARS, Loadings(0.1), ("a", "b", "c"), anything([1, 2, 3])),
        "{'area': one number",
    ),
    "segments in one word": (lambda: build_up(YEARS, Loadings(0.1), "abc"), "\\('abc',\\) for one segment"),
    "segments of an allocation in one word": (lambda: allocate(YEARS, "abc", level=0.9), "\\('abc',\\)"),
    "a rate without an exposure": (
        lambda: build_up(YEARS, Loadings(0.1), ("a", "b", "c"), level=0.9).rate("mu"),
        "exposure={'mu': ...}",
    ),
    "levels of fitted peaks": (
        lambda: peak_return_levels(anything(PEAKS), [10.0], 10.0),
        "\\.return_levels\\(periods\\), or \\.tail",
    ),
    "levels of peaks by block": (
        lambda: block_return_levels(anything(PEAKS.tail), [10.0]),
        "fit_generalised_extreme_value",
    ),
    "groups in a list": (lambda: hierarchical(RATIOS, None, anything([0, 0, 1, 1, 1])), "{'region': \\["),
    "numbers for laws": (
        lambda: dependent_losses(anything([1, 2]), COPULA, 10, 1),
        "(?s)marginals\\[0\\] = 1.*marginals\\[1\\] = 2",
    ),
    "a compound for a law": (
        lambda: simulate_sum(anything([COMPOUND, COMPOUND]), COPULA, 10, 1),
        "\\.aggregate\\(\\)",
    ),
    "one law for many": (
        lambda: dependent_losses(anything(Lognormal(0, 1)), COPULA, 10, 1),
        "marginals = Lognormal",
    ),
    "a copula that is none": (
        lambda: dependent_losses([Lognormal(0, 1)], anything(0.3), 10, 1),
        "copula = 0.3",
    ),
    "a function of many numbers": (
        lambda: fit_severity(LOSSES, Lognormal).interval_of(anything(lambda law: law.sf([1.0, 2.0]))),
        "It must return one number",
    ),
    "capital at eight for eight percent": (lambda: Loadings(cost_of_capital=8), "a percentage: 0.08\\?"),
    "a reinstatement at a hundred": (lambda: Reinstatements(1, 100), "not a percentage: 1\\?"),
    "a level of 95": (lambda: value_at_risk(LOSSES, 95), "not a percentage: 0.95\\?"),
    "levels of percent": (lambda: value_at_risk(LOSSES, [0.5, 99.5]), "level\\[1\\] = 99.5\n.*0.995\\?"),
    "a prior's interval of 90": (lambda: GammaPoisson(2.0, 3.0).interval(90), "level = 90\n.*0.9\\?"),
    "a number in words": (lambda: Poisson(anything("3")), "mean = '3'\n  A number was expected"),
    "numbers in words": (lambda: value_at_risk(anything(["1", "2"]), 0.5), "Numbers were expected"),
    "dates for numbers": (lambda: value_at_risk(anything(pd.date_range("2020", periods=3)), 0.5), "Numbers"),
    "a loss ratio out of reach": (
        lambda: calibrate(Wang, [0.0, 30.0], target_loss_ratio=0.1),
        "target_loss_ratio = 0.1, a premium of 150\n  The premium of Wang reaches 15 to 30",
    ),
    "a negative deductible": (lambda: Deductible(-1), r"\[unit of the loss\]"),
    "a franchise in words": (lambda: Franchise(anything("5")), r"\[unit of the loss\]"),
    "a layer without width": (lambda: Layer(0.0), r"\[unit of the loss\]"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_given_by_mistake_is_refused_with_the_mend(name: str) -> None:
    call, message = WRONG[name]
    with pytest.raises(ArgumentError, match=message):
        call()


def test_families_go_by_their_names_too() -> None:
    assert fit_severity(LOSSES, "lognormal").parameters == fit_severity(LOSSES, Lognormal).parameters
    assert fit_severity(LOSSES, "Generalized_Pareto").family == "GeneralisedPareto"
    assert [fit.family for fit in fit_best(LOSSES, ["gamma", Lognormal])] == ["Lognormal", "Gamma"]
    assert fit_best(LOSSES, Gamma).best.family == "Gamma"


def test_a_count_of_reinstatements_stands_for_those_at_full_premium() -> None:
    assert Layer(10.0, 5.0, reinstatements=anything(2)) == Layer(10.0, 5.0, reinstatements=Reinstatements(2))
    assert Layer(10.0, 5.0, reinstatements=anything(2)).capacity == 30.0
    with pytest.raises(ArgumentError, match="count = 0"):
        Layer(10.0, 5.0, reinstatements=anything(0))


def test_loadings_and_weights_need_not_be_named_one_by_one() -> None:
    assert Loadings(expenses=0.2) == Loadings(0.2, 0.0, 0.0, 0.0, 0.0)
    assert buhlmann_straub(RATIOS).collective == buhlmann_straub(RATIOS, np.ones((5, 4))).collective
    with pytest.raises(ArgumentError, match="no parameter cost_of_capital"):
        Loadings.from_values({"expenses": 0.1, "commission": 0.1, "tax": 0.0, "profit": 0.0})


def test_a_seed_and_whole_floats_do_as_well_as_a_generator_and_integers() -> None:
    laws = [Lognormal(0.0, 1.0), Gamma(2.0, 1.0)]
    by_seed = dependent_losses(laws, COPULA, 50, 7)
    assert np.array_equal(by_seed, dependent_losses(laws, COPULA, 50, np.random.default_rng(7)))
    assert simulate(COMPOUND, 1e3, 1).mean() == simulate(COMPOUND, 1000, 1).mean()


def test_groups_may_be_a_frame() -> None:
    groups = {"g": [0, 0, 1, 1, 1]}
    frame = hierarchical(RATIOS, None, anything(pd.DataFrame(groups)))
    assert np.array_equal(frame.premium, hierarchical(RATIOS, None, groups).premium)


def test_one_record_is_not_told_in_the_plural() -> None:
    with pytest.raises(FitError, match="1 record with 1 distinct loss\n"):
        fit_severity([5.0], Lognormal)


def test_what_is_quoted_takes_one_line() -> None:
    series = pd.Series([{"a": 1}, None], dtype=object)
    assert quoted(series) == "0 {'a': 1} 1 None dtype: object"
    assert quoted("x" * 100) == "'" + "x" * 55 + " ..."
    with pytest.raises(ArgumentError, match=r"x = 0 {'a': 1} 1 None dtype: object\n  Numbers"):
        as_floats("x", series)
    assert np.isnan(as_floats("x", [1.0, None])[1])


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("LogNormal", "Lognormal"),
        ("GeneralizedPareto", "GeneralisedPareto"),
        ("fit_generalized_pareto", "fit_generalised_pareto"),
        ("GPD", "GeneralisedPareto"),
        ("GEV", "fit_generalised_extreme_value"),
        ("VaR", "value_at_risk"),
        ("OEP", "occurrence_exceedance"),
        ("buhlmann_straub_model", "buhlmann_straub"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_right_one(name: str, meant: str) -> None:
    with pytest.raises(AttributeError, match=rf"no attribute '{name}'\. Did you mean .*\b{meant}\b"):
        getattr(library, name)


def test_other_names_are_answered_without_a_guess_and_only_public_ones_are_listed() -> None:
    with pytest.raises(AttributeError, match=r"no attribute '__wrapped__'$"):
        getattr(library, "__wrapped__")  # noqa: B009
    assert dir(library) == sorted(library.__all__)
    assert not {"Final", "import_module", "annotations"} & set(dir(library))


class TestRatingTables:
    """A table that holds the answer, codes that are read as numbers, and a word that is one name."""

    frame = pd.DataFrame(
        {
            "y": RNG.poisson(2.0, 90),
            "e": RNG.uniform(0.5, 1.5, 90),
            "zone": np.arange(90) % 3,
            "age": RNG.uniform(20.0, 70.0, 90),
        }
    )

    def test_a_column_that_is_the_response_or_the_exposure_is_refused(self) -> None:
        with pytest.raises(ArgumentError, match="column 'y' is the response\n  It would explain") as caught:
            fit_rating_model(self.frame.y, self.frame, exposure=self.frame.e)
        assert [fault.what for fault in caught.value.faults][1] == "column 'e' is the exposure"
        even = np.ones(90)
        fit_rating_model(self.frame.y, self.frame[["zone"]], exposure=even)

    def test_a_whole_number_is_told_to_be_a_slope_that_may_be_a_code(self) -> None:
        printed = repr(fit_rating_model(self.frame.y, self.frame[["zone", "age"]]))
        assert "zone: one slope for a whole number; if it is a code, name it in categorical" in printed
        assert "age: one slope" not in printed
        model = fit_rating_model(self.frame.y, self.frame[["zone", "age"]], categorical="zone")
        assert "one slope" not in repr(model)
        assert [level.level for level in model.relativities() if level.term == "zone"] == ["0", "1", "2"]


def test_a_distortion_is_what_the_message_says() -> None:
    assert isinstance(Wang(0.25), Distortion)
