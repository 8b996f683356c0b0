# SPDX-License-Identifier: Apache-2.0
"""The rate review (费率回溯): actual against expected payments, credibility, the indicated rate and its cap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.actuarial.allocation.segments import ratio
from greenrisk.actuarial.arguments import number
from greenrisk.actuarial.premium.gross import gross_premium
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.resource.experience_spec import RateReviewSpec
from greenrisk.resource.rate_review import ExperienceYears, ModelYears
from greenrisk.resource.review_credibility import Weighed, weigh
from greenrisk.resource.review_experience import Arranged, arrange
from greenrisk.resource.review_law import LEVELS, WindowLaw, YearlyLaw

Floats = NDArray[np.float64]
Columns = dict[str, tuple[tuple[str, ...], NDArray[np.generic], str]]

PER_MILLE: Final = "per mille"
"""Unit of rates."""

ENDS: Final = ("", "_low", "_high")
"""What is added to a name: the estimate and the ends of its 90 % interval."""


@dataclass(frozen=True)
class RateReview:
    """The groups of a review.

    Parameters
    ----------
    years : Dataset
        By year and peril: what was paid, what the model expects, intervals, adjustments, loss ratios.
    windows : Dataset
        The same by review period.
    perils : Dataset
        By peril, of the last period: trend, credibility, indicated rates.
    indication : Dataset
        By review (one row): current, indicated and proposed gross rate, change and cap.
    """

    years: xr.Dataset
    windows: xr.Dataset
    perils: xr.Dataset
    indication: xr.Dataset

    def groups(self) -> Mapping[str, xr.Dataset]:
        """Return the groups by their paths in a result."""
        return {
            f"/rate_review/{name}": getattr(self, name)
            for name in ("years", "windows", "perils", "indication")
        }


def rate_review(
    experience: ExperienceYears,
    model: ModelYears,
    spec: RateReviewSpec,
    loadings: Loadings,
    risk_load: float,
    underwriting_year: int,
    seed: int,
) -> RateReview:
    """Return the review of a rate.

    Parameters
    ----------
    experience : ExperienceYears
        The years that were.
    model : ModelYears
        The years of the model, at the level of the underwriting year.
    spec : RateReviewSpec
        Settings.
    loadings : Loadings
        From the pure to the gross premium.
    risk_load : float
        Risk load of the model's book at its own pure premium [CNY/year], >= 0; it grows with the indicated one.
    underwriting_year : int
        Year that losses are brought to; no year of experience may lie after it.
    seed : int
        Of the draws of the trend's and the development's errors, and of the windows of years.

    Raises
    ------
    ArgumentError
        If a peril of the experience is none of the model's, years lie after the underwriting year or are fewer than
        the period, or factors are given for other years; all at once.

    Notes
    -----
    All ratios are payments over what the model expects at central values for the same sums insured. With X the ratio of
    the period's developed and adjusted losses, and a truth Q that the draws of the cards give a law to, the indicated
    ratio is ``G = Z X + (1 - Z)``.

    Greatest accuracy: ``Z = b / (b + w)`` with ``b = E[(Q - 1)^2]`` and ``w = E[(X - Q)^2]``, both of the model, the
    latter with the errors of development and trend. This is the Z of the least expected ``(G - Q)^2``. A level is one
    of how often perils strike, so that ``w`` grows with ``Q`` and not with its square. Limited
    fluctuation: ``Z = min(1, 1 / sqrt(N))``, N the number of such periods of which the mean would come within the
    margin of its expectation with the given confidence; periods take the place of claims, since the claims of one event
    are not independent of each other.

    The interval is ``G`` times the 5 % and 95 % quantiles of ``Q / G`` over the model's draws of cards and years: it
    holds the truth with 90 % if the cards' ranges are right.

    That a fitted trend and the losses of the last period are made of the same years is not counted.

    The indicated gross rate comes from the indicated ratio of all perils; the perils' own are scaled to add up to it.

    References
    ----------
    Bühlmann, H. and Gisler, A. (2005), A Course in Credibility Theory, Springer, chapters 2 and 3. Klugman, S. A.,
    Panjer, H. H. and Willmot, G. E. (2012), Loss Models, 4th ed., chapter 17. Werner, G. and Modlin, C. (2016), Basic
    Ratemaking, 5th ed., Casualty Actuarial Society, chapters 5, 6, 8 and 12 (on-level premium, trend, indication,
    credibility).
    """
    number("risk_load", risk_load, least=0.0, unit="CNY/year")
    seen = arrange(experience, model, spec, underwriting_year)
    law = YearlyLaw(model.totals / model.sum_insured, model.factor, seed)
    ends = _windows(experience.year.size, spec.period)
    years = _years(seen, law)
    windows = _by_window(seen, law, ends)
    last = slice(*ends[-1])
    weighed = weigh(seen, law, last, seed)
    gross = _Gross(model, loadings, risk_load, law.mean[0] * model.sum_insured)
    perils = _perils(seen, law, model, weighed, gross)
    return RateReview(years, windows, perils, _indication(seen, model, perils, gross))


def _windows(years: int, period: int) -> list[tuple[int, int]]:
    """Return first and last but one of each review period, counted back from the last year; the first may be short."""
    ends = list(range(years, 0, -period))[::-1]
    return [(max(end - period, 0), end) for end in ends]


def _years(seen: Arranged, law: YearlyLaw) -> xr.Dataset:
    given = seen.given
    exposure = given.sum_insured[:, None]
    one = law.window(np.ones(1))
    actual, expected = seen.table("incurred"), exposure * one.expected
    adjusted, on_level = actual * seen.level, seen.on_level
    both, by_year = ("year", "peril"), ("year",)
    columns: Columns = {
        "insured_area": (by_year, given.insured_mu, "mu"),
        "sum_insured": (by_year, given.sum_insured, "CNY"),
        "premium": (by_year, given.premium, "CNY"),
        "on_level_premium": (by_year, on_level, "CNY"),
        "terms_factor": (by_year, seen.terms, "1"),
        "loss_ratio": (by_year, actual[:, 0] / given.premium, "1"),
        "on_level_loss_ratio": (by_year, adjusted[:, 0] / on_level, "1"),
        "paid": (both, seen.table("paid"), "CNY"),
        "outstanding": (both, seen.table("outstanding"), "CNY"),
        "actual": (both, actual, "CNY"),
        "actual_error": (both, seen.table("error"), "CNY"),
        "expected": (both, expected, "CNY"),
        "expected_error": (both, exposure * law.standard_error, "CNY"),
        **_intervals(one, both, exposure),
        "exceeded": (both, one.exceeded(actual / exposure), "1"),
        "actual_to_expected": (both, ratio(actual, expected), "1"),
        "trend_factor": (both, seen.trend_factor, "1"),
        "adjusted": (both, adjusted, "CNY"),
        "adjusted_to_expected": (both, ratio(adjusted, expected), "1"),
    }
    return _dataset(columns, {"year": given.year, "peril": np.array(seen.columns)})


def _by_window(seen: Arranged, law: YearlyLaw, ends: list[tuple[int, int]]) -> xr.Dataset:
    given, dims = seen.given, ("window", "peril")
    rows: list[Columns] = []
    for first, end in ends:
        part = slice(first, end)
        window = law.window(given.sum_insured[part])
        actual = seen.table("incurred")[part].sum(axis=0)
        adjusted = (seen.table("incurred") * seen.level)[part].sum(axis=0)
        premium, on_level = given.premium[part].sum(), seen.on_level[part].sum()
        rows.append(
            {
                "first_year": (("window",), np.asarray(given.year[first]), "year"),
                "last_year": (("window",), np.asarray(given.year[end - 1]), "year"),
                "premium": (("window",), np.asarray(premium), "CNY"),
                "on_level_premium": (("window",), np.asarray(on_level), "CNY"),
                "loss_ratio": (("window",), np.asarray(actual[0] / premium), "1"),
                "on_level_loss_ratio": (("window",), np.asarray(adjusted[0] / on_level), "1"),
                "actual": (dims, actual, "CNY"),
                "actual_error": (dims, np.sqrt((seen.table("error")[part] ** 2).sum(axis=0)), "CNY"),
                "expected": (dims, window.expected, "CNY"),
                **_intervals(window, dims),
                "exceeded": (dims, window.exceeded(actual), "1"),
                "actual_to_expected": (dims, ratio(actual, window.expected), "1"),
                "adjusted": (dims, adjusted, "CNY"),
                "adjusted_to_expected": (dims, ratio(adjusted, window.expected), "1"),
            }
        )
    columns: Columns = {
        name: (on, np.stack([row[name][1] for row in rows]), unit) for name, (on, _, unit) in rows[0].items()
    }
    labels = [_label(given.year[first:end]) for first, end in ends]
    return _dataset(columns, {"window": np.array(labels), "peril": np.array(seen.columns)})


def _label(years: NDArray[np.int64]) -> str:
    return str(years[0]) if years.size == 1 else f"{years[0]}-{years[-1]}"


def _intervals(law: WindowLaw, dims: tuple[str, ...], exposure: Floats | float = 1.0) -> Columns:
    """Return the 90 % intervals by chance alone, and with what is not known of the cards."""
    ends = (*law.interval(False), *law.interval(True))
    names = ("low", "high", "low_with_knowledge", "high_with_knowledge")
    return {name: (dims, end * exposure, "CNY") for name, end in zip(names, ends, strict=True)}


@dataclass(frozen=True)
class _Gross:
    """The gross rate of a multiple of the model's pure premium."""

    model: ModelYears
    loadings: Loadings
    risk_load: float
    pure: float

    def rate(self, multiple: float) -> float:
        """Gross rate [per mille]; the law of a year is taken to scale as a whole, and the risk load with it."""
        fixed = self.loadings.fixed_expenses * self.model.insured_mu
        premium = gross_premium(multiple * self.pure, multiple * self.risk_load, self.loadings, fixed)
        return 1000.0 * premium / self.model.sum_insured


