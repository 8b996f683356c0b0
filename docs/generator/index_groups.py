# SPDX-License-Identifier: Apache-2.0
"""What each group of an index run holds, in a sentence or two; a wetland run shares those of its index cover."""

from __future__ import annotations

COVER_GROUPS = {
    "/series": "Each series as it was read: file, unit, step, first and last date, values, missing steps, the longest "
    "gap, and the note of the scenario.",
    "/guards": "What was looked for in each series before anything was made of it, and what was found (`verdict`: "
    "clear, told, accepted, not tested; what is refused stops the run).",
    "/changes": "The tests of a step and of a trend for each index: place and size of the best step, its largest F "
    "with p values for independent years and for years that remember, Pettitt's and Mann and Kendall's tests, the "
    "criteria of none, line and step, and the verdict in a sentence.",
    "/record": "Every year of every index: as it was recorded, as it is priced, and whether it is used.",
    "/history": "What the covers would have paid in each year of the treated record, and the buyer's loss and what "
    "payments leave of it where a loss of those years is known.",
    "/payout_function": "Share of the sum insured over values of the index, for each cover.",
    "/treatments": "The pure premium under every treatment of the record, by burn analysis and by a fitted law; "
    "`refused` says why a treatment may not be chosen, `law_refused` why no law was fitted.",
    "/families": "The pure premium by every family of laws on the chosen treatment, with its criterion, or why it is "
    "refused; `empirical` draws the years themselves.",
    "/index_laws": "The laws of each index: family, parameters, and for an index of events the law of their number.",
    "/calibration": "Trigger and exit that the asked method finds; what they are worth on the years they were found on "
    "(`in_sample`) and on years left out (`corrected`), the `optimism` between, and the scenario's own numbers beside "
    "them.",
    "/backtest": "The test from rolling origins: trigger and premium from the years before each origin, and what the "
    "year then paid.",
    "/backtest_summary": "What that test comes to: paying years expected and seen, premiums and payments, scores of "
    "the chances, and both halves of the record, with intervals.",
    "/backtest_power": "What so many tested years can notice: chance to find a frequency of payments that is `factor` "
    "times as high as priced, and how many years would find it in four cases of five.",
    "/basis": "Basis risk: every measure with its interval, the years that it rests on, and what they cannot tell.",
    "/basis_pairs": "Loss and payment of single years with their quadrant; of simulated years a part.",
    "/buyer": "What the buyer has of each arrangement: premium, certainty equivalent, mean cost, worst year.",
}
"""Groups of an index cover, in both studies."""

SHARED = {
    "/": "What was run, in the attributes.",
    "/metrics": "The headline figures, each with both errors.",
    "/premium": "From pure to gross premium, whole and by part.",
    "/knowledge": "Every joint draw of record and cards, and the base they are compared with.",
    "/tornado": "The gross premium at both ends of every parameter's range, and over resamples of the record, widest "
    "first.",
    "/variance": "Share of the knowledge variance by status of the parameters; `record` is the length of the record.",
    "/alternatives": "Results under every named alternative, and whether it holds the intervals open.",
    "/cards": "What each card is for: use, region, period, validity, and how it was made.",
    "/checks/second_method": "Simulated figures beside those of a second method, and how many standard errors they are "
    "apart.",
    "/ledger": "The ledger.",
}
"""Groups that both studies have."""

GROUPS = {
    **SHARED,
    **COVER_GROUPS,
    "/losses": "Every simulated year: payments of all covers after the terms of the year, and of each cover.",
    "/curves": "Exceedance curve of a year's payments (AEP).",
    "/tornado_gap": "What payments leave of the buyer's mean loss, at both ends of the ranges that move the loss.",
}
"""What stands under each group of results.nc of an index run."""
