# SPDX-License-Identifier: Apache-2.0
"""A scenario built in Python dumps to YAML and loads back equal."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from greenrisk.core.marked_yaml import read_yaml
from greenrisk.resource.forest import (
    ForestScenario,
    KnowledgeSpec,
    ReferenceSpec,
    TermsSpec,
)
from greenrisk.resource.indemnity import DeductibleRule
from greenrisk.resource.peril_specs import WildfireSpec
from greenrisk.resource.reinsurance import QuotaShareSpec, ReinsuranceSpec, StopLossSpec
from greenrisk.resource.subsidy_rules import SubsidiesSpec, SubsidyRule
from greenrisk.scenario.load import load
from greenrisk.scenario.schema import SCHEMA_LINE, Scenario


def numbers(low: float, high: float, *, open_low: bool = False, open_high: bool = False) -> Any:
    return st.floats(
        low, high, exclude_min=open_low, exclude_max=open_high, allow_nan=False, allow_infinity=False
    )


positive = numbers(0, 1e12, open_low=True)
shares = numbers(0, 1)
# YAML cannot hold lone surrogates; everything else, newlines and control characters too, must survive.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
tail_shapes = numbers(0.05, 2)
names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)

deductibles = st.one_of(
    st.builds(
        DeductibleRule,
        kind=st.just("relative"),
        trigger=numbers(0, 0.4),
        full_loss=numbers(0.5, 1),
        share=numbers(0, 0.99),
        cap=numbers(0, 1, open_low=True),
    ),
    st.builds(
        DeductibleRule,
        kind=st.just("area"),
        trigger=numbers(0, 0.4),
        full_loss=numbers(0.5, 1),
        share=numbers(0, 0.99),
        absolute_mu=numbers(0, 1e6),
        combine=st.sampled_from(["min", "max"]),
        rescue_cost=st.booleans(),
    ),
    st.builds(DeductibleRule, kind=st.just("franchise"), trigger=numbers(0, 0.4), full_loss=numbers(0.5, 1)),
    st.just(DeductibleRule(kind="none")),
)


@st.composite
def rules(draw: st.DrawFn, forest_type: str) -> SubsidyRule:
    cuts = sorted(draw(st.lists(shares, min_size=3, max_size=3)))
    parts = [cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1], 1 - cuts[2]]
    assert math.isclose(math.fsum(parts), 1)
    return SubsidyRule(
        forest_type=forest_type,
        from_year=draw(st.integers(2000, 2100)),
        central=parts[0],
        province=parts[1],
        county=parts[2],
        owner=parts[3],
        source=draw(texts),
    )


scenarios = st.builds(
    ForestScenario,
    kind=st.just("forest"),
    name=names,
    title=texts,
    underwriting_year=st.integers(2000, 2100),
    price_year=st.integers(2000, 2100),
    years=st.integers(1, 10**9),
    seed=st.integers(0, 2**63),
    book=texts,
    landscape=texts,
    perils=st.tuples(
        st.builds(
            WildfireSpec,
            kind=st.just("wildfire"),
            occurrence=texts,
            size=texts,
            tail=texts,
            damage=texts,
            local=texts,
            cap_ha=st.none() | numbers(100, 1e7),
        )
    ),
    terms=st.builds(
        TermsSpec,
        deductible=deductibles,
        event_limit_cny=st.none() | positive,
        annual_limit_cny=st.none() | positive,
    ),
    reinsurance=st.builds(
        ReinsuranceSpec,
        covers=st.lists(
            st.builds(
                QuotaShareSpec,
                kind=st.just("quota_share"),
                share=numbers(0, 1, open_low=True, open_high=True),
            )
            | st.builds(StopLossSpec, kind=st.just("stop_loss"), attachment=positive, limit=positive),
            max_size=3,
            unique_by=lambda cover: cover.kind,
        ).map(lambda covers: tuple(sorted(covers, key=lambda cover: cover.kind))),
    ),
    loadings=texts,
    subsidy=st.builds(
        SubsidiesSpec, rules=st.tuples(rules("public_benefit"), rules("commercial")), region=st.none() | texts
    ),
    knowledge=st.builds(
        KnowledgeSpec,
        draws=st.integers(20, 5000),
        years=st.integers(1000, 10**7),
        shapes=st.lists(tail_shapes, min_size=1, max_size=4).map(tuple),
        caps_ha=st.lists(st.none() | numbers(100, 1e7), min_size=1, max_size=4).map(tuple),
    ),
    reference=st.none()
    | st.builds(ReferenceSpec, province=texts, fires=texts, earlier=texts, products=texts),
)


@given(scenarios)
@example(load("forest-jingdezhen").spec.model_copy(update={"title": "\x85", "book": "a\u2028b\u2029"}))
@settings(max_examples=150, deadline=None)
def test_a_scenario_built_in_python_dumps_and_loads_back_equal(spec: ForestScenario) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        text = Scenario(spec).dump(path)
        loaded = load(path)
        assert loaded.spec == spec
        assert loaded.dump() == text == path.read_text(encoding="utf-8")
        assert loaded.sha256 == Scenario(spec).sha256


@given(
    st.recursive(
        texts | st.integers() | st.booleans() | st.none() | numbers(-1e300, 1e300), st.lists, max_leaves=8
    )
)
@settings(max_examples=150, deadline=None)
def test_any_plain_value_survives_an_override(value: Any) -> None:
    from greenrisk.core.marked_yaml import MarkedYaml
    from greenrisk.scenario.overrides import Override, apply

    marked = apply(MarkedYaml({"a": {}}, Path("f.yaml")), [Override("--set", "a.b", value)])
    assert marked.data == {"a": {"b": value}}


def test_the_dump_writes_every_default_and_the_line_for_editors(tmp_path: Path) -> None:
    scenario = load("forest-jingdezhen")
    text = scenario.dump(tmp_path / "full.yaml")
    assert text.startswith(SCHEMA_LINE)
    written = read_yaml(tmp_path / "full.yaml").data
    assert set(written) == set(ForestScenario.model_fields)
    assert list(written) == list(ForestScenario.model_fields)


def test_the_identity_of_a_scenario_is_that_of_its_values_not_of_its_layout(tmp_path: Path) -> None:
    scenario = load("forest-jingdezhen")
    (tmp_path / "other.yaml").write_text(
        "# another comment\n" + scenario.dump().replace("kind: forest\n", "kind:    'forest'\n", 1),
        encoding="utf-8",
    )
    assert load(tmp_path / "other.yaml").sha256 == scenario.sha256
    assert load(tmp_path / "other.yaml", ["seed=7"]).sha256 != scenario.sha256
