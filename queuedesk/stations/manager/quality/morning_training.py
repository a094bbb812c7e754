"""Today's training on the page of the morning: who was there, how long, noted in one press."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.imports.half_width import half_width
from queuedesk.core.setup.rows import Setup
from queuedesk.i18n import _, n_
from queuedesk.i18n.names import staff_name
from queuedesk.stations.widgets.buttons import AccentButton, TextButton
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.lists.tiles import TickBox
from queuedesk.stations.widgets.panels import Card, EvenGrid, spread
from queuedesk.stations.widgets.questions.forms import FormField
from queuedesk.stations.window.services import Document
from queuedesk.stations.window.style import Look

USUAL_MIN, MOST_MIN = 30, 480
AT_WORK = ("clerk", "guide")


class TrainingCard(Card):
    """Says what was noted today, and notes a session: who is there according to the attendance is ticked, minutes and
    topic are those of the last one. `wanted` gives minutes, topic and people, `back_wanted` the number of a session
    that was noted by mistake."""

    wanted = Signal(int, str, list)
    back_wanted = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.title, self.told = Label(look, px=18, bold=True, wrap=True), Label(look, px=16, wrap=True)
        self.minutes, self.topic = FormField(look, "", has_line=False), FormField(look, "", has_line=False)
        self.people = EvenGrid(look, height=44, gap=8, share_last=False)
        self.ticks: dict[str, TickBox] = {}
        self.record_button = AccentButton(look, "", icon="check", height=48)
        self.more_button, self.back_button = (TextButton(look, "", height=44, px=16) for _n in range(2))
        self._touched: set[str] = set()
        self._here: frozenset[str] = frozenset()
        self._sessions: tuple[Document, ...] = ()
        self._is_open = False
        self._lay(look)
        self.record_button.clicked.connect(self._record)
        self.more_button.clicked.connect(self._open)
        self.back_button.clicked.connect(self._take_back)
        for field in (self.minutes, self.topic):
            field.edited.connect(self._offer)

    def _lay(self, look: Look) -> None:
        column = QVBoxLayout(self)
        spread(look, column, (20, 14, 20, 16), 8)
        column.addWidget(self.title)
        column.addWidget(self.told)
        self._form = QWidget()
        form = QVBoxLayout(self._form)
        spread(look, form, spacing=8)
        fields = QHBoxLayout()
        spread(look, fields, spacing=12)
        fields.addWidget(self.minutes, 1)
        fields.addWidget(self.topic, 3)
        form.addLayout(fields)
        form.addWidget(self.people)
        form.addWidget(self.record_button)
        column.addWidget(self._form)
        keys = QHBoxLayout()
        spread(look, keys, spacing=8)
        keys.addWidget(self.more_button)
        keys.addWidget(self.back_button)
        keys.addStretch(1)
        column.addLayout(keys)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_day(self, setup: Setup, day: str, attendance: Sequence[Document], sessions: Sequence[Document]) -> None:
        """Show a date: who is there, and the `sessions` until then, the latest first."""
        self._here = frozenset(row["staff"] for row in attendance if row["here"])
        self._sessions = tuple(one for one in sessions if one["date"] == day)
        self._keep_people(setup)
        last = next(iter(sessions), None)
        for field, text in (
            (self.minutes, str(last["minutes"] if last else USUAL_MIN)),
            (self.topic, (last["topic"] if last else "") or _("Morning training")),
        ):
            if not field.edit.property("typed"):
                field.set_value(text)
        self.title.setText(_("Training today"))
        self.minutes.set_label(_("Minutes", context="field"))
        self.topic.set_label(_("Topic"))
        self.more_button.setText(_("Another session"))
        self.back_button.setText(_("Take it back", context="training"))
        self.told.setText("\n".join(map(_session_words, self._sessions)) or _("Nobody has noted any yet."))
        self._show_form()
        self._offer()

    def _keep_people(self, setup: Setup) -> None:
        codes = [code for code, one in setup.staff.items() if one.role.value in AT_WORK]
        for code in codes:
            if code not in self.ticks:
                tick = self.ticks[code] = TickBox(self.look, "", px=15)
                tick.clicked.connect(self._tick)
            self.ticks[code].setText(staff_name(setup, code))
            if code not in self._touched:
                self.ticks[code].setChecked(code in self._here)
        for code in [one for one in self.ticks if one not in codes]:
            self.ticks.pop(code).hide()
        self.people.set_widgets([self.ticks[code] for code in codes])

    def _show_form(self) -> None:
        is_form = self._is_open or not self._sessions
        self._form.setVisible(is_form)
        self.more_button.setVisible(not is_form)
        self.back_button.setVisible(bool(self._sessions))
        self.updateGeometry()

    def _offer(self) -> None:
        for field in (self.minutes, self.topic):
            if self.sender() is field:
                field.edit.setProperty("typed", True)
        minutes, n = self._minutes(), len(self.attended)
        if minutes is None:
            self.record_button.block(_("Write minutes, 1 to {most}", most=MOST_MIN))
        elif not n:
            self.record_button.block(_("Tick who was there"))
        elif not self.topic.value().strip():
            self.record_button.block(_("Write the topic"))
        else:
            self.record_button.allow(
                n_("Record {minutes} min for {n} person", "Record {minutes} min for {n} people", n, minutes=minutes)
            )

    @property
    def is_used(self) -> bool:
        """Whether somebody has ticked or typed anything that is not noted yet."""
        is_typed = any(field.edit.property("typed") for field in (self.minutes, self.topic))
        return bool(self._touched or self._is_open or is_typed)

    @property
    def attended(self) -> list[str]:
        return [code for code, tick in self.ticks.items() if tick.isChecked()]

    def _minutes(self) -> int | None:
        typed = half_width(self.minutes.value()).strip()
        return int(typed) if typed.isdecimal() and 1 <= int(typed) <= MOST_MIN else None

    # -- what is done ------------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        self._touched |= {code for code, tick in self.ticks.items() if tick is self.sender()}
        self._offer()

    def _open(self) -> None:
        self._is_open = True
        self._show_form()

    def _record(self) -> None:
        if (minutes := self._minutes()) is not None:
            self.wanted.emit(minutes, self.topic.value().strip(), self.attended)

    def _take_back(self) -> None:
        if self._sessions:
            self.back_wanted.emit(self._sessions[0]["training"])

    def close_form(self) -> None:
        """Forget what was ticked and typed: it is noted."""
        self._touched, self._is_open = set(), False
        for field in (self.minutes, self.topic):
            field.edit.setProperty("typed", False)


def _session_words(one: Document) -> str:
    n = len(one["attended"])
    people = n_("{n} person", "{n} people", n)
    return _("{minutes} min · {topic} · {people}", minutes=one["minutes"], topic=one["topic"] or "—", people=people)
