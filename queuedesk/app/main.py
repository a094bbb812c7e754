"""The program's entry: everything is handed to the command line, which is lent what it may not import."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from queuedesk.app.clock import pc_clock
from queuedesk.app.lending import command_tools
from queuedesk.app.openers import openers


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status. Qt is loaded only when a station opens."""
    from queuedesk.cli.main import run

    words = list(sys.argv[1:] if argv is None else argv)
    return run(words, openers=openers(), clock=pc_clock, tools=command_tools())
