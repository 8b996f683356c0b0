# SPDX-License-Identifier: Apache-2.0
"""Laws of a yearly index against R's evd, fExtremes and MASS (tests/reference/resource), closed forms, refusals."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from index_records import record
from priced_records import cover, linear, tiers
from scipy import integrate, stats

from greenrisk.core.errors import ArgumentError, FitError
from greenrisk.resource.index_cover.law_choice import best, fit_or_best
from greenrisk.resource.index_cover.law_goodness import distance, goodness
from greenrisk.resource.index_cover.laws import FAMILIES, IndexLaw, fit, fit_all
from greenrisk.resource.index_cover.payout_spec import DoublePayout
from greenrisk.resource.index_cover.payouts import payout_share

TABLE = Path(__file__).parents[2] / "reference" / "resource" / "index_laws.csv"
RECORDS = {"manaus": "manaus_min", "nile": "nile"}
PAYOUTS = {"manaus": linear("below", -4.0, -6.0), "nile": linear("below", 800.0, 600.0)}
SMOOTH = tuple(family for family in FAMILIES if family != "empirical")


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['data']}-{row['family']}-{row['code']}")
def test_fits_and_what_they_say_of_a_payout_are_those_of_r(row: dict[str, str]) -> None:
    value = record(RECORDS[row["data"]])[1]
    law = fit(value, row["family"], "below")  # type: ignore[arg-type]
    expected = [float(row[name]) for name in ("first", "second", "third") if row[name] != "NA"]
    relative = 2e-3 if row["code"] == "fExtremes" else 1e-4 if row["family"] == "gamma" else 1e-5
    np.testing.assert_allclose(law.parameters, expected, rtol=relative)
    assert law.log_likelihood == pytest.approx(float(row["log_likelihood"]), abs=1e-4)
    assert float(law.quantile(0.1)) == pytest.approx(float(row["low_10"]), rel=relative)
    share = law.expected_share(PAYOUTS[row["data"]])
    assert share == pytest.approx(float(row["expected_share"]), rel=relative)


def test_no_maximum_is_missed_that_r_finds() -> None:
    for row in rows():
        law = fit(record(RECORDS[row["data"]])[1], row["family"], "below")  # type: ignore[arg-type]
        assert law.log_likelihood > float(row["log_likelihood"]) - 1e-7


def normal_share(mean: float, sd: float, trigger: float, full: float) -> float:
    """Return E clip((trigger - X) / (trigger - full), 0, 1) of a normal X by algebra."""

    def below(edge: float) -> float:
        z = (edge - mean) / sd
        return sd * float(z * stats.norm.cdf(z) + stats.norm.pdf(z))

    return (below(trigger) - below(full)) / (trigger - full)


def test_the_expected_share_of_a_normal_index_is_its_closed_form() -> None:
    law = IndexLaw("normal", "below", (1.0, 2.0), np.array([0.0, 1.0]), 0.0)
    assert law.expected_share(linear("below", 0.5, -3.0)) == pytest.approx(
        normal_share(1.0, 2.0, 0.5, -3.0), rel=1e-12
    )
    mirrored = IndexLaw("normal", "above", (-1.0, 2.0), np.array([0.0, 1.0]), 0.0)
    assert mirrored.expected_share(linear("above", -0.5, 3.0)) == pytest.approx(
        normal_share(1.0, 2.0, 0.5, -3.0), rel=1e-12
    )
    # With a least share q the payout is q at once and 1 - q in a line.
    q = 0.3
    expected = q * stats.norm.cdf(-0.25) + (1 - q) * normal_share(1.0, 2.0, 0.5, -3.0)
    assert law.expected_share(linear("below", 0.5, -3.0, least=q)) == pytest.approx(expected, rel=1e-12)


def test_a_layer_of_shares_is_that_of_a_shorter_line() -> None:
    # Shares between 0.2 and 0.7 of a line from 0 to -10 are half of a line from -2 to -7.
    law = IndexLaw("normal", "below", (1.0, 2.0), np.array([0.0, 1.0]), 0.0)
    expected = 0.5 * normal_share(1.0, 2.0, -2.0, -7.0)
    assert law.expected_share(linear("below", 0.0, -10.0), 0.2, 0.7) == pytest.approx(expected, rel=1e-11)
    asked = cover(linear("below", 0.0, -10.0), 1000.0, deductible_cny=200.0, annual_limit_cny=500.0)
    assert law.expected_payment(asked) == pytest.approx(1000.0 * expected, rel=1e-11)
    assert law.expected_payment(cover(linear("below", 0.0, -10.0), 100.0, deductible_cny=100.0)) == 0.0


def test_the_expected_share_of_tiers_is_the_sum_of_their_steps() -> None:
    law = IndexLaw("gumbel", "above", (0.0, 1.0), np.array([0.0, 1.0]), 0.0)
    payout = tiers("above", (1.0, True, 0.4), (2.0, False, 1.0))
    first, second = (1.0 - math.exp(-math.exp(-edge)) for edge in (1.0, 2.0))
    assert law.expected_share(payout) == pytest.approx(0.4 * first + 0.6 * second, rel=1e-12)
    assert law.expected_share(payout, 0.5, 0.9) == pytest.approx(0.4 * second, rel=1e-12)


@pytest.mark.parametrize("family", SMOOTH)
@pytest.mark.parametrize("pays", ["below", "above"])
def test_distribution_quantile_and_density_belong_together(family: str, pays: str) -> None:
    from greenrisk.resource.index_cover.law_forms import FORMS

    law = fit(record("nile")[1], family, pays)  # type: ignore[arg-type]
    u = np.array([1e-6, 0.01, 0.3, 0.5, 0.9, 0.999])
    np.testing.assert_allclose(law.cdf(law.quantile(u)), u, rtol=1e-9)
    ends = law.quantile(np.array([0.05, 0.9]))
    area, _ = integrate.quad(
        lambda x: float(np.exp(FORMS[family].log_density(np.array(x), law.parameters, law.pays))), *ends
    )
    assert area == pytest.approx(0.85, rel=1e-8)


def test_laws_of_low_values_are_those_of_the_negatives() -> None:
    value = record("manaus_min")[1]
    for family in ("gumbel", "gev"):
        low, high = fit(value, family, "below"), fit(-value, family, "above")  # type: ignore[arg-type]
        np.testing.assert_allclose(low.parameters, high.parameters, rtol=1e-8)
        assert float(low.quantile(0.02)) == pytest.approx(-float(high.quantile(0.98)), rel=1e-8)


def test_the_empirical_law_draws_the_years_themselves() -> None:
    value = np.array([5.0, 1.0, 3.0, 3.0, 2.0, 9.0, 8.0, 7.0, 6.0, 4.0, np.nan])
    law = fit(value, "empirical")
    n = 10
    np.testing.assert_array_equal(law.quantile((np.arange(n) + 0.5) / n), np.sort(value[:n]))
    np.testing.assert_array_equal(law.quantile((np.arange(n) + 1) / n), np.sort(value[:n]))
    assert law.cdf(3.0) == 0.4
    assert math.isnan(law.aic)
    for payout in (
        linear("below", 3.0, 1.0, least=0.2),
        tiers("below", (3.0, False, 0.5), (1.0, True, 1.0)),
        tiers("above", (3.0, True, 0.5), (8.0, False, 1.0)),
    ):
        assert law.expected_share(payout) == pytest.approx(
            np.mean(payout_share(payout, value[:n])), rel=1e-12
        )
        y = np.array([0.0, 0.1, 0.45, 0.5, 0.9])
        paid = payout_share(payout, value[:n])
        np.testing.assert_allclose(
            law.chance_above(payout, y), (paid[:, np.newaxis] > y).mean(axis=0), atol=1e-12
        )


def test_families_that_the_record_forbids_are_told() -> None:
    fits = {one.family: one for one in fit_all(record("manaus_min")[1], "below")}
    assert fits["gamma"].law is None
    assert fits["gamma"].refused.startswith("79 of 90 years are 0 or less")
    assert fits["lognormal"].law is None
    assert fits["gev"].refused == ""
    assert best(tuple(fits.values())).family == "gumbel"
    assert fit_or_best(record("manaus_min")[1], "best", "below").aic == min(
        one.law.aic for one in fits.values() if one.law is not None and one.family != "empirical"
    )


def test_too_few_years_equal_years_and_endless_values_are_refused() -> None:
    with pytest.raises(FitError, match="9 years with an index"):
        fit(np.arange(9.0), "normal")
    with pytest.raises(FitError, match="all 12 years are 3"):
        fit(np.full(12, 3.0), "gamma")
    with pytest.raises(FitError, match="differ too little"):
        fit(1e9 + np.arange(12.0), "gamma")
    with pytest.raises(ArgumentError, match="infinite"):
        fit(np.append(np.arange(12.0), np.inf), "normal")
    with pytest.raises(FitError, match="No law could be fitted"):
        best(fit_all(np.arange(5.0)))
    double = DoublePayout(kind="double", first=linear("below", 0, -1), second=linear("below", 0, -2))
    with pytest.raises(ArgumentError, match="expected_double"):
        fit(np.arange(12.0), "normal").expected_payment(cover(double))


def test_the_distance_is_that_of_kolmogorov_and_smirnov() -> None:
    law = fit(record("nile")[1], "normal", "below")
    theirs = stats.kstest(law.values, "norm", args=law.parameters)
    assert distance(law) == pytest.approx(theirs.statistic, rel=1e-12)


def test_the_p_value_knows_that_the_law_was_fitted() -> None:
    # Lilliefors (1967): of 20 normal years 5 % lie 0.190 or more from the law fitted to them (0.294 for a known law).
    rng = np.random.default_rng(7)
    drawn = [goodness(fit(rng.standard_normal(20), "normal"), seed=k) for k in range(200)]
    far = np.array([one.distance >= 0.190 for one in drawn])
    assert abs(far.mean() - 0.05) < 4 * math.sqrt(0.05 * 0.95 / 200)
    small = np.array([one.p <= 0.05 for one in drawn])
    assert abs(small.mean() - 0.05) < 4 * math.sqrt(0.05 * 0.95 / 200)


def test_a_law_of_another_shape_has_a_small_p() -> None:
    skewed = np.exp(1.2 * stats.norm.ppf((np.arange(80) + 0.5) / 80))
    # No simulated record lies as far: one in as many as there are, the record itself counted.
    assert goodness(fit(skewed, "normal")).p == pytest.approx(1 / 200)
    assert goodness(fit(skewed, "lognormal")).p > 0.9
