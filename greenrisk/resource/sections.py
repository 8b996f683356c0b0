# SPDX-License-Identifier: Apache-2.0
"""The parts of the result beside premium and risk: book, counties, claims."""

from __future__ import annotations

import numpy as np
import xarray as xr

from greenrisk.core.ledger import Ledger
from greenrisk.resource import downscaling
from greenrisk.resource.claims_service import BY_YEAR, SUMS, ClaimsYears, claims_service
from greenrisk.resource.county_dependence import county_years
from greenrisk.resource.data_quality import data_quality
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.pooling import pool
from greenrisk.resource.roles import Inputs
from greenrisk.resource.sensitivity import Knowledge
from greenrisk.resource.variants import VariantPlan
from greenrisk.resource.year_table import YearTable


def sections(
    facts: Inputs,
    exposure: Exposure,
    plan: VariantPlan,
    table: YearTable,
    kinds: tuple[str, ...],
    knowledge: Knowledge,
    ledger: Ledger,
) -> dict[str, xr.Dataset]:
    """Return the groups ``/data_quality``, ``/claims_service``, ``/county_rates`` and ``/pool`` with what is below them."""
    spec, book, reference = facts.spec, exposure.book, facts.reference
    groups = dict(
        data_quality(
            book,
            exposure.landscape,
            None if reference is None else reference.products,
            ledger,
            spec.data_quality,
            facts.centres,
        )
    )
    service = ClaimsYears(**{field: table.others[name] for name, field in (BY_YEAR | SUMS).items()})
    groups |= claims_service(service, kinds, spec.claims_service, ledger)

    insured = np.bincount(book.county, weights=book.insured_area_mu, minlength=len(book.counties))
    of_county = np.zeros((len(book.counties), 2))
    for i, (county, _) in enumerate(exposure.segments):
        pure = table.cell[:, i, :].mean(axis=0)
        of_county[book.counties.index(county)] += pure[0], pure[1:].sum()
    draws = plan.variants[1 : plan.first_end]
    groups["/county_rates"] = downscaling.county_rates(
        book.counties,
        of_county,
        insured,
        downscaling.draw_ratios(knowledge, kinds),
        np.array(
            [
                [float(draw.values[downscaling.ROLE][name]) for name in downscaling.PARAMETERS]
                for draw in draws
            ]
        ),
        spec.seed,
        ledger,
    )
    if len(book.counties) > 1:
        area = dict(zip(book.counties, insured.tolist(), strict=True))
        years = county_years(table.cell, exposure.segments, kinds, area)
        groups |= pool(years, None if reference is None else reference.panel, spec.seed, ledger)
    return groups
