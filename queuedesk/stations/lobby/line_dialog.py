"""Who waits in a line, or what a window does and whom it could call: read, not acted on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtWidgets import QWidget

from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import joined, next_for, set_up, whole_order
from queuedesk.core.queue.ticket import Ticket, seconds
from queuedesk.core.queue.window import WindowState
from queuedesk.core.setup.values import Setup
from queuedesk.i18n import _, listing, minutes_text, n_
from queuedesk.i18n.names import letter_of, service_name
from queuedesk.stations.lobby.words import cell_texts
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.labels import Label, Run, RunsLabel
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.style import Look

MOST_ROWS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LineText:
    """A title, a sentence, and rows of number and what is said of it; `more` counts those that have no room."""

    title: str
    effect: str
    rows: tuple[tuple[str, str], ...] = ()
    more: int = 0


def line_of_service(state: HallState, service: str, now: datetime) -> LineText:
    """Return who waits for `service`, or for anything where none is named, in the order of calls as far as one window would call them."""
    setup = set_up(state)
    waiting = [ticket for ticket in whole_order(state) if not service or ticket.service == service]
    title = f"{letter_of(setup, service)} {service_name(setup, service)}" if service else _("Everybody in line")
    effect = n_("{n} person waiting", "{n} people waiting", len(waiting)) if waiting else _("Nobody waits here now.")
    return _text(setup, title, effect, waiting, now)


def line_of_window(state: HallState, window: str, now: datetime) -> LineText:
    """Return what `window` does now and whom it may call next."""
    setup, at = set_up(state), state.window(window)
    cell = cell_texts(state, now)[window]
    services = [service_name(setup, code) for code in setup.services_at(window, at.staff)]
    effect = _("{now}; serves {services}", now=cell.spoken, services=listing(services))
    waiting = next_for(state, window, now) if at.state is not WindowState.CLOSED else []
    return _text(setup, _("Window {window}", window=window), effect, waiting, now)


def _text(setup: Setup, title: str, effect: str, waiting: list[Ticket], now: datetime) -> LineText:
    rows = tuple(
        (
            ticket.label,
            _(
                "{service} · waits {wait}",
                service=service_name(setup, ticket.service),
                wait=minutes_text(seconds(joined(ticket), now) // 60),
            ),
        )
        for ticket in waiting[:MOST_ROWS]
    )
    return LineText(title=title, effect=effect, rows=rows, more=len(waiting) - len(rows))


class LineDialog(Dialog):
    """A list over the board with one way back."""

    def __init__(self, host: QWidget, look: Look, text: LineText) -> None:
        super().__init__(host, look, title=text.title, effect=text.effect, width=640)
        for number, words in text.rows:
            row = RunsLabel(self.look, [Run(number, 20, True, tabular=True), Run(words, 17, token="ink2", gap=16)])
            self.body.addWidget(row)
        if text.more:
            self.body.addWidget(Label(self.look, n_("{n} more", "{n} more", text.more, context="tickets"), px=17))
        self.back_button = SecondaryButton(self.look, _("Back"), key="Esc", height=56, px=18)
        self.back_button.clicked.connect(self.refuse)
        self.buttons.addWidget(self.back_button)
