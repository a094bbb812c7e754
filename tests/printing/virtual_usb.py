"""A USB bus that is none, with a receipt printer and a mouse on it: what pyusb asks of a system, answered here."""

import queue
from array import array
from types import SimpleNamespace
from typing import Any, Self

from usb.backend import IBackend
from usb.core import USBTimeoutError

from tests.printing.virtual_printer import Machine

TAKES, ANSWERS = 0x03, 0x84
PRINTER, MOUSE = (0x04B8, 0x0E15), (0x046D, 0xC077)
_NAMES = {1: "EPSON", 2: "TM-T20"}


class Described(SimpleNamespace):
    """What a device says of itself: 0 where it says nothing."""

    extra_descriptors = ()

    def __getattr__(self, name: str) -> int:
        return 0


class VirtualUsb(IBackend):
    """The bus. `printer` is what hangs on it; `unplug` takes it off."""

    def __init__(self, width: int = 576) -> None:
        self.printer = Machine(width, slow_s=2.0)
        self.width = width
        self._said: queue.Queue[int] = queue.Queue()
        self._there = [PRINTER, MOUSE]

    @property
    def choice(self) -> str:
        return f"escpos:usb:{PRINTER[0]:04x}:{PRINTER[1]:04x}?width={self.width}"

    def unplug(self) -> None:
        self._there.remove(PRINTER)

    def __enter__(self) -> Self:
        self.printer.run()
        self.printer.connected(lambda said: [self._said.put(byte) for byte in said])
        return self

    def __exit__(self, *_trouble: object) -> None:
        self.printer.end()

    def enumerate_devices(self) -> list[Any]:
        return list(self._there)

    def get_device_descriptor(self, dev: Any) -> Any:
        who = {"idVendor": dev[0], "idProduct": dev[1], "iManufacturer": 1, "iProduct": 2}
        return Described(**who, address=5, bus=1, port_numbers=(1,), bNumConfigurations=1)

    def get_configuration_descriptor(self, dev: Any, config: int) -> Any:
        if config:
            raise IndexError
        return Described(bNumInterfaces=1, bConfigurationValue=1)

    def get_interface_descriptor(self, dev: Any, intf: int, alt: int, config: int) -> Any:
        if intf or alt:
            raise IndexError
        return Described(bInterfaceClass=7 if dev == PRINTER else 3, bNumEndpoints=2)

    def get_endpoint_descriptor(self, dev: Any, ep: int, intf: int, alt: int, config: int) -> Any:
        return Described(bEndpointAddress=(TAKES, ANSWERS)[ep], bmAttributes=2, wMaxPacketSize=64)

    def open_device(self, dev: Any) -> Any:
        return dev

    def close_device(self, dev_handle: Any) -> None: ...
    def set_configuration(self, dev_handle: Any, config_value: int) -> None: ...
    def get_configuration(self, dev_handle: Any) -> int:
        return 1

    def claim_interface(self, dev_handle: Any, intf: int) -> None: ...
    def release_interface(self, dev_handle: Any, intf: int) -> None: ...
    def reset_device(self, dev_handle: Any) -> None: ...

    def bulk_write(self, dev_handle: Any, ep: int, intf: int, data: Any, timeout: int) -> int:
        assert ep == TAKES
        if dev_handle not in self._there:
            raise OSError
        self.printer.take(bytes(data))
        return len(data)

    def bulk_read(self, dev_handle: Any, ep: int, intf: int, buff: Any, timeout: int) -> int:
        assert ep == ANSWERS
        try:
            buff[0] = self._said.get(timeout=timeout / 1000)
        except queue.Empty:
            raise USBTimeoutError("nothing said") from None
        return 1

    def ctrl_transfer(self, dev_handle: Any, *asked: Any) -> int:
        """Answer with a name: the only thing asked this way here."""
        _kind, _request, value, _index, data, _timeout = asked
        number = value & 0xFF
        text = b"\x09\x04" if number == 0 else _NAMES[number].encode("utf-16-le")
        found = array("B", bytes([len(text) + 2, 3]) + text)[: len(data)]
        data[: len(found)] = found
        return len(found)
