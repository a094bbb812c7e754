"""Which call is spoken next, and how often: recalls first, pile-ups once each, one ticket not too often."""

from dataclasses import dataclass, replace

from queuedesk.core.announcement import Announcement

PILE_UP = 3
"""More calls than this waiting at once are spoken once each."""
BEHIND_S = 15.0
"""A call whose turn comes later than this is spoken once."""

_TIMES = 2


@dataclass(frozen=True, slots=True)
class Turn:
    """A call whose turn has come."""

    announcement: Announcement
    seqs: tuple[int, ...]
    """Every call this one speaks for: its own, and earlier ones of the same ticket that were still waiting."""
    times: int


@dataclass(frozen=True, slots=True)
class _Waiting:
    announcement: Announcement
    seqs: tuple[int, ...]
    due_s: float
    is_once: bool = False


class WaitingCalls:
    """Calls not yet spoken. Times are seconds of one steady clock; not safe for several threads by itself."""

    def __init__(self, gap_s: float) -> None:
        """`gap_s`: the least time from the beginning of one announcement of a ticket to its recall's."""
        self._gap_s = gap_s
        self._waiting: list[_Waiting] = []
        self._begun_s: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, announcement: Announcement, now_s: float) -> None:
        """Take a call in; a call of the same ticket that still waits is spoken with it, to the later window."""
        ticket = announcement.ticket
        self._begun_s = {each: begun for each, begun in self._begun_s.items() if now_s - begun < self._gap_s}
        earlier = [each for each in self._waiting if each.announcement.ticket == ticket]
        due_s = min([now_s, *(each.due_s for each in earlier)])
        if announcement.recall and ticket in self._begun_s:
            due_s = max(due_s, self._begun_s[ticket] + self._gap_s)
        seqs = (*(seq for each in earlier for seq in each.seqs), announcement.seq)
        self.withdraw(ticket)
        self._waiting.append(_Waiting(announcement, seqs, due_s))
        if sum(each.due_s <= now_s for each in self._waiting) > PILE_UP:
            self._waiting = [
                each if each.is_once or each.due_s > now_s else replace(each, is_once=True) for each in self._waiting
            ]

    def withdraw(self, ticket: str) -> None:
        """Drop what still waits for a ticket whose customer has come or gone."""
        self._waiting = [each for each in self._waiting if each.announcement.ticket != ticket]

    def take(self, now_s: float) -> Turn | None:
        """Return the next call and begin it, or None when none is due."""
        due = [each for each in self._waiting if each.due_s <= now_s]
        if not due:
            return None
        # Recalls first: their customer has already let one call pass. min() keeps the order of arrival otherwise.
        chosen = min(due, key=lambda each: each.announcement.recall == 0)
        self._waiting.remove(chosen)
        self._begun_s[chosen.announcement.ticket] = now_s
        is_once = chosen.is_once or now_s - chosen.due_s > BEHIND_S
        return Turn(chosen.announcement, chosen.seqs, 1 if is_once else _TIMES)

    def was_silent(self, ticket: str) -> None:
        """Forget that a call of `ticket` was begun: nobody heard it, so its recall need not wait."""
        self._begun_s.pop(ticket, None)

    def wait_s(self, now_s: float) -> float | None:
        """Return the time until a call is due, None when nothing waits."""
        return max(0.0, min(each.due_s for each in self._waiting) - now_s) if self._waiting else None
