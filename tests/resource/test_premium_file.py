# SPDX-License-Identifier: Apache-2.0
"""The premium file: rows that add up, the shipped premium seen through other groups, and what the owner pays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import xarray as xr

from greenrisk.actuarial.measures import mean_and_standard_error
from greenrisk.actuarial.premium.gross import ROWS, PremiumBuildUp, build_up
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.ledger import Ledger
from greenrisk.resource.grouping import PremiumFileSpec, group_sums, grouping, row_payments
from greenrisk.resource.premium_file import (
    FileSums,
    RowKnowledge,
    cell_build_up,
    premium_file,
    tell_premium_file,
)
from greenrisk.resource.simulation import part, resolve, simulate
from greenrisk.resource.study import ForestJob
from greenrisk.resource.subsidies_in_force import Subsidies
from greenrisk.resource.subsidy_rules import SubsidyRule
from greenrisk.resource.year_table import YearTable, gather

CELLS = ("county", "forest_type", "peril")
CHOICES = [
    CELLS,
    ("species_group", "age_class"),
    ("peril",),
    ("forest_type",),
    ("age_class", "county", "peril"),
]
FIXED = Loadings(0.15, 0.03, 0.01, 0.03, cost_of_capital=0.08, fixed_expenses=0.05, capital_share=0.4)
SUBSIDIES = Subsidies(
    2026,
    {
        "public_benefit": SubsidyRule(
            forest_type="public_benefit", from_year=2013, central=0.5, province=0.4, county=0.1, owner=0.0
        ),
        "commercial": SubsidyRule(
            forest_type="commercial", from_year=2013, central=0.3, province=0.3, county=0.0, owner=0.4
        ),
    },
    {},
)


@dataclass
class Runs:
    """Two simulated blocks of the shipped book."""

    job: ForestJob
    kinds: tuple[str, ...]
    table: YearTable
    premium: PremiumBuildUp

    def file(self, *columns: str, **weights: float) -> xr.Dataset:
        spec = PremiumFileSpec(group_by=columns, **weights)
        exposure = self.job.exposure
        made = grouping(exposure.book, exposure.segment, spec.group_by, self.kinds)
        blocks = [
            simulate(exposure, resolve(exposure, self.job.plan.variants[0]), 11, block) for block in range(2)
        ]
        sums = [group_sums(made, payments) for payments in blocks]
        base = sum(row_payments(made, payments) for payments in blocks) / self.table.years
        return premium_file(
            self.table,
            exposure,
            made,
            FileSums(sum(one["group_sum"][1] for one in sums), sum(one["row_square"][1] for one in sums)),
            self.premium,
            FIXED,
            SUBSIDIES,
            RowKnowledge(base, np.linspace(0.4, 2.4, 21)[:, None] * base),
            spec,
        )


@pytest.fixture(scope="module")
def runs(job: ForestJob) -> Runs:
    exposure = job.exposure
    perils = resolve(exposure, job.plan.variants[0])
    table = gather((part(exposure, simulate(exposure, perils, 11, block)) for block in range(2)), 2)
    kinds = tuple(perils.laws)
    return Runs(job, kinds, table, cell_build_up(table, exposure, FIXED, kinds))


def test_cells_add_up_to_the_premium_by_segment(runs: Runs) -> None:
    """The premium by county and forest type, made without perils: capital is allocated once, so that both agree."""
    exposure = runs.job.exposure
    names = [f"{county}|{kind}" for county, kind in exposure.segments]
    area = np.bincount(exposure.segment, weights=exposure.book.insured_area_mu)
    other = build_up(runs.table.segment, FIXED, names, {"insured_area": area})
    cells = runs.premium.amount[:, 1:].reshape(len(ROWS), len(names), len(runs.kinds))
    np.testing.assert_allclose(runs.premium.amount[:, 0], other.amount[:, 0], rtol=1e-12)
    np.testing.assert_allclose(cells.sum(axis=2), other.amount[:, 1:], rtol=1e-9)
    held = runs.premium.exposure["insured_area"]
    assert held[0] == pytest.approx(exposure.book.insured_area_mu.sum(), rel=1e-12)


@pytest.mark.parametrize("columns", CHOICES)
def test_rows_add_up_to_the_book_and_payers_to_the_premium(runs: Runs, columns: tuple[str, ...]) -> None:
    file = runs.file(*columns)
    for name in ("amount", "subsidy"):
        values = file[name].values
        np.testing.assert_allclose(values[:, 1:].sum(axis=1), values[:, 0], rtol=1e-12)
    amount = file["amount"]
    gross = amount.sel(row="gross_premium").values
    np.testing.assert_allclose(amount.values[:-1].sum(axis=0), gross, rtol=1e-12)
    np.testing.assert_allclose(file["subsidy"].values.sum(axis=0), gross, rtol=1e-12)
    np.testing.assert_allclose(amount.values[:, 0], runs.premium.amount[:, 0], rtol=1e-12)
    claims = file["claims"].values
    assert claims[0] == pytest.approx(claims[1:].sum(), rel=1e-12)
    assert claims[0] == pytest.approx(runs.table.claims.sum() / runs.table.years, rel=1e-12)
    perils = len(runs.kinds) if "peril" in columns else 1
    for name in ("insured_area", "sum_insured"):
        held = file[name].values
        assert held[1:].sum() == pytest.approx(perils * held[0], rel=1e-12)
    for variable in file.data_vars.values():
        assert variable.attrs["units"]


def test_by_county_forest_type_and_peril_a_row_is_a_cell(runs: Runs) -> None:
    file = runs.file(*CELLS)
    assert file["group"].values.tolist() == list(runs.premium.segments)
    np.testing.assert_allclose(file["amount"].values, runs.premium.amount, rtol=1e-12)
    _, segments, perils = runs.table.cell.shape
    for i in range(segments * perils):
        column = runs.table.cell[:, i // perils, i % perils]
        expected = mean_and_standard_error(column)
        assert file["pure_standard_error"].values[1 + i] == pytest.approx(expected.standard_error, rel=1e-9)
        assert file["amount"].sel(row="pure_premium").values[1 + i] == pytest.approx(
            expected.value, rel=1e-12
        )


def test_the_error_of_a_row_is_that_of_its_years_and_not_a_sum_of_errors(runs: Runs) -> None:
    file = runs.file("forest_type")
    for kind in ("commercial", "public_benefit"):
        of_type = [i for i, (_, one) in enumerate(runs.job.exposure.segments) if one == kind]
        years = runs.table.segment[:, of_type].sum(axis=1)
        told = file["pure_standard_error"].sel(group=kind).item()
        assert told == pytest.approx(mean_and_standard_error(years).standard_error, rel=1e-9)


def test_pure_premium_of_a_species_and_age_is_what_its_stands_are_paid(runs: Runs) -> None:
    file = runs.file("species_group", "age_class")
    exposure = runs.job.exposure
    made = grouping(exposure.book, exposure.segment, ("species_group", "age_class"), runs.kinds)
    paid = runs.table.site[:, 1] / runs.table.years
    row = made.row_of_stands[made.stands]
    expected = np.bincount(row, weights=paid, minlength=made.rows)
    np.testing.assert_allclose(file["amount"].sel(row="pure_premium").values[1:], expected, rtol=1e-9)
    per_mu = file["pure_per_mu"].values[1:]
    area = np.bincount(row, weights=exposure.book.insured_area_mu, minlength=made.rows)
    np.testing.assert_allclose(per_mu, expected / area, rtol=1e-9)
    assert file["peril"].values.tolist() == ["all"] * file.sizes["group"]


def test_the_owner_pays_the_share_of_the_forest_type(runs: Runs) -> None:
    file = runs.file("forest_type")
    assert file["owner_share"].sel(group="commercial").item() == pytest.approx(0.4)
    assert file["owner_share"].sel(group="public_benefit").item() == 0.0
    owner = file["subsidy"].sel(payer="owner", group="all").item()
    assert file["owner_per_mu"].sel(group="all").item() == pytest.approx(
        owner / runs.job.exposure.book.insured_area_mu.sum()
    )
    # A row over both types pays between both shares: by species the owners' shares still add up.
    assert runs.file("species_group")["subsidy"].sel(payer="owner", group="all").item() == pytest.approx(
        owner
    )


def test_the_robust_premium_takes_the_interval_and_keeps_the_risk_load(runs: Runs) -> None:
    file = runs.file("county", "peril", shortfall_weight=3.0)
    pure, gross = (file["amount"].sel(row=name).values for name in ("pure_premium", "gross_premium"))
    # Draws from 0.4 to 2.4 of the base in 21 even steps: 5 % and 95 % quantiles at 0.5 and 2.3.
    np.testing.assert_allclose(file["pure_low"].values, 0.5 * pure, rtol=1e-9)
    np.testing.assert_allclose(file["pure_high"].values, 2.3 * pure, rtol=1e-9)
    np.testing.assert_allclose(file["robust_pure"].values, (3 * 2.3 + 0.5) / 4 * pure, rtol=1e-9)
    np.testing.assert_allclose(file["robust_regret"].values, 3 * 1.8 / 4 * pure, rtol=1e-9)
    np.testing.assert_allclose(file["central_regret"].values, 3 * 1.3 * pure, rtol=1e-9)
    expected = gross + (file["robust_pure"].values - pure) / (1 - FIXED.ratio)
    np.testing.assert_allclose(file["robust_gross"].values, expected, rtol=1e-9)
    assert (file["robust_regret"].values <= file["central_regret"].values).all()


def test_a_row_that_the_base_never_pays_takes_the_quantiles_of_the_draws() -> None:
    knowledge = RowKnowledge(np.array([0.0, 2.0]), np.array([[0.0, 1.0], [10.0, 3.0]]))
    low, high = knowledge.intervals(np.array([4.0, 1.0, 3.0]))
    # The total: draws 1 and 13 of a base of 2, on a simulated 4.
    np.testing.assert_allclose(low, [4 * (1 + 0.05 * 12) / 2, 0.5, 3 * (1 + 0.05 * 2) / 2])
    np.testing.assert_allclose(high, [4 * (1 + 0.95 * 12) / 2, 9.5, 3 * (1 + 0.95 * 2) / 2])


def test_a_cell_without_payments_is_shared_by_sum_insured(runs: Runs) -> None:
    """Nobody is paid: fixed expenses are all there is, and they fall on stands by sum insured."""
    table, exposure = runs.table, runs.job.exposure
    nothing = YearTable(
        **(vars(table) | {"loss": np.zeros_like(table.loss), "cell": np.zeros_like(table.cell)})
    )
    made = grouping(exposure.book, exposure.segment, ("species_group",), runs.kinds)
    quiet = premium_file(
        nothing,
        exposure,
        made,
        FileSums(np.zeros((made.groups, 2)), np.zeros(made.rows)),
        cell_build_up(nothing, exposure, FIXED, runs.kinds),
        FIXED,
        SUBSIDIES,
        RowKnowledge(np.zeros(made.rows), np.zeros((5, made.rows))),
        PremiumFileSpec(group_by=("species_group",)),
    )
    gross = quiet["amount"].sel(row="gross_premium").values
    area = exposure.book.insured_area_mu.sum()
    assert gross[0] == pytest.approx(FIXED.fixed_expenses * area / (1 - FIXED.ratio), rel=1e-12)
    # One sum insured per mu in the shipped book, so that a county's expenses fall on species by area.
    np.testing.assert_allclose(quiet["gross_per_mu"].values, gross[0] / area, rtol=1e-9)
    ledger = Ledger()
    tell_premium_file(quiet, ledger)
    (entry,) = ledger
    assert entry.kind == "unreliable"
    assert entry.count == 4
    assert entry.detail.startswith("No simulated year pays there")


def test_the_ledger_names_rows_that_two_thousand_years_hardly_know(runs: Runs) -> None:
    ledger = Ledger()
    file = runs.file(*CELLS)
    tell_premium_file(file, ledger)
    unsure = [entry for entry in ledger if entry.detail.startswith("The simulation error")]
    relative = file["pure_standard_error"].values[1:] / file["amount"].sel(row="pure_premium").values[1:]
    assert unsure[0].count == int((relative > 0.1).sum())
    assert any(entry.subject == "premium file by peril" for entry in ledger)
