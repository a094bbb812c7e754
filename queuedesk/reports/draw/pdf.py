"""A sheet of A4 as reports use it: text, lines and blocks that flow over pages; points, measured from the top."""

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO

from msgspec import Struct
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import FILL_NON_ZERO, Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from queuedesk.reports.draw import fonts

# Streams as bytes: as letters they are a quarter longer, and turning them takes longer than compressing them.
rl_config.useA85 = 0

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
LEFT, RIGHT = 33.0, 562.0
TOP, BOTTOM = 32.0, 803.0
INK, INK2, LINE = "#15201C", "#46534D", "#D5DAD2"
PAPER, PRIMARY, CHART, RED = "#F4F5F1", "#0A6A5D", "#559A8E", "#B3261E"
WHITE = "#FFFFFF"
SUMMARY_PAGES, WALL_PAGES = "summary-pages=", "wall-pages="
"""A file's keywords: how many of its first pages are the summary, and how many may hang on a wall."""


class Sheet:
    """A canvas with its origin at the top left and only the house's typefaces."""

    def __init__(self, title: str, author: str, lang: str) -> None:
        fonts.load()
        self.file = BytesIO()
        self.series = ""
        # Without a first typeface of ours reportlab names Helvetica, which is not embedded.
        self.canvas = Canvas(
            self.file, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), initialFontName=fonts.REGULAR, pageCompression=1
        )
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.canvas.setCreator("QueueDesk")
        self.canvas.setCatalogEntry("Lang", lang.replace("_", "-"))

    def text(
        self, x: float, y: float, text: str, size: float, *, bold: bool = False, colour: str = INK, at: str = "left"
    ) -> None:
        """Write one line with its baseline at `y`; `at` says which of its ends or its middle is at `x`."""
        whole = fonts.width(text, size, bold=bold)
        x -= {"left": 0.0, "middle": whole / 2, "right": whole}[at]
        self.canvas.setFillColor(HexColor(colour))
        for i, part in enumerate(text.replace(fonts.JOINER, "").split(fonts.BETWEEN)):
            if i:
                self.canvas.setFont(fonts.REGULAR, size)
                # The dot is drawn tighter, not narrower; its spaces stay in the text that a reader copies.
                tighter = fonts.BETWEEN_TIGHTER * size
                self.canvas.drawString(x - 0.1 * size, PAGE_HEIGHT - y, fonts.BETWEEN, charSpace=tighter)
                x += fonts.BETWEEN_SHARE * size
            self.canvas.setFont(fonts.BOLD if bold else fonts.REGULAR, size)
            self.canvas.drawString(x, PAGE_HEIGHT - y, part)
            x += fonts.width(part, size, bold=bold)

    def line(
        self,
        points: Sequence[tuple[float, float]],
        *,
        width: float = 0.6,
        colour: str = LINE,
        dash: tuple[float, float] | None = None,
    ) -> None:
        """Draw a line through `points`."""
        canvas = self.canvas
        canvas.saveState()
        canvas.setStrokeColor(HexColor(colour))
        canvas.setLineWidth(width)
        canvas.setLineJoin(1)
        if dash:
            canvas.setDash(*dash)
        path = canvas.beginPath()
        path.moveTo(points[0][0], PAGE_HEIGHT - points[0][1])
        for x, y in points[1:]:
            path.lineTo(x, PAGE_HEIGHT - y)
        canvas.drawPath(path)
        canvas.restoreState()

    def box(
        self, x: float, y: float, width: float, height: float, *, fill: str | None = None, edge: str | None = None
    ) -> None:
        """Draw a rectangle whose top left corner is (x, y)."""
        if fill:
            self.canvas.setFillColor(HexColor(fill))
        if edge:
            self.canvas.setStrokeColor(HexColor(edge))
            self.canvas.setLineWidth(0.8)
        self.canvas.rect(x, PAGE_HEIGHT - y - height, width, height, stroke=int(bool(edge)), fill=int(bool(fill)))

    def boxes(self, rects: Sequence[tuple[float, float, float, float]], *, fill: str) -> None:
        """Fill many rectangles, each (left, top, width, height), as one path."""
        self.canvas.setFillColor(HexColor(fill))
        # A busy day has thousands: reportlab's own way to write a number takes ten times as long.
        written = (
            f"{x:.3f} {PAGE_HEIGHT - y - height:.3f} {width:.3f} {height:.3f} re" for x, y, width, height in rects
        )
        path = PDFPathObject(["n", *written])
        # Two that overlap are filled both: by PDF's other rule their common part would stay empty.
        self.canvas.drawPath(path, stroke=0, fill=1, fillMode=FILL_NON_ZERO)

    def dot(self, x: float, y: float, radius: float, colour: str = INK) -> None:
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.circle(x, PAGE_HEIGHT - y, radius, stroke=0, fill=1)

    def flow(self, blocks: Sequence["Block"], footer: Callable[["Sheet", int, int], None]) -> bytes:
        """Place the blocks one below the other on as many pages as they need, each with its footer; return the file.

        Pages are numbered within their series, whose name the footer finds in `series`. The file records how many pages
        come before the annex, and how many before the first one that is not for the wall.
        """
        pages = paginate(blocks)
        chapters: list[Chapter | None] = []
        for page in pages:
            begun = (block.begins for _, block in page if block.begins)
            chapters.append(next(begun, chapters[-1] if chapters else None))
        names = [chapter.series if chapter else "" for chapter in chapters]
        annex = (i for i, chapter in enumerate(chapters) if chapter and (chapter.series or not chapter.for_wall))
        private = (i for i, chapter in enumerate(chapters) if chapter and not chapter.for_wall)
        self.canvas.setKeywords(f"{SUMMARY_PAGES}{next(annex, len(pages))} {WALL_PAGES}{next(private, len(pages))}")
        for i, page in enumerate(pages):
            for y, block in page:
                block.draw(self, y)
            self.series = names[i]
            footer(self, names[: i + 1].count(names[i]), names.count(names[i]))
            self.canvas.showPage()
        self.canvas.save()
        return self.file.getvalue()


