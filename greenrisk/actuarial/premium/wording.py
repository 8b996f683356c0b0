# SPDX-License-Identifier: Apache-2.0
"""How premiums print: the audit table of a build-up, and a rate from own experience."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from greenrisk.actuarial.printing import amounts, counted, error, figure, percent, table

if TYPE_CHECKING:
    from greenrisk.actuarial.premium.experience import ExperienceRate
    from greenrisk.actuarial.premium.gross import PremiumBuildUp

_SEGMENTS: Final = 12
"""Columns that are shown, the total among them."""


def build_up_table(premium: PremiumBuildUp) -> str:
    """Return the rows by segments, then the errors, the loss ratio and what the capital earns.

    Parameters
    ----------
    premium : PremiumBuildUp
        The audit table.
    """
    shown = premium.segments[:_SEGMENTS]
    held = np.vstack([premium.amount, premium.capital])[:, : len(shown)]
    cells = np.reshape(amounts(held.ravel().tolist()), held.shape).tolist()
    rows = [[name.replace("_", " "), *row] for name, row in zip(premium.rows, cells[:-1], strict=True)]
    for name, errors in zip(premium.error._fields, premium.error, strict=True):
        rows.append([f"± {name} premium", *(error(value) for value in errors[: len(shown)].tolist())])
    rows.append(["capital", *cells[-1]])
    for name, shares in (
        ("loss ratio", premium.loss_ratio),
        ("return on capital", premium.return_on_capital),
    ):
        rows.append([name, *(percent(value) for value in shares[: len(shown)].tolist())])
    lines = [
        f"PremiumBuildUp, ± the error of the {premium.error_of}",
        table(("currency of the losses a year", *shown), rows),
    ]
    if len(premium.segments) > len(shown):
        more = counted(len(premium.segments) - len(shown), "segment")
        lines.append(f"and {more} more, see to_frame()")
    return "\n".join(lines)


def experience_lines(rate: ExperienceRate) -> str:
    """Return loss costs, credibility and modification, and what the experience consists of.

    Parameters
    ----------
    rate : ExperienceRate
        Own experience weighed against the manual.
    """
    losses, exposure = math.fsum(rate.losses), math.fsum(rate.exposure)
    return "\n".join(
        [
            "ExperienceRate, loss costs in currency per unit of exposure",
            f"  manual        {figure(rate.manual):>14}",
            f"  experience    {figure(rate.experience):>14}  {counted(rate.losses.size, 'year')}, losses of "
            f"{figure(losses)} on an exposure of {figure(exposure)}, {rate.capped:,} capped",
            f"  credibility   {rate.credibility:>14.4f}",
            f"  loss cost     {figure(rate.loss_cost):>14}",
            f"  modification  {rate.modification:>14.4f}",
        ]
    )
