"""What the kiosk's pages share, and two of them: a service's papers, steps, fees and hours, and words for a manager."""

from __future__ import annotations

from functools import partial

from msgspec import Struct
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QWidget

from queuedesk.core.quality.case import LONGEST_TYPED
from queuedesk.features.kiosk.pages.keys import LEAST_PX, InformationRowKey, PlainKey, PlainKeyText, RowText
from queuedesk.i18n.line_breaks import NEVER_FIRST
from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.number_block import LimitedTextField
from queuedesk.stations.widgets.panels import TextRun, paint_text_runs, text_runs_width
from queuedesk.stations.window.style import Look

SIDE = 56
KEY_HEIGHT, GAP = 132, 20
BACK_HEIGHT = 108
# In a lower row the figures of two facts would run into one another.
LEAST_FACT = 72.0
LABEL_LEADING, LEAST_LABEL = 46, 26
_CENTRE = Qt.AlignmentFlag.AlignHCenter


class KioskStage(paint.CanvasWidget):
    """One page below the head. Subclasses place their keys with `put` and paint words; `arrange` follows every change
    of shape."""

    back_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, 1080, 1789, parent=parent)
        self.back_key = PlainKey(self.look, px=40, parent=self)
        self.back_key.clicked.connect(self.back_wanted)
        self.title = ""
        self._back_width = 0.0

    @property
    def is_wide(self) -> bool:
        width, height = self.canvas_size()
        return width > height

    def set_stage_size(self, width: float, height: float) -> None:
        """Use this room, in canvas px."""
        if (width, height) != self.canvas_size():
            self.set_canvas_size(width, height)
            self.place_keys()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place_keys()  # anew: a key is whole px wide, which can decide whether its words fit

    def place_keys(self) -> None:
        """Put every key in its place."""

    def place_or_hide_key(self, key: QWidget, rect: QRectF | None) -> None:
        """Place `key` at `rect`, or hide it."""
        if rect is None:
            self.forget_child(key)
            key.hide()
        else:
            self.place_child(key, rect)

    def set_title(self, title: str, back: str) -> None:
        """Show a title; `back` is the label of the key before it, "" for none."""
        self.title = title
        self.back_key.set_key(PlainKeyText(words=back, icon="arrow-left"))
        self._back_width = 0.0
        if back:
            self._back_width = 40 * 1.05 + 18 + paint.width_of_text(self.unit.font(40, bold=True), back) + 56
            self.place_or_hide_key(self.back_key, QRectF(SIDE, 40, self._back_width, BACK_HEIGHT))
        else:
            self.place_or_hide_key(self.back_key, None)

    def paint_title(self, painter: paint.Painter, right: float) -> None:
        """Paint the title beside the way back, up to x = `right`."""
        left = SIDE + (self._back_width + 28 if self._back_width else 0)
        room = right - left
        px = paint.largest_fitting_px(self.title, room, 68, bold=True, least=44)
        font = self.unit.font(px, bold=True)
        lines = paint.wrapped_lines(font, self.title, room, 2)
        y = 40 + BACK_HEIGHT / 2 - px * 0.58 * len(lines)
        for line in lines:
            painter.draw_words_and_give_end_x(line, font, "ink", QRectF(left, y, room, px * 1.16))
            y += px * 1.16

    def draw_centred(self, painter: paint.Painter, words: str, font: QFont, token: str, rect: QRectF) -> None:
        """Centre a line in `rect`, ignoring the empty half of a full-width mark at its end."""
        half_empty = bool(words) and words[-1] in NEVER_FIRST and words[-1] > "\u2e7f"
        shift = font.pixelSize() / 4 if half_empty else 0
        painter.draw_words_and_give_end_x(words, font, token, rect.translated(shift, 0), _CENTRE)

    def draw_paragraph(
        self,
        painter: paint.Painter,
        words: str,
        rect: QRectF,
        *,
        px: float = LEAST_PX,
        bold: bool = False,
        token: str = "ink",
        centre: bool = False,
        most: int = 6,
    ) -> float:
        """Paint lines from the top of `rect` down and return where they end."""
        font, y = self.unit.font(px, bold=bold), rect.top()
        for line in paint.wrapped_lines(font, words, rect.width(), most):
            place = QRectF(rect.left(), y, rect.width(), px * 1.35)
            if centre:
                self.draw_centred(painter, line, font, token, place)
            else:
                painter.draw_words_and_give_end_x(line, font, token, place)
            y += px * 1.35
        return y

    def draw_fact(self, painter: paint.Painter, rect: QRectF, word: str, runs: tuple[TextRun, ...]) -> None:
        """Paint a word on the left and figures with their unit on the right of one line."""
        font = self.unit.font(48 if rect.height() > 84 else 40)
        width = text_runs_width(self.unit, runs)
        share = min(1.0, rect.width() * 0.72 / max(1.0, width), rect.height() / LEAST_FACT)
        baseline = paint.centred_baseline_y(self.unit.font(64 * share), rect.top(), rect.height())
        if share < 1:
            runs = tuple(TextRun(r.text, r.px * share, r.bold, r.token, r.tabular, r.gap * share) for r in runs)
            width = text_runs_width(self.unit, runs)
        room = rect.width() - width - 24
        is_low = rect.height() < 2 * LABEL_LEADING  # two lines of a label would lie over the next row's
        if paint.width_of_text(font, word) > room:
            font = self.unit.font(
                paint.largest_fitting_px(word, room, LEAST_PX, least=LEAST_LABEL) if is_low else LEAST_PX
            )
        lines = paint.wrapped_lines(font, word, room, 1 if is_low else 2)
        for place, line in enumerate(lines):
            y = rect.center().y() + LABEL_LEADING * (place - len(lines) / 2)
            painter.draw_words_and_give_end_x(line, font, "ink2", QRectF(rect.left(), y, room, LABEL_LEADING))
        paint_text_runs(painter, runs, rect.right() - width, baseline)


