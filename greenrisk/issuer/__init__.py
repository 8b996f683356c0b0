# SPDX-License-Identifier: Apache-2.0
"""Bond issuers under stress: statements, production, channels from a policy to the books, default and spread."""
