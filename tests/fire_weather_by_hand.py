# SPDX-License-Identifier: Apache-2.0
"""Fire weather and drought index in plain arithmetic, one day after another: what climate_indices is checked against.

Canadian system: equations of Van Wagner and Pickett 1985 (Forestry Technical Report 33), with the equation numbers of
that report. Keetch-Byram: equation 18 of Keetch and Byram 1968 with the 8.30 of Alexander 1990, in imperial units as it
was printed, and in the metric units of Crane 1982.
"""

from __future__ import annotations

from math import exp, log, sqrt

DMC_HOURS = (6.5, 7.5, 9.0, 12.8, 13.9, 13.9, 12.4, 10.9, 9.4, 8.0, 7.0, 6.0)
"""Effective day length by month, north of 30 degrees."""

DC_DAYS = (-1.6, -1.6, -1.6, 0.9, 3.8, 5.8, 6.4, 5.0, 2.4, 0.4, -1.6, -1.6)
"""Day length adjustment by month, northern half of the earth."""


def fine_fuel(t: float, h: float, w: float, r: float, before: float, constant: float) -> float:
    m = constant * (101 - before) / (59.5 + before)  # 1
    if r > 0.5:
        rain = r - 0.5  # 2
        more = 42.5 * rain * exp(-100 / (251 - m)) * (1 - exp(-6.93 / rain))  # 3a
        if m > 150:
            more += 0.0015 * (m - 150) ** 2 * sqrt(rain)  # 3b
        m = min(m + more, 250)
    dry = 0.942 * h**0.679 + 11 * exp((h - 100) / 10) + 0.18 * (21.1 - t) * (1 - exp(-0.115 * h))  # 4
    wet = 0.618 * h**0.753 + 10 * exp((h - 100) / 10) + 0.18 * (21.1 - t) * (1 - exp(-0.115 * h))  # 5
    if m > dry:
        rate = 0.424 * (1 - (h / 100) ** 1.7) + 0.0694 * sqrt(w) * (1 - (h / 100) ** 8)  # 6a
        m = dry + (m - dry) * 10 ** (-rate * 0.581 * exp(0.0365 * t))  # 6b, 8
    elif m < wet:
        rate = 0.424 * (1 - ((100 - h) / 100) ** 1.7) + 0.0694 * sqrt(w) * (1 - ((100 - h) / 100) ** 8)  # 7a
        m = wet - (wet - m) * 10 ** (-rate * 0.581 * exp(0.0365 * t))  # 7b, 9
    return max(0.0, min(101.0, 59.5 * (250 - m) / (constant + m)))  # 10


def duff(t: float, h: float, r: float, month: int, before: float, printed: bool) -> float:
    """Equations 12 and 15 as printed, or as the Canadian codes write them since: up to 0.07 apart in DMC."""
    p = before
    if r > 1.5:
        effective = 0.92 * r - 1.27  # 11
        moisture = 20 + (exp(5.6348 - p / 43.43) if printed else 280 * exp(-0.023 * p))  # 12
        if p <= 33:
            b = 100 / (0.5 + 0.3 * p)  # 13a
        elif p <= 65:
            b = 14 - 1.3 * log(p)  # 13b
        else:
            b = 6.2 * log(p) - 17.2  # 13c
        moisture += 1000 * effective / (48.77 + b * effective)  # 14
        top = 244.72 if printed else 43.43 * 5.6348
        p = max(0.0, top - 43.43 * log(moisture - 20))  # 15
    rate = 1.894 * (max(t, -1.1) + 1.1) * (100 - h) * DMC_HOURS[month - 1] * 1e-6  # 16
    return p + 100 * rate  # 17


def drought(t: float, r: float, month: int, before: float) -> float:
    d = before
    if r > 2.8:
        effective = 0.83 * r - 1.27  # 18
        moisture = 800 * exp(-d / 400) + 3.937 * effective  # 19, 20
        d = max(0.0, 400 * log(800 / moisture))  # 21
    evaporation = max(0.0, 0.36 * (max(t, -2.8) + 2.8) + DC_DAYS[month - 1])  # 22
    return d + 0.5 * evaporation  # 23


