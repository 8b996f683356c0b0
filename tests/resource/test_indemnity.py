# SPDX-License-Identifier: Apache-2.0
import csv
import inspect
import json
import re
from io import StringIO
from pathlib import Path

import jsonschema
import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from ruamel.yaml import YAML

from greenrisk.core.errors import ArgumentError, ScenarioError
from greenrisk.core.explain import validate
from greenrisk.core.marked_yaml import read_yaml
from greenrisk.core.units import MU_PER_HA
from greenrisk.resource.indemnity import (
    PRESET_SOURCES,
    PRESETS,
    DeductibleRule,
    paid_share,
    paid_share_of_one,
    payment,
)

ROOT = Path(__file__).parents[2]


def rule(**parts):
    return DeductibleRule.model_validate(parts)


AS_CODED = rule(preset="policy_forest", combine="min")
USUAL = rule(preset="policy_forest", combine="min", share=0.10)
LARGER_OF = rule(preset="policy_forest", combine="max", share=0.10)


def paid(rule_, degree, area_mu, sum_insured_per_mu=800.0):
    return float(payment(rule_, sum_insured_per_mu, degree, area_mu))


# --- worked numbers


def test_as_coded_deducts_fifteen_per_cent_below_100_mu():
    # 800 CNY/mu, half lost on 50 mu: 800 * 0.5 * 50 * (1 - 0.15)
    assert paid(AS_CODED, 0.5, 50) == pytest.approx(17_000, rel=1e-12)


def test_as_coded_deducts_ten_mu_from_100_mu_on():
    # 800 * 0.5 * (150 - 10)
    assert paid(AS_CODED, 0.5, 150) == pytest.approx(56_000, rel=1e-12)


def test_as_coded_payment_jumps_at_100_mu_because_the_branch_test_uses_ten_per_cent():
    # Just below: 800 * 0.5 * 100 * 0.85 = 34,000; at 100 mu: 800 * 0.5 * (100 - 10) = 36,000.
    assert paid(AS_CODED, 0.5, 100 - 1e-9) == pytest.approx(34_000, rel=1e-10)
    assert paid(AS_CODED, 0.5, 100) == pytest.approx(36_000, rel=1e-12)


def test_with_ten_per_cent_the_two_branches_meet_at_100_mu():
    assert paid(USUAL, 0.5, 100 - 1e-9) == pytest.approx(36_000, rel=1e-10)
    assert paid(USUAL, 0.5, 100) == pytest.approx(36_000, rel=1e-12)


def test_larger_of_deducts_ten_mu_below_100_mu_and_ten_per_cent_above():
    # 800 * 0.5 * (50 - 10); 800 * 0.5 * 150 * 0.9
    assert paid(LARGER_OF, 0.5, 50) == pytest.approx(16_000, rel=1e-12)
    assert paid(LARGER_OF, 0.5, 150) == pytest.approx(54_000, rel=1e-12)


def test_larger_of_pays_nothing_for_an_area_within_the_absolute_deductible():
    assert paid(LARGER_OF, 0.5, 10) == 0
    assert paid(LARGER_OF, 0.5, 3) == 0


def test_larger_of_compares_what_it_deducts_and_has_no_jump():
    # 15 % of a against 10 mu: they meet at 66.67 mu, not at 100.
    larger = rule(preset="policy_forest", combine="max")
    assert paid(larger, 0.5, 80) == pytest.approx(800 * 0.5 * 80 * 0.85, rel=1e-12)
    assert paid(larger, 0.5, 60) == pytest.approx(800 * 0.5 * (60 - 10), rel=1e-12)


def test_policy_forest_pays_nothing_below_ten_per_cent_and_everything_from_ninety():
    assert paid(USUAL, 0.0999, 50) == 0
    assert paid(USUAL, 0.10, 50) == pytest.approx(800 * 0.1 * 45, rel=1e-12)
    assert paid(USUAL, 0.8999, 50) == pytest.approx(800 * 0.8999 * 45, rel=1e-12)
    assert paid(USUAL, 0.90, 50) == 40_000


