# SPDX-License-Identifier: Apache-2.0
"""The terms of the pollution wing: the names of its results, with unit and one sentence each."""

from __future__ import annotations

from greenrisk.core.vocabulary import Term, Vocabulary

TERMS = Vocabulary(
    Term(
        "expected_accidents",
        "1/year",
        "Expected accidents of a year, on site and on the road, with or without a loss.",
        "Accidents a year",
    ),
    Term(
        "average_annual_loss",
        "CNY/year",
        "Expected loss of a year: before any policy (ground_up), what policies pay (insured), the rest (uninsured).",
        "Average annual loss",
    ),
    Term(
        "pure_premium",
        "CNY/year",
        "Expected payments of a year of all policies of the zone: the premium without any loading.",
        "Pure premium",
    ),
    Term(
        "gross_premium",
        "CNY/year",
        "Technical premium of all policies of the zone, with risk load, expenses, commission, tax and profit.",
        "Gross premium",
    ),
    Term(
        "gross_premium_loadings_held",
        "CNY/year",
        "Technical premium, with the loadings held at their central values in the knowledge interval: loadings are "
        "decided, not found out.",
        "Gross premium, loadings held",
    ),
    Term(
        "expected_accidents_over_ranges",
        "1/year",
        "Expected accidents averaged over the joint draws of all cards; central values are medians.",
        "Accidents a year, averaged over the ranges",
    ),
    Term(
        "average_annual_loss_over_ranges",
        "CNY/year",
        "Expected loss before any policy averaged over the joint draws of all cards; central values are medians.",
        "Average annual loss, averaged over the ranges",
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
    Term(
        "uncovered_share",
        "unitless",
        "Share of the expected loss that no policy pays: no policy, deductible, limits, exclusions, late claims.",
        "Uncovered share of the loss",
    ),
    Term(
        "accidents_above_limit",
        "unitless",
        "Of the accidents with a liability at insured plants, the share that the limits in force do not pay in full.",
        "Accidents above the limit",
    ),
    Term(
        "money_above_limit",
        "unitless",
        "Of the insured-head money of insured plants, the share that the limits in force do not pay.",
        "Money above the limit",
    ),
    Term(
        "plant_years_above_limit",
        "unitless",
        "Of the plant-years with a liability at insured plants, the share that the limits in force do not pay in full.",
        "Plant-years above the limit",
    ),
    Term(
        "aggregate_exceedance",
        "CNY",
        "Loss that all accidents of a year together exceed once in the return period (AEP).",
        "Year's loss (AEP)",
    ),
    Term(
        "occurrence_exceedance",
        "CNY",
        "Loss that the worst event of a year exceeds once in the return period (OEP); one shock is one event.",
        "Worst event (OEP)",
    ),
    Term(
        "tail_value_at_risk",
        "CNY",
        "Mean payments of the worst years beyond the level.",
        "Tail value at risk",
    ),
    Term(
        "environmental_risk_grade",
        "1",
        "Plants with this official grade (HJ 941-2018), or refused because another method applies.",
        "Plants by official grade",
    ),
    Term("uninsured_plants", "1", "Plants without a policy.", "Uninsured plants"),
    Term(
        "judgement_share",
        "unitless",
        "Share of the first-order knowledge variance (of the logarithm) of the expected loss that rests on "
        "illustrative or unconfirmed parameters.",
        "Share resting on judgement",
    ),
)
