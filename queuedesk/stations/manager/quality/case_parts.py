"""What the page of cases is painted with: rows of two lines, and the way of five steps."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from queuedesk.i18n import _, n_
from queuedesk.stations.manager.quality.case_texts import CaseRow, WayStep
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.lists import LEVELS, TicketList, TicketRow
from queuedesk.stations.widgets.paint import Painter, fit_px, width_of
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.spoken import TEXT
from queuedesk.stations.window.style import Look

ROW_HEIGHT, NUMBER_WIDTH, STATE_WIDTH = 66, 78, 104
BAR = 4
SLIP_WIDTH, SLIP_HEIGHT = 696, 420
DOT, AGAIN = 32, 26


class CaseList(TicketList):
    """The cases of one filter. A narrow one leaves out who owns them and then their class; the spoken row says it
    all."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, row_height=ROW_HEIGHT, inset=24, selectable=True, parent=parent)

    def _paint_row(self, painter: Painter, index: QModelIndex, rect: QRectF, row: TicketRow) -> None:
        assert isinstance(row, CaseRow)
        look = self.look
        if self.selectionModel().isSelected(index):
            painter.fillRect(rect, look.color("soft"))
            painter.fillRect(QRectF(rect.left(), rect.top(), look.px(BAR), rect.height()), look.color("primary"))
        bottom = rect.bottom() - 1
        painter.divider(QPointF(rect.left(), bottom), QPointF(rect.right(), bottom))
        left, right = rect.left() + look.px(self.inset), rect.right() - look.px(self.inset)
        half = (rect.height() - look.px(12)) / 2
        first = QRectF(left, rect.top() + look.px(6), right - left, half)
        second = first.translated(0, half)
        end = painter.words_in(row.number, look.font(17, bold=True), "ink", first)
        x = max(left + look.wide(NUMBER_WIDTH), end + look.px(12), left + self._widest_class() + look.px(10))
        painter.words_in(row.service, look.font(16, bold=True), "ink", QRectF(x, first.top(), right - x, half))

        token, bold, icon = LEVELS[row.level]
        icon = {"red": "clock", "amber": "hourglass"}.get(row.level, icon)
        font = look.font(15, bold=bold, tabular=True)
        edge = right - width_of(font, row.wait)
        painter.words_in(row.wait, font, token, QRectF(edge, second.top(), right - edge + 1, half))
        if icon:
            edge -= look.px(22)
            painter.icon(icon, token, edge, second.center().y() - look.px(8), 16)
        edge -= look.px(10)

        plain = look.font(15)
        whole = self._has_room(right - x)
        if whole:
            painter.words_in(row.klass, plain, "ink2", QRectF(left, second.top(), x - left - look.px(6), half))
        else:
            x = left
        painter.icon(row.icon, "ink2", x, second.center().y() - look.px(8), 16)
        x += look.px(22)
        end = painter.words_in(row.state, plain, "ink2", QRectF(x, second.top(), edge - x, half))
        x = max(x + look.wide(STATE_WIDTH - 22), end + look.px(12))
        if whole and edge - x > look.px(40):
            painter.words_in(row.owner, plain, "ink2", QRectF(x, second.top(), edge - x, half))

    def _has_room(self, width: float) -> bool:
        """Return whether the state and the last day of every row have room in `width`, after the class."""
        look, last, state = self.look, self.look.font(15, bold=True, tabular=True), self.look.font(15)
        rows = [row for row in self.tickets.rows() if isinstance(row, CaseRow)]
        widest = max((width_of(state, row.state) + width_of(last, row.wait) for row in rows), default=0.0)
        return widest + look.px(22 + 22 + 10) <= width

    def _widest_class(self) -> float:
        font = self.look.font(15)
        return max((width_of(font, row.klass) for row in self.tickets.rows() if isinstance(row, CaseRow)), default=0.0)


