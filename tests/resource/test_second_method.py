# SPDX-License-Identifier: Apache-2.0
"""The burnt area of a year by two methods: they agree where they must; a law that is not the simulated one shows."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import xarray as xr

from greenrisk.core.ledger import Ledger
from greenrisk.resource.job import ForestJob
from greenrisk.resource.perils.fire_counts import CountLaw
from greenrisk.resource.perils.fire_size import FireSizeLaw
from greenrisk.resource.perils.wildfire import Wildfire
from greenrisk.resource.second_method import PERIODS, TOO_FAR, second_method, tell_second_method
from greenrisk.resource.simulation import resolve
from greenrisk.resource.year_table import YearTable
from tests.resource.conftest import FIRE_ALONE, run

COUNTS = CountLaw(1.7, 0.35, 0.26)
SIZE = FireSizeLaw("gamma", 0.27, 8.65, 0.0013, 0.6, 169.0, 350_000.0)


def years(area: np.ndarray, unburnt: np.ndarray | None = None) -> YearTable:
    """A table of years that holds burnt areas only."""
    n = area.size
    none = np.zeros(n)
    return YearTable(
        loss=np.zeros((n, 4)),
        largest=np.zeros((n, 2)),
        cell=np.zeros((n, 1, 1)),
        peril_ground_up=none[:, None],
        damaged_insured=none[:, None],
        paid_area=none[:, None],
        claims=none[:, None],
        fires=none,
        burnt_area=area,
        unburnt_area=none if unburnt is None else unburnt,
        site=np.zeros((1, 3)),
        group=np.zeros((1, 3)),
        repeated=np.zeros(2),
        uncovered=np.zeros(1),
        row_square=np.zeros(1),
        others={},
    )


def drawn(counts: CountLaw, size: FireSizeLaw, n: int, seed: int = 3) -> np.ndarray:
    """Areas of years drawn by numpy's own gamma, normal and Poisson generators, sizes by exact inversion."""
    rng = np.random.default_rng(seed)
    effect = np.exp(counts.year_effect_sd * rng.standard_normal(n) - counts.year_effect_sd**2 / 2)
    if counts.dispersion > 0:
        effect = effect * rng.gamma(1 / counts.dispersion, counts.dispersion, n)
    fires = rng.poisson(counts.mean * effect)
    sizes = size.severity().ppf(rng.random(fires.sum()))
    return np.bincount(np.repeat(np.arange(n), fires), weights=sizes, minlength=n)


@pytest.fixture
def wildfire(job: ForestJob) -> Callable[..., Wildfire]:
    """The laws of the shipped scenario, with other laws of number and size."""
    shipped = resolve(job.exposure, job.plan.variants[0]).wildfire

    def changed(**laws: Any) -> Wildfire:
        return replace(shipped, **({"counts": COUNTS, "size": SIZE} | laws))

    return changed


def told(check: xr.Dataset) -> list[str]:
    ledger = Ledger()
    tell_second_method(check, ledger)
    assert {entry.kind for entry in ledger} <= {"unreliable"}
    return [f"{entry.subject}: {entry.detail}" for entry in ledger]


def test_every_run_holds_both_methods_within_four_standard_errors(tree: xr.DataTree) -> None:
    check = tree["/checks/second_method"].to_dataset()
    assert check["quantity"].values.tolist() == ["mean", *(f"aggregate_{period}" for period in PERIODS)]
    assert float(np.abs(check["difference"]).max()) < TOO_FAR
    losses = tree["/losses"].to_dataset()
    assert float(check["simulated"][0]) == pytest.approx(
        float((losses["burnt_area"] + losses["unburnt_area"]).mean()), rel=1e-12
    )
    assert "simulated burnt area" not in tree["/ledger/subject"].values
    assert {name: check[name].attrs["units"] for name in check.variables if name != "quantity"} == {
        "return_period": "year",
        "simulated": "ha/year",
        "standard_error": "ha/year",
        "exact": "ha/year",
        "numerical_error": "ha/year",
        "difference": "1",
    }


def test_a_run_without_a_reference_has_the_second_method_and_no_other_check(
    prepare: Callable[..., ForestJob],
) -> None:
    tree = run(prepare(years="1000", reference="null", **FIRE_ALONE))
    assert list(tree["/checks"].children) == ["second_method"]
    assert np.isfinite(tree["/checks/second_method/difference"].values).all()


def test_the_exact_mean_is_number_times_size_and_its_error_that_of_the_compound_variance(
    wildfire: Callable[..., Wildfire],
) -> None:
    size = replace(SIZE, cap=3000.0)
    check = second_method(wildfire(size=size), years(drawn(COUNTS, size, 5000)))
    core = size.severity()
    variance = 1.7 * core.var() + COUNTS.variance() * core.mean() ** 2
    assert float(check["exact"][0]) == pytest.approx(1.7 * core.mean(), rel=1e-12)
    assert float(check["standard_error"][0]) == pytest.approx(math.sqrt(variance / 5000), rel=1e-9)


