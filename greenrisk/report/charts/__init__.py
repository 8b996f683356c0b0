# SPDX-License-Identifier: Apache-2.0
"""One file per kind of chart; matplotlib lives here only."""
