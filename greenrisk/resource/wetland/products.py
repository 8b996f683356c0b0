# SPDX-License-Identifier: Apache-2.0
"""Published products computed again from their own figures, and our prices beside them: plausibility, no calibration.

A printed price is reproduced where sum insured times rate, a total over its area, or a tier of a limit gives the
printed figure. Where it does not, the row says by how much; nothing in the model is moved to meet it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr

from greenrisk.core.marked_yaml import KeyPath
from greenrisk.core.sources import Sources
from greenrisk.core.spec import Spec
from greenrisk.core.tables import weakest
from greenrisk.core.units import MU_PER_HA
from greenrisk.resource.index_cover.payout_spec import TierPayout, TierSpec
from greenrisk.resource.index_cover.payouts import payout_share
from greenrisk.resource.wetland.product_tables import PRODUCT_FIGURES, PRODUCTS_SEEN

REEF: Final = ("Mexico Quintana Roo", "coral reef+beach parametric")
"""The wind cover of reef and beach, by region and object."""

RATE: Final = "premium rate; ours: gross premium of the sites over their limits"
"""What is set beside a printed premium rate."""

PREMIUM_OF_MU: Final = "premium of a mu; ours: gross premium of the sites over their area"
"""What is set beside a printed premium of a mu."""

PRINTED: Final = 0.005
"""Relative difference that rounding in print explains (a judgement) [unitless]."""


class ProductsSpec(Spec):
    """Published products that are computed again from print and set beside the study; nothing is moved to meet them."""

    seen: str = "forest_products_seen"
    """Table of products as printed (products-seen)."""

    figures: str = "wetland_product_figures"
    """Table of figures out of their notes (product-figures)."""


def read_products(
    spec: ProductsSpec, key_path: KeyPath, sources: Sources
) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Read both tables; None where faults were recorded.

    Parameters
    ----------
    spec : ProductsSpec
        Their names.
    key_path : tuple
        Where the scenario has it.
    sources : Sources
        Reads the tables and takes every fault.
    """
    seen = sources.table(spec.seen, (*key_path, "seen"), PRODUCTS_SEEN)
    figures = sources.table(spec.figures, (*key_path, "figures"), PRODUCT_FIGURES)
    return None if seen is None or figures is None else (seen, figures)


@dataclass(frozen=True)
class ProductCheck:
    """One figure of a product, printed and computed.

    Parameters
    ----------
    region, object, year : str
        The product.
    what : str
        What is computed, and from what.
    printed : float
        As printed; NaN: nothing is.
    computed : float
        From other figures of the same product, or by this study.
    unit : str
        Unit of both.
    status : str
        The weakest of the figures behind it.
    source : str
        Page or newspaper.
    note : str
        What else is to be said.
    """

    region: str
    object: str
    year: str
    what: str
    printed: float
    computed: float
    unit: str
    status: str
    source: str
    note: str = ""

    @property
    def ratio(self) -> float:
        """Computed over printed [unitless]; NaN where nothing is printed."""
        return self.computed / self.printed if self.printed > 0.0 else float("nan")

    @property
    def verdict(self) -> str:
        """Whether print and computation agree within rounding, in words; empty where nothing is printed."""
        if np.isnan(self.ratio):
            return ""
        return "reproduced" if abs(self.ratio - 1.0) <= PRINTED else "not reproduced"


@dataclass(frozen=True, eq=False)
class _Product:
    """A product and the figures of its notes."""

    row: pd.Series[Any]
    figures: pd.DataFrame

    def has(self, *items: str) -> bool:
        return set(items) <= set(self.figures["item"])

    def value(self, item: str) -> float:
        return float(self.figures.loc[self.figures["item"] == item, "value"].iloc[0])

    def number(self, column: str) -> float:
        return float(pd.to_numeric(pd.Series([self.row[column]]), errors="coerce").iloc[0])

    def check(
        self, what: str, printed: float, computed: float, unit: str, items: Sequence[str] = (), note: str = ""
    ) -> ProductCheck:
        used = self.figures[self.figures["item"].isin(items)]
        notes = [note, *(f"{text}" for text in used["note"] if isinstance(text, str) and text)]
        return ProductCheck(
            str(self.row["region"]),
            str(self.row["object"]),
            str(self.row["year"]),
            what,
            printed,
            computed,
            unit,
            weakest(["confirmed", *used["status"]]),
            str(self.row["source"]),
            "; ".join(filter(None, notes)),
        )


