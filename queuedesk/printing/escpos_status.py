"""Translates a receipt printer's status into causes."""

from __future__ import annotations

from dataclasses import dataclass

OUT_OF_PAPER, PAPER_LOW, COVER_OPEN, PRINTER_ERROR = "out_of_paper", "paper_low", "cover_open", "printer_error"
OFFLINE, TOO_SLOW = "offline", "slow"

PRINTER, WHY_OFFLINE, PAPER = 1, 2, 4
"""What can be asked in real time (DLE EOT n)."""
IN_TURN = b"\x1dr\x01"
"""Asks for the paper in turn: the answer comes when everything before it is printed."""

_FIXED, _FIXED_BITS = 0x12, 0x93
_IN_TURN_BITS = 0x90


@dataclass(frozen=True, slots=True)
class Status:
    """How a printer stands: `cause` is why it can't print, `warning` what will soon be one; "" for none."""

    cause: str = ""
    warning: str = ""


def ask(n: int) -> bytes:
    """Return the question for one byte of the printer's state."""
    return bytes((0x10, 0x04, n))


def is_answer(byte: int) -> bool:
    """Whether a byte answers a question asked in real time."""
    return byte & _FIXED_BITS == _FIXED


def is_answer_in_turn(byte: int) -> bool:
    """Whether a byte answers IN_TURN."""
    return byte & _IN_TURN_BITS == 0


def read(printer: int, why_offline: int, paper: int) -> Status:
    """Return what the three bytes say together; paper comes first, as it is what a person can put right at once."""
    if paper & 0x60 or why_offline & 0x20:
        return Status(OUT_OF_PAPER)
    warning = PAPER_LOW if paper & 0x0C else ""
    if why_offline & 0x04:
        return Status(COVER_OPEN, warning)
    if why_offline & 0x40:
        return Status(PRINTER_ERROR, warning)
    return Status(OFFLINE if printer & 0x08 else "", warning)
