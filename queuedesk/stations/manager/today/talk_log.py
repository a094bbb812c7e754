"""What was called for and written today: calls for help with what became of them, messages with who has read them."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.log.state import HallState
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, named, time_hm
from queuedesk.i18n.talk.place_words import place_words
from queuedesk.stations.talk.words import call_end, message_line, seen_line
from queuedesk.stations.widgets.ground_area import GroundArea
from queuedesk.stations.widgets.labels import Label
from queuedesk.stations.widgets.panels import EmptyState, Rule, spread
from queuedesk.stations.window.style import Look

MOST_ROWS = 60
Row = tuple[str, str, str]
"""A line, what became of it, and the token of that."""


class TalkLog(QWidget):
    """The newest first; it scrolls by itself."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._shown: tuple[Row, ...] | None = None
        self.title = Label(look, px=20, bold=True)
        self.empty = EmptyState(look, "message")
        self._area = GroundArea(keys=True)
        column = QVBoxLayout(self)
        spread(look, column, spacing=8)
        column.addWidget(self.title)
        column.addWidget(self._area, 1)
        column.addWidget(self.empty, 1)

    def rows(self) -> tuple[Row, ...]:
        """Return what is shown."""
        return self._shown or ()

    def refresh(self, state: HallState, setup: Setup, day: date) -> None:
        """Show what `state` knows of `day`, and what of earlier dates nobody has read yet."""
        found = [(call.seq, _of_call(setup, state, call.seq)) for call in state.help_calls.values() if call.date == day]
        found += [
            (one.seq, _of_message(setup, state, one.seq))
            for one in state.messages.values()
            if one.date == day or one.is_open
        ]
        rows = tuple(row for _seq, row in sorted(found, reverse=True)[:MOST_ROWS])
        if rows == self._shown:
            return
        self._shown = rows
        inner = QWidget()
        column = QVBoxLayout(inner)
        spread(self._look, column, (2, 2, 10, 2), 4)
        for text, became, token in rows:
            column.addWidget(Label(self._look, text, px=16, bold=True, wrap=True))
            column.addWidget(Label(self._look, became, px=15, token=token, wrap=True))
            column.addWidget(Rule(self._look))
        column.addStretch(1)
        self._area.setWidget(inner)
        self._area.setVisible(bool(rows))
        self.empty.setVisible(not rows)

    def retranslate(self) -> None:
        self.title.setText(_("Help and messages today"))
        self.empty.set_texts(_("Nobody has called for help or written today"))
        self._shown = None


def _of_call(setup: Setup, state: HallState, seq: int) -> Row:
    call = state.help_calls[seq]
    text = _("{time} {place} called for help", time=time_hm(setup.local(call.pressed)), place=place_words(call.place))
    why = named(call.about, call.about_en)
    token = "red" if call.is_unanswered or call.end == "day_end" else "ink2"
    return (f"{text} · {why}" if why else text, call_end(setup, call), token)


def _of_message(setup: Setup, state: HallState, seq: int) -> Row:
    message = state.messages[seq]
    to = _("to {place}", context="message", place=place_words(message.to))
    return (message_line(setup, message), f"{to} · {seen_line(setup, message)}", "amber" if message.is_open else "ink2")
