# SPDX-License-Identifier: Apache-2.0
"""What is decided before the years are simulated: what insurers charge, who buys, and trigger and exit if asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import xarray as xr

from greenrisk.actuarial.measures import tail_value_at_risk
from greenrisk.actuarial.premium.gross import gross_premium
from greenrisk.actuarial.premium.loadings import Loadings
from greenrisk.actuarial.premium.risk_load import TAIL_LEVEL
from greenrisk.core.errors import ArgumentError, Fault
from greenrisk.core.ledger import Ledger
from greenrisk.resource.basis_risk.buyer import Buyer, buyer_of
from greenrisk.resource.index_cover.calibrate import calibrate
from greenrisk.resource.index_cover.calibration_terms import Calibration
from greenrisk.resource.index_cover.history_spec import BuyerSpec, CalibrationSpec
from greenrisk.resource.index_cover.index_groups import table
from greenrisk.resource.index_cover.index_model import Fitted, IndexModel
from greenrisk.resource.index_cover.index_study_spec import BLOCK_LENGTH, IndexPart
from greenrisk.resource.index_cover.payout_spec import IndexCover, LinearPayout
from greenrisk.resource.index_cover.series import Floats

TRIAL_BLOCKS: Final = 100
"""Blocks of years, at most, behind the premium that choices before the run are made with."""


def trial_premium(model: IndexModel, fitted: Fitted, loadings: Loadings, years: int) -> tuple[float, float]:
    """Return gross and pure premium of the first years of the run [CNY/year].

    Parameters
    ----------
    model : IndexModel
        Covers on the record.
    fitted : Fitted
        The record and its laws.
    loadings : Loadings
        Central loadings.
    years : int
        Years of the run: of no more than 100 blocks the premium is the run's own, so that a calibration and the
        measures of basis risk charge alike [year].
    """
    count = min(-(-years // BLOCK_LENGTH), TRIAL_BLOCKS)
    blocks = [model.years(fitted, "main", block, BLOCK_LENGTH) for block in range(count)]
    total = np.concatenate(blocks).sum(axis=1)
    pure = float(total.mean())
    tail = tail_value_at_risk(total, TAIL_LEVEL).value
    return gross_premium(pure, loadings.capital_charge * (tail - pure), loadings), pure


def buyer_before(
    spec: BuyerSpec, fitted: Fitted, loss: Floats, premium: tuple[float, float], ledger: Ledger
) -> Buyer:
    """Return the buyer of a scenario with a loss.

    Parameters
    ----------
    spec : BuyerSpec
        What the scenario says.
    fitted : Fitted
        The treated record.
    loss : array, shape (years,)
        The loss, treated alike; NaN where not known [CNY].
    premium : (float, float)
        Gross and pure premium [CNY/year].
    ledger : Ledger
        Told a wealth that was assumed.

    Raises
    ------
    ArgumentError
        If the wealth does not exceed the worst year's loss and premium.
    """
    both = np.isfinite(loss) & fitted.known
    return buyer_of(spec, loss[both], *premium, ledger)


def cover_of(part: IndexPart, spec: CalibrationSpec) -> IndexCover:
    """Return the cover that a calibration is of: the one it names, else the only or the first one."""
    named = {cover.name: cover for cover in part.covers}
    return named[spec.cover] if spec.cover is not None else part.covers[0]


def calibrated(
    model: IndexModel, fitted: Fitted, loss: Floats | None, buyer: Buyer | None, loading: float
) -> Calibration | None:
    """Return trigger and exit as they would be found; None where the scenario does not ask.

    Parameters
    ----------
    model : IndexModel
        Covers on the record.
    fitted : Fitted
        The treated record.
    loss : array, shape (years,), or None
        The loss, treated alike; NaN where not known [CNY].
    buyer : Buyer or None
        Who buys.
    loading : float
        Gross over pure premium [unitless].

    Raises
    ------
    GreenRiskError
        If the cover is not linear, or the record does not allow the method.
    """
    spec = model.part.calibration
    if spec is None:
        return None
    cover = cover_of(model.part, spec)
    name = cover.payout.index if isinstance(cover.payout, LinearPayout) else next(iter(model.family))
    found = calibrate(
        spec,
        cover,
        fitted.indices[name].value,
        law=model.family[name],
        loss=loss,
        wealth=None if buyer is None else buyer.wealth,
        risk_aversion=2.0 if buyer is None else buyer.risk_aversion,
        loading=loading,
        block_years=model.record.block_years,
        bounds=fitted.indices[name].bounds,
    )
    if found.trigger == found.exit:
        what = f"trigger and exit are both {found.trigger:g}"
        mend = "Nothing lies between them on this record. Choose periods further apart, or a law with parameters."
        raise ArgumentError(Fault("calibration", what, mend))
    return found


def applied(model: IndexModel, found: Calibration, ledger: Ledger) -> IndexModel:
    """Return the model whose cover has the trigger and exit that were found, which the ledger is told.

    Parameters
    ----------
    model : IndexModel
        Covers on the record.
    found : Calibration
        Trigger and exit.
    ledger : Ledger
        Told the change.
    """
    assert model.part.calibration is not None
    chosen = cover_of(model.part, model.part.calibration)
    assert isinstance(chosen.payout, LinearPayout)
    payout = chosen.payout.model_copy(update={"trigger": found.trigger, "exit": found.exit})
    covers = tuple(
        cover.model_copy(update={"payout": payout}) if cover.name == chosen.name else cover
        for cover in model.part.covers
    )
    ledger.add(
        "assumption",
        f"cover {chosen.name}",
        f"Trigger {found.own_trigger:g} and exit {found.own_exit:g} of the scenario were replaced by "
        f"{found.trigger:.6g} and {found.exit:.6g}, as found by {found.method.replace('_', ' ')}.",
    )
    return replace(model, part=model.part.model_copy(update={"covers": covers}))


def calibration_group(found: Calibration, spec: CalibrationSpec, cover: IndexCover, unit: str) -> xr.Dataset:
    """Return the group ``/calibration``: trigger and exit as found, and what they are worth in and out of sample.

    Parameters
    ----------
    found : Calibration
        As found.
    spec : CalibrationSpec
        What was asked for.
    cover : IndexCover
        The cover.
    unit : str
        Unit of its index.
    """
    rows = [
        {
            "figure": one.name,
            "in_sample": one.in_sample,
            "corrected": one.corrected,
            "optimism": one.optimism,
            "own": one.own,
            "wanted": one.wanted,
            "unit": one.unit,
        }
        for one in found.figures
    ]
    group = table(
        "figure", rows, dict.fromkeys(("in_sample", "corrected", "optimism", "own", "wanted"), "see unit")
    )
    edges = {
        "trigger": found.trigger,
        "exit": found.exit,
        "own_trigger": found.own_trigger,
        "own_exit": found.own_exit,
        "trigger_low": found.trigger_range[0],
        "trigger_high": found.trigger_range[1],
    }
    for name, value in edges.items():
        group[name] = ((), value, {"units": unit})
    group.attrs.update(
        method=found.method,
        cover=cover.name,
        applied=int(spec.apply),
        years=found.years,
        rounds=found.rounds,
        unit=unit,
        note=(
            "Found on all years of the treated record; corrected: each block of years judged by what the other years "
            "alone would have set. Triggers of those rounds lie between trigger_low and trigger_high."
        ),
    )
    return group
