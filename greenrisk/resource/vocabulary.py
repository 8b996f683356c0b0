# SPDX-License-Identifier: Apache-2.0
"""The terms of the resource wing: the names of its results, with unit and one sentence each."""

from __future__ import annotations

from greenrisk.core.vocabulary import Term, Vocabulary

TERMS = Vocabulary(
    Term(
        "average_annual_loss",
        "CNY/year",
        "Expected loss of a year: before policy terms (ground_up), after them (gross), after reinsurance (net).",
        "Average annual loss",
    ),
    Term(
        "pure_premium",
        "CNY/year",
        "Expected payments of a year under the policy terms: the premium without any loading.",
        "Pure premium",
    ),
    Term(
        "gross_premium",
        "CNY/year",
        "Premium with risk load, expenses, commission, tax and profit.",
        "Gross premium",
    ),
    Term(
        "pure_premium_over_ranges",
        "CNY/year",
        "Pure premium averaged over the joint draws of all cards; central values are medians.",
        "Pure premium, averaged over the ranges",
    ),
    Term(
        "gross_premium_over_ranges",
        "CNY/year",
        "Gross premium averaged over the joint draws of all cards; central values are medians.",
        "Gross premium, averaged over the ranges",
    ),
    Term("rate_per_mu", "CNY/mu", "Gross premium divided by the insured area.", "Rate per mu"),
    Term("pure_rate_per_mu", "CNY/mu", "Pure premium divided by the insured area.", "Pure rate per mu"),
    Term(
        "rate_per_mille",
        "per mille",
        "Gross premium divided by the sum insured, in thousandths.",
        "Rate per mille",
    ),
    Term(
        "aggregate_exceedance",
        "CNY",
        "Loss that all events of a year together, of every peril, exceed once in the return period (AEP).",
        "Year's loss (AEP)",
    ),
    Term(
        "occurrence_exceedance",
        "CNY",
        "Loss that the largest event of a year, of any peril, exceeds once in the return period (OEP).",
        "Largest event (OEP)",
    ),
    Term(
        "tail_value_at_risk",
        "CNY",
        "Mean of the worst years beyond the level, e.g. the worst half per cent for 0.995.",
        "Tail value at risk",
    ),
    Term("expected_fires", "1/year", "Expected fires of a year in the whole landscape.", "Fires a year"),
    Term(
        "expected_burnt_area",
        "ha/year",
        "Expected burnt forest of a year in the whole landscape, insured or not.",
        "Burnt forest a year",
    ),
    Term(
        "judgement_share",
        "unitless",
        "Share of the first-order knowledge variance (of the logarithm) of the gross premium that rests on illustrative"
        " or unconfirmed parameters.",
        "Share resting on judgement",
    ),
    Term(
        "gross_premium_loadings_held",
        "CNY/year",
        "Gross premium of an index cover, with the loadings held at their central values in the knowledge interval: "
        "what the length of the record leaves open.",
        "Gross premium, loadings held",
    ),
    Term(
        "pure_premium_burn",
        "CNY/year",
        "Mean of what an index cover would have paid in the years of its record, treated; its interval resamples the "
        "years.",
        "Pure premium, mean of the years",
    ),
    Term(
        "rate_on_line",
        "unitless",
        "Gross premium of an index cover divided by the most that it can pay in a year.",
        "Rate on line",
    ),
    Term(
        "pure_rate_on_line",
        "unitless",
        "Pure premium of an index cover divided by the most that it can pay in a year.",
        "Pure rate on line",
    ),
    Term(
        "payment_frequency",
        "1/year",
        "Share of years in which an index cover pays anything.",
        "Paying years",
    ),
    Term(
        "average_annual_gap",
        "CNY/year",
        "Mean of what the payments of an index cover leave of the buyer's loss, year by year.",
        "Loss left uncovered",
    ),
    Term(
        "record_share",
        "unitless",
        "Share of the first-order knowledge variance (of the logarithm) of the gross premium that the length of the "
        "record leaves open.",
        "Share resting on the length of the record",
    ),
    Term(
        "false_negative_share",
        "unitless",
        "Share of the worst years, as many as an index cover pays in, in which it pays nothing.",
        "Worst years without a payment",
    ),
    Term(
        "uncovered_share",
        "unitless",
        "Share of the expected loss of the sites that their cover does not pay: deductible, limits, sites without one.",
        "Uncovered share of the loss",
    ),
    Term(
        "loading_share",
        "unitless",
        "Share of the gross premium that is not pure premium.",
        "Share of loadings",
    ),
)

PERIL_WORDS = {
    "wildfire": "fire",
    "storm": "storm",
    "snow_ice": "snow and ice",
    "drought": "drought",
    "flood": "flood and landslide",
    "pest": "pests",
    "all": "all perils",
}
"""What a reader calls the perils."""
