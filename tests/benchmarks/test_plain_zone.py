# SPDX-License-Identifier: Apache-2.0
"""The plain zone of the benchmark is the same model: equal in distribution to greenrisk, and to the closed forms."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import zone
from plain_zone import count_then_scatter, per_plant_and_year, simulate
from readme_tables import README
from zone_pair import plain_zone, zone_laws, zone_terms

from greenrisk.pollution.liability.events import simulate_block
from greenrisk.pollution.liability.expected import expected_losses, shock_variance
from greenrisk.pollution.liability.terms import apply_terms
from greenrisk.pollution.liability.zone_year import part

PLANTS, BLOCKS, FACTOR = 60, 40, 20.0


@pytest.fixture(scope="module")
def laws():
    return zone_laws(PLANTS, FACTOR)


@pytest.fixture(scope="module")
def ours(laws):
    terms, blocks = zone_terms(PLANTS), []
    for k in range(BLOCKS):
        found = simulate_block(laws, 23, "main", k)
        dataset = part(found, apply_terms(found, terms), PLANTS, laws.heads.cap)
        blocks.append({name: dataset[name].values for name in dataset})
    return blocks


def _plain(laws, find):
    plain, rng = plain_zone(laws, zone_terms(PLANTS)), np.random.default_rng(29)
    return [simulate(plain, rng, 1000, find) for _ in range(BLOCKS)]


@pytest.mark.parametrize("find", [per_plant_and_year, count_then_scatter])
def test_the_plain_zone_is_equal_in_distribution(laws, ours, find):
    theirs = _plain(laws, find)

    def agree(of, what):
        x, y = (np.concatenate([np.atleast_1d(of(block)) for block in blocks]) for blocks in (ours, theirs))
        error = np.sqrt(x.var() / x.size + y.var() / y.size)
        assert abs(x.mean() - y.mean()) < 4 * error, what

    for cause in range(3):
        agree(lambda t, c=cause: t["accident_count"][:, c].astype(float), f"accidents of cause {cause}")
    agree(lambda t: (t["accident_count"].sum(axis=1) > 25).astype(float), "years with many accidents")
    for layer in range(3):
        for table in ("loss", "worst_event"):
            agree(lambda t, i=layer, n=table: t[n][:, i], f"{table} of layer {layer}")
            for bound in (1e4, 1e5, 1e6):
                agree(
                    lambda t, i=layer, n=table, b=bound: (t[n][:, i] > b).astype(float),
                    f"{table} of layer {layer} above {bound:g}",
                )
    # Sums of a block: forty blocks a side.
    for reason in range(9):
        agree(lambda t, r=reason: t["head_reason"][:, r].sum(), f"reason {reason}")
    for moment in (0, 1, 2):
        agree(lambda t, m=moment: t["head_sum"][:, m].sum(), f"heads, moment {moment}")
    for moment in range(8):
        agree(lambda t, m=moment: t["plant_sum"][:10, m].sum(), f"ten plants, moment {moment}")


def test_the_plain_zone_has_the_mean_and_the_variance_of_the_closed_forms(laws):
    blocks = _plain(laws, per_plant_and_year)
    loss = np.concatenate([block["loss"][:, 0] for block in blocks])
    count = np.concatenate([block["accident_count"].sum(axis=1) for block in blocks]).astype(float)
    assert abs(loss.mean() - expected_losses(laws).sum()) < 4 * loss.std() / np.sqrt(loss.size)
    expected = (laws.own + laws.transport).sum() + shock_variance(laws)
    spread = np.sqrt((((count - count.mean()) ** 4).mean() - count.var() ** 2) / count.size)
    assert abs(count.var() - expected) < 4 * spread


def test_the_plain_zones_books_close(laws):
    block = _plain(laws, per_plant_and_year)[0]
    ground_up, insured, uninsured = block["loss"].sum(axis=0)
    assert insured + uninsured == pytest.approx(ground_up, rel=1e-12)
    assert block["head_reason"].sum() == pytest.approx(uninsured, rel=1e-9)
    assert block["head_sum"][:, 1].sum() == pytest.approx(ground_up, rel=1e-12)


def test_every_table_of_the_script_has_its_marks_and_a_row_for_every_code(monkeypatch):
    monkeypatch.setattr(zone, "TURNS", 1)
    text = README.read_text(encoding="utf-8")
    for name in ("zone-machine", "zone-speed", "zone-sameness", "zone-memory"):
        assert text.count(f"<!-- {name} -->\n") == text.count(f"<!-- /{name} -->\n") == 1
    speed, sameness = zone.speed(1), zone.sameness(2)
    assert [row.split("|")[2].strip() for row in speed[2:]] == 2 * [
        "plain numpy, a number for each plant and year",
        "plain numpy, one number, scattered",
        "greenrisk",
    ]
    assert {row.count("|") for row in speed} == {9}
    assert [row.split("|")[8].strip() for row in (speed[3], speed[6])] == ["1.0", "1.0"]
    assert {row.count("|") for row in sameness} == {6}
