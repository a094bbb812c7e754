"""When a customer is asked, what is done with the answer, and when the question goes away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QElapsedTimer, QObject, Signal, Slot

from queuedesk.core.errors import OutsideError, QueueDeskError
from queuedesk.core.event import Event
from queuedesk.core.people import CUSTOMER
from queuedesk.core.setup import Setup
from queuedesk.core.state import HallState, TicketId
from queuedesk.core.ticket import State, Ticket
from queuedesk.desk import rating
from queuedesk.desk.change import Ask
from queuedesk.stations.context import StationContext

# The question waits that long, then it leaves by itself: the next customer must not find it there.
ASK_FOR = timedelta(seconds=60)
# Reasons are sent by themselves after that long without a touch, and never later than the desk takes them.
REASONS_FOR = timedelta(seconds=60)
REASONS_UNTIL = rating.REASONS_WITHIN - timedelta(seconds=10)
THANKS_FOR = timedelta(seconds=6)
# A page takes no touch before that: the second half of a double press belongs to what stood there before.
SETTLE_MS = 700
LOW = 2

_NEXT_CUSTOMER = frozenset({"call", "serve", "unpark", "reopen"})


class Stage(StrEnum):
    """What the screen shows."""

    CHOOSE = "choose"
    IDLE = "idle"
    ASKING = "asking"
    REASONS = "reasons"
    THANKS = "thanks"


class RatingController(QObject):
    """Asks once for each visit that ends at `window`. `changed` says that another page or another choice is to be shown.

    `refused` carries why an answer could not be kept; the page stays, so that it can be given again.
    """

    changed = Signal()
    refused = Signal(object)

    def __init__(
        self,
        context: StationContext,
        parent: QObject | None = None,
        *,
        rate: Callable[..., Any] = rating.rate,
        add_reasons: Callable[..., Any] = rating.add_reasons,
        steady_ms: Callable[[], int] | None = None,
    ) -> None:
        """`steady_ms` is a steady clock in milliseconds, for double presses; tests give their own."""
        super().__init__(parent)
        self._context, self._rate, self._add_reasons = context, rate, add_reasons
        self._timer = QElapsedTimer()
        self._timer.start()
        self._steady_ms = steady_ms or self._timer.elapsed
        self._shown_ms = -SETTLE_MS
        self._until: datetime | None = None
        self._rated_at: datetime | None = None
        self._busy = False
        self.stage = Stage.IDLE
        self.window: str | None = None
        self.id: TicketId | None = None
        self.level = 0
        self.tags: list[str] = []
        context.feed.changed.connect(self._follow)
        context.feed.replaced.connect(self._replace)
        wanted = context.options.get("window")
        if wanted:
            self.choose_window(str(wanted))
        else:
            self._show(Stage.CHOOSE)

    @property
    def state(self) -> HallState:
        return self._context.feed.state

    @property
    def setup(self) -> Setup:
        return self._context.feed.setup

    @property
    def ticket(self) -> Ticket | None:
        """The ticket that is asked about."""
        return self.state.tickets.get(self.id) if self.id else None

    def now(self) -> datetime:
        return self._context.clock()

    def seconds_left(self, now: datetime) -> int:
        """Return how long this page still stays."""
        return max(0, round((self._until - now).total_seconds())) if self._until else 0

    # -- what a person does --
    def choose_window(self, window: str) -> None:
        """Stand at this window from now on."""
        self.window = window
        self._show(Stage.IDLE)
        self._ask_last()

    def rate(self, level: int) -> None:
        """Keep the answer. A second press, or one meant for the page before, does nothing."""
        if self.stage is not Stage.ASKING or self._busy or self.id is None or not self._is_settled():
            return
        self._play("click")
        self._busy = True
        desk, ask, id = self._context.desk, Ask(CUSTOMER, self.now()), self.id

        def done(_document: object) -> None:
            self._rated(id, level)

        def refused(trouble: QueueDeskError) -> None:
            self._not_rated(id, trouble)

        self._context.tasks.run(lambda: self._rate(desk, ask, id[1], level, day=id[0]), done, refused)

    def skip(self) -> None:
        """No rating: nothing is written."""
        if self.stage is Stage.ASKING and not self._busy and self._is_settled():
            self._show(Stage.IDLE)

    def toggle(self, tag: str) -> None:
        """Choose a reason or take the choice back."""
        if self.stage is not Stage.REASONS:
            return
        if self._is_settled():
            self.tags = [t for t in self.tags if t != tag] if tag in self.tags else [*self.tags, tag]
            self._wait_for_reasons()
        self.changed.emit()

    def more_time(self) -> None:
        """Wait longer for reasons."""
        if self.stage is Stage.REASONS:
            self._wait_for_reasons()
            self.changed.emit()

    def finish_reasons(self) -> None:
        """Keep what was chosen, if anything was, and say thanks."""
        if self.stage is not Stage.REASONS or self._busy or not self._is_settled():
            return
        if not self.tags:
            self._thank()
            return
        self._busy = True
        self._send_reasons(self._reasons_kept, self._reasons_refused)

    def tick(self, now: datetime) -> None:
        """Let go of a page that has stood long enough."""
        if self._until is None or now < self._until or self._busy:
            return
        if self.stage is Stage.REASONS:
            self._leave_reasons()
            self._thank()
        else:
            self._show(Stage.IDLE)

    # -- what the hall does --
    @Slot(list)
    def _follow(self, events: list[Event]) -> None:
        for event in events:
            if event.window == self.window and event.kind in _NEXT_CUSTOMER:
                self._dismiss()
            elif event.window == self.window and event.kind == "finish":
                self._dismiss()
                self._ask_about((event.date, event.ticket), self.now() + ASK_FOR)
            elif event.kind == "rate" and self.stage is Stage.ASKING and not self._busy and self._is_asked(event):
                self._show(Stage.IDLE)
            elif event.kind == "set-up":
                self.changed.emit()

    @Slot()
    def _replace(self) -> None:
        if self.stage in (Stage.ASKING, Stage.REASONS) and self.ticket is None:
            self._show(Stage.IDLE)

    def _is_asked(self, event: Event) -> bool:
        return self.id is not None and (event.date, event.ticket) == self.id

    def _ask_last(self) -> None:
        """Ask about a visit that ended just before this screen was there."""
        window = self.state.window(self.window or "")
        last = self.state.tickets.get(window.last) if window.last and window.ticket is None else None
        ended = last.leg.finished if last else None
        if last is not None and ended is not None and timedelta(0) <= self.now() - ended < ASK_FOR:
            self._ask_about(last.id, ended + ASK_FOR)

    def _ask_about(self, id: Any, until: datetime) -> None:
        """Ask when the whole visit has ended here, nobody has rated it and no other customer is here."""
        ticket = self.state.tickets.get(id)
        if ticket is None or ticket.state is not State.FINISHED or ticket.rating is not None:
            return
        if ticket.leg.window != self.window or self.state.window(self.window or "").ticket is not None:
            return
        self.id, self.tags = ticket.id, []
        self._show(Stage.ASKING, until)

    def _dismiss(self) -> None:
        """The next customer is on the way: what the last one chose is kept, the page is free."""
        if self.stage is Stage.CHOOSE:
            return
        if self.stage is Stage.REASONS and not self._busy:
            self._leave_reasons()
        self._busy = False
        if self.stage is not Stage.IDLE:
            self._show(Stage.IDLE)

    # -- answers --
    def _rated(self, id: TicketId, level: int) -> None:
        if id != self.id or self.stage is not Stage.ASKING:
            return  # The next customer was called meanwhile; the rating is kept all the same.
        self._busy = False
        self.level = level
        if level > LOW:
            self._thank()
            return
        self._rated_at = self.now()
        self._show(Stage.REASONS)
        self._wait_for_reasons()
        self.changed.emit()

    def _not_rated(self, id: TicketId, trouble: QueueDeskError) -> None:
        if id != self.id or self.stage is not Stage.ASKING:
            return
        self._busy = False
        if isinstance(trouble, OutsideError):
            self.refused.emit(trouble)
        elif trouble.code == "already_rated":
            self._thank()
        else:
            self._show(Stage.IDLE)

    def _wait_for_reasons(self) -> None:
        now = self.now()
        self._until = min(now + REASONS_FOR, (self._rated_at or now) + REASONS_UNTIL)

    def _leave_reasons(self) -> None:
        """Send what was chosen without waiting for the answer."""
        if self.tags:
            self._send_reasons(_let_go, _let_go)

    def _send_reasons(self, done: Callable[[Any], None], refused: Callable[[QueueDeskError], None]) -> None:
        if self.id is None:
            return
        desk, ask, (day, label), tags = self._context.desk, Ask(CUSTOMER, self.now()), self.id, tuple(self.tags)
        self._context.tasks.run(lambda: self._add_reasons(desk, ask, label, day=day, tags=tags), done, refused)

    def _reasons_kept(self, _document: object) -> None:
        if self.stage is Stage.REASONS and self._busy:
            self._busy = False
            self._thank()

    def _reasons_refused(self, trouble: QueueDeskError) -> None:
        if self.stage is not Stage.REASONS or not self._busy:
            return
        self._busy = False
        if isinstance(trouble, OutsideError):
            self.refused.emit(trouble)
        else:
            self._thank()

    def _thank(self) -> None:
        self._show(Stage.THANKS, self.now() + THANKS_FOR)

    def _show(self, stage: Stage, until: datetime | None = None) -> None:
        self.stage, self._until = stage, until
        self._shown_ms = self._steady_ms()
        self.changed.emit()

    def _is_settled(self) -> bool:
        return self._steady_ms() - self._shown_ms >= SETTLE_MS

    def _play(self, name: str) -> None:
        play = self._context.tools.get("play")
        if play is not None:
            play(name)


def _let_go(_answer: object) -> None:
    """The customer has gone; the rating itself is kept."""
