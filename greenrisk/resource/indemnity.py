# SPDX-License-Identifier: Apache-2.0
"""What a policy pays for a damaged area: Chinese deductible rules as presets of one object."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from greenrisk.core.spec import Spec


class DeductibleRule(Spec):
    """From loss degree and damaged area to the share of the sum insured that is paid."""

    kind: Literal["area", "relative", "franchise", "none"]
    """`area`: an area is deducted; `relative`: a loss degree is deducted; `franchise`: nothing is deducted once the trigger is
    reached; `none`: every loss is paid."""

    trigger: float = Field(default=0.0, ge=0, le=1)
    """Loss degree below which nothing is paid [unitless]."""

    full_loss: float = Field(default=1.0, gt=0, le=1)
    """Loss degree from which the full sum insured of the damaged area is paid; the step is kept [unitless]."""

    share: float = Field(default=0.0, ge=0, lt=1)
    """Share of the damaged area (`area`) or of the loss degree (`relative`) that is deducted [unitless]."""

    absolute_mu: float | None = Field(default=None, ge=0)
    """Absolute deductible area [mu]."""

    combine: Literal["min", "max"] | None = None
    """Whether the smaller or the larger of the relative and the absolute deductible area counts; never guessed."""
