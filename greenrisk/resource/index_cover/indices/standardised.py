# SPDX-License-Identifier: Apache-2.0
"""SPI and SPEI with parameters that were fitted before inception and are held since.

climate_indices computes them. It uses the whole record in silence where the calibration window leaves it, so windows
are checked here first; and it fits anew at every call unless it is given parameters, which a scenario therefore stores.
How they are found for storing lives in :mod:`greenrisk.resource.index_cover.freezing`.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from greenrisk.resource.index_cover.index_spec import FrozenParameters, StandardisedIndex
from greenrisk.resource.index_cover.indices.asked import Asked, Unit
from greenrisk.resource.index_cover.indices.climate_library import climate_indices
from greenrisk.resource.index_cover.seasons import season_statistic
from greenrisk.resource.index_cover.series import Floats, Series, YearIndex

LEAST_WINDOW: Final = 30
"""Years that a calibration window needs [year]. Source: WMO-No. 1090, Standardized Precipitation Index User Guide."""

LEAST_VALUES: Final = 20
"""Values of a calendar month that a law needs, the least of the 20 to 30 years that the same guide asks for [1]."""

LIMIT: Final = 3.09
"""Beyond this, climate_indices cuts an index off: chances of 0.001 and 0.999 [1]."""

SAME: Final = 1e-6
"""Relative difference up to which frozen parameters are those of the window: they are stored with ten figures."""

MILLIMETRES: Final = Unit(
    "mm",
    ("mm/month", "mm month-1", "kg m-2", "kg/m2"),
    {"m": "multiply by 1,000", "cm": "multiply by 10", "in": "multiply by 25.4", "inch": "multiply by 25.4"},
)


@dataclass(frozen=True, eq=False)
class Months:
    """Whole years of monthly values, from January to December; NaN where there is none.

    Parameters
    ----------
    first_year : int
        Year of the first row.
    rain : array, shape (months,)
        Rain [mm].
    evapotranspiration : array or None, shape (months,)
        Potential evapotranspiration [mm]; None for an SPI.
    lead : int
        Months of the first year before the series begins.
    series : tuple of Series
        The series, the rain first, cut to the months that all have.
    """

    first_year: int
    rain: Floats
    evapotranspiration: Floats | None
    lead: int
    series: tuple[Series, ...]


def standardised(spec: StandardisedIndex, asked: Asked) -> YearIndex | None:
    """Return an SPI or SPEI of each season; None where a fault was recorded."""
    months = read_months(spec, asked)
    if spec.frozen is None:
        asked.missing(
            "frozen",
            "Parameters are fitted once, before the cover begins, and held. Print them with "
            "`greenrisk freeze SCENARIO` and paste them here.",
        )
    if not asked.season_fits("month", spec.season) or months is None or spec.frozen is None:
        return None
    seasons = asked.seasons(months.series[0], spec.season)
    if seasons is None:
        return None
    monthly = monthly_index(spec, months, spec.frozen)
    _tell(spec, asked, months, monthly)
    inside = monthly[months.lead : months.lead + months.series[0].value.size]
    if spec.statistic == "last":
        value = inside[seasons.edges[:, 1] - 1]
    else:
        value = season_statistic(inside, seasons.edges, spec.statistic, spec.missing_share)
    return asked.yearly("1", seasons, value, months.series)


def read_months(spec: StandardisedIndex, asked: Asked) -> Months | None:
    """Return the months that an index is made of; None where a fault was recorded, the window's faults among them."""
    series = [asked.find("series", spec.series, MILLIMETRES, "month")]
    sound = True
    if spec.kind == "spei" and spec.evapotranspiration is None:
        asked.missing(
            "evapotranspiration", "`spei` needs a series of monthly potential evapotranspiration.", "mm"
        )
        sound = False
    elif spec.kind == "spi" and spec.evapotranspiration is not None:
        asked.fault(
            "evapotranspiration",
            spec.evapotranspiration,
            "`spi` does not use it: leave it out, or ask `spei`.",
        )
        sound = False
    elif spec.evapotranspiration is not None:
        series.append(asked.find("evapotranspiration", spec.evapotranspiration, MILLIMETRES, "month"))
    sound = _window_is_sound(spec, asked, [one for one in series if one is not None]) and sound
    rain = series[0]
    if rain is not None and (rain.value < 0).any():
        mend = f"Rain must be 0 or more; the least here is {np.nanmin(rain.value):g}."
        asked.fault("series", spec.series, mend, "mm")
        sound = False
    known = [one for one in series if one is not None]
    if not sound or len(known) < len(series):
        return None
    months = _whole_years(known)
    return months if _window_is_filled(spec, asked, months) else None


