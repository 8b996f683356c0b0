# SPDX-License-Identifier: Apache-2.0
"""SPI and SPEI: recomputed from scipy alone, frozen parameters, windows that leak or leave the record."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from scipy import stats

from greenrisk.resource.index_cover.series import Series
from tests.asked_index import SHARED, Answer, ask, series

MONTHLY = "data/resource/climate_indices/"


def shared(path: str) -> np.ndarray:
    file = SHARED / path
    if not file.is_file():
        pytest.skip(f"{path} is not beside the project")
    return np.load(file).ravel()


def summed(values: np.ndarray, scale: int) -> np.ndarray:
    """Sums of the last months, by year and month; NaN where not all are there."""
    out = np.full(values.size, np.nan)
    for month in range(scale - 1, values.size):
        out[month] = values[month - scale + 1 : month + 1].sum()
    return out.reshape(-1, 12)


def fitted(sums: np.ndarray) -> dict[str, list[float]]:
    """Thom's estimator of a gamma law for each calendar month, of the years with rain; the share of those without."""
    found: dict[str, list[float]] = {"alpha": [], "beta": [], "prob_zero": []}
    for month in range(12):
        known = sums[:, month][~np.isnan(sums[:, month])]
        wet = known[known > 0]
        gap = np.log(wet.mean()) - np.log(wet).mean()
        alpha = (1 + np.sqrt(1 + 4 * gap / 3)) / (4 * gap)
        found["alpha"].append(float(alpha))
        found["beta"].append(float(wet.mean() / alpha))
        found["prob_zero"].append(float((known == 0).mean()))
    return found


def by_scipy(sums: np.ndarray, law: Mapping[str, list[float]], zero_rule: str = "classic") -> np.ndarray:
    """The index of each month, from scipy's gamma and normal laws."""
    out = np.full(sums.shape, np.nan)
    for month in range(12):
        x, none = sums[:, month], law["prob_zero"][month]
        chance = none + (1 - none) * stats.gamma.cdf(x, law["alpha"][month], scale=law["beta"][month])
        z = stats.norm.ppf(chance)
        if none > 0:
            at_zero = {
                "classic": stats.norm.ppf(none),
                "center_of_mass": stats.norm.ppf(none / 2),
                "mean_zero": -stats.norm.pdf(stats.norm.ppf(none)) / none,
            }[zero_rule]
            z = np.where(x == 0, at_zero, z)
        out[:, month] = np.clip(z, -3.09, 3.09)
    return out


def spi(rain: str = "rain", **more: object) -> dict[str, object]:
    return {
        "kind": "spi",
        "series": rain,
        "scale": 1,
        "calibration": (1961, 1990),
        "zero_rule": "classic",
    } | more


def monthly(name: str, values: np.ndarray, first: str = "1951-01", unit: str = "mm") -> Series:
    return series(name, first, values, unit, "month")


@pytest.fixture(scope="module")
def wet() -> np.ndarray:
    """Invented rain of 60 years, never nothing."""
    return np.random.default_rng(20260103).gamma(3.0, 25.0, 720)


@pytest.fixture(scope="module")
def dry() -> np.ndarray:
    """Invented rain of 60 years, nothing in four months of ten."""
    draw = np.random.default_rng(20260104)
    return np.where(draw.random(720) < 0.4, 0.0, draw.gamma(0.8, 30.0, 720))


def test_the_reference_case_is_met_by_scipy_and_by_the_index() -> None:
    rain = shared(MONTHLY + "precips_mm_monthly.npy")
    expected = shared("reference/cases/spi/expected_spi_01_gamma.npy").reshape(-1, 12)
    law = fitted(summed(rain, 1))
    np.testing.assert_allclose(by_scipy(summed(rain, 1), law), expected, atol=1e-3)
    for statistic, month in (("first", 0), ("last", 11)):
        day = f"{month + 1:02d}-01"
        season = {"first": day, "last": "01-31" if statistic == "first" else "12-31"}
        asked = spi(calibration=(1895, 2017), frozen=law, season=season, statistic="last")
        found = ask(asked, monthly("rain", rain, "1895-01")).values
        known = ~np.isnan(expected[:, month])
        assert np.array(list(found.values()))[known] == pytest.approx(expected[known, month], abs=1e-3)
        assert np.isnan(np.array(list(found.values()))[~known]).all()


