# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from greenrisk.actuarial.glm.rating_fit import fit_rating_model
from greenrisk.core.errors import ArgumentError, FitError

CLAIMS = [2, 4, 9, 10, 14, 3]
EXPOSURE = [1.0, 2.0, 1.5, 2.0, 2.5, 1.0]
ZONE = ["A", "A", "B", "B", "B", "C"]


def portfolio(rows=3000, seed=71):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "zone": rng.choice(["A", "B", "C"], rows, p=[0.2, 0.5, 0.3]),
            "use": rng.choice(["farm", "forest"], rows),
            "age": rng.uniform(0, 2, rows),
        }
    )
    exposure = rng.uniform(0.2, 1.0, rows)
    log_rate = np.log(0.8) + 0.4 * (table.zone == "A") - 0.3 * (table.use == "forest") + 0.5 * table.age
    return table, exposure, (exposure * np.exp(log_rate)).to_numpy(), rng


def by_name(model):
    return {(row.term, row.level): row for row in model.relativities()}


def test_relativities_of_one_factor_are_ratios_of_rates():
    model = fit_rating_model(CLAIMS, {"zone": ZONE}, exposure=EXPOSURE)
    rows = by_name(model)
    # Rates 6 / 3, 33 / 6, 3 / 1; B has most exposure.
    assert rows["base", ""].relativity == pytest.approx(33 / 6)
    assert rows["zone", "A"].relativity == pytest.approx(2 / 5.5)
    assert rows["zone", "C"].relativity == pytest.approx(3 / 5.5)
    assert (rows["zone", "B"].relativity, rows["zone", "B"].standard_error) == (1.0, 0.0)
    assert [row.base for row in model.relativities()] == [False, False, True, False]
    # Variance of a ratio of Poisson rates' logarithm: 1 / claims + 1 / claims.
    error = np.sqrt(1 / 6 + 1 / 33)
    assert rows["zone", "A"].standard_error == pytest.approx(error)
    assert rows["zone", "A"].high == pytest.approx(2 / 5.5 * np.exp(1.959964 * error), rel=1e-6)
    assert [row.exposure for row in model.relativities()] == pytest.approx([10, 3, 6, 1])


def test_the_base_level_can_be_named():
    model = fit_rating_model(CLAIMS, {"zone": ZONE}, exposure=EXPOSURE, base_levels={"zone": "A"})
    rows = by_name(model)
    assert rows["base", ""].relativity == pytest.approx(2.0)
    assert rows["zone", "B"].relativity == pytest.approx(5.5 / 2)


def test_without_exposure_the_base_is_where_most_rows_or_weights_are():
    assert by_name(fit_rating_model(CLAIMS, {"zone": ZONE}))["zone", "B"].base
    heavy = [9.0, 9.0, 1.0, 1.0, 1.0, 1.0]
    assert by_name(fit_rating_model(CLAIMS, {"zone": ZONE}, weights=heavy))["zone", "A"].base


def test_a_poisson_tariff_balances_in_all_and_in_every_level():
    table, exposure, mean, rng = portfolio()
    claims = rng.poisson(mean)
    model = fit_rating_model(claims, table, exposure=exposure)
    (whole,) = model.balance()
    assert (whole.group, whole.observed) == ("all", claims.sum())
    assert whole.factor == pytest.approx(1, abs=1e-9)
    for part in model.balance(table["zone"]):
        assert part.factor == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("family", ["gamma", "tweedie", "negative_binomial"])
def test_other_tariffs_meet_the_observed_total_after_their_factor(family):
    table, exposure, mean, rng = portfolio(1500)
    if family == "gamma":
        response = rng.gamma(2.0, mean * 500)
    elif family == "tweedie":
        number = rng.poisson(mean)
        response = np.where(number > 0, rng.gamma(np.maximum(number, 1) * 2.0, 500.0), 0.0)
    else:
        response = rng.negative_binomial(2, 2 / (2 + mean)).astype(float)
    model = fit_rating_model(response, table, family=family, exposure=exposure)
    (whole,) = model.balance()
    assert whole.factor == pytest.approx(response.sum() / model.regression.fitted.sum(), rel=1e-12)
    assert abs(whole.factor - 1) > 1e-9
    predicted = model.predict(table, exposure=exposure, balanced=True)
    assert predicted.mean.sum() == pytest.approx(response.sum(), rel=1e-9)
    plain = model.predict(table, exposure=exposure)
    assert plain.mean == pytest.approx(model.regression.fitted, rel=1e-9)