def _window_is_filled(spec: StandardisedIndex, asked: Asked, months: Months) -> bool:
    """Whether each calendar month has values enough in the window; a fault is recorded where one has not."""
    first, last = (12 * (year - months.first_year) for year in spec.calibration)
    balance = months.rain if months.evapotranspiration is None else months.rain - months.evapotranspiration
    summed = np.convolve(balance, np.ones(spec.scale))[: balance.size]
    summed[: spec.scale - 1] = np.nan
    known = (~np.isnan(summed[first : last + 12])).reshape(-1, 12).sum(axis=0)
    month, least = int(known.argmin()) + 1, int(known.min())
    years = f"{spec.calibration[0]} to {spec.calibration[1]}"
    if least < LEAST_VALUES:
        mend = (
            f"Sums of {spec.scale} months that end in month {month} are known in {least} years of the window; "
            f"{LEAST_VALUES} or more are needed. Fill the gaps of the series, or take another window."
        )
        asked.fault("calibration", f"[{spec.calibration[0]}, {spec.calibration[1]}]", mend)
        return False
    if least < LEAST_WINDOW:
        detail = f"Of {years}, sums that end in month {month} are known in {least} years, fewer than {LEAST_WINDOW}."
        asked.tell("unreliable", detail)
    return True


def _window_is_sound(spec: StandardisedIndex, asked: Asked, series: list[Series]) -> bool:
    """Whether the calibration window can be used; every fault of it is recorded."""
    first, last = spec.calibration
    written = f"[{first}, {last}]"
    faults: list[str] = []
    if last < first:
        faults.append("The last year of the window stands before its first.")
    elif last - first + 1 < LEAST_WINDOW:
        faults.append(f"The window has {last - first + 1} years; {LEAST_WINDOW} or more are needed.")
    if last >= asked.underwriting_year:
        faults.append(
            f"The window reaches into the year that the cover is priced for, {asked.underwriting_year}: what would be "
            f"paid for would be fitted on. End it in {asked.underwriting_year - 1} or before."
        )
    for one in series:
        begins, ends = _full_years(one)
        if first < begins or last > ends:
            faults.append(
                f"The series `{one.name}` holds the whole years {begins} to {ends}: the window must lie in them."
            )
    for fault in faults:
        asked.fault("calibration", written, fault)
    return not faults


