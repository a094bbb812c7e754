"""The lobby board, a station of its own and a page of the manager's: the hall at the left, at the right what to do
about it. What pressing the board does is the same in both: moves, alarms, messages; and what does it beside the
window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import feature_lobby_board_parts, import_reference, is_feature_used_by_hall
from queuedesk.core.log.state import HallState
from queuedesk.core.queue import overview
from queuedesk.core.queue import ticket as ticket_records
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.talk import messaging
from queuedesk.features.lobby import verbs
from queuedesk.features.lobby.pages import board_buttons
from queuedesk.features.lobby.pages.advice import BoardAdviceProvider, late_line_wait_notice_texts
from queuedesk.features.lobby.pages.advice_cards import AdviceColumn, SuggestionText
from queuedesk.features.lobby.words import move_message_in_both_languages
from queuedesk.i18n import (
    _,
    date_for_staff,
    error_sentence,
    list_text,
    minutes_seconds,
    minutes_text,
    n_,
    name_in_language,
    time_hm,
    wording_in_current_language,
)
from queuedesk.i18n.figures.ribbon_words import ticket_row_for_screen_reader
from queuedesk.i18n.names import service_letter_or_code, service_name, staff_name
from queuedesk.i18n.queue.line_words import reason_words
from queuedesk.stations.acts.feature_lines import FeatureBoardPanel
from queuedesk.stations.acts.past_days import DayRibbonUpdater
from queuedesk.stations.manager.controller import ManagerController
from queuedesk.stations.manager.pages import ControllerCache
from queuedesk.stations.manager.parts.page import ManagerPage, PageAct, PageSpec
from queuedesk.stations.manager.today.alert_words import AlertText, ButtonTarget, alert_texts
from queuedesk.stations.manager.today.today_words import date_time_live_text
from queuedesk.stations.talk import TalkController, TalkPresenter
from queuedesk.stations.widgets import panels
from queuedesk.stations.widgets.buttons import SecondaryButton
from queuedesk.stations.widgets.lists.strips import Toast
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.widgets.topbar import TopBar, TopBarFact
from queuedesk.stations.window import away, frame, style
from queuedesk.stations.window.context import SingleCommandRunner, StationContext

MOVES = ("take", "decline")
TOLD_LINE_MIN = 15
"""How long a late line is told of its wait."""


class LobbyController(SingleCommandRunner):
    """`done` gives the verb (ack, take, decline, tell, tell_line) and the document; `refused` the verb and the
    trouble."""

    def acknowledge_alert(self, alert: AlertText) -> None:
        """Note that an alert was seen."""
        self.run_desk_function("ack", messaging.acknowledge_alert, alert.kind, **alert.alert_subject)

    def accept_move(self, key: str) -> None:
        """Accept a suggested move."""
        self.run_desk_function("take", verbs.accept_move, key, say=move_message_in_both_languages)

    def decline_move(self, key: str) -> None:
        """Decline a suggested move for a quarter of an hour."""
        self.run_desk_function("decline", verbs.decline_move, key)

    def tell(self, window: str, message: tuple[str, str]) -> None:
        """Send a window a message, in Chinese and English."""
        self.run_desk_function("tell", messaging.send_message, window, message[0], text_en=message[1])

    def put_notice_on_displays(self, message: tuple[str, str]) -> None:
        """Put a sentence for a late line on the displays."""
        self.run_desk_function(
            "tell_line", messaging.push_notice, message[0], text_en=message[1], minutes=TOLD_LINE_MIN
        )


def action_done_message(verb: str) -> str:
    """Return the message once it is done; "" if it is visible anyway."""
    return {
        "ack": _("Marked as seen by you"),
        "tell": _("The window has been sent a message"),
        "tell_line": _("The notice is on the displays"),
        "take": _("Done; its effect will be measured in 15 minutes"),
        "decline": _("Not suggested again for 15 minutes"),
    }.get(verb, "")


class ConfirmNoticeDialog(Dialog):
    """Asks whether a sentence is put on the displays; `agreed` says so."""

    agreed = Signal()

    def __init__(self, host: QWidget, look: style.Look, message: tuple[str, str]) -> None:
        effect = "\n".join(filter(None, message))
        super().__init__(host, look, title=_("Show this on the displays?"), effect=effect, width=680)
        self.add_answer_buttons(
            _("Leave it", context="displays"), _("Show it on the displays"), self._close_and_emit_agreed
        )

    def _close_and_emit_agreed(self) -> None:
        self.close_dialog()
        self.agreed.emit()


class _BoardActionHandler(QObject):
    """Fills `board` and carries out what is pressed on it. `said` gives what was done or refused, with an icon;
    `place_wanted` the place that a row's key leads to; `changed` says that something new is to be shown."""

    said = Signal(str, str)
    place_wanted = Signal(object)
    changed = Signal()

    def __init__(self, page: QWidget, board: LobbyBoard, context: StationContext) -> None:
        super().__init__(page)
        self._page, self._board, self._context = page, board, context
        self.controller = LobbyController(context, self)
        self.advice = BoardAdviceProvider(context, self)
        self.parts: dict[str, FeatureBoardPanel] = {}
        """What features add that the hall used since this was made, by their names."""
        self._day = DayRibbonUpdater(board.advice.ribbon, self.advice.past_days)
        self._shown: tuple[HallState, datetime] | None = None
        board.advice.day_wanted.connect(self._show_day)
        column = board.advice
        column.taken.connect(self.controller.accept_move)
        column.declined.connect(self.controller.decline_move)
        column.pressed.connect(self.carry_out_act)
        column.put_off.connect(self.put_off)
        column.card_wanted.connect(self.let_features_help_long_line)
        column.tell_wanted.connect(self._ask_to_show_late_line_notice)
        board.place_wanted.connect(self.place_wanted)
        self.advice.changed.connect(self.changed)
        self.advice.found.connect(self._show_advice)
        self.controller.done.connect(self._announce_verb_done)
        self.controller.refused.connect(self._announce_refusal)
        self.controller.busy_changed.connect(column.set_busy)

    def show_hall(self, state: HallState, now: datetime) -> None:
        """Show the hall as of `now`, with what is to be done."""
        board, is_first = self._board, self._shown is None
        self._shown = (state, now)
        self.advice.read(now)
        board.show_waiting_count(waiting_now_text(state, now))
        board.set_services(service_texts(state, now, self.advice.line_counts_in_20_min(state, now)))
        board.set_windows(cell_text_of_each_window(state, now))
        board.advice.set_advice(self.advice.current_advice_text(state, now))
        # At first in any case: how high it must be depends on the windows.
        if is_first or not board.advice.ribbon.isHidden():
            self._show_day()
        self._refresh_feature_panels()

    def feature_panel(self, name: str) -> FeatureBoardPanel:
        """Return what a feature adds."""
        if name not in self.parts:
            made: FeatureBoardPanel = import_reference(dict(feature_lobby_board_parts())[name].part)(
                self._page, self._context
            )
            made.said.connect(self.said)
            self._board.add_panel(made.panel)
            self.parts[name] = made
        return self.parts[name]

    def _refresh_feature_panels(self) -> None:
        for name, _at in feature_lobby_board_parts():
            if name in self.parts or is_feature_used_by_hall(self._context.feed.setup.hall, name):
                self.feature_panel(name).refresh()
        self._board.show_advice_unless_panel()

    def _show_advice(self) -> None:
        if self._shown is not None:
            self._board.advice.set_advice(self.advice.current_advice_text(*self._shown))

    def _show_day(self) -> None:
        if self._shown is not None:
            state, now = self._shown
            self._day.show_day(state, self._context.feed.business_date, now)

    def acknowledge_alert(self, alert: AlertText) -> None:
        """Note that somebody has seen an alarm."""
        self.controller.acknowledge_alert(alert)

    def carry_out_act(self, act: board_buttons.BoardAction) -> None:
        """Do what a card's or a row's key says."""
        if act.verb == board_buttons.TELL:
            self.controller.tell(act.to, act.message)
        elif act.verb == board_buttons.TAKE:
            self.controller.accept_move(act.key)
        elif act.verb == board_buttons.SEE and act.alert is not None:
            self.controller.acknowledge_alert(act.alert)
        elif act.verb == board_buttons.SHOW:
            self.place_wanted.emit(act.place)
        elif act.verb == board_buttons.CARD:
            self.let_features_help_long_line()
        elif act.verb == board_buttons.NOTED:
            self.advice.dismiss_act(act)
            self.changed.emit()

    def put_off(self, act: board_buttons.BoardAction) -> None:
        """Put a card off; what is a move is turned down in the log."""
        if act.verb == board_buttons.TAKE:
            self.controller.decline_move(act.key)
            return
        self.advice.put_off(act, self._context.clock())
        self.changed.emit()

    def let_features_help_long_line(self) -> None:
        """Let what features add help where a line is too long."""
        for part in self.parts.values():
            part.help_with_long_line()

    def _ask_to_show_late_line_notice(self) -> None:
        ahead = self.advice.outlook_of_line_over_target
        if ahead is None:
            return
        message = late_line_wait_notice_texts(self._context.feed.state, ahead.line, self._context.clock())
        dialog = ConfirmNoticeDialog(self._page, self._context.look, message)
        dialog.agreed.connect(lambda: self.controller.put_notice_on_displays(message))
        dialog.open_dialog()

    def _announce_verb_done(self, verb: str, _document: object) -> None:
        if verb in MOVES:
            self.advice.reread_past_moves()
            self.changed.emit()
        words = action_done_message(verb)
        if words:
            self.said.emit(words, "check")

    def _announce_refusal(self, _verb: str, trouble: QueueDeskError) -> None:
        self.advice.invalidate_advice()
        self.changed.emit()
        self.said.emit(error_sentence(trouble), "warning")


