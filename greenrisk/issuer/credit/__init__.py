# SPDX-License-Identifier: Apache-2.0
"""From the books of an issuer to default, rating and spread: lenses side by side, each with its own needs."""
