"""Prints slips on receipt printers directly: finds their cables, sends, and asks whether the slips came out."""

from __future__ import annotations

import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Protocol

from msgspec import Struct
from PySide6.QtGui import QImage, qGray

from queuedesk.core.errors import OutsideError
from queuedesk.printing.slip_layout import Printed, draw_slip
from queuedesk.printing.spooler import FULL, NET, NONE, SERIAL, USB, ReceiptPrinter, parse_receipt_printer_choice

# -- translates a receipt printer's status into causes ---------------------------------------------------------------

OUT_OF_PAPER, PAPER_LOW, COVER_OPEN, PRINTER_ERROR = "out_of_paper", "paper_low", "cover_open", "printer_error"
OFFLINE, TOO_SLOW = "offline", "slow"

PRINTER, WHY_OFFLINE, PAPER = 1, 2, 4
"""What can be asked in real time (DLE EOT n)."""
IN_TURN = b"\x1dr\x01"
"""Asks for the paper in turn: the answer comes when everything before it is printed."""

_FIXED, _FIXED_BITS = 0x12, 0x93
_IN_TURN_BITS = 0x90


class PrinterStatus(Struct, frozen=True):
    """The state of a printer: `cause` is why it can't print, `warning` what will soon be a problem; "" for none."""

    cause: str = ""
    warning: str = ""


def status_query(n: int) -> bytes:
    """Return the question for one byte of the printer's state."""
    return bytes((0x10, 0x04, n))


def is_realtime_answer(byte: int) -> bool:
    """Whether a byte answers a question asked in real time."""
    return byte & _FIXED_BITS == _FIXED


def is_answer_to_in_turn_query(byte: int) -> bool:
    """Whether a byte answers IN_TURN."""
    return byte & _IN_TURN_BITS == 0


def status_from_bytes(printer: int, why_offline: int, paper: int) -> PrinterStatus:
    """Return what the three bytes say together; paper comes first, as a person can fix that at once."""
    if paper & 0x60 or why_offline & 0x20:
        return PrinterStatus(OUT_OF_PAPER)
    warning = PAPER_LOW if paper & 0x0C else ""
    if why_offline & 0x04:
        return PrinterStatus(COVER_OPEN, warning)
    if why_offline & 0x40:
        return PrinterStatus(PRINTER_ERROR, warning)
    return PrinterStatus(OFFLINE if printer & 0x08 else "", warning)


if sys.platform == "win32":
    _GONE: tuple[type[Exception], ...] = (OSError,)
else:
    import termios

    # What a serial port raises that was pulled out is no OSError everywhere.
    _GONE = (OSError, termios.error)

CONNECT_S = 3.0
SEND_S = 8.0
LEAVE_S = 0.3
PRINTER_CLASS = 7
_ANSWER_BYTES = 16
_LOOK_S = 0.02


class PrinterLink(Protocol):
    """An open cable. Every function raises OSError when the printer is gone or does not respond for too long."""

    def send(self, data: bytes) -> None: ...
    def receive(self, wait_s: float) -> bytes: ...
    def close(self) -> None: ...


def printer_refused_error(printer: ReceiptPrinter, cause: str) -> OutsideError:
    """Return the error for a printer that does not print because of `cause`."""
    return OutsideError("printer_refused", printer=printer.address, cause=cause)


def open_printer_cable(printer: ReceiptPrinter) -> PrinterLink:
    """Return an open cable to `printer`. Raises OutsideError "printer_refused" with the cause "offline"."""
    _import_escpos_and_remove_folder()
    from escpos.exceptions import Error

    try:
        return _OPENERS[printer.cable](printer)
    except (Error, *_GONE, ValueError, AssertionError) as error:  # what the cables' own libraries raise
        raise printer_refused_error(printer, OFFLINE) from error


def _import_escpos_and_remove_folder() -> None:
    """Load the library, and take away the folder that it makes in the system's temporary one each time."""
    from escpos import capabilities

    shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)


