# SPDX-License-Identifier: Apache-2.0
"""greenrisk: nature, pollution and climate turned into money, in one auditable chain."""

__version__ = "0.1.0"