@pytest.mark.parametrize(
    "counts", [COUNTS, CountLaw(0.08, 0.5, 0.3), CountLaw(60.0, 0.2, 0.05), CountLaw(2.0, 0.0, 0.0)]
)
@pytest.mark.parametrize("family", ["gamma", "weibull", "lognormal"])
def test_years_drawn_by_other_generators_agree_with_the_exact_law(
    counts: CountLaw, family: str, wildfire: Callable[..., Wildfire]
) -> None:
    size = replace(SIZE, family=family, cap=2000.0)
    n = 40_000 if counts.mean < 10 else 3000
    check = second_method(wildfire(counts=counts, size=size), years(drawn(counts, size, n)))
    assert float(np.abs(check["difference"]).max()) < TOO_FAR
    assert (check["numerical_error"] <= 0.05 * check["standard_error"]).all()
    assert told(check) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": replace(SIZE, mean_body=9.5)},
        {"size": replace(SIZE, share_over_100ha=0.004)},
        {"counts": replace(COUNTS, mean=1.87)},
        {"counts": replace(COUNTS, dispersion=0.6)},
        {"counts": replace(COUNTS, year_effect_sd=0.6)},
    ],
    ids=["mean_body", "share_over_100ha", "mean", "dispersion", "year_effect_sd"],
)
def test_a_law_that_is_not_the_simulated_one_is_told(
    wrong: dict[str, Any], wildfire: Callable[..., Wildfire]
) -> None:
    """Each differs from the law of the years by one parameter."""
    table = years(drawn(COUNTS, SIZE, 40_000))
    assert told(second_method(wildfire(), table)) == []
    lines = told(second_method(wildfire(**wrong), table))
    assert len(lines) == 1
    assert "simulated burnt area: It is not that of the exact law: " in lines[0]
    assert "standard errors apart" in lines[0]


def test_a_run_whose_draws_are_not_those_of_its_laws_says_so_in_its_ledger(
    prepare: Callable[..., ForestJob], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fires a fifth too large, drawn by a size law that was tampered with."""
    plain = FireSizeLaw.ppf
    monkeypatch.setattr(FireSizeLaw, "ppf", lambda law, u: 1.2 * plain(law, u))
    ledger = run(prepare(**FIRE_ALONE))["/ledger"].to_dataset().to_dataframe()
    line = ledger[ledger["subject"] == "simulated burnt area"]
    assert line["kind"].tolist() == ["unreliable"]
    assert "1 in 10 years" in str(line["detail"].iloc[0])


def test_what_fires_could_not_burn_is_counted_so_that_a_burnt_out_forest_is_no_difference(
    wildfire: Callable[..., Wildfire],
) -> None:
    wanted = drawn(COUNTS, SIZE, 20_000)
    burnt = np.minimum(wanted, 50.0)
    check = second_method(wildfire(), years(burnt, wanted - burnt))
    assert told(check) == []
    assert check.attrs["unburnt"] == pytest.approx((wanted - burnt).mean())
    assert len(told(second_method(wildfire(), years(burnt)))) == 1


def test_simulated_fires_larger_than_the_forest_around_them_still_agree(
    wildfire: Callable[..., Wildfire],
) -> None:
    """Every fifth fire is anything up to the whole forest: the second of a year may find too little left."""
    huge = wildfire(
        counts=CountLaw(1.0, 0.3, 0.2),
        size=replace(SIZE, share_over_100ha=0.2, tail_shape=-1.0, tail_scale=3.5e5),
    )
    block = huge.simulate(5, "main", 0).by_year
    burnt, unburnt = block["burnt_area"], block["unburnt_area"]
    assert (unburnt > 0).sum() > 5
    check = second_method(huge, years(burnt, unburnt))
    assert float(np.abs(check["difference"]).max()) < TOO_FAR
    assert float(check["simulated"][0]) > burnt.mean()


def test_years_without_a_fire_agree_where_none_is_expected_and_one_fire_then_is_told(
    wildfire: Callable[..., Wildfire],
) -> None:
    none = wildfire(counts=replace(COUNTS, mean=0.0))
    check = second_method(none, years(np.zeros(1000)))
    assert check["difference"].values.tolist() == [0.0] * 4
    assert told(check) == []
    area = np.zeros(1000)
    area[7] = 3.0
    assert len(told(second_method(none, years(area)))) == 1


def test_an_exact_law_that_cannot_be_computed_is_told_and_left_empty(
    wildfire: Callable[..., Wildfire],
) -> None:
    """A Poisson number whose mean varies by a factor of 40 either way, of a hundred thousand fires a year."""
    wild = wildfire(counts=CountLaw(1e5, 3.7, 0.0))
    check = second_method(wild, years(np.ones(1000)))
    assert np.isnan(check["exact"].values).all()
    assert float(check["simulated"][0]) == 1.0
    lines = told(check)
    assert len(lines) == 1
    assert "second method: The exact law of the yearly burnt area could not be computed" in lines[0]


def test_the_second_method_draws_nothing_so_that_it_is_the_same_twice(
    wildfire: Callable[..., Wildfire],
) -> None:
    table = years(drawn(COUNTS, SIZE, 2000))
    assert second_method(wildfire(), table).identical(second_method(wildfire(), table))
