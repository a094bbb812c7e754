"""Draws many stations' pictures in one process: command lines as JSON at its input; ends with the status of the first
that fails."""

from __future__ import annotations

import json
import sys

from queuedesk.app.main import main


def draw_all() -> int:
    """Carry out one command line after the other. Qt, fonts and the program are loaded once, which is most of a
    picture's time."""
    for words in json.load(sys.stdin):
        if status := main(words):
            return status
    return 0


if __name__ == "__main__":
    sys.exit(draw_all())