def _full_years(series: Series) -> tuple[int, int]:
    """Return the first and the last year that a monthly series spans whole."""
    month = series.time.astype("datetime64[M]").astype(np.int64)
    return 1970 + int(-(-month[0] // 12)), 1969 + int((month[-1] + 1) // 12)


def _whole_years(series: list[Series]) -> Months:
    first = max(one.time[0] for one in series)
    last = min(one.time[-1] for one in series)
    cut = []
    for one in series:
        inside = (one.time >= first) & (one.time <= last)
        cut.append(replace(one, time=one.time[inside], value=one.value[inside]))
    year = int(first.astype("datetime64[Y]").astype(np.int64)) + 1970
    lead = int(first.astype("datetime64[M]").astype(np.int64)) % 12
    length = 12 * -(-(lead + cut[0].value.size) // 12)
    filled = []
    for one in cut:
        months = np.full(length, np.nan)
        months[lead : lead + one.value.size] = one.value
        filled.append(months)
    return Months(year, filled[0], filled[1] if len(filled) > 1 else None, lead, tuple(cut))


def fit_window(spec: StandardisedIndex, months: Months) -> tuple[Floats, Floats, Floats]:
    """Return the parameters of the gamma laws of the calibration window.

    Returns
    -------
    alpha, beta, prob_zero : arrays, shape (12,)
        Shape [unitless], scale [mm] and chance of no rain [unitless] by calendar month; NaN where a month has no rain
        in any year of the window.

    Notes
    -----
    Thom's estimator: ``alpha = (1 + sqrt(1 + 4 A / 3)) / (4 A)`` with ``A = ln(mean) - mean(ln)`` of the years with
    rain, ``beta = mean / alpha``. SPEI fits rain less evapotranspiration plus 1,000 mm a month, as climate_indices
    does.
    """
    library = climate_indices()
    monthly = library.compute.Periodicity.monthly
    balance = months.rain
    if months.evapotranspiration is not None:
        balance = months.rain - months.evapotranspiration + 1000.0
    summed = library.compute.prepare_scaled(balance, spec.scale, monthly, clip_negatives=spec.kind == "spi")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        alpha, beta = library.compute.gamma_parameters(summed, months.first_year, *spec.calibration, monthly)
    first, last = (year - months.first_year for year in spec.calibration)
    window = summed[first : last + 1]
    known = np.maximum((~np.isnan(window)).sum(axis=0), 1)
    return alpha, beta, (window == 0).sum(axis=0) / known


def monthly_index(spec: StandardisedIndex, months: Months, frozen: FrozenParameters) -> Floats:
    """Return the index of every month under given parameters, shape (months,) [1]."""
    library = climate_indices()
    monthly = library.compute.Periodicity.monthly
    gamma = library.indices.Distribution.gamma
    given = {
        "alpha": np.array(frozen.alpha),
        "beta": np.array(frozen.beta),
        "prob_zero": np.array(frozen.prob_zero),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if months.evapotranspiration is None:
            found = library.indices.spi(
                months.rain,
                spec.scale,
                gamma,
                months.first_year,
                *spec.calibration,
                monthly,
                given,
                zero_handling=spec.zero_rule,
            )
        else:
            found = library.indices.spei(
                months.rain,
                months.evapotranspiration,
                spec.scale,
                gamma,
                monthly,
                months.first_year,
                *spec.calibration,
                given,
            )
    result: Floats = np.asarray(found, dtype=np.float64)
    return result


def largest_difference(
    spec: StandardisedIndex, months: Months, frozen: FrozenParameters
) -> tuple[float, float]:
    """Return how far frozen parameters are from those that the window gives now.

    Returns
    -------
    relative : float
        Largest relative difference of a shape or scale, or absolute of a chance of zero [unitless].
    change : float
        Largest change of a month's index that refitting would bring [1].
    """
    alpha, beta, prob_zero = fit_window(spec, months)
    relative = max(
        float(np.nanmax(np.abs(np.array(frozen.alpha) / alpha - 1.0))),
        float(np.nanmax(np.abs(np.array(frozen.beta) / beta - 1.0))),
        float(np.max(np.abs(np.array(frozen.prob_zero) - prob_zero))),
    )
    if relative <= SAME or not np.isfinite([alpha, beta]).all():
        return relative, 0.0
    now = FrozenParameters(alpha=tuple(alpha), beta=tuple(beta), prob_zero=tuple(prob_zero))
    change = np.abs(monthly_index(spec, months, now) - monthly_index(spec, months, frozen))
    return relative, float(np.nanmax(change))


def _tell(spec: StandardisedIndex, asked: Asked, months: Months, monthly: Floats) -> None:
    """Tell the window, what was cut off, and whether the data of the window have changed since."""
    assert spec.frozen is not None
    first, last = spec.calibration
    zero = f"; a month without rain is placed by the rule `{spec.zero_rule}`" if spec.kind == "spi" else ""
    asked.tell(
        "assumption",
        f"{spec.kind.upper()} of {spec.scale} months by gamma laws of {first} to {last}, frozen in the scenario{zero}.",
    )
    if spec.kind == "spei" and spec.zero_rule != "classic":
        asked.tell("assumption", f"`zero_rule: {spec.zero_rule}` is not used: SPEI has no months of zero.")
    cut = int((np.abs(monthly) >= LIMIT).sum())
    if cut:
        asked.tell("clipped", f"Months whose index climate_indices cuts off at {LIMIT} or -{LIMIT}.", cut)
    relative, change = largest_difference(spec, months, spec.frozen)
    if relative > SAME:
        asked.tell(
            "unreliable",
            f"The frozen parameters differ from those of {first} to {last} in these data by up to {relative:.2g}: the "
            f"data were revised since, or another window was frozen. Fitted anew, a month's index would move by up to "
            f"{change:.2g}.",
        )
