# SPDX-License-Identifier: Apache-2.0
import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenrisk.core.errors import ArgumentError
from greenrisk.resource.subsidies_in_force import Subsidies
from greenrisk.resource.subsidy import split_premium, to_fen
from greenrisk.resource.subsidy_rules import PAYERS, SubsidyRule


# Guangxi 2013: public benefit 50/50/0/0, commercial 30/30/0/40 (State Forestry news 2013-06-13).
def in_force(public_benefit: tuple[float, ...], commercial: tuple[float, ...]) -> Subsidies:
    both = {"public_benefit": public_benefit, "commercial": commercial}
    rules = {
        kind: SubsidyRule.model_validate(
            {"forest_type": kind, "from_year": 2013, **dict(zip(PAYERS, shares, strict=True))}
        )
        for kind, shares in both.items()
    }
    return Subsidies(2026, rules, {})


GUANGXI = in_force((0.5, 0.5, 0, 0), (0.3, 0.3, 0, 0.4))


def test_guangxi_2013_by_hand():
    # 1,000 mu at 1.50 CNY and 1,000 mu at 2.80 CNY: the owner of commercial forest pays 0.4 * 2.8 = 1.12 CNY/mu.
    split = split_premium(
        [1_500, 2_800], ["public_benefit", "commercial"], [1_000, 1_000], GUANGXI, ["public", "commercial"]
    )
    assert split.segments == ("all", "public", "commercial")
    assert split.amount[:, 1] == pytest.approx([750, 750, 0, 0])
    assert split.amount[:, 2] == pytest.approx([840, 840, 0, 1_120])
    assert split.amount[:, 0] == pytest.approx([1_590, 1_590, 0, 1_120])
    assert split.owner_per_mu == pytest.approx([0.56, 0, 1.12])
    assert split.share[:, 0] == pytest.approx([1_590 / 4_300, 1_590 / 4_300, 0, 1_120 / 4_300])
    assert split.gross_premium == pytest.approx([4_300, 1_500, 2_800])


def test_deyang_is_computed_from_sum_insured_and_rate_and_rounded_at_the_end_only():
    # 550 CNY/mu at 1.18 per mille is 0.649 CNY/mu, printed as 0.65; the owner's 10 % are 0.0649, not 0.065.
    shares = (0.5, 0.25, 0.15, 0.1)
    split = split_premium(
        [550 * 1.18e-3 * 1_000],
        ["public_benefit"],
        [1_000],
        in_force(shares, shares),
        ["Deyang"],
    )
    assert split.owner_per_mu == pytest.approx([0.0649, 0.0649])


def test_shares_within_the_tolerance_are_scaled_so_that_nothing_is_lost():
    shares = (0.5, 0.5 - 9e-10, 0, 0)
    subsidies = in_force(shares, shares)
    split = split_premium([1e9], ["commercial"], [1.0], subsidies, ["x"])
    assert split.gross_premium == pytest.approx([1e9, 1e9], rel=4e-15, abs=0)


def test_a_segment_without_area_or_premium_has_no_rate():
    split = split_premium([0.0], ["commercial"], [0.0], GUANGXI, ["empty"])
    assert np.isnan(split.owner_per_mu).all()
    assert np.isnan(split.share).all()
    assert split.amount.tolist() == [[0, 0]] * 4


@st.composite
def four_shares(draw):
    weights = draw(st.lists(st.integers(0, 100), min_size=4, max_size=4).filter(any))
    return tuple(w / sum(weights) for w in weights)


segments = st.lists(
    st.tuples(st.floats(0, 1e9), st.sampled_from(["public_benefit", "commercial"]), st.floats(0, 1e6)),
    min_size=1,
    max_size=12,
)


@given(segments, four_shares(), four_shares())
def test_payers_add_up_to_the_gross_premium_and_segments_to_all(rows, public_benefit, commercial):
    gross, kinds, area = zip(*rows, strict=True)
    subsidies = in_force(public_benefit, commercial)
    split = split_premium(gross, kinds, area, subsidies, [str(i) for i in range(len(rows))])
    np.testing.assert_allclose(split.gross_premium[1:], gross, rtol=4e-15, atol=1e-300)
    assert split.gross_premium[0] == pytest.approx(math.fsum(gross), rel=1e-14)
    np.testing.assert_allclose(split.amount[:, 1:].sum(axis=1), split.amount[:, 0], rtol=1e-14)
    assert (split.amount >= 0).all()


def test_fen_are_for_display_and_what_they_miss_is_stated():
    # Three thirds of one yuan: 0.33 each; 0.01 is missing, and no row hides it.
    third = 1 / 3
    rounded = to_fen([third, third, third])
    assert rounded.amounts == (Decimal("0.33"),) * 3
    assert rounded.total == Decimal("1.00")
    assert rounded.remainder == Decimal("0.01")


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=12))
def test_rounded_amounts_and_remainder_add_up_to_the_rounded_total(amounts):
    rounded = to_fen(amounts)
    assert sum(rounded.amounts) + rounded.remainder == rounded.total
    assert abs(rounded.remainder) <= Decimal("0.005") * (len(amounts) + 1)
    assert abs(rounded.total - sum(map(Decimal, amounts))) <= Decimal("0.005")


def test_an_unknown_forest_type_is_refused_by_name():
    with pytest.raises(ArgumentError, match="orchard"):
        split_premium([1.0], ["orchard"], [1.0], GUANGXI, ["x"])


def test_columns_that_do_not_match_are_refused():
    with pytest.raises(ArgumentError, match="One of each a segment was expected"):
        split_premium([1.0, 2.0], ["commercial"], [1.0], GUANGXI, ["x"])