class Block(Struct, frozen=True):
    """A part of a page that is never divided.

    `draw` gets its top. `gap` is free space above it, except at a page's top; `keep`: the next block stays on its page;
    `head` is drawn above it if it begins a page; `breaks`: it always begins a page. With `begins` it begins a page and
    a chapter.
    """

    height: float
    draw: Callable[[Sheet, float], None]
    gap: float = 0.0
    keep: bool = False
    head: "Block | None" = None
    breaks: bool = False
    begins: "Chapter | None" = None


ROUNDING = 0.01
"""By what blocks may pass the end of a page: a sum of heights is not exact to the last digit."""
HEAD_GAP = 8.0
"""What a chapter's head keeps free below it on pages on which it goes on."""


LEAST_FILLED = 1 / 3
"""A chapter's last page holds at least this share of a page, where the page before it has rows to spare."""


class Chapter(Struct, frozen=True):
    """Pages under one head; those of the same `series` are numbered together, "" being the first and nameless one, the
    summary. A chapter that is not `for_wall` is for managers, and so is everything after it."""

    head: Block
    series: str = ""
    for_wall: bool = True

    def start(self) -> Block:
        """Return the block that begins the chapter: its head."""
        return Block(self.head.height, self.head.draw, begins=self)


Pages = list[list[tuple[float, Block]]]


def paginate(blocks: Sequence[Block]) -> Pages:
    """Return the pages as lists of (top, block), in order; at least one page.

    A chapter's last page that would be less than LEAST_FILLED takes rows from the page before it.
    """
    ends: dict[int, float] = {}
    pages = _placed(blocks, ends)
    for number in range(1, len(pages)):
        before, page = pages[number - 1], pages[number]
        goes_on = number + 1 < len(pages) and _continues(pages[number + 1])
        if not _continues(page) or goes_on or _filled(page) >= LEAST_FILLED:
            continue
        middle = TOP + (BOTTOM - TOP) * (_filled(before) + _filled(page)) / 2
        tried = _placed(blocks, ends | {number - 1: middle})
        if len(tried) == len(pages) and _filled(tried[number]) > _filled(page):
            ends[number - 1] = middle
            pages = tried
    return pages


def _continues(page: list[tuple[float, Block]]) -> bool:
    """Whether a page goes on with the chapter of the page before and could take more of its rows."""
    return not any(block.begins or block.breaks for _, block in page)


