# SPDX-License-Identifier: Apache-2.0
"""What the report tells besides results: the chain of the calculation with its numbers, and checks against reality."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from greenrisk.actuarial.premium.gross import ROWS, PremiumBuildUp
from greenrisk.core.units import MU_PER_HA
from greenrisk.resource.book import SPECIES_GROUPS
from greenrisk.resource.burning_cost import burning_cost_check, products_check
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.known_year_check import known_year_check
from greenrisk.resource.perils.fire_checks import classes_check, counts_check, size_curve
from greenrisk.resource.perils.fire_correlation import correlation_check
from greenrisk.resource.perils.wildfire import Wildfire
from greenrisk.resource.quantities import peril_premium
from greenrisk.resource.roles import Inputs
from greenrisk.resource.second_method import second_method
from greenrisk.resource.sensitivity import Knowledge
from greenrisk.resource.simulation import Perils
from greenrisk.resource.vocabulary import PERIL_WORDS
from greenrisk.resource.year_table import YearTable


class Step(NamedTuple):
    """One step of the calculation: its number, and the parameters that it rests on.

    Parameters
    ----------
    label, note : str
        What it is, and what goes into it.
    value : float
        The number [``unit``].
    unit : str
        Its unit.
    rests_on : tuple of str
        Names of the parameters.
    added : bool
        Whether it is added to what stands above instead of multiplied.
    """

    label: str
    value: float
    unit: str
    note: str
    rests_on: tuple[str, ...] = ()
    added: bool = False


def chain(
    facts: Inputs, exposure: Exposure, perils: Perils, table: YearTable, premium: PremiumBuildUp
) -> xr.Dataset:
    """Return the group ``/chain``: from fires a year to the gross premium, step by step.

    Notes
    -----
    The first four steps are expectations of the laws, the others means of the simulated years.
    """
    forest = float(exposure.landscape.area_ha.sum())
    book, kinds, wildfire = exposure.book, tuple(perils.laws), perils.wildfire
    fires, size = wildfire.counts.mean, wildfire.size.mean()
    burnt_insured = float(table.damaged_insured[:, 0].mean())
    insured_share = float(book.insured_area_mu.sum() / MU_PER_HA / book.area_ha.sum())
    fire_up, fire_paid = float(table.peril_ground_up[:, 0].mean()), float(table.peril[:, 0].mean())
    gross = float(table.loss[:, 1].mean())
    amount = dict(zip(ROWS, premium.amount[:, 0], strict=True))
    year = facts.spec.underwriting_year
    mean_insured = float(book.sum_insured.sum() / book.insured_area_mu.sum())
    loads = ("expenses", "commission", "tax", "profit")
    steps = [
        Step(
            "Fires a year in the province",
            wildfire.province_fires,
            "1/year",
            f"expected in {year}, damped trend",
            ("log_count", "trend", "damping", "year_effect_sd"),
        ),
        Step(
            "Fires a year in the landscape",
            fires,
            "1/year",
            "share of the province's forest x relative hazard",
            ("relative_hazard", "province_forest_area"),
        ),
        Step(
            "Mean size of a fire",
            size,
            "ha",
            "damaged forest, capped",
            ("share_under_1ha", "mean_body", "share_over_100ha", "family", "shape", "scale"),
        ),
        Step(
            "Burnt forest a year", fires * size, "ha/year", f"of {forest:,.0f} ha of forest, insured or not"
        ),
        Step(
            "Burnt insured area",
            burnt_insured,
            "mu/year",
            f"the book holds {book.area_ha.sum() / forest:.1%} of the forest, {insured_share:.0%} of it insured",
            tuple(f"hazard_{name}" for name in SPECIES_GROUPS),
        ),
        Step(
            "Loss by fire before policy terms",
            fire_up,
            "CNY/year",
            f"x damage degree x sum insured ({mean_insured:,.0f} CNY/mu)",
            (*(f"median_{name}" for name in SPECIES_GROUPS), "odds_young", "odds_old", "concentration"),
        ),
        Step(
            "Pure premium for fire",
            fire_paid,
            "CNY/year",
            "after trigger, deductible, limits and claimed share",
            ("claimed_share",),
        ),
        *(
            Step(
                f"Pure premium for {PERIL_WORDS[kind]}",
                float(table.peril[:, i].mean()),
                "CNY/year",
                "judged, at the common scale of the cost of all perils but fire",
                ("scale",),
                added=True,
            )
            for i, kind in enumerate(kinds)
            if kind != "wildfire"
        ),
        Step("Pure premium", gross, "CNY/year", "all perils"),
        Step(
            "Risk load",
            float(amount["risk_load"]),
            "CNY/year",
            "cost of capital x capital share x (TVaR 99.5 % - mean)",
            ("cost_of_capital", "capital_share"),
            added=True,
        ),
        Step(
            "Expenses, commission, tax, profit",
            float(sum(amount[row] for row in loads)),
            "CNY/year",
            "ratios of the gross premium",
            loads,
            added=True,
        ),
        Step("Gross premium", float(amount["gross_premium"]), "CNY/year", "the sum"),
    ]
    return xr.Dataset(
        {
            "label": ("step", np.array([step.label for step in steps])),
            "value": ("step", np.array([step.value for step in steps]), {"units": "see unit"}),
            "unit": ("step", np.array([step.unit for step in steps])),
            "note": ("step", np.array([step.note for step in steps])),
            "rests_on": ("step", np.array([" ".join(step.rests_on) for step in steps])),
            "added": ("step", np.array([step.added for step in steps])),
        }
    )


def checks(
    facts: Inputs,
    exposure: Exposure,
    wildfire: Wildfire,
    table: YearTable,
    knowledge: Knowledge,
    drawn: NDArray[np.float32] | None = None,
) -> dict[str, xr.Dataset]:
    """Return the groups below ``/checks``: the simulation beside the exact law, and the model beside what was observed.

    The latter only with a reference.

    Parameters
    ----------
    facts, exposure, wildfire, table, knowledge
        What was run: inputs, book, law of fires, simulated years, variants.
    drawn : array, shape (draw, figure, year), optional
        What the perils but fire cost under each joint draw, as
        :func:`~greenrisk.resource.known_year_check.other_years` returns it.
    """
    always = {"/checks/second_method": second_method(wildfire, table)}
    reference = facts.reference
    if reference is None:
        return always
    cards, year = facts.cards, facts.spec.underwriting_year
    panel, province = reference.panel, reference.province
    size = wildfire.size
    occurrence = cards["occurrence"]
    forest = float(occurrence.values()["province_forest_area"])
    burnt = float(table.damaged_insured[:, 0].mean())
    payment_per_mu = float(table.peril[:, 0].mean()) / burnt if burnt > 0 else 0.0
    plain = burning_cost_check(panel, reference.earlier, province, occurrence, year, forest, payment_per_mu)
    known_year = known_year_check(facts, reference, exposure, wildfire, table, drawn)
    if known_year is not None:
        always["/checks/known_year"] = known_year
    return always | {
        "/checks/counts": counts_check(occurrence, panel, province, year),
        "/checks/classes": classes_check(cards["size"], cards["tail"], panel, province, size.cap),
        "/checks/size_curve": size_curve(cards["size"], cards["tail"], size.cap),
        "/checks/burning_cost": _with_model(plain, wildfire, exposure, table, knowledge, year),
        "/checks/products": products_check(reference.products),
        "/checks/correlation": correlation_check(panel, province, occurrence),
    }


def _with_model(
    plain: xr.Dataset,
    wildfire: Wildfire,
    exposure: Exposure,
    table: YearTable,
    knowledge: Knowledge,
    year: int,
) -> xr.Dataset:
    """Add the model's own row to the plain burning costs."""
    area = wildfire.province_fires * wildfire.size.mean()
    rate = float(table.peril[:, 0].mean()) / float(exposure.book.insured_area_mu.sum())
    area_ends = knowledge.interval("province_burnt_area", area)
    rate_ends = knowledge.interval(peril_premium("wildfire"), rate)
    row: dict[str, float | str] = {
        "label": f"This model, {year}",
        "burnt_area": area,
        "burnt_area_low": area_ends[0],
        "burnt_area_high": area_ends[1],
        "pure_premium_per_mu": rate,
        "low": rate_ends[0],
        "high": rate_ends[1],
        "note": "damped trend of the counts, fitted sizes with a tail; interval: 90 % knowledge interval",
    }
    own = xr.Dataset({name: ("method", np.array([value])) for name, value in row.items()})
    joined = xr.concat([plain, own], dim="method")
    for name in plain.data_vars:
        joined[name].attrs = plain[name].attrs
    joined.attrs = plain.attrs
    return joined