def test_crop_deducts_a_loss_degree_from_thirty_per_cent_on():
    crop = rule(preset="crop", share=0.1)
    assert paid(crop, 0.29, 50) == 0
    assert paid(crop, 0.5, 50) == pytest.approx(800 * 50 * 0.4, rel=1e-12)
    assert paid(crop, 0.8, 50) == 40_000


def test_commercial_fire_deducts_twenty_points_of_loss_degree():
    commercial = rule(preset="commercial_fire")
    assert paid(commercial, 0.2, 50) == 0
    assert paid(commercial, 0.5, 50) == pytest.approx(800 * 50 * 0.3, rel=1e-12)
    assert paid(commercial, 0.9, 50) == 40_000


def test_old_trees_pay_the_whole_loss_from_twenty_per_cent_on_and_the_cost_of_rescue():
    # A tree as one unit of 50,000 CNY (Zhongshan 2023).
    trees = rule(preset="old_trees")
    assert float(payment(trees, 50_000, 0.19, 1, rescue_cost=3_000)) == 0
    assert float(payment(trees, 50_000, 0.20, 1, rescue_cost=3_000)) == pytest.approx(13_000, rel=1e-12)
    assert float(payment(trees, 50_000, 1.00, 1, rescue_cost=3_000)) == 53_000


def test_a_rule_without_rescue_cover_does_not_pay_for_rescue():
    assert float(payment(USUAL, 800, 1.0, 50, rescue_cost=3_000)) == 40_000


def test_preset_none_pays_every_loss():
    assert paid(rule(preset="none"), 0.01, 50) == pytest.approx(400, rel=1e-12)


def test_cap_bounds_even_a_full_loss():
    # 70 % of 800 * 50; a loss degree of 0.75 less 10 % of the area pays 0.675 and stays below the cap.
    capped = rule(preset="policy_forest", combine="min", share=0.1, cap=0.7)
    assert paid(capped, 1.0, 50) == pytest.approx(28_000, rel=1e-12)
    assert paid(capped, 0.75, 50) == pytest.approx(27_000, rel=1e-12)


def test_only_one_of_the_two_deductions_may_be_given():
    only_share = rule(kind="area", share=0.1)
    only_area = rule(kind="area", absolute_mu=10)
    assert paid(only_share, 0.5, 50) == pytest.approx(800 * 0.5 * 45, rel=1e-12)
    assert paid(only_area, 0.5, 50) == pytest.approx(800 * 0.5 * 40, rel=1e-12)
    assert paid(only_area, 0.5, 8) == 0


def test_all_presets_agree_with_the_rules_transcribed_line_by_line():
    """The table is made by tests/reference/make_deductible_rules.py in exact fractions, without greenrisk."""
    rows = list(csv.DictReader((ROOT / "tests/reference/deductible_rules.csv").open(encoding="utf-8")))
    assert len(rows) == 8 * 18 * 15
    for row in rows:
        parts = {"preset": row["preset"]}
        parts |= {"combine": row["combine"]} if row["combine"] else {}
        parts |= {"share": float(row["share"])} if row["share"] else {}
        value = paid(
            rule(**parts),
            float(row["degree"]),
            float(row["area_mu"]),
            float(row["sum_insured_cny_per_mu"]),
        )
        assert value == pytest.approx(float(row["payment_cny"]), rel=1e-12, abs=1e-9), row


# --- mu and hectares


def test_areas_are_mu_by_name_in_every_signature():
    for function in (paid_share, paid_share_of_one, payment):
        areas = [name for name in inspect.signature(function).parameters if "area" in name]
        assert areas == ["area_mu"]
    assert "absolute_mu" in DeductibleRule.model_fields


