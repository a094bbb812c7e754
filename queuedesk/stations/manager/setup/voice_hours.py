"""Speed and volume of the voice by time of day: a row for each time from which they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from queuedesk.core.errors import RuleError
from queuedesk.core.queue.hallday import minutes_of
from queuedesk.core.setup.voice import USUAL_PCT
from queuedesk.core.setup.voice_checks import MOST_HOURS, SPEEDS_PCT, VOLUMES_PCT
from queuedesk.i18n import _
from queuedesk.stations.manager.parts.page_head import DropDown
from queuedesk.stations.manager.setup.form_parts import still
from queuedesk.stations.manager.setup.hours_text import clock
from queuedesk.stations.widgets.buttons import IconButton, SecondaryButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import FixedSize, spread
from queuedesk.stations.widgets.questions.forms import ErrorLine
from queuedesk.stations.window.style import Look

STEP_PCT = 10
TIME_PX = 110
Row = Mapping[str, Any]


class HoursRow(QWidget):
    """From when, how fast, how loud, and a button that takes the row away."""

    edited = Signal()
    removed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.start = QLineEdit()
        self.speed, self.volume = DropDown(look).share_width(5), DropDown(look).share_width(5)
        self.remove_button = IconButton(look, "remove", "")
        FixedSize(look, self.start, width=TIME_PX)
        line = QHBoxLayout(self)
        spread(look, line, spacing=12)
        line.addWidget(self.start)
        line.addWidget(self.speed, 1)
        line.addWidget(self.volume, 1)
        line.addWidget(self.remove_button)
        for choice, (least, most) in ((self.speed, SPEEDS_PCT), (self.volume, VOLUMES_PCT)):
            for pct in range(most, least - 1, -STEP_PCT):
                choice.addItem("", pct)
            choice.activated.connect(lambda _at: self.edited.emit())
        self.start.textEdited.connect(lambda _text: self.edited.emit())
        self.remove_button.clicked.connect(self.removed)

    def retranslate(self) -> None:
        self.start.setAccessibleName(_("From", context="field"))
        self.start.setPlaceholderText("8:00")
        self.speed.setAccessibleName(_("Speed", context="field"))
        self.volume.setAccessibleName(_("Volume", context="field"))
        self.remove_button.setAccessibleName(_("Take this time of day away"))
        self.remove_button.setToolTip(_("Take this time of day away"))
        for at in range(self.speed.count()):
            self.speed.setItemText(at, _("speed {n} %", n=self.speed.itemData(at)))
        for at in range(self.volume.count()):
            self.volume.setItemText(at, _("volume {n} %", n=self.volume.itemData(at)))

    def show_row(self, row: Row) -> None:
        """Show a row of the set-up; a time that somebody is typing stays."""
        if not (self.start.hasFocus() and self.start.isModified()):
            self.start.setText(clock(str(row.get("from") or "")))
        _choose(self.speed, int(row.get("speed", USUAL_PCT)))
        _choose(self.volume, int(row.get("volume", USUAL_PCT)))

    def row(self) -> Row:
        return {
            "from": self.start.text().replace("：", ":").strip(),
            "speed": self.speed.currentData(),
            "volume": self.volume.currentData(),
        }


class VoiceHoursRows(QWidget):
    """`edited` says that a row was changed, added or taken away: `read` then gives them, or refuses a time; `added` that there is one more."""

    edited = Signal()
    added = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._may_change = True
        self.rows: list[HoursRow] = []
        self.title = Label(look, px=15, bold=True)
        self.line = ErrorLine(look)
        self.add_button = SecondaryButton(look, "", icon="plus", height=44)
        self.add_button.clicked.connect(self._add)
        look.changed.connect(self._dress)
        self._column = QVBoxLayout(self)
        spread(look, self._column, spacing=8)
        self._column.addWidget(self.title)
        self._column.addWidget(self.line)
        foot = QHBoxLayout()
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        self._column.addLayout(foot)

    def retranslate(self) -> None:
        self.title.setText(_("Speed and volume by time of day"))
        self.add_button.setText(_("Add a time of day"))
        for row in self.rows:
            row.retranslate()

    def show_rows(self, rows: Sequence[Row], *, may_change: bool) -> None:
        """Show the rows of a draft; those on the screen keep their places."""
        self._may_change = may_change
        while len(self.rows) > len(rows):
            gone = self.rows.pop()
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < len(rows):
            self.rows.append(self._made())
        for widget, row in zip(self.rows, rows, strict=True):
            widget.show_row(row)
            widget.start.setReadOnly(not may_change)
            still(widget.speed, may_change)
            still(widget.volume, may_change)
            widget.remove_button.setVisible(may_change)
        self.add_button.setVisible(may_change and len(rows) < MOST_HOURS)

    def say(self, error: str) -> None:
        """Say what is wrong with a row, or else what the rows are good for."""
        hint = _("Empty: as fast and as loud all day.") if not self.rows else _("The last one holds until the first.")
        self.line.say(error or hint, refused=bool(error))

    def settle(self) -> None:
        for row in self.rows:
            row.start.setModified(False)

    def read(self) -> list[Row]:
        """Return the rows as they stand. Raises RuleError "bad_value" for what is no time of the day."""
        rows = [row.row() for row in self.rows]
        for row in rows:
            try:
                minutes_of(row["from"])
            except ValueError:
                raise RuleError("bad_value", field="voice.hours", value=row["from"], why="not_a_time") from None
        return rows

    def _dress(self) -> None:
        for row in self.rows:
            row.start.setFont(self._look.font(17))

    def _made(self) -> HoursRow:
        row = HoursRow(self._look)
        row.start.setFont(self._look.font(17))
        row.retranslate()
        row.edited.connect(self.edited)
        row.removed.connect(partial(self._remove, row))
        self._column.insertWidget(1 + len(self.rows), row)
        row.show()
        return row

    def _add(self) -> None:
        rows = [row.row() for row in self.rows]
        self.show_rows([*rows, {"from": _next_time([row["from"] for row in rows])}], may_change=self._may_change)
        self.rows[-1].start.setFocus()
        self.edited.emit()
        self.added.emit()

    def _remove(self, row: HoursRow) -> None:
        left = [one.row() for one in self.rows if one is not row]
        self.settle()
        self.show_rows(left, may_change=self._may_change)
        self.edited.emit()


def _choose(choice: DropDown, pct: int) -> None:
    """Show a figure; one that is no step of the list comes into it, in its order."""
    at = choice.findData(pct)
    if at < 0:
        at = next((n for n in range(choice.count()) if choice.itemData(n) < pct), choice.count())
        said = choice.itemText(0).replace(str(choice.itemData(0)), str(pct))
        choice.insertItem(at, said, pct)
    choice.setCurrentIndex(at)


def _next_time(taken: Sequence[str]) -> str:
    """Return a time that no row has: the opening of a usual day first, then its parts."""
    known = {text.zfill(5) for text in taken}
    usual = ("08:00", "12:00", "14:00", "18:00", *(f"{hour:02}:00" for hour in range(24)))
    return next(text for text in usual if text not in known)
