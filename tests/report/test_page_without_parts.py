# SPDX-License-Identifier: Apache-2.0
"""Real runs that leave parts out: what is not asked for has no group and no section, and the rest stands."""

from __future__ import annotations

import re

import numpy as np
import pytest
from small_forest import small_forest

import greenrisk
from greenrisk.engine.result import RunResult

IDENTIFIERS = re.compile(r'<(?:section|h2|details)[^>]* id="([a-z0-9-]+)"')


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunResult, str]:
    """A run without reinsurance, without reference, alternatives and reserve, but with named events; and its page."""
    folder = tmp_path_factory.mktemp("bare")
    scenario = small_forest(
        folder,
        years=1000,
        reinsurance={"covers": []},
        reference=None,
        terms_alternatives=None,
        catastrophe_reserve=None,
    )
    result = greenrisk.run(str(scenario), out=folder / "run")
    return result, (folder / "run" / "report.html").read_text(encoding="utf-8")


def test_without_covers_there_is_no_group_of_reinsurance_and_everything_is_kept(
    bare: tuple[RunResult, str],
) -> None:
    tree, _ = bare[0].tree, bare[1]
    assert not {"reinsurance", "catastrophe_reserve", "terms_alternatives"} & set(tree.children)
    losses = tree["/losses"].to_dataset()["loss"]
    np.testing.assert_array_equal(losses.sel(layer="net"), losses.sel(layer="gross"))
    assert float(losses.sel(layer="ceded").sum()) == 0.0


def test_named_events_need_no_reference(bare: tuple[RunResult, str]) -> None:
    result, page = bare
    tree = result.tree
    assert set(tree["/checks"].children) == {"second_method"}
    events = tree["/named_events"].to_dataset()
    assert events.sizes["event"] == 3
    assert (events["net"] == events["gross"]).all()
    assert "An ice storm like that of early 2008" in page


def test_the_page_has_no_section_of_what_is_not_there(bare: tuple[RunResult, str]) -> None:
    _, page = bare
    found = set(IDENTIFIERS.findall(page))
    assert {"named-events", "claims", "data-quality", "premium-file"} <= found
    assert not {"reinsurance", "catastrophe-reserve", "terms", "experience"} & found
    assert (
        "nan" not in re.sub(r"<style.*?</style>|<script.*?</script>|<[^>]+>", " ", page, flags=re.S).split()
    )


def test_the_ledger_says_what_could_not_be_checked_without_a_reference(bare: tuple[RunResult, str]) -> None:
    ledger = bare[0].ledger
    assert any("band" in entry.detail or "band" in entry.subject for entry in ledger)
