# SPDX-License-Identifier: Apache-2.0
"""The base of everything a user writes in YAML: frozen, strict, documented by its own docstrings."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Spec(BaseModel):
    """A part of a scenario. Its fields are its parameters; the attribute docstrings are its documentation."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        validate_default=True,
    )
