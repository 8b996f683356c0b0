# SPDX-License-Identifier: Apache-2.0
"""From the pure to the gross premium: risk loads, loadings, the build-up with its error, own experience."""
