# SPDX-License-Identifier: Apache-2.0
"""How an aggregate law is printed: one readable block, each figure with its numerical error."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from greenrisk.actuarial.aggregate.loss import AggregateLoss

_LEVELS = (0.9, 0.99, 0.995, 0.999)


def block(loss: AggregateLoss) -> str:
    """Return the law in words and figures.

    Parameters
    ----------
    loss : AggregateLoss
        The law.
    """
    law, error = loss.fine.law, loss.error
    lines = [f"AggregateLoss of {_count(len(loss.compounds), 'compound')}{_terms(loss)}"]
    mean = loss.mean_with_error()
    how = "exact" if loss.exact is not None else f"± {mean.error:.1g}"
    lines.append(f"  {'mean':12}{_figure(mean.value):>18} {how}")
    lines.append(f"  {'sd':12}{_figure(math.sqrt(loss.var())):>18}")
    for level in _LEVELS:
        if level > loss.fine.greatest_level:
            break
        value = loss.value_at_risk(level)
        lines.append(f"  {f'VaR {level:g}':12}{_figure(value.value):>18} ± {value.error:.1g} ({value.kind})")
        if math.isfinite(mean.value):
            tail = loss.tail_value_at_risk(level)
            lines.append(f"  {f'TVaR {level:g}':12}{_figure(tail.value):>18} ± {tail.error:.1g}")
    lines.append(
        f"  grid of {error.size:,} cells of {_figure(law.step)}; doubled grid {error.doubled_grid:.1g}, "
        f"beyond it {error.tail_mass:.1g}" + ("" if error.converged else "; NOT within the tolerance")
    )
    return "\n".join(lines)


def _figure(value: float) -> str:
    """Six digits; money of the usual sizes without powers of ten."""
    if not 1e6 <= abs(value) < 1e15:
        return f"{value:,.6g}"
    return f"{round(value, 5 - math.floor(math.log10(abs(value)))):,.0f}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _terms(loss: AggregateLoss) -> str:
    limit, attachment = loss.annual_limit, loss.annual_attachment
    if limit == math.inf and attachment == 0.0:
        return ""
    most = "unlimited" if limit == math.inf else _figure(limit)
    return f", {most} in excess of {_figure(attachment)} a year"
