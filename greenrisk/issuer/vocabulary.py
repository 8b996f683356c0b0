# SPDX-License-Identifier: Apache-2.0
"""The terms of the issuer wing: every headline figure, declared once."""

from __future__ import annotations

from greenrisk.core.vocabulary import Term, Vocabulary

TERMS = Vocabulary(
    Term("issuers", "1", "Issuers that are run.", "Issuers"),
    Term("refused_issuers", "1", "Issuers that are not run, each with its reason.", "Refused issuers"),
    Term(
        "issuers_without_probability",
        "1",
        "Issuers that no lens with a default probability can see; they are in no sum of losses.",
        "Issuers without a default probability",
    ),
    Term(
        "carbon_cost_to_revenue",
        "unitless",
        "Carbon cost of the year, net of free allocation and with what avoiding emissions costs, over the revenue of "
        "the statements.",
        "Carbon cost over revenue",
    ),
    Term(
        "expected_loss_rate",
        "unitless",
        "Expected loss from the statements to the end of the year, each default counted once, over the debt of the "
        "statements.",
        "Expected loss over debt",
    ),
    Term(
        "cumulative_default_rate",
        "unitless",
        "Mean probability of default from the statements to the end of the year, weighted by the debt of the "
        "statements.",
        "Default by the year",
    ),
    Term(
        "default_rate",
        "1/year",
        "Mean probability of default in the twelve months after the end of the year, weighted by the debt of the "
        "statements.",
        "Default within twelve months",
    ),
    Term(
        "median_spread",
        "1/year",
        "Median over issuers of the spread that pays for the expected loss up to the year.",
        "Median spread",
    ),
    Term(
        "downgraded_issuers",
        "1",
        "Issuers whose grade of the year is worse than in the baseline scenario.",
        "Downgraded issuers",
    ),
    Term(
        "portfolio_value_at_risk",
        "unitless",
        "Loss in the twelve months after the end of the year that the portfolio of all debt, alive until then, does "
        "not exceed at the level, over that debt.",
        "Value at risk over debt",
    ),
)
"""Terms of the issuer wing."""
