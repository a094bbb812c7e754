"""The halls of one database side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from queuedesk.core.figures.hall_comparison import HallBeside, beside
from queuedesk.core.log.state import HallState
from queuedesk.core.log.whole_event import UNFOLDABLE
from queuedesk.core.network.roles import Actor
from queuedesk.core.network.seeing_halls import may_see
from queuedesk.core.queue.hallday import business_date
from queuedesk.core.queue.overview import alerts, set_up
from queuedesk.core.queue.ticket import seconds
from queuedesk.core.setup.rows import Setup
from queuedesk.desk.change import Desk, Document
from queuedesk.desk.documents import iso
from queuedesk.desk.live_hall import follow
from queuedesk.store.engine.types import Transaction
from queuedesk.store.log import events, snapshot
from queuedesk.store.parts import devices, halls
from queuedesk.store.parts.halls import LogEnd

MOST_TO_FOLLOW = 1000
"""A log that has grown by more is read from its tables."""


@dataclass(slots=True)
class _Known:
    """A hall as it was read last, with the figures of its business date."""

    state: HallState
    day: date
    figures: Document


class HallsBeside:
    """What somebody may see of the halls in the desk's database, for one thread at a time.

    A station follows its one hall; this asks for the ends of all logs in one statement and reads only those that have
    grown: a listening connection for each of sixty halls would be too many for a server.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._setups: dict[int, tuple[str, Setup]] = {}
        self._known: dict[int, _Known] = {}
        self.unread = 0
        """How many halls the last look has left for the next one."""

    def look(self, who: Actor, now: datetime, most: int | None = None) -> list[HallBeside]:
        """Return the own hall and those that `who` may look at, in the order in which they were made; of those that no
        look has read yet, `most` and no others: a full day takes a while to read.

        Raises RuleError "not_your_role", OutsideError when the database does not answer.
        """
        who.must("halls")
        with self._desk.db.read() as tx:
            seen = self._seen(tx, who)
            later = [end for end in seen if end.id not in self._known][most:] if most is not None else []
            seen = [end for end in seen if end not in later]
            self.unread = len(later)
            for end in seen:
                self._bring_up(tx, end, now)
            signs = devices.last_signs(tx, [end.id for end in seen])
        rows = []
        for end in seen:
            known = self._known[end.id]
            rows.append(beside(known.state, known.figures, alerts(known.state, now), signs.get(end.id), now))
        return rows

    def are_several(self, who: Actor) -> bool:
        """Whether `who` may look at more than the own hall."""
        with self._desk.db.read() as tx:
            return len(self._seen(tx, who)) > 1

    def state_of(self, code: str) -> HallState | None:
        """Return a hall as look() last read it, None where it did not; the next look may replace it."""
        return next((one.state for one in self._known.values() if set_up(one.state).hall.code == code), None)

    def _seen(self, tx: Transaction, who: Actor) -> list[LogEnd]:
        ends = halls.ends(tx)
        own = next((end.code for end in ends if end.id == self._desk.hall), "")
        seen = [end for end in ends if may_see(who, own, self._setup(tx, end))]
        self._known = {end.id: self._known[end.id] for end in seen if end.id in self._known}
        return seen

    def _setup(self, tx: Transaction, end: LogEnd) -> Setup:
        kept = self._setups.get(end.id)
        if kept is None or kept[0] != end.setup_hash:
            kept = self._setups[end.id] = end.setup_hash, halls.setup(tx, halls.load(tx, end.id))
        return kept[1]

    def _bring_up(self, tx: Transaction, end: LogEnd, now: datetime) -> None:
        day = business_date(self._setup(tx, end), now)
        known = self._known.get(end.id)
        if known is not None and known.day == day and known.state.now.hash == end.hash:
            return
        if known is None or not _caught_up(tx, known.state, end):
            state = snapshot.of_day(tx, end.id, day)
        else:
            state = known.state
            state.forget_before(day)
        from queuedesk.core.figures.measures.document import day_in_brief  # all of the figures, for a page seldom open

        self._known[end.id] = _Known(state, day, day_in_brief(state, day, now))


def halls_document(desk: Desk, who: Actor, now: datetime) -> list[Document]:
    """Return what `who` may see of the database's halls, as the command prints it. Raises as HallsBeside.look()."""
    side = HallsBeside(desk)
    return [_row(one, set_up(state), now) for one in side.look(who, now) if (state := side.state_of(one.code))]


def _row(one: HallBeside, setup: Setup, now: datetime) -> Document:
    longest = round(seconds(one.longest_since, now) / 60, 1) if one.longest_since is not None else None
    return {
        "hall": one.code,
        "name": one.name,
        "name_en": one.name_en,
        "waiting": one.waiting,
        "longest_wait": longest,
        "open_windows": one.open_windows,
        "served": one.served,
        "within_target": one.within_target,
        "target_minutes": one.target_minutes,
        "past_target": one.late.n if one.late is not None else 0,
        "alerts": {"red": one.red, "amber": one.amber},
        "silent_since": iso(setup, one.silent_since),
    }


def _caught_up(tx: Transaction, state: HallState, end: LogEnd) -> bool:
    """Apply what the log has after `state`; False where that is too much, or another log stands there now."""
    if not 0 <= end.seq - state.now.seq <= MOST_TO_FOLLOW:
        return False
    new = events.after(tx, end.id, state.now.seq - 1)
    if not new or (new[0].seq, new[0].hash) != (state.now.seq, state.now.hash):
        return False
    try:
        for event in new[1:]:
            follow(event, state)
    except UNFOLDABLE:
        return False
    return True