def equal_columns(room: QRectF, count: int, gap: float = GAP) -> list[QRectF]:
    """Return `count` rectangles of equal width side by side in `room`."""
    share = (room.width() - gap * (count - 1)) / max(1, count)
    return [QRectF(room.left() + n * (share + gap), room.top(), share, room.height()) for n in range(count)]


def equal_grid_cells(room: QRectF, across: int, down: int, gap: float = GAP) -> list[QRectF]:
    """Return cells of equal size in rows."""
    high = (room.height() - gap * (down - 1)) / max(1, down)
    rows = [QRectF(room.left(), room.top() + n * (high + gap), room.width(), high) for n in range(down)]
    return [cell for row in rows for cell in equal_columns(row, across, gap)]


TOP = 40 + 108 + 36
HEAD_PX, LINE_PX = 48.0, 42.0
COLUMN_GAP = 80
HEAD_HIGH, LINE_HIGH, NOTE_HIGH, BETWEEN = 76.0, 60.0, 50.0, 26.0


class InfoLine(Struct, frozen=True, kw_only=True):
    """One line of a part: numbered or not, with a grey note after or below it."""

    words: str
    note: str = ""
    number: int = 0


class InfoPart(Struct, frozen=True, kw_only=True):
    """A part of the page: its title, a grey word beside it, its lines."""

    title: str
    beside: str = ""
    points: tuple[InfoLine, ...] = ()


class InformationPageText(Struct, frozen=True, kw_only=True):
    """The page in words; `take` gives a ticket for it, None if there is nothing to take."""

    title: str
    back: str
    parts: tuple[InfoPart, ...]
    print: PlainKeyText | None
    take: PlainKeyText | None
    earlier: str
    later: str


