# SPDX-License-Identifier: Apache-2.0
"""Official grades, one file a rule."""
