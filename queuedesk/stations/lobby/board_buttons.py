"""What can be pressed on the lobby board: a service's bar, a window's cell, a suggestion."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.stations.widgets.buttons import AccentButton, Button, PaintedButton, PrimaryButton, TextButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label, Run, paint_runs
from queuedesk.stations.widgets.lists.tiles import Tile
from queuedesk.stations.widgets.paint import Painter, middle_baseline, width_of, wrap
from queuedesk.stations.widgets.panels import Card, spread
from queuedesk.stations.window.style import Look
from queuedesk.stations.window.theme import MARKS

BAR_HEIGHT, LEAST = 88, 52
BADGE, NAME_SHARE, NUMBER, UNIT = 56, 0.3, 48, 17
ROOM_FOR_UNIT, ROOM_FOR_THICK = 440, 66
TOKENS = {"": "primary", "amber": "amber", "red": "red"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceText:
    """`minutes` is shown where `longest` has no room. `share` is the longest wait as a share of the bar, whose middle
    is the target; `level` ("", "amber", "red") colours it."""

    code: str
    letter: str
    name: str
    waiting: str
    unit: str
    longest: str
    minutes: str
    share: float
    level: str
    later: str = ""

    @property
    def spoken(self) -> str:
        """Return the row as a screen reader says it."""
        return ", ".join(part for part in (self.name, f"{self.waiting} {self.unit}", self.longest, self.later) if part)


class ServiceBar(PaintedButton):
    """One row; pressing leads to the line's tickets."""

    def __init__(self, look: Look, text: ServiceText, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.set_service(text)

    def set_service(self, text: ServiceText) -> None:
        """Say something else; the row's place stays."""
        self.text_shown = text
        self.setText(text.name)
        self.setAccessibleName(text.spoken)
        self.setToolTip(text.spoken)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.wide(480), self.look.wide(BAR_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(300), self.look.px(LEAST))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = Painter(self, self.look), self.look, self.text_shown
        width, height = self.width(), self.height()
        painter.divider(QPointF(0, 0), QPointF(width, 0))
        if self.underMouse():
            painter.box(QRectF(0, 2, width, height - 3), 6, "sunken")
        side = min(look.wide(BADGE), height - look.px(16))
        painter.badge(QRectF(0, (height - side) / 2, side, side), said.letter)
        left = side + look.gap(20)
        room = width * NAME_SHARE - look.gap(20)
        self._name(painter, QRectF(left, 0, room, height))
        right = self._number(painter)
        start = left + room + look.gap(16)
        self._bar(painter, QRectF(start, 0, right - look.gap(28) - start, height))

    def _name(self, painter: Painter, room: QRectF) -> None:
        look, name = self.look, self.text_shown.name
        for px in (22, 19, 17, 15):
            font = look.font(px, bold=True)
            lines = wrap(font, name, room.width(), 2)
            if (px == 22 and len(lines) == 1) or (px < 22 and not lines[-1].endswith("…")):
                break
        high = look.px(px * 1.25)
        top = room.center().y() - high * len(lines) / 2
        for number, line in enumerate(lines):
            painter.words_in(line, font, "ink", QRectF(room.left(), top + number * high, room.width(), high))

    def _number(self, painter: Painter) -> float:
        """Draw how many wait at the right; return where that begins at the widest."""
        look, said = self.look, self.text_shown
        big, small = look.font(min(NUMBER, self.height() / look.scale.k * 0.62), bold=True), look.font(UNIT)
        if self.width() < look.px(ROOM_FOR_UNIT):
            painter.words_in(said.waiting, big, "ink", QRectF(self.rect()), Qt.AlignmentFlag.AlignRight)
            return self.width() - look.wide(64)
        unit = width_of(small, said.unit)
        number = QRectF(0, 0, self.width() - unit - look.px(7), self.height())
        painter.words_in(said.waiting, big, "ink", number, Qt.AlignmentFlag.AlignRight)
        foot = QRectF(0, look.px(8), self.width(), self.height())
        painter.words_in(said.unit, small, "ink2", foot, Qt.AlignmentFlag.AlignRight)
        return self.width() - look.wide(118)

    def _bar(self, painter: Painter, room: QRectF) -> None:
        look, said = self.look, self.text_shown
        thick, line = look.px(20 if room.height() >= look.px(ROOM_FOR_THICK) else 12), look.px(24)
        small = look.font(16, bold=bool(said.level))
        beside = width_of(small, said.longest) + look.px(10) + width_of(look.font(16), said.later)
        is_below = bool(said.later) and beside > room.width() and room.height() >= thick + 2 * line + look.px(14)
        gap = look.px(5 if is_below or thick < look.px(20) else 8)
        top = (room.height() - thick - line * (2 if is_below else 1) - gap) / 2 + look.px(1)
        bar = QRectF(room.left(), top, room.width(), thick)
        outlined = look.theme.outlined
        painter.box(bar, 3, "sunken", edge="edge" if outlined else "")
        if said.share > 0:
            filled = QRectF(bar.left(), top, max(look.px(6), bar.width() * said.share), thick)
            painter.box(filled, 3, TOKENS[said.level])
        middle = round(bar.center().x())
        over = min(look.px(6), int(top) - 2)
        painter.fillRect(QRectF(middle - 1, top - over, look.px(3), thick + 2 * over), look.color("ink"))
        below = QRectF(room.left(), top + thick + gap, room.width(), line)
        token = TOKENS[said.level] if said.level else "ink2"
        longest = said.longest if width_of(small, said.longest) <= room.width() else said.minutes
        end = painter.words_in(longest, small, token, below)
        if is_below:
            painter.words_in(said.later, look.font(16), "ink2", below.translated(0, line - look.px(2)))
            return
        rest = QRectF(end + look.px(10), below.top(), below.right() - end - look.px(10), line)
        if width_of(look.font(16), said.later) <= rest.width():
            painter.words_in(said.later, look.font(16), "ink2", rest, Qt.AlignmentFlag.AlignRight)


CELL_HEIGHT, LEAST_WIDTH, PAD = 62, 118, 12
FLAT_HEIGHT, FLAT_LEAST_WIDTH = 36, 150


@dataclass(frozen=True, slots=True, kw_only=True)
class CellText:
    """`mark` is a key of theme.MARKS, `what` a ticket or a state's word; a `late` cell says `why` in its tooltip and is
    red."""

    code: str
    number: str
    mark: str
    what: str
    staff: str = ""
    time: str = ""
    away: bool = False
    late: bool = False
    why: str = ""

    @property
    def spoken(self) -> str:
        """Return the cell as a screen reader says it."""
        return ", ".join(part for part in (self.number, self.staff, self.what, self.time, self.why) if part)


class WindowCell(Tile):
    """One window; pressing leads to its current work."""

    def __init__(self, look: Look, text: CellText, parent: QWidget | None = None) -> None:
        super().__init__(look, width=190, height=CELL_HEIGHT, parent=parent)
        self._flat = False
        self.set_window(text)

    def set_window(self, text: CellText) -> None:
        """Say something else; the cell's place stays."""
        self.text_shown = text
        self.setText(text.number)
        self.setAccessibleName(text.spoken)
        self.setToolTip(text.spoken)
        self.update()

    def set_flat(self, flat: bool) -> None:
        """Show it in one line, without the name: for many windows."""
        if flat != self._flat:
            self._flat = flat
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.wide(190), self.look.px(FLAT_HEIGHT if self._flat else CELL_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        least = FLAT_LEAST_WIDTH if self._flat else LEAST_WIDTH
        return QSize(self.look.wide(least), self.look.px(FLAT_HEIGHT if self._flat else CELL_HEIGHT))

    def _paint_flat(self, painter: Painter) -> None:
        look, said = self.look, self.text_shown
        pad, rect = look.gap(10), QRectF(self.rect())
        mark = MARKS[said.mark]
        painter.icon(mark.icon, _token(said), pad, (self.height() - look.px(16)) / 2, 16)
        left = float(pad + look.px(21))
        bold = look.font(15, bold=True)
        left = painter.words_in(said.code, bold, "ink", QRectF(left, 0, rect.width() - left, rect.height()))
        time_font = look.font(15, bold=said.late, tabular=True)
        inside = QRectF(0, 0, rect.width() - pad, rect.height())
        left += look.px(8)
        font, token = look.font(15, tabular=True), "ink2" if said.away else "ink"
        room, time = inside.right() - left, width_of(time_font, said.time) + look.px(6)
        has_time = said.late or width_of(font, said.what) + time <= room
        if has_time:
            painter.words_in(said.time, time_font, "red" if said.late else "ink2", inside, Qt.AlignmentFlag.AlignRight)
        what = QRectF(left, 0, room - (time if has_time else 0), rect.height())
        painter.words_in(said.what, font, token, what)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = Painter(self, self.look), self.look, self.text_shown
        if said.away:
            painter.box(QRectF(self.rect()), 12, "sunken", edge="edge", width=2, dashed=True)
        else:
            self.paint_ground(painter)
        if self._flat:
            self._paint_flat(painter)
            return
        pad, high = look.gap(PAD), look.px(24)
        mark = MARKS[said.mark]
        token = _token(said)
        side = look.px(18)
        right = self.width() - pad - side
        painter.icon(mark.icon, token, right, look.px(10), 18)
        head = [Run(said.number, 17, True)]
        name = width_of(look.font(17, bold=True), said.number) + look.px(8) + width_of(look.font(15), said.staff)
        if said.staff and pad + name < right - look.px(6):
            head.append(Run(said.staff, 15, token="ink2", gap=8))
        bold = look.font(17, bold=True)
        paint_runs(painter, head, pad, middle_baseline(bold, look.px(6), high), limit=right - look.px(4))
        foot = QRectF(pad, self.height() - look.px(31), self.width() - 2 * pad, high)
        px = self._px(foot.width())
        time_font = look.font(px, bold=said.late, tabular=True)
        time_width = width_of(time_font, said.time)
        what = QRectF(foot.left(), foot.top(), foot.width() - time_width - look.px(8), high)
        painter.words_in(said.time, time_font, "red" if said.late else "ink2", foot, Qt.AlignmentFlag.AlignRight)
        painter.words_in(said.what, look.font(px, tabular=True), "ink2" if said.away else "ink", what)

    def _px(self, room: float) -> int:
        """Return the size at which a number stands whole beside the time."""
        look, said = self.look, self.text_shown
        for px in (16, 15, 14):
            used = width_of(look.font(px, tabular=True), said.what) + look.px(8)
            if used + width_of(look.font(px, bold=said.late, tabular=True), said.time) <= room:
                return px
        return 13


def _token(said: CellText) -> str:
    """Return the colour of the mark; on a white ground that of an open window is the plain green."""
    token = MARKS[said.mark].token
    return "primary" if token == "on_soft" else token


LARGE_TEXT = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionText:
    """One move in words; `key` names it to the desk, `do` is the label of its button."""

    key: str
    title: str
    effect: str
    do: str


class _Rank(Follows, QWidget):
    """The number of a suggestion in its round."""

    def __init__(self, look: Look, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self.follow(look)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(34), self.look.px(34))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, rect = Painter(self, self.look), self.look, QRectF(self.rect())
        painter.box(rect, 17, "primary" if self._number == 1 else "ink2")
        font = look.font(18, bold=True)
        painter.words_in(
            str(self._number),
            font,
            "on_primary" if self._number == 1 else "surface",
            rect,
            Qt.AlignmentFlag.AlignHCenter,
        )


class SuggestionCard(Card):
    """One suggestion. The first one has the filled button; a `small` one has its buttons beside its words."""

    taken = Signal(str)
    declined = Signal(str)

    def __init__(
        self, look: Look, text: SuggestionText, number: int, *, small: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, chosen=number == 1, parent=parent)
        self.text_shown = text
        self._title = Label(look, text.title, px=20 if small else 26, bold=True, wrap=small)
        self._effect = Label(look, text.effect, px=16 if small else 19, token="ink2" if small else "ink", wrap=True)
        self.do_button: Button = (
            PrimaryButton(look, text.do, height=48 if small else 56, px=18)
            if number == 1
            else AccentButton(look, text.do, height=44 if small else 52, px=17)
        )
        not_now = _("Not now", context="move")
        self.no_button = TextButton(look, not_now, height=44, px=17)
        self.do_button.setAccessibleName(f"{text.do}: {text.title}")
        self.no_button.setAccessibleName(f"{not_now}: {text.title}")
        self._build(look, number, small)
        self.do_button.clicked.connect(self._take)
        self.no_button.clicked.connect(self._decline)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def _build(self, look: Look, number: int, small: bool) -> None:
        # Large letters need the whole width.
        beside = small and look.scale.text < LARGE_TEXT
        box: QBoxLayout = QHBoxLayout(self) if beside else QVBoxLayout(self)
        spread(look, box, (22, 10, 14, 10) if small else (26, 20, 26, 20), 10 if small else 8)
        head = QHBoxLayout()
        spread(look, head, spacing=12)
        head.addWidget(_Rank(look, number), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        spread(look, words, spacing=2)
        words.addWidget(self._title)
        if small:
            words.addWidget(self._effect)
        head.addLayout(words, 1)
        box.addLayout(head, 1 if beside else 0)
        keys = QHBoxLayout()
        spread(look, keys, spacing=12)
        keys.addWidget(self.do_button)
        keys.addWidget(self.no_button)
        if not small:
            box.addWidget(self._effect)
        if not beside:
            keys.addStretch(1)
        box.addLayout(keys)

    def set_busy(self, busy: bool) -> None:
        self.do_button.set_busy(busy)
        self.no_button.setEnabled(not busy)

    def _take(self) -> None:
        self.taken.emit(self.text_shown.key)

    def _decline(self) -> None:
        self.declined.emit(self.text_shown.key)
