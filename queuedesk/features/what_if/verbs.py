"""What a recorded day is read from."""

from __future__ import annotations

from datetime import date

from queuedesk.desk.change import Desk
from queuedesk.features.what_if.rules.day import RecordedDay, recorded_day
from queuedesk.store.log import book, events


def read_recorded_day(desk: Desk, day: date) -> RecordedDay:
    """Return a past date in a form that can be played again, from its tables and the part of its log that says who was
    where. Raises RuleError "nothing_recorded", "no_window_was_open", "day_open"."""
    with desk.db.read() as tx:
        state, moves = book.hall_state_of_day(tx, desk.hall, day), events.timeline_events_of_date(tx, desk.hall, day)
    return recorded_day(state, moves, day)
