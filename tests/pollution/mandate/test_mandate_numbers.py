# SPDX-License-Identifier: Apache-2.0
"""Single numbers of the mandate: rows with status and source, keys that go before them, and what is refused."""

import pytest
from leping_mandate import numbers, table

from greenrisk.core.errors import TableError
from greenrisk.core.ledger import Ledger
from greenrisk.core.spec import Spec
from greenrisk.pollution.mandate import mandate_spec, pool_spec
from greenrisk.pollution.mandate.mandate_spec import MandateSpec
from greenrisk.pollution.mandate.mandate_tables import NUMBERS
from greenrisk.pollution.mandate.numbers import numbers_group, read_numbers, tell_numbers

SAYS_ALL = MandateSpec(
    minimum_limit={"general_cny": 1e6, "larger_cny": 3e6, "major_cny": 6e6, "not_graded_cny": 5e5},
    rules={"at_least_grade": "major", "kinds_of_site": (), "activities": ("trade",)},
    plant_limits={"accident_level": 0.99, "return_period": 100.0},
    pool={
        "members": [{"name": "A", "share": 1.0, "leads": True}],
        "lead_fee": 0.02,
        "settles_every_months": 6,
    },
    spain_rule={
        "share": 0.9,
        "prevention_share": 0.2,
        "exempt_below_eur": 1e5,
        "exempt_below_certified_eur": 1e6,
    },
)


def shipped():
    """Return the shipped table."""
    return table("mandate_numbers.csv", NUMBERS)


def spoilt(row, column, value):
    """Return the shipped table with one cell changed."""
    frame = shipped().copy()
    frame.loc[frame["number"] == row, column] = value
    return frame


def test_rows_of_spain_are_those_of_its_decree_and_law():
    # Real Decreto 2090/2008, articles 33.2 and 33.3; Ley 26/2007, article 28.
    rows = shipped().set_index("number")
    read = numbers().number
    for row, value, place in (
        ("spain_share", 0.95, "33.2"),
        ("spain_prevention_share", 0.10, "33.3"),
        ("spain_exempt_below", 300_000.0, "article 28"),
        ("spain_exempt_below_certified", 2_000_000.0, "article 28"),
    ):
        assert read[row] == value
        assert rows.loc[row, "status"] == "confirmed"
        assert place in rows.loc[row, "source"]


def test_every_other_row_is_told_as_not_confirmed():
    rows = shipped()
    weak = set(rows["number"][rows["status"] != "confirmed"])
    assert weak == {name for name in rows["number"] if not name.startswith("spain_")}
    ledger = Ledger()
    tell_numbers(numbers(), "mandate_numbers", ledger)
    frame = ledger.to_frame()
    assert set(frame["status"]) == {"unconfirmed", "illustrative"}
    assert all(any(f"{name}: " in text for text in frame["detail"]) for name in weak)


def test_keys_of_the_scenario_go_before_every_row():
    found = numbers(SAYS_ALL, record_years=5)
    assert found.limits == (1e6, 3e6, 6e6, 5e5)
    assert found.words == {"at_least_grade": ("major",), "kinds_of_site": (), "activities": ("trade",)}
    assert found.record_years == 5
    assert {name: found.number[name] for name in found.number if not name.startswith("limit_")} == {
        "accident_level": 0.99,
        "return_period": 100.0,
        "lead_fee": 0.02,
        "settles_every_months": 6.0,
        "tariff_record_years": 5.0,
        "spain_share": 0.9,
        "spain_prevention_share": 0.2,
        "spain_exempt_below": 1e5,
        "spain_exempt_below_certified": 1e6,
    }
    group = numbers_group(found)
    assert set(group["status"].values.tolist()) == {"user"}
    ledger = Ledger()
    tell_numbers(found, "mandate_numbers", ledger)
    assert ledger.to_frame().empty


@pytest.mark.parametrize(
    ("row", "column", "value", "told"),
    [
        ("lead_fee", "value", "a lot", "A number was expected."),
        ("lead_fee", "value", "1.5", "lead_fee = 1.5"),
        ("settles_every_months", "value", "2.5", "A whole number was expected."),
        ("limit_major", "value", "1000000", "must not fall as the grade rises"),
        ("limit_major", "unit", "CNY 10k", "The unit must be `CNY`"),
        ("at_least_grade", "value", "largr", "`larger`"),
        ("at_least_grade", "value", "larger; major", "One of"),
        ("kinds_of_site", "value", "filling", "Known: "),
        ("accident_level", "number", "level", "no row accident_level"),
    ],
)
def test_a_row_that_says_nothing_sensible_is_refused_with_its_place(row, column, value, told):
    with pytest.raises(TableError, match=told):
        read_numbers(spoilt(row, column, value), MandateSpec(), None)


def test_all_faults_are_told_at_once_with_their_rows():
    frame = spoilt("lead_fee", "value", "-1")
    frame.loc[frame["number"] == "return_period", "value"] = "0.5"
    with pytest.raises(TableError) as caught:
        read_numbers(frame, MandateSpec(), None, "own.csv")
    assert [fault.where for fault in caught.value.faults] == ["own.csv:10", "own.csv:11"]


def test_a_limit_of_the_scenario_that_contradicts_a_row_is_refused():
    with pytest.raises(TableError, match="must not fall"):
        numbers(MandateSpec(minimum_limit={"larger_cny": 1e6}))


def test_no_key_of_the_mandate_has_a_judged_number_of_its_own():
    # What stands here is no opinion: nothing, all of it, Monday.
    neutral = {
        "start_weekday": 0,
        "fixed_cny": 0.0,
        "commission": 0.0,
        "share": 1.0,
        "reinstatement_rate": 1.0,
    }
    specs = [
        kind
        for module in (mandate_spec, pool_spec)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Spec) and kind is not Spec
    ]
    assert len(specs) > 10
    found = {
        (name, field.default)
        for kind in specs
        for name, field in kind.model_fields.items()
        if isinstance(field.default, int | float) and not isinstance(field.default, bool)
    }
    assert found <= set(neutral.items())
