# SPDX-License-Identifier: Apache-2.0
"""The law of the sum of a year's losses: by transform, by recursion, by simulation."""
