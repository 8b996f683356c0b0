# SPDX-License-Identifier: Apache-2.0
"""The technical premium of a zone and its plants, against the library's build-up of the table of years by plants."""

import numpy as np
import pytest
from zone_by_hand import zone_laws

from greenrisk.actuarial.premium.gross import ROWS, build_up
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.liability.events import simulate_block
from greenrisk.pollution.liability.policy_spec import PolicySpec
from greenrisk.pollution.liability.policy_terms import terms_of
from greenrisk.pollution.liability.premium import premium_group, technical_premiums
from greenrisk.pollution.liability.terms import apply_terms
from greenrisk.pollution.liability.zone_year import gather, part

LIMIT = np.array([1e6, 2e6, 0.0, 5e5])
INSURED = LIMIT > 0
LOADINGS = Loadings(
    expenses=0.2,
    commission=0.1,
    tax=0.02,
    profit=0.03,
    cost_of_capital=0.08,
    fixed_expenses=2000.0,
    capital_share=0.3,
)


def _run(blocks=4):
    laws, terms = zone_laws(), terms_of(PolicySpec(), LIMIT)
    parts, table = [], np.zeros((blocks * 1000, 4))
    for block in range(blocks):
        found = simulate_block(laws, 31, "main", block)
        paid = apply_terms(found, terms)
        parts.append(part(found, paid, 4))
        np.add.at(table, (found.year + 1000 * block, found.plant), paid.total)
    return gather(parts, blocks, 1000), table


YEARS, TABLE = _run()


def test_premiums_by_plant_are_those_of_the_table_of_years_by_plants():
    found = technical_premiums(YEARS, INSURED, LOADINGS, level=0.99)
    names = [f"plant {i}" for i in range(4)]
    exact = build_up(
        TABLE,
        LOADINGS,
        segments=names,
        exposure={"plants": INSURED.astype(float)},
        level=0.99,
        method="covariance",
    )
    for place, row in enumerate(ROWS):
        assert found.amount[place] == pytest.approx(exact.row(row)[1:], rel=1e-9, abs=1e-6), row
        assert found.zone.row(row)[0] == pytest.approx(exact.row(row)[0], rel=1e-9), row
    assert found.pure_standard_error == pytest.approx(exact.error.pure[1:], rel=1e-6)


def test_plants_add_up_to_the_zone_and_rows_to_the_premium():
    found = technical_premiums(YEARS, INSURED, LOADINGS, level=0.99)
    assert found.amount.sum(axis=1) == pytest.approx(found.zone.amount[:, 0], rel=1e-9)
    assert found.amount[:-1].sum(axis=0) == pytest.approx(found.gross, rel=1e-12)
    assert (found.amount[:, 2] == 0.0).all()


def test_dearer_capital_and_expenses_raise_every_premium():
    base = technical_premiums(YEARS, INSURED, LOADINGS, level=0.99).gross[INSURED]
    for name, value in (("cost_of_capital", 0.12), ("expenses", 0.25), ("fixed_expenses", 4000.0)):
        given = {field: getattr(LOADINGS, field) for field in LOADINGS.__dataclass_fields__}
        higher = technical_premiums(YEARS, INSURED, Loadings(**given | {name: value}), level=0.99)
        assert (higher.gross[INSURED] > base).all()


def test_without_loadings_the_premium_is_what_is_paid():
    found = technical_premiums(YEARS, INSURED, Loadings(), level=0.99)
    assert found.gross == pytest.approx(TABLE.mean(axis=0), rel=1e-12)


def test_the_groups_tell_rate_on_line_and_loss_ratio():
    found = technical_premiums(YEARS, INSURED, LOADINGS, level=0.99)
    groups = premium_group(found, list("ABCD"), LIMIT)
    one = groups["premium"].sel(plant="A")
    assert float(one["rate_on_line"]) == pytest.approx(found.gross[0] / 1e6)
    assert float(one["loss_ratio"]) == pytest.approx(TABLE[:, 0].mean() / found.gross[0])
    bare = groups["premium"].sel(plant="C")
    assert np.isnan(bare["rate_on_line"])
    assert np.isnan(bare["loss_ratio"])
    zone = groups["premium/zone"]
    assert float(zone["amount"].sel(row="gross_premium")) == pytest.approx(found.gross.sum())
    assert float(zone["gross_standard_error"]) > float(zone["pure_standard_error"]) > 0.0


def test_premiums_of_the_wrong_plants_are_refused():
    with pytest.raises(ArgumentError, match="plant 0 is paid"):
        technical_premiums(YEARS, ~INSURED, LOADINGS)
    with pytest.raises(ArgumentError, match="no plant"):
        technical_premiums(YEARS, np.zeros(4, bool), LOADINGS)
    with pytest.raises(ArgumentError, match="insured of shape"):
        technical_premiums(YEARS, INSURED[:2], LOADINGS)