def _perils(seen: Arranged, law: YearlyLaw, model: ModelYears, weighed: Weighed, gross: _Gross) -> xr.Dataset:
    ahead = (seen.spec.years_in_force - 1) / 2.0
    projection = np.array([float(trend.factor(ahead)) for trend in seen.trends])
    expected = 1000.0 * law.mean
    indicated = expected * weighed.ratio * projection
    balance = indicated[0] / indicated[1:].sum()
    balanced = np.append(indicated[0], balance * indicated[1:])
    gross_rate = gross.rate(float(weighed.ratio[0] * projection[0])) * balanced / indicated[0]
    per_mu = model.sum_insured / model.insured_mu / 1000.0
    intervals = np.array([trend.interval for trend in seen.trends])
    dims = ("peril",)
    columns: Columns = {
        "trend": (dims, np.array([trend.yearly for trend in seen.trends]), "1/year"),
        "trend_low": (dims, intervals[:, 0], "1/year"),
        "trend_high": (dims, intervals[:, 1], "1/year"),
        "trend_applied": (dims, np.array([int(trend.applied) for trend in seen.trends]), "1"),
        "trend_note": (dims, np.array([trend.note for trend in seen.trends]), ""),
        "adjusted_to_expected": (dims, weighed.own, "1"),
        "credibility_limited_fluctuation": (dims, weighed.limited, "1"),
        "credibility_greatest_accuracy": (dims, weighed.greatest, "1"),
        "credibility": (dims, weighed.factor, "1"),
        "experience_rate": (dims, expected * weighed.own, PER_MILLE),
        "expected_rate": (dims, expected, PER_MILLE),
        "projection": (dims, projection, "1"),
        "indicated_rate": (dims, indicated, PER_MILLE),
        "indicated_rate_low": (dims, expected * weighed.low * projection, PER_MILLE),
        "indicated_rate_high": (dims, expected * weighed.high * projection, PER_MILLE),
        "change": (dims, weighed.ratio * projection - 1.0, "1"),
        "change_low": (dims, weighed.low * projection - 1.0, "1"),
        "change_high": (dims, weighed.high * projection - 1.0, "1"),
        "balanced_rate": (dims, balanced, PER_MILLE),
        "gross_rate": (dims, gross_rate, PER_MILLE),
        "gross_rate_per_mu": (dims, gross_rate * per_mu, "CNY/mu"),
    }
    dataset = _dataset(columns, {"peril": np.array(seen.columns)})
    dataset.attrs |= {"credibility": seen.spec.credibility, "balance": float(balance)}
    return dataset


