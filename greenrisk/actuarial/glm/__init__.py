# SPDX-License-Identifier: Apache-2.0
"""Regressions with log link over statsmodels: counts, amounts, Tweedie, rating tables, mixed effects."""
