# SPDX-License-Identifier: Apache-2.0
"""What a policy pays for a damaged area: Chinese deductible rules as presets of one object.

Areas are in mu (亩) throughout, as in the wordings; :data:`greenrisk.core.units.MU_PER_HA` converts at the
door. Limits per event and per year live in :mod:`greenrisk.actuarial.layers`.
"""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import ConfigDict, Field, model_validator

from greenrisk.core.errors import ArgumentError, Faults
from greenrisk.core.spec import Spec

PRESETS: Final[dict[str, dict[str, Any]]] = {
    # The code tests its branch with 10 % of the area against 10 mu, and then deducts 15 %.
    "policy_forest": {
        "kind": "area",
        "trigger": 0.10,
        "full_loss": 0.90,
        "share": 0.15,
        "branch_share": 0.10,
        "absolute_mu": 10.0,
    },
    "crop": {"kind": "relative", "trigger": 0.30, "full_loss": 0.80},
    "commercial_fire": {"kind": "relative", "trigger": 0.20, "full_loss": 0.90, "share": 0.20},
    "old_trees": {"kind": "franchise", "trigger": 0.20, "rescue_cost": True},
    "none": {"kind": "none"},
}
"""The presets by name; ``combine`` is never part of one, because wordings differ."""

PRESET_SOURCES: Final[dict[str, str]] = {
    "policy_forest": "One insurer's claims code, a branch that was commented out: a practice, not a "
    "statute. A deduction of 10 % (`share: 0.10`) is said to be usual: unconfirmed.",
    "crop": "The same code; the deducted loss degree is the policy's (`share`).",
    "commercial_fire": "Text of a plain commercial forest fire policy.",
    "old_trees": "Nanfang Daily, 2023-07-31 (Zhongshan): sum insured times loss degree from 20 % on, plus "
    "rescue cost.",
    "none": "Every loss is paid.",
}
"""Where each preset comes from."""

PresetName = Literal["policy_forest", "crop", "commercial_fire", "old_trees", "none"]


def _schema_extra(schema: dict[str, Any]) -> None:
    # In YAML either the preset or the kind is given; pydantic alone would always ask for the kind.
    schema["required"] = [name for name in schema.get("required", []) if name != "kind"]
    if not schema["required"]:
        del schema["required"]
    schema["anyOf"] = [{"required": ["preset"]}, {"required": ["kind"]}]


