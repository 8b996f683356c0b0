# SPDX-License-Identifier: Apache-2.0
"""The library climate_indices, without its log: imported late, for it takes two seconds and sets up logging for all."""

from __future__ import annotations

import logging
from functools import cache
from types import ModuleType


@cache
def climate_indices() -> ModuleType:
    """Return the library, silent; what it did to the root logger on import is undone."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    import climate_indices as library

    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("climate_indices").setLevel(logging.CRITICAL + 1)
    silent: ModuleType = library
    return silent
