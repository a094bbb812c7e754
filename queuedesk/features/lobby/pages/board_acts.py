"""What pressing the board does, the same at its own station and in the manager's: moves, alarms, messages; and what
does it beside the window.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.features import does_hall_use_feature, feature_board_parts, import_reference
from queuedesk.core.log.state import HallState
from queuedesk.desk.talk import alarms, messaging
from queuedesk.features.lobby import verbs
from queuedesk.features.lobby.pages.advice import BoardAdvice, late_line_notice
from queuedesk.features.lobby.pages.board import LobbyBoard
from queuedesk.features.lobby.pages.board_buttons import CARD, NOTED, SEE, SHOW, TAKE, TELL, BoardAction
from queuedesk.features.lobby.pages.texts import service_texts, waiting_now_text, window_cell_texts
from queuedesk.features.lobby.words import move_message
from queuedesk.i18n import _, error_sentence
from queuedesk.stations.acts.feature_lines import FeatureBoardPanel
from queuedesk.stations.manager.today.alert_words import AlertText
from queuedesk.stations.models.day_ribbon import RibbonUpdater
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.context import SingleCommandRunner, StationContext
from queuedesk.stations.window.style import Look

MOVES = ("take", "decline")
TOLD_LINE_MIN = 15
"""How long a late line is told of its wait."""


class LobbyController(SingleCommandRunner):
    """`done` gives the verb (ack, take, decline, tell, tell_line) and the document; `refused` the verb and the
    trouble."""

    def see(self, alert: AlertText) -> None:
        """Note that an alert was seen."""
        self.act("ack", alarms.acknowledge, alert.kind, **alert.about)

    def take(self, key: str) -> None:
        """Accept a suggested move."""
        self.act("take", verbs.accept_move, key, say=move_message)

    def decline(self, key: str) -> None:
        """Decline a suggested move for a quarter of an hour."""
        self.act("decline", verbs.decline_move, key)

    def tell(self, window: str, message: tuple[str, str]) -> None:
        """Send a window a message, in Chinese and English."""
        self.act("tell", messaging.send, window, message[0], text_en=message[1])

    def tell_line(self, message: tuple[str, str]) -> None:
        """Put a sentence for a late line on the displays."""
        self.act("tell_line", messaging.push_notice, message[0], text_en=message[1], minutes=TOLD_LINE_MIN)


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

    def __init__(self, host: QWidget, look: Look, message: tuple[str, str]) -> None:
        effect = "\n".join(filter(None, message))
        super().__init__(host, look, title=_("Show this on the displays?"), effect=effect, width=680)
        self.add_answer_buttons(
            _("Leave it", context="displays"), _("Show it on the displays"), self._close_and_emit_agreed
        )

    def _close_and_emit_agreed(self) -> None:
        self.close_dialog()
        self.agreed.emit()


class BoardActionHandler(QObject):
    """Fills `board` and carries out what is pressed on it. `said` gives what was done or refused, with an icon;
    `place_wanted` the place that a row's key leads to; `changed` says that something new is to be shown."""

    said = Signal(str, str)
    place_wanted = Signal(object)
    changed = Signal()

    def __init__(self, page: QWidget, board: LobbyBoard, context: StationContext) -> None:
        super().__init__(page)
        self._page, self._board, self._context = page, board, context
        self.controller = LobbyController(context, self)
        self.advice = BoardAdvice(context, self)
        self.parts: dict[str, FeatureBoardPanel] = {}
        """What features add that the hall used since this was made, by their names."""
        self._day = RibbonUpdater(board.advice.ribbon, self.advice.past_days)
        self._shown: tuple[HallState, datetime] | None = None
        board.advice.day_wanted.connect(self._show_day)
        column = board.advice
        column.taken.connect(self.controller.take)
        column.declined.connect(self.controller.decline)
        column.pressed.connect(self.do)
        column.put_off.connect(self.put_off)
        column.card_wanted.connect(self.open_card)
        column.tell_wanted.connect(self._confirm_late_line_notice)
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
        board.set_services(service_texts(state, now, self.advice.later(state, now)))
        board.set_windows(window_cell_texts(state, now))
        board.advice.set_advice(self.advice.text(state, now))
        # At first in any case: how high it must be depends on the windows.
        if is_first or not board.advice.ribbon.isHidden():
            self._show_day()
        self._show_parts()

    def part(self, name: str) -> FeatureBoardPanel:
        """Return what a feature adds."""
        if name not in self.parts:
            made: FeatureBoardPanel = import_reference(dict(feature_board_parts())[name].part)(
                self._page, self._context
            )
            made.said.connect(self.said)
            self._board.add_panel(made.panel)
            self.parts[name] = made
        return self.parts[name]

    def _show_parts(self) -> None:
        for name, _at in feature_board_parts():
            if name in self.parts or does_hall_use_feature(self._context.feed.setup.hall, name):
                self.part(name).refresh()
        self._board.show_advice_unless_panel()

    def _show_advice(self) -> None:
        if self._shown is not None:
            self._board.advice.set_advice(self.advice.text(*self._shown))

    def _show_day(self) -> None:
        if self._shown is not None:
            state, now = self._shown
            self._day.show(state, self._context.feed.day, now)

    def see(self, alert: AlertText) -> None:
        """Note that somebody has seen an alarm."""
        self.controller.see(alert)

    def do(self, act: BoardAction) -> None:
        """Do what a card's or a row's key says."""
        if act.verb == TELL:
            self.controller.tell(act.to, act.message)
        elif act.verb == TAKE:
            self.controller.take(act.key)
        elif act.verb == SEE and act.alert is not None:
            self.controller.see(act.alert)
        elif act.verb == SHOW:
            self.place_wanted.emit(act.place)
        elif act.verb == CARD:
            self.open_card()
        elif act.verb == NOTED:
            self.advice.note(act)
            self.changed.emit()

    def put_off(self, act: BoardAction) -> None:
        """Put a card off; what is a move is turned down in the log."""
        if act.verb == TAKE:
            self.controller.decline(act.key)
            return
        self.advice.put_off(act, self._context.clock())
        self.changed.emit()

    def open_card(self) -> None:
        """Let what features add help where a line is too long."""
        for part in self.parts.values():
            part.help_with_long_line()

    def _confirm_late_line_notice(self) -> None:
        ahead = self.advice.ahead
        if ahead is None:
            return
        message = late_line_notice(self._context.feed.state, ahead.line, self._context.clock())
        dialog = ConfirmNoticeDialog(self._page, self._context.look, message)
        dialog.agreed.connect(lambda: self.controller.tell_line(message))
        dialog.open_dialog()

    def _announce_verb_done(self, verb: str, _document: object) -> None:
        if verb in MOVES:
            self.advice.read_again()
            self.changed.emit()
        words = action_done_message(verb)
        if words:
            self.said.emit(words, "check")

    def _announce_refusal(self, _verb: str, trouble: QueueDeskError) -> None:
        self.advice.forget()
        self.changed.emit()
        self.said.emit(error_sentence(trouble), "warning")
