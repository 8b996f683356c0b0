# SPDX-License-Identifier: Apache-2.0
import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.fitting.severity_fit import fit_severity
from greenrisk.actuarial.severity.beta import Beta
from greenrisk.actuarial.severity.burr import Burr, Loglogistic
from greenrisk.actuarial.severity.families import Exponential, Gamma, Lognormal, Weibull
from greenrisk.actuarial.severity.inverse_gaussian import InverseGaussian
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto, Pareto, ParetoII
from greenrisk.core.errors import ArgumentError, FitError

INF = math.inf
SHARED = Path(__file__).resolve().parents[3] / "../shared"


def sample(law, count, seed=11):
    return law.rvs(count, np.random.default_rng(seed))


def only_fault(make, error):
    with pytest.raises(error) as caught:
        make()
    (fault,) = caught.value.faults
    return fault.what, fault.expected


def test_a_lognormal_fit_divides_by_n():
    losses = sample(Lognormal(2.0, 1.3), 157)
    fit = fit_severity(losses, Lognormal)
    logs = np.log(losses)
    assert fit.parameters["mu"] == pytest.approx(logs.mean(), rel=1e-10)
    assert fit.parameters["sigma"] == pytest.approx(logs.std(ddof=0), rel=1e-10)
    # Observed information of a normal sample: sigma^2 / n and sigma^2 / (2 n), no covariance.
    sigma = logs.std()
    assert fit.standard_errors["mu"] == pytest.approx(sigma / math.sqrt(157), rel=1e-8)
    assert fit.standard_errors["sigma"] == pytest.approx(sigma / math.sqrt(2 * 157), rel=1e-8)
    assert fit.covariance[0, 1] == pytest.approx(0.0, abs=1e-10)


def test_the_criteria_are_akaikes_and_schwarzs():
    losses = sample(Gamma(2.0, 3.0), 50)
    fit = fit_severity(losses, Gamma)
    expected = stats.gamma.logpdf(losses, fit.parameters["shape"], scale=fit.parameters["scale"]).sum()
    assert fit.log_likelihood == pytest.approx(expected, rel=1e-12)
    assert fit.aic == pytest.approx(4 - 2 * expected, rel=1e-12)
    assert fit.bic == pytest.approx(2 * math.log(50) - 2 * expected, rel=1e-12)


def test_an_exponential_scale_is_exposure_over_losses_seen_in_full():
    # theta = sum (min(x, c) - t) / number uncensored, with a deductible and a limit for each record.
    rng = np.random.default_rng(3)
    deductible = rng.uniform(0.0, 3.0, 400)
    losses = deductible + rng.exponential(5.0, 400)
    limit = deductible + rng.uniform(1.0, 12.0, 400)
    fit = fit_severity(LossData.exact(losses, deductible=deductible, limit=limit), Exponential)
    uncensored = (losses < limit).sum()
    theta = (np.minimum(losses, limit) - deductible).sum() / uncensored
    assert fit.parameters["scale"] == pytest.approx(theta, rel=1e-10)
    assert fit.standard_errors["scale"] == pytest.approx(theta / math.sqrt(uncensored), rel=1e-8)


def test_a_pareto_shape_is_the_mean_logarithm_turned_over():
    losses = sample(Pareto(1.7, 200.0), 300)
    fit = fit_severity(losses, Pareto, fixed={"threshold": 200.0})
    alpha = 300 / np.log(losses / 200.0).sum()
    assert fit.parameters == pytest.approx({"shape": alpha, "threshold": 200.0}, rel=1e-10)
    assert fit.standard_errors == pytest.approx({"shape": alpha / math.sqrt(300)}, rel=1e-8)


def test_a_pareto_law_takes_one_deductible_for_its_threshold():
    losses = sample(Pareto(1.7, 200.0), 300)
    fit = fit_severity(LossData.exact(losses, deductible=200.0, limit=1000.0), Pareto)
    seen = (losses < 1000.0).sum()
    alpha = seen / np.log(np.minimum(losses, 1000.0) / 200.0).sum()
    assert fit.parameters == pytest.approx({"shape": alpha, "threshold": 200.0}, rel=1e-10)


def test_an_inverse_gaussian_has_its_textbook_estimates():
    losses = sample(InverseGaussian(4.0, 6.0), 200)
    fit = fit_severity(losses, InverseGaussian)
    mean = losses.mean()
    assert fit.parameters["mu"] == pytest.approx(mean, rel=1e-9)
    assert fit.parameters["shape"] == pytest.approx(1 / (1 / losses - 1 / mean).mean(), rel=1e-9)