def test_ten_hectares_are_judged_as_150_mu_not_as_ten():
    # 150 mu lie beyond the branch at 100 mu; 10 would be the absolute deductible itself.
    area_mu = 10 * MU_PER_HA
    assert paid(AS_CODED, 0.5, area_mu) == pytest.approx(800 * 0.5 * (150 - 10), rel=1e-12)
    assert paid(LARGER_OF, 0.5, area_mu) == pytest.approx(800 * 0.5 * 150 * 0.9, rel=1e-12)


def test_the_jump_lies_at_100_mu_which_are_six_and_two_thirds_hectares():
    just_below, at = 6.666 * MU_PER_HA, 6.667 * MU_PER_HA
    assert float(paid_share(AS_CODED, 0.5, just_below)) == pytest.approx(0.5 * 0.85, rel=1e-12)
    assert float(paid_share(AS_CODED, 0.5, at)) == pytest.approx(0.5 * (1 - 10 / at), rel=1e-12)


# --- properties

degrees = st.floats(0, 1)
areas = st.floats(0, 1e6)
fractions = st.floats(0, 0.99)


@st.composite
def rules(draw):
    trigger = draw(st.floats(0, 0.8))
    parts = {
        "trigger": trigger,
        "full_loss": draw(st.floats(trigger + 0.01, 1.0)),
        "cap": draw(st.floats(0.1, 1)),
        "rescue_cost": draw(st.booleans()),
    }
    kind = draw(st.sampled_from(["area", "area_share", "area_mu", "relative", "franchise", "none"]))
    if kind == "area":
        combine = draw(st.sampled_from(["min", "max"]))
        parts |= {"share": draw(fractions), "absolute_mu": draw(st.floats(0, 100)), "combine": combine}
        if combine == "min":
            parts["branch_share"] = draw(st.none() | fractions)
    elif kind == "area_share":
        parts["share"] = draw(fractions)
    elif kind == "area_mu":
        parts["absolute_mu"] = draw(st.floats(0, 100))
    elif kind == "relative":
        parts["share"] = draw(fractions)
    elif kind == "none":
        parts |= {"trigger": 0.0, "full_loss": 1.0}
    return rule(kind=kind.split("_")[0], **parts)


@given(rules(), degrees, areas)
def test_a_rule_never_pays_more_than_the_cap_of_the_sum_insured_of_the_area(any_rule, degree, area_mu):
    share = float(paid_share(any_rule, degree, area_mu))
    assert 0 <= share <= any_rule.cap <= 1
    assert float(payment(any_rule, 800, degree, area_mu)) <= 800 * area_mu


@given(rules(), degrees, degrees, areas)
def test_the_payment_never_falls_when_the_loss_degree_rises(any_rule, first, second, area_mu):
    low, high = sorted((first, second))
    assert float(paid_share(any_rule, low, area_mu)) <= float(paid_share(any_rule, high, area_mu))


@given(rules(), degrees, areas, areas)
def test_the_payment_never_falls_when_the_area_grows_save_behind_a_branch_above_the_share(
    any_rule, degree, first, second
):
    if any_rule.branch_share is not None and any_rule.branch_share > (any_rule.share or 0):
        return
    small, large = sorted((first, second))
    assert paid(any_rule, degree, small) <= paid(any_rule, degree, large) * (1 + 1e-12) + 1e-9


def test_a_branch_above_the_share_makes_the_payment_fall_at_the_branch():
    # Branch at 10 mu / 10 % = 100 mu; below it 5 % are deducted (95 mu left), from it on 10 mu (90 left).
    odd = rule(preset="policy_forest", combine="min", share=0.05)
    assert paid(odd, 0.5, 99.9) > paid(odd, 0.5, 100)


def test_the_owner_keeps_nothing_and_gains_beyond_the_loss_at_the_step_of_ninety_per_cent():
    """The step of the rule: at a loss degree of 0.9 the payment (40,000) exceeds the loss (36,000)."""
    assert paid(USUAL, 0.9, 50) == 40_000 > 800 * 0.9 * 50


