# SPDX-License-Identifier: Apache-2.0
"""What an actuary brings: from loss data to a price that states its error.

The names are imported from their homes when they are first used, so that ``import greenrisk.actuarial`` costs nothing.
Inside the package the homes are imported, never this page.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

HOMES: Final[dict[str, tuple[str, ...]]] = {
    "greenrisk.actuarial.severity.law": (
        "Severity",
        "Atoms",
    ),
    "greenrisk.actuarial.severity.family": ("Family",),
    "greenrisk.actuarial.severity.families": (
        "Lognormal",
        "Exponential",
        "Gamma",
        "Weibull",
    ),
    "greenrisk.actuarial.severity.pareto_families": (
        "Pareto",
        "ParetoII",
        "GeneralisedPareto",
    ),
    "greenrisk.actuarial.severity.burr": (
        "Burr",
        "Loglogistic",
    ),
    "greenrisk.actuarial.severity.inverse_gaussian": ("InverseGaussian",),
    "greenrisk.actuarial.severity.beta": ("Beta",),
    "greenrisk.actuarial.severity.registry": ("FAMILIES",),
    "greenrisk.actuarial.severity.mixture": (
        "Mixture",
        "mixture_of",
    ),
    "greenrisk.actuarial.severity.spliced": ("Spliced",),
    "greenrisk.actuarial.severity.modified": (
        "Truncated",
        "Capped",
        "Scaled",
    ),
    "greenrisk.actuarial.severity.layered": ("Layered",),
    "greenrisk.actuarial.severity.empirical": (
        "Empirical",
        "Discrete",
    ),
    "greenrisk.actuarial.severity.quadrature": ("limited_by_quadrature",),
    "greenrisk.actuarial.fitting.data": ("LossData",),
    "greenrisk.actuarial.fitting.severity_fit": ("fit_severity",),
    "greenrisk.actuarial.fitting.fitted": ("SeverityFit",),
    "greenrisk.actuarial.fitting.best_fit": (
        "fit_best",
        "FitTable",
    ),
    "greenrisk.actuarial.fitting.splice_fit": (
        "fit_spliced",
        "SplicedFit",
    ),
    "greenrisk.actuarial.fitting.goodness": (
        "goodness_of_fit",
        "Goodness",
    ),
    "greenrisk.actuarial.fitting.grouped_goodness": ("chi_square",),
    "greenrisk.actuarial.fitting.nested": (
        "likelihood_ratio_test",
        "LikelihoodRatio",
    ),
    "greenrisk.actuarial.fitting.plot_data": (
        "probability_points",
        "quantile_points",
    ),
    "greenrisk.actuarial.fitting.tail_data": (
        "mean_excess",
        "threshold_stability",
        "hill",
    ),
    "greenrisk.actuarial.fitting.extreme_fit": (
        "ExtremeValueFit",
        "GeneralisedParetoFit",
    ),
    "greenrisk.actuarial.fitting.extremes": (
        "fit_generalised_extreme_value",
        "fit_generalised_pareto",
    ),
    "greenrisk.actuarial.fitting.peaks": (
        "block_maxima",
        "BlockMaxima",
        "peaks_over_threshold",
        "Peaks",
        "fit_peaks",
        "PeaksFit",
    ),
    "greenrisk.actuarial.fitting.return_levels": (
        "block_return_levels",
        "peak_return_levels",
        "ReturnLevels",
    ),
    "greenrisk.actuarial.frequency.law": ("Frequency",),
    "greenrisk.actuarial.frequency.counts": (
        "Poisson",
        "Binomial",
        "NegativeBinomial",
    ),
    "greenrisk.actuarial.frequency.modified": (
        "Logarithmic",
        "ZeroTruncated",
        "ZeroModified",
    ),
    "greenrisk.actuarial.frequency.mixed": (
        "MixedPoisson",
        "PoissonInverseGaussian",
    ),
    "greenrisk.actuarial.frequency.mixture": ("FrequencyMixture",),
    "greenrisk.actuarial.frequency.empirical": ("EmpiricalCounts",),
    "greenrisk.actuarial.aggregate.compound": (
        "CompoundDistribution",
        "Portfolio",
    ),
    "greenrisk.actuarial.aggregate.loss": ("AggregateLoss",),
    "greenrisk.actuarial.aggregate.results": (
        "Numerical",
        "Quantile",
        "NumericalError",
    ),
    "greenrisk.actuarial.aggregate.recursion": ("panjer",),
    "greenrisk.actuarial.aggregate.simulation": (
        "simulate",
        "simulate_blocks",
        "simulate_events",
    ),
    "greenrisk.actuarial.aggregate.tally": ("SimulatedLoss",),
    "greenrisk.actuarial.layers.terms": (
        "Deductible",
        "Franchise",
        "LossTerms",
    ),
    "greenrisk.actuarial.layers.layer": (
        "Layer",
        "Reinstatements",
    ),
    "greenrisk.actuarial.layers.tower": ("Tower",),
    "greenrisk.actuarial.layers.programme": (
        "QuotaShare",
        "Surplus",
        "StopLoss",
        "Programme",
    ),
    "greenrisk.actuarial.layers.policy": ("PolicyLimits",),
    "greenrisk.actuarial.layers.events": ("EventTable",),
    "greenrisk.actuarial.layers.pricing": (
        "LayerPrice",
        "layer_price",
        "expected_layer_loss",
        "reinstatement_premium",
        "tower_prices",
    ),
    "greenrisk.actuarial.measures": (
        "Estimate",
        "value_at_risk",
        "tail_value_at_risk",
        "spectral",
        "mean_and_standard_error",
    ),
    "greenrisk.actuarial.exceedance": (
        "exceedance_curves",
        "ExceedanceCurves",
        "aggregate_exceedance",
        "occurrence_exceedance",
        "return_level",
        "event_return_level",
    ),
    "greenrisk.actuarial.distortion.functions": (
        "Distortion",
        "ProportionalHazard",
        "Wang",
        "DualPower",
        "TailValueAtRisk",
        "ConstantCostOfCapital",
    ),
    "greenrisk.actuarial.distortion.mixture": (
        "BiTailValueAtRisk",
        "MixtureDistortion",
    ),
    "greenrisk.actuarial.distortion.spectral": ("SpectralDistortion",),
    "greenrisk.actuarial.distortion.pricing": (
        "price",
        "price_layer",
        "Priced",
    ),
    "greenrisk.actuarial.distortion.calibration": ("calibrate",),
    "greenrisk.actuarial.allocation.methods": (
        "allocate",
        "Allocation",
    ),
    "greenrisk.actuarial.premium.loadings": ("Loadings",),
    "greenrisk.actuarial.premium.risk_load": (
        "StandardDeviationLoad",
        "VarianceLoad",
        "DistortionLoad",
        "CapitalLoad",
        "RiskLoad",
    ),
    "greenrisk.actuarial.premium.gross": (
        "build_up",
        "PremiumBuildUp",
        "gross_premium",
    ),
    "greenrisk.actuarial.glm.counts": (
        "poisson_regression",
        "negative_binomial_regression",
    ),
    "greenrisk.actuarial.credibility.models": (
        "full_credibility_standard",
        "limited_fluctuation",
        "buhlmann",
        "buhlmann_straub",
        "CredibilityModel",
    ),
    "greenrisk.actuarial.credibility.hierarchical": (
        "hierarchical",
        "Hierarchy",
    ),
    "greenrisk.actuarial.credibility.regression": (
        "trend_credibility",
        "TrendModel",
    ),
    "greenrisk.actuarial.credibility.prior": ("GammaPoisson",),
    "greenrisk.actuarial.credibility.level": ("LognormalLevel",),
    "greenrisk.actuarial.reserving": (
        "chain_ladder",
        "ChainLadder",
    ),
    "greenrisk.actuarial.premium.experience": (
        "experience_rate",
        "ExperienceRate",
    ),
    "greenrisk.actuarial.glm.tweedie": (
        "tweedie_regression",
        "tweedie_model",
        "TweedieModel",
        "PowerProfile",
    ),
    "greenrisk.actuarial.glm.tweedie_density": ("tweedie_log_density",),
    "greenrisk.actuarial.glm.gamma": ("gamma_regression",),
    "greenrisk.actuarial.glm.design": (
        "Factor",
        "Slope",
    ),
    "greenrisk.actuarial.glm.rating": (
        "RatingModel",
        "Relativity",
        "Balance",
        "Prediction",
        "TermTest",
    ),
    "greenrisk.actuarial.glm.rating_fit": ("fit_rating_model",),
    "greenrisk.actuarial.dependence.elliptical": (
        "Gaussian",
        "StudentT",
    ),
    "greenrisk.actuarial.dependence.archimedean": (
        "Clayton",
        "Gumbel",
    ),
    "greenrisk.actuarial.dependence.copula": (
        "Copula",
        "SurvivalCopula",
    ),
    "greenrisk.actuarial.dependence.common_shock": ("CommonShock",),
    "greenrisk.actuarial.dependence.reordering": ("reorder",),
    "greenrisk.actuarial.dependence.matrices": (
        "correlation_matrix",
        "shrunk",
        "clipped",
        "nearest_correlation",
    ),
    "greenrisk.actuarial.dependence.sums": (
        "dependent_losses",
        "simulate_sum",
    ),
}
"""The public names by the module in which they are made, in the order of the road from a loss to a price."""

_HOME = {name: home for home, names in HOMES.items() for name in names}

__all__ = ["HOMES", *_HOME]


def __getattr__(name: str) -> object:
    """Import a public name from its home when it is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"module 'greenrisk.actuarial' has no attribute {name!r}{_meant(name)}")
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted(__all__)


def _meant(name: str) -> str:
    """Return the end of a message: the public names that may have been meant, by spelling or by their first letters."""
    from difflib import get_close_matches

    plain = {known.lower().replace("_", ""): known for known in _HOME}
    asked = name.lower().replace("_", "")
    found = [plain[match] for match in get_close_matches(asked, plain, n=3, cutoff=0.75)]
    if not found:
        found = [known for spelt, known in plain.items() if len(spelt) > 4 and asked.startswith(spelt)]
    if not found and not name.startswith("_") and len(asked) <= 4:
        # GPD: the letters of generalised Pareto and a D for distribution; OEP: a P for probability.
        endings = {asked, asked.removesuffix("d"), asked.removesuffix("p")}
        found = [known for known in _HOME if any(_letters(known).endswith(ending) for ending in endings)]
        found = sorted(found, key=lambda known: (len(_letters(known)), -len(known)))[:3]
    return f". Did you mean {' or '.join(found)}?" if found and not name.startswith("_") else ""


def _letters(name: str) -> str:
    """Return the first letters of the words of a name."""
    words = name.split("_") if "_" in name else [letter for letter in name if letter.isupper()]
    return "".join(word[0] for word in words if word).lower()