@pytest.mark.parametrize("scale", [1, 3, 12])
def test_seasons_of_real_rain_are_those_of_scipy(scale: int) -> None:
    rain = shared(MONTHLY + "precips_mm_monthly.npy")
    sums = summed(rain, scale)
    law = fitted(sums[66:96])
    index = by_scipy(sums, law)
    season = {"first": "05-01", "last": "09-30"}
    given = monthly("rain", rain, "1895-01")
    summer = index[:, 4:9]
    by_statistic = {"min": summer.min(axis=1), "mean": summer.mean(axis=1), "last": summer[:, -1]}
    for statistic, expected in by_statistic.items():
        found = ask(spi(scale=scale, frozen=law, season=season, statistic=statistic), given).values
        np.testing.assert_allclose(list(found.values()), expected, rtol=1e-7, atol=1e-9)
        assert list(found) == list(range(1895, 2018))


def test_spei_of_real_rain_and_evapotranspiration_is_that_of_scipy() -> None:
    rain, lost = (shared(MONTHLY + name) for name in ("precips_mm_monthly.npy", "pet_thornthwaite.npy"))
    sums = summed(rain - lost + 1000.0, 6)
    law = fitted(sums[66:96])
    asked = spi(kind="spei", evapotranspiration="lost", scale=6, frozen=law, statistic="mean")
    found = ask(asked, monthly("rain", rain, "1895-01"), monthly("lost", lost, "1895-01"))
    expected = by_scipy(sums, law).mean(axis=1)
    np.testing.assert_allclose(list(found.values.values()), expected, rtol=1e-6, atol=1e-7)
    assert found.index is not None
    assert found.index.series == ("rain", "lost")
    # Fitted anew by climate_indices, the parameters are those of scipy here.
    assert not any("differ" in line for line in found.told)


@pytest.mark.parametrize("rule", ["classic", "center_of_mass", "mean_zero"])
def test_months_without_rain_are_placed_by_the_rule(dry: np.ndarray, rule: str) -> None:
    sums = summed(dry, 1)
    law = fitted(sums[10:40])
    assert 0.2 < min(law["prob_zero"]) < max(law["prob_zero"]) < 0.7
    asked = spi(frozen=law, zero_rule=rule, statistic="mean")
    found = ask(asked, monthly("rain", dry))
    expected = by_scipy(sums, law, rule).mean(axis=1)
    np.testing.assert_allclose(list(found.values.values()), expected, rtol=1e-8, atol=1e-9)
    assert any(f"`{rule}`" in line for line in found.told)


def test_a_record_that_begins_in_the_midst_of_a_year_keeps_its_calendar(wet: np.ndarray) -> None:
    law = fitted(summed(wet, 1)[10:40])
    season = {"first": "05-01", "last": "09-30"}
    asked = spi(frozen=law, season=season)
    whole = ask(asked, monthly("rain", wet)).values
    late = ask(asked, monthly("rain", wet[7:], "1951-08")).values
    assert late == {year: value for year, value in whole.items() if year > 1951}


def test_what_comes_in_after_the_window_moves_no_other_year(wet: np.ndarray) -> None:
    """The leak: fitted anew on all years, a drought of the contract year would move its own trigger."""
    law = fitted(summed(wet, 1)[10:40])
    before = ask(spi(frozen=law), monthly("rain", wet)).values
    drought = wet.copy()
    drought[-12:] *= 0.5
    after = ask(spi(frozen=law), monthly("rain", drought)).values
    assert {year: value for year, value in after.items() if year < 2010} == {
        year: value for year, value in before.items() if year < 2010
    }
    assert after[2010] < before[2010]
    anew = by_scipy(summed(drought, 1), fitted(summed(drought, 1)))[59].min()
    assert anew > after[2010]


def test_revised_data_are_told_with_what_they_would_move(wet: np.ndarray) -> None:
    sums = summed(wet, 1)
    law = fitted(sums[10:40])
    quiet = ask(spi(frozen=law), monthly("rain", wet))
    assert not any("differ" in line for line in quiet.told)
    revised = wet.copy()
    revised[12 * 15] *= 3.0
    told = " ".join(ask(spi(frozen=law), monthly("rain", revised)).told)
    anew = fitted(summed(revised, 1)[10:40])
    apart = max(max(abs(np.array(law[key]) / np.array(anew[key]) - 1)) for key in ("alpha", "beta"))
    move = np.abs(by_scipy(summed(revised, 1), anew) - by_scipy(summed(revised, 1), law)).max()
    assert f"by up to {apart:.2g}: the data were revised since" in told
    assert f"would move by up to {move:.2g}." in told


def test_months_that_are_cut_off_are_counted(wet: np.ndarray) -> None:
    law = fitted(summed(wet, 1)[10:40])
    parched = wet.copy()
    parched[600], parched[650] = 1e-6, 1e-6
    told = ask(spi(frozen=law), monthly("rain", parched)).told
    assert "clipped: Months whose index climate_indices cuts off at 3.09 or -3.09." in told


