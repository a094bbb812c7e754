"""Strips across a window: alerts, notices that pass, figures of the day, rows of tickets set aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil, inf

from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import QAccessible, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QWidget,
)

from queuedesk.stations.widgets import paint, panels
from queuedesk.stations.widgets.buttons import Button, SecondaryButton
from queuedesk.stations.window.style import MARKS, Look, M, font_of_size

# -- the place of a notice ---------------------------------------------------------------------------------------------

MARGIN, FOOT, TOP, STEP = 16, 28, 2, 13  # drawn px
_IN_USE = (QAbstractButton, QAbstractItemView, QLineEdit, panels.BigNumberLabel)


def occupied_rects(host: QWidget, but: QWidget) -> list[QRect]:
    """Return the places of `host` with something to press or type into, its big number, and what is kept clear; of a
    list the rows that it has. `but` and its children don't count."""
    return [
        QRect(widget.mapTo(host, QPoint(0, 0)), _visible_content_size(widget))
        for widget in host.findChildren(QWidget)
        # Most of a window lies on pages that are not shown, and a property is not asked for as quickly.
        if widget.isVisible()
        and (isinstance(widget, _IN_USE) or widget.property(panels.KEPT_CLEAR))
        and not but.isAncestorOf(widget)
    ]


def _visible_content_size(widget: QWidget) -> QSize:
    size = widget.size()
    if isinstance(widget, QAbstractItemView) and (rows := widget.model()) is not None:
        last = widget.visualRect(rows.index(rows.rowCount() - 1, 0))
        size.setHeight(min(size.height(), widget.viewport().y() + last.bottom() + 1) if rows.rowCount() else 0)
    return size


def place_hiding_least(look: Look, host: QRect, size: QSize, taken: list[QRect]) -> QRect:
    """Return the best place for `size`: the foot, the top, then the lowest free line; else where it hides least."""
    best, least = QRect(), inf
    for place in _possible_notice_rects_in_order(look, host, size):
        hidden = sum(_rect_area(place & one) for one in taken)
        if hidden < least:
            best, least = place, hidden
        if not hidden:
            break
    return best


