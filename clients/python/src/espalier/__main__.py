# SPDX-License-Identifier: Apache-2.0
"""The command ``python -m espalier check``."""

from __future__ import annotations

import sys

from espalier.check import main as check
from espalier.errors import EspalierError


def main(arguments: list[str]) -> int:
    """Runs a command."""
    if arguments != ["check"]:
        sys.stderr.write("usage: python -m espalier check\n")
        return 2
    try:
        return check()
    except EspalierError as e:
        sys.stderr.write(f"espalier: {e}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