class _LaidOutLine(Struct, frozen=True):
    """A line laid out: what it is, where it begins, what it takes."""

    kind: str
    words: str
    high: float
    number: int = 0
    beside: str = ""


class InformationStage(KioskStage):
    """Shows as much as fits; the rest is on further pages."""

    spoken_role = paint.GROUP

    print_wanted = Signal()
    take_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.print_key, self.take_key = PlainKey(self.look, parent=self), PlainKey(self.look, parent=self)
        self.earlier_key, self.later_key = (
            PlainKey(self.look, px=40, parent=self),
            PlainKey(self.look, px=40, parent=self),
        )
        self.print_key.clicked.connect(self.print_wanted)
        self.take_key.clicked.connect(self.take_wanted)
        self.earlier_key.clicked.connect(self._show_previous_page)
        self.later_key.clicked.connect(self._show_next_page)
        self._page = 0
        self._pages: list[list[_LaidOutLine]] = [[]]
        self.said = InformationPageText(title="", back="", parts=(), print=None, take=None, earlier="", later="")

    def show_page(self, said: InformationPageText) -> None:
        """Show this; another title begins at the first page."""
        if said == self.said:
            return
        if said.title != self.said.title:
            self._page = 0
        self.said = said
        self.place_keys()
        self.update()

    def page_text(self) -> str:
        """Return all the text of the page, for screen readers."""
        parts = [(part.title, *(point.words for point in part.points)) for part in self.said.parts]
        return "\n".join(word for part in parts for word in part)

    def words_by_page(self) -> list[list[str]]:
        """Return the words of each page, or of each column of a wide one."""
        return [[line.words for line in lines if line.words] for lines in self._pages]

    # -- places --
    def _card_rect(self) -> QRectF:
        width, height = self.canvas_size()
        return QRectF(SIDE, TOP, width - 2 * SIDE, height - (48 if self.is_wide else 57) - KEY_HEIGHT - 36 - TOP)

    def place_keys(self) -> None:
        said, card = self.said, self._card_rect()
        self.set_title(said.title, said.back)
        room = (card.width() - 120 - COLUMN_GAP) / 2 if self.is_wide else card.width() - 120
        self._pages = self._pages_of_lines(room, card.height() - 80)
        self._page = min(self._page, self._last_page_index())
        keys: list[PlainKey] = []
        for key, text in ((self.print_key, said.print), (self.take_key, said.take)):
            if text is not None:
                key.set_key(text)
                keys.append(key)
            else:
                self.place_or_hide_key(key, None)
        paged = self._last_page_index() > 0
        turning = (self.earlier_key, self.later_key)
        last = self._last_page_index()
        self.earlier_key.set_key(PlainKeyText(words=said.earlier, icon="arrow-up", dashed=self._page == 0))
        self.later_key.set_key(PlainKeyText(words=said.later, icon="arrow-down", dashed=self._page == last))
        below = QRectF(card.left(), card.bottom() + 36, card.width(), KEY_HEIGHT)
        if not paged:
            for key in turning:
                self.place_or_hide_key(key, None)
        elif self.is_wide:
            keys = [*turning, *keys]
        else:
            for key, cell in zip(
                turning,
                equal_columns(QRectF(card.left() + 60, card.bottom() - 136, card.width() - 120, 108), 2),
                strict=True,
            ):
                self.place_or_hide_key(key, cell)
        for key, cell in zip(keys, equal_columns(below, len(keys), GAP), strict=True):
            self.place_or_hide_key(key, cell)
        self.setAccessibleName(f"{said.title}\n{self.page_text()}")

    def _last_page_index(self) -> int:
        """Return the last page; a wide one holds two columns."""
        return -(-len(self._pages) // (2 if self.is_wide else 1)) - 1

    def _pages_of_lines(self, width: float, height: float) -> list[list[_LaidOutLine]]:
        """Lay all lines out on as many pages as they need; a title never stands alone at the end of one."""
        parts: list[list[list[_LaidOutLine]]] = []
        for part in self.said.parts:
            blocks: list[list[_LaidOutLine]] = []
            head = self._part_title_lines(part, width)
            for point in part.points:
                blocks.append([*head, *self._lines_of_info_line(point, width)])
                head = []
            if blocks:
                blocks[-1].append(_LaidOutLine("space", "", BETWEEN))
                parts.append(blocks)
        whole = sum(_height_of_blocks(blocks) for blocks in parts)
        room = height if whole <= height + BETWEEN or self.is_wide else height - 128
        pages: list[list[_LaidOutLine]] = [[]]
        used = 0.0
        for blocks in parts:
            # A part stays together where a page can hold it.
            if (
                used
                and used + _height_of_blocks(blocks) > room + BETWEEN
                and _height_of_blocks(blocks) <= room + BETWEEN
            ):
                pages.append([])
                used = 0.0
            for block in blocks:
                if used and used + _height_of_blocks([block]) > room + BETWEEN:
                    pages.append([])
                    used = 0.0
                pages[-1] += block
                used += _height_of_blocks([block])
        return pages

    def _part_title_lines(self, part: InfoPart, width: float) -> list[_LaidOutLine]:
        """Return a part's title, with the words beside it below it where they have no room."""
        title = paint.width_of_text(self.unit.font(HEAD_PX, bold=True), part.title)
        if not part.beside or title + 28 + paint.width_of_text(self.unit.font(LEAST_PX), part.beside) <= width:
            return [_LaidOutLine("head", part.title, HEAD_HIGH, beside=part.beside)]
        return [_LaidOutLine("head", part.title, HEAD_HIGH), _LaidOutLine("note", part.beside, NOTE_HIGH)]

    def _lines_of_info_line(self, point: InfoLine, width: float) -> list[_LaidOutLine]:
        indent = 72.0 if point.number else 0.0
        font, small = self.unit.font(LINE_PX), self.unit.font(LEAST_PX)
        beside = paint.width_of_text(small, point.note) + 28 if point.note else 0.0
        lines = paint.wrapped_lines(font, point.words, width - indent, 6)
        one_line = len(lines) == 1 and paint.width_of_text(font, lines[0]) + beside <= width - indent
        laid = [
            _LaidOutLine("point", line, LINE_HIGH, number=point.number if place == 0 else -point.number)
            for place, line in enumerate(lines)
        ]
        if point.note and one_line:
            laid[0] = _LaidOutLine("point", lines[0], LINE_HIGH, number=point.number, beside=point.note)
        elif point.note:
            notes = paint.wrapped_lines(small, point.note, width - indent, 3)
            laid += [_LaidOutLine("note", note, NOTE_HIGH, number=-point.number) for note in notes]
        return laid

    def _show_previous_page(self) -> None:
        self._page = max(0, self._page - 1)
        self.place_keys()
        self.update()

    def _show_next_page(self) -> None:
        self._page = min(self._last_page_index(), self._page + 1)
        self.place_keys()
        self.update()

    # -- painting --
    def paint_canvas(self, painter: paint.Painter) -> None:
        card = self._card_rect()
        self.paint_title(painter, self.canvas_size()[0] - SIDE)
        painter.draw_box(card, 20, "surface", edge="line")
        across = 2 if self.is_wide else 1
        room = (card.width() - 120 - COLUMN_GAP * (across - 1)) / across
        for column, lines in enumerate(self._pages[self._page * across : (self._page + 1) * across]):
            place = QRectF(card.left() + 60 + column * (room + COLUMN_GAP), card.top() + 40, room, card.height() - 80)
            self._paint_lines(painter, place, lines)

    def _paint_lines(self, painter: paint.Painter, place: QRectF, lines: list[_LaidOutLine]) -> None:
        look, y, left, room = self.unit, place.top(), place.left(), place.width()
        for line in lines:
            rect = QRectF(left, y, room, line.high)
            if line.kind == "head":
                end = painter.draw_words_and_give_end_x(line.words, look.font(HEAD_PX, bold=True), "ink", rect)
                painter.draw_words_and_give_end_x(
                    line.beside, look.font(LEAST_PX), "ink2", rect.adjusted(end - left + 28, 6, 0, 6)
                )
            elif line.kind != "space":
                indent = 72.0 if line.number else 0.0
                if line.number > 0:
                    painter.draw_words_and_give_end_x(f"{line.number}.", look.font(LINE_PX, bold=True), "primary", rect)
                font, token = (look.font(LEAST_PX), "ink2") if line.kind == "note" else (look.font(LINE_PX), "ink")
                end = painter.draw_words_and_give_end_x(line.words, font, token, rect.adjusted(indent, 0, 0, 0))
                if line.beside:
                    painter.draw_words_and_give_end_x(
                        line.beside, look.font(LEAST_PX), "ink2", rect.adjusted(end - left + 28, 2, 0, 2)
                    )
            y += line.high


def _height_of_blocks(blocks: list[list[_LaidOutLine]]) -> float:
    return sum(line.high for block in blocks for line in block)


# -- finding a service or item -----------------------------------------------------------------------------------------

LETTERS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
DELETE = "delete"
FIND_TOP = 40 + 108 + 32
BOX, ROW, KEY, KEY_GAP = 116, 124, 122, 12


class SearchPageText(Struct, frozen=True, kw_only=True):
    """The page in words. `rows` are in order; `empty` is shown if there are none; `quiet` prints the quiet hours, None
    where they are not known."""

    title: str
    back: str
    query: str
    hint: str
    rows: tuple[RowText, ...]
    empty: str
    delete: str
    earlier: str
    later: str
    page: str
    quiet: PlainKeyText | None = None


class SearchStage(KioskStage):
    """`taken` gives the index of a row; `typed` a letter, "" for deleting the last one."""

    taken = Signal(int)
    typed = Signal(str)
    quiet_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.rows: list[InformationRowKey] = []
        self.letters: dict[str, PlainKey] = {}
        for name in (*"".join(LETTERS), DELETE):
            key = PlainKey(self.look, px=50 if name != DELETE else 40, parent=self).allow_fast_presses()
            key.set_key(PlainKeyText(words=name.upper() if name != DELETE else ""))
            key.clicked.connect(partial(self.typed.emit, "" if name == DELETE else name))
            self.letters[name] = key
        self.earlier_key, self.later_key = (
            PlainKey(self.look, px=40, parent=self),
            PlainKey(self.look, px=40, parent=self),
        )
        self.earlier_key.clicked.connect(partial(self._turn_page, -1))
        self.later_key.clicked.connect(partial(self._turn_page, 1))
        self.quiet_key = PlainKey(self.look, px=40, parent=self)
        self.quiet_key.clicked.connect(self.quiet_wanted)
        self._page = 0
        self.said = SearchPageText(
            title="", back="", query="", hint="", rows=(), empty="", delete="", earlier="", later="", page=""
        )

    def show_page(self, said: SearchPageText) -> None:
        """Say this; other rows begin at the first page."""
        if said == self.said:
            return
        if [row.name for row in said.rows] != [row.name for row in self.said.rows]:
            self._page = 0
        self.said = said
        self.letters[DELETE].set_key(PlainKeyText(words="", icon="backspace", name=said.delete))
        self.place_keys()
        self.update()

    # -- places --
    def _list_rect(self) -> QRectF:
        width, height = self.canvas_size()
        if self.is_wide:
            return QRectF(SIDE, FIND_TOP, width / 2 - 24 - SIDE, height - 48 - FIND_TOP)
        top = FIND_TOP + BOX + 24
        end = self._keyboard_rect().top() - 36
        return QRectF(SIDE, top, width - 2 * SIDE, end - (ROW + 36 if self.said.quiet else 0) - top)

    def _quiet_hours_key_rect(self) -> QRectF | None:
        """Return where the key for the quiet hours stands: below the letters, on an upright page below the list."""
        if self.said.quiet is None:
            return None
        keyboard, end = self._keyboard_rect(), self.canvas_size()[1] - 48
        if self.is_wide:
            return QRectF(keyboard.left(), end - ROW, keyboard.width(), ROW)
        return QRectF(keyboard.left(), keyboard.top() - 36 - ROW, keyboard.width(), ROW)

    def _typed_letters_rect(self) -> QRectF:
        """Return where the letters typed so far stand: on a wide page above their keys."""
        width = self.canvas_size()[0]
        left = width / 2 + 24 if self.is_wide else SIDE
        return QRectF(left, FIND_TOP, width - SIDE - left, BOX)

    def _keyboard_rect(self) -> QRectF:
        width, height = self.canvas_size()
        tall: float = 3 * KEY + 2 * KEY_GAP
        if self.is_wide:
            tall = min(tall, height - 48 - FIND_TOP - BOX - 24)
            return QRectF(width / 2 + 24, FIND_TOP + BOX + 24, width / 2 - 24 - SIDE, tall)
        return QRectF(SIDE, height - 57 - tall, width - 2 * SIDE, tall)

    def place_keys(self) -> None:
        said = self.said
        self.set_title(said.title, said.back)
        self._place_letter_keys()
        if said.quiet is not None:
            self.quiet_key.set_key(said.quiet)
        self.place_or_hide_key(self.quiet_key, self._quiet_hours_key_rect())
        room = self._list_rect()
        fits = max(1, int((room.height() + GAP) // (ROW + GAP)))
        paged = len(said.rows) > fits
        size = max(1, fits - 1) if paged else fits
        pages = max(1, -(-len(said.rows) // size))
        self._page = min(self._page, pages - 1)
        shown = range(self._page * size, min(len(said.rows), (self._page + 1) * size))
        while len(self.rows) < len(said.rows):
            key = InformationRowKey(self.look, parent=self)
            key.clicked.connect(partial(self.taken.emit, len(self.rows)))
            self.rows.append(key)
        for place, key in enumerate(self.rows):
            if place in shown:
                key.set_row(said.rows[place])
                top = room.top() + (place - shown.start) * (ROW + GAP)
                self.place_or_hide_key(key, QRectF(room.left(), top, room.width(), ROW))
            else:
                self.place_or_hide_key(key, None)
        below = equal_columns(QRectF(room.left(), room.top() + size * (ROW + GAP), room.width(), ROW), 2)
        self.earlier_key.set_key(PlainKeyText(words=said.earlier, icon="arrow-up", dashed=self._page == 0))
        self.later_key.set_key(PlainKeyText(words=said.later, icon="arrow-down", dashed=self._page == pages - 1))
        self.place_or_hide_key(self.earlier_key, below[0] if paged else None)
        self.place_or_hide_key(self.later_key, below[1] if paged else None)

    def _place_letter_keys(self) -> None:
        room = self._keyboard_rect()
        unit, tall = (room.width() - 9 * KEY_GAP) / 10, (room.height() - 2 * KEY_GAP) / 3
        for number, row in enumerate(LETTERS):
            extra = 1.65 if number == len(LETTERS) - 1 else 0.0
            used = len(row) * (unit + KEY_GAP) - KEY_GAP + (extra * unit + KEY_GAP if extra else 0)
            x = room.left() + (room.width() - used) / 2
            y = room.top() + number * (tall + KEY_GAP)
            for letter in row:
                self.place_or_hide_key(self.letters[letter], QRectF(x, y, unit, tall))
                x += unit + KEY_GAP
            if extra:
                self.place_or_hide_key(self.letters[DELETE], QRectF(x, y, extra * unit, tall))

    def _turn_page(self, step: int) -> None:
        self._page = max(0, self._page + step)
        self.place_keys()

    # -- painting --
    def paint_canvas(self, painter: paint.Painter) -> None:
        said, look, (width, height) = self.said, self.unit, self.canvas_size()
        self.paint_title(painter, width - SIDE)
        box = self._typed_letters_rect()
        painter.draw_box(box, 18, "surface", edge="ink" if said.query else "edge", width=3 if said.query else 2)
        painter.draw_icon("search", "ink2", box.left() + 32, box.center().y() - 24, 48)
        room = box.adjusted(108, 0, -32, 0)
        if said.query:
            font = look.font(50, bold=True)
            end = painter.draw_words_and_give_end_x(said.query.upper(), font, "ink", room)
            painter.draw_box(QRectF(end + 6, box.center().y() - 30, 4, 60), 0, "primary")
        else:
            lines = paint.wrapped_lines(look.font(LEAST_PX), said.hint, room.width(), 2)
            for place, line in enumerate(lines):
                y = room.center().y() + 46 * (place - len(lines) / 2)
                painter.draw_words_and_give_end_x(
                    line, look.font(LEAST_PX), "ink2", QRectF(room.left(), y, room.width(), 46)
                )
        if not said.rows:
            rect = self._list_rect().adjusted(0, 24, 0, 0)
            self.draw_paragraph(painter, said.empty, rect, px=44, most=4)
        if self.is_wide:
            keyboard = self._keyboard_rect()
            hint = QRectF(keyboard.left(), keyboard.bottom() + 36, keyboard.width(), 160)
            end = quiet.top() if (quiet := self._quiet_hours_key_rect()) is not None else height
            if said.page and hint.bottom() <= end:
                self.draw_paragraph(painter, said.page, hint, token="ink2", most=3)


SPACE, CLEAR = " ", "clear"
ROWS = (tuple("1234567890"), *map(tuple, LETTERS[:2]), (*LETTERS[2], DELETE), (CLEAR, ",", SPACE, ".", "?"))
SHARES = {DELETE: 1.65, CLEAR: 2.4, SPACE: 4.0}
FIELD_PX, SECOND_HIGH, TALLEST_FIELD = 44, 160, 420


class FreeTextPageText(Struct, frozen=True, kw_only=True):
    """The page in words. `written` stands in the field, `count` says how much that is of what is allowed; `give` hands
    it over."""

    title: str
    back: str
    second: str
    name: str
    written: str
    count: str
    give: PlainKeyText
    none: str
    delete: str
    clear: str
    space: str


class FreeTextStage(KioskStage):
    """`written` gives what stands in the field, `give_wanted` and `none_wanted` are the two answers."""

    written = Signal(str)
    give_wanted = Signal()
    none_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.field = LimitedTextField(LONGEST_TYPED, self)
        self.field.written.connect(self.written)
        self.field.entered.connect(self.give_wanted)
        self.keys: dict[str, PlainKey] = {}
        self.none_key, self.give_key = PlainKey(self.look, parent=self), PlainKey(self.look, parent=self)
        self.none_key.clicked.connect(self.none_wanted)
        self.give_key.clicked.connect(self.give_wanted)
        self.said: FreeTextPageText | None = None

    def show_page(self, said: FreeTextPageText) -> None:
        """Say this, and hold what was written so far."""
        if said == self.said:
            return
        self.said = said
        if not self.keys:
            self._make_keys()  # The kiosk's first frame waits for none of them.
        for name, words in ((CLEAR, said.clear), (SPACE, said.space)):
            self.keys[name].set_key(PlainKeyText(words=words))
        self.keys[DELETE].set_key(PlainKeyText(words="", icon="backspace", name=said.delete))
        self.none_key.set_key(PlainKeyText(words=said.none))
        self.give_key.set_key(said.give)
        self.field.setAccessibleName(said.name)
        self.field.set_text_silently(said.written)
        self.place_keys()
        self.update()

    def _make_keys(self) -> None:
        for name in (name for row in ROWS for name in row):
            key = PlainKey(self.look, px=50 if len(name.strip()) == 1 else 40, parent=self).allow_fast_presses()
            key.set_key(PlainKeyText(words=name))
            key.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a touch leaves the keyboard's place in the field
            key.clicked.connect(partial(self._type_or_delete, name))
            self.keys[name] = key

    # -- places --
    def _answer_keys_rect(self) -> QRectF:
        end = self.canvas_size()[1] - (48 if self.is_wide else 57)
        return QRectF(SIDE, end - KEY_HEIGHT, self._second_line_rect().width(), KEY_HEIGHT)

    def _keyboard_rect(self) -> QRectF:
        """Return where the keys stand: on a wide page beside all else, where fingers have the whole height."""
        width, height = self.canvas_size()
        most = len(ROWS) * (KEY + KEY_GAP) - KEY_GAP
        if self.is_wide:
            return QRectF(width / 2 + 24, FIND_TOP, width / 2 - 24 - SIDE, min(most, height - 48 - FIND_TOP))
        end = self._answer_keys_rect().top() - 36
        tall = min(most, (end - FIND_TOP) * 0.58)
        return QRectF(SIDE, end - tall, width - 2 * SIDE, tall)

    def _second_line_rect(self) -> QRectF:
        width = self.canvas_size()[0]
        return QRectF(SIDE, FIND_TOP, (width / 2 - 24 if self.is_wide else width - SIDE) - SIDE, SECOND_HIGH)

    def _text_field_rect(self) -> QRectF:
        second = self._second_line_rect()
        end = self._answer_keys_rect().top() if self.is_wide else self._keyboard_rect().top()
        high = min(TALLEST_FIELD, end - 36 - second.bottom())
        return QRectF(second.left(), second.bottom(), second.width(), high)

    def place_keys(self) -> None:
        if self.said is None:
            return
        self.set_title(self.said.title, self.said.back)
        self.place_or_hide_key(self.field, self._text_field_rect())
        room = self._keyboard_rect()
        unit, tall = (room.width() - 9 * KEY_GAP) / 10, (room.height() + KEY_GAP) / len(ROWS) - KEY_GAP
        for number, row in enumerate(ROWS):
            used = sum(SHARES.get(name, 1.0) * unit for name in row) + KEY_GAP * (len(row) - 1)
            x, y = room.left() + (room.width() - used) / 2, room.top() + number * (tall + KEY_GAP)
            for name in row:
                wide = SHARES.get(name, 1.0) * unit
                self.place_or_hide_key(self.keys[name], QRectF(x, y, wide, tall))
                x += wide + KEY_GAP
        for key, place in zip((self.none_key, self.give_key), equal_columns(self._answer_keys_rect(), 2), strict=True):
            self.place_or_hide_key(key, place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        font = self.unit.font(FIELD_PX)
        font.setPixelSize(max(1, round(FIELD_PX * self.canvas_scale())))
        self.field.setFont(font)

    # -- writing --
    def _type_or_delete(self, name: str) -> None:
        if name == DELETE:
            self.field.delete_previous_character()
        elif name == CLEAR:
            self.field.clear()
        else:
            self.field.insertPlainText(name)

    # -- painting --
    def paint_canvas(self, painter: paint.Painter) -> None:
        if self.said is None:
            return
        self.paint_title(painter, self.canvas_size()[0] - SIDE)
        place = self._second_line_rect()
        end = self.draw_paragraph(painter, self.said.second, place, token="ink2", most=2)
        font = self.unit.font(LEAST_PX)
        painter.draw_words_and_give_end_x(
            self.said.count, font, "ink2", QRectF(place.left(), end, place.width(), LEAST_PX * 1.35)
        )