def refused(answer: Answer) -> list[str]:
    assert answer.index is None
    return [str(fault) for fault in answer.faults]


def test_a_run_without_frozen_parameters_is_refused(wet: np.ndarray) -> None:
    (told,) = refused(ask(spi(), monthly("rain", wet)))
    assert told == (
        "my.yaml:indices.x  indices.x.frozen is missing\n"
        "  Parameters are fitted once, before the cover begins, and held. Print them with `greenrisk freeze SCENARIO` "
        "and paste them here."
    )


def window(wet: np.ndarray, first: int, last: int, year: int = 2011) -> list[str]:
    law = fitted(summed(wet, 1)[10:40])
    answer = ask(spi(frozen=law, calibration=(first, last)), monthly("rain", wet), year=year)
    told = refused(answer)
    assert {line.splitlines()[0] for line in told} == {
        f"my.yaml:indices.x.calibration  indices.x.calibration = [{first}, {last}]"
    }
    return [line.splitlines()[1].strip() for line in told]


def test_a_window_outside_the_record_is_refused(wet: np.ndarray) -> None:
    expected = ["The series `rain` holds the whole years 1951 to 2010: the window must lie in them."]
    assert window(wet, 1950, 1990) == expected
    assert window(wet, 1961, 2011, year=2015) == expected


def test_a_window_under_30_years_is_refused(wet: np.ndarray) -> None:
    assert window(wet, 1961, 1989) == ["The window has 29 years; 30 or more are needed."]
    assert window(wet, 1990, 1961) == ["The last year of the window stands before its first."]


def test_a_window_that_reaches_into_the_contract_is_refused(wet: np.ndarray) -> None:
    (told,) = window(wet, 1961, 1995, year=1995)
    assert told.startswith("The window reaches into the year that the cover is priced for, 1995:")
    assert told.endswith("End it in 1994 or before.")


def test_a_window_of_gaps_is_refused(wet: np.ndarray) -> None:
    holed = wet.copy().reshape(-1, 12)
    holed[10:21, 6] = np.nan
    (told,) = window(holed.ravel(), 1961, 1990)
    assert told.startswith(
        "Sums of 1 months that end in month 7 are known in 19 years of the window; 20 or more"
    )


def test_everything_that_is_wrong_is_told_at_once(wet: np.ndarray) -> None:
    asked = spi(kind="spei", calibration=(1890, 1910), season={"first": "04-15", "last": "09-30"})
    told = refused(ask(asked, monthly("rain", wet, unit="cm"), year=1900))
    assert [line.splitlines()[0] for line in told] == [
        "my.yaml:indices.x.series  indices.x.series = rain",
        "my.yaml:indices.x  indices.x.evapotranspiration is missing",
        "my.yaml:indices.x.calibration  indices.x.calibration = [1890, 1910]",
        "my.yaml:indices.x.calibration  indices.x.calibration = [1890, 1910]",
        "my.yaml:indices.x  indices.x.frozen is missing",
        "my.yaml:indices.x.season  indices.x.season = 04-15 to 09-30",
    ]


def test_a_series_of_days_is_refused(wet: np.ndarray) -> None:
    (told,) = refused(ask(spi(frozen=fitted(summed(wet, 1))), series("rain", "1951-01-01", wet, "mm")))
    assert "This is a series of days; the index needs one of months." in told


def test_negative_rain_is_refused(wet: np.ndarray) -> None:
    spoilt = wet.copy()
    spoilt[5] = -99.9
    (told,) = refused(ask(spi(frozen=fitted(summed(wet, 1))), monthly("rain", spoilt)))
    assert "Rain must be 0 or more; the least here is -99.9." in told


def test_evapotranspiration_of_an_spi_is_refused(wet: np.ndarray) -> None:
    asked = spi(frozen=fitted(summed(wet, 1)[10:40]), evapotranspiration="lost")
    (told,) = refused(ask(asked, monthly("rain", wet), monthly("lost", wet)))
    assert told.startswith("my.yaml:indices.x.evapotranspiration  indices.x.evapotranspiration = lost")


@pytest.mark.parametrize(("key", "value"), [("alpha", 0.0), ("beta", -1.0), ("prob_zero", 1.0)])
def test_parameters_that_no_law_has_are_refused(wet: np.ndarray, key: str, value: float) -> None:
    law = fitted(summed(wet, 1)[10:40])
    with pytest.raises(ValueError, match=key):
        ask(spi(frozen=law | {key: [value] * 12}), monthly("rain", wet))
