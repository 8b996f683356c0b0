# SPDX-License-Identifier: Apache-2.0
"""Prints one of the README's commands, so that a script runs what the README says.

python docs/readme_command.py 1      the first: install and run
python docs/readme_command.py 2      the second: install and test
"""

from __future__ import annotations

import sys

from generator.readme import README, commands

if __name__ == "__main__":
    print(commands(README.read_text(encoding="utf-8"))[int(sys.argv[1]) - 1])
