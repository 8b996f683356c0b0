# SPDX-License-Identifier: Apache-2.0
"""Fits: severities with deductibles and limits, tails and extremes, goodness of fit, ratios and shares."""