@given(rules(), degrees, areas)
def test_below_full_loss_the_payment_is_at_most_the_loss(any_rule, degree, area_mu):
    if degree < any_rule.full_loss:
        assert float(paid_share(any_rule, degree, area_mu)) <= degree


@given(degrees, areas, fractions)
def test_larger_of_never_pays_more_than_smaller_of(degree, area_mu, share):
    parts = {"kind": "area", "trigger": 0.1, "full_loss": 0.9, "share": share, "absolute_mu": 10}
    smaller, larger = (rule(combine=combine, **parts) for combine in ("min", "max"))
    assert paid(larger, degree, area_mu) <= paid(smaller, degree, area_mu)


@given(degrees, areas, areas, st.sampled_from(["min", "max"]))
def test_one_large_area_is_paid_no_less_than_its_two_parts(degree, first, second, combine):
    whole = rule(preset="policy_forest", combine=combine, share=0.1)
    parts = paid(whole, degree, first) + paid(whole, degree, second)
    assert parts <= paid(whole, degree, first + second) * (1 + 1e-9) + 1e-6


@given(rules(), st.floats(0.01, 1), degrees, areas)
def test_payments_scale_with_the_sum_insured(any_rule, factor, degree, area_mu):
    assert paid(any_rule, degree, area_mu, 800 * factor) == pytest.approx(
        factor * paid(any_rule, degree, area_mu), rel=1e-12
    )


@given(rules(), st.lists(st.tuples(degrees, areas), min_size=1, max_size=20))
def test_arrays_scalars_and_one_by_one_agree_to_the_bit(any_rule, hits):
    d, a = (np.array(values) for values in zip(*hits, strict=True))
    together = paid_share(any_rule, d, a)
    one_by_one = [paid_share_of_one(any_rule.numbers(), x, y) for x, y in hits]
    assert together.tolist() == one_by_one
    assert paid_share(any_rule, d[::-1], a[::-1]).tolist() == one_by_one[::-1]


def test_the_scalar_rule_compiles_and_gives_the_same_bits():
    compiled = numba.njit(paid_share_of_one)
    for each in (AS_CODED, USUAL, LARGER_OF, rule(preset="commercial_fire"), rule(preset="none")):
        for degree in (0.05, 0.1, 0.5, 0.9, 1.0):
            for area_mu in (0.0, 5.0, 99.9, 100.0, 1500.0):
                assert compiled(each.numbers(), degree, area_mu) == float(paid_share(each, degree, area_mu))


def test_shapes_broadcast_and_inputs_are_left_alone():
    degree, area_mu = np.array([0.05, 0.5, 0.95]), np.array([[50.0], [150.0]])
    before = degree.copy()
    share = paid_share(USUAL, degree, area_mu)
    assert share.shape == (2, 3)
    assert share.tolist() == [[0, 0.45, 1], [0, pytest.approx(0.5 * 140 / 150), 1]]
    share[:] = -1
    assert (degree == before).all()


def test_nan_is_not_paid_as_zero():
    assert np.isnan(paid_share(USUAL, [np.nan], [50.0])).all()


def test_payment_refuses_what_is_outside_its_domain_all_at_once():
    with pytest.raises(ArgumentError) as caught:
        payment(USUAL, [-800.0], [1.2], [np.nan])
    assert [fault.where for fault in caught.value.faults] == ["sum_insured_per_mu", "degree", "area_mu"]


# --- presets and YAML


def test_a_preset_is_expanded_and_further_keys_override_it():
    assert AS_CODED.model_dump() == {
        "kind": "area",
        "trigger": 0.10,
        "full_loss": 0.90,
        "share": 0.15,
        "absolute_mu": 10.0,
        "combine": "min",
        "branch_share": 0.10,
        "cap": 1.0,
        "rescue_cost": False,
    }
    assert USUAL.share == 0.10
    assert LARGER_OF.branch_share is None


