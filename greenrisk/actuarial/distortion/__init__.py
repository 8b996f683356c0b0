# SPDX-License-Identifier: Apache-2.0
"""Distortions of the probability of exceedance: the functions, what a loss costs under them, their calibration."""