def _uses_named_feature(context: StationContext, name: str) -> bool:
    return context.feed.setup.has_feature(name)


class LobbyPage(ManagerPage):
    """`place_wanted` leads to the tickets of the place that was pressed."""

    place_wanted = Signal(object)

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        acts = tuple(
            PageAct(
                text=partial(wording_in_current_language, at.name),
                do=partial(self._act_on_feature_key, name),
                icon=at.icon,
                offered=partial(_uses_named_feature, context, name),
            )
            for name, at in feature_lobby_board_parts()
        )
        spec = PageSpec(title=lambda: _("Lobby", context="tab"), acts=acts, foot=0)
        super().__init__(context.look, spec, parent)
        self._context = context
        look = context.look
        self.board = LobbyBoard(look)
        self.acts = _BoardActionHandler(self, self.board, context)
        self.add_part(self.board, 1, inset=False, gap=0)
        self.acts.said.connect(self.said)
        self.acts.place_wanted.connect(self.place_wanted)
        self.acts.changed.connect(self._refresh_now)

    def refresh(self, now: datetime) -> None:
        """Show the hall as it is now, or as it was when its file went away."""
        feed = self._context.feed
        since = feed.away_since
        local = feed.setup.to_hall_time(since or now)
        live = _("live") if since is None else _("stopped")
        self.head.set_subtitle(date_time_live_text(date_for_staff(local.date()), local, live))
        self.board.advice.set_hall_away(since is not None)
        self.acts.show_hall(feed.state, since or now)
        for (name, _at), button in zip(feature_lobby_board_parts(), self.buttons, strict=True):
            is_used = feed.setup.has_feature(name)
            button.setEnabled(is_used and since is None and self.acts.feature_panel(name).is_feature_key_enabled)

    def _act_on_feature_key(self, name: str) -> None:
        self.acts.feature_panel(name).act_on_feature_key()

    def _refresh_now(self) -> None:
        self.refresh(self._context.clock())


