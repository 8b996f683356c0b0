# SPDX-License-Identifier: Apache-2.0
"""Writes credit_peers.json: scores, capital, conditional rates and tail means of QuantLib and creditriskengine.

Run as ``python tests/reference/issuer/make_credit_peers.py`` where QuantLib (1.44 was used) and creditriskengine
(0.31.0) are installed; greenrisk is not imported. Inputs are invented here. QuantLib gives the bivariate normal law
behind the tail mean and the hazard curve; creditriskengine gives the scores, Basel's capital and Vasicek's conditional
rate, whose factor has the other sign (high is bad): it is written here with the sign of Vasicek's paper.
"""

import json
from importlib.metadata import version
from pathlib import Path

import QuantLib as ql
from creditriskengine.models.pd.zscore import altman_z_score, altman_z_score_emerging, altman_z_score_private
from creditriskengine.portfolio.vasicek import vasicek_conditional_default_rate
from creditriskengine.rwa.irb.correlation import get_asset_correlation
from creditriskengine.rwa.irb.formulas import irb_capital_requirement_k, maturity_adjustment

HERE = Path(__file__).resolve().parent
# current assets, current liabilities, retained earnings, EBIT, market and book equity, liabilities, sales, assets
FIRMS = (
    (60.0, 40.0, 25.0, 12.0, 90.0, 70.0, 80.0, 130.0, 150.0),
    (20.0, 45.0, -30.0, -8.0, 5.0, -12.0, 132.0, 70.0, 120.0),
    (500.0, 100.0, 900.0, 310.0, 4000.0, 1200.0, 300.0, 1700.0, 1500.0),
    (3.1, 2.9, 0.4, 0.05, 1.1, 0.9, 6.1, 2.2, 7.0),
)
# PD, LGD, maturity, sales in EUR million or none
EXPOSURES = (
    (0.0005, 0.45, 2.5, None),
    (0.002, 0.40, 1.0, 20.0),
    (0.01, 0.45, 4.0, 5.0),
    (0.03, 0.60, 5.0, 49.0),
    (0.15, 0.25, 2.0, None),
    (0.4, 0.75, 3.3, 8.0),
)
CONDITIONS = ((0.01, 0.2, -3.0), (0.001, 0.12, -1.2), (0.3, 0.05, 2.0), (0.05, 0.6, 0.4))
TAILS = ((0.99, 0.02, 0.15), (0.999, 0.001, 0.24), (0.9, 0.2, 0.05), (0.995, 0.1, 0.5))
HAZARDS = ((0.02, 0.5), (0.3, 7.0), (1e-6, 3.0))


def main():
    """Write the file."""
    scores = []
    for ca, cl, re, ebit, market, book, tl, sales, ta in FIRMS:
        base = (ca - cl, ta, re, ebit)
        scores.append(
            {
                "firm": [ca, cl, re, ebit, market, book, tl, sales, ta],
                "Z": altman_z_score(*base, market, tl, sales),
                "Z_private": altman_z_score_private(*base, book, tl, sales),
                "Z_nonmanufacturing": altman_z_score_emerging(*base, book, tl),
            }
        )
    capital = []
    for pd, lgd, maturity, sales in EXPOSURES:
        rho = get_asset_correlation("corporate", pd, sales)
        k = irb_capital_requirement_k(pd, lgd, rho) * maturity_adjustment(pd, maturity)
        capital.append({"exposure": [pd, lgd, maturity, sales], "correlation": rho, "requirement": k})
    conditional = [
        {"case": case, "probability": vasicek_conditional_default_rate(case[0], case[1], -case[2])}
        for case in CONDITIONS
    ]
    normal = ql.InverseCumulativeNormal()
    tails = []
    for level, pd, rho in TAILS:
        joint = ql.BivariateCumulativeNormalDistributionWe04DP(rho**0.5)(normal(pd), normal(1.0 - level))
        tails.append({"case": [level, pd, rho], "mean": joint / (1.0 - level)})
    today = ql.Date(1, 1, 2026)
    ql.Settings.instance().evaluationDate = today
    hazards = []
    for rate, term in HAZARDS:
        curve = ql.FlatHazardRate(today, ql.QuoteHandle(ql.SimpleQuote(rate)), ql.Actual365Fixed())
        hazards.append({"rate": rate, "term": term, "cumulative": curve.defaultProbability(term)})
    made = {
        "made_by": f"QuantLib {version('QuantLib')}, creditriskengine {version('creditriskengine')}",
        "scores": scores,
        "capital": capital,
        "conditional": conditional,
        "tails": tails,
        "hazards": hazards,
    }
    (HERE / "credit_peers.json").write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()
