"""PDFs of A4 in points from the top: typefaces, sheet, bold words in text, flowing blocks, tables, two columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from io import BytesIO
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont, TTFontFace
from reportlab.pdfgen.canvas import FILL_NON_ZERO, Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from queuedesk.core.errors import OutsideError
from queuedesk.i18n.line_breaks import can_break_line_between
from queuedesk.paths import resource_path

REGULAR = "QDSansSC"
BOLD = "QDSansSC-Bold"
_FILES = {REGULAR: "QDSansSC-Regular.ttf", BOLD: "QDSansSC-Bold.ttf"}
JOINER = "\u2060"
ROUNDING = 0.01
"""What a text may be wider than its room, in points: a sum of widths is not exact to the last digit."""
BETWEEN = " · "
BETWEEN_SHARE, BETWEEN_TIGHTER = 0.8, -0.216
"""What " · " takes, and what each of its characters loses for that, as shares of the size: the dot is as wide as a
Chinese character."""


class _LowMemoryTypeface(TTFontFace):
    """A typeface that holds its file only while a part of it is taken for a PDF: 2 MB each."""

    def makeSubset(self, subset: Any) -> Any:  # noqa: N802 - reportlab's name
        self._ttf_data = Path(self.filename).read_bytes()
        try:
            return super().makeSubset(subset)
        finally:
            self._free_font_data()

    def _free_font_data(self) -> None:
        self._ttf_data = b""


def _release_unused_tables(face: Any) -> None:
    """Let go of what only other ways of setting text need: 3.6 MB of each typeface."""
    face.__class__ = _LowMemoryTypeface
    face._free_font_data()
    face.glyphToChar = {}  # by which reportlab shapes text with HarfBuzz


@cache
def register_typefaces() -> None:
    """Register the typefaces with reportlab; a second call costs nothing. Raises OutsideError "unknown_font"."""
    for name, file in _FILES.items():
        try:
            font = TTFont(name, str(resource_path("fonts", file)))
        except (OSError, TTFError) as error:
            raise OutsideError("unknown_font") from error
        _release_unused_tables(font.face)
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of one line in points."""
    register_typefaces()
    parts = text.replace(JOINER, "").split(BETWEEN)
    measured: float = sum(pdfmetrics.stringWidth(part, BOLD if bold else REGULAR, size) for part in parts)
    return measured + BETWEEN_SHARE * size * (len(parts) - 1)


