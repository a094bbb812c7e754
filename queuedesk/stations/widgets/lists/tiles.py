"""Tiles to press: services and items of the guide, choices, papers to tick, windows, the pages of a section."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.buttons import PaintedButton
from queuedesk.stations.widgets.panels import TextRun, paint_text_runs, text_runs_width
from queuedesk.stations.window.style import Look, font_of_size

# -- the name on a tile ------------------------------------------------------------------------------------------------

LEADING = 1.2
UNDER_HEIGHT = 22
ALONE, ABOVE_ANOTHER, TWO_LINES, SMALLEST = 28, 24, 22, 15  # drawn px


class TileNameLayout(Struct, frozen=True):
    """A name as it fits: `px` is its drawn size, `top` and `height` are pixels, `under` is "" without room."""

    lines: tuple[str, ...]
    px: float
    under: str
    top: float
    height: float


def lay_out_tile_name(look: Look, name: str, under: str, room: QRectF, middle: float) -> TileNameLayout:
    """Lay out a name in `room`, centred on `middle` if possible; drops the text under it, then its second line."""
    for second in dict.fromkeys((under, "")):
        px: float = ABOVE_ANOTHER if second else ALONE
        lines = paint.wrapped_lines(look.font(px, bold=True), name, room.width())
        if len(lines) > 1:
            px = TWO_LINES
            lines = paint.wrapped_lines(look.font(px, bold=True), name, room.width())
        least = min(px, TWO_LINES) / look.scale.text
        while px > least and any(line.endswith(paint.ELLIPSIS) for line in lines):  # a word wider than the room
            px = max(least, px - 1)
            lines = paint.wrapped_lines(look.font(px, bold=True), name, room.width())
        height = look.px(px * LEADING) * len(lines) + (look.px(UNDER_HEIGHT) if second else 0)
        if height <= room.height():
            return TileNameLayout(tuple(lines), px, second, _top_within_room(room, middle, height), height)
    widest = (
        paint.largest_fitting_px(name, room.width(), look.px(TWO_LINES), bold=True, least=look.px(SMALLEST))
        / look.scale.k
    )
    size = max(SMALLEST, min(widest, room.height() / look.scale.k / LEADING))
    height = look.px(size * LEADING)
    line = paint.wrapped_lines(look.font(size, bold=True), name, room.width(), 1)[0]
    return TileNameLayout((line,), size, "", _top_within_room(room, middle, height), height)


def _top_within_room(room: QRectF, middle: float, height: float) -> float:
    return max(room.top(), min(middle - height / 2, room.bottom() - height))


SMALL_NAME = 15  # drawn px
SMALLER_BY = 2  # drawn px that a word gives up before it is cut
FIGURE_HEIGHT = 32  # drawn px from the figures' baseline up, with a little air


class TileButton(PaintedButton):
    """The base of every tile: white, chosen (soft with a thick edge), pressed, or dashed when not available."""

    radius = 12.0
    resting_edge = "line"
    chosen_width = 3.0

    def __init__(self, look: Look, *, width: float, height: float, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._size = (width, height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(*(self.look.large_px(side) for side in self._size))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.large_px(self._size[0] * 0.6), self.look.px(self._size[1] * 0.7))

    def ink_token(self, token: str = "ink") -> str:
        return token if self.isEnabled() else "ink2"

    def paint_background(self, painter: paint.Painter) -> None:
        rect, outlined = QRectF(self.rect()), self.look.theme.outlined
        if not self.isEnabled():
            painter.draw_box(rect, self.radius, "sunken", edge="edge", dashed=True)
        elif self.isChecked():
            painter.draw_box(rect, self.radius, self.chosen_fill_token(), edge="primary", width=self.chosen_width)
        elif self.isDown():
            painter.draw_box(rect, self.radius, "soft", edge="primary")
        else:
            edge = "edge" if self.underMouse() or outlined else self.resting_edge
            painter.draw_box(rect, self.radius, "surface", edge=edge)

    def chosen_fill_token(self) -> str:
        return "soft"


class ServiceTileText(Struct, frozen=True, kw_only=True):
    """A service tile's final texts: figures apart from their units, "" if unknown. `second` is under the name (English:
    the windows), `note` beside it (until when tickets are issued), `instead` replaces the figures (closed, no reliable
    wait), `spoken` is for screen readers. `ahead` stands under the name too, instead of the windows where both have no
    room: then others are ahead than those who are counted."""

    name: str
    count: str = ""
    count_unit: str = ""
    before: str = ""
    range_: str = ""
    range_unit: str = ""
    windows: str = ""
    second: str = ""
    note: str = ""
    ahead: str = ""
    instead: str = ""
    spoken: str = ""


class ServiceTile(TileButton):
    """A service: letter, name, people waiting, range of the wait, windows open for it. Pressing it begins a ticket."""

    def __init__(
        self, look: Look, letter: str, said: ServiceTileText | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, width=440, height=186, parent=parent)
        self._letter = letter
        self.set_service(said or ServiceTileText(name=""))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.large_px(264), self.look.px(92))

    def set_service(self, said: ServiceTileText) -> None:
        self._said = said
        self.setText(said.name)
        figures = (said.count, said.count_unit, said.before, said.range_, said.range_unit, said.windows)
        self.setAccessibleName(said.spoken or " ".join(part for part in (said.name, *figures) if part))
        self.setToolTip(said.name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = paint.Painter(self, self.look), self.look, self._said
        self.paint_background(painter)
        low = self.height() < look.px(150)
        pad = look.gap(22)
        # What is left above the figures is the name's; a low tile has a smaller badge.
        largest = max(1, min(look.px(44 if low else 60), self.height() - look.px(56)))
        baseline = self.height() - look.px(14 if low else 28)
        right = self.width() - pad
        runs = self._figure_runs()
        small = look.font(15)
        width = paint.width_of_text(small, said.windows)
        # Where the windows find no room beside the figures they go under the name; the range is never cut.
        beside = bool(said.windows) and text_runs_width(look, runs) + width + look.px(16) <= right - pad
        highest, lowest = look.px(6), baseline - look.px(FIGURE_HEIGHT)
        for side in (largest, round(largest / look.scale.text)):
            top = min(look.px(20), (self.height() - look.px(48) - side) // 2)
            under = said.second or said.note or ("" if beside else said.windows)
            left = pad + side + look.px(16) * side / largest
            room = QRectF(left, highest, self.width() - look.px(18) - left, lowest - highest)
            if said.ahead and not (said.note and under == said.note):
                both = f"{under} · {said.ahead}" if under else said.ahead
                under = both if paint.width_of_text(look.font(16), both) <= room.width() else said.ahead
            name = lay_out_tile_name(look, said.name, under, room, top + side / 2)
            if not any(line.endswith(paint.ELLIPSIS) for line in name.lines):
                break  # a name that would be cut gets the room that large text gave the badge
        fill = "soft" if self.isEnabled() else "line"
        painter.draw_badge(QRectF(pad, top, side, side), self._letter, token=self.ink_token("primary"), fill=fill)
        self._paint_name(painter, name, room)
        if beside:
            painter.draw_words(said.windows, small, self.ink_token("ink2"), right - width, baseline)
        share = min(1.0, (right - pad) / max(1.0, text_runs_width(look, runs)))
        if share < 1:
            runs = [TextRun(run.text, run.px * share, run.bold, run.token, gap=run.gap * share) for run in runs]
        paint_text_runs(painter, runs, pad, baseline)

    def _figure_runs(self) -> list[TextRun]:
        said, ink, ink2 = self._said, self.ink_token(), self.ink_token("ink2")
        if said.instead:
            return [TextRun(said.instead, 17, token=ink2)]
        runs = [TextRun(said.count, 34, True, ink), TextRun(said.count_unit, 17, token=ink2, gap=9)]
        if said.range_:
            runs += [TextRun(said.before, 17, token=ink2, gap=24)]
            runs += [TextRun(said.range_, 34, True, ink, gap=9 if said.before else 40)]
            runs += [TextRun(said.range_unit, 17, token=ink2, gap=9)]
        return [run for run in runs if run.text]

    def _paint_name(self, painter: paint.Painter, name: TileNameLayout, room: QRectF) -> None:
        look, y = self.look, name.top
        font, high = look.font(name.px, bold=True), look.px(name.px * LEADING)
        for words in name.lines:
            painter.draw_words_and_give_end_x(words, font, self.ink_token(), QRectF(room.left(), y, room.width(), high))
            y += high
        if name.under:
            token = self.ink_token("amber") if name.under == self._said.note else self.ink_token("ink2")
            place = QRectF(room.left(), y, room.width(), look.px(UNDER_HEIGHT))
            painter.draw_words_and_give_end_x(name.under, look.font(16), token, place)


class ItemTile(TileButton):
    """An item that people often come for."""

    def __init__(self, look: Look, letter: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(look, width=290, height=66, parent=parent)
        self.set_item(letter, name)

    def set_item(self, letter: str, name: str) -> None:
        self._letter, self._name = letter, name
        self.setText(name)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        self.paint_background(painter)
        side, pad = look.px(34), look.px(16)
        fill = "soft" if self.isEnabled() else "line"
        top = round((self.height() - side) / 2)
        painter.draw_badge(QRectF(pad, top, side, side), self._letter, token=self.ink_token("primary"), fill=fill)
        left = pad + side + look.px(12)
        room = QRectF(left, 0, self.width() - left - look.px(12), self.height())
        self._paint_name(painter, room)

    def _paint_name(self, painter: paint.Painter, room: QRectF) -> None:
        """Write a long name smaller, and one that is still too long in two lines."""
        look = self.look
        px = (
            paint.largest_fitting_px(self._name, room.width(), look.px(18), bold=True, least=look.px(SMALL_NAME))
            / look.scale.k
        )
        font = look.font(px, bold=True)
        lines = paint.wrapped_lines(font, self._name, room.width())
        high = min(room.height() / len(lines), look.px(px * 1.25))
        top = room.center().y() - high * len(lines) / 2
        for number, line in enumerate(lines):
            painter.draw_words_and_give_end_x(
                line, font, self.ink_token(), QRectF(room.left(), top + number * high, room.width(), high)
            )


class ChoiceCard(TileButton):
    """One of a few big choices: icon above title and lines. Checkable; a tick shows the chosen."""

    def __init__(
        self, look: Look, icon: str, title: str, lines: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(look, width=305, height=170, parent=parent)
        self._icon = icon
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.set_texts(title, lines)

    def set_texts(self, title: str, lines: Sequence[str]) -> None:
        self._title, self._lines = title, tuple(lines)
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(" ".join(lines))
        self.update()

    def chosen_fill_token(self) -> str:
        return "surface"

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(self._size[0] * 0.6), self.look.px(self._size[1] * 0.94))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        self.paint_background(painter)
        pad, side = look.px(21), look.px(56)
        top, gap = self._icon_and_text_gaps(side)
        ground = QRectF(pad, top, side, side)
        painter.draw_box(ground, 12, "soft" if self.isEnabled() else "line", edge="ink" if look.theme.outlined else "")
        offset = (side - look.px(28)) / 2
        painter.draw_icon(self._icon, self.ink_token("primary"), pad + offset, top + offset, 28)
        self._paint_mark(painter, pad)
        self._paint_texts(painter, pad, top + side + gap)

    def _icon_and_text_gaps(self, side: int) -> tuple[float, float]:
        """Return what is left above the icon, as below the text, and between them: all less where the cards of the row
        are low for the most lines that one of them has."""
        look = self.look
        texts = look.px(30) + look.px(22) * max(
            len(card._wrapped_lines()) for card in self._visible_sibling_cards_as_wide()
        )
        share = max(0.0, min(1.0, (self.height() - side - texts) / look.px(21 + 20 + 21)))
        return look.px(21) * share, look.px(20) * share

    def _paint_texts(self, painter: paint.Painter, pad: int, y: float) -> None:
        look = self.look
        room = self.width() - 2 * pad
        title = font_of_size(min(card.title_px() for card in self._visible_sibling_cards_as_wide()), bold=True)
        painter.draw_words_and_give_end_x(self._title, title, self.ink_token(), QRectF(pad, y, room, look.px(30)))
        y += look.px(30)
        for words in self._wrapped_lines():
            painter.draw_words_and_give_end_x(
                words, look.font(16), self.ink_token("ink2"), QRectF(pad, y, room, look.px(24))
            )
            y += look.px(22)

    def _wrapped_lines(self) -> list[str]:
        room = self.width() - 2 * self.look.px(21)
        return [part for words in self._lines for part in paint.wrapped_lines(self.look.font(16), words, room)]

    def title_px(self) -> float:
        look, pad = self.look, self.look.px(21)
        return paint.largest_fitting_px(self._title, self.width() - 2 * pad, look.px(22), bold=True, least=look.px(15))

    def _visible_sibling_cards_as_wide(self) -> list[ChoiceCard]:
        """Return this card and those beside it, a pixel wider or narrower: their titles have one size."""
        parent = self.parentWidget()
        near = parent.findChildren(ChoiceCard) if parent is not None else []
        alike = (card for card in near if card.isVisible() and card.height() == self.height())
        return [card for card in alike if abs(card.width() - self.width()) <= 1] or [self]

    def _paint_mark(self, painter: paint.Painter, pad: int) -> None:
        look, side = self.look, self.look.px(28)
        place = QRectF(self.width() - pad - side, pad, side, side)
        if self.isChecked():
            painter.draw_box(place, 14, "primary")
            painter.draw_icon("check", "on_primary", place.left() + look.px(5), place.top() + look.px(5), 18)


class ToggleChoice(TileButton):
    """A word that can be on or off, alone or one of several (setAutoExclusive): classes, windows, reasons."""

    radius = 10.0
    resting_edge = "edge"

    def __init__(
        self, look: Look, text: str, *, height: float = 60, px: float = 18, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, width=0, height=height, parent=parent)
        self._px = px
        self.setCheckable(True)
        self.setText(text)

    def _tick_width(self) -> int:
        return self.look.px(self._px + 8)

    def sizeHint(self) -> QSize:
        width = (
            paint.width_of_text(self.look.font(self._px, bold=True), self.text())
            + self._tick_width()
            + 2 * self.look.px(18)
        )
        return QSize(round(width), self.look.px(self._size[1]))

    def minimumSizeHint(self) -> QSize:
        width = paint.width_of_text(self.look.font(self._px, bold=True), self.text()) + 2 * self.look.px(10)
        return QSize(round(width), self.look.px(self._size[1]))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, on = paint.Painter(self, self.look), self.look, self.isChecked()
        self.paint_background(painter)
        font = look.font(self._px, bold=True)
        mark = self._tick_width() if on else 0
        room = self.width() - 2 * look.px(8)
        if paint.width_of_text(font, self.text()) + mark > room:
            mark = min(mark, look.px(self._px))
            least = look.px(self._px - SMALLER_BY)
            font = font_of_size(
                paint.largest_fitting_px(self.text(), room - mark, look.px(self._px), bold=True, least=least), bold=True
            )
        width = min(paint.width_of_text(font, self.text()), room - mark)
        x = (self.width() - width - mark) / 2
        token = self.ink_token("on_soft" if on else "ink")
        if on:
            top = (self.height() - look.px(self._px)) / 2
            painter.draw_icon("check", token, x, top, self._px)
        painter.draw_words_and_give_end_x(self.text(), font, token, QRectF(x + mark, 0, width + 1, self.height()))


class PaperTickRow(TileButton):
    """A paper the customer should have; ticking helps to remember and is never required."""

    chosen_width = 1.0

    def __init__(
        self, look: Look, name: str, second: str = "", *, height: float = 76, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, width=400, height=height, parent=parent)
        self._name, self._second = name, second
        self.setCheckable(True)
        self.setText(name)
        self.setAccessibleName(name)
        self.setAccessibleDescription(second)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(200), self.look.px(48))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        self.paint_background(painter)
        side, pad = look.px(36), look.px(20)
        paint_check_box(painter, QRectF(pad, round((self.height() - side) / 2), side, side), self.isChecked())
        left = pad + side + look.px(16)
        runs = [
            TextRun(self._name, 20, True, self.ink_token()),
            TextRun(self._second, 17, token=self.ink_token("ink2"), gap=16),
        ]
        baseline = paint.centred_baseline_y(look.font(20, bold=True), 0, self.height())
        paint_text_runs(painter, runs, left, baseline, limit=self.width() - pad)


def paint_check_box(painter: paint.Painter, rect: QRectF, on: bool) -> None:
    side = rect.height() / painter.look.scale.k
    if not on:
        painter.draw_box(rect, side / 6, "surface", edge="edge", width=2)
        return
    painter.draw_box(rect, side / 6, "primary")
    inner = side * 0.64
    offset = painter.look.px((side - inner) / 2)
    painter.draw_icon("check", "on_primary", rect.left() + offset, rect.top() + offset, inner)


class TickBox(PaintedButton):
    """A small box to tick with its words, in two lines where there is no room for one."""

    def __init__(self, look: Look, text: str, *, px: float = 17, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._px = px
        self.setCheckable(True)
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        width = paint.width_of_text(self.look.font(self._px), self.text()) + self.look.px(26 + 10 + 4)
        return QSize(round(width), self.look.px(44))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(80), self.look.px(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, side = paint.Painter(self, self.look), self.look.px(26)
        paint_check_box(painter, QRectF(0, round((self.height() - side) / 2), side, side), self.isChecked())
        left = side + self.look.px(8)
        token = "ink" if self.isEnabled() else "ink2"
        font, room = self.look.font(self._px), self.width() - left
        lines = paint.wrapped_lines(font, self.text(), room)
        high = self.height() if len(lines) == 1 else min(self.height() / 2, self.look.px(self._px * LEADING))
        top = (self.height() - high * len(lines)) / 2
        for number, words in enumerate(lines):
            place = QRectF(left, top + high * number, room, high)
            painter.draw_words_and_give_end_x(words, font, token, place, Qt.AlignmentFlag.AlignLeft)


class ToggleSwitch(PaintedButton):
    """A knob that slides: on or off at once."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.radius = 14.0
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(46), self.look.px(28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, on = paint.Painter(self, self.look), self.look, self.isChecked()
        rect, can = QRectF(self.rect()), self.isEnabled()
        if can:
            painter.draw_box(rect, 14, "primary" if on else "surface", edge="" if on else "edge")
        else:
            painter.draw_box(rect, 14, "sunken", edge="edge", dashed=True)
        side = self.height() - look.px(8)
        left = self.width() - side - look.px(4) if on else look.px(4)
        painter.draw_box(QRectF(left, look.px(4), side, side), 10, "on_primary" if on and can else "ink2")


PX, TAB_SMALLEST, PAD, HIGH, GAP = 17, 13, 16, 44, 4


class _TabButton(PaintedButton):
    radius = 10.0

    def __init__(self, look: Look, key: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.key = key
        self.setObjectName(f"tab-{key}")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        # As wide as when it is chosen: choosing must not move its neighbours.
        width = paint.width_of_text(self.look.font(PX, bold=True), self.text()) + 2 * self.look.gap(PAD)
        return QSize(round(width) + 1, self.look.px(HIGH))

    def minimumSizeHint(self) -> QSize:
        width = paint.width_of_text(self.look.font(TAB_SMALLEST, bold=True), self.text()) + self.look.gap(PAD)
        return QSize(round(width) + 1, self.look.px(HIGH))

    def nextCheckState(self) -> None:
        # The only tab of a row would be let go by a press.
        self.setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, on = paint.Painter(self, self.look), self.look, self.isChecked()
        rect = QRectF(self.rect())
        if on:
            painter.draw_box(rect, self.radius, "soft", edge="primary" if look.theme.outlined else "")
        elif self.underMouse():
            painter.draw_box(rect, self.radius, "sunken")
        px = paint.largest_fitting_px(
            self.text(), rect.width() - look.gap(6), look.px(PX), bold=True, least=look.px(TAB_SMALLEST)
        )
        font = look.font(px / look.scale.k, bold=on)
        painter.draw_words_and_give_end_x(
            self.text(), font, "on_soft" if on else "ink2", rect, Qt.AlignmentFlag.AlignHCenter
        )


class TabRow(paint.FollowsLook, QWidget):
    """Tabs in one row, or in as many as it takes where their smallest letters leave no room. `picked` gives the key of
    the tab pressed; left and right arrow go from tab to tab."""

    picked = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tabs: list[_TabButton] = []
        self._least: list[int] = []
        """The width of each tab with its smallest letters: a layout asks for it hundreds of times."""
        self.follow_look(look)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_tabs(self, tabs: Sequence[tuple[str, str]]) -> None:
        """Show (key, word) tabs; those that are there already keep the keyboard."""
        if [tab.key for tab in self._tabs] != [key for key, _word in tabs]:
            chosen = self.current_tab_key()
            for tab in self._tabs:
                tab.hide()
                tab.deleteLater()
            self._tabs = [_TabButton(self.look, key, self) for key, _word in tabs]
            for tab in self._tabs:
                tab.show()
                tab.clicked.connect(self._emit_picked_tab)
            self.select_without_signal(chosen)
        for tab, (_key, word) in zip(self._tabs, tabs, strict=True):
            tab.setText(word)
        self.measure_again()

    def tab(self, key: str) -> _TabButton | None:
        return next((tab for tab in self._tabs if tab.key == key), None)

    def current_tab_key(self) -> str:
        return next((tab.key for tab in self._tabs if tab.isChecked()), "")

    def select_without_signal(self, key: str) -> None:
        """Choose a tab without a signal."""
        tab = self.tab(key)
        if tab is not None:
            tab.setChecked(True)

    def _emit_picked_tab(self) -> None:
        self.picked.emit(self.current_tab_key())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        at = next((i for i, tab in enumerate(self._tabs) if tab.hasFocus()), None)
        if step is None or at is None:
            super().keyPressEvent(event)
            return
        tab = self._tabs[(at + step) % len(self._tabs)]
        tab.setFocus(Qt.FocusReason.TabFocusReason)
        tab.click()

    def measure_again(self) -> None:
        super().measure_again()
        self._least = [tab.minimumSizeHint().width() for tab in self._tabs]
        self.updateGeometry()
        self._place_tabs()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_tabs()

    def sizeHint(self) -> QSize:
        wide = sum(tab.sizeHint().width() for tab in self._tabs) + self.look.gap(GAP) * len(self._tabs)
        return QSize(wide, self.heightForWidth(self.width() or wide))

    def minimumSizeHint(self) -> QSize:
        wide = max(self._least, default=0)
        return QSize(wide, self.heightForWidth(max(wide, self.width())))

    def heightForWidth(self, width: int) -> int:
        gap = self.look.gap(GAP)
        return max(1, len(self._tabs_by_row(width))) * (self.look.px(HIGH) + gap) - gap

    def _tabs_by_row(self, width: int) -> list[list[_TabButton]]:
        rows: list[list[_TabButton]] = []
        left, gap = 0, self.look.gap(GAP)
        for tab, narrow in zip(self._tabs, self._least, strict=False):
            least = narrow + gap
            if least > left or not rows:
                rows.append([])
                left = width + gap
            rows[-1].append(tab)
            left -= least
        return rows

    def _place_tabs(self) -> None:
        gap, high, top = self.look.gap(GAP), self.look.px(HIGH), 0
        for row in self._tabs_by_row(self.width()):
            least = sum(tab.minimumSizeHint().width() + gap for tab in row) - gap
            wished = sum(tab.sizeHint().width() + gap for tab in row) - gap
            share, x = min(1.0, (self.width() - least) / max(1, wished - least)), 0
            for tab in row:
                narrow = tab.minimumSizeHint().width()
                wide = narrow + int(max(0, tab.sizeHint().width() - narrow) * max(0.0, share))
                tab.setGeometry(x, top, wide, high)
                x += wide + gap
            top += high + gap
