"""Handles bugs in a command: the whole report goes to a file, one sentence to the screen."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType

from queuedesk import __version__
from queuedesk.cli import output
from queuedesk.files.private import private_folder
from queuedesk.i18n import _
from queuedesk.paths import data_folder

CODE = "bug"
INTERRUPTED = 130
LARGEST = 1_000_000


@contextmanager
def watched(*, as_json: bool) -> Iterator[None]:
    """Tell of every exception that nobody catches inside; the process then ends with status 1.

    One that an interrupt brought about, in the middle of somebody else's cleaning up, ends it as quietly as the
    interrupt itself.
    """
    interrupted = False

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = True
        raise KeyboardInterrupt

    def told(kind: type[BaseException], bug: BaseException, trace: TracebackType | None) -> None:
        if interrupted:
            os._exit(INTERRUPTED)
        _tell(kind, "".join(traceback.format_exception(kind, bug, trace)), as_json=as_json)

    sys.excepthook = told
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _tell(kind: type[BaseException], trace: str, *, as_json: bool) -> None:
    path = _write_down(trace)
    sentence = _("Something in QueueDesk went wrong ({kind}); {path} tells more.", kind=kind.__name__, path=path)
    if not as_json:
        output.note(sentence)
        return
    try:
        output.put_json({"error": {"code": CODE, "message": sentence}})
    except (output.UnprintableError, BrokenPipeError):
        output.note(sentence)


def _write_down(text: str) -> str:
    """Add to this user's log of commands and return its path; "-" where nothing can be written."""
    path = data_folder() / "log" / "commands.log"
    try:
        private_folder(path.parent)
        if path.exists() and path.stat().st_size > LARGEST:
            path.replace(path.with_suffix(".1.log"))
        with path.open("a", encoding="utf-8") as log:
            log.write(f"version {__version__}\n{text}\n")
    except OSError:
        return "-"
    return str(path)