def _possible_notice_rects_in_order(look: Look, host: QRect, size: QSize) -> Iterator[QRect]:
    """Yield places from the best on: a notice is looked for at the foot."""
    low = host.height() - size.height() - look.px(FOOT)
    left = look.px(MARGIN)
    columns = [(host.width() - size.width()) // 2, left, host.width() - size.width() - left]
    for y in (low, look.px(TOP), *range(low, look.px(TOP), -look.px(STEP))):
        for x in columns:
            yield QRect(QPoint(x, y), size)


def _rect_area(rect: QRect) -> int:
    return max(0, rect.width()) * max(0, rect.height())


KINDS = {"red": ("redbg", "warning"), "amber": ("amberbg", "warning"), "blue": ("bluebg", "info")}
MOST_TITLE_LINES, MOST_SECOND_LINES, TITLE_LINE_PX = 3, 3, 21
NUMBER_AND_LINE, LEAST_LINE_PX = 44, 12
TOAST_MS, TOAST_UNDO_MS, TOAST_FADE_MS = 5000, 10000, 150


class _AlertButton(Button):
    """The one button of an alert, in the alert's own colour."""

    def set_alert_colors(self, token: str, tint: str) -> None:
        self.edge = self.ink = self.ink_down = token
        self.fill = self.fill_hover = tint if self.look.theme.outlined else ""
        self.fill_down = "surface"
        self.update()


class AlertBanner(paint.FollowsLook, QWidget):
    """An alert: icon, bold fact, figures, one button to its subject. `stacked`: the second line is below, else beside.
    A narrow stacked one is a button itself."""

    acted = Signal()
    spoken_role = QAccessible.Role.AlertMessage

    def __init__(self, look: Look, *, stacked: bool = False, height: float = 52, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._stacked, self._height = stacked, height
        self.setProperty(panels.KEPT_CLEAR, True)
        self._kind, self._title, self._second, self._icon = "amber", "", "", ""
        self._button = _AlertButton(look, "", height=40, px=16, parent=self)
        self._button.clicked.connect(self.acted)
        self._button.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_alert_content(self, kind: str, title: str, second: str = "", *, button: str = "", icon: str = "") -> None:
        """Show an alert; `kind` is "red", "amber" or "blue"."""
        self._kind, self._title, self._second = kind, title, second
        self._icon = icon or KINDS[kind][1]
        self.setAccessibleName(f"{title} {second}".strip())
        self._button.setText(button)
        self._button.set_alert_colors(kind, KINDS[kind][0])
        self.setCursor(Qt.CursorShape.PointingHandCursor if button and self._stacked else Qt.CursorShape.ArrowCursor)
        self.measure_again()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._stacked and self._button.text() and self.rect().contains(event.position().toPoint()):
            self.acted.emit()

    def warn(self, text: str) -> None:
        self.set_alert_content("amber", text)
        self.show()

    def title(self) -> str:
        return self._title

    def button(self) -> Button:
        return self._button

    def measure_again(self) -> None:
        self._button.set_alert_colors(self._kind, KINDS[self._kind][0])
        self._place_buttons()
        super().measure_again()

    def _banner_text_left(self) -> int:
        return self.look.px(18) + self.look.px(22 + 16)

    def _text_right_edge(self) -> int:
        shown = not self._button.isHidden()
        return self._button.x() - self.look.px(12) if shown else self.width() - self.look.px(18)

    def _title_lines(self) -> list[str]:
        """Return the fact's lines, several if it stands alone or fills the banner in large letters."""
        room = self._text_right_edge() - self._banner_text_left()
        if self._second and not self._is_title_too_wide(room):
            return [self._title]
        return paint.wrapped_lines(self.look.font(M, bold=True), self._title, room, MOST_TITLE_LINES)

    def _is_title_too_wide(self, room: float) -> bool:
        look = self.look
        return (
            not self._stacked
            and paint.width_of_text(paint.squeezed_font(look, self._title, M, room, bold=True), self._title) > room + 1
        )

    def _second_part_lines(self) -> list[str]:
        """Return the fact's second part in lines when it does not fit beside the fact."""
        look = self.look
        room = self._text_right_edge() - self._banner_text_left()
        if not self._second or self._is_title_too_wide(room):
            return []
        if self._stacked:
            small = look.font(LEAST_LINE_PX)
            one = paint.width_of_text(small, self._second) <= room
            return [self._second] if one else paint.wrapped_lines(small, self._second, room, MOST_SECOND_LINES)
        beside = [panels.TextRun(self._title, M, True), panels.TextRun(self._second, M, gap=16)]
        return (
            []
            if panels.text_runs_width(look, beside) <= room
            else paint.wrapped_lines(look.font(15), self._second, room)
        )

    def sizeHint(self) -> QSize:
        lines = len(self._second_part_lines()) + len(self._title_lines()) - 1
        height = max(self._height, 30 + TITLE_LINE_PX * lines) if lines else self._height
        return QSize(self.look.px(400), self.look.px(height))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(200), self.sizeHint().height())

    def resizeEvent(self, event: QEvent) -> None:
        self._place_buttons()
        self.updateGeometry()

    def _place_buttons(self) -> None:
        size = self._button.sizeHint()
        right = self.look.px(18)
        self._button.resize(size)
        self._button.move(self.width() - right - size.width(), (self.height() - size.height()) // 2)
        self._button.setVisible(bool(self._button.text()) and (not self._stacked or self._has_room_beside_button()))

    def _has_room_beside_button(self) -> bool:
        look, room = self.look, self._button.x() - self.look.px(12) - self._banner_text_left()
        widths = (
            paint.width_of_text(look.font(M, bold=True), self._title),
            paint.width_of_text(look.font(LEAST_LINE_PX), self._second),
        )
        return max(widths) <= room

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        tint, kind = KINDS[self._kind][0], self._kind
        rect = QRectF(self.rect())
        painter.draw_box(rect, 12, tint, edge=kind if look.theme.outlined else "")
        left, right = self._banner_text_left(), self._text_right_edge()
        side = look.px(22)
        painter.draw_icon(self._icon, kind, left - look.px(38), (self.height() - side) / 2, 22)
        titles, lines = self._title_lines(), self._second_part_lines()
        bold = look.font(M, bold=True)
        if len(titles) > 1:
            high = look.px(TITLE_LINE_PX)
            y = (self.height() - high * len(titles)) / 2
            for place, words in enumerate(titles):
                painter.draw_words_and_give_end_x(words, bold, kind, QRectF(left, y + high * place, right - left, high))
            return
        if not lines:
            runs = [
                panels.TextRun(self._title, M, True, kind),
                *([panels.TextRun(self._second, M, gap=16)] if self._second else []),
            ]
            panels.paint_text_runs(painter, runs, left, paint.centred_baseline_y(bold, 0, self.height()), limit=right)
            return
        row = min(look.px(21), self.height() / (len(lines) + 1))
        y = (self.height() - row * (len(lines) + 1)) / 2
        for number, words in enumerate([self._title, *lines]):
            px, token = (M, kind) if number == 0 else (15, "ink")
            font = paint.squeezed_font(look, words, px, right - left, bold=number == 0)
            if self._stacked:
                # It keeps its height whatever the width: smaller letters before words are cut.
                most, least = look.px(px), look.px(LEAST_LINE_PX)
                if len(lines) > 1:
                    most = look.px(15) if not number else least
                font = font_of_size(
                    paint.largest_fitting_px(words, right - left, most, bold=not number, least=least), bold=not number
                )
            painter.draw_words_and_give_end_x(words, font, token, QRectF(left, y, right - left, row))
            y += row


_MAY_COVER = frozenset((QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Move))


class Toast(paint.FollowsLook, QWidget):
    """A notice that disappears by itself, perhaps with an undo: at the foot of `host`, or where it hides no button."""

    undone = Signal()
    spoken_role = QAccessible.Role.AlertMessage

    def __init__(self, look: Look, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self.follow_look(look)
        self._text, self._undo, self._icon = "", "", "check"
        self._offered: Callable[[], object] | None = None
        self._shown = 1.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        self._fade = QVariantAnimation(self)
        self._fade.setDuration(TOAST_FADE_MS)
        self._fade.valueChanged.connect(self._set_opacity)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._move_off_covered_controls)
        host.installEventFilter(self)
        self.hide()

    def show_toast(self, text: str, *, undo: str = "", icon: str = "check") -> None:
        """Show `text` for 5 s, or for 10 s with a word that undoes the act."""
        self._text, self._undo, self._icon, self._offered = text, undo, icon, None
        self.setAccessibleName(f"{text} {undo}".strip())
        paint.announce_to_screen_reader(self, text, undo)
        self._place_in_free_room()
        self.show()
        self.raise_()
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)
        self._timer.start(TOAST_UNDO_MS if undo else TOAST_MS)
        self._shown = 1.0
        if not self.look.still:
            self._fade.setStartValue(0.0)
            self._fade.setEndValue(1.0)
            self._fade.start()
        self.update()

    def offer_action(self, word: str, do: Callable[[], object]) -> None:
        """Put a word beside the text that is shown; pressing it calls `do`."""
        self._undo, self._offered = word, do
        self.setAccessibleName(f"{self._text} {word}")
        self._place_in_free_room()
        self._timer.start(TOAST_UNDO_MS)
        self.update()

    def dismiss(self) -> None:
        self._timer.stop()
        self._settle.stop()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self.hide()

    def text(self) -> str:
        return self._text

    def duration_ms(self) -> int:
        return self._timer.interval()

    def undo(self) -> None:
        """Do what pressing the undo word does, for the keyboard."""
        if self._undo and self._offered is None and self.isVisible():
            self.dismiss()
            self.undone.emit()

    def measure_again(self) -> None:
        super().measure_again()
        self._place_in_free_room()

    def _set_opacity(self, value: float) -> None:
        self._shown = value
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # While it is shown every event of the program comes here.
        kind = event.type()
        if kind not in _MAY_COVER or self.isHidden():
            return False
        if kind == QEvent.Type.Resize:
            if watched is self._host:
                self._place_in_free_room()
        elif watched is not self:
            # A page or a row of buttons may have come under the notice; where it lies is known after the layout.
            self._settle.start(0)
        return False

    def sizeHint(self) -> QSize:
        look = self.look
        width = look.px(20 + 22 + 12 + 20) + paint.width_of_text(look.font(M), self._text)
        if self._undo:
            width += look.px(32) + paint.width_of_text(look.font(M, bold=True), self._undo)
        return QSize(ceil(width), look.px(52))

    def _place_in_free_room(self) -> None:
        host = self._host
        size = self.sizeHint()
        size.setWidth(min(size.width(), host.width() - self.look.px(32)))
        self.setGeometry(place_hiding_least(self.look, host.rect(), size, occupied_rects(host, self)))

    def _move_off_covered_controls(self) -> None:
        """Leave the place only where something to press has come there."""
        taken = occupied_rects(self._host, self)
        if any(self.geometry().intersects(one) for one in taken):
            self.setGeometry(place_hiding_least(self.look, self._host.rect(), self.size(), taken))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._offered is not None:
            self.dismiss()
            self._offered()
        elif self._undo:
            self.undo()
        else:
            self.dismiss()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = paint.Painter(self, self.look), self.look
        painter.setOpacity(self._shown)
        rect = QRectF(self.rect())
        painter.draw_box(rect, 10, "toast", edge="on_toast" if look.theme.outlined else "")
        left, right = look.px(20), float(self.width() - look.px(20))
        painter.draw_icon(self._icon, "on_toast", left, (self.height() - look.px(22)) / 2, 22)
        left += look.px(34)
        if self._undo:
            bold = look.font(M, bold=True)
            right -= paint.width_of_text(bold, self._undo)
            painter.draw_words_and_give_end_x(
                self._undo, bold, "toast_act", QRectF(right, 0, self.width() - right, rect.height())
            )
            right -= look.px(32)
        painter.draw_words_and_give_end_x(
            self._text, look.font(M), "on_toast", QRectF(left, 0, right - left + 1, rect.height())
        )


class _NumberAndLineLabel(panels.TextRunsLabel):
    """A number and its line beside it, or below it in smaller letters where there is no room."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.look.px(NUMBER_AND_LINE))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, room = self.look, self.width()
        if len(self.runs) < 2 or panels.text_runs_width(look, self.runs) <= room:
            super().paintEvent(event)
            return
        painter, (number, line) = paint.Painter(self, look), self.runs
        half = self.height() / 2
        bold = look.font(number.px, bold=True, tabular=True)
        painter.draw_words_and_give_end_x(number.text, bold, number.token, QRectF(0, 0, room, half))
        least = look.px(LEAST_LINE_PX / look.scale.text)
        font = font_of_size(paint.largest_fitting_px(line.text, room, look.px(line.px), least=least))
        painter.draw_words_and_give_end_x(line.text, font, line.token, QRectF(0, half, room, half))


class SetAsideTicketRow(paint.FollowsLook, QWidget):
    """A ticket set aside or missed: mark, number, one line, and the act that brings it back."""

    acted = Signal()

    def __init__(
        self, look: Look, *, height: float = 56, rule: bool = False, accent: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self._height, self._rule, self._state = height, rule, "parked"
        self._line = _NumberAndLineLabel(look)
        self._line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._button = SecondaryButton(look, "", height=44 if height >= 56 else 40, px=15)
        if accent:
            self._button.ink = "primary"
        self._button.clicked.connect(self.acted)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._line, 1)
        self._row.addWidget(self._button)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.measure_again()

    def measure_again(self) -> None:
        self._row.setContentsMargins(self.look.px(32), 0, 0, 0)
        self._row.setSpacing(self.look.px(10))
        super().measure_again()

    def set_row(self, state: str, number: str, second: str, action: str = "", *, spoken: str = "") -> None:
        """Show a ticket; `state` is a ticket state ("parked", "missed"), `action` the button's word or ""."""
        self._state = state
        self._line.set_runs(
            [panels.TextRun(number, 19, True, tabular=True), panels.TextRun(second, 15, token="ink2", gap=20)]
        )
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self._button.setAccessibleName(spoken or f"{action} {number}".strip())
        self.update()

    def button(self) -> Button:
        return self._button

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), self.look.px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, mark = paint.Painter(self, self.look), MARKS[self._state]
        painter.draw_icon(mark.icon, mark.token, 0, (self.height() - self.look.px(20)) / 2, 20)
        if self._rule:
            rect = QRectF(self.rect()).adjusted(0, 0, -1, -1)
            painter.draw_divider(rect.bottomLeft(), rect.bottomRight())


class DayFigureTexts(Struct, frozen=True):
    """One figure of the day: title, value, unit, second line, and the value's token; the short forms of title and
    second line are used where the long ones would be cut."""

    title: str
    value: str
    unit: str = ""
    second: str = ""
    token: str = "ink"
    short_title: str = ""
    short_second: str = ""
