# SPDX-License-Identifier: Apache-2.0
"""The shipped cards of severity, by role."""

from functools import cache
from pathlib import Path

from greenrisk.core.cards import read_card

ROOT = Path(__file__).resolve().parents[3]
NAMES = {
    "severity": "zone-severity-phmsa",
    "bodily": "zone-severity-bodily-judged",
    "legal": "zone-severity-legal-judged",
    "transfer": "zone-transfer-china-judged",
}


@cache
def cards():
    return {role: read_card(ROOT / "models" / f"{name}.yaml") for role, name in NAMES.items()}


def values(**changed):
    """Central values by role; ``transfer={"severity_factor": 1.0}`` changes one of them."""
    central = {role: card.values() for role, card in cards().items()}
    return {role: {**given, **changed.get(role, {})} for role, given in central.items()}


def constants():
    return {role: card.constants for role, card in cards().items()}
