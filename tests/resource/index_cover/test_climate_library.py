# SPDX-License-Identifier: Apache-2.0
"""climate_indices is imported late, says nothing, and leaves the log of others as it was."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import logging, sys
logging.basicConfig(level=logging.WARNING, format="own %(message)s")
root = logging.getLogger()
before = list(root.handlers), root.level
from greenrisk.resource.index_cover import freezing, index_reading
assert "climate_indices" not in sys.modules
from greenrisk.resource.index_cover.indices.climate_library import climate_indices
library = climate_indices()
assert (list(root.handlers), root.level) == before
import numpy as np
months = library.compute.Periodicity.monthly
rain = np.random.default_rng(1).gamma(2.0, 30.0, 480)
library.indices.spi(rain, 1, library.indices.Distribution.gamma, 1961, 1961, 2000, months)
logging.getLogger("another").warning("is heard")
"""


def test_the_library_is_silent_and_leaves_the_log_of_others() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "own is heard\n")