def product_checks(seen: pd.DataFrame, figures: pd.DataFrame) -> list[ProductCheck]:
    """Return what can be computed of published products from their own figures.

    Parameters
    ----------
    seen, figures : DataFrame
        Tables of :data:`~greenrisk.resource.wetland.product_tables.PRODUCTS_SEEN` and
        :data:`~greenrisk.resource.wetland.product_tables.PRODUCT_FIGURES`, validated.
    """
    checks: list[ProductCheck] = []
    for _, row in seen.iterrows():
        mine = (figures["region"] == row["region"]) & (figures["object"] == row["object"])
        product = _Product(row, figures[mine])
        checks += _by_unit(product)
        checks += _claims(product)
        if (row["region"], row["object"]) == REEF:
            checks += _reef(product)
    return checks


def _by_unit(product: _Product) -> list[ProductCheck]:
    """Return sum insured and premium of a unit from rate or totals."""
    unit, checks = str(product.row["unit"]), []
    insured, rate, premium = (product.number(name) for name in ("sum_insured", "premium_rate", "premium"))
    if not np.isnan([insured, rate, premium]).any():
        checks.append(product.check("premium = sum insured x rate", premium, insured * rate, unit))
    for count in ("area", "trees"):
        if product.has(count, "sum_insured"):
            each = product.value("sum_insured") / product.value(count)
            what = f"sum insured = total / {count}"
            checks.append(product.check(what, insured, each, unit, (count, "sum_insured")))
        if product.has(count, "premium"):
            each = product.value("premium") / product.value(count)
            checks.append(
                product.check(f"premium = total / {count}", premium, each, unit, (count, "premium"))
            )
    return checks


def _claims(product: _Product) -> list[ProductCheck]:
    """Return the loss degree that a printed claim was paid at, and the owner's part of a premium."""
    checks = []
    if product.has("claim_area", "claim_paid"):
        per_mu = product.value("claim_paid") / (product.value("claim_area") * MU_PER_HA)
        degree = per_mu / product.number("sum_insured")
        note = "No degree is printed; pests are paid at 0.15, or at 1 where the stand is cleared."
        what = "loss degree = paid / (area x sum insured)"
        checks.append(product.check(what, np.nan, degree, "1", ("claim_area", "claim_paid"), note))
    if product.has("insured_area", "owner_paid"):
        area = product.value("insured_area") * MU_PER_HA
        owner = area * product.number("premium") * product.number("share_owner")
        items = ("insured_area", "owner_paid")
        what = "owner's premium = area x premium x share"
        checks.append(product.check(what, product.value("owner_paid"), owner, "CNY", items))
    return checks


def reef_payout(figures: pd.DataFrame, *, inclusive: bool) -> TierPayout:
    """Return the tiers of the wind cover of Quintana Roo.

    Parameters
    ----------
    figures : DataFrame
        Table of :data:`~greenrisk.resource.wetland.product_tables.PRODUCT_FIGURES`.
    inclusive : bool
        Whether a wind equal to an edge belongs to its tier; no page tells.
    """
    mine = figures[(figures["region"] == REEF[0]) & (figures["object"] == REEF[1])]
    value = dict(zip(mine["item"], mine["value"], strict=True))
    tiers = tuple(
        TierSpec(edge=value[f"tier_{i}_edge"], inclusive=inclusive, share=value[f"tier_{i}_share"])
        for i in (1, 2, 3)
    )
    return TierPayout(kind="tiers", index="wind", pays="above", tiers=tiers)


