# SPDX-License-Identifier: Apache-2.0
"""Laws of the number of losses in a year."""
