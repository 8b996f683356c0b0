# SPDX-License-Identifier: Apache-2.0
"""The ground floor: mechanisms only; it knows nothing of insurance."""
