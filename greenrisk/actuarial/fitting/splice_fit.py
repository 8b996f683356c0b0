# SPDX-License-Identifier: Apache-2.0
"""A body and a tail fitted on their own sides of a threshold, and the share of losses beyond it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from greenrisk.actuarial.arguments import number
from greenrisk.actuarial.fitting.coordinates import ENDS_OF_SUPPORT
from greenrisk.actuarial.fitting.data import LossData
from greenrisk.actuarial.fitting.fitted import SeverityFit
from greenrisk.actuarial.fitting.severity_fit import fit_severity
from greenrisk.actuarial.fitting.tail_data import FEWEST_FOR_A_SHAPE
from greenrisk.actuarial.severity.family import Family
from greenrisk.actuarial.severity.pareto_families import GeneralisedPareto
from greenrisk.actuarial.severity.spliced import Spliced
from greenrisk.core.errors import ArgumentError, Fault, Faults, FitError


@dataclass(frozen=True, eq=False)
class SplicedFit:
    """A body and a tail fitted by maximum likelihood; made by :func:`fit_spliced`.

    Parameters
    ----------
    law : Spliced
        The fitted law of the ground-up loss.
    body, tail : SeverityFit
        The two fits: the body's records are truncated above the threshold, the tail's below it.
    exceedance : float
        Share of the records above the threshold: P(X > threshold) given that the loss is on record [unitless].
    exceedance_error : float
        Its standard error [unitless].
    log_likelihood : float
        Of all records.
    data : LossData
        The records.
    """

    law: Spliced
    body: SeverityFit
    tail: SeverityFit
    exceedance: float
    exceedance_error: float
    log_likelihood: float
    data: LossData

    @property
    def parameters(self) -> int:
        """Number of fitted parameters: those of both sides and the share above; the threshold was chosen."""
        return len(self.body.free) + len(self.tail.free) + 1

    @property
    def aic(self) -> float:
        """Akaike's criterion, ``2 k - 2 ln L``."""
        return 2.0 * self.parameters - 2.0 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Schwarz's criterion, ``k ln n - 2 ln L`` with n the sum of the weights."""
        return self.parameters * math.log(self.data.weight) - 2.0 * self.log_likelihood

    def __repr__(self) -> str:
        """Return threshold, share above, and a table of the parameters with their errors."""
        from greenrisk.actuarial.fitting.wording import spliced_table

        return spliced_table(self)


def fit_spliced(
    data: LossData | ArrayLike,
    body: type[Family],
    threshold: float,
    *,
    tail: type[Family] = GeneralisedPareto,
    fixed_body: Mapping[str, float] | None = None,
    fixed_tail: Mapping[str, float] | None = None,
) -> SplicedFit:
    """Fit a law in two pieces, joined at a threshold that is given.

    Parameters
    ----------
    data : LossData or array
        Records under one deductible below the threshold; an array is taken for exact losses [unit of the loss].
    body : type
        Family of the losses up to the threshold, e.g. ``Lognormal``.
    threshold : float
        Losses strictly greater belong to the tail, > 0 [unit of the loss].
    tail : type
        Family of the losses above.
    fixed_body, fixed_tail : mapping, optional
        Parameters to hold; a Pareto tail begins at the threshold unless this says otherwise.

    Raises
    ------
    ArgumentError
        For records that do not say on which side they lie, several deductibles, or right truncation.
    FitError
        With fewer than 10 records above the threshold, or if a side cannot be fitted.

    Notes
    -----
    Given the threshold the likelihood falls into three factors: the body truncated at the threshold, the tail given
    that it is exceeded, and a binomial one for the share above. Their maxima together are the maximum of the whole.
    With a deductible d the share v refers to losses above d, and ``P(X > u) = v c / (1 - v + v c)`` with
    ``c = (F_b(u) - F_b(d)) / F_b(u)``. The choice of the threshold is not in the errors:
    see :mod:`greenrisk.actuarial.fitting.tail_data`.
    """
    records = data if isinstance(data, LossData) else LossData.exact(data)
    u = number("threshold", threshold, above=0.0, unit="unit of the loss")
    _check(records, u)
    above = np.where(records.exact_records, records.lower > u, records.lower >= u)
    if above.sum() < FEWEST_FOR_A_SHAPE:
        what = f"threshold = {u:g} with {int(above.sum())} records above it"
        mend = f"At least {FEWEST_FOR_A_SHAPE} must lie strictly above: lower it."
        raise FitError(Fault("threshold", what, mend, "unit of the loss"))
    if above.all():
        what = f"threshold = {u:g} with no records up to it"
        raise FitError(Fault("threshold", what, "The body needs losses: raise it.", "unit of the loss"))
    low, high = records.restricted(~above), records.restricted(above)
    deductible = float(records.deductibles[0])
    fit_low = fit_severity(
        LossData(low.lower, low.upper, deductibles=deductible, truncated_above=u, weights=low.weights),
        body,
        fixed=fixed_body,
    )
    held = dict(fixed_tail or {})
    end = ENDS_OF_SUPPORT.get(tail.__name__)
    if end == "threshold":
        held.setdefault(end, u)
    fit_high = fit_severity(
        LossData(high.lower, high.upper, deductibles=u, limits=high.limits, weights=high.weights),
        tail,
        fixed=held,
    )
    share, n = high.weight / records.weight, records.weight
    kept = 1.0
    if deductible > 0:
        kept = float(1 - fit_low.law.cdf(deductible) / fit_low.law.cdf(u))
    weight = share * kept / (1 - share + share * kept)
    counts = high.weight * math.log(share) + low.weight * math.log1p(-share)
    return SplicedFit(
        law=Spliced(fit_low.law, fit_high.law, u, weight),
        body=fit_low,
        tail=fit_high,
        exceedance=share,
        exceedance_error=math.sqrt(share * (1 - share) / n),
        log_likelihood=fit_low.log_likelihood + fit_high.log_likelihood + counts,
        data=records,
    )


def _check(data: LossData, threshold: float) -> None:
    faults = Faults()
    unit = "unit of the loss"
    if np.ptp(data.deductibles) > 0 or data.deductibles[0] >= threshold:
        what = (
            f"deductibles {data.deductibles.min():g} to {data.deductibles.max():g}, threshold = {threshold:g}"
        )
        mend = "The share above the threshold needs one deductible for all records, below the threshold."
        faults.add("data", what, mend, unit)
    if np.isfinite(data.truncated_above).any():
        what = f"truncated_above = {data.truncated_above.min():g}"
        faults.add("data", what, "A tail needs records without right truncation.", unit)
    if (data.limits < threshold).any():
        what = f"least limit {data.limits.min():g}, threshold = {threshold:g}"
        mend = "A record with a limit below the threshold never shows its tail: leave it out."
        faults.add("data", what, mend, unit)
    astride = np.flatnonzero(~data.exact_records & (data.lower < threshold) & (data.upper > threshold))
    for i in astride[:5].tolist():
        what = f"record {i} lies in ({data.lower[i]:g}, {data.upper[i]:g}]"
        mend = f"It does not say on which side of {threshold:g} it lies: move the threshold, or leave it out."
        faults.add("data", what, mend, unit)
    faults.raise_if_any(ArgumentError)
