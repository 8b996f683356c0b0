# SPDX-License-Identifier: Apache-2.0
"""Cards of severity: what each is used for and which numbers it must bring.

What lives here: names. What does not: what the numbers mean for a loss (:mod:`greenrisk.pollution.severity.laws`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from greenrisk.pollution.severity.heads import HEADS

RECORDED_HEADS: Final = ("third_party_property", "emergency_response", "clean_up")
"""Heads that the pipeline reports price, in the order of :data:`~greenrisk.pollution.severity.heads.HEADS`."""

JUDGED_HEADS: Final[Mapping[str, str]] = {"bodily_injury": "bodily", "legal_cost": "legal"}
"""Heads that no report prices, with the role of the card that judges each."""

THRESHOLDS: Final = ("p80", "p90")
"""Options of the parameter ``tail_threshold``: where the tail begins."""


@dataclass(frozen=True)
class SeverityRole:
    """What a card of severity must hold.

    Parameters
    ----------
    use : str
        The use that the card must state.
    parameters, constants : tuple of str
        What it must have; no other parameter is known.
    units : mapping of str to str
        Units of the parameters that have one; all others are unitless.
    """

    use: str
    parameters: tuple[str, ...]
    constants: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)


def _recorded(*names: str) -> tuple[str, ...]:
    return tuple(f"{head}_{name}" for head in RECORDED_HEADS for name in names)


_OF_HEAD = ("share_positive", "mu", "sigma", "shape_80", "scale_80", "shape_90", "scale_90")
_JUDGED = ("share_positive", "median", "sigma")

SEVERITY_ROLES: Final[Mapping[str, SeverityRole]] = {
    "severity": SeverityRole(
        "zone.severity",
        (*_recorded(*_OF_HEAD), "tail_threshold", "dependence", "physical_cap"),
        (
            "price_year",
            "reports",
            *_recorded("positive", "threshold_80", "exceedances_80", "threshold_90", "exceedances_90"),
        ),
        {
            **dict.fromkeys(_recorded("mu"), "ln(USD)"),
            **dict.fromkeys(_recorded("scale_80", "scale_90"), "USD"),
            "physical_cap": "CNY",
        },
    ),
    "bodily": SeverityRole("zone.severity_bodily", _JUDGED, units={"median": "CNY"}),
    "legal": SeverityRole("zone.severity_legal", _JUDGED, units={"median": "CNY"}),
    "transfer": SeverityRole(
        "zone.transfer",
        ("frequency_factor", "severity_factor", "cny_per_usd"),
        units={"cny_per_usd": "CNY/USD"},
    ),
}
"""Cards of severity by role."""

assert set(HEADS) == {*RECORDED_HEADS, *JUDGED_HEADS}