def test_relativities_that_made_the_claims_are_found_again():
    table, exposure, mean, rng = portfolio(20_000)
    for family, response in (
        ("poisson", rng.poisson(mean)),
        ("negative_binomial", rng.negative_binomial(1.5, 1.5 / (1.5 + mean))),
        ("gamma", rng.gamma(2.0, mean / 2.0)),
    ):
        rows = by_name(fit_rating_model(response, table, family=family, exposure=exposure))
        for key, truth in (
            (("zone", "A"), 0.4),
            (("zone", "C"), 0.0),
            (("age", "per unit"), 0.5),
        ):
            row = rows[key]
            assert abs(np.log(row.relativity) - truth) < 4 * row.standard_error
        use = rows["use", "forest"] if not rows["use", "forest"].base else rows["use", "farm"]
        assert abs(abs(np.log(use.relativity)) - 0.3) < 4 * use.standard_error


def test_a_mean_loss_counts_by_its_number_of_claims():
    # Mean losses 10 of 1 claim and 20 of 3: the level's mean is 17.5.
    model = fit_rating_model(
        [10.0, 20.0, 60.0, 30.0], {"zone": ["A", "A", "B", "B"]}, family="gamma", weights=[1.0, 3.0, 2.0, 4.0]
    )
    rows = by_name(model)
    assert rows["base", ""].relativity == pytest.approx(40.0)
    assert rows["zone", "A"].relativity == pytest.approx(17.5 / 40)
    assert model.balance()[0].observed == pytest.approx(10 + 60 + 120 + 120)


def test_exposure_as_weight_makes_two_half_years_a_year():
    rng = np.random.default_rng(72)
    zone = rng.choice(["A", "B"], 300)
    years = rng.uniform(1, 3, 300)
    number = rng.poisson(years * np.where(zone == "A", 1.0, 2.0))
    losses = np.where(number > 0, rng.gamma(np.maximum(number, 1) * 2.0, 50.0), 0.0)
    args = {"family": "tweedie", "power": 1.4, "exposure_enters": "weight"}
    once = fit_rating_model(losses, {"zone": zone}, exposure=years, **args)
    split = fit_rating_model(
        np.concatenate([losses / 2, losses / 2]),
        {"zone": np.concatenate([zone, zone])},
        exposure=np.concatenate([years / 2, years / 2]),
        **args,
    )
    assert split.regression.coefficients == pytest.approx(once.regression.coefficients, abs=1e-8)
    # One factor, additive: each rate is total losses over total exposure.
    rate = {z: losses[zone == z].sum() / years[zone == z].sum() for z in ("A", "B")}
    got = once.predict({"zone": ["A", "B"]}).mean
    assert got == pytest.approx([rate["A"], rate["B"]], rel=1e-8)
    counts = fit_rating_model(number, {"zone": zone}, exposure=years)
    weighted = fit_rating_model(number, {"zone": zone}, exposure=years, exposure_enters="weight")
    assert counts.regression.coefficients == pytest.approx(weighted.regression.coefficients, abs=1e-9)


def test_the_error_of_a_prediction_is_that_of_its_linear_predictor():
    model = fit_rating_model(CLAIMS, {"zone": ZONE}, exposure=EXPOSURE)
    predicted = model.predict({"zone": ["A", "B"]}, exposure=[1.0, 10.0])
    assert predicted.mean == pytest.approx([2.0, 55.0])
    assert predicted.standard_error == pytest.approx([2.0 / np.sqrt(6), 55.0 / np.sqrt(33)])
    assert predicted.low == pytest.approx(predicted.mean * np.exp(-1.959964 / np.sqrt([6, 33])), rel=1e-6)


def test_a_given_relativity_is_an_offset():
    discount = np.where(np.array(ZONE) == "A", np.log(0.5), 0.0)
    free = by_name(fit_rating_model(CLAIMS, {"zone": ZONE}, exposure=EXPOSURE))
    model = fit_rating_model(CLAIMS, {"zone": ZONE}, exposure=EXPOSURE, offset=discount)
    assert by_name(model)["zone", "A"].relativity == pytest.approx(2 * free["zone", "A"].relativity)


def test_tests_of_terms_are_those_of_nested_fits():
    table, exposure, mean, rng = portfolio(800)
    claims = rng.poisson(mean)
    model = fit_rating_model(claims, table, exposure=exposure)
    tests = {test.term: test for test in model.term_tests()}
    without = fit_rating_model(claims, table.drop(columns="zone"), exposure=exposure)
    statistic = 2 * (model.regression.log_likelihood - without.regression.log_likelihood)
    assert tests["zone"].statistic == pytest.approx(statistic, abs=1e-8)
    assert tests["zone"].freedom == 2
    assert tests["zone"].p_value == pytest.approx(stats.chi2.sf(statistic, 2))
    assert set(tests) == {"zone", "use", "age"}
    # For nested Poisson fits the statistic is also the difference of the deviances.
    assert tests["zone"].statistic == pytest.approx(
        without.regression.deviance - model.regression.deviance, abs=1e-6
    )