def cut_text_to_width(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Return the text, cut with … where it is wider than `room` points."""
    if text_width(text, size, bold=bold) <= room + ROUNDING:
        return text
    text = text[:-1]
    # A dot at the end is no longer between two words: drawn as wide as it is, it would leave the room.
    while text and (text[-1] in " ·" or text_width(text + "…", size, bold=bold) > room):
        text = text[:-1]
    return text + "…"


# Streams as bytes: as letters they are a quarter longer, and turning them takes longer than compressing them.
rl_config.useA85 = 0

PAGE_WIDTH, PAGE_HEIGHT = 595.28, 841.89
LEFT, RIGHT = 33.0, 562.0
TOP, BOTTOM = 32.0, 803.0
INK, INK2, LINE = "#15201C", "#46534D", "#D5DAD2"
PAPER, PRIMARY, CHART, RED = "#F4F5F1", "#0A6A5D", "#559A8E", "#B3261E"
WHITE = "#FFFFFF"
HEADING, UNIT = 11.4, 8.4
SUMMARY_PAGES, WALL_PAGES = "summary-pages=", "wall-pages="
"""A file's keywords: how many of its first pages are the summary, and how many may hang on a wall."""


class PdfSheet:
    """A canvas with its origin at the top left and only the house's typefaces."""

    def __init__(self, title: str, author: str, lang: str) -> None:
        register_typefaces()
        self.file = BytesIO()
        self.series = ""
        # Without a first typeface of ours reportlab names Helvetica, which is not embedded.
        self.canvas = Canvas(self.file, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), initialFontName=REGULAR, pageCompression=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.canvas.setCreator("QueueDesk")
        self.canvas.setCatalogEntry("Lang", lang.replace("_", "-"))
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        self._bookmarks: list[str] = []
        """The latest bookmark of each level."""
        self._bookmark_count = 0

    def draw_heading(
        self, x: float, y: float, text: str, size: float = HEADING, *, unit: str = "", level: int = 1
    ) -> None:
        """Write a heading as `text` does, its unit small after it, and bookmark it: level 0 for the title of a page, 1
        for a part of it."""
        self.draw_text(x, y, text, size, bold=True)
        if unit:
            self.draw_text(x + text_width(text, size, bold=True) + 6, y, unit, UNIT, colour=INK2)
        self.add_bookmark(text, y - size, level)

    def add_bookmark(self, title: str, top: float, level: int = 1) -> None:
        """Bookmark what begins at `top`, once where its title is drawn again on the next page. The first bookmark says
        what kind of paper this is, and becomes the file's subject."""
        level = min(level, len(self._bookmarks))
        if title == next(iter(self._bookmarks[level:]), None):
            return
        if not self._bookmark_count:
            self.canvas.setSubject(title)
        self._bookmarks[level:] = [title]
        self._bookmark_count += 1
        key = f"part-{self._bookmark_count}"
        self.canvas.bookmarkHorizontalAbsolute(key, PAGE_HEIGHT - top)
        self.canvas.addOutlineEntry(title, key, level)

    def draw_text(
        self, x: float, y: float, text: str, size: float, *, bold: bool = False, colour: str = INK, at: str = "left"
    ) -> None:
        """Write one line with its baseline at `y`; `at` says which of its ends or its middle is at `x`."""
        whole = text_width(text, size, bold=bold)
        x -= {"left": 0.0, "middle": whole / 2, "right": whole}[at]
        self.canvas.setFillColor(HexColor(colour))
        for i, part in enumerate(text.replace(JOINER, "").split(BETWEEN)):
            if i:
                self.canvas.setFont(REGULAR, size)
                # The dot is drawn tighter, not narrower; its spaces stay in the text that a reader copies.
                tighter = BETWEEN_TIGHTER * size
                self.canvas.drawString(x - 0.1 * size, PAGE_HEIGHT - y, BETWEEN, charSpace=tighter)
                x += BETWEEN_SHARE * size
            self.canvas.setFont(BOLD if bold else REGULAR, size)
            self.canvas.drawString(x, PAGE_HEIGHT - y, part)
            x += text_width(part, size, bold=bold)

    def draw_line(
        self,
        points: Sequence[tuple[float, float]],
        *,
        width: float = 0.6,
        colour: str = LINE,
        dash: tuple[float, float] | None = None,
    ) -> None:
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

    def draw_box(
        self, x: float, y: float, width: float, height: float, *, fill: str | None = None, edge: str | None = None
    ) -> None:
        """Draw a rectangle whose top left corner is (x, y)."""
        if fill:
            self.canvas.setFillColor(HexColor(fill))
        if edge:
            self.canvas.setStrokeColor(HexColor(edge))
            self.canvas.setLineWidth(0.8)
        self.canvas.rect(x, PAGE_HEIGHT - y - height, width, height, stroke=int(bool(edge)), fill=int(bool(fill)))

    def fill_boxes(self, rects: Sequence[tuple[float, float, float, float]], *, fill: str) -> None:
        """Fill many rectangles, each (left, top, width, height), as one path."""
        self.canvas.setFillColor(HexColor(fill))
        # A busy day has thousands: reportlab's own way to write a number takes ten times as long.
        written = (
            f"{x:.3f} {PAGE_HEIGHT - y - height:.3f} {width:.3f} {height:.3f} re" for x, y, width, height in rects
        )
        path = PDFPathObject(["n", *written])
        # Two that overlap are filled both: by PDF's other rule their common part would stay empty.
        self.canvas.drawPath(path, stroke=0, fill=1, fillMode=FILL_NON_ZERO)

    def draw_dot(self, x: float, y: float, radius: float, colour: str = INK) -> None:
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.circle(x, PAGE_HEIGHT - y, radius, stroke=0, fill=1)

    def paged_pdf(self, blocks: Sequence[BlockWithinPage], footer: Callable[[PdfSheet, int, int], None]) -> bytes:
        """Place the blocks one below the other on as many pages as they need, each with its footer; return the file.
        Pages are numbered within their series, whose name the footer finds in `series`. The file records how many pages
        come before the annex, and how many before the first one that is not for the wall."""
        pages = paginate(blocks)
        chapters: list[PageChapter | None] = []
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


class BlockWithinPage(Struct, frozen=True):
    """A part of a page that is never divided. `draw` gets its top. `gap` is free space above it, except at a page's
    top; `keep`: the next block stays on its page; `head` is drawn above it if it begins a page; `breaks`: it always
    begins a page. With `begins` it begins a page and a chapter."""

    height: float
    draw: Callable[[PdfSheet, float], None]
    gap: float = 0.0
    keep: bool = False
    head: BlockWithinPage | None = None
    breaks: bool = False
    begins: PageChapter | None = None


"""By what blocks may pass the end of a page: a sum of heights is not exact to the last digit."""
HEAD_GAP = 8.0
"""What a chapter's head keeps free below it on pages on which it goes on."""

LEAST_FILLED = 1 / 3
"""A chapter's last page holds at least this share of a page, where the page before it has rows to spare."""


class PageChapter(Struct, frozen=True):
    """Pages under one head; those of the same `series` are numbered together, "" being the first and nameless one, the
    summary. A chapter that is not `for_wall` is for managers, and so is everything after it."""

    head: BlockWithinPage
    series: str = ""
    for_wall: bool = True

    def head_block(self) -> BlockWithinPage:
        """Return the block that begins the chapter: its head."""
        return BlockWithinPage(self.head.height, self.head.draw, begins=self)


Pages = list[list[tuple[float, BlockWithinPage]]]


def paginate(blocks: Sequence[BlockWithinPage]) -> Pages:
    """Return the pages as lists of (top, block), at least one. A chapter's last page under LEAST_FILLED takes rows from
    the page before."""
    ends: dict[int, float] = {}
    pages = _place_on_pages(blocks, ends)
    for number in range(1, len(pages)):
        before, page = pages[number - 1], pages[number]
        goes_on = number + 1 < len(pages) and _is_page_continuing_chapter(pages[number + 1])
        if not _is_page_continuing_chapter(page) or goes_on or _share_filled(page) >= LEAST_FILLED:
            continue
        middle = TOP + (BOTTOM - TOP) * (_share_filled(before) + _share_filled(page)) / 2
        tried = _place_on_pages(blocks, ends | {number - 1: middle})
        if len(tried) == len(pages) and _share_filled(tried[number]) > _share_filled(page):
            ends[number - 1] = middle
            pages = tried
    return pages


def _is_page_continuing_chapter(page: list[tuple[float, BlockWithinPage]]) -> bool:
    """Whether a page goes on with the chapter of the page before and could take more of its rows."""
    return not any(block.begins or block.breaks for _, block in page)


def _share_filled(page: list[tuple[float, BlockWithinPage]]) -> float:
    return (max(top + block.height for top, block in page) - TOP) / (BOTTOM - TOP) if page else 0.0


def _place_on_pages(blocks: Sequence[BlockWithinPage], ends: Mapping[int, float]) -> Pages:
    """Return the pages with the blocks one below the other; `ends` are pages that end above the bottom, from 0."""
    pages: Pages = [[]]
    chapter: PageChapter | None = None
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


def blocks_height(blocks: Sequence[BlockWithinPage]) -> float:
    return sum(b.gap + b.height for b in blocks)


# -- tables ------------------------------------------------------------------------------------------------------------


class FigureColumn(Struct, frozen=True):
    """A column of a table: its title, whether its figures are bold."""

    title: str
    bold: bool = False


CELL, ROW_HEIGHT, COLUMN_GAP = 8.8, 16.5, 14.0


def figures_table_blocks(
    columns: Sequence[FigureColumn], rows: Sequence[Sequence[str]], total: Sequence[str] | None = None
) -> list[BlockWithinPage]:
    """Return a table over the whole width: names left-aligned, figures right-aligned. Names are cut with … to leave
    room for figures; `total` is a last row, its name and counts bold."""
    everything = [*rows, *([total] if total else [])]
    widths = [
        max([text_width(c.title, CELL), *(text_width(row[i], CELL, bold=True) for row in everything)])
        for i, c in enumerate(columns)
    ]
    figures = sum(widths[1:])
    widest = RIGHT - LEFT - figures - COLUMN_GAP * (len(columns) - 1)
    name_width = min(widths[0], widest)
    gap = (RIGHT - LEFT - name_width - figures) / (len(columns) - 1)
    rights = [LEFT + name_width + sum(widths[1 : i + 1]) + gap * i for i in range(len(columns))]

    def write(sheet: PdfSheet, y: float, cells: Sequence[str], bold: Sequence[bool], colour: str) -> None:
        name = cut_text_to_width(cells[0], CELL, widest, bold=bold[0])
        sheet.draw_text(LEFT, y, name, CELL, bold=bold[0], colour=colour)
        for i in range(1, len(columns)):
            sheet.draw_text(rights[i], y, cells[i], CELL, bold=bold[i], colour=colour, at="right")

    def draw_head(sheet: PdfSheet, y: float) -> None:
        write(sheet, y + 11, [c.title for c in columns], [False] * len(columns), INK2)
        sheet.draw_line([(LEFT, y + 16.5), (RIGHT, y + 16.5)], width=0.9, colour=INK)

    def row_drawer(cells: Sequence[str], bold: Sequence[bool]) -> Callable[[PdfSheet, float], None]:
        def draw_block(sheet: PdfSheet, y: float) -> None:
            write(sheet, y + 11.6, cells, bold, INK)
            sheet.draw_line([(LEFT, y + ROW_HEIGHT), (RIGHT, y + ROW_HEIGHT)])

        return draw_block

    top = BlockWithinPage(ROW_HEIGHT, draw_head, keep=True)
    bolds = [c.bold for c in columns]
    blocks = [top, *(BlockWithinPage(ROW_HEIGHT, row_drawer(cells, bolds), head=top) for cells in rows)]
    if total:
        if rows:
            blocks[-1] = BlockWithinPage(ROW_HEIGHT, blocks[-1].draw, keep=True, head=top)
        blocks.append(
            BlockWithinPage(ROW_HEIGHT, row_drawer(total, [i < 4 or b for i, b in enumerate(bolds)]), head=top)
        )
    return blocks


def escape(text: str) -> str:
    """Return a text as markup that says just that text."""
    # As `xml.sax.saxutils` does it, which brings urllib, mail and TLS: 3 MB and a fifth of what a first paper loads.
    return text.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")


def unescape(markup: str) -> str:
    return markup.replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")


BASELINE_SHARE = 0.93
LEAST_END = 4.0
"""What the last of several lines has at least, in sizes: four Chinese characters, or a word."""
CLAUSE = 6
"""How many characters before that the end of a clause is looked for."""

Char = tuple[str, bool]


class WrappedMarkup:
    """`markup` set in lines of at most `text_width` points; <b>…</b> is bold, all other XML is escaped."""

    def __init__(self, markup: str, size: float, width: float, *, colour: str = INK, leading: float = 1.45) -> None:
        self.size, self.colour, self.leading = size, colour, size * leading
        self.lines = chars_wrapped_into_lines(list(_markup_chars_with_boldness(markup)), size, width)
        self.height = self.leading * len(self.lines)

    def draw(self, sheet: PdfSheet, x: float, y: float) -> None:
        """Write it with its top left corner at (x, y)."""
        base = y + (self.leading - self.size) / 2 + self.size * BASELINE_SHARE
        for line in self.lines:
            at = x
            for bold, run in groupby(line, key=lambda char: char[1]):
                text = "".join(char for char, _ in run)
                sheet.draw_text(at, base, text, self.size, bold=bold, colour=self.colour)
                at += text_width(text, self.size, bold=bold)
            base += self.leading

    def page_block(self, *, gap: float = 0.0) -> BlockWithinPage:
        return BlockWithinPage(self.height, lambda sheet, y: self.draw(sheet, LEFT, y), gap=gap)


def chars_wrapped_into_lines(chars: list[Char], size: float, width: float) -> list[list[Char]]:
    """Return `chars` as lines; a word wider than a line is cut."""
    lines: list[list[Char]] = [[]]
    used = 0.0
    for piece in _unbreakable_pieces(chars):
        needed = _width_of_chars(piece, size)
        if lines[-1] and used + _width_of_chars(_without_end_spaces(piece), size) > width:
            lines.append([])
            used = 0.0
        if needed <= width or len(piece) == 1:
            lines[-1] += piece
            used += needed
            continue
        for char in piece:
            one = _width_of_chars([char], size)
            if lines[-1] and used + one > width:
                lines.append([])
                used = 0.0
            lines[-1].append(char)
            used += one
    return [_without_end_spaces(line) for line in _with_fuller_last_line(lines, size)]


def _with_fuller_last_line(lines: list[list[Char]], size: float) -> list[list[Char]]:
    """Return the lines with the end of the last but one taken down where the last has hardly anything."""
    if len(lines) < 2 or _width_of_chars(_without_end_spaces(lines[-1]), size) >= LEAST_END * size:
        return lines
    upper, lower = list(_unbreakable_pieces(lines[-2])), list(lines[-1])
    while len(upper) > 1 and _width_of_chars(_without_end_spaces(lower), size) < LEAST_END * size:
        lower = upper.pop() + lower
    # A clause that begins a little before goes down as a whole.
    clause = next((i for i in range(1, min(CLAUSE, len(upper))) if upper[-i][-1][0] in "，；。、："), 1)
    for _piece in range(clause - 1):
        lower = upper.pop() + lower
    return [*lines[:-2], [char for piece in upper for char in piece], lower]


def _markup_chars_with_boldness(markup: str) -> Iterator[Char]:
    bold = False
    for part in re.split("(</?b>)", markup):
        if part in ("<b>", "</b>"):
            bold = part == "<b>"
        else:
            yield from ((char, bold) for char in unescape(part))


def _unbreakable_pieces(chars: list[Char]) -> Iterator[list[Char]]:
    piece: list[Char] = []
    for char in chars:
        if piece and can_break_line_between("".join(one for one, _ in piece), char[0]):
            yield piece
            piece = []
        piece.append(char)
    if piece:
        yield piece


def _width_of_chars(chars: list[Char], size: float) -> float:
    return size * sum(_width_of_char(char, bold) for char, bold in chars)


@lru_cache(maxsize=4096)
def _width_of_char(char: str, bold: bool) -> float:
    """Return a character's width as a share of the size; these typefaces are set without kerning."""
    return text_width(char, 1, bold=bold)


def _without_end_spaces(chars: list[Char]) -> list[Char]:
    end = len(chars)
    while end and chars[end - 1][0] == " ":
        end -= 1
    return chars[:end]


def paragraphs_in_tinted_box(proses: Sequence[WrappedMarkup]) -> BlockWithinPage:
    """Return paragraphs, each 24 pt narrower than the page, one below the other on a tinted ground."""
    height = 16 + sum(prose.height + 2 for prose in proses)

    def draw_block(sheet: PdfSheet, y: float) -> None:
        sheet.draw_box(LEFT, y, RIGHT - LEFT, height, fill=PAPER)
        at = y + 8
        for prose in proses:
            prose.draw(sheet, LEFT + 12, at)
            at += prose.height + 2

    return BlockWithinPage(height, draw_block, gap=12)


WIDTH = RIGHT - LEFT
NEAREST, FARTHEST, NARROWEST = 8.0, 30.0, 34.0
"""Between two columns at least and before a last column of texts at most; what a column of texts keeps at least."""
LINES = 1.3
"""Between the lines of a cell, in sizes."""
GIVEN = 0.6
"""The share of the space between blocks that may be given up."""
Drawn = Callable[[PdfSheet, float], None]


class HorizontalPlace(Struct, frozen=True):
    """Horizontal positions on the page, in points."""

    x: float = LEFT
    width: float = WIDTH


FULL = HorizontalPlace()


class GridColumn(Struct, frozen=True):
    """A column: its title, whether it holds texts (left-aligned, cut with … if room is short; `is_whole`: in several
    lines instead), and whether it is bold."""

    title: str
    is_text: bool = False
    bold: bool = False
    is_whole: bool = False


def heading_block(title: str, unit: str = "", place: HorizontalPlace = FULL, *, gap: float = 20.0) -> BlockWithinPage:
    """Return the title of a part of a page, its unit small after it; what follows stays with it."""
    return BlockWithinPage(
        16, lambda sheet, y: sheet.draw_heading(place.x, y + 9, title, unit=unit), gap=gap, keep=True
    )


def small_sentence_block(
    markup: str, place: HorizontalPlace = FULL, *, size: float = 8.0, gap: float = 4.0
) -> BlockWithinPage:
    """Return a small sentence under a table."""
    prose = WrappedMarkup(markup, size, place.width, colour=INK2, leading=1.4)
    return BlockWithinPage(prose.height, lambda sheet, y: prose.draw(sheet, place.x, y), gap=gap)


def grid_table_blocks(
    fields: Sequence[GridColumn],
    rows: Sequence[Sequence[str]],
    place: HorizontalPlace = FULL,
    *,
    row_height: float = ROW_HEIGHT,
    total: Sequence[str] | None = None,
    warned: Collection[tuple[int, int]] = (),
) -> list[BlockWithinPage]:
    """Return a table; `total` is a last row in bold, `warned` are cells in red and bold by row and column, from 0.
    Figures are never cut."""
    begins, widths = _column_starts_and_widths(fields, [*rows, *([total] if total else [])], place)
    ends = (place.x, place.x + place.width)

    def wrapped_cells(texts: Sequence[str], bolds: Sequence[bool]) -> dict[int, WrappedMarkup]:
        """Return the cells of a row that take several lines, by column."""
        return {
            n: WrappedMarkup(f"<b>{escape(text)}</b>" if bold else escape(text), CELL, room, leading=LINES)
            for n, (field, text, room, bold) in enumerate(zip(fields, texts, widths, bolds, strict=True))
            if field.is_whole and text_width(text, CELL, bold=bold) > room
        }

    def draw_cells(
        sheet: PdfSheet, base: float, texts: Sequence[str], usual: str, bolds: Sequence[bool], *, row: int = -1
    ) -> None:
        for n, (field, text, at, room, own) in enumerate(zip(fields, texts, begins, widths, bolds, strict=True)):
            is_warned = (row, n) in warned
            bold, colour = own or is_warned, RED if is_warned else usual
            if field.is_text:
                sheet.draw_text(
                    at, base, cut_text_to_width(text, CELL, room, bold=bold), CELL, colour=colour, bold=bold
                )
            else:
                sheet.draw_text(at + room, base, text, CELL, colour=colour, bold=bold, at="right")

    def draw_head(sheet: PdfSheet, y: float) -> None:
        draw_cells(sheet, y + 11, [field.title for field in fields], INK2, [False] * len(fields))
        sheet.draw_line([(end, y + ROW_HEIGHT) for end in ends], width=0.9, colour=INK)

    def row_block(texts: Sequence[str], bolds: Sequence[bool], n: int, *, keep: bool = False) -> BlockWithinPage:
        long = wrapped_cells(texts, bolds)
        short = ["" if at in long else text for at, text in enumerate(texts)]
        high = row_height + max((prose.height - prose.leading for prose in long.values()), default=0.0)

        def draw_block(sheet: PdfSheet, y: float) -> None:
            draw_cells(sheet, y + row_height * 0.7, short, INK, bolds, row=n)
            for at, prose in long.items():
                prose.draw(sheet, begins[at], y + (row_height - prose.leading) / 2)
            sheet.draw_line([(end, y + high) for end in ends])

        return BlockWithinPage(high, draw_block, head=top, keep=keep)

    top = BlockWithinPage(ROW_HEIGHT, draw_head, keep=True)
    own = [field.bold for field in fields]
    blocks = [row_block(texts, own, n, keep=bool(total) and n == len(rows) - 1) for n, texts in enumerate(rows)]
    if total:
        blocks.append(row_block(total, [True] * len(fields), len(rows)))
    return [top, *blocks]


def blocks_kept_together(blocks: Sequence[BlockWithinPage]) -> list[BlockWithinPage]:
    """Return a short table or paragraph as a block that is not divided between pages."""
    return [*(replace(block, keep=True) for block in blocks[:-1]), *blocks[-1:]]


def blocks_fitted_to_one_page(blocks: Sequence[BlockWithinPage], room: float = BOTTOM - TOP) -> list[BlockWithinPage]:
    """Return the blocks closer together if that alone puts all of them on one page of `room` points."""
    gaps = sum(block.gap for block in blocks)
    over = blocks_height(blocks) - room
    if not 0 < over <= gaps * GIVEN:
        return list(blocks)
    return [replace(block, gap=block.gap * (gaps - over) / gaps) for block in blocks]


def _column_starts_and_widths(
    fields: Sequence[GridColumn], rows: Sequence[Sequence[str]], place: HorizontalPlace
) -> tuple[list[float], list[float]]:
    """Return where each column begins and how wide it is."""
    widths = [
        max([text_width(f.title, CELL), *(text_width(row[i], CELL, bold=True) for row in rows)])
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


def sentence_table_blocks(
    titles: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float], *, size: float, padding: float = 3.8
) -> list[BlockWithinPage]:
    """Return a table over the whole width with cells of several lines of plain text; the columns' `shares` add up to 1.
    The first column is bold; `padding` is a row's free space above and below together."""
    apart = 10.0
    begins = [LEFT + WIDTH * sum(shares[:i]) for i in range(len(shares))]
    widths = [WIDTH * share - apart for share in shares]

    def draw_head(sheet: PdfSheet, y: float) -> None:
        for at, title in zip(begins, titles, strict=True):
            sheet.draw_text(at, y + 10, title, 8.0, colour=INK2)
        sheet.draw_line([(LEFT, y + 15), (RIGHT, y + 15)], width=0.9, colour=INK)

    top = BlockWithinPage(15.5, draw_head, keep=True)
    return [top, *(_row_of_wrapped_cells(row, begins, widths, (size, padding), top) for row in rows)]


def _row_of_wrapped_cells(
    row: Sequence[str],
    begins: Sequence[float],
    widths: Sequence[float],
    look: tuple[float, float],
    top: BlockWithinPage,
) -> BlockWithinPage:
    size, padding = look
    first, *rest = (escape(text) for text in row)
    cells = [
        WrappedMarkup(text, size, width, leading=1.3)
        for text, width in zip([f"<b>{first}</b>", *rest], widths, strict=True)
    ]
    height = max(cell.height for cell in cells) + padding

    def draw_block(sheet: PdfSheet, y: float) -> None:
        for at, cell in zip(begins, cells, strict=True):
            cell.draw(sheet, at, y + padding * 0.42)
        sheet.draw_line([(LEFT, y + height), (RIGHT, y + height)], width=0.5)

    return BlockWithinPage(height, draw_block, head=top)


# -- two columns -------------------------------------------------------------------------------------------------------

Placed = list[tuple[float, BlockWithinPage]]


def two_column_blocks(
    left: Sequence[BlockWithinPage], right: Sequence[BlockWithinPage], *, above: float, room: float = BOTTOM - TOP
) -> list[BlockWithinPage]:
    """Return two columns as blocks, one for each page that they take, with their own blocks in place. `above` is how
    much of the first page is used already, `room` what a page has."""
    nothing: Placed = []
    pairs = zip_longest(
        _column_blocks_by_page(left, room - above, room),
        _column_blocks_by_page(right, room - above, room),
        fillvalue=nothing,
    )
    blocks = [_blocks_side_by_side([*first, *second]) for first, second in pairs if first or second]
    return [replace(block, breaks=i > 0) for i, block in enumerate(blocks)]


def _column_blocks_by_page(blocks: Sequence[BlockWithinPage], first: float, room: float) -> list[Placed]:
    """Return a column's blocks by page with tops counted from the column's; the first page may stay empty."""
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


def _blocks_side_by_side(placed: Placed) -> BlockWithinPage:
    height = max(top + block.height for top, block in placed)

    def draw_block(sheet: PdfSheet, y: float) -> None:
        for top, block in placed:
            block.draw(sheet, y + top)

    return BlockWithinPage(height, draw_block, gap=20)
