# SPDX-License-Identifier: Apache-2.0
"""How an aggregate law, and simulated years, print: one readable block, each figure with its error."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from greenrisk.actuarial.printing import counted, error, figure

if TYPE_CHECKING:
    from greenrisk.actuarial.aggregate.loss import AggregateLoss
    from greenrisk.actuarial.aggregate.tally import SimulatedLoss

_LEVELS = (0.9, 0.99, 0.995, 0.999)


def block(loss: AggregateLoss) -> str:
    """Return the law in words and figures.

    Parameters
    ----------
    loss : AggregateLoss
        The law.
    """
    law, known = loss.fine.law, loss.error
    lines = [f"AggregateLoss of {counted(len(loss.compounds), 'compound')}{_terms(loss)}"]
    mean = loss.mean_with_error()
    how = "exact" if loss.exact is not None else f"± {figure(mean.error, 1)}"
    lines.append(f"  {'mean':12}{figure(mean.value):>18} {how}")
    lines.append(f"  {'sd':12}{figure(math.sqrt(loss.var())):>18}")
    for level in _LEVELS:
        if level > loss.fine.greatest_level:
            break
        value = loss.value_at_risk(level)
        lines.append(
            f"  {f'VaR {level:g}':12}{figure(value.value):>18} ± {figure(value.error, 1)} ({value.kind})"
        )
        if math.isfinite(mean.value):
            tail = loss.tail_value_at_risk(level)
            lines.append(f"  {f'TVaR {level:g}':12}{figure(tail.value):>18} ± {figure(tail.error, 1)}")
    lines.append(
        f"  grid of {known.size:,} cells of {figure(law.step)}; relative change on cells "
        f"twice as wide {known.doubled_grid:.1g}" + ("" if known.converged else "; NOT within the tolerance")
    )
    if known.unaligned > 0.0:
        lines.append(
            f"  points with a probability of their own, {known.unaligned:.2g} losses a year, are on no node: "
            f"smoothed by {figure(known.smoothing, 1)}, which all errors hold"
        )
    # Where the annual limit is reached before the grid ends, what lies beyond it pays the limit: no error.
    if known.tail_mass > 0.0 and loss.fine.ceiling > law.top * (1 + 1e-12):
        before = " before annual terms" if math.isfinite(loss.annual_limit) or loss.annual_attachment else ""
        beyond = f"{figure(law.top)}, the end of the grid) = {known.tail_mass:.1g}"
        lines.append(f"  P(year{before} > {beyond}; the law goes on beyond")
    return "\n".join(lines)


def simulated_block(loss: SimulatedLoss) -> str:
    """Return simulated years in words and figures.

    Parameters
    ----------
    loss : SimulatedLoss
        The years.
    """
    mean = loss.mean()
    lines = [
        f"SimulatedLoss of {counted(loss.years, 'year')}, ± standard errors",
        f"  {'mean':12}{figure(mean.value):>18} ± {error(mean.standard_error)}",
        f"  {'sd':12}{figure(loss.deviation):>18}",
    ]
    for level in _LEVELS:
        # A tail of less than ten years says little of itself.
        if loss.years * (1.0 - level) < 10.0:
            break
        for name, found in (
            ("VaR", loss.value_at_risk(level)),
            ("TVaR", loss.tail_value_at_risk(level)),
        ):
            told = f"{figure(found.value):>18} ± {error(found.standard_error)}"
            lines.append(f"  {f'{name} {level:g}':12}{told}")
    return "\n".join([*lines, f"  {'worst year':12}{figure(loss.largest):>18}"])


def _terms(loss: AggregateLoss) -> str:
    limit, attachment = loss.annual_limit, loss.annual_attachment
    if limit == math.inf and attachment == 0.0:
        return ""
    most = "unlimited" if limit == math.inf else figure(limit)
    return f", {most} in excess of {figure(attachment)} a year"
