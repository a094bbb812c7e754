"""What the display shows now, part by part, and reports of calls that were shown."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot

from queuedesk.core.improvement.project import setup_with_trial_notices
from queuedesk.core.log.event import Event
from queuedesk.core.log.state import HallState
from queuedesk.core.queue.ticket import TicketId, TicketState
from queuedesk.core.setup.rows import Setup
from queuedesk.core.talk import display
from queuedesk.core.talk.device import VOICE
from queuedesk.core.talk.remarks import PushedNotice
from queuedesk.i18n.queue import display_words as texts
from queuedesk.stations.window.context import StationContext


class DisplayController(QObject):
    """Follows the hall for a display that shows all windows, or those of one zone. `called` carries the calls that just
    came, oldest first, before anything else is worked out: the number must be on the screen within 100 ms. Then
    `hall_changed` says that waiting numbers or the set-up may have changed. It uses two optional services, both
    returning at once: `note_shown(seq)` stores that a call has been painted, `voice_status()` gives the state of this
    PC's voice. The voice itself follows the same feed; nothing here waits for it."""

    called = Signal(list)
    rows_changed = Signal()
    hall_changed = Signal()
    replaced = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._zone = str(context.options.get("zone") or "").strip()
        self._by_zone = False
        self._silent_seen = 0
        self._update_last_silent_seq()
        self.rows = display.LatestWindowCalls(self.shows_window)
        self.rows.rebuild_from_state(self.hall_state)
        context.feed.changed.connect(self._follow_calls)
        context.feed.replaced.connect(self._rebuild_rows_and_emit)

    @property
    def hall_state(self) -> HallState:
        return self._context.feed.state

    @property
    def setup(self) -> Setup:
        return self._context.feed.setup

    def setup_with_notices_of_today(self) -> Setup:
        """Return the set-up with the notices as they are shown today: a trial may have other words for one."""
        feed = self._context.feed
        return setup_with_trial_notices(feed.setup, feed.state.wordings.values(), feed.business_date)

    def now(self) -> datetime:
        return self._context.clock()

    def shows_window(self, window: str) -> bool:
        return display.is_window_in_zone(self.setup, window, self._zone)

    def services_in_zone(self) -> frozenset[str]:
        """Return the services of those windows; all of them without a zone."""
        return display.services_in_zone(self.hall_state, self.setup, self._zone)

    def set_divided_by_zone(self, by_zone: bool) -> None:
        self._by_zone = by_zone

    @property
    def is_divided_by_zone(self) -> bool:
        """Whether each zone has a part of the screen."""
        return self._by_zone

    def screen_parts(self) -> list[display.ScreenPart]:
        return display.screen_parts(self.setup, self._zone, by_zone=self._by_zone)

    def services_of_part(self, part: display.ScreenPart) -> frozenset[str]:
        return display.services_of_windows(self.hall_state, self.setup, part.windows) & self.services_in_zone()

    def strip_notices_now(self, now: datetime) -> list[PushedNotice]:
        """Return the pushed notices for this display's strip now, the newest first."""
        return [n for n in self._pushed_notices_now(now) if not n.emergency]

    def emergency_notice_now(self, now: datetime) -> PushedNotice | None:
        """Return the emergency to show on this screen now, the newest of several."""
        return next((n for n in self._pushed_notices_now(now) if n.emergency), None)

    def _pushed_notices_now(self, now: datetime) -> list[PushedNotice]:
        names = (self._context.name, self._context.options.get("display"))
        return display.current_notices_on_screen(self.hall_state, self.setup, now, zone=self._zone, names=names)

    def has_no_open_or_recent_call(self, now: datetime) -> bool:
        """Return whether nobody was called for a minute and nobody is on the way."""
        if any(
            w.ticket and self.is_ticket_called(w.ticket)
            for code, w in self.hall_state.windows.items()
            if self.shows_window(code)
        ):
            return False
        latest = self.rows.newest_call()
        return latest is None or now - max(latest.seen, latest.time) >= display.QUIET_FOR

    def is_once_heard_voice_silent(self) -> bool:
        """Return whether this PC's voice is silent and was heard before: customers are told only of what they know."""
        known = self.hall_state.devices.get((VOICE, self._context.own_name))
        return self.is_voice_of_this_pc_silent() and known is not None and not known.has_never_worked

    def fresh_call_icon_name(self) -> str:
        """Return the sign of a fresh call: a loudspeaker only where there is one, crossed out while it is missed."""
        if self.is_voice_heard():
            return "speaker"
        return "speaker-off" if self.is_once_heard_voice_silent() else "bell"

    def is_voice_heard(self) -> bool:
        return self.setup.voice.spoken and not self.is_voice_of_this_pc_silent()

    def is_voice_of_this_pc_silent(self) -> bool:
        """Return whether this PC should speak and is known to be silent."""
        ask = self._context.services.voice_status
        status = ask() if ask else None
        if status is None or not status.is_speaker or not self.setup.voice.spoken:
            return False
        return not status.languages or (status.last is not None and not status.last.spoken)

    def note_and_tell_if_new_call_unspoken(self) -> bool:
        """Return whether a call since the last time this was asked was shown but not heard."""
        seen = self._silent_seen
        return self._update_last_silent_seq() > seen

    def _update_last_silent_seq(self) -> int:
        ask = self._context.services.voice_status
        status = ask() if ask else None
        if status is not None and status.is_speaker:
            self._silent_seen = max([self._silent_seen, *(spoken.seq for spoken in status.silent)])
        return self._silent_seen

    def report_media(self, cause: str | None) -> None:
        """Report why pictures or films can't be shown here; None: they can."""
        if (report := self._context.services.report_media) is not None:
            report(cause)

    def report_calls_painted(self, seqs: list[int]) -> None:
        note = self._context.services.note_shown
        if note is not None:
            for seq in seqs:
                note(seq)

    def is_ticket_called(self, ticket: TicketId) -> bool:
        found = self.hall_state.tickets.get(ticket)
        return found is not None and found.state is TicketState.CALLED

    @Slot(list)
    def _follow_calls(self, events: list[Event]) -> None:
        called = self.rows.apply_events_and_list_calls(events, self.now(), self.hall_state)
        if called:
            self.called.emit(called)
        else:
            self.rows_changed.emit()
        self.hall_changed.emit()

    @Slot()
    def _rebuild_rows_and_emit(self) -> None:
        self.rows.rebuild_from_state(self.hall_state)
        self.replaced.emit()


