# SPDX-License-Identifier: Apache-2.0
"""What each group of an issuer run holds, in a sentence or two."""

from __future__ import annotations

GROUPS = {
    "/": "What was run, in the attributes.",
    "/metrics": "The headline figures by scenario, in the year of the headline, each with both errors.",
    "/issuers": "Each issuer that is run: its statement line by line with the rule that filled a line (`rule`), its "
    "emissions by scope, its uses, and how its assets were found (`asset_basis`: calibrated, market or book).",
    "/coverage": "What the pathway tables hold for every need of the study (`state`: covered, fall-back or missing), "
    "settled before any work.",
    "/refused": "Issuers that are not run, each with its reason: those of the table are these and those of `/issuers`.",
    "/findings": "Figures of the statements that were quarantined, made one with the rest, or only told: what stood "
    "there, what stands there now, and why.",
    "/pathways": "Every driver of every scenario by year, as the channels take it: levels in prices of the study, "
    "deviations as deviations.",
    "/statements": "Every line of the statements rolled on under all channels together: flows of the year, levels at "
    "its end.",
    "/charges": "What the channels take from EBIT, line by line.",
    "/channels": "What each channel does when it is the only one (`alone`) and when it is added to all others "
    "(`last_in`), what all do together (`joint`), and `interaction` = joint - sum of alone, in five measures; "
    "`without` is the measure without any channel, `reads` says whether an issuer tells what a channel needs.",
    "/lenses": "What each lens says of every issuer in every year: its value in its own unit, and probability, spread, "
    "grade and zone where it has them; else the number of the `reason` why it says nothing. `disagreement` counts the "
    "grades between the best and the worst, `apart` marks where they disagree.",
    "/lens_reasons": "The sentence of each number of `reason`.",
    "/ratios": "The ratios behind scores and ratings, from the statements rolled on; among them X1 to X5 of Altman's "
    "scores, X4 by the books.",
    "/pd": "The default probability that is carried on to losses: within the twelve months after the end of the year "
    "(`annual_probability`, with its grade and the lens that it is from), and from the statement to the end of the "
    "year (`cumulative_probability`, which never falls), each with its logarithm, finite where it underflows. "
    "`underflow`: Merton's model saw no default; `unearned`: EBITDA at or below zero.",
    "/spread": "Debt of the statement as long as it is owed (`exposure`), loss given default, expected loss from the "
    "statement to the end of the year, each default once, the spread that pays for the twelve months after it "
    "(`hazard_spread`) and for the term from the statement on (`spread`), and the value of the assets.",
    "/production": "Production, price and emissions of every plan on the late and sudden path: what is planned, what "
    "the scenario asks, the path without and with the shock.",
    "/production_npv": "Present value of the profits of every plan from the shock on, without and with it, and the "
    "interval of the change over the draws of the path's card.",
    "/production_pd": "The default probability of the late and sudden path by term (Merton: at the term, not before), "
    "its interval, and beside it the study's own up to that term; equity and debt of the path in money of its prices.",
    "/production_tornado": "Change of the value of all plans, and mean default probability by term, at both ends of "
    "every range of the path's card.",
    "/production_refused": "Plans that the late and sudden path does not compute, each with its reason.",
    "/portfolio": "The portfolio of all debt owed in the twelve months after the year of the headline: expected loss "
    "simulated and in closed form, value at risk and its tail by simulation with their errors and by Vasicek's limit "
    "law, who loses what in the year of that level, and how much of the debt sits in few sectors and issuers "
    "(Herfindahl, in the attributes).",
    "/sector_years": "The sums of each sector in every year: lines, charges, debt, expected loss by the end of the "
    "year, the default rate of the twelve months after it weighted by debt, how many issuers.",
    "/sector_channels": "What each channel does to each sector: alone, last in, jointly, and the interaction.",
    "/sector_lenses": "How many issuers of a sector each lens answers for, and how many it puts into each zone.",
    "/issuer_years": "The main figures of every issuer in the years of the report, where not all is kept of each.",
    "/conditional": "The default probability in a bad year (Vasicek, at `level`, with Basel's correlation), and what "
    "Basel asks as capital: K with its maturity adjustment, risk weight, and whether the probability was raised to the "
    "floor.",
    "/overlay": "Probabilities of the user's own ratings moved by what the scenario does to the model's.",
    "/transitions": "Moves between ratings: the average matrix without those not rated any more, its generator with "
    "what was clipped, and the matrix of every year of a scenario by the deviation of its output.",
    "/default_by_grade": "Default rate of each grade up to the end of each term: along the matrices of the scenario, "
    "by the average matrix, by its generator, and the mean of the model's own probabilities beside them.",
    "/grade_moves": "How many issuers, and how much debt, have which grade in the baseline scenario and which in "
    "another, in the same year.",
    "/firm_years": "Altman's scores of the user's firm-years, each with its zone; `refused` says why no logit was "
    "fitted.",
    "/logit": "The logit fitted on the user's firm-years: coefficients with errors by firm, and the range of the data.",
    "/checks_carbon": "Carbon cost over revenue at one price by sector, beside that of companies of the ITR sample.",
    "/checks_default": "Merton's default probabilities beside the long-run default rate of the grade that another lens "
    "gives; the ledger is told of the baseline alone, since a long-run rate is that of no shock.",
    "/checks_lenses": "For every issuer the lens with the lowest and that with the highest probability, and how many "
    "grades lie between.",
    "/cards": "What each card is for: use, region, period, validity, and how it was made.",
    "/channel_table": "Channels that are on: the drivers that each consumes, alone, and the lines that it writes.",
    "/knowledge": "Every joint draw of the cards, and the base they are compared with.",
    "/ranking": "Order of the issuers by default probability in each scenario (1 is worst), the span of the rank over "
    "the draws, and how well the order holds (Kendall, Spearman, share of the ten worst that stay among them).",
    "/tornado": "The expected loss over debt of the worst scenario, by the end of the year of the headline, at both "
    "ends of every parameter's range, widest first.",
    "/issuer_tornado": "The default probability of every issuer at both ends of every parameter's range, one at a "
    "time.",
    "/ledger": "The ledger.",
}
"""What stands under each group of results.nc."""
