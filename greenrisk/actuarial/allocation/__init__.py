# SPDX-License-Identifier: Apache-2.0
"""The measure of a total split over its segments, adding up to it."""