def lobby_page(controller: ManagerController, _own: ControllerCache) -> LobbyPage:
    return LobbyPage(controller.context)


# -- what a line or window says when pressed ---------------------------------------------------------------------------

MOST_ROWS = 10


class WaitingListText(Struct, frozen=True, kw_only=True):
    """A title, a sentence, and rows of number and details; `more` counts those without room."""

    title: str
    effect: str
    rows: tuple[tuple[str, str], ...] = ()
    more: int = 0


def service_waiting_list_text(state: HallState, service: str, now: datetime) -> WaitingListText:
    """Return who waits for `service`, or for anything if none is named, in call order as far as one window would call
    them."""
    setup = overview.set_up(state)
    waiting = [ticket for ticket in overview.waiting_in_call_order(state) if not service or ticket.service == service]
    title = (
        f"{service_letter_or_code(setup, service)} {service_name(setup, service)}"
        if service
        else _("Everybody in line")
    )
    effect = (
        n_("{n} person waiting", "{n} people waiting", len(waiting)) if waiting else _("No one is waiting here now.")
    )
    return _line_dialog_text(setup, title, effect, waiting, now)


def window_waiting_list_text(state: HallState, window: str, now: datetime) -> WaitingListText:
    """Return what `window` does now and whom it may call next."""
    setup, at = overview.set_up(state), state.window(window)
    cell = cell_text_of_each_window(state, now)[window]
    services = [service_name(setup, code) for code in setup.services_at_window(window, at.staff)]
    effect = _("{now}; serves {services}", now=cell.state_text(), services=list_text(services))
    waiting = (
        overview.tickets_callable_by_window(state, window, now)
        if at.state is not ticket_records.WindowState.CLOSED
        else []
    )
    return _line_dialog_text(setup, _("Window {window}", window=window), effect, waiting, now)