def _reef(product: _Product) -> list[ProductCheck]:
    """Return what the tiers would have paid for the hurricane Delta of 2020, and the rate on line."""
    limit, paid = product.value("limit"), product.value("delta_2020_paid")
    payout = reef_payout(product.figures, inclusive=True)
    parts = ((product.value("reef_share"), "half of the limit"), (1.0, "the limit"))
    found = [
        (i, tier.edge, float(payout_share(payout, tier.edge)) * part * limit, of)
        for i, tier in enumerate(payout.tiers, start=1)
        for part, of in parts
    ]
    nearest = min(abs(amount - paid) for _, _, amount, _ in found)
    checks = []
    for i, edge, amount, of in found:
        near = abs(amount - paid) == nearest
        note = "The nearest of the tiers; which wind was measured in the box is not printed." if near else ""
        items = ("limit", "reef_share", f"tier_{i}_edge", "delta_2020_paid")
        what = f"Delta 2020 = tier from {edge:g} kt x {of}"
        checks.append(product.check(what, paid, amount, "USD", items, note))
    checks.append(
        product.check(
            "rate on line = premium / limit",
            np.nan,
            product.value("premium") / limit,
            "1",
            ("premium", "limit"),
        )
    )
    return checks


def beside_market(
    seen: pd.DataFrame,
    *,
    insurable_per_mu: float,
    old_tree_rate: float | None,
    sites_rates: tuple[float, float] | None = None,
) -> list[ProductCheck]:
    """Return figures of this study beside printed ones; neither is made to meet the other.

    Parameters
    ----------
    seen : DataFrame
        Table of :data:`~greenrisk.resource.wetland.product_tables.PRODUCTS_SEEN`.
    insurable_per_mu : float
        Insurable value of the sites over their area [CNY/mu].
    old_tree_rate : float or None
        Gross premium of the cover of old trees over its sum insured [unitless]; None: no such cover.
    sites_rates : tuple of float, optional
        Gross premium of the cover of the sites over the sum of their limits [per mille] and over their area [CNY/mu].
    """
    checks = []
    ecological = "wetland|mangrove|seagrass|marine"
    for _, row in seen.iterrows():
        product = _Product(row, pd.DataFrame(columns=["item", "value", "status", "note"]))
        if row["unit"] == "CNY/mu" and pd.Series([row["object"]]).str.contains(ecological).iloc[0]:
            what = "sum insured of a mu; ours: insurable value"
            checks.append(product.check(what, product.number("sum_insured"), insurable_per_mu, "CNY/mu"))
        if old_tree_rate is not None and row["unit"] == "CNY/tree" and product.number("premium_rate") > 0:
            what = "premium rate of a tree; ours: gross premium / sum insured"
            checks.append(product.check(what, product.number("premium_rate"), old_tree_rate, "1"))
        if sites_rates is not None and product.number("premium_rate") > 0:
            printed = 1000.0 * product.number("premium_rate")
            checks.append(product.check(RATE, printed, sites_rates[0], "per mille"))
            if row["unit"] == "CNY/mu" and product.number("premium") > 0:
                checks.append(
                    product.check(PREMIUM_OF_MU, product.number("premium"), sites_rates[1], "CNY/mu")
                )
    return checks


def product_group(reproduced: Sequence[ProductCheck], beside: Sequence[ProductCheck]) -> xr.Dataset:
    """Return the group ``/products``: one row a figure.

    Parameters
    ----------
    reproduced : sequence of ProductCheck
        From :func:`product_checks`.
    beside : sequence of ProductCheck
        From :func:`beside_market`; their verdict is `beside`.

    Returns
    -------
    xarray.Dataset
        By ``check``: ``region``, ``object``, ``year``, ``what``, ``printed`` and ``computed`` (in the row's ``unit``),
        ``ratio`` [1], ``verdict``, ``status``, ``source``, ``note``.
    """
    every = [*reproduced, *beside]
    texts = {
        name: np.array([getattr(check, name) for check in every])
        for name in ("region", "object", "year", "what", "unit", "status", "source", "note")
    }
    verdict = [check.verdict for check in reproduced] + ["beside"] * len(beside)
    return xr.Dataset(
        {
            **{name: ("check", values) for name, values in texts.items()},
            "verdict": ("check", np.array(verdict)),
            **{
                name: ("check", np.array([getattr(check, name) for check in every]), {"units": unit})
                for name, unit in (("printed", "see unit"), ("computed", "see unit"), ("ratio", "1"))
            },
        }
    )
