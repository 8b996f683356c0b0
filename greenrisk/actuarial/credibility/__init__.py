# SPDX-License-Identifier: Apache-2.0
"""How much own experience weighs: limited fluctuation, Bühlmann and its kin, judged priors."""
