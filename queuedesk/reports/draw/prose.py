"""Text of several lines with some words bold, broken by the rules of Chinese and English."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from queuedesk.i18n.line_breaks import may_break
from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.markup import unescape
from queuedesk.reports.draw.pdf import INK, LEFT, PAPER, RIGHT, Block, Sheet

BASELINE_SHARE = 0.93
LEAST_END = 4.0
"""What the last of several lines has at least, in sizes: four Chinese characters, or a word."""
CLAUSE = 6
"""How many characters before that the end of a clause is looked for."""

Char = tuple[str, bool]


class Prose:
    """`markup` set in lines of at most `width` points; <b>…</b> is bold, all other XML is escaped."""

    def __init__(self, markup: str, size: float, width: float, *, colour: str = INK, leading: float = 1.45) -> None:
        self.size, self.colour, self.leading = size, colour, size * leading
        self.lines = broken(list(_chars(markup)), size, width)
        self.height = self.leading * len(self.lines)

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        """Write it with its top left corner at (x, y)."""
        base = y + (self.leading - self.size) / 2 + self.size * BASELINE_SHARE
        for line in self.lines:
            at = x
            for bold, run in groupby(line, key=lambda char: char[1]):
                text = "".join(char for char, _ in run)
                sheet.text(at, base, text, self.size, bold=bold, colour=self.colour)
                at += fonts.width(text, self.size, bold=bold)
            base += self.leading

    def block(self, *, gap: float = 0.0) -> Block:
        """Return it as a block at the left margin."""
        return Block(self.height, lambda sheet, y: self.draw(sheet, LEFT, y), gap=gap)


def broken(chars: list[Char], size: float, width: float) -> list[list[Char]]:
    """Return `chars` as lines; a word wider than a line is cut."""
    lines: list[list[Char]] = [[]]
    used = 0.0
    for piece in _pieces(chars):
        needed = _length(piece, size)
        if lines[-1] and used + _length(_trimmed(piece), size) > width:
            lines.append([])
            used = 0.0
        if needed <= width or len(piece) == 1:
            lines[-1] += piece
            used += needed
            continue
        for char in piece:
            one = _length([char], size)
            if lines[-1] and used + one > width:
                lines.append([])
                used = 0.0
            lines[-1].append(char)
            used += one
    return [_trimmed(line) for line in _without_widow(lines, size)]


def _without_widow(lines: list[list[Char]], size: float) -> list[list[Char]]:
    """Return the lines with the end of the last but one taken down where the last has hardly anything."""
    if len(lines) < 2 or _length(_trimmed(lines[-1]), size) >= LEAST_END * size:
        return lines
    upper, lower = list(_pieces(lines[-2])), list(lines[-1])
    while len(upper) > 1 and _length(_trimmed(lower), size) < LEAST_END * size:
        lower = upper.pop() + lower
    # A clause that begins a little before goes down as a whole.
    clause = next((i for i in range(1, min(CLAUSE, len(upper))) if upper[-i][-1][0] in "，；。、："), 1)
    for _piece in range(clause - 1):
        lower = upper.pop() + lower
    return [*lines[:-2], [char for piece in upper for char in piece], lower]


def _chars(markup: str) -> Iterator[Char]:
    bold = False
    for part in re.split("(</?b>)", markup):
        if part in ("<b>", "</b>"):
            bold = part == "<b>"
        else:
            yield from ((char, bold) for char in unescape(part))


def _pieces(chars: list[Char]) -> Iterator[list[Char]]:
    piece: list[Char] = []
    for char in chars:
        if piece and may_break("".join(one for one, _ in piece), char[0]):
            yield piece
            piece = []
        piece.append(char)
    if piece:
        yield piece


def _length(chars: list[Char], size: float) -> float:
    return size * sum(_width(char, bold) for char, bold in chars)


@lru_cache(maxsize=4096)
def _width(char: str, bold: bool) -> float:
    """Return a character's width as a share of the size; these typefaces are set without kerning."""
    return fonts.width(char, 1, bold=bold)


def _trimmed(chars: list[Char]) -> list[Char]:
    end = len(chars)
    while end and chars[end - 1][0] == " ":
        end -= 1
    return chars[:end]


def boxed(proses: Sequence[Prose]) -> Block:
    """Return paragraphs, each 24 pt narrower than the page, one below the other on a tinted ground."""
    height = 16 + sum(one.height + 2 for one in proses)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.box(LEFT, y, RIGHT - LEFT, height, fill=PAPER)
        at = y + 8
        for one in proses:
            one.draw(sheet, LEFT + 12, at)
            at += one.height + 2

    return Block(height, draw, gap=12)