@given(rules())
def test_a_rule_written_to_yaml_loads_back_equal(any_rule):
    text = StringIO()
    YAML().dump(any_rule.model_dump(), text)
    assert rule(**YAML(typ="safe").load(text.getvalue())) == any_rule


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_a_source_and_loads_back_equal(name):
    parts = {"preset": name}
    parts |= {"combine": "min"} if name == "policy_forest" else {}
    parts |= {"share": 0.1} if name == "crop" else {}
    expanded = rule(**parts)
    assert rule(**expanded.model_dump()) == expanded
    assert rule(**json.loads(expanded.model_dump_json())) == expanded
    assert PRESET_SOURCES[name]


def refused(**parts):
    with pytest.raises(ValidationError) as caught:
        rule(**parts)
    return [error["msg"].removeprefix("Value error, ") for error in caught.value.errors()]


def test_combine_is_never_guessed():
    assert refused(preset="policy_forest") == [
        "The rule deducts an area by share and in mu: say `combine: min` (the smaller counts) or "
        "`combine: max` (the larger, 以高者为准), as the policy's wording does; it is never guessed."
    ]


def test_an_unknown_preset_lists_the_presets():
    (message,) = refused(preset="polcy_forest", combine="min")
    assert message == "Input should be 'policy_forest', 'crop', 'commercial_fire', 'old_trees' or 'none'"


def test_an_unknown_preset_is_told_to_the_user_at_its_place(tmp_path):
    path = tmp_path / "rule.yaml"
    path.write_text("preset: polcy_forest\ncombine: min\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        validate(DeductibleRule, read_yaml(path, ScenarioError), ScenarioError)
    (fault,) = caught.value.faults
    assert fault.where.endswith("rule.yaml:1:1")
    assert "Did you mean `policy_forest`?" in fault.expected
    assert "`old_trees`" in fault.expected


def test_the_deducted_degree_of_a_crop_is_never_guessed():
    assert refused(preset="crop") == [
        "A `relative` rule needs `share`, the loss degree that is deducted; it is never guessed."
    ]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"kind": "area"}, "An `area` rule needs `share`, `absolute_mu` or both."),
        (
            {"kind": "area", "share": 0.1, "combine": "min"},
            "`combine` needs both `share` and `absolute_mu`.",
        ),
        (
            {"kind": "area", "share": 0.1, "absolute_mu": 10, "combine": "max", "branch_share": 0.1},
            "`branch_share` belongs to `combine: min`.",
        ),
        (
            {"kind": "relative", "share": 0.1, "absolute_mu": 10, "combine": "min"},
            "Only a rule of kind `area` has `absolute_mu`, `combine`.",
        ),
        ({"kind": "none", "share": 0.1}, "A rule of kind `none` deducts nothing: leave `share` out."),
        (
            {"kind": "none", "trigger": 0.1},
            "A rule of kind `none` has no `trigger` and no `full_loss`; use `franchise`.",
        ),
        (
            {"kind": "franchise", "trigger": 0.9, "full_loss": 0.8},
            "`trigger` (0.9) must be below `full_loss` (0.8).",
        ),
    ],
)
def test_parts_that_contradict_each_other_are_refused(parts, message):
    assert refused(**parts) == [message]


def test_the_json_schema_accepts_a_preset_or_a_kind_and_neither_alone():
    schema = DeductibleRule.model_json_schema()
    jsonschema.validate({"preset": "policy_forest", "combine": "min"}, schema)
    jsonschema.validate({"kind": "none"}, schema)
    for wrong in ({"combine": "min"}, {"preset": "polcy"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


# --- documentation


def test_the_python_of_the_how_to_runs_as_printed():
    text = (ROOT / "docs/how-to/deductible-rules.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert len(blocks) >= 3
    names: dict[str, object] = {}
    for block in blocks:
        exec(block, names)


def test_the_yaml_of_the_how_to_is_valid():
    text = (ROOT / "docs/how-to/deductible-rules.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    assert len(blocks) >= 2
    for block in blocks:
        rule(**YAML(typ="safe").load(block)["deductible"])
