"""Parts of a person's sheet on screen: the strip over it, and what was said of its disputed rows."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from queuedesk.i18n import _
from queuedesk.i18n.numerals import UNKNOWN, decimal
from queuedesk.stations.manager.appraisal.sheet_texts import BehindRow, Strip
from queuedesk.stations.manager.parts.table import Column
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter, fit_px, width_of
from queuedesk.stations.widgets.panels import Card, spread
from queuedesk.stations.widgets.spoken import TEXT
from queuedesk.stations.window.style import XXL, Look, S

STRIP, TWO_HIGH, PART, LAST = 104, 204, 196, 296
ONE_ROW, LEAST_PX = 960, 13
BAR, DOT = 14, 6


class SheetStrip(Follows, QWidget):
    """The total, the team's median, and both on the span that chance alone allows."""

    spoken_role = TEXT

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow(look)
        self._said: Strip | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_strip(self, said: Strip) -> None:
        self._said = said
        self.setAccessibleName(said.spoken)
        self.updateGeometry()
        self.update()

    @property
    def _is_narrow(self) -> bool:
        """Whether what chance can do stands below the figures."""
        return self.width() < self.look.px(ONE_ROW)

    def sizeHint(self) -> QSize:
        two = self._is_narrow and (self._said is None or self._said.scale is not None)
        return QSize(self.look.px(600), self.look.px(TWO_HIGH if two else STRIP))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(300), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = Painter(self, self.look), self.look, self._said
        pad, high = look.px(18), look.px(STRIP)
        painter.box(QRectF(0, 0, self.width(), self.height()), 12, "surface", edge="line")
        if said is not None:
            narrow, width = self._is_narrow, float(self.width())
            ends = [width * share for share in (0.27, 0.6)] if narrow else [look.wide(PART), 2 * look.wide(PART)]
            last = ends[1] if narrow else width - look.wide(LAST)
            for left, end, texts in ((0.0, ends[0], said.total), (ends[0], ends[1], said.median)):
                self._paint_figure(painter, QRectF(left + pad, look.px(8), end - left - 1.5 * pad, high), texts)
                top, bottom = look.px(14), high - look.px(14)
                painter.divider(QRectF(end, top, 1, 0).topLeft(), QRectF(end, bottom, 1, 0).topLeft())
            self._paint_verdict(painter, QRectF(last + pad, look.px(18), width - last - 2 * pad, high), said)
            room = QRectF(ends[1] + pad, look.px(8), last - ends[1] - pad, high)
            if narrow:
                room = QRectF(pad, high, width - 2 * pad, look.px(TWO_HIGH) - high)
            self._paint_chance(painter, room, said)
        if self.hasFocus():
            painter.box(QRectF(self.rect()).adjusted(1, 1, -2, -2), 12, "", edge="ink", width=3)

    def _small(
        self, painter: Painter, text: str, room: QRectF, token: str = "ink2", *, size: float = S, bold: bool = False
    ) -> None:
        """Paint words in one line, in smaller letters where they have no room."""
        look = self.look
        px = fit_px(text, room.width(), look.px(size), bold=bold, least=min(look.px(12), LEAST_PX)) / look.scale.k
        painter.words_in(text, look.font(px, bold=bold), token, room)

    def _paint_figure(self, painter: Painter, room: QRectF, texts: tuple[str, str, str]) -> None:
        look, row = self.look, self.look.px(24)
        title, number, line = texts
        self._small(painter, title, QRectF(room.left(), room.top(), room.width(), row))
        middle = QRectF(room.left(), room.top() + row, room.width(), look.px(40))
        end = painter.words_in(number, look.font(XXL, bold=True, tabular=True), "ink", middle)
        middle.setLeft(end + look.px(6))
        if number != UNKNOWN and width_of(look.font(12), _("of 100")) <= middle.width():
            self._small(painter, _("of 100"), middle, "ink")
        self._small(painter, line, QRectF(room.left(), room.top() + look.px(64), room.width(), row))

    def _paint_chance(self, painter: Painter, room: QRectF, said: Strip) -> None:
        look, row = self.look, self.look.px(24)
        self._small(painter, said.chance, QRectF(room.left(), room.top(), room.width(), row))
        if said.scale is None:
            return
        low, median, total, high = said.scale
        first, last = min(low, total), max(high, total)
        spread_ = max(1.0, last - first)
        inner = room.adjusted(look.px(8), 0, -look.px(8), 0)

        def x(value: float) -> float:
            return inner.left() + inner.width() * (value - first) / spread_

        top, bar = room.top() + look.px(48), look.px(BAR)
        painter.box(QRectF(x(low), top, max(2.0, x(high) - x(low)), bar), 3, "sunken", edge="ink2")
        painter.fillRect(QRectF(x(median) - 1, top - look.px(6), 2, bar + look.px(12)), look.color("ink"))
        side = look.px(2 * DOT)
        painter.box(QRectF(x(total) - side / 2, top + (bar - side) / 2, side, side), DOT, "primary", edge="surface")
        small, bold = look.font(14, tabular=True), look.font(14, bold=True, tabular=True)
        above = room.top() + look.px(24)
        own = _label(x(total), width_of(bold, decimal(total)) + 2, room)
        words = _("median {figure}", figure=decimal(median))
        other = _label(x(median), width_of(small, words) + 2, room)
        gap = look.px(8)
        if other.right() + gap > own.left() and other.left() - gap < own.right():
            other.moveRight(own.left() - gap)
            if median > total or other.left() < room.left():
                other.moveLeft(own.right() + gap)
        for text, font, token, place in ((decimal(total), bold, "primary", own), (words, small, "ink2", other)):
            painter.words_in(text, font, token, QRectF(place.left(), above, place.width(), look.px(20)))
        for value in (low, high):
            words = decimal(value)
            place = _label(x(value), width_of(small, words) + 2, room)
            painter.words_in(
                words, small, "ink2", QRectF(place.left(), top + bar + look.px(6), place.width(), look.px(20))
            )

    def _paint_verdict(self, painter: Painter, room: QRectF, said: Strip) -> None:
        look = self.look
        side = look.px(18)
        painter.icon(said.icon, said.token, room.left(), room.top() + look.px(3), 18)
        beside = QRectF(room.left() + side + look.px(8), room.top(), room.width() - side - look.px(8), look.px(24))
        self._small(painter, said.verdict, beside, said.token, size=16, bold=True)
        for at, text in enumerate(said.below):
            top = room.top() + look.px(30 + 22 * at)
            self._small(painter, text, QRectF(room.left(), top, room.width(), look.px(22)))


