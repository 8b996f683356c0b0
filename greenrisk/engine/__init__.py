# SPDX-License-Identifier: Apache-2.0
"""Runs a job block by block; writes no report."""
