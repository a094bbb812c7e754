"""The parts of pages of inspections: a channel's coverage, a mystery visit's wait, a question with a few fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.i18n import _, say
from queuedesk.i18n.quality.inspection_words import channel_word
from queuedesk.stations.widgets.follow import Follows
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.paint import Painter
from queuedesk.stations.widgets.panels import spread
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.questions.forms import DropDown, ErrorLine, FormField
from queuedesk.stations.widgets.spoken import TEXT
from queuedesk.stations.window.services import Document
from queuedesk.stations.window.style import Look

BOX_WIDE, BOX_HIGH, BOX_GAP = 44, 18, 5
BARS_HIGH = 170
Answers = Mapping[str, str]
Fields = Mapping[str, tuple[str, str, Mapping[str, str] | None]]
"""What a question asks for, by name: label, what stands there at first, and the choices if there are some."""


class Boxes(Follows, QWidget):
    """A box for each planned visit of a channel, filled with a tick when it is done."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow(look)
        self._done = self._planned = 0

    def show_boxes(self, done: int, planned: int) -> None:
        self._done, self._planned = done, planned
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        n = max(1, min(4, self._planned))
        return QSize(self.look.px(BOX_WIDE * n + BOX_GAP * (n - 1)), self.look.px(BOX_HIGH + 2))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, look = Painter(self, self.look), self.look
        for at in range(min(4, self._planned)):
            left = look.px(at * (BOX_WIDE + BOX_GAP))
            rect, whole = QRectF(left, 1, look.px(BOX_WIDE), look.px(BOX_HIGH)), at < self._done
            painter.box(rect, 5, "primary" if whole else "surface", edge="" if whole else "edge")
            if whole:
                painter.icon("check", "on_primary", rect.center().x() - look.px(7), rect.center().y() - look.px(7), 14)
        painter.end()


class CoverageRow(QWidget):
    """A channel with its boxes, how many of them are done, and the month's rule."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.channel, self.n = Label(look, px=16), Label(look, px=16, bold=True, tabular=True)
        self.least, self.boxes = Label(look, px=15, token="ink2", tabular=True), Boxes(look)
        row = QHBoxLayout(self)
        spread(look, row, spacing=10)
        row.addWidget(self.channel, 1)
        for part in (self.boxes, self.n, self.least):
            row.addWidget(part)

    def show_row(self, one: Document) -> None:
        self.channel.setText(channel_word(one["channel"]))
        self.boxes.show_boxes(one["done"], one["planned"])
        self.n.setText(_("{done} of {planned}", done=one["done"], planned=one["planned"]))
        self.least.setText(_("at least {n}", n=one["least"]) if one["least"] else "")


class VisitBars(Follows, QWidget):
    """A mystery visitor's wait as written down and as logged, on one axis with the range that was told; minutes."""

    spoken_role = TEXT

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.follow(look)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._visit: Document = {}

    def show_visit(self, visit: Document) -> None:
        self._visit = visit
        said = [text for _key, text, value in self._rows() if value is not None]
        self.setAccessibleName(", ".join(said))
        self.update()

    def _rows(self) -> list[tuple[str, str, float | None]]:
        visit = self._visit
        claimed, logged = visit.get("claimed"), visit.get("logged")
        return [
            ("chart", _("on the sheet: {n} min", n=f"{claimed or 0:g}"), claimed),
            ("primary", _("in the log: {n} min", n=f"{logged or 0:g}"), logged),
        ]

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(300), self.look.px(BARS_HIGH))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(200), self.look.px(BARS_HIGH))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, look, visit = Painter(self, self.look), self.look, self._visit
        rows = [row for row in self._rows() if row[2] is not None]
        values = [value for _key, _text, value in rows if value is not None]
        top = max([*values, visit.get("high") or 0, 5]) * 1.15
        step = next(one for one in (1, 2, 5, 10, 20, 30, 60, 120, 1440) if top / one <= 6)
        wide, foot = self.width() - look.px(20), look.px(BARS_HIGH - 26)
        each = wide / top
        if visit.get("low") is not None:
            painter.box(QRectF(visit["low"] * each, 0, (visit["high"] - visit["low"]) * each, foot), 0, "soft")
        small, body = look.font(13), look.font(15, bold=True)
        for place, (token, text, value) in enumerate(rows):
            y = look.px(6 + place * 66)
            painter.words(text, body, "ink", 0, y + look.px(16))
            painter.box(QRectF(0, y + look.px(24), (value or 0) * each, look.px(24)), 3, token)
        painter.setPen(QPen(look.color("edge"), 1))
        painter.drawLine(QLineF(0, foot, wide, foot))
        for minutes in range(0, int(top) + 1, step):
            painter.words(str(minutes), small, "ink2", minutes * each, foot + look.px(18))
        painter.end()


class AskDialog(Dialog):
    """Asks for a few things and stays open until they were taken; a field with choices is a list."""

    def __init__(
        self,
        host: QWidget,
        look: Look,
        title: str,
        fields: Fields,
        *,
        yes: str,
        do: Callable[[Answers], object],
    ) -> None:
        super().__init__(host, look, title=title, width=600)
        self._do_it = do
        self.fields: dict[str, FormField | DropDown] = {}
        for name, (label, value, choices) in fields.items():
            if choices is None:
                field = FormField(self.look, label)
                field.set_value(value)
                self.fields[name] = field
                self.body.addWidget(field)
            else:
                down = DropDown(self.look)
                down.show_choice(value, dict(choices))
                down.share_width(20)
                self.fields[name] = down
                self.body.addWidget(FormField(self.look, label, edit=down, has_line=False))
        self.trouble = ErrorLine(self.look)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.put_answers(_("Leave it"), yes, self._do)

    def answers(self) -> dict[str, str]:
        return {
            name: str(field.currentData()) if isinstance(field, DropDown) else field.value().strip()
            for name, field in self.fields.items()
        }

    def _do(self) -> None:
        self.trouble.hide()
        try:
            self._do_it(self.answers())
        except RuleError as error:
            self.show_trouble(error)

    def show_trouble(self, trouble: QueueDeskError) -> None:
        self.trouble.refuse(say(trouble))
        self.trouble.show()

    def first_focus(self) -> QWidget:
        first = next(iter(self.fields.values()))
        return first.edit if isinstance(first, FormField) else first

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._do()
            event.accept()
        else:
            super().keyPressEvent(event)