def ticket_dialog_text(state: HallState, ticket: ticket_records.Ticket, now: datetime) -> WaitingListText:
    """Return what has become of a ticket so far."""
    setup = overview.set_up(state)
    return WaitingListText(title=ticket.label, effect=ticket_row_for_screen_reader(setup, ticket, now))


def _line_dialog_text(
    setup: Setup, title: str, effect: str, waiting: list[ticket_records.Ticket], now: datetime
) -> WaitingListText:
    rows = tuple(
        (
            ticket.label,
            _(
                "{service} · waits {wait}",
                service=service_name(setup, ticket.service),
                wait=minutes_text(
                    ticket_records.whole_seconds_between(overview.current_line_join_time(ticket), now) // 60
                ),
            ),
        )
        for ticket in waiting[:MOST_ROWS]
    )
    return WaitingListText(title=title, effect=effect, rows=rows, more=len(waiting) - len(rows))


class WaitingListDialog(Dialog):
    """A list over the board with a way back; `seen` says that the alarm about it was seen."""

    seen = Signal(object)

    def __init__(self, host: QWidget, look: style.Look, text: WaitingListText) -> None:
        super().__init__(host, look, title=text.title, effect=text.effect, width=640)
        for number, words in text.rows:
            row = panels.TextRunsLabel(
                self.look,
                [panels.TextRun(number, 20, True, tabular=True), panels.TextRun(words, 17, token="ink2", gap=16)],
            )
            self.body.addWidget(row)
        if text.more:
            self.body.addWidget(
                panels.Label(self.look, n_("{n} more", "{n} more", text.more, context="tickets"), px=17)
            )
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


