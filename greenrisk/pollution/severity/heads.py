# SPDX-License-Identifier: Apache-2.0
"""Heads of loss: what a third party, the public or a court asks for after an accident.

What lives here: the heads, their order and their words. What does not: their laws
(:mod:`greenrisk.pollution.severity.laws`) and what a policy pays of them (:mod:`greenrisk.pollution.liability`).

Every head is loss off the insured's own site. Damage to the insured's own plant, product or stock is in none of them.
"""

from __future__ import annotations

from typing import Final

HEADS: Final = ("third_party_property", "bodily_injury", "emergency_response", "clean_up", "legal_cost")
"""Heads of loss; a code is an index into this tuple. ``legal_cost`` is the cost of defence."""

HEAD_WORDS: Final = (
    "Third-party property",
    "Bodily injury",
    "Emergency response",
    "Clean-up and restoration",
    "Legal cost",
)
"""The heads' words in a table or chart, in the order of :data:`HEADS`."""

HEAD_WORDS_ZH: Final = ("第三者财产损失", "第三者人身损害", "应急处置费用", "清污与生态修复费用", "法律费用")
"""The heads' Chinese words, in the order of :data:`HEADS`."""

THIRD_PARTY_PROPERTY: Final = HEADS.index("third_party_property")
"""Code of property of third parties."""

BODILY_INJURY: Final = HEADS.index("bodily_injury")
"""Code of death and injury of third persons."""

EMERGENCY_RESPONSE: Final = HEADS.index("emergency_response")
"""Code of emergency disposal, monitoring and evacuation."""

CLEAN_UP: Final = HEADS.index("clean_up")
"""Code of clean-up and ecological restoration off site."""

LEGAL_COST: Final = HEADS.index("legal_cost")
"""Code of the cost of defence."""
