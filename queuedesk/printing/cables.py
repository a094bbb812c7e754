"""Finds receipt printers plugged into this PC: serial ports, and USB devices that say they print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from queuedesk.printing.choice import SERIAL, USB, ReceiptPrinter
from queuedesk.printing.escpos_link import PRINTER_CLASS, usb_backend


@dataclass(frozen=True, slots=True)
class Plugged:
    """A place where a receipt printer may be, and what it calls itself, "" where it says nothing."""

    printer: ReceiptPrinter
    name: str


def plugged() -> list[Plugged]:
    """Return serial ports and USB printers of this PC. May take a second."""
    return [*usb_printers(), *serial_ports()]


def serial_ports() -> list[Plugged]:
    """Return the serial ports of this PC; most have no printer."""
    from serial.tools import list_ports

    return [
        Plugged(ReceiptPrinter(cable=SERIAL, place=port.device), "" if port.description == "n/a" else port.description)
        for port in sorted(list_ports.comports(), key=lambda port: str(port.device))
    ]


def usb_printers() -> list[Plugged]:
    """Return the devices of the USB class of printers; none where this PC lets nobody look."""
    import usb.core

    try:
        devices = list(usb.core.find(find_all=True, backend=usb_backend()))
    except (usb.core.NoBackendError, usb.core.USBError):
        return []
    found = [
        Plugged(ReceiptPrinter(cable=USB, place=f"{device.idVendor:04x}:{device.idProduct:04x}"), _name(device))
        for device in devices
        if any(kind == PRINTER_CLASS for kind in _classes(device))
    ]
    return sorted(found, key=lambda one: one.printer.place)


def _classes(device: Any) -> Iterator[int]:
    yield device.bDeviceClass
    for configuration in device:
        for interface in configuration:
            yield interface.bInterfaceClass


def _name(device: Any) -> str:
    """Return maker and product where this user may read them."""
    import usb.core

    try:
        parts = (device.manufacturer, device.product)
    except (usb.core.USBError, ValueError, NotImplementedError):
        return ""
    return " ".join(part.strip() for part in parts if part)
