# SPDX-License-Identifier: Apache-2.0
"""Forest and wetland insurance: book, perils, indemnity, and the studies built on them."""