def _indication(seen: Arranged, model: ModelYears, perils: xr.Dataset, gross: _Gross) -> xr.Dataset:
    spec, per_mu = seen.spec, model.sum_insured / model.insured_mu / 1000.0
    multiples = [1.0 + float(perils[name].values[0]) for name in ("change", "change_low", "change_high")]
    rates = np.array([gross.rate(multiple) for multiple in multiples])
    changes = rates / seen.current - 1.0
    cap = np.inf if spec.max_change is None else spec.max_change
    proposed = float(np.clip(changes[0], -min(cap, 1.0), cap))
    rate = seen.current * (1.0 + proposed)
    values: dict[str, tuple[float, str]] = {
        "current_rate": (seen.current, PER_MILLE),
        "current_rate_per_mu": (seen.current * per_mu, "CNY/mu"),
        **{f"indicated_rate{end}": (float(value), PER_MILLE) for end, value in zip(ENDS, rates, strict=True)},
        **{
            f"indicated_rate_per_mu{end}": (float(value) * per_mu, "CNY/mu")
            for end, value in zip(ENDS, rates, strict=True)
        },
        **{f"indicated_change{end}": (float(value), "1") for end, value in zip(ENDS, changes, strict=True)},
        "max_change": (np.nan if spec.max_change is None else spec.max_change, "1"),
        "proposed_change": (proposed, "1"),
        "proposed_rate": (rate, PER_MILLE),
        "proposed_rate_per_mu": (rate * per_mu, "CNY/mu"),
        "expected_loss_ratio": (float(perils["indicated_rate"].values[0]) / rate, "1"),
    }
    columns: Columns = {
        name: (("review",), np.array([value]), unit) for name, (value, unit) in values.items()
    }
    dataset = _dataset(columns, {"review": np.array([_label(seen.given.year[-spec.period :])])})
    dataset.attrs |= {
        "current_rate_given": int(spec.current_rate_per_mille is not None),
        "capped": int(abs(float(changes[0])) > cap),
        "years_in_force": spec.years_in_force,
    }
    return dataset


def _dataset(columns: Columns, coords: Mapping[str, NDArray[np.generic]]) -> xr.Dataset:
    dataset = xr.Dataset(
        {
            name: (dims, values, {"units": unit} if unit else {})
            for name, (dims, values, unit) in columns.items()
        },
        coords=dict(coords),
    )
    dataset.attrs["level"] = LEVELS[1] - LEVELS[0]
    return dataset
