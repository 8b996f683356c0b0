# SPDX-License-Identifier: Apache-2.0
"""What the credit groups of the result need of a block: the years of the report and of the headline alone.

Nothing here runs over all years, so that a hundred thousand issuers take little room.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from greenrisk.issuer.channels.base import Setting
from greenrisk.issuer.model import Outcome

REPORT: Final = ("scenario", "issuer", "report_year")
"""Dimensions of what is kept of the years of the report."""

HEADLINE: Final = ("scenario", "issuer")
"""Dimensions of what is kept of the year of the headline."""


def credit_part(
    setting: Setting, outcome: Outcome, at: NDArray[np.int64], headline: int
) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
    """Return what a block under the base variant hands to the credit groups.

    Parameters
    ----------
    setting : Setting
        The block, with the base variant alone.
    outcome : Outcome
        What it does.
    at : array of int, shape (report_year,)
        Places of the years of the report.
    headline : int
        Place of the year of the headline among all years.

    Returns
    -------
    dict
        Variables by name, each with its dimensions: ``report_*`` by :data:`REPORT`, ``headline_*`` by
        :data:`HEADLINE` (those of lenses with ``lens`` before), ``start_grade`` by ``issuer``: the grade in the
        baseline's first year.
    """
    credit = outcome.credit
    lenses = credit.lenses

    def whole(values: np.ndarray) -> np.ndarray:
        every: np.ndarray = np.broadcast_to(values, setting.shape)[0]
        return every

    said = lenses.readings.values()
    return {
        "report_log_probability": (REPORT, whole(credit.carried.log_annual_probability)[..., at]),
        "report_log_cumulative": (REPORT, whole(credit.log_cumulative)[..., at]),
        "report_loss_rate": (REPORT, whole(credit.loss_rate)[..., at]),
        "start_grade": (("issuer",), whole(credit.grade)[setting.baseline, :, 0]),
        "headline_lens_probability": (
            ("lens", *HEADLINE),
            np.stack([whole(one.annual_probability)[..., headline] for one in said]),
        ),
        "headline_lens_grade": (
            ("lens", *HEADLINE),
            np.stack([whole(one.grade)[..., headline] for one in said]),
        ),
        "headline_disagreement": (HEADLINE, whole(lenses.disagreement)[..., headline]),
        "headline_apart": (HEADLINE, whole(lenses.apart)[..., headline]),
    }
