# SPDX-License-Identifier: Apache-2.0
"""Wetlands and waters: sites, perils, restoration and interim loss, and the study of kind ``wetland``."""
