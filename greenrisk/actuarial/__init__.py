# SPDX-License-Identifier: Apache-2.0
"""What an actuary brings: frequency, severity, layers, measures, premium."""