class DeductibleRule(Spec):
    """From loss degree and damaged area to the share of the sum insured that is paid.

    The loss degree d is the damaged part of the value in the damaged area a. Nothing is paid below
    ``trigger``; from ``full_loss`` on the whole sum insured of the damaged area is paid (the step is kept);
    between them the ``kind`` decides.
    """

    model_config = ConfigDict(json_schema_extra=_schema_extra)

    preset: PresetName | None = Field(default=None, exclude=True)
    """Start from a named rule; further keys override its parts. It is expanded on reading, so that what is
    run and written out is the rule itself."""

    kind: Literal["area", "relative", "franchise", "none"]
    """`area`: an area is deducted; `relative`: a loss degree is deducted; `franchise`: nothing is deducted
    once the trigger is reached; `none`: every loss is paid."""

    trigger: float = Field(default=0.0, ge=0, le=1)
    """Loss degree below which nothing is paid [unitless]."""

    full_loss: float = Field(default=1.0, gt=0, le=1)
    """Loss degree from which the full sum insured of the damaged area is paid; the step is kept
    [unitless]."""

    share: float | None = Field(default=None, ge=0, lt=1)
    """Share of the damaged area (`area`) or the loss degree (`relative`) that is deducted [unitless]."""

    absolute_mu: float | None = Field(default=None, ge=0)
    """Absolute deductible area, for each damaged area to which the rule is applied [mu]."""

    combine: Literal["min", "max"] | None = None
    """Whether the smaller or the larger (以高者为准) of the relative and the absolute deductible area
    counts; never guessed."""

    branch_share: float | None = Field(default=None, ge=0, lt=1)
    """Only with `combine: min`, to run a claims code whose branch test uses another share than its
    deduction: the relative deduction counts where this share of the area is below `absolute_mu`. Empty: the
    test uses `share` [unitless]."""

    cap: float = Field(default=1.0, gt=0, le=1)
    """Largest share of the sum insured of the damaged area that is paid [unitless]."""

    rescue_cost: bool = False
    """Whether the cost of rescue is paid on top of the sum insured."""

    @model_validator(mode="before")
    @classmethod
    def _expand_preset(cls, data: Any) -> Any:
        if not isinstance(data, dict) or data.get("preset") is None:
            return data
        name = data["preset"]
        if not isinstance(name, str) or name not in PRESETS:
            # The field refuses it, at its own place and with the list of presets; a kind keeps it one fault.
            return {"kind": "none"} | data
        given = {key: value for key, value in data.items() if key != "preset"}
        parts = dict(PRESETS[name])
        if given.get("combine") == "max":
            # The odd branch test is the smaller-of code alone; a larger-of wording compares what it deducts.
            parts.pop("branch_share", None)
        return parts | given

    @model_validator(mode="after")
    def _parts_fit_the_kind(self) -> Self:
        wrong = [*self._wrong_area_parts(), *self._wrong_share()]
        if self.kind != "none" and self.trigger >= self.full_loss:
            wrong.append(f"`trigger` ({self.trigger:g}) must be below `full_loss` ({self.full_loss:g}).")
        if self.kind == "none" and (self.trigger > 0 or self.full_loss < 1):
            wrong.append("A rule of kind `none` has no `trigger` and no `full_loss`; use `franchise`.")
        if wrong:
            raise ValueError(" ".join(wrong))
        return self

    def _wrong_share(self) -> list[str]:
        if self.kind == "relative" and self.share is None:
            return ["A `relative` rule needs `share`, the loss degree that is deducted; it is never guessed."]
        if self.kind in ("franchise", "none") and self.share is not None:
            return [f"A rule of kind `{self.kind}` deducts nothing: leave `share` out."]
        return []

    def _wrong_area_parts(self) -> list[str]:
        area_parts = {
            "absolute_mu": self.absolute_mu,
            "combine": self.combine,
            "branch_share": self.branch_share,
        }
        if self.kind != "area":
            present = ", ".join(f"`{name}`" for name, value in area_parts.items() if value is not None)
            return [f"Only a rule of kind `area` has {present}."] if present else []
        if self.share is None and self.absolute_mu is None:
            return ["An `area` rule needs `share`, `absolute_mu` or both."]
        both = self.share is not None and self.absolute_mu is not None
        if both and self.combine is None:
            return [
                "The rule deducts an area by share and in mu: say `combine: min` (the smaller counts) or "
                "`combine: max` (the larger, 以高者为准), as the policy's wording does; it is never guessed."
            ]
        if not both and self.combine is not None:
            return ["`combine` needs both `share` and `absolute_mu`."]
        if self.branch_share is not None and self.combine != "min":
            return ["`branch_share` belongs to `combine: min`."]
        return []

    def numbers(self) -> RuleNumbers:
        """Return the rule as plain numbers for :func:`paid_share_of_one`, e.g. inside a compiled loop."""
        return RuleNumbers(
            trigger=self.trigger,
            full_loss=self.full_loss,
            deducted_degree=(self.share or 0.0) if self.kind == "relative" else 0.0,
            area_share=(self.share or 0.0) if self.kind == "area" else 0.0,
            absolute_mu=(self.absolute_mu or 0.0) if self.kind == "area" else 0.0,
            branch_share=-1.0 if self.branch_share is None else self.branch_share,
            # A rule with one of the two deductions is the larger-of rule with the other at zero.
            larger=self.combine != "min",
            cap=self.cap,
        )


class RuleNumbers(NamedTuple):
    """A :class:`DeductibleRule` as plain numbers, with no choice left to names."""

    trigger: float
    """[unitless]"""
    full_loss: float
    """[unitless]"""
    deducted_degree: float
    """Loss degree deducted [unitless]."""
    area_share: float
    """Share of the area deducted [unitless]."""
    absolute_mu: float
    """Area deducted [mu]."""
    branch_share: float
    """Share of the area that the smaller-of branch compares with ``absolute_mu``; negative: ``area_share``
    [unitless]."""
    larger: bool
    """Whether the larger of the two deducted areas counts."""
    cap: float
    """[unitless]"""


def paid_share_of_one(rule: RuleNumbers, degree: float, area_mu: float) -> float:
    """Return the share of the sum insured of one damaged area that is paid.

    Plain arithmetic on scalars, so that a hot loop may compile it (``numba.njit(paid_share_of_one)``).

    Parameters
    ----------
    rule : RuleNumbers
        From :meth:`DeductibleRule.numbers`.
    degree : float
        Loss degree [unitless], in [0, 1].
    area_mu : float
        Damaged area [mu], >= 0.

    Returns
    -------
    float
        Share of ``sum_insured_per_mu * area_mu`` [unitless], in [0, cap].
    """
    if degree < rule.trigger:
        return 0.0
    if degree >= rule.full_loss:
        return rule.cap
    left = 1.0 - rule.area_share
    if rule.absolute_mu > 0.0:
        absolute_left = 1.0 - rule.absolute_mu / area_mu if area_mu > rule.absolute_mu else 0.0
        if rule.larger:
            left = min(left, absolute_left)
        elif rule.branch_share < 0.0:
            left = max(left, absolute_left)
        elif rule.branch_share * area_mu >= rule.absolute_mu:
            left = absolute_left
    elif not rule.larger:
        left = 1.0
    return min(max(degree - rule.deducted_degree, 0.0) * left, rule.cap)


