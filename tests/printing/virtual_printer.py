"""Receipt printers that are none: on the network, and at a serial port. They keep what they print as pictures; to be
killed as a program of its own (`python -m tests.printing.virtual_printer FOLDER`)."""

import argparse
import os
import selectors
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Self

from PySide6.QtGui import QImage, qRgb

from tests.bounded import PATIENCE_S

ESC, GS, DLE = 0x1B, 0x1D, 0x10
LINE_DOTS = 34  # a sixth of an inch
PLAIN = {(GS, ord("a")): 1, (DLE, 0x04): 1}
"""Commands of fixed length that move no paper: how many bytes follow the two of their name."""
STATES = ("ready", "paper_low", "paper_out", "offline", "cover", "error", "slow", "mute")
STANDS_STILL = frozenset({"paper_out", "offline", "cover", "error"})
EOT, DC4 = 0x04, 0x14
CLEAR = bytes([DLE, DC4, 8, 1, 3, 20, 1, 6, 2, 8])
FIXED = 0x12
LOOK_S = 0.05


class Paper:
    """Takes bytes as a printer does; `slips` are the pictures cut off so far. Dots beyond `width` are lost."""

    def __init__(self, width: int, answer: Callable[[bytes], None]) -> None:
        self.width = width
        self.slips: list[QImage] = []
        self.cuts: list[str] = []
        self.unknown = bytearray()
        self.paper_bits = 0
        self.rows: list[bytes] = []
        self._answer = answer
        self._todo = bytearray()
        self._raster: tuple[int, int] | None = None  # bytes of a row, rows that still come

    def put(self, data: bytes) -> None:
        """Keep `data` to be printed by `step`."""
        self._todo += data

    def clear(self) -> None:
        self._todo.clear()
        self._raster = None

    def end_slip(self) -> None:
        """Take the paper out as somebody who tears it off, if anything is on it."""
        if any(any(row) for row in self.rows):
            self.slips.append(self._picture())
        self.rows = []

    def step(self) -> bool:
        """Print one row, or do one command; whether there was a whole one. What the program never sends is unknown."""
        if self._raster is not None:
            return self._row(*self._raster)
        todo = self._todo
        if not todo:
            return False
        if todo[0] not in (ESC, GS, DLE):
            self.unknown.append(todo[0])
            return self._drop(1)
        return len(todo) >= 2 and self._command((todo[0], todo[1]))

    def _command(self, name: tuple[int, int]) -> bool:
        todo = self._todo
        if name in PLAIN:
            return self._drop(2 + PLAIN[name])
        if name == (ESC, ord("@")):
            self.end_slip()
            return self._drop(2)
        if len(todo) < (8 if name == (GS, ord("v")) else 3):
            return False
        if name == (ESC, ord("d")):
            self.rows += [bytes(self.width // 8)] * todo[2] * LINE_DOTS
        elif name == (GS, ord("V")):
            self.cuts.append("part" if todo[2] else "full")
            self.end_slip()
        elif name == (GS, ord("r")):
            self._answer(bytes([self.paper_bits & 0x0F]))
        elif name == (GS, ord("v")):
            self._raster = (todo[4] + 256 * todo[5], todo[6] + 256 * todo[7])
            return self._drop(8)
        else:
            self.unknown += todo[:3]
        return self._drop(3)

    def _row(self, row_bytes: int, left: int) -> bool:
        if left == 0:
            self._raster = None
            return True
        if len(self._todo) < row_bytes:
            return False
        row = bytes(self._todo[:row_bytes])[: self.width // 8]
        self.rows.append(row.ljust(self.width // 8, b"\0"))
        self._raster = (row_bytes, left - 1)
        return self._drop(row_bytes)

    def _drop(self, count: int) -> bool:
        if len(self._todo) < count:
            return False
        del self._todo[:count]
        return True

    def _picture(self) -> QImage:
        stride = (self.width // 8 + 3) // 4 * 4
        data = b"".join(row.ljust(stride, b"\0") for row in self.rows)
        image = QImage(data, self.width, len(self.rows), stride, QImage.Format.Format_Mono)
        image.setColorTable([qRgb(255, 255, 255), qRgb(0, 0, 0)])
        return image.convertToFormat(QImage.Format.Format_Grayscale8)


class Machine:
    """The printer behind any cable. `state` may be changed at any time, as by somebody who opens the cover; `slow_s` is
    what 1,000 rows take in the state "slow"; `out_after_rows` lets the paper end after so many more, once."""

    def __init__(self, width: int = 576, *, slow_s: float = 8.0) -> None:
        self.slow_s = slow_s
        self.out_after_rows: int | None = None
        self.cleared = 0
        self._say: Callable[[bytes], object] | None = None
        self.paper = Paper(width, self._answer)
        self._state = "ready"
        self._tail = b""
        self._change = threading.Condition()
        self._is_over = False
        self._worker = threading.Thread(target=self._print, name="virtual printer", daemon=True)

    @property
    def state(self) -> str:
        return self._state

    @state.setter
    def state(self, state: str) -> None:
        assert state in STATES, state
        with self._change:
            self._state = state
            self.paper.paper_bits = {"paper_low": 0x03, "paper_out": 0x0F}.get(state, 0)
            self._change.notify_all()

    @property
    def slips(self) -> list[QImage]:
        with self._change:
            return list(self.paper.slips)

    def wait_for(self, fact: Callable[[], bool], timeout_s: float = PATIENCE_S) -> None:
        """Wait until `fact` holds, looked at whenever something happens here. Raises TimeoutError."""
        with self._change:
            if not self._change.wait_for(fact, timeout_s):
                raise TimeoutError(f"{len(self.paper.slips)} slips")

    def wait_for_slips(self, count: int, timeout_s: float = PATIENCE_S) -> list[QImage]:
        """Return the slips as soon as there are `count`."""
        self.wait_for(lambda: len(self.paper.slips) >= count, timeout_s)
        return self.slips

    def wait_until_idle(self) -> None:
        self.wait_for(lambda: self._is_idle)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_trouble: object) -> None:
        self.stop()

    def run(self) -> None:
        self._is_idle = True
        self._worker.start()

    def end(self) -> None:
        with self._change:
            self._is_over = True
            self._change.notify_all()
        self._worker.join()

    def connected(self, say: Callable[[bytes], object] | None) -> None:
        """Answer by `say` from now on."""
        self._say = say
        self._tail = b""

    def take(self, data: bytes) -> None:
        """Take bytes from the cable: what asks in real time is answered at once, wherever it stands."""
        look = self._tail + data
        for place in range(len(look) - 2):
            if look[place] == DLE and look[place + 1] == EOT and 1 <= look[place + 2] <= 4:
                self._answer(bytes([self._status(look[place + 2])]))
        self._tail = look[-2:]
        with self._change:
            if CLEAR in data:
                self.cleared += 1
                self.paper.clear()
                data = data.split(CLEAR)[-1]
            self.paper.put(data)
            self._is_idle = False
            self._change.notify_all()

    def _status(self, n: int) -> int:
        still = self._state in STANDS_STILL
        bits = {
            1: 0x08 if still else 0,
            2: {"cover": 0x04, "paper_out": 0x20, "error": 0x40}.get(self._state, 0),
            3: 0x20 if self._state == "error" else 0,
            4: {"paper_low": 0x0C, "paper_out": 0x6C}.get(self._state, 0),
        }
        return FIXED | bits[n]

    def _answer(self, said: bytes) -> None:
        if self._state != "mute" and self._say is not None:
            with suppress(OSError):
                self._say(said)

    def _print(self) -> None:
        with self._change:
            while not self._is_over:
                if self._state in STANDS_STILL:
                    self._change.wait()
                    continue
                rows = len(self.paper.rows)
                if not self.paper.step():
                    self._is_idle = True
                    self._change.notify_all()
                    self._change.wait()
                    continue
                self._change.notify_all()
                if len(self.paper.rows) > rows:
                    self._fed(len(self.paper.rows) - rows)

    def _fed(self, rows: int) -> None:
        if self.out_after_rows is not None:
            self.out_after_rows -= rows
            if self.out_after_rows <= 0:
                self.out_after_rows = None
                self._state = "paper_out"
        if self._state == "slow":
            self._change.wait_for(lambda: self._state != "slow" or self._is_over, self.slow_s * rows / 1000)


class VirtualPrinter(Machine):
    """A printer on the network: one customer of its port at a time, as the cheap ones have it."""

    def __init__(self, port: int = 0, width: int = 576, *, slow_s: float = 8.0) -> None:
        super().__init__(width, slow_s=slow_s)
        self._port = port
        self._listener: socket.socket | None = None
        self._serving: threading.Thread | None = None
        self._is_cut_off = threading.Event()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def choice(self) -> str:
        return f"escpos:net:{self.address}?width={self.paper.width}"

    def start(self) -> Self:
        """Print from now on; after `unplug` this is plugging in again."""
        if not self._worker.is_alive():
            self.run()
        listener = socket.create_server(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        self._listener, self._is_cut_off = listener, threading.Event()
        serve = partial(self._serve, listener, self._is_cut_off)
        self._serving = threading.Thread(target=serve, name="virtual printer's port", daemon=True)
        self._serving.start()
        return self

    def unplug(self) -> None:
        """Be gone from the network in the middle of whatever it does; what it has already, it prints."""
        self._is_cut_off.set()
        if self._serving is not None:
            self._serving.join()
            self._serving = None

    def stop(self) -> None:
        self.unplug()
        self.end()

    def _serve(self, listener: socket.socket, cut_off: threading.Event) -> None:
        with listener, selectors.DefaultSelector() as ready:
            ready.register(listener, selectors.EVENT_READ)
            while not cut_off.is_set():
                if ready.select(LOOK_S):
                    caller, _from = listener.accept()
                    with caller:
                        self._run_join_exchange(caller, cut_off)

    def _run_join_exchange(self, caller: socket.socket, cut_off: threading.Event) -> None:
        caller.settimeout(LOOK_S)
        self.connected(caller.sendall)
        while not cut_off.is_set():
            try:
                data = caller.recv(4096)
            except TimeoutError:
                continue
            except OSError:
                break
            if not data:
                break
            self.take(data)
        self.connected(None)


class VirtualSerialPrinter(Machine):
    """A printer at a serial port: the other end of a terminal that is none."""

    def __init__(self, width: int = 576, *, slow_s: float = 8.0) -> None:
        super().__init__(width, slow_s=slow_s)
        self._own, self._other = os.openpty()
        import tty  # Windows has none.

        tty.setraw(self._other)
        self.device = os.ttyname(self._other)
        self._is_cut_off = threading.Event()
        self._reading = threading.Thread(target=self._read, name="virtual printer's port", daemon=True)

    @property
    def choice(self) -> str:
        return f"escpos:serial:{self.device}:115200?width={self.paper.width}"

    def start(self) -> Self:
        self.run()
        self.connected(partial(os.write, self._own))
        self._reading.start()
        return self

    def stop(self) -> None:
        self._is_cut_off.set()
        self._reading.join()
        self.end()
        os.close(self._own)
        os.close(self._other)

    def _read(self) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(self._own, selectors.EVENT_READ)
            while not self._is_cut_off.is_set():
                if ready.select(LOOK_S):
                    self.take(os.read(self._own, 4096))


def main() -> None:
    """Print into FOLDER, one PNG a slip, until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0)
    words = parser.parse_args()
    words.folder.mkdir(parents=True, exist_ok=True)
    with VirtualPrinter(words.port) as printer:
        print(printer.address, flush=True)
        count = 0
        while True:
            for slip in printer.wait_for_slips(count + 1, timeout_s=threading.TIMEOUT_MAX)[count:]:
                count += 1
                slip.save(str(words.folder / f"slip-{count:04}.png"))


if __name__ == "__main__":
    main()
