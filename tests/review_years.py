# SPDX-License-Identifier: Apache-2.0
"""Experience and models of a few perils for the tests of the rate review."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.resource.experience_spec import RateReviewSpec
from greenrisk.resource.rate_review import ExperienceYears, ModelYears
from greenrisk.resource.review_results import RateReview, rate_review

Floats = NDArray[np.float64]
LOADINGS = Loadings(0.1, 0.04, 0.01, 0.05, 0.0)
PERILS = ("storm", "pest")


def years_of(
    incurred: Floats,
    sum_insured: Floats | float = 1000.0,
    rate: float = 500.0,
    perils: tuple[str, ...] = PERILS,
    **more: Floats,
) -> ExperienceYears:
    """Experience to 2024 of 1 CNY a mu, all of it paid, at a gross rate per mille."""
    insured = np.broadcast_to(np.asarray(sum_insured, dtype=float), len(incurred)).copy()
    fields = {
        "error": np.zeros_like(incurred),
        "paid": incurred,
        "outstanding": np.zeros_like(incurred),
    } | more
    year = np.arange(2025 - len(incurred), 2025)
    return ExperienceYears(year, perils, insured, insured, insured * rate / 1000.0, incurred, **fields)


def two_years(factor: Floats | None = None) -> ModelYears:
    """Payments of 100 and 300, of 300 and 100: 200 each in the mean, always 400 in all, for 1,000 CNY insured."""
    totals = np.array([[100.0, 300.0], [300.0, 100.0]])
    if factor is None:
        return ModelYears(PERILS, totals, 1000.0, 1000.0)
    return ModelYears(PERILS, totals, 1000.0, 1000.0, factor)


def reviewed(
    experience: ExperienceYears, model: ModelYears, risk_load: float = 0.0, **settings: object
) -> RateReview:
    spec = RateReviewSpec.model_validate({"trend": "none", **settings})
    return rate_review(experience, model, spec, LOADINGS, risk_load, 2025, 1)


def gammas(rng: np.random.Generator, years: int, level: Floats | float = 1.0) -> Floats:
    """Years of two perils, means 200 and 100, coefficients of variation 1 and 0.5; a level is how often they strike."""
    shape = np.array([1.0, 4.0]) * level
    return rng.gamma(shape, [200.0, 25.0], (years, 2))
