# SPDX-License-Identifier: Apache-2.0
"""The perils of wetlands, one file each; :mod:`greenrisk.resource.wetland.perils.listing` is their list."""