def calls_of_screen_part(controller: DisplayController, part: display.ScreenPart, rows: int) -> texts.ScreenPartCalls:
    """Return the calls of a part, `rows` of them large."""
    icon = controller.fresh_call_icon_name()
    setup, now = controller.setup, controller.now()
    windows = part.windows if controller.is_divided_by_zone else None
    large, earlier = controller.rows.large_and_earlier_rows(rows, now, windows)
    return texts.ScreenPartCalls(
        tuple(
            texts.call_row_texts(
                setup, row, now, coming=controller.is_ticket_called(row.ticket_id), icon=icon, with_way=not part.zone
            )
            for row in large
        ),
        tuple(texts.earlier_call_number_and_window(setup, row) for row in earlier),
    )


def texts_shown_in_screen_part(
    controller: DisplayController, part: display.ScreenPart, now: datetime
) -> texts.ScreenPartText:
    """Return a part's windows, and in a screen divided by zones its name, direction and who waits there."""
    setup = controller.setup
    if not controller.is_divided_by_zone:
        return texts.ScreenPartText(texts.part_window_labels(setup, part))
    lines = texts.waiting_lines_panel_texts(controller.hall_state, now, controller.services_of_part(part))
    return texts.zone_part_text(setup, part, lines, has_others=len(controller.screen_parts()) > 1)
