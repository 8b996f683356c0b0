# SPDX-License-Identifier: Apache-2.0
"""Production plans under a late and sudden transition: quantities, prices, profits, value, default by term."""
