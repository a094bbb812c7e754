"""Reminds a free window that somebody waits: after a while, with one sound for each customer."""

from __future__ import annotations

from dataclasses import dataclass

from queuedesk.core.queue.ticket import TicketId, seconds
from queuedesk.stations.counter.scene import Kind, Scene


@dataclass(frozen=True, slots=True)
class Nudge:
    """A customer the free window could have called for `waits_s` seconds."""

    ticket: str
    waits_s: int


class Nudging:
    """Remembers for whom it has sounded. The hall's rule idle_nudge_s says when; 0 is never."""

    def __init__(self) -> None:
        self._sounded: set[TicketId] = set()
        self.now: Nudge | None = None

    def look(self, scene: Scene) -> bool:
        """Find out who waits for a free window; return whether that is to be sounded now."""
        self.now = nudge_of(scene)
        if self.now is None or scene.next is None or scene.next.id in self._sounded:
            return False
        self._sounded.add(scene.next.id)
        return True

    def forget(self) -> None:
        """Begin anew at another window."""
        self._sounded.clear()
        self.now = None


def nudge_of(scene: Scene) -> Nudge | None:
    """Return the next customer when the window has stood free with that one waiting for longer than the hall allows."""
    ticket, allowed_s = scene.next, scene.setup.number("idle_nudge_s")
    if scene.kind is not Kind.IDLE or ticket is None or not allowed_s:
        return None
    came = ticket.since or ticket.leg.joined
    waits_s = seconds(max(came, scene.window.since or came), scene.now)
    return Nudge(ticket.label, waits_s) if waits_s >= allowed_s else None
