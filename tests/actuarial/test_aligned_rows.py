# SPDX-License-Identifier: Apache-2.0
"""Series and frames whose indexes differ are not paired by place."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from greenrisk.actuarial.allocation.methods import allocate
from greenrisk.actuarial.credibility.models import buhlmann_straub
from greenrisk.actuarial.distortion.functions import Wang
from greenrisk.actuarial.distortion.pricing import price
from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.fitting.extremes import fit_generalised_extreme_value, fit_generalised_pareto
from greenrisk.actuarial.fitting.peaks import block_maxima, peaks_over_threshold
from greenrisk.actuarial.fitting.ratios import clustered_ratios
from greenrisk.actuarial.glm.counts import poisson_regression
from greenrisk.actuarial.glm.rating_fit import fit_rating_model
from greenrisk.actuarial.labels import aligned
from greenrisk.actuarial.layers.events import EventTable
from greenrisk.actuarial.measures import value_at_risk
from greenrisk.actuarial.premium.experience import experience_rate
from greenrisk.actuarial.premium.gross import build_up
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.actuarial.scoring import clustered_mean
from greenrisk.actuarial.severity.empirical import Discrete, Empirical
from greenrisk.core.errors import ArgumentError

N = 40
RNG = np.random.default_rng(5)
FRAME = pd.DataFrame(
    {
        "y": RNG.poisson(2.0, N) + 1.0,
        "region": np.where(np.arange(N) % 2, "a", "b"),
        "e": RNG.uniform(0.5, 1.5, N),
    }
)
MIXED = FRAME.sample(frac=1, random_state=1)
LOADINGS = Loadings(0.1, 0.1, 0.0, 0.05, 0.0)
TABLE = FRAME[["y", "e"]]

PAIRS: dict[str, Callable[[pd.DataFrame], object]] = {
    "losses and deductibles": lambda d: LossData.exact(FRAME.y + 5, deductible=d.e),
    "ends of intervals": lambda d: LossData.intervals(FRAME.y, d.y + 100),
    "response and table": lambda d: fit_rating_model(d.y, FRAME[["region"]]),
    "response and exposure": lambda d: fit_rating_model(FRAME.y, {"region": FRAME.region}, exposure=d.e),
    "response and a column": lambda d: fit_rating_model(FRAME.y, {"region": d.region}),
    "rows to predict": lambda d: fit_rating_model(FRAME.y, FRAME[["region"]]).predict(
        FRAME[["region"]], exposure=d.e
    ),
    "counts and design": lambda d: poisson_regression(d.y, FRAME[["e"]], ("e",)),
    "years and weights": lambda d: value_at_risk(FRAME.y, 0.9, d.e),
    "prices and weights": lambda d: price(FRAME.y, Wang(0.1), weights=d.e),
    "segments and weights": lambda d: allocate(TABLE, level=0.5, weights=d.e),
    "premiums and weights": lambda d: build_up(TABLE, LOADINGS, level=0.5, weights=d.e),
    "ratios and weights": lambda d: buhlmann_straub(TABLE, d[["y", "e"]]),
    "own losses and exposure": lambda d: experience_rate(1.0, FRAME.y, d.e, 0.5),
    "events and years": lambda d: EventTable.of(FRAME.y, (d.e * 0).astype(int), 1),
    "values and blocks": lambda d: block_maxima(FRAME.y, d.region),
    "values and times": lambda d: peaks_over_threshold(FRAME.y, 0.5, 1.0, times=d.y * 0),
    "maxima and covariates": lambda d: fit_generalised_extreme_value(FRAME.e, location={"t": d.y}),
    "losses and covariates": lambda d: fit_generalised_pareto(FRAME.e, scale={"t": d.y}),
    "weighted losses": lambda d: Empirical(FRAME.y, d.e),
    "clusters of ratios": lambda d: clustered_ratios(FRAME[["y"]], d.e),
    "scores and clusters": lambda d: clustered_mean(FRAME.y, d.region),
    "points and probabilities": lambda d: Discrete(FRAME.y, d.e / d.e.sum()),
}


@pytest.mark.parametrize("name", PAIRS)
def test_rows_in_another_order_are_refused_by_both_names_and_with_the_mend(name: str) -> None:
    with pytest.raises(ArgumentError, match=r"row 0 of .+, of .+\n  Rows are paired .+reindex.+to_numpy\(\)"):
        PAIRS[name](MIXED)


@pytest.mark.parametrize("name", [name for name in PAIRS if "covariates" not in name])
def test_rows_with_one_index_are_taken(name: str) -> None:
    PAIRS[name](FRAME.copy())


def test_every_argument_that_departs_is_named() -> None:
    series = pd.Series([1.0, 2.0], index=["x", "y"])
    with pytest.raises(ArgumentError) as caught:
        aligned(
            first=[1.0, 2.0],
            second=series,
            third=series[::-1],
            fourth=None,
            fifth=series.to_numpy(),
            sixth=series[::-1],
        )
    assert [fault.where for fault in caught.value.faults] == ["third", "sixth"]
    assert caught.value.faults[0].what == "row 0 of third is y, of second x"


def test_other_lengths_and_arguments_without_an_index_are_left_to_other_checks() -> None:
    series = pd.Series([1.0, 2.0], index=["x", "y"])
    aligned(first=series, second=series.iloc[:1], third=[3.0], fourth=2.0, fifth=series.index)


def test_exposures_that_name_the_segments_in_another_order_are_refused() -> None:
    exposure = pd.Series([1.0, 2.0], index=["e", "y"])
    with pytest.raises(ArgumentError, match="area in the order e, y, segments y, e"):
        build_up(TABLE, LOADINGS, exposure={"area": exposure}, level=0.5)
    named = build_up(TABLE, LOADINGS, exposure={"area": exposure[["y", "e"]]}, level=0.5)
    assert named.exposure["area"].tolist() == [3.0, 2.0, 1.0]
