# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from scipy import stats

from greenrisk.actuarial.fitting.shares import fit_beta_binomial
from greenrisk.core.errors import FitError


def test_the_beta_law_of_shares_is_the_one_that_made_them():
    # Trials so many that the shares are seen exactly: beta maximum likelihood by scipy is the limit.
    shares = stats.beta.ppf((np.arange(400) + 0.5) / 400, 2.0, 30.0)
    a, b = fit_beta_binomial(np.round(shares * 1e7), np.full(400, 1e7))
    expected = stats.beta.fit(shares, floc=0, fscale=1)
    assert (a, b) == pytest.approx(expected[:2], rel=1e-3)


def test_equal_shares_are_no_beta_law():
    with pytest.raises(FitError, match="do not differ"):
        fit_beta_binomial([10, 10, 10], [100, 100, 100])
