# SPDX-License-Identifier: Apache-2.0
"""What a policy pays, what a limit leaves uncovered, and who bears it."""
