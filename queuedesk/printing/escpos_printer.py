"""Prints slips on receipt printers directly, and asks the printer whether they came out."""

from __future__ import annotations

import time
from contextlib import suppress

from PySide6.QtGui import QImage

from queuedesk.core.errors import OutsideError
from queuedesk.printing import raster
from queuedesk.printing.choice import ReceiptPrinter, read_receipt_printer
from queuedesk.printing.escpos_link import open_link, refused
from queuedesk.printing.escpos_status import OFFLINE, TOO_SLOW, Status
from queuedesk.printing.escpos_talk import ANSWER_S, Talk
from queuedesk.printing.outputs import Printed, draw_slip

BETWEEN_S = 0.4
BUSY_S = 8.0
"""How long a printer that is known to answer may be silent: another PC may be printing on it."""
LONGEST_S = 45.0
_LOOK_S = 0.2

_answering: set[str] = set()
"""The addresses of printers that have answered this process: silence means something else with them."""


def print_slip(slip: Printed, choice: str) -> str:
    """Print `slip` and cut it; returns when the printer says that it is out, with "paper_low" or what else will soon be
    trouble, else "".

    A printer that never answers anything has printed as far as anybody knows. After trouble nothing of the slip comes
    later by itself.

    Raises:
        OutsideError: "printer_refused" with its `cause`: "offline", "out_of_paper", "cover_open", "printer_error",
        "slow". RuleError: "bad_printer".
    """
    printer = read_receipt_printer(choice)
    return print_picture(draw_slip(slip, printer.width), printer)


def print_picture(image: QImage, printer: ReceiptPrinter) -> str:
    """Print a picture as print_slip does."""
    link = open_link(printer)
    try:
        return _print(Talk(link), image, printer)
    except OSError as error:
        raise refused(printer, OFFLINE) from error
    finally:
        link.close()


def condition(choice: str) -> Status | None:
    """Return how a printer says it stands; None for one that is there and answers nothing.

    May take some seconds. Raises RuleError "bad_printer".
    """
    printer = read_receipt_printer(choice)
    try:
        link = open_link(printer)
    except OutsideError:
        return Status(OFFLINE)
    try:
        return _stands(Talk(link), printer)
    except OSError:
        return Status(OFFLINE)
    finally:
        link.close()


def _stands(talk: Talk, printer: ReceiptPrinter) -> Status | None:
    known = printer.address in _answering
    status = talk.status(BUSY_S if known else ANSWER_S)
    if status is not None:
        _answering.add(printer.address)
    elif known:
        return Status(OFFLINE)
    return status


def _print(talk: Talk, image: QImage, printer: ReceiptPrinter) -> str:
    before = _stands(talk, printer)
    if before is not None and before.cause:
        raise refused(printer, before.cause)
    talk.send(raster.BEGIN)
    if before is not None:
        talk.ask_in_turn()
    for band in raster.bands(image):
        talk.send(band)
        if before is not None:
            _stop_on_trouble(talk, printer)
    talk.send(raster.end(printer))
    return "" if before is None else _wait(talk, printer, raster.print_time_s(image.height()))


def _wait(talk: Talk, printer: ReceiptPrinter, usual_s: float) -> str:
    """Wait until the slip is out; where no answer comes in turn, for the time that a slip takes."""
    talk.ask_in_turn()
    began = heard = time.monotonic()
    while talk.turns < 2:
        talk.listen(_LOOK_S)
        now = time.monotonic()
        if talk.turns == 0 and now - began > usual_s:
            break
        if now - began > LONGEST_S:
            _clear(talk)
            raise refused(printer, TOO_SLOW)
        if talk.turns < 2 and _stop_on_trouble(talk, printer):
            heard = time.monotonic()
        elif now - heard > BUSY_S:
            raise refused(printer, OFFLINE)
    after = talk.status()
    # It is out: what is wrong from now on is the next slip's trouble.
    return after.cause or after.warning if after is not None else ""


def _stop_on_trouble(talk: Talk, printer: ReceiptPrinter) -> bool:
    """Return whether the printer says that all is well; raises its trouble, and what it still holds is thrown away."""
    status = talk.status(BETWEEN_S)
    if status is not None and status.cause:
        _clear(talk)
        raise refused(printer, status.cause)
    return status is not None


def _clear(talk: Talk) -> None:
    with suppress(OSError):
        talk.send(raster.CLEAR)
