# SPDX-License-Identifier: Apache-2.0
"""From a YAML file to a frozen, validated scenario."""