class LobbyView(frame.StationPage):
    """The board under a top bar; windows' times run every second, the rest is refreshed every five."""

    def __init__(self, context: StationContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        look = context.look
        self._away_since = context.feed.away_since
        self._shown_at: datetime | None = None
        self.top = TopBar(look)
        self.top.set_more_button_name(_("More"))
        self.messages.attach_over_bar(self.top, self.top.free_middle_rect)
        self.board, self.unused = LobbyBoard(look), panels.EmptyState(look, "board")
        self.unused.set_texts(
            _("This hall does not use the lobby board."),
            _("A manager switches it on under Set-up, “What this hall uses”."),
        )
        self.acts = _BoardActionHandler(self, self.board, context)
        self.part_buttons = {
            name: SecondaryButton(look, wording_in_current_language(at.name), icon=at.icon, height=40, px=16)
            for name, at in feature_lobby_board_parts()
        }
        for name, button in self.part_buttons.items():
            self.top.add_button(button)
            button.clicked.connect(partial(self._act_on_feature_key, name))
        # The board is no place that messages go to: of what staff tell each other it shows an emergency alone.
        self.talking = TalkPresenter(self, TalkController(context, lambda: ""))
        self._build_layout()
        self.toast = Toast(look, self)
        self._connect_signals()
        self._on_hall_replaced()

    def _on_hall_replaced(self) -> None:
        """Name the hall and who is here, and show it from the start."""
        setup, who = overview.set_up(self.hall_state), self.context.who
        self.top.set_title_and_hall(_("Lobby board"), name_in_language(setup.hall.name, setup.hall.name_en))
        member = setup.staff.get(who.name) if who is not None else None
        if who is not None and member is not None:
            self.top.set_items([TopBarFact(text=name_in_language(member.name, member.name_en))])
        self.talking.refresh()
        self.show_hall_away(self._away_since)

    def _build_layout(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        ground = panels.Panel(self.context.look)
        inside = QVBoxLayout(ground)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.board)
        inside.addWidget(self.unused, 1, Qt.AlignmentFlag.AlignVCenter)
        column.addWidget(ground, 1)

    def _connect_signals(self) -> None:
        feed = self.context.feed
        feed.changed.connect(self._refresh_on_events)
        feed.replaced.connect(self._on_hall_replaced)
        self.top.menu_wanted.connect(self.menu_wanted)
        self.acts.said.connect(self._show_toast)
        self.acts.changed.connect(self.refresh)
        self.acts.place_wanted.connect(self.open_waiting_list_dialog)
        self.talking.said.connect(self._show_toast)

    # -- StationPage ---------------------------------------------------------------------------------------------------

    def tick(self, now: datetime) -> None:
        self.top.set_clock(time_hm(overview.set_up(self.hall_state).to_hall_time(now)))
        if self._shown_at is None or abs((now - self._shown_at).total_seconds()) >= REFRESH_S:
            self.refresh()

    def show_hall_away(self, since: datetime | None) -> None:
        self._away_since = since
        away.show_or_clear_hall_away_message(self.messages, self.context.feed, since)
        self.board.advice.set_hall_away(since is not None)
        self.refresh()

    # -- what is shown -------------------------------------------------------------------------------------------------

    @property
    def hall_state(self) -> HallState:
        return self.context.feed.state

    def time_of_figures(self) -> datetime:
        """Return the time of the figures: the clock's, or that at which the hall's file went away."""
        return self._away_since or self.context.clock()

    def refresh(self) -> None:
        """Show the hall as it is now."""
        self._shown_at = self.context.clock()
        setup = overview.set_up(self.hall_state)
        self.top.set_clock(time_hm(setup.to_hall_time(self._shown_at)))
        is_used = setup.has_feature("lobby")
        self.board.setVisible(is_used)
        self.unused.setVisible(not is_used)
        if is_used:
            self.acts.show_hall(self.hall_state, self.time_of_figures())
        for name, button in self.part_buttons.items():
            is_shown = is_used and setup.has_feature(name)
            button.setVisible(is_shown)
            button.setEnabled(
                is_shown and self._away_since is None and self.acts.feature_panel(name).is_feature_key_enabled
            )

    def _refresh_on_events(self, _events: object) -> None:
        self.refresh()

    # -- presses -------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.board.advice.handle_shortcut_key(event.key()):
            super().keyPressEvent(event)

    def _act_on_feature_key(self, name: str) -> None:
        self.acts.feature_panel(name).act_on_feature_key()

    def open_waiting_list_dialog(self, place: ButtonTarget) -> None:
        """Show who waits in a line, or what a window does."""
        state, now = self.hall_state, self.time_of_figures()
        ticket = state.tickets.get((self.context.feed.business_date, place.ticket))
        if place.window:
            text = window_waiting_list_text(state, place.window, now)
        elif ticket is not None:
            text = ticket_dialog_text(state, ticket, now)
        else:
            text = service_waiting_list_text(state, place.service, now)
        dialog = WaitingListDialog(self, self.context.look, text)
        alert = next((one for one in alert_texts(state, now) if one.place == place and not one.is_seen), None)
        if alert is not None and alert.kind and self._away_since is None:
            dialog.add_seen_button(alert)
            dialog.seen.connect(self.acts.acknowledge_alert)
        dialog.open_dialog()

    def _show_toast(self, text: str, icon: str) -> None:
        self.toast.show_toast(text, icon=icon)


ROLES = ("guide", "manager", "admin")


def build_station_page(context: StationContext) -> frame.StationPage:
    """Return the board for the hall and person of `context`."""
    return LobbyView(context)


# -- board -------------------------------------------------------------------------------------------------------------

COUNT_PX = 92
BAR_TARGETS = 2
"""How many targets long a service's bar is."""
LONG_CALLED = timedelta(minutes=3)
_SLOT = "\0"


class _WaitingCountText(Struct, frozen=True, kw_only=True):
    """The text above the services: how many wait and since when, and what the mark in the bars means."""

    runs: tuple[panels.TextRun, ...]
    mark: str


def waiting_now_text(state: HallState, now: datetime) -> _WaitingCountText:
    """Return how many wait, and how long they have waited on average; once somebody waits past the target, that
    replaces it."""
    setup, waiting = overview.set_up(state), state.waiting_tickets()
    target = setup.setting_as_int("wait_target_minutes")
    mark = _("Mark in the bars: {n} min target", n=target)
    unit = n_("person waiting", "people waiting", len(waiting), context="after the number")
    count = panels.TextRun(str(len(waiting)), COUNT_PX, True)
    if not waiting:
        return _WaitingCountText(runs=(count, panels.TextRun(unit, 24, gap=18)), mark=mark)
    if (late := overview.waiting_past_target_summary(state, now)) is not None:
        past = _("{n} over {target} min, longest {minutes} min", n=late.n, target=target, minutes=late.minutes)
        runs = (count, panels.TextRun(unit, 24, gap=18), panels.TextRun(past, 24, True, "red", gap=18))
        return _WaitingCountText(runs=runs, mark=mark)
    mean = (
        sum(ticket_records.whole_seconds_between(overview.current_line_join_time(ticket), now) for ticket in waiting)
        / len(waiting)
        / 60
    )
    minutes = f"{mean:.1f}"
    if minutes == "0.0":
        return _WaitingCountText(runs=(count, panels.TextRun(unit, 24, gap=18)), mark=mark)
    if len(waiting) == 1:
        text = _("{unit} for {minutes} min", unit=unit, minutes=_SLOT)
    else:
        text = _("{unit}, on average for {mean} min", unit=unit, mean=_SLOT)
    before, _slot, after = text.partition(_SLOT)
    mean_runs = panels.TextRun(before, 24, gap=18), panels.TextRun(minutes, 24, True), panels.TextRun(after, 24)
    return _WaitingCountText(runs=(count, *mean_runs), mark=mark)


def service_texts(state: HallState, now: datetime, later: Mapping[str, int]) -> list[board_buttons.ServiceText]:
    """Return a row for each service of the set-up; `later` says how many will be in a line in 20 minutes, if known."""
    setup, waiting = overview.set_up(state), state.waiting_tickets()
    target = setup.setting_as_int("wait_target_minutes")
    rows = []
    for code in setup.services:
        own = [ticket for ticket in waiting if ticket.service == code]
        since = min((overview.current_line_join_time(ticket) for ticket in own), default=None)
        longest = ticket_records.whole_seconds_between(since, now) // 60
        soon = later.get(code)
        rows.append(
            board_buttons.ServiceText(
                code=code,
                letter=service_letter_or_code(setup, code),
                name=service_name(setup, code),
                waiting=str(len(own)),
                unit=n_("person", "people", len(own), context="after the number"),
                units=tuple(n_("person", "people", n, context="after the number") for n in (1, 2)),
                longest=_("longest {minutes}", minutes=minutes_text(longest)) if own else _("no one waiting"),
                minutes=minutes_text(longest) if own else "",
                share=min(1.0, longest / (BAR_TARGETS * max(1, target))) if own else 0.0,
                level=overview.longest_wait_level(setup, own, now),
                later="" if soon is None else _("{n} waiting in 20 min", n=soon),
                later_short="" if soon is None else _("{n} wait in 20 min", n=soon),
                soon=soon,
            )
        )
    return rows


def _service_row_with_tried_move(
    text: board_buttons.ServiceText, without: int, with_it: int
) -> board_buttons.ServiceText:
    """Return a row with how many will stand in its line in 20 minutes, without and with what is tried."""
    if without == with_it:
        return text
    before = without if text.soon is None else text.soon
    n = f"{before} → {max(0, before + with_it - without)}"
    return replace(text, later=_("{n} waiting in 20 min", n=n), later_short=_("{n} wait in 20 min", n=n))


def cell_text_of_each_window(state: HallState, now: datetime) -> dict[str, board_buttons.WindowCellText]:
    """Return the text of each window's cell, in the set-up's order."""
    setup = overview.set_up(state)
    return {code: _window_cell_text(setup, state, state.window(code), now) for code in setup.windows}


def _free_window_cell(
    state: HallState, window: ticket_records.Window, now: datetime, cell: board_buttons.WindowCellText
) -> board_buttons.WindowCellText:
    """Fill in why a window is free while people wait: it has not called, or they all wait for other windows. Amber once
    it keeps somebody waiting."""
    free = _("Free", context="window")
    waiting = len(overview.tickets_callable_by_window(state, window.code, now))
    if not waiting:
        why = _("Free, none waiting", context="window") if state.waiting_tickets() else free
        return replace(cell, what=why, short=free)
    is_long = window.since is not None and now - window.since >= board_buttons.FREE_FOR
    told = n_("Free, {n} waiting", "Free, {n} waiting", waiting, context="window")
    return replace(cell, what=told, short=free, is_amber=is_long)


def _window_cell_text(
    setup: Setup, state: HallState, window: ticket_records.Window, now: datetime
) -> board_buttons.WindowCellText:
    number, staff = _("{window}", context="cell", window=window.code), staff_name(setup, window.staff)
    if window.state is ticket_records.WindowState.CLOSED:
        return board_buttons.WindowCellText(
            code=window.code, number=number, mark="closed", what=_("Closed", context="window"), away=True
        )
    time = minutes_seconds(ticket_records.whole_seconds_between(window.since, now))
    if window.state is ticket_records.WindowState.PAUSED:
        what = reason_words(window.reason or "") or _("Paused", context="window")
        late = window.back is not None and now > window.back
        return board_buttons.WindowCellText(
            code=window.code,
            number=number,
            staff=staff,
            mark="paused",
            what=what,
            short=_("Paused", context="window"),
            time=time,
            away=True,
            late=late,
            why=_("late back") if late else "",
        )
    ticket = state.tickets.get(window.ticket) if window.ticket else None
    if ticket is None:
        return _free_window_cell(
            state,
            window,
            now,
            board_buttons.WindowCellText(code=window.code, number=number, staff=staff, mark="idle", what="", time=time),
        )
    if ticket.state is ticket_records.TicketState.CALLED:
        is_long = window.since is not None and now - window.since >= LONG_CALLED
        return board_buttons.WindowCellText(
            code=window.code,
            number=number,
            staff=staff,
            mark="called",
            what=ticket.label,
            time=time,
            is_amber=is_long,
            why=_("called long ago") if is_long else "",
        )
    if ticket.stalled_since is not None:
        time = minutes_seconds(ticket_records.whole_seconds_between(ticket.stalled_since, now))
        why = _("waiting for another system")
        return board_buttons.WindowCellText(
            code=window.code, number=number, staff=staff, mark="away", what=ticket.label, time=time, late=True, why=why
        )
    target = setup.services[ticket.service].handling_target if ticket.service in setup.services else None
    served = ticket_records.current_leg_handling_s(ticket, now)
    late = target is not None and served >= target * 60
    why = _("over the target of {n} min", n=target) if late else ""
    return board_buttons.WindowCellText(
        code=window.code,
        number=number,
        staff=staff,
        mark="serving",
        what=ticket.label,
        time=minutes_seconds(served),
        late=late,
        why=why,
    )


SHARES, NARROW_SHARES, NARROW = (62, 65), (400, 532), 1200
SMALLEST_SHARE, LARGEST_OF_LARGE, LARGE_TEXT = 0.5, 0.7, 1.4
MOST_UNDER_SERVICES = 9


class LobbyBoard(QWidget):
    """`place_wanted` gives the place that was pressed. What is to be done stands in `advice`, which gives way to what
    features show."""

    place_wanted = Signal(object)

    def __init__(self, look: style.Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._title = panels.Label(look, _("Now", context="board"), px=24, bold=True, elide=False)
        self._mark = panels.Label(look, px=17, token="ink2", align=Qt.AlignmentFlag.AlignRight)
        self.count = panels.TextRunsLabel(look)
        self._runs: tuple[panels.TextRun, ...] = ()
        self.bars: dict[str, board_buttons.ServiceBar] = {}
        self.cells: dict[str, board_buttons.WindowCell] = {}
        self.windows = panels.EqualCellGrid(look, gap=10, share_last=False)
        self._panels: list[QWidget] = []
        self.advice = AdviceColumn(look)
        self.advice.previewed.connect(self._preview_suggestion)
        self.advice.ribbon.picked.connect(partial(self._emit_place_wanted, "ticket"))
        self._services: tuple[board_buttons.ServiceText, ...] = ()
        self._windows: dict[str, board_buttons.WindowCellText] = {}
        self._tried: SuggestionText | None = None
        self._build_layout()
        look.changed.connect(self._fit_to_text_size_and_width)

    def _build_layout(self) -> None:
        look = self._look
        self._whole = whole = QVBoxLayout(self)
        panels.set_scaled_margins(look, whole, (32, 16, 32, 16), 12)
        self._row = row = QHBoxLayout()
        panels.set_scaled_margins(look, row, spacing=32)
        whole.addLayout(row, 1)
        self._left = left = QVBoxLayout()
        panels.set_scaled_margins(look, left, spacing=10)
        head = QHBoxLayout()
        panels.set_scaled_margins(look, head, spacing=16)
        head.addWidget(self._title)
        head.addWidget(self._mark, 1)
        self._list = QWidget()
        self._bars_column = QVBoxLayout(self._list)
        panels.set_scaled_margins(look, self._bars_column, spacing=0)
        left.addLayout(head)
        left.addWidget(self.count)
        left.addWidget(panels.VerticalScrollArea(self._list), 1)
        left.addWidget(self.windows)
        self._right = right = QVBoxLayout()
        panels.set_scaled_margins(look, right, spacing=12)
        right.addWidget(self.advice, 1)
        row.addLayout(left, SHARES[0])
        row.addLayout(right, SHARES[1])

    # -- the hall ----------------------------------------------------------------------------------------------------

    def show_waiting_count(self, text: _WaitingCountText) -> None:
        """Show how many wait."""
        self._runs = text.runs
        self._mark.setText(text.mark)
        self._fit_count_to_width()

    def _fit_count_to_width(self) -> None:
        """Make the line as large as its whole length allows: a number without its words says little.

        Large texts leave it less: the services below need the height."""
        most = LARGEST_OF_LARGE if self._look.scale.text >= LARGE_TEXT else 1.0
        room, whole = self._left_side_width(), panels.text_runs_width(self._look, self._runs)
        share = max(SMALLEST_SHARE, min(most, 0.97 * room / whole)) if whole > 0 and room > 0 else most
        self.count.set_runs([replace(run, px=run.px * share, gap=run.gap * share) for run in self._runs])

    def _left_side_width(self) -> float:
        """Return the width of the left side, which its widgets have only once they are laid out."""
        look, (left, right) = self._look, self._column_stretch_shares()
        return (self.width() - 2 * look.gap(32) - look.gap(32)) * left / (left + right)

    def _column_stretch_shares(self) -> tuple[int, int]:
        return SHARES if self.width() >= self._look.px(NARROW) else NARROW_SHARES

    def set_services(self, texts: Sequence[board_buttons.ServiceText]) -> None:
        """Show a row for each service; rows are kept while the set-up has the same services."""
        if [text.code for text in texts] != list(self.bars):
            panels.remove_and_delete_widgets(self.bars.values(), self._bars_column)
            self.bars = {text.code: board_buttons.ServiceBar(self._look, text) for text in texts}
            for code, bar in self.bars.items():
                bar.clicked.connect(partial(self._emit_place_wanted, "service", code))
                self._bars_column.addWidget(bar)
        self._services = tuple(texts)
        self._fill_services()

    def _fill_services(self) -> None:
        later = self._tried.later if self._tried is not None else {}
        for text in self._services:
            tried = _service_row_with_tried_move(text, *later[text.code]) if text.code in later else text
            self.bars[text.code].set_service(tried)

    def set_windows(self, texts: Mapping[str, board_buttons.WindowCellText]) -> None:
        """Show a cell for each window; cells are kept while the set-up has the same windows."""
        if list(texts) != list(self.cells):
            panels.remove_and_delete_widgets(self.cells.values())
            self.cells = {code: board_buttons.WindowCell(self._look, text) for code, text in texts.items()}
            for code, cell in self.cells.items():
                cell.clicked.connect(partial(self._emit_place_wanted, "window", code))
            self.windows.set_widgets(list(self.cells.values()))
            self._place_windows()
        self._windows = dict(texts)
        self._fill_windows()

    def _fill_windows(self) -> None:
        tried = self._tried
        for code, text in self._windows.items():
            is_tried = tried is not None and tried.window == code and bool(tried.there)
            self.cells[code].set_window(
                replace(text, what=tried.there, is_tried=True) if tried is not None and is_tried else text
            )

    def _preview_suggestion(self, key: str) -> None:
        """Show the hall as it would be with a suggestion, while its button is held; as it is with ""."""
        shown = [card.text_shown for card in self.advice.shown_suggestion_cards]
        self._tried = next((one for one in shown if one.key == key), None) if key else None
        self._fill_services()
        self._fill_windows()

    def _place_windows(self) -> None:
        """Let many windows stand in one line each across the whole foot: under the services they would leave those no
        room."""
        are_many = len(self.cells) > MOST_UNDER_SERVICES
        for cell in self.cells.values():
            cell.set_single_line(are_many)
        for layout in (self._left, self._whole):
            layout.removeWidget(self.windows)
        (self._whole if are_many else self._left).addWidget(self.windows)
        self.windows.measure_again()

    def _emit_place_wanted(self, what: str, code: str) -> None:
        place = {"service": "", "window": "", "ticket": "", what: code}
        self.place_wanted.emit(ButtonTarget("tickets", place["service"], place["window"], place["ticket"]))

    # -- what to do --------------------------------------------------------------------------------------------------

    def add_panel(self, panel: QWidget) -> None:
        """Put what a feature shows above what is to be done."""
        self._panels.append(panel)
        self._right.insertWidget(self._right.count() - 1, panel, 1)

    def show_advice_unless_panel(self) -> None:
        """Show what is to be done, unless a feature shows something: meanwhile nothing else is suggested."""
        self.advice.setVisible(all(panel.isHidden() for panel in self._panels))

    def _fit_to_text_size_and_width(self) -> None:
        is_large = self._look.scale.text >= LARGE_TEXT
        self._title.setVisible(not is_large)
        self._mark.setVisible(not is_large)
        for n, share in enumerate(self._column_stretch_shares()):
            self._row.setStretch(n, share)
        self._fit_count_to_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_to_text_size_and_width()
