# SPDX-License-Identifier: Apache-2.0
"""Turns a result into a run folder: tables, plots, one HTML page."""
