# SPDX-License-Identifier: Apache-2.0
"""The declared link: its chances by R, by scipy and by the arc sine; what simulated years give."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm, spearmanr

from greenrisk.core.cards import read_card
from greenrisk.core.errors import ArgumentError
from greenrisk.core.library import find
from greenrisk.resource.basis_risk.declared import (
    INDEX_LINK,
    joint_chance,
    link_group,
    linked_uniforms,
    normal_correlation,
)

R_TABLE = Path(__file__).parents[2] / "reference" / "resource" / "basis_risk.csv"


def r_chances() -> list[tuple[float, float, float, float]]:
    with R_TABLE.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["quantity"] == "both"]
    return [(float(row["a"]), float(row["b"]), float(row["c"]), float(row["value"])) for row in rows]


def test_chances_that_both_are_bad_are_those_of_r() -> None:
    rows = r_chances()
    assert len(rows) == 20
    for rank, first, second, value in rows:
        assert float(joint_chance(first, second, rank)) == pytest.approx(value, rel=1e-7, abs=1e-12)


def test_halves_meet_the_arc_sine() -> None:
    for rank in (-0.9, -0.3, 0.0, 0.6, 0.95):
        r = normal_correlation(rank)
        assert float(joint_chance(0.5, 0.5, rank)) == pytest.approx(
            0.25 + math.asin(r) / (2 * math.pi), abs=1e-12
        )


def test_unequal_shares_meet_the_bivariate_law_of_scipy() -> None:
    r = normal_correlation(0.6)
    for first, second in ((0.5, 0.1), (0.02, 0.7), (0.9, 0.8), (0.3, 0.5)):
        exact = multivariate_normal([0, 0], [[1, r], [r, 1]]).cdf([norm.ppf(first), norm.ppf(second)])
        assert float(joint_chance(first, second, 0.6)) == pytest.approx(float(exact), abs=1e-6)


def test_linked_uniforms_are_uniform_and_have_the_rank_correlation() -> None:
    years = 100_000
    rng = np.random.default_rng(12)
    stress = rng.random(years)
    index = linked_uniforms(stress, rng.random(years), 0.6)
    assert index.min() > 0
    assert index.max() < 1
    assert index.mean() == pytest.approx(0.5, abs=4 / math.sqrt(12 * years))
    assert (index < 0.1).mean() == pytest.approx(0.1, abs=4 * math.sqrt(0.09 / years))
    assert spearmanr(stress, index).statistic == pytest.approx(0.6, abs=4 / math.sqrt(years))


def test_without_a_link_the_index_is_the_fresh_draw() -> None:
    fresh = np.array([0.1, 0.5, 0.99])
    assert linked_uniforms([0.9, 0.2, 0.3], fresh, 0.0) == pytest.approx(fresh)


def test_the_group_sets_simulated_years_beside_the_closed_form() -> None:
    years = 200_000
    rng = np.random.default_rng(30)
    stress = rng.random(years)
    group = link_group(stress, linked_uniforms(stress, rng.random(years), 0.6), 0.6, "illustrative")
    both, exact, error = (group[name].values for name in ("both", "both_closed_form", "standard_error"))
    assert (np.abs(both - exact) < 4 * error).all()
    # R: 0.101564837457019 at a share of 0.2
    assert float(group["both_closed_form"].sel(worst=0.2)) == pytest.approx(0.101564837457019)
    assert float(group["index_bad_in_bad_year"].sel(worst=0.2)) == pytest.approx(0.507824187285095)
    # a normal copula: the rarer the year, the weaker the link
    assert (np.diff(group["index_bad_in_bad_year"].values) < 0).all()
    assert group.attrs["status"] == "illustrative"
    assert "was not measured" in group.attrs["note"]


@pytest.mark.parametrize("rank", [-1.0, 1.0, 1.2, math.nan])
def test_a_link_outside_its_domain_is_refused(rank: float) -> None:
    with pytest.raises(ArgumentError, match="rank_correlation"):
        normal_correlation(rank)


def test_the_shipped_card_fills_the_role() -> None:
    path = find("models", "wetland-index-link-judged")
    assert path is not None
    card = read_card(path)
    assert card.use == INDEX_LINK.use
    assert set(card.parameters) == set(INDEX_LINK.parameters)
    assert card.parameters["rank_correlation"].status == "illustrative"