def test_a_truncated_lognormal_is_the_truncated_normal_of_the_logarithms():
    # Two equations of a normal law truncated at t: with h = phi(a) / (1 - Phi(a)), a = (t - mu) / sigma,
    # mean = mu + sigma h and variance = sigma^2 (1 + a h - h^2).
    losses = sample(Lognormal(1.0, 0.8), 3000)
    losses = losses[losses > 2.0]
    fit = fit_severity(LossData.exact(losses, deductible=2.0), Lognormal)
    mu, sigma = fit.law.mu, fit.law.sigma
    a = (math.log(2.0) - mu) / sigma
    h = stats.norm.pdf(a) / stats.norm.sf(a)
    assert np.log(losses).mean() == pytest.approx(mu + sigma * h, rel=1e-9)
    assert np.log(losses).var() == pytest.approx(sigma**2 * (1 + a * h - h**2), rel=1e-8)


def test_grouped_exponential_losses_in_two_classes_give_the_shares():
    # Share above 10 is 3/8: exp(-10 / theta) = 3/8.
    fit = fit_severity(LossData.grouped([0.0, 10.0, INF], [5, 3]), Exponential)
    assert fit.parameters["scale"] == pytest.approx(10 / math.log(8 / 3), rel=1e-10)
    # Delta method on a binomial share: Var theta = p (1 - p) / n / (dp / dtheta)^2.
    theta = 10 / math.log(8 / 3)
    slope = 3 / 8 * 10 / theta**2
    assert fit.standard_errors["scale"] == pytest.approx(math.sqrt(3 / 8 * 5 / 8 / 8) / slope, rel=1e-7)


def test_grouped_loglogistic_losses_in_three_classes_meet_both_shares():
    # Two parameters, three classes: F(10) = 4/10 and F(50) = 9/10; the odds are (x / scale)^shape.
    fit = fit_severity(LossData.grouped([0.0, 10.0, 50.0, INF], [4, 5, 1]), Loglogistic)
    shape = math.log(9 / (4 / 6)) / math.log(5)
    assert fit.parameters["shape"] == pytest.approx(shape, rel=1e-8)
    assert fit.parameters["scale"] == pytest.approx(10 / (4 / 6) ** (1 / shape), rel=1e-8)


CENSORED = {
    Gamma: (Gamma(1.6, 5.0), stats.gamma, {"floc": 0}, lambda p: {"shape": p[0], "scale": p[2]}),
    Weibull: (Weibull(0.8, 5.0), stats.weibull_min, {"floc": 0}, lambda p: {"shape": p[0], "scale": p[2]}),
    Lognormal: (
        Lognormal(1.0, 0.9),
        stats.lognorm,
        {"floc": 0},
        lambda p: {"mu": math.log(p[2]), "sigma": p[0]},
    ),
    Loglogistic: (Loglogistic(2.0, 4.0), stats.fisk, {"floc": 0}, lambda p: {"shape": p[0], "scale": p[2]}),
    Burr: (
        Burr(1.5, 1.8, 6.0),
        stats.burr12,
        {"floc": 0},
        lambda p: {"alpha": p[1], "gamma": p[0], "scale": p[3]},
    ),
    ParetoII: (ParetoII(2.5, 9.0), stats.lomax, {"floc": 0}, lambda p: {"shape": p[0], "scale": p[2]}),
    InverseGaussian: (
        InverseGaussian(5.0, 4.0),
        stats.invgauss,
        {"floc": 0},
        lambda p: {"mu": p[0] * p[2], "shape": p[2]},
    ),
}


@pytest.mark.parametrize("family", CENSORED, ids=lambda family: family.__name__)
def test_no_search_of_scipy_finds_a_higher_censored_likelihood(family):
    law, peer, fixed, read = CENSORED[family]
    losses = sample(law, 200)
    limit = float(np.quantile(losses, 0.8))
    fit = fit_severity(LossData.exact(losses, limit=limit), family)
    # scipy's simplex stops at about 1e-4, and may stop early: its likelihood bounds ours from below.
    seen, cut = losses[losses < limit], np.full((losses >= limit).sum(), limit)
    guess = peer.fit(stats.CensoredData(uncensored=seen, right=cut), **fixed)
    reached = peer.logpdf(seen, *guess).sum() + peer.logsf(cut, *guess).sum()
    assert fit.log_likelihood >= reached - 1e-9
    assert fit.log_likelihood == pytest.approx(reached, abs=1e-3)
    errors = fit.standard_errors
    for name, value in read(guess).items():
        assert abs(fit.parameters[name] - value) < 0.05 * errors[name]


TRUTHS = [
    Lognormal(1.0, 0.9),
    Exponential(5.0),
    Gamma(1.6, 5.0),
    Weibull(0.8, 5.0),
    Loglogistic(2.0, 4.0),
    Burr(1.5, 1.8, 6.0),
    ParetoII(2.5, 9.0),
    GeneralisedPareto(0.4, 5.0),
    InverseGaussian(5.0, 4.0),
]


