# SPDX-License-Identifier: Apache-2.0
"""Puts the folder of the liability tests on the path: its zone written by hand serves these tests too."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "liability"))
