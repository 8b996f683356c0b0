# SPDX-License-Identifier: Apache-2.0
"""Chemical zones: inventory, official grade, accidents, heads of loss, and what mandatory cover must bear."""