@pytest.mark.parametrize("law", TRUTHS, ids=lambda law: type(law).__name__)
def test_the_law_that_made_truncated_censored_and_grouped_losses_is_found(law):
    losses = sample(law, 12_000)
    t, c = (float(law.ppf(p)) for p in (0.25, 0.9))
    kept = losses[losses > t]
    third = kept.size // 3
    edges = np.linspace(t, c, 8)
    cell = np.minimum(np.searchsorted(edges, kept[:third]) - 1, 7)
    upper = np.append(edges[1:], INF)[cell]
    data = LossData(
        np.concatenate([edges[np.minimum(cell, 7)], np.minimum(kept[third:], c)]),
        np.concatenate([upper, np.where(kept[third:] >= c, INF, kept[third:])]),
        deductibles=t,
    )
    fit = fit_severity(data, type(law))
    for name, error in fit.standard_errors.items():
        assert abs(fit.parameters[name] - law.parameters()[name]) < 4 * error
    assert fit.starts_agree


def test_beta_shares_are_scipys():
    losses = 50 * np.random.default_rng(4).beta(1.4, 3.0, 300)
    fit = fit_severity(losses, Beta, fixed={"scale": 50.0})
    a, b, *_ = stats.beta.fit(losses, floc=0, fscale=50)
    assert fit.parameters == pytest.approx({"a": a, "b": b, "scale": 50.0}, rel=1e-4)


def test_parameters_that_are_held_are_not_fitted():
    losses = sample(Gamma(2.0, 3.0), 80)
    fit = fit_severity(losses, Gamma, fixed={"shape": 2.0})
    assert fit.free == ("scale",)
    assert fit.parameters["scale"] == pytest.approx(losses.mean() / 2, rel=1e-10)


def test_right_truncation_of_an_exponential_meets_its_mean():
    # E[X | X <= u] = theta - u / (e^{u / theta} - 1)
    losses = sample(Exponential(4.0), 2000)
    losses = losses[losses <= 6.0]
    theta = fit_severity(LossData.exact(losses, truncated_above=6.0), Exponential).parameters["scale"]
    assert losses.mean() == pytest.approx(theta - 6 / math.expm1(6 / theta), rel=1e-8)


def test_a_weight_is_so_many_records():
    losses = [2.0, 3.0, 7.0, 11.0]
    weighted = fit_severity(LossData.exact(losses, weights=[1, 3, 2, 1]), Lognormal)
    repeated = fit_severity([2.0, 3.0, 3.0, 3.0, 7.0, 7.0, 11.0], Lognormal)
    assert weighted.parameters == pytest.approx(repeated.parameters, rel=1e-9)
    assert weighted.covariance == pytest.approx(repeated.covariance, rel=1e-6, abs=1e-10)
    assert weighted.bic == pytest.approx(repeated.bic, rel=1e-10)


@pytest.mark.parametrize("factor", [1e-6, 1e9])
def test_the_unit_of_the_losses_only_scales_the_fit(factor):
    losses = sample(Burr(1.5, 1.8, 6.0), 500)
    one = fit_severity(LossData.exact(losses, deductible=float(losses.min())), Burr)
    other = fit_severity(LossData.exact(losses * factor, deductible=float(losses.min()) * factor), Burr)
    assert other.parameters["alpha"] == pytest.approx(one.parameters["alpha"], rel=1e-6)
    assert other.parameters["scale"] == pytest.approx(one.parameters["scale"] * factor, rel=1e-6)


def test_every_start_is_told():
    fit = fit_severity(sample(Gamma(2.0, 3.0), 80), Gamma, starts=[{"shape": 30.0, "scale": 0.01}])
    ends = [run.log_likelihood for run in fit.starts if run.converged]
    assert pytest.approx(fit.starts[2].start) == {"shape": 30.0, "scale": 0.01}
    assert len(fit.starts) >= 4
    assert ends == pytest.approx([fit.log_likelihood] * len(ends), abs=1e-6)


