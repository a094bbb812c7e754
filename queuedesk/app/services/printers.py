"""The printer of this PC: which it is, how it stands, and one process at a time on a cable."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

from queuedesk.app.services.sheet_printer import default_printer
from queuedesk.app.station.painting import prepare_painting
from queuedesk.app.this_pc import config
from queuedesk.core.errors import OutsideError, RuleError
from queuedesk.core.talk.device import STOPPED
from queuedesk.printing.choice import NO_PRINTER, PICTURES, is_receipt_printer, read_receipt_printer
from queuedesk.store.engine.filelock import FileLock

CAUSES = frozenset({"out_of_paper", "cover_open", "printer_error", "offline", "printer_refused", "slow"})
"""What keeps a printer from printing; "paper_low" does not yet."""
OTHERS_S = 20.0
"""How long a slip waits for one that another station of this PC prints on the same cable."""
_LOOK_S = 0.05


def chosen_printer() -> str:
    """Return the printer of this PC: the one chosen for it, else the system's own choice, "" when there is none; may
    take seconds."""
    return config.load().printer or default_printer()


def kept_printer() -> str:
    """Return the printer that was chosen for this PC, "" for none; the system's own choice is not asked for."""
    return config.load().printer


def choose_printer(printer: str) -> None:
    """Print on `printer` from now on: a name of the system's, or a choice as in printing.choice. Raises RuleError
    "bad_printer", OutsideError "cannot_write"."""
    if is_receipt_printer(printer):
        read_receipt_printer(printer)
    config.remember({"printer": printer})


def printers() -> list[str]:
    """Return the names of the system's printers; may take seconds."""
    prepare_painting()
    from queuedesk.printing import system_printer

    return system_printer.printers()


def plugged_printers() -> list[tuple[str, str]]:
    """Return what may be a receipt printer on this PC, as its choice and what it calls itself; may take seconds."""
    from queuedesk.printing import escpos_link

    return [(one.printer.choice, one.name) for one in escpos_link.plugged()]


def printer_condition(printer: str) -> str | None:
    """Return what is wrong with a printer, "" when nothing is, None where nobody can tell; may take seconds.

    One that was given up for writing numbers by hand is as good as switched off.
    """
    return None if (status := printer_status(printer)) is None else status["cause"]


def printer_status(printer: str) -> dict[str, Any] | None:
    """Return {"cause", "warning"} of a printer, "" for none; None where nobody can tell. May take seconds. Raises
    OutsideError "printer_refused" when it stays in use."""
    if printer == NO_PRINTER:
        return {"cause": STOPPED, "warning": ""}
    if printer.startswith(PICTURES):
        folder = Path(printer.removeprefix(PICTURES))
        return {"cause": "", "warning": ""} if folder.is_dir() and os.access(folder, os.W_OK) else None
    if is_receipt_printer(printer):
        return _receipt_status(printer)
    from queuedesk.printing import spooler

    cause = spooler.condition(printer) if printer else None
    return None if cause is None else {"cause": cause, "warning": ""}


def watched_status(is_down: bool) -> dict[str, Any] | None:
    """Return the status of this PC's printer as its station watches it: one that prints nothing on paper only once it
    has failed."""
    printer = chosen_printer()
    is_paper = printer not in ("", NO_PRINTER) and not printer.startswith(PICTURES)
    if not (is_paper or is_down):
        return None
    try:
        return _receipt_status(printer, wait_s=0) if is_receipt_printer(printer) else printer_status(printer)
    except OutsideError:  # A slip is printed on it just now, which tells more.
        return None


def _receipt_status(printer: str, *, wait_s: float = OTHERS_S) -> dict[str, Any]:
    """Ask it. One that is there and answers nothing is well as far as anybody can know: it fails only by being away."""
    from queuedesk.printing import escpos_printer

    try:
        with only_here(printer, wait_s):
            status = escpos_printer.condition(printer)
    except RuleError:
        return {"cause": "no_printer", "warning": ""}
    return {"cause": status.cause, "warning": status.warning} if status is not None else {"cause": "", "warning": ""}


@contextmanager
def only_here(printer: str, wait_s: float = OTHERS_S) -> Iterator[None]:
    """Keep other stations of this PC off the cable to a receipt printer meanwhile: two slips at once would be one
    unreadable.

    Raises OutsideError "printer_refused" when it is in use for longer than `wait_s`; RuleError "bad_printer".
    """
    known = read_receipt_printer(printer)
    stem = crc32(f"{known.cable}:{known.address}".encode())
    lock = FileLock(config.config_file().with_name(f"printer-{stem:08x}.lock"))
    until = time.monotonic() + wait_s
    try:
        while not lock.take():
            if time.monotonic() > until:
                raise OutsideError("printer_refused", printer=known.address, cause="slow")
            time.sleep(_LOOK_S)
    except OSError:  # Where nothing can be written, nobody else is kept off.
        pass
    try:
        yield
    finally:
        lock.release()
