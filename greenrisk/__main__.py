# SPDX-License-Identifier: Apache-2.0
"""``python -m greenrisk`` is the command ``greenrisk``."""

from greenrisk.cli.main import cli

# Worker processes import this file again under another name; the guard keeps them from running the command.
if __name__ == "__main__":
    cli(prog_name="greenrisk")
