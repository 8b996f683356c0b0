# SPDX-License-Identifier: Apache-2.0
"""Terms of a loss, layers, towers and reinsurance programmes, over event tables and over computed laws."""
