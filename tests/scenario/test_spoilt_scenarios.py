# SPDX-License-Identifier: Apache-2.0
"""Whatever a user writes, loading ends in a scenario or in one typed error whose faults name their place."""

from __future__ import annotations

import copy
import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.core.errors import ScenarioError
from greenrisk.core.library import find
from greenrisk.core.marked_yaml import KeyPath, read_yaml
from greenrisk.scenario.load import load
from greenrisk.scenario.schema import Scenario

SHIPPED = find("scenarios", "forest-jingdezhen")
assert SHIPPED is not None
DATA: dict[str, Any] = read_yaml(SHIPPED).data


def places(data: Any, path: KeyPath = ()) -> list[KeyPath]:
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, value in below for place in places(value, (*path, key)))]


def loaded_or_error(file: Path) -> Scenario | ScenarioError:
    try:
        return load(file)
    except ScenarioError as error:
        return error


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "forest", "wildfire", "area", "1", "true", "../x", "x\ny"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "share", "preset", "name", "0", "yeers"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)


@given(
    st.lists(
        st.tuples(st.sampled_from([p for p in places(DATA) if p]), st.sampled_from("srd"), junk), max_size=4
    )
)
@settings(max_examples=200, deadline=None)
def test_a_spoilt_scenario_gives_typed_faults_at_places_of_the_file(
    slips: list[tuple[KeyPath, str, Any]],
) -> None:
    data = copy.deepcopy(DATA)
    for path, what, value in slips:
        here: Any = data
        try:
            for key in path[:-1]:
                here = here[key]
            if what == "s":
                here[path[-1]] = value
            elif what == "d":
                del here[path[-1]]
            else:
                here[f"{path[-1]}x"] = here.pop(path[-1])
        except (KeyError, IndexError, TypeError, AttributeError):
            continue
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "spoilt.yaml"
        # JSON is YAML, and a second writer of it.
        file.write_text(json.dumps(data, indent=1), encoding="utf-8")
        outcome = loaded_or_error(file)
    if isinstance(outcome, ScenarioError):
        assert {fault.where.split(".yaml:")[0] for fault in outcome.faults} == {str(file)[: -len(".yaml")]}
        assert len({(fault.where, fault.what) for fault in outcome.faults}) == len(outcome.faults)
        assert all(fault.expected.endswith((".", ")", "?")) for fault in outcome.faults)
    else:
        assert isinstance(outcome, Scenario)
