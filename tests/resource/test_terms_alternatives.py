# SPDX-License-Identifier: Apache-2.0
"""Terms side by side: the same hits under other terms, against plain loops, algebra and the premium of the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest
import xarray as xr

from greenrisk.actuarial.premium.gross import build_up
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.ledger import Ledger
from greenrisk.resource.alternative_results import (
    WORST,
    alternatives_results,
    premium_influence,
    tell_alternatives,
)
from greenrisk.resource.alternative_terms import AlternativesSpec
from greenrisk.resource.exposure import Exposure
from greenrisk.resource.forest import TermsSpec
from greenrisk.resource.indemnity import DeductibleRule
from greenrisk.resource.perils.base import PerilYears
from greenrisk.resource.settlement import Payments, settle
from greenrisk.resource.simulation import resolve, simulate
from greenrisk.resource.study import ForestJob
from greenrisk.resource.subsidies_in_force import Subsidies
from greenrisk.resource.subsidy_rules import SubsidyRule
from greenrisk.resource.terms_alternatives import (
    AlternativeYears,
    alternatives_part,
    forest_types,
    settled_blocks,
    with_terms,
)

SPEC = AlternativesSpec.model_validate(
    {
        "options": [
            {"name": "larger-of", "deductible": {"preset": "policy_forest", "combine": "max"}},
            {"name": "every loss", "deductible": {"preset": "none"}},
            {"name": "more insured", "sum_insured_factor": 1.25},
            {"name": "event limit", "event_limit_cny": 2e6},
            {"name": "distant limit", "annual_limit_cny": 1e12},
        ]
    }
)
LOADINGS = Loadings(0.15, 0.03, 0.01, 0.03, cost_of_capital=0.08, fixed_expenses=0.05, capital_share=0.4)
SUBSIDIES = Subsidies(
    2026,
    {
        "public_benefit": SubsidyRule(
            forest_type="public_benefit", from_year=2013, central=0.5, province=0.4, county=0.0, owner=0.1
        ),
        "commercial": SubsidyRule(
            forest_type="commercial", from_year=2013, central=0.3, province=0.3, county=0.0, owner=0.4
        ),
    },
    {},
)
BLOCKS = 4


@dataclass
class Runs:
    exposure: Exposure
    claimed: Mapping[str, float]
    years: list[dict[str, PerilYears]]
    base: list[Payments]
    parts: list[xr.Dataset]
    results: xr.Dataset

    def of(self, figure: str, alternative: str = "base") -> float:
        return float(self.results[figure].sel(alternative=alternative))

    def column(self, name: str, alternative: int) -> np.ndarray:
        return np.concatenate([part[name].values[:, alternative] for part in self.parts])


@pytest.fixture(scope="module")
def runs(job: ForestJob) -> Runs:
    terms = TermsSpec(deductible=DeductibleRule.model_validate({"preset": "policy_forest", "combine": "min"}))
    exposure = replace(job.exposure, terms=terms)
    perils = resolve(exposure, job.plan.variants[0])
    years = [{kind: law.simulate(7, "main", b) for kind, law in perils.laws.items()} for b in range(BLOCKS)]
    base = [simulate(exposure, perils, 7, b, known=known) for b, known in enumerate(years)]
    parts = [
        alternatives_part(exposure, known, perils.claimed, paid, SPEC)
        for known, paid in zip(years, base, strict=True)
    ]
    kept = AlternativeYears()
    assert [part is out for part, out in zip(parts, kept.watch(parts), strict=True)] == [True] * BLOCKS
    assert kept.years == 1000 * BLOCKS
    results = alternatives_results(kept, exposure, SPEC, LOADINGS, SUBSIDIES)
    return Runs(exposure, perils.claimed, years, base, parts, results)


def test_a_block_of_an_alternative_is_the_block_settled_under_its_terms(runs: Runs) -> None:
    """Sums over a plain loop of stand-years and owner-years, for an alternative that changes the sums insured too."""
    place = 3
    exposure, option = runs.exposure, SPEC.options[place - 1]
    paid = settle(with_terms(exposure, option), runs.years[0], runs.claimed)
    lost: dict[tuple[int, int], float] = {}
    covered: dict[tuple[int, int], float] = {}
    base = runs.base[0]
    for year, stand, loss, gross in zip(base.year, base.stand, base.ground_up, paid.gross, strict=True):
        key = (int(year), int(stand))
        lost[key] = lost.get(key, 0.0) + loss * SPEC.worth
        covered[key] = covered.get(key, 0.0) + gross
    left = np.zeros(base.years)
    of_owner: dict[tuple[int, str], float] = {}
    for (year, stand), value in lost.items():
        uncovered = max(value - covered[year, stand], 0.0)
        left[year] += uncovered
        owner = (year, str(exposure.book.owner[stand]))
        of_owner[owner] = of_owner.get(owner, 0.0) + uncovered
    part = runs.parts[0]
    np.testing.assert_allclose(part["alternative_uncovered"].values[:, place], left, rtol=1e-9, atol=1e-6)
    assert part["alternative_owner_years"].values[place].sum() == len(of_owner)
    book = exposure.book
    value = {
        name: book.sum_insured[book.owner == name].sum() * SPEC.worth for name in set(book.owner.tolist())
    }
    shares = np.sort([amount / value[owner] for (_, owner), amount in of_owner.items()])[::-1]
    kept = AlternativeYears()
    list(kept.watch(runs.parts[:1]))
    found = alternatives_results(kept, exposure, SPEC, LOADINGS, SUBSIDIES)
    wanted = WORST * len(value) * base.years
    whole = int(wanted)
    expected = (shares[:whole].sum() + (wanted - whole) * shares[whole]) / wanted
    told = found["owner_worst_uncovered"].values[place]
    assert told == pytest.approx(expected, rel=1e-3)
    degree = np.concatenate([years.hit_degree for years in runs.years[0].values()])
    total = (degree >= 0.9) & (base.ground_up > 0)
    sums = part["alternative_total_loss"].values[place]
    expected_sums = [
        total.sum(),
        (paid.gross[total] > 0).sum(),
        base.ground_up[total].sum() * SPEC.worth,
        paid.gross[total].sum(),
    ]
    np.testing.assert_allclose(sums, expected_sums, rtol=1e-12)


def test_the_base_is_the_premium_of_the_run_on_the_same_years(runs: Runs) -> None:
    types = forest_types(runs.exposure)
    kind = np.array(runs.exposure.segments)[:, 1][runs.exposure.segment]
    losses = np.zeros((1000 * BLOCKS, len(types)))
    for block, paid in enumerate(runs.base):
        for i, name in enumerate(types):
            mine = kind[paid.stand] == name
            np.add.at(losses[:, i], 1000 * block + paid.year[mine], paid.gross[mine])
    area = [float(runs.exposure.book.insured_area_mu[kind == name].sum()) for name in types]
    premium = build_up(losses, LOADINGS, types, {"insured_area": area})
    assert runs.of("pure_premium") == pytest.approx(premium.row("pure_premium")[0], rel=1e-9)
    assert runs.of("gross_premium") == pytest.approx(premium.row("gross_premium")[0], rel=1e-9)
    owner = premium.row("gross_premium")[1:] @ [0.4, 0.1]
    assert runs.of("owner_premium") == pytest.approx(owner, rel=1e-9)
    assert runs.of("owner_cost") == pytest.approx(owner + runs.of("uncovered"), rel=1e-9)
    assert runs.of("loss_ratio") == pytest.approx(premium.loss_ratio[0], rel=1e-9)
    above = (losses.sum(axis=1) > premium.row("gross_premium")[0]).mean()
    assert runs.of("years_above_premium") == pytest.approx(above)


def test_what_years_move_of_the_premium_gives_the_errors_of_the_build_up(runs: Runs) -> None:
    losses = runs.column("alternative_gross", 0)
    premium = build_up(losses, LOADINGS, forest_types(runs.exposure), {"insured_area": [1.0, 1.0]})
    moved = premium_influence(losses, LOADINGS)
    root = np.sqrt(losses.shape[0])
    np.testing.assert_allclose(moved.std(axis=0, ddof=1) / root, premium.error.gross[1:], rtol=1e-9)
    total = moved.sum(axis=1).std(ddof=1) / root
    assert total == pytest.approx(premium.error.gross[0], rel=5e-3)
    assert runs.of("gross_premium_standard_error") == pytest.approx(premium.error.gross[0], rel=1e-9)


def test_without_limits_payments_are_in_proportion_to_the_sums_insured(runs: Runs) -> None:
    assert runs.of("pure_premium", "more insured") == pytest.approx(1.25 * runs.of("pure_premium"), rel=1e-9)
    assert runs.of("claims", "more insured") == runs.of("claims")
    assert runs.of("loss_ratio", "more insured") > runs.of("loss_ratio")  # fixed expenses are by area
    same = replace(LOADINGS, fixed_expenses=0.0)
    kept = AlternativeYears()
    list(kept.watch(runs.parts))
    priced = alternatives_results(kept, runs.exposure, SPEC, same, SUBSIDIES)
    gross = priced["gross_premium"].sel(alternative=["base", "more insured"]).values
    assert gross[1] == pytest.approx(1.25 * gross[0], rel=1e-9)
    difference = priced["gross_premium_difference_standard_error"].sel(alternative="more insured").item()
    error = priced["gross_premium_standard_error"].sel(alternative="base").item()
    assert difference == pytest.approx(0.25 * error, rel=1e-9)


def test_what_the_policy_does_not_pay_is_the_owners(runs: Runs) -> None:
    """Where no payment exceeds its loss, what is covered less is what is left uncovered more."""
    for name in ("larger-of", "every loss"):
        paid, left = (runs.column(f"alternative_{what}", 0) for what in ("gross", "uncovered"))
        place = 1 + [option.name for option in SPEC.options].index(name)
        more = runs.column("alternative_gross", place).sum(axis=1) - paid.sum(axis=1)
        less = left - runs.column("alternative_uncovered", place)
        if name == "larger-of":  # from the full loss on both pay alike, below it never more than the loss
            np.testing.assert_allclose(more, less, rtol=1e-6, atol=1e-3)
        else:
            # The policy pays more than the loss from a degree of 0.9 on, which a worth of 1.25 swallows.
            assert abs(more - less).max() < 1e-3 * max(abs(more).max(), 1.0)


def test_a_harder_rule_pays_fewer_claims_and_a_limit_as_many(runs: Runs) -> None:
    assert runs.of("claims", "larger-of") < runs.of("claims") < runs.of("claims", "every loss")
    assert runs.of("claims", "event limit") == runs.of("claims")
    assert runs.of("pure_premium", "event limit") < runs.of("pure_premium")
    assert runs.of("uncovered_worst_years", "event limit") > runs.of("uncovered_worst_years")
    assert runs.of("total_losses_paid", "event limit") == pytest.approx(runs.of("total_losses_paid"))
    assert runs.of("total_losses_recovered", "event limit") < runs.of("total_losses_recovered")


def test_differences_are_known_better_than_either_side(runs: Runs) -> None:
    for name in ("larger-of", "every loss", "more insured"):
        for figure in ("pure_premium", "gross_premium", "claims", "uncovered"):
            apart = runs.of(f"{figure}_difference_standard_error", name)
            alone = np.hypot(runs.of(f"{figure}_standard_error", name), runs.of(f"{figure}_standard_error"))
            assert apart < 0.7 * alone
            told = runs.of(f"{figure}_difference", name)
            assert told == pytest.approx(runs.of(figure, name) - runs.of(figure), abs=1e-6)


def test_the_error_of_a_difference_is_that_of_the_yearly_differences(runs: Runs) -> None:
    apart = runs.column("alternative_gross", 1).sum(axis=1) - runs.column("alternative_gross", 0).sum(axis=1)
    expected = apart.std(ddof=1) / np.sqrt(apart.size)
    assert runs.of("pure_premium_difference_standard_error", "larger-of") == pytest.approx(expected, rel=1e-9)


def test_an_alternative_that_no_year_feels_is_named_in_the_ledger(runs: Runs) -> None:
    ledger = Ledger()
    tell_alternatives(runs.results, 100_000, ledger)
    told = {entry.subject: entry.detail for entry in ledger}
    assert told["terms side by side: distant limit"] == (
        "In none of 4,000 simulated years it pays anything else than the base."
    )
    assert told["terms side by side: years"].startswith(
        "Settled on the first 4,000 of 100,000 simulated years"
    )
    assert "worth 1.25 times its sum insured" in told["terms side by side: worth of a stand"]
    ledger = Ledger()
    tell_alternatives(runs.results, 4000, ledger)
    assert "terms side by side: years" not in {entry.subject for entry in ledger}


def test_every_figure_has_its_unit_and_the_base_no_difference(runs: Runs) -> None:
    assert runs.results["alternative"].values.tolist() == ["base", *(option.name for option in SPEC.options)]
    for name, variable in runs.results.data_vars.items():
        assert variable.attrs["units"], name
        if "_difference" in str(name):
            assert variable.values[0] == 0.0


def test_alternatives_are_settled_on_the_first_blocks_of_the_run() -> None:
    assert settled_blocks(SPEC, 100) == 20
    assert settled_blocks(SPEC, 3) == 3
    assert settled_blocks(SPEC.model_copy(update={"years": 1500}), 100) == 2


def test_parts_without_alternatives_pass_by(runs: Runs) -> None:
    kept = AlternativeYears()
    bare = xr.Dataset({"loss": ("year", np.zeros(3))})
    assert [part.sizes.get("year") for part in kept.watch([bare, runs.parts[0], bare])] == [3, 1000, 3]
    assert kept.years == 1000
