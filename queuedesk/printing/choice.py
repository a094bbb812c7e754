"""Reads a PC's choice of a printer where it is not a printer of the system."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.core.errors import RuleError

NO_PRINTER: Final = "none:"
"""Nothing is printed; numbers are written down by hand."""
PICTURES: Final = "png:"
"""Every slip becomes a PNG in the folder named after it."""
ESCPOS: Final = "escpos:"
"""A receipt printer without a driver: `escpos:net:HOST[:PORT]`, `escpos:usb:VVVV:PPPP`, `escpos:serial:DEVICE[:BAUD]`,
then `?width=&cut=&feed=`."""

NET, USB, SERIAL = "net", "usb", "serial"
CABLES = (NET, USB, SERIAL)
FULL, PART, NONE = "full", "part", "none"
CUTS = (FULL, PART, NONE)
WIDTHS = (576, 384)
"""Dots that heads for rolls of 80 and 58 mm print on a line."""
USUAL_PORT = 9100
USUAL_BAUD = 9600
BAUDS = (9600, 19200, 38400, 57600, 115200)
USUAL_FEED = 4
MOST_FEED = 20

_HOST = re.compile(r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::(?P<port>\d{1,5}))?")
_IDS = re.compile(r"(?P<vendor>[0-9A-Fa-f]{4}):(?P<product>[0-9A-Fa-f]{4})")
_DEVICE = re.compile(r"(?P<device>[^:?\s][^:?]*?)(?::(?P<baud>\d+))?")


class PrinterService(Protocol):
    """The printer of tickets of this PC, and which there are; see app/services/printers.py. All may take seconds."""

    def system_printer_names(self) -> list[str]: ...
    def plugged_receipt_printers(self) -> list[tuple[str, str]]: ...
    def chosen_or_default_printer(self) -> str: ...
    def stored_printer_choice(self) -> str: ...
    def choose_printer(self, printer: str) -> None: ...
    def require_known_printer(self, choice: str) -> None: ...
    def printer_status(self, printer: str) -> Mapping[str, Any] | None: ...


class ReceiptPrinter(Struct, frozen=True, kw_only=True):
    """A receipt printer by its cable: `place` is a host, the two numbers of a USB device ("04b8:0202"), or a serial
    device. `number` is the port of a network or the baud of a serial line. `feed` is how many lines of a sixth of an
    inch are fed before the cut."""

    cable: str
    place: str
    number: int = 0
    width: int = WIDTHS[0]
    cut: str = FULL
    feed: int = USUAL_FEED

    @property
    def address(self) -> str:
        """Where it is, as a person names it: "192.168.1.50", "COM3", "04b8:0202"."""
        usual = {NET: USUAL_PORT, SERIAL: USUAL_BAUD}.get(self.cable, 0)
        return self.place if self.number in (0, usual) else f"{self.place}:{self.number}"

    @property
    def choice_text(self) -> str:
        """The text that `parse_receipt_printer_choice` reads back; default values are left out."""
        usual = ReceiptPrinter(cable=self.cable, place=self.place)
        words = [
            f"{name}={getattr(self, name)}"
            for name in ("width", "cut", "feed")
            if getattr(self, name) != getattr(usual, name)
        ]
        return f"{ESCPOS}{self.cable}:{self.address}{'?' if words else ''}{'&'.join(words)}"


def is_receipt_printer(choice: str) -> bool:
    return choice.startswith(ESCPOS)


def parse_receipt_printer_choice(choice: str) -> ReceiptPrinter:
    """Return the printer that `choice` names. Raises RuleError "bad_printer"."""
    where, _mark, words = choice.removeprefix(ESCPOS).partition("?")
    cable, _colon, place = where.partition(":")
    if not is_receipt_printer(choice) or cable not in CABLES:
        raise RuleError("bad_printer", printer=choice)
    name, number = _parse_place(choice, cable, place)
    return _with_parsed_print_options(ReceiptPrinter(cable=cable, place=name, number=number), choice, words)


def _parse_place(choice: str, cable: str, place: str) -> tuple[str, int]:
    match = {NET: _HOST, USB: _IDS, SERIAL: _DEVICE}[cable].fullmatch(place)
    if match is None:
        raise RuleError("bad_printer", printer=choice)
    if cable == USB:
        return place.lower(), 0
    name, number, usual = ("host", "port", USUAL_PORT) if cable == NET else ("device", "baud", USUAL_BAUD)
    given = int(match[number] or usual)
    if not (0 < given < 65536 if cable == NET else given in BAUDS):
        raise RuleError("bad_printer", printer=choice)
    return match[name], given


def _with_parsed_print_options(printer: ReceiptPrinter, choice: str, words: str) -> ReceiptPrinter:
    for name, value in parse_qsl(words, keep_blank_values=True):
        if name == "width" and value in map(str, WIDTHS):
            printer = replace(printer, width=int(value))
        elif name == "cut" and value in CUTS:
            printer = replace(printer, cut=value)
        elif name == "feed" and value.isdecimal() and int(value) <= MOST_FEED:
            printer = replace(printer, feed=int(value))
        else:
            raise RuleError("bad_printer", printer=choice)
    return printer
