# SPDX-License-Identifier: Apache-2.0
"""Invented groups of the further parts of a forest study: for tests of the report's layout ONLY.

No number here comes from data, from a card or from a run of the model.
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from example_tree import example_tree

PAYERS = ("central", "province", "county", "owner")
ROWS = ("pure_premium", "risk_load", "expenses", "commission", "tax", "profit", "gross_premium")


def _made(dims: str, text: str, **attrs: object) -> xr.Dataset:
    """Return a dataset from lines ``name | unit | values``; values of words where the unit is ``words``."""
    variables: dict[str, object] = {}
    for line in text.strip().splitlines():
        name, unit, values = (part.strip() for part in line.split("|"))
        given = [v.strip() for v in values.split(",")]
        if unit == "words":
            variables[name] = (dims, np.array(given))
        else:
            variables[name] = (dims, np.array(given, float), {"units": unit})
    return xr.Dataset(variables, attrs=attrs)


def experience() -> xr.Dataset:
    """Return an invented ``/experience`` of three years and two perils."""
    by_peril = _made(
        "peril",
        """
        years            | year     | 3, 3, 3
        expected         | CNY      | 60000, 900000, 960000
        incurred         | CNY      | 20000, 500000, 520000
        ultimate         | CNY      | 24000, 560000, 584000
        ratio            | unitless | 0.4, 0.62, 0.61
        ratio_low        | unitless | 0.1, 0.3, 0.3
        ratio_high       | unitless | 1.5, 1.2, 1.15
        claims           | 1        | 2, 8, 9
        credibility      | unitless | 0.2, 0.55, 0.52
        prior_median     | unitless | 1, 1, 1
        prior_low        | unitless | 0.4, 0.26, 0.28
        prior_high       | unitless | 2.6, 4, 3.9
        posterior_median | unitless | 0.85, 0.75, 0.76
        posterior_low    | unitless | 0.4, 0.4, 0.42
        posterior_high   | unitless | 1.9, 1.4, 1.39
        parameter        | words    | level, scale,
        sentence         | words    | fire: three years., storm: three years., all perils: three years.
        """,
        table="layout-experience.csv",
        status="synthetic",
        note="Invented weights.",
    ).assign_coords(peril=["wildfire", "storm", "all"])
    by_year = _made(
        "year",
        """
        insured_area | mu       | 900000, 910000, 920000
        sum_insured  | CNY      | 7.2e8, 7.3e8, 7.4e8
        premium      | CNY      | 1.6e6, 1.6e6, 1.7e6
        to_ultimate  | unitless | 1.0, 1.05, 1.3
        loss_ratio   | unitless | 0.1, 0.15, 0.12
        """,
    ).assign_coords(year=[2023, 2024, 2025])
    amount = np.array([[8e3, 1.6e5, 1.68e5], [np.nan, np.nan, 2.1e5], [8e3, 1.98e5, 2.06e5]])
    both = {
        name: (("year", "peril"), factor * amount, {"units": "CNY"})
        for name, factor in (
            ("paid_by_year", 0.8), ("incurred_by_year", 0.9), ("ultimate_by_year", 1.0), ("expected_by_year", 1.6)
        )
    }  # fmt: skip
    return by_peril.merge(by_year).assign(both)


def premium_file() -> xr.Dataset:
    """Return an invented ``/premium_file`` by county and peril, the book first."""
    names = ("all", "Fuliang|storm", "Fuliang|pest", "Leping|storm")
    part = np.array([1.0, 0.5, 0.3, 0.2])
    amount = 6.4e5 * np.array([0.6, 0.14, 0.14, 0.05, 0.02, 0.05, 1.0])[:, None] * part
    figures = _made(
        "group",
        """
        insured_area        | mu       | 900000, 500000, 500000, 400000
        sum_insured         | CNY      | 7.2e8, 4e8, 4e8, 3.2e8
        claims              | 1/year   | 50, 20, 20, 10
        pure_standard_error | CNY/year | 9000, 6000, 3000, 2000
        pure_low            | CNY/year | 150000, 70000, 40000, 30000
        pure_high           | CNY/year | 900000, 500000, 300000, 200000
        pure_per_mu         | CNY/mu   | 0.43, 0.38, 0.23, 0.19
        gross_per_mu        | CNY/mu   | 0.71, 0.64, 0.38, 0.32
        pure_per_mille      | per mille | 0.53, 0.48, 0.29, 0.24
        gross_per_mille     | per mille | 0.89, 0.8, 0.48, 0.4
        loss_ratio          | unitless | 0.6, 0.6, 0.6, 0.6
        owner_per_mu        | CNY/mu   | 0.14, 0.13, 0.08, 0.06
        owner_share         | unitless | 0.2, 0.2, 0.2, 0.2
        robust_pure         | CNY/year | 500000, 260000, 160000, 100000
        robust_gross        | CNY/year | 800000, 420000, 250000, 160000
        robust_per_mu       | CNY/mu   | 0.89, 0.84, 0.5, 0.4
        robust_regret       | CNY/year | 1e5, 5e4, 3e4, 2e4
        central_regret      | CNY/year | 2e5, 1e5, 6e4, 4e4
        """,
        group_by="county, peril",
        shortfall_weight=2.0,
        excess_weight=1.0,
    )
    coords = {
        "row": list(ROWS),
        "payer": list(PAYERS),
        "group": list(names),
        "county": ("group", ["all", "Fuliang", "Fuliang", "Leping"]),
        "peril": ("group", ["all", "storm", "pest", "storm"]),
        **{name: ("group", ["all"] * 4) for name in ("forest_type", "species_group", "age_class")},
    }
    subsidy = amount[-1] * np.array([0.4, 0.3, 0.1, 0.2])[:, None]
    money = {"units": "CNY/year"}
    return figures.assign(
        amount=(("row", "group"), amount, money), subsidy=(("payer", "group"), subsidy, money)
    ).assign_coords(coords)


def policy() -> xr.Dataset:
    """Return invented ``/policy``."""
    rows = {
        "perils": ("Insured perils", "fire, storm"),
        "sum_insured": ("Sum insured of an insured mu", "500 to 800 CNY, 640 on average"),
        "deducted": ("Deducted", "15 % of the damaged area or 10 mu, whichever is smaller"),
        "annual_limit": ("Limit of a year, all stands together", "none"),
    }
    return xr.Dataset(
        {
            "label": ("item", np.array([label for label, _ in rows.values()])),
            "words": ("item", np.array([text for _, text in rows.values()])),
        },
        coords={"item": list(rows)},
    )


def subsidy_rules() -> xr.Dataset:
    """Return invented ``/subsidy_rules``."""
    data = _made(
        "forest_type",
        """
        from_year | year  | 2022, 2022
        status    | words | confirmed, unconfirmed
        source    | words | invented for the layout, invented for the layout
        unmet     | words | , The central share falls because the county pays too little.
        """,
        underwriting_year=2025,
    ).assign_coords(forest_type=["public_benefit", "commercial"], payer=list(PAYERS))
    share = np.array([[0.5, 0.3], [0.4, 0.3], [0.1, 0.0], [0.0, 0.4]])
    return data.assign(share=(("payer", "forest_type"), share, {"units": "unitless"}))


def terms_alternatives() -> xr.Dataset:
    """Return invented ``/terms_alternatives`` of three sets of terms."""
    return _made(
        "alternative",
        """
        gross_premium                          | CNY/year | 640000, 560000, 710000
        gross_premium_standard_error           | CNY/year | 30000, 28000, 33000
        gross_premium_difference               | CNY/year | 0, -80000, 70000
        gross_premium_difference_standard_error | CNY/year | 0, 4000, 3000
        gross_per_mu                           | CNY/mu   | 0.71, 0.62, 0.79
        gross_per_mille                        | per mille | 0.89, 0.78, 0.9
        loss_ratio                             | unitless | 0.59, 0.58, 0.6
        years_above_premium                    | unitless | 0.1, 0.09, 0.12
        claims                                 | 1/year   | 50, 20, 50
        paid_area                              | mu/year  | 900, 700, 900
        uncovered                              | CNY/year | 300000, 380000, 230000
        uncovered_standard_error               | CNY/year | 9000, 9500, 8000
        owner_cost                             | CNY/year | 430000, 490000, 372000
        owner_premium_per_mu                   | CNY/mu   | 0.14, 0.12, 0.16
        owner_cost_per_mu                      | CNY/mu   | 0.48, 0.55, 0.41
        uncovered_worst_years                  | CNY      | 3e6, 4e6, 2e6
        owner_worst_uncovered                  | unitless | 0.3, 0.35, 0.2
        total_losses                           | 1/year   | 2, 2, 2
        total_losses_paid                      | unitless | 1, 0.9, 1
        total_losses_recovered                 | unitless | 0.5, 0.45, 0.6
        """,
    ).assign_coords(alternative=["base", "deductible 30 %", "sum insured 900"])


def county_rates() -> xr.Dataset:
    """Return invented ``/county_rates``."""
    return _made(
        "county",
        """
        rate              | CNY/mu | 0.4, 0.5
        low               | CNY/mu | 0.1, 0.12
        high              | CNY/mu | 1.6, 2.1
        low_alone         | CNY/mu | 0.13, 0.16
        high_alone        | CNY/mu | 1.3, 1.6
        downscaling_share | 1      | 0.2, 0.25
        """,
    ).assign_coords(county=["Fuliang", "Leping"])


def pool() -> dict[str, xr.Dataset]:
    """Return the invented groups below ``/pool``."""
    dependence = ["simulated", "counties_independent", "perils_comonotone"]
    saved = np.array([[2e6, 4e6, 1e6], [5e6, 5e6, 0.0]])
    dims, money = ("split", "dependence"), {"units": "CNY"}
    benefit = _made(
        "dependence",
        """
        pooled         | CNY | 9e6, 7e6, 14e6
        standard_error | CNY | 8e5, 5e5, 1e6
        """,
        tail_level=0.99,
    ).assign_coords(dependence=dependence, split=["county", "peril"])
    alone = benefit["pooled"].values + saved
    curve = _made(
        "counties",
        """
        standard_deviation      | CNY/mu | 2.4, 2.0
        standard_deviation_low  | CNY/mu | 2.0, 2.0
        standard_deviation_high | CNY/mu | 2.9, 2.0
        independent             | CNY/mu | 2.4, 1.7
        tail_excess             | CNY/mu | 15, 12
        tail_excess_low         | CNY/mu | 12, 12
        tail_excess_high        | CNY/mu | 18, 12
        subsets                 | 1      | 2, 1
        """,
        tail_level=0.99,
    ).assign_coords(counties=[1, 2])
    shared = _made(
        "peril",
        """
        mean_spearman | 1 | 0.4, 0.05, 0.5
        mean_pearson  | 1 | 0.6, 0.02, 0.7
        """,
    ).assign_coords(peril=["all", "wildfire", "snow_ice"])
    return {
        "benefit": benefit.assign(
            alone=(dims, alone, money),
            benefit=(dims, saved, money),
            benefit_share=(dims, saved / alone, {"units": "1"}),
        ),
        "curve": curve,
        "correlation": shared,
    }


def named_events() -> xr.Dataset:
    """Return invented ``/named_events``: one that simulated events reach, one that none does."""
    return _made(
        "event",
        """
        ground_up                | CNY   | 9e6, 4e7
        gross                    | CNY   | 8e6, 3e7
        gross_low                | CNY   | 7e6, 2.6e7
        gross_high               | CNY   | 9e6, 3.4e7
        net                      | CNY   | 5e6, 2e7
        stands_hit               | 1     | 300, 2000
        paid_area                | mu    | 40000, 150000
        return_period_gross      | year  | 110, nan
        return_period_gross_low  | year  | 90, 1500
        return_period_gross_high | year  | 140, nan
        gross_knowledge_low      | CNY   | 2e6, 1e7
        gross_knowledge_high     | CNY   | 2e7, 6e7
        title                    | words | An invented ice storm, An invented great fire
        date                     | words | 2008-01-20,
        peril                    | words | snow_ice, wildfire
        source                   | words | invented for the layout, invented for the layout
        """,
        runs=200,
    ).assign_coords(event=["ice", "fire"])


def reinsurance() -> xr.Dataset:
    """Return an invented ``/reinsurance`` of a quota share and a stop loss."""
    covers = _made(
        "cover",
        """
        recoveries                | CNY/year | 80000, 30000
        recoveries_standard_error | CNY/year | 2000, 4000
        premium                   | CNY/year | 150000, 60000
        commission                | CNY/year | 40000, 0
        reinstatement_premium     | CNY/year | 0, 0
        rate_on_line              | unitless | nan, 0.05
        chance_to_pay             | unitless | 0.99, 0.03
        largest                   | CNY      | 6e6, 1.2e6
        basis                     | words    | given, own cost with a loading
        """,
        value_at_risk_level=0.995,
        tail_level=0.99,
    )
    after = _made(
        "after",
        """
        mean               | CNY/year | 400000, 320000, 290000
        value_at_risk      | CNY      | 12e6, 9.6e6, 8.4e6
        tail_value_at_risk | CNY      | 16e6, 12.8e6, 11.6e6
        """,
    )
    names = ["quota share", "stop loss"]
    return covers.merge(after).assign_coords(cover=names, after=["gross", *names]).assign_attrs(covers.attrs)


def catastrophe_reserve() -> dict[str, xr.Dataset]:
    """Return the invented group ``/catastrophe_reserve`` with its rules."""
    years = np.arange(21)
    levels = np.array([0.05, 0.5, 0.95])
    data = xr.Dataset(
        {
            "reserve": (("quantile", "year"), 1e5 * np.outer([0.2, 1.0, 1.6], years), {"units": "CNY"}),
            **{
                name: ("year", scale * years, {"units": unit})
                for name, scale, unit in (
                    ("ruin_probability", 0.002, "unitless"), ("low", 0.0015, "unitless"), ("high", 0.003, "unitless"),
                    ("contribution", 1e4, "CNY/year"), ("drawdown", 5e3, "CNY/year"),
                    ("chance_of_drawdown", 0.01, "unitless"),
                )
            },
        },
        coords={"quantile": levels, "year": years},
        attrs={"initial_reserve": 0.0, "capital": 5e6, "paths": 4000},
    )  # fmt: skip
    rules = _made(
        "rule",
        """
        value        | see unit | 0.05, 0.75
        low          | see unit | 0.03, 0.7
        high         | see unit | 0.08, 0.9
        ruin_at_low  | unitless | 0.05, 0.03
        ruin_at_high | unitless | 0.03, 0.05
        status       | words    | unconfirmed, illustrative
        """,
    ).assign_coords(rule=["premium_rate", "trigger"])
    return {"": data, "rules": rules}


def claims_service() -> dict[str, xr.Dataset]:
    """Return the invented groups below ``/claims_service``."""
    periods = [10.0, 100.0]
    cash = _made(
        "month",
        """
        advance        | CNY | 20000, 30000
        balance        | CNY | 0, 15000
        expected       | CNY | 20000, 45000
        standard_error | CNY | 900, 1500
        """,
        advance_share=0.6,
        last_month="2 or later",
    ).assign_coords(month=[1, 2], return_period=periods)
    cash["total"] = (("month", "return_period"), np.array([[9e4, 9e5], [1e5, 2e6]]), {"units": "CNY"})
    load = xr.Dataset(
        {
            "claims": (
                ("peril", "return_period"),
                np.array([[30.0, 400], [2, 5], [20, 400]]),
                {"units": "1"},
            ),
            "days": (
                ("peril", "return_period"),
                np.array([[3.0, 40], [0.2, 0.5], [2, 40]]),
                {"units": "day"},
            ),
            "wait": ("return_period", np.array([3.0, 41.0]), {"units": "day"}),
            "needed": ("return_period", np.array([3.0, 40.0]), {"units": "1/day"}),
        },
        coords={"peril": ["all", "wildfire", "snow_ice"], "return_period": periods},
        attrs={"inspections_a_day": 10.0, "inspect_within_days": 10.0},
    )
    waits = _made(
        "days",
        """
        claims   | 1/year | 40, 10
        at_least | 1      | 1, 0.2
        """,
    ).assign_coords(days=[0, 10])
    return {"cash": cash, "load": load, "waits": waits}


def data_quality() -> dict[str, xr.Dataset]:
    """Return the invented groups below ``/data_quality``."""
    checks = _made(
        "check",
        """
        label    | words | ages that are missing, stands that stand twice
        count    | 1     | 30, 0
        share    | 1     | 0.004, 0
        examples | words | S00001: empty; S00002: empty,
        meaning  | words | The median is taken., Nothing is dropped.
        """,
        stands=600,
    ).assign_coords(check=["missing_age", "doubled"])
    county = _made(
        "county",
        """
        sum_insured         | CNY | 4e8, 3.2e8
        share               | 1   | 0.55, 0.45
        insured_area        | mu  | 500000, 400000
        stands              | 1   | 350, 250
        forest_share        | 1   | 0.2, 0.15
        largest_owner_share | 1   | 0.1, 0.3
        largest_owner       | words | invented farm, invented village
        """,
    ).assign_coords(county=["Fuliang", "Leping"])
    cells = 40
    fall = np.arange(cells, 0, -1, dtype=float)
    grid = xr.Dataset(
        {
            "cell_km": ("cell", np.repeat([5.0, 10.0], cells // 2), {"units": "km"}),
            "longitude": ("cell", 117 + 0.01 * fall, {"units": "degree"}),
            "latitude": ("cell", 29 + 0.01 * fall, {"units": "degree"}),
            "sum_insured": ("cell", 1e6 * fall, {"units": "CNY"}),
            "nearby": ("cell", 1.2e6 * fall, {"units": "CNY"}),
            "insured_area": ("cell", 1e3 * fall, {"units": "mu"}),
            "stands": ("cell", fall, {"units": "1"}),
            "largest_owner": ("cell", np.array(["invented farm"] * cells)),
            "largest_owner_share": ("cell", np.full(cells, 0.3), {"units": "1"}),
        }
    )
    return {"checks": checks, "accumulation_county": county, "accumulation_grid": grid}


def further_groups() -> dict[str, xr.Dataset]:
    """Return all of them by their paths."""
    alone = {
        "policy": policy(),
        "experience": experience(),
        "premium_file": premium_file(),
        "subsidy_rules": subsidy_rules(),
        "terms_alternatives": terms_alternatives(),
        "county_rates": county_rates(),
        "named_events": named_events(),
        "reinsurance": reinsurance(),
    }
    below = {
        "pool": pool(),
        "catastrophe_reserve": catastrophe_reserve(),
        "claims_service": claims_service(),
        "data_quality": data_quality(),
    }
    groups = {f"/{name}": data for name, data in alone.items()}
    for name, parts in below.items():
        groups |= {f"/{name}/{part}".rstrip("/"): data for part, data in parts.items()}
    return groups


def whole_tree(stands: int = 600, years: int = 2000) -> xr.DataTree:
    """Return the invented tree with all further groups."""
    tree = example_tree(stands, years)
    for path, data in further_groups().items():
        tree[path] = xr.DataTree(data)
    return tree
