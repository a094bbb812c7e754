"""The program's entry: builds what commands and stations need and runs the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from queuedesk import watch
from queuedesk.app.clock import pc_clock
from queuedesk.app.services.for_commands import command_services
from queuedesk.app.station.launch import openers


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status. Qt is loaded only when a station opens."""
    from queuedesk.cli.main import run

    words = list(sys.argv[1:] if argv is None else argv)
    status = run(words, openers=openers(), clock=pc_clock, services=command_services())
    if argv is None and not watch.is_at_rest():
        # A thread that nobody waits for still reads something: Python and Qt would be taken apart under it.
        import logging

        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status
