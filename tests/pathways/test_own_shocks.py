# SPDX-License-Identifier: Apache-2.0
"""A user's own shocks: shapes, sizes, order, domains, and what is refused at the door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from greenrisk.core.errors import ScenarioError
from greenrisk.core.explain import validate
from greenrisk.core.marked_yaml import parse_yaml
from greenrisk.pathways.errors import ShockError
from greenrisk.pathways.pathway_spec import PathwaySpec
from greenrisk.pathways.shocks import apply_shocks, share_of, shocked
from greenrisk.pathways.shocks_spec import ShockSpec

YEARS = np.arange(2025, 2031)
FLAT = np.full((1, 1, 6), 100.0)


def shock(**keys: Any) -> ShockSpec:
    made: ShockSpec = TypeAdapter(ShockSpec).validate_python(
        {"quantity": "carbon_price", "value": "change", "size": 1.0} | keys
    )
    return made


@pytest.mark.parametrize(
    ("keys", "share"),
    [
        ({"kind": "step", "start": 2027}, [0, 0, 1, 1, 1, 1]),
        ({"kind": "step", "start": 2027, "until": 2028}, [0, 0, 1, 1, 0, 0]),
        ({"kind": "ramp", "start": 2025, "year": 2029}, [0, 0.25, 0.5, 0.75, 1, 1]),
        ({"kind": "ramp", "start": 2025, "year": 2029, "hold": False}, [0, 0.25, 0.5, 0.75, 1, 0]),
        ({"kind": "sudden_late", "start": 2028, "year": 2029}, [0, 0, 0, 0.5, 1, 1]),
        ({"kind": "sudden_late", "start": 2028, "year": 2028, "hold": False}, [0, 0, 0, 1, 0, 0]),
    ],
)
def test_a_shape_over_the_years(keys: dict[str, Any], share: list[float]) -> None:
    assert share_of(shock(**keys), YEARS).tolist() == share


@pytest.mark.parametrize(
    ("value", "size", "expected"),
    [
        ("absolute", 300.0, [100, 200, 300]),
        ("factor", 3.0, [100, 200, 300]),
        ("change", -50.0, [100, 75, 50]),
    ],
)
def test_a_size_is_the_value_itself_a_multiple_or_an_addition(
    value: str, size: float, expected: list[float]
) -> None:
    one = shock(kind="ramp", start=2025, year=2027, value=value, size=size)
    assert shocked(np.full(3, 100.0), YEARS[:3], one).tolist() == expected


def test_a_late_policy_stands_still_first_and_then_catches_up() -> None:
    rising = 10.0 * np.arange(6)
    frozen = shock(kind="sudden_late", start=2028, year=2029, value="absolute", size=100.0)
    assert shocked(rising, YEARS, frozen).tolist() == [0, 0, 0, 65, 100, 100]  # 30 + (100 - 30) / 2 in 2028
    thawed = shock(kind="sudden_late", start=2028, year=2029, value="absolute", size=100.0, freeze=False)
    assert shocked(rising, YEARS, thawed).tolist() == [0, 10, 20, 65, 100, 100]


def test_shocks_compose_in_the_order_told() -> None:
    double = shock(kind="step", start=2025, value="factor", size=2.0)
    plus = shock(kind="step", start=2025, value="change", size=10.0)
    assert apply_shocks("carbon_price", FLAT, YEARS, [double, plus])[0, 0, 0] == 210.0
    assert apply_shocks("carbon_price", FLAT, YEARS, [plus, double])[0, 0, 0] == 220.0


def test_shocks_of_other_drivers_are_passed_over() -> None:
    other = shock(kind="step", start=2025, quantity="tax_multiple", value="absolute", size=10.0)
    assert apply_shocks("carbon_price", FLAT, YEARS, [other]).tolist() == FLAT.tolist()


def test_a_shock_hits_the_countries_and_sectors_that_it_names() -> None:
    one = shock(kind="step", start=2025, size=5.0, countries=["CN"], sectors=["Power", "Cement"])
    path = apply_shocks("carbon_price", FLAT, YEARS, [one], ("CN", "US"), ("Power", "Cement", "Water"))
    assert path[..., 0].tolist() == [[105.0, 105.0, 100.0], [100.0, 100.0, 100.0]]


def test_places_that_no_issuer_is_in_and_values_out_of_the_domain_are_told_at_once() -> None:
    days = {"kind": "step", "start": 2027, "quantity": "shutdown_days", "value": "change"}
    shocks = [shock(**days, size=200.0), shock(**days, size=200.0), shock(**days, size=1.0, sectors=["Powr"])]
    with pytest.raises(ShockError) as raised:
        apply_shocks("shutdown_days", np.zeros((1, 1, 6)), YEARS, shocks, ("CN",), ("Power",))
    told = [str(fault) for fault in raised.value.faults]
    assert told[0].startswith("shocks[1]  shutdown_days = 400 in 2027\n")
    assert "in 0 to 365" in told[0]
    assert "shocks[2]  sector = Powr\n  No issuer is in this sector. There are: `Power`." in told


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"kind": "ramp", "start": 2030, "year": 2030}, "a shock at once is a `step`"),
        ({"kind": "sudden_late", "start": 2030, "year": 2029}, "must not lie before `start`"),
        ({"kind": "step", "start": 2030, "until": 2029}, "must not lie before `start`"),
        ({"kind": "step", "start": 2030, "value": "factor", "size": -1.0}, "A factor must be >= 0"),
        (
            {"kind": "step", "start": 2030, "value": "factor", "quantity": "shutdown_days"},
            "a factor of 0 is 0",
        ),
    ],
)
def test_a_shock_that_makes_no_sense_is_refused(keys: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        shock(**keys)


def test_a_slip_in_yaml_is_told_at_its_place() -> None:
    text = """\
name: late
shocks:
  - {kind: sudden_late, quantity: carbon_price, value: absolute, size: 800, start: 2030, year: 2033, hould: true}
  - {kind: slope, quantity: demand, value: factor, size: 0.8, start: 2030}
"""
    with pytest.raises(ScenarioError) as raised:
        validate(PathwaySpec, parse_yaml(text, Path("s.yaml"), ScenarioError), ScenarioError)
    told = str(raised.value)
    assert "s.yaml:3:" in told
    assert "Unknown key for a sudden_late. Did you mean `hold`?" in told
    assert "s.yaml:4:" in told
    assert "Known kinds: `step`, `ramp`, `sudden_late`." in told


@settings(deadline=None)
@given(
    start=st.integers(2020, 2040),
    length=st.integers(1, 20),
    size=st.floats(-1e3, 1e3),
    kind=st.sampled_from(["ramp", "sudden_late"]),
)
def test_an_absolute_shock_lies_between_what_would_be_and_its_size(
    start: int, length: int, size: float, kind: str
) -> None:
    one = shock(kind=kind, start=start, year=start + length, value="absolute", size=size)
    path = shocked(np.full(50, 7.0), np.arange(2015, 2065), one)
    low, high = min(7.0, size), max(7.0, size)
    assert ((path >= low - 1e-9) & (path <= high + 1e-9)).all()
    assert path[start + length - 2015] == pytest.approx(size, abs=1e-9)
