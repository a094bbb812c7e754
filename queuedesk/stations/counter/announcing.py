"""How far the announcement of a call has come: what display and voice have reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from queuedesk.core.errors import QueueDeskError
from queuedesk.core.log.event import Event
from queuedesk.core.queue.ticket import State, Ticket, seconds
from queuedesk.desk.change import Desk
from queuedesk.desk.talk.announcing import Announced
from queuedesk.stations.window.context import StationContext

ANSWER_S = 20  # a display and a voice that work have reported long before
# Once it is known how far it came, a late report is asked for no oftener: every question costs the hall's server.
LATE_S = 10


class Heard(StrEnum):
    """What became of a call."""

    RUNNING = "running"
    DONE = "done"
    SHOWN = "shown"
    NOWHERE = "nowhere"


def heard_of(reports: Iterable[Announced], age_s: float) -> Heard:
    """Return how far the call has come `age_s` seconds after it was made; a voice that stays silent is not waited
    for."""
    reports = list(reports)
    shown = any(report.shown is not None for report in reports)
    spoken = any(report.spoken is not None for report in reports)
    silent = any(report.is_silent for report in reports) and not spoken
    if shown and spoken:
        return Heard.DONE
    if shown and (silent or age_s >= ANSWER_S):
        return Heard.SHOWN
    return Heard.NOWHERE if age_s >= ANSWER_S else Heard.RUNNING


class CallWatch:
    """Follows the last call of one window; `told` is called when `heard` has become another."""

    def __init__(
        self,
        context: StationContext,
        announced: Callable[[Desk, int], list[Announced]],
        told: Callable[[], None],
    ) -> None:
        self._context, self._announced, self._told = context, announced, told
        self._seq: int | None = None
        self._asked: datetime | None = None
        self._reading = False
        self.heard = Heard.RUNNING

    def begin(self, window: str) -> None:
        """Follow the last call of `window` that the hall knows."""
        made = [call.seq for call in self._context.feed.state.calls if call.window == window]
        self._seq, self.heard = (made[-1] if made else None), Heard.RUNNING

    def follow(self, window: str, new: Sequence[Event]) -> None:
        """Follow the newest call among events."""
        for event in new:
            if event.kind in ("call", "recall") and event.window == window:
                self._seq, self.heard = event.seq, Heard.RUNNING

    def read(self, ticket: Ticket | None, now: datetime) -> None:
        """Ask how the call of `ticket` goes, unless that is known or being asked."""
        seq, context = self._seq, self._context
        if ticket is None or ticket.state is not State.CALLED or seq is None:
            return
        if self._reading or context.feed.away_since is not None or self.heard is Heard.DONE:
            return
        if self.heard is not Heard.RUNNING and self._asked is not None and seconds(self._asked, now) < LATE_S:
            return
        self._reading, self._asked = True, now
        age_s = seconds(ticket.leg.last_called, now)

        def done(reports: list[Announced]) -> None:
            self._reading = False
            heard = heard_of(reports, age_s)
            if seq == self._seq and heard is not self.heard:
                self.heard = heard
                self._told()

        def refused(_error: QueueDeskError) -> None:
            self._reading = False  # Only a line on the screen; the feed itself says when the hall's file is away.

        context.tasks.run(lambda: self._announced(context.desk, seq), done, refused)
