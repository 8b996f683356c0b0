# SPDX-License-Identifier: Apache-2.0
"""Indices, one file a kind: from one or several series to one value a year, or to events of years."""