def behaviour(ffmc: float, dmc: float, dc: float, w: float, constant: float) -> tuple[float, float, float]:
    """Return ISI, BUI and FWI."""
    m = constant * (101 - ffmc) / (59.5 + ffmc)
    spread = 0.208 * exp(0.05039 * w) * 91.9 * exp(-0.1386 * m) * (1 + m**5.31 / 4.93e7)  # 24, 25, 26
    if dmc == 0 and dc == 0:
        build = 0.0
    elif dmc <= 0.4 * dc:
        build = 0.8 * dmc * dc / (dmc + 0.4 * dc)  # 27a
    else:
        build = dmc - (1 - 0.8 * dc / (dmc + 0.4 * dc)) * (0.92 + (0.0114 * dmc) ** 1.7)  # 27b
    build = max(build, 0.0)
    high = 1000 / (25 + 108.64 * exp(-0.023 * build))  # 28b
    duff_part = high if build > 80 else 0.626 * build**0.809 + 2  # 28a
    b = 0.1 * spread * duff_part  # 29
    fwi = exp(2.72 * (0.434 * log(b)) ** 0.647) if b > 1 else b  # 30a, 30b
    return spread, build, fwi


def fire_weather_days(
    weather: list[tuple[float, float, float, float, int]],
    constant: float,
    start: tuple[float, float, float] = (85.0, 6.0, 15.0),
    *,
    printed: bool = False,
) -> list[tuple[float, ...]]:
    """Return FFMC, DMC, DC, ISI, BUI and FWI of days of temperature, humidity, wind [km/h], rain and month."""
    ffmc, dmc, dc = start
    days = []
    for t, h, w, r, month in weather:
        ffmc = fine_fuel(t, h, w, r, ffmc, constant)
        dmc = duff(t, h, r, month, dmc, printed)
        dc = drought(t, r, month, dc)
        days.append((ffmc, dmc, dc, *behaviour(ffmc, dmc, dc, w, constant)))
    return days


def keetch_byram_inches(rain_mm: list[float], celsius: list[float], annual_mm: float) -> list[float]:
    """Return the index of each day [mm] by the printed equation: hundredths of an inch, inches, degrees Fahrenheit."""
    q, spell, days = 0.0, 0.0, []
    for rain, t in zip(rain_mm, celsius, strict=True):
        inches, fahrenheit = rain / 25.4, 1.8 * t + 32
        before = spell
        spell = spell + inches if inches > 0 else 0.0
        q = max(0.0, q - 100 * (max(spell - 0.2, 0.0) - max(before - 0.2, 0.0) if inches > 0 else 0.0))
        if fahrenheit >= 50:
            drying = (800 - q) * (0.968 * exp(0.0486 * fahrenheit) - 8.30) * 1e-3
            q = min(800.0, q + max(drying / (1 + 10.88 * exp(-0.0441 * annual_mm / 25.4)), 0.0))
        days.append(q * 0.254)
    return days


def keetch_byram_metric(rain_mm: list[float], celsius: list[float], annual_mm: float) -> list[float]:
    """Return the index of each day [mm] with the metric coefficients of Crane."""
    q, spell, days = 0.0, 0.0, []
    for rain, t in zip(rain_mm, celsius, strict=True):
        before = spell
        spell = spell + rain if rain > 0 else 0.0
        if rain > 0:
            q = max(0.0, q - max(spell - 5.08, 0.0) + max(before - 5.08, 0.0))
        if t >= 10:
            drying = (203.2 - q) * (0.968 * exp(0.0875 * t + 1.5552) - 8.30) * 1e-3
            q = min(203.2, q + max(drying / (1 + 10.88 * exp(-0.001736 * annual_mm)), 0.0))
        days.append(q)
    return days
