# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest
from shipped_severity import cards, values

from greenrisk.core.errors import ArgumentError
from greenrisk.pollution.severity.transfer import (
    FACTORS,
    check_transfer,
    frequency_factor,
    transfer_intervals,
)


def changed(name, **fields):
    card = cards()["transfer"]
    given = card.parameters[name]
    ends = {key: fields.pop(key) for key in ("low", "high", "distribution") if key in fields}
    new = given.model_copy(update={**fields, "range": given.range.model_copy(update=ends)})
    return card.model_copy(update={"parameters": {**card.parameters, name: new}})


def test_the_shipped_factors_are_illustrative_and_at_least_tenfold_wide():
    card = cards()["transfer"]
    check_transfer(card)
    data = transfer_intervals(card)
    assert data["status"].values.tolist() == ["illustrative"] * 2
    assert data["width"].values == pytest.approx([3.3 / 0.3, 1.65 / 0.15])
    assert (data["width"] >= 10).all()
    assert frequency_factor(values()) == 1.0


def test_draws_of_a_factor_are_lognormal_with_the_printed_ends():
    factor = cards()["transfer"].parameters["severity_factor"]
    assert factor.quantile(0.05) == pytest.approx(0.15)
    assert factor.quantile(0.95) == pytest.approx(1.65)
    upper = math.log(factor.quantile(0.75) / 0.5) / math.log(1.65 / 0.5)
    # quantiles of the normal law at 75 % and 95 %
    assert upper == pytest.approx(0.6744898 / 1.6448536, rel=1e-6)


@pytest.mark.parametrize("name", FACTORS)
def test_a_narrow_factor_is_refused_unless_it_is_the_users_own(name):
    card = changed(name, low=0.45, high=1.1)
    with pytest.raises(ArgumentError, match=r"at least 10-fold wide .* it is 2\.44-fold"):
        check_transfer(card)
    check_transfer(changed(name, low=0.45, high=1.1, status="user"))


def test_a_confirmed_factor_and_one_of_another_law_are_refused_together():
    card = changed("frequency_factor", status="confirmed")
    other = changed("severity_factor", distribution="uniform")
    both = card.model_copy(
        update={"parameters": {**card.parameters, "severity_factor": other.parameters["severity_factor"]}}
    )
    with pytest.raises(ArgumentError) as caught:
        check_transfer(both)
    assert len(caught.value.faults) == 2
    assert "frequency_factor.status = confirmed" in str(caught.value)
    assert "It must be lognormal" in str(caught.value)


def test_intervals_hold_the_medians():
    data = transfer_intervals(cards()["transfer"])
    assert np.all((data["low"] < data["value"]) & (data["value"] < data["high"]))
