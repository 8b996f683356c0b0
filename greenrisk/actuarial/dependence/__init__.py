# SPDX-License-Identifier: Apache-2.0
"""Dependence between lines: copulas, common shocks, reordering, and matrices that are fit for them."""
