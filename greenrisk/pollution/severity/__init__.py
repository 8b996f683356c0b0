# SPDX-License-Identifier: Apache-2.0
"""What an accident costs by head of loss."""
