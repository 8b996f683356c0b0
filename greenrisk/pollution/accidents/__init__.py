# SPDX-License-Identifier: Apache-2.0
"""How often plants and vehicles have accidents."""
