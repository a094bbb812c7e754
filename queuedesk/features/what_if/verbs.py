"""What a recorded day is read from."""

from __future__ import annotations

from datetime import date

from queuedesk.desk import looking
from queuedesk.desk.change import Desk
from queuedesk.features.what_if.rules.day import RecordedDay, recorded_day


def day_of(desk: Desk, day: date) -> RecordedDay:
    """Return a past date in a form that can be played again. Raises RuleError "nothing_recorded", "no_window_was_open",
    "day_open"."""
    return recorded_day(*looking.day_moves(desk, day), day)
