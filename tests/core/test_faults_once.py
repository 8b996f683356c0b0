# SPDX-License-Identifier: Apache-2.0
"""A fault that two readers find alike is printed once; others stay, in their order."""

from __future__ import annotations

import pytest

from greenrisk.core.errors import Fault, Faults, TableError


def test_the_same_fault_found_twice_is_raised_once() -> None:
    first = Fault("flow.nc", "variable `zz`", "The file has no such variable.")
    other = Fault("flow.nc", "variable `zy`", "The file has no such variable.")
    faults = Faults()
    faults.extend([first, other, first])
    with pytest.raises(TableError) as caught:
        faults.raise_if_any(TableError)
    assert caught.value.faults == (first, other)
    assert str(caught.value).endswith("2 faults.")
