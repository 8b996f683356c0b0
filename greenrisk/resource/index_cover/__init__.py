# SPDX-License-Identifier: Apache-2.0
"""Index covers: series, their guards, indices, payouts, prices, and the study of kind ``index``."""
