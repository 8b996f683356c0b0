# SPDX-License-Identifier: Apache-2.0
"""Valuation of damage beside the heads of loss: virtual treatment cost, the Spanish index, event levels."""
