"""A window on the board in two lines: who sits there, whom they serve and for how long; what is late is marked."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from queuedesk.stations.widgets.labels import Run, paint_runs
from queuedesk.stations.widgets.lists.tiles import Tile
from queuedesk.stations.widgets.paint import Painter, middle_baseline, width_of
from queuedesk.stations.window.style import Look
from queuedesk.stations.window.theme import MARKS

HEIGHT, LEAST_WIDTH, PAD = 62, 118, 12
FLAT_HEIGHT, FLAT_LEAST_WIDTH = 36, 150


@dataclass(frozen=True, slots=True, kw_only=True)
class CellText:
    """`mark` is a key of theme.MARKS, `what` a ticket or a state's word; what is `late` says `why` in its tooltip and
    is red."""

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
    """Pressing leads to what the window did."""

    def __init__(self, look: Look, text: CellText, parent: QWidget | None = None) -> None:
        super().__init__(look, width=190, height=HEIGHT, parent=parent)
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
        """Say it in one line, without the name: for many windows."""
        if flat != self._flat:
            self._flat = flat
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.wide(190), self.look.px(FLAT_HEIGHT if self._flat else HEIGHT))

    def minimumSizeHint(self) -> QSize:
        least = FLAT_LEAST_WIDTH if self._flat else LEAST_WIDTH
        return QSize(self.look.wide(least), self.look.px(FLAT_HEIGHT if self._flat else HEIGHT))

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
