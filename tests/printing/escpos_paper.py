"""What a receipt printer makes of the bytes it gets: rows of dots on paper, cut into slips."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QImage, qRgb

ESC, GS, DLE, LF = 0x1B, 0x1D, 0x10, 0x0A
LINE_DOTS = 34  # a sixth of an inch
LONG_CUTS = (65, 66, 97, 98, 103, 104)
# Commands of fixed length that move no paper: how many bytes follow the two of their name.
PLAIN = {
    (ESC, ord("!")): 1,
    (ESC, ord("2")): 0,
    (ESC, ord("M")): 1,
    (ESC, ord("R")): 1,
    (ESC, ord("t")): 1,
    (ESC, ord("a")): 1,
    (ESC, ord("E")): 1,
    (ESC, ord("=")): 1,
    (ESC, ord("S")): 0,
    (GS, ord("!")): 1,
    (GS, ord("L")): 2,
    (GS, ord("W")): 2,
    (GS, ord("a")): 1,
    (DLE, 0x04): 1,
    (DLE, 0x05): 1,
}


class Paper:
    """Takes bytes one after another as a printer does; `slips` are the pictures cut off so far, black on white.

    Dots beyond `width` are lost, as they are on a real head. `answer` gets what the printer says in its turn.
    """

    def __init__(
        self, width: int = 576, *, answer: Callable[[bytes], None] = lambda _said: None, paper_bits: int = 0
    ) -> None:
        self.width = width
        self.slips: list[QImage] = []
        self.cuts: list[str] = []
        self.unknown = bytearray()
        self.paper_bits = paper_bits
        self.rows: list[bytes] = []
        self._answer = answer
        self._spacing = LINE_DOTS
        self._columns: list[list[int]] = []  # of ESC *: dots of each column, until the line is fed
        self._todo = bytearray()
        self._raster: tuple[int, int] | None = None  # bytes of a row, rows that still come

    def take(self, data: bytes) -> None:
        """Print what is complete of `data` and of what came before it."""
        self._todo += data
        while self._step():
            pass

    def step(self) -> bool:
        """Print one row, or do one command; whether there was a whole one."""
        return self._step()

    def put(self, data: bytes) -> None:
        """Keep `data` to be printed by `step`."""
        self._todo += data

    def clear(self) -> None:
        """Forget what is not yet printed."""
        self._todo.clear()
        self._columns.clear()
        self._raster = None

    def end_slip(self) -> None:
        """Take the paper out as somebody who tears it off, if anything is on it."""
        if any(any(row) for row in self.rows):
            self.slips.append(self._picture())
        self.rows = []

    def _step(self) -> bool:
        if self._raster is not None:
            return self._row(*self._raster)
        todo = self._todo
        if not todo:
            return False
        if todo[0] not in (ESC, GS, DLE):
            if todo[0] == LF:
                self._feed_line()
            else:
                self.unknown.append(todo[0])
            del todo[0]
            return True
        if len(todo) < 2:
            return False
        return self._command((todo[0], todo[1]))

    def _command(self, name: tuple[int, int]) -> bool:
        todo = self._todo
        if name in PLAIN:
            return self._drop(2 + PLAIN[name])
        if name == (ESC, ord("@")):
            self.end_slip()
            self._spacing = LINE_DOTS
            return self._drop(2)
        if len(todo) < 3:
            return False
        if name in ((ESC, ord("d")), (ESC, ord("J"))):
            self._feed(todo[2] * (self._spacing if name[1] == ord("d") else 1))
            return self._drop(3)
        if name == (ESC, ord("3")):
            self._spacing = todo[2]
            return self._drop(3)
        if name == (GS, ord("V")):
            long = todo[2] in LONG_CUTS
            if long and len(todo) < 4:
                return False
            self.cuts.append("full" if todo[2] in (0, 48, 65, 97, 103) else "part")
            self.end_slip()
            return self._drop(4 if long else 3)
        if name == (GS, ord("r")):
            self._answer(bytes([self.paper_bits & 0x0F]))
            return self._drop(3)
        if name == (GS, ord("v")):
            if len(todo) < 8:
                return False
            self._raster = (todo[4] + 256 * todo[5], todo[6] + 256 * todo[7])
            return self._drop(8)
        if name == (ESC, ord("*")):
            return self._bit_image()
        if name[1] == ord("(") or name == (DLE, 0x14):
            return self._long_command(name)
        self.unknown += todo[:2]
        return self._drop(2)

    def _long_command(self, name: tuple[int, int]) -> bool:
        todo = self._todo
        if name == (DLE, 0x14):
            return self._drop({0x08: 10, 0x01: 5, 0x02: 5}.get(todo[2], 3))
        return len(todo) >= 5 and self._drop(5 + todo[3] + 256 * todo[4])

    def _bit_image(self) -> bool:
        todo = self._todo
        if len(todo) < 5:
            return False
        deep = 3 if todo[2] >= 32 else 1
        count = todo[3] + 256 * todo[4]
        if len(todo) < 5 + deep * count:
            return False
        for place in range(5, 5 + deep * count, deep):
            bits = "".join(f"{byte:08b}" for byte in todo[place : place + deep])
            self._columns.append([n for n, bit in enumerate(bits) if bit == "1"])
        return self._drop(5 + deep * count)

    def _feed_line(self) -> None:
        rows = [bytearray(self.width // 8) for _ in range(self._spacing)]
        for x, dots in enumerate(self._columns[: self.width]):
            for y in dots:
                if y < len(rows):
                    rows[y][x // 8] |= 0x80 >> x % 8
        self.rows += [bytes(row) for row in rows]
        self._columns.clear()

    def _feed(self, dots: int) -> None:
        self.rows += [bytes(self.width // 8)] * dots

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