class _SlipPage(Follows, QWidget):
    """The first page of the slip, as large as there is room."""

    def __init__(self, look: Look, page: QImage) -> None:
        super().__init__()
        self._page = page
        self.follow(look)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(SLIP_WIDTH), self.look.px(SLIP_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = Painter(self, self.look)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shown = self._page.width() * self.height() / max(1, self.width())
        painter.drawImage(QRectF(self.rect()), self._page, QRectF(0, 0, self._page.width(), shown))
        painter.box(QRectF(self.rect()), 0, "", edge="line")


class SlipDialog(Dialog):
    """Shows the slip of overdue cases as it is printed. `printing` and `saving` say what is wanted of it."""

    printing = Signal()
    saving = Signal()

    def __init__(self, host: QWidget, look: Look, pages: Sequence[QImage]) -> None:
        effect = _("One part per owner to cut off: which case, by when. It names no customer.")
        super().__init__(host, look, title=_("Slip of overdue cases"), effect=effect, width=760)
        self.pages = list(pages)
        if self.pages:
            self.body.addWidget(_SlipPage(self.look, self.pages[0]))
        if (more := len(self.pages) - 1) > 0:
            more_words = n_("{n} more page", "{n} more pages", more)
            self.body.addWidget(Label(self.look, more_words, px=15, token="ink2"))
        self.save_button = SecondaryButton(self.look, _("Save as PDF"), icon="save", height=56, px=18)
        self.save_button.clicked.connect(self.saving)
        self.buttons.insertWidget(0, self.save_button)
        self.put_answers(_("Back"), _("Print"), self.printing.emit)

    def first_focus(self) -> QWidget:
        return self.yes_button


class CaseWay(Follows, QWidget):
    """The way of a case: five dots on a line, each with its word, its date and its deadline."""

    spoken_role = TEXT

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[WayStep, ...] = ()
        self._again = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.follow(look)

    def set_steps(self, steps: Sequence[WayStep], name: str, *, again: bool = False) -> None:
        """Show a way; screen readers read it as one sentence. `again`: it came back from before its end once."""
        self._steps, self._again = tuple(steps), again
        told = (" ".join(part for part in (one.word, one.when, one.line) if part and part != "—") for one in steps)
        self.setAccessibleName(f"{name}: {'; '.join(told)}")
        self.setToolTip("\n".join(" ".join((one.word, one.when, one.line)).strip() for one in steps))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(480), self.look.px(DOT + 6 + 25 + 22 + 20))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.wide(420), self.sizeHint().height())

    def relook(self) -> None:
        super().relook()
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._steps:
            return
        painter, look = Painter(self, self.look), self.look
        side, pitch = look.px(DOT), self.width() / len(self._steps)
        middle = side / 2
        for at, step in enumerate(self._steps[1:], start=1):
            pen = QPen(look.color("primary" if step.state != "later" else "edge"), max(2, look.px(3)))
            if step.state == "later":
                pen = QPen(look.color("edge"), max(1, look.px(2)), Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawLine(QPointF((at - 1) * pitch + side, middle), QPointF(at * pitch, middle))
        if self._again:
            small = look.px(AGAIN)
            x = (len(self._steps) - 1) * pitch - (pitch - side) / 2
            dot = QRectF(x - small / 2, middle - small / 2, small, small)
            painter.box(dot, AGAIN / 2, "amberbg", edge="amber", width=2)
            painter.icon("undo", "amber", x - look.px(8), middle - look.px(8), 16)
        for at, step in enumerate(self._steps):
            self._paint_step(painter, step, QRectF(round(at * pitch), 0, pitch - look.px(6), self.height()))

    def _paint_step(self, painter: Painter, step: WayStep, place: QRectF) -> None:
        look = self.look
        side = look.px(DOT)
        dot = QRectF(place.left(), 0, side, side)
        fill, edge, width, token = {
            "done": ("primary", "", 1.0, "on_primary"),
            "next": ("surface", "primary", 3.0, "primary"),
        }.get(step.state, ("", "edge", 2.0, "ink2"))
        painter.box(dot, DOT / 2, fill, edge=edge, width=width)
        if step.icon:
            painter.icon(step.icon, token, dot.center().x() - look.px(9), dot.center().y() - look.px(9), 18)
        is_next = step.state == "next"
        top = side + look.px(6)
        for words, px, bold, ink, height in (
            (step.word, 17, True, "press" if is_next else "ink", 25),
            (step.when, 15, is_next, "ink" if is_next else "ink2", 22),
            (step.line, 13, False, "ink2", 20),
        ):
            least = look.px(10 / look.scale.text)
            fitted = fit_px(words, place.width(), look.px(px), bold=bold, least=least) / look.scale.k
            room = QRectF(place.left(), top, place.width(), look.px(height))
            painter.words_in(words, look.font(fitted, bold=bold), ink, room)
            top += look.px(height)