def _filled(page: list[tuple[float, Block]]) -> float:
    """Return the share of a page that its blocks use."""
    return (max(top + block.height for top, block in page) - TOP) / (BOTTOM - TOP) if page else 0.0


def _placed(blocks: Sequence[Block], ends: Mapping[int, float]) -> Pages:
    """Return the pages with the blocks one below the other; `ends` are pages that end above the bottom, from 0."""
    pages: Pages = [[]]
    chapter: Chapter | None = None
    y = TOP
    for index, block in enumerate(blocks):
        needed = block.gap + block.height
        following = index
        while blocks[following].keep and following + 1 < len(blocks):
            following += 1
            needed += blocks[following].gap + blocks[following].height
        starts = block.breaks or block.begins is not None
        chapter = block.begins or chapter
        if pages[-1] and (starts or y + needed > ends.get(len(pages) - 1, BOTTOM) + ROUNDING):
            pages.append([])
            y = TOP
            for again in (chapter.head if chapter and not block.begins else None, block.head):
                if again:
                    pages[-1].append((y, again))
                    y += again.height + (HEAD_GAP if again is not block.head else 0.0)
        y += block.gap if pages[-1] else 0.0
        pages[-1].append((y, block))
        y += block.height
    return pages


def used(blocks: Sequence[Block]) -> float:
    """Return the height of the blocks one below the other."""
    return sum(b.gap + b.height for b in blocks)


# -- tables ------------------------------------------------------------------------------------------------------------


class Column(Struct, frozen=True):
    """A column of a table: its title, whether its figures are bold."""

    title: str
    bold: bool = False


CELL, ROW_HEIGHT, COLUMN_GAP = 8.8, 16.5, 14.0


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], total: Sequence[str] | None = None) -> list[Block]:
    """Return a table over the whole width: names left-aligned, figures right-aligned, rows on several pages if
    necessary.

    A name is cut with … if it leaves no room for the figures; `total` is a last row, its name and counts bold.
    """
    everything = [*rows, *([total] if total else [])]
    widths = [
        max([fonts.width(c.title, CELL), *(fonts.width(row[i], CELL, bold=True) for row in everything)])
        for i, c in enumerate(columns)
    ]
    figures = sum(widths[1:])
    widest = RIGHT - LEFT - figures - COLUMN_GAP * (len(columns) - 1)
    name_width = min(widths[0], widest)
    gap = (RIGHT - LEFT - name_width - figures) / (len(columns) - 1)
    rights = [LEFT + name_width + sum(widths[1 : i + 1]) + gap * i for i in range(len(columns))]

    def write(sheet: Sheet, y: float, cells: Sequence[str], bold: Sequence[bool], colour: str) -> None:
        name = fonts.shortened(cells[0], CELL, widest, bold=bold[0])
        sheet.text(LEFT, y, name, CELL, bold=bold[0], colour=colour)
        for i in range(1, len(columns)):
            sheet.text(rights[i], y, cells[i], CELL, bold=bold[i], colour=colour, at="right")

    def head(sheet: Sheet, y: float) -> None:
        write(sheet, y + 11, [c.title for c in columns], [False] * len(columns), INK2)
        sheet.line([(LEFT, y + 16.5), (RIGHT, y + 16.5)], width=0.9, colour=INK)

    def row(cells: Sequence[str], bold: Sequence[bool]) -> Callable[[Sheet, float], None]:
        def draw(sheet: Sheet, y: float) -> None:
            write(sheet, y + 11.6, cells, bold, INK)
            sheet.line([(LEFT, y + ROW_HEIGHT), (RIGHT, y + ROW_HEIGHT)])

        return draw

    top = Block(ROW_HEIGHT, head, keep=True)
    bolds = [c.bold for c in columns]
    blocks = [top, *(Block(ROW_HEIGHT, row(cells, bolds), head=top) for cells in rows)]
    if total:
        if rows:
            blocks[-1] = Block(ROW_HEIGHT, blocks[-1].draw, keep=True, head=top)
        blocks.append(Block(ROW_HEIGHT, row(total, [i < 4 or b for i, b in enumerate(bolds)]), head=top))
    return blocks
