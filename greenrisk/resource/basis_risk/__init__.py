# SPDX-License-Identifier: Apache-2.0
"""Basis risk: what an index cover pays beside what its buyer loses."""
