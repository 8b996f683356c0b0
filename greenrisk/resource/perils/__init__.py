# SPDX-License-Identifier: Apache-2.0
"""Perils: one file each."""
