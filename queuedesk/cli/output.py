"""Where commands print, and what they print of a bug: the whole report goes to a file, one sentence to the screen."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import EINVAL
from types import FrameType, TracebackType
from typing import Any, TextIO

from queuedesk import __version__
from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.files.writing import ensure_private_folder
from queuedesk.i18n import _, current_language, error_sentence
from queuedesk.paths import data_folder
from queuedesk.watch import bug_text

WORD_JOINER = "\u2060"  # holds a range together on a page; in a terminal it is noise


class StandardOutputError(OutsideError):
    """Standard output can't be written to. The answer is lost, so the sentence goes to standard error."""

    def __init__(self) -> None:
        super().__init__("cannot_write", path=_("Standard output"))


def prepare_output_streams() -> None:
    """Make both streams take any text: UTF-8 in files and pipes, escapes for characters that a terminal lacks."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(**({} if stream.isatty() else {"encoding": "utf-8"}), errors="backslashreplace")


def print_text(text: str) -> None:
    """Print lines on standard output. Raises StandardOutputError, or BrokenPipeError when the reader has gone."""
    if sys.stdout is None:  # closed before we started
        raise StandardOutputError
    try:
        sys.stdout.write(text.replace(WORD_JOINER, "") + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        if os.name == "nt" and error.errno == EINVAL:  # what Windows says of a pipe that nobody reads any more
            raise BrokenPipeError from error
        discard_remaining_output(sys.stdout)
        raise StandardOutputError from error


def print_json_line(document: Mapping[str, Any]) -> None:
    """Print one JSON document on a line of its own. Raises as print_text()."""
    print_text(json.dumps(document, ensure_ascii=False))


def print_sentence_to_stderr(sentence: str) -> None:
    """Print one sentence on standard error, if it can be written to."""
    with suppress(OSError, AttributeError):
        sys.stderr.write(one_line(sentence) + "\n")
        sys.stderr.flush()


def refusal_sentence(error: QueueDeskError) -> str:
    """Return error_sentence(), with the command that helps where a screen has a button for it."""
    if error.code == "clock_ahead":
        from queuedesk.i18n.clock_words import confirm_clock_by_command_text

        return confirm_clock_by_command_text(current_language(), error.details)
    return error_sentence(error)


def print_refusal(error: QueueDeskError, *, as_json: bool) -> None:
    sentence = one_line(refusal_sentence(error))
    if as_json:
        print_json_line({"error": {"code": error.code, "message": sentence}})
    else:
        print_sentence_to_stderr(sentence)


def one_line(text: str) -> str:
    """Return `text` without line breaks and control characters, which people may have typed into their words."""
    return " ".join("".join(c if c.isprintable() else " " for c in text.replace(WORD_JOINER, "")).split())


def discard_remaining_output(stream: TextIO) -> None:
    """Discard what is left to print: Python would complain when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


# -- handles bugs in a command: the whole report goes to a file, one sentence to the screen --------------------------

CODE, USAGE = "bug", "usage"
INTERRUPTED = 130
LARGEST = 1_000_000
JOURNAL = "journalctl"
"""What shows the log of a service."""


@contextmanager
def reporting_uncaught_exceptions(*, as_json: bool) -> Iterator[None]:
    """Report every exception that nobody catches inside; the process then ends with status 1. One that an interrupt
    caused while other code was cleaning up ends the process as quietly as the interrupt itself."""
    interrupted = False

    def raise_interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = True
        raise KeyboardInterrupt

    def report_uncaught(kind: type[BaseException], bug: BaseException, trace: TracebackType | None) -> None:
        if interrupted:
            os._exit(INTERRUPTED)
        _log_and_print_bug(bug.with_traceback(trace), as_json=as_json)

    sys.excepthook = report_uncaught
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, raise_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _log_and_print_bug(bug: BaseException, *, as_json: bool) -> None:
    sentence = log_bug_return_sentence(bug)
    if not as_json:
        print_sentence_to_stderr(sentence)
        return
    try:
        print_json_line({"error": {"code": CODE, "message": sentence}})
    except (StandardOutputError, BrokenPipeError):
        print_sentence_to_stderr(sentence)


def log_bug_return_sentence(bug: BaseException) -> str:
    """Write the report of a bug down and return the sentence that says so, where the process may go on."""
    path = _append_to_command_log(bug_text(bug))
    return _("Something in QueueDesk went wrong ({kind}); {path} tells more.", kind=type(bug).__name__, path=path)


def is_journal_at_stderr() -> bool:
    """Whether systemd keeps what this process writes to standard error."""
    try:
        stream = os.fstat(2)
    except OSError:
        return False
    return os.environ.get("JOURNAL_STREAM") == f"{stream.st_dev}:{stream.st_ino}"


def _append_to_command_log(text: str) -> str:
    """Add to this user's log of commands and return its path; "-" where nothing can be written, JOURNAL where that is
    kept instead."""
    path = data_folder() / "log" / "commands.log"
    try:
        if is_journal_at_stderr():
            sys.stderr.write(f"version {__version__}\n{text}\n")
            return JOURNAL
        ensure_private_folder(path.parent)
        if path.exists() and path.stat().st_size > LARGEST:
            path.replace(path.with_suffix(".1.log"))
        with path.open("a", encoding="utf-8") as log:
            log.write(f"version {__version__}\n{text}\n")
    except OSError:
        return "-"
    return str(path)
