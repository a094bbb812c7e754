"""The cable to a receipt printer: sends and asks, each within a time limit."""

from __future__ import annotations

import shutil
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from queuedesk.core.errors import OutsideError
from queuedesk.printing.choice import NET, SERIAL, USB, ReceiptPrinter
from queuedesk.printing.escpos_status import OFFLINE

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


class Link(Protocol):
    """An open cable. Every function raises OSError when the printer is gone or takes nothing for too long."""

    def send(self, data: bytes) -> None: ...
    def receive(self, wait_s: float) -> bytes: ...
    def close(self) -> None: ...


def refused(printer: ReceiptPrinter, cause: str) -> OutsideError:
    """Return the trouble of a printer that does not print because of `cause`."""
    return OutsideError("printer_refused", printer=printer.address, cause=cause)


def open_link(printer: ReceiptPrinter) -> Link:
    """Return an open cable to `printer`. Raises OutsideError "printer_refused" with the cause "offline"."""
    _load()
    from escpos.exceptions import Error

    try:
        return _OPENERS[printer.cable](printer)
    except (Error, *_GONE, ValueError, AssertionError) as error:  # what the cables' own libraries raise
        raise refused(printer, OFFLINE) from error


def _load() -> None:
    """Load the library, and take away the folder that it makes in the system's temporary one each time."""
    from escpos import capabilities

    shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)


class _Network:
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


class _Serial:
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
            self._drain()
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

    def _drain(self) -> None:
        until = time.monotonic() + SEND_S + self._port.out_waiting * 10 / self._port.baudrate
        while self._port.out_waiting:
            if time.monotonic() > until:
                raise TimeoutError
            time.sleep(_LOOK_S)


class _Usb:
    def __init__(self, printer: ReceiptPrinter) -> None:
        from escpos.printer.usb import Usb

        vendor, product = (int(number, 16) for number in printer.place.split(":"))
        backend = usb_backend()
        takes, answers = _endpoints(vendor, product, backend)
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


_OPENERS: dict[str, Callable[[ReceiptPrinter], Link]] = {NET: _Network, SERIAL: _Serial, USB: _Usb}


def usb_backend() -> Any:
    """Return the library that speaks to USB devices: the one that came with the program. None leaves the choice to
    pyusb."""
    import libusb_package

    return libusb_package.get_libusb1_backend()


def _endpoints(vendor: int, product: int, backend: Any) -> tuple[int, int]:
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
