# SPDX-License-Identifier: Apache-2.0
"""The policy that a premium is for, in words: a price without its terms cannot be filed."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.resource.book import Book
from greenrisk.resource.forest import ForestScenario, TermsSpec
from greenrisk.resource.indemnity import DeductibleRule
from greenrisk.resource.perils.listing import PERILS
from greenrisk.resource.vocabulary import PERIL_WORDS

NONE = "none"
"""Word for a limit or a period that the policy does not have."""


def policy_group(spec: ForestScenario, book: Book) -> xr.Dataset:
    """Return the group ``/policy``: what is insured, against what, and what is paid.

    Parameters
    ----------
    spec : ForestScenario
        The scenario.
    book : Book
        Its stands.

    Returns
    -------
    Dataset
        ``label`` and ``words`` of each ``item``.
    """
    insured = [PERIL_WORDS[kind] for kind in PERILS if spec.peril(kind) is not None]
    excluded = [PERIL_WORDS[kind] for kind in PERILS if spec.peril(kind) is None]
    low, high = float(book.sum_insured_per_mu.min()), float(book.sum_insured_per_mu.max())
    mean = float(book.sum_insured.sum() / book.insured_area_mu.sum())
    by_mu = f"{low:,.6g} to {high:,.6g} CNY, {mean:,.4g} on average" if low < high else f"{low:,.6g} CNY"
    rows = [
        ("perils", "Insured perils", ", ".join(insured)),
        ("excluded", "Perils that greenrisk knows and the policy excludes", ", ".join(excluded) or NONE),
        ("sum_insured", "Sum insured of an insured mu", by_mu),
        *_rule(spec.terms.deductible),
        *_limits(spec.terms),
    ]
    items, labels, words = zip(*rows, strict=True)
    return xr.Dataset(
        {"label": ("item", np.array(labels)), "words": ("item", np.array(words))},
        coords={"item": np.array(items)},
    )


def _rule(rule: DeductibleRule) -> list[tuple[str, str, str]]:
    if rule.kind == "none":
        return [("deducted", "Deducted", "nothing: every loss is paid"), *_cap(rule)]
    full = f"the sum insured of the damaged area from a loss degree of {_percent(rule.full_loss)} on"
    return [
        ("trigger", "Nothing is paid", f"below a loss degree of {_percent(rule.trigger)}"),
        ("deducted", "Deducted", deducted_words(rule)),
        ("full_loss", "Paid in full", full),
        *_cap(rule),
    ]


def _cap(rule: DeductibleRule) -> list[tuple[str, str, str]]:
    rows = []
    if rule.cap < 1.0:
        rows.append(("cap", "Paid at most", f"{_percent(rule.cap)} of the sum insured of the damaged area"))
    if rule.rescue_cost:
        rows.append(("rescue_cost", "Rescue cost", "on top of the sum insured (none is simulated)"))
    return rows


def deducted_words(rule: DeductibleRule) -> str:
    """Return what a rule deducts, in words.

    Parameters
    ----------
    rule : DeductibleRule
        Of a kind that has a trigger.
    """
    if rule.kind == "franchise":
        return "nothing, once that degree is reached"
    share = "" if rule.share is None else _percent(rule.share)
    if rule.kind == "relative":
        return f"a loss degree of {share}"
    area = "" if rule.absolute_mu is None else f"{rule.absolute_mu:,.6g} mu of each damaged area"
    if not (share and area):
        return area or f"{share} of the damaged area"
    which = "larger (以高者为准)" if rule.combine == "max" else "smaller"
    test = "" if rule.branch_share is None else f", found with {_percent(rule.branch_share)} of the area"
    return f"{share} of the damaged area or {rule.absolute_mu:,.6g} mu, whichever is {which}{test}"


def _limits(terms: TermsSpec) -> list[tuple[str, str, str]]:
    def limit(value: float | None) -> str:
        return NONE if value is None else f"{value:,.12g} CNY"

    waiting = f"{terms.waiting_days} day{'' if terms.waiting_days == 1 else 's'}"
    return [
        ("event_limit", "Limit of an event, all stands together", limit(terms.event_limit_cny)),
        ("annual_limit", "Limit of a year, all stands together", limit(terms.annual_limit_cny)),
        ("term", "Cover", f"{terms.term_days} days from {terms.inception} (month-day)"),
        ("waiting", "Waiting period (等待期)", waiting if terms.waiting_days else NONE),
    ]


def _percent(share: float) -> str:
    return f"{100 * share:.6g} %"
