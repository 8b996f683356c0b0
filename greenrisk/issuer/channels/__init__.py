# SPDX-License-Identifier: Apache-2.0
"""Channels: how a scenario reaches an issuer's statement, a file each."""
