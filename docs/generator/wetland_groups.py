# SPDX-License-Identifier: Apache-2.0
"""What each group of a wetland run holds, in a sentence or two."""

from __future__ import annotations

from generator.index_groups import COVER_GROUPS, SHARED

GROUPS = {
    **SHARED,
    **COVER_GROUPS,
    "/losses": "Every simulated year: loss of the sites before and after their terms and after reinsurance, payments "
    "of the index cover and of the small covers, the largest event, and the loss by peril.",
    "/curves": "Exceedance curves: largest event (occurrence, OEP) and year's loss (aggregate, AEP) of the sites.",
    "/payers": "Who pays which share of the gross premium.",
    "/sites": "Every site: where it lies, its limits, what total damage costs by part, what may be insured "
    "(`insurable`, `water_insurable`), its pure premium with both errors, and its gross premium.",
    "/perils": "What each peril costs before and after terms, with both errors, how bad its bad years are, and what it "
    "adds to the worst years of all; `repeated` was lost before in the same year, and is not lost twice.",
    "/heads": "Loss by head: restoration, interim loss of services, emergency supply, treatment of raw water, closure.",
    "/insurable": "By class of site: cost of total damage, limits, and the insurable value, the smaller of both site "
    "by site.",
    "/service_values": "Values of services by class, for context alone: version, year and currency of the table stand "
    "in the attributes, and why they are no sum insured.",
    "/reinsurance": "Every cover in inuring order: what it pays, what it costs, and the years left after it.",
    "/small_covers": "Covers of old trees, wildlife damage and managers' liability: expected cost in closed form and "
    "simulated, premium of a unit, and what prevention that the insurer pays for saves.",
    "/products": "Published products computed again from their printed figures, and set beside this study, each with "
    "a verdict.",
    "/link": "The declared link of index and losses: chance that both are among the worst years, simulated and in "
    "closed form.",
    "/link_range": "Measures of basis risk at the middle and both ends of the range of that correlation.",
}
"""What stands under each group of results.nc of a wetland run."""
