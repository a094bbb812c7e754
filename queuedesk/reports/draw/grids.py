"""Tables of any width, texts at the left and figures at the right; rows of sentences; two columns of blocks beside each
other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import zip_longest

from msgspec import Struct
from msgspec.structs import replace

from queuedesk.reports.draw import fonts
from queuedesk.reports.draw.markup import escape
from queuedesk.reports.draw.pdf import BOTTOM, CELL, INK, INK2, LEFT, RED, RIGHT, ROW_HEIGHT, TOP, Block, Sheet, used
from queuedesk.reports.draw.prose import Prose

WIDTH = RIGHT - LEFT
HEADING, UNIT = 11.4, 8.4
NEAREST, FARTHEST, NARROWEST = 8.0, 30.0, 34.0
"""Between two columns at least and before a last column of texts at most; what a column of texts keeps at least."""
LINES = 1.3
"""Between the lines of a cell, in sizes."""
GIVEN = 0.6
"""The share of the space between blocks that may be given up."""
Drawn = Callable[[Sheet, float], None]


class Place(Struct, frozen=True):
    """Horizontal positions on the page, in points."""

    x: float = LEFT
    width: float = WIDTH


FULL = Place()


class Field(Struct, frozen=True):
    """A column: its title, whether it holds texts (left-aligned, cut with … if room is short; `is_whole`: in several
    lines instead), and whether it is bold."""

    title: str
    is_text: bool = False
    bold: bool = False
    is_whole: bool = False


def heading(title: str, unit: str = "", place: Place = FULL, *, gap: float = 20.0) -> Block:
    """Return the title of a part of a page, its unit small after it; what follows stays with it."""

    def draw(sheet: Sheet, y: float) -> None:
        sheet.text(place.x, y + 9, title, HEADING, bold=True)
        if unit:
            sheet.text(place.x + fonts.width(title, HEADING, bold=True) + 6, y + 9, unit, UNIT, colour=INK2)

    return Block(16, draw, gap=gap, keep=True)


def line(markup: str, place: Place = FULL, *, size: float = 8.0, gap: float = 4.0) -> Block:
    """Return a small sentence under a table."""
    prose = Prose(markup, size, place.width, colour=INK2, leading=1.4)
    return Block(prose.height, lambda sheet, y: prose.draw(sheet, place.x, y), gap=gap)


def grid(
    fields: Sequence[Field],
    rows: Sequence[Sequence[str]],
    place: Place = FULL,
    *,
    row_height: float = ROW_HEIGHT,
    total: Sequence[str] | None = None,
    warned: Collection[tuple[int, int]] = (),
) -> list[Block]:
    """Return a table; `total` is a last row in bold, `warned` are cells in red and bold by row and column, from 0.
    Figures are never cut."""
    begins, widths = _columns(fields, [*rows, *([total] if total else [])], place)
    ends = (place.x, place.x + place.width)

    def wrapped(texts: Sequence[str], bolds: Sequence[bool]) -> dict[int, Prose]:
        """Return the cells of a row that take several lines, by column."""
        return {
            n: Prose(f"<b>{escape(text)}</b>" if bold else escape(text), CELL, room, leading=LINES)
            for n, (field, text, room, bold) in enumerate(zip(fields, texts, widths, bolds, strict=True))
            if field.is_whole and fonts.width(text, CELL, bold=bold) > room
        }

    def cells(
        sheet: Sheet, base: float, texts: Sequence[str], usual: str, bolds: Sequence[bool], *, row: int = -1
    ) -> None:
        for n, (field, text, at, room, own) in enumerate(zip(fields, texts, begins, widths, bolds, strict=True)):
            is_warned = (row, n) in warned
            bold, colour = own or is_warned, RED if is_warned else usual
            if field.is_text:
                sheet.text(at, base, fonts.shortened(text, CELL, room, bold=bold), CELL, colour=colour, bold=bold)
            else:
                sheet.text(at + room, base, text, CELL, colour=colour, bold=bold, at="right")

    def head(sheet: Sheet, y: float) -> None:
        cells(sheet, y + 11, [field.title for field in fields], INK2, [False] * len(fields))
        sheet.line([(end, y + ROW_HEIGHT) for end in ends], width=0.9, colour=INK)

    def row(texts: Sequence[str], bolds: Sequence[bool], n: int, *, keep: bool = False) -> Block:
        long = wrapped(texts, bolds)
        short = ["" if at in long else text for at, text in enumerate(texts)]
        high = row_height + max((one.height - one.leading for one in long.values()), default=0.0)

        def draw(sheet: Sheet, y: float) -> None:
            cells(sheet, y + row_height * 0.7, short, INK, bolds, row=n)
            for at, one in long.items():
                one.draw(sheet, begins[at], y + (row_height - one.leading) / 2)
            sheet.line([(end, y + high) for end in ends])

        return Block(high, draw, head=top, keep=keep)

    top = Block(ROW_HEIGHT, head, keep=True)
    own = [field.bold for field in fields]
    blocks = [row(texts, own, n, keep=bool(total) and n == len(rows) - 1) for n, texts in enumerate(rows)]
    if total:
        blocks.append(row(total, [True] * len(fields), len(rows)))
    return [top, *blocks]


def together(blocks: Sequence[Block]) -> list[Block]:
    """Return a short table or paragraph as a block that is not divided between pages."""
    return [*(replace(block, keep=True) for block in blocks[:-1]), *blocks[-1:]]


def fitted(blocks: Sequence[Block], room: float = BOTTOM - TOP) -> list[Block]:
    """Return the blocks closer together if that alone puts all of them on one page of `room` points."""
    gaps = sum(block.gap for block in blocks)
    over = used(blocks) - room
    if not 0 < over <= gaps * GIVEN:
        return list(blocks)
    return [replace(block, gap=block.gap * (gaps - over) / gaps) for block in blocks]


def _columns(fields: Sequence[Field], rows: Sequence[Sequence[str]], place: Place) -> tuple[list[float], list[float]]:
    """Return where each column begins and how wide it is."""
    widths = [
        max([fonts.width(f.title, CELL), *(fonts.width(row[i], CELL, bold=True) for row in rows)])
        for i, f in enumerate(fields)
    ]
    gaps = len(fields) - 1
    texts = [i for i, f in enumerate(fields) if f.is_text]
    over = sum(widths) + NEAREST * gaps - place.width
    while over > 0 and (wide := [i for i in texts if widths[i] > NARROWEST]):
        widest = max(wide, key=lambda i: widths[i])
        cut = min(over, max(1.0, widths[widest] * 0.1))
        widths[widest] -= cut
        over -= cut
    spare = max(0.0, -over)
    gap = NEAREST + spare / max(1, gaps)
    if fields[-1].is_text and gaps:
        gap = min(gap, FARTHEST)
        widths[-1] += NEAREST * gaps + spare - gap * gaps
    begins = [place.x + sum(widths[:i]) + gap * i for i in range(len(fields))]
    return begins, widths


def sentences(
    titles: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float], *, size: float, padding: float = 3.8
) -> list[Block]:
    """Return a table over the whole width whose cells are sentences of several lines; `shares` are the widths of its
    columns, adding up to 1.

    The first column is bold; cells are plain text; `padding` is a row's free space above and below together.
    """
    apart = 10.0
    begins = [LEFT + WIDTH * sum(shares[:i]) for i in range(len(shares))]
    widths = [WIDTH * share - apart for share in shares]

    def head(sheet: Sheet, y: float) -> None:
        for at, title in zip(begins, titles, strict=True):
            sheet.text(at, y + 10, title, 8.0, colour=INK2)
        sheet.line([(LEFT, y + 15), (RIGHT, y + 15)], width=0.9, colour=INK)

    top = Block(15.5, head, keep=True)
    return [top, *(_sentences(row, begins, widths, (size, padding), top) for row in rows)]


def _sentences(
    row: Sequence[str], begins: Sequence[float], widths: Sequence[float], look: tuple[float, float], top: Block
) -> Block:
    size, padding = look
    first, *rest = (escape(text) for text in row)
    cells = [
        Prose(text, size, width, leading=1.3) for text, width in zip([f"<b>{first}</b>", *rest], widths, strict=True)
    ]
    height = max(cell.height for cell in cells) + padding

    def draw(sheet: Sheet, y: float) -> None:
        for at, cell in zip(begins, cells, strict=True):
            cell.draw(sheet, at, y + padding * 0.42)
        sheet.line([(LEFT, y + height), (RIGHT, y + height)], width=0.5)

    return Block(height, draw, head=top)


# -- two columns -------------------------------------------------------------------------------------------------------

Placed = list[tuple[float, Block]]


def beside(left: Sequence[Block], right: Sequence[Block], *, above: float, room: float = BOTTOM - TOP) -> list[Block]:
    """Return two columns as blocks, one for each page that they take, with their own blocks in place. `above` is how
    much of the first page is used already, `room` what a page has."""
    nothing: Placed = []
    pairs = zip_longest(_filled(left, room - above, room), _filled(right, room - above, room), fillvalue=nothing)
    found = [_pair([*first, *second]) for first, second in pairs if first or second]
    return [replace(block, breaks=i > 0) for i, block in enumerate(found)]


def _filled(blocks: Sequence[Block], first: float, room: float) -> list[Placed]:
    """Return a column's blocks page by page with their tops, counted from the column's own; the first page may stay
    empty."""
    pages: list[Placed] = [[]]
    y, left = 0.0, first
    for index, block in enumerate(blocks):
        gap = block.gap if pages[-1] else 0.0
        needed = gap + block.height
        following = index
        while blocks[following].keep and following + 1 < len(blocks):
            following += 1
            needed += blocks[following].gap + blocks[following].height
        if y + needed > left and (pages[-1] or len(pages) == 1):
            pages.append([])
            y, left, gap = 0.0, room, 0.0
            if block.head:
                pages[-1].append((y, block.head))
                y += block.head.height
        pages[-1].append((y + gap, block))
        y += gap + block.height
    return pages


def _pair(placed: Placed) -> Block:
    height = max(top + block.height for top, block in placed)

    def draw(sheet: Sheet, y: float) -> None:
        for top, block in placed:
            block.draw(sheet, y + top)

    return Block(height, draw, gap=20)
