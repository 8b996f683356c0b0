# SPDX-License-Identifier: Apache-2.0
"""What each group of a zone run holds, in a sentence."""

from __future__ import annotations

GROUPS = {
    "/": "What was run, in the attributes.",
    "/metrics": "The headline figures, each with both errors.",
    "/grading": "The official grade of every plant (HJ 941-2018): each term of it, the grade as the standard writes "
    "it, the grade in every reading of what is not confirmed, the status of what fixed it; GB 18218 beside it.",
    "/grade_leverage": "Rows of the rules that are not confirmed and without which a grade would change.",
    "/grade_steps": "For each plant the cheapest steps that would lower its grade.",
    "/receptors": "Where each plant lies, and who lives around it.",
    "/outlets": "Where each plant discharges, and what lies downstream.",
    "/holdings": "Each substance on site: what of it counts, against which critical quantity, in which list, and how "
    "far that is known.",
    "/plants": "One row a plant: facts, accidents, loss, what its policy pays with both errors, technical premium.",
    "/frequency": "How each plant's accident rate came about: sources with their weights, factors, own years.",
    "/frequency_alternatives": "Accidents of the zone if one source alone were believed.",
    "/report_windows": "US reports a facility-year by window of years: the last ones are incomplete.",
    "/checks/equipment_shares": "What leaks by equipment of the model beside what leaked in US reports: a comparison, "
    "no validation.",
    "/equipment_check": "Rates by equipment beside those of the industry's reports: a comparison, no validation.",
    "/transfer": "The factors that carry accidents abroad to China, with their intervals.",
    "/losses": "Every simulated year: loss and worst event by layer, accidents by cause.",
    "/heads": "What a year costs under each head of loss, what policies pay of it, and why not the rest.",
    "/curves": "Exceedance curves: worst event (occurrence, OEP) and year's loss (aggregate, AEP).",
    "/knowledge": "Every joint draw of the cards, and the base they are compared with.",
    "/tornado": "The gross premium at both ends of every parameter's range, widest first.",
    "/tornado_loss": "The expected loss of a year at both ends of every parameter's range, widest first.",
    "/variance": "Share of the knowledge variance by status of the parameters.",
    "/alternatives": "Results for named answers to what the data do not decide: tail, cap, source, reading of rules.",
    "/cards": "What each card is for: use, region, period, validity, and how it was made.",
    "/owners": "Insured and uninsured loss of each owner in each of the first simulated years: what a study of issuers "
    "draws from.",
    "/own_claims": "What own claims changed: the factors of transfer before and after, by credibility.",
    "/severity_alternatives": "Expected loss of an accident and premium under two thresholds and three caps.",
    "/limit_adequacy": "Suppose that every plant had the same limit: what it leaves, by three measures, before and "
    "after sublimits, by group of plants.",
    "/smallest_limit": "The smallest limit that leaves at most a share, by each measure, with the simulation's "
    "interval; not a number where no limit of the grid is enough.",
    "/limit_sensitivity": "Adequacy and smallest limit under each cap of the loss and each threshold of the tail.",
    "/spain_rule": "Spain's guarantee for each plant, from its own simulated accidents: a rule of another country.",
    "/plant_limits": "For each plant the limit in force, the least one of its grade, and what three rules would ask.",
    "/who_must_insure": "Which reasons hold for which plant, and what its limit lacks of the least one.",
    "/mandate_numbers": "Single numbers of the mandate in force, each with its status and source.",
    "/uninsured": "Plants that must insure and have no cover, or less than the least limit.",
    "/enrolment": "Who has cover under each scenario of the mandate, what it covers and costs: expectations.",
    "/who_pays": "Who pays the loss: insurers, operators, the public purse or nobody.",
    "/premium": "Technical premium by plant, row by row, beside limit and expected payments.",
    "/premium/zone": "The same for all insured plants, with the capital that stands behind them.",
    "/tariff": "The market's premium by a tariff, factor by factor, beside the technical one.",
    "/presets": "Policies seen in public documents, each with its premium as seen and as the model would price it: "
    "illustrations, none of them the official tariff.",
    "/tariff_difference": "How much of the difference between both premiums each factor explains.",
    "/affordability": "Premium over revenue of each owner, and the subsidy that would make it bearable.",
    "/affordability/sizes": "The same by class of size.",
    "/claims_timeline": "Stages of a claim with days, roles and documents: known, unknown and insolvent polluter.",
    "/claims_cash": "Who has paid what by the day, and what nobody has paid yet.",
    "/claims_months": "Payments by month since inception of the policy year.",
    "/pool": "Each member of the co-insurance pool: its share of premium, costs, payments and result.",
    "/pool_settlement": "The pool's accounts over a year: what the leader lays out, and what the others owe.",
    "/reinsurance": "Every cover in inuring order: what it pays, what it costs, and the years left after it.",
    "/prevention": "What each measure costs and saves, with and without it on the same accidents.",
    "/insurer_prevention": "Plants in the order in which the insurer's spending on prevention avoids most payments.",
    "/checks/second_method": "Simulated means and variances beside their closed form, in standard errors.",
    "/checks/accident_losses": "What an accident costs: quantiles, mean, share that costs anything.",
    "/checks/event_levels": "Share of accidents at each official level of an emergency by direct loss.",
    "/checks/china_accidents": "Accidents in China with a published direct loss, beside the model's law.",
    "/checks/third_party_beside_rmp": "Third-party property beside damage off site in US reports: the model fails.",
    "/checks/own_history": "Accidents of the zone in its own years beside what was expected, and what they move.",
    "/checks/implied_loss_ratio": "The loss ratio that the market would have at its rate on line, were the model true.",
    "/ledger": "The ledger.",
}
"""One sentence for each group of results.nc."""
