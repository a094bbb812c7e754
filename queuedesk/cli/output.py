"""Where commands print: one document or plain lines on standard output, one sentence on standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TextIO

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.i18n import _, say

WORD_JOINER = "\u2060"  # holds a range together on a page; in a terminal it is noise


class UnprintableError(OutsideError):
    """Standard output takes nothing: the answer can only be missed, so the sentence goes to standard error."""

    def __init__(self) -> None:
        super().__init__("cannot_write", path=_("Standard output"))


def prepare() -> None:
    """Make both streams take every text: UTF-8 into files and pipes, signs that a terminal lacks as escapes."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(**({} if stream.isatty() else {"encoding": "utf-8"}), errors="backslashreplace")


def put(text: str) -> None:
    """Print a line or lines on standard output. Raises UnprintableError, or BrokenPipeError when nobody reads any
    more."""
    if sys.stdout is None:  # closed before we started
        raise UnprintableError
    try:
        sys.stdout.write(text.replace(WORD_JOINER, "") + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        silence(sys.stdout)
        raise UnprintableError from error


def put_json(document: Mapping[str, Any]) -> None:
    """Print one JSON document on a line of its own. Raises as put()."""
    put(json.dumps(document, ensure_ascii=False))


def note(sentence: str) -> None:
    """Print one sentence on standard error, if anybody can read it there."""
    with suppress(OSError, AttributeError):
        sys.stderr.write(one_line(sentence) + "\n")
        sys.stderr.flush()


def refuse(error: QueueDeskError, *, as_json: bool) -> None:
    """Print why a command was not done."""
    sentence = one_line(say(error))
    if as_json:
        put_json({"error": {"code": error.code, "message": sentence}})
    else:
        note(sentence)


def one_line(text: str) -> str:
    """Return `text` without line breaks and control characters, which people may have typed into their words."""
    return " ".join("".join(c if c.isprintable() else " " for c in text.replace(WORD_JOINER, "")).split())


def silence(stream: TextIO) -> None:
    """Send what is left to print nowhere: Python would complain when it leaves."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
