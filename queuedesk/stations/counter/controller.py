"""The counter without widgets: its commands, one at a time, what its window shows, and its small form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import cast

from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from queuedesk.core.errors import QueueDeskError, RuleError
from queuedesk.core.features import import_reference, installed_features
from queuedesk.core.log.event import Event
from queuedesk.core.network.roles import Actor
from queuedesk.core.queue.ticket import Ticket, TicketId, WindowState, whole_seconds_between
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Ask, Desk, Document
from queuedesk.desk.queue import calling, opening
from queuedesk.stations.counter import scene as scenes
from queuedesk.stations.widgets.questions.dialogs import Dialog
from queuedesk.stations.window.context import StationContext


class DeliveredServices:
    """What was done for the customer until the ticket is finished: counts by service, and whether without a form."""

    def __init__(self) -> None:
        self._ticket: TicketId | None = None
        self._counts: dict[str, int] = {}
        self._form_free: tuple[TicketId, str, bool] | None = None

    def note_if_without_form(self, ticket: Ticket, form_free: bool) -> None:
        self._form_free = (ticket.id, ticket.service, form_free)

    def is_without_form(self, ticket: Ticket | None, setup: Setup) -> bool:
        """Return what is stored for the step of `ticket`, else what its service usually is."""
        if ticket is None:
            return False
        if self._form_free is not None and self._form_free[:2] == (ticket.id, ticket.service):
            return self._form_free[2]
        service = setup.services.get(ticket.service)
        return service is not None and service.form_free

    def store_counts(self, ticket: Ticket, counts: Mapping[str, int]) -> None:
        self._ticket, self._counts = ticket.id, {code: n for code, n in counts.items() if n > 0}

    def counts(self, ticket: Ticket | None) -> dict[str, int]:
        return dict(self._counts) if ticket is not None and ticket.id == self._ticket else {}

    def codes_for_finish(self, ticket: Ticket | None) -> list[str]:
        """Return the same in the form for finishing: "A" for one, "A:2" for two."""
        return [code if n == 1 else f"{code}:{n}" for code, n in self.counts(ticket).items()]


Refused = Callable[[QueueDeskError], None]
LEAVING = ("close", "pause")
# A state that does not come although the command was done is not waited for longer: the feed may be away.
DRAWN_WITHIN = timedelta(seconds=3)
EXTENSION_MIN = 10


class _PendingCommand(Struct, frozen=True):
    """A command under way: it is over when it is done and its event (one of `kinds`) is on the screen."""

    kinds: frozenset[str]
    seq: int
    since: datetime
    done: bool = False


class CounterController(QObject):
    """Controls one window. While a command runs, or its outcome is not on the screen yet, no other is accepted.
    `changed` says that `scene` has changed; `refused` carries a RuleError or OutsideError; `reason_wanted` the verb,
    the labels that would be passed and a function that asks again with a reason; `unserved` the services nobody serves
    any more; `lost` that the window is not this clerk's any more; `came` that somebody came while nobody was there;
    `nudged` that somebody waits for the free window too long; `left_here` which window has left its customers to this
    one; `relieved` that another clerk goes on here."""

    changed = Signal()
    refused = Signal(object)
    busy_changed = Signal(bool)
    reason_wanted = Signal(str, list, object)
    unserved = Signal(list)
    lost = Signal()
    came = Signal()
    nudged = Signal()
    left_here = Signal(str)
    went_on = Signal(object)
    relieved = Signal()

    def __init__(self, context: StationContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._asked: _PendingCommand | None = None
        self._finished = 0
        self._watch = scenes.LatestCallAnnouncementWatch(context, self.changed.emit)
        self._nudging = scenes.IdleWindowNudger()
        self._relief: Actor | None = None
        self.delivered = DeliveredServices()
        self.code = ""
        self.scene: scenes.WindowScene | None = None
        self.day = scenes.ClerkDayTotals()
        context.feed.changed.connect(self._follow_events)
        context.feed.replaced.connect(self._restart_at_window)
        context.feed.away.connect(self._end_pending_command)

    # -- the window ----------------------------------------------------------------------------------------------

    def begin_at_window(self, code: str) -> None:
        self.code = code
        self._nudging.forget_nudge()
        self._restart_at_window()

    def forget_window(self) -> None:
        self.code, self.scene, self._asked, self._relief = "", None, None, None

    @property
    def is_busy(self) -> bool:
        return self._asked is not None

    @property
    def announcement_state(self) -> scenes.AnnouncementState:
        return self._watch.heard

    @property
    def current_nudge(self) -> scenes.IdleWindowNudge | None:
        return self._nudging.now

    @property
    def is_hall_away(self) -> bool:
        return self._context.feed.away_since is not None

    def tick(self, now: datetime) -> None:
        """Update waits and timers to `now`, and check the announcement."""
        if not self.code:
            return
        # After a hall has moved, the outcome is seen only in the window that opens there; until then another command
        # would act on a state that is over.
        is_late = self._asked is not None and self._asked.done and now - self._asked.since > DRAWN_WITHIN
        if is_late and not self._context.feed.is_moving:
            self._end_pending_command()
        self._watch.read(self.scene.ticket if self.scene else None, now)
        self._update_scene(now)

    # -- acts ----------------------------------------------------------------------------------------------------

    def call(self, ticket: str | None = None, reason: str | None = None) -> None:
        """Call the next customer, or `ticket`; if others are passed, the desk refuses until it gets a reason."""
        if ticket is None:
            self._run_window_command("call", calling.call_ticket)
            return

        def call_with_reason(text: str) -> None:
            self.call(ticket, text)

        self._run_window_command(
            "call", partial(calling.call_ticket, ticket=ticket, reason=reason), again=call_with_reason
        )

    def serve(self, service: str, reason: str | None = None) -> None:
        """Serve somebody without a ticket; while others wait a reason is asked for."""

        def serve_with_reason(text: str) -> None:
            self.serve(service, text)

        self._run_window_command(
            "serve",
            lambda desk, ask, window: calling.serve_without_ticket(desk, ask, window, service, reason=reason),
            again=serve_with_reason,
        )

    def recall(self) -> None:
        self._run_window_command("recall", calling.recall_customer, kinds=("recall", "miss"))

    def start(self) -> None:
        self._run_window_command("start", calling.start_serving)

    def miss(self) -> None:
        self._run_window_command("miss", calling.record_missed_call)

    def give_back(self, reason: str) -> None:
        self._run_window_command("return", partial(calling.undo_mistaken_call, reason=reason))

    @property
    def is_outcome_required(self) -> bool:
        return self.scene is not None and self.scene.setup.settings["outcome_required"] == "on"

    def finish(self, outcome: str | None = None, *, then_call: bool = False, then: Sequence[str] = ()) -> None:
        """Finish, and call the next customer too if wished or if the hall always does; with nobody waiting it only
        finishes. `then` are services that the visit goes on to."""
        scene = self.scene
        if scene is None:
            return
        delivered = self.delivered.codes_for_finish(scene.ticket)
        always = scene.setup.settings["call_at_finish"] == "on"
        form_free = self.is_without_form
        finish = partial(calling.finish_service, outcome=outcome, form_free=form_free, delivered=delivered, then=then)
        if not (scene.order and (then_call or always)):
            self._run_window_command("finish", finish)
            return
        first = self._context.new_ask()

        def finish_and_call(desk: Desk, ask: Ask, window: str) -> Document:
            finish(desk, first, window)
            return calling.call_ticket(desk, ask, window)

        self._run_window_command("call", finish_and_call)

    def reopen(self) -> None:
        self._run_window_command("reopen", calling.reopen_last_ticket)

    def add_service(self, service: str) -> None:
        self._run_window_command(
            "add", lambda desk, ask, window: calling.add_service_to_visit(desk, ask, window, service)
        )

    def stall(self, reason: str) -> None:
        self._run_window_command("stall", partial(calling.record_wait_for_other_system, reason=reason))

    def unstall(self) -> None:
        self._run_window_command("unstall", calling.end_stall_by_other_system)

    def park(self, reason: str) -> None:
        self._run_window_command("park", partial(calling.park_ticket, reason=reason))

    def unpark(self, ticket: str) -> None:
        self._run_window_command(
            "unpark", lambda desk, ask, window: calling.serve_parked_ticket(desk, ask, window, ticket)
        )

    def transfer(
        self,
        service: str,
        *,
        place: str = "visit",
        to_window: str | None = None,
        to_staff: str | None = None,
        reason: str | None = None,
        note: str = "",
    ) -> None:
        to = partial(
            calling.transfer_customer, place=place, to_window=to_window, to_staff=to_staff, reason=reason, note=note
        )
        self._run_window_command("transfer", lambda desk, ask, window: to(desk, ask, window, service))

    def redirect(self, service: str) -> None:
        self._run_window_command(
            "redirect", lambda desk, ask, window: calling.redirect_customer(desk, ask, service, window=window)
        )

    def reinstate(self, ticket: str) -> None:
        self._run_window_command("reinstate", lambda desk, ask, _: calling.reinstate_missed_ticket(desk, ask, ticket))

    def leave(self, ticket: str) -> None:
        self._run_window_command("leave", lambda desk, ask, _: calling.record_customer_left(desk, ask, ticket))

    def pause(self, reason: str, minutes: int | None, left_to: str | None = None) -> None:
        self._run_window_command(
            "pause", partial(opening.pause_window, reason=reason, minutes=minutes, left_to=left_to)
        )

    def extend_absence(self) -> None:
        """Stay away ten minutes longer than announced, or ten from now if that time is over or was never given."""
        scene = self.scene
        if scene is None or scene.window.reason is None:
            return
        now = self._context.clock()
        until = max(scene.window.back or now, now) + timedelta(minutes=EXTENSION_MIN)
        minutes = -(-whole_seconds_between(now, until) // 60)
        self._run_window_command("pause", partial(opening.pause_window, reason=scene.window.reason, minutes=minutes))

    def resume(self) -> None:
        self._run_window_command("resume", opening.resume_window)

    def close(self, left_to: str | None = None) -> None:
        self._run_window_command("close", partial(opening.close_window, left_to=left_to))

    def hand_over(self, relief: Actor) -> None:
        """Let `relief`, who is proven, work on at this window; the station is theirs as soon as the log says so."""
        if not self.is_busy:
            self._relief = relief
            self._run_window_command("hand-over", partial(opening.hand_over_window, staff=relief.name), kinds=("open",))

    @property
    def is_without_form(self) -> bool:
        """Whether the visit at the window will be counted as done without a form."""
        scene = self.scene
        return scene is not None and self.delivered.is_without_form(scene.ticket, scene.setup)

    @property
    def is_without_form_or_none_if_usual(self) -> bool | None:
        """Whether the visit goes without a form, None where that is as usual for its service."""
        scene = self.scene
        usual = DeliveredServices().is_without_form(scene.ticket, scene.setup) if scene is not None else False
        return None if self.is_without_form == usual else not usual

    def toggle_customer_without_form(self) -> None:
        if self.scene is not None and self.scene.ticket is not None:
            self.delivered.note_if_without_form(self.scene.ticket, not self.is_without_form)
            self.changed.emit()

    def store_delivered_counts(self, counts: Mapping[str, int]) -> None:
        if self.scene is not None and self.scene.ticket is not None:
            self.delivered.store_counts(self.scene.ticket, counts)
            self.changed.emit()

    # -- commands ------------------------------------------------------------------------------------------------

    def _run_window_command(
        self,
        verb: str,
        work: Callable[[Desk, Ask, str], Document],
        *,
        kinds: tuple[str, ...] = (),
        again: Callable[[str], None] | None = None,
    ) -> None:
        """Do `work` at this window; one of the events `kinds`, else one of `verb`, shows that it is done."""
        context, window = self._context, self.code
        if self.is_busy or not window:
            return
        ask = context.new_ask()
        self._asked = _PendingCommand(frozenset(kinds or (verb,)), context.feed.state.now.seq, ask.now)
        self.busy_changed.emit(True)

        def on_refused(error: QueueDeskError) -> None:
            self._relief = None
            self._end_pending_command()
            if again is not None and isinstance(error, RuleError) and error.code == "reason_needed":
                passed = cast("list[str]", error.details.get("tickets", []))
                self.reason_wanted.emit(verb, list(passed), again)
            else:
                self.refused.emit(error)

        context.tasks.run(lambda: work(context.desk, ask, window), self._on_command_answered, on_refused)

    def _on_command_answered(self, document: Document) -> None:
        if self._asked is not None:
            self._asked = _PendingCommand(self._asked.kinds, self._asked.seq, self._context.clock(), done=True)
        if document.get("unserved"):
            self.unserved.emit(document["unserved"])

    def _end_pending_command(self, _since: object = None) -> None:
        if self._asked is not None:
            self._asked = None
            self.busy_changed.emit(False)

    # -- the hall ------------------------------------------------------------------------------------------------

    def _restart_at_window(self) -> None:
        if not self.code:
            return
        self._end_pending_command()
        self._watch.watch_window(self.code)
        self._update_clerk_day_totals()
        self._update_scene(self._context.clock())

    def _follow_events(self, new: list[Event]) -> None:
        if not self.code:
            return
        self._watch.follow_events(self.code, new)
        self._update_clerk_day_totals()
        self._update_scene(self._context.clock())
        for event in new:
            if event.kind in LEAVING and event.data.get("left_to") == self.code:
                self.left_here.emit(event.window)
        self._report_where_customer_goes(new)
        if self._asked and any(self._is_own_command_event(event) for event in new):
            self._end_pending_command()

    def _is_own_command_event(self, event: Event) -> bool:
        who = self._context.who
        asked = self._asked
        return (
            asked is not None
            and who is not None
            and event.actor == who.name
            and event.kind in asked.kinds
            and event.seq > asked.seq
        )

    def _update_clerk_day_totals(self) -> None:
        who = self._context.who
        if who is not None:
            self.day = scenes.clerk_day_totals(self._context.feed.state, who.name, self._context.clock())

    def _report_where_customer_goes(self, new: Sequence[Event]) -> None:
        """Emit where the finished customer goes, again at the next call, whose event may come later."""
        gone = self.scene.gone_on if self.scene is not None else None
        if gone is None:
            return
        finished = (gone.ticket.label, "finish", self.code)
        ends = [event.seq for event in new if (event.ticket, event.kind, event.window) == finished]
        self._finished = ends[-1] if ends else self._finished
        asked = self._asked
        is_called = (
            asked is not None and asked.seq < self._finished and any(self._is_own_command_event(event) for event in new)
        )
        if ends or is_called:
            self.went_on.emit(gone)

    def _update_scene(self, now: datetime) -> None:
        before = self.scene
        self.scene = scenes.counter_scene_at(self._context.feed.state, self.code, now)
        window, relief = self.scene.window, self._relief
        if relief is not None and window.staff == relief.name and window.state is not WindowState.CLOSED:
            self._context.who, self._relief = relief, None
            self._update_clerk_day_totals()
            self._end_pending_command()
            self.relieved.emit()
        who = self._context.who
        if window.state is WindowState.CLOSED or (who is not None and window.staff != who.name):
            self.forget_window()
            self.busy_changed.emit(False)
            self.lost.emit()
            return
        sounds = self._nudging.update_nudge_and_is_sound_due(self.scene)
        self.changed.emit()
        if sounds:
            self.nudged.emit()
        if (
            before is not None
            and before.kind is self.scene.kind is scenes.CounterState.IDLE
            and not before.order
            and self.scene.order
        ):
            self.came.emit()


class WindowShrinker(QObject):
    """Replaces a shrunk window by a feature's small one (`small` of its register). `pressed` carries an act, `key` a
    key press in it, `restored`: the window is back."""

    pressed = Signal(str)
    primary_pressed = Signal()
    more_wanted = Signal()
    key = Signal(object)
    restored = Signal()
    is_possible = False
    """Whether the window can shrink: where it can't, nothing offers it."""

    def __init__(self, context: StationContext, controller: CounterController, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._controller, self._page = context, controller, page
        self.on = False
        self.bar: QWidget | None = None

    @property
    def more_button(self) -> QWidget | None:
        """What opens the menu of acts there, None while the full window is shown."""
        return None

    def shrink(self, *, room: int | None = None) -> None:
        """Show something smaller in place of the window, as wide as its screen allows or as `room` does."""

    def restore(self) -> None:
        """Show the window again."""

    def stop(self) -> None:
        """Close what it shrank to: the page goes."""

    def show_current_state(self) -> None:
        """Show the current state, unless a message is shown."""

    def show_message(self, kind: str, sentence: str) -> None:
        """Show a refusal or warning there for a while."""

    def clear_message(self) -> None:
        """Remove the message."""

    def show_hall_away(self, fact: str) -> None:
        """Show that the hall's file can't be opened; "" when it can."""

    def show_emergency(self, line: str) -> None:
        """Show an emergency until it is over, "" then; calls go on beside it."""

    def show_case_count(self, n: int) -> None:
        """Show how much there is to do in own cases."""

    def set_busy(self, busy: bool) -> None:
        """Accept no press while a command runs."""

    def host_widget(self) -> QWidget:
        """Return the widget that a question covers."""
        return self._page

    def show_question(self, dialog: Dialog) -> None:
        """Show a question beside what the window shrank to."""

    def hide_questions(self) -> None:
        """No question is open any more."""


def make_window_shrinker(context: StationContext, controller: CounterController, page: QWidget) -> WindowShrinker:
    named = next((one.small for one in installed_features() if one.small), "")
    made: WindowShrinker = (import_reference(named) if named else WindowShrinker)(context, controller, page)
    return made
