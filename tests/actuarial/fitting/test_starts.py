# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenrisk.actuarial.fitting.coordinates import ENDS_OF_SUPPORT
from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.fitting.starts import starting_points
from greenrisk.actuarial.severity.registry import FAMILIES


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.__name__)
@settings(max_examples=30, deadline=None, derandomize=True)
@given(losses=st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=12), share=st.floats(0.0, 1.0))
def test_every_start_is_a_law_of_the_family_whatever_the_losses(family, losses, share):
    limit = float(np.quantile(losses, share)) + 1e-10
    end = ENDS_OF_SUPPORT.get(family.__name__)
    fixed = {end: min(losses)} if end == "threshold" else {end: max(losses)} if end else {}
    data = LossData.exact(losses, limit=limit)
    starts = starting_points(family.__name__, data, fixed)
    assert starts
    for start in starts:
        law = family(**start)  # refuses what lies outside the domains
        assert all(math.isfinite(value) for value in law.parameters().values())
