# SPDX-License-Identifier: Apache-2.0
"""The regulator's questions: is the mandatory limit enough, who must insure, who pays the rest, how claims run."""
