# SPDX-License-Identifier: Apache-2.0
"""Makes the pages that are generated, and refreshes what the hand-written ones quote."""