class _NetworkCable:
    def __init__(self, printer: ReceiptPrinter) -> None:
        from escpos.printer.network import Network

        self._socket = socket.create_connection((printer.place, printer.number), CONNECT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a question waits for no more to send
        self._printer = Network(printer.place, printer.number)
        self._printer.device = self._socket

    def send(self, data: bytes) -> None:
        self._socket.settimeout(SEND_S)
        self._printer._raw(data)

    def receive(self, wait_s: float) -> bytes:
        self._socket.settimeout(wait_s)
        try:
            said: bytes = self._socket.recv(_ANSWER_BYTES)
        except TimeoutError:
            return b""
        if not said:
            raise ConnectionResetError
        return said

    def close(self) -> None:
        """Close without a reset: that would take from the printer what it has not read yet."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
            self._socket.settimeout(LEAVE_S)
            until = time.monotonic() + LEAVE_S  # what is no printer may never stop speaking
            while self._socket.recv(_ANSWER_BYTES) and time.monotonic() < until:
                pass
        self._printer.close()


class _SerialCable:
    def __init__(self, printer: ReceiptPrinter) -> None:
        from escpos.printer.serial import Serial

        self._printer = Serial(printer.place, printer.number, timeout=0)
        self._printer.open()
        self._port = self._printer.device
        self._port.write_timeout = SEND_S
        self._port.reset_input_buffer()
        self._is_stuck = False

    def send(self, data: bytes) -> None:
        try:
            self._printer._raw(data)
            self._wait_until_sent()
        except OSError:
            self._is_stuck = True
            raise

    def receive(self, wait_s: float) -> bytes:
        self._port.timeout = wait_s
        first = self._port.read(1)
        return bytes(first + self._port.read(self._port.in_waiting)) if first else b""

    def close(self) -> None:
        with suppress(*_GONE):
            if self._is_stuck:  # Closing would wait for a printer that takes nothing.
                self._port.reset_output_buffer()
            self._printer.close()
        with suppress(*_GONE):
            self._port.close()  # a port that was pulled out is open still

    def _wait_until_sent(self) -> None:
        until = time.monotonic() + SEND_S + self._port.out_waiting * 10 / self._port.baudrate
        while self._port.out_waiting:
            if time.monotonic() > until:
                raise TimeoutError
            time.sleep(_LOOK_S)


class _UsbCable:
    def __init__(self, printer: ReceiptPrinter) -> None:
        from escpos.printer.usb import Usb

        vendor, product = (int(number, 16) for number in printer.place.split(":"))
        backend = usb_backend()
        takes, answers = _usb_output_and_input_endpoints(vendor, product, backend)
        self._printer = Usb(
            vendor, product, {"backend": backend}, timeout=int(SEND_S * 1000), in_ep=answers, out_ep=takes
        )
        self._printer.open()
        self._answers = answers

    def send(self, data: bytes) -> None:
        self._printer._raw(data)

    def receive(self, wait_s: float) -> bytes:
        from usb.core import USBTimeoutError

        if not self._answers:
            time.sleep(wait_s)
            return b""
        try:
            return bytes(self._printer.device.read(self._answers, _ANSWER_BYTES, max(1, int(wait_s * 1000))))
        except USBTimeoutError:
            return b""

    def close(self) -> None:
        self._printer.close()


_OPENERS: dict[str, Callable[[ReceiptPrinter], PrinterLink]] = {
    NET: _NetworkCable,
    SERIAL: _SerialCable,
    USB: _UsbCable,
}


def usb_backend() -> Any:
    """Return the bundled library for USB devices; None leaves the choice to pyusb."""
    import libusb_package

    return libusb_package.get_libusb1_backend()


def _usb_output_and_input_endpoints(vendor: int, product: int, backend: Any) -> tuple[int, int]:
    """Return where a USB printer takes bytes and where it answers: no two makers number them alike. Raises OSError."""
    import usb.core
    import usb.util

    device = usb.core.find(idVendor=vendor, idProduct=product, backend=backend)
    if device is None:
        raise OSError
    ends = [
        end.bEndpointAddress
        for configuration in device
        for interface in configuration
        if interface.bInterfaceClass in (PRINTER_CLASS, 0xFF)
        for end in interface
    ]
    takes = next((end for end in ends if usb.util.endpoint_direction(end) == usb.util.ENDPOINT_OUT), None)
    answers = next((end for end in ends if usb.util.endpoint_direction(end) == usb.util.ENDPOINT_IN), None)
    if takes is None:
        raise OSError
    return takes, answers if answers is not None else 0


# Questions and answers over an open cable: answers in real time and answers in turn come mixed, late or never.

ANSWER_S = 1.0
"""How long a printer may take for an answer before it counts as one that gives none."""
MOST_STRANGE = 3
"""Bytes that answer nothing: a serial line may say when it is full, but whole sentences come from something else than a
printer."""
_SHORTEST_S = 0.01


class PrinterConversation:
    """The answers of one printer. `turns` counts the questions answered in turn: everything before them was printed."""

    def __init__(self, link: PrinterLink) -> None:
        self._link = link
        self._said: list[int] = []
        self._owed = 0  # answers in real time that may still come
        self._strange = 0
        self.turns = 0

    def send(self, data: bytes) -> None:
        """Send without asking."""
        self._link.send(data)

    def request_printed_so_far_signal(self) -> None:
        """Ask for a sign that everything sent before is printed."""
        self._link.send(IN_TURN)

    def read_and_note_answers(self, wait_s: float) -> None:
        """Read what the printer says within `wait_s`, or at least what it has said already. Raises OSError for
        something that is no talking printer."""
        for byte in self._link.receive(max(_SHORTEST_S, wait_s)):
            if is_realtime_answer(byte):
                self._said.append(byte)
            elif is_answer_to_in_turn_query(byte):
                self.turns += 1
            else:
                self._strange += 1
        if self._strange > MOST_STRANGE:
            raise ConnectionError("no printer speaks like this")

    def ask_printer_status(self, wait_s: float = ANSWER_S) -> PrinterStatus | None:
        """Return the printer's state; None if a question is not answered within `wait_s`."""
        said = []
        for n in (PRINTER, WHY_OFFLINE, PAPER):
            byte = self._ask_status(n, wait_s)
            if byte is None:
                return None
            said.append(byte)
        return status_from_bytes(*said)

    def _ask_status(self, n: int, wait_s: float) -> int | None:
        """Ask, and pass over the answers to earlier questions that come first."""
        self._link.send(status_query(n))
        self._owed += 1
        until = time.monotonic() + wait_s
        while len(self._said) < self._owed and (left_s := until - time.monotonic()) > 0:
            self.read_and_note_answers(left_s)
        answer = self._said[-1] if len(self._said) >= self._owed else None
        self._owed = max(0, self._owed - len(self._said))
        self._said.clear()
        return answer


# -- finds receipt printers plugged into this PC: serial ports, and USB devices that say they print ------------------


class PossibleReceiptPrinter(Struct, frozen=True):
    """A place that may have a receipt printer, and the name it gives itself, "" if it gives none."""

    printer: ReceiptPrinter
    name: str


def usb_and_serial_printers() -> list[PossibleReceiptPrinter]:
    """Return serial ports and USB printers of this PC. May take a second."""
    return [*usb_printers(), *possible_serial_printers()]


def possible_serial_printers() -> list[PossibleReceiptPrinter]:
    """Return the serial ports of this PC; most have no printer."""
    from serial.tools import list_ports

    return [
        PossibleReceiptPrinter(
            ReceiptPrinter(cable=SERIAL, place=port.device), "" if port.description == "n/a" else port.description
        )
        for port in sorted(list_ports.comports(), key=lambda port: str(port.device))
    ]


def usb_printers() -> list[PossibleReceiptPrinter]:
    """Return the USB devices of the printer class; none where this PC does not allow looking."""
    import usb.core

    try:
        devices = list(usb.core.find(find_all=True, backend=usb_backend()))
    except (usb.core.NoBackendError, usb.core.USBError):
        return []
    printers = [
        PossibleReceiptPrinter(
            ReceiptPrinter(cable=USB, place=f"{device.idVendor:04x}:{device.idProduct:04x}"), _usb_device_name(device)
        )
        for device in devices
        if any(kind == PRINTER_CLASS for kind in _usb_class_numbers_of_device(device))
    ]
    return sorted(printers, key=lambda one: one.printer.place)


def _usb_class_numbers_of_device(device: Any) -> Iterator[int]:
    yield device.bDeviceClass
    for configuration in device:
        for interface in configuration:
            yield interface.bInterfaceClass


def _usb_device_name(device: Any) -> str:
    """Return maker and product where this user may read them."""
    import usb.core

    try:
        parts = (device.manufacturer, device.product)
    except (usb.core.USBError, ValueError, NotImplementedError):
        return ""
    return " ".join(part.strip() for part in parts if part)


# -- a slip's picture as the bytes that every receipt printer takes: bands of dots, then the cut ---------------------

BEGIN = b"\x1b@\x1da\x00"
"""As after switching on, and nothing said unasked: that would look like an answer."""
CLEAR = bytes((0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8))
"""Throws away what a printer holds and has not printed: else half a slip follows when new paper is put in."""
DOTS_PER_S = 400
"""How fast the slowest of usual heads prints: 50 mm/s."""
BAND_ROWS = 96  # 7 kB at 576 dots: the smallest buffers take it
_CUTS = {FULL: b"\x1dV\x00"}
_PART_CUT = b"\x1dV\x01"
# What is asked of a printer in real time is heard inside a picture too. One more dot makes each of these a picture
# only.
_HEARD = {b"\x10\x04": b"\x10\x0c", b"\x10\x05": b"\x10\x0d", b"\x10\x14": b"\x10\x1c"}


def picture_band_commands(image: QImage) -> Iterator[bytes]:
    """Yield commands that print `image`, black on white with one bit per dot, band by band without a seam."""
    row_bytes = (image.width() + 7) // 8
    rows = _bitmap_rows(image, row_bytes)
    for top in range(0, len(rows), BAND_ROWS):
        band = rows[top : top + BAND_ROWS]
        dots = b"".join(band)
        for heard, harmless in _HEARD.items():
            dots = dots.replace(heard, harmless)
        size = row_bytes.to_bytes(2, "little") + len(band).to_bytes(2, "little")
        yield b"\x1dv0\x00" + size + dots


def feed_and_cut_command(printer: ReceiptPrinter) -> bytes:
    """Return the command that feeds the slip past the knife, or past the tear-off edge, and cuts it."""
    feed = b"\x1bd" + bytes((printer.feed,))
    return feed if printer.cut == NONE else feed + _CUTS.get(printer.cut, _PART_CUT)


def print_time_s(rows: int) -> float:
    """Return how long a slow print head needs for a picture with so many rows."""
    return 1.0 + rows / DOTS_PER_S


def _bitmap_rows(image: QImage, row_bytes: int) -> list[bytes]:
    mono = image.convertToFormat(QImage.Format.Format_Mono)
    stride, data = mono.bytesPerLine(), bytes(mono.constBits())
    rows = [data[y * stride : y * stride + row_bytes] for y in range(mono.height())]
    if qGray(mono.color(1)) < qGray(mono.color(0)):
        return rows
    return [bytes(byte ^ 0xFF for byte in row) for row in rows]


BETWEEN_S = 0.4
BUSY_S = 8.0
"""How long a printer that is known to answer may be silent: another PC may be printing on it."""
LONGEST_S = 45.0
_LISTEN_S = 0.2

_answering: set[str] = set()
"""The addresses of printers that have answered this process: silence means something else with them."""


def print_slip_and_get_coming_problem(slip: Printed, choice: str) -> str:
    """Print `slip` and cut it; return once the printer reports it printed, with "paper_low" or another coming problem,
    else "". A printer that never answers is assumed to have printed. After trouble nothing of the slip is printed later
    by itself. Raises OutsideError "printer_refused" with its `cause`: "offline", "out_of_paper", "cover_open",
    "printer_error", "slow". RuleError: "bad_printer"."""
    printer = parse_receipt_printer_choice(choice)
    return print_picture_and_give_warning(draw_slip(slip, printer.width), printer)


def print_picture_and_give_warning(image: QImage, printer: ReceiptPrinter) -> str:
    """Print a picture as print_slip does."""
    link = open_printer_cable(printer)
    try:
        return _print_and_give_next_trouble(PrinterConversation(link), image, printer)
    except OSError as error:
        raise printer_refused_error(printer, OFFLINE) from error
    finally:
        link.close()


def receipt_printer_status(choice: str) -> PrinterStatus | None:
    """Return a printer's reported condition; None for one that is there but answers nothing. May take some seconds.
    Raises RuleError "bad_printer"."""
    printer = parse_receipt_printer_choice(choice)
    try:
        link = open_printer_cable(printer)
    except OutsideError:
        return PrinterStatus(OFFLINE)
    try:
        return _status_before_printing(PrinterConversation(link), printer)
    except OSError:
        return PrinterStatus(OFFLINE)
    finally:
        link.close()


def _status_before_printing(talk: PrinterConversation, printer: ReceiptPrinter) -> PrinterStatus | None:
    known = printer.address in _answering
    status = talk.ask_printer_status(BUSY_S if known else ANSWER_S)
    if status is not None:
        _answering.add(printer.address)
    elif known:
        return PrinterStatus(OFFLINE)
    return status


def _print_and_give_next_trouble(talk: PrinterConversation, image: QImage, printer: ReceiptPrinter) -> str:
    before = _status_before_printing(talk, printer)
    if before is not None and before.cause:
        raise printer_refused_error(printer, before.cause)
    talk.send(BEGIN)
    if before is not None:
        talk.request_printed_so_far_signal()
    for band in picture_band_commands(image):
        talk.send(band)
        if before is not None:
            _is_printer_well_or_raise_trouble(talk, printer)
    talk.send(feed_and_cut_command(printer))
    return "" if before is None else _wait_for_slip(talk, printer, print_time_s(image.height()))


def _wait_for_slip(talk: PrinterConversation, printer: ReceiptPrinter, usual_s: float) -> str:
    """Wait until the slip is out; where no answer comes in turn, for the time that a slip takes."""
    talk.request_printed_so_far_signal()
    began = heard = time.monotonic()
    while talk.turns < 2:
        talk.read_and_note_answers(_LISTEN_S)
        now = time.monotonic()
        if talk.turns == 0 and now - began > usual_s:
            break
        if now - began > LONGEST_S:
            _discard_printer_buffer(talk)
            raise printer_refused_error(printer, TOO_SLOW)
        if talk.turns < 2 and _is_printer_well_or_raise_trouble(talk, printer):
            heard = time.monotonic()
        elif now - heard > BUSY_S:
            raise printer_refused_error(printer, OFFLINE)
    after = talk.ask_printer_status()
    # It is out: what is wrong from now on is the next slip's trouble.
    return after.cause or after.warning if after is not None else ""


def _is_printer_well_or_raise_trouble(talk: PrinterConversation, printer: ReceiptPrinter) -> bool:
    """Return whether the printer says that all is well; raises its trouble, and what it still holds is thrown away."""
    status = talk.ask_printer_status(BETWEEN_S)
    if status is not None and status.cause:
        _discard_printer_buffer(talk)
        raise printer_refused_error(printer, status.cause)
    return status is not None


def _discard_printer_buffer(talk: PrinterConversation) -> None:
    with suppress(OSError):
        talk.send(CLEAR)
