# SPDX-License-Identifier: Apache-2.0
"""What the ledger says of a rate review: what was assumed, left out, cut, or should not be relied on."""

from __future__ import annotations

import numpy as np

from greenrisk.core.ledger import Ledger
from greenrisk.resource.experience_spec import RateReviewSpec
from greenrisk.resource.rate_review import ExperienceYears, ModelYears
from greenrisk.resource.review_results import RateReview
from greenrisk.resource.vocabulary import PERIL_WORDS


def tell_rate_review(
    review: RateReview, experience: ExperienceYears, model: ModelYears, spec: RateReviewSpec, ledger: Ledger
) -> None:
    """Write what there is to tell of a review to the ledger.

    Parameters
    ----------
    review : RateReview
        The review.
    experience, model, spec
        What it was made from.
    ledger : Ledger
        The run's ledger.
    """
    row = {str(name): float(values.values[0]) for name, values in review.indication.data_vars.items()}
    if not review.indication.attrs["current_rate_given"]:
        ledger.add(
            "assumption",
            "current rate",
            f"None was given; taken as premium over sum insured of {experience.year[-1]}, "
            f"{row['current_rate']:.4g} per mille.",
        )
    if review.indication.attrs["capped"]:
        ledger.add(
            "clipped",
            "indicated change of rate",
            f"{row['indicated_change']:+.1%} was cut to {row['proposed_change']:+.1%}: the cap of the scenario.",
        )
    if len(model.factor) < 2:
        ledger.add(
            "assumption",
            "rate review",
            "No draws of the cards were given: intervals are those of chance alone, and greatest accuracy believes "
            "the model in full.",
        )
    _tell_trends(review, ledger)
    _tell_unknown(experience, spec, ledger)
    _tell_outside(review, ledger)


def _tell_trends(review: RateReview, ledger: Ledger) -> None:
    columns = (review.perils[name].values for name in ("peril", "trend_applied", "trend_low", "trend_note"))
    for peril, applied, low, note in zip(*columns, strict=True):
        if applied or np.isfinite(low):
            subject = f"trend of {PERIL_WORDS.get(str(peril), str(peril))}"
            ledger.add("assumption", subject, str(note))


def _tell_unknown(experience: ExperienceYears, spec: RateReviewSpec, ledger: Ledger) -> None:
    unknown = int((~experience.by_peril[-spec.period :]).sum())
    if unknown:
        ledger.add(
            "unreliable",
            "rate review by peril",
            f"The losses of {unknown} of {spec.period} years of the period are not all known by peril: the experience "
            "counts in the total only, and single perils stay at the model's rate, balanced to the total.",
            count=unknown,
        )


def _tell_outside(review: RateReview, ledger: Ledger) -> None:
    """Tell where a review period lies outside what the model holds possible at 90 %, its cards drawn too."""
    last = review.windows.isel(window=-1)
    for i, peril in enumerate(last["peril"].values.astype(str).tolist()):
        actual = float(last["adjusted"].values[i])
        low, high = (float(last[name].values[i]) for name in ("low_with_knowledge", "high_with_knowledge"))
        if actual < low or actual > high:
            ledger.add(
                "unreliable",
                f"model of {PERIL_WORDS.get(peril, peril)}",
                f"Adjusted losses of {last['window'].values} were CNY {actual:,.0f}; the model's 90 % interval, cards "
                f"drawn too, is {low:,.0f} to {high:,.0f}.",
            )