def test_the_danish_fire_tail_is_that_of_the_case():
    path = SHARED / "reference/cases/gpd_danish/case.json"
    if not path.exists():
        pytest.skip("../shared/reference/cases/gpd_danish is not here")
    case = json.loads(path.read_text(encoding="utf-8"))
    with (path.parent / case["file"]).open(encoding="utf-8") as file:
        losses = np.array([float(row[case["column"]]) for row in csv.DictReader(file)])
    threshold = float(case["threshold"])
    tail = losses[losses > threshold]
    fit = fit_severity(
        LossData.exact(tail, deductible=threshold), GeneralisedPareto, fixed={"threshold": threshold}
    )
    expected, near = case["expected"], case["tolerance"]
    assert tail.size == expected["n"]
    assert fit.parameters["shape"] == pytest.approx(expected["shape_xi"], rel=near["relative"])
    assert fit.parameters["scale"] == pytest.approx(expected["scale_beta"], rel=near["relative"])
    assert -fit.log_likelihood == pytest.approx(expected["nll"], rel=near["relative"])
    assert fit.standard_errors["shape"] == pytest.approx(expected["se_shape"], rel=near["se_relative"])
    assert fit.standard_errors["scale"] == pytest.approx(expected["se_scale"], rel=near["se_relative"])


def test_too_few_losses_are_refused():
    assert only_fault(lambda: fit_severity([5.0, 6.0], Gamma), FitError) == (
        "2 records with 2 distinct losses",
        "Too few for Gamma with 2 parameters: at least 3 records and 2 distinct losses are needed.",
    )
    what, _ = only_fault(lambda: fit_severity([5.0] * 20, Lognormal), FitError)
    assert what == "20 records with 1 distinct loss"


def test_losses_that_are_all_censored_are_refused():
    what, expected = only_fault(
        lambda: fit_severity(LossData.exact([5.0, 6.0, 9.0], limit=4.0), Exponential), FitError
    )
    assert what == "3 records"
    assert expected.startswith("Every record is censored")


def test_a_pareto_tail_that_is_lighter_than_exponential_runs_off_and_says_where():
    # Even losses: their cv is below 1, and the likelihood of a Pareto II law rises towards the exponential law.
    what, expected = only_fault(lambda: fit_severity(np.linspace(1.0, 2.0, 50), ParetoII), FitError)
    assert "steps" in what
    assert expected.startswith(
        "The data do not identify ParetoII: its likelihood rises towards an edge or is flat."
    )


def test_a_generalised_pareto_tail_with_a_sharp_end_is_refused():
    what, expected = only_fault(
        lambda: fit_severity(np.linspace(0.01, 1.0, 200), GeneralisedPareto), FitError
    )
    assert "shape = -" in what or "steps" in what
    assert "Beta" in expected or "identify" in expected


def test_a_loss_that_the_family_cannot_give_is_named():
    losses = [5.0, 0.0, 7.0, 9.0, 0.0]
    assert only_fault(lambda: fit_severity(losses, Lognormal), FitError) == (
        "record 1, loss 0 (1 more)",
        "Lognormal gives no finite density there: "
        "zeros belong to the frequency, leave them out, or take another family.",
    )
    assert only_fault(lambda: fit_severity([0.5, 0.7, 2.0], Beta), FitError) == (
        "record 2, loss 2",
        "Beta with scale = 1 gives no finite density there: take another family, or move what is held.",
    )
    what, _ = only_fault(lambda: fit_severity([5.0, 6.0, 2.0], Pareto, fixed={"threshold": 3.0}), FitError)
    assert what == "record 2, loss 2"


def test_zeros_of_a_family_with_a_density_at_zero_are_fitted():
    assert fit_severity([0.0, 1.0, 5.0], Exponential).parameters["scale"] == pytest.approx(2.0)


def test_a_pareto_law_needs_its_threshold():
    what, expected = only_fault(lambda: fit_severity([5.0, 6.0, 9.0], Pareto), ArgumentError)
    assert what == "fixed without 'threshold' for Pareto"
    assert expected.startswith("Give fixed={'threshold': ...}")


def test_what_is_held_is_checked_by_name_and_value():
    with pytest.raises(ArgumentError) as caught:
        fit_severity([1.0, 2.0, 3.0], Gamma, fixed={"theta": 1.0, "shape": -2.0})
    assert [fault.what for fault in caught.value.faults] == ["fixed['theta']", "fixed['shape'] = -2"]
    _, expected = only_fault(
        lambda: fit_severity([1.0, 2.0, 3.0], Gamma, fixed={"shape": 1.0, "scale": 2.0}), ArgumentError
    )
    assert expected == "Leave at least one parameter of Gamma to be fitted."


def test_starts_are_checked():
    with pytest.raises(ArgumentError) as caught:
        fit_severity([1.0, 2.0, 3.0], Gamma, starts=[{"shape": 1.0}, {"shape": -1.0, "scale": 2.0}])
    assert [fault.what for fault in caught.value.faults] == ["starts[0]", "starts[1]['shape'] = -1"]


def test_negative_losses_are_refused_before_any_fit():
    what, expected = only_fault(lambda: fit_severity([1.0, -2.0, 3.0], Gamma), ArgumentError)
    assert (what, expected) == ("losses[1] = -2", "It must be >= 0 and finite.")
