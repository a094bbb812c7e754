"""Draws many stations' pictures in one process: command lines as JSON at its input; ends with the status of the first
that fails."""

from __future__ import annotations

import json
import sys

from queuedesk.app.main import main


def draw_all() -> int:
    """Carry out the command lines one by one. Qt, fonts and the program are loaded once, which takes most of a
    picture's time."""
    for words in json.load(sys.stdin):
        if status := main(words):
            return status
    return 0


if __name__ == "__main__":
    sys.exit(draw_all())
