"""Cards that show one thing: a window of the hall, the next customer."""

from msgspec import Struct
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.stations.widgets import paint
from queuedesk.stations.widgets.buttons import paint_pill_with_text, pill_width
from queuedesk.stations.widgets.lists.lists import LEVELS
from queuedesk.stations.widgets.lists.tiles import TileButton
from queuedesk.stations.widgets.panels import TextRun, paint_text_runs
from queuedesk.stations.window.style import MARKS, Look


class WindowCardText(Struct, frozen=True, kw_only=True):
    """What a window's card says. `state` is a key of theme.MARKS, `number` has its unit ("3 号"). `away` (paused,
    closed) gives the card a dashed edge; `late` makes the time red and bold, `asks` word and time amber. `short` is
    said where the time leaves no room for `word`."""

    number: str
    staff: str = ""
    ticket: str = "—"
    state: str = "open"
    word: str = ""
    time: str = ""
    away: bool = False
    late: bool = False
    asks: bool = False
    short: str = ""


FULL, COMPACT = 108, 54
CARD_PAD = 14


class WindowCard(TileButton):
    """A window of the hall and its current work; pressing opens it. A compact one has two lines."""

    def __init__(self, look: Look, said: WindowCardText, parent: QWidget | None = None) -> None:
        super().__init__(look, width=172, height=FULL, parent=parent)
        self._compact = False
        self.set_window(said)

    def set_compact(self, compact: bool) -> None:
        """Use two lines, for many windows or large text."""
        if compact != self._compact:
            self._compact = compact
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.look.px(COMPACT if self._compact else FULL))

    def minimumSizeHint(self) -> QSize:
        if self._compact:
            return QSize(self.look.large_px(150), self.look.px(COMPACT))
        return QSize(self.look.large_px(110), self.look.px(98))

    def set_window(self, said: WindowCardText) -> None:
        self._said = said
        self.setText(said.number)
        parts = (said.number, said.staff, said.ticket, said.word, said.time)
        self.setAccessibleName(" ".join(part for part in parts if part))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = paint.Painter(self, self.look), self.look, self._said
        if said.away:
            painter.draw_box(QRectF(self.rect()), 12, "sunken", edge="edge", width=2, dashed=True)
        else:
            self.paint_background(painter)
        pad = look.gap(CARD_PAD)
        room = self.width() - 2 * pad
        high = look.px(24)
        head = [TextRun(said.number, 17, True), TextRun(said.staff, 15, token="ink2", gap=8)]
        token = "ink2" if said.away else "ink"
        if self._compact:
            top, below = look.px(4), look.px(26)
            number = look.font(20, bold=True, tabular=True)
            place = QRectF(pad, top, room, high)
            painter.draw_words_and_give_end_x(said.ticket, number, token, place, Qt.AlignmentFlag.AlignRight)
            limit = self.width() - pad - paint.width_of_text(number, said.ticket) - look.px(8)
        else:
            top, below, limit = look.px(9), look.px(31), self.width() - pad
        baseline = paint.centred_baseline_y(look.font(17, bold=True), top, high)
        paint_text_runs(painter, head, pad, baseline, limit=limit)
        foot = QRectF(pad, self.height() - below, room, high)
        if not self._compact:
            number = look.font(32, bold=True, tabular=True)
            painter.draw_words_and_give_end_x(
                said.ticket, number, token, QRectF(pad, look.px(32), room, foot.top() - look.px(32))
            )
        mark = MARKS[said.state]
        bold = look.font(15, bold=True)
        time_font = look.font(15, bold=said.late or said.asks, tabular=True)
        time_width = paint.width_of_text(time_font, said.time)
        right = foot.right()
        time_token = "red" if said.late else "amber" if said.asks else "ink2"
        painter.draw_words_and_give_end_x(said.time, time_font, time_token, foot, Qt.AlignmentFlag.AlignRight)
        right -= time_width + look.px(8)
        mark_token = "amber" if said.asks else "primary" if mark.token == "on_soft" else mark.token
        painter.draw_icon(mark.icon, mark_token, pad, foot.center().y() - look.px(16) / 2, 16)
        left = pad + look.px(20)
        # A time is never cut: the word becomes its short form, or the icon alone stands for it.
        word = next((one for one in (said.word, said.short) if paint.width_of_text(bold, one) <= right - left), "")
        painter.draw_words_and_give_end_x(word, bold, mark_token, QRectF(left, foot.top(), right - left, foot.height()))


class NextCustomerCardText(Struct, frozen=True, kw_only=True):
    """The card of the next customer; `level` ("", "amber", "red") colours the wait, `promise` has a line of its own.
    `short` takes the place of `service` where that has no room."""

    caption: str
    number: str
    service: str = ""
    short: str = ""
    wait: str = ""
    level: str = ""
    class_text: str = ""
    promise: str = ""
    promise_token: str = "ink2"


class NextCustomerCard(paint.FollowsLook, QWidget):
    """The next customer in the counter's rail, for reading only."""

    spoken_role = paint.TEXT

    def __init__(self, look: Look, said: NextCustomerCardText | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow_look(look)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_next_customer(said or NextCustomerCardText(caption="", number=""))

    def set_next_customer(self, said: NextCustomerCardText) -> None:
        self._said = said
        parts = (said.caption, said.number, said.service, said.class_text, said.wait, said.promise)
        self.setAccessibleName(" ".join(part for part in parts if part))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(350), self.look.px(153 if self._said.promise else 131))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, said = paint.Painter(self, self.look), self.look, self._said
        painter.draw_box(QRectF(self.rect()), 12, "surface", edge="ink", width=2)
        pad = look.px(20)
        right = self.width() - pad
        caption = QRectF(pad, look.px(16), right - pad, look.px(26))
        painter.draw_words_and_give_end_x(said.caption, look.font(15, bold=True), "ink2", caption)
        if said.class_text:
            width, height = pill_width(look, said.class_text, "person", 14), look.px(25)
            place = QRectF(right - width, look.px(16), width, height)
            paint_pill_with_text(painter, place, said.class_text, tint="bluebg", token="blue", icon="person", px=14)
        number = look.font(46, bold=True)
        painter.draw_words_and_give_end_x(
            said.number, number, "ink", QRectF(pad, look.px(40), right - pad, look.px(52))
        )
        token, bold, icon = LEVELS[said.level]
        beside_number = right - pad - paint.width_of_text(number, said.number) - look.px(10 + (22 if icon else 0))
        font = paint.squeezed_font(look, said.wait, 17, beside_number, bold=bold, tabular=True)
        left = right - paint.width_of_text(font, said.wait)
        beside = QRectF(left, look.px(60), right - left + 1, look.px(26))
        painter.draw_words_and_give_end_x(said.wait, font, token, beside)
        if icon:
            painter.draw_icon(icon, token, left - look.px(22), beside.center().y() - look.px(16) / 2, 16)
        below = QRectF(pad, look.px(91), right - pad, look.px(24))
        is_short = bool(said.short) and paint.width_of_text(look.font(16), said.service) > below.width()
        service = said.short if is_short else said.service
        painter.draw_words_and_give_end_x(service, paint.squeezed_font(look, service, 16, below.width()), "ink2", below)
        told = QRectF(pad, look.px(117), right - pad, look.px(22))
        late = said.promise_token == "red"
        painter.draw_words_and_give_end_x(
            said.promise, paint.squeezed_font(look, said.promise, 15, told.width(), bold=late), said.promise_token, told
        )
