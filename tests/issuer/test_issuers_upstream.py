# SPDX-License-Identifier: Apache-2.0
"""Pollution losses of a zone's run reach the issuers that own its plants."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.issuer_sets import jingdezhen
from tests.studied_issuers import prepared_issuers, run_issuers
from tests.studied_zone import small_zone_run


def test_the_mean_loss_of_each_owner_is_charged_in_every_scenario_and_year(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = small_zone_run(tmp_path_factory) / "tables" / "owner_losses.csv"
    given = {"channels__liability_loss": "{}", "upstream__zone": str(path)}
    job = prepared_issuers(**given, knowledge__draws="2", knowledge__tornado="false")
    tree = run_issuers(job)
    paid = tree["charges"].to_dataset()["liability_loss"]
    losses = pd.read_csv(path)
    mean = losses.groupby("owner")["uninsured_cny"].mean() / 1e6
    who = jingdezhen()["issuers"].set_index("issuer")["zone_owner"].fillna("")
    struck = 0
    for issuer in paid["issuer"].values:
        wanted = float(mean.get(str(who[issuer]), 0.0))
        struck += wanted > 0.0
        np.testing.assert_allclose(paid.sel(issuer=issuer), wanted, rtol=1e-9, atol=1e-15)
    assert struck >= 1


def test_draws_strike_all_owners_with_the_same_years_of_the_zone(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = small_zone_run(tmp_path_factory) / "tables" / "owner_losses.csv"
    given = {"channels__liability_loss": "{}", "upstream__zone": str(path)}
    job = prepared_issuers(**given, knowledge__draws="2", knowledge__tornado="false")
    values = [job.plan.values[1]]
    whole = job.model.setting(slice(0, 30), values, np.array([0]))
    part = job.model.setting(slice(10, 30), values, np.array([0]))
    a = job.model.outcome(whole).effects.get("liability_loss")
    b = job.model.outcome(part).effects.get("liability_loss")
    np.testing.assert_array_equal(np.broadcast_to(a, whole.shape)[:, :, 10:], np.broadcast_to(b, part.shape))
