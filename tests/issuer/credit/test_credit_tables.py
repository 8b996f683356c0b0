# SPDX-License-Identifier: Apache-2.0
"""Shipped tables of the lenses: read, complete, the spreads of their sources; cards of the role."""

from pathlib import Path

import pandas as pd
import pytest

from greenrisk.core.cards import read_card
from greenrisk.core.library import find
from greenrisk.issuer.credit.scale import rating_scale
from greenrisk.issuer.credit.tables import (
    ALTMAN_EM_RATINGS,
    CREDIT_TABLES,
    DAMODARAN_RATINGS,
    RATING_TRANSITIONS,
    credit_table,
)

SHARED = Path(__file__).parents[4] / "shared"


def shared(name):
    if not (SHARED / name).exists():
        pytest.skip(f"../shared/{name} is not here")
    return SHARED / name


@pytest.mark.parametrize("spec", CREDIT_TABLES, ids=lambda spec: spec.name)
def test_every_row_has_a_source_and_a_status(spec):
    frame = credit_table(spec)
    assert frame["source"].str.len().gt(5).all()
    assert set(frame["status"]) <= {"confirmed", "unconfirmed"}


def test_the_cover_table_is_the_transcribed_one():
    theirs = pd.read_csv(shared("reference/damodaran_ratings_2026_01.csv"))
    ours = credit_table(DAMODARAN_RATINGS)
    for firms in ("large", "small", "utility", "financial"):
        part = ours[(ours["edition"] == "2026-01") & (ours["firms"] == firms)]
        assert part["rating"].tolist() == theirs["rating"].str.split("/").str[1].tolist()
        assert part["spread"].tolist() == theirs["spread"].tolist()
        assert part["interest_cover_above"].tolist()[:-1] == theirs[f"icr_min_{firms}"].tolist()[:-1]


def test_the_moves_are_the_transcribed_ones_in_fractions():
    theirs = pd.read_csv(shared("data/issuer/transition/sp_1981-2016.csv"), skiprows=2, header=None).iloc[
        :, :9
    ]
    ours = credit_table(RATING_TRANSITIONS)["share"].to_numpy().reshape(56, 9)
    assert ours == pytest.approx(theirs.to_numpy() / 100.0, abs=1e-12)


def test_every_rating_of_a_table_is_on_the_common_scale():
    scale = rating_scale()
    scale.places(list(credit_table(DAMODARAN_RATINGS)["rating"].unique()))
    scale.places(list(credit_table(ALTMAN_EM_RATINGS)["rating"]))


@pytest.mark.parametrize(
    ("name", "use"),
    [("issuer-recovery-judged", "issuer.recovery"), ("issuer-credit-cycle-judged", "issuer.credit_cycle")],
)
def test_cards_of_judgement_have_ranges_and_say_so(name, use):
    card = read_card(find("models", name))
    assert card.use == use
    assert card.fitted_by == "judgement"
    assert not {p.status for p in card.parameters.values()} & {"confirmed"}
