# SPDX-License-Identifier: Apache-2.0
"""The technical premium of all policies of the zone, and what each plant's is of it."""

from __future__ import annotations

import numpy as np

from greenrisk.actuarial.premium.error import PremiumError
from greenrisk.actuarial.premium.gross import PremiumBuildUp, build_up
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.pollution.liability.zone_year import ZoneYears
from greenrisk.pollution.model import ZoneModel
from greenrisk.pollution.variants import VariantPlan


def premium_of(years: ZoneYears, model: ZoneModel, plan: VariantPlan) -> PremiumBuildUp:
    """Return the premium of the zone (segment ``all``) and of each plant.

    Parameters
    ----------
    years : ZoneYears
        The simulated years.
    model : ZoneModel
        Plants and terms.
    plan : VariantPlan
        Its base has the loadings.

    Notes
    -----
    Capital is that of the zone as a whole. It is allocated by covariance, since that needs sums only and no table of
    years by plant; its errors by plant are those of the pure premium.
    """
    loadings = Loadings.from_values(plan.variants[0].values["loadings"])
    insured = float(model.terms.insured.sum())
    total = build_up(years.layer("insured"), loadings, exposure={"plants": insured})
    pure = years.by_plant("insured")
    share = years.covariance_with_zone()
    share = share / share.sum() if share.sum() > 0 else pure / max(pure.sum(), 1e-300)
    risk = float(total.row("risk_load")[0]) * share
    fixed = loadings.fixed_expenses * model.terms.insured
    gross = (pure + risk + fixed) / (1.0 - loadings.ratio)
    rows = np.stack(
        [
            pure,
            risk,
            fixed + loadings.expenses * gross,
            loadings.commission * gross,
            loadings.tax * gross,
            loadings.profit * gross,
            gross,
        ]
    )
    error = years.plant_standard_error("insured")
    return PremiumBuildUp(
        segments=("all", *(str(name) for name in model.plants.ids)),
        rows=total.rows,
        amount=np.column_stack([total.amount[:, 0], rows]),
        capital=np.append(total.capital[0], total.capital[0] * share),
        error=PremiumError(
            np.append(total.error.pure[0], error),
            np.append(total.error.gross[0], error / (1.0 - loadings.ratio)),
        ),
        error_of="simulation",
        exposure={"plants": np.append(insured, model.terms.insured.astype(float))},
    )