def test_the_interval_of_the_power_holds_the_truth():
    table, exposure, mean, rng = portfolio(2500, 73)
    number = rng.poisson(mean)
    losses = np.where(number > 0, rng.gamma(np.maximum(number, 1) * 1.0, 500.0), 0.0)
    # gamma shape 1 = (2 - p) / (p - 1): p = 1.5; a covariate of the number moves the dispersion, not the power
    model = fit_rating_model(losses, table[["zone"]], family="tweedie", exposure=exposure)
    within = model.power_interval(0.9999)
    assert within.low < 1.5 < within.high
    with pytest.raises(ArgumentError, match=r"power = 1\.5 as given"):
        fit_rating_model(losses, table[["zone"]], family="tweedie", power=1.5).power_interval()


def test_the_table_makes_a_data_frame():
    model = fit_rating_model(CLAIMS, {"zone": ZONE}, exposure=EXPOSURE)
    frame = pd.DataFrame(model.relativities())
    assert list(frame.columns) == [
        "term",
        "level",
        "relativity",
        "standard_error",
        "low",
        "high",
        "exposure",
        "base",
    ]
    assert len(frame) == 4


def test_the_fit_leaves_its_arguments_alone():
    table, exposure, mean, rng = portfolio(200)
    claims = rng.poisson(mean)
    before = table.copy(), exposure.copy(), claims.copy()
    fit_rating_model(claims, table, exposure=exposure).term_tests()
    pd.testing.assert_frame_equal(table, before[0])
    assert np.array_equal(exposure, before[1])
    assert np.array_equal(claims, before[2])


def test_predictions_need_known_levels_and_columns():
    model = fit_rating_model(CLAIMS, {"zone": ZONE}, exposure=EXPOSURE)
    with pytest.raises(
        ArgumentError, match=r"zone\[1\] = D\n  This level was not in the fit. Known: A, B, C."
    ):
        model.predict({"zone": ["A", "D"]})
    with pytest.raises(ArgumentError, match="A column `zone` is needed"):
        model.predict({"area": ["A"]})
    with pytest.raises(ArgumentError, match="exposure of length 1"):
        model.predict({"zone": ["A", "B"]}, exposure=[1.0])
    with pytest.raises(ArgumentError, match=r"groups of shape \(2,\)"):
        model.balance(["x", "y"])
    with pytest.raises(ArgumentError, match="Only a Tweedie model"):
        model.power_interval()


def test_levels_without_claims_are_all_named_with_a_mend():
    with pytest.raises(FitError) as caught:
        fit_rating_model([3, 0, 0, 0], {"zone": ["A", "B", "B", "C"]}, exposure=[1.0, 2.0, 0.5, 4.0])
    text = str(caught.value)
    assert "zone: level B (2 rows, exposure 2.5) has no claim" in text
    assert "zone: level C (1 rows, exposure 4) has no claim" in text
    assert "Its relativity would be 0: join it to another level." in text


def test_gamma_zeros_are_refused_with_a_way_out():
    with pytest.raises(
        ArgumentError, match=r"response\[1\] = 0 \(2 in all\)\n  Gamma amounts are > 0.*`tweedie`"
    ):
        fit_rating_model([1.0, 0.0, 0.0], {"zone": ["A", "B", "C"]}, family="gamma")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"response": [1, 2, -1, 4, 5, 6]}, r"response\[2\] = -1\n  It must be >= 0"),
        ({"response": [1, 2, np.nan, 4, 5, 6]}, r"response\[2\] = nan"),
        ({"response": [0] * 6}, "all 6 responses are 0"),
        ({"exposure": [1, 1, 0, 1, 1, 1]}, r"exposure\[2\] = 0\n  It must be > 0"),
        ({"exposure": [1, 1]}, "exposure of length 2"),
        ({"weights": [1, 1, -1, 1, 1, 1]}, r"weights\[2\] = -1"),
        ({"family": "normal"}, "Known: poisson, negative_binomial, gamma, tweedie"),
        ({"exposure_enters": "weights"}, "Known: offset, weight"),
        ({"family": "negative_binomial", "exposure_enters": "weight"}, "takes `offset` only"),
        ({"power": 1.5}, "Only `tweedie` takes one"),
        ({"family": "tweedie", "power": 2.0}, "It must be > 1 and < 2"),
    ],
)
def test_bad_arguments_are_refused(change, message):
    given = {"response": CLAIMS, "table": {"zone": ZONE}} | change
    with pytest.raises((ArgumentError, FitError), match=message):
        fit_rating_model(given.pop("response"), given.pop("table"), **given)


def test_faults_of_several_arguments_come_at_once():
    with pytest.raises(ArgumentError) as caught:
        fit_rating_model(CLAIMS, {"zone": ZONE}, exposure=[0.0] * 6, weights=[1.0])
    assert {fault.where for fault in caught.value.faults} == {"exposure", "weights"}
