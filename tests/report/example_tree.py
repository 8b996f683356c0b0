# SPDX-License-Identifier: Apache-2.0
"""An invented result tree with the groups and variables of a forest run: for tests of the report's layout ONLY.

No number here comes from data, from a card or from a run of the model. They are made up so that every
figure and table of the report has something of a plausible size to show.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import xarray as xr

COUNTIES = ("Fuliang", "Leping", "Changjiang", "Zhushan")
FOREST_TYPES = ("public_benefit", "commercial")
RETURN_PERIODS = np.array([2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000], dtype=float)
BASE_GROSS = 640_000.0
PERILS = ("wildfire", "storm", "snow_ice", "drought", "flood", "pest")
PERILS_IN_BAD_YEARS = (0.02, 0.2, 0.6, 0.05, 0.08, 0.05)


def _with_units(values: object, dims: tuple[str, ...], units: str) -> xr.DataArray:
    return xr.DataArray(values, dims=dims, attrs={"units": units})


def _losses(years: int, generator: np.random.Generator) -> xr.Dataset:
    segments = [f"{county}|{kind}" for county in COUNTIES for kind in FOREST_TYPES]
    fires = generator.poisson(2.4, years)
    largest = np.where(fires > 0, 40_000 * generator.pareto(1.6, years), 0.0)
    gross = largest * 1.2
    ceded = 0.2 * gross
    # an ordinary year is shared evenly; in a bad one nearly everything is snow and ice
    bad = (gross / (gross + 60_000))[:, None]
    peril = gross[:, None] * (1 - bad) / len(PERILS) + (gross[:, None] * bad) * np.array(PERILS_IN_BAD_YEARS)
    share = np.arange(1, len(segments) + 1) / np.arange(1, len(segments) + 1).sum()
    return xr.Dataset(
        {
            "loss": _with_units(
                np.stack([1.4 * gross, gross, ceded, gross - ceded], 1), ("year", "layer"), "CNY"
            ),
            "largest_event": _with_units(
                np.stack([1.4 * largest, largest], 1), ("year", "event_layer"), "CNY"
            ),
            "segment_loss": _with_units(gross[:, None] * share, ("year", "segment"), "CNY"),
            "fires": _with_units(fires.astype(float), ("year",), "1"),
            "burnt_area": _with_units(gross / 4000, ("year",), "ha"),
            "unburnt_area": _with_units(np.zeros(years), ("year",), "ha"),
            "peril_loss": _with_units(peril, ("year", "peril"), "CNY"),
            "damaged_insured": _with_units(peril / 700, ("year", "peril"), "mu"),
            "paid_area": _with_units(peril / 800, ("year", "peril"), "mu"),
            "claims": _with_units(np.ceil(peril / 20_000), ("year", "peril"), "1"),
        },
        coords={
            "year": np.arange(1, years + 1),
            "peril": list(PERILS),
            "layer": ["ground_up", "gross", "ceded", "net"],
            "event_layer": ["ground_up", "gross"],
            "segment": segments,
            "county": ("segment", [s.split("|")[0] for s in segments]),
            "forest_type": ("segment", [s.split("|")[1] for s in segments]),
        },
    )


def _perils() -> xr.Dataset:
    pure = np.array([19_000, 76_000, 152_000, 38_000, 49_400, 45_600], dtype=float)
    tail = np.array([0.5e6, 3.7e6, 8.4e6, 1.1e6, 1.4e6, 0.9e6])
    part = np.array([0.05e6, 1.6e6, 7.6e6, 0.1e6, 0.15e6, 0.1e6])

    def with_all(values: np.ndarray, total: float | None = None) -> np.ndarray:
        return np.concatenate([[values.sum() if total is None else total], values])

    data = {
        "ground_up": (with_all(1.4 * pure), "CNY/year"),
        "pure_premium": (with_all(pure), "CNY/year"),
        "standard_error": (with_all(0.03 * pure, 7_000.0), "CNY/year"),
        "low": (with_all(0.3 * pure, 170_000.0), "CNY/year"),
        "high": (with_all(2.8 * pure, 800_000.0), "CNY/year"),
        "value_at_risk": (with_all(0.8 * tail, 7.4e6), "CNY"),
        "tail_value_at_risk": (with_all(tail, part.sum()), "CNY"),
        "tail_standard_error": (with_all(0.1 * tail, 0.9e6), "CNY"),
        "contribution": (with_all(part), "CNY"),
        "damaged_insured": (with_all(pure / 200), "mu/year"),
        "paid_area": (with_all(pure / 250), "mu/year"),
        "claims": (with_all(pure / 9000), "1/year"),
        "uncovered": (with_all(0 * pure), "CNY/year"),
    }
    return xr.Dataset(
        {name: _with_units(values, ("peril",), unit) for name, (values, unit) in data.items()},
        coords={"peril": ["all", *PERILS]},
        attrs={
            "value_at_risk_level": 0.995,
            "tail_level": 0.99,
            "diversification": 1 - part.sum() / tail.sum(),
        },
    )


def _known_year() -> xr.Dataset:
    known, mean = np.array([0.62, 380.0, 453.0, 1.68]), np.array([0.7, 270.0, 38.0, 0.7])
    quantile = mean[:, None] * np.array([0.05, 0.2, 0.6, 1.2, 2.8])
    text = {
        "label": [
            "Payments by insured mu",
            "Payments by paid mu",
            "Paid area of a claim",
            "Highest premium seen",
        ],
        "unit": ["CNY/mu", "CNY/mu", "mu", "CNY/mu"],
        "status": ["confirmed", "confirmed", "unconfirmed", "illustrative"],
        "law": ["a year like 2015", "a year like 2015", "a year like 2015", "the mean of all years"],
        "sentence": ["An invented figure, compared with an invented law."] * 4,
    }
    return xr.Dataset(
        {name: ("figure", np.array(values)) for name, values in text.items()}
        | {
            "known": _with_units(known, ("figure",), "see unit"),
            "mean": _with_units(mean, ("figure",), "see unit"),
            "pooled": _with_units(mean, ("figure",), "see unit"),
            "share_below": _with_units(np.array([0.73, 0.78, 1.0, 0.93]), ("figure",), "unitless"),
            "years": _with_units(np.full(4, 2000.0), ("figure",), "year"),
            "quantile": _with_units(quantile, ("figure", "level"), "see unit"),
            "predictive_share_below": _with_units(np.array([0.56, 0.67, 1.0, 0.72]), ("figure",), "unitless"),
            "predictive_quantile": _with_units(
                quantile * np.array([0.4, 0.7, 1.0, 1.6, 2.4]), ("figure", "level"), "see unit"
            ),
        },
        coords={
            "figure": ["per_insured_mu", "per_paid_mu", "per_claim", "premium_high"],
            "level": _with_units(np.array([0.05, 0.25, 0.5, 0.75, 0.95]), ("level",), "unitless"),
        },
        attrs={
            "note": "Compared, not fitted and not tested: one invented year.",
            "predictive": "Predictive: 200 joint draws of invented cards.",
            "year": 2015,
            "fire": "Fire at its value of 2015: invented.",
        },
    )


METRICS = """
average_annual_loss   | Average annual loss  | 540000  | CNY/year  | 9000   | 250000 | 1100000 | {"layer": "ground_up"}
average_annual_loss   | Average annual loss  | 380000  | CNY/year  | 7000   | 170000 | 800000  | {"layer": "gross"}
average_annual_loss   | Average annual loss  | 76000   | CNY/year  | 1400   | 34000  | 160000  | {"layer": "ceded"}
average_annual_loss   | Average annual loss  | 304000  | CNY/year  | 5600   | 136000 | 640000  | {"layer": "net"}
pure_premium          | Pure premium         | 380000  | CNY/year  | 7000   | 170000 | 800000  | {}
gross_premium         | Gross premium        | 640000  | CNY/year  | 12000  | 290000 | 1350000 | {}
rate_per_mu           | Rate per mu          | 0.1234  | CNY/mu    | 0.0023 | 0.056  | 0.26    | {}
rate_per_mille        | Rate per mille       | 0.1543  | per mille | 0.0029 | 0.07   | 0.325   | {}
occurrence_exceedance | Largest event        | 4.1e6   | CNY       | 2.1e5  | 1.9e6  | 8.6e6   | {"return_period": 100}
occurrence_exceedance | Largest event        | 7.3e6   | CNY       | 5.1e5  | 2.9e6  | 19e6    | {"return_period": 250}
aggregate_exceedance  | All events of a year | 4.9e6   | CNY       | 2.2e5  | 2.3e6  | 10.2e6  | {"return_period": 100}
aggregate_exceedance  | All events of a year | 8.2e6   | CNY       | 5.4e5  | 3.3e6  | 21e6    | {"return_period": 250}
tail_value_at_risk    | Tail value at risk   | 11.6e6  | CNY       | 9e5    | 4.1e6  | 34e6    | {"level": 0.995}
expected_fires        | Fires a year         | 2.4     | 1/year    | 0.02   | 1.3    | 4.1     | {}
expected_burnt_area   | Burnt area a year    | 24      | ha/year   | 0.4    | 12     | 47      | {}
judgement_share       | Resting on judgement | 0.63    | 1         | 0.03   | nan    | nan     | {}
pure_premium_over_ranges  | Pure premium over the ranges  | 430000 | CNY/year | nan | nan | nan | {}
gross_premium_over_ranges | Gross premium over the ranges | 720000 | CNY/year | nan | nan | nan | {}
"""


def _rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def _metrics() -> xr.Dataset:
    name, label, value, unit, error, low, high, dims = zip(*_rows(METRICS), strict=True)
    every = [json.loads(text) for text in dims]
    with_layer = [d | ({"layer": "gross"} if "return_period" in d or "level" in d else {}) for d in every]
    return xr.Dataset(
        {
            "name": ("metric", np.array(name)),
            "label": ("metric", np.array(label)),
            "value": ("metric", np.array(value, float)),
            "unit": ("metric", np.array(unit)),
            "standard_error": ("metric", np.array(error, float)),
            "low": ("metric", np.array(low, float)),
            "high": ("metric", np.array(high, float)),
            "dims": ("metric", np.array([json.dumps(d) for d in with_layer])),
            "method": ("metric", np.array(["invented"] * len(name))),
        }
    )


def _curves() -> xr.Dataset:
    aggregate = 210_000 * (RETURN_PERIODS - 1) ** 0.68
    loss = np.stack([np.stack([1.4 * c, c], 0) for c in (0.88 * aggregate, aggregate)], 0)
    width = 0.02 * np.sqrt(RETURN_PERIODS) / 3
    dims = ("curve", "layer", "return_period")
    return xr.Dataset(
        {
            "loss": _with_units(loss, dims, "CNY"),
            "standard_error": _with_units(loss * width, dims, "CNY"),
            "low": _with_units(loss * 0.45, dims, "CNY"),
            "high": _with_units(loss * (1.9 + 0.1 * np.log(RETURN_PERIODS)), dims, "CNY"),
        },
        coords={
            "curve": ["occurrence", "aggregate"],
            "layer": ["ground_up", "gross"],
            "return_period": RETURN_PERIODS,
        },
    )


def _premium() -> xr.Dataset:
    segments = ["all"] + [f"{county}|{kind}" for county in COUNTIES for kind in FOREST_TYPES]
    weight = np.array([3.1, 2.2, 1.4, 1.6, 0.7, 0.6, 0.1, 0.05])
    weight = weight / weight.sum()
    column = np.array([380_000, 90_000, 89_600, 32_000, 12_800, 35_600, BASE_GROSS])
    amount = np.concatenate([column[:, None], column[:, None] * weight], 1)
    split = {"public_benefit": (0.5, 0.3, 0.2, 0.0), "commercial": (0.3, 0.25, 0.15, 0.3)}
    subsidy = np.stack(
        [amount[-1, 1 + i] * np.array(split[s.split("|")[1]]) for i, s in enumerate(segments[1:])], 1
    )
    subsidy = np.concatenate([subsidy.sum(1, keepdims=True), subsidy], 1)
    area = 5_186_000 * np.concatenate([[1.0], weight])
    return xr.Dataset(
        {
            "amount": _with_units(amount, ("row", "segment"), "CNY"),
            "subsidy": _with_units(subsidy, ("payer", "segment"), "CNY"),
            "pure_standard_error": _with_units(0.04 * amount[0], ("segment",), "CNY/year"),
            "gross_standard_error": _with_units(0.08 * amount[-1], ("segment",), "CNY/year"),
            "insured_area": _with_units(area, ("segment",), "mu"),
            "sum_insured": _with_units(area * 800, ("segment",), "CNY"),
        },
        coords={
            "row": ["pure_premium", "risk_load", "expenses", "commission", "tax", "profit", "gross_premium"],
            "payer": ["central", "province", "county", "owner"],
            "segment": segments,
            "county": ("segment", [s.split("|")[0] for s in segments]),
            "forest_type": ("segment", [s.split("|")[-1] for s in segments]),
        },
    )  # fmt: skip


def _sites(stands: int, generator: np.random.Generator) -> xr.Dataset:
    which = generator.choice(4, stands, p=[0.5, 0.33, 0.14, 0.03])
    centre = np.array([[117.25, 29.6], [117.15, 28.95], [117.12, 29.27], [117.2, 29.3]])
    spread = np.array([[0.28, 0.2], [0.2, 0.12], [0.12, 0.1], [0.03, 0.02]])
    place = centre[which] + spread[which] * np.clip(generator.normal(size=(stands, 2)), -1.6, 1.6)
    area = generator.gamma(2.0, 12.0, stands)
    insured = area * 15 * 0.8
    rate = 1e-4 * np.exp(0.8 * (place[:, 1] - 29.3) + generator.normal(0, 0.4, stands))
    pure = insured * 800 * rate
    kinds = generator.choice(FOREST_TYPES, stands)
    text = {
        "stand_id": [f"S{i:05d}" for i in range(stands)],
        "owner": ["invented"] * stands,
        "county": [COUNTIES[i] for i in which],
        "township": ["T"] * stands,
        "forest_type": kinds,
        "species_group": generator.choice(["pine", "fir", "broadleaf"], stands),
    }
    numbers = {
        "age": (generator.integers(3, 60, stands).astype(float), "year"),
        "longitude": (place[:, 0], "degree_east"),
        "latitude": (place[:, 1], "degree_north"),
        "area": (area, "ha"),
        "insured_area": (insured, "mu"),
        "sum_insured": (insured * 800, "CNY"),
        "damaged_area": (area * rate, "ha/year"),
        "pure_premium": (pure, "CNY/year"),
        "pure_premium_standard_error": (0.2 * pure, "CNY/year"),
        "gross_premium": (pure * 1.68, "CNY/year"),
    }
    return xr.Dataset(
        {name: ("site", np.array(values)) for name, values in text.items()}
        | {name: _with_units(values, ("site",), units) for name, (values, units) in numbers.items()}
    )


TORNADO = """
hazard_ratio | local | Fires per ha of forest, relative to the province | illustrative | 1 | 0.5 | 2 | 0.53 1.98
mean_body | size | Mean size of a fire below 100 ha | confirmed | 8.65 | 7.1 | 10.6 | 0.84 1.22
pine_young | damage | Damage degree of pine and fir under 10 years | illustrative | 0.8 | 0.55 | 0.95 | 0.8 1.14
trend | occurrence | Yearly trend of the number of fires | confirmed | -0.09 | -0.13 | -0.05 | 0.86 1.17
shape | tail | Tail shape of fires above 100 ha | confirmed | 0.6 | 0.4 | 1.3 | 0.97 1.21
risk_load | loadings | Risk load as a share of the standard deviation | illustrative | 0.05 | 0.02 | 0.08 | 0.91 1.09
claimed | local | Share of burnt insured area that is claimed | unconfirmed | 0.95 | 0.85 | 1 | 0.9 1.05
expenses | loadings | Expenses as a share of gross premium | illustrative | 0.14 | 0.1 | 0.18 | 0.95 1.06
steepness | snow | Steepness of the damage by ice | illustrative | 3 | 2.5 | 3.6 | 0.97 1.03
gust | storm | Gust above which trees break | illustrative | 20 | 18 | 22 | 0.98 1.02
cutting | tail | How the tail is cut | illustrative | capped | bent | taper | 1.0 0.98
"""


CARD_USES = {
    "example-snow": "snow_ice.peril",
    "example-storm": "storm.peril",
    "example-loadings": "premium.loadings",
}
"""What the invented cards are for; all others are for fire."""

JUDGED = ("example-damage", "example-loadings", "example-snow", "example-storm")
"""Cards that no data made."""


def _tornado() -> xr.Dataset:
    name, card, label, status, value, low, high, factors = zip(*_rows(TORNADO), strict=True)
    at_low, at_high = BASE_GROSS * np.array([pair.split() for pair in factors], float).T
    unit = ["ha" if n == "mean_body" else "unitless" for n in name]
    text = {"label": label, "status": status, "unit": unit, "value": value, "low": low, "high": high}
    return xr.Dataset(
        {
            "card": ("parameter", np.array([f"example-{c}" for c in card])),
            **{key: ("parameter", np.array(values)) for key, values in text.items()},
            "gross_at_low": _with_units(at_low, ("parameter",), "CNY/year"),
            "gross_at_high": _with_units(at_high, ("parameter",), "CNY/year"),
            "distribution": ("parameter", np.array(["log_normal"] * len(name))),
            "basis": ("parameter", np.array(["invented for the layout"] * len(name))),
            "source": ("parameter", np.array(["invented for the layout"] * len(name))),
            "variance": ("parameter", (np.log(at_high / at_low) / 3.29) ** 2),
        },
        coords={"parameter": np.array(name)},
        attrs={"base": BASE_GROSS},
    )


def _cards() -> xr.Dataset:
    names = sorted({f"example-{row[1]}" for row in _rows(TORNADO)})
    text = {
        "name": names,
        "title": [f"Invented card {name}" for name in names],
        "use": [CARD_USES.get(name, "wildfire.example") for name in names],
        "region": ["Invented province"] * len(names),
        "period": ["2001-2010"] * len(names),
        "validity": ["Not for anything but the layout."] * len(names),
        "fitted_by": ["judgement" if name in JUDGED else "greenrisk calibrate example" for name in names],
    }
    return xr.Dataset({key: ("card", np.array(values)) for key, values in text.items()})


def _alternatives() -> xr.Dataset:
    shapes, caps = [0.4, 0.9, 1.3], ["1,000 ha", "10,000 ha", "exposed (350,000 ha)"]
    quantities = [
        "average_annual_loss_ground_up",
        "pure_premium",
        "gross_premium",
        "occurrence_gross_250",
        "aggregate_gross_250",
        "tail_value_at_risk",
    ]
    factor = 1 + np.outer([0.0, 0.03, 0.07], [0.3, 0.8, 1.0])
    tail = 1 + np.outer([0.0, 0.5, 1.4], [0.2, 0.8, 1.0])
    values = [
        380_000 * factor,
        380_000 * factor,
        BASE_GROSS * factor,
        6.4e6 * tail,
        7.1e6 * tail,
        11.6e6 * tail,
    ]
    return xr.Dataset(
        {"value": _with_units(np.stack(values, -1), ("shape", "cap", "quantity"), "CNY")},
        coords={"shape": shapes, "cap": caps, "quantity": quantities},
    )


def _checks() -> dict[str, xr.Dataset]:
    years = np.arange(2009, 2026)
    expected = 260 * np.exp(-0.16 * (years - 2009)) + 40
    observed = np.concatenate([[390, 80, 150, 50, 80, 160, 40, 45, 65, 60, 60, 55, 50], np.full(4, np.nan)])
    counts = xr.Dataset(
        {
            "observed": _with_units(observed, ("year",), "1/year"),
            "expected": _with_units(expected, ("year",), "1/year"),
            "low": _with_units(0.3 * expected, ("year",), "1/year"),
            "high": _with_units(2.1 * expected, ("year",), "1/year"),
        },
        coords={"year": years},
        attrs={"province": "Jiangxi"},
    )
    classes = xr.Dataset(
        {
            name: _with_units(np.array(values, float), ("size_class",), "1")
            for name, values in {
                "observed": [350, 930, 0, 0],
                "expected": [342, 936, 1.6, 0.1],
                "low": [310, 900, 0, 0],
                "high": [375, 965, 4, 1],
            }.items()
        },
        coords={"size_class": ["under 1 ha", "1 to 100 ha", "100 to 1,000 ha", "1,000 ha and over"]},
    )
    sizes = np.geomspace(0.1, 10_000, 60)
    exceedance = np.where(
        sizes < 100, np.exp(-((sizes / 6.5) ** 0.62)), np.exp(-((100 / 6.5) ** 0.62)) * (100 / sizes) ** 1.6
    )
    curve = xr.Dataset(
        {
            "exceedance": _with_units(exceedance, ("size",), "1"),
            "low": _with_units(exceedance * 0.7, ("size",), "1"),
            "high": _with_units(np.minimum(1, exceedance * 1.5), ("size",), "1"),
        },
        coords={"size": ("size", sizes, {"units": "ha"})},
    )  # fmt: skip
    burning = xr.Dataset(
        {
            "label": (
                "method",
                np.array(["Plain average 2004-2021", "Plain average 2009-2021", "This model, 2025"]),
            ),
            "burnt_area": _with_units(np.array([2138.0, 855.0, 480.0]), ("method",), "ha/year"),
            "burnt_area_low": _with_units(np.array([np.nan, np.nan, 210.0]), ("method",), "ha/year"),
            "burnt_area_high": _with_units(np.array([np.nan, np.nan, 990.0]), ("method",), "ha/year"),
            "pure_premium_per_mu": _with_units(np.array([0.168, 0.067, 0.073]), ("method",), "CNY/mu"),
            "low": _with_units(np.array([np.nan, np.nan, 0.033]), ("method",), "CNY/mu"),
            "high": _with_units(np.array([np.nan, np.nan, 0.154]), ("method",), "CNY/mu"),
            "note": (
                "method",
                np.array(
                    [
                        "invented: before 2009 other fires were counted",
                        "invented: no trend",
                        "invented: trend into the underwriting year",
                    ]
                ),
            ),
        },
    )
    products = xr.Dataset(
        {
            "region": ("product", np.array(["Province A", "Province A", "County B", "Town C"])),
            "year": ("product", np.array(["2013", "2013", "~2023", "undated"])),
            "object": ("product", np.array(["public forest", "commercial forest", "commercial forest", "pine"])),
            "sum_insured": _with_units(np.array([500.0, 800, 800, 800]), ("product",), "CNY/mu"),
            "rate_per_mille": _with_units(np.array([3.0, 3.5, 1.5, 1.9]), ("product",), "per mille"),
            "premium_per_mu": _with_units(np.array([1.5, 2.8, 1.2, 1.5]), ("product",), "CNY/mu"),
            "source": ("product", np.array(["invented for the layout"] * 4)),
        }
    )  # fmt: skip
    names = ("fires_raw", "fires_detrended", "area_raw", "area_detrended")
    correlation = xr.Dataset(
        {
            name: _with_units(np.array(values), ("neighbour",), "1")
            for name, values in zip(names, ([0.6, 0.4], [0.3, 0.2], [0.5, 0.5], [0.3, 0.1]), strict=True)
        },
        coords={"neighbour": ["Province A", "Province B"]},
        attrs={
            "implied": 0.28,
            **{f"mean_{n}": m for n, m in zip(names, (0.5, 0.25, 0.5, 0.2), strict=True)},
        },
    )
    second = xr.Dataset(
        {
            "simulated": _with_units(np.array([24.2, 60.0, 171.0, 240.0]), ("quantity",), "ha/year"),
            "standard_error": _with_units(np.array([0.4, 1.1, 6.0, 14.0]), ("quantity",), "ha/year"),
            "exact": _with_units(np.array([24.0, 61.4, 168.0, 247.0]), ("quantity",), "ha/year"),
            "numerical_error": _with_units(np.array([0.0, 1e-4, 1e-3, 2e-3]), ("quantity",), "ha/year"),
            "difference": _with_units(np.array([0.5, -1.3, 0.5, -0.5]), ("quantity",), "1"),
        },
        coords={
            "quantity": ["mean", "aggregate_10", "aggregate_100", "aggregate_250"],
            "return_period": ("quantity", np.array([np.nan, 10.0, 100.0, 250.0]), {"units": "year"}),
        },
        attrs={"too_far": 4.0},
    )
    return {
        "/checks": xr.Dataset(),
        "/checks/second_method": second,
        "/checks/known_year": _known_year(),
        "/checks/correlation": correlation,
        "/checks/counts": counts,
        "/checks/classes": classes,
        "/checks/size_curve": curve,
        "/checks/burning_cost": burning,
        "/checks/products": products,
    }


def _chain() -> xr.Dataset:
    steps = [
        ("Fires a year in the province", 51.0, "1/year", "example-occurrence: counts with a damped trend"),
        (
            "of which in the landscape of the book",
            2.4,
            "1/year",
            "example-local: share of forest times relative hazard",
        ),
        ("Mean size of a fire", 9.9, "ha", "example-size below 100 ha, example-tail above"),
        ("Burnt forest a year", 24.0, "ha/year", "fires times mean size"),
        ("of which insured", 240.0, "mu/year", "insured share of the forest where fires burn"),
        ("paid for", 190.0, "mu/year", "example-damage: damage degree, deductible, share claimed"),
        ("Pure premium for fire", 19_000.0, "CNY/year", "paid area times sum insured per mu"),
        ("Pure premium for snow and ice", 152_000.0, "CNY/year", "example-snow"),
        ("Pure premium", 380_000.0, "CNY/year", "all perils"),
        (
            "Gross premium",
            BASE_GROSS,
            "CNY/year",
            "example-loadings: risk load, expenses, commission, tax, profit",
        ),
    ]
    label, value, unit, note = zip(*steps, strict=True)
    return xr.Dataset(
        {
            "label": ("step", np.array(label)),
            "value": ("step", np.array(value)),
            "unit": ("step", np.array(unit)),
            "note": ("step", np.array(note)),
            "rests_on": ("step", np.array([""] * len(steps))),
            "added": ("step", np.zeros(len(steps), dtype=bool)),
        }
    )


def example_tree(stands: int = 600, years: int = 2000) -> xr.DataTree:
    """Return the invented tree; the same numbers at every call."""
    generator = np.random.default_rng(20240601)
    draws = generator.lognormal(0.0, 0.45, 60)
    quantities = ["pure_premium", "gross_premium", "rate_per_mu", "rate_per_mille"]
    base = np.array([380_000, BASE_GROSS, 0.1234, 0.1543])
    groups: dict[str, xr.Dataset] = {
        "/": xr.Dataset(
            attrs={
                "kind": "forest",
                "name": "layout-example",
                "title": "Invented example for the report's layout",
                "underwriting_year": 2025,
                "price_year": 2025,
                "years": years,
                "seed": 1,
                "block_length": 1000,
                "currency": "CNY",
                "synthetic_book": 1,
                "book_file": "layout-example-book.csv",
            }
        ),
        "/losses": _losses(years, generator),
        "/perils": _perils(),
        "/metrics": _metrics(),
        "/curves": _curves(),
        "/premium": _premium(),
        "/sites": _sites(stands, generator),
        "/knowledge": xr.Dataset(
            {
                "value": (("draw", "quantity"), draws[:, None] * base),
                "base": ("quantity", base),
                "unit": ("quantity", np.array(["CNY/year", "CNY/year", "CNY/mu", "per mille"])),
            },
            coords={"quantity": quantities},
        ),
        "/tornado": _tornado(),
        "/variance": xr.Dataset(
            {"share": ("status", np.array([0.37, 0.08, 0.55, 0.0]), {"units": "1"})},
            coords={"status": ["confirmed", "unconfirmed", "illustrative", "user"]},
            attrs={"explained": 0.62},
        ),
        "/cards": _cards(),
        "/alternatives": _alternatives(),
        "/chain": _chain(),
        **_checks(),
    }
    return xr.DataTree.from_dict(groups)


def example_ledger() -> pd.DataFrame:
    """Return an invented ledger with a short and a long group."""
    from greenrisk.core.ledger import Ledger

    ledger = Ledger()
    ledger.add("rounded", "years", "1,500 years asked for, 2,000 simulated: whole blocks of 1,000.")
    ledger.add("read", "layout-example-book.csv", "Read as GB18030.", status="synthetic")
    ledger.add(
        "assumption",
        "deductible",
        "Of 10 % of the area and 10 mu the smaller is deducted, as the policy says.",
    )
    ledger.add(
        "unreliable", "occurrence_exceedance", "The 1 in 1,000 years loss rests on two simulated years.", 2
    )
    tornado = _tornado()
    for i, name in enumerate(tornado["parameter"].values):
        status = str(tornado["status"].values[i])
        if status in ("illustrative", "unconfirmed"):
            ledger.add(
                "parameter",
                f"{tornado['card'].values[i]}:{name}",
                str(tornado["label"].values[i]),
                status=status,
                source="invented for the layout",
                quantity="gross_premium",
                base=BASE_GROSS,
                at_low=float(tornado["gross_at_low"].values[i]),
                at_high=float(tornado["gross_at_high"].values[i]),
                unit="CNY",
            )
    for row in range(30):
        ledger.add(
            "imputed",
            f"layout-example-book.csv:{row + 2}",
            "Age is empty; the median of the species is taken.",
        )
    return ledger.to_frame()


def example_manifest() -> dict[str, object]:
    """Return an invented manifest."""
    return {
        "name": "layout-example",
        "kind": "forest",
        "greenrisk": "0.1.0",
        "versions": {"numpy": "2.0", "xarray": "2025.1"},
        "seed": 1,
        "years": 2000,
        "block_length": 1000,
        "inputs": {"layout-example-book.csv": "0" * 64, "example-local": "1" * 64},
        "wall_time_seconds": 12.3,
        "platform": "invented",
    }
