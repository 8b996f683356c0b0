# SPDX-License-Identifier: Apache-2.0
"""What nature and the authorities say of an enterprise: credit colour and, later, restoration and taxes."""
