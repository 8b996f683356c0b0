# SPDX-License-Identifier: Apache-2.0
"""Puts this folder on the path, so that every test can import the modules beside it (``small_forest``)."""
