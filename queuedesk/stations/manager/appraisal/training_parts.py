"""Parts of the page of training: bars in its tables, the question whether to name somebody, a session to note."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from msgspec import Struct
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from queuedesk.core.appraisal.training import REASONS
from queuedesk.core.appraisal.training_effect import PersonTraining
from queuedesk.core.appraisal.training_needs import Need
from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.imports.half_width import half_width
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, listing, n_, say
from queuedesk.i18n.appraisal import training_words as words
from queuedesk.i18n.names import staff_name
from queuedesk.stations.manager.parts.table import Table
from queuedesk.stations.widgets.buttons import PrimaryButton, SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.tiles import TickBox, ToggleChoice
from queuedesk.stations.widgets.panels import EvenGrid, spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import DropDown, ErrorLine, FormField
from queuedesk.stations.window.style import Look

_AT = QModelIndex | QPersistentModelIndex


# -- bars in a table ---------------------------------------------------------------------------------------------------


class IntervalBars(QStyledItemDelegate):
    """Paints the interval of each difference about a line at zero, all by one scale, left of its words."""

    def __init__(self, table: Table[Need], look: Look) -> None:
        super().__init__(table)
        self._table, self._look = table, look

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AT) -> None:
        super().paint(painter, option, index)
        rows, look = self._table.rows.rows, self._look
        need = rows[index.row()]
        first, last = min(0.0, *(one.found.low for one in rows)), max(0.0, *(one.found.high for one in rows))
        text = option.fontMetrics.horizontalAdvance(str(index.data())) + look.px(28)
        room = QRectF(option.rect).adjusted(look.px(8), 0, -text, 0)
        if room.width() < look.px(50):
            return

        def x(value: float) -> float:
            return room.left() + room.width() * (value - first) / (last - first)

        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        high, middle = look.px(14), room.center().y()
        bar = QRectF(x(need.found.low), middle - high / 2, x(need.found.high) - x(need.found.low), high)
        pen = QPen(look.color("amber" if need.is_worth else "ink2"), 1.5)
        if not need.is_worth:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QBrush(look.color("amberbg" if need.is_worth else "sunken")))
        painter.drawRoundedRect(bar, 2, 2)
        painter.setPen(QPen(look.color("ink"), 2))
        painter.drawLine(QPointF(x(0), middle - high), QPointF(x(0), middle + high))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(look.color("amber" if need.is_worth else "ink2")))
        painter.drawEllipse(QPointF(x(need.found.difference), middle), look.px(5), look.px(5))
        painter.restore()


class MinuteBars(QStyledItemDelegate):
    """Paints the minutes of the last month to the target."""

    def __init__(self, table: Table[PersonTraining], look: Look, target: Callable[[], int]) -> None:
        super().__init__(table)
        self._table, self._look, self._target = table, look, target

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _AT) -> None:
        super().paint(painter, option, index)
        row, look = self._table.rows.rows[index.row()], self._look
        if target := self._target():
            room = QRectF(option.rect).adjusted(look.px(6), 0, -look.px(10), 0)
            bar = QRectF(room.left(), room.center().y() - look.px(7), room.width(), look.px(14))
            painter.fillRect(bar, look.color("sunken"))
            bar.setWidth(bar.width() * min(1.0, row.minutes[-1] / target))
            painter.fillRect(bar, look.color("chart"))


# -- the panel of what is chosen ---------------------------------------------------------------------------------------


class BehindRow(Struct, frozen=True):
    """A row behind a need, a ticket of a date; or a session, by its number."""

    key: str
    when: str
    what: str
    figure: str = ""
    day: date | None = None
    ticket: str = ""
    session: int = 0


class NamePanel(QWidget):
    """Asks whether to name who a need is about. `name_wanted` gives the reason, `rows_wanted` asks for the rows, `left`
    says that nobody is named."""

    name_wanted = Signal(str)
    rows_wanted = Signal()
    left = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look, self._may = look, False
        self.title, self.text = Label(look, px=18, bold=True, wrap=True), Label(look, px=15, wrap=True)
        self.why = Label(look, px=15, bold=True, wrap=True)
        self.reasons = {code: ToggleChoice(look, "", height=44, px=15) for code in REASONS}
        for one in self.reasons.values():
            one.clicked.connect(self._pressed)
        self.leave_button = SecondaryButton(look, "", height=48, px=16)
        self.leave_button.clicked.connect(self.left)
        self.name_button = PrimaryButton(look, "", height=48, px=16)
        self.name_button.clicked.connect(self._name)
        self.rows_button = SecondaryButton(look, "", height=40, px=15)
        self.rows_button.clicked.connect(self.rows_wanted)
        column = QVBoxLayout(self)
        spread(look, column, (16, 14, 16, 14), 8)
        head = QHBoxLayout()
        spread(look, head, spacing=8)
        head.addWidget(self.title, 1)
        head.addWidget(self.rows_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        for part in (self.text, self.why):
            column.addWidget(part)
        self._answers = QWidget()
        answers = QVBoxLayout(self._answers)
        spread(look, answers, spacing=8)
        for row in (tuple(self.reasons.values()), (self.leave_button, self.name_button)):
            line = QHBoxLayout()
            spread(look, line, spacing=8)
            for button in row:
                line.addWidget(button, 1)
            answers.addLayout(line)
        column.addWidget(self._answers)
        column.addStretch(1)

    @property
    def reason(self) -> str:
        """Why somebody wants to know, "" before that was said."""
        return next((code for code, one in self.reasons.items() if one.isChecked()), "")

    def pick(self, code: str) -> None:
        """Say why, as the keys 1 and 2 do."""
        for one, button in self.reasons.items():
            button.setChecked(one == code)
        self._show_answer()

    def show_need(self, setup: Setup, need: Need, named: list[str], *, may: bool) -> None:
        """Show what stands behind a need; `named` are who it is about once that was asked."""
        title = words.need_title(setup, need.kind, need.service, need.limit)
        rows = words.of_words(need.found.n, need.found.of)
        self._may = may and need.can_be_named and not named
        self.title.setText(_("Name the person?") if self._may else title)
        self.text.setText(self._told(setup, need, named, title, rows))
        self.why.setText(_("Why do you want to know?"))
        for code, button in self.reasons.items():
            button.setText(words.reason_word(code))
        self.leave_button.setText(_("Leave unnamed"))
        self.rows_button.setText(n_("{n} row", "{n} rows", need.found.n))
        self.rows_button.setEnabled(bool(need.rows))
        self.why.setVisible(self._may)
        self._answers.setVisible(self._may)
        self.pick("")

    def _told(self, setup: Setup, need: Need, named: list[str], title: str, rows: str) -> str:
        if named:
            who = listing([staff_name(setup, one) for one in named])
            return _("{rows} rows are {who}'s. They are notified that you looked, and why.", rows=rows, who=who)
        if not need.is_worth:
            return _("{rows}: chance alone can explain such a difference, so nobody is named.", rows=rows)
        if not need.can_be_named:
            return _("{rows}: so few do this work that one name would tell both. Please train all of them.", rows=rows)
        about = n_("one person's", "{n} people's", len(need.staff), context="training")
        return "\n".join(
            [
                _(
                    "{need}: {rows} are {whose}. You can train everybody without a name.",
                    need=title,
                    rows=rows,
                    whose=about,
                ),
                _("The person is notified that you looked, and why."),
                _("It appears neither on the sheet nor on any print."),
            ]
        )

    def _pressed(self) -> None:
        sender = self.sender()
        self.pick(next((code for code, one in self.reasons.items() if one is sender and one.isChecked()), ""))

    def _show_answer(self) -> None:
        if self.reason:
            self.name_button.allow(_("Name the person"))
        else:
            self.name_button.block(_("Pick a reason first"))

    def _name(self) -> None:
        if self.reason:
            self.name_wanted.emit(self.reason)

    def takes(self, key: int) -> bool:
        """Take a key: 1 and 2 say why, Esc leaves it unnamed."""
        if self._may and key in (Qt.Key.Key_1, Qt.Key.Key_2):
            self.pick(REASONS[key - Qt.Key.Key_1])
            return True
        return False


# -- a session is noted ------------------------------------------------------------------------------------------------


class SessionDialog(Dialog):
    """Asks for a session: topic, date, minutes, who attended, who led it, and the need it answers. `wanted` gives
    them."""

    wanted = Signal(dict)
    FEWEST = 1

    def __init__(
        self, host: QWidget, look: Look, setup: Setup, needs: list[Need], *, today: date, chosen: Need | None
    ) -> None:
        super().__init__(host, look, title=_("Record a session"), width=760)
        self._today = today
        self.topic = FormField(self.look, _("Topic"))
        self.day = FormField(self.look, _("Date"))
        self.day.set_value(today.isoformat())
        self.minutes = FormField(self.look, _("Minutes", context="field"))
        self.minutes.set_value("30")
        self.led, self.need = DropDown(self.look), DropDown(self.look)
        elsewhere = {"": _("From elsewhere")}
        self.led.show_choice("", elsewhere | {code: staff_name(setup, code) for code in setup.staff})
        self._needs = {str(at): one for at, one in enumerate(needs)}
        titles = {at: words.need_title(setup, one.kind, one.service, one.limit) for at, one in self._needs.items()}
        at = next((at for at, one in self._needs.items() if one is chosen), "")
        self.need.show_choice(at, {"": _("None of them")} | titles)
        people = [code for code, one in setup.staff.items() if one.role.value in ("clerk", "guide")]
        self.attended = {code: TickBox(self.look, staff_name(setup, code), px=15) for code in people}
        grid = EvenGrid(self.look, height=44, gap=8)
        grid.set_widgets(list(self.attended.values()))
        self._row(self.topic)
        self._row(self.day, self.minutes)
        self.body.addWidget(Label(self.look, _("Who attended"), px=15, bold=True))
        self.body.addWidget(grid)
        self._row(
            FormField(self.look, _("Led by", context="training"), edit=self.led.share_width(8), has_line=False),
            FormField(self.look, _("It answers"), edit=self.need.share_width(8), has_line=False),
        )
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.put_answers(_("Leave it"), _("Record it"), self._do)

    def _row(self, *parts: QWidget) -> None:
        line = QHBoxLayout()
        spread(self.look, line, spacing=12)
        for part in parts:
            line.addWidget(part, 1)
        self.body.addLayout(line)

    def _do(self) -> None:
        self.trouble.hide()
        typed, minutes = half_width(self.day.value()).strip(), half_width(self.minutes.value()).strip()
        try:
            day = date.fromisoformat(typed) if typed else self._today
        except ValueError:
            self.show_trouble(RuleError("bad_value", field="date", value=typed, why="not_a_date"))
            return
        if not minutes.isdecimal():
            self.show_trouble(RuleError("bad_value", field="minutes", value=minutes, why="not_a_number"))
            return
        need = self._needs.get(str(self.need.currentData()))
        self.wanted.emit(
            {
                "topic": self.topic.value().strip(),
                "minutes": int(minutes),
                "attended": [code for code, one in self.attended.items() if one.isChecked()],
                "day": day,
                "led": str(self.led.currentData()) or None,
                "need": (need.kind, need.service) if need is not None else None,
            }
        )

    def show_trouble(self, trouble: QueueDeskError) -> None:
        self.trouble.refuse(say(trouble))
        self.trouble.show()

    def first_focus(self) -> QWidget:
        return self.topic.edit