def paid_share(rule: DeductibleRule, degree: ArrayLike, area_mu: ArrayLike) -> NDArray[np.float64]:
    """Return the share of the sum insured of each damaged area that is paid.

    Parameters
    ----------
    rule : DeductibleRule
        The rule.
    degree : array, shape (hit,)
        Loss degree [unitless], in [0, 1]. NaN gives NaN.
    area_mu : array, shape (hit,) or scalar
        Damaged area [mu], >= 0.

    Returns
    -------
    array, shape (hit,)
        Share of ``sum_insured_per_mu * area_mu`` [unitless], in [0, cap].

    Notes
    -----
    With loss degree d, area a, trigger t, full loss f, the share paid is 0 for d < t, cap for d >= f, and
    between

    - area: ``d * (1 - D / a)``, D the deducted area: ``share * a``, ``absolute_mu``, or their min or max,
    - relative: ``(d - share)+``,
    - franchise, none: ``d``,

    never more than cap. The payment does not fall when d rises. It does not fall either when a rises, save
    with a ``branch_share`` above ``share``, where the code's branch drops it at ``a = absolute_mu /
    branch_share``. From ``full_loss`` on the payment exceeds the loss itself (SI * a for a loss of SI * d *
    a): the step of the rule. The rule is not additive: under ``combine: min`` one large area is paid more
    than its parts, under ``max`` too.

    References
    ----------
    See :data:`PRESET_SOURCES`.
    """
    d = np.asarray(degree, dtype=np.float64)
    a = np.asarray(area_mu, dtype=np.float64)
    n = rule.numbers()
    part = d
    if n.deducted_degree > 0.0:
        part = np.maximum(d - n.deducted_degree, 0.0)
    if n.absolute_mu > 0.0:
        # Below the absolute area nothing is left of it; dividing there would only make zeros and infinities.
        absolute_left = 1.0 - n.absolute_mu / np.maximum(a, n.absolute_mu)
        if n.larger:
            left = np.minimum(absolute_left, 1.0 - n.area_share)
        elif n.branch_share < 0.0:
            left = np.maximum(absolute_left, 1.0 - n.area_share)
        else:
            left = np.where(n.branch_share * a < n.absolute_mu, 1.0 - n.area_share, absolute_left)
        part = part * left
    elif n.larger and n.area_share > 0.0:
        part = part * (1.0 - n.area_share)
    share = np.where(d < n.trigger, 0.0, np.where(d >= n.full_loss, n.cap, np.minimum(part, n.cap)))
    return np.broadcast_to(share, np.broadcast_shapes(d.shape, a.shape)).astype(np.float64, copy=True)


def payment(
    rule: DeductibleRule,
    sum_insured_per_mu: ArrayLike,
    degree: ArrayLike,
    area_mu: ArrayLike,
    rescue_cost: ArrayLike = 0.0,
) -> NDArray[np.float64]:
    """Return what is paid for each damaged area.

    Parameters
    ----------
    rule : DeductibleRule
        The rule.
    sum_insured_per_mu : array, shape (hit,) or scalar
        Sum insured [CNY/mu], >= 0.
    degree : array, shape (hit,)
        Loss degree [unitless], in [0, 1].
    area_mu : array, shape (hit,) or scalar
        Damaged area [mu], >= 0.
    rescue_cost : array, shape (hit,) or scalar
        Cost of rescue [CNY], >= 0; paid on top where the rule covers it and the trigger is reached.

    Returns
    -------
    array, shape (hit,)
        Payment [CNY], at most ``sum_insured_per_mu * area_mu`` plus a covered rescue cost.

    Raises
    ------
    ArgumentError
        If an argument is not finite or outside its domain.

    Notes
    -----
    The source of the preset ``old_trees`` says "once the loss degree reaches 20 %: sum insured times loss
    degree, plus rescue cost"; rescue below the trigger is read as not paid (unconfirmed).
    """
    faults = Faults()
    arguments = {
        "sum_insured_per_mu": (np.asarray(sum_insured_per_mu, dtype=np.float64), np.inf, "CNY/mu, >= 0"),
        "degree": (np.asarray(degree, dtype=np.float64), 1.0, "unitless, in [0, 1]"),
        "area_mu": (np.asarray(area_mu, dtype=np.float64), np.inf, "mu, >= 0"),
        "rescue_cost": (np.asarray(rescue_cost, dtype=np.float64), np.inf, "CNY, >= 0"),
    }
    for name, (values, high, unit) in arguments.items():
        wrong = ~(np.isfinite(values) & (values >= 0) & (values <= high))
        if wrong.any():
            first = values[wrong].flat[0]
            faults.add(name, f"{int(wrong.sum())} values, the first {first:g}", "Outside its domain.", unit)
    faults.raise_if_any(ArgumentError)
    si, d, a, rescue = (values for values, _, _ in arguments.values())
    paid: NDArray[np.float64] = paid_share(rule, d, a) * (si * a)
    if rule.rescue_cost:
        paid = paid + np.where(d >= rule.trigger, rescue, 0.0)
    return paid
