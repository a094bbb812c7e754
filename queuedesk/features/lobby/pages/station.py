"""The lobby board: lines, windows, alarms and suggestions at one look; a station of its own, and a page of the
manager's.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from msgspec import Struct
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from queuedesk.core.features import feature_board_parts
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.overview import current_line_join_time, set_up, tickets_callable_at, waiting_in_call_order
from queuedesk.core.queue.ticket import Ticket, WindowState, whole_seconds_between
from queuedesk.core.setup.rows import Setup
from queuedesk.features.lobby.pages.board import LobbyBoard
from queuedesk.features.lobby.pages.board_acts import BoardActionHandler
from queuedesk.features.lobby.pages.texts import window_cell_texts
from queuedesk.i18n import (
    _,
    day_staff,
    listing,
    minutes_text,
    n_,
    name_in_language,
    time_hm,
    wording_in_current_language,
)
from queuedesk.i18n.figures.ribbon_words import ticket_row_spoken
from queuedesk.i18n.names import service_letter_or_code, service_name
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.today.alert_words import AlertText, ButtonTarget, alert_texts
from queuedesk.stations.manager.today.today_words import date_time_live_text
from queuedesk.stations.talk.talk_controller import TalkController
from queuedesk.stations.talk.talking import Talking
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.panels import EmptyState, Label, Panel, TextRun, TextRunsLabel
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.topbar import TopBar, TopBarItem
from queuedesk.stations.window.away import show_or_clear_away_message
from queuedesk.stations.window.context import StationContext
from queuedesk.stations.window.frame import StationPage
from queuedesk.stations.window.style import Look


def _uses_feature(context: StationContext, name: str) -> bool:
    return context.feed.setup.uses(name)


class LobbyPage(ManagerPage):
    """`place_wanted` leads to the tickets of the place that was pressed."""

    place_wanted = Signal(object)

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        acts = tuple(
            PageAct(
                text=partial(wording_in_current_language, at.name),
                do=partial(self._ask_board_feature, name),
                icon=at.icon,
                offered=partial(_uses_feature, context, name),
            )
            for name, at in feature_board_parts()
        )
        spec = PageSpec(title=lambda: _("Lobby", context="tab"), acts=acts, foot=0)
        super().__init__(context.look, spec, parent)
        self._context = context
        look = context.look
        self.board = LobbyBoard(look)
        self.acts = BoardActionHandler(self, self.board, context)
        self.put(self.board, 1, inset=False, gap=0)
        self.acts.said.connect(self.said)
        self.acts.place_wanted.connect(self.place_wanted)
        self.acts.changed.connect(self._refresh_now)

    def refresh(self, now: datetime) -> None:
        """Show the hall as it is now, or as it was when its file went away."""
        feed = self._context.feed
        since = feed.away_since
        local = feed.setup.local(since or now)
        live = _("live") if since is None else _("stopped")
        self.head.set_subtitle(date_time_live_text(day_staff(local.date()), local, live))
        self.board.advice.set_hall_away(since is not None)
        self.acts.show_hall(feed.state, since or now)
        for (name, _at), button in zip(feature_board_parts(), self.buttons, strict=True):
            is_used = feed.setup.uses(name)
            button.setEnabled(is_used and since is None and self.acts.part(name).may_ask)

    def _ask_board_feature(self, name: str) -> None:
        self.acts.part(name).ask()

    def _refresh_now(self) -> None:
        self.refresh(self._context.clock())


def lobby_page(controller: ManagerController, _own: ControllerCache) -> LobbyPage:
    return LobbyPage(controller.context)


# -- what a line or window says when pressed ---------------------------------------------------------------------------

MOST_ROWS = 10


class LineText(Struct, frozen=True, kw_only=True):
    """A title, a sentence, and rows of number and details; `more` counts those without room."""

    title: str
    effect: str
    rows: tuple[tuple[str, str], ...] = ()
    more: int = 0


def service_waiting_list(state: HallState, service: str, now: datetime) -> LineText:
    """Return who waits for `service`, or for anything if none is named, in call order as far as one window would call
    them."""
    setup = set_up(state)
    waiting = [ticket for ticket in waiting_in_call_order(state) if not service or ticket.service == service]
    title = (
        f"{service_letter_or_code(setup, service)} {service_name(setup, service)}"
        if service
        else _("Everybody in line")
    )
    effect = (
        n_("{n} person waiting", "{n} people waiting", len(waiting)) if waiting else _("No one is waiting here now.")
    )
    return _line_dialog_text(setup, title, effect, waiting, now)


def window_waiting_list(state: HallState, window: str, now: datetime) -> LineText:
    """Return what `window` does now and whom it may call next."""
    setup, at = set_up(state), state.window(window)
    cell = window_cell_texts(state, now)[window]
    services = [service_name(setup, code) for code in setup.services_at(window, at.staff)]
    effect = _("{now}; serves {services}", now=cell.now(), services=listing(services))
    waiting = tickets_callable_at(state, window, now) if at.state is not WindowState.CLOSED else []
    return _line_dialog_text(setup, _("Window {window}", window=window), effect, waiting, now)


def line_of_ticket(state: HallState, ticket: Ticket, now: datetime) -> LineText:
    """Return what has become of a ticket so far."""
    setup = set_up(state)
    return LineText(title=ticket.label, effect=ticket_row_spoken(setup, ticket, now))


def _line_dialog_text(setup: Setup, title: str, effect: str, waiting: list[Ticket], now: datetime) -> LineText:
    rows = tuple(
        (
            ticket.label,
            _(
                "{service} · waits {wait}",
                service=service_name(setup, ticket.service),
                wait=minutes_text(whole_seconds_between(current_line_join_time(ticket), now) // 60),
            ),
        )
        for ticket in waiting[:MOST_ROWS]
    )
    return LineText(title=title, effect=effect, rows=rows, more=len(waiting) - len(rows))


class WaitingListDialog(Dialog):
    """A list over the board with a way back; `seen` says that the alarm about it was seen."""

    seen = Signal(object)

    def __init__(self, host: QWidget, look: Look, text: LineText) -> None:
        super().__init__(host, look, title=text.title, effect=text.effect, width=640)
        for number, words in text.rows:
            row = TextRunsLabel(
                self.look, [TextRun(number, 20, True, tabular=True), TextRun(words, 17, token="ink2", gap=16)]
            )
            self.body.addWidget(row)
        if text.more:
            self.body.addWidget(Label(self.look, n_("{n} more", "{n} more", text.more, context="tickets"), px=17))
        self.back_button = SecondaryButton(self.look, _("Back"), key="Esc", height=56, px=18)
        self.back_button.clicked.connect(self.refuse)
        self.buttons.addWidget(self.back_button)
        self.mark_seen_button = SecondaryButton(self.look, _("Got it"), icon="check", height=56, px=18)
        self.mark_seen_button.hide()

    def add_seen_button(self, alert: AlertText) -> None:
        """Offer to note that its alarm was seen."""
        self.mark_seen_button.setAccessibleName(_("Seen: {alert}", alert=alert.title))
        self.mark_seen_button.clicked.connect(partial(self._close_and_emit_seen, alert))
        self.buttons.addWidget(self.mark_seen_button)
        self.mark_seen_button.show()

    def _close_and_emit_seen(self, alert: AlertText) -> None:
        self.close_dialog()
        self.seen.emit(alert)


REFRESH_S = 5


class LobbyView(StationPage):
    """The board under a top bar; windows' times run every second, the rest is refreshed every five."""

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        look = context.look
        self._away_since = context.feed.away_since
        self._shown_at: datetime | None = None
        self.top = TopBar(look)
        self.top.set_more_button_name(_("More"))
        self.messages.attach_over_bar(self.top, self.top.middle)
        self.board, self.unused = LobbyBoard(look), EmptyState(look, "board")
        self.unused.set_texts(
            _("This hall does not use the lobby board."),
            _("A manager switches it on under Set-up, “What this hall uses”."),
        )
        self.acts = BoardActionHandler(self, self.board, context)
        self.part_buttons = {
            name: SecondaryButton(look, wording_in_current_language(at.name), icon=at.icon, height=40, px=16)
            for name, at in feature_board_parts()
        }
        for name, button in self.part_buttons.items():
            self.top.add_button(button)
            button.clicked.connect(partial(self._ask_board_feature, name))
        # The board is no place that messages go to: of what staff tell each other it shows an emergency alone.
        self.talking = Talking(self, TalkController(context, lambda: ""))
        self._build_layout()
        self.toast = Toast(look, self)
        self._connect_signals()
        self._follow_hall()

    def _follow_hall(self) -> None:
        """Name the hall and who is here, and show it from the start."""
        setup, who = set_up(self.state), self.context.who
        self.top.set_place_and_hall(_("Lobby board"), name_in_language(setup.hall.name, setup.hall.name_en))
        member = setup.staff.get(who.name) if who is not None else None
        if who is not None and member is not None:
            self.top.set_items([TopBarItem(text=name_in_language(member.name, member.name_en))])
        self.talking.refresh()
        self.show_hall_away(self._away_since)

    def _build_layout(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        ground = Panel(self.context.look)
        inside = QVBoxLayout(ground)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.board)
        inside.addWidget(self.unused, 1, Qt.AlignmentFlag.AlignVCenter)
        column.addWidget(ground, 1)

    def _connect_signals(self) -> None:
        feed = self.context.feed
        feed.changed.connect(self._refresh_on_events)
        feed.replaced.connect(self._follow_hall)
        self.top.menu_wanted.connect(self.menu_wanted)
        self.acts.said.connect(self._show_toast)
        self.acts.changed.connect(self.refresh)
        self.acts.place_wanted.connect(self.go)
        self.talking.said.connect(self._show_toast)

    # -- StationPage ---------------------------------------------------------------------------------------------------

    def tick(self, now: datetime) -> None:
        self.top.set_clock(time_hm(set_up(self.state).local(now)))
        if self._shown_at is None or abs((now - self._shown_at).total_seconds()) >= REFRESH_S:
            self.refresh()

    def show_hall_away(self, since: datetime | None) -> None:
        self._away_since = since
        show_or_clear_away_message(self.messages, self.context.feed, since)
        self.board.advice.set_hall_away(since is not None)
        self.refresh()

    # -- what is shown -------------------------------------------------------------------------------------------------

    @property
    def state(self) -> HallState:
        return self.context.feed.state

    def now(self) -> datetime:
        """Return the time of the figures: the clock's, or that at which the hall's file went away."""
        return self._away_since or self.context.clock()

    def refresh(self) -> None:
        """Show the hall as it is now."""
        self._shown_at = self.context.clock()
        setup = set_up(self.state)
        self.top.set_clock(time_hm(setup.local(self._shown_at)))
        is_used = setup.uses("lobby")
        self.board.setVisible(is_used)
        self.unused.setVisible(not is_used)
        if is_used:
            self.acts.show_hall(self.state, self.now())
        for name, button in self.part_buttons.items():
            is_shown = is_used and setup.uses(name)
            button.setVisible(is_shown)
            button.setEnabled(is_shown and self._away_since is None and self.acts.part(name).may_ask)

    def _refresh_on_events(self, _events: object) -> None:
        self.refresh()

    # -- presses -------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.board.advice.take_key(event.key()):
            super().keyPressEvent(event)

    def _ask_board_feature(self, name: str) -> None:
        self.acts.part(name).ask()

    def go(self, place: ButtonTarget) -> None:
        """Show who waits in a line, or what a window does."""
        state, now = self.state, self.now()
        ticket = state.tickets.get((self.context.feed.day, place.ticket))
        if place.window:
            text = window_waiting_list(state, place.window, now)
        elif ticket is not None:
            text = line_of_ticket(state, ticket, now)
        else:
            text = service_waiting_list(state, place.service, now)
        dialog = WaitingListDialog(self, self.context.look, text)
        alert = next((one for one in alert_texts(state, now) if one.place == place and not one.is_seen), None)
        if alert is not None and alert.kind and self._away_since is None:
            dialog.add_seen_button(alert)
            dialog.seen.connect(self.acts.see)
        dialog.open_dialog()

    def _show_toast(self, text: str, icon: str) -> None:
        self.toast.show_toast(text, icon=icon)


ROLES = ("guide", "manager", "admin")


def build(context: StationContext) -> StationPage:
    """Return the board for the hall and person of `context`."""
    return LobbyView(context)
