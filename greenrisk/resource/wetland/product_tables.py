# SPDX-License-Identifier: Apache-2.0
"""Tables of published products: what pages print of them, and single figures out of their notes."""

from __future__ import annotations

from typing import Final

from greenrisk.core.tables import Column, TableSpec, source_column, status_column


def _share(name: str, payer: str) -> Column:
    return Column(
        name,
        "number",
        unit="1",
        required=False,
        low=0,
        high=1,
        description=f"Share of the premium paid by {payer}.",
    )


PRODUCTS_SEEN: Final = TableSpec(
    name="products-seen",
    title="Forest and ecological insurance products as printed on public pages, one row a product",
    columns=(
        Column("region", "text", description="Province or place."),
        Column("year", "text", description="Year, ~ where approximate, or undated."),
        Column("object", "text", description="What is insured."),
        Column(
            "sum_insured", "text", required=False, description="Sum insured per unit; a range in one row."
        ),
        Column("unit", "text", description="Unit of sum insured and premium."),
        Column(
            "premium_rate", "number", unit="1", required=False, low=0, description="Premium over sum insured."
        ),
        Column("premium", "number", unit="see unit", required=False, low=0, description="Premium per unit."),
        _share("share_central", "the central state"),
        _share("share_province", "the province"),
        _share("share_county", "city and county"),
        _share("share_owner", "the owner"),
        Column("notes", "text", required=False, description="Perils, totals, claims as printed."),
        source_column("Page or newspaper."),
    ),
)
"""Products as printed."""

PRODUCT_FIGURES: Final = TableSpec(
    name="product-figures",
    title="Figures printed in the notes of published products, one row a figure",
    columns=(
        Column("region", "text", description="Place, as in the table of products."),
        Column("object", "text", description="What is insured, as in the table of products."),
        Column("item", "text", description="What the figure is."),
        Column("value", "number", unit="see unit", description="The figure."),
        Column("unit", "text", description="Unit of the figure."),
        status_column("How far the figure is known; confirmed: as printed on that page, not audited."),
        Column("note", "text", required=False, description="What else is to be said."),
        source_column("Page or newspaper."),
    ),
)
"""Figures out of the notes."""