def _label(at: float, wide: float, room: QRectF) -> QRectF:
    """Return the place of a label of that width as near over `at` as it can be within `room`."""
    left = min(max(at - wide / 2, room.left()), room.right() - wide)
    return QRectF(left, 0, wide, 1)


class NoteBox(Card):
    """What was said of disputed rows, on a violet ground; hidden where nothing was."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        column = QVBoxLayout(self)
        spread(look, column, (12, 8, 12, 8))
        self.label = Label(look, px=14, wrap=True)
        column.addWidget(self.label)

    def say(self, text: str) -> None:
        self.label.setText(text)
        self.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        Painter(self, self.look).box(QRectF(self.rect()), 10, "violetbg")


def behind_columns() -> list[Column[BehindRow]]:
    """Return the columns of the rows behind a figure."""
    return [
        Column(
            title=_("Row", context="sheet"),
            text=lambda row: row.ticket or row.case or row.when,
            bold=True,
            struck=lambda row: row.is_excluded,
        ),
        Column(title=_("Date"), text=lambda row: row.when if row.ticket or row.case else ""),
        Column(
            title=_("What"),
            text=lambda row: row.what,
            token=lambda row: row.token if not row.figure else "ink",
            struck=lambda row: row.is_excluded,
            gives=True,
            least=80,
            grows=True,
        ),
        Column(
            title="",
            text=lambda row: row.figure,
            token=lambda row: row.token,
            icon=lambda row: "minus" if row.is_excluded else "hourglass" if row.is_waiting else "",
            ground=lambda row: "violetbg" if row.is_excluded else "",
            is_right=True,
        ),
    ]
